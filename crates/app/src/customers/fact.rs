//! What is known of a customer as of a day, and from where: credit grade, all they buy in a year, staff, revenue, and
//! whatever else a company keeps. The kinds and the sources are dictionaries. What is newer stands beside what is older:
//! a fact that holds no longer is no mistake.

use chrono::{DateTime, NaiveDate, Utc};
use regulars_domain::actor::{Action, Resource};
use regulars_domain::error::Checks;
use regulars_domain::ids::{FactId, PartyId};
use regulars_persistence::Db;
use regulars_persistence::customers::fact::{
    FactRecord, FactRow, fact_delete as row_delete, fact_get as row_get, fact_list as row_list,
    fact_update as row_update, facts_insert,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::place::party_place;
use crate::event::Event;
use crate::list::Page;
use crate::money::Money;
use crate::platform::dictionary::entry_meant;
use crate::{AppError, AppResult, Cx};

const READ: &str = "customers:customer:read";
const WRITE: &str = "customers:customer:write";
/// The dictionaries.
pub const KINDS: &str = "fact_kind";
pub const SOURCES: &str = "fact_source";
/// The kinds that scores look at.
pub const TOTAL_PURCHASES: &str = "total_purchases";
pub const CREDIT_GRADE: &str = "credit_grade";
/// Largest number taken, either side of nothing.
const MOST: f64 = 1e15;
pub const TEXT: usize = 200;
const NOTE: usize = 1_000;

/// The form of what a kind holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Amount,
    Number,
    Text,
}

