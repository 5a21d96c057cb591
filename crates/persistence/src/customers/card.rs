//! What only the card asks: the goods a customer owns, and dates whose day has passed.

use chrono::NaiveDate;
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Bool, Date, Integer, Nullable, Text};
use regulars_domain::actor::Visibility;
use regulars_domain::ids::{PartyId, ProductId};

use super::parts::DatePart;
use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::{Statement, row_by_place, update};
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

row_by_place! {
    struct PassedRow {
        party_id: PartyId as SqlId,
        position: i32 as Integer,
        kind: String as Text,
        on_date: Option<NaiveDate> as Nullable<Date>,
        year_known: bool as Bool,
        lunar_month: Option<i32> as Nullable<Integer>,
        lunar_day: Option<i32> as Nullable<Integer>,
        lunar_leap: bool as Bool,
        lunar_year: Option<i32> as Nullable<Integer>,
        yearly: bool as Bool,
        leap_day: Option<String> as Nullable<Text>,
        leap_month: Option<String> as Nullable<Text>,
        next_on: Option<NaiveDate> as Nullable<Date>,
    }
}

/// Dates whose next day lies before `today`, with the customers they belong to; without label and person.
pub fn dates_passed(db: &mut Db, today: NaiveDate, limit: i64) -> StoreResult<Vec<(PartyId, DatePart)>> {
    let rows: Vec<PassedRow> = Statement::new(
        "SELECT party_id, position, kind, on_date, year_known, lunar_month, lunar_day, lunar_leap, lunar_year, yearly, \
         leap_day, leap_month, next_on FROM party_date",
    )
    .with(" WHERE next_on < ", today)
    .with(" ORDER BY next_on LIMIT ", limit)
    .cached()
    .rows(db)?;
    let part = |row: PassedRow| DatePart {
        position: row.position,
        kind: row.kind,
        label: None,
        person: None,
        on_date: row.on_date,
        year_known: row.year_known,
        lunar: row.lunar_month.zip(row.lunar_day),
        lunar_leap: row.lunar_leap,
        lunar_year: row.lunar_year,
        yearly: row.yearly,
        leap_day: row.leap_day,
        leap_month: row.leap_month,
        next_on: row.next_on,
    };
    Ok(rows.into_iter().map(|row| (row.party_id, part(row))).collect())
}

pub fn date_next_set(db: &mut Db, party_id: PartyId, position: i32, next_on: Option<NaiveDate>) -> StoreResult<()> {
    update("party_date", [("next_on", next_on.into())])
        .with(" WHERE party_id = ", party_id)
        .with(" AND position = ", position)
        .run(db)?;
    Ok(())
}
