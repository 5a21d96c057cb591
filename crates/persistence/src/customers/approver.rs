//! Where somebody is named to approve new customers: in templates, and in qualifications that still wait for approvals.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Nullable};
use regulars_domain::ids::{PartyId, UnitId, UserId};
use serde_json::Value;

use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::{Statement, update};
use crate::types::{AnyId, SqlId, SqlJson};

/// A definition that names somebody. Of a template it has no customer.
#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct ApproverRow {
    #[diesel(sql_type = SqlId)]
    pub id: AnyId,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub party_id: Option<PartyId>,
    /// Whose it counts as: a template of the whole company is the person's own unit's.
    #[diesel(sql_type = SqlId)]
    pub unit_id: UnitId,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub owner_id: Option<UserId>,
    #[diesel(sql_type = SqlJson)]
    pub definition: Value,
    #[diesel(sql_type = BigInt)]
    pub version: i64,
}

/// Definitions in whose text a person stands, in the order of their ids. What is over stays as it was.
pub fn approver_rows(db: &mut Db, user: UserId) -> StoreResult<Vec<ApproverRow>> {
    let named = format!("%{user}%");
    Statement::new(
        "SELECT x.id, x.party_id, x.unit_id, x.owner_id, x.definition, x.version FROM ( \
         SELECT t.id, NULL AS party_id, COALESCE(t.unit_id, u.unit_id) AS unit_id, NULL AS owner_id, t.definition, \
         t.version FROM qualification_template t CROSS JOIN app_user u WHERE u.id = ",
    )
    .with("", user)
    .with(" AND CAST(t.definition AS TEXT) LIKE ", named.clone())
    .then(
        " UNION ALL SELECT q.id, q.party_id, p.unit_id, p.owner_id, q.definition, q.version FROM qualification q \
         JOIN party p ON p.id = q.party_id WHERE q.status IN ('open', 'proposed', 'rejected')",
    )
    .with(" AND CAST(q.definition AS TEXT) LIKE ", named)
    .then(") x ORDER BY x.id")
    .rows(db)
}

/// Keeps a changed definition.
pub fn approver_set(db: &mut Db, row: &ApproverRow, definition: Value, now: DateTime<Utc>) -> StoreResult<()> {
    let table = if row.party_id.is_some() { "qualification" } else { "qualification_template" };
    let changes =
        [("definition", definition.into()), ("version", (row.version + 1).into()), ("updated_at", now.into())];
    update(table, changes).with(" WHERE id = ", row.id).run(db)?;
    Ok(())
}
