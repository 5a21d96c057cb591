//! Pools: the rules of each unit, how customers who went through one stand, and the log of their moves. In the pool are
//! the living customers of a unit that nobody owns; whether somebody owns one, their row says.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Bool, Date, Nullable, Text};
use regulars_domain::condition::FieldType;
use regulars_domain::ids::{PartyId, PoolId, PoolMoveId, UnitId, UserId};
use serde_json::Value;

use super::custom::CustomDefinition;
use super::fields::{Root, party_catalogue};
use crate::catalogue::{Catalogue, Field, like_escaped};
use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::{Bind, Statement, insert, insert_batch, update};
use crate::types::{SqlId, SqlInstant, SqlJson};

#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct PoolRow {
    #[diesel(sql_type = SqlId)]
    pub id: PoolId,
    #[diesel(sql_type = SqlId)]
    pub unit_id: UnitId,
    #[diesel(sql_type = Text)]
    pub name: String,
    #[diesel(sql_type = Bool)]
    pub active: bool,
    #[diesel(sql_type = BigInt)]
    pub silence_days: i64,
    #[diesel(sql_type = BigInt)]
    pub warning_days: i64,
    #[diesel(sql_type = BigInt)]
    pub claims_per_day: i64,
    #[diesel(sql_type = BigInt)]
    pub most_in_hand: i64,
    #[diesel(sql_type = BigInt)]
    pub protection_days: i64,
    #[diesel(sql_type = BigInt)]
    pub return_days: i64,
    /// A list of keys of the dictionary of levels.
    #[diesel(sql_type = SqlJson)]
    pub exempt_levels: Value,
    /// Whether contacts are shown in part only until somebody has claimed the customer.
    #[diesel(sql_type = Bool)]
    pub contacts_hidden: bool,
    /// The business day of the last night's work.
    #[diesel(sql_type = Nullable<Date>)]
    pub swept_on: Option<NaiveDate>,
    #[diesel(sql_type = BigInt)]
    pub version: i64,
    #[diesel(sql_type = SqlInstant)]
    pub created_at: DateTime<Utc>,
    #[diesel(sql_type = SqlInstant)]
    pub updated_at: DateTime<Utc>,
}

fn select() -> Statement {
    Statement::new(
        "SELECT o.id, o.unit_id, o.name, o.active, o.silence_days, o.warning_days, o.claims_per_day, o.most_in_hand, \
         o.protection_days, o.return_days, o.exempt_levels, o.contacts_hidden, o.swept_on, o.version, o.created_at, \
         o.updated_at FROM customer_pool o",
    )
    .cached()
}

pub fn pool_get(db: &mut Db, id: PoolId) -> StoreResult<Option<PoolRow>> {
    select().with(" WHERE o.id = ", id).first(db)
}

pub fn pool_of_unit(db: &mut Db, unit: UnitId) -> StoreResult<Option<PoolRow>> {
    select().with(" WHERE o.unit_id = ", unit).first(db)
}

/// The pools of a unit, or of all, by name.
pub fn pool_list(db: &mut Db, unit: Option<UnitId>) -> StoreResult<Vec<PoolRow>> {
    let mut statement = select();
    if let Some(unit) = unit {
        statement.push(" WHERE o.unit_id = ").bind(unit);
    }
    statement.then(" ORDER BY o.name, o.id").rows(db)
}

pub fn pool_insert(db: &mut Db, row: PoolRow) -> StoreResult<()> {
    insert(
        "customer_pool",
        [
            ("id", row.id.into()),
            ("unit_id", row.unit_id.into()),
            ("name", row.name.into()),
            ("active", row.active.into()),
            ("silence_days", row.silence_days.into()),
            ("warning_days", row.warning_days.into()),
            ("claims_per_day", row.claims_per_day.into()),
            ("most_in_hand", row.most_in_hand.into()),
            ("protection_days", row.protection_days.into()),
            ("return_days", row.return_days.into()),
            ("exempt_levels", row.exempt_levels.into()),
            ("contacts_hidden", row.contacts_hidden.into()),
            ("swept_on", row.swept_on.into()),
            ("version", row.version.into()),
            ("created_at", row.created_at.into()),
            ("updated_at", row.updated_at.into()),
        ],
    )
    .run(db)?;
    Ok(())
}

