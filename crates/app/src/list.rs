//! Asking for a page of a list, and the page.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, NaiveDate, Utc};
use regulars_domain::condition::{Catalogue as FieldCatalogue, Condition, Test, check};
use regulars_domain::error::FieldError;
use regulars_persistence::Db;
use regulars_persistence::catalogue::Catalogue;
use regulars_persistence::list::{Listing, Order, Position, list_count, list_ids};
use regulars_persistence::sql::{Bind, Statement};
use regulars_persistence::types::AnyId;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{AppError, AppResult, Cx};

/// Most items of one page.
pub const MAX_LIMIT: usize = 200;

/// What a list was asked for, parsed from the query string or given by a job.
#[derive(Debug, Clone)]
pub struct ListRequest {
    pub q: Option<String>,
    pub filter: Option<Condition>,
    /// `-created_at,id`: a minus sorts downwards.
    pub sort: Option<String>,
    pub limit: usize,
    pub cursor: Option<String>,
    pub count: bool,
    pub expand: Vec<String>,
}

impl Default for ListRequest {
    fn default() -> Self {
        Self { q: None, filter: None, sort: None, limit: 50, cursor: None, count: false, expand: Vec::new() }
    }
}

/// One page of a list.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// Give it as `cursor` for the next page; absent on the last.
    pub next_cursor: Option<String>,
    /// Only with `count=true`; at most 10,000.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<i64>,
    /// Whether there are more than `total`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total_capped: Option<bool>,
}

impl<T> Page<T> {
    /// A list that is short by nature, in one page.
    pub fn whole(items: Vec<T>) -> Self {
        Self { items, next_cursor: None, total: None, total_capped: None }
    }

    pub fn map<U>(self, change: impl FnMut(T) -> U) -> Page<U> {
        Page {
            items: self.items.into_iter().map(change).collect(),
            next_cursor: self.next_cursor,
            total: self.total,
            total_capped: self.total_capped,
        }
    }
}

/// A record with a place of its own and a version for `If-Match`.
pub trait Versioned {
    fn id(&self) -> Uuid;
    fn version(&self) -> i64;
}

/// Implements [`Versioned`] for views with fields `id` and `version`.
#[macro_export]
macro_rules! versioned {
    ($($view:ty),+ $(,)?) => {$(
        impl $crate::list::Versioned for $view {
            fn id(&self) -> uuid::Uuid {
                self.id
            }
            fn version(&self) -> i64 {
                self.version
            }
        }
    )+};
}

/// Most that a count says before it says "more than".
pub const COUNT_CAP: i64 = 10_000;

/// A kind of record that can be listed: where it is, its fields, its order when none is asked for.
pub struct Source<'a> {
    pub from: &'a str,
    pub id: &'a str,
    pub catalogue: &'a Catalogue,
    /// As a caller would write it: `-created_at`.
    pub default_sort: &'a str,
}

/// A condition checked against a catalogue, ready to run.
pub fn condition_check(cx: &Cx, catalogue: &Catalogue, condition: &Condition) -> AppResult<Test> {
    if condition.names(&|name| catalogue.is_masked(name)) {
        let mut named = catalogue.masked.iter().filter(|masked| condition.names(&|name| name == masked.as_str()));
        let field = named.next().cloned().unwrap_or_default();
        return Err(AppError::Validation(vec![FieldError::new("/filter", "field_masked").with(field)]));
    }
    let company = cx.company()?;
    let checked = check(
        condition,
        &FieldCatalogue {
            field_type: &|name| catalogue.field(name).map(|field| field.kind),
            holds_ids: &|name| catalogue.field(name).is_some_and(|field| field.ids),
            today: company.business_date(cx.now),
            currency: &company.currency,
        },
    );
    checked.map_err(AppError::Validation)
}

/// Decides what SQL cannot: keeps those of the positions, in their order, whose records belong in the list.
pub type Judge<'a> = &'a dyn Fn(&mut Db, Vec<Position>) -> AppResult<Vec<Position>>;

/// Most positions judged at a time.
const MOST_JUDGED: usize = 2_000;

