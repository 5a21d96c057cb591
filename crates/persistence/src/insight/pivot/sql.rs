//! The executor that has the database divide facts: the judge of every other.

use chrono::{Days, NaiveDate, NaiveTime};
use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql, QueryableByName};
use diesel::row::NamedRow;
use diesel::sql_types::{BigInt, Nullable, Text};
use regulars_domain::actor::Visibility;
use regulars_domain::condition::{FieldType, Test};
use regulars_domain::pivot::{Aggregate, Axis, Grain, Group, Grouping, Key, Part, Period};
use uuid::Uuid;

use super::facts::Fact;
use crate::catalogue::{Field, Place, push_test};
use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::Statement;
use crate::types::{AnyId, SqlId};
use crate::visible::push_visible;

/// Which facts: those within reach that meet a test, of some days.
#[derive(Debug, Clone)]
pub struct PivotScope {
    pub reach: Visibility,
    /// The customers whose fields may be looked at; facts of others fall out where such a field is named.
    pub customers: Visibility,
    pub test: Option<Test>,
    pub period: Option<Period>,
}

/// Where a fact falls that is none of the kept ones. No word of a dictionary holds it.
const OTHERS: &str = "\u{1}";

pub(super) struct GroupRow {
    pub keys: Vec<Option<String>>,
    figures: Vec<i64>,
}

/// The first column says how many keys follow; behind them stand the figures.
impl<B: Backend> QueryableByName<B> for GroupRow
where
    Option<String>: FromSql<Nullable<Text>, B>,
    i64: FromSql<BigInt, B>,
{
    fn build<'r>(row: &impl NamedRow<'r, B>) -> deserialize::Result<Self> {
        let keys = usize::try_from(row.get_value::<BigInt, i64, usize>(0)?)?;
        Ok(Self {
            keys: (1..=keys).map(|at| row.get_value::<Nullable<Text>, _, usize>(at)).collect::<Result<_, _>>()?,
            figures: (keys + 1..row.field_count())
                .map(|at| row.get_value::<BigInt, i64, usize>(at))
                .collect::<Result<_, _>>()?,
        })
    }
}

/// The groups of a grouping, at most `limit`, in no order. Axes and aggregates name what the fact has; anything else
/// divides nothing and counts nothing.
pub fn pivot_groups(
    db: &mut Db,
    fact: &Fact,
    scope: &PivotScope,
    grouping: &Grouping,
    limit: usize,
) -> StoreResult<Vec<Group>> {
    let axes: Vec<(&Field, &Axis)> =
        grouping.axes.iter().filter_map(|axis| Some((fact.catalogue.field(&axis.field)?, axis))).collect();
    let mut query = Statement::new(format!("SELECT CAST({} AS BIGINT) AS k", axes.len()));
    for (at, (field, axis)) in axes.iter().enumerate() {
        let key = key_sql(db, field, axis.grain);
        query.push(", ");
        match grouping.kept.get(at).and_then(Option::as_ref) {
            Some(kept) => push_folded(&mut query, db, field, &key, kept),
            None => {
                query.push(key);
            }
        }
        query.push(format!(" AS k{at}"));
    }
    for (at, aggregate) in grouping.aggregates.iter().enumerate() {
        let (sum, count) = match aggregate {
            Aggregate::Count => ("COUNT(*)".into(), "COUNT(*)".into()),
            Aggregate::Sum(name) => {
                let sql = fact.measure(name).map_or("NULL", |measure| measure.sql.as_str());
                (format!("CAST(COALESCE(SUM({sql}), 0) AS BIGINT)"), format!("COUNT({sql})"))
            }
            Aggregate::Distinct(name) => {
                let sql = fact.catalogue.field(name).and_then(column_of).unwrap_or("NULL");
                (format!("COUNT(DISTINCT {sql})"), format!("COUNT({sql})"))
            }
        };
        query.push(format!(", {sum} AS s{at}, {count} AS n{at}"));
    }
    push_facts(&mut query, fact, scope, axes.iter().map(|(field, _)| *field));
    // Without an axis one row comes even of nothing: a total of 0.
    if !axes.is_empty() {
        let places: Vec<String> = (2..axes.len() + 2).map(|place| place.to_string()).collect();
        query.push(format!(" GROUP BY {}", places.join(", ")));
    }
    query.push(format!(" LIMIT {limit}"));
    let rows: Vec<GroupRow> = query.rows(db)?;
    Ok(rows.into_iter().map(|row| group(row, &axes)).collect())
}

