//! Schema migrations: embedded, forward only, run at start by one node at a time, refused on a newer database.

use diesel::QueryableByName;
use diesel::connection::SimpleConnection;
use diesel::migration::{Migration, MigrationSource};
use diesel::sql_types::Text;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use crate::db::{Db, Location, Manager};
use crate::error::{StoreError, StoreResult};
use crate::sql::Statement;

const SQLITE: EmbeddedMigrations = embed_migrations!("../../migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("../../migrations/postgres");

/// Brings the database at `location` to this program's schema; answers how many steps it took.
pub fn migrate(location: &Location) -> StoreResult<usize> {
    let mut db = Manager::new(location.clone()).connect_writer().map_err(StoreError::connect)?;
    migrate_in(&mut db)
}

/// The same over a connection.
pub fn migrate_in(db: &mut Db) -> StoreResult<usize> {
    match db {
        Db::Sqlite(connection) => run::<diesel::sqlite::Sqlite, _>(connection, SQLITE),
        Db::Pg(connection) => {
            // Two nodes may start together: the second waits for the first.
            connection.batch_execute("CREATE TABLE IF NOT EXISTS migration_lock (id integer PRIMARY KEY)")?;
            connection.batch_execute("BEGIN; LOCK TABLE migration_lock IN EXCLUSIVE MODE")?;
            let steps = run::<diesel::pg::Pg, _>(connection, POSTGRES);
            connection.batch_execute(if steps.is_ok() { "COMMIT" } else { "ROLLBACK" })?;
            steps
        }
    }
}

/// The newest migration this program has.
pub fn level_known() -> StoreResult<String> {
    let internal = |error: Box<dyn std::error::Error + Send + Sync>| StoreError::Internal(error.to_string());
    let known = MigrationSource::<diesel::sqlite::Sqlite>::migrations(&SQLITE).map_err(internal)?;
    Ok(known.iter().map(|migration| migration.name().version().to_string()).max().unwrap_or_default())
}

#[derive(QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
struct VersionRow {
    #[diesel(sql_type = Text)]
    version: String,
}

/// The newest migration a database has had; fails on one that has had none.
pub fn migration_level(db: &mut Db) -> StoreResult<Option<String>> {
    let newest: Option<VersionRow> =
        Statement::new("SELECT MAX(version) AS version FROM __diesel_schema_migrations HAVING COUNT(*) > 0")
            .first(db)?;
    Ok(newest.map(|row| row.version))
}

fn run<DB, C>(connection: &mut C, source: EmbeddedMigrations) -> StoreResult<usize>
where
    DB: diesel::backend::Backend,
    C: MigrationHarness<DB>,
    EmbeddedMigrations: MigrationSource<DB>,
{
    let internal = |error: Box<dyn std::error::Error + Send + Sync>| StoreError::Internal(error.to_string());
    let known = MigrationSource::<DB>::migrations(&source).map_err(internal)?;
    let newest = known.iter().map(|m| m.name().version().as_owned()).max();
    let applied = connection.applied_migrations().map_err(internal)?;
    if let (Some(newest), Some(there)) = (newest, applied.iter().max())
        && *there > newest
    {
        return Err(StoreError::Internal(format!(
            "the database is at schema {there}, newer than this program's {newest}: run the newer release"
        )));
    }
    Ok(connection.run_pending_migrations(source).map_err(internal)?.len())
}
