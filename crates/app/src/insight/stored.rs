//! Scores in the form in which they are stored.

use std::hash::{DefaultHasher, Hash, Hasher};

use chrono::NaiveDate;
use regulars_analytics::abc::Abc;
use regulars_analytics::lifecycle::Lifecycle;
use regulars_analytics::loyalty::{LoyaltyClass, MatrixField};
use regulars_analytics::situation::Situation;
use regulars_analytics::stage::Stage;
use regulars_domain::ids::{ClassChangeId, PartyId};
use regulars_persistence::insight::change::ClassChangeRow;
use regulars_persistence::insight::evaluation::{OutlookRow, ScoreRow};
use regulars_persistence::insight::metric::MetricRow;
use serde_json::{Value, json};

use super::outlook::{LifetimeBasis, Standing};
use super::score::{Score, rounded};
use super::settings::InsightSettings;

/// Scores in the form that is stored, to see whether they changed.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Stored {
    rfm: Option<[i32; 3]>,
    abc: Option<&'static str>,
    value_score: Option<f64>,
    parts: Option<[Option<f64>; 5]>,
    /// Purchases expected, P(alive), P(no purchase), risk.
    odds: [Option<f64>; 4],
    horizon_days: Option<i64>,
    lifetime_value: Option<i64>,
    lifetime_basis: Option<&'static str>,
    programme: Option<String>,
    /// Bills paid, value of the year's bills, value of all bills to come.
    bills: [Option<i64>; 3],
    bills_remaining: Option<f64>,
    durable: Option<(String, i64)>,
    wallet_share: Option<f64>,
    past_value: Option<i64>,
    lifecycle_reason: Option<&'static str>,
    pub classes: Classes,
}

/// Everything of which each change is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Classes {
    value_class: Option<&'static str>,
    stage: Option<&'static str>,
    lifecycle: Option<&'static str>,
    loyalty_class: Option<&'static str>,
    matrix: Option<&'static str>,
    situation: Option<&'static str>,
}

/// The names of [`Classes`] in the order of its fields.
pub const CLASS_KINDS: [&str; 6] = ["value_class", "stage", "lifecycle", "loyalty_class", "matrix", "situation"];

impl Classes {
    fn in_order(&self) -> [Option<&'static str>; 6] {
        [self.value_class, self.stage, self.lifecycle, self.loyalty_class, self.matrix, self.situation]
    }
}

/// What a class of one of these kinds can become.
pub fn class_words(kind: &str) -> Vec<&'static str> {
    match kind {
        "value_class" => vec!["vip", "major", "ordinary", "small"],
        "stage" => Stage::ALL.map(Stage::key).to_vec(),
        "lifecycle" => Lifecycle::ALL.map(Lifecycle::key).to_vec(),
        "loyalty_class" => LoyaltyClass::ALL.map(LoyaltyClass::key).to_vec(),
        "matrix" => MatrixField::ALL.map(MatrixField::key).to_vec(),
        "situation" => Situation::KEYS.to_vec(),
        _ => Vec::new(),
    }
}

/// Four decimals of what is shown with fewer.
fn fine(number: f64) -> f64 {
    (number * 10_000.0).round() / 10_000.0
}