fn group(row: GroupRow, axes: &[(&Field, &Axis)]) -> Group {
    let keys = row.keys.into_iter().zip(axes).map(|(text, (field, _))| key(text, field));
    let parts = row.figures.chunks_exact(2).map(|pair| Part { sum: pair[0], count: pair[1] });
    Group { keys: keys.collect(), parts: parts.collect() }
}

/// A key as everybody writes it, from how the database does.
pub(super) fn key(text: Option<String>, field: &Field) -> Key {
    match text {
        None => Key::Missing,
        Some(text) if text == OTHERS => Key::Others,
        Some(text) if field.ids => Key::Value(Uuid::parse_str(&text).map_or(text, |id| id.to_string())),
        Some(text) if field.kind == FieldType::Bool => {
            Key::Value(if text == "1" || text == "true" { "true" } else { "false" }.into())
        }
        Some(text) => Key::Value(text),
    }
}

/// A key as the database writes it.
fn stored(db: &Db, field: &Field, key: &str) -> String {
    match db {
        Db::Sqlite(_) if field.ids => Uuid::parse_str(key).map_or_else(|_| key.into(), |id| id.simple().to_string()),
        Db::Sqlite(_) if field.kind == FieldType::Bool && matches!(field.place, Place::Column(_)) => {
            if key == "true" { "1" } else { "0" }.into()
        }
        _ => key.into(),
    }
}

fn push_folded(query: &mut Statement, db: &Db, field: &Field, sql: &str, kept: &[Key]) {
    let values = kept.iter().filter_map(|key| match key {
        Key::Value(text) => Some(stored(db, field, text)),
        _ => None,
    });
    let missing = if kept.contains(&Key::Missing) { "NULL" } else { others_sql(db) };
    query.push(format!("CASE WHEN {sql} IS NULL THEN {missing}"));
    query.push(format!(" WHEN {sql} IN (")).bind_list(values).push(format!(") THEN {sql} ELSE "));
    query.push(others_sql(db)).push(" END");
}

fn others_sql(db: &Db) -> &'static str {
    match db {
        Db::Sqlite(_) => "CHAR(1)",
        Db::Pg(_) => "CHR(1)",
    }
}

fn column_of(field: &Field) -> Option<&str> {
    match &field.place {
        Place::Column(column) => Some(column),
        _ => None,
    }
}

/// The field's key as text. Of values in rows of another table the first one counts.
pub(super) fn key_sql(db: &Db, field: &Field, grain: Option<Grain>) -> String {
    let column = match &field.place {
        Place::Column(column) => column.clone(),
        Place::Rows { from, value } if field.kind == FieldType::Bool => {
            return format!("(SELECT MIN(CASE WHEN {value} THEN 'true' ELSE 'false' END) FROM {from})");
        }
        Place::Rows { from, value } => format!("(SELECT MIN({value}) FROM {from})"),
        Place::DaysSince { .. } | Place::Purchases { .. } => "NULL".into(),
    };
    if field.kind == FieldType::Date {
        return date_sql(db, &column, grain.unwrap_or(Grain::Day));
    }
    match db {
        Db::Sqlite(_) if field.ids => format!("CASE WHEN {column} IS NOT NULL THEN LOWER(HEX({column})) END"),
        _ => format!("CAST({column} AS text)"),
    }
}

/// The first day of the bucket, `YYYY-MM-DD`.
fn date_sql(db: &Db, column: &str, grain: Grain) -> String {
    match (db, grain) {
        (Db::Sqlite(_), Grain::Day) => column.into(),
        (Db::Sqlite(_), Grain::Week) => format!("DATE({column}, 'weekday 0', '-6 days')"),
        (Db::Sqlite(_), Grain::Month) => format!("SUBSTR({column}, 1, 7) || '-01'"),
        (Db::Sqlite(_), Grain::Quarter) => format!(
            "SUBSTR({column}, 1, 5) || SUBSTR('01040710', (CAST(SUBSTR({column}, 6, 2) AS INTEGER) - 1) / 3 * 2 + 1, 2) \
             || '-01'"
        ),
        (Db::Sqlite(_), Grain::Year) => format!("SUBSTR({column}, 1, 4) || '-01-01'"),
        (Db::Pg(_), Grain::Day) => format!("CAST({column} AS text)"),
        (Db::Pg(_), grain) => {
            let part = match grain {
                Grain::Week => "week",
                Grain::Quarter => "quarter",
                Grain::Year => "year",
                Grain::Day | Grain::Month => "month",
            };
            format!("CAST(CAST(DATE_TRUNC('{part}', CAST({column} AS timestamp)) AS date) AS text)")
        }
    }
}

