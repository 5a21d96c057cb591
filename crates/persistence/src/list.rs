//! Pages of any list: scope, condition, order, keyset. Answers ids in order with the key of each; the caller reads
//! the rows it wants to show with one query more.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Date, Double, Nullable, Text};
use regulars_domain::condition::{FieldType, Test};

use crate::catalogue::{Catalogue, Field, Place, push_test};
use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::{Bind, Statement};
use crate::types::{AnyId, SqlId, SqlInstant};

/// What is listed: `from` with its alias, the id column, and the predicate that scope and search leave.
pub struct Listing<'a> {
    pub from: &'a str,
    pub id: &'a str,
    pub base: &'a Statement,
    pub catalogue: &'a Catalogue,
    pub test: Option<&'a Test>,
}

/// By one field, then by id in the same direction; by id alone when there is no field.
pub struct Order<'a> {
    pub field: Option<&'a Field>,
    pub descending: bool,
}

/// Where the page before ended.
#[derive(Debug, Clone, PartialEq)]
pub struct Position {
    pub key: Option<Bind>,
    pub id: AnyId,
}

#[derive(QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
struct KeyRow {
    #[diesel(sql_type = SqlId)]
    id: AnyId,
    #[diesel(sql_type = Nullable<Text>)]
    key_text: Option<String>,
    #[diesel(sql_type = Nullable<BigInt>)]
    key_int: Option<i64>,
    #[diesel(sql_type = Nullable<Double>)]
    key_number: Option<f64>,
    #[diesel(sql_type = Nullable<Date>)]
    key_date: Option<NaiveDate>,
    #[diesel(sql_type = Nullable<SqlInstant>)]
    key_at: Option<DateTime<Utc>>,
}

/// The five typed key columns: the sort field fills the one of its type.
const KEYS: &[(&str, &str)] = &[
    ("key_text", "text"),
    ("key_int", "bigint"),
    ("key_number", "double precision"),
    ("key_date", "date"),
    ("key_at", "timestamptz"),
];

fn key_slot(field: &Field) -> &'static str {
    match (&field.place, field.kind) {
        (Place::DaysSince { .. }, _) | (_, FieldType::Date) => "key_date",
        (_, FieldType::Integer | FieldType::Money) => "key_int",
        (_, FieldType::Number) => "key_number",
        (_, FieldType::Instant) => "key_at",
        _ => "key_text",
    }
}

/// A field's column and whether days-since turns its direction around.
fn sort_column(field: &Field) -> Option<(&str, bool)> {
    match &field.place {
        Place::Column(column) => Some((column, false)),
        Place::DaysSince { column, .. } => Some((column, true)),
        _ => None,
    }
}

/// Up to `limit` ids after the position.
pub fn list_ids(
    db: &mut Db,
    listing: &Listing<'_>,
    order: &Order<'_>,
    after: Option<&Position>,
    limit: usize,
) -> StoreResult<Vec<Position>> {
    let sorted = order.field.and_then(|field| Some((field, sort_column(field)?)));
    let mut query = Statement::new(format!("SELECT {} AS id", listing.id));
    for (slot, kind) in KEYS {
        match sorted {
            Some((field, (column, _))) if key_slot(field) == *slot => query.push(format!(", {column} AS {slot}")),
            _ => query.push(format!(", CAST(NULL AS {kind}) AS {slot}")),
        };
    }
    push_from(&mut query, listing, order.field);
    let turned = sorted.is_some_and(|(_, (_, turned))| turned);
    let descending = order.descending != turned;
    if let Some(after) = after {
        query.push(" AND ");
        push_after(&mut query, listing.id, sorted.map(|(field, (column, _))| (field, column)), descending, after);
    }
    let direction = if descending { "DESC" } else { "ASC" };
    query.push(" ORDER BY ");
    if let Some((field, (column, _))) = sorted {
        let nulls = if field.nullable { " NULLS LAST" } else { "" };
        query.push(format!("{column} {direction}{nulls}, "));
    }
    query.push(format!("{} {direction} LIMIT {limit}", listing.id));
    let rows: Vec<KeyRow> = query.cached().rows(db)?;
    Ok(rows.into_iter().map(position).collect())
}

fn position(row: KeyRow) -> Position {
    let key = row
        .key_text
        .map(Bind::from)
        .or(row.key_int.map(Bind::from))
        .or(row.key_number.map(Bind::from))
        .or(row.key_date.map(Bind::from))
        .or(row.key_at.map(Bind::from));
    Position { key, id: row.id }
}

/// `FROM … WHERE base AND test`, with the joins that the test and the sort field need.
pub(crate) fn push_from(query: &mut Statement, listing: &Listing<'_>, sort: Option<&Field>) {
    query.push(format!(" FROM {}{} WHERE ", listing.from, listing.catalogue.joins_for(listing.test, sort)));
    query.append(listing.base.clone());
    if let Some(test) = listing.test {
        query.push(" AND ");
        push_test(query, listing.catalogue, test);
    }
}

/// Rows after the position. Missing keys come last in both directions.
fn push_after(query: &mut Statement, id: &str, sorted: Option<(&Field, &str)>, descending: bool, after: &Position) {
    let sign = if descending { "<" } else { ">" };
    let Some((field, column)) = sorted else {
        query.push(format!("{id} {sign} ")).bind(Bind::Id(after.id));
        return;
    };
    match &after.key {
        Some(key) => {
            query.push(format!("(({column} {sign}= ")).bind(key.clone());
            query.push(format!(" AND ({column} {sign} ")).bind(key.clone());
            query.push(format!(" OR {id} {sign} ")).bind(Bind::Id(after.id)).push("))");
            query.push(if field.nullable { format!(" OR {column} IS NULL)") } else { ")".into() });
        }
        None => {
            query.push(format!("({column} IS NULL AND {id} {sign} ")).bind(Bind::Id(after.id)).push(")");
        }
    }
}

/// How many there are, counting no further than `cap` when one is given.
pub fn list_count(db: &mut Db, listing: &Listing<'_>, cap: Option<i64>) -> StoreResult<i64> {
    let mut query = Statement::default();
    match cap {
        Some(cap) => {
            query.push("SELECT COUNT(*) AS n FROM (SELECT 1 AS one");
            push_from(&mut query, listing, None);
            query.push(format!(" LIMIT {cap}) AS counted"));
        }
        None => {
            query.push("SELECT COUNT(*) AS n");
            push_from(&mut query, listing, None);
        }
    }
    query.number(db)
}
