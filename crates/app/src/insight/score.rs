//! Scores of one unit's customers as of a day: the analytics, fed with columns.

use chrono::NaiveDate;
use regulars_analytics::abc::{Abc, abc};
use regulars_analytics::rfm::{Rfm, RfmColumns, rfm_by_thresholds, rfm_quintiles};
use regulars_analytics::stage::{Stage, StageFacts, stage};
use regulars_analytics::value::{CustomerValue, values};
use regulars_domain::ids::PartyId;

use super::history::Bought;
use super::outlook::{Ahead, Basis, Outlook, Standing, known_risk, outlook, potentials};
use super::programme::bills::Running;
use super::settings::{InsightSettings, RfmMode};

/// What scoring looks at for one customer. Amounts are minor units of the company's currency.
#[derive(Debug, Clone, PartialEq)]
pub struct Fact {
    pub id: PartyId,
    pub first_order_on: Option<NaiveDate>,
    pub last_order_on: Option<NaiveDate>,
    pub order_days: u32,
    pub net: i64,
    /// `None` when the cost of an order is unknown.
    pub margin: Option<i64>,
    pub categories: u32,
    pub median_gap_days: Option<f64>,
    /// Net revenue of the last year less that of the year before; `None` for who is younger than a year.
    pub growth: Option<i64>,
    /// Discounts as a part of the gross, 0–1.
    pub discount_share: Option<f64>,
    /// Contacts of the last 90 days.
    pub contacts_90: i64,
    /// What their days of buying tell; `None` for who bought nothing.
    pub bought: Option<Bought>,
    /// Whether they ever paid a programme's bill.
    pub billed: bool,
    /// The contracts that run.
    pub running: Vec<Running>,
    /// The group of durables they bought of last, by place in the settings.
    pub durable: Option<usize>,
    /// Our part of what they buy in a year, 0–1; `None` where nobody asked.
    pub wallet_share: Option<f64>,
    /// The rank of their credit grade.
    pub credit: Option<f64>,
    /// What stands from the evaluation before.
    pub standing: Standing,
}

/// RFM, ABC and value are of buyers only; everybody has a stage.
#[derive(Debug, Clone, PartialEq)]
pub struct Score {
    pub rfm: Option<Rfm>,
    pub abc: Option<Abc>,
    pub value: Option<CustomerValue>,
    pub stage: Stage,
    pub outlook: Option<Outlook>,
    /// By place in the settings.
    pub durable: Option<usize>,
    pub wallet_share: Option<f64>,
}

/// Whole days from a date to another; 0 without one.
pub fn days_since(as_of: NaiveDate, on: Option<NaiveDate>) -> i32 {
    on.map_or(0, |on| i32::try_from((as_of - on).num_days().max(0)).unwrap_or(i32::MAX))
}

/// Scores of all facts, in their order, as one population.
pub fn scores(facts: &[Fact], as_of: NaiveDate, settings: &InsightSettings, basis: &Basis) -> Vec<Score> {
    let ahead = potentials(facts, as_of, settings, basis);
    let buyers: Vec<usize> = (0..facts.len()).filter(|at| facts[*at].order_days > 0).collect();
    let column = |value: &dyn Fn(&Fact) -> f64| -> Vec<f64> { buyers.iter().map(|at| value(&facts[*at])).collect() };
    let net: Vec<i64> = buyers.iter().map(|at| facts[*at].net).collect();
    let ids: Vec<PartyId> = buyers.iter().map(|at| facts[*at].id).collect();
    let rfm = rfm(facts, &buyers, &net, as_of, settings);
    let abc = abc(&ids, &net, settings.abc_cuts);
    let known = |amount: Option<i64>| amount.map_or(f64::NAN, |amount| amount as f64);
    let sales = column(&|fact| fact.net as f64);
    let growth = column(&|fact| known(fact.growth));
    let profit = column(&|fact| known(fact.margin));
    let lifetime: Vec<f64> = buyers.iter().map(|at| ahead[*at].map_or(f64::NAN, |ahead| ahead.value as f64)).collect();
    let credit = column(&|fact| fact.credit.unwrap_or(f64::NAN));
    let columns = [&sales[..], &lifetime, &growth, &credit, &profit];
    let values = values(buyers.len(), columns, &settings.value_weights, &settings.value_cutoffs);
    let mut out: Vec<Score> = facts
        .iter()
        .zip(&ahead)
        .map(|(fact, ahead)| Score {
            rfm: None,
            abc: None,
            value: None,
            stage: stage_of(fact, ahead.as_ref(), as_of, settings),
            outlook: None,
            durable: fact.durable,
            wallet_share: fact.wallet_share,
        })
        .collect();
    for (row, at) in buyers.into_iter().enumerate() {
        out[at].rfm = Some(rfm[row]);
        out[at].abc = Some(abc[row]);
        out[at].value = Some(values[row]);
        out[at].outlook =
            facts[at].bought.as_ref().zip(ahead[at]).map(|(bought, ahead)| {
                outlook((&facts[at], bought), (ahead, &values[row]), as_of, settings, basis.judge)
            });
    }
    out
}

fn rfm(facts: &[Fact], buyers: &[usize], net: &[i64], as_of: NaiveDate, settings: &InsightSettings) -> Vec<Rfm> {
    let recency: Vec<i32> = buyers.iter().map(|at| days_since(as_of, facts[*at].last_order_on)).collect();
    let frequency: Vec<u32> = buyers.iter().map(|at| facts[*at].order_days).collect();
    let columns = RfmColumns { recency_days: &recency, frequency: &frequency, monetary: net };
    match settings.rfm_mode {
        RfmMode::Quintile => rfm_quintiles(columns),
        RfmMode::Threshold => rfm_by_thresholds(columns, &settings.rfm_thresholds),
    }
}

fn stage_of(fact: &Fact, ahead: Option<&Ahead>, as_of: NaiveDate, settings: &InsightSettings) -> Stage {
    let facts = StageFacts {
        order_days: fact.order_days,
        tenure_days: days_since(as_of, fact.first_order_on),
        recency_days: days_since(as_of, fact.last_order_on),
        median_gap_days: fact.median_gap_days,
        categories: fact.categories,
        wallet_share: fact.wallet_share,
        no_purchase: known_risk(fact, ahead),
        ..StageFacts::default()
    };
    stage(&facts, &settings.stage_thresholds).0
}

/// One decimal: what is stored and shown, so that a customer's row changes only when its score does.
pub fn rounded(score: f64) -> f64 {
    (score * 10.0).round() / 10.0
}
