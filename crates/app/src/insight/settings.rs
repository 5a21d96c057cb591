//! How a company values its customers: weights, cut-offs, thresholds. Every evaluation keeps the settings it was made
//! with.

use regulars_analytics::abc::AbcCuts;
use regulars_analytics::churn::ChurnThresholds;
use regulars_analytics::lifecycle::LifecycleThresholds;
use regulars_analytics::loyalty::LoyaltyThresholds;
use regulars_analytics::rfm::RfmThresholds;
use regulars_analytics::situation::SituationThresholds;
use regulars_analytics::stage::StageThresholds;
use regulars_analytics::value::{ValueClass, ValueCutoffs, ValueWeights};
use regulars_domain::error::Checks;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::durable::settings::{DurableSettings, durables_check};
use super::known::KnownSettings;
use super::next::settings::NextActionSettings;
use super::programme::settings::{ProgrammeSettings, programmes_check};
use crate::customers::key_account::settings::KeyAccountSettings;

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

/// How far one looks ahead, how money of other days is discounted, how the models are tried and how often.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct LifetimeSettings {
    /// Days in which expected purchases are counted.
    #[schema(required)]
    pub horizon_days: i32,
    /// Discount of money to come, a month; 0.01 is 1 %.
    #[schema(required)]
    pub monthly_discount: f64,
    /// Discount of contributions that came, a year.
    #[schema(required)]
    pub yearly_discount: f64,
    /// Days at the end that the models are tried on: fitted to what was before them, judged by them.
    #[schema(required)]
    pub holdout_days: i32,
    /// Days after which the daily evaluation fits the models anew.
    #[schema(required)]
    pub refit_days: i32,
}

impl Default for LifetimeSettings {
    fn default() -> Self {
        Self { horizon_days: 182, monthly_discount: 0.01, yearly_discount: 0.1, holdout_days: 182, refit_days: 7 }
    }
}

impl LifetimeSettings {
    fn is_valid(&self) -> bool {
        let days = |days: i32| (7..=3650).contains(&days);
        let rate = |rate: f64| (0.0..=1.0).contains(&rate);
        days(self.horizon_days)
            && days(self.holdout_days)
            && (1..=365).contains(&self.refit_days)
            && rate(self.monthly_discount)
            && rate(self.yearly_discount)
    }
}

/// From when on what goes together is worth telling.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct AssociationSettings {
    /// Customers who have both, at least.
    #[schema(required)]
    pub count: i32,
    /// Share of those who have the first and have the second too, 0–1.
    #[schema(required)]
    pub confidence: f64,
    /// Times likelier than by chance.
    #[schema(required)]
    pub lift: f64,
}

impl Default for AssociationSettings {
    fn default() -> Self {
        Self { count: 3, confidence: 0.2, lift: 1.2 }
    }
}

impl AssociationSettings {
    fn is_valid(&self) -> bool {
        (1..=1_000_000).contains(&self.count)
            && (0.0..=1.0).contains(&self.confidence)
            && (0.0..=1000.0).contains(&self.lift)
    }
}

/// How likely customers are to come back when somebody tries, by where they stand; 0–1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct WinBackSettings {
    #[schema(required)]
    pub warned: f64,
    #[schema(required)]
    pub declining: f64,
    #[schema(required)]
    pub lost: f64,
}

impl Default for WinBackSettings {
    fn default() -> Self {
        Self { warned: 0.5, declining: 0.25, lost: 0.1 }
    }
}

