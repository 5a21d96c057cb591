//! The same change to everyone a filter finds, as a job: owner, tags, or a fact.

use regulars_domain::actor::{Action, Resource};
use regulars_domain::condition::{Condition, Test};
use regulars_domain::error::Checks;
use regulars_domain::ids::{PartyId, TagId, UnitId, UserId};
use regulars_persistence::Db;
use regulars_persistence::access::user::user_get;
use regulars_persistence::catalogue::Catalogue;
use regulars_persistence::customers::bulk::{
    BulkColumn, owner_value, parties_set, push_among, push_differs, push_unit,
};
use regulars_persistence::customers::dictionary::entries_active;
use regulars_persistence::customers::parts_kept::parts_keep;
use regulars_persistence::customers::relation::{PartyName, party_names_within};
use regulars_persistence::customers::search::search_pending_add;
use regulars_persistence::customers::tag::{party_tags_add, party_tags_remove, tags_known};
use regulars_persistence::list::{Listing, list_count};
use regulars_persistence::platform::tag::tag_get;
use regulars_persistence::sql::{Bind, Null, Statement};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

use super::input::STATUSES;
use super::list::{CUSTOMER_FROM, CUSTOMER_ID, customer_base, customer_catalogue, customers_meant};
use crate::event::Event;
use crate::jobs::task::Step;
use crate::jobs::{JobView, NewJob, Task, job_enqueue};
use crate::list::{Source, condition_check, walk_ids};
use crate::{AppError, AppResult, Cx};
use regulars_persistence::customers::fields::Root;

/// The kind of the job.
pub const BULK: &str = "customers.bulk";
const PERMISSION: &str = "customers:customer:assign";
/// Customers changed in one transaction.
const CHUNK: usize = 200;
/// Most customers named one by one.
const MOST_IDS: usize = 5_000;

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BulkInput {
    /// Customers one by one, at most 5,000; or `filter`, or `q`.
    #[serde(default)]
    #[schema(example = json!([]))]
    pub ids: Vec<Uuid>,
    /// Everyone a condition finds.
    #[serde(default)]
    #[schema(value_type = Option<crate::shape::Condition>)]
    pub filter: Option<Condition>,
    /// Everyone a search finds, within `filter` if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = json!(null))]
    pub q: Option<String>,
    pub action: BulkAction,
}

/// Exactly one of these.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum BulkAction {
    /// A new owner, who must be of the customers' unit; without one they have none.
    Assign {
        owner_id: Option<Uuid>,
    },
    /// Tags of the customers' unit; customers of other units are left alone.
    AddTags(Vec<Uuid>),
    RemoveTags(Vec<Uuid>),
    #[schema(example = json!({"status": "inactive"}))]
    Set(BulkSet),
}

/// Facts to set; what is absent stays, `null` clears.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BulkSet {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<crate::shape::CustomerStatus>)]
    pub status: Option<String>,
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub level: Option<Option<String>>,
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub source: Option<Option<String>>,
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub industry: Option<Option<String>>,
}

/// Tells `null` from absence.
fn present<'de, D: serde::Deserializer<'de>>(value: D) -> Result<Option<Option<String>>, D::Error> {
    Option::<String>::deserialize(value).map(Some)
}

impl BulkSet {
    fn columns(&self) -> Vec<(BulkColumn, &'static str, Option<&str>)> {
        let mut columns = Vec::new();
        columns.extend(self.status.as_deref().map(|status| (BulkColumn::Status, "status", Some(status))));
        for (column, name, value) in [
            (BulkColumn::Level, "level", &self.level),
            (BulkColumn::Source, "source", &self.source),
            (BulkColumn::Industry, "industry", &self.industry),
        ] {
            columns.extend(value.as_ref().map(|value| (column, name, value.as_deref())));
        }
        columns
    }
}

/// Checks the change and queues it.
pub fn customer_bulk(cx: &Cx, input: BulkInput) -> AppResult<JobView> {
    cx.require(PERMISSION)?;
    let total = cx.read(|db| {
        check(cx, db, &input)?;
        let plan = Plan::new(cx, db, &input)?;
        let listing = Listing {
            from: CUSTOMER_FROM,
            id: CUSTOMER_ID,
            base: &plan.base,
            catalogue: &plan.catalogue,
            test: plan.test.as_ref(),
        };
        Ok(list_count(db, &listing, None)?)
    })?;
    let job = NewJob {
        kind: BULK,
        input: serde_json::to_value(&input).map_err(AppError::internal)?,
        // A search may find more in the index than is meant.
        total: input.q.is_none().then_some(total),
        dedupe_key: None,
        lane: None,
    };
    let within = cx.clone();
    cx.create(move |tx| job_enqueue(tx, &within, job.clone()))
}

