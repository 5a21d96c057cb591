//! What only the card asks: the goods a customer owns, and dates whose day has passed.

use chrono::NaiveDate;
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Bool, Date, Integer, Nullable, Text};
use regulars_domain::actor::Visibility;
use regulars_domain::ids::{PartyId, ProductId};

use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::{Statement, update};
use crate::types::SqlId;
use crate::visible::push_visible;

#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct OwnedProduct {
    #[diesel(sql_type = SqlId)]
    pub product_id: ProductId,
    #[diesel(sql_type = Text)]
    pub name: String,
    /// Thousandths, less what came back.
    #[diesel(sql_type = BigInt)]
    pub quantity: i64,
    #[diesel(sql_type = Date)]
    pub last_on: NaiveDate,
}

/// Goods bought and not wholly returned, the latest first, from orders within reach.
pub fn products_owned(
    db: &mut Db,
    party_id: PartyId,
    orders: &Visibility,
    limit: i64,
) -> StoreResult<Vec<OwnedProduct>> {
    let mut statement = Statement::new(
        "SELECT b.product_id, g.name, b.quantity, b.last_on FROM (SELECT l.product_id, CAST(SUM(l.quantity - COALESCE( \
         (SELECT SUM(t.quantity) FROM order_return t WHERE t.order_id = l.order_id AND t.line_position = l.position), 0)) \
         AS BIGINT) AS quantity, MAX(o.ordered_on) AS last_on FROM sales_order o \
         JOIN order_line l ON l.order_id = o.id AND l.product_id IS NOT NULL",
    )
    .with(" WHERE o.party_id = ", party_id)
    .then(" AND o.deleted_at IS NULL AND o.status IN ('confirmed', 'delivered', 'completed') AND ")
    .cached();
    push_visible(&mut statement, "o", orders);
    statement.push(
        " GROUP BY l.product_id) b JOIN product g ON g.id = b.product_id WHERE b.quantity > 0 \
         ORDER BY b.last_on DESC, b.product_id DESC LIMIT ",
    );
    statement.bind(limit);
    statement.rows(db)
}

/// A date of a customer whose next day is to be told anew.
#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct PassedDate {
    #[diesel(sql_type = SqlId)]
    pub party_id: PartyId,
    #[diesel(sql_type = Integer)]
    pub position: i32,
    #[diesel(sql_type = Nullable<Date>)]
    pub on_date: Option<NaiveDate>,
    #[diesel(sql_type = Nullable<Integer>)]
    pub lunar_month: Option<i32>,
    #[diesel(sql_type = Nullable<Integer>)]
    pub lunar_day: Option<i32>,
    #[diesel(sql_type = Bool)]
    pub lunar_leap: bool,
    #[diesel(sql_type = Bool)]
    pub yearly: bool,
}

/// Dates whose next day lies before `today`.
pub fn dates_passed(db: &mut Db, today: NaiveDate, limit: i64) -> StoreResult<Vec<PassedDate>> {
    Statement::new("SELECT party_id, position, on_date, lunar_month, lunar_day, lunar_leap, yearly FROM party_date")
        .with(" WHERE next_on < ", today)
        .with(" ORDER BY next_on LIMIT ", limit)
        .cached()
        .rows(db)
}

pub fn date_next_set(db: &mut Db, party_id: PartyId, position: i32, next_on: Option<NaiveDate>) -> StoreResult<()> {
    update("party_date", [("next_on", next_on.into())])
        .with(" WHERE party_id = ", party_id)
        .with(" AND position = ", position)
        .run(db)?;
    Ok(())
}
