//! Key accounts: their plan and team, and where their customers were last met.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Bool, Date, Double, Nullable, Text};
use regulars_domain::actor::Visibility;
use regulars_domain::condition::FieldType;
use regulars_domain::ids::{KeyAccountId, PartyId, UnitId, UserId};
use serde_json::Value;

use crate::catalogue::{Catalogue, Field, like_escaped};
use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::{Statement, filled_up, insert, insert_batch, update};
use crate::types::{SqlId, SqlInstant, SqlJson};
use crate::visible::push_visible;

#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct KeyAccountRow {
    #[diesel(sql_type = SqlId)]
    pub id: KeyAccountId,
    #[diesel(sql_type = SqlId)]
    pub party_id: PartyId,
    /// Set by hand; as advised when absent.
    #[diesel(sql_type = Nullable<Text>)]
    pub level: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub plan: Option<String>,
    #[diesel(sql_type = Nullable<Date>)]
    pub review_on: Option<NaiveDate>,
    #[diesel(sql_type = SqlJson)]
    pub goals: Value,
    #[diesel(sql_type = SqlJson)]
    pub touchpoints: Value,
    #[diesel(sql_type = BigInt)]
    pub version: i64,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub created_by: Option<UserId>,
    #[diesel(sql_type = SqlInstant)]
    pub created_at: DateTime<Utc>,
    #[diesel(sql_type = SqlInstant)]
    pub updated_at: DateTime<Utc>,
}

/// A key account with its customer, and where that one stands.
#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct KeyAccountRecord {
    #[diesel(embed)]
    pub own: KeyAccountRow,
    #[diesel(sql_type = Text)]
    pub party_name: String,
    #[diesel(sql_type = SqlId)]
    pub unit_id: UnitId,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub owner_id: Option<UserId>,
    #[diesel(sql_type = Nullable<Text>)]
    pub owner_name: Option<String>,
}

/// One of the team.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct MemberRow {
    #[diesel(sql_type = SqlId)]
    pub account_id: KeyAccountId,
    #[diesel(sql_type = SqlId)]
    pub user_id: UserId,
    #[diesel(sql_type = Text)]
    pub name: String,
    /// Of the dictionary of roles.
    #[diesel(sql_type = Text)]
    pub role: String,
    #[diesel(sql_type = Bool)]
    pub active: bool,
}

/// Lists key accounts as alias `k`, their customers as `p`.
pub const KEY_ACCOUNT_FROM: &str = "key_account k JOIN party p ON p.id = k.party_id";

fn select() -> Statement {
    Statement::new(
        "SELECT k.id, k.party_id, k.level, k.plan, k.review_on, k.goals, k.touchpoints, k.version, k.created_by, \
         k.created_at, k.updated_at, p.name AS party_name, p.unit_id, p.owner_id, u.name AS owner_name \
         FROM key_account k JOIN party p ON p.id = k.party_id LEFT JOIN app_user u ON u.id = p.owner_id WHERE ",
    )
    .cached()
}

fn push_living(statement: &mut Statement, customers: &Visibility) {
    statement.push("p.deleted_at IS NULL AND ");
    push_visible(statement, "p", customers);
}

/// What key accounts are filtered and sorted by.
pub fn key_account_catalogue() -> Catalogue {
    use FieldType::{Choice, Date, Instant, Ref, Set, Text};
    let team = "key_account_member x WHERE x.account_id = k.id";
    let fields = vec![
        Field::column("id", Ref, "k.id").of_ids(),
        Field::column("customer", Ref, "k.party_id").of_ids(),
        Field::column("name", Text, "p.name_key").sortable(),
        Field::column("unit", Ref, "p.unit_id").of_ids(),
        Field::column("manager", Ref, "p.owner_id").of_ids().nullable(),
        Field::rows("team", Set, team, "x.user_id").of_ids(),
        Field::column("level", Choice, "k.level").nullable().sortable(),
        Field::column("review_on", Date, "k.review_on").nullable().sortable(),
        Field::column("created_at", Instant, "k.created_at").sortable(),
        Field::column("updated_at", Instant, "k.updated_at").sortable(),
    ];
    Catalogue { fields, ..Catalogue::default() }
}

