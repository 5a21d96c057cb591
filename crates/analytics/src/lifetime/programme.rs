//! A bill-paying programme as a whole: cohorts, how many renew, the shifted beta-geometric fitted to them, its trial
//! on days held out. Where the model may not be used the rate at which bills were renewed stands in its place, and
//! that is said.

use std::collections::BTreeMap;

use chrono::{Months, NaiveDate};
use serde::{Deserialize, Serialize};

use super::Fit;
use super::contract::{Contract, Terms, contracts};
use super::subscription::{Subscription, subscription_fit};

/// Contracts with a decided renewal that a model needs to be believed.
pub const LEAST_CONTRACTS: u64 = 50;
/// Renewals in a row that somebody must have had the chance to make.
pub const LEAST_PERIODS: u32 = 3;
/// Months whose bills make up the value.
const YEAR: u32 = 12;
/// Months after which what is still to come is not counted any more.
pub const MOST_MONTHS: u32 = 120;
/// Cohorts that are kept, the latest.
pub const MOST_COHORTS: usize = 36;
/// Renewals shown one by one.
const MOST_RENEWALS: u32 = 60;
/// Mean days of a month.
const MONTH_DAYS: f64 = 30.4375;

/// Why the model is not used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BillShortfall {
    /// Fewer than [`LEAST_CONTRACTS`] had a renewal to make.
    TooFewContracts,
    /// Nobody had [`LEAST_PERIODS`] renewals to make.
    TooFewPeriods,
    /// Nobody has left, so nothing tells how people differ.
    NobodyLeft,
    /// The search for parameters arrived nowhere, as when everybody leaves at the same rate.
    NoConvergence,
}

impl BillShortfall {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::TooFewContracts, Self::TooFewPeriods, Self::NobodyLeft, Self::NoConvergence];

    /// Stable name.
    pub fn key(self) -> &'static str {
        match self {
            Self::TooFewContracts => "too_few_contracts",
            Self::TooFewPeriods => "too_few_periods",
            Self::NobodyLeft => "nobody_left",
            Self::NoConvergence => "no_convergence",
        }
    }
}

/// One renewal: of those who had the chance to make it, who did.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Renewal {
    /// 1 is the second bill.
    pub renewal: u32,
    /// Contracts of which one knows whether they were renewed.
    pub at_risk: u64,
    /// Those that were.
    pub renewed: u64,
    /// Share of all that is still there, of the shares renewed so far.
    pub staying: f64,
}

/// Those whose first bill lies in one period of the calendar.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BillCohort {
    /// First day of the period.
    pub from: NaiveDate,
    /// How many paid bill 1, 2, 3, …, as far as it is known of all of them.
    pub paying: Vec<u64>,
}

/// What was found of a programme.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ProgrammeModel {
    /// Contracts ever begun.
    pub contracts: u64,
    /// Those that ended.
    pub left: u64,
    /// Also kept when it is not used, to be looked at.
    pub fit: Option<Fit<Subscription>>,
    /// Renewals ÷ chances to renew, over all.
    pub rate: Option<f64>,
    /// `None`: the model is used.
    pub shortfall: Option<BillShortfall>,
    pub renewals: Vec<Renewal>,
    pub cohorts: Vec<BillCohort>,
    /// Contracts that run, by bills paid.
    pub running: BTreeMap<u32, u64>,
}

/// How likely renewals are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Retention {
    /// By the model.
    Model(Subscription),
    /// The same for everybody.
    Rate(f64),
}

impl Retention {
    /// The share of those who made renewal `n` − 1 that makes renewal `n` ≥ 1.
    pub fn renewal(&self, n: u32) -> f64 {
        match self {
            Self::Model(model) => model.retention(n),
            Self::Rate(rate) => *rate,
        }
    }

    /// What is still expected of somebody who has just paid bill number `paid`, the next one due a period from now.
    pub fn outlook(&self, paid: u32, months: u32, monthly_rate: f64) -> (f64, f64) {
        let factor = (1.0 + monthly_rate).powi(-(months as i32));
        let (mut staying, mut discount, mut bills, mut worth) = (1.0, 1.0, 0.0, 0.0);
        for ahead in 0..MOST_MONTHS / months.max(1) {
            staying *= self.renewal(paid + ahead);
            discount *= factor;
            bills += staying;
            worth += staying * discount;
        }
        (bills, worth)
    }
}

