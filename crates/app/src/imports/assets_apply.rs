//! What rows of assets mean for the store: customers and products found, things recognised by their serial number.

use std::collections::{HashMap, HashSet};

use regulars_domain::ids::{AssetId, PartyId, ProductId, UnitId};
use regulars_persistence::Db;
use regulars_persistence::customers::asset::{AssetHit, AssetRow, asset_update, assets_by_serial, assets_insert};
use regulars_persistence::import::catalog::products_find;
use regulars_persistence::types::AnyId;
use serde::{Deserialize, Serialize};

use super::assets::AssetDraft;
use super::cells::CellFault;
use super::outcome::{Tally, changes_between, fault, object};
use super::run::Run;
use super::whose::Customers;
use crate::customers::asset::{AssetInput, filled, serial_key, to_input};
use crate::{AppError, AppResult};

/// What an update leaves behind for an undo.
#[derive(Debug, Serialize, Deserialize)]
pub struct AssetBefore {
    /// The version the import made.
    pub version: i64,
    pub input: AssetInput,
}

/// Judges and, in a real run, stores one chunk of rows.
pub fn assets_apply(db: &mut Db, run: &Run, drafts: &[AssetDraft]) -> AppResult<Tally> {
    let mut tally = Tally::default();
    let mut by_unit: HashMap<UnitId, Vec<&AssetDraft>> = HashMap::new();
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
    for (unit, drafts) in by_unit {
        let mut chunk = Chunk::load(db, run, unit, &drafts)?;
        for draft in drafts {
            if let Err(fault) = chunk.judge(db, draft, &mut tally)? {
                tally.reject(draft.line, draft.label(), &[fault]);
            }
        }
        if !run.dry {
            assets_insert(db, chunk.fresh, run.import_id)?;
        }
    }
    Ok(tally)
}

struct Chunk<'r> {
    run: &'r Run,
    unit: UnitId,
    customers: Customers,
    /// By code: id and name.
    products: HashMap<String, (ProductId, String)>,
    standing: HashMap<String, AssetHit>,
    seen: HashSet<String>,
    fresh: Vec<AssetRow>,
}

impl<'r> Chunk<'r> {
    fn load(db: &mut Db, run: &'r Run, unit: UnitId, drafts: &[&AssetDraft]) -> AppResult<Self> {
        let customers = Customers::load(db, run, unit, drafts.iter().map(|draft| &draft.customer))?;
        let mut codes: Vec<String> = drafts.iter().filter_map(|draft| draft.product_code.clone()).collect();
        codes.sort_unstable();
        codes.dedup();
        let products = products_find(db, &codes)?
            .into_iter()
            .filter(|hit| hit.deleted_at.is_none())
            .map(|hit| (hit.code, (hit.id, hit.fields.name.unwrap_or_default())))
            .collect();
        let (standing, seen, fresh) = (HashMap::new(), HashSet::new(), Vec::new());
        let mut chunk = Self { run, unit, customers, products, standing, seen, fresh };
        let mut keys: Vec<String> = drafts.iter().filter_map(|draft| chunk.key(draft)).collect();
        keys.sort_unstable();
        keys.dedup();
        let hits = assets_by_serial(db, unit, &keys, &run.customer_reach)?;
        chunk.standing = hits.into_iter().filter_map(|hit| Some((hit.own.serial_key.clone()?, hit))).collect();
        Ok(chunk)
    }

    fn key(&self, draft: &AssetDraft) -> Option<String> {
        let blank = self.input(draft, PartyId(uuid::Uuid::nil()), None).ok()?;
        serial_key(&blank, blank.name.as_deref().unwrap_or_default())
    }

    /// What the thing would be: what stands, with what the row says.
    fn input(&self, draft: &AssetDraft, party: PartyId, standing: Option<&AssetRow>) -> Result<AssetInput, CellFault> {
        let product = match &draft.product_code {
            None => None,
            Some(code) => Some(self.products.get(code).ok_or_else(|| {
                let (zh, en) = (format!("找不到商品「{code}」"), format!("There is no product \"{code}\""));
                fault(self.run, "product_unknown", zh, en)
            })?),
        };
        let old = standing.map(to_input);
        let kept = |member: fn(&AssetInput) -> Option<String>| old.as_ref().and_then(member);
        let name = draft.name.clone().or_else(|| kept(|old| old.name.clone()));
        Ok(AssetInput {
            customer_id: party.0,
            product_id: product.map(|(id, _)| id.0).or(old.as_ref().and_then(|old| old.product_id)),
            name: name.or_else(|| product.map(|(_, name)| name.clone())),
            serial: draft.serial.clone().or_else(|| kept(|old| old.serial.clone())),
            bought_on: draft.bought_on.or(old.as_ref().and_then(|old| old.bought_on)),
            bought_at: draft.bought_at.clone().or_else(|| kept(|old| old.bought_at.clone())),
            order_id: old.as_ref().and_then(|old| old.order_id),
            order_line: old.as_ref().and_then(|old| old.order_line),
            warranty_end: draft.warranty_end.or(old.as_ref().and_then(|old| old.warranty_end)),
            status: draft.status.clone().or_else(|| kept(|old| Some(old.status.clone()))).unwrap_or("in_use".into()),
            note: draft.note.clone().or_else(|| kept(|old| old.note.clone())),
        })
    }