fn known(keys: &[&'static str], value: &Option<String>) -> Option<&'static str> {
    keys.iter().find(|key| value.as_deref() == Some(**key)).copied()
}

/// The rows of the lifecycle's decision table.
pub const REASONS: [&str; 8] = [
    "no_purchase_likely",
    "long_silence",
    "never_returned",
    "spend_falls",
    "few_orders",
    "young",
    "spend_rises",
    "steady",
];

impl Stored {
    /// Places of programmes and of durables are those of the settings.
    pub fn of(score: &Score, settings: &InsightSettings) -> Self {
        let percentile = |part: f32| (!part.is_nan()).then(|| rounded(f64::from(part)));
        let outlook = score.outlook.as_ref();
        let ahead = outlook.map(|outlook| outlook.potential);
        let bills = ahead.and_then(|ahead| ahead.bills);
        Self {
            rfm: score.rfm.map(|rfm| [rfm.r, rfm.f, rfm.m].map(i32::from)),
            abc: score.abc.map(abc_key),
            value_score: score.value.and_then(|value| value.score).map(rounded),
            parts: score.value.map(|value| value.percentiles.map(percentile)),
            odds: [
                ahead.map(|ahead| ahead.expected),
                ahead.and_then(|ahead| ahead.alive),
                ahead.and_then(|ahead| ahead.no_purchase),
                outlook.and_then(|outlook| outlook.risk),
            ]
            .map(|odds| odds.map(fine)),
            horizon_days: ahead.map(|ahead| i64::from(ahead.horizon_days)),
            lifetime_value: ahead.map(|ahead| ahead.value),
            lifetime_basis: ahead.map(|ahead| ahead.basis.key()),
            programme: bills.and_then(|bills| Some(settings.programmes.get(bills.programme)?.key.clone())),
            bills: [
                bills.map(|bills| i64::from(bills.paid)),
                bills.map(|bills| bills.value.round() as i64),
                bills.map(|bills| bills.residual.round() as i64),
            ],
            bills_remaining: bills.map(|bills| fine(bills.remaining)),
            durable: score
                .durable
                .and_then(|place| settings.durables.get(place))
                .map(|durable| (durable.key.clone(), durable.value())),
            wallet_share: score.wallet_share.map(fine),
            past_value: outlook.map(|outlook| outlook.past_value),
            lifecycle_reason: outlook.and_then(|outlook| Some(outlook.lifecycle?.1.key())),
            classes: Classes {
                value_class: score.value.map(|value| value.class.key()),
                stage: Some(score.stage.key()),
                lifecycle: outlook.and_then(|outlook| Some(outlook.lifecycle?.0.key())),
                loyalty_class: outlook.and_then(|outlook| Some(outlook.loyalty?.key())),
                matrix: outlook.map(|outlook| outlook.matrix.key()),
                situation: outlook.and_then(|outlook| Some(outlook.situation?.key())),
            },
        }
    }

    pub fn read(row: &MetricRow) -> Self {
        Self {
            rfm: row.rfm_r.zip(row.rfm_f).zip(row.rfm_m).map(|((r, f), m)| [r, f, m]),
            abc: known(&["A", "B", "C"], &row.abc),
            value_score: row.value_score,
            parts: row.value_parts.as_ref().and_then(|parts| serde_json::from_value(parts.clone()).ok()),
            odds: [row.expected_purchases, row.alive, row.no_purchase, row.risk],
            horizon_days: row.horizon_days,
            lifetime_value: row.lifetime_value,
            lifetime_basis: known(&LifetimeBasis::ALL.map(LifetimeBasis::key), &row.lifetime_basis),
            programme: row.programme.clone(),
            bills: [row.programme_paid, row.programme_value, row.residual_value],
            bills_remaining: row.programme_remaining,
            durable: row.durable.clone().zip(row.durable_value),
            wallet_share: row.wallet_share,
            past_value: row.past_value,
            lifecycle_reason: known(&REASONS, &row.lifecycle_reason),
            classes: Classes {
                value_class: known(&["vip", "major", "ordinary", "small"], &row.value_class),
                stage: known(&["potential", "new", "frequent", "old", "loyal"], &row.stage),
                lifecycle: known(&Lifecycle::ALL.map(Lifecycle::key), &row.lifecycle),
                loyalty_class: known(&LoyaltyClass::ALL.map(LoyaltyClass::key), &row.loyalty_class),
                matrix: known(&MatrixField::ALL.map(MatrixField::key), &row.matrix),
                situation: known(&Situation::KEYS, &row.situation),
            },
        }
    }

    /// A mark that tells whether two are the same: for a million customers at once the scores themselves are too much to
    /// hold beside the new ones.
    pub fn mark(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        let bits = |number: Option<f64>| number.map(f64::to_bits);
        let bills = (self.lifetime_basis, &self.programme, self.bills, bits(self.bills_remaining));
        let figures = (self.horizon_days, self.lifetime_value, self.past_value, bills, &self.durable);
        let scores = (
            self.rfm,
            self.abc,
            bits(self.value_score),
            bits(self.wallet_share),
            self.parts.map(|parts| parts.map(bits)),
        );
        (scores, self.odds.map(bits), figures, self.lifecycle_reason, self.classes).hash(&mut hasher);
        hasher.finish()
    }

    /// The row that is written; `since` is the day the lifecycle became what it is.
    pub fn row(self, party_id: PartyId, since: Option<NaiveDate>) -> ScoreRow {
        let [expected_purchases, alive, no_purchase, risk] = self.odds;
        let [programme_paid, programme_value, residual_value] = self.bills;
        let classes = self.classes;
        let (durable, durable_value) = self.durable.unzip();
        ScoreRow {
            party_id,
            rfm: self.rfm,
            abc: self.abc,
            value_score: self.value_score,
            value_class: classes.value_class,
            value_parts: self.parts.map(|parts| Value::from(parts.map(|part| json!(part)).to_vec())),
            stage: classes.stage.unwrap_or("potential"),
            outlook: OutlookRow {
                expected_purchases,
                alive,
                no_purchase,
                horizon_days: self.horizon_days,
                lifetime_value: self.lifetime_value,
                lifetime_basis: self.lifetime_basis,
                programme: self.programme,
                programme_paid,
                programme_remaining: self.bills_remaining,
                programme_value,
                residual_value,
                durable,
                durable_value,
                wallet_share: self.wallet_share,
                past_value: self.past_value,
                lifecycle: classes.lifecycle,
                lifecycle_since: since.filter(|_| classes.lifecycle.is_some()),
                lifecycle_reason: self.lifecycle_reason,
                loyalty_class: classes.loyalty_class,
                matrix: classes.matrix,
                situation: classes.situation,
                risk,
            },
        }
    }

    /// What changed against the classes before; what was nothing before is not a change but a beginning.
    pub fn changes(&self, party_id: PartyId, before: &Classes, on_date: NaiveDate) -> Vec<ClassChangeRow> {
        let pairs = CLASS_KINDS.into_iter().zip(before.in_order()).zip(self.classes.in_order());
        pairs
            .filter(|((_, before), after)| before.is_some() && before != after)
            .map(|((kind, before), after)| ClassChangeRow {
                id: ClassChangeId::fresh(),
                party_id,
                kind: kind.into(),
                before: before.map(String::from),
                after: after.map(String::from),
                reason: self.lifecycle_reason.filter(|_| kind == "lifecycle").map(String::from),
                on_date,
            })
            .collect()
    }
}

/// What the next evaluation needs of the one before.
pub fn standing(row: &MetricRow) -> Standing {
    Standing {
        lifecycle: Lifecycle::ALL.into_iter().find(|phase| row.lifecycle.as_deref() == Some(phase.key())),
        since: row.lifecycle_since,
        loyalty: LoyaltyClass::ALL.into_iter().find(|class| row.loyalty_class.as_deref() == Some(class.key())),
        warned_on: row.warned_on,
    }
}

pub fn abc_key(class: Abc) -> &'static str {
    match class {
        Abc::A => "A",
        Abc::B => "B",
        Abc::C => "C",
    }
}
