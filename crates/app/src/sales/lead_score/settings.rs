//! How a unit has its leads scored: of how many closed ones it is learnt, and the points a person set.

use std::collections::BTreeSet;

use regulars_analytics::scorecard::{Bin, PointCard, PointPart};
use regulars_domain::error::Checks;
use regulars_domain::lead_score::{LEARNT, LEAST, MODES, MOST, Sample};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::facts::{Attribute, AttributeKind};

/// Most points set by hand.
const MOST_RULES: usize = 200;

/// Points for one value of an attribute, for its numbers within bounds, or, with none of these, where nothing is known.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LeadScoreRule {
    /// A key of `attributes`.
    #[schema(example = "source")]
    pub attribute: String,
    /// Of an attribute of words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "referral")]
    pub value: Option<String>,
    /// Of an attribute of numbers: more than this …
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = json!(null))]
    pub above: Option<f64>,
    /// … and at most this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = json!(null))]
    pub up_to: Option<f64>,
    #[schema(minimum = -100, maximum = 100, example = 15)]
    pub points: i64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct LeadScoringInput {
    /// Whether what was learnt applies, or the points set by hand in any case.
    #[schema(value_type = crate::shape::LeadScoringMode, required)]
    pub mode: String,
    /// It is learnt of the leads closed in so many months.
    #[schema(required, minimum = 1, maximum = 120)]
    pub months: i64,
    /// With fewer closed leads nothing is learnt.
    #[schema(required, minimum = 20, maximum = 100000)]
    pub least_cases: i64,
    /// Nor with fewer won, or fewer lost.
    #[schema(required, minimum = 10, maximum = 50000)]
    pub least_each: i64,
    /// Days after which it is learnt anew.
    #[schema(required, minimum = 1, maximum = 365)]
    pub refit_days: i64,
    /// Points that every lead begins with where the points set by hand apply.
    #[schema(required, minimum = 0, maximum = 100)]
    pub base: i64,
    /// Points set by hand; the first of an attribute that fits counts. At most 200.
    #[schema(required)]
    pub hand: Vec<LeadScoreRule>,
}

impl Default for LeadScoringInput {
    /// Points as a start, until there are cases enough or somebody knows better.
    fn default() -> Self {
        let word = |attribute: &str, value: &str, points: i64| LeadScoreRule {
            attribute: attribute.into(),
            value: Some(value.into()),
            above: None,
            up_to: None,
            points,
        };
        let contacts =
            LeadScoreRule { attribute: "contacts".into(), value: None, above: Some(0.0), up_to: None, points: 5 };
        Self {
            mode: LEARNT.into(),
            months: 24,
            least_cases: 200,
            least_each: 50,
            refit_days: 7,
            base: 50,
            hand: vec![
                word("source", "referral", 15),
                word("source", "event", 5),
                word("source", "cold_call", -10),
                word("source", "import", -10),
                word("returning", "yes", 15),
                contacts,
            ],
        }
    }
}

impl LeadScoringInput {
    pub fn sample(&self) -> Sample {
        Sample { cases: self.least_cases, each: self.least_each }
    }

    /// Whether something else would be learnt.
    pub fn learns_as(&self, other: &Self) -> bool {
        (self.months, self.least_cases, self.least_each) == (other.months, other.least_cases, other.least_each)
    }

    /// Notes what does not fit; `attributes` are those there are.
    pub fn check(&self, checks: &mut Checks, attributes: &[Attribute]) {
        checks.one_of("/mode", &self.mode, &MODES);
        for (pointer, value, least, most) in [
            ("/months", self.months, 1, 120),
            ("/least_cases", self.least_cases, 20, 100_000),
            ("/least_each", self.least_each, 10, 50_000),
            ("/refit_days", self.refit_days, 1, 365),
            ("/base", self.base, LEAST, MOST),
        ] {
            if !(least..=most).contains(&value) {
                checks.fail_with(pointer, "out_of_range", format!("{least} – {most}"));
            }
        }
        if self.hand.len() > MOST_RULES {
            checks.fail_with("/hand", "too_many", MOST_RULES);
            return;
        }
        let mut named = BTreeSet::new();
        for (at, rule) in self.hand.iter().enumerate() {
            rule.check(checks, &format!("/hand/{at}"), attributes);
            let place = (&rule.attribute, &rule.value, rule.above.map(f64::to_bits), rule.up_to.map(f64::to_bits));
            if !named.insert(place) {
                checks.fail(format!("/hand/{at}"), "duplicate");
            }
        }
    }

    /// The points set by hand as a card.
    pub fn hand_card(&self) -> PointCard {
        let mut parts: Vec<PointPart> = Vec::new();
        for rule in &self.hand {
            let bin = Bin::by_hand(rule.value.iter().cloned().collect(), rule.above, rule.up_to);
            match parts.iter_mut().find(|part| part.key == rule.attribute) {
                Some(part) => part.bins.push((bin, rule.points)),
                None => parts.push(PointPart {
                    key: rule.attribute.clone(),
                    information: None,
                    bins: vec![(bin, rule.points)],
                }),
            }
        }
        PointCard { base: self.base, parts }
    }
}

impl LeadScoreRule {
    fn check(&self, checks: &mut Checks, pointer: &str, attributes: &[Attribute]) {
        if !(-100..=100).contains(&self.points) {
            checks.fail_with(format!("{pointer}/points"), "out_of_range", "-100 – 100");
        }
        let Some(attribute) = attributes.iter().find(|one| one.key == self.attribute) else {
            checks.fail(format!("{pointer}/attribute"), "unknown_reference");
            return;
        };
        let bounded = self.above.is_some() || self.up_to.is_some();
        match attribute.kind {
            AttributeKind::Words if bounded => checks.fail(format!("{pointer}/above"), "not_allowed_here"),
            AttributeKind::Numbers if self.value.is_some() => {
                checks.fail(format!("{pointer}/value"), "not_allowed_here");
            }
            _ => {}
        }
        checks.optional_text(&format!("{pointer}/value"), self.value.as_deref(), 200);
        let whole = |number: Option<f64>| number.is_none_or(|number| number.is_finite() && number.abs() <= 1e15);
        let order = self.above.zip(self.up_to).is_none_or(|(above, up_to)| above < up_to);
        if !(whole(self.above) && whole(self.up_to) && order) {
            checks.fail(format!("{pointer}/up_to"), "out_of_range");
        }
    }
}
