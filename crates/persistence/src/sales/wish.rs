//! Wishes of customers, and what is offered in place of something.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Date, Nullable, Text};
use regulars_domain::actor::Visibility;
use regulars_domain::condition::FieldType;
use regulars_domain::ids::{PartyId, ProductId, UnitId, UserId, WishId};

use crate::catalogue::{Catalogue, Field, like_escaped};
use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::{Statement, insert, update};
use crate::types::{SqlId, SqlInstant};
use crate::visible::push_visible;

#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct WishRow {
    #[diesel(sql_type = SqlId)]
    pub id: WishId,
    #[diesel(sql_type = SqlId)]
    pub party_id: PartyId,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub product_id: Option<ProductId>,
    /// The product's name when it was noted, or free.
    #[diesel(sql_type = Text)]
    pub wanted: String,
    /// Colour, size, model.
    #[diesel(sql_type = Nullable<Text>)]
    pub choice: Option<String>,
    #[diesel(sql_type = BigInt)]
    pub quantity: i64,
    #[diesel(sql_type = Nullable<Date>)]
    pub needed_by: Option<NaiveDate>,
    #[diesel(sql_type = Text)]
    pub status: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub note: Option<String>,
    #[diesel(sql_type = Nullable<SqlInstant>)]
    pub arrived_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<SqlInstant>)]
    pub told_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = BigInt)]
    pub version: i64,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub created_by: Option<UserId>,
    #[diesel(sql_type = SqlInstant)]
    pub created_at: DateTime<Utc>,
    #[diesel(sql_type = SqlInstant)]
    pub updated_at: DateTime<Utc>,
}

/// A wish with whose it is and where they stand.
#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct WishRecord {
    #[diesel(embed)]
    pub own: WishRow,
    #[diesel(sql_type = Text)]
    pub party_name: String,
    #[diesel(sql_type = SqlId)]
    pub unit_id: UnitId,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub owner_id: Option<UserId>,
}

/// Lists wishes as alias `w`, their customers as `p`.
pub const WISH_FROM: &str = "wish w JOIN party p ON p.id = w.party_id";

fn select() -> Statement {
    Statement::new(
        "SELECT w.id, w.party_id, w.product_id, w.wanted, w.choice, w.quantity, w.needed_by, w.status, w.note, w.arrived_at, \
         w.told_at, w.version, w.created_by, w.created_at, w.updated_at, p.name AS party_name, p.unit_id, p.owner_id \
         FROM wish w JOIN party p ON p.id = w.party_id",
    )
    .cached()
}

/// What wishes are filtered and sorted by.
pub fn wish_catalogue() -> Catalogue {
    use FieldType::{Choice, Date, Instant, Integer, Ref, Text as Words};
    let fields = vec![
        Field::column("id", Ref, "w.id").of_ids(),
        Field::column("customer", Ref, "w.party_id").of_ids(),
        Field::column("owner", Ref, "p.owner_id").of_ids().nullable(),
        Field::column("product", Ref, "w.product_id").of_ids().nullable(),
        Field::column("wanted", Words, "w.wanted").sortable(),
        Field::column("status", Choice, "w.status").sortable(),
        Field::column("quantity", Integer, "w.quantity"),
        Field::column("needed_by", Date, "w.needed_by").nullable().sortable(),
        Field::column("created_at", Instant, "w.created_at").sortable(),
        Field::column("updated_at", Instant, "w.updated_at").sortable(),
    ];
    Catalogue { fields, ..Catalogue::default() }
}

fn push_living(statement: &mut Statement, customers: &Visibility) {
    statement.push("w.deleted_at IS NULL AND p.deleted_at IS NULL AND ");
    push_visible(statement, "p", customers);
}

/// Wishes of living customers within reach; with a text those whose thing or customer it is part of.
pub fn wish_base(customers: &Visibility, q: Option<&str>) -> Statement {
    let mut base = Statement::default();
    push_living(&mut base, customers);
    if let Some(q) = q {
        let inside = format!("%{}%", like_escaped(q));
        base.push(" AND (LOWER(w.wanted) LIKE ").bind(inside.as_str()).push(" ESCAPE '\\'");
        base.push(" OR LOWER(p.name) LIKE ").bind(inside).push(" ESCAPE '\\')");
    }
    base
}

pub fn wishes_get(db: &mut Db, ids: &[WishId], customers: &Visibility) -> StoreResult<Vec<WishRecord>> {
    let mut statement = select().then(" WHERE w.id IN (");
    statement.bind_list(ids.iter().copied()).push(") AND ");
    push_living(&mut statement, customers);
    statement.rows(db)
}

/// Open wishes for a product of customers within reach, at most `limit`.
pub fn wishes_open(
    db: &mut Db,
    product: ProductId,
    customers: &Visibility,
    limit: i64,
) -> StoreResult<Vec<WishRecord>> {
    let mut statement = select().with(" WHERE w.product_id = ", product).then(" AND w.status = 'open' AND ");
    push_living(&mut statement, customers);
    statement.with(" ORDER BY w.id LIMIT ", limit).rows(db)
}

