//! Rows of sell-out: a row a cell of a sheet, found by period, place, measure and product. What stands as the file says
//! stays alone; everything else is written as a save of the sheet writes it.

use std::collections::{BTreeMap, HashMap};

use regulars_domain::ids::{PartyId, ProductId, SelloutCellId, UnitId};
use regulars_domain::naming::reading;
use regulars_domain::sellout::{CellValue, MeasureKind, MeasureOf, Period, cell_read, cell_text};
use regulars_persistence::Db;
use regulars_persistence::sales::sellout::{
    CellRow, CellsAsked, ImportedRow, ItemRow, cells_of, cells_put, changes_note, changes_of_cell, products_named,
    sheet_ensure, sheet_touch,
};
use regulars_persistence::types::AnyId;
use serde_json::{Map, Value, json};

use super::cells::{CellFault, Cells, LONG, SHORT};
use super::outcome::{Change, Tally, fault};
use super::refs::Refs;
use super::rows::Row;
use super::run::Run;
use super::values::{date_parse, money_parse, quantity_parse};
use super::whose::{CustomerRef, Customers};
use crate::sales::sellout::settings::SelloutMeasure;
use crate::{AppError, AppResult, Cx};

/// The dictionary of competitors' products.
const COMPETITORS: &str = "competitor_product";

/// What a row says.
#[derive(Debug, Clone, Default)]
pub struct SelloutDraft {
    pub line: u64,
    pub place: CustomerRef,
    pub unit: Option<UnitId>,
    pub period: Option<Period>,
    /// Key or label; what was sold when absent.
    pub measure: Option<String>,
    pub product: Option<String>,
    /// Key of a competitor's product.
    pub competitor: Option<String>,
    /// As it stands in the file, with its column: what it means depends on the measure.
    pub value: Option<(usize, String)>,
    pub faults: Vec<CellFault>,
}

impl SelloutDraft {
    /// Tells rows about one cell apart from others.
    pub fn key(&self) -> (UnitId, Option<String>, Option<String>, [Option<String>; 3]) {
        let unit = self.unit.unwrap_or(UnitId(uuid::Uuid::nil()));
        let of = [self.measure.clone(), self.product.clone(), self.competitor.clone()];
        (unit, self.place.label().cloned(), self.period.map(|period| period.to_string()), of)
    }

    fn label(&self) -> Option<String> {
        let parts = [self.place.label(), self.product.as_ref().or(self.competitor.as_ref())];
        let told: Vec<&str> = parts.into_iter().flatten().map(String::as_str).collect();
        (!told.is_empty()).then(|| told.join(" · "))
    }
}

pub fn sellout_draft(row: &Row, mut cells: Cells, refs: &Refs, run: &Run) -> SelloutDraft {
    let mut draft = SelloutDraft { line: row.line, ..SelloutDraft::default() };
    for (target, column, text) in cells.filled(row) {
        if draft.place.read(&mut cells, target, (column, text)) {
            continue;
        }
        match target {
            "unit" => draft.unit = cells.unit(column, text, refs),
            "period" => draft.period = period_read(run, &mut cells, column, text),
            "measure" => draft.measure = cells.text(column, text, SHORT),
            "product_code" => draft.product = cells.text(column, text, SHORT),
            "product_name" if draft.product.is_none() => draft.product = cells.text(column, text, SHORT),
            "competitor_product" => {
                draft.competitor = refs.entry(COMPETITORS, text);
                if draft.competitor.is_none() {
                    let (zh, en) = (format!("字典里没有「{text}」"), format!("The dictionary has no \"{text}\""));
                    cells.fault(Some(column), "unknown_choice", zh, en);
                }
            }
            "value" => draft.value = cells.text(column, text, LONG).map(|text| (column, text)),
            _ => {}
        }
    }
    if cells.faults.is_empty() && (draft.period.is_none() || draft.value.is_none()) {
        cells.fault(None, "word_missing", "缺少期间或数值", "The period or the value is missing");
    }
    if let Some(fault) = &row.fault {
        cells.fault(fault.column(), fault.code(), fault.text(true), fault.text(false));
    }
    draft.faults = cells.faults;
    draft
}

