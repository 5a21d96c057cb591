//! The bills among what customers bought: per programme when they were paid and how much they came to, and what is left
//! of a customer's days without them.

use std::collections::HashMap;

use chrono::NaiveDate;
use regulars_analytics::lifetime::contract::{Contract, contracts};
use regulars_domain::ids::PartyId;
use regulars_domain::sales::CountsWhen;
use regulars_persistence::Db;
use regulars_persistence::insight::bill::{BillLineRow, bill_lines_of};
use regulars_persistence::insight::counter::BATCH;
use regulars_persistence::insight::days::DayRow;
use regulars_persistence::insight::past::PastDay;

use super::settings::ProgrammeSettings;
use crate::AppResult;
use crate::insight::goods::Goods;

/// The programmes of a company with the goods that are their bills.
#[derive(Debug, Clone, Default)]
pub struct Programmes {
    /// By place in the settings.
    pub settings: Vec<ProgrammeSettings>,
    goods: Goods,
}

impl Programmes {
    pub fn read(db: &mut Db, settings: &[ProgrammeSettings]) -> AppResult<Self> {
        Ok(Self { settings: settings.to_vec(), goods: Goods::read(db, settings)? })
    }

    /// The programme that a line is a bill of.
    fn of(&self, line: &BillLineRow) -> Option<usize> {
        self.goods.group_of(line.product_id, line.category_id)
    }

    /// What the bills of customers tell, by customer; those without any have no entry.
    pub fn billed(
        &self,
        db: &mut Db,
        ids: &[PartyId],
        (when, as_of): (CountsWhen, NaiveDate),
        past: Option<&PastDay>,
    ) -> AppResult<HashMap<PartyId, Billed>> {
        let mut out: HashMap<PartyId, Billed> = HashMap::new();
        if self.settings.is_empty() {
            return Ok(out);
        }
        let (products, categories) = (self.goods.products(), self.goods.categories());
        for some in ids.chunks(BATCH) {
            let lines = bill_lines_of(db, some, (&products, &categories), when, past)?;
            let known: Vec<BillLineRow> = lines.into_iter().filter(|line| line.on <= as_of).collect();
            for order in known.chunk_by(|one, other| one.order_id == other.order_id) {
                out.entry(order[0].party_id).or_default().add(order, self);
            }
        }
        Ok(out)
    }
}

/// The bills of one customer.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Billed {
    /// By programme: the days, rising, and what was paid on them in minor units.
    pub programmes: Vec<(usize, Vec<(NaiveDate, i64)>)>,
    /// What the bills of a day come to, and how many orders of it are nothing but bills.
    days: HashMap<NaiveDate, (i64, i64)>,
}

impl Billed {
    /// The lines of one order that may be bills. An order that was given back whole has paid none.
    fn add(&mut self, lines: &[BillLineRow], programmes: &Programmes) {
        let Some(first) = lines.first() else { return };
        let mut bills = 0;
        let mut parts: Vec<(usize, i64)> = Vec::new();
        for line in lines {
            let Some(place) = programmes.of(line) else { continue };
            bills += 1;
            match parts.iter_mut().find(|(known, _)| *known == place) {
                Some((_, amount)) => *amount += line.amount,
                None => parts.push((place, line.amount)),
            }
        }
        // What is discounted on a whole order, and what was returned of it, is each line's by its part.
        let share = |amount: i64| match first.total {
            0 => 0,
            total => i64::try_from(i128::from(first.net) * i128::from(amount) / i128::from(total)).unwrap_or(0),
        };
        let day = self.days.entry(first.on).or_default();
        if bills == first.lines {
            *day = (day.0 + first.net, day.1 + 1);
        } else {
            day.0 += parts.iter().map(|(_, amount)| share(*amount)).sum::<i64>();
        }
        for (place, amount) in parts.into_iter().filter(|_| first.net > 0 || first.total == 0) {
            let at = self.programmes.iter().position(|(known, _)| *known == place).unwrap_or_else(|| {
                self.programmes.push((place, Vec::new()));
                self.programmes.len() - 1
            });
            let paid = &mut self.programmes[at].1;
            match paid.last_mut() {
                Some((on, sum)) if *on == first.on => *sum += share(amount),
                _ => paid.push((first.on, share(amount))),
            }
        }
    }

    /// The days of a customer without their bills.
    pub fn without(&self, days: &[DayRow]) -> Vec<DayRow> {
        let rest = |day: &DayRow| {
            let (bills, orders) = self.days.get(&day.on).copied().unwrap_or_default();
            (day.orders > orders).then(|| DayRow { net: day.net - bills, orders: day.orders - orders, ..*day })
        };
        days.iter().filter_map(rest).collect()
    }

    /// The contracts that run as of a day.
    pub fn running(&self, settings: &[ProgrammeSettings], as_of: NaiveDate) -> Vec<Running> {
        let one = |(programme, paid): &(usize, Vec<(NaiveDate, i64)>)| {
            let days: Vec<NaiveDate> = paid.iter().map(|(on, _)| *on).collect();
            let contract = contracts(&days, settings.get(*programme)?.terms(), as_of).pop().filter(|one| !one.left)?;
            let sum: i64 = paid.iter().filter(|(on, _)| *on >= contract.first_on).map(|(_, amount)| amount).sum();
            Some(Running { programme: *programme, contract, bill: sum as f64 / f64::from(contract.paid) })
        };
        self.programmes.iter().filter_map(one).collect()
    }
}

/// A contract that runs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Running {
    /// By place in the settings.
    pub programme: usize,
    pub contract: Contract,
    /// What a period's bill comes to, minor units.
    pub bill: f64,
}
