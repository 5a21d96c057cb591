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
