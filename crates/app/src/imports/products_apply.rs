//! What rows of products mean for the catalogue: create, update, leave, reject.

use std::collections::HashMap;

use regulars_domain::ids::{BrandId, CategoryId, CustomFieldId, ProductId, UnitId};
use regulars_domain::naming::reading;
use regulars_persistence::Db;
use regulars_persistence::customers::custom::CustomValueRow;
use regulars_persistence::import::catalog::{
    NewProduct, ProductFields, ProductHit, brand_insert, brands_all, categories_all, category_insert, product_set,
    products_find, products_insert,
};
use regulars_persistence::import::custom::{custom_fields_set, customs_insert};
use regulars_persistence::types::AnyId;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::cells::CellFault;
use super::customs::{CustomBefore, Customs, Holder, custom_shown};
use super::outcome::{Tally, changes_between, fault, object};
use super::products::ProductDraft;
use super::run::Run;
use crate::{AppError, AppResult};

/// What an update leaves behind for an undo.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ProductBefore {
    /// The version the import made.
    pub version: i64,
    pub values: Map<String, Value>,
    /// Custom fields that were set, with the values that stood there.
    pub custom: Vec<CustomBefore>,
}

/// Judges and, in a real run, stores one chunk of rows.
pub fn products_apply(db: &mut Db, run: &Run, drafts: &[ProductDraft]) -> AppResult<Tally> {
    let mut tally = Tally::default();
    let codes: Vec<String> = drafts.iter().filter_map(|draft| draft.code.clone()).collect();
    let standing: HashMap<String, ProductHit> =
        products_find(db, &codes)?.into_iter().map(|hit| (hit.code.clone(), hit)).collect();
    let mut groups = Groups::load(db)?;
    // Products are the company's, and so are their unique values.
    let mut customs = Customs::read(run, UnitId(Uuid::nil()), drafts.iter().map(|draft| (draft.line, &draft.custom)));
    customs.stand(db, &standing.values().map(|hit| AnyId(hit.id.0)).collect::<Vec<_>>())?;
    let (mut fresh, mut fresh_customs) = (Vec::new(), Vec::new());
    for draft in drafts {
        let code = draft.code.clone().unwrap_or_default();
        if !draft.faults.is_empty() {
            tally.reject(draft.line, draft.code.clone(), &draft.faults);
            continue;
        }
        let mut fields = draft.fields.clone();
        fields.brand_id = draft.brand.as_deref().map(|name| groups.brand(db, run, name)).transpose()?;
        fields.category_id = groups.category(db, run, &draft.category)?;
        match standing.get(&code) {
            Some(hit) => {
                let said = hit_check(run, hit).map_or(Ok(()), Err);
                match said.and_then(|()| customs.take(draft.line, Holder::Record(AnyId(hit.id.0)))) {
                    Err(fault) => tally.reject(draft.line, Some(code), &[fault]),
                    Ok(rows) => product_update(db, (run, &customs), (draft, &rows), hit, &fields, &mut tally)?,
                }
            }
            None => match product_new(run, &mut customs, draft) {
                Err(fault) => tally.reject(draft.line, Some(code), &[fault]),
                Ok((name, rows)) => {
                    tally.create(run, draft.line, (1, false), Some(code.clone()), || {
                        let mut shown = object(&draft.fields);
                        shown.extend(custom_shown(&draft.custom));
                        shown
                    });
                    let name_key = reading(&name, false);
                    let id = ProductId::fresh();
                    fresh_customs.extend(rows.into_iter().map(|row| (AnyId(id.0), row)));
                    fresh.push(NewProduct { id, code, name_key, currency: run.currency.clone(), fields });
                }
            },
        }
    }
    if !run.dry {
        products_insert(db, fresh, run.provenance())?;
        customs_insert(db, fresh_customs)?;
    }
    Ok(tally)
}

/// What a new product is called, and its custom values.
fn product_new(
    run: &Run,
    customs: &mut Customs,
    draft: &ProductDraft,
) -> Result<(String, Vec<CustomValueRow>), CellFault> {
    let missing = || fault(run, "name_missing", "新商品必须有名称", "A new product needs a name");
    let name = draft.fields.name.clone().ok_or_else(missing)?;
    customs.required(&draft.custom, &json!({"custom": draft.custom}))?;
    Ok((name, customs.take(draft.line, Holder::Line(draft.line))?))
}

