//! Bills of orders: how much may be billed, how money settles bills, what returns credit, where a bill stands. Amounts are
//! minor units of the order's currency, taxes contained.

use chrono::NaiveDate;

use crate::money::split;

/// A line of an order as bills see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LineBilled {
    /// What the line comes to after its part of the discount on the whole.
    pub payable: i64,
    pub returned: i64,
    /// On bills that stand, less what was credited.
    pub billed: i64,
}

impl LineBilled {
    /// What of it may still be billed.
    pub fn open(self) -> i64 {
        (self.payable - self.returned - self.billed).max(0)
    }
}

/// What may still be billed of an order: net less all returns, less what stands on bills. An allowance on the whole lowers
/// it below the sum of its lines.
pub fn billable(net: i64, returned: i64, billed: i64) -> i64 {
    (net - returned - billed).max(0)
}

/// An amount of a bill on the lines, in proportion to what is open of each; the parts sum to it, and none is more than
/// what is open. `None` when it is nothing or more than may be billed.
pub fn parts(lines: &[LineBilled], billable: i64, amount: i64) -> Option<Vec<i64>> {
    let open: Vec<i64> = lines.iter().map(|line| line.open()).collect();
    (amount > 0 && amount <= billable.min(open.iter().sum())).then(|| split(amount, &open))
}

/// What is credited on parts of bills when the order comes to less than was billed: each takes as much as it has, the
/// first ones first.
pub fn credits(parts: &[i64], excess: i64) -> Vec<i64> {
    let mut left = excess.max(0);
    let mut take = |part: &i64| {
        let credit = left.min((*part).max(0));
        left -= credit;
        credit
    };
    parts.iter().map(&mut take).collect()
}

/// What is to be paid of a bill that stands, and the money that came for it by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    /// Amount less credits.
    pub owed: i64,
    /// Payments that name it; less than zero when more went back.
    pub tied: i64,
}

/// What is paid of each bill, the earliest due first. Money that names no bill fills what is owed from the first on; what
/// went back without naming one is taken from the last on.
pub fn settle(bills: &[Due], free: i64) -> Vec<i64> {
    let mut free = free + bills.iter().map(|bill| bill.tied.min(0)).sum::<i64>();
    let mut paid: Vec<i64> = bills.iter().map(|bill| bill.tied.max(0)).collect();
    for (paid, bill) in paid.iter_mut().zip(bills) {
        let more = (bill.owed - *paid).clamp(0, free.max(0));
        *paid += more;
        free -= more;
    }
    for paid in paid.iter_mut().rev() {
        let less = (-free).clamp(0, *paid);
        *paid -= less;
        free += less;
    }
    paid
}

/// Where a bill stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BillStatus {
    Open,
    Partly,
    Paid,
    Overdue,
    /// Taken back, or credited in full.
    Cancelled,
}

