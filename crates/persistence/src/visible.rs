//! The one predicate: which rows an [`Actor`](regulars_domain::actor::Actor) reaches, as SQL.

use regulars_domain::actor::Visibility;
use regulars_domain::ids::{UnitId, UserId};

use crate::customers::share::push_shared;
use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::Statement;
use crate::types::AnyId;

/// Whether a record that stands (or stood) in this unit with this owner is reached, whatever became of it since.
pub fn place_reached(
    db: &mut Db,
    visibility: &Visibility,
    id: AnyId,
    unit: UnitId,
    owner: Option<UserId>,
) -> StoreResult<bool> {
    let mut statement = Statement::new("SELECT COUNT(*) AS n FROM (SELECT ").with("", id).with(" AS id, ", unit);
    statement.push(" AS unit_id, ").bind(owner).push(" AS owner_id) p WHERE ");
    push_visible(&mut statement, "p", visibility);
    Ok(statement.number(db)? > 0)
}

/// Pushes a boolean expression over `{alias}.unit_id` and `{alias}.owner_id`; over the id too where records are shared.
pub fn push_visible(statement: &mut Statement, alias: &str, visibility: &Visibility) {
    match visibility {
        Visibility::Nothing => {
            statement.push("1 = 0");
        }
        Visibility::Company => {
            statement.push("1 = 1");
        }
        Visibility::Unit(unit_id) => {
            statement.push(format!("{alias}.unit_id = ")).bind(*unit_id);
        }
        Visibility::Owned { unit_id, user_id, departments } => {
            statement.push(format!("({alias}.unit_id = ")).bind(*unit_id);
            statement.push(format!(" AND ({alias}.owner_id = ")).bind(*user_id);
            if !departments.is_empty() {
                statement
                    .push(format!(" OR {alias}.owner_id IN (SELECT m.id FROM app_user m WHERE m.department_id IN ("));
                statement.bind_list(departments.iter().copied()).push("))");
            }
            statement.push("))");
        }
        Visibility::Beside { own, shares } => {
            statement.push("(");
            push_visible(statement, alias, own);
            // Metrics are rows of the customer they are about.
            let id = if alias == "m" { "party_id" } else { "id" };
            statement.push(format!(" OR {alias}.{id} IN ("));
            push_shared(statement, shares);
            statement.push("))");
        }
    }
}

/// Pushes `{column} is any unit at all`, so that an index that begins with the unit serves who asks by its second column.
/// Each database probes every unit for one form only; given the other, it walks the whole index.
pub fn push_any_unit(statement: &mut Statement, db: &Db, column: &str) {
    match db {
        Db::Sqlite(_) => statement.push(format!("{column} IN (SELECT id FROM unit)")),
        Db::Pg(_) => statement.push(format!("{column} = ANY (ARRAY(SELECT id FROM unit))")),
    };
}