/// Those of living customers within reach; with a text those whose customer it is part of.
pub fn key_account_base(customers: &Visibility, q: Option<&str>) -> Statement {
    let mut base = Statement::default();
    push_living(&mut base, customers);
    if let Some(q) = q {
        base.push(" AND LOWER(p.name) LIKE ").bind(format!("%{}%", like_escaped(q))).push(" ESCAPE '\\'");
    }
    base
}

pub fn key_accounts_get(
    db: &mut Db,
    ids: &[KeyAccountId],
    customers: &Visibility,
) -> StoreResult<Vec<KeyAccountRecord>> {
    let mut statement = select().then("k.id IN (");
    statement.bind_list(filled_up(ids)).push(") AND ");
    push_living(&mut statement, customers);
    statement.rows(db)
}

/// The key account that a customer is.
pub fn key_account_of(db: &mut Db, party: PartyId, customers: &Visibility) -> StoreResult<Option<KeyAccountRecord>> {
    let mut statement = select().with("k.party_id = ", party).then(" AND ");
    push_living(&mut statement, customers);
    statement.first(db)
}

/// The teams of these accounts, in their order.
pub fn members_of(db: &mut Db, accounts: &[KeyAccountId]) -> StoreResult<HashMap<KeyAccountId, Vec<MemberRow>>> {
    let mut statement = Statement::new(
        "SELECT t.account_id, t.user_id, u.name, t.role, u.active FROM key_account_member t \
         JOIN app_user u ON u.id = t.user_id WHERE t.account_id IN (",
    );
    statement.bind_list(accounts.iter().copied()).push(") ORDER BY t.account_id, t.position");
    let mut teams: HashMap<KeyAccountId, Vec<MemberRow>> = HashMap::new();
    for member in statement.rows::<MemberRow>(db)? {
        teams.entry(member.account_id).or_default().push(member);
    }
    Ok(teams)
}

