//! Addresses in real cities on streets every city has, and phones nobody answers.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::rng::{Rng, running_totals};

/// A made-up address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoAddress {
    /// Province or municipality.
    pub province: &'static str,
    /// City.
    pub city: &'static str,
    /// District.
    pub district: &'static str,
    /// Street, estate, building and room.
    pub street: String,
    /// Postcode of the city.
    pub postcode: &'static str,
    /// Area code of the city with its leading 0.
    pub area_code: &'static str,
}

struct City {
    province: &'static str,
    city: &'static str,
    area_code: &'static str,
    postcode: &'static str,
    districts: Vec<&'static str>,
}

static CITIES: LazyLock<(Vec<City>, Vec<f64>)> = LazyLock::new(|| {
    let lines = include_str!("data/places.txt").lines().filter(|line| !line.starts_with('#'));
    let cities: Vec<(f64, City)> = lines.filter_map(city_of_line).collect();
    let totals = running_totals(cities.iter().map(|(weight, _)| *weight));
    (cities.into_iter().map(|(_, city)| city).collect(), totals)
});

fn city_of_line(line: &'static str) -> Option<(f64, City)> {
    let (weight, rest) = line.split_once(' ')?;
    let mut fields = rest.split('|');
    let city = City {
        province: fields.next()?,
        city: fields.next()?,
        area_code: fields.next()?,
        postcode: fields.next()?,
        districts: fields.next()?.split_whitespace().collect(),
    };
    Some((weight.parse().ok()?, city))
}

static WORDS: LazyLock<HashMap<&'static str, Vec<&'static str>>> = LazyLock::new(|| {
    let lines = include_str!("data/words.txt").lines().filter(|line| !line.starts_with('#'));
    lines
        .filter_map(|line| line.split_once(": "))
        .map(|(key, words)| (key, words.split_whitespace().collect()))
        .collect()
});

/// The words of one kind in the word list.
pub(super) fn words(kind: &str) -> &'static [&'static str] {
    WORDS.get(kind).map_or(&[], Vec::as_slice)
}

/// One word of a kind.
pub(super) fn word(rng: &mut Rng, kind: &str) -> &'static str {
    rng.pick(words(kind)).copied().unwrap_or_default()
}

/// An address; large cities more often.
pub fn address(rng: &mut Rng) -> DemoAddress {
    let at = rng.weighted(&CITIES.1);
    address_in(rng, at)
}

fn address_in(rng: &mut Rng, at: usize) -> DemoAddress {
    let city = &CITIES.0[at.min(CITIES.0.len() - 1)];
    let district = rng.pick(&city.districts).copied().unwrap_or_default();
    let (street, estate) = (word(rng, "streets"), word(rng, "estates"));
    let number = rng.between(1, 899);
    let room = format!("{}{:02}", rng.between(1, 28), rng.between(1, 6));
    let street = format!("{street}{number}号{estate}{}栋{room}室", rng.between(1, 24));
    let (province, city, postcode, area_code) = (city.province, city.city, city.postcode, city.area_code);
    DemoAddress { province, city, district, street, postcode, area_code }
}

/// A mobile number in E.164 from ranges no carrier hands out (142, 143), so that no message reaches a
/// stranger; the row number is part of it, so numbers of rows below ten million never repeat within a head.
pub fn mobile(rng: &mut Rng, row: u64) -> String {
    let head = rng.pick(&["142", "143"]).copied().unwrap_or("142");
    let scattered = row.wrapping_mul(48_271_331) % 100_000_000;
    format!("+86{head}{scattered:08}")
}

/// A landline in E.164 of a city: subscriber numbers beginning with 1 are not given to households.
pub fn landline(rng: &mut Rng, area_code: &str) -> String {
    format!("+86{}1{:07}", area_code.trim_start_matches('0'), rng.between(0, 9_999_999))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::naming::phone_normalized;

    #[test]
    fn phones_are_valid_and_distinct() {
        let mut seen = std::collections::HashSet::new();
        for row in 0..5_000 {
            let mut rng = Rng::of_row(3, 1, row);
            let address = address(&mut rng);
            for phone in [mobile(&mut rng, row), landline(&mut rng, address.area_code)] {
                assert_eq!(phone_normalized(&phone).map(|p| p.e164), Ok(phone.clone()));
                seen.insert(phone);
            }
            assert!(address.street.contains('号') && !address.district.is_empty());
        }
        assert!(seen.len() > 9_990);
        assert_eq!(CITIES.0.len(), 24);
    }
}
