//! Sheets of what places sold: their cells, the changes of each, and which places stand in them.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Bool, Date, Nullable, Text};
use regulars_domain::actor::Visibility;
use regulars_domain::ids::{ImportId, PartyId, ProductId, SelloutCellId, SelloutChangeId, SelloutSheetId, UserId};
use regulars_domain::sellout::Period;

use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::{Bind, Statement, insert, insert_batch, update};
use crate::types::{SqlId, SqlInstant};
use crate::visible::{push_any_unit, push_visible};

/// The sheet of a period, over all places. Its version counts saves.
#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct SheetRow {
    #[diesel(sql_type = SqlId)]
    pub id: SelloutSheetId,
    #[diesel(sql_type = BigInt)]
    pub version: i64,
}

pub fn sheet_get(db: &mut Db, period: &str) -> StoreResult<Option<SheetRow>> {
    Statement::new("SELECT id, version FROM sellout_sheet").with(" WHERE period = ", period).cached().first(db)
}

/// The sheet of the period, made with version 0 where there is none: two who make it at once become one.
pub fn sheet_ensure(db: &mut Db, period: &str, now: DateTime<Utc>) -> StoreResult<Option<SheetRow>> {
    insert(
        "sellout_sheet",
        [
            ("id", SelloutSheetId::fresh().into()),
            ("period", period.into()),
            ("version", 0i64.into()),
            ("updated_at", now.into()),
        ],
    )
    .then(" ON CONFLICT (period) DO NOTHING")
    .run(db)?;
    sheet_get(db, period)
}

pub fn sheet_touch(db: &mut Db, id: SelloutSheetId, version: i64, now: DateTime<Utc>) -> StoreResult<()> {
    update("sellout_sheet", [("version", version.into()), ("updated_at", now.into())])
        .with(" WHERE id = ", id)
        .run(db)?;
    Ok(())
}

#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct CellRow {
    #[diesel(sql_type = SqlId)]
    pub id: SelloutCellId,
    #[diesel(sql_type = Text)]
    pub period: String,
    #[diesel(sql_type = Text)]
    pub measure: String,
    #[diesel(sql_type = SqlId)]
    pub party_id: PartyId,
    /// Id of a product, key of a competitor's product, or nothing for what is told of the place itself.
    #[diesel(sql_type = Text)]
    pub item: String,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub product_id: Option<ProductId>,
    /// Thousandths of a quantity, or minor units of the company's currency.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub number: Option<i64>,
    #[diesel(sql_type = Nullable<Text>)]
    pub words: Option<String>,
    /// Version of the sheet that the value stands since.
    #[diesel(sql_type = BigInt)]
    pub revision: i64,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub changed_by: Option<UserId>,
    #[diesel(sql_type = SqlInstant)]
    pub changed_at: DateTime<Utc>,
}

/// Which cells: of these periods and measures, at these places.
#[derive(Debug, Clone, Copy)]
pub struct CellsAsked<'a> {
    pub periods: &'a [String],
    pub measures: &'a [&'a str],
    pub places: &'a [PartyId],
}

/// The cells that ever held something, emptied ones too.
pub fn cells_of(db: &mut Db, asked: CellsAsked<'_>) -> StoreResult<Vec<CellRow>> {
    if asked.places.is_empty() {
        return Ok(Vec::new());
    }
    let mut statement = Statement::new(
        "SELECT id, period, measure, party_id, item, product_id, number, words, revision, changed_by, changed_at \
         FROM sellout_cell WHERE period IN (",
    );
    statement.bind_list(asked.periods.iter()).push(") AND measure IN (");
    statement.bind_list(asked.measures.iter().copied()).push(") AND party_id IN (");
    statement.bind_list(asked.places.iter().copied()).push(")").rows(db)
}

/// Cells written with one statement: SQLite takes 32,766 bound values.
const BATCH: usize = 500;

