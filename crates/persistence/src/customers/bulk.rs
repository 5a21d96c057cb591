//! The same change to many parties at once. Every one of them gets a new version.

use chrono::{DateTime, Utc};
use regulars_domain::ids::{PartyId, UnitId, UserId};

use crate::db::Db;
use crate::error::StoreResult;
use crate::insight::metric::metric_place;
use crate::sql::{Bind, Statement};

/// Columns a bulk change may set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BulkColumn {
    Owner,
    Status,
    Level,
    Source,
    Industry,
}

impl BulkColumn {
    fn name(self) -> &'static str {
        match self {
            BulkColumn::Owner => "owner_id",
            BulkColumn::Status => "status",
            BulkColumn::Level => "level",
            BulkColumn::Source => "source",
            BulkColumn::Industry => "industry",
        }
    }
}

/// Sets columns of the living ones among the parties; without columns only their version moves, for changes beside the
/// row.
pub fn parties_set(
    db: &mut Db,
    ids: &[PartyId],
    values: &[(BulkColumn, Bind)],
    now: DateTime<Utc>,
) -> StoreResult<usize> {
    if ids.is_empty() {
        return Ok(0);
    }
    let mut statement = Statement::new("UPDATE party SET version = version + 1, updated_at = ");
    statement.bind(now);
    for (column, value) in values {
        statement.push(format!(", {} = ", column.name())).bind(value.clone());
    }
    statement.push(" WHERE deleted_at IS NULL AND id IN (").bind_list(ids.iter().copied()).push(")");
    let changed = statement.run(db)?;
    if values.iter().any(|(column, _)| *column == BulkColumn::Owner) {
        metric_place(db, ids)?;
    }
    Ok(changed)
}

/// What of a party moves with it to another unit, beside its row and its orders: interactions follow, memberships of the
/// old unit's static segments end, and so do scores, which compared it with the customers of the old unit.
pub fn party_follow(db: &mut Db, id: PartyId, unit_id: UnitId) -> StoreResult<()> {
    Statement::new("UPDATE interaction SET unit_id = ").with("", unit_id).with(" WHERE party_id = ", id).run(db)?;
    Statement::new("DELETE FROM segment_member").with(" WHERE party_id = ", id).run(db)?;
    Statement::new(
        "UPDATE customer_metric SET rfm_r = NULL, rfm_f = NULL, rfm_m = NULL, abc = NULL, value_score = NULL, \
         value_class = NULL, value_parts = NULL",
    )
    .with(" WHERE party_id = ", id)
    .run(db)?;
    Ok(())
}

/// `base` narrowed to parties whose column differs from the value, so that nothing is changed into itself.
pub fn push_differs(base: &mut Statement, column: BulkColumn, value: &Bind) {
    let name = column.name();
    match value {
        Bind::Null(_) => base.push(format!(" AND p.{name} IS NOT NULL")),
        value => base.push(format!(" AND (p.{name} IS NULL OR p.{name} <> ")).bind(value.clone()).push(")"),
    };
}

/// `base` narrowed to these parties.
pub fn push_among(base: &mut Statement, ids: &[PartyId]) {
    base.push(" AND p.id IN (").bind_list(ids.iter().copied()).push(")");
}

/// `base` narrowed to a unit.
pub fn push_unit(base: &mut Statement, unit_id: UnitId) {
    base.push(" AND p.unit_id = ").bind(unit_id);
}

/// An owner as a value to set.
pub fn owner_value(owner: Option<UserId>) -> Bind {
    owner.into()
}