/// `2026-11`, `2026-W47`, or any day of the period.
fn period_read(run: &Run, cells: &mut Cells, column: usize, text: &str) -> Option<Period> {
    let kind = run.sellout.period_kind();
    let found = Period::parse(text)
        .or_else(|| Period::parse(&text.replace('/', "-")))
        .or_else(|| date_parse(text, cells.plan.options.date_format).ok().map(|day| Period::of(kind, day)));
    let found = found.filter(|period| period.kind() == kind);
    if found.is_none() {
        let (zh, en) = match kind {
            regulars_domain::sellout::PeriodKind::Month => {
                ("应为月份，如 2026-11", "A month such as 2026-11 is wanted")
            }
            regulars_domain::sellout::PeriodKind::Week => ("应为周，如 2026-W47", "A week such as 2026-W47 is wanted"),
        };
        cells.fault(Some(column), "period_invalid", zh, en);
    }
    found
}

/// A cell as a row wants it.
struct Wanted<'a> {
    draft: &'a SelloutDraft,
    place: PartyId,
    period: String,
    measure: &'a SelloutMeasure,
    item: String,
    product: Option<ProductId>,
    value: CellValue,
}

/// Judges and, in a real run, stores one chunk of rows.
pub fn sellout_apply(db: &mut Db, run: &Run, drafts: &[SelloutDraft]) -> AppResult<Tally> {
    let mut tally = Tally::default();
    let products = Products::load(db, drafts)?;
    let mut by_unit: HashMap<UnitId, Vec<&SelloutDraft>> = HashMap::new();
    for draft in drafts {
        let unit = draft.unit.unwrap_or(run.unit_id);
        if !draft.faults.is_empty() {
            tally.reject(draft.line, draft.label(), &draft.faults);
        } else if run.may_write_unit(unit) {
            by_unit.entry(unit).or_default().push(draft);
        } else {
            let fault = fault(run, "unit_not_allowed", "无权导入到该单位", "You may not import into this unit");
            tally.reject(draft.line, draft.label(), &[fault]);
        }
    }
    let mut wanted = Vec::new();
    for (unit, drafts) in by_unit {
        let customers = Customers::load(db, run, unit, drafts.iter().map(|draft| &draft.place))?;
        for draft in drafts {
            match customers.one(run, &draft.place).and_then(|place| judged(run, draft, place, &products)) {
                Ok(cell) => wanted.push(cell),
                Err(fault) => tally.reject(draft.line, draft.label(), &[fault]),
            }
        }
    }
    store(db, run, &wanted, &mut tally)?;
    Ok(tally)
}

