//! Chinese personal names: surnames as frequent as in life, given names of the generation and gender.

use std::sync::LazyLock;

use chrono::NaiveDate;

use super::rng::{Rng, running_totals};

/// Gender of a made-up person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gender {
    /// Female.
    Female,
    /// Male.
    Male,
}

impl Gender {
    /// Stable name.
    pub fn key(self) -> &'static str {
        match self {
            Self::Female => "female",
            Self::Male => "male",
        }
    }
}

/// A made-up person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoPerson {
    /// Surname first, no space.
    pub name: String,
    /// Gender.
    pub gender: Gender,
    /// Day of birth.
    pub birthday: NaiveDate,
}

struct Surnames {
    names: Vec<&'static str>,
    totals: Vec<f64>,
}

static SURNAMES: LazyLock<Surnames> = LazyLock::new(|| {
    let fields: Vec<&str> = include_str!("data/surnames.txt").split_whitespace().collect();
    let pairs = || fields.chunks_exact(2);
    Surnames {
        names: pairs().map(|pair| pair[0]).collect(),
        totals: running_totals(pairs().map(|pair| pair[1].parse().unwrap_or(1.0))),
    }
});

struct Given {
    era: &'static str,
    gender: Gender,
    first: Vec<&'static str>,
    second: Vec<&'static str>,
    whole: Vec<&'static str>,
}

static GIVEN: LazyLock<Vec<Given>> = LazyLock::new(|| {
    let lines = include_str!("data/given.txt").lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(given_of_line).collect()
});

fn given_of_line(line: &'static str) -> Option<Given> {
    let mut parts = line.split('|');
    let mut head = parts.next()?.split_whitespace();
    let era = head.next()?;
    let gender = if head.next()? == "f" { Gender::Female } else { Gender::Male };
    let words = |part: Option<&'static str>| part.unwrap_or_default().split_whitespace().collect();
    Some(Given { era, gender, first: head.collect(), second: words(parts.next()), whole: words(parts.next()) })
}

/// A person born in one of the given years.
pub fn person(rng: &mut Rng, born_from: i32, born_to: i32) -> DemoPerson {
    let gender = if rng.chance(0.55) { Gender::Female } else { Gender::Male };
    let year = rng.between(born_from.into(), born_to.into()) as i32;
    let day = rng.between(1, 365) as u32;
    let birthday = NaiveDate::from_yo_opt(year, day).unwrap_or_default();
    let surname = SURNAMES.names.get(rng.weighted(&SURNAMES.totals)).copied().unwrap_or("王");
    DemoPerson { name: format!("{surname}{}", given(rng, gender, year)), gender, birthday }
}

fn given(rng: &mut Rng, gender: Gender, year: i32) -> String {
    let era = match year {
        ..=1972 => "old",
        1973..=1996 => "mid",
        _ => "new",
    };
    let Some(table) = GIVEN.iter().find(|given| given.era == era && given.gender == gender) else {
        return String::from("明");
    };
    let mut word = |list: &[&'static str]| rng.pick(list).copied().unwrap_or_default();
    let (first, second, whole) = (word(&table.first), word(&table.second), word(&table.whole));
    if rng.chance(0.35) || first == second { whole.to_owned() } else { format!("{first}{second}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::naming;

    #[test]
    fn names_are_believable() {
        let mut distinct = std::collections::HashSet::new();
        for row in 0..2_000 {
            let person = person(&mut Rng::of_row(1, 1, row), 1950, 2006);
            let length = person.name.chars().count();
            assert!((2..=4).contains(&length), "{}", person.name);
            assert!(naming::reading(&person.name, true).is_ascii(), "{}", person.name);
            distinct.insert(person.name);
        }
        assert!(distinct.len() > 1_500, "{}", distinct.len());
        assert_eq!(GIVEN.len(), 6);
    }
}