/// What is expected of one running contract. Counts are bills; worth is in bills too, discounted.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct BillsAhead {
    /// That the next bill is paid.
    pub next: f64,
    /// Bills within so many days.
    pub horizon: f64,
    /// Bills of the next twelve months, discounted.
    pub year: f64,
    /// Bills still to come.
    pub remaining: f64,
    /// The same discounted.
    pub residual: f64,
}

impl ProgrammeModel {
    /// Finds what the bills of a programme's customers tell, a list of rising days each.
    pub fn fit(customers: &[Vec<NaiveDate>], terms: Terms, as_of: NaiveDate) -> Self {
        let all: Vec<Contract> = customers.iter().flat_map(|bills| contracts(bills, terms, as_of)).collect();
        let most = all.iter().map(|one| one.decided).max().unwrap_or(0) as usize;
        let (mut lost, mut staying) = (vec![0u64; most], vec![0u64; most]);
        let mut running = BTreeMap::new();
        for one in &all {
            if one.left {
                lost[one.paid as usize - 1] += 1;
            } else {
                *running.entry(one.paid).or_default() += 1;
                if one.decided > 0 {
                    staying[one.decided as usize - 1] += 1;
                }
            }
        }
        let told = lost.iter().chain(&staying).sum::<u64>();
        let left = lost.iter().sum::<u64>();
        let fit = (told > 0).then(|| subscription_fit(&lost, &staying).ok()).flatten();
        let renewals = renewals(&lost, &staying);
        let chances: u64 = renewals.iter().map(|one| one.at_risk).sum();
        let shortfall = if told < LEAST_CONTRACTS {
            Some(BillShortfall::TooFewContracts)
        } else if (most as u32) < LEAST_PERIODS {
            Some(BillShortfall::TooFewPeriods)
        } else if left == 0 {
            Some(BillShortfall::NobodyLeft)
        } else {
            fit.is_none().then_some(BillShortfall::NoConvergence)
        };
        Self {
            contracts: all.len() as u64,
            left,
            fit,
            rate: (chances > 0).then(|| 1.0 - left as f64 / chances as f64),
            shortfall,
            renewals: renewals.into_iter().take(MOST_RENEWALS as usize).collect(),
            cohorts: cohorts(&all, terms, as_of),
            running,
        }
    }

    /// How likely renewals are; `None` where nothing is known at all.
    pub fn retention(&self) -> Option<Retention> {
        match self.fit {
            Some(fit) if self.shortfall.is_none() => Some(Retention::Model(fit.parameters)),
            _ => self.rate.map(Retention::Rate),
        }
    }

    /// What is expected of a running contract.
    pub fn ahead(
        &self,
        one: &Contract,
        terms: Terms,
        as_of: NaiveDate,
        (monthly_rate, horizon_days): (f64, i64),
    ) -> Option<BillsAhead> {
        let retention = self.retention()?;
        let year_end = as_of.checked_add_months(Months::new(YEAR))?;
        let end = as_of.checked_add_months(Months::new(MOST_MONTHS))?;
        let ln = monthly_rate.ln_1p();
        let mut out = BillsAhead { next: retention.renewal(one.paid), ..BillsAhead::default() };
        let mut staying = 1.0;
        for n in one.paid.. {
            let due = terms.due(one.first_on, n).max(as_of);
            if due > end {
                break;
            }
            staying *= retention.renewal(n);
            let days = (due - as_of).num_days();
            let worth = staying * (-ln * days as f64 / MONTH_DAYS).exp();
            out.remaining += staying;
            out.residual += worth;
            if due <= year_end {
                out.year += worth;
            }
            if days <= horizon_days {
                out.horizon += staying;
            }
        }
        Some(out)
    }
}

fn renewals(lost: &[u64], staying: &[u64]) -> Vec<Renewal> {
    let mut at_risk: u64 = lost.iter().chain(staying).sum();
    let mut share = 1.0;
    (1..)
        .zip(lost.iter().zip(staying))
        .map(|(renewal, (lost, staying))| {
            let renewed = at_risk - lost;
            share *= renewed as f64 / at_risk.max(1) as f64;
            let one = Renewal { renewal, at_risk, renewed, staying: share };
            at_risk = renewed - staying;
            one
        })
        .collect()
}

