//! What customers said about being contacted, word by word, what stands of it, and the do-not-contact list.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{Bool, Nullable, Text};
use regulars_domain::actor::Visibility;
use regulars_domain::condition::FieldType;
use regulars_domain::ids::{ConsentId, ImportId, MergeId, PartyId, SuppressionId, UnitId, UserId};
use uuid::Uuid;

use crate::catalogue::{Catalogue, Field, like_escaped};
use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::{Bind, Statement, filled_up, insert, insert_batch};
use crate::types::{SqlId, SqlInstant};
use crate::visible::push_visible;

/// One word. Words are never changed; what a merge or an import noted goes when that is taken back.
#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct ConsentRow {
    #[diesel(sql_type = SqlId)]
    pub id: ConsentId,
    #[diesel(sql_type = SqlId)]
    pub party_id: PartyId,
    #[diesel(sql_type = Text)]
    pub channel: String,
    #[diesel(sql_type = Text)]
    pub purpose: String,
    #[diesel(sql_type = Bool)]
    pub given: bool,
    /// Since when it holds.
    #[diesel(sql_type = SqlInstant)]
    pub at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<Text>)]
    pub source: Option<String>,
    /// The wording, or where the proof lies.
    #[diesel(sql_type = Nullable<Text>)]
    pub proof: Option<String>,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub import_id: Option<ImportId>,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub merge_id: Option<MergeId>,
    #[diesel(sql_type = SqlId)]
    pub recorded_by: UserId,
    #[diesel(sql_type = SqlInstant)]
    pub created_at: DateTime<Utc>,
}

/// A word with the name of who noted it.
#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct ConsentRecord {
    #[diesel(embed)]
    pub own: ConsentRow,
    #[diesel(sql_type = Text)]
    pub recorded_by_name: String,
}

const COLUMNS: [&str; 12] = [
    "id",
    "party_id",
    "channel",
    "purpose",
    "given",
    "at",
    "source",
    "proof",
    "import_id",
    "merge_id",
    "recorded_by",
    "created_at",
];

/// Notes words and brings what stands of their customers up to date.
pub fn consents_insert(db: &mut Db, rows: Vec<ConsentRow>) -> StoreResult<()> {
    let parties: Vec<PartyId> = rows.iter().map(|row| row.party_id).collect();
    let bound = |row: ConsentRow| -> Vec<Bind> {
        vec![
            row.id.into(),
            row.party_id.into(),
            row.channel.into(),
            row.purpose.into(),
            row.given.into(),
            row.at.into(),
            row.source.into(),
            row.proof.into(),
            row.import_id.into(),
            row.merge_id.into(),
            row.recorded_by.into(),
            row.created_at.into(),
        ]
    };
    insert_batch(db, "consent", &COLUMNS, rows.into_iter().map(bound).collect())?;
    consents_stand(db, &parties)
}

/// All words of a customer, the latest first.
pub fn consents_of(db: &mut Db, party: PartyId) -> StoreResult<Vec<ConsentRecord>> {
    let columns = COLUMNS.map(|column| format!("c.{column}")).join(", ");
    Statement::new(format!(
        "SELECT {columns}, u.name AS recorded_by_name FROM consent c JOIN app_user u ON u.id = c.recorded_by"
    ))
    .with(" WHERE c.party_id = ", party)
    .then(" ORDER BY c.at DESC, c.id DESC")
    .cached()
    .rows(db)
}

/// All words of these customers, the latest first.
pub fn consents_among(db: &mut Db, parties: &[PartyId]) -> StoreResult<Vec<ConsentRecord>> {
    let columns = COLUMNS.map(|column| format!("c.{column}")).join(", ");
    let mut statement = Statement::new(format!(
        "SELECT {columns}, u.name AS recorded_by_name FROM consent c JOIN app_user u ON u.id = c.recorded_by \
         WHERE c.party_id IN ("
    ));
    statement.bind_list(filled_up(parties)).push(") ORDER BY c.at DESC, c.id DESC");
    statement.cached().rows(db)
}

/// Tells anew what stands of each channel and purpose of these customers.
pub fn consents_stand(db: &mut Db, parties: &[PartyId]) -> StoreResult<()> {
    for chunk in parties.chunks(200) {
        let mut gone = Statement::new("DELETE FROM party_consent WHERE party_id IN (");
        gone.bind_list(chunk.iter().copied()).push(")");
        gone.run(db)?;
        let mut stands = Statement::new(
            "INSERT INTO party_consent (party_id, channel, purpose, given, since) \
             SELECT c.party_id, c.channel, c.purpose, c.given, c.at FROM consent c WHERE c.party_id IN (",
        );
        stands.bind_list(chunk.iter().copied()).push(
            ") AND NOT EXISTS (SELECT 1 FROM consent n WHERE n.party_id = c.party_id AND n.channel = c.channel \
             AND n.purpose = c.purpose AND (n.at > c.at OR (n.at = c.at AND n.id > c.id)))",
        );
        stands.run(db)?;
    }
    Ok(())
}

