//! What imports brought of a customer, for its history: an import writes one event for all its rows, and its records name
//! it.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{Bool, Nullable, Text};
use regulars_domain::actor::Visibility;
use regulars_domain::ids::{PartyId, UserId};

use super::interaction::{Before, push_before};
use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::Statement;
use crate::types::{AnyId, SqlId, SqlInstant};
use crate::visible::push_visible;

/// A record that came or was changed by a file.
#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct ImportedRow {
    /// The import, or the order.
    #[diesel(sql_type = SqlId)]
    pub id: AnyId,
    #[diesel(sql_type = SqlInstant)]
    pub at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub actor_id: Option<UserId>,
    #[diesel(sql_type = Nullable<Text>)]
    pub actor_name: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub file_name: Option<String>,
    /// Code of an order.
    #[diesel(sql_type = Nullable<Text>)]
    pub code: Option<String>,
    /// Made by the import, not only changed.
    #[diesel(sql_type = Bool)]
    pub made: bool,
}

const IMPORT: &str = "LEFT JOIN data_import d ON d.id = x.import_id LEFT JOIN app_user a ON a.id = d.created_by";

/// The last import that made or changed the customer, if one did.
pub fn party_imported(db: &mut Db, id: PartyId) -> StoreResult<Option<ImportedRow>> {
    const MADE: &str = "COALESCE(x.created_at >= d.created_at, TRUE)";
    Statement::new(format!(
        "SELECT x.import_id AS id, CASE WHEN {MADE} THEN x.created_at ELSE d.updated_at END AS at, d.created_by AS actor_id, \
         a.name AS actor_name, d.file_name, NULL AS code, {MADE} AS made FROM party x {IMPORT} WHERE x.import_id IS NOT NULL"
    ))
    .cached()
    .with(" AND x.id = ", id)
    .first(db)
}

/// Orders of the customer within reach that imports made, at the moment they were ordered, the latest first.
pub fn orders_imported(
    db: &mut Db,
    party: PartyId,
    reach: &Visibility,
    before: Before,
    limit: i64,
) -> StoreResult<Vec<ImportedRow>> {
    let mut statement = Statement::new(format!(
        "SELECT o.id, o.at, o.actor_id, o.actor_name, o.file_name, o.code, TRUE AS made FROM (\
         SELECT x.id, x.ordered_at AS at, d.created_by AS actor_id, a.name AS actor_name, d.file_name, x.code \
         FROM sales_order x {IMPORT} WHERE x.import_id IS NOT NULL AND x.deleted_at IS NULL \
         AND COALESCE(x.created_at >= d.created_at, TRUE) AND x.party_id = "
    ))
    .cached();
    statement.bind(party).push(" AND ");
    push_visible(&mut statement, "x", reach);
    statement.push(") o WHERE 1 = 1");
    push_before(&mut statement, "o", before);
    statement.push(" ORDER BY o.at DESC, o.id DESC LIMIT ").bind(limit);
    statement.rows(db)
}
