//! Many rows at once, by the fastest way each database has: `COPY` on PostgreSQL, statements of several hundred rows
//! on SQLite, where columns that are empty in the whole batch are left out.

use std::fmt::Write as _;

use diesel::connection::SimpleConnection;
use diesel::{ExecuteCopyFromDsl, PgConnection, QueryResult};
use serde_json::Value;

use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::{Bind, Null, insert_batch};
use crate::types::AnyId;

/// A table rows can be poured into. Values stand in the order of `columns`.
pub struct BulkTable {
    pub name: &'static str,
    pub columns: &'static [&'static str],
    copy: fn(&mut PgConnection, &[u8]) -> QueryResult<usize>,
}

/// Writes all rows. Each row has one value per column of the table.
pub fn rows_insert(db: &mut Db, table: &BulkTable, rows: Vec<Vec<Bind>>) -> StoreResult<()> {
    if rows.is_empty() {
        return Ok(());
    }
    match db {
        Db::Pg(connection) => {
            let mut text = String::with_capacity(rows.len() * 128);
            for row in &rows {
                copy_line(&mut text, row);
            }
            (table.copy)(connection, text.as_bytes())?;
            Ok(())
        }
        Db::Sqlite(_) => {
            let (columns, rows) = without_empty_columns(table.columns, rows);
            insert_batch(db, table.name, &columns, rows)
        }
    }
}

/// Tells PostgreSQL how large the tables have become. While it believes them empty, a thousand codes are looked up by
/// reading a whole unit; its own timer comes by too late for an import. SQLite plans without such figures.
pub fn statistics_refresh(db: &mut Db) -> StoreResult<()> {
    if let Db::Pg(connection) = db {
        connection.batch_execute(
            "ANALYZE party, party_phone, party_email, custom_value, customer_metric, product, sales_order, order_line",
        )?;
    }
    Ok(())
}

fn without_empty_columns(
    columns: &'static [&'static str],
    mut rows: Vec<Vec<Bind>>,
) -> (Vec<&'static str>, Vec<Vec<Bind>>) {
    let used: Vec<bool> =
        (0..columns.len()).map(|column| rows.iter().any(|row| !matches!(row[column], Bind::Null(_)))).collect();
    let kept = columns.iter().zip(&used).filter(|(_, used)| **used).map(|(name, _)| *name).collect();
    if used.contains(&false) {
        for row in &mut rows {
            let mut used = used.iter();
            row.retain(|_| used.next().copied().unwrap_or(true));
        }
    }
    (kept, rows)
}

impl Bind {
    /// A JSON value as a column of the given type; what doesn't fit the type is NULL.
    pub fn from_json(value: &Value, kind: Null) -> Self {
        let text = value.as_str();
        let bound = match kind {
            Null::Id => text.and_then(|text| text.parse().ok()).map(|id| Bind::Id(AnyId(id))),
            Null::Text => text.map(Bind::from),
            Null::Int => value.as_i64().map(Bind::Int),
            Null::Number => value.as_f64().map(Bind::Number),
            Null::Date => text.and_then(|text| text.parse().ok()).map(Bind::Date),
            Null::Instant => text.and_then(|text| text.parse().ok()).map(Bind::Instant),
            Null::Bool => value.as_bool().map(Bind::Bool),
            Null::Json => Some(Bind::Json(value.clone())),
            Null::Bytes => None,
        };
        bound.unwrap_or(Bind::Null(kind))
    }
}

/// One line of PostgreSQL's text format.
fn copy_line(text: &mut String, row: &[Bind]) {
    for (index, value) in row.iter().enumerate() {
        if index > 0 {
            text.push('\t');
        }
        copy_value(text, value);
    }
    text.push('\n');
}

fn copy_value(text: &mut String, value: &Bind) {
    // Writing into a String can't fail.
    let _written = match value {
        Bind::Null(_) => text.write_str("\\N"),
        Bind::Id(id) => write!(text, "{}", id.0),
        Bind::Text(value) => {
            escape(text, value);
            Ok(())
        }
        Bind::Int(value) => write!(text, "{value}"),
        Bind::Number(value) => write!(text, "{value}"),
        Bind::Date(value) => write!(text, "{}", value.format("%Y-%m-%d")),
        Bind::Instant(value) => write!(text, "{}", value.format("%Y-%m-%d %H:%M:%S%.6f+00")),
        Bind::Bool(value) => text.write_str(if *value { "t" } else { "f" }),
        Bind::Json(value) => {
            escape(text, &value.to_string());
            Ok(())
        }
        Bind::Bytes(value) => {
            text.push_str("\\\\x");
            value.iter().try_for_each(|byte| write!(text, "{byte:02x}"))
        }
    };
}

