//! Creating, changing and deleting a customer in two steps: checked against the store first, then stored in one
//! transaction, alone or with others of a batch.

use chrono::NaiveDate;
use regulars_domain::actor::{Action, Resource, Visibility};
use regulars_domain::error::Checks;
use regulars_domain::ids::{PartyId, TagId, UnitId, UserId};
use regulars_domain::qualification::{Standing, standing_changed, standing_new};
use regulars_persistence::Db;
use regulars_persistence::access::organisation::unit_get;
use regulars_persistence::customers::custom::{
    custom_definitions, custom_values_release, custom_values_set, users_known,
};
use regulars_persistence::customers::dictionary::entries_active;
use regulars_persistence::customers::parts::parts_of;
use regulars_persistence::customers::parts_kept::parts_keep;
use regulars_persistence::customers::parts_write::{
    NewParts, PartTable, addresses_insert, dates_replace, emails_insert, parts_clear, phones_insert,
};
use regulars_persistence::customers::party::{
    PartyRecord, PartyRow, party_delete, party_get, party_insert, party_list_by_id, party_update, party_version,
};
use regulars_persistence::customers::qualification::qualification_required;
use regulars_persistence::customers::search::{search_insert, search_put, search_remove};
use regulars_persistence::customers::tag::{party_tags_set, tags_known};
use regulars_persistence::insight::counter::metric_start;
use regulars_persistence::types::AnyId;
use serde_json::Value;

use super::address_mark::marks_stand;
use super::code::{CodeScope, codes_take};
use super::custom::{CustomValues, custom_check, custom_users_check, newly_required};
use super::index::document;
use super::input::{CustomerInput, input_check};
use super::kept::{address_parts, email_parts, name_key, phone_parts};
use super::life_date::date_parts;
use super::mask::{input_shown, input_unmask, input_without_stars};
use super::view::{CustomerView, customer_view, to_input};
use crate::event::Event;
use crate::insight::metric_refresh;
use crate::{AppError, AppResult, Cx};

const ASSIGN: &str = "customers:customer:assign";

/// A checked new customer.
#[derive(Debug, Clone)]
pub struct Creation {
    pub row: PartyRow,
    pub scope: CodeScope,
    /// Whether the code came from the caller.
    pub code_given: bool,
    input: CustomerInput,
    custom: CustomValues,
    terms: Terms,
}

/// What of the company's settings storing needs.
#[derive(Debug, Clone)]
struct Terms {
    today: NaiveDate,
    currency: String,
}

fn terms(cx: &Cx) -> AppResult<Terms> {
    Ok(Terms { today: cx.today()?, currency: cx.company()?.currency.clone() })
}

/// Everything that can be wrong with a new customer, and its code.
pub fn creation_check(cx: &Cx, mut input: CustomerInput) -> AppResult<Creation> {
    let terms = terms(cx)?;
    let unit_id = input.unit_id.map_or(cx.actor.unit_id, UnitId);
    unit_within_reach(cx, unit_id)?;
    input_without_stars(&cx.actor.masks, &input)?;
    let mut checks = Checks::default();
    input_check(&mut checks, &mut input);
    marks_stand(&mut input, None);
    let own = (cx.actor.unit_id == unit_id).then_some(cx.actor.user_id.0);
    input.owner_id = input.owner_id.or(own);
    if input.owner_id != own && input.owner_id.is_some() {
        cx.require(ASSIGN)?;
    }
    input.unit_id = Some(unit_id.0);
    let (unit, custom, required) = cx.read(|db| {
        let unit = unit_get(db, unit_id)?.ok_or_else(|| AppError::invalid("/unit_id", "unknown_reference"))?;
        let definitions = custom_definitions(db, "customer")?;
        let record = serde_json::to_value(&input).map_err(AppError::internal)?;
        let place = (unit_id, terms.currency.as_str());
        let custom = custom_check(&mut checks, &definitions, &input.custom, place, Some(&record));
        references_check(db, cx, &mut checks, None, &input, &custom)?;
        Ok((unit, custom, qualification_required(db, unit_id)?))
    })?;
    if required && input.code.is_some() {
        checks.fail("/code", "qualification_needed");
    }
    checks.done()?;
    let (standing, status) = standing_new(required, &input.status);
    input.status = status.to_owned();
    let scope = CodeScope::new("customer", &cx.company()?.settings.customer_code_pattern, unit_id, &unit.code)?;
    let code_given = input.code.is_some();
    let code = match (input.code.clone(), standing) {
        (Some(code), _) => Some(code),
        (None, Standing::Coded) => Some(scope.next(&cx.app)?),
        (None, Standing::Uncoded) => None,
    };
    let row = new_row(cx, unit_id, code, &input);
    Ok(Creation { row, scope, code_given, input, custom, terms })
}

