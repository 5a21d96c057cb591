//! Taking an import back: what it changed gets its old values, what it created goes, and what people have touched since
//! stays, with the reason.

use regulars_domain::ids::{AssetId, ImportId, OrderId, PartyId, ProductId, SelloutCellId};
use regulars_persistence::Db;
use regulars_persistence::customers::asset::{AssetRow, asset_row, asset_update, assets_created, assets_erase};
use regulars_persistence::customers::consent::consents_unimport;
use regulars_persistence::customers::fact::{facts_erase, facts_imported};
use regulars_persistence::customers::parts::parts_of;
use regulars_persistence::customers::parts_kept::parts_keep;
use regulars_persistence::customers::parts_write::dates_replace;
use regulars_persistence::customers::preference::{preferences_erase, preferences_imported};
use regulars_persistence::customers::search::search_pending_add;
use regulars_persistence::customers::training::{trainings_erase, trainings_imported};
use regulars_persistence::import::catalog::{product_set, products_created, products_erase};
use regulars_persistence::import::custom::custom_fields_set;
use regulars_persistence::import::party::{
    PartyChildren, parties_created, parties_erase, party_birthday, party_children_restore, party_set, relations_erase,
};
use regulars_persistence::import::sales::{customers_of, order_replace, orders_created, orders_erase};
use regulars_persistence::import::{
    ImportRow, import_get, import_progress, import_row_mark, import_rows, import_rows_insert,
};
use regulars_persistence::insight::counter::metric_refresh;
use regulars_persistence::sales::opportunity::opportunities_imported;
use regulars_persistence::sales::sellout::{imported_fresh, imported_of_cell};
use regulars_persistence::types::AnyId;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::assets_apply::AssetBefore;
use super::cells::CellFault;
use super::customs::CustomBefore;
use super::orders_apply::OrderBefore;
use super::parties_apply::PartyBefore;
use super::products_apply::ProductBefore;
use super::sellout::cell_restore;
use super::targets::ImportResource;
use super::work::Input;
use crate::customers::asset::filled;
use crate::customers::life_date::{date_entry, date_parts};
use crate::event::Event;
use crate::insight::counts_when;
use crate::jobs::Task;
use crate::jobs::task::Step;
use crate::sales::opportunity::opportunity_unmake;
use crate::{AppError, AppResult, Cx};

/// Records taken back in one transaction.
const CHUNK: i64 = 500;
/// Records an undo had to keep are listed behind all rows of the file.
const KEPT_FROM: i64 = 1_000_000_000_000;

#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct Point {
    stage: usize,
    /// Row (first stage) or id behind which the stage goes on.
    after_row: i64,
    after_id: uuid::Uuid,
    restored: u64,
    removed: u64,
    kept: u64,
}

/// Ids are made in order of time: what an import created lies behind its own id, so that a search for it need not pass
/// everything older. An hour is more than the clocks of nodes differ.
pub(crate) fn import_floor(import: ImportId) -> uuid::Uuid {
    let millis = (import.0.as_u128() >> 80).saturating_sub(3_600_000);
    uuid::Uuid::from_u128(millis << 80)
}

/// One chunk of one stage: true when the stage is through.
type Stage = fn(&mut Db, &Undo, &mut Point) -> AppResult<bool>;

/// Updates first, then what was created, those that refer before those referred to.
const STAGES: [Stage; 12] = [
    updates_restore,
    orders_remove,
    products_remove,
    relations_remove,
    parties_remove,
    assets_remove,
    consents_remove,
    preferences_remove,
    cells_empty,
    facts_remove,
    trainings_remove,
    opportunities_remove,
];

struct Undo {
    cx: Cx,
    id: ImportId,
    resource: ImportResource,
    chinese: bool,
}