/// The form of the kinds the program knows; a company's own hold any.
pub fn form_of(kind: &str) -> Option<Form> {
    match kind {
        TOTAL_PURCHASES | "revenue" => Some(Form::Amount),
        "staff" => Some(Form::Number),
        CREDIT_GRADE => Some(Form::Text),
        _ => None,
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CustomerFactInput {
    /// What it is about: an entry of the dictionary `fact_kind`, by its key or by its name in either language.
    #[schema(example = "total_purchases")]
    pub kind: String,
    /// In the company's currency; of `total_purchases` and `revenue`, those of a year. One of `amount`, `number` and
    /// `text` is given: for the kinds `total_purchases` and `revenue` this one, for `staff` the number, for
    /// `credit_grade` the text, for kinds of the company's own any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Money>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = json!(null))]
    pub number: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = json!(null))]
    pub text: Option<String>,
    /// The day of which it is true; today when absent on creation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "2026-06-30")]
    pub as_of: Option<NaiveDate>,
    /// Where it is known from: an entry of the dictionary `fact_source`.
    #[schema(example = "asked")]
    pub source: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "Told by the head of purchasing")]
    pub note: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CustomerFact {
    pub id: Uuid,
    pub customer_id: Uuid,
    /// The kind's key in the dictionary `fact_kind`.
    #[schema(example = "total_purchases")]
    pub kind: String,
    pub amount: Option<Money>,
    pub number: Option<f64>,
    pub text: Option<String>,
    pub as_of: NaiveDate,
    /// The source's key in the dictionary `fact_source`.
    #[schema(example = "asked")]
    pub source: String,
    pub note: Option<String>,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

crate::versioned!(CustomerFact);

fn view(row: FactRow, currency: &str) -> CustomerFact {
    CustomerFact {
        id: row.id.0,
        customer_id: row.party_id.0,
        kind: row.kind,
        amount: row.amount.map(|minor| Money::of(minor, currency)),
        number: row.number,
        text: row.words,
        as_of: row.as_of,
        source: row.source,
        note: row.note,
        version: row.version,
        created_at: row.created_at,
        updated_at: row.updated_at,
    }
}

fn to_input(row: &FactRow, currency: &str) -> CustomerFactInput {
    CustomerFactInput {
        kind: row.kind.clone(),
        amount: row.amount.map(|minor| Money::of(minor, currency)),
        number: row.number,
        text: row.words.clone(),
        as_of: Some(row.as_of),
        source: row.source.clone(),
        note: row.note.clone(),
    }
}

/// What is said, in the words of the dictionaries, its amount in minor units.
fn sound(
    cx: &Cx,
    db: &mut Db,
    mut input: CustomerFactInput,
    before: Option<&FactRow>,
) -> AppResult<(CustomerFactInput, Option<i64>)> {
    let mut checks = Checks::default();
    let tidy = |text: Option<String>| text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    (input.text, input.note) = (tidy(input.text), tidy(input.note));
    for (dictionary, pointer, said, stands) in [
        (KINDS, "/kind", &mut input.kind, before.map(|row| row.kind.as_str())),
        (SOURCES, "/source", &mut input.source, before.map(|row| row.source.as_str())),
    ] {
        match entry_meant(db, dictionary, said, stands)? {
            Some(key) => *said = key,
            None => checks.fail(pointer, "unknown_reference"),
        }
    }
    form_check(&mut checks, &input);
    checks.optional_text("/text", input.text.as_deref(), TEXT);
    checks.optional_text("/note", input.note.as_deref(), NOTE);
    if input.number.is_some_and(|number| !(-MOST..=MOST).contains(&number)) {
        checks.fail_with("/number", "out_of_range", "-1000000000000000 – 1000000000000000");
    }
    let currency = cx.company()?.currency.clone();
    let minor = input.amount.as_ref().map(|amount| amount.read_positive(&mut checks, "/amount", &currency));
    if input.as_of.is_some_and(|on| cx.today().is_ok_and(|today| on > today)) {
        checks.fail("/as_of", "in_future");
    }
    checks.done()?;
    Ok((input, minor))
}

/// One form, and of the kinds the program knows theirs.
fn form_check(checks: &mut Checks, input: &CustomerFactInput) {
    let given = [
        (Form::Amount, "/amount", input.amount.is_some()),
        (Form::Number, "/number", input.number.is_some()),
        (Form::Text, "/text", input.text.is_some()),
    ];
    let meant = form_of(&input.kind);
    let mut forms = given.iter().filter(|(_, _, given)| *given);
    let first = forms.next().map(|(form, ..)| *form);
    match meant.or(first) {
        None => checks.fail("/text", "one_form"),
        Some(meant) => {
            for (form, pointer, given) in given {
                match (form == meant, given) {
                    (true, false) => checks.fail(pointer, "required"),
                    (false, true) => checks.fail(pointer, "must_be_empty"),
                    _ => {}
                }
            }
        }
    }
}

pub fn fact_list(cx: &Cx, party_id: PartyId) -> AppResult<Page<CustomerFact>> {
    cx.require(READ)?;
    cx.read(|db| {
        party_place(cx, db, party_id, Action::Read)?;
        facts_of(cx, db, party_id).map(Page::whole)
    })
}

/// The facts of a customer the caller is known to see, the latest first.
pub fn facts_of(cx: &Cx, db: &mut Db, party_id: PartyId) -> AppResult<Vec<CustomerFact>> {
    let currency = &cx.company()?.currency;
    Ok(row_list(db, party_id)?.into_iter().map(|row| view(row, currency)).collect())
}

pub fn fact_create(cx: &Cx, party_id: PartyId, mut input: CustomerFactInput) -> AppResult<CustomerFact> {
    cx.require(WRITE)?;
    let on = input.as_of.map_or_else(|| cx.today(), Ok)?;
    input.as_of = Some(on);
    let (place, (input, amount)) = cx.read(|db| {
        let place = party_place(cx, db, party_id, Action::Write)?;
        Ok((place, sound(cx, db, input, None)?))
    })?;
    let row = FactRow {
        id: FactId::fresh(),
        party_id,
        kind: input.kind.clone(),
        as_of: on,
        amount,
        number: input.number,
        words: input.text.clone(),
        source: input.source.clone(),
        note: input.note.clone(),
        import_id: None,
        version: 1,
        created_at: cx.now,
        updated_at: cx.now,
    };
    let currency = cx.company()?.currency.clone();
    let within = cx.clone();
    cx.create(move |tx| {
        facts_insert(tx, vec![row.clone()])?;
        let event = Event::new(&within, "fact", row.id, "created").party(party_id);
        event.stands(place.unit_id, place.owner_id).after(&input).record(tx)?;
        Ok(view(row.clone(), &currency))
    })
}

/// One, of a customer the caller sees.
pub fn fact_get(cx: &Cx, id: FactId) -> AppResult<CustomerFact> {
    cx.require(READ)?;
    let reach = cx.visible(Resource::Customer, Action::Read);
    let record = cx.read(|db| Ok(row_get(db, id, &reach)?))?.ok_or(AppError::NotFound)?;
    Ok(view(record.own, &cx.company()?.currency))
}

fn found(db: &mut Db, cx: &Cx, id: FactId) -> AppResult<FactRecord> {
    row_get(db, id, &cx.visible(Resource::Customer, Action::Write))?.ok_or(AppError::NotFound)
}

fn to_change(cx: &Cx, id: FactId, version: i64) -> AppResult<FactRecord> {
    cx.require(WRITE)?;
    let record = cx.read(|db| found(db, cx, id))?;
    if record.own.version != version {
        return Err(AppError::Stale { current: record.own.version });
    }
    Ok(record)
}

pub fn fact_update(cx: &Cx, id: FactId, version: i64, patch: &Value) -> AppResult<CustomerFact> {
    let record = to_change(cx, id, version)?;
    let currency = cx.company()?.currency.clone();
    let before = to_input(&record.own, &currency);
    let mut input: CustomerFactInput = crate::patch::patched(&before, patch)?;
    let on = input.as_of.map_or_else(|| cx.today(), Ok)?;
    input.as_of = Some(on);
    let (input, amount) = cx.read(|db| sound(cx, db, input, Some(&record.own)))?;
    if crate::patch::same(&before, &input)? {
        return Ok(view(record.own, &currency));
    }
    let within = cx.clone();
    cx.change(move |tx| {
        let event = Event::new(&within, "fact", id, "updated")
            .party(record.own.party_id)
            .stands(record.unit_id, record.owner_id)
            .difference(&before, &input);
        let row = FactRow {
            kind: input.kind.clone(),
            as_of: on,
            amount,
            number: input.number,
            words: input.text.clone(),
            source: input.source.clone(),
            note: input.note.clone(),
            updated_at: within.now,
            ..record.own.clone()
        };
        if !row_update(tx, row.clone())? {
            let current = found(tx, &within, id)?.own.version;
            return Err(AppError::Stale { current });
        }
        event.record(tx)?;
        Ok(view(FactRow { version: row.version + 1, ..row }, &currency))
    })
}

pub fn fact_delete(cx: &Cx, id: FactId, version: i64) -> AppResult<()> {
    let record = to_change(cx, id, version)?;
    let before = to_input(&record.own, &cx.company()?.currency);
    let within = cx.clone();
    cx.change(move |tx| {
        if !row_delete(tx, id, version)? {
            let current = found(tx, &within, id)?.own.version;
            return Err(AppError::Stale { current });
        }
        let event = Event::new(&within, "fact", id, "deleted").party(record.own.party_id);
        event.stands(record.unit_id, record.owner_id).before(&before).record(tx)
    })
}