/// Writes cells, new ones and others over what stood.
pub fn cells_put(db: &mut Db, rows: &[CellRow]) -> StoreResult<()> {
    for some in rows.chunks(BATCH) {
        let mut statement = Statement::new(
            "INSERT INTO sellout_cell (id, period, first_day, measure, party_id, item, product_id, number, words, \
             revision, changed_by, changed_at) VALUES ",
        );
        for (at, row) in some.iter().enumerate() {
            statement.push(if at == 0 { "(" } else { ", (" });
            statement.bind_list([
                Bind::from(row.id),
                row.period.as_str().into(),
                Period::parse(&row.period).map(Period::first).into(),
                row.measure.as_str().into(),
                row.party_id.into(),
                row.item.as_str().into(),
                row.product_id.into(),
                row.number.into(),
                row.words.clone().into(),
                row.revision.into(),
                row.changed_by.into(),
                row.changed_at.into(),
            ]);
            statement.push(")");
        }
        statement.push(
            " ON CONFLICT (period, measure, party_id, item) DO UPDATE SET number = excluded.number, \
             words = excluded.words, revision = excluded.revision, changed_by = excluded.changed_by, \
             changed_at = excluded.changed_at",
        );
        let statement = if some.len() == BATCH { statement.cached() } else { statement };
        statement.run(db)?;
    }
    Ok(())
}

/// Notes what cells hold from now on, and which import says so.
pub fn changes_note(db: &mut Db, rows: &[CellRow], import: Option<ImportId>) -> StoreResult<()> {
    let noted = rows.iter().map(|row| {
        vec![
            SelloutChangeId::fresh().into(),
            row.period.as_str().into(),
            row.measure.as_str().into(),
            row.party_id.into(),
            row.item.as_str().into(),
            row.number.into(),
            row.words.clone().into(),
            row.revision.into(),
            row.changed_by.into(),
            row.changed_at.into(),
            import.into(),
        ]
    });
    insert_batch(
        db,
        "sellout_change",
        &[
            "id",
            "period",
            "measure",
            "party_id",
            "item",
            "number",
            "words",
            "revision",
            "changed_by",
            "changed_at",
            "import_id",
        ],
        noted.collect(),
    )
}

/// What a cell held from when on, and by whom.
#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct ChangeRow {
    #[diesel(sql_type = SqlId)]
    pub id: SelloutChangeId,
    #[diesel(sql_type = Nullable<BigInt>)]
    pub number: Option<i64>,
    #[diesel(sql_type = Nullable<Text>)]
    pub words: Option<String>,
    #[diesel(sql_type = BigInt)]
    pub revision: i64,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub changed_by: Option<UserId>,
    #[diesel(sql_type = Nullable<Text>)]
    pub changed_by_name: Option<String>,
    #[diesel(sql_type = SqlInstant)]
    pub changed_at: DateTime<Utc>,
}

/// The changes of one cell, newest first.
pub fn changes_of_cell(
    db: &mut Db,
    place: PartyId,
    period: &str,
    measure: &str,
    item: &str,
    limit: i64,
) -> StoreResult<Vec<ChangeRow>> {
    Statement::new(
        "SELECT h.id, h.number, h.words, h.revision, h.changed_by, w.name AS changed_by_name, h.changed_at \
         FROM sellout_change h LEFT JOIN app_user w ON w.id = h.changed_by",
    )
    .with(" WHERE h.party_id = ", place)
    .with(" AND h.period = ", period)
    .with(" AND h.measure = ", measure)
    .with(" AND h.item = ", item)
    .with(" ORDER BY h.id DESC LIMIT ", limit)
    .rows(db)
}

/// What an import wrote into a cell, what the cell held before it, and whether somebody changed it since.
#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct ImportedRow {
    #[diesel(sql_type = SqlId)]
    pub id: SelloutChangeId,
    #[diesel(sql_type = SqlId)]
    pub cell_id: SelloutCellId,
    #[diesel(sql_type = Text)]
    pub period: String,
    #[diesel(sql_type = Text)]
    pub measure: String,
    #[diesel(sql_type = SqlId)]
    pub party_id: PartyId,
    #[diesel(sql_type = Text)]
    pub item: String,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub product_id: Option<ProductId>,
    /// Whether the value of then still stands.
    #[diesel(sql_type = Bool)]
    pub stands: bool,
}

fn imported(import: ImportId) -> Statement {
    Statement::new(
        "SELECT h.id, c.id AS cell_id, h.period, h.measure, h.party_id, h.item, c.product_id, \
         (CASE WHEN c.revision = h.revision THEN TRUE ELSE FALSE END) AS stands FROM sellout_change h \
         JOIN sellout_cell c ON c.period = h.period AND c.measure = h.measure AND c.party_id = h.party_id \
         AND c.item = h.item",
    )
    .with(" WHERE h.import_id = ", import)
}

