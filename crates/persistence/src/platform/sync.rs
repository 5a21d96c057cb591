//! What synchronising asks beside the log: the ids of everything within a sight, and what hangs on a customer.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::Nullable;
use regulars_domain::actor::Visibility;
use regulars_domain::ids::{DepartmentId, ImportId, MergeId, PartyId, UserId};
use serde_json::Value;
use uuid::Uuid;

use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::Statement;
use crate::types::{AnyId, SqlId, SqlJson};
use crate::visible::push_visible;

/// Kinds of record that are synchronised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Synced {
    Customers,
    Interactions,
    Relations,
    Orders,
    Products,
    DictionaryEntries,
}

#[derive(QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
struct IdRow {
    #[diesel(sql_type = SqlId)]
    id: AnyId,
}

fn ids(statement: &Statement, db: &mut Db) -> StoreResult<Vec<Uuid>> {
    Ok(statement.rows::<IdRow>(db)?.into_iter().map(|row| row.id.0).collect())
}

/// The next ids of a kind within a sight: of customers for what hangs on them, of orders for orders; the rest is seen
/// by all who may read it.
pub fn synced_ids(db: &mut Db, kind: Synced, reach: &Visibility, after: Uuid, limit: i64) -> StoreResult<Vec<Uuid>> {
    let (select, alias) = match kind {
        Synced::Customers => ("SELECT p.id FROM party p WHERE p.deleted_at IS NULL AND ", "p"),
        Synced::Interactions => (
            "SELECT s.id FROM interaction s JOIN party p ON p.id = s.party_id AND p.deleted_at IS NULL \
             WHERE s.deleted_at IS NULL AND ",
            "s",
        ),
        Synced::Relations => (
            "SELECT s.id FROM party_relation s WHERE EXISTS (SELECT 1 FROM party p \
             WHERE p.id IN (s.from_id, s.to_id) AND p.deleted_at IS NULL AND ",
            "s",
        ),
        Synced::Orders => ("SELECT o.id FROM sales_order o WHERE o.deleted_at IS NULL AND ", "o"),
        Synced::Products => ("SELECT s.id FROM product s WHERE s.deleted_at IS NULL", "s"),
        Synced::DictionaryEntries => ("SELECT s.id FROM dictionary_entry s WHERE 1 = 1", "s"),
    };
    let mut statement = Statement::new(select);
    match kind {
        Synced::Orders => push_visible(&mut statement, "o", reach),
        Synced::Customers | Synced::Interactions | Synced::Relations => push_visible(&mut statement, "p", reach),
        Synced::Products | Synced::DictionaryEntries => {}
    }
    statement.push(if kind == Synced::Relations { ")" } else { "" });
    statement.push(format!(" AND {alias}.id > ")).bind(after);
    ids(&statement.then(&format!(" ORDER BY {alias}.id LIMIT ")).with("", limit), db)
}

/// What a sight reaches tells nothing of who the people are; these are they.
pub fn people_of(db: &mut Db, departments: &[DepartmentId]) -> StoreResult<Vec<UserId>> {
    let mut statement = Statement::new("SELECT id FROM app_user WHERE department_id IN (");
    statement.bind_list(departments.iter().copied()).push(") ORDER BY id");
    Ok(ids(&statement, db)?.into_iter().map(UserId).collect())
}

/// Ids of a customer's interactions, relations and orders, whoever may see them.
pub fn beneath_party(db: &mut Db, party: PartyId) -> StoreResult<[Vec<Uuid>; 3]> {
    let interactions =
        Statement::new("SELECT id FROM interaction").with(" WHERE party_id = ", party).then(" AND deleted_at IS NULL");
    let relations =
        Statement::new("SELECT id FROM party_relation").with(" WHERE from_id = ", party).with(" OR to_id = ", party);
    let orders =
        Statement::new("SELECT id FROM sales_order").with(" WHERE party_id = ", party).then(" AND deleted_at IS NULL");
    Ok([ids(&interactions.cached(), db)?, ids(&relations.cached(), db)?, ids(&orders.cached(), db)?])
}

/// Records of a kind an import made or changed, at most `limit`. What it made lies behind `floor`.
pub fn import_touched(db: &mut Db, kind: Synced, import: ImportId, floor: Uuid, limit: i64) -> StoreResult<Vec<Uuid>> {
    let table = match kind {
        Synced::Customers => "party",
        Synced::Relations => "party_relation",
        Synced::Orders => "sales_order",
        Synced::Products => "product",
        Synced::Interactions | Synced::DictionaryEntries => return Ok(Vec::new()),
    };
    let made = Statement::new(format!("SELECT id FROM {table} WHERE import_id = "))
        .with("", import)
        .with(" AND id > ", floor)
        .with(" ORDER BY id LIMIT ", limit);
    let changed =
        Statement::new(format!("SELECT r.resource_id AS id FROM import_row r JOIN {table} t ON t.id = r.resource_id"))
            .with(" WHERE r.import_id = ", import)
            .with(" ORDER BY r.row_no LIMIT ", limit);
    let mut all = ids(&made, db)?;
    all.extend(ids(&changed, db)?);
    Ok(all)
}

/// Customers whose share with a person or department ended by itself within a time.
pub fn shares_run_out(
    db: &mut Db,
    user: UserId,
    department: DepartmentId,
    after: DateTime<Utc>,
    until: DateTime<Utc>,
) -> StoreResult<Vec<PartyId>> {
    let statement = Statement::new("SELECT party_id AS id FROM share WHERE ends_at IS NOT NULL")
        .with(" AND ends_at > ", after)
        .with(" AND ends_at <= ", until)
        .with(" AND (user_id = ", user)
        .with(" OR department_id = ", department)
        .then(")");
    Ok(ids(&statement, db)?.into_iter().map(PartyId).collect())
}

/// What the log tells of a customer's shares.
pub fn shares_told(db: &mut Db, party: PartyId) -> StoreResult<Vec<Value>> {
    #[derive(QueryableByName)]
    #[diesel(check_for_backend(crate::MultiBackend))]
    struct Told {
        #[diesel(sql_type = Nullable<SqlJson>)]
        before: Option<Value>,
        #[diesel(sql_type = Nullable<SqlJson>)]
        after: Option<Value>,
    }
    let statement =
        Statement::new("SELECT before, after FROM event WHERE resource = 'share'").with(" AND party_id = ", party);
    let rows: Vec<Told> = statement.cached().rows(db)?;
    Ok(rows.into_iter().flat_map(|row| [row.before, row.after]).flatten().collect())
}

/// What a merge keeps for taking it back.
pub fn merge_record(db: &mut Db, merge: MergeId) -> StoreResult<Option<Value>> {
    #[derive(QueryableByName)]
    #[diesel(check_for_backend(crate::MultiBackend))]
    struct Kept {
        #[diesel(sql_type = Nullable<SqlJson>)]
        record: Option<Value>,
    }
    let row: Option<Kept> = Statement::new("SELECT record FROM party_merge").with(" WHERE id = ", merge).first(db)?;
    Ok(row.and_then(|row| row.record))
}
