//! The model of each programme of a unit, fitted with the other lifetime models, and what it says of one customer.

use std::collections::HashMap;

use chrono::{Days, NaiveDate};
use regulars_analytics::lifetime::programme::{BillTrial, BillsAhead, ProgrammeModel, bill_trial};
use regulars_domain::ids::PartyId;
use serde::{Deserialize, Serialize};

use super::bills::{Billed, Running};
use super::settings::ProgrammeSettings;
use crate::insight::settings::LifetimeSettings;

/// Longest month.
const MONTH: u64 = 31;

/// A programme as it was fitted; kept with the unit's model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ProgrammeFit {
    pub settings: ProgrammeSettings,
    pub model: ProgrammeModel,
    /// How it did on days held out; absent where there was too little before them.
    pub trial: Option<BillTrial>,
    /// What the mean bill comes to, minor units.
    pub bill: f64,
}

/// The bills that fits look at: by programme a list for each customer.
#[derive(Debug, Default)]
pub struct Collected(Vec<Vec<Vec<(NaiveDate, i64)>>>);

impl Collected {
    pub fn new(programmes: usize) -> Self {
        Self(vec![Vec::new(); programmes])
    }

    /// Takes in what some customers paid, in the order of their ids.
    pub fn add(&mut self, ids: &[PartyId], mut billed: HashMap<PartyId, Billed>) {
        for one in ids.iter().filter_map(|id| billed.remove(id)) {
            for (place, paid) in one.programmes {
                self.0[place].push(paid);
            }
        }
    }

    /// Fits every programme.
    pub fn fit(
        self,
        settings: &[ProgrammeSettings],
        lifetime: &LifetimeSettings,
        as_of: NaiveDate,
    ) -> Vec<ProgrammeFit> {
        let one = |(settings, paid): (&ProgrammeSettings, Vec<Vec<(NaiveDate, i64)>>)| {
            let terms = settings.terms();
            let days: Vec<Vec<NaiveDate>> =
                paid.iter().map(|bills| bills.iter().map(|(on, _)| *on).collect()).collect();
            // Long enough for one renewal to be decided.
            let least = u64::from(terms.months) * MONTH + u64::from(terms.grace_days) + 1;
            let held = least.max(lifetime.holdout_days.unsigned_abs().into());
            let held_from = as_of.checked_sub_days(Days::new(held)).unwrap_or(as_of);
            let (sum, count) =
                paid.iter().flatten().fold((0.0, 0u64), |(sum, count), (_, amount)| (sum + *amount as f64, count + 1));
            ProgrammeFit {
                model: ProgrammeModel::fit(&days, terms, as_of),
                trial: bill_trial(&days, terms, as_of, held_from),
                bill: sum / count.max(1) as f64,
                settings: settings.clone(),
            }
        };
        settings.iter().zip(self.0).map(one).collect()
    }
}

/// What is expected of the bills of one customer, all programmes together. Amounts are minor units.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CustomerBills {
    /// Place of the programme whose bills are worth most.
    pub programme: usize,
    pub paid: u32,
    /// Whether that programme's model is used, or its rate.
    pub modelled: bool,
    /// That no next bill is paid, in any programme.
    pub missed: f64,
    /// Bills within the company's horizon.
    pub horizon: f64,
    pub remaining: f64,
    pub value: f64,
    pub residual: f64,
}

/// Adds up what runs; `None` where nothing does or nothing is known of its programme.
pub fn customer_bills(
    running: &[Running],
    fits: &[ProgrammeFit],
    lifetime: &LifetimeSettings,
    as_of: NaiveDate,
) -> Option<CustomerBills> {
    let look = (lifetime.monthly_discount, i64::from(lifetime.horizon_days));
    let ahead = |one: &Running| -> Option<(Running, bool, BillsAhead)> {
        let fit = fits.get(one.programme)?;
        let ahead = fit.model.ahead(&one.contract, fit.settings.terms(), as_of, look)?;
        Some((*one, fit.model.shortfall.is_none(), ahead))
    };
    let known: Vec<(Running, bool, BillsAhead)> = running.iter().filter_map(ahead).collect();
    let worth = |(one, _, ahead): &(Running, bool, BillsAhead)| ahead.residual * one.bill;
    let (best, modelled, _) = known.iter().max_by(|one, other| worth(one).total_cmp(&worth(other)))?;
    let sum = |of: fn(&Running, &BillsAhead) -> f64| known.iter().map(|(one, _, ahead)| of(one, ahead)).sum::<f64>();
    Some(CustomerBills {
        programme: best.programme,
        paid: best.contract.paid,
        modelled: *modelled,
        missed: known.iter().map(|(_, _, ahead)| 1.0 - ahead.next).product(),
        horizon: sum(|_, ahead| ahead.horizon),
        remaining: sum(|_, ahead| ahead.remaining),
        value: sum(|one, ahead| ahead.year * one.bill),
        residual: sum(|one, ahead| ahead.residual * one.bill),
    })
}
