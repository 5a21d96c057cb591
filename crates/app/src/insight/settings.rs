//! How a company values its customers: weights, cut-offs, thresholds. Every evaluation keeps the settings it was made
//! with.

use regulars_analytics::abc::AbcCuts;
use regulars_analytics::rfm::RfmThresholds;
use regulars_analytics::stage::StageThresholds;
use regulars_analytics::value::{ValueCutoffs, ValueWeights};
use regulars_domain::error::Checks;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How RFM scores are found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RfmMode {
    /// 1 + ⌊5 · customers strictly worse ÷ customers⌋, so that equal values share a score.
    #[default]
    Quintile,
    /// By fixed limits.
    Threshold,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct InsightSettings {
    /// Weight of each part of a customer's value; they sum to 1 and are rescaled over the parts that are known.
    #[schema(value_type = crate::shape::ValueWeights, required)]
    pub value_weights: ValueWeights,
    /// `by: "shares"` of customers, best first (0–1), or `by: "scores"` (0–100).
    #[schema(value_type = crate::shape::ValueCutoffs, required)]
    pub value_cutoffs: ValueCutoffs,
    #[schema(required)]
    pub rfm_mode: RfmMode,
    /// For the mode `threshold`: most days since the last order for 5, 4, 3, 2; least order days, and least net revenue
    /// in minor units, for 2, 3, 4, 5.
    #[schema(value_type = crate::shape::RfmThresholds, required)]
    pub rfm_thresholds: RfmThresholds,
    /// The numbers in the decision table of the relation's stage.
    #[schema(value_type = crate::shape::StageThresholds, required)]
    pub stage_thresholds: StageThresholds,
    /// Accumulated shares of revenue at which A and B end, in hundredths of a percent.
    #[schema(value_type = crate::shape::AbcCuts, required)]
    pub abc_cuts: AbcCuts,
}

impl InsightSettings {
    /// Tells what does not fit together, below `at`.
    pub fn check(&self, checks: &mut Checks, at: &str) {
        let mut part = |sound: bool, name: &str, code: &str| {
            if !sound {
                checks.fail(format!("{at}/{name}"), code);
            }
        };
        part(self.value_weights.is_valid(), "value_weights", "weights_sum");
        part(self.value_cutoffs.is_valid(), "value_cutoffs", "cutoffs_order");
        part(self.rfm_thresholds.is_valid(), "rfm_thresholds", "thresholds_order");
        part(self.stage_thresholds.is_valid(), "stage_thresholds", "thresholds_order");
        part(self.abc_cuts.is_valid(), "abc_cuts", "cutoffs_order");
    }
}
