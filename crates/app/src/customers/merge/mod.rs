//! Two records made one. The kept record gets what was chosen field by field and everything that named the other; the
//! other goes, and for 30 days both can be had back.
//!
//! | what | on merging | on undoing |
//! |---|---|---|
//! | fields, phones, e-mails, addresses, dates, tags, custom values | chosen; the gone one's own stay beneath it | each is what it was before, unless someone changed it on the kept record since: then the change stays |
//! | orders, interactions, preferences, facts, relations, fields that name the customer | name the kept record | those that came from the gone one go back, those added since stay |
//! | relations between the two, or that both had | one of each stays | come back |
//! | static segments | the kept record joins | it leaves those it joined by the merge |
//! | figures, search, pairs of duplicates | computed anew | computed anew |
//! | events, imports | stay with the record they happened to; the kept one's timeline tells both | told apart again |

mod choose;
mod undo;

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use regulars_domain::actor::{Action, Resource, Visibility};
use regulars_domain::duplicates::Choice;
use regulars_domain::ids::{MergeId, PartyId, RelationId, SegmentId};
use regulars_persistence::Db;
use regulars_persistence::activities::touch::touches_refresh_of;
use regulars_persistence::customers::custom::custom_values_release;
use regulars_persistence::customers::merge::{
    MergeRow, NewMerge, merge_get as row_get, merge_insert, merge_record_set, merged_into, merges_held,
    references_move, segments_join, segments_only_of,
};
use regulars_persistence::customers::parts::parts_of;
use regulars_persistence::customers::party::{PartyRecord, party_delete, party_get};
use regulars_persistence::customers::qualification::qualification_refresh;
use regulars_persistence::customers::relation::{RelationRow, relation_delete, relations_of};
use regulars_persistence::customers::search::search_remove;
use regulars_persistence::insight::contact::contacts_refresh;
use regulars_persistence::types::AnyId;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::consent::{consents_before_merge, consents_merge};
use super::duplicates::pair::MERGE;
use super::input::CustomerInput;
use super::place::party_place;
use super::view::to_input;
use super::write::{own_require, revision_of, revision_store, stale};
use crate::access::Ref;
use crate::event::Event;
use crate::insight::metric_refresh;
use crate::list::Page;
use crate::{AppError, AppResult, Cx};

pub use undo::{merge_undo, merges_forget};

const READ: &str = "customers:customer:read";
const ASSIGN: &str = "customers:customer:assign";
/// How long a merge can be taken back.
const UNDO: TimeDelta = TimeDelta::days(30);

/// Which record to merge into this one, and whose values stay.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MergeInput {
    /// The customer that goes.
    pub other_id: Uuid,
    /// The versions of both that the caller has seen.
    #[schema(example = 1)]
    pub version: i64,
    #[schema(example = 1)]
    pub other_version: i64,
    #[serde(default)]
    #[schema(example = json!({"name": "kept", "birthday": "gone", "phones": "both"}))]
    pub choices: MergeChoices,
}

/// Whose value of each field stays: `kept`, `gone`, or `both` for lists and the note. Unchosen, a single value is the kept
/// record's unless only the other has one, and a list is both. Code, unit and kind are the kept record's.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct MergeChoices {
    /// With its reading.
    #[schema(value_type = Option<crate::shape::MergeChoice>)]
    pub name: Option<Choice>,
    #[schema(value_type = Option<crate::shape::MergeChoice>)]
    pub status: Option<Choice>,
    /// Unchosen it is the kept record's, even nobody.
    #[schema(value_type = Option<crate::shape::MergeChoice>)]
    pub owner: Option<Choice>,
    #[schema(value_type = Option<crate::shape::MergeChoice>)]
    pub gender: Option<Choice>,
    #[schema(value_type = Option<crate::shape::MergeChoice>)]
    pub birthday: Option<Choice>,
    #[schema(value_type = Option<crate::shape::MergeChoice>)]
    pub tax_id: Option<Choice>,
    #[schema(value_type = Option<crate::shape::MergeChoice>)]
    pub industry: Option<Choice>,
    #[schema(value_type = Option<crate::shape::MergeChoice>)]
    pub source: Option<Choice>,
    #[schema(value_type = Option<crate::shape::MergeChoice>)]
    pub level: Option<Choice>,
    #[schema(value_type = Option<crate::shape::MergeChoice>)]
    pub buying_style: Option<Choice>,
    #[schema(value_type = Option<crate::shape::MergeChoice>)]
    pub internal: Option<Choice>,
    #[schema(value_type = Option<crate::shape::MergeChoice>)]
    pub note: Option<Choice>,
    #[schema(value_type = Option<crate::shape::MergeChoice>)]
    pub phones: Option<Choice>,
    #[schema(value_type = Option<crate::shape::MergeChoice>)]
    pub emails: Option<Choice>,
    #[schema(value_type = Option<crate::shape::MergeChoice>)]
    pub addresses: Option<Choice>,
    #[schema(value_type = Option<crate::shape::MergeChoice>)]
    pub dates: Option<Choice>,
    #[schema(value_type = Option<crate::shape::MergeChoice>)]
    pub tags: Option<Choice>,
    /// Custom fields by key.
    #[schema(value_type = BTreeMap<String, crate::shape::MergeChoice>)]
    pub custom: BTreeMap<String, Choice>,
}

