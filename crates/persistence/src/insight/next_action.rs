//! What suggestions are made from, and what people made of them. Everything is asked for one person's customers or for one
//! customer, within the asker's sight.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Date, Double, Nullable, Text};
use regulars_domain::actor::Visibility;
use regulars_domain::ids::{
    NextActionOutcomeId, OpportunityId, PartyId, ProductId, TaskId, UnitId, UserId, WarningId, WishId,
};
use serde_json::Value;

use super::counter::SALE;
use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::{Statement, filled_up, insert};
use crate::types::{SqlId, SqlInstant, SqlJson};
use crate::visible::push_visible;

/// Whose customers are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    Owner(UserId),
    Customer(PartyId),
}

/// Whose, and how far the asker sees.
#[derive(Debug, Clone)]
pub struct Looked {
    pub whose: Whose,
    pub customers: Visibility,
    pub orders: Visibility,
}

impl Looked {
    /// Pushes what holds for the living customers looked at, over `p`.
    fn push(&self, statement: &mut Statement) {
        self.push_held(statement, "p");
    }

    /// The same of what a person holds: whose customer it is about does not matter then.
    fn push_held(&self, statement: &mut Statement, held: &str) {
        statement.push("p.deleted_at IS NULL AND ");
        match self.whose {
            Whose::Owner(owner) => statement.push(format!("{held}.owner_id = ")).bind(owner),
            Whose::Customer(party) => statement.push("p.id = ").bind(party),
        };
        statement.push(" AND ");
        push_visible(statement, "p", &self.customers);
    }
}

/// A customer with the figures that rules ask.
#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct FigureRow {
    #[diesel(sql_type = SqlId)]
    pub party_id: PartyId,
    #[diesel(sql_type = Text)]
    pub name: String,
    #[diesel(sql_type = SqlId)]
    pub unit_id: UnitId,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub owner_id: Option<UserId>,
    #[diesel(sql_type = Nullable<Text>)]
    pub owner_name: Option<String>,
    #[diesel(sql_type = BigInt)]
    pub orders: i64,
    #[diesel(sql_type = BigInt)]
    pub order_days: i64,
    /// Minor units.
    #[diesel(sql_type = BigInt)]
    pub net: i64,
    #[diesel(sql_type = Nullable<Date>)]
    pub last_order_on: Option<NaiveDate>,
    #[diesel(sql_type = Nullable<Double>)]
    pub median_gap_days: Option<f64>,
    #[diesel(sql_type = Nullable<SqlInstant>)]
    pub last_contact_at: Option<DateTime<Utc>>,
    /// Expected in twelve months, minor units.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub lifetime_value: Option<i64>,
    #[diesel(sql_type = Nullable<Text>)]
    pub value_class: Option<String>,
}

const FIGURES: &str = "SELECT m.party_id, p.name, p.unit_id, p.owner_id, u.name AS owner_name, m.orders, m.order_days, m.net, \
    m.last_order_on, m.median_gap_days, m.last_contact_at, m.lifetime_value, m.value_class FROM customer_metric m \
    CROSS JOIN party p LEFT JOIN app_user u ON u.id = p.owner_id WHERE p.id = m.party_id AND ";

/// The customers looked at who bought, those with the largest sales first.
pub fn figures_of(db: &mut Db, looked: &Looked, limit: i64) -> StoreResult<Vec<FigureRow>> {
    let mut statement = Statement::new(FIGURES);
    looked.push(&mut statement);
    // The key that leads: an index by owner and sales.
    match looked.whose {
        Whose::Owner(owner) => statement.push(" AND m.owner_id = ").bind(owner),
        Whose::Customer(party) => statement.push(" AND m.party_id = ").bind(party),
    };
    statement.push(" AND m.orders > 0 ORDER BY m.net DESC, m.party_id LIMIT ").bind(limit);
    statement.cached().rows(db)
}