fn check(cx: &Cx, db: &mut Db, input: &BulkInput) -> AppResult<()> {
    let mut checks = Checks::default();
    if input.ids.is_empty() == (input.filter.is_none() && input.q.is_none()) {
        checks.fail("/ids", "ids_or_filter");
    }
    if input.ids.len() > MOST_IDS {
        checks.fail_with("/ids", "out_of_range", format!("1–{MOST_IDS}"));
    }
    match &input.action {
        BulkAction::Assign { owner_id: None } => {}
        BulkAction::Assign { owner_id: Some(owner) } => {
            if owner_of(cx, db, *owner)?.is_none() {
                checks.fail("/action/assign/owner_id", "unknown_reference");
            }
        }
        BulkAction::AddTags(tags) | BulkAction::RemoveTags(tags) => {
            if tag_unit(cx, db, tags)?.is_none() {
                checks.fail("/action", "unknown_reference");
            }
        }
        BulkAction::Set(set) => check_set(db, set, &mut checks)?,
    }
    Ok(checks.done()?)
}

fn check_set(db: &mut Db, set: &BulkSet, checks: &mut Checks) -> AppResult<()> {
    let columns = set.columns();
    if columns.is_empty() {
        checks.fail("/action/set", "required");
    }
    for (_, name, value) in columns {
        let pointer = format!("/action/set/{name}");
        match value {
            Some(value) if name == "status" => checks.one_of(&pointer, value, STATUSES),
            Some(value) if entries_active(db, &[(name, value)])?.is_empty() => {
                checks.fail(pointer, "unknown_reference")
            }
            _ => {}
        }
    }
    Ok(())
}

/// The unit of an active user the caller may give customers to.
fn owner_of(cx: &Cx, db: &mut Db, owner: Uuid) -> AppResult<Option<UnitId>> {
    let user = user_get(db, UserId(owner))?.filter(|user| user.active);
    Ok(user.map(|user| user.unit_id).filter(|unit| *unit == cx.actor.unit_id || cx.actor.is_head_office()))
}

/// The one unit all the tags belong to, if it is in sight.
fn tag_unit(cx: &Cx, db: &mut Db, tags: &[Uuid]) -> AppResult<Option<UnitId>> {
    let Some(first) = tags.first() else { return Ok(None) };
    let Some(unit_id) = tag_get(db, TagId(*first))?.map(|tag| tag.unit_id) else { return Ok(None) };
    let mut ids: Vec<TagId> = tags.iter().copied().map(TagId).collect();
    ids.sort_unstable();
    ids.dedup();
    let all = tags_known(db, unit_id, &ids)? == ids.len();
    Ok(Some(unit_id).filter(|unit| all && (*unit == cx.actor.unit_id || cx.actor.is_head_office())))
}

/// Whom the change meets.
struct Plan {
    base: Statement,
    catalogue: Catalogue,
    test: Option<Test>,
}

impl Plan {
    /// Assigning reaches what the caller may read by their own right: an executive gives out work without editing
    /// customers.
    fn new(cx: &Cx, db: &mut Db, input: &BulkInput) -> AppResult<Self> {
        let catalogue = customer_catalogue(cx, db, Root::Party)?;
        let test = input.filter.as_ref().map(|filter| condition_check(cx, &catalogue, filter)).transpose()?;
        let mut base = customer_base(cx, db, input.q.as_deref(), Root::Party);
        if cx.actor.shares.is_some() {
            base.push(" AND ");
            Root::Party.push_living(&mut base, &cx.visible_own(Resource::Customer, Action::Read));
        }
        if !input.ids.is_empty() {
            push_among(&mut base, &input.ids.iter().copied().map(PartyId).collect::<Vec<_>>());
        }
        match &input.action {
            BulkAction::Assign { owner_id } => {
                if let Some(owner) = owner_id {
                    let unit = owner_of(cx, db, *owner)?.ok_or(AppError::NotFound)?;
                    push_unit(&mut base, unit);
                }
                push_differs(&mut base, BulkColumn::Owner, &owner_value(owner_id.map(UserId)));
            }
            BulkAction::AddTags(tags) | BulkAction::RemoveTags(tags) => {
                push_unit(&mut base, tag_unit(cx, db, tags)?.ok_or(AppError::NotFound)?);
            }
            BulkAction::Set(_) => {}
        }
        Ok(Self { base, catalogue, test })
    }
}

