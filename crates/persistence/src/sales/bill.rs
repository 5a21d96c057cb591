//! Bills of orders: seen and written by those who see and write the order. Amounts are minor units of the order's currency
//! with the tax they contain, tax rates hundredths of a percent.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Date, Integer, Nullable, Text};
use regulars_domain::actor::Visibility;
use regulars_domain::condition::FieldType;
use regulars_domain::ids::{BillId, OrderId, PartyId, UnitId, UserId};

use crate::catalogue::{Catalogue, Field, like_escaped};
use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::{Bind, Statement, filled_up, insert, insert_batch, update};
use crate::types::{SqlId, SqlInstant};
use crate::visible::push_visible;

#[derive(Debug, Clone, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct BillRow {
    #[diesel(sql_type = SqlId)]
    pub id: BillId,
    /// The unit that made it: its code is one of that unit's.
    #[diesel(sql_type = SqlId)]
    pub unit_id: UnitId,
    #[diesel(sql_type = SqlId)]
    pub order_id: OrderId,
    #[diesel(sql_type = Text)]
    pub code: String,
    #[diesel(sql_type = Date)]
    pub billed_on: NaiveDate,
    #[diesel(sql_type = Date)]
    pub due_on: NaiveDate,
    #[diesel(sql_type = BigInt)]
    pub amount: i64,
    /// What returns took off the amount.
    #[diesel(sql_type = BigInt)]
    pub credited: i64,
    /// The money that settles it, whether it named this bill or none.
    #[diesel(sql_type = BigInt)]
    pub paid: i64,
    #[diesel(sql_type = Nullable<Text>)]
    pub note: Option<String>,
    #[diesel(sql_type = Nullable<SqlInstant>)]
    pub cancelled_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub created_by: Option<UserId>,
    #[diesel(sql_type = SqlInstant)]
    pub created_at: DateTime<Utc>,
}

/// What stands on a bill of one line of the order.
#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct BillLineRow {
    #[diesel(sql_type = SqlId)]
    pub bill_id: BillId,
    /// The line's number in the order.
    #[diesel(sql_type = Integer)]
    pub position: i32,
    #[diesel(sql_type = Text)]
    pub name: String,
    #[diesel(sql_type = BigInt)]
    pub amount: i64,
    #[diesel(sql_type = BigInt)]
    pub tax_rate: i64,
    #[diesel(sql_type = BigInt)]
    pub credited: i64,
}

/// What a list shows of the order of a bill.
#[derive(Debug, Clone, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct BilledOrder {
    #[diesel(sql_type = SqlId)]
    pub id: OrderId,
    #[diesel(sql_type = Text)]
    pub code: String,
    #[diesel(sql_type = Text)]
    pub currency: String,
    #[diesel(sql_type = SqlId)]
    pub party_id: PartyId,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub owner_id: Option<UserId>,
}

/// Lists bills as alias `b` of orders as alias `o`.
pub const BILL_FROM: &str = "bill b JOIN sales_order o ON o.id = b.order_id";

fn select() -> Statement {
    Statement::new(
        "SELECT b.id, b.unit_id, b.order_id, b.code, b.billed_on, b.due_on, b.amount, b.credited, b.paid, b.note, \
         b.cancelled_at, b.created_by, b.created_at FROM bill b",
    )
    .cached()
}

/// What bills are filtered and sorted by. Whether one is overdue depends on the day.
pub fn bill_catalogue(today: NaiveDate) -> Catalogue {
    use FieldType::{Bool, Choice, Date as Day, Instant, Money, Ref, Text as Words};
    let owes = "b.cancelled_at IS NULL AND b.amount > b.credited AND b.paid < b.amount - b.credited";
    let overdue = format!("({owes} AND b.due_on < '{today}')");
    let status = format!(
        "(CASE WHEN b.cancelled_at IS NOT NULL OR b.amount <= b.credited THEN 'cancelled' \
         WHEN b.paid >= b.amount - b.credited THEN 'paid' WHEN b.due_on < '{today}' THEN 'overdue' \
         WHEN b.paid > 0 THEN 'partly' ELSE 'open' END)"
    );
    let balance = format!("(CASE WHEN {owes} THEN b.amount - b.credited - b.paid ELSE 0 END)");
    let fields = vec![
        Field::column("id", Ref, "b.id").of_ids(),
        Field::column("code", Words, "b.code").sortable(),
        Field::column("status", Choice, &status),
        Field::column("overdue", Bool, &overdue),
        Field::column("customer", Ref, "o.party_id").of_ids(),
        Field::column("order", Ref, "b.order_id").of_ids(),
        Field::column("unit", Ref, "o.unit_id").of_ids(),
        Field::column("owner", Ref, "o.owner_id").of_ids().nullable(),
        Field::column("billed_on", Day, "b.billed_on").sortable(),
        Field::column("due_on", Day, "b.due_on").sortable(),
        Field::column("currency", Choice, "o.currency"),
        Field::column("amount", Money, "b.amount").sortable(),
        Field::column("paid", Money, "b.paid").sortable(),
        Field::column("balance", Money, &balance).sortable(),
        Field::column("created_at", Instant, "b.created_at").sortable(),
    ];
    Catalogue { fields, ..Catalogue::default() }
}