fn judged<'a>(
    run: &'a Run,
    draft: &'a SelloutDraft,
    place: PartyId,
    products: &Products,
) -> Result<Wanted<'a>, CellFault> {
    let measure = match &draft.measure {
        None => run.sellout.sold(),
        Some(name) => run.sellout.named(name),
    };
    let measure = measure.ok_or_else(|| fault(run, "unknown_choice", "没有这个指标", "There is no such measure"))?;
    let (item, product) = match measure.what() {
        MeasureOf::Place => (String::new(), None),
        MeasureOf::Competitor => {
            let missing = || fault(run, "word_missing", "缺少竞品", "The competitor's product is missing");
            (draft.competitor.clone().ok_or_else(missing)?, None)
        }
        MeasureOf::Product => {
            let missing = || fault(run, "product_missing", "没有商品", "The product is missing");
            let id = products.one(run, draft.product.as_deref().ok_or_else(missing)?)?;
            (id.to_string(), Some(id))
        }
    };
    let (column, text) = draft.value.clone().unwrap_or_default();
    let wrong = |code: &str, zh: String, en: String| CellFault {
        column: Some(run.plan.column_name(column)),
        code: code.into(),
        detail: if run.chinese { zh } else { en },
    };
    let options = &run.plan.options;
    let unread = |fault: super::values::ValueFault| wrong(fault.code(), fault.text(true), fault.text(false));
    // The decimal sign is the file's; bounds are those of the sheet.
    let text = match measure.holds() {
        MeasureKind::Text => text,
        MeasureKind::Quantity => {
            let number = quantity_parse(&text, options.decimal).map_err(unread)?;
            cell_text(MeasureKind::Quantity, &CellValue::Number(number), &run.currency)
        }
        MeasureKind::Money => {
            let money = money_parse(&text, options.decimal, run.exponent).map_err(unread)?;
            cell_text(MeasureKind::Money, &CellValue::Number(money.minor), &run.currency)
        }
    };
    let value = cell_read(measure.holds(), &text, &run.currency).map_err(|fault| {
        let param = fault.param.unwrap_or_default();
        wrong(fault.code, format!("数值不在允许范围 {param}"), format!("Not within what is allowed: {param}"))
    })?;
    Ok(Wanted {
        draft,
        place,
        period: draft.period.map(|period| period.to_string()).unwrap_or_default(),
        measure,
        item,
        product,
        value: value.ok_or_else(|| fault(run, "word_missing", "缺少数值", "The value is missing"))?,
    })
}

fn held(row: &CellRow) -> Option<CellValue> {
    row.number.map(CellValue::Number).or_else(|| row.words.clone().map(CellValue::Words))
}

fn row_of(id: SelloutCellId, cell: &Wanted<'_>, run: &Run, revision: i64) -> CellRow {
    let (number, words) = match &cell.value {
        CellValue::Number(number) => (Some(*number), None),
        CellValue::Words(words) => (None, Some(words.clone())),
    };
    CellRow {
        id,
        period: cell.period.clone(),
        measure: cell.measure.key.clone(),
        party_id: cell.place,
        item: cell.item.clone(),
        product_id: cell.product,
        number,
        words,
        revision,
        changed_by: Some(run.user_id),
        changed_at: run.now,
    }
}