/// The figures of these customers, which are known to be within sight.
pub fn figures_named(db: &mut Db, ids: &[PartyId]) -> StoreResult<Vec<FigureRow>> {
    let mut rows = Vec::with_capacity(ids.len());
    for some in ids.chunks(500) {
        let mut statement = Statement::new(FIGURES);
        statement.push("m.party_id IN (").bind_list(filled_up(some)).push(")");
        rows.extend(statement.cached().rows::<FigureRow>(db)?);
    }
    Ok(rows)
}

/// A warning nobody works on.
#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct OpenWarning {
    #[diesel(sql_type = SqlId)]
    pub id: WarningId,
    #[diesel(sql_type = SqlId)]
    pub party_id: PartyId,
    #[diesel(sql_type = Date)]
    pub raised_on: NaiveDate,
    #[diesel(sql_type = SqlJson)]
    pub reasons: Value,
    #[diesel(sql_type = BigInt)]
    pub stake: i64,
}

pub fn warnings_open(db: &mut Db, looked: &Looked, limit: i64) -> StoreResult<Vec<OpenWarning>> {
    let mut statement = Statement::new(
        "SELECT w.id, w.party_id, w.raised_on, w.reasons, w.stake FROM churn_warning w JOIN party p ON p.id = w.party_id \
         WHERE w.status = 'open' AND ",
    );
    looked.push(&mut statement);
    statement.push(" ORDER BY w.stake DESC, w.id LIMIT ").bind(limit);
    statement.cached().rows(db)
}

/// A wish that waits for somebody: arrived and not told, or needed soon.
#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct WaitingWish {
    #[diesel(sql_type = SqlId)]
    pub id: WishId,
    #[diesel(sql_type = SqlId)]
    pub party_id: PartyId,
    #[diesel(sql_type = Text)]
    pub wanted: String,
    #[diesel(sql_type = BigInt)]
    pub quantity: i64,
    #[diesel(sql_type = Text)]
    pub status: String,
    #[diesel(sql_type = Nullable<Date>)]
    pub needed_by: Option<NaiveDate>,
    #[diesel(sql_type = Nullable<SqlInstant>)]
    pub arrived_at: Option<DateTime<Utc>>,
    /// Of one, in minor units of the currency beside it.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub price: Option<i64>,
    #[diesel(sql_type = Nullable<Text>)]
    pub currency: Option<String>,
}

/// Wishes that arrived, and open ones needed by a day.
pub fn wishes_waiting(db: &mut Db, looked: &Looked, until: NaiveDate, limit: i64) -> StoreResult<Vec<WaitingWish>> {
    let mut statement = Statement::new(
        "SELECT w.id, w.party_id, w.wanted, w.quantity, w.status, w.needed_by, w.arrived_at, t.price, t.currency \
         FROM wish w JOIN party p ON p.id = w.party_id LEFT JOIN product t ON t.id = w.product_id \
         WHERE w.deleted_at IS NULL AND (w.status = 'arrived' OR (w.status = 'open' AND w.needed_by <= ",
    );
    statement.bind(until).push(")) AND ");
    looked.push(&mut statement);
    statement.push(" ORDER BY w.id LIMIT ").bind(limit);
    statement.cached().rows(db)
}

/// An open opportunity that should be closed by now, or of which nobody did anything for long.
#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct StuckDeal {
    #[diesel(sql_type = SqlId)]
    pub id: OpportunityId,
    #[diesel(sql_type = SqlId)]
    pub party_id: PartyId,
    #[diesel(sql_type = Text)]
    pub name: String,
    #[diesel(sql_type = Nullable<Date>)]
    pub expected_close: Option<NaiveDate>,
    #[diesel(sql_type = SqlInstant)]
    pub touched_at: DateTime<Utc>,
    /// Amount × the stage's chances, minor units; 0 where nobody knows the amount yet.
    #[diesel(sql_type = BigInt)]
    pub weighted: i64,
}

