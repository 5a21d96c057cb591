//! What customers can be divided by: figures that everyone who bought has, and how each is made comparable.

use chrono::NaiveDate;
use regulars_persistence::insight::cluster::DividedRow;

/// What a feature counts in.
pub const UNITS: &[&str] = &["days", "count", "money", "share"];

/// One figure of a customer.
pub struct Feature {
    pub key: &'static str,
    pub unit: &'static str,
    /// Money in minor units. None where it is not known.
    pub of: fn(&DividedRow, NaiveDate) -> Option<f64>,
}

impl Feature {
    /// Shares are looked at as they are; of all else the logarithm, for a few are very large.
    pub fn log(&self) -> bool {
        self.unit != "share"
    }
}

fn days(from: Option<NaiveDate>, to: NaiveDate) -> Option<f64> {
    Some((to - from?).num_days().max(0) as f64)
}

fn share(part: i64, whole: i64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

pub const FEATURES: [Feature; 14] = [
    Feature { key: "recency_days", unit: "days", of: |row, today| days(row.last_order_on, today) },
    Feature { key: "tenure_days", unit: "days", of: |row, today| days(row.first_order_on, today) },
    Feature { key: "mean_gap_days", unit: "days", of: |row, _| row.mean_gap_days },
    Feature { key: "orders", unit: "count", of: |row, _| Some(row.orders as f64) },
    Feature { key: "order_days", unit: "count", of: |row, _| Some(row.order_days as f64) },
    Feature { key: "categories", unit: "count", of: |row, _| Some(row.categories as f64) },
    Feature { key: "products", unit: "count", of: |row, _| Some(row.products as f64) },
    Feature { key: "contacts_365", unit: "count", of: |row, _| Some(row.contacts_365 as f64) },
    Feature { key: "net", unit: "money", of: |row, _| Some(row.net as f64) },
    Feature { key: "average_order", unit: "money", of: |row, _| share(row.net, row.orders) },
    Feature {
        key: "margin",
        unit: "money",
        of: |row, _| (row.costs_unknown == 0).then(|| (row.net - row.cost) as f64),
    },
    Feature { key: "lifetime_value", unit: "money", of: |row, _| row.lifetime_value.map(|value| value as f64) },
    Feature { key: "discount_share", unit: "share", of: |row, _| share(row.discount, row.gross) },
    Feature { key: "return_share", unit: "share", of: |row, _| share(row.returns, row.gross - row.discount) },
];

pub fn feature(key: &str) -> Option<&'static Feature> {
    FEATURES.iter().find(|feature| feature.key == key)
}

pub fn features(keys: &[String]) -> Vec<&'static Feature> {
    keys.iter().filter_map(|key| feature(key)).collect()
}
