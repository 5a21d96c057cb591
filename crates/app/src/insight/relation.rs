//! How customers spread over lifecycle, loyalty classes, matrix and situations, and how one customer came to where they
//! are.

use chrono::NaiveDate;
use regulars_analytics::lifecycle::Lifecycle;
use regulars_analytics::loyalty::{LoyaltyClass, MatrixField};
use regulars_analytics::situation::Situation;
use regulars_domain::actor::Action;
use regulars_domain::condition::Condition;
use regulars_domain::ids::PartyId;
use regulars_persistence::insight::change::{RelationCount, class_changes_of, relation_counts};
use regulars_persistence::insight::evaluation::evaluations_latest;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::evaluation::unit_in_sight;
use super::overview::sight;
use crate::customers::place::party_place;
use crate::list::Page;
use crate::money::Money;
use crate::{AppResult, Cx};

/// Changes of one customer that are shown.
const SHOWN: i64 = 100;

/// How customers within sight spread, as the last evaluation left them.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct RelationSpread {
    /// The day it is of: the oldest, when units differ. Absent before the first evaluation.
    pub as_of: Option<NaiveDate>,
    /// Customers who bought.
    pub buyers: i64,
    /// Phases in order.
    pub lifecycle: Vec<RelationBucket>,
    /// Classes in order.
    pub loyalty_classes: Vec<RelationBucket>,
    /// Fields of value by loyalty.
    pub matrix: Vec<RelationBucket>,
    /// The eight situations; of whom nothing was said is in none.
    pub situations: Vec<RelationBucket>,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct RelationBucket {
    #[schema(example = "growth")]
    pub key: String,
    pub count: i64,
    pub net: Money,
    /// Expected in the next twelve months.
    pub lifetime_value: Money,
    /// Lists the customers.
    #[schema(value_type = crate::shape::Condition)]
    pub condition: Value,
}

/// A change of class.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ClassChangeView {
    /// The day of the evaluation that saw it.
    pub on: NaiveDate,
    #[schema(value_type = crate::shape::ClassKind)]
    pub kind: String,
    #[schema(example = "growth")]
    pub before: Option<String>,
    #[schema(example = "stability")]
    pub after: Option<String>,
    /// The row of the decision table, of a lifecycle.
    #[schema(value_type = Option<crate::shape::LifecycleReason>)]
    pub reason: Option<String>,
}

pub fn relations_get(cx: &Cx) -> AppResult<RelationSpread> {
    let visibility = sight(cx)?;
    let currency = cx.company()?.currency.clone();
    let (evaluations, rows) =
        cx.read(|db| Ok((evaluations_latest(db, unit_in_sight(cx))?, relation_counts(db, &visibility)?)))?;
    let spread = |field: &str, keys: &[&str], at: fn(&RelationCount) -> Option<&str>| -> Vec<RelationBucket> {
        keys.iter().map(|key| bucket(&rows, (field, key), at, &currency)).collect()
    };
    Ok(RelationSpread {
        as_of: evaluations.iter().map(|row| row.as_of).min(),
        buyers: rows.iter().filter(|row| row.matrix.is_some()).map(|row| row.customers).sum(),
        lifecycle: spread("metrics.lifecycle", &Lifecycle::ALL.map(Lifecycle::key), |row| row.lifecycle.as_deref()),
        loyalty_classes: spread("metrics.loyalty_class", &LoyaltyClass::ALL.map(LoyaltyClass::key), |row| {
            row.loyalty_class.as_deref()
        }),
        matrix: spread("metrics.matrix", &MatrixField::ALL.map(MatrixField::key), |row| row.matrix.as_deref()),
        situations: spread("metrics.situation", &Situation::KEYS, |row| row.situation.as_deref()),
    })
}

fn bucket(
    rows: &[RelationCount],
    (field, key): (&str, &str),
    at: fn(&RelationCount) -> Option<&str>,
    currency: &str,
) -> RelationBucket {
    let (count, net, value) = rows
        .iter()
        .filter(|row| at(row) == Some(key))
        .fold((0, 0, 0), |sum, row| (sum.0 + row.customers, sum.1 + row.net, sum.2 + row.lifetime_value));
    RelationBucket {
        key: key.into(),
        count,
        net: Money::of(net, currency),
        lifetime_value: Money::of(value, currency),
        condition: json!(Condition::leaf(field, "eq", Value::from(key))),
    }
}

/// The changes of a customer's classes, the latest first.
pub fn class_change_list(cx: &Cx, party: PartyId) -> AppResult<Page<ClassChangeView>> {
    cx.require("customers:customer:read")?;
    cx.require("insight:metric:read")?;
    cx.read(|db| {
        party_place(cx, db, party, Action::Read)?;
        let view = |row: regulars_persistence::insight::change::ClassChangeRow| ClassChangeView {
            on: row.on_date,
            kind: row.kind,
            before: row.before,
            after: row.after,
            reason: row.reason,
        };
        Ok(Page::whole(class_changes_of(db, party, SHOWN)?.into_iter().map(view).collect()))
    })
}
