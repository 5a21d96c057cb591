//! The metrics of customers as they are shown.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use regulars_analytics::value::{CustomerValue, ValueClass, ValueShare, ValueWeights};
use regulars_domain::ids::{PartyId, UnitId};
use regulars_persistence::Db;
use regulars_persistence::insight::evaluation::{EvaluationRow, evaluations_latest};
use regulars_persistence::insight::metric::{MetricRow, metrics_get};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::durable::settings::DurableSettings;
use super::programme::settings::ProgrammeSettings;
use super::settings::InsightSettings;
use crate::money::Money;
use crate::{AppResult, Cx};

/// Numbers about one customer. Counters are as of now; days, scores and classes as of the evaluation's day.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Metrics {
    pub first_order_on: Option<NaiveDate>,
    pub last_order_on: Option<NaiveDate>,
    /// Days since the last order.
    pub recency_days: Option<i64>,
    /// Days with an order.
    pub order_days: i64,
    pub orders: i64,
    pub gross: Money,
    /// gross − discounts − returns.
    pub net: Money,
    pub returns: Money,
    /// Known cost of goods.
    pub cost: Money,
    /// net − cost; absent when the cost of an order is unknown.
    pub margin: Option<Money>,
    pub mean_gap_days: Option<f64>,
    pub median_gap_days: Option<f64>,
    /// Distinct products.
    pub products: i64,
    /// Distinct categories.
    pub categories: i64,
    /// discounts ÷ gross, 0–1.
    pub discount_share: Option<f64>,
    /// What is owed on all orders.
    pub open_balance: Money,
    /// Days since the first order.
    pub tenure_days: Option<i64>,
    pub last_contact_at: Option<DateTime<Utc>>,
    /// Contacts of the last 30 days, counted with each contact and with each evaluation.
    pub contacts_30: i64,
    pub contacts_90: i64,
    pub contacts_365: i64,
    /// Absent until something was bought and evaluated.
    pub rfm: Option<RfmView>,
    #[schema(value_type = Option<crate::shape::AbcClass>)]
    pub abc: Option<String>,
    pub value: Option<ValueView>,
    #[schema(value_type = Option<crate::shape::Stage>)]
    pub stage: Option<String>,
    /// Purchases expected within the company's horizon.
    pub expected_purchases: Option<f64>,
    /// P(alive): that the customer has not left for good. 1 for who bought once, so never judge by it alone. Absent where no
    /// model is used.
    pub alive: Option<f64>,
    /// P(no purchase within `horizon_days`). Absent where no model is used.
    pub no_purchase: Option<f64>,
    /// The customer's own horizon, from their own rhythm.
    pub horizon_days: Option<i64>,
    /// Discounted money expected in the next twelve months: of purchases and of bills.
    pub lifetime_value: Option<Money>,
    /// What it comes from: `purchases` is BG/NBD, `past_rate` the customer's own rate where that model is not used;
    /// `programme` is the shifted beta-geometric of the bills they pay, `programme_rate` the rate of renewal where that
    /// is not used; `mixed` is bills and other purchases.
    #[schema(value_type = Option<crate::shape::LifetimeBasis>)]
    pub lifetime_basis: Option<String>,
    /// What is expected of the bills they pay; absent for who pays none now.
    pub programme: Option<CustomerProgramme>,
    /// What is expected of a buyer of durables; absent for who bought none.
    pub durable: Option<CustomerDurable>,
    /// Our part of what they buy in a year, 0–1: net revenue of the last 365 days ÷ the latest `total_purchases` noted.
    pub wallet_share: Option<f64>,
    /// Contributions so far less what was spent on them, each discounted to the first order.
    pub past_value: Option<Money>,
    #[schema(value_type = Option<crate::shape::Lifecycle>)]
    pub lifecycle: Option<String>,
    pub lifecycle_since: Option<NaiveDate>,
    #[schema(value_type = Option<crate::shape::LifecycleReason>)]
    pub lifecycle_reason: Option<String>,
    #[schema(value_type = Option<crate::shape::LoyaltyClass>)]
    pub loyalty_class: Option<String>,
    /// Value by loyalty.
    #[schema(value_type = Option<crate::shape::MatrixField>)]
    pub matrix: Option<String>,
    /// Preference by repeat selection; absent where nothing tells whether they like us.
    #[schema(value_type = Option<crate::shape::Situation>)]
    pub situation: Option<String>,
    /// Risk of losing them, 0–1, by what told best on the past.
    pub risk: Option<f64>,
    /// Since when a warning stands.
    pub warned_on: Option<NaiveDate>,
    /// The day that days, scores and classes are of.
    pub as_of: NaiveDate,
    /// When scores and classes were found; absent before the first evaluation.
    pub evaluated_at: Option<DateTime<Utc>>,
}

