//! Rows of dated facts: a row what is known of a customer as of a day. What is noted already stays as it is; rows only
//! add.

use std::collections::HashSet;

use chrono::NaiveDate;
use regulars_domain::ids::{FactId, PartyId, UnitId};
use regulars_persistence::Db;
use regulars_persistence::customers::fact::{FactRow, facts_insert, facts_known};
use serde_json::{Map, Value, json};

use super::additions::{Addition, Head, Whom, entry, pairs};
use super::cells::{CellFault, Cells, SHORT};
use super::outcome::fault;
use super::refs::Refs;
use super::rows::Row;
use super::run::Run;
use super::whose::CustomerRef;
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
            "kind" => draft.kind = entry(&mut cells, refs, KINDS, (column, text)),
            "source" => draft.source = entry(&mut cells, refs, SOURCES, (column, text)),
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

impl Addition for FactDraft {
    type Row = FactRow;
    type Known = HashSet<Said>;

    fn head(&self) -> Head<'_> {
        Head { line: self.line, customer: &self.customer, unit: self.unit, faults: &self.faults }
    }

    fn known(db: &mut Db, parties: &[PartyId]) -> AppResult<HashSet<Said>> {
        Ok(facts_known(db, parties)?.iter().map(said).collect())
    }

    fn judged(&self, run: &Run, whom: Whom) -> Result<FactRow, CellFault> {
        judged(run, self, whom.party)
    }

    fn adds(&self, known: &mut HashSet<Said>, row: &FactRow) -> bool {
        known.insert(said(row))
    }

    fn shown(run: &Run, row: &FactRow) -> Map<String, Value> {
        pairs([
            ("kind", json!(row.kind)),
            ("amount", json!(row.amount.map(|minor| Money::of(minor, &run.currency).amount))),
            ("number", json!(row.number)),
            ("text", json!(row.words)),
            ("as_of", json!(row.as_of)),
            ("source", json!(row.source)),
            ("note", json!(row.note)),
        ])
    }

    fn store(db: &mut Db, rows: Vec<FactRow>) -> AppResult<()> {
        Ok(facts_insert(db, rows)?)
    }
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
