//! The prediction held against what came: the model fitted to the past alone, judged on the time after it, beside the
//! plain rules that one would use otherwise.

use serde::{Deserialize, Serialize};

use crate::lifetime::{History, Purchases};
use crate::quality::{CalibrationBin, Flagged, auc, brier, calibration, flagged};

/// Intervals of the calibration.
const BINS: usize = 5;
/// Weeks of silence of the rule "idle".
pub const IDLE_WEEKS: f64 = 26.0;
/// Own mean gaps of silence of the rule "overdue".
pub const OVERDUE_GAPS: f64 = 2.0;
/// Probability of the model's own flag.
pub const RISK: f64 = 0.7;

/// Ways to foretell that somebody will not buy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Judge {
    /// P(no purchase) of the model.
    Model,
    /// Weeks since the last purchase.
    Idle,
    /// The same in own mean gaps.
    Overdue,
}

impl Judge {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Model, Self::Idle, Self::Overdue];

    /// Stable name.
    pub fn key(self) -> &'static str {
        match self {
            Self::Model => "model",
            Self::Idle => "idle",
            Self::Overdue => "overdue",
        }
    }
}

/// How one way did.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Trial {
    /// Which.
    pub judge: Judge,
    /// Among all customers; "overdue" says nothing of those who bought once.
    pub auc_all: Option<f64>,
    /// Among those who had bought on a second day.
    pub auc_repeaters: Option<f64>,
    /// What its usual limit ([`RISK`], [`IDLE_WEEKS`], [`OVERDUE_GAPS`]) would have flagged among the repeaters.
    pub limit: Flagged,
}

/// The outcome of a trial.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Quality {
    /// Customers known before the hold-out.
    pub customers: u64,
    /// Those of them who had bought on a second day.
    pub repeaters: u64,
    /// Purchases expected in the hold-out.
    pub expected: f64,
    /// Purchases in it.
    pub actual: u64,
    /// Brier score of P(no purchase).
    pub brier: f64,
    /// That of always saying the mean.
    pub brier_base: f64,
    /// Said against happened.
    pub calibration: Vec<CalibrationBin>,
    /// The model and the rules.
    pub trials: Vec<Trial>,
    /// Purchases by number of earlier repetitions: expected and actual mean.
    pub by_repeats: Vec<RepeatsBin>,
    /// Which told best among the repeaters, whom warnings are about.
    pub best: Judge,
}

/// Customers with the same number of earlier repetitions.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct RepeatsBin {
    /// Repetitions; the last bin holds as many or more.
    pub repeats: u32,
    /// Customers.
    pub count: u64,
    /// Mean purchases expected in the hold-out.
    pub expected: f64,
    /// Mean purchases in it.
    pub actual: f64,
}

/// Most repetitions told apart.
const MOST_REPEATS: u32 = 7;

/// Judges a model by what customers did in the `weeks` after it: `came[i]` are the purchases of `histories[i]` then.
/// `None` where nobody is known or all came out alike.
pub fn judge(model: &Purchases, histories: &[History], came: &[u32], weeks: f64) -> Option<Quality> {
    let gone: Vec<bool> = came.iter().map(|count| *count == 0).collect();
    let risk: Vec<f64> = histories.iter().map(|one| model.no_purchase(one, weeks)).collect();
    let idle: Vec<f64> = histories.iter().map(|one| one.age - one.last).collect();
    let overdue: Vec<f64> =
        histories.iter().map(|one| (one.age - one.last) * f64::from(one.repeats) / one.last).collect();
    let expected: Vec<f64> = histories.iter().map(|one| model.expected(one, weeks)).collect();
    let rows: Vec<usize> = (0..histories.len()).filter(|row| histories[*row].repeats > 0).collect();
    let some = |column: &[f64]| -> Vec<f64> { rows.iter().map(|row| column[*row]).collect() };
    let gone_repeaters: Vec<bool> = rows.iter().map(|row| gone[*row]).collect();
    let trial = |judge: Judge, column: &[f64], limit: f64| {
        let theirs = some(column);
        let flags: Vec<bool> = theirs.iter().map(|value| *value > limit).collect();
        Trial {
            judge,
            auc_all: if judge == Judge::Overdue { None } else { auc(column, &gone) },
            auc_repeaters: auc(&theirs, &gone_repeaters),
            limit: flagged(&flags, &gone_repeaters),
        }
    };
    let trials = vec![
        trial(Judge::Model, &risk, RISK),
        trial(Judge::Idle, &idle, IDLE_WEEKS),
        trial(Judge::Overdue, &overdue, OVERDUE_GAPS),
    ];
    let mut best = (Judge::Model, trials[0].auc_repeaters?);
    for trial in &trials[1..] {
        if let Some(auc) = trial.auc_repeaters.filter(|auc| *auc > best.1) {
            best = (trial.judge, auc);
        }
    }
    let (brier, brier_base) = brier(&risk, &gone)?;
    Some(Quality {
        customers: histories.len() as u64,
        repeaters: rows.len() as u64,
        expected: expected.iter().sum(),
        actual: came.iter().map(|count| u64::from(*count)).sum(),
        brier,
        brier_base,
        calibration: calibration(&risk, &gone, BINS),
        trials,
        by_repeats: by_repeats(histories, &expected, came),
        best: best.0,
    })
}

fn by_repeats(histories: &[History], expected: &[f64], came: &[u32]) -> Vec<RepeatsBin> {
    let mut sums = [(0u64, 0.0, 0u64); MOST_REPEATS as usize + 1];
    for ((one, expected), came) in histories.iter().zip(expected).zip(came) {
        let sum = &mut sums[one.repeats.min(MOST_REPEATS) as usize];
        *sum = (sum.0 + 1, sum.1 + expected, sum.2 + u64::from(*came));
    }
    let bins = (0u32..).zip(sums).filter(|(_, (count, _, _))| *count > 0);
    bins.map(|(repeats, (count, expected, actual))| RepeatsBin {
        repeats,
        count,
        expected: expected / count as f64,
        actual: actual as f64 / count as f64,
    })
    .collect()
}
