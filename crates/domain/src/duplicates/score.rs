//! The score of a pair under rules, and what it rests on.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::rules::{Certainty, Comparison, Field, Group, How, Kind, Rule, Rules};
use crate::naming::NameForm;

/// What is compared of one record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    pub kind: Kind,
    pub name: String,
    pub form: NameForm,
    pub birthday: Option<NaiveDate>,
    pub tax_id: Option<String>,
    /// E.164.
    pub phones: Vec<String>,
    /// Lower case.
    pub emails: Vec<String>,
}

/// What two records came to.
#[derive(Debug, Clone, PartialEq)]
pub struct Score {
    /// 0–100.
    pub score: i32,
    pub certainty: Option<Certainty>,
    pub reasons: Vec<Reason>,
}

/// A rule that held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    pub rule: String,
    pub weight: i32,
    /// One comparison of each of the rule's groups.
    pub met: Vec<Met>,
}

/// A comparison that held, with the values it held for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Met {
    pub field: Field,
    pub how: How,
    /// How alike names are, in percent.
    pub percent: Option<u8>,
    pub this: String,
    pub other: String,
}

struct Pair<'a> {
    this: &'a Profile,
    other: &'a Profile,
    /// How alike the names are.
    names: u8,
}

/// The sum of the weights of the rules that hold, within 0–100; 0 for a person and an organisation.
pub fn score(rules: &Rules, this: &Profile, other: &Profile) -> i32 {
    if this.kind != other.kind {
        return 0;
    }
    let pair = Pair { this, other, names: this.form.similarity(&other.form) };
    rules.rules.iter().filter(|rule| pair.holds(rule)).map(|rule| rule.weight).sum::<i32>().clamp(0, 100)
}

/// The same with the reasons.
pub fn score_of(rules: &Rules, this: &Profile, other: &Profile) -> Score {
    let pair = Pair { this, other, names: this.form.similarity(&other.form) };
    let score = score(rules, this, other);
    let held = rules.rules.iter().filter(|rule| this.kind == other.kind && pair.holds(rule));
    let reason = |rule: &Rule| Reason {
        rule: rule.key.clone(),
        weight: rule.weight,
        met: rule.all.iter().filter_map(|group| pair.met(group)).collect(),
    };
    Score { score, certainty: rules.certainty(score), reasons: held.map(reason).collect() }
}

impl Pair<'_> {
    fn holds(&self, rule: &Rule) -> bool {
        rule.kind.is_none_or(|kind| kind == self.this.kind)
            && rule.all.iter().all(|group| group.any.iter().any(|part| self.is(part)))
    }

    fn is(&self, part: &Comparison) -> bool {
        let percent = part.percent.unwrap_or(100);
        match (part.field, part.how) {
            (Field::Name, How::Same) => self.names == 100,
            (Field::Name, How::Similar) => self.names >= percent,
            (Field::Name, How::Different) => {
                self.names < percent && !self.this.form.is_empty() && !self.other.form.is_empty()
            }
            (_, How::Similar) => false,
            (field, How::Same) => self.shared(field).is_some(),
            (field, How::Different) => {
                let known = |profile| values(profile, field).next().is_some();
                known(self.this) && known(self.other) && self.shared(field).is_none()
            }
        }
    }

    fn shared(&self, field: Field) -> Option<String> {
        values(self.this, field).find(|value| values(self.other, field).any(|theirs| theirs == *value))
    }

    fn met(&self, group: &Group) -> Option<Met> {
        let part = group.any.iter().find(|part| self.is(part))?;
        let first = |profile: &Profile| values(profile, part.field).next().unwrap_or_default();
        let shared = if part.field == Field::Name { None } else { self.shared(part.field) };
        Some(Met {
            field: part.field,
            how: part.how,
            percent: (part.field == Field::Name).then_some(self.names),
            this: shared.clone().unwrap_or_else(|| first(self.this)),
            other: shared.unwrap_or_else(|| first(self.other)),
        })
    }
}

