//! Dealers: organisations that sell on; their clerks, what those have learnt, what was sold, and our part of what they buy.

use std::collections::HashMap;

use chrono::{DateTime, Months, NaiveDate, Utc};
use regulars_domain::actor::{Action, Resource};
use regulars_domain::dealer::{Taken, TrainedState, trained_state};
use regulars_domain::error::Checks;
use regulars_domain::ids::{DealerId, PartyId};
use regulars_domain::money::format_decimal;
use regulars_domain::sellout::MeasureKind;
use regulars_persistence::Db;
use regulars_persistence::customers::training::{TrainingRow, trainings_of};
use regulars_persistence::sales::customer::unit_names;
use regulars_persistence::sales::dealer::{
    DEALER_FROM, DealerRecord, DealerRow, SoldRow, clerks_of, dealer_base, dealer_catalogue,
    dealer_delete as row_delete, dealer_insert, dealer_of, dealer_update as row_update, dealers_get, sold_by_month,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::access::Ref;
use crate::customers::input::trim;
use crate::customers::place::party_place;
use crate::customers::training::{TrainingView, view as training_view};
use crate::event::Event;
use crate::list::{ListRequest, Page, Source, page_ids};
use crate::money::{Money, QUANTITY_PLACES};
use crate::platform::dictionary::entry_meant;
use crate::{AppError, AppResult, Cx};

const READ: &str = "customers:customer:read";
const WRITE: &str = "customers:customer:write";
const INSIGHT: &str = "insight:metric:read";
/// The dictionary of kinds, and the role of those who sell, in the dictionary of relations.
pub const KINDS: &str = "dealer_kind";
pub const CLERK: &str = "clerk";
/// Months of what was sold.
const MONTHS: u32 = 12;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DealerInput {
    /// An entry of the dictionary `dealer_kind`, by its key or by its name in either language.
    #[schema(example = "dealer")]
    pub kind: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "2023-04-01")]
    pub since: Option<NaiveDate>,
    /// The last day; it sells on while absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = json!(null))]
    pub ended_on: Option<NaiveDate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "Suzhou and Wuxi")]
    pub territory: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// Somebody who sells for the dealer: a relation of the role `clerk` from the person to the organisation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct DealerClerk {
    pub relation_id: Uuid,
    pub person: Ref,
    /// By the best of the trainings: `trained`, `lapsed` (all that was passed is over), `untrained`.
    #[schema(value_type = crate::shape::TrainedStateKey)]
    pub state: String,
    /// The latest first.
    pub trainings: Vec<TrainingView>,
}

