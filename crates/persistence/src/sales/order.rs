//! Orders and what belongs to them. Amounts are minor units of the order's currency, quantities thousandths.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Date, Integer, Nullable, Text};
use regulars_domain::actor::Visibility;
use regulars_domain::ids::{
    BillId, ImportId, OpportunityId, OrderId, PartyId, PaymentId, QuoteId, ReturnId, UnitId, UserId,
};

use super::line::{LineRow, LineTable};
use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::{Bind, Statement, filled_up, insert, insert_batch, update};
use crate::types::{SqlId, SqlInstant};
use crate::visible::push_visible;

#[derive(Debug, Clone, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct OrderRow {
    #[diesel(sql_type = SqlId)]
    pub id: OrderId,
    #[diesel(sql_type = SqlId)]
    pub unit_id: UnitId,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub owner_id: Option<UserId>,
    #[diesel(sql_type = SqlId)]
    pub party_id: PartyId,
    #[diesel(sql_type = Text)]
    pub code: String,
    #[diesel(sql_type = Text)]
    pub status: String,
    /// The business day.
    #[diesel(sql_type = Date)]
    pub ordered_on: NaiveDate,
    #[diesel(sql_type = SqlInstant)]
    pub ordered_at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<Text>)]
    pub channel: Option<String>,
    #[diesel(sql_type = Text)]
    pub currency: String,
    /// Σ of quantity × price over the lines.
    #[diesel(sql_type = BigInt)]
    pub gross: i64,
    /// Discounts of the lines and of the order.
    #[diesel(sql_type = BigInt)]
    pub discount: i64,
    /// gross − discount.
    #[diesel(sql_type = BigInt)]
    pub net: i64,
    /// The same in the company's currency.
    #[diesel(sql_type = BigInt)]
    pub net_base: i64,
    /// Company currency for one unit of the order's, in millionths.
    #[diesel(sql_type = BigInt)]
    pub exchange_rate: i64,
    /// Cost of all goods; unknown when that of any line is.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub cost: Option<i64>,
    #[diesel(sql_type = BigInt)]
    pub returned: i64,
    #[diesel(sql_type = BigInt)]
    pub paid: i64,
    #[diesel(sql_type = Nullable<Text>)]
    pub note: Option<String>,
    /// What it was offered by.
    #[diesel(sql_type = Nullable<SqlId>)]
    pub quote_id: Option<QuoteId>,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub opportunity_id: Option<OpportunityId>,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub import_id: Option<ImportId>,
    #[diesel(sql_type = BigInt)]
    pub version: i64,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub created_by: Option<UserId>,
    #[diesel(sql_type = SqlInstant)]
    pub created_at: DateTime<Utc>,
    #[diesel(sql_type = SqlInstant)]
    pub updated_at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<SqlInstant>)]
    pub deleted_at: Option<DateTime<Utc>>,
}

const COLUMNS: [&str; 27] = [
    "id",
    "unit_id",
    "owner_id",
    "party_id",
    "code",
    "status",
    "ordered_on",
    "ordered_at",
    "channel",
    "currency",
    "gross",
    "discount",
    "net",
    "net_base",
    "exchange_rate",
    "cost",
    "returned",
    "paid",
    "note",
    "quote_id",
    "opportunity_id",
    "import_id",
    "version",
    "created_by",
    "created_at",
    "updated_at",
    "deleted_at",
];

fn select() -> Statement {
    let columns: Vec<String> = COLUMNS.iter().map(|column| format!("o.{column}")).collect();
    Statement::new(format!("SELECT {} FROM sales_order o", columns.join(", "))).cached()
}

/// Money received; less than zero when it went back.
#[derive(Debug, Clone, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct PaymentRow {
    #[diesel(sql_type = SqlId)]
    pub id: PaymentId,
    #[diesel(sql_type = SqlId)]
    pub order_id: OrderId,
    #[diesel(sql_type = Date)]
    pub on_date: NaiveDate,
    #[diesel(sql_type = BigInt)]
    pub amount: i64,
    #[diesel(sql_type = Nullable<Text>)]
    pub method: Option<String>,
    /// The bill that it names.
    #[diesel(sql_type = Nullable<SqlId>)]
    pub bill_id: Option<BillId>,
    #[diesel(sql_type = SqlInstant)]
    pub created_at: DateTime<Utc>,
}

