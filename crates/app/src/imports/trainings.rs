//! Rows of trainings: a row a course that a person took.

use std::collections::HashSet;

use chrono::NaiveDate;
use regulars_domain::ids::{PartyId, TrainingId, UnitId};
use regulars_persistence::Db;
use regulars_persistence::customers::training::{TrainingRow, trainings_insert, trainings_of};
use serde_json::{Map, Value, json};

use super::additions::{Addition, Head, Whom, entry, pairs};
use super::cells::{CellFault, Cells};
use super::outcome::fault;
use super::refs::Refs;
use super::rows::Row;
use super::run::Run;
use super::whose::CustomerRef;
use crate::AppResult;
use crate::customers::training::{COURSES, HIGHEST, NOTE};

/// What a row says.
#[derive(Debug, Clone, Default)]
pub struct TrainingDraft {
    pub line: u64,
    pub customer: CustomerRef,
    pub unit: Option<UnitId>,
    pub course: Option<String>,
    pub on: Option<NaiveDate>,
    pub passed: Option<bool>,
    pub score: Option<f64>,
    pub valid_until: Option<NaiveDate>,
    pub note: Option<String>,
    pub faults: Vec<CellFault>,
}

pub fn training_draft(row: &Row, mut cells: Cells, refs: &Refs) -> TrainingDraft {
    let mut draft = TrainingDraft { line: row.line, ..TrainingDraft::default() };
    for (target, column, text) in cells.filled(row) {
        if draft.customer.read(&mut cells, target, (column, text)) {
            continue;
        }
        match target {
            "unit" => draft.unit = cells.unit(column, text, refs),
            "course" => draft.course = entry(&mut cells, refs, COURSES, (column, text)),
            "on" => draft.on = cells.date(column, text),
            "passed" => draft.passed = cells.bool(column, text),
            "score" => {
                draft.score = cells.quantity(column, text).map(|thousandths| thousandths as f64 / 1000.0);
                if draft.score.is_some_and(|score| !(0.0..=HIGHEST).contains(&score)) {
                    cells.fault(Some(column), "out_of_range", "成绩不能为负", "A score is not below zero");
                }
            }
            "valid_until" => draft.valid_until = cells.date(column, text),
            "note" => draft.note = cells.text(column, text, NOTE),
            _ => {}
        }
    }
    if cells.faults.is_empty() && (draft.course.is_none() || draft.on.is_none()) {
        cells.fault(None, "word_missing", "缺少课程或日期", "The course or the day is missing");
    }
    if let Some(fault) = &row.fault {
        cells.fault(fault.column(), fault.code(), fault.text(true), fault.text(false));
    }
    draft.faults = cells.faults;
    draft
}

impl Addition for TrainingDraft {
    type Row = TrainingRow;
    type Known = HashSet<(PartyId, String, NaiveDate)>;

    fn head(&self) -> Head<'_> {
        Head { line: self.line, customer: &self.customer, unit: self.unit, faults: &self.faults }
    }

    fn known(db: &mut Db, parties: &[PartyId]) -> AppResult<Self::Known> {
        Ok(trainings_of(db, parties)?.into_iter().map(|one| (one.party_id, one.course, one.on_date)).collect())
    }

    fn judged(&self, run: &Run, whom: Whom) -> Result<TrainingRow, CellFault> {
        let on_date = self.on.unwrap_or_else(|| run.today());
        if whom.organization {
            return Err(fault(
                run,
                "person_only",
                "培训记录只能记在个人名下",
                "Trainings are of people, not of organisations",
            ));
        }
        if on_date > run.today() {
            return Err(fault(run, "in_future", "日期在将来", "The day lies in the future"));
        }
        if self.valid_until.is_some_and(|until| until < on_date) {
            return Err(fault(run, "date_order", "有效期早于培训日期", "It is valid until a day before the training"));
        }
        Ok(TrainingRow {
            id: TrainingId::fresh(),
            party_id: whom.party,
            course: self.course.clone().unwrap_or_default(),
            on_date,
            passed: self.passed.unwrap_or(true),
            score: self.score,
            valid_until: self.valid_until,
            note: self.note.clone(),
            import_id: Some(run.import_id),
            version: 1,
            created_at: run.now,
            updated_at: run.now,
        })
    }

    fn adds(&self, known: &mut Self::Known, row: &TrainingRow) -> bool {
        known.insert((row.party_id, row.course.clone(), row.on_date))
    }

    fn shown(_: &Run, row: &TrainingRow) -> Map<String, Value> {
        pairs([
            ("course", json!(row.course)),
            ("on", json!(row.on_date)),
            ("passed", json!(row.passed)),
            ("score", json!(row.score)),
            ("valid_until", json!(row.valid_until)),
            ("note", json!(row.note)),
        ])
    }

    fn store(db: &mut Db, rows: Vec<TrainingRow>) -> AppResult<()> {
        Ok(trainings_insert(db, rows)?)
    }
}
