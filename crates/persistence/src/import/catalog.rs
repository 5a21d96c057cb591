//! Products, brands and categories as an import meets them.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Bool, Nullable, Text};
use regulars_domain::ids::{BrandId, CategoryId, ImportId, ProductId};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::party::Provenance;
use crate::bulk::{PRODUCT, rows_insert};
use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::{Bind, Null, Statement, insert};
use crate::types::{SqlId, SqlInstant};

/// The columns an import may fill; prices in minor units of the company's currency.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
#[serde(default)]
pub struct ProductFields {
    #[diesel(sql_type = Nullable<Text>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[diesel(sql_type = Nullable<SqlId>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub brand_id: Option<BrandId>,
    #[diesel(sql_type = Nullable<SqlId>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category_id: Option<CategoryId>,
    #[diesel(sql_type = Nullable<Text>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit_of_measure: Option<String>,
    #[diesel(sql_type = Nullable<BigInt>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cost: Option<i64>,
    #[diesel(sql_type = Nullable<Bool>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub active: Option<bool>,
    #[diesel(sql_type = Nullable<Bool>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consumable: Option<bool>,
}

const FIELD_TYPES: &[(&str, Null)] = &[
    ("name", Null::Text),
    ("name_key", Null::Text),
    ("brand_id", Null::Id),
    ("category_id", Null::Id),
    ("unit_of_measure", Null::Text),
    ("price", Null::Int),
    ("cost", Null::Int),
    ("active", Null::Bool),
    ("consumable", Null::Bool),
    ("import_id", Null::Id),
];

#[derive(Debug, Clone, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct ProductHit {
    #[diesel(sql_type = SqlId)]
    pub id: ProductId,
    #[diesel(sql_type = Text)]
    pub code: String,
    #[diesel(sql_type = Text)]
    pub name_key: String,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub import_id: Option<ImportId>,
    #[diesel(sql_type = BigInt)]
    pub version: i64,
    #[diesel(sql_type = Nullable<SqlInstant>)]
    pub deleted_at: Option<DateTime<Utc>>,
    #[diesel(embed)]
    pub fields: ProductFields,
}

pub fn products_find(db: &mut Db, codes: &[String]) -> StoreResult<Vec<ProductHit>> {
    let mut hits = Vec::new();
    for codes in codes.chunks(1000) {
        let mut statement = Statement::new(
            "SELECT id, code, name_key, import_id, version, deleted_at, name, brand_id, category_id, unit_of_measure, \
             price, cost, active, consumable FROM product WHERE code IN (",
        );
        statement.bind_list(codes.iter()).push(")");
        hits.extend(statement.rows(db)?);
    }
    Ok(hits)
}

/// A product to be created. `name` must be set.
#[derive(Debug, Clone)]
pub struct NewProduct {
    pub id: ProductId,
    pub code: String,
    pub name_key: String,
    pub currency: String,
    pub fields: ProductFields,
}

pub fn products_insert(db: &mut Db, products: Vec<NewProduct>, by: Provenance) -> StoreResult<()> {
    let rows = products
        .into_iter()
        .map(|product| {
            let fields = product.fields;
            vec![
                product.id.into(),
                product.code.into(),
                fields.name.into(),
                product.name_key.into(),
                fields.brand_id.into(),
                fields.category_id.into(),
                fields.unit_of_measure.into(),
                fields.price.into(),
                fields.cost.into(),
                product.currency.into(),
                fields.active.unwrap_or(true).into(),
                fields.consumable.unwrap_or(false).into(),
                by.import_id.into(),
                1_i64.into(),
                by.now.into(),
                by.now.into(),
            ]
        })
        .collect();
    rows_insert(db, &PRODUCT, rows)
}

