//! Orders as an import meets them: headers with their lines, found by code, created in bulk, replaced and put back.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Bool, Date, Integer, Nullable, Text};
use regulars_domain::actor::Visibility;
use regulars_domain::ids::{ImportId, OrderId, PartyId, PaymentId, ProductId, UnitId, UserId};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::party::Provenance;
use crate::bulk::{ORDER_LINE, PAYMENT, SALES_ORDER, rows_insert};
use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::{Bind, Null, Statement, update};
use crate::types::{SqlId, SqlInstant, SqlJson};
use crate::visible::push_visible;

/// What an order says besides its lines; amounts in minor units.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct OrderHead {
    #[diesel(sql_type = SqlId)]
    pub party_id: PartyId,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub owner_id: Option<UserId>,
    #[diesel(sql_type = Text)]
    pub status: String,
    #[diesel(sql_type = Date)]
    pub ordered_on: NaiveDate,
    #[diesel(sql_type = SqlInstant)]
    pub ordered_at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<Text>)]
    pub channel: Option<String>,
    #[diesel(sql_type = Text)]
    pub currency: String,
    #[diesel(sql_type = BigInt)]
    pub gross: i64,
    #[diesel(sql_type = BigInt)]
    pub discount: i64,
    #[diesel(sql_type = BigInt)]
    pub net: i64,
    /// Unknown when a line's is.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub cost: Option<i64>,
    #[diesel(sql_type = BigInt)]
    pub paid: i64,
    #[diesel(sql_type = Nullable<Text>)]
    pub note: Option<String>,
}

/// One line; quantity in thousandths, amounts in minor units.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct LineFields {
    #[diesel(sql_type = Nullable<SqlId>)]
    pub product_id: Option<ProductId>,
    #[diesel(sql_type = Nullable<Text>)]
    pub product_code: Option<String>,
    #[diesel(sql_type = Text)]
    pub name: String,
    #[diesel(sql_type = BigInt)]
    pub quantity: i64,
    #[diesel(sql_type = BigInt)]
    pub price: i64,
    #[diesel(sql_type = BigInt)]
    pub discount: i64,
    #[diesel(sql_type = BigInt)]
    pub amount: i64,
    /// Of one unit.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub cost: Option<i64>,
    /// Of the tax that the amount contains, in hundredths of a percent. No file says it or the two below: a line that
    /// is replaced keeps its own. Records of before there were such have none.
    #[diesel(sql_type = BigInt)]
    #[serde(default)]
    pub tax_rate: i64,
    #[diesel(sql_type = Nullable<Date>)]
    #[serde(default)]
    pub promised_on: Option<NaiveDate>,
    #[diesel(sql_type = Nullable<SqlJson>)]
    #[serde(default)]
    pub options: Option<Value>,
}

#[derive(Debug, Clone, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct OrderHit {
    #[diesel(sql_type = SqlId)]
    pub id: OrderId,
    #[diesel(sql_type = Text)]
    pub code: String,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub import_id: Option<ImportId>,
    #[diesel(sql_type = BigInt)]
    pub version: i64,
    #[diesel(sql_type = BigInt)]
    pub returned: i64,
    /// Whether deliveries or bills are on file, cancelled ones too.
    #[diesel(sql_type = Bool)]
    pub sent: bool,
    #[diesel(sql_type = Nullable<SqlInstant>)]
    pub deleted_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Bool)]
    pub reachable: bool,
    #[diesel(embed)]
    pub head: OrderHead,
}

pub fn orders_find(db: &mut Db, unit: UnitId, codes: &[String], reach: &Visibility) -> StoreResult<Vec<OrderHit>> {
    let mut hits = Vec::new();
    for codes in codes.chunks(1000) {
        let mut statement = Statement::new(
            "SELECT o.id, o.code, o.import_id, o.version, o.returned, o.deleted_at, o.party_id, o.owner_id, o.status, \
             o.ordered_on, o.ordered_at, o.channel, o.currency, o.gross, o.discount, o.net, o.cost, o.paid, o.note, \
             (EXISTS (SELECT 1 FROM delivery d WHERE d.order_id = o.id) \
             OR EXISTS (SELECT 1 FROM bill b WHERE b.order_id = o.id)) AS sent, (",
        );
        push_visible(&mut statement, "o", reach);
        statement.push(") AS reachable FROM sales_order o WHERE o.unit_id = ").bind(unit);
        statement.push(" AND o.code IN (").bind_list(codes.iter()).push(")");
        hits.extend(statement.rows(db)?);
    }
    Ok(hits)
}