fn unit_within_reach(cx: &Cx, unit_id: UnitId) -> AppResult<()> {
    let within = match cx.visible_own(Resource::Customer, Action::Write) {
        Visibility::Nothing | Visibility::Beside { .. } => false,
        Visibility::Company => true,
        Visibility::Unit(own) | Visibility::Owned { unit_id: own, .. } => own == unit_id,
    };
    if within { Ok(()) } else { Err(AppError::invalid("/unit_id", "unknown_reference")) }
}

fn new_row(cx: &Cx, unit_id: UnitId, code: Option<String>, input: &CustomerInput) -> PartyRow {
    let blank = PartyRow {
        id: PartyId::fresh(),
        unit_id,
        owner_id: None,
        code,
        kind: String::new(),
        name: String::new(),
        name_key: String::new(),
        name_key_set: false,
        status: String::new(),
        gender: None,
        birthday: None,
        tax_id: None,
        industry: None,
        source: None,
        level: None,
        buying_style: None,
        internal: false,
        note: None,
        import_id: None,
        version: 1,
        created_by: Some(cx.actor.user_id),
        created_at: cx.now,
        updated_at: cx.now,
        qualification: None,
    };
    filled(blank, input)
}

/// The row with what the input says.
fn filled(row: PartyRow, input: &CustomerInput) -> PartyRow {
    let (name_key, name_key_set) = name_key(input);
    let input = input.clone();
    PartyRow {
        owner_id: input.owner_id.map(UserId),
        kind: input.kind,
        name: input.name,
        name_key,
        name_key_set,
        status: input.status,
        gender: input.gender,
        birthday: input.birthday,
        tax_id: input.tax_id,
        industry: input.industry,
        source: input.source,
        level: input.level,
        buying_style: input.buying_style,
        internal: input.internal,
        note: input.note,
        ..row
    }
}

/// What the input points to must be there and within reach; only what changed is looked at.
fn references_check(
    db: &mut Db,
    cx: &Cx,
    checks: &mut Checks,
    before: Option<&CustomerInput>,
    input: &CustomerInput,
    custom: &CustomValues,
) -> AppResult<()> {
    let unit_id = UnitId(input.unit_id.unwrap_or_default());
    let mut asked: Vec<(&str, &str)> = Vec::new();
    for (dictionary, value, old) in [
        ("industry", &input.industry, before.map(|b| &b.industry)),
        ("source", &input.source, before.map(|b| &b.source)),
        ("level", &input.level, before.map(|b| &b.level)),
    ] {
        if let (Some(key), true) = (value, old != Some(value)) {
            asked.push((dictionary, key));
        }
    }
    let stood = |kind: &str| before.is_some_and(|b| b.dates.iter().any(|date| date.kind == kind));
    let mut dates: Vec<(usize, &str)> = Vec::new();
    for (index, date) in input.dates.iter().enumerate().filter(|(_, date)| !stood(&date.kind)) {
        dates.push((index, &date.kind));
        asked.push(("date_kind", &date.kind));
    }
    let known = entries_active(db, &asked)?;
    let unknown =
        |dictionary: &str, key: &str| !known.iter().any(|entry| entry.dictionary == dictionary && entry.key == key);
    for (dictionary, key) in asked {
        if dictionary != "date_kind" && unknown(dictionary, key) {
            checks.fail(format!("/{dictionary}"), "unknown_reference");
        }
    }
    for (index, _) in dates.into_iter().filter(|(_, kind)| !kind.trim().is_empty() && unknown("date_kind", kind)) {
        checks.fail(format!("/dates/{index}/kind"), "unknown_reference");
    }
    if before.is_none_or(|b| b.tag_ids != input.tag_ids) && !input.tag_ids.is_empty() {
        let tags: Vec<TagId> = input.tag_ids.iter().copied().map(TagId).collect();
        if tags_known(db, unit_id, &tags)? != tags.len() {
            checks.fail("/tag_ids", "unknown_reference");
        }
    }
    if let Some(owner) = input.owner_id
        && before.is_none_or(|b| b.owner_id != input.owner_id)
        && !(owner == cx.actor.user_id.0 && unit_id == cx.actor.unit_id)
        && users_known(db, Some(unit_id), &[AnyId(owner)])? != 1
    {
        checks.fail("/owner_id", "unknown_reference");
    }
    custom_users_check(db, custom)?;
    for (key, id) in &custom.parties {
        let reach = cx.visible(Resource::Customer, Action::Read);
        if party_list_by_id(db, &[PartyId(*id)], &reach)?.is_empty() {
            checks.fail(format!("/custom/{key}"), "unknown_reference");
        }
    }
    Ok(())
}