pub fn key_account_insert(db: &mut Db, row: KeyAccountRow) -> StoreResult<()> {
    insert(
        "key_account",
        [
            ("id", row.id.into()),
            ("party_id", row.party_id.into()),
            ("level", row.level.into()),
            ("plan", row.plan.into()),
            ("review_on", row.review_on.into()),
            ("goals", row.goals.into()),
            ("touchpoints", row.touchpoints.into()),
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
pub fn key_account_update(db: &mut Db, row: KeyAccountRow) -> StoreResult<bool> {
    let changed = update(
        "key_account",
        [
            ("level", row.level.into()),
            ("plan", row.plan.into()),
            ("review_on", row.review_on.into()),
            ("goals", row.goals.into()),
            ("touchpoints", row.touchpoints.into()),
            ("version", (row.version + 1).into()),
            ("updated_at", row.updated_at.into()),
        ],
    )
    .with(" WHERE id = ", row.id)
    .with(" AND version = ", row.version)
    .run(db)?;
    Ok(changed == 1)
}

/// Makes these the team, in this order.
pub fn members_put(db: &mut Db, account: KeyAccountId, team: &[(UserId, String)]) -> StoreResult<()> {
    Statement::new("DELETE FROM key_account_member WHERE account_id = ").with("", account).cached().run(db)?;
    let rows = team
        .iter()
        .zip(0_i64..)
        .map(|((user, role), position)| vec![account.into(), position.into(), (*user).into(), role.as_str().into()]);
    insert_batch(db, "key_account_member", &["account_id", "position", "user_id", "role"], rows.collect())
}

pub fn key_account_delete(db: &mut Db, id: KeyAccountId, version: i64) -> StoreResult<bool> {
    Statement::new("DELETE FROM key_account_member WHERE account_id = ").with("", id).cached().run(db)?;
    let gone =
        Statement::new("DELETE FROM key_account WHERE id = ").with("", id).with(" AND version = ", version).run(db)?;
    Ok(gone == 1)
}

/// When customers were last spoken with, by the kind of contact.
#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct SpokenRow {
    #[diesel(sql_type = SqlId)]
    pub party_id: PartyId,
    #[diesel(sql_type = Text)]
    pub kind: String,
    #[diesel(sql_type = SqlInstant)]
    pub last_at: DateTime<Utc>,
    /// Since the moment asked for.
    #[diesel(sql_type = BigInt)]
    pub lately: i64,
}

pub fn spoken_last(db: &mut Db, parties: &[PartyId], since: DateTime<Utc>) -> StoreResult<Vec<SpokenRow>> {
    let mut statement = Statement::new(
        "SELECT i.party_id, i.kind, MAX(i.at) AS last_at, CAST(SUM(CASE WHEN i.at >= ",
    )
    .with("", since)
    .then(" THEN 1 ELSE 0 END) AS BIGINT) AS lately FROM interaction i WHERE i.deleted_at IS NULL AND i.party_id IN (");
    statement.bind_list(parties.iter().copied()).push(") GROUP BY i.party_id, i.kind");
    statement.rows(db)
}

/// On which day customers last bought over a channel, or last had something brought to them.
#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct MetRow {
    #[diesel(sql_type = SqlId)]
    pub party_id: PartyId,
    /// Of the dictionary of channels.
    #[diesel(sql_type = Nullable<Text>)]
    pub channel: Option<String>,
    #[diesel(sql_type = Date)]
    pub last_on: NaiveDate,
    #[diesel(sql_type = BigInt)]
    pub lately: i64,
}

/// By the channel of the orders that were confirmed.
pub fn ordered_last(db: &mut Db, parties: &[PartyId], since: NaiveDate) -> StoreResult<Vec<MetRow>> {
    let mut statement = Statement::new(
        "SELECT s.party_id, s.channel, MAX(s.ordered_on) AS last_on, CAST(SUM(CASE WHEN s.ordered_on >= ",
    )
    .with("", since)
    .then(
        " THEN 1 ELSE 0 END) AS BIGINT) AS lately FROM sales_order s WHERE s.deleted_at IS NULL \
         AND s.status NOT IN ('draft', 'cancelled') AND s.channel IS NOT NULL AND s.party_id IN (",
    );
    statement.bind_list(parties.iter().copied()).push(") GROUP BY s.party_id, s.channel");
    statement.rows(db)
}

/// By deliveries that were not cancelled; they have no channel.
pub fn delivered_last(db: &mut Db, parties: &[PartyId], since: NaiveDate) -> StoreResult<Vec<MetRow>> {
    let mut statement = Statement::new(
        "SELECT s.party_id, CAST(NULL AS TEXT) AS channel, MAX(d.on_date) AS last_on, CAST(SUM(CASE WHEN d.on_date >= ",
    )
    .with("", since)
    .then(
        " THEN 1 ELSE 0 END) AS BIGINT) AS lately FROM sales_order s JOIN delivery d ON d.order_id = s.id \
         WHERE s.deleted_at IS NULL AND d.cancelled_at IS NULL AND s.party_id IN (",
    );
    statement.bind_list(parties.iter().copied()).push(") GROUP BY s.party_id");
    statement.rows(db)
}

/// What the level of a customer is advised from.
#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct StandingRow {
    #[diesel(sql_type = SqlId)]
    pub party_id: PartyId,
    #[diesel(sql_type = SqlId)]
    pub unit_id: UnitId,
    #[diesel(sql_type = Nullable<Text>)]
    pub value_class: Option<String>,
    /// (net − cost) ÷ net; absent when nothing was bought or a cost is unknown.
    #[diesel(sql_type = Nullable<Double>)]
    pub margin: Option<f64>,
}

pub fn standings(db: &mut Db, parties: &[PartyId]) -> StoreResult<Vec<StandingRow>> {
    let mut statement = Statement::new(
        "SELECT m.party_id, m.unit_id, m.value_class, \
         CASE WHEN m.net > 0 AND m.costs_unknown = 0 THEN CAST(m.net - m.cost AS DOUBLE PRECISION) / m.net END AS margin \
         FROM customer_metric m WHERE m.party_id IN (",
    );
    statement.bind_list(parties.iter().copied()).push(")");
    statement.rows(db)
}

/// How many customers of a unit are of a class.
pub fn class_count(db: &mut Db, unit: UnitId, class: &str) -> StoreResult<i64> {
    #[derive(QueryableByName)]
    #[diesel(check_for_backend(crate::MultiBackend))]
    struct Row {
        #[diesel(sql_type = BigInt)]
        n: i64,
    }
    let row: Option<Row> = Statement::new("SELECT COUNT(*) AS n FROM customer_metric m WHERE m.unit_id = ")
        .with("", unit)
        .with(" AND m.value_class = ", class)
        .cached()
        .first(db)?;
    Ok(row.map_or(0, |row| row.n))
}