/// Open opportunities of customers that were to be closed before a day, or were last touched before a moment.
pub fn deals_stuck(
    db: &mut Db,
    looked: &Looked,
    reach: &Visibility,
    (today, before): (NaiveDate, DateTime<Utc>),
    limit: i64,
) -> StoreResult<Vec<StuckDeal>> {
    let mut statement = Statement::new(
        "SELECT o.id, o.party_id, o.name, o.expected_close, o.touched_at, \
         CAST((o.amount_base * s.probability + 50) / 100 AS BIGINT) AS weighted FROM opportunity o \
         JOIN pipeline_stage s ON s.id = o.stage_id JOIN party p ON p.id = o.party_id \
         WHERE o.status = 'open' AND o.kind = 'opportunity' AND o.deleted_at IS NULL AND (o.expected_close < ",
    );
    statement.bind(today).push(" OR o.touched_at < ").bind(before).push(") AND ");
    looked.push_held(&mut statement, "o");
    statement.push(" AND ");
    push_visible(&mut statement, "o", reach);
    statement.push(" ORDER BY o.amount_base DESC, o.id LIMIT ").bind(limit);
    statement.cached().rows(db)
}

/// A task about a customer that should be done by now.
#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct LatePromise {
    #[diesel(sql_type = SqlId)]
    pub id: TaskId,
    #[diesel(sql_type = SqlId)]
    pub party_id: PartyId,
    #[diesel(sql_type = Text)]
    pub title: String,
    #[diesel(sql_type = SqlInstant)]
    pub due_at: DateTime<Utc>,
}

/// Open tasks that were due at a moment, the most urgent first; of a task about several customers, the first within
/// sight speaks, unless it is asked for one of them.
pub fn promises_late(
    db: &mut Db,
    looked: &Looked,
    reach: &Visibility,
    now: DateTime<Utc>,
    limit: i64,
) -> StoreResult<Vec<LatePromise>> {
    let mut statement = Statement::new(
        "SELECT t.id, p.id AS party_id, t.title, t.due_at FROM task t JOIN task_party x ON x.task_id = t.id \
         JOIN party p ON p.id = x.party_id WHERE t.status = 'open' AND t.deleted_at IS NULL AND t.due_at <= ",
    );
    statement.bind(now).push(" AND ");
    looked.push_held(&mut statement, "t");
    statement.push(" AND ");
    push_visible(&mut statement, "t", reach);
    statement.push(" ORDER BY t.priority, t.due_at, t.id, x.position LIMIT ").bind(limit);
    let mut rows: Vec<LatePromise> = statement.cached().rows(db)?;
    rows.dedup_by_key(|row| row.id);
    Ok(rows)
}

/// A date of life that comes.
#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct NearDate {
    #[diesel(sql_type = SqlId)]
    pub party_id: PartyId,
    #[diesel(sql_type = Text)]
    pub kind: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub label: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub person: Option<String>,
    #[diesel(sql_type = Date)]
    pub next_on: NaiveDate,
}

/// Dates of life between two days, both included.
pub fn dates_near(
    db: &mut Db,
    looked: &Looked,
    (from, until): (NaiveDate, NaiveDate),
    limit: i64,
) -> StoreResult<Vec<NearDate>> {
    let mut statement = Statement::new(
        "SELECT d.party_id, d.kind, d.label, d.person, d.next_on FROM party_date d JOIN party p ON p.id = d.party_id \
         WHERE d.next_on >= ",
    );
    statement.bind(from).push(" AND d.next_on <= ").bind(until).push(" AND ");
    looked.push(&mut statement);
    statement.push(" ORDER BY d.next_on, d.party_id, d.position LIMIT ").bind(limit);
    statement.cached().rows(db)
}

/// What a customer has, and what goes with it.
#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct OfferRow {
    #[diesel(sql_type = SqlId)]
    pub party_id: PartyId,
    #[diesel(sql_type = Text)]
    pub has: String,
    #[diesel(sql_type = SqlId)]
    pub offer_id: ProductId,
    #[diesel(sql_type = Text)]
    pub offer: String,
    /// Minor units of the currency beside it.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub price: Option<i64>,
    #[diesel(sql_type = Text)]
    pub currency: String,
    #[diesel(sql_type = Double)]
    pub confidence: f64,
    #[diesel(sql_type = Double)]
    pub lift: f64,
}

