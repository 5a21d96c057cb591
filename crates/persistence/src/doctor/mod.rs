//! What a check-up of a database asks. Every question answers with what is wrong, in a few words, or nothing.

mod relations;
mod schema;
mod stand;

use diesel::connection::SimpleConnection;

use crate::db::{Db, Location, Manager};
use crate::error::{StoreError, StoreResult};

pub use relations::{orphans, relations, relations_untold};
pub use schema::{integrity, schema_differences};
pub use stand::{
    Jobs, Numbering, jobs_stand, living_customers, metrics_misplaced, numbering, order_sums_wrong, parties_sampled,
    search_missing, search_strangers,
};

/// Runs queries that all see the database as of one moment, however long they take and whoever writes meanwhile.
pub fn snapshot<T>(location: &Location, ask: impl FnOnce(&mut Db) -> T) -> StoreResult<T> {
    let mut db = Manager::new(location.clone()).connect_reader().map_err(StoreError::connect)?;
    match &mut db {
        Db::Sqlite(connection) => connection.batch_execute("BEGIN")?,
        Db::Pg(connection) => connection.batch_execute(
            "SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0; \
             BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        )?,
    }
    Ok(ask(&mut db))
}
