//! Many targets at once, as they are pasted from a sheet: each found by its code, new or replaced, all or none.

use std::collections::{HashMap, HashSet};

use regulars_domain::actor::Action;
use regulars_domain::error::{Checks, FieldError};
use regulars_domain::target::{TargetKind, TargetSplit};
use regulars_persistence::sales::target::{
    Named, SubjectRow, TargetRow, target_insert, target_subjects, targets_of_subjects,
};
use regulars_persistence::types::AnyId;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::months::{divided, weights};
use super::{MONTHS, WRITE, blank, event, reach, store, subject, to_input};
use crate::money::Money;
use crate::{AppError, AppResult, Cx};

const MOST_ROWS: usize = 500;

/// Rows of a sheet, of one year and kind.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TargetImport {
    #[schema(example = 2026, minimum = 1900, maximum = 9999)]
    pub year: i32,
    #[schema(value_type = crate::shape::SalesTargetKind)]
    pub kind: String,
    /// How rows that give only a year are divided: `seasonal` by the index of all sales within sight, or `even`.
    #[schema(value_type = crate::shape::TargetSplit)]
    pub split: String,
    /// 1 – 500.
    pub rows: Vec<TargetImportRow>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TargetImportRow {
    /// Code of a unit, product or customer; login of a person.
    #[schema(example = "EAST")]
    pub code: String,
    /// One amount for the year, or twelve for its months.
    pub amounts: Vec<Money>,
}

/// What became of the rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TargetImported {
    #[schema(example = 3)]
    pub created: usize,
    #[schema(example = 1)]
    pub updated: usize,
}

/// A row that was read: its code, its year and, where it gives them, its months.
struct Read {
    code: String,
    amount: i64,
    months: Option<[i64; MONTHS]>,
}

fn read(cx: &Cx, input: &TargetImport) -> AppResult<(TargetKind, TargetSplit, Vec<Read>)> {
    let currency = cx.company()?.currency.clone();
    let mut checks = Checks::default();
    checks.one_of("/kind", &input.kind, &TargetKind::KEYS);
    checks.one_of("/split", &input.split, &[TargetSplit::Seasonal.key(), TargetSplit::Even.key()]);
    if !(1900..=9999).contains(&input.year) {
        checks.fail_with("/year", "out_of_range", "1900–9999");
    }
    if !(1..=MOST_ROWS).contains(&input.rows.len()) {
        checks.fail_with("/rows", "out_of_range", format!("1–{MOST_ROWS}"));
    }
    let mut seen = HashSet::new();
    let mut rows = Vec::with_capacity(input.rows.len());
    for (at, row) in input.rows.iter().enumerate().take(MOST_ROWS) {
        let code = row.code.trim().to_string();
        if !seen.insert(code.clone()) {
            checks.fail(format!("/rows/{at}/code"), "duplicate");
        }
        let amounts: Vec<i64> = row
            .amounts
            .iter()
            .enumerate()
            .map(|(month, amount)| amount.read(&mut checks, &format!("/rows/{at}/amounts/{month}"), &currency))
            .collect();
        let sum = amounts.iter().try_fold(0i64, |all, amount| all.checked_add(*amount));
        if !matches!(amounts.len(), 1 | MONTHS) || amounts.iter().any(|amount| *amount < 0) || sum.is_none() {
            checks.fail(format!("/rows/{at}/amounts"), "one_or_twelve");
        }
        rows.push(Read { code, amount: sum.unwrap_or(0), months: amounts.try_into().ok() });
    }
    checks.done()?;
    let kind = TargetKind::parse(&input.kind).unwrap_or(TargetKind::Unit);
    Ok((kind, TargetSplit::parse(&input.split).unwrap_or(TargetSplit::Even), rows))
}

pub fn target_import(cx: &Cx, input: TargetImport) -> AppResult<TargetImported> {
    cx.require(WRITE)?;
    let (kind, split, rows) = read(cx, &input)?;
    let currency = cx.company()?.currency.clone();
    let codes: Vec<String> = rows.iter().map(|row| row.code.clone()).collect();
    let wanted = cx.read(|db| {
        let found = target_subjects(db, kind, Named::Codes(&codes), cx.actor.unit_id, &reach(cx, Action::Read))?;
        let mut by_code = HashMap::<String, Vec<SubjectRow>>::new();
        for subject in found {
            by_code.entry(subject.code.clone().unwrap_or_default()).or_default().push(subject);
        }
        let mut errors = Vec::new();
        let mut wanted: Vec<TargetRow> = Vec::with_capacity(rows.len());
        // The index is read once: a row's year falls on the months in the same shares as every other's.
        let year_only = rows.iter().any(|row| row.months.is_none());
        let weights = if year_only { weights(cx, db, split, None)? } else { [1; MONTHS] };
        for (at, row) in rows.iter().enumerate() {
            let subject = match by_code.get(&row.code).map(Vec::as_slice) {
                Some([subject]) => subject,
                // Two units may each have a customer of the code.
                Some(_) => {
                    errors.push(FieldError::new(format!("/rows/{at}/code"), "ambiguous"));
                    continue;
                }
                None => {
                    errors.push(FieldError::new(format!("/rows/{at}/code"), "unknown_reference"));
                    continue;
                }
            };
            let how = if row.months.is_some() { TargetSplit::Hand } else { split };
            let months: [i64; MONTHS] = row.months.unwrap_or_else(|| divided(row.amount, &weights));
            wanted.push(TargetRow {
                amount: row.amount,
                split: how.key().into(),
                months: json!(months),
                ..blank(cx, kind, input.year, subject)
            });
        }
        if errors.is_empty() { Ok(wanted) } else { Err(AppError::Validation(errors)) }
    })?;
    let within = cx.clone();
    cx.create(move |tx| {
        let subjects: Vec<AnyId> = wanted.iter().map(|row| AnyId(subject(row))).collect();
        let there = targets_of_subjects(tx, i64::from(input.year), kind, &subjects)?;
        let there: HashMap<_, TargetRow> = there.into_iter().map(|row| ((subject(&row), row.unit_id), row)).collect();
        let mut done = TargetImported { created: 0, updated: 0 };
        for row in &wanted {
            match there.get(&(subject(row), row.unit_id)) {
                Some(before) => {
                    let row = TargetRow {
                        amount: row.amount,
                        split: row.split.clone(),
                        months: row.months.clone(),
                        updated_at: within.now,
                        ..before.clone()
                    };
                    store(tx, &within, before, &row, &currency)?;
                    done.updated += 1;
                }
                None => {
                    target_insert(tx, row.clone())?;
                    event(&within, row, "created").after(&to_input(row, &currency)).record(tx)?;
                    done.created += 1;
                }
            }
        }
        Ok(done)
    })
}
