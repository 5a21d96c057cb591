//! The arithmetic and the states of orders. Amounts are minor units, quantities thousandths, rates millionths.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

/// Millionths: the exchange rate of the company's own currency.
pub const RATE_ONE: i64 = 1_000_000;

/// The first moment at or after this many minutes into a day that the clocks of the zone show.
fn shown_from(zone: Tz, on: NaiveDate, minutes: i64) -> DateTime<Utc> {
    let midnight = on.and_time(NaiveTime::MIN);
    let shown = |minutes| zone.from_local_datetime(&(midnight + TimeDelta::minutes(minutes))).earliest();
    (minutes..2 * 24 * 60).find_map(shown).map_or_else(|| midnight.and_utc(), |at| at.to_utc())
}

/// The first moment of a business day.
pub fn day_start(zone: Tz, on: NaiveDate) -> DateTime<Utc> {
    shown_from(zone, on, 0)
}

/// The moment a business day stands for where the hour is not known: noon, or where the clocks skip it the first moment
/// of the day that exists (of the next, where they skip the whole day).
pub fn day_moment(zone: Tz, on: NaiveDate) -> DateTime<Utc> {
    let noon = zone.from_local_datetime(&(on.and_time(NaiveTime::MIN) + TimeDelta::hours(12))).earliest();
    noon.map_or_else(|| day_start(zone, on), |at| at.to_utc())
}

/// Price times quantity, rounded half up to a minor unit; `None` when it does not fit.
pub fn line_gross(quantity: i64, price: i64) -> Option<i64> {
    i64::try_from((i128::from(quantity) * i128::from(price) + 500).div_euclid(1000)).ok()
}

/// An amount that is not negative in the company's currency, rounded half up: the same integer division that the
/// databases do, so that sums made there agree.
pub fn in_base(amount: i64, rate: i64) -> Option<i64> {
    if rate == RATE_ONE {
        return Some(amount);
    }
    Some(amount.checked_mul(rate)?.checked_add(RATE_ONE / 2)? / RATE_ONE)
}

/// What one line was sold for, and what came back of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LineStand {
    pub quantity: i64,
    pub amount: i64,
    pub returned_quantity: i64,
    pub returned_amount: i64,
}

impl LineStand {
    /// The fair amount for a quantity that comes back: its part of what is left, so that parts add up to the whole and
    /// the last one takes the rest. `None` when more comes back than is out.
    pub fn return_amount(&self, quantity: i64) -> Option<i64> {
        let left = self.quantity - self.returned_quantity;
        if quantity <= 0 || quantity > left {
            return None;
        }
        let worth = i128::from(self.amount - self.returned_amount);
        i64::try_from((2 * worth * i128::from(quantity) + i128::from(left)) / (2 * i128::from(left))).ok()
    }
}

/// Where an order stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrderStatus {
    Draft,
    Confirmed,
    Delivered,
    Completed,
    Cancelled,
}

impl OrderStatus {
    pub const KEYS: &'static [&'static str] = &["draft", "confirmed", "delivered", "completed", "cancelled"];

    pub fn parse(key: &str) -> Option<Self> {
        Some(match key {
            "draft" => Self::Draft,
            "confirmed" => Self::Confirmed,
            "delivered" => Self::Delivered,
            "completed" => Self::Completed,
            "cancelled" => Self::Cancelled,
            _ => return None,
        })
    }

    pub fn key(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Confirmed => "confirmed",
            Self::Delivered => "delivered",
            Self::Completed => "completed",
            Self::Cancelled => "cancelled",
        }
    }

    /// Where it may go from here: forward, one step back to mend a mistake, or away while nothing was delivered.
    pub fn next(self) -> &'static [OrderStatus] {
        match self {
            Self::Draft => &[Self::Confirmed, Self::Cancelled],
            Self::Confirmed => &[Self::Delivered, Self::Completed, Self::Cancelled, Self::Draft],
            Self::Delivered => &[Self::Completed, Self::Confirmed],
            Self::Completed => &[Self::Delivered],
            Self::Cancelled => &[Self::Draft],
        }
    }

    /// Whether lines, customer and currency may still change.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Draft | Self::Confirmed)
    }

    /// Whether it is a sale: money and returns may move.
    pub fn is_sale(self) -> bool {
        matches!(self, Self::Confirmed | Self::Delivered | Self::Completed)
    }
}

/// From when on an order counts as bought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CountsWhen {
    Confirmed,
    Delivered,
    /// Nothing is owed on it any more.
    Paid,
}

impl CountsWhen {
    pub const KEYS: &'static [&'static str] = &["confirmed", "delivered", "paid"];

    /// Anything unknown counts like the default, `confirmed`.
    pub fn parse(key: &str) -> Self {
        match key {
            "delivered" => Self::Delivered,
            "paid" => Self::Paid,
            _ => Self::Confirmed,
        }
    }

    /// Whether an order counts; `owed` is net less returns and payments.
    pub fn counts(self, status: OrderStatus, owed: i64) -> bool {
        match self {
            Self::Confirmed => status.is_sale(),
            Self::Delivered => matches!(status, OrderStatus::Delivered | OrderStatus::Completed),
            Self::Paid => status.is_sale() && owed <= 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_without_noon_has_a_moment() {
        let moment = |zone: Tz, (y, m, d)| NaiveDate::from_ymd_opt(y, m, d).map(|on| day_moment(zone, on).to_rfc3339());
        let at = |text: &str| Some(text.to_string());
        assert_eq!(moment(Tz::Asia__Shanghai, (2026, 1, 2)), at("2026-01-02T04:00:00+00:00"));
        // Samoa crossed the date line: 30 December 2011 never was.
        assert_eq!(moment(Tz::Pacific__Apia, (2011, 12, 30)), at("2011-12-30T10:00:00+00:00"));
        assert_eq!(moment(Tz::Pacific__Apia, (2011, 12, 31)), at("2011-12-30T22:00:00+00:00"));
    }

    #[test]
    fn amounts_round_half_up() {
        for (quantity, price, amount) in
            [(1000, 1999, 1999), (333, 100, 33), (5, 100, 1), (4, 100, 0), (1500, 333, 500)]
        {
            assert_eq!(line_gross(quantity, price), Some(amount), "{quantity} × {price}");
        }
        assert_eq!(line_gross(i64::MAX, i64::MAX), None);
        assert_eq!(in_base(12_345, RATE_ONE), Some(12_345));
        assert_eq!(in_base(100, 7_123_456), Some(712));
        assert_eq!(in_base(i64::MAX, 2_000_000), None);
    }

    #[test]
    fn every_status_can_be_left_and_reached() {
        for key in OrderStatus::KEYS {
            let status = OrderStatus::parse(key);
            assert_eq!(status.map(OrderStatus::key), Some(*key));
            assert!(status.is_some_and(|status| !status.next().is_empty()));
        }
    }

    proptest::proptest! {
        #[test]
        fn returns_in_parts_add_up_to_the_line(
            amount in 0i64..10_000_000,
            parts in proptest::collection::vec(1i64..50_000, 1..12),
        ) {
            let quantity = parts.iter().sum();
            let mut stand = LineStand { quantity, amount, returned_quantity: 0, returned_amount: 0 };
            for part in parts {
                let back = stand.return_amount(part).unwrap_or(-1);
                proptest::prop_assert!(back >= 0 && back <= amount - stand.returned_amount);
                stand.returned_quantity += part;
                stand.returned_amount += back;
            }
            proptest::prop_assert_eq!(stand.returned_amount, amount);
            proptest::prop_assert_eq!(stand.return_amount(1), None);
        }
    }
}