/// Sets columns from JSON values, if the version is still `version`; false when it is not.
pub fn product_set(
    db: &mut Db,
    id: ProductId,
    version: i64,
    values: &Map<String, Value>,
    now: DateTime<Utc>,
) -> StoreResult<bool> {
    let mut statement = Statement::new("UPDATE product SET version = version + 1, updated_at = ").cached();
    statement.bind(now);
    for (column, kind) in FIELD_TYPES {
        if let Some(value) = values.get(*column) {
            statement.push(format!(", {column} = ")).bind(Bind::from_json(value, *kind));
        }
    }
    let changed = statement.with(" WHERE id = ", id).with(" AND version = ", version).run(db)?;
    Ok(changed == 1)
}

#[derive(Debug, Clone, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct CreatedProduct {
    #[diesel(sql_type = SqlId)]
    pub id: ProductId,
    #[diesel(sql_type = Text)]
    pub code: String,
    #[diesel(sql_type = Bool)]
    pub changed: bool,
    #[diesel(sql_type = Bool)]
    pub in_use: bool,
}

/// The next products an import created behind `after`.
pub fn products_created(
    db: &mut Db,
    import: ImportId,
    after: ProductId,
    limit: i64,
) -> StoreResult<Vec<CreatedProduct>> {
    Statement::new(
        "SELECT p.id, p.code, (p.version > 1 OR p.deleted_at IS NOT NULL) AS changed, \
         (EXISTS (SELECT 1 FROM order_line l WHERE l.product_id = p.id) \
         OR EXISTS (SELECT 1 FROM asset a WHERE a.product_id = p.id) \
         OR EXISTS (SELECT 1 FROM sales_target t WHERE t.product_id = p.id) \
         OR EXISTS (SELECT 1 FROM sellout_cell c WHERE c.product_id = p.id) \
         OR EXISTS (SELECT 1 FROM wish w WHERE w.product_id = p.id)) AS in_use FROM product p",
    )
    .with(" WHERE p.import_id = ", import)
    .with(" AND p.id > ", after)
    .with(" ORDER BY p.id LIMIT ", limit)
    .rows(db)
}

pub fn products_erase(db: &mut Db, ids: &[ProductId]) -> StoreResult<()> {
    for ids in ids.chunks(1000) {
        for (table, column) in [("custom_value", "resource_id"), ("product", "id")] {
            let mut statement = Statement::new(format!("DELETE FROM {table} WHERE {column} IN ("));
            statement.bind_list(ids.iter().copied()).push(")");
            statement.run(db)?;
        }
    }
    Ok(())
}

#[derive(Debug, Clone, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct BrandHit {
    #[diesel(sql_type = SqlId)]
    pub id: BrandId,
    #[diesel(sql_type = Text)]
    pub name: String,
}

pub fn brands_all(db: &mut Db) -> StoreResult<Vec<BrandHit>> {
    Statement::new("SELECT id, name FROM brand").rows(db)
}

pub fn brand_insert(db: &mut Db, id: BrandId, name: &str, now: DateTime<Utc>) -> StoreResult<()> {
    insert(
        "brand",
        [
            ("id", id.into()),
            ("name", name.into()),
            ("active", true.into()),
            ("version", 1_i64.into()),
            ("created_at", now.into()),
            ("updated_at", now.into()),
        ],
    )
    .run(db)?;
    Ok(())
}

#[derive(Debug, Clone, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct CategoryHit {
    #[diesel(sql_type = SqlId)]
    pub id: CategoryId,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub parent_id: Option<CategoryId>,
    #[diesel(sql_type = Text)]
    pub name: String,
}

pub fn categories_all(db: &mut Db) -> StoreResult<Vec<CategoryHit>> {
    Statement::new("SELECT id, parent_id, name FROM category").rows(db)
}

pub fn category_insert(
    db: &mut Db,
    id: CategoryId,
    parent: Option<CategoryId>,
    name: &str,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    insert(
        "category",
        [
            ("id", id.into()),
            ("parent_id", parent.into()),
            ("name", name.into()),
            ("position", 0_i64.into()),
            ("version", 1_i64.into()),
            ("created_at", now.into()),
            ("updated_at", now.into()),
        ],
    )
    .run(db)?;
    Ok(())
}