/// A merge.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct MergeView {
    pub id: Uuid,
    pub kept: Ref,
    /// Asked for, it answers 410 and names the kept record.
    pub gone: Ref,
    pub merged_by: Option<Ref>,
    pub merged_at: DateTime<Utc>,
    pub undo_until: DateTime<Utc>,
    pub undone_at: Option<DateTime<Utc>>,
    pub version: i64,
}

crate::versioned!(MergeView);

/// What an undo needs beside the rows that were moved.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct MergeRecord {
    before: CustomerInput,
    merged: CustomerInput,
    segments: Vec<SegmentId>,
    relations: Vec<RelationRow>,
}

fn merge_view(row: MergeRow) -> MergeView {
    MergeView {
        id: row.id.0,
        kept: Ref::new(row.kept_id, row.kept_name),
        gone: Ref::new(row.gone_id, row.gone_name),
        merged_by: row.merged_by.map(|id| Ref::new(id, row.merged_by_name.unwrap_or_default())),
        merged_at: row.merged_at,
        undo_until: row.undo_until,
        undone_at: row.undone_at,
        version: row.version,
    }
}

/// Why a customer is not there: merged into one that the caller sees, or nothing that may be told.
pub fn absent(db: &mut Db, id: PartyId, reach: &Visibility) -> AppResult<AppError> {
    let Some(into) = merged_into(db, id)? else { return Ok(AppError::NotFound) };
    let seen = party_get(db, into, reach)?;
    Ok(seen.map_or(AppError::NotFound, |record| AppError::Merged(record.party.id.0)))
}

/// A merge of records the caller sees.
pub fn merge_get(cx: &Cx, id: MergeId) -> AppResult<MergeView> {
    cx.require(READ)?;
    cx.read(|db| {
        let row = row_get(db, id)?.ok_or(AppError::NotFound)?;
        party_place(cx, db, row.holder_id, Action::Read)?;
        Ok(merge_view(row))
    })
}

/// What was merged into a customer, the latest first.
pub fn merge_list(cx: &Cx, party: PartyId) -> AppResult<Page<MergeView>> {
    cx.require(READ)?;
    cx.read(|db| {
        party_place(cx, db, party, Action::Read)?;
        Ok(Page::whole(merges_held(db, party)?.into_iter().map(merge_view).collect()))
    })
}

/// Merges `input.other_id` into the customer.
pub fn merge_create(cx: &Cx, kept: PartyId, input: MergeInput) -> AppResult<MergeView> {
    cx.require(MERGE)?;
    if input.other_id == kept.0 {
        return Err(AppError::invalid("/other_id", "self_reference"));
    }
    let within = cx.clone();
    cx.create(move |tx| {
        let cx = &within;
        let kept = side(tx, cx, kept, input.version)?;
        let gone = side(tx, cx, PartyId(input.other_id), input.other_version).map_err(|error| match error {
            AppError::NotFound | AppError::Merged(_) => AppError::invalid("/other_id", "unknown_reference"),
            other => other,
        })?;
        if kept.party.unit_id != gone.party.unit_id {
            return Err(AppError::Conflict("other_unit"));
        }
        if kept.party.kind != gone.party.kind {
            return Err(AppError::Conflict("other_kind"));
        }
        // A merge is no way around the qualification, and a code is never lost by one.
        if kept.party.code.is_none() && gone.party.code.is_some() {
            return Err(AppError::Conflict("kept_without_code"));
        }
        merge_store(tx, cx, &kept, &gone, &input.choices)
    })
}

