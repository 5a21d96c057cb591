//! The rules by which a company tells duplicates, with the ones it starts with.

use serde::{Deserialize, Serialize};

use crate::error::Checks;

/// What is compared. Phones, e-mails and tax ids are in their stored, normalised form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    Phone,
    Email,
    TaxId,
    Name,
    Birthday,
}

impl Field {
    pub const KEYS: [&str; 5] = ["phone", "email", "tax_id", "name", "birthday"];
}

/// How it is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// Both have it and one value is the same.
    Same,
    /// Names that are alike to at least so many percent.
    Similar,
    /// Both have it and nothing is the same; names that are alike to less than so many percent.
    Different,
}

impl How {
    pub const KEYS: [&str; 3] = ["same", "similar", "different"];
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Person,
    Organization,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Comparison {
    pub field: Field,
    pub how: How,
    /// Percent, for names that are similar or different.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub percent: Option<u8>,
}

/// Holds when any of its comparisons does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    pub any: Vec<Comparison>,
}

/// Holds when all of its groups do; then its weight counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    pub key: String,
    /// −100 to 100.
    pub weight: i32,
    /// Only for pairs of this kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<Kind>,
    pub all: Vec<Group>,
}

/// How sure it is that two records are one customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Certainty {
    /// Not enough to say so; shown while typing only, for the same name.
    Weak,
    Possible,
    Certain,
}

impl Certainty {
    pub const KEYS: [&str; 3] = ["weak", "possible", "certain"];

    pub fn key(self) -> &'static str {
        Self::KEYS[self as usize]
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Rules {
    /// The least score of a possible duplicate, 1–100.
    pub possible: i32,
    /// The least score of a certain one, 1–100.
    pub certain: i32,
    pub rules: Vec<Rule>,
}

/// Names this alike may be one name typed twice.
const ALIKE: u8 = 85;
/// Names less alike than this have nothing in common.
const STRANGE: u8 = 30;

const MOST_RULES: usize = 40;
const MOST_PARTS: usize = 8;

impl Default for Rules {
    fn default() -> Self {
        use Field::{Birthday, Email, Name, Phone, TaxId};
        use How::{Different, Same, Similar};
        let is = |field, how| Comparison { field, how, percent: None };
        let alike = Comparison { field: Name, how: Similar, percent: Some(ALIKE) };
        let strange = Comparison { field: Name, how: Different, percent: Some(STRANGE) };
        let any = |any: &[Comparison]| Group { any: any.to_vec() };
        let rule = |key: &str, weight, kind, all: Vec<Group>| Rule { key: key.into(), weight, kind, all };
        Self {
            possible: 60,
            certain: 90,
            rules: vec![
                rule("same_tax_id", 75, None, vec![any(&[is(TaxId, Same)])]),
                rule("same_phone", 60, None, vec![any(&[is(Phone, Same)])]),
                rule("same_email", 60, None, vec![any(&[is(Email, Same)])]),
                rule("alike_name", 30, None, vec![any(std::slice::from_ref(&alike))]),
                rule("same_birthday", 15, None, vec![any(&[is(Birthday, Same)])]),
                rule(
                    "alike_name_and_birthday",
                    20,
                    Some(Kind::Person),
                    vec![any(std::slice::from_ref(&alike)), any(&[is(Birthday, Same)])],
                ),
                rule("same_organization", 35, Some(Kind::Organization), vec![any(&[is(Name, Same)])]),
                rule(
                    "shared_contact",
                    -15,
                    None,
                    vec![any(&[is(Phone, Same), is(Email, Same), is(TaxId, Same)]), any(&[strange])],
                ),
                // Among a million customers thousands share name and birthday by chance; two phones speak for two people.
                rule(
                    "other_phone",
                    -10,
                    Some(Kind::Person),
                    vec![any(std::slice::from_ref(&alike)), any(&[is(Birthday, Same)]), any(&[is(Phone, Different)])],
                ),
                rule("other_birthday", -25, Some(Kind::Person), vec![any(&[is(Birthday, Different)])]),
                rule("other_tax_id", -50, Some(Kind::Organization), vec![any(&[is(TaxId, Different)])]),
            ],
        }
    }
}

impl Rules {
    pub fn certainty(&self, score: i32) -> Option<Certainty> {
        if score >= self.certain {
            Some(Certainty::Certain)
        } else if score >= self.possible {
            Some(Certainty::Possible)
        } else {
            None
        }
    }

    /// Whether a name alone can make two records of a kind possible duplicates: then names must be looked up.
    pub fn name_suffices(&self, kind: Kind) -> bool {
        self.reach(kind, |field| field == Field::Name) >= self.possible
    }

    /// Whether a name and a birthday can.
    pub fn birthday_suffices(&self, kind: Kind) -> bool {
        self.reach(kind, |field| matches!(field, Field::Name | Field::Birthday)) >= self.possible
    }