/// What an import wrote into cells that held nothing, behind `after`.
pub fn imported_fresh(db: &mut Db, import: ImportId, after: uuid::Uuid, limit: i64) -> StoreResult<Vec<ImportedRow>> {
    imported(import)
        .with(" AND h.id > ", after)
        .then(
            " AND (SELECT COALESCE(e.number IS NOT NULL OR e.words IS NOT NULL, FALSE) FROM sellout_change e \
             WHERE e.party_id = h.party_id AND e.period = h.period AND e.measure = h.measure AND e.item = h.item \
             AND e.id < h.id ORDER BY e.id DESC LIMIT 1) IS NOT TRUE",
        )
        .with(" ORDER BY h.id LIMIT ", limit)
        .rows(db)
}

/// What an import wrote into one cell.
pub fn imported_of_cell(db: &mut Db, import: ImportId, cell: SelloutCellId) -> StoreResult<Option<ImportedRow>> {
    imported(import).with(" AND c.id = ", cell).first(db)
}

/// A cell with everything a list shows of it.
#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct ToldCellRow {
    #[diesel(sql_type = SqlId)]
    pub id: SelloutCellId,
    #[diesel(sql_type = Text)]
    pub period: String,
    #[diesel(sql_type = Date)]
    pub first_day: NaiveDate,
    #[diesel(sql_type = Text)]
    pub measure: String,
    #[diesel(sql_type = Text)]
    pub item: String,
    #[diesel(sql_type = Nullable<BigInt>)]
    pub number: Option<i64>,
    #[diesel(sql_type = Nullable<Text>)]
    pub words: Option<String>,
    #[diesel(sql_type = SqlId)]
    pub place_id: PartyId,
    #[diesel(sql_type = Nullable<Text>)]
    pub place_code: Option<String>,
    #[diesel(sql_type = Text)]
    pub place_name: String,
    #[diesel(sql_type = Text)]
    pub unit_name: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub product_code: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub product_name: Option<String>,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub changed_by: Option<UserId>,
    #[diesel(sql_type = Nullable<Text>)]
    pub changed_by_name: Option<String>,
    #[diesel(sql_type = SqlInstant)]
    pub changed_at: DateTime<Utc>,
}

fn told(reach: &Visibility) -> Statement {
    let mut statement = Statement::new(
        "SELECT c.id, c.period, c.first_day, c.measure, c.item, c.number, c.words, p.id AS place_id, \
         p.code AS place_code, p.name AS place_name, n.name AS unit_name, t.code AS product_code, \
         t.name AS product_name, c.changed_by, w.name AS changed_by_name, c.changed_at FROM sellout_cell c \
         JOIN party p ON p.id = c.party_id JOIN unit n ON n.id = p.unit_id \
         LEFT JOIN product t ON t.id = c.product_id LEFT JOIN app_user w ON w.id = c.changed_by \
         WHERE (c.number IS NOT NULL OR c.words IS NOT NULL) AND p.deleted_at IS NULL AND ",
    );
    push_visible(&mut statement, "p", reach);
    statement
}

/// The cells of these ids within reach.
pub fn cells_told(db: &mut Db, ids: &[SelloutCellId], reach: &Visibility) -> StoreResult<Vec<ToldCellRow>> {
    let mut statement = told(reach);
    statement.push(" AND c.id IN (").bind_list(ids.iter().copied()).push(")").rows(db)
}

/// Cells of the periods that begin within the days, in the order of their making, behind `after`.
pub fn cells_page(
    db: &mut Db,
    days: (Option<NaiveDate>, Option<NaiveDate>),
    after: Option<SelloutCellId>,
    reach: &Visibility,
    limit: i64,
) -> StoreResult<Vec<ToldCellRow>> {
    let mut statement = told(reach);
    if let Some(from) = days.0 {
        statement.push(" AND c.first_day >= ").bind(from);
    }
    if let Some(to) = days.1 {
        statement.push(" AND c.first_day <= ").bind(to);
    }
    if let Some(after) = after {
        statement.push(" AND c.id > ").bind(after);
    }
    statement.with(" ORDER BY c.id LIMIT ", limit).rows(db)
}

/// A customer as a row of a sheet.
#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct PlaceRow {
    #[diesel(sql_type = SqlId)]
    pub id: PartyId,
    #[diesel(sql_type = Nullable<Text>)]
    pub code: Option<String>,
    #[diesel(sql_type = Text)]
    pub name: String,
    /// Whether the caller may change it.
    #[diesel(sql_type = Bool)]
    pub writable: bool,
}

/// How far the caller sees and writes customers.
#[derive(Debug, Clone)]
pub struct PlaceReach {
    pub read: Visibility,
    pub write: Visibility,
}

