//! What the executor in memory is filled from: sales with their lines, what stands behind them, and which events have
//! changed any of it since. Keys and figures are the expressions that the database itself divides and sums.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::QueryableByName;
use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql};
use diesel::row::NamedRow;
use diesel::sql_types::{BigInt, Date, Nullable, Text};
use regulars_domain::condition::FieldType;
use regulars_domain::ids::{PartyId, ProductId};
use regulars_domain::pivot::Key;
use serde_json::Value;
use uuid::Uuid;

use super::facts::Fact;
use super::sql::{GroupRow, key, key_sql};
use crate::catalogue::Field;
use crate::db::Db;
use crate::error::StoreResult;
use crate::insight::counter::SALE;
use crate::sql::Statement;
use crate::types::{AnyId, SqlId, SqlJson};

/// Members read at a time.
pub const MEMBER_PAGE: i64 = 5_000;

/// Which expressions fill which columns, in their order.
#[derive(Debug, Clone)]
pub struct Columns {
    pub order_keys: Vec<Field>,
    pub order_figures: Vec<&'static str>,
    pub line_figures: Vec<&'static str>,
    pub customer_keys: Vec<Field>,
    pub product_keys: Vec<Field>,
    order_sql: Vec<String>,
    line_sql: Vec<String>,
}

/// A sale. Its last key says that it is paid.
#[derive(Debug, Clone)]
pub struct OrderColumns {
    pub id: Uuid,
    pub customer: Uuid,
    pub day: NaiveDate,
    pub keys: Vec<Option<String>>,
    pub figures: Vec<Option<i64>>,
}

#[derive(Debug, Clone)]
pub struct LineColumns {
    pub order: Uuid,
    pub product: Option<Uuid>,
    pub figures: Vec<Option<i64>>,
}

/// A customer or a product with its keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberColumns {
    pub id: Uuid,
    pub keys: Vec<Option<String>>,
}

/// Columns of orders, but for the last key.
const ORDER_KEYS: [&str; 5] = ["unit", "owner", "channel", "status", "currency"];
/// Columns of customers behind unit, owner and whether it lives: what changes only with an event about the customer.
const CUSTOMER_KEYS: [&str; 11] = [
    "kind",
    "status",
    "gender",
    "birthday",
    "industry",
    "source",
    "level",
    "buying_style",
    "province",
    "city",
    "district",
];

/// What is kept in memory of both facts. Differences of two others need no column.
pub fn columns(lines: &Fact, orders: &Fact) -> Columns {
    let own = |names: &[&str]| -> Vec<Field> {
        names.iter().filter_map(|name| lines.catalogue.field(name).cloned()).collect()
    };
    let of_party = |name: &str, column: &str| Field::column(name, FieldType::Ref, column);
    let mut customer_keys = vec![
        of_party("customer.unit", "p.unit_id").of_ids(),
        of_party("customer.owner", "p.owner_id").of_ids().nullable(),
        Field::column("customer.living", FieldType::Choice, "CASE WHEN p.deleted_at IS NULL THEN 'living' END"),
    ];
    let names: Vec<String> = CUSTOMER_KEYS.iter().map(|name| format!("customer.{name}")).collect();
    customer_keys.extend(own(&names.iter().map(String::as_str).collect::<Vec<_>>()));
    let mut order_keys = own(&ORDER_KEYS);
    let paid = "CASE WHEN o.net - o.returned - o.paid <= 0 THEN 'paid' END";
    order_keys.push(Field::column("paid_up", FieldType::Choice, paid));
    let figures = |fact: &Fact| -> (Vec<&'static str>, Vec<String>) {
        let kept = fact.measures.iter().filter(|measure| measure.name != "margin");
        kept.map(|measure| (measure.name, measure.sql.clone())).unzip()
    };
    let ((order_figures, order_sql), (line_figures, line_sql)) = (figures(orders), figures(lines));
    Columns {
        order_keys,
        order_figures,
        line_figures,
        customer_keys,
        product_keys: own(&["category", "brand"]),
        order_sql,
        line_sql,
    }
}

/// So many keys follow, then figures: both as the first column says.
struct OrderRow(OrderColumns);
struct LineRow(LineColumns);