/// Takes the import back, chunk by chunk.
pub fn undo_handle(task: &Task) -> AppResult<Option<String>> {
    let cx = task.cx()?;
    let Input { import_id: id } = task.input()?;
    let record = cx.read(|db| import_get(db, id).map_err(AppError::from))?.ok_or(AppError::NotFound)?;
    let resource = ImportResource::parse(&record.resource).ok_or(AppError::NotFound)?;
    let total = record.counts["create"].as_i64().unwrap_or(0) + record.counts["update"].as_i64().unwrap_or(0);
    let chinese = cx.actor.locale.starts_with("zh");
    let undo = std::sync::Arc::new(Undo { cx: cx.clone(), id, resource, chinese });
    let start = Point { after_id: import_floor(id), ..Point::default() };
    let mut point: Point = task.checkpoint()?.unwrap_or(start);
    while let Some(stage) = STAGES.get(point.stage).copied() {
        let (within, undo, from) = (task.clone(), undo.clone(), point);
        point = cx.change(move |tx| {
            let mut point = from;
            if stage(tx, &undo, &mut point)? {
                point = Point { stage: point.stage + 1, after_row: -1, after_id: start.after_id, ..point };
            }
            let done = (point.restored + point.removed + point.kept) as i64;
            within.progress_in(tx, &Step { done, total: Some(total.max(done)), checkpoint: Some(json!(point)) })?;
            Ok(point)
        })?;
    }
    let mut counts = record.counts;
    counts["kept"] = json!(point.kept);
    let within = cx.clone();
    cx.change(move |tx| {
        import_progress(tx, id, "undone", &counts, None, crate::jobs::task::now())?;
        Event::new(&within, "import", id, "undone").after(&point).record(tx)
    })?;
    Ok(Some(format!("/api/v1/imports/{id}")))
}

fn updates_restore(db: &mut Db, undo: &Undo, point: &mut Point) -> AppResult<bool> {
    let rows = import_rows(db, undo.id, Some("update"), point.after_row, CHUNK)?;
    for row in &rows {
        point.after_row = row.row_no;
        let restored = match undo.resource {
            ImportResource::Customers | ImportResource::Contacts => party_restore(db, undo, row)?,
            ImportResource::Products => product_restore(db, undo, row)?,
            ImportResource::Orders => order_restore(db, undo, row)?,
            ImportResource::Assets => asset_restore(db, undo, row)?,
            ImportResource::Sellout => match imported_of_cell(db, undo.id, SelloutCellId(resource_id(row)?))? {
                Some(cell) => cell_restore(db, &undo.cx, &cell)?,
                None => false,
            },
            // These are added only.
            ImportResource::Consents
            | ImportResource::Preferences
            | ImportResource::Facts
            | ImportResource::Trainings
            | ImportResource::Opportunities => false,
        };
        if restored {
            point.restored += 1;
            import_row_mark(db, undo.id, row.row_no, "restored", None)?;
        } else {
            point.kept += 1;
            import_row_mark(db, undo.id, row.row_no, "kept", Some(undo.reason(true)))?;
        }
    }
    Ok((rows.len() as i64) < CHUNK)
}

fn before<T: serde::de::DeserializeOwned>(row: &ImportRow) -> AppResult<T> {
    serde_json::from_value(row.before.clone().unwrap_or(Value::Null)).map_err(AppError::internal)
}

fn resource_id(row: &ImportRow) -> AppResult<uuid::Uuid> {
    row.resource_id.map(|id| id.0).ok_or_else(|| AppError::Internal("an updated row names no record".into()))
}

fn party_restore(db: &mut Db, undo: &Undo, row: &ImportRow) -> AppResult<bool> {
    let (id, old): (_, PartyBefore) = (PartyId(resource_id(row)?), before(row)?);
    if !party_set(db, id, old.version, &old.values, undo.cx.now)? {
        return Ok(false);
    }
    if old.values.contains_key("birthday") || old.dates.is_some() {
        let birthday = party_birthday(db, id)?;
        let dates = match &old.dates {
            Some(dates) => dates.clone(),
            None => parts_of(db, &[id])?.remove(&id).unwrap_or_default().dates.iter().map(date_entry).collect(),
        };
        dates_replace(db, id, &date_parts(birthday, &dates, undo.cx.today()?))?;
    }
    customs_restore(db, AnyId(id.0), &old.custom)?;
    let added = PartyChildren {
        phones: old.phones,
        emails: old.emails,
        tags: old.tags,
        address: old.address.is_some().then(Default::default),
        ..PartyChildren::default()
    };
    party_children_restore(db, id, &added, old.address.flatten())?;
    parts_keep(db, &[id])?;
    search_pending_add(db, &[id], undo.cx.now)?;
    Ok(true)
}

fn product_restore(db: &mut Db, undo: &Undo, row: &ImportRow) -> AppResult<bool> {
    let (id, old): (_, ProductBefore) = (ProductId(resource_id(row)?), before(row)?);
    let restored = product_set(db, id, old.version, &old.values, undo.cx.now)?;
    if restored {
        customs_restore(db, AnyId(id.0), &old.custom)?;
    }
    Ok(restored)
}