/// Stores a checked new customer, with its event and its place in the search index.
pub fn creation_store(tx: &mut Db, cx: &Cx, creation: &Creation) -> AppResult<CustomerView> {
    let Creation { row, input, custom, terms, .. } = creation;
    let (id, unit_id, owner_id) = (row.id, row.unit_id, row.owner_id);
    let parts = NewParts {
        phones: phone_parts(&input.phones),
        emails: email_parts(&input.emails),
        addresses: address_parts(&input.addresses),
        dates: date_parts(input.birthday, &input.dates, terms.today),
        tags: input.tag_ids.iter().copied().map(TagId).collect(),
        custom: custom.rows.clone(),
    };
    party_insert(tx, row.clone(), &parts)?;
    if creation.code_given {
        creation.scope.used(tx, row.code.as_deref())?;
    }
    metric_start(tx, &[(id, unit_id, owner_id)])?;
    search_insert(tx, &[document(id, (unit_id, owner_id), row.code.as_deref(), input)])?;
    let told = CustomerInput { code: row.code.clone(), ..input.clone() };
    Event::new(cx, "customer", id, "created").party(id).stands(unit_id, owner_id).after(&told).record(tx)?;
    stored_view(tx, cx, id, &terms.currency)
}

fn stored_view(tx: &mut Db, cx: &Cx, id: PartyId, currency: &str) -> AppResult<CustomerView> {
    let record = party_get(tx, id, &Visibility::Company)?.ok_or(AppError::NotFound)?;
    customer_view(tx, record, currency, &cx.actor.masks)
}

/// A checked change of a customer.
#[derive(Debug, Clone)]
pub struct Revision {
    /// What its event is called.
    action: &'static str,
    row: PartyRow,
    scope: CodeScope,
    before: CustomerInput,
    input: CustomerInput,
    custom: Option<CustomValues>,
    terms: Terms,
}

/// The customer that is to be changed, if the caller may change it and has seen its latest version.
pub fn record_to_change(cx: &Cx, db: &mut Db, id: PartyId, version: i64) -> AppResult<PartyRecord> {
    let record = party_get(db, id, &cx.visible(Resource::Customer, Action::Write))?.ok_or(AppError::NotFound)?;
    if record.party.version != version {
        return Err(AppError::Stale { current: record.party.version });
    }
    Ok(record)
}

/// Refuses what takes a right of one's own on the customer: a share is none.
pub fn own_require(cx: &Cx, db: &mut Db, id: PartyId) -> AppResult<()> {
    if cx.actor.shares.is_none() {
        return Ok(());
    }
    let own = party_list_by_id(db, &[id], &cx.visible_own(Resource::Customer, Action::Write))?;
    if own.is_empty() { Err(AppError::Conflict("shared_only")) } else { Ok(()) }
}