/// One page of ids. `base` is the predicate that scope and search leave.
pub fn page_ids(
    cx: &Cx,
    db: &mut Db,
    request: &ListRequest,
    source: &Source<'_>,
    base: &Statement,
) -> AppResult<Page<Uuid>> {
    page_ids_judged(cx, db, request, source, base, None)
}

/// The same where `base` leaves a little more than belongs in the list and a judge has the last word.
pub fn page_ids_judged(
    cx: &Cx,
    db: &mut Db,
    request: &ListRequest,
    source: &Source<'_>,
    base: &Statement,
    judge: Option<Judge<'_>>,
) -> AppResult<Page<Uuid>> {
    let test = request.filter.as_ref().map(|filter| condition_check(cx, source.catalogue, filter)).transpose()?;
    let sort = request.sort.as_deref().unwrap_or(source.default_sort);
    let order = order(source.catalogue, sort)?;
    let listing = Listing { from: source.from, id: source.id, base, catalogue: source.catalogue, test: test.as_ref() };
    let bound_to = cursor_key(request, sort);
    let after = request.cursor.as_deref().map(|cursor| cursor_read(cursor, bound_to)).transpose()?;
    let mut rows = match judge {
        None => list_ids(db, &listing, &order, after.as_ref(), request.limit + 1)?,
        Some(judge) => judged_ids(db, &listing, &order, after, request.limit + 1, judge)?,
    };
    let more = rows.len() > request.limit;
    rows.truncate(request.limit);
    let next_cursor = if more { rows.last().map(|last| cursor_write(last, bound_to)) } else { None };
    let counted = match judge {
        _ if !request.count => None,
        None => Some(list_count(db, &listing, Some(COUNT_CAP + 1))?),
        Some(judge) => Some(judged_count(db, &listing, judge)?),
    };
    Ok(Page {
        items: rows.into_iter().map(|row| row.id.0).collect(),
        next_cursor,
        total: counted.map(|n| n.min(COUNT_CAP)),
        total_capped: counted.map(|n| n > COUNT_CAP),
    })
}

/// Up to `limit` positions that the judge keeps. Few are refused, so one statement is nearly always enough.
fn judged_ids(
    db: &mut Db,
    listing: &Listing<'_>,
    order: &Order<'_>,
    after: Option<Position>,
    limit: usize,
    judge: Judge<'_>,
) -> AppResult<Vec<Position>> {
    let mut kept = Vec::new();
    let mut after = after;
    let mut step = limit + limit / 8 + 4;
    while kept.len() < limit {
        let rows = list_ids(db, listing, order, after.as_ref(), step)?;
        let last = rows.len() < step;
        after = rows.last().cloned();
        kept.extend(judge(db, rows)?);
        if last {
            break;
        }
        step = (step * 4).min(MOST_JUDGED);
    }
    kept.truncate(limit);
    Ok(kept)
}

/// How many the judge keeps, counting no further than one beyond [`COUNT_CAP`].
fn judged_count(db: &mut Db, listing: &Listing<'_>, judge: Judge<'_>) -> AppResult<i64> {
    let most = usize::try_from(COUNT_CAP + 1).unwrap_or(usize::MAX);
    let step = most + most / 8;
    let by_id = Order { field: None, descending: true };
    let (mut counted, mut after) = (0, None);
    while counted < most {
        let rows = list_ids(db, listing, &by_id, after.as_ref(), step)?;
        let last = rows.len() < step;
        after = rows.last().cloned();
        let mut rows = rows.into_iter();
        loop {
            let some: Vec<Position> = rows.by_ref().take(MOST_JUDGED).collect();
            if some.is_empty() {
                break;
            }
            counted += judge(db, some)?.len();
        }
        if last {
            break;
        }
    }
    Ok(i64::try_from(counted.min(most)).unwrap_or(COUNT_CAP + 1))
}