/// Replaces what a person can change if the row still has `version`; answers whether it had.
pub fn pool_update(db: &mut Db, row: PoolRow) -> StoreResult<bool> {
    let changed = update(
        "customer_pool",
        [
            ("name", row.name.into()),
            ("active", row.active.into()),
            ("silence_days", row.silence_days.into()),
            ("warning_days", row.warning_days.into()),
            ("claims_per_day", row.claims_per_day.into()),
            ("most_in_hand", row.most_in_hand.into()),
            ("protection_days", row.protection_days.into()),
            ("return_days", row.return_days.into()),
            ("exempt_levels", row.exempt_levels.into()),
            ("contacts_hidden", row.contacts_hidden.into()),
            ("version", (row.version + 1).into()),
            ("updated_at", row.updated_at.into()),
        ],
    )
    .with(" WHERE id = ", row.id)
    .with(" AND version = ", row.version)
    .run(db)?;
    Ok(changed == 1)
}

/// Notes that the work of a night is done.
pub fn pool_swept(db: &mut Db, id: PoolId, on: NaiveDate) -> StoreResult<()> {
    update("customer_pool", [("swept_on", on.into())]).with(" WHERE id = ", id).run(db)?;
    Ok(())
}

/// What lists of a pool start from: its customers as alias `p`.
pub const POOL_FROM: &str = "party p LEFT JOIN pool_customer pc ON pc.party_id = p.id";

fn push_pooled(statement: &mut Statement, unit: UnitId) {
    statement
        .push("p.owner_id IS NULL AND p.deleted_at IS NULL AND p.status <> 'inactive' AND p.unit_id = ")
        .bind(unit);
}

/// The customers of a unit's pool; with a text those whose name or code it is part of.
pub fn pool_base(unit: UnitId, q: Option<&str>) -> Statement {
    let mut base = Statement::default();
    push_pooled(&mut base, unit);
    if let Some(q) = q {
        let inside = format!("%{}%", like_escaped(q));
        base.push(" AND (LOWER(p.name) LIKE ").bind(inside.as_str()).push(" ESCAPE '\\'");
        base.push(" OR LOWER(p.code) LIKE ").bind(inside).push(" ESCAPE '\\')");
    }
    base
}

/// What customers in a pool are filtered and sorted by: all that customers are, and how they came there.
pub fn pool_catalogue(custom: &[CustomDefinition]) -> Catalogue {
    let mut catalogue = party_catalogue(custom, Root::Party);
    catalogue.fields.push(Field::column("entered_at", FieldType::Instant, "pc.entered_at").nullable().sortable());
    catalogue.fields.push(Field::column("entered_by", FieldType::Choice, "pc.reason").nullable());
    catalogue
}

/// How a customer stands that went through a pool.
#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct StandingRow {
    #[diesel(sql_type = SqlId)]
    pub party_id: PartyId,
    #[diesel(sql_type = Nullable<SqlInstant>)]
    pub entered_at: Option<DateTime<Utc>>,
    /// Who held it before.
    #[diesel(sql_type = Nullable<SqlId>)]
    pub left_by: Option<UserId>,
    /// The move by which it came.
    #[diesel(sql_type = Nullable<Text>)]
    pub reason: Option<String>,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub holder_id: Option<UserId>,
    #[diesel(sql_type = Nullable<SqlInstant>)]
    pub claimed_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<Date>)]
    pub protected_until: Option<NaiveDate>,
    /// The owner who was warned, and when.
    #[diesel(sql_type = Nullable<SqlId>)]
    pub warned_id: Option<UserId>,
    #[diesel(sql_type = Nullable<Date>)]
    pub warned_on: Option<NaiveDate>,
}

impl StandingRow {
    /// Of a customer of whom no pool knows anything yet.
    pub fn blank(party_id: PartyId) -> Self {
        Self {
            party_id,
            entered_at: None,
            left_by: None,
            reason: None,
            holder_id: None,
            claimed_at: None,
            protected_until: None,
            warned_id: None,
            warned_on: None,
        }
    }
}

const STANDING: [&str; 9] = [
    "party_id",
    "entered_at",
    "left_by",
    "reason",
    "holder_id",
    "claimed_at",
    "protected_until",
    "warned_id",
    "warned_on",
];

/// How these customers stand; of whom nothing is known there is none.
pub fn standings(db: &mut Db, ids: &[PartyId]) -> StoreResult<Vec<StandingRow>> {
    let mut found = Vec::new();
    for chunk in ids.chunks(200) {
        let mut statement =
            Statement::new(format!("SELECT {} FROM pool_customer WHERE party_id IN (", STANDING.join(", ")));
        statement.bind_list(chunk.iter().copied()).push(")");
        found.extend(statement.rows::<StandingRow>(db)?);
    }
    Ok(found)
}

