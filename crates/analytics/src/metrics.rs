//! Metrics of one customer from all of their orders: the judge of the counters that are kept up to date with each order.
//!
//! Which orders count (paid, delivered, confirmed) is decided by the caller. Several orders of one day are one order day,
//! as frequency models want it.

use chrono::NaiveDate;
use serde::Serialize;

/// One order that counts. Amounts are minor units of the base currency.
#[derive(Debug, Clone, Copy)]
pub struct OrderFacts<'a, K> {
    /// Business date.
    pub on: NaiveDate,
    /// Sum of the lines before discounts.
    pub gross: i64,
    /// Discounts of lines and order.
    pub discount: i64,
    /// Value of goods taken back.
    pub returned: i64,
    /// Payments received.
    pub paid: i64,
    /// Cost of goods; `None` if any line's cost is unknown.
    pub cost: Option<i64>,
    /// What was bought.
    pub lines: &'a [LineFacts<K>],
}

/// One line of an order.
#[derive(Debug, Clone, Copy)]
pub struct LineFacts<K> {
    /// The product, if it is one of the catalogue.
    pub product: Option<K>,
    /// Its category.
    pub category: Option<K>,
}

/// What a customer's orders add up to.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct CustomerMetrics {
    /// Date of the first order.
    pub first_order_on: Option<NaiveDate>,
    /// Date of the last order.
    pub last_order_on: Option<NaiveDate>,
    /// Days with an order.
    pub order_days: u32,
    /// Orders.
    pub orders: u32,
    /// Before discounts.
    pub gross: i64,
    /// gross − discounts − returns.
    pub net: i64,
    /// Value of goods taken back.
    pub returns: i64,
    /// Discounts given.
    pub discount: i64,
    /// Known cost of goods.
    pub cost: i64,
    /// net − cost; `None` if an order's cost is unknown.
    pub margin: Option<i64>,
    /// Mean days between order days, from two on.
    pub mean_gap_days: Option<f64>,
    /// Median days between order days, from two on; between two middle gaps their mean.
    pub median_gap_days: Option<f64>,
    /// Distinct products.
    pub products: u32,
    /// Distinct categories.
    pub categories: u32,
    /// discounts ÷ gross, 0–1; `None` without gross.
    pub discount_share: Option<f64>,
    /// net − payments: what is still owed.
    pub open_balance: i64,
}

impl CustomerMetrics {
    /// Days from the last order to a date.
    pub fn recency_days(&self, as_of: NaiveDate) -> Option<i64> {
        self.last_order_on.map(|on| (as_of - on).num_days())
    }

    /// Days from the first order to a date.
    pub fn tenure_days(&self, as_of: NaiveDate) -> Option<i64> {
        self.first_order_on.map(|on| (as_of - on).num_days())
    }
}

/// Adds up the orders of one customer, in any order.
pub fn customer_metrics<K: Ord + Copy>(orders: &[OrderFacts<'_, K>]) -> CustomerMetrics {
    let mut out = CustomerMetrics { orders: orders.len() as u32, ..CustomerMetrics::default() };
    let mut costs_known = true;
    let mut paid = 0i64;
    for order in orders {
        out.gross += order.gross;
        out.discount += order.discount;
        out.returns += order.returned;
        out.cost += order.cost.unwrap_or(0);
        costs_known &= order.cost.is_some();
        paid += order.paid;
    }
    out.net = out.gross - out.discount - out.returns;
    out.margin = costs_known.then_some(out.net - out.cost);
    out.open_balance = out.net - paid;
    out.discount_share = (out.gross > 0).then(|| out.discount as f64 / out.gross as f64);

    let days = distinct(orders.iter().map(|order| order.on).collect());
    out.order_days = days.len() as u32;
    out.first_order_on = days.first().copied();
    out.last_order_on = days.last().copied();
    (out.mean_gap_days, out.median_gap_days) = gaps(&days);
    let lines = || orders.iter().flat_map(|order| order.lines);
    out.products = distinct(lines().filter_map(|line| line.product).collect()).len() as u32;
    out.categories = distinct(lines().filter_map(|line| line.category).collect()).len() as u32;
    out
}

/// Mean and median days between neighbouring dates, which are distinct and rising.
pub fn gaps(days: &[NaiveDate]) -> (Option<f64>, Option<f64>) {
    let mut gaps: Vec<i64> = days.windows(2).map(|pair| (pair[1] - pair[0]).num_days()).collect();
    if gaps.is_empty() {
        return (None, None);
    }
    gaps.sort_unstable();
    let mean = gaps.iter().sum::<i64>() as f64 / gaps.len() as f64;
    let half = gaps.len() / 2;
    let median = if gaps.len() % 2 == 1 { gaps[half] as f64 } else { (gaps[half - 1] + gaps[half]) as f64 / 2.0 };
    (Some(mean), Some(median))
}

fn distinct<T: Ord>(mut list: Vec<T>) -> Vec<T> {
    list.sort_unstable();
    list.dedup();
    list
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(number: i32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2025, 1, 1).unwrap_or_default() + chrono::Days::new(number as u64)
    }

    fn order(on: i32, gross: i64, lines: &[LineFacts<u32>]) -> OrderFacts<'_, u32> {
        OrderFacts { on: day(on), gross, discount: gross / 10, returned: 0, paid: 0, cost: Some(gross / 2), lines }
    }

    #[test]
    fn orders_add_up() {
        let bread = [LineFacts { product: Some(1), category: Some(9) }, LineFacts { product: None, category: None }];
        let coffee = [LineFacts { product: Some(2), category: Some(9) }];
        let mut orders = [
            order(62, 1000, &bread),
            order(0, 500, &coffee),
            order(30, 300, &bread),
            order(62, 200, &coffee),
            order(88, 100, &[]),
        ];
        orders[0].returned = 100;
        orders[1].paid = 400;
        let metrics = customer_metrics(&orders);
        assert_eq!((metrics.first_order_on, metrics.last_order_on), (Some(day(0)), Some(day(88))));
        assert_eq!((metrics.orders, metrics.order_days), (5, 4));
        assert_eq!((metrics.gross, metrics.discount, metrics.returns, metrics.net), (2100, 210, 100, 1790));
        assert_eq!((metrics.cost, metrics.margin, metrics.open_balance), (1050, Some(740), 1390));
        assert_eq!((metrics.products, metrics.categories), (2, 1));
        assert_eq!(metrics.discount_share, Some(0.1));
        assert_eq!(metrics.median_gap_days, Some(30.0));
        assert!(metrics.mean_gap_days.is_some_and(|mean| (mean - 88.0 / 3.0).abs() < 1e-12));
        assert_eq!((metrics.recency_days(day(150)), metrics.tenure_days(day(150))), (Some(62), Some(150)));
    }

    #[test]
    fn no_orders_are_no_numbers() {
        let metrics = customer_metrics::<u32>(&[]);
        assert_eq!(metrics, CustomerMetrics { margin: Some(0), ..CustomerMetrics::default() });
        let unknown = OrderFacts { cost: None, ..order(1, 100, &[]) };
        assert_eq!(customer_metrics(&[unknown]).margin, None);
    }
}
