//! Whom the bench is about: customers, orders and goods by row number, always the same.

use std::fmt::Write;

use chrono::{Days, NaiveDate};
use regulars_domain::demo::{self, Catalogue, Rng};
use regulars_domain::naming;

/// Orders of each customer.
pub const ORDERS_EACH: u64 = 10;
/// Every fifth order has a second line.
const SECOND_LINE_EVERY: u64 = 5;
/// People who own customers.
pub const OWNERS: u64 = 20;

const SEED: u64 = 42;

fn chance(stream: u64, row: u64) -> Rng {
    Rng::of_row(SEED, stream, row)
}

/// Name of a customer.
pub fn name(row: u64) -> String {
    demo::person(&mut chance(1, row), 1952, 2006).name
}

/// Mobile number of a customer, E.164.
pub fn phone(row: u64) -> String {
    demo::mobile(&mut chance(2, row), row)
}

/// The name as typed without a Chinese keyboard: `zhangwei`.
pub fn pinyin(row: u64) -> String {
    naming::reading(&name(row), true).replace(' ', "")
}

/// Login and name of an owner.
pub fn owner(at: u64) -> (String, String) {
    (format!("sales{at:02}"), format!("{}{at:02}", demo::person(&mut chance(3, at), 1975, 2000).name))
}

/// A file of customers.
pub fn customers_csv(rows: std::ops::Range<u64>) -> String {
    let mut out = String::from("code,name,phone,gender,birthday,province,city,district,street,status,source,owner\n");
    for row in rows {
        let person = demo::person(&mut chance(1, row), 1952, 2006);
        let place = demo::address(&mut chance(4, row));
        let (_, owner) = owner(row % OWNERS);
        let (gender, birthday, phone) = (person.gender.key(), person.birthday, phone(row));
        let line = writeln!(
            out,
            "B{row:07},{},{phone},{gender},{birthday},{},{},{},{},customer,walk_in,{owner}",
            person.name, place.province, place.city, place.district, place.street
        );
        line.unwrap_or_default();
    }
    out
}

/// A file of goods.
pub fn products_csv(catalogue: &Catalogue) -> String {
    let mut out = String::from("code,name,brand,category,unit_of_measure,price,cost\n");
    for goods in &catalogue.products {
        let (price, cost) = (goods.price as f64 / 100.0, goods.cost as f64 / 100.0);
        let line = writeln!(
            out,
            "{},{},{},{},{},{price:.2},{cost:.2}",
            goods.code, goods.name, goods.brand, goods.category, goods.unit
        );
        line.unwrap_or_default();
    }
    out
}

/// An order to be: the day as days back from the last, the customer, which of theirs.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ordered {
    days_back: std::cmp::Reverse<u16>,
    customer: u32,
    at: u8,
}

/// All orders of so many customers over five years, in the order they were taken: as a till or a shop writes them out.
pub fn orders(customers: u64) -> Vec<Ordered> {
    let mut orders = Vec::with_capacity((customers * ORDERS_EACH) as usize);
    for customer in 0..customers {
        let rng = &mut chance(5, customer);
        for at in 0..ORDERS_EACH {
            let days_back = std::cmp::Reverse(rng.below(5 * 365) as u16);
            orders.push(Ordered { days_back, customer: customer as u32, at: at as u8 });
        }
    }
    orders.sort_unstable();
    orders
}

/// A file of these orders up to `today`, a row for each line; and how many rows that are.
pub fn orders_csv(catalogue: &Catalogue, orders: &[Ordered], today: NaiveDate) -> (String, u64) {
    let mut out = String::from("order_code,customer_code,ordered_on,product_code,quantity,price,status\n");
    let mut rows = 0;
    for Ordered { days_back, customer, at } in orders {
        let code = u64::from(*customer) * ORDERS_EACH + u64::from(*at);
        let rng = &mut chance(6, code);
        let on = today - Days::new(u64::from(days_back.0));
        let lines = if code.is_multiple_of(SECOND_LINE_EVERY) { 2 } else { 1 };
        for _ in 0..lines {
            let Some(goods) = rng.pick(&catalogue.products) else { continue };
            let (quantity, price) = (rng.between(1, 3), goods.price as f64 / 100.0);
            let line = writeln!(out, "O{code:08},B{customer:07},{on},{},{quantity},{price:.2},completed", goods.code);
            line.unwrap_or_default();
            rows += 1;
        }
    }
    (out, rows)
}