/// What stands of one channel and purpose.
#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct StandingRow {
    #[diesel(sql_type = Text)]
    pub channel: String,
    #[diesel(sql_type = Text)]
    pub purpose: String,
    #[diesel(sql_type = Bool)]
    pub given: bool,
    #[diesel(sql_type = SqlInstant)]
    pub since: DateTime<Utc>,
}

/// What stands of a customer's words, by channel and purpose.
pub fn words_standing(db: &mut Db, party: PartyId) -> StoreResult<Vec<StandingRow>> {
    Statement::new("SELECT channel, purpose, given, since FROM party_consent")
        .with(" WHERE party_id = ", party)
        .then(" ORDER BY channel, purpose")
        .cached()
        .rows(db)
}

/// Takes back what a merge noted.
pub fn consents_unmerge(db: &mut Db, merge: MergeId) -> StoreResult<()> {
    Statement::new("DELETE FROM consent").with(" WHERE merge_id = ", merge).run(db)?;
    Ok(())
}

#[derive(Debug, Clone, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
struct Noted {
    #[diesel(sql_type = SqlId)]
    id: ConsentId,
    #[diesel(sql_type = SqlId)]
    party_id: PartyId,
}

/// Takes back what an import noted, at most `limit` words behind `floor`; answers how many there were.
pub fn consents_unimport(db: &mut Db, import: ImportId, floor: Uuid, limit: i64) -> StoreResult<usize> {
    let noted: Vec<Noted> = Statement::new("SELECT id, party_id FROM consent WHERE import_id = ")
        .with("", import)
        .with(" AND id > ", floor)
        .with(" ORDER BY id LIMIT ", limit)
        .rows(db)?;
    for chunk in noted.chunks(200) {
        let mut gone = Statement::new("DELETE FROM consent WHERE id IN (");
        gone.bind_list(chunk.iter().map(|one| one.id)).push(")");
        gone.run(db)?;
    }
    let mut parties: Vec<PartyId> = noted.iter().map(|one| one.party_id).collect();
    parties.sort_unstable();
    parties.dedup();
    consents_stand(db, &parties)?;
    Ok(noted.len())
}

/// A word, as far as another is compared with it.
#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct KnownWord {
    #[diesel(sql_type = SqlId)]
    pub party_id: PartyId,
    #[diesel(sql_type = Text)]
    pub channel: String,
    #[diesel(sql_type = Text)]
    pub purpose: String,
    #[diesel(sql_type = Bool)]
    pub given: bool,
    #[diesel(sql_type = SqlInstant)]
    pub at: DateTime<Utc>,
}

/// All words of some customers, in the order in which they were noted.
pub fn words_known(db: &mut Db, parties: &[PartyId]) -> StoreResult<Vec<KnownWord>> {
    let mut known = Vec::new();
    for chunk in parties.chunks(200) {
        let mut statement =
            Statement::new("SELECT party_id, channel, purpose, given, at FROM consent WHERE party_id IN (");
        statement.bind_list(chunk.iter().copied()).push(") ORDER BY id");
        known.extend(statement.rows::<KnownWord>(db)?);
    }
    Ok(known)
}

/// Lists words as alias `c`, their customers as `p`.
pub const CONSENT_FROM: &str = "consent c JOIN party p ON p.id = c.party_id";

/// What words are filtered and sorted by.
pub fn consent_catalogue() -> Catalogue {
    use FieldType::{Bool as Flag, Choice, Instant, Ref};
    let fields = vec![
        Field::column("id", Ref, "c.id").of_ids(),
        Field::column("customer", Ref, "c.party_id").of_ids(),
        Field::column("unit", Ref, "p.unit_id").of_ids(),
        Field::column("owner", Ref, "p.owner_id").of_ids().nullable(),
        Field::column("channel", Choice, "c.channel").sortable(),
        Field::column("purpose", Choice, "c.purpose").sortable(),
        Field::column("given", Flag, "c.given"),
        Field::column("at", Instant, "c.at").sortable(),
        Field::column("created_at", Instant, "c.created_at").sortable(),
    ];
    Catalogue { fields, ..Catalogue::default() }
}

/// Words of living customers within reach; with a text those whose customer's name it is part of.
pub fn consent_base(customers: &Visibility, q: Option<&str>) -> Statement {
    let mut base = Statement::new("p.deleted_at IS NULL AND ");
    push_visible(&mut base, "p", customers);
    if let Some(q) = q {
        base.push(" AND LOWER(p.name) LIKE ").bind(format!("%{}%", like_escaped(q))).push(" ESCAPE '\\'");
    }
    base
}

/// A word with whose it is.
#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct ConsentLineRecord {
    #[diesel(embed)]
    pub word: ConsentRecord,
    #[diesel(sql_type = Text)]
    pub party_name: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub party_code: Option<String>,
}