fn cohorts(all: &[Contract], terms: Terms, as_of: NaiveDate) -> Vec<BillCohort> {
    let mut by_start: BTreeMap<NaiveDate, Vec<&Contract>> = BTreeMap::new();
    for one in all {
        by_start.entry(terms.calendar_start(one.first_on)).or_default().push(one);
    }
    let skipped = by_start.len().saturating_sub(MOST_COHORTS);
    by_start
        .into_iter()
        .skip(skipped)
        .map(|(from, members)| {
            let latest = members.iter().map(|one| one.first_on).max().unwrap_or(from);
            let known = |n: &u32| *n == 0 || terms.decided(latest, *n, as_of);
            let paid = |n: u32| members.iter().filter(|one| one.paid > n).count() as u64;
            BillCohort { from, paying: (0..MOST_RENEWALS).take_while(known).map(paid).collect() }
        })
        .collect()
}

/// One renewal ahead in the days held out.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct HeldOut {
    /// 1 is the next renewal.
    pub ahead: u32,
    /// Contracts of which one knows whether they came so far.
    pub count: u64,
    /// How many were expected to, by the model.
    pub expected: f64,
    /// By the mean rate of renewal.
    pub by_rate: f64,
    /// How many did.
    pub actual: u64,
}

/// The trial: fitted to what was known before the days held out, judged by the renewals decided in them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BillTrial {
    /// Where the days held out begin.
    pub held_from: NaiveDate,
    /// Contracts that ran then.
    pub contracts: u64,
    /// Bills expected in the days held out.
    pub expected: f64,
    pub by_rate: f64,
    /// Bills paid in them.
    pub actual: u64,
    pub steps: Vec<HeldOut>,
    /// Whether the model came nearer, renewal by renewal, than the mean rate.
    pub model_nearer: bool,
}

