//! What a person holds, kind by kind, and giving it to somebody else.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::BigInt;
use regulars_domain::ids::{PartyId, UnitId, UserId};

use crate::customers::search::search_pending_add;
use crate::db::Db;
use crate::error::StoreResult;
use crate::insight::metric::metric_place;
use crate::sql::{Statement, update};
use crate::types::{AnyId, SqlId};

/// A kind of thing people hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Held {
    Customers,
    Orders,
    Quotes,
    /// Open ones; what is done stays with who did it.
    Tasks,
    Opportunities,
    /// Steps of development plans that are somebody's own.
    PlanSteps,
    LeadForms,
    Segments,
    Views,
    Dashboards,
    Clusterings,
    ImportMappings,
    Webhooks,
    /// Places among those who approve new customers: in templates, and in qualifications under way. They stand in
    /// definitions, which [`crate::customers::approver`] reads.
    Approvals,
    /// Departments the person leads.
    Departments,
}

/// Where a kind stands: table, column of the holder, whether its rows have versions, and which count.
struct Place {
    table: &'static str,
    holder: &'static str,
    versioned: bool,
    /// Which of its rows are still something to be held: ` AND …` over alias `h`.
    only: &'static str,
}

impl Held {
    pub const ALL: [Self; 15] = [
        Self::Customers,
        Self::Orders,
        Self::Quotes,
        Self::Tasks,
        Self::Opportunities,
        Self::PlanSteps,
        Self::LeadForms,
        Self::Segments,
        Self::Views,
        Self::Dashboards,
        Self::Clusterings,
        Self::ImportMappings,
        Self::Webhooks,
        Self::Approvals,
        Self::Departments,
    ];

    /// The contract's name.
    pub fn key(self) -> &'static str {
        match self {
            Self::Customers => "customers",
            Self::Orders => "orders",
            Self::Quotes => "quotes",
            Self::Tasks => "tasks",
            Self::Opportunities => "opportunities",
            Self::PlanSteps => "plan_steps",
            Self::LeadForms => "lead_forms",
            Self::Segments => "segments",
            Self::Views => "views",
            Self::Dashboards => "dashboards",
            Self::Clusterings => "clusterings",
            Self::ImportMappings => "import_mappings",
            Self::Webhooks => "webhooks",
            Self::Approvals => "approvals",
            Self::Departments => "departments",
        }
    }

    pub fn parse(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.key() == key)
    }

    fn place(self) -> Place {
        let owned = |table| Place { table, holder: "owner_id", versioned: true, only: "" };
        match self {
            Self::Customers => owned("party"),
            Self::Orders => owned("sales_order"),
            Self::Quotes => owned("quote"),
            Self::Tasks => Place { only: " AND h.status = 'open' AND h.deleted_at IS NULL", ..owned("task") },
            Self::Opportunities => owned("opportunity"),
            Self::PlanSteps => Place { versioned: false, ..owned("opportunity_step") },
            Self::LeadForms => owned("lead_form"),
            Self::Segments => owned("segment"),
            Self::Views => owned("saved_view"),
            Self::Dashboards => owned("dashboard"),
            Self::Clusterings => owned("clustering"),
            Self::ImportMappings => Place { versioned: false, ..owned("import_mapping") },
            Self::Webhooks => owned("webhook"),
            Self::Approvals => Place { holder: "definition", ..owned("qualification_template") },
            Self::Departments => Place { holder: "leader_id", ..owned("department") },
        }
    }

    /// Table and column of the holder: for a test that no column of the kind is forgotten.
    pub fn column(self) -> (&'static str, &'static str) {
        (self.place().table, self.place().holder)
    }
}

#[derive(QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
struct CountRow {
    #[diesel(sql_type = SqlId)]
    unit_id: UnitId,
    #[diesel(sql_type = BigInt)]
    n: i64,
}

/// How much of each kind a person holds in each unit, but for what stands in definitions; deleted records count, for
/// they can be restored.
pub fn holdings(db: &mut Db, user: UserId) -> StoreResult<Vec<(Held, UnitId, i64)>> {
    let mut found = Vec::new();
    for kind in Held::ALL.into_iter().filter(|kind| *kind != Held::Approvals) {
        let Place { table, holder, only, .. } = kind.place();
        let rows: Vec<CountRow> = Statement::new(format!("SELECT h.unit_id, COUNT(*) AS n FROM {table} h"))
            .with(&format!(" WHERE h.{holder} = "), user)
            .then(only)
            .then(" GROUP BY h.unit_id ORDER BY h.unit_id")
            .rows(db)?;
        found.extend(rows.into_iter().map(|row| (kind, row.unit_id, row.n)));
    }
    Ok(found)
}

#[derive(QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
struct IdRow {
    #[diesel(sql_type = SqlId)]
    id: AnyId,
}

/// The next of what a person holds of a kind in a unit.
pub fn held_next(db: &mut Db, (kind, unit): (Held, UnitId), user: UserId, limit: i64) -> StoreResult<Vec<AnyId>> {
    let Place { table, holder, only, .. } = kind.place();
    let rows: Vec<IdRow> = Statement::new(format!("SELECT h.id FROM {table} h"))
        .with(&format!(" WHERE h.{holder} = "), user)
        .with(" AND h.unit_id = ", unit)
        .then(only)
        .with(" ORDER BY h.id LIMIT ", limit)
        .rows(db)?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// Gives records of a kind to the heir; customers are found and counted at the heir's from then on.
pub fn held_give(db: &mut Db, kind: Held, ids: &[AnyId], heir: UserId, now: DateTime<Utc>) -> StoreResult<usize> {
    let Place { table, holder, versioned, .. } = kind.place();
    let mut statement = Statement::new(format!("UPDATE {table} SET {holder} = ")).with("", heir);
    if versioned {
        statement.push(", version = version + 1, updated_at = ").bind(now);
    }
    statement.push(" WHERE id IN (").bind_list(ids.iter().map(|id| id.0)).push(")");
    let given = statement.run(db)?;
    if kind == Held::Customers {
        let parties: Vec<PartyId> = ids.iter().map(|id| PartyId(id.0)).collect();
        metric_place(db, &parties)?;
        search_pending_add(db, &parties, now)?;
    }
    if kind == Held::Opportunities {
        let mut history = update("opportunity_stage_change", [("owner_id", heir.into())]);
        history.push(" WHERE opportunity_id IN (").bind_list(ids.iter().map(|id| id.0)).push(")");
        history.run(db)?;
    }
    Ok(given)
}