#[derive(Debug, Clone, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct ReturnRow {
    #[diesel(sql_type = SqlId)]
    pub id: ReturnId,
    #[diesel(sql_type = SqlId)]
    pub order_id: OrderId,
    #[diesel(sql_type = Nullable<Integer>)]
    pub line_position: Option<i32>,
    #[diesel(sql_type = Date)]
    pub on_date: NaiveDate,
    #[diesel(sql_type = Nullable<BigInt>)]
    pub quantity: Option<i64>,
    #[diesel(sql_type = BigInt)]
    pub amount: i64,
    #[diesel(sql_type = Nullable<Text>)]
    pub reason: Option<String>,
    /// The part of `quantity` that had never gone out.
    #[diesel(sql_type = BigInt)]
    pub unsent: i64,
    #[diesel(sql_type = SqlInstant)]
    pub created_at: DateTime<Utc>,
}

/// A living order within sight.
pub fn order_get(db: &mut Db, id: OrderId, visibility: &Visibility) -> StoreResult<Option<OrderRow>> {
    let mut statement = select().with(" WHERE o.id = ", id).then(" AND o.deleted_at IS NULL AND ");
    push_visible(&mut statement, "o", visibility);
    statement.first(db)
}

/// Orders by id, in no order: of a page whose ids were found within sight.
pub fn orders_get(db: &mut Db, ids: &[OrderId]) -> StoreResult<Vec<OrderRow>> {
    let mut statement = select().then(" WHERE o.id IN (");
    statement.bind_list(filled_up(ids)).push(")");
    statement.rows(db)
}

/// The latest orders of a customer within sight, the newest first.
pub fn orders_of_party(db: &mut Db, party: PartyId, visibility: &Visibility, limit: i64) -> StoreResult<Vec<OrderRow>> {
    let mut statement = select().with(" WHERE o.party_id = ", party).then(" AND o.deleted_at IS NULL AND ");
    push_visible(&mut statement, "o", visibility);
    statement.push(format!(" ORDER BY o.ordered_on DESC, o.id DESC LIMIT {limit}"));
    statement.rows(db)
}

/// Living orders of a unit by code, for imports.
pub fn orders_by_code(db: &mut Db, unit: UnitId, codes: &[String]) -> StoreResult<Vec<OrderRow>> {
    let mut rows = Vec::with_capacity(codes.len());
    for some in codes.chunks(500) {
        let mut statement =
            select().with(" WHERE o.unit_id = ", unit).then(" AND o.deleted_at IS NULL AND o.code IN (");
        statement.bind_list(some).push(")");
        rows.extend(statement.rows::<OrderRow>(db)?);
    }
    Ok(rows)
}

pub fn orders_insert(db: &mut Db, rows: Vec<OrderRow>) -> StoreResult<()> {
    let bound = |row: OrderRow| -> Vec<Bind> {
        vec![
            row.id.into(),
            row.unit_id.into(),
            row.owner_id.into(),
            row.party_id.into(),
            row.code.into(),
            row.status.into(),
            row.ordered_on.into(),
            row.ordered_at.into(),
            row.channel.into(),
            row.currency.into(),
            row.gross.into(),
            row.discount.into(),
            row.net.into(),
            row.net_base.into(),
            row.exchange_rate.into(),
            row.cost.into(),
            row.returned.into(),
            row.paid.into(),
            row.note.into(),
            row.quote_id.into(),
            row.opportunity_id.into(),
            row.import_id.into(),
            row.version.into(),
            row.created_by.into(),
            row.created_at.into(),
            row.updated_at.into(),
            row.deleted_at.into(),
        ]
    };
    insert_batch(db, "sales_order", &COLUMNS, rows.into_iter().map(bound).collect())
}

