//! Blocks of numbers for human codes. A counter row is touched once a block, never once a record.

use diesel::QueryableByName;
use diesel::sql_types::BigInt;

use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::{insert, update};

#[derive(QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
struct LeaseRow {
    #[diesel(sql_type = BigInt)]
    next_number: i64,
}

/// Takes `count` numbers of a scope out of circulation and answers the first of them. A scope never used starts at
/// `first`.
pub fn code_lease(db: &mut Db, scope: &str, first: i64, count: i64) -> StoreResult<i64> {
    let row: Option<LeaseRow> =
        insert("code_lease", [("scope", scope.into()), ("next_number", (first + count).into())])
            .with(" ON CONFLICT (scope) DO UPDATE SET next_number = code_lease.next_number + ", count)
            .then(" RETURNING next_number")
            .first(db)?;
    Ok(row.map_or(first, |row| row.next_number - count))
}

/// Makes sure that no number up to `number` is leased later: it was used by hand or by an import.
pub fn code_raise(db: &mut Db, scope: &str, number: i64) -> StoreResult<()> {
    let known = update("code_lease", [("next_number", (number + 1).into())])
        .with(" WHERE scope = ", scope)
        .with(" AND next_number <= ", number)
        .run(db)?;
    if known == 0 {
        insert("code_lease", [("scope", scope.into()), ("next_number", (number + 1).into())])
            .then(" ON CONFLICT (scope) DO NOTHING")
            .run(db)?;
    }
    Ok(())
}
