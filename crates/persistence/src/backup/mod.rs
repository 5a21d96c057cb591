//! A whole database out and in: copied while others write, put in place at once or not at all. Nothing here knows
//! what a backup is made of besides; see `regulars_app::backup`.

mod postgres;
mod sqlite;

use std::path::Path;

use crate::db::{Db, Location, Manager};
use crate::error::{StoreError, StoreResult};
use crate::sql::Statement;

pub use postgres::dump_advice;
pub(crate) use sqlite::integrity_findings;

/// What stands at a place where a database is to be put.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Occupied {
    /// Nothing, or tables without a company.
    Free,
    Company,
}

/// Writes a consistent copy of the database to `to`, a new file: itself an SQLite file, or a custom-format dump of
/// PostgreSQL. Everything committed before the call is in it.
pub fn database_copy(location: &Location, to: &Path) -> StoreResult<()> {
    match location {
        Location::Sqlite(path) => sqlite::copy(path, to),
        Location::Postgres(url) => postgres::dump(url, to),
    }
}

/// Checks a copy before it is put in place: SQLite's own check of every page; answers its migration level.
/// A dump of PostgreSQL has no more to tell than whether it can be listed.
pub fn copy_check(location: &Location, copy: &Path) -> StoreResult<Option<String>> {
    match location {
        Location::Sqlite(_) => sqlite::check(copy),
        Location::Postgres(_) => postgres::check(copy).map(|()| None),
    }
}

/// Puts a checked copy where the database is to be: one rename, or one transaction. Refuses while others use the
/// database there.
pub fn database_place(location: &Location, copy: &Path) -> StoreResult<()> {
    match location {
        Location::Sqlite(path) => sqlite::place(path, copy),
        Location::Postgres(url) => postgres::place(url, copy),
    }
}

/// What stands at the location. Refuses when it cannot be reached.
pub fn location_occupied(location: &Location) -> StoreResult<Occupied> {
    if let Location::Sqlite(path) = location
        && !Path::new(path).exists()
    {
        return Ok(Occupied::Free);
    }
    let mut db = Manager::new(location.clone()).connect_reader().map_err(StoreError::connect)?;
    let there =
        table_exists(&mut db, "company")? && Statement::new("SELECT COUNT(*) AS n FROM company").number(&mut db)? > 0;
    Ok(if there { Occupied::Company } else { Occupied::Free })
}

fn table_exists(db: &mut Db, name: &str) -> StoreResult<bool> {
    let query = match db {
        Db::Sqlite(_) => "SELECT COUNT(*) AS n FROM sqlite_master WHERE type = 'table' AND name = ",
        Db::Pg(_) => "SELECT COUNT(*) AS n FROM pg_tables WHERE schemaname = 'public' AND tablename = ",
    };
    Ok(Statement::new(query).with("", name).number(db)? > 0)
}
