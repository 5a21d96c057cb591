//! What a customer's days of buying tell: the history that the models look at, trend, present value, the last year.

use std::collections::HashMap;

use chrono::{Days, NaiveDate};
use regulars_analytics::lifetime::History;
use regulars_analytics::lifetime::past::past_value;
use regulars_domain::ids::PartyId;
use regulars_domain::sales::CountsWhen;
use regulars_persistence::Db;
use regulars_persistence::insight::counter::BATCH;
use regulars_persistence::insight::days::{DayRow, days_of};
use regulars_persistence::insight::past::PastDay;

use crate::AppResult;

/// Own cycles compared with as many before them.
const TREND_CYCLES: f64 = 3.0;

/// What is known of one buyer as of a day. Means are minor units of the company's currency.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bought {
    /// Of what they buy besides bills; `None` for who buys nothing else.
    pub history: Option<History>,
    /// Spent besides bills on the mean day of repetition; 0 without repetition.
    pub repeat_mean: f64,
    /// Spent besides bills on the mean day.
    pub day_mean: f64,
    /// Spending of the last three own cycles against the three before.
    pub trend: Option<f64>,
    /// Contributions discounted to the day of the first order, less what was spent on the customer.
    pub past_value: i64,
    /// Spent in the year up to the day.
    pub yearly: i64,
}

impl Bought {
    /// From days that rise and are not after `as_of`, and what is left of them without bills; `None` without any.
    pub fn of(days: &[DayRow], free: &[DayRow], as_of: NaiveDate, yearly_rate: f64) -> Option<Self> {
        let (first, last) = (days.first()?, days.last()?);
        let cycle = (last.on - first.on).num_days() as f64 / (days.len() as f64 - 1.0).max(1.0);
        let net: i64 = free.iter().map(|day| day.net).sum();
        let begun = free.first().map_or(0, |day| day.net);
        let repeats = free.len().saturating_sub(1) as f64;
        let year_before = as_of.checked_sub_days(Days::new(365)).unwrap_or(as_of);
        let contributions = days.iter().map(|day| (day.on, day.contribution as f64));
        Some(Self {
            history: (!free.is_empty()).then(|| history_of(free, as_of)),
            repeat_mean: if repeats > 0.0 { (net - begun) as f64 / repeats } else { 0.0 },
            day_mean: net as f64 / free.len().max(1) as f64,
            trend: trend(days, cycle, as_of),
            past_value: past_value(first.on, contributions, yearly_rate).round() as i64,
            yearly: days.iter().filter(|day| day.on > year_before).map(|day| day.net).sum(),
        })
    }
}

impl Bought {
    /// With what was spent on the customer taken off, each cost on its day.
    pub fn after_costs(self, first: NaiveDate, costs: &[(NaiveDate, i64)], yearly_rate: f64) -> Self {
        let costs = costs.iter().map(|(on, amount)| (*on, *amount as f64));
        Self { past_value: self.past_value - past_value(first, costs, yearly_rate).round() as i64, ..self }
    }
}

/// The history up to a day, from days that rise and are not after it.
pub fn history_of(days: &[DayRow], as_of: NaiveDate) -> History {
    let (Some(first), Some(last)) = (days.first(), days.last()) else {
        return History { repeats: 0, last: 0.0, age: 0.0 };
    };
    let since = |on: NaiveDate| (on - first.on).num_days();
    History::of_days(u32::try_from(days.len()).unwrap_or(u32::MAX), since(last.on), since(as_of))
}

/// Spending of the last three cycles of so many days against the three before; `None` until six have passed.
fn trend(days: &[DayRow], cycle: f64, as_of: NaiveDate) -> Option<f64> {
    let span = (cycle.max(7.0) * TREND_CYCLES).round() as i64;
    let ago = |on: NaiveDate| (as_of - on).num_days();
    if days.len() < 3 || ago(days.first()?.on) < 2 * span {
        return None;
    }
    let sum = |from: i64, until: i64| -> i64 {
        days.iter().filter(|day| (from..until).contains(&ago(day.on))).map(|day| day.net).sum()
    };
    let (lately, before) = (sum(0, span), sum(span, 2 * span));
    (before > 0).then(|| (lately - before) as f64 / before as f64)
}