/// Everything that can be wrong with a change.
pub fn revision_check(cx: &Cx, id: PartyId, version: i64, patch: &Value) -> AppResult<Revision> {
    let terms = terms(cx)?;
    let (mut revision, standing) = cx.read(|db| {
        let record = record_to_change(cx, db, id, version)?;
        let parts = parts_of(db, &[id])?.remove(&id).unwrap_or_default();
        let before = to_input(&record, &parts, &terms.currency);
        let shown = input_shown(&before, &cx.actor.masks);
        let mut input: CustomerInput = crate::patch::patched(&shown, patch)?;
        input_unmask(&cx.actor.masks, &before, &shown, &mut input)?;
        let mut checks = Checks::default();
        input_check(&mut checks, &mut input);
        marks_stand(&mut input, Some(&before));
        let asks = input.code.is_some();
        input.code = input.code.or_else(|| before.code.clone());
        input.unit_id = input.unit_id.or(before.unit_id);
        if input.unit_id != before.unit_id {
            checks.fail("/unit_id", "transfer_only");
            input.unit_id = before.unit_id;
        }
        if input.owner_id != before.owner_id {
            cx.require(ASSIGN)?;
            own_require(cx, db, id)?;
        }
        let unit_id = record.party.unit_id;
        let required = before.code.is_none() && qualification_required(db, unit_id)?;
        let standing = standing_changed(required, before.code.is_some(), asks, &input.status);
        if standing.is_none() {
            checks.fail(if asks { "/code" } else { "/status" }, "qualification_needed");
        }
        let definitions = custom_definitions(db, "customer")?;
        let written = serde_json::to_value(&input).map_err(AppError::internal)?;
        let stood = serde_json::to_value(&before).map_err(AppError::internal)?;
        let custom = if input.custom == before.custom && !newly_required(&definitions, &stood, &written) {
            None
        } else {
            let place = (unit_id, terms.currency.as_str());
            Some(custom_check(&mut checks, &definitions, &input.custom, place, Some(&written)))
        };
        let none = CustomValues::default();
        references_check(db, cx, &mut checks, Some(&before), &input, custom.as_ref().unwrap_or(&none))?;
        checks.done()?;
        let unit = unit_get(db, unit_id)?.ok_or(AppError::NotFound)?;
        let scope = CodeScope::new("customer", &cx.company()?.settings.customer_code_pattern, unit_id, &unit.code)?;
        let row = filled(PartyRow { code: input.code.clone(), updated_at: cx.now, ..record.party }, &input);
        Ok((Revision { action: "updated", row, scope, before, input, custom, terms }, standing))
    })?;
    if standing == Some(Standing::Coded) && revision.row.code.is_none() {
        let code = revision.scope.next(&cx.app)?;
        revision.row.code = Some(code.clone());
        revision.input.code = Some(code);
    }
    Ok(revision)
}

/// A change that a merge or its undo makes of the customer, of values that were in the store already.
pub fn revision_of(
    cx: &Cx,
    tx: &mut Db,
    action: &'static str,
    record: &PartyRecord,
    (before, mut input): (CustomerInput, CustomerInput),
) -> AppResult<Revision> {
    let terms = terms(cx)?;
    let unit_id = record.party.unit_id;
    let mut checks = Checks::default();
    input_check(&mut checks, &mut input);
    let definitions = custom_definitions(tx, "customer")?;
    let custom = custom_check(&mut checks, &definitions, &input.custom, (unit_id, &terms.currency), None);
    checks.done()?;
    let unit = unit_get(tx, unit_id)?.ok_or(AppError::NotFound)?;
    let scope = CodeScope::new("customer", &cx.company()?.settings.customer_code_pattern, unit_id, &unit.code)?;
    let row = filled(PartyRow { updated_at: cx.now, ..record.party.clone() }, &input);
    Ok(Revision { action, row, scope, before, input, custom: Some(custom), terms })
}