impl<B: Backend> QueryableByName<B> for OrderRow
where
    AnyId: FromSql<SqlId, B>,
    NaiveDate: FromSql<Date, B>,
    Option<String>: FromSql<Nullable<Text>, B>,
    i64: FromSql<BigInt, B>,
    Option<i64>: FromSql<Nullable<BigInt>, B>,
{
    fn build<'r>(row: &impl NamedRow<'r, B>) -> deserialize::Result<Self> {
        const FIRST: usize = 4;
        let end = FIRST + usize::try_from(row.get_value::<BigInt, i64, usize>(0)?)?;
        Ok(Self(OrderColumns {
            id: row.get_value::<SqlId, AnyId, usize>(1)?.0,
            customer: row.get_value::<SqlId, AnyId, usize>(2)?.0,
            day: row.get_value::<Date, NaiveDate, usize>(3)?,
            keys: (FIRST..end).map(|at| row.get_value::<Nullable<Text>, _, usize>(at)).collect::<Result<_, _>>()?,
            figures: (end..row.field_count())
                .map(|at| row.get_value::<Nullable<BigInt>, _, usize>(at))
                .collect::<Result<_, _>>()?,
        }))
    }
}

impl<B: Backend> QueryableByName<B> for LineRow
where
    AnyId: FromSql<SqlId, B>,
    Option<ProductId>: FromSql<Nullable<SqlId>, B>,
    Option<i64>: FromSql<Nullable<BigInt>, B>,
{
    fn build<'r>(row: &impl NamedRow<'r, B>) -> deserialize::Result<Self> {
        Ok(Self(LineColumns {
            order: row.get_value::<SqlId, AnyId, usize>(0)?.0,
            product: row.get_value::<Nullable<SqlId>, Option<ProductId>, usize>(1)?.map(|id| id.0),
            figures: (2..row.field_count())
                .map(|at| row.get_value::<Nullable<BigInt>, _, usize>(at))
                .collect::<Result<_, _>>()?,
        }))
    }
}

/// Which orders are read.
#[derive(Debug, Clone, Copy)]
pub enum WhichOrders<'a> {
    These(&'a [Uuid]),
    /// In the order of ids behind the first up to the second, or to the end.
    Between(Option<Uuid>, Option<Uuid>),
}

fn push_which(query: &mut Statement, which: WhichOrders<'_>) {
    query.push(format!(" WHERE {SALE}"));
    match which {
        WhichOrders::These(ids) => {
            query.push(" AND o.id IN (").bind_list(ids.iter().copied()).push(")");
        }
        WhichOrders::Between(after, last) => {
            if let Some(after) = after {
                query.push(" AND o.id > ").bind(after);
            }
            if let Some(last) = last {
                query.push(" AND o.id <= ").bind(last);
            }
        }
    }
}

/// The last of the next so many orders, be they sales or not; none when there are no more than that.
pub fn orders_page_end(db: &mut Db, after: Option<Uuid>, page: i64) -> StoreResult<Option<Uuid>> {
    let mut query = Statement::new("SELECT o.id FROM sales_order o").cached();
    if let Some(after) = after {
        query.push(" WHERE o.id > ").bind(after);
    }
    query.push(" ORDER BY o.id LIMIT 1 OFFSET ").bind(page - 1);
    Ok(query.first::<IdRow>(db)?.map(|row| row.id.0))
}

/// Sales, rising by id; what was asked for and is none is not among them.
pub fn orders_read(db: &mut Db, columns: &Columns, which: WhichOrders<'_>) -> StoreResult<Vec<OrderColumns>> {
    let keys = &columns.order_keys;
    let mut query =
        Statement::new(format!("SELECT CAST({} AS BIGINT) AS n, o.id, o.party_id, o.ordered_on", keys.len()));
    for field in keys {
        query.push(format!(", {}", key_sql(db, field, None)));
    }
    for sql in &columns.order_sql {
        query.push(format!(", CAST({sql} AS BIGINT)"));
    }
    query.push(" FROM sales_order o");
    push_which(&mut query, which);
    query.push(" ORDER BY o.id");
    let rows: Vec<OrderRow> = query.rows(db)?;
    let named = |mut order: OrderColumns| {
        for (text, field) in order.keys.iter_mut().zip(keys) {
            *text = named(text.take(), field);
        }
        order
    };
    Ok(rows.into_iter().map(|row| named(row.0)).collect())
}

/// The lines of sales, in the order of the orders' ids.
pub fn lines_read(db: &mut Db, columns: &Columns, which: WhichOrders<'_>) -> StoreResult<Vec<LineColumns>> {
    let mut query = Statement::new("SELECT l.order_id, l.product_id");
    for sql in &columns.line_sql {
        query.push(format!(", CAST({sql} AS BIGINT)"));
    }
    query.push(" FROM sales_order o CROSS JOIN order_line l");
    push_which(&mut query, which);
    query.push(" AND l.order_id = o.id ORDER BY o.id");
    Ok(query.rows::<LineRow>(db)?.into_iter().map(|row| row.0).collect())
}

/// A key as everybody writes it.
fn named(text: Option<String>, field: &Field) -> Option<String> {
    match key(text, field) {
        Key::Value(text) => Some(text),
        Key::Missing | Key::Others => None,
    }
}