/// The days of these customers up to a day, by customer.
pub fn days_by_customer(
    db: &mut Db,
    ids: &[PartyId],
    (when, as_of): (CountsWhen, NaiveDate),
    past: Option<&PastDay>,
) -> AppResult<HashMap<PartyId, Vec<DayRow>>> {
    let mut out: HashMap<PartyId, Vec<DayRow>> = HashMap::with_capacity(ids.len());
    for some in ids.chunks(BATCH) {
        for day in days_of(db, some, when, past)?.into_iter().filter(|day| day.on <= as_of) {
            out.entry(day.party_id).or_default().push(day);
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(list: &[(i64, i64)]) -> Vec<DayRow> {
        let party_id = PartyId::fresh();
        let day = |(ago, net): &(i64, i64)| DayRow {
            party_id,
            on: as_of() - chrono::Duration::days(*ago),
            net: *net,
            contribution: net / 2,
            orders: 1,
        };
        list.iter().map(day).collect()
    }

    fn as_of() -> NaiveDate {
        NaiveDate::from_ymd_opt(2025, 12, 31).unwrap_or_default()
    }

    #[test]
    fn what_days_tell() {
        let all = days(&[(400, 1000), (200, 300), (0, 500)]);
        let bought = Bought::of(&all, &all, as_of(), 0.0).expect("days");
        let history = bought.history.expect("a history");
        assert_eq!(history.repeats, 2);
        assert!((history.last - 400.0 / 7.0).abs() < 1e-12 && history.age == history.last);
        assert_eq!((bought.repeat_mean, bought.day_mean), (400.0, 600.0));
        assert_eq!((bought.past_value, bought.yearly), (900, 800));
        assert_eq!(Bought::of(&[], &[], as_of(), 0.0), None);
        let member = Bought::of(&all, &[], as_of(), 0.0).expect("days");
        assert_eq!((member.history, member.day_mean, member.yearly), (None, 0.0, 800), "nothing but bills");
    }

    /// The specification's 100 a year for five years at 10 % are 379.0787 at the beginning; with 20 spent each year on the
    /// same days four fifths of it are left. A first order of nothing stands at the beginning.
    #[test]
    fn what_was_spent_is_taken_off_on_its_day() {
        let party_id = PartyId::fresh();
        let begun = NaiveDate::from_ymd_opt(2021, 1, 1).unwrap_or_default();
        let on = |year: i64| begun + chrono::Duration::days(365 * year);
        let day = |year: i64, contribution: i64| DayRow {
            party_id,
            on: on(year),
            net: contribution,
            contribution,
            orders: 1,
        };
        let days: Vec<DayRow> = (0..=5).map(|year| day(year, if year == 0 { 0 } else { 1_000_000 })).collect();
        let bought = Bought::of(&days, &days, on(5), 0.1).expect("days");
        assert_eq!(bought.past_value, 3_790_787);
        let costs: Vec<(NaiveDate, i64)> = (1..=5).map(|year| (on(year), 200_000)).collect();
        assert_eq!(bought.after_costs(begun, &costs, 0.1).past_value, 3_032_630);
        assert_eq!(bought.after_costs(begun, &[], 0.1), bought);
    }

    #[test]
    fn a_trend_needs_six_cycles() {
        let even: Vec<(i64, i64)> = (0..13).rev().map(|n| (n * 10, 100)).collect();
        let trend = |list: &[(i64, i64)]| {
            let days = days(list);
            Bought::of(&days, &days, as_of(), 0.1).and_then(|bought| bought.trend)
        };
        assert_eq!(trend(&even), Some(0.0));
        let silent: Vec<(i64, i64)> = even.iter().map(|(ago, net)| (ago + 31, *net)).collect();
        assert_eq!(trend(&silent), Some(-1.0));
        assert_eq!(trend(&even[8..]), None);
    }
}
