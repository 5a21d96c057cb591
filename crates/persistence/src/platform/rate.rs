//! What nodes tell each other of callers that ask much.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::BigInt;

use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::{Statement, insert_batch};
use crate::types::{AnyId, SqlId, SqlInstant};

/// So many requests of a caller that a node let through until `at`, since it last told.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct RateUseRow {
    #[diesel(sql_type = SqlInstant)]
    pub at: DateTime<Utc>,
    #[diesel(sql_type = SqlId)]
    pub node: AnyId,
    #[diesel(sql_type = BigInt)]
    pub principal: i64,
    #[diesel(sql_type = BigInt)]
    pub used: i64,
}

/// Tells the others.
pub fn rate_uses_insert(db: &mut Db, rows: &[RateUseRow]) -> StoreResult<()> {
    let values = |row: &RateUseRow| vec![row.at.into(), row.node.into(), row.principal.into(), row.used.into()];
    insert_batch(db, "rate_use", &["at", "node", "principal", "used"], rows.iter().map(values).collect())
}

/// What the others have told since.
pub fn rate_uses_of_others(db: &mut Db, node: AnyId, since: DateTime<Utc>) -> StoreResult<Vec<RateUseRow>> {
    Statement::new("SELECT at, node, principal, used FROM rate_use")
        .with(" WHERE at > ", since)
        .with(" AND node <> ", node)
        .cached()
        .rows(db)
}

/// Forgets what a node, or every node, told before.
pub fn rate_uses_expire(db: &mut Db, node: Option<AnyId>, before: DateTime<Utc>) -> StoreResult<usize> {
    let mut statement = Statement::new("DELETE FROM rate_use").with(" WHERE at < ", before).cached();
    if let Some(node) = node {
        statement.push(" AND node = ").bind(node);
    }
    statement.run(db)
}
