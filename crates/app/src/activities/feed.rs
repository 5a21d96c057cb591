//! A private calendar: one's open tasks under an address that nobody can guess, for the calendar of a telephone. Whoever
//! has the address reads them, so it can be taken back and made anew at any time.

use std::sync::Arc;

use chrono::{DateTime, Days, Duration, Utc};
use regulars_domain::actor::Credential;
use regulars_domain::condition::Condition;
use regulars_domain::icalendar::{Entry, When, calendar};
use regulars_persistence::activities::feed::{FeedRow, feed_by_secret, feed_delete, feed_of, feed_put, feed_read};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::task::{TaskView, task_list};
use crate::access::actor::actor_load;
use crate::access::token::{random_secret, secret_hash};
use crate::event::Event;
use crate::list::ListRequest;
use crate::{App, AppError, AppResult, Cx, RequestMeta};

/// Tasks told at most: the nearest due.
const MOST: usize = 200;
/// Overdue tasks leave the calendar after so many days; they stay in the list.
const BEHIND: Days = Days::new(90);
/// How exactly the last reading is known.
const READ_MINUTES: i64 = 10;

/// Whether one's calendar can be read from elsewhere.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CalendarFeedView {
    pub active: bool,
    pub created_at: Option<DateTime<Utc>>,
    /// When it was last read, within ten minutes.
    pub read_at: Option<DateTime<Utc>>,
    /// Where it is read, once, in the answer that makes it: a path of this server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "/api/v1/calendar-feeds/4be1…")]
    pub path: Option<String>,
}

fn view(row: Option<FeedRow>) -> CalendarFeedView {
    CalendarFeedView {
        active: row.is_some(),
        created_at: row.as_ref().map(|row| row.created_at),
        read_at: row.and_then(|row| row.read_at),
        path: None,
    }
}

pub fn feed_get(cx: &Cx) -> AppResult<CalendarFeedView> {
    cx.require_session()?;
    cx.read(|db| Ok(view(feed_of(db, cx.actor.user_id)?)))
}

/// Makes the address, or another in its place.
pub fn feed_create(cx: &Cx) -> AppResult<CalendarFeedView> {
    cx.require_session()?;
    cx.require("activities:task:read")?;
    let secret = random_secret();
    let within = cx.clone();
    cx.create_secret(
        move |tx| {
            let user = within.actor.user_id;
            feed_put(tx, user, secret_hash(&secret), within.now)?;
            Event::new(&within, "calendar_feed", user, "created")
                .stands(within.actor.unit_id, Some(user))
                .record(tx)?;
            let path = Some(format!("/api/v1/calendar-feeds/{secret}"));
            Ok(CalendarFeedView { path, ..view(feed_of(tx, user)?) })
        },
        |view| view.path = None,
    )
}

/// Takes the address away. One that is gone is no error.
pub fn feed_revoke(cx: &Cx) -> AppResult<()> {
    cx.require_session()?;
    let within = cx.clone();
    cx.change(move |tx| {
        let user = within.actor.user_id;
        if feed_delete(tx, user)? {
            Event::new(&within, "calendar_feed", user, "revoked")
                .stands(within.actor.unit_id, Some(user))
                .record(tx)?;
        }
        Ok(())
    })
}

/// The calendar behind an address, of whoever may still enter and see tasks.
pub fn feed_calendar(app: &App, secret: &str, meta: RequestMeta, now: DateTime<Utc>) -> AppResult<String> {
    let hash = secret_hash(secret.trim_end_matches(".ics"));
    let row = app.db().read(|db| Ok::<_, AppError>(feed_by_secret(db, hash)?))?.ok_or(AppError::NotFound)?;
    let actor = app.db().read(|db| actor_load(db, row.user_id, Credential::Job, now));
    let actor = actor.map_err(|error| match error {
        AppError::Unauthenticated(_) => AppError::NotFound,
        other => other,
    })?;
    let locale = actor.locale.clone();
    let cx = Cx::new(app.clone(), Arc::new(actor), now, Arc::new(RequestMeta { locale, ..meta }));
    let calendar = calendar_of(&cx)?;
    if row.read_at.is_none_or(|at| now - at > Duration::minutes(READ_MINUTES)) {
        let user = row.user_id;
        // Reading goes on when nothing can be written.
        if let Err(error) = app.db().write(move |tx| Ok::<_, AppError>(feed_read(tx, user, now)?)) {
            tracing::warn!(error = %error, "the reading of a calendar could not be noted");
        }
    }
    Ok(calendar)
}

fn calendar_of(cx: &Cx) -> AppResult<String> {
    let since = cx.today()?.checked_sub_days(BEHIND).unwrap_or_default().to_string();
    let filter = Condition::all(vec![
        Condition::leaf("owner", "eq", cx.actor.user_id.to_string()),
        Condition::leaf("status", "eq", "open"),
        Condition::leaf("due_on", "gte", since),
    ]);
    let asked = ListRequest { filter: Some(filter), limit: MOST, ..ListRequest::default() };
    let tasks = task_list(cx, &asked).map_err(|error| match error {
        AppError::Forbidden(_) => AppError::NotFound,
        other => other,
    })?;
    let entries: Vec<Entry> = tasks.items.into_iter().filter_map(entry).collect();
    let english = cx.request.locale == "en";
    Ok(calendar(if english { "Regulars · Tasks" } else { "回头客 · 待办" }, &entries))
}

fn entry(task: TaskView) -> Option<Entry> {
    let when = match (task.due_time, task.due_on, task.due_at) {
        (Some(_), _, Some(at)) => When::At(at),
        (_, Some(on), _) => When::Day(on),
        _ => return None,
    };
    let about = task.customers.iter().map(|one| one.name.as_str()).collect::<Vec<_>>().join(", ");
    let items = task.checklist.iter().map(|item| format!("{} {}", if item.done { "☑" } else { "☐" }, item.text));
    let lines: Vec<String> =
        [about].into_iter().chain(task.remarks).chain(items).filter(|line| !line.is_empty()).collect();
    Some(Entry {
        uid: format!("{}@regulars", task.id),
        when,
        summary: task.title,
        description: (!lines.is_empty()).then(|| lines.join("\n")),
        priority: task.priority,
        sequence: task.version,
        changed_at: task.updated_at,
        remind_at: task.remind_at,
    })
}