fn store(db: &mut Db, run: &Run, wanted: &[Wanted<'_>], tally: &mut Tally) -> AppResult<()> {
    let mut periods: BTreeMap<&str, Vec<&Wanted<'_>>> = BTreeMap::new();
    for cell in wanted {
        periods.entry(&cell.period).or_default().push(cell);
    }
    for (period, cells) in periods {
        let mut places: Vec<PartyId> = cells.iter().map(|cell| cell.place).collect();
        places.sort_unstable();
        places.dedup();
        let mut measures: Vec<&str> = cells.iter().map(|cell| cell.measure.key.as_str()).collect();
        measures.sort_unstable();
        measures.dedup();
        let mut there: HashMap<(PartyId, String, String), CellRow> = HashMap::new();
        let named = [period.to_string()];
        for some in places.chunks(1_000) {
            let found = cells_of(db, CellsAsked { periods: &named, measures: &measures, places: some })?;
            there.extend(found.into_iter().map(|row| ((row.party_id, row.measure.clone(), row.item.clone()), row)));
        }
        let mut changed: Vec<(SelloutCellId, &Wanted<'_>)> = Vec::new();
        for cell in cells {
            let key = (cell.place, cell.measure.key.clone(), cell.item.clone());
            let now = there.get(&key);
            let before = now.and_then(held);
            if before.as_ref() == Some(&cell.value) {
                tally.unchanged(1);
                continue;
            }
            let id = now.map_or_else(SelloutCellId::fresh, |row| row.id);
            let text = |value: &CellValue| json!(cell_text(cell.measure.holds(), value, &run.currency));
            match &before {
                None => tally
                    .create(run, cell.draft.line, (1, false), cell.draft.label(), || shown(cell, text(&cell.value))),
                Some(value) => {
                    let change = Change { field: "value".into(), before: text(value), after: text(&cell.value) };
                    tally.update(cell.draft.line, 1, AnyId(id.0), cell.draft.label(), &[change], &Value::Null);
                }
            }
            changed.push((id, cell));
        }
        if run.dry || changed.is_empty() {
            continue;
        }
        let sheet = sheet_ensure(db, period, run.now)?.ok_or(AppError::NotFound)?;
        let rows: Vec<CellRow> =
            changed.into_iter().map(|(id, cell)| row_of(id, cell, run, sheet.version + 1)).collect();
        sheet_touch(db, sheet.id, sheet.version + 1, run.now)?;
        cells_put(db, &rows)?;
        changes_note(db, &rows, Some(run.import_id))?;
    }
    Ok(())
}

fn shown(cell: &Wanted<'_>, value: Value) -> Map<String, Value> {
    let pairs = [
        ("period", json!(cell.period)),
        ("measure", json!(cell.measure.key)),
        ("product", json!(cell.draft.product)),
        ("competitor_product", json!(cell.draft.competitor)),
        ("value", value),
    ];
    pairs.into_iter().filter(|(_, value)| !value.is_null()).map(|(key, value)| (key.to_owned(), value)).collect()
}

/// The products that a file names by code or by name.
struct Products(Vec<ItemRow>);

impl Products {
    fn load(db: &mut Db, drafts: &[SelloutDraft]) -> AppResult<Self> {
        let mut names: Vec<String> = drafts.iter().filter_map(|draft| draft.product.clone()).collect();
        names.sort_unstable();
        names.dedup();
        let mut found = Vec::new();
        for some in names.chunks(500) {
            let keys: Vec<String> = some.iter().map(|name| reading(name, false)).collect();
            found.extend(products_named(db, some, &keys)?);
        }
        Ok(Self(found))
    }

    fn one(&self, run: &Run, name: &str) -> Result<ProductId, CellFault> {
        let by_code = self.0.iter().find(|product| product.code == name);
        let mut by_name = self.0.iter().filter(|product| product.name == name);
        match (by_code, by_name.next(), by_name.next()) {
            (Some(one), ..) | (None, Some(one), None) => Ok(one.id),
            (None, Some(_), Some(_)) => {
                let (zh, en) = (format!("「{name}」匹配到多个商品"), format!("\"{name}\" matches several products"));
                Err(fault(run, "ambiguous_match", zh, en))
            }
            (None, None, _) => {
                let (zh, en) = (format!("找不到商品「{name}」"), format!("There is no product \"{name}\""));
                Err(fault(run, "product_unknown", zh, en))
            }
        }
    }
}

/// Gives a cell back what it held before an import, as one more save of its sheet; false when somebody changed it since.
pub(super) fn cell_restore(db: &mut Db, cx: &Cx, row: &ImportedRow) -> AppResult<bool> {
    if !row.stands {
        return Ok(false);
    }
    let changes = changes_of_cell(db, row.party_id, &row.period, &row.measure, &row.item, 1_000)?;
    let older = changes.iter().find(|change| change.id < row.id);
    let sheet = sheet_ensure(db, &row.period, cx.now)?.ok_or(AppError::NotFound)?;
    let back = CellRow {
        id: row.cell_id,
        period: row.period.clone(),
        measure: row.measure.clone(),
        party_id: row.party_id,
        item: row.item.clone(),
        product_id: row.product_id,
        number: older.and_then(|change| change.number),
        words: older.and_then(|change| change.words.clone()),
        revision: sheet.version + 1,
        changed_by: Some(cx.actor.user_id),
        changed_at: cx.now,
    };
    sheet_touch(db, sheet.id, sheet.version + 1, cx.now)?;
    let rows = [back];
    cells_put(db, &rows)?;
    changes_note(db, &rows, None)?;
    Ok(true)
}