#[derive(QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
struct LineRow {
    #[diesel(sql_type = SqlId)]
    order_id: OrderId,
    #[diesel(sql_type = Integer)]
    #[expect(dead_code, reason = "selected to order by it")]
    position: i32,
    #[diesel(embed)]
    line: LineFields,
}

/// The lines of orders, in their order.
pub fn order_lines(db: &mut Db, ids: &[OrderId]) -> StoreResult<HashMap<OrderId, Vec<LineFields>>> {
    let mut lines: HashMap<OrderId, Vec<LineFields>> = HashMap::new();
    for ids in ids.chunks(1000) {
        let mut statement = Statement::new(
            "SELECT order_id, position, product_id, product_code, name, quantity, price, discount, amount, cost, \
             tax_rate, promised_on, options FROM order_line WHERE order_id IN (",
        );
        statement.bind_list(ids.iter().copied()).push(") ORDER BY order_id, position");
        for row in statement.rows::<LineRow>(db)? {
            lines.entry(row.order_id).or_default().push(row.line);
        }
    }
    Ok(lines)
}

/// An order to be created.
#[derive(Debug, Clone)]
pub struct NewOrder {
    pub id: OrderId,
    pub unit_id: UnitId,
    pub code: String,
    pub head: OrderHead,
    pub lines: Vec<LineFields>,
}

pub fn orders_insert(db: &mut Db, orders: Vec<NewOrder>, by: Provenance) -> StoreResult<()> {
    let (mut heads, mut lines, mut payments) = (Vec::new(), Vec::new(), Vec::new());
    for order in orders {
        let head = order.head;
        lines.extend(numbered(order.id, 0, order.lines));
        if head.paid != 0 {
            payments.push(vec![
                PaymentId::fresh().into(),
                order.id.into(),
                head.ordered_on.into(),
                head.paid.into(),
                Bind::Null(Null::Text),
                by.now.into(),
            ]);
        }
        heads.push(vec![
            order.id.into(),
            order.unit_id.into(),
            head.owner_id.into(),
            head.party_id.into(),
            order.code.into(),
            head.status.into(),
            head.ordered_on.into(),
            head.ordered_at.into(),
            head.channel.into(),
            head.currency.into(),
            head.gross.into(),
            head.discount.into(),
            head.net.into(),
            head.net.into(),
            head.cost.into(),
            0_i64.into(),
            head.paid.into(),
            head.note.into(),
            by.import_id.into(),
            1_i64.into(),
            by.user_id.into(),
            by.now.into(),
            by.now.into(),
        ]);
    }
    rows_insert(db, &SALES_ORDER, heads)?;
    rows_insert(db, &ORDER_LINE, lines)?;
    rows_insert(db, &PAYMENT, payments)
}

fn numbered(id: OrderId, from: usize, lines: Vec<LineFields>) -> impl Iterator<Item = Vec<Bind>> {
    lines.into_iter().enumerate().map(move |(index, line)| {
        vec![
            id.into(),
            ((from + index) as i64).into(),
            line.product_id.into(),
            line.product_code.into(),
            line.name.into(),
            line.quantity.into(),
            line.price.into(),
            line.discount.into(),
            line.amount.into(),
            line.cost.into(),
            line.tax_rate.into(),
            line.promised_on.into(),
            line.options.into(),
        ]
    })
}

/// Replaces what an order says, if its version is still `version`; false when it is not. `import` becomes its origin.
pub fn order_replace(
    db: &mut Db,
    id: OrderId,
    version: i64,
    head: OrderHead,
    lines: Vec<LineFields>,
    import: Option<ImportId>,
    now: DateTime<Utc>,
) -> StoreResult<bool> {
    let changed = update(
        "sales_order",
        [
            ("party_id", head.party_id.into()),
            ("owner_id", head.owner_id.into()),
            ("status", head.status.into()),
            ("ordered_on", head.ordered_on.into()),
            ("ordered_at", head.ordered_at.into()),
            ("channel", head.channel.into()),
            ("currency", head.currency.into()),
            ("gross", head.gross.into()),
            ("discount", head.discount.into()),
            ("net", head.net.into()),
            ("net_base", head.net.into()),
            ("cost", head.cost.into()),
            ("paid", head.paid.into()),
            ("note", head.note.into()),
            ("import_id", import.into()),
            ("version", (version + 1).into()),
            ("updated_at", now.into()),
        ],
    )
    .with(" WHERE id = ", id)
    .with(" AND version = ", version)
    .run(db)?;
    if changed == 0 {
        return Ok(false);
    }
    Statement::new("DELETE FROM order_line").cached().with(" WHERE order_id = ", id).run(db)?;
    rows_insert(db, &ORDER_LINE, numbered(id, 0, lines).collect())?;
    Ok(true)
}