#[derive(Debug, Default, Serialize, Deserialize)]
struct Checkpoint {
    after: Option<Uuid>,
    done: i64,
}

/// The handler: walks the customers in order of creation and changes a chunk in each transaction.
pub fn bulk_handle(task: &Task) -> AppResult<Option<String>> {
    let input: BulkInput = task.input()?;
    let mut at: Checkpoint = task.checkpoint()?.unwrap_or_default();
    let cx = task.cx()?;
    cx.require(PERMISSION)?;
    loop {
        let (chunk, ids) = cx.read(|db| {
            let plan = Plan::new(&cx, db, &input)?;
            let source =
                Source { from: CUSTOMER_FROM, id: CUSTOMER_ID, catalogue: &plan.catalogue, default_sort: "id" };
            let chunk = walk_ids(db, &source, &plan.base, plan.test.as_ref(), at.after, CHUNK)?;
            let ids = customers_meant(&cx, db, input.q.as_deref(), chunk.iter().copied().map(PartyId).collect())?;
            Ok((chunk, ids))
        })?;
        let Some(last) = chunk.last().copied() else { return Ok(None) };
        let done = at.done + i64::try_from(ids.len()).unwrap_or(0);
        at = Checkpoint { after: Some(last), done };
        let step = Step { done, total: task.job.total, checkpoint: Some(json!(at)) };
        let (within, action, task) = (cx.clone(), input.action.clone(), task.clone());
        cx.change(move |tx| {
            chunk_change(tx, &within, &ids, &action)?;
            task.progress_in(tx, &step)
        })?;
    }
}

/// Applies the action to customers that are still within reach, with one event each.
fn chunk_change(tx: &mut Db, cx: &Cx, ids: &[PartyId], action: &BulkAction) -> AppResult<()> {
    let reach = cx.visible_own(Resource::Customer, Action::Read);
    let parties = party_names_within(tx, ids, &reach)?;
    let ids: Vec<PartyId> = parties.iter().map(|party| party.id).collect();
    match action {
        BulkAction::Assign { owner_id } => {
            let owner = owner_id.map(UserId);
            parties_set(tx, &ids, &[(BulkColumn::Owner, owner_value(owner))], cx.now)?;
            search_pending_add(tx, &ids, cx.now)?;
            for party in &parties {
                let event = Event::new(cx, "customer", party.id, "assigned").party(party.id);
                event.stands(party.unit_id, owner).stood(party.unit_id, party.owner_id).record(tx)?;
            }
            Ok(())
        }
        BulkAction::AddTags(tags) => {
            let tags: Vec<TagId> = tags.iter().copied().map(TagId).collect();
            party_tags_add(tx, &ids, &tags)?;
            parts_keep(tx, &ids)?;
            parties_set(tx, &ids, &[], cx.now)?;
            told(tx, cx, &parties, "tagged", &json!({ "tag_ids": tags }))
        }
        BulkAction::RemoveTags(tags) => {
            let tags: Vec<TagId> = tags.iter().copied().map(TagId).collect();
            party_tags_remove(tx, &ids, &tags)?;
            parts_keep(tx, &ids)?;
            parties_set(tx, &ids, &[], cx.now)?;
            told(tx, cx, &parties, "untagged", &json!({ "tag_ids": tags }))
        }
        BulkAction::Set(set) => {
            let values: Vec<(BulkColumn, Bind)> = set
                .columns()
                .into_iter()
                .map(|(column, _, value)| (column, value.map_or(Bind::Null(Null::Text), Bind::from)))
                .collect();
            // Nobody becomes a customer without a code: that is for a qualification to give.
            let becomes = set.status.as_deref() == Some("customer");
            let parties: Vec<PartyName> =
                parties.into_iter().filter(|party| !becomes || party.code.is_some()).collect();
            let ids: Vec<PartyId> = parties.iter().map(|party| party.id).collect();
            parties_set(tx, &ids, &values, cx.now)?;
            told(tx, cx, &parties, "changed_in_bulk", &json!(set))
        }
    }
}

fn told(tx: &mut Db, cx: &Cx, parties: &[PartyName], action: &str, after: &Value) -> AppResult<()> {
    for party in parties {
        let event = Event::new(cx, "customer", party.id, action).party(party.id);
        event.stands(party.unit_id, party.owner_id).after(after).record(tx)?;
    }
    Ok(())
}
