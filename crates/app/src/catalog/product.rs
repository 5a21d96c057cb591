//! Products.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use regulars_domain::error::Checks;
use regulars_domain::ids::{BrandId, CategoryId, ProductId, UnitId};
use regulars_domain::naming::reading;
use regulars_persistence::Db;
use regulars_persistence::catalog::brand::{brand_get, brand_list};
use regulars_persistence::catalog::category::{category_get, category_list};
use regulars_persistence::catalog::product::{
    PRODUCT_FROM, ProductRow, product_base, product_catalogue, product_get as row_get, product_update as row_update,
    products_get, products_insert,
};
use regulars_persistence::customers::custom::{
    CustomValueRow, custom_definitions, custom_values_release, custom_values_set,
};
use regulars_persistence::types::AnyId;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

use super::brand::yes;
use super::option::{ProductOption, options_read, options_shown};
use crate::access::Ref;
use crate::custom::{custom_accept, custom_shown};
use crate::event::Event;
use crate::list::{ListRequest, Page, Source, page_ids};
use crate::money::Money;
use crate::{AppError, AppResult, Cx};

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ProductView {
    pub id: Uuid,
    pub code: String,
    pub name: String,
    pub brand: Option<Ref>,
    pub category: Option<Ref>,
    pub unit_of_measure: Option<String>,
    pub price: Option<Money>,
    pub cost: Option<Money>,
    pub active: bool,
    /// What can be chosen of it.
    pub options: Vec<ProductOption>,
    /// Used up, and bought again: offered to who has it already, too.
    pub consumable: bool,
    /// Values of the company's own fields, by key.
    #[schema(value_type = Object)]
    pub custom: Map<String, Value>,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

crate::versioned!(ProductView);

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProductInput {
    #[schema(example = "NT-01")]
    pub code: String,
    #[schema(example = "拿铁")]
    pub name: String,
    pub brand_id: Option<Uuid>,
    pub category_id: Option<Uuid>,
    #[schema(example = "杯")]
    pub unit_of_measure: Option<String>,
    /// In the company's currency.
    pub price: Option<Money>,
    pub cost: Option<Money>,
    #[serde(default = "yes")]
    #[schema(default = true)]
    pub active: bool,
    /// What can be chosen of it; replaced whole.
    #[serde(default)]
    #[schema(example = json!([]))]
    pub options: Vec<ProductOption>,
    /// Used up, and bought again: offered to who has it already, too.
    #[serde(default)]
    pub consumable: bool,
    #[serde(default)]
    #[schema(value_type = Object)]
    pub custom: Map<String, Value>,
}

/// What is shown beside products: names of brands and categories, and custom values.
struct Names {
    custom: HashMap<Uuid, Map<String, Value>>,
    brands: HashMap<BrandId, String>,
    categories: HashMap<CategoryId, String>,
}

impl Names {
    fn read(db: &mut Db, cx: &Cx, ids: &[ProductId]) -> AppResult<Self> {
        Ok(Self {
            custom: custom_shown(db, cx, "product", ids.iter().map(|id| id.0))?,
            brands: brand_list(db)?.into_iter().map(|row| (row.id, row.name)).collect(),
            categories: category_list(db)?.into_iter().map(|row| (row.id, row.name)).collect(),
        })
    }

    fn view(&mut self, row: ProductRow) -> ProductView {
        let name = |name: Option<&String>| name.cloned().unwrap_or_default();
        ProductView {
            options: options_shown(&row),
            id: row.id.0,
            code: row.code,
            name: row.name,
            brand: row.brand_id.map(|id| Ref::new(id, name(self.brands.get(&id)))),
            category: row.category_id.map(|id| Ref::new(id, name(self.categories.get(&id)))),
            unit_of_measure: row.unit_of_measure,
            price: row.price.map(|minor| Money::of(minor, &row.currency)),
            cost: row.cost.map(|minor| Money::of(minor, &row.currency)),
            active: row.active,
            consumable: row.consumable,
            custom: self.custom.remove(&row.id.0).unwrap_or_default(),
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

fn to_input(row: &ProductRow, custom: Map<String, Value>) -> ProductInput {
    ProductInput {
        code: row.code.clone(),
        name: row.name.clone(),
        brand_id: row.brand_id.map(|id| id.0),
        category_id: row.category_id.map(|id| id.0),
        unit_of_measure: row.unit_of_measure.clone(),
        price: row.price.map(|minor| Money::of(minor, &row.currency)),
        cost: row.cost.map(|minor| Money::of(minor, &row.currency)),
        active: row.active,
        options: options_shown(row),
        consumable: row.consumable,
        custom,
    }
}

/// Writes the checked input into the row and answers the custom values to store. Those are the company's: a unique one is
/// so everywhere.
fn apply(tx: &mut Db, cx: &Cx, row: &mut ProductRow, input: &ProductInput) -> AppResult<Vec<CustomValueRow>> {
    let currency = &*cx.company()?.currency.clone();
    let mut checks = Checks::default();
    let custom = custom_accept(tx, cx, &mut checks, ("product", UnitId(Uuid::nil())), &input.custom, input)?;
    checks.text("/code", &input.code, 40);
    checks.text("/name", &input.name, 200);
    checks.optional_text("/unit_of_measure", input.unit_of_measure.as_deref(), 20);
    row.price = input.price.as_ref().map(|price| price.read_positive(&mut checks, "/price", currency));
    row.cost = input.cost.as_ref().map(|cost| cost.read_positive(&mut checks, "/cost", currency));
    row.options = options_read(&mut checks, &input.options, currency)?;
    row.brand_id = input.brand_id.map(BrandId);
    row.category_id = input.category_id.map(CategoryId);
    if let Some(id) = row.brand_id
        && brand_get(tx, id)?.is_none()
    {
        checks.fail("/brand_id", "unknown_reference");
    }
    if let Some(id) = row.category_id
        && category_get(tx, id)?.is_none()
    {
        checks.fail("/category_id", "unknown_reference");
    }
    checks.done()?;
    row.code = input.code.trim().into();
    row.name = input.name.trim().into();
    row.name_key = reading(&row.name, false);
    row.unit_of_measure = input.unit_of_measure.clone();
    row.currency = currency.into();
    row.active = input.active;
    row.consumable = input.consumable;
    Ok(custom)
}

pub fn product_list(cx: &Cx, request: &ListRequest) -> AppResult<Page<ProductView>> {
    cx.require("catalog:product:read")?;
    cx.read(|db| {
        let catalogue = product_catalogue(&custom_definitions(db, "product")?);
        let source = Source { from: PRODUCT_FROM, id: "t.id", catalogue: &catalogue, default_sort: "name_pinyin" };
        let page = page_ids(cx, db, request, &source, &product_base(request.q.as_deref()))?;
        let ids: Vec<ProductId> = page.items.iter().map(|id| ProductId(*id)).collect();
        let mut rows: HashMap<Uuid, ProductRow> =
            products_get(db, &ids)?.into_iter().map(|row| (row.id.0, row)).collect();
        let mut names = Names::read(db, cx, &ids)?;
        let items = page.items.iter().filter_map(|id| rows.remove(id)).map(|row| names.view(row)).collect();
        Ok(Page { items, next_cursor: page.next_cursor, total: page.total, total_capped: page.total_capped })
    })
}

pub fn product_get(cx: &Cx, id: ProductId) -> AppResult<ProductView> {
    cx.require("catalog:product:read")?;
    cx.read(|db| {
        let row = row_get(db, id)?.ok_or(AppError::NotFound)?;
        Ok(Names::read(db, cx, &[id])?.view(row))
    })
}

pub fn product_create(cx: &Cx, input: ProductInput) -> AppResult<ProductView> {
    cx.require("catalog:product:write")?;
    let currency = cx.company()?.currency.clone();
    let within = cx.clone();
    let id = ProductId::fresh();
    cx.create(move |tx| {
        let mut row = ProductRow {
            id,
            code: String::new(),
            name: String::new(),
            name_key: String::new(),
            brand_id: None,
            category_id: None,
            unit_of_measure: None,
            price: None,
            cost: None,
            currency: currency.clone(),
            active: true,
            options: None,
            consumable: false,
            import_id: None,
            version: 1,
            created_at: within.now,
            updated_at: within.now,
            deleted_at: None,
        };
        let custom = apply(tx, &within, &mut row, &input)?;
        products_insert(tx, vec![row.clone()])?;
        custom_values_set(tx, AnyId(id.0), &custom)?;
        let mut names = Names::read(tx, &within, &[id])?;
        let after = to_input(&row, input.custom.clone());
        Event::new(&within, "product", id, "created").after(&after).record(tx)?;
        Ok(names.view(row))
    })
}

/// The row that a change at `version` starts from.
fn standing(tx: &mut Db, id: ProductId, version: i64) -> AppResult<ProductRow> {
    let row = row_get(tx, id)?.ok_or(AppError::NotFound)?;
    if row.version == version { Ok(row) } else { Err(AppError::Stale { current: row.version }) }
}

pub fn product_update(cx: &Cx, id: ProductId, version: i64, patch: &Value) -> AppResult<ProductView> {
    cx.require("catalog:product:write")?;
    let (within, patch) = (cx.clone(), patch.clone());
    cx.change(move |tx| {
        let mut row = standing(tx, id, version)?;
        let mut names = Names::read(tx, &within, &[id])?;
        let before = to_input(&row, names.custom.remove(&id.0).unwrap_or_default());
        let after: ProductInput = crate::patch::patched(&before, &patch)?;
        if crate::patch::same(&before, &after)? {
            return Ok(Names::read(tx, &within, &[id])?.view(row));
        }
        let custom = apply(tx, &within, &mut row, &after)?;
        custom_values_set(tx, AnyId(id.0), &custom)?;
        row.updated_at = within.now;
        if !row_update(tx, row.clone())? {
            return Err(AppError::Serialization);
        }
        row.version += 1;
        let after = to_input(&row, after.custom);
        Event::new(&within, "product", id, "updated").difference(&before, &after).record(tx)?;
        Ok(Names::read(tx, &within, &[id])?.view(row))
    })
}

/// Takes the product out of the catalogue; orders keep what they say of it, and its code is not used again.
pub fn product_delete(cx: &Cx, id: ProductId, version: i64) -> AppResult<()> {
    cx.require("catalog:product:write")?;
    let within = cx.clone();
    cx.change(move |tx| {
        let mut row = standing(tx, id, version)?;
        row.deleted_at = Some(within.now);
        row.updated_at = within.now;
        let before = to_input(&row, Map::new());
        custom_values_release(tx, AnyId(id.0))?;
        if !row_update(tx, row)? {
            return Err(AppError::Serialization);
        }
        Event::new(&within, "product", id, "deleted").before(&before).record(tx)
    })
}
