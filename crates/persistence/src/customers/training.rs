//! What people were taught, and whether they passed.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Bool, Date, Double, Nullable, Text};
use regulars_domain::actor::Visibility;
use regulars_domain::ids::{ImportId, PartyId, TrainingId, UnitId, UserId};
use uuid::Uuid;

use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::{Bind, Statement, filled_up, insert_batch, update};
use crate::types::{SqlId, SqlInstant};
use crate::visible::push_visible;

#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct TrainingRow {
    #[diesel(sql_type = SqlId)]
    pub id: TrainingId,
    #[diesel(sql_type = SqlId)]
    pub party_id: PartyId,
    /// Of the dictionary of courses.
    #[diesel(sql_type = Text)]
    pub course: String,
    #[diesel(sql_type = Date)]
    pub on_date: NaiveDate,
    #[diesel(sql_type = Bool)]
    pub passed: bool,
    #[diesel(sql_type = Nullable<Double>)]
    pub score: Option<f64>,
    /// The last day on which it counts; for good when absent.
    #[diesel(sql_type = Nullable<Date>)]
    pub valid_until: Option<NaiveDate>,
    #[diesel(sql_type = Nullable<Text>)]
    pub note: Option<String>,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub import_id: Option<ImportId>,
    #[diesel(sql_type = BigInt)]
    pub version: i64,
    #[diesel(sql_type = SqlInstant)]
    pub created_at: DateTime<Utc>,
    #[diesel(sql_type = SqlInstant)]
    pub updated_at: DateTime<Utc>,
}

/// A training with where the person stands.
#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct TrainingRecord {
    #[diesel(embed)]
    pub own: TrainingRow,
    #[diesel(sql_type = SqlId)]
    pub unit_id: UnitId,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub owner_id: Option<UserId>,
}

const COLUMNS: &str = "t.id, t.party_id, t.course, t.on_date, t.passed, t.score, t.valid_until, t.note, t.import_id, \
     t.version, t.created_at, t.updated_at";

pub fn training_insert(db: &mut Db, row: TrainingRow) -> StoreResult<()> {
    trainings_insert(db, vec![row])
}

pub fn trainings_insert(db: &mut Db, rows: Vec<TrainingRow>) -> StoreResult<()> {
    let bound = |row: TrainingRow| -> Vec<Bind> {
        vec![
            row.id.into(),
            row.party_id.into(),
            row.course.into(),
            row.on_date.into(),
            row.passed.into(),
            row.score.into(),
            row.valid_until.into(),
            row.note.into(),
            row.import_id.into(),
            row.version.into(),
            row.created_at.into(),
            row.updated_at.into(),
        ]
    };
    let columns = [
        "id",
        "party_id",
        "course",
        "on_date",
        "passed",
        "score",
        "valid_until",
        "note",
        "import_id",
        "version",
        "created_at",
        "updated_at",
    ];
    insert_batch(db, "training", &columns, rows.into_iter().map(bound).collect())
}

/// What an import brought, behind `after`, with whether somebody has changed it since.
pub fn trainings_imported(
    db: &mut Db,
    import: ImportId,
    after: Uuid,
    limit: i64,
) -> StoreResult<Vec<(TrainingId, bool)>> {
    let rows: Vec<TrainingRow> = Statement::new(format!("SELECT {COLUMNS} FROM training t WHERE t.import_id = "))
        .with("", import)
        .with(" AND t.id > ", after)
        .with(" ORDER BY t.id LIMIT ", limit)
        .rows(db)?;
    Ok(rows.into_iter().map(|row| (row.id, row.version > 1)).collect())
}

pub fn trainings_erase(db: &mut Db, ids: &[TrainingId]) -> StoreResult<()> {
    for chunk in ids.chunks(200) {
        let mut statement = Statement::new("DELETE FROM training WHERE id IN (");
        statement.bind_list(chunk.iter().copied()).push(")");
        statement.run(db)?;
    }
    Ok(())
}

/// What these people were taught, the latest first.
pub fn trainings_of(db: &mut Db, parties: &[PartyId]) -> StoreResult<Vec<TrainingRow>> {
    let mut rows = Vec::new();
    for some in parties.chunks(200) {
        let mut statement = Statement::new(format!("SELECT {COLUMNS} FROM training t WHERE t.party_id IN ("));
        statement.bind_list(filled_up(some)).push(") ORDER BY t.on_date DESC, t.id DESC");
        rows.extend(statement.rows::<TrainingRow>(db)?);
    }
    Ok(rows)
}

/// A training of a person within reach.
pub fn training_get(db: &mut Db, id: TrainingId, reach: &Visibility) -> StoreResult<Option<TrainingRecord>> {
    let mut statement = Statement::new(format!(
        "SELECT {COLUMNS}, p.unit_id, p.owner_id FROM training t \
         JOIN party p ON p.id = t.party_id AND p.deleted_at IS NULL"
    ))
    .with(" WHERE t.id = ", id)
    .then(" AND ")
    .cached();
    push_visible(&mut statement, "p", reach);
    statement.first(db)
}

/// Replaces what a person can change if the row still has `version`; answers whether it had.
pub fn training_update(db: &mut Db, row: TrainingRow) -> StoreResult<bool> {
    let changed = update(
        "training",
        [
            ("course", row.course.into()),
            ("on_date", row.on_date.into()),
            ("passed", row.passed.into()),
            ("score", row.score.into()),
            ("valid_until", row.valid_until.into()),
            ("note", row.note.into()),
            ("version", (row.version + 1).into()),
            ("updated_at", row.updated_at.into()),
        ],
    )
    .with(" WHERE id = ", row.id)
    .with(" AND version = ", row.version)
    .run(db)?;
    Ok(changed == 1)
}

pub fn training_delete(db: &mut Db, id: TrainingId, version: i64) -> StoreResult<bool> {
    let gone = Statement::new("DELETE FROM training")
        .with(" WHERE id = ", id)
        .with(" AND version = ", version)
        .cached()
        .run(db)?;
    Ok(gone == 1)
}
