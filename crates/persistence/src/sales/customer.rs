//! What an order needs to know of its customer and of its people.

use diesel::QueryableByName;
use diesel::sql_types::{Nullable, Text};
use regulars_domain::actor::Visibility;
use regulars_domain::ids::{PartyId, UnitId, UserId};

use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::Statement;
use crate::types::{AnyId, SqlId};
use crate::visible::push_visible;

/// Where a customer stands.
#[derive(Debug, Clone, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct PartyPlace {
    #[diesel(sql_type = SqlId)]
    pub id: PartyId,
    #[diesel(sql_type = SqlId)]
    pub unit_id: UnitId,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub owner_id: Option<UserId>,
    #[diesel(sql_type = Text)]
    pub name: String,
}

/// A living customer within sight.
pub fn party_place(db: &mut Db, id: PartyId, visibility: &Visibility) -> StoreResult<Option<PartyPlace>> {
    let mut statement = Statement::new("SELECT p.id, p.unit_id, p.owner_id, p.name FROM party p WHERE p.id = ");
    statement.bind(id).push(" AND p.deleted_at IS NULL AND ");
    push_visible(&mut statement, "p", visibility);
    statement.cached().first(db)
}

#[derive(QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
struct NameRow {
    #[diesel(sql_type = SqlId)]
    id: AnyId,
    #[diesel(sql_type = Text)]
    name: String,
}

/// Names and codes of the customers among `ids` that are within sight.
pub fn party_names(
    db: &mut Db,
    ids: &[PartyId],
    visibility: &Visibility,
) -> StoreResult<Vec<(PartyId, String, Option<String>)>> {
    #[derive(QueryableByName)]
    #[diesel(check_for_backend(crate::MultiBackend))]
    struct Row {
        #[diesel(sql_type = SqlId)]
        id: PartyId,
        #[diesel(sql_type = Text)]
        name: String,
        #[diesel(sql_type = Nullable<Text>)]
        code: Option<String>,
    }
    let mut statement = Statement::new("SELECT p.id, p.name, p.code FROM party p WHERE p.id IN (");
    statement.bind_list(ids.iter().copied()).push(") AND ");
    push_visible(&mut statement, "p", visibility);
    let rows: Vec<Row> = statement.rows(db)?;
    Ok(rows.into_iter().map(|row| (row.id, row.name, row.code)).collect())
}

/// Names of users.
pub fn user_names(db: &mut Db, ids: &[UserId]) -> StoreResult<Vec<(UserId, String)>> {
    let mut statement = Statement::new("SELECT id, name FROM app_user WHERE id IN (");
    statement.bind_list(ids.iter().copied()).push(")");
    let rows: Vec<NameRow> = statement.rows(db)?;
    Ok(rows.into_iter().map(|row| (UserId(row.id.0), row.name)).collect())
}

/// Names of units.
pub fn unit_names(db: &mut Db) -> StoreResult<Vec<(UnitId, String)>> {
    let rows: Vec<NameRow> = Statement::new("SELECT id, name FROM unit ORDER BY name, id").cached().rows(db)?;
    Ok(rows.into_iter().map(|row| (UnitId(row.id.0), row.name)).collect())
}