/// Replaces the row if it still has `version`; answers whether it had. Deletes when `deleted_at` is set.
pub fn order_update(db: &mut Db, row: OrderRow) -> StoreResult<bool> {
    let statement = update(
        "sales_order",
        [
            ("unit_id", row.unit_id.into()),
            ("owner_id", row.owner_id.into()),
            ("party_id", row.party_id.into()),
            ("code", row.code.into()),
            ("status", row.status.into()),
            ("ordered_on", row.ordered_on.into()),
            ("ordered_at", row.ordered_at.into()),
            ("channel", row.channel.into()),
            ("currency", row.currency.into()),
            ("gross", row.gross.into()),
            ("discount", row.discount.into()),
            ("net", row.net.into()),
            ("net_base", row.net_base.into()),
            ("exchange_rate", row.exchange_rate.into()),
            ("cost", row.cost.into()),
            ("returned", row.returned.into()),
            ("paid", row.paid.into()),
            ("note", row.note.into()),
            ("version", (row.version + 1).into()),
            ("updated_at", row.updated_at.into()),
            ("deleted_at", row.deleted_at.into()),
        ],
    );
    Ok(statement.with(" WHERE id = ", row.id).with(" AND version = ", row.version).run(db)? == 1)
}

const LINES: LineTable = LineTable { table: "order_line", holder: "order_id" };

fn of_orders(columns: &str, table: &str, ids: &[OrderId], order: &str) -> Statement {
    let mut statement = Statement::new(format!("SELECT {columns} FROM {table} WHERE order_id IN ("));
    statement.bind_list(filled_up(ids)).push(format!(") ORDER BY {order}"));
    statement.cached()
}

/// Lines of orders, in their order.
pub fn lines_of(db: &mut Db, ids: &[OrderId]) -> StoreResult<Vec<LineRow>> {
    LINES.of(db, ids)
}

pub fn payments_of(db: &mut Db, ids: &[OrderId]) -> StoreResult<Vec<PaymentRow>> {
    of_orders("id, order_id, on_date, amount, method, bill_id, created_at", "payment", ids, "on_date, id").rows(db)
}

pub fn returns_of(db: &mut Db, ids: &[OrderId]) -> StoreResult<Vec<ReturnRow>> {
    let columns = "id, order_id, line_position, on_date, quantity, amount, reason, unsent, created_at";
    of_orders(columns, "order_return", ids, "on_date, id").rows(db)
}

pub fn lines_insert(db: &mut Db, rows: Vec<LineRow>) -> StoreResult<()> {
    LINES.insert(db, rows)
}

/// Takes the lines of an order away, for others to be put in their place.
pub fn lines_delete(db: &mut Db, id: OrderId) -> StoreResult<()> {
    LINES.delete(db, id)
}

/// The living orders that came of offers.
pub fn orders_of_quotes(db: &mut Db, ids: &[QuoteId]) -> StoreResult<Vec<OrderRow>> {
    let mut statement = select().then(" WHERE o.deleted_at IS NULL AND o.quote_id IN (");
    statement.bind_list(filled_up(ids)).push(")");
    statement.rows(db)
}

pub fn payment_insert(db: &mut Db, row: PaymentRow) -> StoreResult<()> {
    insert(
        "payment",
        [
            ("id", row.id.into()),
            ("order_id", row.order_id.into()),
            ("on_date", row.on_date.into()),
            ("amount", row.amount.into()),
            ("method", row.method.into()),
            ("bill_id", row.bill_id.into()),
            ("created_at", row.created_at.into()),
        ],
    )
    .run(db)?;
    Ok(())
}

pub fn return_insert(db: &mut Db, row: ReturnRow) -> StoreResult<()> {
    insert(
        "order_return",
        [
            ("id", row.id.into()),
            ("order_id", row.order_id.into()),
            ("line_position", row.line_position.map(i64::from).into()),
            ("on_date", row.on_date.into()),
            ("quantity", row.quantity.into()),
            ("amount", row.amount.into()),
            ("reason", row.reason.into()),
            ("unsent", row.unsent.into()),
            ("created_at", row.created_at.into()),
        ],
    )
    .run(db)?;
    Ok(())
}

/// Notes that what came back of an order had never gone out: it is not delivered after all.
pub fn returns_unsent(db: &mut Db, id: OrderId) -> StoreResult<()> {
    Statement::new(
        "UPDATE order_return SET unsent = quantity WHERE line_position IS NOT NULL AND quantity IS NOT NULL",
    )
    .with(" AND order_id = ", id)
    .cached()
    .run(db)?;
    Ok(())
}
