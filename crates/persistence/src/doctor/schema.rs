//! The tables as they are beside those this program expects: its own migrations, run on an empty database in memory.

use std::collections::BTreeSet;

use diesel::QueryableByName;
use diesel::sql_types::Text;

use crate::backup::integrity_findings;
use crate::db::{Db, Location, Manager};
use crate::error::{StoreError, StoreResult};
use crate::migrate::{level_known, migrate_in, migration_level};
use crate::schema::schema_columns;
use crate::sql::Statement;

/// The schema of this program, empty, in memory.
pub(super) fn expected() -> StoreResult<Db> {
    let memory = Manager::new(Location::Sqlite(":memory:".into()));
    let mut db = memory.connect_writer().map_err(StoreError::connect)?;
    migrate_in(&mut db)?;
    Ok(db)
}

#[derive(QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
struct NameRow {
    #[diesel(sql_type = Text)]
    name: String,
}

/// Names of the indexes; those that SQLite makes for keys have none of their own.
fn indexes(db: &mut Db) -> StoreResult<BTreeSet<String>> {
    let query = match db {
        Db::Sqlite(_) => "SELECT name FROM sqlite_master WHERE type = 'index' AND name NOT LIKE 'sqlite_autoindex%'",
        Db::Pg(_) => "SELECT CAST(indexname AS text) AS name FROM pg_indexes WHERE schemaname = 'public'",
    };
    Ok(Statement::new(query).rows::<NameRow>(db)?.into_iter().map(|row| row.name).collect())
}

/// Missing and unknown columns and missing indexes, and a migration level that is not this program's.
pub fn schema_differences(db: &mut Db) -> StoreResult<(usize, Vec<String>)> {
    let mut ours = expected()?;
    let mut wrong = Vec::new();
    let (level, known) = (migration_level(db)?.unwrap_or_default(), level_known()?);
    if level != known {
        wrong.push(format!("at migration {level}, not {known}"));
    }
    let name = |column: crate::schema::ColumnRow| {
        format!("{}.{}{}", column.table_name, column.column_name, if column.nullable { "?" } else { "" })
    };
    let wanted: BTreeSet<String> = schema_columns(&mut ours)?.into_iter().map(name).collect();
    let found: BTreeSet<String> = schema_columns(db)?.into_iter().map(name).collect();
    wrong.extend(wanted.difference(&found).map(|column| format!("{column} is missing")));
    wrong.extend(found.difference(&wanted).map(|column| format!("{column} is unknown")));
    let there = indexes(db)?;
    wrong.extend(indexes(&mut ours)?.difference(&there).map(|index| format!("index {index} is missing")));
    Ok((wanted.len(), wrong))
}

/// SQLite checks its pages, indexes and constraints. PostgreSQL is asked whether it keeps checksums of its pages and
/// whether indexes or constraints are marked as not to be relied on.
pub fn integrity(db: &mut Db) -> StoreResult<(String, Vec<String>)> {
    if let Db::Sqlite(_) = db {
        return Ok(("every page, index and constraint".into(), integrity_findings(db)?));
    }
    let invalid: Vec<NameRow> = Statement::new(
        "SELECT CAST(indexrelid::regclass AS text) AS name FROM pg_index WHERE NOT (indisvalid AND indisready) \
         UNION ALL SELECT CAST(conname AS text) FROM pg_constraint WHERE NOT convalidated",
    )
    .rows(db)?;
    let checksums: Option<NameRow> = Statement::new("SELECT current_setting('data_checksums') AS name").first(db)?;
    let checksums = checksums.map_or_else(String::new, |row| row.name);
    let wrong = invalid.into_iter().map(|row| format!("{} is not valid", row.name)).collect();
    Ok((format!("indexes and constraints are valid, page checksums are {checksums}"), wrong))
}
