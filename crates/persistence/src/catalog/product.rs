//! Products.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Bool, Nullable, Text};
use regulars_domain::condition::FieldType;
use regulars_domain::ids::{BrandId, CategoryId, ImportId, ProductId};
use serde_json::Value;

use crate::catalogue::{Catalogue, Field, like_escaped};
use crate::customers::custom::CustomDefinition;
use crate::customers::fields::custom_field;
use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::{Bind, Statement, filled_up, insert_batch, update};
use crate::types::{SqlId, SqlInstant, SqlJson};

/// A product. Amounts are minor units of `currency`.
#[derive(Debug, Clone, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct ProductRow {
    #[diesel(sql_type = SqlId)]
    pub id: ProductId,
    #[diesel(sql_type = Text)]
    pub code: String,
    #[diesel(sql_type = Text)]
    pub name: String,
    #[diesel(sql_type = Text)]
    pub name_key: String,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub brand_id: Option<BrandId>,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub category_id: Option<CategoryId>,
    #[diesel(sql_type = Nullable<Text>)]
    pub unit_of_measure: Option<String>,
    #[diesel(sql_type = Nullable<BigInt>)]
    pub price: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    pub cost: Option<i64>,
    #[diesel(sql_type = Text)]
    pub currency: String,
    #[diesel(sql_type = Bool)]
    pub active: bool,
    /// What can be chosen: a list of names with choices.
    #[diesel(sql_type = Nullable<SqlJson>)]
    pub options: Option<Value>,
    /// Used up, and bought again.
    #[diesel(sql_type = Bool)]
    pub consumable: bool,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub import_id: Option<ImportId>,
    #[diesel(sql_type = BigInt)]
    pub version: i64,
    #[diesel(sql_type = SqlInstant)]
    pub created_at: DateTime<Utc>,
    #[diesel(sql_type = SqlInstant)]
    pub updated_at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<SqlInstant>)]
    pub deleted_at: Option<DateTime<Utc>>,
}

const COLUMNS: [&str; 18] = [
    "id",
    "code",
    "name",
    "name_key",
    "brand_id",
    "category_id",
    "unit_of_measure",
    "price",
    "cost",
    "currency",
    "active",
    "options",
    "consumable",
    "import_id",
    "version",
    "created_at",
    "updated_at",
    "deleted_at",
];

fn select() -> Statement {
    Statement::new(format!("SELECT {} FROM product", COLUMNS.join(", "))).cached()
}

/// Products by id, in no order; deleted ones too, for orders remember them.
pub fn products_get(db: &mut Db, ids: &[ProductId]) -> StoreResult<Vec<ProductRow>> {
    let mut rows = Vec::with_capacity(ids.len());
    for some in ids.chunks(500) {
        let mut statement = select().then(" WHERE id IN (");
        statement.bind_list(filled_up(some)).push(")");
        rows.extend(statement.rows::<ProductRow>(db)?);
    }
    Ok(rows)
}

pub fn product_get(db: &mut Db, id: ProductId) -> StoreResult<Option<ProductRow>> {
    select().with(" WHERE id = ", id).then(" AND deleted_at IS NULL").first(db)
}

/// A product as little as a result line needs.
#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct ProductName {
    #[diesel(sql_type = SqlId)]
    pub id: ProductId,
    #[diesel(sql_type = Text)]
    pub name: String,
}

/// Living products that hold the text, by the reading of their names.
pub fn products_named(db: &mut Db, q: &str, limit: i64) -> StoreResult<Vec<ProductName>> {
    let mut statement = Statement::new("SELECT t.id, t.name FROM product t WHERE ").cached();
    statement.append(product_base(Some(q))).push(" ORDER BY t.name_key, t.id LIMIT ").bind(limit);
    statement.rows(db)
}

/// Living products by code, for imports.
pub fn products_by_code(db: &mut Db, codes: &[String]) -> StoreResult<Vec<ProductRow>> {
    let mut rows = Vec::with_capacity(codes.len());
    for some in codes.chunks(500) {
        let mut statement = select().then(" WHERE deleted_at IS NULL AND code IN (");
        statement.bind_list(some).push(")");
        rows.extend(statement.rows::<ProductRow>(db)?);
    }
    Ok(rows)
}