/// Tries the model on the days after `held_from`; `None` where it could not be fitted to what was before, or nothing
/// was decided since.
pub fn bill_trial(
    customers: &[Vec<NaiveDate>],
    terms: Terms,
    as_of: NaiveDate,
    held_from: NaiveDate,
) -> Option<BillTrial> {
    let before = ProgrammeModel::fit(customers, terms, held_from);
    let model = before.fit.filter(|_| before.shortfall.is_none())?.parameters;
    let rate = before.rate?;
    let mut steps: Vec<HeldOut> = Vec::new();
    let mut count = 0;
    for bills in customers {
        let now = contracts(bills, terms, as_of);
        let ran = contracts(bills, terms, held_from).into_iter().rfind(|one| !one.left);
        let Some((ran, now)) = ran.and_then(|ran| Some((ran, now.iter().find(|one| one.first_on == ran.first_on)?)))
        else {
            continue;
        };
        count += 1;
        let (mut by_model, mut by_rate) = (1.0, 1.0);
        for n in (ran.paid..).take_while(|n| terms.decided(ran.first_on, *n, as_of)) {
            by_model *= model.retention(n);
            by_rate *= rate;
            let at = (n - ran.paid) as usize;
            if at == steps.len() {
                steps.push(HeldOut { ahead: at as u32 + 1, count: 0, expected: 0.0, by_rate: 0.0, actual: 0 });
            }
            let step = &mut steps[at];
            step.count += 1;
            step.expected += by_model;
            step.by_rate += by_rate;
            step.actual += u64::from(now.paid > n);
        }
    }
    if steps.is_empty() {
        return None;
    }
    let off = |said: fn(&HeldOut) -> f64| steps.iter().map(|one| (said(one) - one.actual as f64).abs()).sum::<f64>();
    Some(BillTrial {
        held_from,
        contracts: count,
        expected: steps.iter().map(|one| one.expected).sum(),
        by_rate: steps.iter().map(|one| one.by_rate).sum(),
        actual: steps.iter().map(|one| one.actual).sum(),
        model_nearer: off(|one| one.expected) <= off(|one| one.by_rate),
        steps,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Fader & Hardie (2007), table 1, the "high end" segment: of 1,000 who began, how many were there 1 to 7 years on.
    const HIGH_END: [usize; 8] = [1000, 869, 743, 653, 593, 551, 517, 491];
    const YEARLY: Terms = Terms { months: 12, grace_days: 30 };

    fn day(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).expect("a day")
    }

    fn published() -> Vec<Vec<NaiveDate>> {
        let years = |place: usize| HIGH_END.iter().take_while(|left| place < **left).count() as i32;
        (0..1000).map(|place| (0..years(place)).map(|year| day(2015 + year, 3, 1)).collect()).collect()
    }

    #[test]
    fn the_published_cohort_comes_out() {
        let model = ProgrammeModel::fit(&published(), YEARLY, day(2022, 6, 1));
        let fit = model.fit.expect("parameters");
        assert!((fit.parameters.alpha - 0.668_088).abs() < 1e-5, "{fit:?}");
        assert!((fit.parameters.beta - 3.806_095).abs() < 1e-5);
        assert!((fit.log_likelihood + 1_611.158_15).abs() < 1e-4);
        assert_eq!((model.contracts, model.left, model.shortfall), (1000, 509, None));
        assert_eq!(model.cohorts, [BillCohort { from: day(2015, 1, 1), paying: HIGH_END.map(|n| n as u64).to_vec() }]);
        assert_eq!(model.running, BTreeMap::from([(8, 491)]));
        for (one, left) in model.renewals.iter().zip(&HIGH_END[1..]) {
            assert_eq!(one.renewed, *left as u64);
            assert!((one.staying - *left as f64 / 1000.0).abs() < 1e-12);
        }
    }

    #[test]
    fn what_is_not_decided_does_not_count() {
        let model = ProgrammeModel::fit(&published(), YEARLY, day(2022, 3, 15));
        assert_eq!(model.renewals.len(), 6, "the seventh renewal is still in its days of grace");
        assert_eq!(model.cohorts[0].paying.len(), 7);
    }

    #[test]
    fn too_little_is_said_and_the_rate_stands_in() {
        let few = &published()[..20];
        let model = ProgrammeModel::fit(few, YEARLY, day(2022, 6, 1));
        assert_eq!(model.shortfall, Some(BillShortfall::TooFewContracts));
        assert_eq!(model.retention(), Some(Retention::Rate(1.0)));
        let early = ProgrammeModel::fit(&published(), YEARLY, day(2017, 1, 1));
        assert_eq!(early.shortfall, Some(BillShortfall::TooFewPeriods));
        assert!(early.rate.is_some_and(|rate| (rate - 0.869).abs() < 1e-12));
        assert_eq!(ProgrammeModel::fit(&[], YEARLY, day(2017, 1, 1)).retention(), None);
        let faithful = vec![vec![day(2015, 1, 1), day(2016, 1, 1), day(2017, 1, 1), day(2018, 1, 1)]; 60];
        assert_eq!(ProgrammeModel::fit(&faithful, YEARLY, day(2018, 6, 1)).shortfall, Some(BillShortfall::NobodyLeft));
    }

    #[test]
    fn what_is_ahead_agrees_with_the_closed_form() {
        let model = ProgrammeModel::fit(&published(), YEARLY, day(2022, 6, 1));
        let parameters = model.fit.expect("parameters").parameters;
        let retention = model.retention().expect("a retention");
        let (bills, worth) = retention.outlook(8, 12, 0.01);
        let yearly = 1.01f64.powi(12) - 1.0;
        // `residual` counts renewals made: seven after eight bills.
        assert!((worth - parameters.residual(7, yearly, 10)).abs() < 1e-9);
        assert!((bills - parameters.residual(7, 0.0, 10)).abs() < 1e-9);
        let one = contracts(&published()[0], YEARLY, day(2022, 6, 1))[0];
        let ahead = model.ahead(&one, YEARLY, day(2022, 6, 1), (0.01, 365)).expect("an outlook");
        assert_eq!(ahead.next, parameters.retention(8));
        assert_eq!(ahead.horizon, ahead.next);
        assert!(ahead.year < ahead.next && ahead.year > ahead.next * 0.9, "nine months off at 1 % a month");
        assert!((ahead.remaining - bills).abs() < 1e-9);
    }

    #[test]
    fn the_trial_beats_the_mean_rate_where_people_differ() {
        let trial = bill_trial(&published(), YEARLY, day(2022, 6, 1), day(2019, 6, 1)).expect("a trial");
        assert_eq!((trial.contracts, trial.steps.len()), (593, 3));
        assert_eq!(trial.steps.iter().map(|one| one.actual).collect::<Vec<_>>(), [551, 517, 491]);
        assert!(trial.model_nearer, "{trial:?}");
        assert!((trial.expected / trial.actual as f64 - 1.0).abs() < 0.08, "{trial:?}");
    }
}
