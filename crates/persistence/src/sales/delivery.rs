//! Goods that went out on orders, in parts or at once. A cancelled delivery stays, and counts for nothing.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Date, Integer, Nullable, Text};
use regulars_domain::ids::{OrderDeliveryId, OrderId, UserId};

use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::{Bind, Statement, filled_up, insert, insert_batch, update};
use crate::types::{SqlId, SqlInstant};

#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct DeliveryRow {
    #[diesel(sql_type = SqlId)]
    pub id: OrderDeliveryId,
    #[diesel(sql_type = SqlId)]
    pub order_id: OrderId,
    #[diesel(sql_type = Date)]
    pub on_date: NaiveDate,
    #[diesel(sql_type = Nullable<Text>)]
    pub carrier: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub tracking: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub note: Option<String>,
    #[diesel(sql_type = Nullable<SqlInstant>)]
    pub cancelled_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub created_by: Option<UserId>,
    #[diesel(sql_type = SqlInstant)]
    pub created_at: DateTime<Utc>,
}

/// So much of a line of the order.
#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct DeliveryLineRow {
    #[diesel(sql_type = SqlId)]
    pub delivery_id: OrderDeliveryId,
    /// The line's number in the order.
    #[diesel(sql_type = Integer)]
    pub position: i32,
    /// Thousandths.
    #[diesel(sql_type = BigInt)]
    pub quantity: i64,
}

fn select() -> Statement {
    Statement::new(
        "SELECT id, order_id, on_date, carrier, tracking, note, cancelled_at, created_by, created_at FROM delivery",
    )
    .cached()
}

pub fn delivery_get(db: &mut Db, id: OrderDeliveryId) -> StoreResult<Option<DeliveryRow>> {
    select().with(" WHERE id = ", id).first(db)
}

/// Deliveries of orders, the earliest first; cancelled ones too.
pub fn deliveries_of(db: &mut Db, ids: &[OrderId]) -> StoreResult<Vec<DeliveryRow>> {
    let mut statement = select().then(" WHERE order_id IN (");
    statement.bind_list(filled_up(ids)).push(") ORDER BY on_date, id");
    statement.rows(db)
}

/// What went out with the deliveries of orders, in the order of the lines.
pub fn delivery_lines_of(db: &mut Db, ids: &[OrderId]) -> StoreResult<Vec<DeliveryLineRow>> {
    let mut statement = Statement::new(
        "SELECT x.delivery_id, x.position, x.quantity FROM delivery d JOIN delivery_line x ON x.delivery_id = d.id \
         WHERE d.order_id IN (",
    )
    .cached();
    statement.bind_list(filled_up(ids)).push(") ORDER BY x.delivery_id, x.position");
    statement.rows(db)
}

pub fn delivery_insert(db: &mut Db, row: DeliveryRow, lines: Vec<DeliveryLineRow>) -> StoreResult<()> {
    insert(
        "delivery",
        [
            ("id", row.id.into()),
            ("order_id", row.order_id.into()),
            ("on_date", row.on_date.into()),
            ("carrier", row.carrier.into()),
            ("tracking", row.tracking.into()),
            ("note", row.note.into()),
            ("created_by", row.created_by.into()),
            ("created_at", row.created_at.into()),
        ],
    )
    .run(db)?;
    let bound = |line: DeliveryLineRow| -> Vec<Bind> {
        vec![line.delivery_id.into(), line.position.into(), line.quantity.into()]
    };
    let lines = lines.into_iter().map(bound).collect();
    insert_batch(db, "delivery_line", &["delivery_id", "position", "quantity"], lines)
}

/// Puts right when and by whom it went out; the goods stay.
pub fn delivery_update(db: &mut Db, row: DeliveryRow) -> StoreResult<()> {
    update(
        "delivery",
        [
            ("on_date", row.on_date.into()),
            ("carrier", row.carrier.into()),
            ("tracking", row.tracking.into()),
            ("note", row.note.into()),
        ],
    )
    .with(" WHERE id = ", row.id)
    .run(db)?;
    Ok(())
}

pub fn delivery_cancel(db: &mut Db, id: OrderDeliveryId, now: DateTime<Utc>) -> StoreResult<()> {
    update("delivery", [("cancelled_at", now.into())]).with(" WHERE id = ", id).run(db)?;
    Ok(())
}