    /// The least percent at which a rule takes names for similar.
    pub fn least_alike(&self) -> u8 {
        let parts = self.rules.iter().filter(|rule| rule.weight > 0).flat_map(|rule| &rule.all);
        let similar = parts.flat_map(|group| &group.any).filter(|part| part.how == How::Similar);
        similar.filter_map(|part| part.percent).min().unwrap_or(100)
    }

    /// The most that the rules can add up to when nothing but these fields is alike.
    fn reach(&self, kind: Kind, known: impl Fn(Field) -> bool) -> i32 {
        let may_hold = |group: &Group| group.any.iter().any(|part| known(part.field) && part.how != How::Different);
        self.rules
            .iter()
            .filter(|rule| rule.weight > 0 && rule.kind.is_none_or(|of| of == kind) && rule.all.iter().all(may_hold))
            .map(|rule| rule.weight)
            .sum()
    }

    /// Tells what does not fit together, below `at`.
    pub fn check(&self, checks: &mut Checks, at: &str) {
        if !(1..=100).contains(&self.possible) || !(self.possible..=100).contains(&self.certain) {
            checks.fail(format!("{at}/certain"), "cutoffs_order");
        }
        if self.rules.is_empty() || self.rules.len() > MOST_RULES {
            checks.fail_with(format!("{at}/rules"), "out_of_range", format!("1–{MOST_RULES}"));
        }
        for (index, rule) in self.rules.iter().enumerate() {
            let at = format!("{at}/rules/{index}");
            let letters = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
            if rule.key.is_empty() || rule.key.len() > 40 || !rule.key.chars().all(letters) {
                checks.fail(format!("{at}/key"), "key_characters");
            }
            if self.rules[..index].iter().any(|other| other.key == rule.key) {
                checks.fail(format!("{at}/key"), "duplicate");
            }
            if rule.weight == 0 || rule.weight.abs() > 100 {
                checks.fail_with(format!("{at}/weight"), "out_of_range", "−100–100");
            }
            rule.check(checks, &at);
        }
    }
}

impl Rule {
    fn check(&self, checks: &mut Checks, at: &str) {
        let parts = |count: usize| (1..=MOST_PARTS).contains(&count);
        if !parts(self.all.len()) {
            checks.fail_with(format!("{at}/all"), "out_of_range", format!("1–{MOST_PARTS}"));
        }
        for (index, group) in self.all.iter().enumerate() {
            let at = format!("{at}/all/{index}/any");
            if !parts(group.any.len()) {
                checks.fail_with(&at, "out_of_range", format!("1–{MOST_PARTS}"));
            }
            for (index, part) in group.any.iter().enumerate() {
                part.check(checks, &format!("{at}/{index}"));
            }
        }
    }
}

impl Comparison {
    fn check(&self, checks: &mut Checks, at: &str) {
        let percented = self.field == Field::Name && self.how != How::Same;
        if self.how == How::Similar && self.field != Field::Name {
            checks.fail_with(format!("{at}/how"), "not_allowed", "same, different");
        }
        match self.percent {
            None if percented => checks.fail(format!("{at}/percent"), "required"),
            Some(_) if !percented => checks.fail(format!("{at}/percent"), "must_be_empty"),
            Some(percent) if !(10..=99).contains(&percent) => {
                checks.fail_with(format!("{at}/percent"), "out_of_range", "10–99");
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn faults(rules: &Rules) -> Vec<String> {
        let mut checks = Checks::default();
        rules.check(&mut checks, "");
        checks.0.into_iter().map(|fault| format!("{} {}", fault.pointer, fault.code)).collect()
    }

    #[test]
    fn what_a_company_starts_with_is_sound() {
        let rules = Rules::default();
        assert_eq!(faults(&rules), Vec::<String>::new());
        let kept = serde_json::to_value(&rules).expect("JSON");
        assert_eq!(serde_json::from_value::<Rules>(kept).expect("rules"), rules);
        assert!(!rules.name_suffices(Kind::Person) && rules.name_suffices(Kind::Organization));
        assert!(rules.birthday_suffices(Kind::Person));
    }

    #[test]
    fn faults_are_told_where_they_are() {
        let rules: Rules = serde_json::from_value(json!({"possible": 70, "certain": 60, "rules": [
            {"key": "A", "weight": 0, "all": []},
            {"key": "b", "weight": 5, "all": [{"any": [
                {"field": "phone", "how": "similar"}, {"field": "name", "how": "similar"},
                {"field": "name", "how": "different", "percent": 5}, {"field": "name", "how": "same", "percent": 50},
            ]}]},
            {"key": "b", "weight": 5, "all": [{"any": []}]},
        ]}))
        .expect("rules");
        assert_eq!(
            faults(&rules),
            [
                "/certain cutoffs_order",
                "/rules/0/key key_characters",
                "/rules/0/weight out_of_range",
                "/rules/0/all out_of_range",
                "/rules/1/all/0/any/0/how not_allowed",
                "/rules/1/all/0/any/1/percent required",
                "/rules/1/all/0/any/2/percent out_of_range",
                "/rules/1/all/0/any/3/percent must_be_empty",
                "/rules/2/key duplicate",
                "/rules/2/all/0/any out_of_range",
            ]
        );
    }
}