impl BillStatus {
    pub const KEYS: &'static [&'static str] = &["open", "partly", "paid", "overdue", "cancelled"];

    pub fn key(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Partly => "partly",
            Self::Paid => "paid",
            Self::Overdue => "overdue",
            Self::Cancelled => "cancelled",
        }
    }

    /// Of a bill of so much after credits. It is overdue from the day after the due day on.
    pub fn of(cancelled: bool, owed: i64, paid: i64, due_on: NaiveDate, today: NaiveDate) -> Self {
        if cancelled || owed <= 0 {
            Self::Cancelled
        } else if paid >= owed {
            Self::Paid
        } else if due_on < today {
            Self::Overdue
        } else if paid > 0 {
            Self::Partly
        } else {
            Self::Open
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bill_stands_where_its_money_and_days_put_it() {
        let day = |day| NaiveDate::from_ymd_opt(2026, 1, day).unwrap_or_default();
        for (cancelled, owed, paid, today, status) in [
            (false, 100, 0, 10, "open"),
            (false, 100, 0, 11, "overdue"),
            (false, 100, 40, 10, "partly"),
            (false, 100, 40, 11, "overdue"),
            (false, 100, 100, 11, "paid"),
            (false, 60, 100, 11, "paid"),
            (false, 0, 0, 1, "cancelled"),
            (true, 100, 0, 11, "cancelled"),
        ] {
            let found = BillStatus::of(cancelled, owed, paid, day(10), day(today)).key();
            assert_eq!(found, status, "{owed} {paid} on {today}");
            assert!(BillStatus::KEYS.contains(&found));
        }
    }

    #[test]
    fn money_settles_what_is_due_first() {
        let due = |owed, tied| Due { owed, tied };
        for (bills, free, paid) in [
            (vec![due(100, 0), due(50, 0)], 120, vec![100, 20]),
            (vec![due(100, 0), due(50, 50)], 30, vec![30, 50]),
            (vec![due(100, 100), due(50, 50)], -60, vec![90, 0]),
            (vec![due(100, -10), due(50, 50)], 0, vec![0, 40]),
            (vec![due(40, 100)], 0, vec![100]),
            (vec![], 10, vec![]),
        ] {
            assert_eq!(settle(&bills, free), paid, "{bills:?} {free}");
        }
    }

    proptest::proptest! {
        #[test]
        fn bills_never_exceed_the_order_and_their_lines_sum_up(
            amounts in proptest::collection::vec(0i64..100_000, 1..8),
            off in 0i64..=100,
            steps in proptest::collection::vec((0u8..4, 0usize..8, 1i64..60_000), 0..30),
        ) {
            let sum: i64 = amounts.iter().sum();
            let discount = sum * off / 100;
            let net = sum - discount;
            let payable: Vec<i64> = amounts.iter().zip(split(discount, &amounts)).map(|(amount, off)| amount - off).collect();
            let mut lines: Vec<LineBilled> =
                payable.iter().map(|payable| LineBilled { payable: *payable, returned: 0, billed: 0 }).collect();
            let mut returned = 0;
            for (what, at, much) in steps {
                let at = at % lines.len();
                let billed: i64 = lines.iter().map(|line| line.billed).sum();
                let open = billable(net, returned, billed);
                match what {
                    // Everything open, or an amount.
                    0 | 1 => {
                        let amount = if what == 0 { open } else { much };
                        let found = parts(&lines, open, amount);
                        proptest::prop_assert_eq!(found.is_some(), amount > 0 && amount <= open, "what is open can be billed");
                        for (line, part) in lines.iter_mut().zip(found.unwrap_or_default()) {
                            proptest::prop_assert!((0..=line.open()).contains(&part));
                            line.billed += part;
                        }
                    }
                    // Goods of a line come back, or an allowance is made on the whole.
                    _ => {
                        let most = if what == 2 { (amounts[at] - lines[at].returned).min(net - returned) } else { net - returned };
                        let back = much.min(most);
                        returned += back;
                        if what == 2 {
                            lines[at].returned += back;
                        }
                        let mut order: Vec<usize> = (0..lines.len()).collect();
                        order.sort_by_key(|one| *one != at);
                        let had: Vec<i64> = order.iter().map(|one| lines[*one].billed).collect();
                        for (one, credit) in order.iter().zip(credits(&had, billed - (net - returned))) {
                            lines[*one].billed -= credit;
                        }
                    }
                }
                let billed: i64 = lines.iter().map(|line| line.billed).sum();
                proptest::prop_assert!(billed <= net - returned, "never more than the order comes to");
                proptest::prop_assert!(lines.iter().all(|line| line.billed >= 0));
            }
        }

        #[test]
        fn no_money_is_made_by_settling(
            bills in proptest::collection::vec((0i64..10_000, -5_000i64..10_000), 0..6),
            free in -20_000i64..20_000,
        ) {
            let bills: Vec<Due> = bills.into_iter().map(|(owed, tied)| Due { owed, tied }).collect();
            let paid = settle(&bills, free);
            let all: i64 = free + bills.iter().map(|bill| bill.tied).sum::<i64>();
            proptest::prop_assert!(paid.iter().all(|paid| *paid >= 0));
            proptest::prop_assert!(paid.iter().sum::<i64>() <= all.max(0));
            for (paid, bill) in paid.iter().zip(&bills) {
                proptest::prop_assert!(*paid <= bill.owed.max(bill.tied));
            }
        }
    }
}