fn values(profile: &Profile, field: Field) -> Box<dyn Iterator<Item = String> + '_> {
    match field {
        Field::Phone => Box::new(profile.phones.iter().cloned()),
        Field::Email => Box::new(profile.emails.iter().cloned()),
        Field::TaxId => Box::new(profile.tax_id.iter().cloned()),
        Field::Birthday => Box::new(profile.birthday.iter().map(ToString::to_string)),
        Field::Name => Box::new(std::iter::once(profile.name.clone())),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::naming::reading;

    fn profile(text: &str) -> Profile {
        let mut parts = text.split('|').map(str::trim);
        let mut next = || parts.next().unwrap_or_default().to_owned();
        let (name, phone, email, tax_id, birthday) = (next(), next(), next(), next(), next());
        let kind = if name.contains("公司") { Kind::Organization } else { Kind::Person };
        let organization = kind == Kind::Organization;
        Profile {
            kind,
            form: NameForm::new(&name, &reading(&name, !organization), organization),
            name,
            birthday: birthday.parse().ok(),
            tax_id: Some(tax_id).filter(|text| !text.is_empty()),
            phones: Some(phone).filter(|text| !text.is_empty()).into_iter().collect(),
            emails: Some(email).filter(|text| !text.is_empty()).into_iter().collect(),
        }
    }

    /// name | phone | e-mail | tax id | birthday.
    #[test]
    fn the_rules_a_company_starts_with() {
        for (one, other, score) in [
            ("张伟 | +861", "张伟 | +861", 90),
            ("张伟 | +861 | | | 1980-01-02", "张伟 | +861 | | | 1980-01-02", 100),
            ("张伟 | +861", "张玮 | +861", 90),
            ("张伟 | +861", "张先生 | +861", 60),
            ("张伟 | +861", "李娜 | +861", 45),
            ("王小明 | +861", "王小红 | +861", 60),
            ("张伟 | +861 | | | 1980-01-02", "张伟 | +861 | | | 1990-01-02", 65),
            ("张伟 | | a@b.cn", "Zhang Wei | +861 | a@b.cn", 90),
            ("张伟 | | | | 1980-01-02", "张伟 | | | | 1980-01-02", 65),
            ("张伟 | +861 | | | 1980-01-02", "张伟 | | | | 1980-01-02", 65),
            ("张伟 | +861 | | | 1980-01-02", "张伟 | +862 | | | 1980-01-02", 55),
            ("张伟 | +861 | a@b.cn | | 1980-01-02", "张伟 | +862 | a@b.cn | | 1980-01-02", 100),
            ("张伟 | | | | 1980-01-02", "李娜 | | | | 1980-01-02", 15),
            ("张伟", "张伟", 30),
            ("星河科技公司", "星河科技有限公司", 65),
            ("星河科技公司 | | | 91A", "星河科技有限公司 | | | 91B", 15),
            ("星河科技公司 | | | 91A", "银河科技有限公司 | | | 91A", 75),
            ("星河科技公司 | | | 91A", "星河科技有限公司 | | | 91A", 100),
            ("星河科技公司 | +861", "张伟 | +861", 0),
        ] {
            assert_eq!(super::score(&Rules::default(), &profile(one), &profile(other)), score, "{one} / {other}");
        }
    }

    #[test]
    fn a_score_says_what_it_rests_on() {
        let told = score_of(&Rules::default(), &profile("张伟 | +861"), &profile("李娜 | +861"));
        assert_eq!((told.score, told.certainty), (45, None));
        let said = |reason: &Reason| {
            let met: Vec<String> = reason
                .met
                .iter()
                .map(|met| format!("{:?} {:?} {}={}", met.field, met.how, met.this, met.other))
                .collect();
            format!("{} {}: {}", reason.rule, reason.weight, met.join(", "))
        };
        assert_eq!(
            told.reasons.iter().map(said).collect::<Vec<_>>(),
            [
                "same_phone 60: Phone Same +861=+861",
                "shared_contact -15: Phone Same +861=+861, Name Different 张伟=李娜",
            ]
        );
    }

    proptest! {
        #[test]
        fn a_score_has_no_direction(
            one in "[张王李](伟|小明|娜) \\| (\\+861|\\+862)? \\| (a@b.cn)? \\| (9)? \\| (1980-01-02|1990-01-02)?",
            other in "[张王李](伟|小明|公司) \\| (\\+861|\\+862)? \\| (a@b.cn)? \\| (9)? \\| (1980-01-02|1990-01-02)?",
        ) {
            let rules = Rules::default();
            let (one, other) = (profile(&one), profile(&other));
            prop_assert_eq!(super::score(&rules, &one, &other), super::score(&rules, &other, &one));
            let told = score_of(&rules, &one, &other);
            prop_assert_eq!(told.score, told.reasons.iter().map(|reason| reason.weight).sum::<i32>().clamp(0, 100));
        }
    }
}