pub fn products_insert(db: &mut Db, rows: Vec<ProductRow>) -> StoreResult<()> {
    let bound = |row: ProductRow| -> Vec<Bind> {
        vec![
            row.id.into(),
            row.code.into(),
            row.name.into(),
            row.name_key.into(),
            row.brand_id.into(),
            row.category_id.into(),
            row.unit_of_measure.into(),
            row.price.into(),
            row.cost.into(),
            row.currency.into(),
            row.active.into(),
            row.options.into(),
            row.consumable.into(),
            row.import_id.into(),
            row.version.into(),
            row.created_at.into(),
            row.updated_at.into(),
            row.deleted_at.into(),
        ]
    };
    insert_batch(db, "product", &COLUMNS, rows.into_iter().map(bound).collect())
}

/// Replaces the row if it still has `version`; answers whether it had. Deletes when `deleted_at` is set.
pub fn product_update(db: &mut Db, row: ProductRow) -> StoreResult<bool> {
    let statement = update(
        "product",
        [
            ("code", row.code.into()),
            ("name", row.name.into()),
            ("name_key", row.name_key.into()),
            ("brand_id", row.brand_id.into()),
            ("category_id", row.category_id.into()),
            ("unit_of_measure", row.unit_of_measure.into()),
            ("price", row.price.into()),
            ("cost", row.cost.into()),
            ("currency", row.currency.into()),
            ("active", row.active.into()),
            ("options", row.options.into()),
            ("consumable", row.consumable.into()),
            ("version", (row.version + 1).into()),
            ("updated_at", row.updated_at.into()),
            ("deleted_at", row.deleted_at.into()),
        ],
    );
    Ok(statement.with(" WHERE id = ", row.id).with(" AND version = ", row.version).run(db)? == 1)
}

/// Lists products as alias `t`.
pub const PRODUCT_FROM: &str = "product t";

/// What products are filtered and sorted by.
pub fn product_catalogue(custom: &[CustomDefinition]) -> Catalogue {
    use FieldType::{Bool, Instant, Money, Ref, Text as Words};
    let mut fields = vec![
        Field::column("id", Ref, "t.id").of_ids(),
        Field::column("code", Words, "t.code").sortable(),
        Field::column("name", Words, "t.name"),
        Field::column("name_pinyin", Words, "t.name_key").sortable(),
        Field::column("brand", Ref, "t.brand_id").of_ids().nullable(),
        Field::column("category", Ref, "t.category_id").of_ids().nullable(),
        Field::column("unit_of_measure", Words, "t.unit_of_measure").nullable(),
        Field::column("price", Money, "t.price").nullable().sortable(),
        Field::column("cost", Money, "t.cost").nullable().sortable(),
        Field::column("active", Bool, "t.active"),
        Field::column("consumable", Bool, "t.consumable"),
        Field::column("created_at", Instant, "t.created_at").sortable(),
        Field::column("updated_at", Instant, "t.updated_at").sortable(),
    ];
    fields.extend(custom.iter().filter_map(|field| custom_field(field, "product", "t.id")));
    Catalogue { fields, ..Catalogue::default() }
}

/// Living products whose name, reading or code holds the text; all of them without a text.
pub fn product_base(q: Option<&str>) -> Statement {
    let mut base = Statement::new("t.deleted_at IS NULL");
    if let Some(q) = q {
        let inside = format!("%{}%", like_escaped(q));
        // A reading is `na tie`; people type `natie` as well.
        let reading = format!("%{}%", like_escaped(&q.replace(' ', "")));
        base.push(" AND (LOWER(t.name) LIKE ").bind(inside.as_str()).push(" ESCAPE '\\'");
        base.push(" OR REPLACE(t.name_key, ' ', '') LIKE ").bind(reading).push(" ESCAPE '\\'");
        base.push(" OR LOWER(t.code) LIKE ").bind(inside).push(" ESCAPE '\\')");
    }
    base
}
