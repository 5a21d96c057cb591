//! What ids are called, of every kind of record that others point at; only of records within reach.

use diesel::QueryableByName;
use diesel::sql_types::Text;
use regulars_domain::actor::Visibility;
use regulars_domain::ids::UnitId;

use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::Statement;
use crate::types::{AnyId, SqlId};
use crate::visible::push_visible;

#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct NameRow {
    #[diesel(sql_type = SqlId)]
    pub id: AnyId,
    #[diesel(sql_type = Text)]
    pub name: String,
}

/// How far the asker sees. Roles, goods and ways of selling belong to the whole company.
#[derive(Debug, Clone)]
pub struct NameReach {
    /// People, units and departments: of this unit, or of all.
    pub people: Option<UnitId>,
    /// Tags and shared segments: of this unit, or of all.
    pub marks: Option<UnitId>,
    pub customers: Visibility,
    pub orders: Visibility,
}

/// Names of those of the ids that are within reach; the code of an order.
pub fn names_of(db: &mut Db, ids: &[AnyId], reach: &NameReach) -> StoreResult<Vec<NameRow>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut all = Statement::default();
    for (table, column, within) in [
        ("app_user", "unit_id", reach.people),
        ("unit", "id", reach.people),
        ("department", "unit_id", reach.people),
        ("tag", "unit_id", reach.marks),
        ("segment", "shared = TRUE AND t.unit_id", reach.marks),
        ("role", "id", None),
        ("brand", "id", None),
        ("category", "id", None),
        ("product", "id", None),
        ("pipeline", "id", None),
        ("pipeline_stage", "id", None),
    ] {
        push_named(&mut all, table, "name", ids);
        if let Some(unit) = within {
            all.push(format!(" AND t.{column} = ")).bind(unit);
        }
    }
    for (table, name, reach) in
        [("party", "name", &reach.customers), ("sales_order", "code", &reach.orders), ("quote", "code", &reach.orders)]
    {
        push_named(&mut all, table, name, ids);
        all.push(" AND t.deleted_at IS NULL AND ");
        push_visible(&mut all, "t", reach);
    }
    all.rows(db)
}

fn push_named(all: &mut Statement, table: &str, name: &str, ids: &[AnyId]) {
    let join = if all.is_empty() { "" } else { " UNION ALL " };
    all.push(format!("{join}SELECT t.id, t.{name} AS name FROM {table} t WHERE t.id IN ("));
    all.bind_list(ids.iter().copied()).push(")");
}