fn escape(text: &mut String, value: &str) {
    for c in value.chars() {
        match c {
            '\\' => text.push_str("\\\\"),
            '\t' => text.push_str("\\t"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            other => text.push(other),
        }
    }
}

/// Declares a table for `COPY`: the text format carries every value, so the column types don't matter here.
macro_rules! bulk_table {
    ($constant:ident = $table:ident [$first:ident $(, $column:ident)* $(,)?]) => {
        mod $table {
            diesel::table! {
                $table ($first) {
                    $first -> Text,
                    $($column -> Text,)*
                }
            }
        }
        pub static $constant: BulkTable = BulkTable {
            name: stringify!($table),
            columns: &[stringify!($first) $(, stringify!($column))*],
            copy: |connection, lines| {
                diesel::copy_from($table::$table::table)
                    .from_raw_data($table::$table::table, |out| {
                        out.write_all(lines).map_err(|error| diesel::result::Error::SerializationError(error.into()))
                    })
                    .execute(connection)
            },
        };
    };
}

bulk_table!(PARTY = party [
    id, unit_id, owner_id, code, kind, name, name_key, name_key_set, status, gender, birthday, tax_id, industry, source,
    level, buying_style, internal, note, import_id, version, created_by, created_at, updated_at, parts,
]);
bulk_table!(CUSTOMER_METRIC = customer_metric [
    party_id, unit_id, owner_id, order_days, orders, gross, net, discount, returns, cost, costs_unknown, open_balance,
    products, categories,
]);
bulk_table!(PARTY_PHONE = party_phone [party_id, position, number, label, is_primary]);
bulk_table!(PARTY_EMAIL = party_email [party_id, position, address, label, is_primary]);
bulk_table!(PARTY_ADDRESS = party_address [
    party_id, position, country, province, city, district, street, postcode, label, is_primary,
]);
bulk_table!(PARTY_DATE = party_date [
    party_id, position, kind, label, person, on_date, year_known, lunar_month, lunar_day, lunar_leap, lunar_year, yearly,
    leap_day, leap_month, next_on,
]);
bulk_table!(PARTY_TAG = party_tag [tag_id, party_id]);
bulk_table!(PARTY_RELATION = party_relation [
    id, from_id, to_id, role, is_primary, note, import_id, version, created_at, updated_at,
]);
bulk_table!(CUSTOM_VALUE = custom_value [
    field_id, resource_id, position, text_value, number_value, int_value, date_value, unique_key,
]);
bulk_table!(PRODUCT = product [
    id, code, name, name_key, brand_id, category_id, unit_of_measure, price, cost, currency, active, consumable, import_id,
    version, created_at, updated_at,
]);
bulk_table!(SALES_ORDER = sales_order [
    id, unit_id, owner_id, party_id, code, status, ordered_on, ordered_at, channel, currency, gross, discount, net,
    net_base, cost, returned, paid, note, import_id, version, created_by, created_at, updated_at,
]);
bulk_table!(ORDER_LINE = order_line [
    order_id, position, product_id, product_code, name, quantity, price, discount, amount, cost, tax_rate, promised_on,
    options,
]);
bulk_table!(PAYMENT = payment [id, order_id, on_date, amount, method, created_at]);
bulk_table!(IMPORT_ROW = import_row [import_id, row_no, outcome, resource_id, row_key, changes, errors, before]);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::Null;

    #[test]
    fn copy_lines_escape_what_the_format_uses() {
        let mut line = String::new();
        let row = [Bind::Text("a\tb\\c\nd".into()), Bind::Null(Null::Int), Bind::Bool(true), Bind::Bytes(vec![1, 255])];
        copy_line(&mut line, &row);
        assert_eq!(line, "a\\tb\\\\c\\nd\t\\N\tt\t\\\\x01ff\n");
    }

    #[test]
    fn empty_columns_are_left_out() {
        let rows = vec![vec![Bind::Int(1), Bind::Null(Null::Int), Bind::Int(2)]; 2];
        let (columns, rows) = without_empty_columns(&["a", "b", "c"], rows);
        assert_eq!((columns, rows), (vec!["a", "c"], vec![vec![Bind::Int(1), Bind::Int(2)]; 2]));
    }
}