/// What the dealer told of a month, all products together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DealerSold {
    /// A measure of the sheets.
    #[schema(example = "sell_out")]
    pub measure: String,
    #[schema(example = "2026-10")]
    pub month: String,
    /// Decimal with three places, of measures that hold quantities.
    #[schema(example = "120.000")]
    pub quantity: Option<String>,
    /// Of measures that hold money.
    pub amount: Option<Money>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct DealerView {
    pub id: Uuid,
    pub customer: Ref,
    pub unit: Ref,
    pub owner: Option<Ref>,
    /// The kind's key in the dictionary `dealer_kind`.
    #[schema(example = "dealer")]
    pub kind: String,
    pub since: Option<NaiveDate>,
    pub ended_on: Option<NaiveDate>,
    pub territory: Option<String>,
    pub note: Option<String>,
    /// Those the caller may see.
    pub clerks: Vec<DealerClerk>,
    #[schema(example = 3)]
    pub clerks_trained: i64,
    /// Our part of what they buy in a year, 0–1, for those who may see insight; see the fact `total_purchases`.
    pub wallet_share: Option<f64>,
    /// Of the last twelve months.
    pub sold: Vec<DealerSold>,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

crate::versioned!(DealerView);

fn to_input(row: &DealerRow) -> DealerInput {
    DealerInput {
        kind: row.kind.clone(),
        since: row.since,
        ended_on: row.ended_on,
        territory: row.territory.clone(),
        note: row.note.clone(),
    }
}

fn filled(row: DealerRow, input: &DealerInput) -> DealerRow {
    let input = input.clone();
    DealerRow {
        kind: input.kind,
        since: input.since,
        ended_on: input.ended_on,
        territory: input.territory,
        note: input.note,
        ..row
    }
}

/// Tidies what is said and notes everything wrong with it.
fn sound(db: &mut Db, input: &mut DealerInput, before: Option<&DealerRow>) -> AppResult<()> {
    let mut checks = Checks::default();
    match entry_meant(db, KINDS, &input.kind, before.map(|row| row.kind.as_str()))? {
        Some(key) => input.kind = key,
        None => checks.fail("/kind", "unknown_reference"),
    }
    for (value, pointer, most) in [(&mut input.territory, "/territory", 200), (&mut input.note, "/note", 2_000)] {
        trim(value);
        checks.optional_text(pointer, value.as_deref(), most);
    }
    if let (Some(since), Some(ended)) = (input.since, input.ended_on)
        && ended < since
    {
        checks.fail("/ended_on", "date_order");
    }
    Ok(checks.done()?)
}

fn views(cx: &Cx, db: &mut Db, records: Vec<DealerRecord>) -> AppResult<Vec<DealerView>> {
    if records.is_empty() {
        return Ok(Vec::new());
    }
    let today = cx.today()?;
    let parties: Vec<PartyId> = records.iter().map(|record| record.own.party_id).collect();
    let reach = cx.visible(Resource::Customer, Action::Read);
    let clerks = clerks_of(db, &parties, CLERK, today, &reach)?;
    let people: Vec<PartyId> = clerks.iter().map(|clerk| clerk.party_id).collect();
    let mut learnt: HashMap<PartyId, Vec<TrainingRow>> = HashMap::new();
    for training in trainings_of(db, &people)? {
        learnt.entry(training.party_id).or_default().push(training);
    }
    let mut staff: HashMap<PartyId, Vec<DealerClerk>> = HashMap::new();
    for clerk in clerks {
        let trainings = learnt.get(&clerk.party_id).cloned().unwrap_or_default();
        let taken = |one: &TrainingRow| Taken { passed: one.passed, valid_until: one.valid_until };
        let state = trained_state(&trainings.iter().map(taken).collect::<Vec<_>>(), today);
        staff.entry(clerk.dealer_party).or_default().push(DealerClerk {
            relation_id: clerk.relation_id.0,
            person: Ref::new(clerk.party_id, clerk.name),
            state: state.key().into(),
            trainings: trainings.into_iter().map(training_view).collect(),
        });
    }
    let since = today.checked_sub_months(Months::new(MONTHS)).unwrap_or(today);
    let mut sold: HashMap<PartyId, Vec<SoldRow>> = HashMap::new();
    for row in sold_by_month(db, &parties, since)? {
        sold.entry(row.party_id).or_default().push(row);
    }
    let company = cx.company()?;
    let measures = company.settings.sellout.measures.iter();
    let amounts: Vec<&str> =
        measures.filter(|one| one.kind == MeasureKind::Money.key()).map(|one| one.key.as_str()).collect();
    let units: HashMap<_, _> = unit_names(db)?.into_iter().collect();
    let may_see = cx.actor.may(INSIGHT);
    let view = |record: DealerRecord| {
        let row = record.own;
        let clerks = staff.remove(&row.party_id).unwrap_or_default();
        let told = |one: SoldRow| {
            let money = amounts.contains(&one.measure.as_str());
            DealerSold {
                quantity: (!money).then(|| format_decimal(one.number, QUANTITY_PLACES)),
                amount: money.then(|| Money::of(one.number, &company.currency)),
                measure: one.measure,
                month: one.month,
            }
        };
        DealerView {
            id: row.id.0,
            customer: Ref::new(row.party_id, record.party_name),
            unit: Ref::new(record.unit_id, units.get(&record.unit_id).cloned().unwrap_or_default()),
            owner: record.owner_id.map(|id| Ref::new(id, record.owner_name.unwrap_or_default())),
            kind: row.kind,
            since: row.since,
            ended_on: row.ended_on,
            territory: row.territory,
            note: row.note,
            clerks_trained: clerks.iter().filter(|one| one.state == TrainedState::Trained.key()).count() as i64,
            clerks,
            wallet_share: record.wallet_share.filter(|_| may_see),
            sold: sold.remove(&row.party_id).unwrap_or_default().into_iter().map(told).collect(),
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    };
    Ok(records.into_iter().map(view).collect())
}

fn view(cx: &Cx, db: &mut Db, record: DealerRecord) -> AppResult<DealerView> {
    views(cx, db, vec![record])?.pop().ok_or(AppError::NotFound)
}

pub fn dealer_list(cx: &Cx, request: &ListRequest) -> AppResult<Page<DealerView>> {
    cx.require(READ)?;
    let reach = cx.visible(Resource::Customer, Action::Read);
    let base = dealer_base(&reach, request.q.as_deref());
    cx.read(|db| {
        let mut catalogue = dealer_catalogue();
        if !cx.actor.may(INSIGHT) {
            catalogue.masked.push("wallet_share".into());
        }
        let source = Source { from: DEALER_FROM, id: "d.id", catalogue: &catalogue, default_sort: "name" };
        let page = page_ids(cx, db, request, &source, &base)?;
        let ids: Vec<DealerId> = page.items.iter().map(|id| DealerId(*id)).collect();
        let records = if ids.is_empty() { Vec::new() } else { dealers_get(db, &ids, &reach)? };
        let mut found: HashMap<Uuid, DealerView> =
            views(cx, db, records)?.into_iter().map(|view| (view.id, view)).collect();
        let items = page.items.iter().filter_map(|id| found.remove(id)).collect();
        Ok(Page { items, next_cursor: page.next_cursor, total: page.total, total_capped: page.total_capped })
    })
}

fn found(cx: &Cx, db: &mut Db, id: DealerId, action: Action) -> AppResult<DealerRecord> {
    dealers_get(db, &[id], &cx.visible(Resource::Customer, action))?.pop().ok_or(AppError::NotFound)
}

pub fn dealer_get(cx: &Cx, id: DealerId) -> AppResult<DealerView> {
    cx.require(READ)?;
    cx.read(|db| {
        let record = found(cx, db, id, Action::Read)?;
        view(cx, db, record)
    })
}

/// The dealer that an organisation is: a list of none or one.
pub fn dealer_of_customer(cx: &Cx, party: PartyId) -> AppResult<Page<DealerView>> {
    cx.require(READ)?;
    cx.read(|db| {
        party_place(cx, db, party, Action::Read)?;
        let record = dealer_of(db, party, &cx.visible(Resource::Customer, Action::Read))?;
        Ok(Page::whole(views(cx, db, record.into_iter().collect())?))
    })
}

pub fn dealer_create(cx: &Cx, party: PartyId, mut input: DealerInput) -> AppResult<DealerView> {
    cx.require(WRITE)?;
    let place = cx.read(|db| {
        let place = party_place(cx, db, party, Action::Write)?;
        if place.kind != "organization" {
            return Err(AppError::Conflict("organization_only"));
        }
        sound(db, &mut input, None)?;
        Ok(place)
    })?;
    let blank = DealerRow {
        id: DealerId::fresh(),
        party_id: party,
        kind: String::new(),
        since: None,
        ended_on: None,
        territory: None,
        note: None,
        version: 1,
        created_by: cx.actor.user(),
        created_at: cx.now,
        updated_at: cx.now,
    };
    let row = filled(blank, &input);
    let within = cx.clone();
    cx.create(move |tx| {
        dealer_insert(tx, row.clone())?;
        let event = Event::new(&within, "dealer", row.id, "created").party(party);
        event.stands(place.unit_id, place.owner_id).after(&input).record(tx)?;
        let record = found(&within, tx, row.id, Action::Read)?;
        view(&within, tx, record)
    })
}

fn to_change(cx: &Cx, id: DealerId, version: i64) -> AppResult<DealerRecord> {
    cx.require(WRITE)?;
    let record = cx.read(|db| found(cx, db, id, Action::Write))?;
    if record.own.version != version {
        return Err(AppError::Stale { current: record.own.version });
    }
    Ok(record)
}

pub fn dealer_update(cx: &Cx, id: DealerId, version: i64, patch: &Value) -> AppResult<DealerView> {
    let record = to_change(cx, id, version)?;
    let before = to_input(&record.own);
    let mut input: DealerInput = crate::patch::patched(&before, patch)?;
    cx.read(|db| sound(db, &mut input, Some(&record.own)))?;
    if crate::patch::same(&before, &input)? {
        return cx.read(|db| view(cx, db, record));
    }
    let row = filled(DealerRow { updated_at: cx.now, ..record.own.clone() }, &input);
    let within = cx.clone();
    cx.change(move |tx| {
        if !row_update(tx, row.clone())? {
            let current = found(&within, tx, id, Action::Write)?.own.version;
            return Err(AppError::Stale { current });
        }
        let event = Event::new(&within, "dealer", id, "updated").party(row.party_id);
        event.stands(record.unit_id, record.owner_id).difference(&before, &input).record(tx)?;
        let record = found(&within, tx, id, Action::Write)?;
        view(&within, tx, record)
    })
}

/// The organisation is a customer like others; its clerks and what they learnt stay.
pub fn dealer_delete(cx: &Cx, id: DealerId, version: i64) -> AppResult<()> {
    let record = to_change(cx, id, version)?;
    let before = to_input(&record.own);
    let within = cx.clone();
    cx.change(move |tx| {
        if !row_delete(tx, id, version)? {
            let current = found(&within, tx, id, Action::Write)?.own.version;
            return Err(AppError::Stale { current });
        }
        let event = Event::new(&within, "dealer", id, "deleted").party(record.own.party_id);
        event.stands(record.unit_id, record.owner_id).before(&before).record(tx)
    })
}