fn members(
    db: &mut Db,
    id: &str,
    keys: &[Field],
    from: &str,
    narrowed: impl FnOnce(&mut Statement),
) -> StoreResult<Vec<MemberColumns>> {
    let id = Field::column("id", FieldType::Ref, id).of_ids();
    let fields: Vec<&Field> = std::iter::once(&id).chain(keys).collect();
    let mut query = Statement::new(format!("SELECT CAST({} AS BIGINT) AS k", fields.len()));
    for field in &fields {
        query.push(format!(", {}", key_sql(db, field, None)));
    }
    query.push(format!(" FROM {from}"));
    narrowed(&mut query);
    let rows: Vec<GroupRow> = query.rows(db)?;
    let member = |row: GroupRow| {
        let mut named = row.keys.into_iter().zip(&fields).map(|(text, field)| named(text, field));
        let id = Uuid::parse_str(&named.next()??).ok()?;
        Some(MemberColumns { id, keys: named.collect() })
    };
    Ok(rows.into_iter().filter_map(member).collect())
}

/// The next customers in the order of ids, the deleted ones among them.
pub fn customers_page(db: &mut Db, columns: &Columns, after: Option<Uuid>) -> StoreResult<Vec<MemberColumns>> {
    members(db, "p.id", &columns.customer_keys, "party p", |query| {
        if let Some(after) = after {
            query.push(" WHERE p.id > ").bind(after);
        }
        query.push(format!(" ORDER BY p.id LIMIT {MEMBER_PAGE}"));
    })
}

pub fn customers_by_id(db: &mut Db, columns: &Columns, ids: &[Uuid]) -> StoreResult<Vec<MemberColumns>> {
    members(db, "p.id", &columns.customer_keys, "party p", |query| {
        query.push(" WHERE p.id IN (").bind_list(ids.iter().copied()).push(")");
    })
}

/// All products.
pub fn products_read(db: &mut Db, columns: &Columns) -> StoreResult<Vec<MemberColumns>> {
    members(db, "t.id", &columns.product_keys, "product t", |_| {})
}

/// All people with their departments.
pub fn people_read(db: &mut Db) -> StoreResult<Vec<MemberColumns>> {
    let department = Field::column("department", FieldType::Ref, "w.department_id").of_ids();
    members(db, "w.id", &[department], "app_user w", |_| {})
}

#[derive(QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
struct IdRow {
    #[diesel(sql_type = SqlId)]
    id: AnyId,
}

/// Every order of these customers.
pub fn orders_of_customers(db: &mut Db, ids: &[Uuid]) -> StoreResult<Vec<Uuid>> {
    let mut query = Statement::new("SELECT o.id FROM sales_order o WHERE o.party_id IN (");
    query.bind_list(ids.iter().copied()).push(")");
    Ok(query.rows::<IdRow>(db)?.into_iter().map(|row| row.id.0).collect())
}

/// What a change was about.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct ChangedEvent {
    /// Absent until the event is numbered.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub seq: Option<i64>,
    #[diesel(sql_type = Text)]
    pub resource: String,
    #[diesel(sql_type = Text)]
    pub action: String,
    #[diesel(sql_type = SqlId)]
    pub resource_id: AnyId,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub party_id: Option<PartyId>,
    /// Of a merge, or of one taken back: what tells of the other customer.
    #[diesel(sql_type = Nullable<SqlJson>)]
    pub told: Option<Value>,
}

/// The changes behind a number in their order, then those that have none yet; at most `limit` of either.
pub fn changes_after(db: &mut Db, seq: i64, limit: i64) -> StoreResult<Vec<ChangedEvent>> {
    let select = || {
        Statement::new(
            "SELECT seq, resource, action, resource_id, party_id, \
             CASE WHEN action IN ('merged_away', 'unmerged') THEN after END AS told FROM event",
        )
        .cached()
    };
    let mut found: Vec<ChangedEvent> =
        select().with(" WHERE seq > ", seq).with(" ORDER BY seq LIMIT ", limit).rows(db)?;
    found.extend(select().with(" WHERE seq IS NULL LIMIT ", limit).rows::<ChangedEvent>(db)?);
    Ok(found)
}

/// How many jobs of these kinds run, or have run since. They write much and tell of it when they are done.
pub fn writing_jobs(db: &mut Db, kinds: &[&str], since: DateTime<Utc>) -> StoreResult<i64> {
    let mut query = Statement::new("SELECT COUNT(*) AS n FROM job WHERE kind IN (").cached();
    query.bind_list(kinds.iter().copied()).push(") AND (status = 'running' OR finished_at >= ").bind(since);
    query.push(" OR started_at >= ").bind(since).push(")");
    query.number(db)
}
