//! Files at a record: a contract, a photo of the shop, a scan. Whoever sees the record sees its files, whoever changes it
//! changes them; there is no other right.

use std::path::PathBuf;

use chrono::{DateTime, Utc};
use regulars_domain::actor::{Action, Resource};
use regulars_domain::error::{Checks, FieldError};
use regulars_domain::files::{Found, NAME_MAX, UNKNOWN, shown_name};
use regulars_domain::ids::{AttachmentId, PartyId, QualificationId};
use regulars_domain::qualification::Status;
use regulars_persistence::Db;
use regulars_persistence::customers::qualification::qualification_get;
use regulars_persistence::customers::relation::PartyName;
use regulars_persistence::platform::attachment::{
    AttachmentRecord, AttachmentRow, attachment_get as row_get, attachment_insert, attachment_update as row_update,
    attachments_count, attachments_of,
};
use regulars_persistence::platform::file::{file_piece, file_thumbnail};
use regulars_persistence::types::AnyId;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

use super::file::{Arrived, RESTORABLE, file_store, place_clear, place_new, sniff};
use crate::access::Ref;
use crate::customers::place::party_place;
use crate::event::Event;
use crate::list::Page;
use crate::{App, AppError, AppResult, Cx};

/// Most files of one record.
const MOST: i64 = 500;

/// What files hang at. A new kind of record is a row here and an arm in [`place`].
pub const SUBJECTS: &[&str] = &["customer", "qualification"];

/// A record that files hang at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    pub kind: String,
    pub id: Uuid,
}

/// The customer a subject belongs to, if the caller may read (or change) the subject.
fn place(cx: &Cx, db: &mut Db, subject: &Subject, action: Action) -> AppResult<PartyName> {
    match subject.kind.as_str() {
        "customer" => party_place(cx, db, PartyId(subject.id), action),
        "qualification" => qualification_place(cx, db, QualificationId(subject.id), action),
        _ => Err(AppError::NotFound),
    }
}

/// The papers of a qualification that is over stay as they are.
fn qualification_place(cx: &Cx, db: &mut Db, id: QualificationId, action: Action) -> AppResult<PartyName> {
    let record = qualification_get(db, id, &cx.visible(Resource::Customer, action))?.ok_or(AppError::NotFound)?;
    let over = Status::parse(&record.own.status).is_some_and(Status::is_over);
    if action == Action::Write && over {
        return Err(AppError::Conflict("wrong_state"));
    }
    party_place(cx, db, record.own.party_id, action)
}

fn require(cx: &Cx, subject: &Subject, action: Action) -> AppResult<()> {
    if !SUBJECTS.contains(&subject.kind.as_str()) {
        return Err(AppError::Validation(vec![
            FieldError::new("subject_type", "not_allowed").with(SUBJECTS.join(", ")),
        ]));
    }
    require_any(cx, action)
}

/// Every subject so far is a part of a customer.
fn require_any(cx: &Cx, action: Action) -> AppResult<()> {
    cx.require(match action {
        Action::Read => "customers:customer:read",
        Action::Write => "customers:customer:write",
    })
}

