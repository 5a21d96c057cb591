//! Rows of preferences: a row a thing somebody likes, under a kind of the dictionary. What is noted already stays as it
//! is; rows only add.

use std::collections::HashSet;

use chrono::NaiveDate;
use regulars_domain::ids::{PartyId, PreferenceId, UnitId};
use regulars_persistence::Db;
use regulars_persistence::customers::preference::{PreferenceRow, preferences_insert, preferences_known};
use serde_json::{Map, Value, json};

use super::additions::{Addition, Head, Whom, entry, pairs};
use super::cells::{CellFault, Cells, SHORT};
use super::outcome::fault;
use super::refs::Refs;
use super::rows::Row;
use super::run::Run;
use super::whose::CustomerRef;
use crate::AppResult;
use crate::customers::preference::KINDS;

const VALUE: usize = 1_000;

/// What a row says.
#[derive(Debug, Clone, Default)]
pub struct PreferenceDraft {
    pub line: u64,
    pub customer: CustomerRef,
    pub unit: Option<UnitId>,
    pub kind: Option<String>,
    pub value: Option<String>,
    pub source: Option<String>,
    pub confirmed_on: Option<NaiveDate>,
    pub faults: Vec<CellFault>,
}

pub fn preference_draft(row: &Row, mut cells: Cells, refs: &Refs) -> PreferenceDraft {
    let mut draft = PreferenceDraft { line: row.line, ..PreferenceDraft::default() };
    for (target, column, text) in cells.filled(row) {
        if draft.customer.read(&mut cells, target, (column, text)) {
            continue;
        }
        match target {
            "unit" => draft.unit = cells.unit(column, text, refs),
            "kind" => draft.kind = entry(&mut cells, refs, KINDS, (column, text)),
            "value" => draft.value = cells.text(column, text, VALUE),
            "source" => draft.source = cells.text(column, text, SHORT),
            "confirmed_on" => draft.confirmed_on = cells.date(column, text),
            _ => {}
        }
    }
    if cells.faults.is_empty() && (draft.kind.is_none() || draft.value.is_none()) {
        cells.fault(
            None,
            "word_missing",
            "缺少偏好的种类或内容",
            "The kind or the content of the preference is missing",
        );
    }
    if let Some(fault) = &row.fault {
        cells.fault(fault.column(), fault.code(), fault.text(true), fault.text(false));
    }
    draft.faults = cells.faults;
    draft
}

impl Addition for PreferenceDraft {
    type Row = PreferenceRow;
    type Known = HashSet<(PartyId, String, String)>;

    fn head(&self) -> Head<'_> {
        Head { line: self.line, customer: &self.customer, unit: self.unit, faults: &self.faults }
    }

    fn known(db: &mut Db, parties: &[PartyId]) -> AppResult<Self::Known> {
        Ok(preferences_known(db, parties)?.into_iter().map(|one| (one.party_id, one.key, one.value)).collect())
    }

    fn judged(&self, run: &Run, whom: Whom) -> Result<PreferenceRow, CellFault> {
        judged(run, self, whom.party)
    }

    fn adds(&self, known: &mut Self::Known, row: &PreferenceRow) -> bool {
        known.insert((row.party_id, row.key.clone(), row.value.clone()))
    }

    fn shown(_: &Run, row: &PreferenceRow) -> Map<String, Value> {
        pairs([
            ("kind", json!(row.key)),
            ("value", json!(row.value)),
            ("source", json!(row.source)),
            ("confirmed_on", json!(row.confirmed_on)),
        ])
    }

    fn store(db: &mut Db, rows: Vec<PreferenceRow>) -> AppResult<()> {
        Ok(preferences_insert(db, rows)?)
    }
}

fn judged(run: &Run, draft: &PreferenceDraft, party: PartyId) -> Result<PreferenceRow, CellFault> {
    if draft.confirmed_on.is_some_and(|on| on > run.today()) {
        return Err(fault(run, "in_future", "日期在将来", "The day lies in the future"));
    }
    Ok(PreferenceRow {
        id: PreferenceId::fresh(),
        party_id: party,
        key: draft.kind.clone().unwrap_or_default(),
        value: draft.value.clone().unwrap_or_default(),
        source: draft.source.clone(),
        confirmed_on: draft.confirmed_on,
        import_id: Some(run.import_id),
        version: 1,
        created_at: run.now,
        updated_at: run.now,
    })
}