/// What has arrived and the owner has told nobody of, the longest waiting first.
pub fn wishes_arrived(db: &mut Db, owner: UserId, customers: &Visibility, limit: i64) -> StoreResult<Vec<WishRecord>> {
    let mut statement = select().with(" WHERE p.owner_id = ", owner).then(" AND w.status = 'arrived' AND ");
    push_living(&mut statement, customers);
    statement.with(" ORDER BY w.arrived_at, w.id LIMIT ", limit).rows(db)
}

/// How much of something is wanted.
#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct WantedRow {
    #[diesel(sql_type = Nullable<SqlId>)]
    pub product_id: Option<ProductId>,
    #[diesel(sql_type = Text)]
    pub wanted: String,
    #[diesel(sql_type = BigInt)]
    pub wishes: i64,
    #[diesel(sql_type = BigInt)]
    pub customers: i64,
    #[diesel(sql_type = BigInt)]
    pub quantity: i64,
    #[diesel(sql_type = Nullable<Date>)]
    pub needed_by: Option<NaiveDate>,
}

/// Open wishes of customers within reach by product, or by the words where there is none; the most wanted first.
pub fn wishes_counted(db: &mut Db, customers: &Visibility, limit: i64) -> StoreResult<Vec<WantedRow>> {
    let mut statement = Statement::new(
        "SELECT w.product_id, COALESCE(MAX(t.name), MAX(w.wanted)) AS wanted, COUNT(*) AS wishes, \
         COUNT(DISTINCT w.party_id) AS customers, CAST(SUM(w.quantity) AS BIGINT) AS quantity, \
         MIN(w.needed_by) AS needed_by FROM wish w JOIN party p ON p.id = w.party_id \
         LEFT JOIN product t ON t.id = w.product_id WHERE w.status = 'open' AND ",
    );
    push_living(&mut statement, customers);
    statement.push(
        " GROUP BY w.product_id, CASE WHEN w.product_id IS NULL THEN LOWER(w.wanted) END \
         ORDER BY quantity DESC, wanted LIMIT ",
    );
    statement.bind(limit);
    statement.rows(db)
}

/// Something that can be offered.
#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct OfferRow {
    #[diesel(sql_type = SqlId)]
    pub id: ProductId,
    #[diesel(sql_type = Text)]
    pub name: String,
    #[diesel(sql_type = Nullable<BigInt>)]
    pub price: Option<i64>,
}

/// Others on sale of the same category.
pub fn offers_beside(db: &mut Db, product: ProductId, limit: i64) -> StoreResult<Vec<OfferRow>> {
    Statement::new(
        "SELECT t.id, t.name, t.price FROM product t JOIN product w ON w.category_id = t.category_id AND w.id <> t.id",
    )
    .with(" WHERE w.id = ", product)
    .then(" AND t.deleted_at IS NULL AND t.active = TRUE")
    .with(" ORDER BY t.name_key, t.id LIMIT ", limit)
    .cached()
    .rows(db)
}

pub fn wish_insert(db: &mut Db, row: WishRow) -> StoreResult<()> {
    insert(
        "wish",
        [
            ("id", row.id.into()),
            ("party_id", row.party_id.into()),
            ("product_id", row.product_id.into()),
            ("wanted", row.wanted.into()),
            ("choice", row.choice.into()),
            ("quantity", row.quantity.into()),
            ("needed_by", row.needed_by.into()),
            ("status", row.status.into()),
            ("note", row.note.into()),
            ("arrived_at", row.arrived_at.into()),
            ("told_at", row.told_at.into()),
            ("version", row.version.into()),
            ("created_by", row.created_by.into()),
            ("created_at", row.created_at.into()),
            ("updated_at", row.updated_at.into()),
        ],
    )
    .run(db)?;
    Ok(())
}

/// Replaces what a person can change if the row still has `version`; answers whether it had.
pub fn wish_update(db: &mut Db, row: WishRow) -> StoreResult<bool> {
    update(
        "wish",
        [
            ("product_id", row.product_id.into()),
            ("wanted", row.wanted.into()),
            ("choice", row.choice.into()),
            ("quantity", row.quantity.into()),
            ("needed_by", row.needed_by.into()),
            ("status", row.status.into()),
            ("note", row.note.into()),
            ("arrived_at", row.arrived_at.into()),
            ("told_at", row.told_at.into()),
            ("version", (row.version + 1).into()),
            ("updated_at", row.updated_at.into()),
        ],
    )
    .run_if_at(db, row.id, row.version)
}

pub fn wish_delete(db: &mut Db, id: WishId, version: i64, now: DateTime<Utc>) -> StoreResult<bool> {
    Statement::new("UPDATE wish SET version = version + 1, deleted_at = ").with("", now).run_if_at(db, id, version)
}