/// Keeps how customers stand, in place of what was kept.
pub fn standings_put(db: &mut Db, rows: Vec<StandingRow>) -> StoreResult<()> {
    for chunk in rows.chunks(200) {
        let mut gone = Statement::new("DELETE FROM pool_customer WHERE party_id IN (");
        gone.bind_list(chunk.iter().map(|row| row.party_id)).push(")");
        gone.run(db)?;
    }
    let bound = |row: StandingRow| -> Vec<Bind> {
        vec![
            row.party_id.into(),
            row.entered_at.into(),
            row.left_by.into(),
            row.reason.into(),
            row.holder_id.into(),
            row.claimed_at.into(),
            row.protected_until.into(),
            row.warned_id.into(),
            row.warned_on.into(),
        ]
    };
    insert_batch(db, "pool_customer", &STANDING, rows.into_iter().map(bound).collect())
}

/// A move into a pool or out of it.
#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct MoveRow {
    #[diesel(sql_type = SqlId)]
    pub id: PoolMoveId,
    #[diesel(sql_type = SqlId)]
    pub pool_id: PoolId,
    #[diesel(sql_type = SqlId)]
    pub party_id: PartyId,
    #[diesel(sql_type = Text)]
    pub kind: String,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub from_id: Option<UserId>,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub to_id: Option<UserId>,
    /// Who did it; nobody did what came by itself.
    #[diesel(sql_type = Nullable<SqlId>)]
    pub by_id: Option<UserId>,
    #[diesel(sql_type = Nullable<Text>)]
    pub note: Option<String>,
    /// The business day.
    #[diesel(sql_type = Date)]
    pub on_day: NaiveDate,
    #[diesel(sql_type = SqlInstant)]
    pub at: DateTime<Utc>,
}

/// A move with the name of its customer.
#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct MoveRecord {
    #[diesel(embed)]
    pub own: MoveRow,
    #[diesel(sql_type = Text)]
    pub party_name: String,
}

const MOVE: [&str; 10] = ["id", "pool_id", "party_id", "kind", "from_id", "to_id", "by_id", "note", "on_day", "at"];

pub fn moves_insert(db: &mut Db, rows: Vec<MoveRow>) -> StoreResult<()> {
    let bound = |row: MoveRow| -> Vec<Bind> {
        vec![
            row.id.into(),
            row.pool_id.into(),
            row.party_id.into(),
            row.kind.into(),
            row.from_id.into(),
            row.to_id.into(),
            row.by_id.into(),
            row.note.into(),
            row.on_day.into(),
            row.at.into(),
        ]
    };
    insert_batch(db, "pool_move", &MOVE, rows.into_iter().map(bound).collect())
}

/// Lists moves as alias `v`, their customers as `p`.
pub const MOVE_FROM: &str = "pool_move v JOIN party p ON p.id = v.party_id";

/// What moves are filtered and sorted by.
pub fn move_catalogue() -> Catalogue {
    let fields = vec![
        Field::column("id", FieldType::Ref, "v.id").of_ids().sortable(),
        Field::column("kind", FieldType::Choice, "v.kind"),
        Field::column("customer", FieldType::Ref, "v.party_id").of_ids(),
        Field::column("from", FieldType::Ref, "v.from_id").of_ids().nullable(),
        Field::column("to", FieldType::Ref, "v.to_id").of_ids().nullable(),
        Field::column("on", FieldType::Date, "v.on_day"),
    ];
    Catalogue { fields, ..Catalogue::default() }
}

/// The moves of a pool; only those of customers that are still of its unit tell whose they were.
pub fn move_base(pool: &PoolRow) -> Statement {
    let mut base = Statement::default();
    base.push("v.pool_id = ").bind(pool.id);
    base.push(" AND p.deleted_at IS NULL AND p.unit_id = ").bind(pool.unit_id);
    base
}

pub fn moves_get(db: &mut Db, ids: &[PoolMoveId]) -> StoreResult<Vec<MoveRecord>> {
    let columns = MOVE.map(|column| format!("v.{column}")).join(", ");
    let mut statement =
        Statement::new(format!("SELECT {columns}, p.name AS party_name FROM {MOVE_FROM} WHERE v.id IN ("));
    statement.bind_list(ids.iter().copied()).push(")");
    statement.rows(db)
}

