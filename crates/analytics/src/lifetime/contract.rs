//! Contracts read off the bills that customers paid: when each began, how many bills it ran for, whether it ended. Who
//! comes back after having left begins a new one.

use chrono::{Datelike, Days, Months, NaiveDate};
use serde::{Deserialize, Serialize};

/// How a programme bills.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// Months from a bill to the next one.
    pub months: u32,
    /// Days after which a bill that was not paid means that the customer has left.
    pub grace_days: u32,
}

impl Terms {
    /// The day on which bill `n` of a contract is due; the first is bill 0.
    pub fn due(self, first: NaiveDate, n: u32) -> NaiveDate {
        first.checked_add_months(Months::new(n.saturating_mul(self.months))).unwrap_or(NaiveDate::MAX)
    }

    /// The last day on which bill `n` can still be paid.
    pub fn until(self, first: NaiveDate, n: u32) -> NaiveDate {
        self.due(first, n).checked_add_days(Days::new(self.grace_days.into())).unwrap_or(NaiveDate::MAX)
    }

    /// Whether bill `n` can be counted as paid or missed on a day.
    pub fn decided(self, first: NaiveDate, n: u32, as_of: NaiveDate) -> bool {
        self.until(first, n) < as_of
    }

    /// Whole periods at a day; one who pays within the last quarter of a period pays the next bill early.
    fn period(self, first: NaiveDate, on: NaiveDate) -> u32 {
        let on = on.checked_add_days(Days::new(u64::from(self.months) * 30 / 4)).unwrap_or(on);
        let months = (on.year() - first.year()) * 12 + on.month() as i32 - first.month() as i32;
        let guess = u32::try_from(months).unwrap_or(0) / self.months.max(1);
        if guess > 0 && self.due(first, guess) > on { guess - 1 } else { guess }
    }

    /// The first day of the calendar's period that a day is in.
    pub fn calendar_start(self, on: NaiveDate) -> NaiveDate {
        let months = on.year() * 12 + on.month0() as i32;
        let start = months - months.rem_euclid(self.months.max(1) as i32);
        NaiveDate::from_ymd_opt(start.div_euclid(12), start.rem_euclid(12) as u32 + 1, 1).unwrap_or(on)
    }
}

/// One contract as of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Contract {
    /// The day of the first bill.
    pub first_on: NaiveDate,
    /// The day of the last bill.
    pub last_on: NaiveDate,
    /// Bills paid.
    pub paid: u32,
    /// Renewals of which one knows whether they came: those whose days of grace are over.
    pub decided: u32,
    /// Whether the next bill was missed.
    pub left: bool,
}

/// The contracts of one customer, from the days of their bills, rising; days after `as_of` are not looked at.
pub fn contracts(bills: &[NaiveDate], terms: Terms, as_of: NaiveDate) -> Vec<Contract> {
    let mut out: Vec<Contract> = Vec::new();
    for on in bills.iter().copied().filter(|on| *on <= as_of) {
        match out.last_mut() {
            Some(one) if on <= terms.until(one.first_on, one.paid) => {
                one.last_on = on;
                if terms.period(one.first_on, on) >= one.paid {
                    one.paid += 1;
                }
            }
            _ => out.push(Contract { first_on: on, last_on: on, paid: 1, decided: 0, left: false }),
        }
    }
    let count = out.len();
    for (at, one) in out.iter_mut().enumerate() {
        one.left = at + 1 < count || terms.decided(one.first_on, one.paid, as_of);
        one.decided = if one.left {
            one.paid
        } else {
            (1..one.paid).take_while(|n| terms.decided(one.first_on, *n, as_of)).count() as u32
        };
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const MONTHLY: Terms = Terms { months: 1, grace_days: 15 };

    fn day(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).expect("a day")
    }

    fn of(bills: &[NaiveDate], as_of: NaiveDate) -> Vec<(u32, u32, bool)> {
        contracts(bills, MONTHLY, as_of).iter().map(|one| (one.paid, one.decided, one.left)).collect()
    }

    #[test]
    fn a_missed_bill_ends_a_contract_after_its_grace() {
        let bills = [day(2025, 1, 31), day(2025, 2, 28), day(2025, 3, 31)];
        assert_eq!(of(&bills, day(2025, 4, 1)), [(3, 1, false)], "the third is paid, but its grace is not over");
        assert_eq!(of(&bills, day(2025, 5, 15)), [(3, 2, false)], "the last day of grace");
        assert_eq!(of(&bills, day(2025, 5, 16)), [(3, 3, true)]);
        assert_eq!(of(&bills, day(2025, 2, 1)), [(1, 0, false)], "what comes later is not known yet");
    }

    #[test]
    fn late_early_and_second_bills_of_a_period_are_one_each() {
        let late = [day(2025, 1, 10), day(2025, 2, 24), day(2025, 3, 8), day(2025, 3, 9)];
        assert_eq!(of(&late, day(2025, 3, 20)), [(3, 1, false)]);
    }

    #[test]
    fn who_comes_back_begins_anew() {
        let bills = [day(2025, 1, 1), day(2025, 2, 1), day(2025, 6, 1)];
        assert_eq!(of(&bills, day(2025, 6, 2)), [(2, 2, true), (1, 0, false)]);
    }

    #[test]
    fn years_are_periods_too() {
        let yearly = Terms { months: 12, grace_days: 30 };
        let bills = [day(2020, 2, 29), day(2021, 2, 10), day(2022, 3, 20)];
        let one = contracts(&bills, yearly, day(2023, 1, 1))[0];
        assert_eq!((one.paid, one.decided, one.left), (3, 2, false));
        assert_eq!(yearly.calendar_start(day(2024, 7, 9)), day(2024, 1, 1));
        assert_eq!(Terms { months: 3, ..yearly }.calendar_start(day(2024, 8, 9)), day(2024, 7, 1));
    }
}
