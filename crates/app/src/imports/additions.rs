//! Rows that say something more of a customer: what is known already stays as it is, rows only add.

use std::collections::HashMap;

use regulars_domain::ids::{PartyId, UnitId};
use regulars_persistence::Db;
use serde_json::{Map, Value};

use super::cells::{CellFault, Cells};
use super::outcome::{Tally, fault};
use super::refs::Refs;
use super::run::Run;
use super::whose::{CustomerRef, Customers};
use crate::AppResult;

/// What every such row has.
pub struct Head<'a> {
    pub line: u64,
    pub customer: &'a CustomerRef,
    pub unit: Option<UnitId>,
    pub faults: &'a [CellFault],
}

/// Whom a row is about.
#[derive(Debug, Clone, Copy)]
pub struct Whom {
    pub party: PartyId,
    pub organization: bool,
}

/// What a row says more.
pub trait Addition {
    /// As it is stored.
    type Row;
    /// What is known of the customers of a chunk.
    type Known;

    fn head(&self) -> Head<'_>;
    fn known(db: &mut Db, parties: &[PartyId]) -> AppResult<Self::Known>;
    fn judged(&self, run: &Run, whom: Whom) -> Result<Self::Row, CellFault>;
    /// Notes the row among what is known; false when it was there.
    fn adds(&self, known: &mut Self::Known, row: &Self::Row) -> bool;
    fn shown(run: &Run, row: &Self::Row) -> Map<String, Value>;
    fn store(db: &mut Db, rows: Vec<Self::Row>) -> AppResult<()>;
}

/// Judges and, in a real run, stores one chunk of rows.
pub fn additions_apply<A: Addition>(db: &mut Db, run: &Run, drafts: &[A]) -> AppResult<Tally> {
    let mut tally = Tally::default();
    let mut by_unit: HashMap<UnitId, Vec<&A>> = HashMap::new();
    for draft in drafts {
        let head = draft.head();
        let unit = head.unit.unwrap_or(run.unit_id);
        if !head.faults.is_empty() {
            tally.reject(head.line, head.customer.label().cloned(), head.faults);
        } else if run.may_write_unit(unit) {
            by_unit.entry(unit).or_default().push(draft);
        } else {
            let fault = fault(run, "unit_not_allowed", "无权导入到该单位", "You may not import into this unit");
            tally.reject(head.line, head.customer.label().cloned(), &[fault]);
        }
    }
    let mut fresh = Vec::new();
    for (unit, drafts) in by_unit {
        let customers = Customers::load(db, run, unit, drafts.iter().map(|draft| draft.head().customer))?;
        let found: Vec<_> = drafts.iter().map(|draft| (*draft, customers.one(run, draft.head().customer))).collect();
        let mut parties: Vec<PartyId> = found.iter().filter_map(|(_, party)| party.as_ref().ok().copied()).collect();
        parties.sort_unstable();
        parties.dedup();
        let mut known = A::known(db, &parties)?;
        for (draft, party) in found {
            let head = draft.head();
            let whom = party.map(|party| Whom { party, organization: customers.is_organization(party) });
            match whom.and_then(|whom| draft.judged(run, whom)) {
                Err(fault) => tally.reject(head.line, head.customer.label().cloned(), &[fault]),
                Ok(row) if draft.adds(&mut known, &row) => {
                    tally.create(run, head.line, (1, false), head.customer.label().cloned(), || A::shown(run, &row));
                    fresh.push(row);
                }
                Ok(_) => tally.unchanged(1),
            }
        }
    }
    if !run.dry {
        A::store(db, fresh)?;
    }
    Ok(tally)
}

/// An entry of a dictionary by its key or label.
pub fn entry(cells: &mut Cells, refs: &Refs, dictionary: &str, (column, text): (usize, &str)) -> Option<String> {
    let found = refs.entry(dictionary, text);
    if found.is_none() {
        let (zh, en) = (format!("字典里没有「{text}」"), format!("The dictionary has no \"{text}\""));
        cells.fault(Some(column), "unknown_choice", zh, en);
    }
    found
}

/// What stands in a row, without what is missing.
pub fn pairs<const N: usize>(pairs: [(&str, Value); N]) -> Map<String, Value> {
    pairs.into_iter().filter(|(_, value)| !value.is_null()).map(|(key, value)| (key.to_owned(), value)).collect()
}