/// Bills of living orders within sight whose code, or their order's, or their customer's name begins with the text; all
/// of them without a text.
pub fn bill_base(orders: &Visibility, customers: &Visibility, q: Option<&str>) -> Statement {
    let mut base = Statement::new("o.deleted_at IS NULL AND ");
    push_visible(&mut base, "o", orders);
    if let Some(q) = q {
        let pattern = format!("{}%", like_escaped(q));
        base.push(" AND (LOWER(b.code) LIKE ").bind(pattern.as_str()).push(" ESCAPE '\\'");
        base.push(" OR LOWER(o.code) LIKE ").bind(pattern.as_str()).push(" ESCAPE '\\'");
        base.push(" OR o.party_id IN (SELECT p.id FROM party p WHERE (LOWER(p.name) LIKE ").bind(pattern.as_str());
        base.push(" ESCAPE '\\' OR p.name_key LIKE ").bind(pattern).push(" ESCAPE '\\') AND ");
        push_visible(&mut base, "p", customers);
        base.push("))");
    }
    base
}

/// A bill whoever may see it: its order says who does.
pub fn bill_get(db: &mut Db, id: BillId) -> StoreResult<Option<BillRow>> {
    select().with(" WHERE b.id = ", id).first(db)
}

/// Bills by id, in no order: of a page whose ids were found within sight.
pub fn bills_get(db: &mut Db, ids: &[BillId]) -> StoreResult<Vec<BillRow>> {
    let mut statement = select().then(" WHERE b.id IN (");
    statement.bind_list(filled_up(ids)).push(")");
    statement.rows(db)
}

/// Bills of an order, the earliest due first; cancelled ones too.
pub fn bills_of(db: &mut Db, id: OrderId) -> StoreResult<Vec<BillRow>> {
    select().with(" WHERE b.order_id = ", id).then(" ORDER BY b.due_on, b.id").rows(db)
}

/// The orders of bills, whoever may see them.
pub fn billed_orders(db: &mut Db, ids: &[OrderId]) -> StoreResult<Vec<BilledOrder>> {
    let mut statement =
        Statement::new("SELECT o.id, o.code, o.currency, o.party_id, o.owner_id FROM sales_order o WHERE o.id IN (");
    statement.bind_list(filled_up(ids)).push(")");
    statement.cached().rows(db)
}

/// Lines of bills, in the order of the lines of the order.
pub fn bill_lines_of(db: &mut Db, ids: &[BillId]) -> StoreResult<Vec<BillLineRow>> {
    let mut statement =
        Statement::new("SELECT bill_id, position, name, amount, tax_rate, credited FROM bill_line WHERE bill_id IN (")
            .cached();
    statement.bind_list(filled_up(ids)).push(") ORDER BY bill_id, position");
    statement.rows(db)
}

pub fn bill_insert(db: &mut Db, row: BillRow, lines: Vec<BillLineRow>) -> StoreResult<()> {
    insert(
        "bill",
        [
            ("id", row.id.into()),
            ("unit_id", row.unit_id.into()),
            ("order_id", row.order_id.into()),
            ("code", row.code.into()),
            ("billed_on", row.billed_on.into()),
            ("due_on", row.due_on.into()),
            ("amount", row.amount.into()),
            ("credited", row.credited.into()),
            ("paid", row.paid.into()),
            ("note", row.note.into()),
            ("created_by", row.created_by.into()),
            ("created_at", row.created_at.into()),
        ],
    )
    .run(db)?;
    let bound = |line: BillLineRow| -> Vec<Bind> {
        vec![
            line.bill_id.into(),
            line.position.into(),
            line.name.into(),
            line.amount.into(),
            line.tax_rate.into(),
            line.credited.into(),
        ]
    };
    let columns = ["bill_id", "position", "name", "amount", "tax_rate", "credited"];
    insert_batch(db, "bill_line", &columns, lines.into_iter().map(bound).collect())
}

/// What is credited and paid of a bill, and whether it was cancelled.
pub fn bill_update(db: &mut Db, row: &BillRow) -> StoreResult<()> {
    update(
        "bill",
        [("credited", row.credited.into()), ("paid", row.paid.into()), ("cancelled_at", row.cancelled_at.into())],
    )
    .with(" WHERE id = ", row.id)
    .run(db)?;
    Ok(())
}

pub fn bill_line_credit(db: &mut Db, line: &BillLineRow) -> StoreResult<()> {
    update("bill_line", [("credited", line.credited.into())])
        .with(" WHERE bill_id = ", line.bill_id)
        .with(" AND position = ", line.position)
        .run(db)?;
    Ok(())
}
