//! What customers own of what was sold to them, or of others' goods: the installed base.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Bool, Date, Integer, Nullable, Text};
use regulars_domain::actor::Visibility;
use regulars_domain::condition::FieldType;
use regulars_domain::ids::{AssetId, ImportId, OrderId, PartyId, ProductId, UnitId, UserId};

use crate::catalogue::{Catalogue, Field, like_escaped};
use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::{Bind, Statement, insert_batch, update};
use crate::types::{SqlId, SqlInstant};
use crate::visible::push_visible;

#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct AssetRow {
    #[diesel(sql_type = SqlId)]
    pub id: AssetId,
    #[diesel(sql_type = SqlId)]
    pub unit_id: UnitId,
    #[diesel(sql_type = SqlId)]
    pub party_id: PartyId,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub product_id: Option<ProductId>,
    /// Of the product when it was noted, or free.
    #[diesel(sql_type = Text)]
    pub name: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub serial: Option<String>,
    /// Unique in the unit: the product and the serial, as long as the thing is there.
    #[diesel(sql_type = Nullable<Text>)]
    pub serial_key: Option<String>,
    #[diesel(sql_type = Nullable<Date>)]
    pub bought_on: Option<NaiveDate>,
    #[diesel(sql_type = Nullable<Text>)]
    pub bought_at: Option<String>,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub order_id: Option<OrderId>,
    #[diesel(sql_type = Nullable<Integer>)]
    pub order_line: Option<i32>,
    /// The last day of the warranty.
    #[diesel(sql_type = Nullable<Date>)]
    pub warranty_end: Option<NaiveDate>,
    #[diesel(sql_type = Text)]
    pub status: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub note: Option<String>,
    #[diesel(sql_type = BigInt)]
    pub version: i64,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub created_by: Option<UserId>,
    #[diesel(sql_type = SqlInstant)]
    pub created_at: DateTime<Utc>,
    #[diesel(sql_type = SqlInstant)]
    pub updated_at: DateTime<Utc>,
}

/// An asset with whose it is and where they stand.
#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct AssetRecord {
    #[diesel(embed)]
    pub own: AssetRow,
    #[diesel(sql_type = Text)]
    pub party_name: String,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub owner_id: Option<UserId>,
    #[diesel(sql_type = Nullable<Text>)]
    pub order_code: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub party_code: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub product_code: Option<String>,
}

/// Lists assets as alias `a`, their customers as `p`.
pub const ASSET_FROM: &str = "asset a JOIN party p ON p.id = a.party_id";

fn select() -> Statement {
    Statement::new(
        "SELECT a.id, a.unit_id, a.party_id, a.product_id, a.name, a.serial, a.serial_key, a.bought_on, a.bought_at, \
         a.order_id, a.order_line, a.warranty_end, a.status, a.note, a.version, a.created_by, a.created_at, a.updated_at, \
         p.name AS party_name, p.owner_id, o.code AS order_code, p.code AS party_code, d.code AS product_code \
         FROM asset a JOIN party p ON p.id = a.party_id LEFT JOIN sales_order o ON o.id = a.order_id \
         LEFT JOIN product d ON d.id = a.product_id",
    )
    .cached()
}

/// What assets are filtered and sorted by.
pub fn asset_catalogue(today: NaiveDate) -> Catalogue {
    use FieldType::{Bool as Flag, Choice, Date, Instant, Ref, Text as Words};
    let covered = format!("(a.warranty_end IS NOT NULL AND a.warranty_end >= '{today}')");
    let fields = vec![
        Field::column("id", Ref, "a.id").of_ids(),
        Field::column("customer", Ref, "a.party_id").of_ids(),
        Field::column("unit", Ref, "a.unit_id").of_ids(),
        Field::column("owner", Ref, "p.owner_id").of_ids().nullable(),
        Field::column("product", Ref, "a.product_id").of_ids().nullable(),
        Field::column("name", Words, "a.name").sortable(),
        Field::column("serial", Words, "a.serial").nullable().sortable(),
        Field::column("status", Choice, "a.status").sortable(),
        Field::column("bought_on", Date, "a.bought_on").nullable().sortable(),
        Field::column("bought_at", Words, "a.bought_at").nullable(),
        Field::column("warranty_end", Date, "a.warranty_end").nullable().sortable(),
        Field::column("in_warranty", Flag, &covered),
        Field::column("created_at", Instant, "a.created_at").sortable(),
        Field::column("updated_at", Instant, "a.updated_at").sortable(),
    ];
    Catalogue { fields, ..Catalogue::default() }
}