fn hit_check(run: &Run, hit: &ProductHit) -> Option<CellFault> {
    if hit.deleted_at.is_some() {
        return Some(fault(run, "deleted", "该商品已被删除,请先恢复", "The product was deleted; restore it first"));
    }
    (hit.import_id == Some(run.import_id) && !run.dry).then(|| {
        fault(run, "duplicate_in_file", "文件中前面的行已是同一商品", "An earlier row of the file is the same product")
    })
}

fn product_update(
    db: &mut Db,
    (run, customs): (&Run, &Customs),
    (draft, rows): (&ProductDraft, &[CustomValueRow]),
    hit: &ProductHit,
    fields: &ProductFields,
    tally: &mut Tally,
) -> AppResult<()> {
    let mut changes = changes_between(&object(&hit.fields), &object(fields));
    let mut values = Map::new();
    let mut before = ProductBefore { version: hit.version + 1, ..ProductBefore::default() };
    for change in &changes {
        values.insert(change.field.clone(), change.after.clone());
        before.values.insert(change.field.clone(), change.before.clone());
    }
    let (stood, custom) = customs.changes(AnyId(hit.id.0), (&draft.custom, rows), &mut changes);
    if changes.is_empty() {
        tally.unchanged(1);
        return Ok(());
    }
    let own: Vec<CustomFieldId> = stood.iter().map(|one| one.field_id).collect();
    before.custom = stood;
    if let Some(name) = fields.name.as_deref().filter(|_| values.contains_key("name")) {
        values.insert("name_key".into(), json!(reading(name, false)));
        before.values.insert("name_key".into(), json!(hit.name_key));
    }
    values.insert("import_id".into(), json!(run.import_id));
    before.values.insert("import_id".into(), json!(hit.import_id));
    tally.update(draft.line, 1, AnyId(hit.id.0), draft.code.clone(), &changes, &before);
    if run.dry {
        return Ok(());
    }
    if !product_set(db, hit.id, hit.version, &values, run.now)? {
        return Err(AppError::Serialization);
    }
    Ok(custom_fields_set(db, AnyId(hit.id.0), &own, custom)?)
}

/// Brands and categories by name; missing ones are made as rows name them.
struct Groups {
    brands: HashMap<String, BrandId>,
    categories: HashMap<(Option<CategoryId>, String), CategoryId>,
}

impl Groups {
    fn load(db: &mut Db) -> AppResult<Self> {
        let brands = brands_all(db)?.into_iter().map(|brand| (brand.name, brand.id)).collect();
        let categories = categories_all(db)?
            .into_iter()
            .map(|category| ((category.parent_id, category.name), category.id))
            .collect();
        Ok(Self { brands, categories })
    }

    fn brand(&mut self, db: &mut Db, run: &Run, name: &str) -> AppResult<BrandId> {
        if let Some(id) = self.brands.get(name) {
            return Ok(*id);
        }
        let id = BrandId::fresh();
        if !run.dry {
            brand_insert(db, id, name, run.now)?;
        }
        self.brands.insert(name.to_owned(), id);
        Ok(id)
    }

    fn category(&mut self, db: &mut Db, run: &Run, path: &[String]) -> AppResult<Option<CategoryId>> {
        let mut parent = self.anywhere(path);
        if parent.is_some() {
            return Ok(parent);
        }
        for name in path {
            let key = (parent, name.clone());
            let id = match self.categories.get(&key) {
                Some(id) => *id,
                None => {
                    let id = CategoryId::fresh();
                    if !run.dry {
                        category_insert(db, id, parent, name, run.now)?;
                    }
                    self.categories.insert(key, id);
                    id
                }
            };
            parent = Some(id);
        }
        Ok(parent)
    }

    /// A single name may stand for a category at any depth, if only one has it.
    fn anywhere(&self, path: &[String]) -> Option<CategoryId> {
        let [name] = path else { return None };
        let mut found = self.categories.iter().filter(|((_, other), _)| other == name).map(|(_, id)| *id);
        match (found.next(), found.next()) {
            (Some(one), None) => Some(one),
            _ => None,
        }
    }
}
