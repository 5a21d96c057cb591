//! Notices: what the program tells people while they work, each to one person, once for each cause. Only they read it;
//! whatever else they may see, nobody reads another's.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use regulars_domain::ids::{EventId, NoticeId, UnitId, UserId};
use regulars_persistence::Db;
use regulars_persistence::event::{EventRow, events_insert};
use regulars_persistence::platform::notice::{
    NOTICE_FROM, NoticeRow, notice_base, notice_catalogue, notice_read as row_read, notices_forget as rows_forget,
    notices_get, notices_insert, notices_read as rows_read, notices_unread,
};
use regulars_persistence::types::AnyId;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::list::{ListRequest, Page, Source, page_ids};
use crate::{App, AppError, AppResult, Cx};

/// The time has come at which the person wanted to be reminded of a task: `task_id`, `title`, `due_on`, `due_time`.
pub const TASK_REMINDER: &str = "task_reminder";
/// Somebody gave the person a task: `task_id`, `title`, `by`, `due_on`.
pub const TASK_GIVEN: &str = "task_given";

/// How the person kept to the follow-up rule last week: `week`, `from`, `to`, `required_days`, `kept_days`, `idle_days`,
/// `untouched_leads`, `untouched_opportunities`.
pub const DISCIPLINE: &str = "discipline";
/// The same of a unit, for its administrators: `unit`, `people` who fell short, `idle` people.
pub const UNIT_DISCIPLINE: &str = "unit_discipline";

/// Customers of the person will go to the pool unless something happens: `count`, the first `names`, the first `on` which
/// one goes, `pool`.
pub const POOL_WARNING: &str = "pool_warning";
/// Customers of the person have gone to the pool: the same.
pub const POOL_RECYCLED: &str = "pool_recycled";

/// What people are told of.
pub const KINDS: [&str; 6] = [TASK_REMINDER, TASK_GIVEN, DISCIPLINE, UNIT_DISCIPLINE, POOL_WARNING, POOL_RECYCLED];

/// Notices are kept so long.
const KEPT: TimeDelta = TimeDelta::days(180);

/// Something to tell somebody.
#[derive(Debug, Clone)]
pub struct Telling {
    pub to: UserId,
    /// Where the person is.
    pub unit: UnitId,
    /// One of [`KINDS`].
    pub kind: &'static str,
    /// What it is told for, in words of the kind's own: the same cause is told once.
    pub cause: String,
    /// What the words of the kind name.
    pub params: Value,
    /// Where in the web app it leads.
    pub link: Option<String>,
}

/// Tells what has not been told before; answers how much that was. Open screens hear of it by the events.
pub fn notices_tell(tx: &mut Db, told: Vec<Telling>, now: DateTime<Utc>) -> AppResult<usize> {
    if told.is_empty() {
        return Ok(0);
    }
    let units: HashMap<UserId, UnitId> = told.iter().map(|one| (one.to, one.unit)).collect();
    let row = |one: Telling| NoticeRow {
        id: NoticeId::fresh(),
        user_id: one.to,
        kind: one.kind.into(),
        cause: one.cause,
        params: one.params,
        link: one.link,
        created_at: now,
        read_at: None,
    };
    let rows: Vec<NoticeRow> = told.into_iter().map(row).collect();
    let fresh = notices_insert(tx, &rows)?;
    let event = |row: &NoticeRow| EventRow {
        id: EventId::fresh(),
        at: now,
        actor_id: None,
        action: "created".into(),
        resource: "notice".into(),
        resource_id: AnyId(row.id.0),
        party_id: None,
        unit_id: units.get(&row.user_id).copied(),
        owner_id: Some(row.user_id),
        unit_before: None,
        owner_before: None,
        before: None,
        after: Some(json!({"kind": row.kind})),
        request_id: None,
        address: None,
    };
    events_insert(tx, rows.iter().filter(|row| fresh.contains(&row.id)).map(event).collect())?;
    Ok(fresh.len())
}

