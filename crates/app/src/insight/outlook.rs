//! What is expected of a buyer and what that makes of them: lifetime value, lifecycle, loyalty class, matrix, situation,
//! risk. The decision tables are in `regulars_analytics`; here they get their facts.

use chrono::NaiveDate;
use regulars_analytics::churn::{RiskFacts, RiskReason, is_warned, reasons, risk};
use regulars_analytics::holdout::Judge;
use regulars_analytics::lifecycle::{Lifecycle, LifecycleFacts, LifecycleReason, lifecycle};
use regulars_analytics::lifetime::{Horizons, Model, Potential, Scorer, WEEK};
use regulars_analytics::loyalty::{LoyaltyBefore, LoyaltyClass, LoyaltyFacts, MatrixField, is_loyal, loyalty_class};
use regulars_analytics::situation::{Situation, SituationFacts, situation};
use regulars_analytics::value::{CustomerValue, ValueClass};

use super::history::Bought;
use super::programme::fit::{CustomerBills, ProgrammeFit, customer_bills};
use super::score::{Fact, days_since};
use super::settings::InsightSettings;

/// A buyer's outlook. Amounts are minor units.
#[derive(Debug, Clone, PartialEq)]
pub struct Outlook {
    pub potential: Ahead,
    pub past_value: i64,
    pub lifecycle: Option<(Lifecycle, LifecycleReason)>,
    pub loyalty: Option<LoyaltyClass>,
    pub matrix: MatrixField,
    pub situation: Option<Situation>,
    pub risk: Option<f64>,
    /// Whether a warning stands.
    pub warned: bool,
    /// Why, when one does.
    pub reasons: Vec<RiskReason>,
    pub yearly: i64,
}

/// A potential with money in minor units and the horizon it is for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ahead {
    pub expected: f64,
    pub alive: Option<f64>,
    pub no_purchase: Option<f64>,
    /// Within the own cycle, which is shorter than the horizon.
    pub no_purchase_cycle: Option<f64>,
    /// Of purchases and of bills.
    pub value: i64,
    pub horizon_days: i32,
    pub basis: LifetimeBasis,
    /// The part of it that is bills; `None` for who pays none now.
    pub bills: Option<CustomerBills>,
}

/// What a customer's lifetime value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LifetimeBasis {
    /// BG/NBD.
    Purchases,
    /// The customer's own past rate, where that model is not used.
    PastRate,
    /// The shifted beta-geometric of the bills they pay.
    Programme,
    /// The programme's rate of renewal, where that model is not used.
    ProgrammeRate,
    /// Bills and other purchases.
    Mixed,
}

impl LifetimeBasis {
    pub const ALL: [Self; 5] = [Self::Purchases, Self::PastRate, Self::Programme, Self::ProgrammeRate, Self::Mixed];

    pub fn key(self) -> &'static str {
        match self {
            Self::Purchases => "purchases",
            Self::PastRate => "past_rate",
            Self::Programme => "programme",
            Self::ProgrammeRate => "programme_rate",
            Self::Mixed => "mixed",
        }
    }
}

/// The models that judge a unit's customers, and what told best on its past.
#[derive(Debug, Clone, PartialEq)]
pub struct Basis {
    pub model: Option<Model>,
    /// By place in the settings.
    pub programmes: Vec<ProgrammeFit>,
    pub judge: Judge,
    /// Minor units of one unit of currency: 100 for yuan.
    pub minor: f64,
}

/// What stands of a customer from the evaluation before.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Standing {
    pub lifecycle: Option<Lifecycle>,
    pub since: Option<NaiveDate>,
    pub loyalty: Option<LoyaltyClass>,
    pub warned_on: Option<NaiveDate>,
}

/// Potentials of all buyers, in the order of `facts`; `None` for who bought nothing.
pub fn potentials(facts: &[Fact], as_of: NaiveDate, settings: &InsightSettings, basis: &Basis) -> Vec<Option<Ahead>> {
    let unfitted = Model::fit(&[], &[]);
    let model = basis.model.as_ref().unwrap_or(&unfitted);
    let horizons = Horizons {
        weeks: f64::from(settings.lifetime.horizon_days) / WEEK,
        monthly_rate: settings.lifetime.monthly_discount,
    };
    let mut scorer = Scorer::new(model, horizons);
    let mut one = |fact: &Fact, bought: &Bought| {
        let horizon_days = settings.churn_thresholds.own_horizon(fact.median_gap_days);
        let means = (bought.repeat_mean / basis.minor, bought.day_mean / basis.minor);
        let own = f64::from(horizon_days) / WEEK;
        let free = bought.history.map(|history| (history, scorer.score(&history, means.0, means.1, own)));
        let potential = free.map(|(_, potential)| potential);
        let cycle = fact.median_gap_days.map(|gap| gap.max(1.0) / WEEK);
        let no_purchase_cycle = free
            .zip(model.purchases_used())
            .zip(cycle)
            .map(|(((history, _), purchases), cycle)| purchases.no_purchase(&history, cycle));
        let bills = customer_bills(&fact.running, &basis.programmes, &settings.lifetime, as_of);
        let silent = |free_silent: Option<f64>| silence(fact, potential.is_some(), free_silent, bills);
        let of_bills = |of: fn(&CustomerBills) -> f64| bills.as_ref().map_or(0.0, of);
        Ahead {
            expected: potential.map_or(0.0, |one| one.expected) + of_bills(|bills| bills.horizon),
            alive: potential.and_then(|one| one.alive),
            no_purchase: silent(potential.and_then(|one| one.no_purchase)),
            no_purchase_cycle: silent(no_purchase_cycle),
            value: (potential.map_or(0.0, |one| one.value) * basis.minor + of_bills(|bills| bills.value)).round()
                as i64,
            horizon_days,
            basis: basis_of(fact, potential.as_ref(), model, (bills, basis)),
            bills,
        }
    };
    facts.iter().map(|fact| fact.bought.as_ref().map(|bought| one(fact, bought))).collect()
}