impl WinBackSettings {
    fn is_valid(&self) -> bool {
        [self.warned, self.declining, self.lost].iter().all(|chance| (0.0..=1.0).contains(chance))
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
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
    #[schema(required)]
    pub lifetime: LifetimeSettings,
    /// The numbers in the decision table of the lifecycle.
    #[schema(value_type = crate::shape::LifecycleThresholds, required)]
    pub lifecycle_thresholds: LifecycleThresholds,
    /// The numbers in the decision tables of the loyalty class and of the matrix.
    #[schema(value_type = crate::shape::LoyaltyThresholds, required)]
    pub loyalty_thresholds: LoyaltyThresholds,
    /// The numbers in the decision tables of the eight situations.
    #[schema(value_type = crate::shape::SituationThresholds, required)]
    pub situation_thresholds: SituationThresholds,
    /// When a warning is raised and withdrawn, and what counts as a reason.
    #[schema(value_type = crate::shape::ChurnThresholds, required)]
    pub churn_thresholds: ChurnThresholds,
    /// Value classes whose customers are warned of.
    #[schema(value_type = Vec<crate::shape::ValueClass>, required)]
    pub warned_classes: Vec<ValueClass>,
    /// Which rules suggest what to do next, and how much of the value at stake counts.
    #[schema(value_type = crate::shape::NextActionSettings, required)]
    pub next_actions: NextActionSettings,
    /// What of what goes together is learnt.
    #[schema(required)]
    pub associations: AssociationSettings,
    /// How likely customers are to come back.
    #[schema(required)]
    pub win_back: WinBackSettings,
    /// Which sales are bills that customers pay again and again; at most 20.
    #[schema(required)]
    pub programmes: Vec<ProgrammeSettings>,
    /// What buyers of goods that nobody buys often are expected to bring yet; at most 20.
    #[schema(required)]
    pub durables: Vec<DurableSettings>,
    /// Which noted facts tell in the scores: what customers buy of all, their credit grade.
    #[schema(required)]
    pub known: KnownSettings,
    /// How many customers are few and which margin is high, for the advice on key accounts.
    #[schema(required)]
    pub key_accounts: KeyAccountSettings,
}

impl Default for InsightSettings {
    fn default() -> Self {
        Self {
            value_weights: ValueWeights::default(),
            value_cutoffs: ValueCutoffs::default(),
            rfm_mode: RfmMode::default(),
            rfm_thresholds: RfmThresholds::default(),
            stage_thresholds: StageThresholds::default(),
            abc_cuts: AbcCuts::default(),
            lifetime: LifetimeSettings::default(),
            lifecycle_thresholds: LifecycleThresholds::default(),
            loyalty_thresholds: LoyaltyThresholds::default(),
            situation_thresholds: SituationThresholds::default(),
            churn_thresholds: ChurnThresholds::default(),
            warned_classes: vec![ValueClass::Vip, ValueClass::Major],
            next_actions: NextActionSettings::default(),
            associations: AssociationSettings::default(),
            win_back: WinBackSettings::default(),
            programmes: Vec::new(),
            durables: Vec::new(),
            known: KnownSettings::default(),
            key_accounts: KeyAccountSettings::default(),
        }
    }
}

impl InsightSettings {
    /// Tells what does not fit together, below `at`.
    pub fn check(&self, checks: &mut Checks, at: &str) {
        self.next_actions.check(checks, &format!("{at}/next_actions"));
        programmes_check(&self.programmes, checks, &format!("{at}/programmes"));
        self.known.check(checks, &format!("{at}/known"));
        self.key_accounts.check(checks, &format!("{at}/key_accounts"));
        durables_check(&self.durables, checks, &format!("{at}/durables"));
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
        part(self.lifetime.is_valid(), "lifetime", "out_of_range");
        part(self.lifecycle_thresholds.is_valid(), "lifecycle_thresholds", "thresholds_order");
        part(self.loyalty_thresholds.is_valid(), "loyalty_thresholds", "thresholds_order");
        part(self.situation_thresholds.is_valid(), "situation_thresholds", "thresholds_order");
        part(self.churn_thresholds.is_valid(), "churn_thresholds", "thresholds_order");
        part(self.win_back.is_valid(), "win_back", "out_of_range");
        part(self.associations.is_valid(), "associations", "out_of_range");
    }
}
