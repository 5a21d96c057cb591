//! A pivot as a workbook or a text file: the keys of each row, its figures by column and measure, totals last. Figures
//! are numbers, as exact as the answer says them.

use regulars_domain::error::FieldError;

use super::export::ExportInput;
use super::spreadsheet_out::{Cell, TableWriter, WriteFault};
use crate::insight::pivot::{PivotHeader, PivotQuery, PivotView, pivot_fact_list, pivot_run};
use crate::{AppError, AppResult, Cx};

pub(super) const RESOURCE: &str = "pivots";

/// The question of an export of a pivot; lists have none.
pub(super) fn pivot_asked(input: &ExportInput) -> AppResult<Option<&PivotQuery>> {
    match (&input.pivot, input.resource == RESOURCE) {
        (None, false) => Ok(None),
        (None, true) => Err(AppError::invalid("/pivot", "required")),
        (Some(_), false) => Err(AppError::invalid("/pivot", "not_allowed_here")),
        (Some(query), true) => {
            let given = [
                ("/filter", input.filter.is_some()),
                ("/q", input.q.is_some()),
                ("/sort", input.sort.is_some()),
                ("/columns", input.columns.is_some()),
                ("/segment_id", input.segment_id.is_some()),
            ];
            match given.into_iter().find(|(_, given)| *given) {
                Some((pointer, _)) => Err(AppError::Validation(vec![FieldError::new(pointer, "not_allowed_here")])),
                None => Ok(Some(query)),
            }
        }
    }
}

/// What of the facts stands in the file.
pub(super) fn pivot_fields(query: &PivotQuery) -> Vec<String> {
    let axes = query.rows.iter().chain(&query.columns).map(|axis| axis.field.clone());
    let measures =
        query.measures.iter().map(|measure| measure.field.clone().unwrap_or_else(|| measure.aggregate.clone()));
    axes.chain(measures).collect()
}

/// The answer with what its row keys are called.
pub(super) struct Told {
    view: PivotView,
    axes: Vec<String>,
    total: &'static str,
}

pub(super) fn pivot_told(cx: &Cx, query: &PivotQuery) -> AppResult<Told> {
    let view = pivot_run(cx, query.clone())?;
    let fact = pivot_fact_list(cx)?.items.into_iter().find(|fact| fact.fact == query.fact);
    let label = |name: &str| {
        let field = fact.as_ref().and_then(|fact| fact.fields.iter().find(|field| field.field == name));
        field.map_or_else(|| name.to_string(), |field| field.label.clone())
    };
    let axes = query.rows.iter().map(|axis| label(&axis.field)).collect();
    let total = if cx.request.locale == "en" { "Total" } else { "合计" };
    Ok(Told { view, axes, total })
}

impl Told {
    /// Answers how many rows it wrote.
    pub fn write(&self, out: &mut dyn TableWriter) -> Result<i64, WriteFault> {
        let view = &self.view;
        let measures: Vec<&str> = view.measures.iter().map(|measure| measure.label.as_str()).collect();
        let heads = view.columns.iter().map(named).chain((view.columns.len() != 1).then(|| self.total.to_string()));
        let figures = heads.flat_map(|head| {
            let with =
                |measure: &&str| if head.is_empty() { (*measure).into() } else { format!("{head} · {measure}") };
            measures.iter().map(with).collect::<Vec<_>>()
        });
        out.header(&self.axes.iter().cloned().chain(figures).collect::<Vec<_>>())?;
        for ((row, cells), totals) in view.rows.iter().zip(&view.cells).zip(&view.row_totals) {
            let keys = row.keys.iter().map(|key| Cell::Text(key.label.clone()));
            out.row(&self.line(keys, cells, totals))?;
        }
        if self.axes.is_empty() {
            return Ok(view.rows.len() as i64);
        }
        let keys = (0..self.axes.len()).map(|at| if at == 0 { Cell::Text(self.total.into()) } else { Cell::Empty });
        out.row(&self.line(keys, &view.column_totals, &view.total))?;
        Ok(view.rows.len() as i64 + 1)
    }

    /// With one column its total says the same.
    fn line(
        &self,
        keys: impl Iterator<Item = Cell>,
        cells: &[Vec<Option<String>>],
        totals: &[Option<String>],
    ) -> Vec<Cell> {
        let totals = totals.iter().filter(|_| self.view.columns.len() != 1);
        keys.chain(cells.iter().flatten().chain(totals).map(|value| figure(value.as_deref()))).collect()
    }
}

fn named(header: &PivotHeader) -> String {
    header.keys.iter().map(|key| key.label.as_str()).collect::<Vec<_>>().join(" · ")
}

/// A decimal as a number.
fn figure(text: Option<&str>) -> Cell {
    let Some(text) = text else { return Cell::Empty };
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    match format!("{whole}{part}").parse() {
        Ok(units) => Cell::Decimal { units, places: part.len() as u32 },
        Err(_) => Cell::Text(text.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_numbers() {
        for (text, cell) in [
            (None, Cell::Empty),
            (Some("12.50"), Cell::Decimal { units: 1250, places: 2 }),
            (Some("-0.05"), Cell::Decimal { units: -5, places: 2 }),
            (Some("7"), Cell::Decimal { units: 7, places: 0 }),
        ] {
            assert_eq!(figure(text), cell);
        }
    }
}