/// A customer in bill-paying programmes. Amounts and bills to come are those of all programmes they are in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CustomerProgramme {
    /// Key of the one whose bills are worth most.
    #[schema(example = "membership")]
    pub key: String,
    /// Its names as they are now; empty when it was taken away since.
    pub name_zh: String,
    pub name_en: String,
    /// Bills paid in a row.
    pub paid: i64,
    /// Bills still expected, within ten years.
    pub remaining: Option<f64>,
    /// The part of `lifetime_value` that is bills.
    pub value: Option<Money>,
    /// All bills still expected, discounted.
    pub residual_value: Option<Money>,
}

/// A buyer of goods that nobody buys often.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CustomerDurable {
    /// Key of the group they bought of last.
    #[schema(example = "family_car")]
    pub key: String,
    /// Its names as they are now; empty when it was taken away since.
    pub name_zh: String,
    pub name_en: String,
    /// What a buyer of it is expected to bring yet, in all the years to come: units × price + parts + service + finance.
    /// Not in `lifetime_value`.
    pub value: Option<Money>,
}

/// Scores 1 (worst) to 5 (best) among the customers of the unit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = RfmScores)]
pub struct RfmView {
    pub r: i32,
    pub f: i32,
    pub m: i32,
    #[schema(example = "545")]
    pub code: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ValueView {
    /// 0–100, to one decimal.
    pub score: Option<f64>,
    #[schema(value_type = crate::shape::ValueClass)]
    pub class: String,
    pub parts: Vec<ValuePartView>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ValuePartView {
    #[schema(value_type = crate::shape::ValuePartKey)]
    pub key: String,
    /// After rescaling over the known parts, 0–1.
    pub weight: f64,
    /// 0–100 among the customers of the unit.
    pub percentile: f64,
}

/// What is true for all customers of one answer.
struct Basis {
    evaluations: HashMap<UnitId, (EvaluationRow, ValueWeights)>,
    currency: String,
    programmes: Vec<ProgrammeSettings>,
    durables: Vec<DurableSettings>,
    today: NaiveDate,
}

impl Basis {
    fn read(cx: &Cx, db: &mut Db) -> AppResult<Self> {
        let latest = evaluations_latest(db, None)?.into_iter().map(|row| {
            let settings: InsightSettings = serde_json::from_value(row.settings.clone()).unwrap_or_default();
            (row.unit_id, (row, settings.value_weights))
        });
        let company = cx.company()?;
        Ok(Self {
            evaluations: latest.collect(),
            currency: company.currency.clone(),
            programmes: company.settings.insight.programmes.clone(),
            durables: company.settings.insight.durables.clone(),
            today: cx.today()?,
        })
    }

    fn programme(&self, row: &MetricRow) -> Option<CustomerProgramme> {
        let key = row.programme.clone()?;
        let now = self.programmes.iter().find(|one| one.key == key);
        let money = |minor: i64| Money::of(minor, &self.currency);
        Some(CustomerProgramme {
            name_zh: now.map(|one| one.name_zh.clone()).unwrap_or_default(),
            name_en: now.map(|one| one.name_en.clone()).unwrap_or_default(),
            key,
            paid: row.programme_paid.unwrap_or(0),
            remaining: row.programme_remaining,
            value: row.programme_value.map(money),
            residual_value: row.residual_value.map(money),
        })
    }

    fn durable(&self, row: &MetricRow) -> Option<CustomerDurable> {
        let key = row.durable.clone()?;
        let now = self.durables.iter().find(|one| one.key == key);
        Some(CustomerDurable {
            name_zh: now.map(|one| one.name_zh.clone()).unwrap_or_default(),
            name_en: now.map(|one| one.name_en.clone()).unwrap_or_default(),
            key,
            value: row.durable_value.map(|minor| Money::of(minor, &self.currency)),
        })
    }

    fn view(&self, row: MetricRow) -> Metrics {
        let evaluation = self.evaluations.get(&row.unit_id);
        let as_of = evaluation.map_or(self.today, |(evaluation, _)| evaluation.as_of);
        let days = |on: Option<NaiveDate>| on.map(|on| (as_of - on).num_days().max(0));
        let money = |minor: i64| Money::of(minor, &self.currency);
        let (programme, durable) = (self.programme(&row), self.durable(&row));
        let rfm = match (row.rfm_r, row.rfm_f, row.rfm_m) {
            (Some(r), Some(f), Some(m)) => Some(RfmView { r, f, m, code: format!("{r}{f}{m}") }),
            _ => None,
        };
        Metrics {
            first_order_on: row.first_order_on,
            last_order_on: row.last_order_on,
            recency_days: days(row.last_order_on),
            order_days: row.order_days,
            orders: row.orders,
            gross: money(row.gross),
            net: money(row.net),
            returns: money(row.returns),
            cost: money(row.cost),
            margin: (row.costs_unknown == 0).then(|| money(row.net - row.cost)),
            mean_gap_days: row.mean_gap_days,
            median_gap_days: row.median_gap_days,
            products: row.products,
            categories: row.categories,
            discount_share: (row.gross > 0).then(|| row.discount as f64 / row.gross as f64),
            open_balance: money(row.open_balance),
            tenure_days: days(row.first_order_on),
            last_contact_at: row.last_contact_at,
            contacts_30: row.contacts_30,
            contacts_90: row.contacts_90,
            contacts_365: row.contacts_365,
            rfm,
            abc: row.abc.clone(),
            value: evaluation.and_then(|(_, weights)| value_view(&row, weights)),
            stage: row.stage,
            expected_purchases: row.expected_purchases,
            alive: row.alive,
            no_purchase: row.no_purchase,
            horizon_days: row.horizon_days,
            lifetime_value: row.lifetime_value.map(money),
            programme,
            durable,
            lifetime_basis: row.lifetime_basis,
            wallet_share: row.wallet_share,
            past_value: row.past_value.map(money),
            lifecycle: row.lifecycle,
            lifecycle_since: row.lifecycle_since,
            lifecycle_reason: row.lifecycle_reason,
            loyalty_class: row.loyalty_class,
            matrix: row.matrix,
            situation: row.situation,
            risk: row.risk,
            warned_on: row.warned_on,
            as_of,
            evaluated_at: evaluation.and_then(|(evaluation, _)| evaluation.finished_at),
        }
    }
}

fn value_view(row: &MetricRow, weights: &ValueWeights) -> Option<ValueView> {
    let class = row.value_class.clone()?;
    let stored: Vec<Option<f64>> = row.value_parts.clone().and_then(|parts| serde_json::from_value(parts).ok())?;
    let mut percentiles = [f32::NAN; 5];
    for (slot, percentile) in percentiles.iter_mut().zip(stored) {
        *slot = percentile.map_or(f32::NAN, |percentile| percentile as f32);
    }
    let value = CustomerValue { score: row.value_score, class: ValueClass::Small, percentiles };
    let part = |share: ValueShare| ValuePartView {
        key: share.key.key().into(),
        weight: share.weight,
        percentile: super::score::rounded(share.percentile),
    };
    let parts = value.parts(weights).into_iter().map(part).collect();
    Some(ValueView { score: row.value_score, class, parts })
}

/// A customer without a row has figures of nothing bought.
fn blank(party_id: PartyId, unit_id: UnitId) -> MetricRow {
    MetricRow {
        party_id,
        unit_id,
        owner_id: None,
        first_order_on: None,
        last_order_on: None,
        order_days: 0,
        orders: 0,
        gross: 0,
        net: 0,
        discount: 0,
        returns: 0,
        cost: 0,
        costs_unknown: 0,
        open_balance: 0,
        products: 0,
        categories: 0,
        mean_gap_days: None,
        median_gap_days: None,
        last_contact_at: None,
        contacts_30: 0,
        contacts_90: 0,
        contacts_365: 0,
        rfm_r: None,
        rfm_f: None,
        rfm_m: None,
        abc: None,
        value_score: None,
        value_class: None,
        value_parts: None,
        stage: None,
        expected_purchases: None,
        alive: None,
        no_purchase: None,
        horizon_days: None,
        lifetime_value: None,
        lifetime_basis: None,
        programme: None,
        programme_paid: None,
        programme_remaining: None,
        programme_value: None,
        residual_value: None,
        durable: None,
        durable_value: None,
        wallet_share: None,
        past_value: None,
        lifecycle: None,
        lifecycle_since: None,
        lifecycle_reason: None,
        loyalty_class: None,
        matrix: None,
        situation: None,
        risk: None,
        warned_on: None,
    }
}

/// Metrics of customers that the caller was found to see. Every id has an entry.
pub fn metrics_of(cx: &Cx, db: &mut Db, ids: &[PartyId]) -> AppResult<HashMap<PartyId, Metrics>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let basis = Basis::read(cx, db)?;
    let mut rows: HashMap<PartyId, MetricRow> =
        metrics_get(db, ids)?.into_iter().map(|row| (row.party_id, row)).collect();
    let one = |id: &PartyId| {
        let row = rows.remove(id).unwrap_or_else(|| blank(*id, cx.actor.unit_id));
        (*id, basis.view(row))
    };
    Ok(ids.iter().map(one).collect())
}

/// The day that filters on `metrics.recency_days` and `metrics.tenure_days` count to: that of the last evaluation of the
/// caller's unit, as the screen shows it; today before the first.
pub fn metric_day(cx: &Cx, db: &mut Db) -> AppResult<NaiveDate> {
    let latest = evaluations_latest(db, Some(cx.actor.unit_id))?.pop();
    latest.map_or_else(|| cx.today(), |evaluation| Ok(evaluation.as_of))
}