/// Adds lines behind the first `from`, with the sums that follow. The version stays: the same import writes on.
pub fn order_append(
    db: &mut Db,
    id: OrderId,
    head: &OrderHead,
    from: usize,
    lines: Vec<LineFields>,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    update(
        "sales_order",
        [
            ("gross", head.gross.into()),
            ("discount", head.discount.into()),
            ("net", head.net.into()),
            ("net_base", head.net.into()),
            ("cost", head.cost.into()),
            ("paid", head.paid.into()),
            ("updated_at", now.into()),
        ],
    )
    .with(" WHERE id = ", id)
    .run(db)?;
    update("payment", [("amount", head.paid.into())]).with(" WHERE order_id = ", id).run(db)?;
    rows_insert(db, &ORDER_LINE, numbered(id, from, lines).collect())
}

#[derive(Debug, Clone, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct CreatedOrder {
    #[diesel(sql_type = SqlId)]
    pub id: OrderId,
    #[diesel(sql_type = Text)]
    pub code: String,
    #[diesel(sql_type = Bool)]
    pub changed: bool,
    #[diesel(sql_type = Bool)]
    pub in_use: bool,
}

/// The next orders an import created behind `after`.
pub fn orders_created(db: &mut Db, import: ImportId, after: OrderId, limit: i64) -> StoreResult<Vec<CreatedOrder>> {
    Statement::new(
        "SELECT o.id, o.code, (o.version > 1 OR o.deleted_at IS NOT NULL) AS changed, \
         (EXISTS (SELECT 1 FROM order_return r WHERE r.order_id = o.id) \
         OR EXISTS (SELECT 1 FROM delivery d WHERE d.order_id = o.id) \
         OR EXISTS (SELECT 1 FROM bill b WHERE b.order_id = o.id) \
         OR EXISTS (SELECT 1 FROM asset a WHERE a.order_id = o.id)) AS in_use FROM sales_order o",
    )
    .with(" WHERE o.import_id = ", import)
    .with(" AND o.id > ", after)
    .with(" ORDER BY o.id LIMIT ", limit)
    .rows(db)
}

pub fn orders_erase(db: &mut Db, ids: &[OrderId]) -> StoreResult<()> {
    for ids in ids.chunks(1000) {
        for (table, column) in [
            ("payment", "order_id"),
            ("order_line", "order_id"),
            ("custom_value", "resource_id"),
            ("sales_order", "id"),
        ] {
            let mut statement = Statement::new(format!("DELETE FROM {table} WHERE {column} IN ("));
            statement.bind_list(ids.iter().copied()).push(")");
            statement.run(db)?;
        }
    }
    Ok(())
}

/// The next customers behind `after` with orders of this import, in the order of their ids.
pub fn customers_of_import(db: &mut Db, import: ImportId, after: PartyId, limit: i64) -> StoreResult<Vec<PartyId>> {
    #[derive(QueryableByName)]
    #[diesel(check_for_backend(crate::MultiBackend))]
    struct IdRow {
        #[diesel(sql_type = SqlId)]
        party_id: PartyId,
    }
    let rows = Statement::new("SELECT DISTINCT party_id FROM sales_order")
        .with(" WHERE party_id > ", after)
        .with(" AND import_id = ", import)
        .with(" ORDER BY party_id LIMIT ", limit)
        .rows::<IdRow>(db)?;
    Ok(rows.into_iter().map(|row| row.party_id).collect())
}

/// The customers of these orders.
pub fn customers_of(db: &mut Db, orders: &[OrderId]) -> StoreResult<Vec<PartyId>> {
    #[derive(QueryableByName)]
    #[diesel(check_for_backend(crate::MultiBackend))]
    struct IdRow {
        #[diesel(sql_type = SqlId)]
        party_id: PartyId,
    }
    let mut statement = Statement::new("SELECT DISTINCT party_id FROM sales_order WHERE id IN (");
    statement.bind_list(orders.iter().copied()).push(")");
    Ok(statement.rows::<IdRow>(db)?.into_iter().map(|row| row.party_id).collect())
}