/// Words by id, of customers within reach, in no order.
pub fn consents_get(db: &mut Db, ids: &[ConsentId], customers: &Visibility) -> StoreResult<Vec<ConsentLineRecord>> {
    let columns = COLUMNS.map(|column| format!("c.{column}")).join(", ");
    let mut statement = Statement::new(format!(
        "SELECT {columns}, u.name AS recorded_by_name, p.name AS party_name, p.code AS party_code \
         FROM consent c JOIN app_user u ON u.id = c.recorded_by JOIN party p ON p.id = c.party_id WHERE c.id IN ("
    ));
    statement.bind_list(ids.iter().copied()).push(") AND p.deleted_at IS NULL AND ");
    push_visible(&mut statement, "p", customers);
    statement.rows(db)
}

/// Someone who is not to be contacted under this address.
#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct SuppressionRow {
    #[diesel(sql_type = SqlId)]
    pub id: SuppressionId,
    #[diesel(sql_type = SqlId)]
    pub unit_id: UnitId,
    /// `email` or `phone`.
    #[diesel(sql_type = Text)]
    pub kind: String,
    /// As customers' addresses are kept.
    #[diesel(sql_type = Text)]
    pub address: String,
    #[diesel(sql_type = Text)]
    pub reason: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub note: Option<String>,
    /// The wording, or where the proof lies.
    #[diesel(sql_type = Nullable<Text>)]
    pub proof: Option<String>,
    #[diesel(sql_type = SqlId)]
    pub created_by: UserId,
    #[diesel(sql_type = SqlInstant)]
    pub created_at: DateTime<Utc>,
}

/// The same with the name of who put it there.
#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct SuppressionRecord {
    #[diesel(embed)]
    pub own: SuppressionRow,
    #[diesel(sql_type = Text)]
    pub created_by_name: String,
}

const SUPPRESSED: &str = "SELECT s.id, s.unit_id, s.kind, s.address, s.reason, s.note, s.proof, s.created_by, \
     s.created_at, u.name AS created_by_name FROM suppression s JOIN app_user u ON u.id = s.created_by";

/// Puts an address on the list; one that is there already stays as it is.
pub fn suppression_insert(db: &mut Db, row: SuppressionRow) -> StoreResult<SuppressionRecord> {
    let (unit, kind, address) = (row.unit_id, row.kind.clone(), row.address.clone());
    insert(
        "suppression",
        [
            ("id", row.id.into()),
            ("unit_id", row.unit_id.into()),
            ("kind", row.kind.into()),
            ("address", row.address.into()),
            ("reason", row.reason.into()),
            ("note", row.note.into()),
            ("proof", row.proof.into()),
            ("created_by", row.created_by.into()),
            ("created_at", row.created_at.into()),
        ],
    )
    .then(" ON CONFLICT (unit_id, kind, address) DO NOTHING")
    .run(db)?;
    let standing: Option<SuppressionRecord> = Statement::new(SUPPRESSED)
        .with(" WHERE s.unit_id = ", unit)
        .with(" AND s.kind = ", kind)
        .with(" AND s.address = ", address)
        .cached()
        .first(db)?;
    standing.ok_or(crate::error::StoreError::NotFound)
}

/// Those of the addresses that are on the list.
pub fn suppressed_among(
    db: &mut Db,
    unit: UnitId,
    kind: &str,
    addresses: &[String],
) -> StoreResult<Vec<SuppressionRecord>> {
    let mut statement = Statement::new(SUPPRESSED).with(" WHERE s.unit_id = ", unit).with(" AND s.kind = ", kind);
    statement.push(" AND s.address IN (").bind_list(addresses.iter()).push(")");
    statement.rows(db)
}

/// The units whose list someone sees.
fn push_units(statement: &mut Statement, reach: &Visibility) {
    match reach {
        Visibility::Company => drop(statement.push("1 = 1")),
        Visibility::Nothing => drop(statement.push("1 = 0")),
        Visibility::Unit(unit) | Visibility::Owned { unit_id: unit, .. } => {
            statement.push("s.unit_id = ").bind(*unit);
        }
        Visibility::Beside { own, .. } => push_units(statement, own),
    }
}

/// The list within reach behind an id, the latest first; `q` is a part of an address.
pub fn suppression_list(
    db: &mut Db,
    reach: &Visibility,
    q: Option<&str>,
    before: Option<SuppressionId>,
    limit: i64,
) -> StoreResult<Vec<SuppressionRecord>> {
    let mut statement = Statement::new(SUPPRESSED).then(" WHERE ");
    push_units(&mut statement, reach);
    if let Some(q) = q {
        statement.push(" AND LOWER(s.address) LIKE ").bind(format!("%{}%", like_escaped(q))).push(" ESCAPE '\\'");
    }
    if let Some(before) = before {
        statement.push(" AND s.id < ").bind(before);
    }
    statement.with(" ORDER BY s.id DESC LIMIT ", limit).rows(db)
}

pub fn suppression_get(db: &mut Db, id: SuppressionId, reach: &Visibility) -> StoreResult<Option<SuppressionRecord>> {
    let mut statement = Statement::new(SUPPRESSED).with(" WHERE s.id = ", id).then(" AND ");
    push_units(&mut statement, reach);
    statement.first(db)
}

pub fn suppression_delete(db: &mut Db, id: SuppressionId) -> StoreResult<()> {
    Statement::new("DELETE FROM suppression").with(" WHERE id = ", id).run(db)?;
    Ok(())
}
