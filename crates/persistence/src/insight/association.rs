//! What goes together: baskets of a unit's customers, and what was learnt of them.

use chrono::NaiveDate;
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Bool, Double, Nullable, Text};
use regulars_domain::actor::Visibility;
use regulars_domain::ids::{PartyId, ProductId, UnitId};

use super::counter::SALE;
use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::{Bind, Statement, insert_batch};
use crate::types::SqlId;
use crate::visible::push_visible;

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
    /// Of how many it was learnt.
    pub of_baskets: i64,
    pub confidence: f64,
    pub lift: f64,
}

/// Puts what was learnt of a unit in the place of what was known.
pub fn associations_replace(tx: &mut Db, unit: UnitId, rows: &[AssociationRow]) -> StoreResult<()> {
    Statement::new("DELETE FROM association WHERE unit_id = ").bind(unit).run(tx)?;
    let values = rows.iter().map(|row| -> Vec<Bind> {
        vec![
            unit.into(),
            row.has.into(),
            row.offer.into(),
            row.baskets.into(),
            row.of_baskets.into(),
            row.confidence.into(),
            row.lift.into(),
        ]
    });
    let columns = ["unit_id", "has_id", "offer_id", "baskets", "of_baskets", "confidence", "lift"];
    insert_batch(tx, "association", &columns, values.collect())
}

/// A rule with the names of what it is about.
#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct NamedRow {
    #[diesel(sql_type = SqlId)]
    pub unit_id: UnitId,
    #[diesel(sql_type = Text)]
    pub unit: String,
    #[diesel(sql_type = SqlId)]
    pub has_id: ProductId,
    #[diesel(sql_type = Text)]
    pub has: String,
    #[diesel(sql_type = SqlId)]
    pub offer_id: ProductId,
    #[diesel(sql_type = Text)]
    pub offer: String,
    #[diesel(sql_type = BigInt)]
    pub baskets: i64,
    #[diesel(sql_type = BigInt)]
    pub of_baskets: i64,
    #[diesel(sql_type = Double)]
    pub confidence: f64,
    #[diesel(sql_type = Double)]
    pub lift: f64,
}

/// Which rules.
#[derive(Debug, Clone, Default)]
pub struct RulesSought {
    /// Of one unit; of all when absent.
    pub unit: Option<UnitId>,
    /// On either side.
    pub product: Option<ProductId>,
    pub count: i64,
    pub confidence: f64,
    pub lift: f64,
}

/// Rules of goods that are still there, the strongest lift first.
pub fn associations_list(db: &mut Db, sought: &RulesSought, limit: i64) -> StoreResult<Vec<NamedRow>> {
    let mut statement = Statement::new(
        "SELECT a.unit_id, u.name AS unit, a.has_id, h.name AS has, a.offer_id, f.name AS offer, a.baskets, \
         a.of_baskets, a.confidence, a.lift FROM association a JOIN unit u ON u.id = a.unit_id \
         JOIN product h ON h.id = a.has_id AND h.deleted_at IS NULL \
         JOIN product f ON f.id = a.offer_id AND f.deleted_at IS NULL WHERE a.baskets >= ",
    );
    statement.bind(sought.count).push(" AND a.confidence >= ").bind(sought.confidence);
    statement.push(" AND a.lift >= ").bind(sought.lift);
    if let Some(unit) = sought.unit {
        statement.push(" AND a.unit_id = ").bind(unit);
    }
    if let Some(product) = sought.product {
        statement.push(" AND (a.has_id = ").bind(product).push(" OR a.offer_id = ").bind(product).push(")");
    }
    statement.push(format!(" ORDER BY a.lift DESC, a.baskets DESC, a.unit_id, a.has_id, a.offer_id LIMIT {limit}"));
    statement.cached().rows(db)
}

/// What goes with something a customer has.
#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct RecommendationRow {
    #[diesel(sql_type = SqlId)]
    pub has_id: ProductId,
    #[diesel(sql_type = Text)]
    pub has: String,
    #[diesel(sql_type = SqlId)]
    pub offer_id: ProductId,
    #[diesel(sql_type = Text)]
    pub offer: String,
    /// Minor units of the currency beside it.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub price: Option<i64>,
    #[diesel(sql_type = Text)]
    pub currency: String,
    #[diesel(sql_type = Bool)]
    pub owned: bool,
    #[diesel(sql_type = BigInt)]
    pub baskets: i64,
    #[diesel(sql_type = Double)]
    pub confidence: f64,
    #[diesel(sql_type = Double)]
    pub lift: f64,
}

/// What goes with what a customer bought or owns and is on sale, the strongest first. What they have already comes only
/// if it is used up. Orders count that are within `orders`; what was bought out of sight is not offered either.
pub fn recommendations_of(
    db: &mut Db,
    (party, unit): (PartyId, UnitId),
    orders: &Visibility,
) -> StoreResult<Vec<RecommendationRow>> {
    let mut statement = Statement::new(format!(
        "SELECT a.has_id, h.name AS has, a.offer_id, f.name AS offer, f.price, f.currency, y.product_id IS NOT NULL AS owned, \
         a.baskets, a.confidence, a.lift FROM (SELECT l.product_id FROM sales_order o JOIN order_line l ON l.order_id = o.id \
         WHERE {SALE} AND l.product_id IS NOT NULL AND o.party_id = "
    ));
    statement.bind(party).push(" AND ");
    push_visible(&mut statement, "o", orders);
    statement.push(" UNION SELECT s.product_id FROM asset s WHERE s.deleted_at IS NULL AND s.product_id IS NOT NULL");
    statement.push(" AND s.party_id = ").bind(party);
    statement.push(") b JOIN association a ON a.has_id = b.product_id AND a.unit_id = ").bind(unit);
    statement.push(format!(
        " JOIN product h ON h.id = a.has_id JOIN product f ON f.id = a.offer_id AND f.deleted_at IS NULL \
         AND f.active = TRUE LEFT JOIN (SELECT l.product_id FROM sales_order o JOIN order_line l ON l.order_id = o.id \
         WHERE {SALE} AND l.product_id IS NOT NULL AND o.party_id = "
    ));
    statement.bind(party);
    statement.push(" UNION SELECT s.product_id FROM asset s WHERE s.deleted_at IS NULL AND s.product_id IS NOT NULL");
    statement.push(" AND s.party_id = ").bind(party);
    statement.push(
        ") y ON y.product_id = a.offer_id WHERE y.product_id IS NULL OR f.consumable = TRUE \
         ORDER BY a.lift DESC, a.confidence DESC, a.offer_id, a.has_id",
    );
    statement.cached().rows(db)
}
