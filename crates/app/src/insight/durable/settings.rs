//! What a company expects of those who bought its durables.

use regulars_domain::error::Checks;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::insight::goods::{GoodsNamed, goods_check};

const MOST_GROUPS: usize = 20;
/// Of anything, minor units.
const MOST_MONEY: i64 = 1_000_000_000_000;

/// What a buyer of some durables is expected to bring yet, on average: units × price + parts + service + finance. A
/// buyer of goods of several of these belongs to that of the latest purchase.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DurableSettings {
    /// Lower-case letters, digits and `_`.
    #[schema(example = "family_car")]
    pub key: String,
    #[schema(example = "家用轿车")]
    pub name_zh: String,
    #[schema(example = "Family cars")]
    pub name_en: String,
    /// Categories of these goods, with those under them.
    #[serde(default)]
    pub category_ids: Vec<Uuid>,
    /// Products, besides.
    #[serde(default)]
    pub product_ids: Vec<Uuid>,
    /// Units a buyer is expected to buy yet, thousandths: 0 to 100,000.
    #[schema(example = 1500)]
    pub units: i64,
    /// What a unit sells for; minor units of the company's currency, like all amounts here.
    #[schema(example = 18_000_000)]
    pub price: i64,
    /// Parts and accessories of all the years to come.
    #[schema(example = 1_200_000)]
    pub parts: i64,
    /// Service of all the years to come.
    #[schema(example = 2_400_000)]
    pub service: i64,
    /// What financing and insuring brings in all the years to come.
    #[schema(example = 900_000)]
    pub finance: i64,
}

impl DurableSettings {
    /// Units × price + parts + service + finance, minor units; half a unit of money is rounded up.
    pub fn value(&self) -> i64 {
        let units = (i128::from(self.units) * i128::from(self.price) + 500).div_euclid(1000);
        let value = units + i128::from(self.parts) + i128::from(self.service) + i128::from(self.finance);
        i64::try_from(value).unwrap_or(i64::MAX)
    }
}

impl GoodsNamed for DurableSettings {
    const MEMBER: &'static str = "durables";

    fn categories(&self) -> &[Uuid] {
        &self.category_ids
    }

    fn products(&self) -> &[Uuid] {
        &self.product_ids
    }
}

/// Tells what does not fit, below `at`.
pub fn durables_check(durables: &[DurableSettings], checks: &mut Checks, at: &str) {
    if durables.len() > MOST_GROUPS {
        checks.fail_with(at, "too_many", MOST_GROUPS);
    }
    for (index, one) in durables.iter().enumerate() {
        let others = durables[..index].iter().map(|other| other.key.as_str());
        let at = format!("{at}/{index}");
        goods_check(one, (&one.key, others), (&one.name_zh, &one.name_en), checks, &at);
        if !(0..=100_000).contains(&one.units) {
            checks.fail_with(format!("{at}/units"), "out_of_range", "0–100,000");
        }
        let money = [("price", one.price), ("parts", one.parts), ("service", one.service), ("finance", one.finance)];
        for (name, amount) in money {
            if !(0..=MOST_MONEY).contains(&amount) {
                checks.fail_with(format!("{at}/{name}"), "out_of_range", "0–1,000,000,000,000");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::DurableSettings;

    #[test]
    fn a_buyer_is_worth_units_and_what_comes_with_them() {
        let of = |units, price, rest: [i64; 3]| {
            let [parts, service, finance] = rest;
            DurableSettings {
                key: "car".into(),
                name_zh: "车".into(),
                name_en: "Car".into(),
                category_ids: Vec::new(),
                product_ids: Vec::new(),
                units,
                price,
                parts,
                service,
                finance,
            }
            .value()
        };
        // 1.5 × 180,000.00 + 12,000.00 + 24,000.00 + 9,000.00
        assert_eq!(of(1_500, 18_000_000, [1_200_000, 2_400_000, 900_000]), 31_500_000);
        assert_eq!(of(0, 18_000_000, [0, 0, 1]), 1);
        // A third of 1.00 is 0.33, two thirds are 0.67.
        assert_eq!((of(333, 100, [0; 3]), of(667, 100, [0; 3])), (33, 67));
        assert_eq!(of(100_000, 1_000_000_000_000, [1_000_000_000_000; 3]), 103_000_000_000_000);
    }
}