/// `FROM … WHERE …` of the facts in scope, with the joins that these fields and the test need.
fn push_facts<'a>(query: &mut Statement, fact: &'a Fact, scope: &PivotScope, named: impl Iterator<Item = &'a Field>) {
    let mut tested = Vec::new();
    if let Some(test) = &scope.test {
        test.fields(&mut tested);
    }
    let tested = tested.into_iter().filter_map(|name| fact.catalogue.field(name));
    let mut aliases: Vec<&str> = named.chain(tested).filter_map(|field| field.join).collect();
    let own = fact.reached.alias;
    // Facts that are reached through their customer need no second look at it.
    let of_customers = own != "p" && aliases.iter().any(|alias| matches!(*alias, "p" | "m"));
    if of_customers {
        aliases.push("p");
    }
    query.push(format!(" FROM {}", fact.from));
    for (alias, join) in &fact.catalogue.joins {
        if aliases.contains(alias) {
            query.push(format!(" {join}"));
        }
    }
    query.push(format!(" WHERE {} AND ", fact.base));
    push_visible(query, own, &scope.reach);
    if of_customers {
        query.push(" AND p.deleted_at IS NULL AND ");
        push_visible(query, "p", &scope.customers);
    }
    if let (Some(period), Some(column)) = (scope.period, fact.catalogue.field(fact.date).and_then(column_of)) {
        query.push(format!(" AND {column} >= ")).bind(period.from);
        query.push(format!(" AND {column} <= ")).bind(period.to);
        if let Some(moment) = fact.moment {
            // No zone is further than a day from UTC: what an index may serve, the days above decide.
            let start = |day: NaiveDate| day.and_time(NaiveTime::MIN).and_utc();
            if let Some(from) = period.from.pred_opt() {
                query.push(format!(" AND {moment} >= ")).bind(start(from));
            }
            if let Some(to) = period.to.checked_add_days(Days::new(2)) {
                query.push(format!(" AND {moment} < ")).bind(start(to));
            }
        }
    }
    if let Some(test) = &scope.test {
        query.push(" AND ");
        push_test(query, &fact.catalogue, test);
    }
}

#[derive(QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
struct RecordRow {
    #[diesel(sql_type = SqlId)]
    id: AnyId,
}

/// Facts with one key on one axis. With others as the key, those that are none of `kept`.
#[derive(Debug, Clone)]
pub struct PivotAt {
    pub axis: Axis,
    pub key: Key,
    pub kept: Option<Vec<Key>>,
}

/// The records behind facts at all of these places, each once, newest first.
pub fn pivot_records(
    db: &mut Db,
    fact: &Fact,
    scope: &PivotScope,
    places: &[PivotAt],
    after: Option<Uuid>,
    limit: usize,
) -> StoreResult<Vec<Uuid>> {
    let fields: Vec<(&Field, &PivotAt)> =
        places.iter().filter_map(|place| Some((fact.catalogue.field(&place.axis.field)?, place))).collect();
    let mut query = Statement::new(format!("SELECT DISTINCT {} AS id", fact.record));
    push_facts(&mut query, fact, scope, fields.iter().map(|(field, _)| *field));
    for (field, PivotAt { axis, key, kept }) in fields {
        let sql = key_sql(db, field, axis.grain);
        match key {
            Key::Value(text) => {
                let text = stored(db, field, text);
                query.push(format!(" AND {sql} = ")).bind(text);
            }
            Key::Missing => {
                query.push(format!(" AND {sql} IS NULL"));
            }
            Key::Others => {
                query.push(" AND ");
                push_folded(&mut query, db, field, &sql, kept.as_deref().unwrap_or_default());
                query.push(format!(" = {}", others_sql(db)));
            }
        }
    }
    if let Some(after) = after {
        query.push(format!(" AND {} < ", fact.record)).bind(after);
    }
    query.push(format!(" ORDER BY id DESC LIMIT {limit}"));
    Ok(query.rows::<RecordRow>(db)?.into_iter().map(|row| row.id.0).collect())
}
