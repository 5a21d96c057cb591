//! How well a prediction of yes or no came true: AUC, Brier score, calibration, and what a plain rule would have
//! flagged.

use serde::{Deserialize, Serialize};

use crate::rank::{Better, runs_by};

/// Area under the ROC curve by ranks (Mann & Whitney), ties counted half; `None` where all came out alike. 0.5 is
/// guessing.
pub fn auc(scores: &[f64], happened: &[bool]) -> Option<f64> {
    let yes = happened.iter().filter(|happened| **happened).count() as f64;
    let no = happened.len() as f64 - yes;
    let mut sum = 0.0;
    runs_by(scores, Better::More, |rows, worse| {
        let rank = worse as f64 + (rows.len() as f64 + 1.0) / 2.0;
        sum += rank * rows.iter().filter(|row| happened[**row as usize]).count() as f64;
    });
    (yes > 0.0 && no > 0.0).then(|| (sum - yes * (yes + 1.0) / 2.0) / (yes * no))
}

/// Mean squared distance of probabilities from what happened, and that of always saying the mean.
pub fn brier(probabilities: &[f64], happened: &[bool]) -> Option<(f64, f64)> {
    if happened.is_empty() {
        return None;
    }
    let n = happened.len() as f64;
    let as_number = |happened: &bool| f64::from(u8::from(*happened));
    let sum: f64 = probabilities.iter().zip(happened).map(|(p, y)| (p - as_number(y)).powi(2)).sum();
    let mean = happened.iter().map(as_number).sum::<f64>() / n;
    Some((sum / n, mean * (1.0 - mean)))
}

/// Customers of similar probability.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct CalibrationBin {
    /// Customers in it.
    pub count: u64,
    /// Mean probability.
    pub predicted: f64,
    /// Share for whom it happened.
    pub actual: f64,
}

/// Customers cut into `bins` at the quantiles of their probability (linear between two values, intervals closed at the
/// upper end); empty intervals are left out.
pub fn calibration(probabilities: &[f64], happened: &[bool], bins: usize) -> Vec<CalibrationBin> {
    let mut sorted = probabilities.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let Some(last) = sorted.len().checked_sub(1) else { return Vec::new() };
    let edges: Vec<f64> = (1..bins)
        .map(|bin| {
            let at = last as f64 * bin as f64 / bins as f64;
            let (below, part) = (at.floor() as usize, at.fract());
            sorted[below] + part * (sorted[(below + 1).min(last)] - sorted[below])
        })
        .collect();
    let mut sums = vec![(0u64, 0.0, 0u64); bins];
    for (p, y) in probabilities.iter().zip(happened) {
        let sum = &mut sums[edges.partition_point(|edge| edge < p)];
        *sum = (sum.0 + 1, sum.1 + p, sum.2 + u64::from(*y));
    }
    sums.into_iter()
        .filter(|(count, _, _)| *count > 0)
        .map(|(count, predicted, actual)| CalibrationBin {
            count,
            predicted: predicted / count as f64,
            actual: actual as f64 / count as f64,
        })
        .collect()
}

/// What a rule would have said.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Flagged {
    /// Customers flagged.
    pub flagged: u64,
    /// Share of them for whom it happened.
    pub precision: Option<f64>,
    /// Share flagged of those for whom it happened.
    pub recall: Option<f64>,
}

/// How a rule that flags some customers would have done.
pub fn flagged(flags: &[bool], happened: &[bool]) -> Flagged {
    let count = |of: &dyn Fn(bool, bool) -> bool| {
        flags.iter().zip(happened).filter(|(flag, happened)| of(**flag, **happened)).count() as u64
    };
    let (flagged, both, all) = (count(&|flag, _| flag), count(&|flag, y| flag && y), count(&|_, y| y));
    let share = |of: u64| (of > 0).then(|| both as f64 / of as f64);
    Flagged { flagged, precision: share(flagged), recall: share(all) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_is_what_auc_looks_at() {
        let happened = [false, false, true, true];
        assert_eq!(auc(&[0.1, 0.2, 0.3, 0.4], &happened), Some(1.0));
        assert_eq!(auc(&[0.4, 0.3, 0.2, 0.1], &happened), Some(0.0));
        assert_eq!(auc(&[0.5; 4], &happened), Some(0.5));
        assert_eq!(auc(&[0.1, 0.3, 0.3, 0.4], &happened), Some(0.875));
        assert_eq!(auc(&[0.1, 0.2], &[true, true]), None);
    }

    #[test]
    fn a_perfect_prophet_has_no_brier_score() {
        assert_eq!(brier(&[1.0, 0.0], &[true, false]), Some((0.0, 0.25)));
        assert_eq!(brier(&[], &[]), None);
        assert!(calibration(&[], &[], 5).is_empty());
        let one = calibration(&[0.5; 4], &[true, false, false, false], 5);
        assert_eq!(one, [CalibrationBin { count: 4, predicted: 0.5, actual: 0.25 }]);
    }

    #[test]
    fn rules_are_counted() {
        let rule = flagged(&[true, true, false], &[true, false, true]);
        assert_eq!((rule.flagged, rule.precision, rule.recall), (2, Some(0.5), Some(0.5)));
        assert_eq!(flagged(&[false], &[false]), Flagged { flagged: 0, precision: None, recall: None });
    }
}
