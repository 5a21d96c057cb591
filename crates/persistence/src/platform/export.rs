//! The log of exports: who took what, and how often the file was fetched.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Nullable, Text};
use regulars_domain::condition::FieldType;
use regulars_domain::ids::{JobId, UnitId, UserId};
use serde_json::Value;

use crate::catalogue::{Catalogue, Field};
use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::{Statement, insert};
use crate::types::{SqlId, SqlInstant, SqlJson};

#[derive(Debug, Clone, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct ExportRow {
    /// That of the job that wrote the file.
    #[diesel(sql_type = SqlId)]
    pub id: JobId,
    #[diesel(sql_type = SqlId)]
    pub user_id: UserId,
    /// Where the person sat.
    #[diesel(sql_type = SqlId)]
    pub unit_id: UnitId,
    #[diesel(sql_type = Text)]
    pub resource: String,
    #[diesel(sql_type = Text)]
    pub format: String,
    /// Filter, search, order, segment: as they were asked for.
    #[diesel(sql_type = SqlJson)]
    pub request: Value,
    /// Keys of the columns.
    #[diesel(sql_type = SqlJson)]
    pub fields: Value,
    #[diesel(sql_type = BigInt)]
    pub records: i64,
    #[diesel(sql_type = SqlInstant)]
    pub at: DateTime<Utc>,
    #[diesel(sql_type = BigInt)]
    pub downloads: i64,
    #[diesel(sql_type = Nullable<SqlInstant>)]
    pub downloaded_at: Option<DateTime<Utc>>,
}

/// Where exports are listed from, for [`crate::list`].
pub const EXPORT_FROM: &str = "export_log x";
pub const EXPORT_ID: &str = "x.id";

/// What exports can be filtered and sorted by.
pub fn export_catalogue() -> Catalogue {
    Catalogue {
        fields: vec![
            Field::column("id", FieldType::Ref, "x.id").of_ids(),
            Field::column("person", FieldType::Ref, "x.user_id").of_ids(),
            Field::column("unit", FieldType::Ref, "x.unit_id").of_ids(),
            Field::column("resource", FieldType::Choice, "x.resource"),
            Field::column("format", FieldType::Choice, "x.format"),
            Field::column("at", FieldType::Instant, "x.at").sortable(),
            Field::column("rows", FieldType::Integer, "x.records").sortable(),
            Field::column("downloads", FieldType::Integer, "x.downloads").sortable(),
        ],
        ..Catalogue::default()
    }
}

/// Whose exports a reader sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportReach {
    Own(UserId),
    Unit(UnitId),
    Company,
}

pub fn export_scope(reach: ExportReach) -> Statement {
    match reach {
        ExportReach::Own(user) => Statement::new("x.user_id = ").with("", user),
        ExportReach::Unit(unit) => Statement::new("x.unit_id = ").with("", unit),
        ExportReach::Company => Statement::new("1 = 1"),
    }
}

/// Notes an export; one that was written again after an interruption stands once.
pub fn export_insert(db: &mut Db, row: ExportRow) -> StoreResult<()> {
    insert(
        "export_log",
        [
            ("id", row.id.into()),
            ("user_id", row.user_id.into()),
            ("unit_id", row.unit_id.into()),
            ("resource", row.resource.into()),
            ("format", row.format.into()),
            ("request", row.request.into()),
            ("fields", row.fields.into()),
            ("records", row.records.into()),
            ("at", row.at.into()),
            ("downloads", row.downloads.into()),
            ("downloaded_at", row.downloaded_at.into()),
        ],
    )
    .then(" ON CONFLICT (id) DO UPDATE SET records = excluded.records, at = excluded.at")
    .run(db)?;
    Ok(())
}

/// These exports, in no order.
pub fn export_rows(db: &mut Db, ids: impl IntoIterator<Item = JobId>) -> StoreResult<Vec<ExportRow>> {
    let mut statement = Statement::new(
        "SELECT id, user_id, unit_id, resource, format, request, fields, records, at, downloads, downloaded_at \
         FROM export_log WHERE id IN (",
    );
    statement.bind_list(ids).push(")");
    statement.rows(db)
}

/// Counts a download.
pub fn export_downloaded(db: &mut Db, id: JobId, now: DateTime<Utc>) -> StoreResult<()> {
    Statement::new("UPDATE export_log SET downloads = downloads + 1, downloaded_at = ")
        .with("", now)
        .with(" WHERE id = ", id)
        .run(db)?;
    Ok(())
}