/// Something the caller was told.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct NoticeView {
    pub id: Uuid,
    #[schema(value_type = crate::shape::NoticeKind)]
    pub kind: String,
    /// What the words of its kind name: of `task_reminder` the members `task_id`, `title`, `due_on` and `due_time`, of
    /// `task_given` those and `by`, who gave it; of `discipline` the week by its ISO name with its days `from` and `to`,
    /// `required_days`, `kept_days`, `idle_days` where it is reported, `untouched_leads`, `untouched_opportunities`; of
    /// `unit_discipline` the week, `unit`, how many `people` fell short, how many are `idle`, and what is untouched; of
    /// `pool_warning` and `pool_recycled` how many customers (`count`), the first `names`, the day `on` which the first
    /// goes, and the `pool`.
    #[schema(value_type = Object, example = json!({"title": "Ring about the sample", "due_on": "2026-12-01"}))]
    pub params: Value,
    /// Where in the web app it leads.
    #[schema(example = "/tasks")]
    pub link: Option<String>,
    pub created_at: DateTime<Utc>,
    /// Absent while it is unread.
    pub read_at: Option<DateTime<Utc>>,
}

/// How much the caller has not read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct NoticeCount {
    #[schema(example = 3)]
    pub unread: i64,
}

/// What the caller has read.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NoticesRead {
    /// The newest notice that was looked at; everything there is when absent.
    #[serde(default)]
    #[schema(example = json!(null))]
    pub up_to: Option<Uuid>,
}

fn view(row: NoticeRow) -> NoticeView {
    NoticeView {
        id: row.id.0,
        kind: row.kind,
        params: row.params,
        link: row.link,
        created_at: row.created_at,
        read_at: row.read_at,
    }
}

/// The caller's notices, the newest first.
pub fn notice_list(cx: &Cx, request: &ListRequest) -> AppResult<Page<NoticeView>> {
    cx.require_session()?;
    let base = notice_base(cx.actor.user_id);
    cx.read(|db| {
        let catalogue = notice_catalogue();
        let source = Source { from: NOTICE_FROM, id: "n.id", catalogue: &catalogue, default_sort: "-id" };
        let page = page_ids(cx, db, request, &source, &base)?;
        let ids: Vec<NoticeId> = page.items.iter().map(|id| NoticeId(*id)).collect();
        let mut rows: HashMap<Uuid, NoticeRow> =
            notices_get(db, &ids, cx.actor.user_id)?.into_iter().map(|row| (row.id.0, row)).collect();
        Ok(Page {
            items: page.items.iter().filter_map(|id| rows.remove(id)).map(view).collect(),
            next_cursor: page.next_cursor,
            total: page.total,
            total_capped: page.total_capped,
        })
    })
}

pub fn notice_count(cx: &Cx) -> AppResult<NoticeCount> {
    cx.require_session()?;
    cx.read(|db| Ok(NoticeCount { unread: notices_unread(db, cx.actor.user_id)? }))
}

fn own(tx: &mut Db, cx: &Cx, id: Uuid) -> AppResult<Option<NoticeRow>> {
    Ok(notices_get(tx, &[NoticeId(id)], cx.actor.user_id)?.pop())
}

/// Notes that the caller has read one; what was read stays read.
pub fn notice_read(cx: &Cx, id: Uuid) -> AppResult<NoticeView> {
    cx.require_session()?;
    let within = cx.clone();
    cx.create(move |tx| {
        row_read(tx, NoticeId(id), within.actor.user_id, within.now)?;
        own(tx, &within, id)?.map(view).ok_or(AppError::NotFound)
    })
}

/// Notes that the caller has read everything up to one; answers what is left.
pub fn notices_read(cx: &Cx, input: NoticesRead) -> AppResult<NoticeCount> {
    cx.require_session()?;
    let within = cx.clone();
    cx.create(move |tx| {
        let cx = &within;
        if let Some(id) = input.up_to
            && own(tx, cx, id)?.is_none()
        {
            return Err(AppError::invalid("/up_to", "unknown_reference"));
        }
        rows_read(tx, cx.actor.user_id, input.up_to.map(NoticeId), cx.now)?;
        Ok(NoticeCount { unread: notices_unread(tx, cx.actor.user_id)? })
    })
}

/// Upkeep: forgets what was told long ago.
pub fn notices_forget(app: &App, now: DateTime<Utc>) -> AppResult<()> {
    app.db().write(move |tx| Ok::<_, AppError>(rows_forget(tx, now - KEPT)?))?;
    Ok(())
}