/// What a person may change of a file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AttachmentInput {
    #[schema(example = "contract.pdf")]
    pub name: String,
    /// What it is to the record, in a word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = json!(null))]
    pub kind: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AttachmentView {
    pub id: Uuid,
    #[schema(value_type = crate::shape::AttachmentSubject)]
    pub subject_type: String,
    pub subject_id: Uuid,
    /// Made safe, with an ending that fits what the file is.
    #[schema(example = "contract.pdf")]
    pub name: String,
    pub kind: Option<String>,
    /// Bytes.
    pub size: i64,
    /// By its first bytes, whatever the sender said.
    #[schema(example = "application/pdf")]
    pub media_type: String,
    /// Whether there is a small picture of it.
    pub has_thumbnail: bool,
    pub created_by: Ref,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

crate::versioned!(AttachmentView);

impl From<AttachmentRecord> for AttachmentView {
    fn from(record: AttachmentRecord) -> Self {
        let row = record.own;
        Self {
            id: row.id.0,
            subject_type: row.subject_type,
            subject_id: row.subject_id.0,
            name: row.name,
            kind: row.kind,
            size: record.size,
            media_type: record.media_type,
            has_thumbnail: record.has_thumbnail,
            created_by: Ref::new(row.created_by, record.created_by_name),
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

pub fn attachment_list(cx: &Cx, subject: &Subject) -> AppResult<Page<AttachmentView>> {
    require(cx, subject, Action::Read)?;
    cx.read(|db| {
        place(cx, db, subject, Action::Read)?;
        let rows = attachments_of(db, AnyId(subject.id))?;
        Ok(Page::whole(rows.into_iter().map(AttachmentView::from).collect()))
    })
}

/// Where an upload goes before [`attachment_create`] takes it, and how many bytes it may have. Refuses who may not attach.
pub fn upload_begin(cx: &Cx, subject: &Subject) -> AppResult<(PathBuf, u64)> {
    require(cx, subject, Action::Write)?;
    cx.read(|db| {
        place(cx, db, subject, Action::Write)?;
        room(db, subject)
    })?;
    Ok((place_new(&cx.app)?, cx.company()?.settings.attachment_limit()))
}

fn room(db: &mut Db, subject: &Subject) -> AppResult<()> {
    if attachments_count(db, AnyId(subject.id))? < MOST {
        return Ok(());
    }
    Err(AppError::Validation(vec![FieldError::new("file", "too_many").with(MOST)]))
}

/// What an upload says of itself.
#[derive(Debug, Clone)]
pub struct Upload {
    pub subject: Subject,
    pub name: Option<String>,
    pub kind: Option<String>,
    pub arrived: Arrived,
}

/// Attaches what arrived where [`upload_begin`] said. The upload itself is removed whatever happens.
pub fn attachment_create(cx: &Cx, upload: Upload) -> AppResult<AttachmentView> {
    let created = create(cx, &upload);
    place_clear(&upload.arrived.path);
    created
}

fn create(cx: &Cx, upload: &Upload) -> AppResult<AttachmentView> {
    let found = sniff(&upload.arrived.path)?;
    let mut input = AttachmentInput { name: upload.name.clone().unwrap_or_default(), kind: upload.kind.clone() };
    input_check(cx, &mut input, found)?;
    file_store(&cx.app, &upload.arrived, found, cx.now)?;
    let row = AttachmentRow {
        id: AttachmentId::fresh(),
        subject_type: upload.subject.kind.clone(),
        subject_id: AnyId(upload.subject.id),
        file_id: upload.arrived.hash.clone(),
        name: input.name,
        kind: input.kind,
        version: 1,
        created_by: cx.actor.user_id,
        created_at: cx.now,
        updated_at: cx.now,
        deleted_at: None,
    };
    let (within, subject) = (cx.clone(), upload.subject.clone());
    cx.create(move |tx| {
        let cx = &within;
        let place = place(cx, tx, &subject, Action::Write)?;
        room(tx, &subject)?;
        attachment_insert(tx, row.clone())?;
        let record = row_get(tx, row.id)?.ok_or(AppError::NotFound)?;
        event(cx, &place, &row, "created").after(&told(&record)).record(tx)?;
        Ok(record.into())
    })
}

fn input_check(cx: &Cx, input: &mut AttachmentInput, found: Found) -> AppResult<()> {
    let fallback = if cx.request.locale == "en" { "file" } else { "文件" };
    input.name = shown_name(&input.name, found, fallback);
    input.kind = input.kind.take().map(|kind| kind.trim().to_owned()).filter(|kind| !kind.is_empty());
    let mut checks = Checks::default();
    checks.text("/name", &input.name, NAME_MAX);
    checks.optional_text("/kind", input.kind.as_deref(), 60);
    Ok(checks.done()?)
}

fn event(cx: &Cx, place: &PartyName, row: &AttachmentRow, action: &'static str) -> Event {
    Event::new(cx, "attachment", row.id, action).party(place.id).stands(place.unit_id, place.owner_id)
}

fn told(record: &AttachmentRecord) -> Value {
    let row = &record.own;
    json!({"name": row.name, "kind": row.kind, "size": record.size})
}

/// A living attachment within reach, with where it stands.
fn found(cx: &Cx, db: &mut Db, id: AttachmentId, action: Action) -> AppResult<(AttachmentRecord, PartyName)> {
    let (record, place) = kept(cx, db, id, action)?;
    if record.own.deleted_at.is_some() { Err(AppError::NotFound) } else { Ok((record, place)) }
}

/// The same, deleted or not.
fn kept(cx: &Cx, db: &mut Db, id: AttachmentId, action: Action) -> AppResult<(AttachmentRecord, PartyName)> {
    let record = row_get(db, id)?.ok_or(AppError::NotFound)?;
    let subject = Subject { kind: record.own.subject_type.clone(), id: record.own.subject_id.0 };
    let place = place(cx, db, &subject, action)?;
    Ok((record, place))
}

pub fn attachment_get(cx: &Cx, id: AttachmentId) -> AppResult<AttachmentView> {
    require_any(cx, Action::Read)?;
    cx.read(|db| Ok(found(cx, db, id, Action::Read)?.0.into()))
}

fn extension_of(name: &str) -> Option<&str> {
    name.rsplit_once('.').map(|(_, ending)| ending)
}

/// Another name or kind; the ending stays what it is.
pub fn attachment_update(cx: &Cx, id: AttachmentId, version: i64, patch: &Value) -> AppResult<AttachmentView> {
    require_any(cx, Action::Write)?;
    let (within, patch) = (cx.clone(), patch.clone());
    cx.change(move |tx| {
        let cx = &within;
        let (record, place) = found(cx, tx, id, Action::Write)?;
        stale_check(&record, version)?;
        let before = AttachmentInput { name: record.own.name.clone(), kind: record.own.kind.clone() };
        let mut input: AttachmentInput = crate::patch::patched(&before, &patch)?;
        let mut checks = Checks::default();
        checks.text("/name", &input.name, NAME_MAX);
        checks.done()?;
        let ending = extension_of(&before.name).unwrap_or("bin");
        if extension_of(&input.name) != Some(ending) {
            input.name = format!("{}.{ending}", input.name.trim_end_matches('.'));
        }
        input_check(cx, &mut input, UNKNOWN)?;
        if crate::patch::same(&before, &input)? {
            return Ok(record.into());
        }
        let row = AttachmentRow { name: input.name.clone(), kind: input.kind.clone(), ..record.own.clone() };
        event(cx, &place, &row, "updated").difference(&before, &input).record(tx)?;
        replace(cx, tx, record, row)
    })
}

fn stale_check(record: &AttachmentRecord, version: i64) -> AppResult<()> {
    if record.own.version == version { Ok(()) } else { Err(AppError::Stale { current: record.own.version }) }
}

fn replace(cx: &Cx, tx: &mut Db, record: AttachmentRecord, row: AttachmentRow) -> AppResult<AttachmentView> {
    let row = AttachmentRow { updated_at: cx.now, ..row };
    if !row_update(tx, row.clone())? {
        let current = row_get(tx, row.id)?.ok_or(AppError::NotFound)?.own.version;
        return Err(AppError::Stale { current });
    }
    Ok(AttachmentRecord { own: AttachmentRow { version: row.version + 1, ..row }, ..record }.into())
}

/// Takes a file from a record; it can be restored for 30 days.
pub fn attachment_delete(cx: &Cx, id: AttachmentId, version: i64) -> AppResult<()> {
    require_any(cx, Action::Write)?;
    let within = cx.clone();
    cx.change(move |tx| {
        let cx = &within;
        let (record, place) = found(cx, tx, id, Action::Write)?;
        stale_check(&record, version)?;
        event(cx, &place, &record.own, "deleted").before(&told(&record)).record(tx)?;
        let row = AttachmentRow { deleted_at: Some(cx.now), ..record.own.clone() };
        replace(cx, tx, record, row).map(|_| ())
    })
}

pub fn attachment_restore(cx: &Cx, id: AttachmentId) -> AppResult<AttachmentView> {
    require_any(cx, Action::Write)?;
    let within = cx.clone();
    cx.create(move |tx| {
        let cx = &within;
        let (record, place) = kept(cx, tx, id, Action::Write)?;
        match record.own.deleted_at {
            Some(at) if at > cx.now - RESTORABLE => {}
            Some(_) => return Err(AppError::NotFound),
            None => return Ok(record.into()),
        }
        event(cx, &place, &record.own, "restored").after(&told(&record)).record(tx)?;
        let row = AttachmentRow { deleted_at: None, ..record.own.clone() };
        replace(cx, tx, record, row)
    })
}

/// A file to be given out piece by piece.
#[derive(Debug, Clone)]
pub struct Content {
    pub file_id: Vec<u8>,
    pub name: String,
    /// Bytes.
    pub size: u64,
}

pub fn attachment_content(cx: &Cx, id: AttachmentId) -> AppResult<Content> {
    require_any(cx, Action::Read)?;
    cx.read(|db| {
        let (record, _) = found(cx, db, id, Action::Read)?;
        let size = u64::try_from(record.size).map_err(AppError::internal)?;
        Ok(Content { file_id: record.own.file_id, name: record.own.name, size })
    })
}

/// The next piece of what [`attachment_content`] gave leave to read; `None` behind the last.
pub fn content_piece(app: &App, file_id: &[u8], position: i32) -> AppResult<Option<Vec<u8>>> {
    app.db().read(|db| Ok(file_piece(db, file_id, position)?))
}

/// A small JPEG of a picture.
pub fn attachment_thumbnail(cx: &Cx, id: AttachmentId) -> AppResult<Vec<u8>> {
    require_any(cx, Action::Read)?;
    cx.read(|db| {
        let (record, _) = found(cx, db, id, Action::Read)?;
        file_thumbnail(db, &record.own.file_id)?.ok_or(AppError::NotFound)
    })
}