/// How many customers somebody has claimed on a day.
pub fn claims_on(db: &mut Db, user: UserId, day: NaiveDate) -> StoreResult<i64> {
    Statement::new("SELECT COUNT(*) AS n FROM pool_move WHERE to_id = ")
        .with("", user)
        .with(" AND on_day = ", day)
        .then(" AND kind = 'claimed'")
        .cached()
        .number(db)
}

/// How many customers somebody holds that came out of a pool.
pub fn in_hand(db: &mut Db, user: UserId) -> StoreResult<i64> {
    Statement::new(
        "SELECT COUNT(*) AS n FROM pool_customer c JOIN party p ON p.id = c.party_id AND p.deleted_at IS NULL \
         AND p.owner_id = c.holder_id WHERE c.holder_id = ",
    )
    .with("", user)
    .cached()
    .number(db)
}

#[derive(QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
struct LostRow {
    #[diesel(sql_type = SqlId)]
    party_id: PartyId,
    #[diesel(sql_type = Date)]
    on_day: NaiveDate,
}

/// When somebody last lost each of these customers to the pool, or gave it there.
pub fn lost_on(db: &mut Db, user: UserId, parties: &[PartyId]) -> StoreResult<Vec<(PartyId, NaiveDate)>> {
    let mut found = Vec::new();
    for chunk in parties.chunks(200) {
        let mut statement = Statement::new("SELECT party_id, MAX(on_day) AS on_day FROM pool_move WHERE from_id = ");
        statement.bind(user).push(" AND party_id IN (").bind_list(chunk.iter().copied()).push(") GROUP BY party_id");
        found.extend(statement.rows::<LostRow>(db)?.into_iter().map(|row| (row.party_id, row.on_day)));
    }
    Ok(found)
}

/// A customer who may have been silent for too long, with all that decides about it.
#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct SilentRow {
    #[diesel(sql_type = SqlId)]
    pub id: PartyId,
    #[diesel(sql_type = Text)]
    pub name: String,
    #[diesel(sql_type = SqlId)]
    pub owner_id: UserId,
    #[diesel(sql_type = Nullable<Text>)]
    pub level: Option<String>,
    /// Whether they have a team and a plan.
    #[diesel(sql_type = Bool)]
    pub key_account: bool,
    #[diesel(sql_type = SqlInstant)]
    pub created_at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<SqlInstant>)]
    pub last_contact_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<Date>)]
    pub last_order_on: Option<NaiveDate>,
    /// When something was last done about an opportunity of theirs.
    #[diesel(sql_type = Nullable<SqlInstant>)]
    pub pursued_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub holder_id: Option<UserId>,
    #[diesel(sql_type = Nullable<SqlInstant>)]
    pub claimed_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<Date>)]
    pub protected_until: Option<NaiveDate>,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub warned_id: Option<UserId>,
    #[diesel(sql_type = Nullable<Date>)]
    pub warned_on: Option<NaiveDate>,
}

/// Customers of a unit whom somebody holds and nobody has talked with, nor sold to, since these moments; behind `after`
/// in the order of their ids.
pub fn silent_customers(
    db: &mut Db,
    unit: UnitId,
    (before, before_day): (DateTime<Utc>, NaiveDate),
    after: Option<PartyId>,
    limit: i64,
) -> StoreResult<Vec<SilentRow>> {
    let mut statement = Statement::new(
        "SELECT p.id, p.name, p.owner_id, p.level, \
         EXISTS (SELECT 1 FROM key_account k WHERE k.party_id = p.id) AS key_account, p.created_at, m.last_contact_at, m.last_order_on, \
         (SELECT MAX(o.touched_at) FROM opportunity o WHERE o.party_id = p.id AND o.deleted_at IS NULL) AS pursued_at, \
         c.holder_id, c.claimed_at, c.protected_until, c.warned_id, c.warned_on \
         FROM party p JOIN customer_metric m ON m.party_id = p.id LEFT JOIN pool_customer c ON c.party_id = p.id \
         WHERE p.deleted_at IS NULL AND p.owner_id IS NOT NULL AND p.status <> 'inactive' AND p.unit_id = ",
    )
    .with("", unit)
    .with(" AND p.created_at < ", before)
    .with(" AND (m.last_contact_at IS NULL OR m.last_contact_at < ", before)
    .with(") AND (m.last_order_on IS NULL OR m.last_order_on < ", before_day)
    .then(")");
    if let Some(after) = after {
        statement.push(" AND p.id > ").bind(after);
    }
    statement.with(" ORDER BY p.id LIMIT ", limit).rows(db)
}