/// What goes with the goods of these customers and is on sale, and they have not bought; the strongest first.
pub fn offers_for(db: &mut Db, parties: &[PartyId], orders: &Visibility) -> StoreResult<Vec<OfferRow>> {
    let mut statement = Statement::new(format!(
        "SELECT b.party_id, h.name AS has, a.offer_id, f.name AS offer, f.price, f.currency, a.confidence, a.lift \
         FROM (SELECT DISTINCT o.party_id, o.unit_id, l.product_id FROM sales_order o JOIN order_line l ON l.order_id = o.id \
         WHERE {SALE} AND l.product_id IS NOT NULL AND o.party_id IN ("
    ));
    statement.bind_list(filled_up(parties)).push(") AND ");
    push_visible(&mut statement, "o", orders);
    statement.push(format!(
        ") b JOIN association a ON a.unit_id = b.unit_id AND a.has_id = b.product_id JOIN product h ON h.id = a.has_id \
         JOIN product f ON f.id = a.offer_id AND f.deleted_at IS NULL AND f.active = TRUE \
         WHERE NOT EXISTS (SELECT 1 FROM sales_order o JOIN order_line l ON l.order_id = o.id \
         WHERE o.party_id = b.party_id AND l.product_id = a.offer_id AND {SALE}) \
         ORDER BY b.party_id, a.lift DESC, a.confidence DESC, a.offer_id, a.has_id"
    ));
    statement.cached().rows(db)
}

/// How a customer buys a product: first and last day, and on how many.
#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct CadenceRow {
    #[diesel(sql_type = SqlId)]
    pub party_id: PartyId,
    #[diesel(sql_type = SqlId)]
    pub product_id: ProductId,
    #[diesel(sql_type = Text)]
    pub name: String,
    #[diesel(sql_type = Date)]
    pub first_on: NaiveDate,
    #[diesel(sql_type = Date)]
    pub last_on: NaiveDate,
    #[diesel(sql_type = BigInt)]
    pub days: i64,
}

/// What these customers bought on at least two days and is on sale.
pub fn cadences_of(db: &mut Db, parties: &[PartyId], orders: &Visibility) -> StoreResult<Vec<CadenceRow>> {
    let mut statement = Statement::new(format!(
        "SELECT o.party_id, l.product_id, MAX(t.name) AS name, MIN(o.ordered_on) AS first_on, \
         MAX(o.ordered_on) AS last_on, COUNT(DISTINCT o.ordered_on) AS days FROM sales_order o \
         JOIN order_line l ON l.order_id = o.id JOIN product t ON t.id = l.product_id AND t.deleted_at IS NULL \
         AND t.active = TRUE WHERE {SALE} AND o.party_id IN ("
    ));
    statement.bind_list(filled_up(parties)).push(") AND ");
    push_visible(&mut statement, "o", orders);
    statement.push(
        " GROUP BY o.party_id, l.product_id HAVING COUNT(DISTINCT o.ordered_on) >= 2 ORDER BY o.party_id, l.product_id",
    );
    statement.cached().rows(db)
}

/// What somebody made of a suggestion.
#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct OutcomeRow {
    #[diesel(sql_type = SqlId)]
    pub id: NextActionOutcomeId,
    #[diesel(sql_type = SqlId)]
    pub party_id: PartyId,
    #[diesel(sql_type = Text)]
    pub rule: String,
    #[diesel(sql_type = Text)]
    pub subject: String,
    #[diesel(sql_type = Text)]
    pub outcome: String,
    #[diesel(sql_type = Nullable<Date>)]
    pub until_on: Option<NaiveDate>,
    #[diesel(sql_type = Nullable<Text>)]
    pub reason: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub note: Option<String>,
    /// Value at stake when it was suggested, minor units.
    #[diesel(sql_type = BigInt)]
    pub stake: i64,
    #[diesel(sql_type = SqlId)]
    pub acted_by: UserId,
    #[diesel(sql_type = Date)]
    pub acted_on: NaiveDate,
    /// Orders up to this day count as bought after it.
    #[diesel(sql_type = Date)]
    pub watched_until: NaiveDate,
    #[diesel(sql_type = SqlInstant)]
    pub created_at: DateTime<Utc>,
}

