//! What goes together, learnt of a unit's baskets by each evaluation, for offers.

use chrono::{Days, NaiveDate};
use regulars_analytics::associations::{Least, associations};
use regulars_domain::ids::{ProductId, UnitId};
use regulars_persistence::insight::association::{AssociationRow, BasketRow, associations_replace, baskets_of_unit};

use crate::{App, AppError, AppResult};

/// The baskets are those of a year, of at most so many sales.
const YEAR: Days = Days::new(365);
const SALES: i64 = 50_000;
/// Goods of one customer that are looked at: pairs grow with the square.
const WIDE: usize = 60;
/// From when on a rule is worth acting on, and how many are kept.
const LEAST: Least = Least { count: 3, confidence: 0.2, lift: 1.2 };
const KEPT: usize = 5_000;

/// Learns anew what customers of a unit who have one product have too.
pub(super) fn associations_learn(app: &App, unit: UnitId, as_of: NaiveDate) -> AppResult<()> {
    let since = as_of.checked_sub_days(YEAR).unwrap_or(as_of);
    let rows = app.db().read(|db| Ok::<_, AppError>(baskets_of_unit(db, unit, since, SALES)?))?;
    let rules = associations(&baskets(&rows), LEAST);
    let single = rules.into_iter().filter_map(|rule| match rule.left.as_slice() {
        [has] => Some(AssociationRow {
            has: *has,
            offer: rule.right,
            baskets: i64::from(rule.count),
            confidence: rule.confidence,
            lift: rule.lift,
        }),
        _ => None,
    });
    let kept: Vec<AssociationRow> = single.take(KEPT).collect();
    app.db().write(move |tx| Ok::<_, AppError>(associations_replace(tx, unit, &kept)?))
}

/// A basket each customer, of rows in order of customers.
fn baskets(rows: &[BasketRow]) -> Vec<Vec<ProductId>> {
    let of_one = rows.chunk_by(|one, next| one.party_id == next.party_id);
    of_one.map(|rows| rows.iter().take(WIDE).map(|row| row.product_id).collect()).collect()
}