fn customs_restore(db: &mut Db, id: AnyId, stood: &[CustomBefore]) -> AppResult<()> {
    let fields: Vec<_> = stood.iter().map(|one| one.field_id).collect();
    Ok(custom_fields_set(db, id, &fields, stood.iter().flat_map(CustomBefore::restored).collect())?)
}

fn order_restore(db: &mut Db, undo: &Undo, row: &ImportRow) -> AppResult<bool> {
    let (id, old): (_, OrderBefore) = (OrderId(resource_id(row)?), before(row)?);
    let mut customers = customers_of(db, &[id])?;
    customers.push(old.head.party_id);
    let restored = order_replace(db, id, old.version, old.head, old.lines, old.import_id, undo.cx.now)?;
    if restored {
        customs_restore(db, AnyId(id.0), &old.custom)?;
    }
    metric_refresh(db, &customers, counts_when(&*undo.cx.company()?))?;
    Ok(restored)
}

fn asset_restore(db: &mut Db, undo: &Undo, row: &ImportRow) -> AppResult<bool> {
    let (id, old): (_, AssetBefore) = (AssetId(resource_id(row)?), before(row)?);
    let Some(now) = asset_row(db, id)?.filter(|now| now.version == old.version) else { return Ok(false) };
    let name = old.input.name.clone().unwrap_or_default();
    Ok(asset_update(db, filled(AssetRow { updated_at: undo.cx.now, ..now }, &old.input, name))?)
}

/// A created record as the stages below see it.
struct Created {
    id: uuid::Uuid,
    code: String,
    changed: bool,
    in_use: bool,
}

impl Undo {
    fn reason(&self, changed: bool) -> Value {
        let (code, zh, en) = match changed {
            true => ("changed_since", "导入后已被修改,未恢复", "Changed since the import; left as it is"),
            false => ("in_use", "导入后已被引用,未删除", "In use since the import; left as it is"),
        };
        let detail = if self.chinese { zh } else { en };
        json!([CellFault { column: None, code: code.into(), detail: detail.into() }])
    }

    /// Notes what must stay and answers with the ids of what may go.
    fn sort_out(&self, db: &mut Db, created: &[Created], point: &mut Point) -> AppResult<Vec<uuid::Uuid>> {
        let (stay, gone): (Vec<&Created>, Vec<&Created>) = created.iter().partition(|one| one.changed || one.in_use);
        let rows = stay.iter().zip(1..).map(|(one, number)| ImportRow {
            row_no: KEPT_FROM + point.kept as i64 + number,
            outcome: "kept".into(),
            resource_id: None,
            row_key: Some(one.code.clone()),
            changes: None,
            errors: Some(self.reason(one.changed)),
            before: None,
        });
        import_rows_insert(db, self.id, rows.collect())?;
        point.kept += stay.len() as u64;
        point.removed += gone.len() as u64;
        if let Some(last) = created.last() {
            point.after_id = last.id;
        }
        Ok(gone.into_iter().map(|one| one.id).collect())
    }
}

fn orders_remove(db: &mut Db, undo: &Undo, point: &mut Point) -> AppResult<bool> {
    let found = orders_created(db, undo.id, OrderId(point.after_id), CHUNK)?;
    let created: Vec<Created> = found
        .into_iter()
        .map(|one| Created { id: one.id.0, code: one.code, changed: one.changed, in_use: one.in_use })
        .collect();
    let gone = undo.sort_out(db, &created, point)?;
    let gone: Vec<OrderId> = gone.into_iter().map(OrderId).collect();
    let customers = customers_of(db, &gone)?;
    orders_erase(db, &gone)?;
    metric_refresh(db, &customers, counts_when(&*undo.cx.company()?))?;
    Ok((created.len() as i64) < CHUNK)
}

fn products_remove(db: &mut Db, undo: &Undo, point: &mut Point) -> AppResult<bool> {
    let found = products_created(db, undo.id, ProductId(point.after_id), CHUNK)?;
    let created: Vec<Created> = found
        .into_iter()
        .map(|one| Created { id: one.id.0, code: one.code, changed: one.changed, in_use: one.in_use })
        .collect();
    let gone = undo.sort_out(db, &created, point)?;
    products_erase(db, &gone.into_iter().map(ProductId).collect::<Vec<_>>())?;
    Ok((created.len() as i64) < CHUNK)
}

