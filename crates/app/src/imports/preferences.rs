//! Rows of preferences: a row a thing somebody likes, under a kind of the dictionary. What is noted already stays as it
//! is; rows only add.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use regulars_domain::ids::{PartyId, PreferenceId, UnitId};
use regulars_persistence::Db;
use regulars_persistence::customers::preference::{PreferenceRow, preferences_insert, preferences_known};
use serde_json::{Map, Value, json};

use super::cells::{CellFault, Cells, SHORT};
use super::outcome::{Tally, fault};
use super::refs::Refs;
use super::rows::Row;
use super::run::Run;
use super::whose::{CustomerRef, Customers};
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
            "kind" => {
                draft.kind = refs.entry(KINDS, text);
                if draft.kind.is_none() {
                    let (zh, en) = (format!("字典里没有「{text}」"), format!("The dictionary has no \"{text}\""));
                    cells.fault(Some(column), "unknown_choice", zh, en);
                }
            }
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

/// Judges and, in a real run, stores one chunk of rows.
pub fn preferences_apply(db: &mut Db, run: &Run, drafts: &[PreferenceDraft]) -> AppResult<Tally> {
    let mut tally = Tally::default();
    let mut by_unit: HashMap<UnitId, Vec<&PreferenceDraft>> = HashMap::new();
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
        let mut known: HashSet<(PartyId, String, String)> =
            preferences_known(db, &parties)?.into_iter().map(|one| (one.party_id, one.key, one.value)).collect();
        for (draft, party) in found {
            match party.and_then(|party| judged(run, draft, party)) {
                Err(fault) => tally.reject(draft.line, draft.customer.label().cloned(), &[fault]),
                Ok(row) if known.insert((row.party_id, row.key.clone(), row.value.clone())) => {
                    tally.create(run, draft.line, (1, false), draft.customer.label().cloned(), || shown(&row));
                    fresh.push(row);
                }
                Ok(_) => tally.unchanged(1),
            }
        }
    }
    if !run.dry {
        preferences_insert(db, fresh)?;
    }
    Ok(tally)
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

fn shown(row: &PreferenceRow) -> Map<String, Value> {
    let pairs = [
        ("kind", json!(row.key)),
        ("value", json!(row.value)),
        ("source", json!(row.source)),
        ("confirmed_on", json!(row.confirmed_on)),
    ];
    pairs.into_iter().filter(|(_, value)| !value.is_null()).map(|(key, value)| (key.to_owned(), value)).collect()
}