/// A record the caller may change, as they have seen it.
fn side(tx: &mut Db, cx: &Cx, id: PartyId, version: i64) -> AppResult<PartyRecord> {
    let reach = cx.visible(Resource::Customer, Action::Write);
    let record = party_get(tx, id, &reach)?.map_or_else(|| Err(absent(tx, id, &reach)?), Ok)?;
    own_require(cx, tx, id)?;
    if record.party.version != version {
        return Err(AppError::Stale { current: record.party.version });
    }
    Ok(record)
}

fn merge_store(
    tx: &mut Db,
    cx: &Cx,
    kept: &PartyRecord,
    gone: &PartyRecord,
    choices: &MergeChoices,
) -> AppResult<MergeView> {
    let (kept_id, gone_id) = (kept.party.id, gone.party.id);
    let (before, theirs) = (input_of(tx, cx, kept)?, input_of(tx, cx, gone)?);
    let merged = choose::chosen(choices, &before, &theirs);
    if merged.owner_id != before.owner_id {
        cx.require(ASSIGN)?;
    }
    let id = MergeId::fresh();
    merge_insert(
        tx,
        NewMerge {
            id,
            unit_id: kept.party.unit_id,
            kept_id,
            gone_id,
            merged_by: cx.actor.user_id,
            merged_at: cx.now,
            undo_until: cx.now + UNDO,
        },
    )?;
    // Unique custom values must be free before the kept record takes them.
    custom_values_release(tx, AnyId(gone_id.0))?;
    let revision = revision_of(cx, tx, "merged", kept, (before.clone(), merged))?;
    revision_store(tx, cx, &revision)?;
    let relations = relations_doubled(tx, kept_id, gone_id)?;
    for relation in &relations {
        relation_delete(tx, relation.id, relation.version)?;
    }
    let consents = consents_before_merge(tx, kept_id, gone_id)?;
    references_move(tx, id, gone_id, kept_id)?;
    consents_merge(tx, cx, id, kept_id, consents)?;
    qualification_refresh(tx, &[kept_id, gone_id])?;
    let segments = segments_only_of(tx, gone_id, kept_id)?;
    segments_join(tx, kept_id, &segments, cx.now)?;
    if !party_delete(tx, gone_id, gone.party.version, cx.now)? {
        return Err(stale(tx, gone_id)?);
    }
    search_remove(tx, &[gone_id])?;
    metric_refresh(tx, cx, &[kept_id, gone_id])?;
    contacts_refresh(tx, kept_id, cx.now)?;
    touches_refresh_of(tx, &[kept_id])?;
    // As stored: what tidying made of it is what a later edit is compared with.
    let now = party_get(tx, kept_id, &Visibility::Company)?.ok_or(AppError::NotFound)?;
    let record = MergeRecord { before, merged: input_of(tx, cx, &now)?, segments, relations };
    merge_record_set(tx, id, serde_json::to_value(&record).map_err(AppError::internal)?)?;
    Event::new(cx, "customer", gone_id, "merged_away")
        .party(gone_id)
        .stands(gone.party.unit_id, gone.party.owner_id)
        .after(&json!({"into": kept_id, "code": kept.party.code, "merge_id": id}))
        .record(tx)?;
    row_get(tx, id)?.map(merge_view).ok_or(AppError::NotFound)
}

/// The writable form of a record as it is stored.
fn input_of(tx: &mut Db, cx: &Cx, record: &PartyRecord) -> AppResult<CustomerInput> {
    let parts = parts_of(tx, &[record.party.id])?.remove(&record.party.id).unwrap_or_default();
    Ok(to_input(record, &parts, &cx.company()?.currency))
}

/// The gone record's relations that would say nothing or the same twice: those between the two, and those that the kept
/// one has too.
fn relations_doubled(tx: &mut Db, kept: PartyId, gone: PartyId) -> AppResult<Vec<RelationRow>> {
    let ours = relations_of(tx, kept)?;
    let theirs = relations_of(tx, gone)?;
    let moved = |id: PartyId| if id == gone { kept } else { id };
    let mut doubled: Vec<RelationRow> = theirs
        .into_iter()
        .filter(|row| {
            let (from, to) = (moved(row.from_id), moved(row.to_id));
            let same = |other: &RelationRow| {
                (other.from_id, other.to_id, &other.role) == (from, to, &row.role)
                    && (other.valid_from, other.valid_to) == (row.valid_from, row.valid_to)
            };
            from == to || ours.iter().any(same)
        })
        .collect();
    doubled.sort_by_key(|row: &RelationRow| -> RelationId { row.id });
    doubled.dedup_by_key(|row| row.id);
    Ok(doubled)
}
