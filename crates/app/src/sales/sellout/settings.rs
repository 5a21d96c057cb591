//! What sheets are kept of: how long their periods are, and what is told of each place.

use regulars_domain::error::Checks;
use regulars_domain::sellout::{MeasureKind, MeasureOf, PeriodKind};
use regulars_persistence::Db;
use regulars_persistence::sales::sellout::measures_used;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::platform::is_key;
use crate::{AppError, AppResult};

const MOST_MEASURES: usize = 20;

/// What places are asked for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct SelloutSettings {
    /// How long a period is that sheets are entered for; sheets of the other length can still be read.
    #[schema(value_type = crate::shape::SelloutPeriod, required)]
    pub period: String,
    /// At most 20.
    #[schema(required)]
    pub measures: Vec<SelloutMeasure>,
}

/// One thing that is told of places.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SelloutMeasure {
    /// Lower-case letters, digits and `_`.
    #[schema(example = "sell_out")]
    pub key: String,
    #[schema(example = "销量")]
    pub label_zh: String,
    #[schema(example = "Sell-out")]
    pub label_en: String,
    /// What its cells hold. Stays while any sheet holds something of the measure.
    #[schema(value_type = crate::shape::SelloutMeasureKind)]
    pub kind: String,
    /// Of each product of the catalogue, of each competitor's product (dictionary `competitor_product`), or of the place
    /// itself, beside the products. Stays like the kind.
    #[schema(value_type = crate::shape::SelloutMeasureOf)]
    pub of: String,
    #[serde(default = "yes")]
    pub active: bool,
}

fn yes() -> bool {
    true
}

impl Default for SelloutSettings {
    fn default() -> Self {
        let measure = |key: &str, label_zh: &str, label_en: &str, kind: MeasureKind, of: MeasureOf| SelloutMeasure {
            key: key.into(),
            label_zh: label_zh.into(),
            label_en: label_en.into(),
            kind: kind.key().into(),
            of: of.key().into(),
            active: true,
        };
        Self {
            period: PeriodKind::Month.key().into(),
            measures: vec![
                measure("sell_out", "销量", "Sell-out", MeasureKind::Quantity, MeasureOf::Product),
                measure("promoter", "促销员", "Promoter", MeasureKind::Text, MeasureOf::Place),
                measure(
                    "competitor_price",
                    "竞品售价",
                    "Competitors’ prices",
                    MeasureKind::Money,
                    MeasureOf::Competitor,
                ),
                measure(
                    "competitor_promotion",
                    "竞品促销",
                    "Competitors’ promotions",
                    MeasureKind::Text,
                    MeasureOf::Competitor,
                ),
                measure(
                    "competitor_stock",
                    "竞品库存",
                    "Competitors’ stock",
                    MeasureKind::Quantity,
                    MeasureOf::Competitor,
                ),
            ],
        }
    }
}

impl SelloutSettings {
    pub fn check(&self, checks: &mut Checks, at: &str) {
        checks.one_of(&format!("{at}/period"), &self.period, &PeriodKind::KEYS);
        if self.measures.len() > MOST_MEASURES {
            checks.fail_with(format!("{at}/measures"), "too_many", MOST_MEASURES);
        }
        for (index, measure) in self.measures.iter().enumerate() {
            let at = format!("{at}/measures/{index}");
            if !is_key(&measure.key) {
                checks.fail_with(format!("{at}/key"), "wrong_shape", "a-z, 0-9, _");
            }
            if self.measures[..index].iter().any(|other| other.key == measure.key) {
                checks.fail(format!("{at}/key"), "duplicate");
            }
            checks.text(&format!("{at}/label_zh"), &measure.label_zh, 40);
            checks.text(&format!("{at}/label_en"), &measure.label_en, 40);
            checks.one_of(&format!("{at}/kind"), &measure.kind, &MeasureKind::KEYS);
            checks.one_of(&format!("{at}/of"), &measure.of, &MeasureOf::KEYS);
        }
    }

    pub fn period_kind(&self) -> PeriodKind {
        PeriodKind::parse(&self.period).unwrap_or(PeriodKind::Month)
    }

    pub fn measure(&self, key: &str) -> Option<&SelloutMeasure> {
        self.measures.iter().find(|measure| measure.key == key)
    }

    /// What counts as sold: the first quantity of products.
    pub fn sold(&self) -> Option<&SelloutMeasure> {
        let of_products =
            |one: &&SelloutMeasure| one.what() == MeasureOf::Product && one.holds() == MeasureKind::Quantity;
        self.measures.iter().filter(of_products).find(|one| one.active)
    }

    /// An active measure by its key or either of its names.
    pub fn named(&self, name: &str) -> Option<&SelloutMeasure> {
        let called = |one: &&SelloutMeasure| one.key == name || one.label_zh == name || one.label_en == name;
        self.measures.iter().filter(|one| one.active).find(called)
    }

    /// What stands beside the sheets of products.
    pub(super) fn of_places(&self) -> impl Iterator<Item = &SelloutMeasure> {
        self.measures.iter().filter(|measure| measure.active && measure.what() == MeasureOf::Place)
    }
}

impl SelloutMeasure {
    pub fn holds(&self) -> MeasureKind {
        MeasureKind::parse(&self.kind).unwrap_or(MeasureKind::Text)
    }

    pub fn what(&self) -> MeasureOf {
        MeasureOf::parse(&self.of).unwrap_or(MeasureOf::Product)
    }
}

/// Refuses to take away a measure that sheets hold, or to change what it counts in.
pub fn measures_changed(tx: &mut Db, before: &SelloutSettings, after: &SelloutSettings) -> AppResult<()> {
    let touched: Vec<&str> = before
        .measures
        .iter()
        .filter(|old| after.measure(&old.key).is_none_or(|new| new.kind != old.kind || new.of != old.of))
        .map(|old| old.key.as_str())
        .collect();
    if touched.is_empty() || measures_used(tx, &touched)?.is_empty() {
        return Ok(());
    }
    Err(AppError::Conflict("measure_in_use"))
}