pub fn outcome_insert(tx: &mut Db, row: OutcomeRow) -> StoreResult<()> {
    insert(
        "next_action_outcome",
        [
            ("id", row.id.into()),
            ("party_id", row.party_id.into()),
            ("rule", row.rule.into()),
            ("subject", row.subject.into()),
            ("outcome", row.outcome.into()),
            ("until_on", row.until_on.into()),
            ("reason", row.reason.into()),
            ("note", row.note.into()),
            ("stake", row.stake.into()),
            ("acted_by", row.acted_by.into()),
            ("acted_on", row.acted_on.into()),
            ("watched_until", row.watched_until.into()),
            ("created_at", row.created_at.into()),
        ],
    )
    .run(tx)?;
    Ok(())
}

/// What was made of suggestions about these customers since a day, the latest first.
pub fn outcomes_since(db: &mut Db, parties: &[PartyId], since: NaiveDate) -> StoreResult<Vec<OutcomeRow>> {
    let mut rows = Vec::new();
    for some in parties.chunks(500) {
        let mut statement = Statement::new(
            "SELECT id, party_id, rule, subject, outcome, until_on, reason, note, stake, acted_by, acted_on, \
             watched_until, created_at FROM next_action_outcome WHERE acted_on >= ",
        );
        statement.bind(since).push(" AND party_id IN (").bind_list(filled_up(some)).push(") ORDER BY id DESC");
        rows.extend(statement.cached().rows::<OutcomeRow>(db)?);
    }
    Ok(rows)
}

/// How often suggestions of a rule came to the same end, and what was bought after it.
#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct OutcomeCount {
    #[diesel(sql_type = Text)]
    pub rule: String,
    #[diesel(sql_type = Text)]
    pub outcome: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub reason: Option<String>,
    #[diesel(sql_type = BigInt)]
    pub outcomes: i64,
    #[diesel(sql_type = BigInt)]
    pub stake: i64,
    /// Of how many the customer bought within the days watched.
    #[diesel(sql_type = BigInt)]
    pub bought: i64,
    /// For how much, minor units.
    #[diesel(sql_type = BigInt)]
    pub net: i64,
}

/// Counts what people made of suggestions between two days, both included, about customers within sight.
pub fn outcome_counts(
    db: &mut Db,
    customers: &Visibility,
    orders: &Visibility,
    (from, until): (NaiveDate, NaiveDate),
) -> StoreResult<Vec<OutcomeCount>> {
    let mut statement = Statement::new(format!(
        "SELECT a.rule, a.outcome, a.reason, COUNT(*) AS outcomes, CAST(SUM(a.stake) AS BIGINT) AS stake, \
         COUNT(b.id) AS bought, CAST(COALESCE(SUM(b.net), 0) AS BIGINT) AS net FROM next_action_outcome a \
         JOIN party p ON p.id = a.party_id LEFT JOIN (SELECT x.id, CAST(SUM(o.net_base) AS BIGINT) AS net \
         FROM next_action_outcome x JOIN sales_order o ON o.party_id = x.party_id AND o.ordered_on >= x.acted_on \
         AND o.ordered_on <= x.watched_until WHERE {SALE} AND x.outcome = 'done' AND x.acted_on >= "
    ));
    statement.bind(from).push(" AND x.acted_on <= ").bind(until).push(" AND ");
    push_visible(&mut statement, "o", orders);
    statement.push(" GROUP BY x.id) b ON b.id = a.id WHERE p.deleted_at IS NULL AND a.acted_on >= ").bind(from);
    statement.push(" AND a.acted_on <= ").bind(until).push(" AND ");
    push_visible(&mut statement, "p", customers);
    statement.push(" GROUP BY a.rule, a.outcome, a.reason ORDER BY a.rule, a.outcome, a.reason");
    statement.cached().rows(db)
}