/// Assets of living customers within reach; with a text those whose serial, name or customer it is part of.
pub fn asset_base(customers: &Visibility, q: Option<&str>) -> Statement {
    let mut base = Statement::new("a.deleted_at IS NULL AND p.deleted_at IS NULL AND ");
    push_visible(&mut base, "p", customers);
    if let Some(q) = q {
        let inside = format!("%{}%", like_escaped(q));
        base.push(" AND (LOWER(a.serial) LIKE ").bind(inside.as_str()).push(" ESCAPE '\\'");
        base.push(" OR LOWER(a.name) LIKE ").bind(inside.as_str()).push(" ESCAPE '\\'");
        base.push(" OR LOWER(p.name) LIKE ").bind(inside).push(" ESCAPE '\\')");
    }
    base
}

/// Living assets of customers within reach, of which the caller takes those it asked for.
pub fn assets_get(db: &mut Db, ids: &[AssetId], customers: &Visibility) -> StoreResult<Vec<AssetRecord>> {
    let mut statement = select().then(" WHERE a.id IN (");
    statement.bind_list(ids.iter().copied()).push(") AND a.deleted_at IS NULL AND p.deleted_at IS NULL AND ");
    push_visible(&mut statement, "p", customers);
    statement.rows(db)
}

/// What a customer owns, the latest bought first.
pub fn assets_of(db: &mut Db, party: PartyId, limit: i64) -> StoreResult<Vec<AssetRecord>> {
    select()
        .with(" WHERE a.party_id = ", party)
        .then(" AND a.deleted_at IS NULL")
        .with(" ORDER BY a.bought_on DESC NULLS LAST, a.id DESC LIMIT ", limit)
        .rows(db)
}

const COLUMNS: [&str; 20] = [
    "id",
    "unit_id",
    "party_id",
    "product_id",
    "name",
    "serial",
    "serial_key",
    "bought_on",
    "bought_at",
    "order_id",
    "order_line",
    "warranty_end",
    "status",
    "note",
    "version",
    "created_by",
    "created_at",
    "updated_at",
    "import_id",
    "deleted_at",
];

fn bound(row: AssetRow, import: Option<ImportId>) -> Vec<Bind> {
    vec![
        row.id.into(),
        row.unit_id.into(),
        row.party_id.into(),
        row.product_id.into(),
        row.name.into(),
        row.serial.into(),
        row.serial_key.into(),
        row.bought_on.into(),
        row.bought_at.into(),
        row.order_id.into(),
        row.order_line.into(),
        row.warranty_end.into(),
        row.status.into(),
        row.note.into(),
        row.version.into(),
        row.created_by.into(),
        row.created_at.into(),
        row.updated_at.into(),
        import.into(),
        None::<DateTime<Utc>>.into(),
    ]
}

pub fn asset_insert(db: &mut Db, row: AssetRow) -> StoreResult<()> {
    insert_batch(db, "asset", &COLUMNS, vec![bound(row, None)])
}

/// Stores what an import made.
pub fn assets_insert(db: &mut Db, rows: Vec<AssetRow>, import: ImportId) -> StoreResult<()> {
    insert_batch(db, "asset", &COLUMNS, rows.into_iter().map(|row| bound(row, Some(import))).collect())
}

/// A thing that a row of a file may mean.
#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct AssetHit {
    #[diesel(embed)]
    pub own: AssetRow,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub import_id: Option<ImportId>,
    /// The importing person may change its customer, who is there.
    #[diesel(sql_type = Bool)]
    pub reachable: bool,
}

fn rows_of(extra: &str) -> Statement {
    let columns = COLUMNS[..18].iter().map(|column| format!("a.{column}")).collect::<Vec<_>>().join(", ");
    Statement::new(format!("SELECT {columns}{extra}"))
}

