//! What rows of a file refer to by name: people, units, dictionary entries, tags. Read once per import.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::Text;
use regulars_domain::ids::{TagId, UnitId, UserId};

use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::{Statement, insert};
use crate::types::SqlId;

#[derive(Debug, Clone, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct PersonRef {
    #[diesel(sql_type = SqlId)]
    pub id: UserId,
    #[diesel(sql_type = SqlId)]
    pub unit_id: UnitId,
    #[diesel(sql_type = Text)]
    pub name: String,
    #[diesel(sql_type = Text)]
    pub login: String,
}

pub fn people_active(db: &mut Db) -> StoreResult<Vec<PersonRef>> {
    Statement::new("SELECT id, unit_id, name, login FROM app_user WHERE active = TRUE").rows(db)
}

#[derive(Debug, Clone, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct UnitRef {
    #[diesel(sql_type = SqlId)]
    pub id: UnitId,
    #[diesel(sql_type = Text)]
    pub name: String,
    #[diesel(sql_type = Text)]
    pub code: String,
}

pub fn units_active(db: &mut Db) -> StoreResult<Vec<UnitRef>> {
    Statement::new("SELECT id, name, code FROM unit WHERE active = TRUE").rows(db)
}

#[derive(Debug, Clone, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct EntryRef {
    #[diesel(sql_type = Text)]
    pub dictionary: String,
    #[diesel(sql_type = Text)]
    pub key: String,
    #[diesel(sql_type = Text)]
    pub label_zh: String,
    #[diesel(sql_type = Text)]
    pub label_en: String,
}

pub fn entries_active(db: &mut Db) -> StoreResult<Vec<EntryRef>> {
    Statement::new("SELECT dictionary, key, label_zh, label_en FROM dictionary_entry WHERE active = TRUE").rows(db)
}

#[derive(Debug, Clone, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct TagRef {
    #[diesel(sql_type = SqlId)]
    pub id: TagId,
    #[diesel(sql_type = SqlId)]
    pub unit_id: UnitId,
    #[diesel(sql_type = Text)]
    pub name: String,
}

/// The tags of a unit with one of these names.
pub fn tags_named(db: &mut Db, unit: UnitId, names: &[String]) -> StoreResult<Vec<TagRef>> {
    let mut tags = Vec::new();
    for names in names.chunks(1000) {
        let mut statement = Statement::new("SELECT id, unit_id, name FROM tag").with(" WHERE unit_id = ", unit);
        statement.push(" AND name IN (").bind_list(names.iter()).push(")");
        tags.extend(statement.rows(db)?);
    }
    Ok(tags)
}

pub fn tag_insert(db: &mut Db, tag: &TagRef, color: &str, now: DateTime<Utc>) -> StoreResult<()> {
    insert(
        "tag",
        [
            ("id", tag.id.into()),
            ("unit_id", tag.unit_id.into()),
            ("name", (&tag.name).into()),
            ("color", color.into()),
            ("version", 1_i64.into()),
            ("created_at", now.into()),
            ("updated_at", now.into()),
        ],
    )
    .run(db)?;
    Ok(())
}

/// Leases `count` numbers of a counter; the first of them. A new counter starts at `first`.
pub fn code_block(db: &mut Db, scope: &str, first: i64, count: i64) -> StoreResult<i64> {
    #[derive(QueryableByName)]
    #[diesel(check_for_backend(crate::MultiBackend))]
    struct Next {
        #[diesel(sql_type = diesel::sql_types::BigInt)]
        next_number: i64,
    }
    let next = insert("code_lease", [("scope", scope.into()), ("next_number", (first + count).into())])
        .with(" ON CONFLICT (scope) DO UPDATE SET next_number = code_lease.next_number + ", count)
        .then(" RETURNING next_number")
        .first::<Next>(db)?;
    Ok(next.map_or(first, |next| next.next_number - count))
}

/// Which of these codes a unit's customers have.
pub fn codes_taken(db: &mut Db, unit: UnitId, codes: &[String]) -> StoreResult<Vec<String>> {
    #[derive(QueryableByName)]
    #[diesel(check_for_backend(crate::MultiBackend))]
    struct Code {
        #[diesel(sql_type = Text)]
        code: String,
    }
    let mut taken = Vec::new();
    for codes in codes.chunks(1000) {
        let mut statement = Statement::new("SELECT code FROM party").with(" WHERE unit_id = ", unit);
        statement.push(" AND code IN (").bind_list(codes.iter()).push(")");
        taken.extend(statement.rows::<Code>(db)?.into_iter().map(|row| row.code));
    }
    Ok(taken)
}

#[derive(Debug, Clone, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct CustomTargetRow {
    #[diesel(sql_type = Text)]
    pub key: String,
    #[diesel(sql_type = Text)]
    pub label_zh: String,
    #[diesel(sql_type = Text)]
    pub label_en: String,
}

/// The active custom fields of a resource.
pub fn custom_targets(db: &mut Db, resource: &str) -> StoreResult<Vec<CustomTargetRow>> {
    Statement::new("SELECT key, label_zh, label_en FROM custom_field WHERE active = TRUE")
        .with(" AND resource = ", resource)
        .then(" ORDER BY position, key")
        .rows(db)
}