    /// The inner result tells why the row can't be taken.
    fn judge(&mut self, db: &mut Db, draft: &AssetDraft, tally: &mut Tally) -> AppResult<Result<(), CellFault>> {
        let run = self.run;
        let party = match self.customers.one(run, &draft.customer) {
            Ok(party) => party,
            Err(fault) => return Ok(Err(fault)),
        };
        let hit = self.key(draft).and_then(|key| self.standing.get(&key)).cloned();
        if let Some(fault) = hit.as_ref().and_then(|hit| hit_fault(run, hit, party)) {
            return Ok(Err(fault));
        }
        let input = match self.input(draft, party, hit.as_ref().map(|hit| &hit.own)) {
            Ok(input) => input,
            Err(fault) => return Ok(Err(fault)),
        };
        if let Some(fault) = input_fault(run, &input) {
            return Ok(Err(fault));
        }
        match hit {
            Some(hit) => update(db, run, draft, (&hit, input), tally)?,
            None => {
                let name = input.name.clone().unwrap_or_default();
                let key = serial_key(&input, &name);
                if key.is_some_and(|key| !self.seen.insert(key)) {
                    return Ok(Err(repeated(run)));
                }
                tally.create(run, draft.line, (1, false), draft.label(), || object(&input));
                self.fresh.push(filled(blank(run, self.unit, party), &input, name));
            }
        }
        Ok(Ok(()))
    }
}

fn repeated(run: &Run) -> CellFault {
    fault(run, "duplicate_in_file", "文件中前面的行已是同一件", "An earlier row of the file is the same thing")
}

fn hit_fault(run: &Run, hit: &AssetHit, party: PartyId) -> Option<CellFault> {
    if hit.import_id == Some(run.import_id) && !run.dry {
        return Some(repeated(run));
    }
    // Across a wall inside the unit the serial is taken, and no more is said.
    (!hit.reachable || hit.own.party_id != party).then(|| {
        let (zh, en) = ("该序列号已属于其他客户", "The serial number is another customer's");
        fault(run, "serial_taken", zh, en)
    })
}

fn input_fault(run: &Run, input: &AssetInput) -> Option<CellFault> {
    if input.name.as_deref().unwrap_or_default().is_empty() {
        return Some(fault(run, "name_missing", "必须有名称或商品", "A name or a product is needed"));
    }
    let backwards = input.bought_on.zip(input.warranty_end).is_some_and(|(bought, end)| end < bought);
    backwards.then(|| fault(run, "date_order", "保修截止早于购买日期", "The warranty ends before the purchase"))
}

fn blank(run: &Run, unit: UnitId, party: PartyId) -> AssetRow {
    AssetRow {
        id: AssetId::fresh(),
        unit_id: unit,
        party_id: party,
        product_id: None,
        name: String::new(),
        serial: None,
        serial_key: None,
        bought_on: None,
        bought_at: None,
        order_id: None,
        order_line: None,
        warranty_end: None,
        status: String::new(),
        note: None,
        version: 1,
        created_by: Some(run.user_id),
        created_at: run.now,
        updated_at: run.now,
    }
}

fn update(
    db: &mut Db,
    run: &Run,
    draft: &AssetDraft,
    (hit, input): (&AssetHit, AssetInput),
    tally: &mut Tally,
) -> AppResult<()> {
    let old = to_input(&hit.own);
    let changes = changes_between(&object(&old), &object(&input));
    if changes.is_empty() {
        tally.unchanged(1);
        return Ok(());
    }
    let before = AssetBefore { version: hit.own.version + 1, input: old };
    tally.update(draft.line, 1, AnyId(hit.own.id.0), draft.label(), &changes, &before);
    let name = input.name.clone().unwrap_or_default();
    let row = filled(AssetRow { updated_at: run.now, ..hit.own.clone() }, &input, name);
    if !run.dry && !asset_update(db, row)? {
        return Err(AppError::Serialization);
    }
    Ok(())
}