fn places(reach: &PlaceReach) -> Statement {
    let mut statement = Statement::new("SELECT p.id, p.code, p.name, (CASE WHEN ");
    push_visible(&mut statement, "p", &reach.write);
    statement.push(" THEN TRUE ELSE FALSE END) AS writable FROM party p WHERE p.deleted_at IS NULL AND ");
    push_visible(&mut statement, "p", &reach.read);
    statement
}

/// Places with something in one of the periods, by name; those behind `after` when it is given.
pub fn places_of_periods(
    db: &mut Db,
    periods: &[String],
    after: Option<PartyId>,
    reach: &PlaceReach,
    limit: i64,
) -> StoreResult<Vec<PlaceRow>> {
    let mut statement = places(reach);
    statement.push(" AND p.id IN (SELECT c.party_id FROM sellout_cell c WHERE c.period IN (");
    statement.bind_list(periods.iter()).push(") AND (c.number IS NOT NULL OR c.words IS NOT NULL))");
    if let Some(after) = after {
        statement.push(" AND (p.name_key, p.id) > (SELECT k.name_key, k.id FROM party k WHERE k.id = ");
        statement.bind(after).push(")");
    }
    statement.with(" ORDER BY p.name_key, p.id LIMIT ", limit).rows(db)
}

/// Those of the ids that the caller reaches.
pub fn places_within(db: &mut Db, ids: &[PartyId], reach: &PlaceReach) -> StoreResult<Vec<PlaceRow>> {
    let mut statement = places(reach);
    statement.push(" AND p.id IN (").bind_list(ids.iter().copied()).push(")").rows(db)
}

/// The places of these codes or names, the latter with the keys that names sort by.
pub fn places_named(
    db: &mut Db,
    texts: &[String],
    name_keys: &[String],
    reach: &PlaceReach,
) -> StoreResult<Vec<PlaceRow>> {
    let mut statement = places(reach);
    statement.push(" AND p.id IN (SELECT k.id FROM party k WHERE ");
    push_any_unit(&mut statement, db, "k.unit_id");
    statement.push(" AND k.code IN (").bind_list(texts.iter());
    statement.push(") UNION ALL SELECT k.id FROM party k WHERE k.name_key IN (").bind_list(name_keys.iter());
    statement.push(") AND k.name IN (").bind_list(texts.iter()).push("))").rows(db)
}

/// A product as a column of a sheet.
#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct ItemRow {
    #[diesel(sql_type = SqlId)]
    pub id: ProductId,
    #[diesel(sql_type = Text)]
    pub code: String,
    #[diesel(sql_type = Text)]
    pub name: String,
    /// Not deleted.
    #[diesel(sql_type = Bool)]
    pub living: bool,
}

/// The products of these ids, by code.
pub fn products_of(db: &mut Db, ids: &[ProductId]) -> StoreResult<Vec<ItemRow>> {
    let mut statement =
        Statement::new("SELECT t.id, t.code, t.name, (t.deleted_at IS NULL) AS living FROM product t WHERE t.id IN (");
    statement.bind_list(ids.iter().copied()).push(") ORDER BY t.code, t.id").rows(db)
}

/// The products of these codes or names, the latter with the keys that names sort by.
pub fn products_named(db: &mut Db, texts: &[String], name_keys: &[String]) -> StoreResult<Vec<ItemRow>> {
    let mut statement =
        Statement::new("SELECT t.id, t.code, t.name, TRUE AS living FROM product t WHERE t.deleted_at IS NULL");
    statement.push(" AND (t.code IN (").bind_list(texts.iter());
    statement.push(") OR (t.name_key IN (").bind_list(name_keys.iter());
    statement.push(") AND t.name IN (").bind_list(texts.iter());
    statement.push("))) ORDER BY t.code, t.id").rows(db)
}

/// Whether a measure holds anything in any sheet: what it counts in stays then.
pub fn measures_used(db: &mut Db, measures: &[&str]) -> StoreResult<Vec<String>> {
    #[derive(QueryableByName)]
    #[diesel(check_for_backend(crate::MultiBackend))]
    struct Row {
        #[diesel(sql_type = Text)]
        measure: String,
    }
    let mut statement = Statement::new("SELECT DISTINCT measure FROM sellout_cell WHERE measure IN (");
    statement.bind_list(measures.iter().copied()).push(")");
    Ok(statement.rows::<Row>(db)?.into_iter().map(|row| row.measure).collect())
}
