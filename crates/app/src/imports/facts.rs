//! Rows of dated facts: a row what is known of a customer as of a day. What is noted already stays as it is; rows only
//! add.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use regulars_domain::ids::{FactId, PartyId, UnitId};
use regulars_persistence::Db;
use regulars_persistence::customers::fact::{FactRow, facts_insert, facts_known};
use serde_json::{Map, Value, json};

use super::cells::{CellFault, Cells, SHORT};
use super::outcome::{Tally, fault};
use super::refs::Refs;
use super::rows::Row;
use super::run::Run;
use super::whose::{CustomerRef, Customers};
use crate::AppResult;
use crate::customers::fact::{Form, KINDS, SOURCES, TEXT, form_of};
use crate::money::Money;

/// Where it is from when a file does not say.
const UNSAID: &str = "other";

/// What a row says.
#[derive(Debug, Clone, Default)]
pub struct FactDraft {
    pub line: u64,
    pub customer: CustomerRef,
    pub unit: Option<UnitId>,
    pub kind: Option<String>,
    pub amount: Option<i64>,
    pub number: Option<f64>,
    pub words: Option<String>,
    pub as_of: Option<NaiveDate>,
    pub source: Option<String>,
    pub note: Option<String>,
    pub faults: Vec<CellFault>,
}

pub fn fact_draft(row: &Row, mut cells: Cells, refs: &Refs) -> FactDraft {
    let mut draft = FactDraft { line: row.line, ..FactDraft::default() };
    let mut value = None;
    for (target, column, text) in cells.filled(row) {
        if draft.customer.read(&mut cells, target, (column, text)) {
            continue;
        }
        match target {
            "unit" => draft.unit = cells.unit(column, text, refs),
            "kind" => draft.kind = word(&mut cells, refs, KINDS, (column, text)),
            "source" => draft.source = word(&mut cells, refs, SOURCES, (column, text)),
            "value" => value = Some((column, text)),
            "as_of" => draft.as_of = cells.date(column, text),
            "note" => draft.note = cells.text(column, text, SHORT),
            _ => {}
        }
    }
    if let (Some(kind), Some((column, text))) = (&draft.kind, value) {
        // Of a kind of the company's own, what reads as a number is one.
        let number = || regulars_domain::money::parse_decimal(text, 3).is_ok();
        match form_of(kind).unwrap_or_else(|| if number() { Form::Number } else { Form::Text }) {
            Form::Amount => draft.amount = cells.money(column, text),
            Form::Number => draft.number = cells.quantity(column, text).map(|thousandths| thousandths as f64 / 1000.0),
            Form::Text => draft.words = cells.text(column, text, TEXT),
        }
    } else if cells.faults.is_empty() {
        cells.fault(None, "word_missing", "缺少种类或内容", "The kind or the content is missing");
    }
    if draft.amount.is_some_and(|amount| amount < 0) {
        cells.fault(value.map(|(column, _)| column), "out_of_range", "金额不能为负", "An amount is not below zero");
    }
    if let Some(fault) = &row.fault {
        cells.fault(fault.column(), fault.code(), fault.text(true), fault.text(false));
    }
    draft.faults = cells.faults;
    draft
}

fn word(cells: &mut Cells, refs: &Refs, dictionary: &str, (column, text): (usize, &str)) -> Option<String> {
    let found = refs.entry(dictionary, text);
    if found.is_none() {
        let (zh, en) = (format!("字典里没有「{text}」"), format!("The dictionary has no \"{text}\""));
        cells.fault(Some(column), "unknown_choice", zh, en);
    }
    found
}

/// Judges and, in a real run, stores one chunk of rows.
pub fn facts_apply(db: &mut Db, run: &Run, drafts: &[FactDraft]) -> AppResult<Tally> {
    let mut tally = Tally::default();
    let mut by_unit: HashMap<UnitId, Vec<&FactDraft>> = HashMap::new();
    for draft in drafts {
        let unit = draft.unit.unwrap_or(run.unit_id);
        if !draft.faults.is_empty() {
            tally.reject(draft.line, draft.customer.label().cloned(), &draft.faults);
        } else if run.may_write_unit(unit) {
            by_unit.entry(unit).or_default().push(draft);
        } else {
            let fault = fault(run, "unit_not_allowed", "无权导入到该单位", "You may not import into this unit");
            tally.reject(draft.line, draft.customer.label().cloned(), &[fault]);
        }
    }
    let mut fresh = Vec::new();
    for (unit, drafts) in by_unit {
        let customers = Customers::load(db, run, unit, drafts.iter().map(|draft| &draft.customer))?;
        let found: Vec<_> = drafts.iter().map(|draft| (*draft, customers.one(run, &draft.customer))).collect();
        let mut parties: Vec<PartyId> = found.iter().filter_map(|(_, party)| party.as_ref().ok().copied()).collect();
        parties.sort_unstable();
        parties.dedup();
        let mut known: HashSet<Said> = facts_known(db, &parties)?.iter().map(said).collect();
        for (draft, party) in found {
            match party.and_then(|party| judged(run, draft, party)) {
                Err(fault) => tally.reject(draft.line, draft.customer.label().cloned(), &[fault]),
                Ok(row) if known.insert(said(&row)) => {
                    tally.create(run, draft.line, (1, false), draft.customer.label().cloned(), || shown(run, &row));
                    fresh.push(row);
                }
                Ok(_) => tally.unchanged(1),
            }
        }
    }
    if !run.dry {
        facts_insert(db, fresh)?;
    }
    Ok(tally)
}

/// All by which two facts are told apart.
type Said = (PartyId, String, NaiveDate, Option<i64>, Option<u64>, Option<String>, String);

fn said(row: &FactRow) -> Said {
    let number = row.number.map(f64::to_bits);
    (row.party_id, row.kind.clone(), row.as_of, row.amount, number, row.words.clone(), row.source.clone())
}

fn judged(run: &Run, draft: &FactDraft, party: PartyId) -> Result<FactRow, CellFault> {
    let as_of = draft.as_of.unwrap_or_else(|| run.today());
    if as_of > run.today() {
        return Err(fault(run, "in_future", "日期在将来", "The day lies in the future"));
    }
    Ok(FactRow {
        id: FactId::fresh(),
        party_id: party,
        kind: draft.kind.clone().unwrap_or_default(),
        as_of,
        amount: draft.amount,
        number: draft.number,
        words: draft.words.clone(),
        source: draft.source.clone().unwrap_or_else(|| UNSAID.into()),
        note: draft.note.clone(),
        import_id: Some(run.import_id),
        version: 1,
        created_at: run.now,
        updated_at: run.now,
    })
}

fn shown(run: &Run, row: &FactRow) -> Map<String, Value> {
    let pairs = [
        ("kind", json!(row.kind)),
        ("amount", json!(row.amount.map(|minor| Money::of(minor, &run.currency).amount))),
        ("number", json!(row.number)),
        ("text", json!(row.words)),
        ("as_of", json!(row.as_of)),
        ("source", json!(row.source)),
        ("note", json!(row.note)),
    ];
    pairs.into_iter().filter(|(_, value)| !value.is_null()).map(|(key, value)| (key.to_owned(), value)).collect()
}
