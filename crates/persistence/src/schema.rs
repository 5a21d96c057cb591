//! The schema as it stands in a database: what holds the two sets of migrations together.

use diesel::QueryableByName;
use diesel::sql_types::{Bool, Text};

use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::Statement;

#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct ColumnRow {
    #[diesel(sql_type = Text)]
    pub table_name: String,
    #[diesel(sql_type = Text)]
    pub column_name: String,
    #[diesel(sql_type = Bool)]
    pub nullable: bool,
}

/// A column that refers to another table.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct ForeignKeyRow {
    #[diesel(sql_type = Text)]
    pub table_name: String,
    #[diesel(sql_type = Text)]
    pub column_name: String,
}

/// Every column with a foreign key to a table.
pub fn schema_references(db: &mut Db, to: &str) -> StoreResult<Vec<ForeignKeyRow>> {
    let mut query = match db {
        Db::Sqlite(_) => Statement::new(
            "SELECT m.name AS table_name, f.\"from\" AS column_name \
             FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table' AND f.\"table\" = ",
        ),
        Db::Pg(_) => Statement::new(
            "SELECT CAST(r.relname AS text) AS table_name, CAST(a.attname AS text) AS column_name \
             FROM pg_constraint c JOIN pg_class r ON r.oid = c.conrelid JOIN pg_class t ON t.oid = c.confrelid \
             JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey) \
             WHERE c.contype = 'f' AND t.relname = ",
        ),
    };
    query.bind(to);
    let mut rows: Vec<ForeignKeyRow> = query.rows(db)?;
    rows.sort();
    Ok(rows)
}

/// Every column of every table, by name. Search tables differ by design and are left out.
pub fn schema_columns(db: &mut Db) -> StoreResult<Vec<ColumnRow>> {
    let query = match db {
        Db::Sqlite(_) => {
            "SELECT m.name AS table_name, c.name AS column_name, (c.\"notnull\" = 0) AS nullable \
             FROM sqlite_master m JOIN pragma_table_info(m.name) c \
             WHERE m.type = 'table' AND m.name NOT LIKE 'party_search%' AND m.name NOT LIKE 'sqlite_%' \
             AND m.name NOT LIKE '__diesel%' ORDER BY m.name, c.name"
        }
        Db::Pg(_) => {
            "SELECT CAST(table_name AS text) COLLATE \"C\" AS table_name, CAST(column_name AS text) COLLATE \"C\" AS column_name, \
             (is_nullable = 'YES') AS nullable FROM information_schema.columns WHERE table_schema = 'public' \
             AND table_name NOT LIKE 'party_search%' AND table_name NOT LIKE '\\_\\_diesel%' AND table_name <> 'migration_lock' \
             ORDER BY 1, 2"
        }
    };
    Statement::new(query).rows(db)
}