/// Up to `limit` ids in order of creation after `after`: how jobs walk a whole list.
pub fn walk_ids(
    db: &mut Db,
    source: &Source<'_>,
    base: &Statement,
    test: Option<&Test>,
    after: Option<Uuid>,
    limit: usize,
) -> AppResult<Vec<Uuid>> {
    let listing = Listing { from: source.from, id: source.id, base, catalogue: source.catalogue, test };
    let after = after.map(|id| Position { key: None, id: AnyId(id) });
    let rows = list_ids(db, &listing, &Order { field: None, descending: false }, after.as_ref(), limit)?;
    Ok(rows.into_iter().map(|row| row.id.0).collect())
}

/// `-field` or `field`, with an `id` behind it that changes nothing.
fn order<'a>(catalogue: &'a Catalogue, sort: &str) -> AppResult<Order<'a>> {
    let refuse = || AppError::Validation(vec![FieldError::new("sort", "sort_invalid").with(sort)]);
    let mut parts = sort.split(',').filter(|part| !matches!(*part, "id" | "-id"));
    let Some(first) = parts.next() else {
        return Ok(Order { field: None, descending: sort.starts_with('-') });
    };
    if parts.next().is_some() {
        return Err(refuse());
    }
    let (name, descending) = first.strip_prefix('-').map_or((first, false), |name| (name, true));
    if catalogue.is_masked(name) {
        return Err(AppError::Validation(vec![FieldError::new("sort", "field_masked").with(name)]));
    }
    // Names sort by their reading, which is stored beside them.
    let by_reading = name == "name" && catalogue.field("name_pinyin").is_some();
    let stored = if by_reading { "name_pinyin" } else { name };
    let field = catalogue.field(stored).filter(|field| field.sortable).ok_or_else(refuse)?;
    Ok(Order { field: Some(field), descending })
}

/// A cursor works only with the order, filter and search it came from.
fn cursor_key(request: &ListRequest, sort: &str) -> u32 {
    let filter = request.filter.as_ref().and_then(|filter| serde_json::to_string(filter).ok());
    let digest = Sha256::digest(format!("{sort}\n{filter:?}\n{:?}", request.q).as_bytes());
    digest.iter().take(4).fold(0, |key, byte| (key << 8) | u32::from(*byte))
}

#[derive(Serialize, Deserialize)]
struct CursorText {
    b: u32,
    i: Uuid,
    #[serde(skip_serializing_if = "Option::is_none")]
    k: Option<CursorKey>,
}

#[derive(Serialize, Deserialize)]
enum CursorKey {
    T(String),
    I(i64),
    N(f64),
    D(NaiveDate),
    A(DateTime<Utc>),
}

/// The text of a cursor that works with what it is bound to.
pub fn cursor_write(position: &Position, bound_to: u32) -> String {
    let k = position.key.as_ref().and_then(|key| match key {
        Bind::Text(text) => Some(CursorKey::T(text.clone())),
        Bind::Int(number) => Some(CursorKey::I(*number)),
        Bind::Number(number) => Some(CursorKey::N(*number)),
        Bind::Date(date) => Some(CursorKey::D(*date)),
        Bind::Instant(at) => Some(CursorKey::A(*at)),
        _ => None,
    });
    let text = serde_json::to_vec(&CursorText { b: bound_to, i: position.id.0, k }).unwrap_or_default();
    URL_SAFE_NO_PAD.encode(text)
}

/// Where a cursor stands; refused if it is bound to something else.
pub fn cursor_read(cursor: &str, bound_to: u32) -> AppResult<Position> {
    let refuse = || AppError::invalid("cursor", "cursor_invalid");
    let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| refuse())?;
    let text: CursorText = serde_json::from_slice(&bytes).map_err(|_| refuse())?;
    if text.b != bound_to {
        return Err(refuse());
    }
    let key = text.k.map(|key| match key {
        CursorKey::T(text) => Bind::Text(text),
        CursorKey::I(number) => Bind::Int(number),
        CursorKey::N(number) => Bind::Number(number),
        CursorKey::D(date) => Bind::Date(date),
        CursorKey::A(at) => Bind::Instant(at),
    });
    Ok(Position { key, id: AnyId(text.i) })
}