/// P(no purchase) of both kinds together: other purchases and bills are taken for independent.
fn silence(fact: &Fact, buys: bool, free: Option<f64>, bills: Option<CustomerBills>) -> Option<f64> {
    if !fact.billed {
        return free;
    }
    let missed = match bills {
        Some(bills) => bills.missed,
        None if fact.running.is_empty() => 1.0,
        None => return None,
    };
    if buys { free.map(|free| free * missed) } else { Some(missed) }
}

fn basis_of(
    fact: &Fact,
    free: Option<&Potential>,
    model: &Model,
    (bills, basis): (Option<CustomerBills>, &Basis),
) -> LifetimeBasis {
    // Of who has left, what the value of nothing comes from is the programme that any was in.
    let modelled =
        bills.map_or_else(|| basis.programmes.iter().any(|fit| fit.model.shortfall.is_none()), |b| b.modelled);
    match (fact.billed, free.is_some()) {
        (true, true) => LifetimeBasis::Mixed,
        (true, false) if modelled => LifetimeBasis::Programme,
        (true, false) => LifetimeBasis::ProgrammeRate,
        _ if model.purchases_used().is_some() => LifetimeBasis::Purchases,
        _ => LifetimeBasis::PastRate,
    }
}

/// P(no purchase) of those the model can tell of: who bought once has had no chance to leave.
pub fn known_risk(fact: &Fact, ahead: Option<&Ahead>) -> Option<f64> {
    ahead.filter(|_| fact.order_days >= 2).and_then(|ahead| ahead.no_purchase)
}

/// The outlook of a buyer.
pub fn outlook(
    (fact, bought): (&Fact, &Bought),
    (ahead, value): (Ahead, &CustomerValue),
    as_of: NaiveDate,
    settings: &InsightSettings,
    judge: Judge,
) -> Outlook {
    let recency_days = days_since(as_of, fact.last_order_on);
    let no_purchase = known_risk(fact, Some(&ahead));
    let life = LifecycleFacts {
        order_days: fact.order_days,
        tenure_days: days_since(as_of, fact.first_order_on),
        recency_days,
        median_gap_days: fact.median_gap_days,
        trend: bought.trend,
        no_purchase: ahead.no_purchase_cycle.filter(|_| fact.order_days >= 2),
    };
    let loyal = LoyaltyFacts {
        order_days: fact.order_days,
        recency_days,
        median_gap_days: fact.median_gap_days,
        no_purchase,
        categories: fact.categories,
        wallet_share: fact.wallet_share,
        discount_share: fact.discount_share,
        volume_percentile: Some(f64::from(value.percentiles[0])).filter(|percentile| !percentile.is_nan()),
        ..LoyaltyFacts::default()
    };
    let situated = SituationFacts {
        order_days: fact.order_days,
        recency_days,
        median_gap_days: fact.median_gap_days,
        no_purchase,
        wallet_share: fact.wallet_share,
        ..SituationFacts::default()
    };
    let risky = RiskFacts {
        order_days: fact.order_days,
        recency_days,
        median_gap_days: fact.median_gap_days,
        no_purchase,
        trend: bought.trend,
        contacts_90: Some(fact.contacts_90),
        ..RiskFacts::default()
    };
    let before = LoyaltyBefore::of(fact.standing.loyalty);
    let thresholds = &settings.churn_thresholds;
    let risk = risk(&risky, thresholds, judge);
    let stood = fact.standing.warned_on.is_some();
    let watched = stood || settings.warned_classes.contains(&value.class);
    let warned = watched && is_warned(risk, thresholds, stood);
    let valuable = matches!(value.class, ValueClass::Vip | ValueClass::Major);
    Outlook {
        potential: ahead,
        past_value: bought.past_value,
        lifecycle: lifecycle(&life, &settings.lifecycle_thresholds, fact.standing.lifecycle),
        loyalty: loyalty_class(&loyal, &settings.loyalty_thresholds, before),
        matrix: MatrixField::of(valuable, is_loyal(&loyal, &settings.loyalty_thresholds, before)),
        situation: situation(&situated, &settings.situation_thresholds),
        risk,
        warned,
        reasons: if warned { reasons(&risky, thresholds) } else { Vec::new() },
        yearly: bought.yearly,
    }
}
