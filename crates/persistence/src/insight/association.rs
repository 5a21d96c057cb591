//! What goes together: baskets of a unit's customers, and what was learnt of them.

use chrono::NaiveDate;
use diesel::QueryableByName;
use regulars_domain::ids::{PartyId, ProductId, UnitId};

use super::counter::SALE;
use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::{Bind, Statement, insert_batch};
use crate::types::SqlId;

/// A product in a customer's basket.
#[derive(Debug, Clone, Copy, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct BasketRow {
    #[diesel(sql_type = SqlId)]
    pub party_id: PartyId,
    #[diesel(sql_type = SqlId)]
    pub product_id: ProductId,
}

/// Who of a unit bought what, in the newest so many sales since a day; in order of customers.
pub fn baskets_of_unit(db: &mut Db, unit: UnitId, since: NaiveDate, sales: i64) -> StoreResult<Vec<BasketRow>> {
    // The newest sales come first, off the index by unit and day.
    let mut statement = Statement::new(format!(
        "SELECT DISTINCT s.party_id, l.product_id FROM (SELECT o.id, o.party_id FROM sales_order o WHERE {SALE}"
    ))
    .with(" AND o.unit_id = ", unit)
    .with(" AND o.ordered_on > ", since)
    .with(" ORDER BY o.ordered_on DESC, o.id DESC LIMIT ", sales)
    .then(") s CROSS JOIN order_line l WHERE l.order_id = s.id AND l.product_id IS NOT NULL");
    statement.push(" ORDER BY s.party_id, l.product_id");
    statement.cached().rows(db)
}

/// Who has one has the other.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AssociationRow {
    pub has: ProductId,
    pub offer: ProductId,
    pub baskets: i64,
    pub confidence: f64,
    pub lift: f64,
}

/// Puts what was learnt of a unit in the place of what was known.
pub fn associations_replace(tx: &mut Db, unit: UnitId, rows: &[AssociationRow]) -> StoreResult<()> {
    Statement::new("DELETE FROM association WHERE unit_id = ").bind(unit).run(tx)?;
    let values = rows.iter().map(|row| -> Vec<Bind> {
        vec![unit.into(), row.has.into(), row.offer.into(), row.baskets.into(), row.confidence.into(), row.lift.into()]
    });
    let columns = ["unit_id", "has_id", "offer_id", "baskets", "confidence", "lift"];
    insert_batch(tx, "association", &columns, values.collect())
}