/// Stores a checked change; stale if someone was faster.
pub fn revision_store(tx: &mut Db, cx: &Cx, revision: &Revision) -> AppResult<CustomerView> {
    let Revision { row, before, input, custom, terms, .. } = revision;
    let (id, unit_id, owner_id) = (row.id, row.unit_id, row.owner_id);
    if revision.action == "updated" && crate::patch::same(before, input)? {
        record_to_change(cx, tx, id, row.version)?;
        return stored_view(tx, cx, id, &terms.currency);
    }
    if !party_update(tx, row.clone())? {
        return Err(stale(tx, id)?);
    }
    if input.code != before.code {
        revision.scope.used(tx, row.code.as_deref())?;
    }
    if input.phones != before.phones {
        parts_clear(tx, id, PartTable::Phones)?;
        phones_insert(tx, id, &phone_parts(&input.phones))?;
    }
    if input.emails != before.emails {
        parts_clear(tx, id, PartTable::Emails)?;
        emails_insert(tx, id, &email_parts(&input.emails))?;
    }
    if input.addresses != before.addresses {
        parts_clear(tx, id, PartTable::Addresses)?;
        addresses_insert(tx, id, &address_parts(&input.addresses))?;
    }
    if input.dates != before.dates || input.birthday != before.birthday {
        dates_replace(tx, id, &date_parts(input.birthday, &input.dates, terms.today))?;
    }
    if input.tag_ids != before.tag_ids {
        party_tags_set(tx, id, &input.tag_ids.iter().copied().map(TagId).collect::<Vec<_>>())?;
    }
    if let Some(custom) = custom {
        custom_values_set(tx, AnyId(id.0), &custom.rows)?;
    }
    parts_keep(tx, &[id])?;
    search_put(tx, &document(id, (unit_id, owner_id), row.code.as_deref(), input))?;
    let mut event = Event::new(cx, "customer", id, revision.action).party(id).stands(unit_id, owner_id);
    if input.owner_id != before.owner_id {
        event = event.stood(unit_id, before.owner_id.map(UserId));
    }
    event.difference(before, input).record(tx)?;
    stored_view(tx, cx, id, &terms.currency)
}

/// Makes a customer of who has passed the qualification: with a code, if there is none yet. Answers the code.
pub fn qualified_store(tx: &mut Db, cx: &Cx, id: PartyId) -> AppResult<String> {
    let company = cx.company()?;
    let record = party_get(tx, id, &Visibility::Company)?.ok_or(AppError::NotFound)?;
    let unit_id = record.party.unit_id;
    let unit = unit_get(tx, unit_id)?.ok_or(AppError::NotFound)?;
    let code = match record.party.code.clone() {
        Some(code) => code,
        None => {
            let pattern = &company.settings.customer_code_pattern;
            codes_take(tx, pattern, unit_id, &unit.code, 1)?.pop().ok_or(AppError::Conflict("code_taken"))?
        }
    };
    let parts = parts_of(tx, &[id])?.remove(&id).unwrap_or_default();
    let before = to_input(&record, &parts, &company.currency);
    let input = CustomerInput { code: Some(code.clone()), status: "customer".into(), ..before.clone() };
    let mut revision = revision_of(cx, tx, "qualified", &record, (before, input))?;
    revision.row.code = Some(code.clone());
    revision_store(tx, cx, &revision)?;
    Ok(code)
}

/// Why a versioned write changed nothing.
pub fn stale(tx: &mut Db, id: PartyId) -> AppResult<AppError> {
    Ok(party_version(tx, id)?.map_or(AppError::NotFound, |current| AppError::Stale { current }))
}

/// Deletes a customer that was checked; it can be restored.
pub fn deletion_store(tx: &mut Db, cx: &Cx, record: &PartyRecord) -> AppResult<()> {
    let party = &record.party;
    if !party_delete(tx, party.id, party.version, cx.now)? {
        return Err(stale(tx, party.id)?);
    }
    custom_values_release(tx, AnyId(party.id.0))?;
    search_remove(tx, &[party.id])?;
    metric_refresh(tx, cx, &[party.id])?;
    Event::new(cx, "customer", party.id, "deleted").party(party.id).stands(party.unit_id, party.owner_id).record(tx)
}
