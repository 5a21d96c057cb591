//! Scores in the form in which they are stored.

use std::hash::{DefaultHasher, Hash, Hasher};

use regulars_analytics::abc::Abc;
use regulars_domain::ids::PartyId;
use regulars_persistence::insight::evaluation::ScoreRow;
use regulars_persistence::insight::metric::MetricRow;
use serde_json::{Value, json};

use super::score::{Score, rounded};

/// Scores in the form that is stored, to see whether they changed.
#[derive(Debug, Clone, PartialEq)]
pub struct Stored {
    rfm: Option<[i32; 3]>,
    abc: Option<&'static str>,
    value_score: Option<f64>,
    value_class: Option<&'static str>,
    parts: Option<[Option<f64>; 5]>,
    stage: Option<&'static str>,
}

impl Stored {
    pub fn of(score: &Score) -> Self {
        let percentile = |part: f32| (!part.is_nan()).then(|| rounded(f64::from(part)));
        Self {
            rfm: score.rfm.map(|rfm| [rfm.r, rfm.f, rfm.m].map(i32::from)),
            abc: score.abc.map(abc_key),
            value_score: score.value.and_then(|value| value.score).map(rounded),
            value_class: score.value.map(|value| value.class.key()),
            parts: score.value.map(|value| value.percentiles.map(percentile)),
            stage: Some(score.stage.key()),
        }
    }

    pub fn read(row: &MetricRow) -> Self {
        let known = |keys: &[&'static str], value: &Option<String>| {
            keys.iter().find(|key| value.as_deref() == Some(**key)).copied()
        };
        Self {
            rfm: row.rfm_r.zip(row.rfm_f).zip(row.rfm_m).map(|((r, f), m)| [r, f, m]),
            abc: known(&["A", "B", "C"], &row.abc),
            value_score: row.value_score,
            value_class: known(&["vip", "major", "ordinary", "small"], &row.value_class),
            parts: row.value_parts.as_ref().and_then(|parts| serde_json::from_value(parts.clone()).ok()),
            stage: known(&["potential", "new", "frequent", "old", "loyal"], &row.stage),
        }
    }

    /// A mark that tells whether two are the same: for a million customers at once the scores themselves are too much to
    /// hold beside the new ones.
    pub fn mark(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        let bits = |number: Option<f64>| number.map(f64::to_bits);
        (
            self.rfm,
            self.abc,
            bits(self.value_score),
            self.value_class,
            self.parts.map(|parts| parts.map(bits)),
            self.stage,
        )
            .hash(&mut hasher);
        hasher.finish()
    }

    pub fn row(self, party_id: PartyId) -> ScoreRow {
        ScoreRow {
            party_id,
            rfm: self.rfm,
            abc: self.abc,
            value_score: self.value_score,
            value_class: self.value_class,
            value_parts: self.parts.map(|parts| Value::from(parts.map(|part| json!(part)).to_vec())),
            stage: self.stage.unwrap_or("potential"),
        }
    }
}

pub fn abc_key(class: Abc) -> &'static str {
    match class {
        Abc::A => "A",
        Abc::B => "B",
        Abc::C => "C",
    }
}