/// Things of a unit by the key of their serial.
pub fn assets_by_serial(
    db: &mut Db,
    unit: UnitId,
    keys: &[String],
    customers: &Visibility,
) -> StoreResult<Vec<AssetHit>> {
    let mut hits = Vec::new();
    for keys in keys.chunks(500) {
        let mut statement = rows_of(", a.import_id, (p.deleted_at IS NULL AND ");
        push_visible(&mut statement, "p", customers);
        statement.push(") AS reachable FROM asset a JOIN party p ON p.id = a.party_id WHERE a.unit_id = ").bind(unit);
        statement.push(" AND a.serial_key IN (").bind_list(keys.iter()).push(")");
        hits.extend(statement.rows::<AssetHit>(db)?);
    }
    Ok(hits)
}

/// A thing that is there, whoever may see it.
pub fn asset_row(db: &mut Db, id: AssetId) -> StoreResult<Option<AssetRow>> {
    rows_of(" FROM asset a").with(" WHERE a.id = ", id).then(" AND a.deleted_at IS NULL").first(db)
}

/// What an import made, or why it must stay.
#[derive(Debug, Clone, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct CreatedAsset {
    #[diesel(sql_type = SqlId)]
    pub id: AssetId,
    /// The serial, or the name.
    #[diesel(sql_type = Text)]
    pub code: String,
    #[diesel(sql_type = Bool)]
    pub changed: bool,
}

/// The next things an import made behind `after`.
pub fn assets_created(db: &mut Db, import: ImportId, after: AssetId, limit: i64) -> StoreResult<Vec<CreatedAsset>> {
    Statement::new(
        "SELECT a.id, COALESCE(a.serial, a.name) AS code, (a.version > 1 OR a.deleted_at IS NOT NULL) AS changed \
         FROM asset a",
    )
    .with(" WHERE a.import_id = ", import)
    .with(" AND a.id > ", after)
    .with(" ORDER BY a.id LIMIT ", limit)
    .rows(db)
}

pub fn assets_erase(db: &mut Db, ids: &[AssetId]) -> StoreResult<()> {
    for ids in ids.chunks(500) {
        let mut statement = Statement::new("DELETE FROM asset WHERE id IN (");
        statement.bind_list(ids.iter().copied()).push(")");
        statement.run(db)?;
    }
    Ok(())
}

/// Replaces what a person can change if the row still has `version`; answers whether it had.
pub fn asset_update(db: &mut Db, row: AssetRow) -> StoreResult<bool> {
    update(
        "asset",
        [
            ("product_id", row.product_id.into()),
            ("name", row.name.into()),
            ("serial", row.serial.into()),
            ("serial_key", row.serial_key.into()),
            ("bought_on", row.bought_on.into()),
            ("bought_at", row.bought_at.into()),
            ("order_id", row.order_id.into()),
            ("order_line", row.order_line.into()),
            ("warranty_end", row.warranty_end.into()),
            ("status", row.status.into()),
            ("note", row.note.into()),
            ("version", (row.version + 1).into()),
            ("updated_at", row.updated_at.into()),
        ],
    )
    .run_if_at(db, row.id, row.version)
}

/// Takes an asset away, its serial is free again; answers whether it still had the version.
pub fn asset_delete(db: &mut Db, id: AssetId, version: i64, now: DateTime<Utc>) -> StoreResult<bool> {
    Statement::new("UPDATE asset SET serial_key = NULL, version = version + 1, deleted_at = ")
        .with("", now)
        .run_if_at(db, id, version)
}

/// Moves a customer's assets with it to another unit. A serial that the unit knows of another stays with its asset, without
/// being unique there.
pub fn assets_follow(db: &mut Db, party: PartyId, unit: UnitId) -> StoreResult<()> {
    Statement::new("UPDATE asset SET serial_key = NULL WHERE serial_key IN (SELECT x.serial_key FROM asset x")
        .with(" WHERE x.unit_id = ", unit)
        .with(" AND x.party_id <> ", party)
        .with(" AND x.serial_key IS NOT NULL) AND party_id = ", party)
        .run(db)?;
    Statement::new("UPDATE asset SET unit_id = ").with("", unit).with(" WHERE party_id = ", party).run(db)?;
    Ok(())
}