fn relations_remove(db: &mut Db, undo: &Undo, _: &mut Point) -> AppResult<bool> {
    relations_erase(db, undo.id)?;
    Ok(true)
}

fn parties_remove(db: &mut Db, undo: &Undo, point: &mut Point) -> AppResult<bool> {
    let found = parties_created(db, undo.id, PartyId(point.after_id), CHUNK)?;
    let created: Vec<Created> = found
        .into_iter()
        .map(|one| Created { id: one.id.0, code: one.code, changed: one.changed, in_use: one.in_use })
        .collect();
    let gone: Vec<PartyId> = undo.sort_out(db, &created, point)?.into_iter().map(PartyId).collect();
    parties_erase(db, &gone)?;
    search_pending_add(db, &gone, undo.cx.now)?;
    Ok((created.len() as i64) < CHUNK)
}

fn assets_remove(db: &mut Db, undo: &Undo, point: &mut Point) -> AppResult<bool> {
    let found = assets_created(db, undo.id, AssetId(point.after_id), CHUNK)?;
    let created: Vec<Created> = found
        .into_iter()
        .map(|one| Created { id: one.id.0, code: one.code, changed: one.changed, in_use: false })
        .collect();
    let gone = undo.sort_out(db, &created, point)?;
    assets_erase(db, &gone.into_iter().map(AssetId).collect::<Vec<_>>())?;
    Ok((created.len() as i64) < CHUNK)
}

/// Words are never changed: all of them go, and what stood before stands again.
fn consents_remove(db: &mut Db, undo: &Undo, point: &mut Point) -> AppResult<bool> {
    let gone = consents_unimport(db, undo.id, point.after_id, CHUNK)?;
    point.removed += gone as u64;
    Ok((gone as i64) < CHUNK)
}

fn preferences_remove(db: &mut Db, undo: &Undo, point: &mut Point) -> AppResult<bool> {
    let found = preferences_imported(db, undo.id, point.after_id, CHUNK)?;
    preferences_erase(db, &unchanged(&found, point))?;
    Ok((found.len() as i64) < CHUNK)
}

fn facts_remove(db: &mut Db, undo: &Undo, point: &mut Point) -> AppResult<bool> {
    let found = facts_imported(db, undo.id, point.after_id, CHUNK)?;
    facts_erase(db, &unchanged(&found, point))?;
    Ok((found.len() as i64) < CHUNK)
}

fn trainings_remove(db: &mut Db, undo: &Undo, point: &mut Point) -> AppResult<bool> {
    let found = trainings_imported(db, undo.id, point.after_id, CHUNK)?;
    trainings_erase(db, &unchanged(&found, point))?;
    Ok((found.len() as i64) < CHUNK)
}

/// Those that nobody has moved or changed since.
fn opportunities_remove(db: &mut Db, undo: &Undo, point: &mut Point) -> AppResult<bool> {
    let found = opportunities_imported(db, undo.id, point.after_id, CHUNK)?;
    for (id, version) in &found {
        point.after_id = id.0;
        if *version > 1 {
            point.kept += 1;
            continue;
        }
        match opportunity_unmake(db, &undo.cx, *id, *version) {
            Ok(()) => point.removed += 1,
            Err(AppError::NotFound | AppError::Stale { .. }) => point.kept += 1,
            Err(error) => return Err(error),
        }
    }
    Ok((found.len() as i64) < CHUNK)
}

/// Those to be taken away; what somebody has changed since, or seen to be so, stays.
fn unchanged<I: Copy + Into<uuid::Uuid>>(found: &[(I, bool)], point: &mut Point) -> Vec<I> {
    let gone: Vec<I> = found.iter().filter(|(_, changed)| !changed).map(|(id, _)| *id).collect();
    point.removed += gone.len() as u64;
    point.kept += (found.len() - gone.len()) as u64;
    point.after_id = found.last().map_or(point.after_id, |(id, _)| (*id).into());
    gone
}

/// What a file brought into empty cells goes out of them again; what somebody wrote over it stays.
fn cells_empty(db: &mut Db, undo: &Undo, point: &mut Point) -> AppResult<bool> {
    let found = imported_fresh(db, undo.id, point.after_id, CHUNK)?;
    for cell in &found {
        if cell_restore(db, &undo.cx, cell)? {
            point.removed += 1;
        } else {
            point.kept += 1;
        }
        point.after_id = cell.id.0;
    }
    Ok((found.len() as i64) < CHUNK)
}
