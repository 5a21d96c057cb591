//! The order lines of TPC-H, read from the files that its generator writes.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::ops::Range;
use std::path::Path;

use chrono::NaiveDate;
use uuid::Uuid;

fn rows(directory: &Path, table: &str, mut each: impl FnMut(&[&str]) -> Option<()>) -> Result<(), String> {
    let path = directory.join(format!("{table}.tbl"));
    let fault = |what: String| format!("{}: {what}", path.display());
    let file = BufReader::with_capacity(1 << 20, File::open(&path).map_err(|error| fault(error.to_string()))?);
    for line in file.lines() {
        let line = line.map_err(|error| fault(error.to_string()))?;
        let fields: Vec<&str> = line.split('|').collect();
        each(&fields).ok_or_else(|| fault(format!("cannot be read: {line}")))?;
    }
    Ok(())
}

pub fn id(number: u64) -> Uuid {
    Uuid::from_u64_pair(1, number)
}

/// Hundredths of `123.45`.
fn hundredths(text: &str) -> Option<i64> {
    let (whole, part) = text.split_once('.').unwrap_or((text, "00"));
    Some(whole.parse::<i64>().ok()? * 100 + format!("{part:0<2}").parse::<i64>().ok()?)
}

pub struct Order {
    pub key: u64,
    pub customer: u64,
    pub day: NaiveDate,
    /// Its first line.
    pub first: usize,
}

/// Everything that is put in, read beforehand so that only the putting in is timed.
pub struct Data {
    pub orders: Vec<Order>,
    pub products: Vec<Option<Uuid>>,
    pub figures: Vec<Option<i64>>,
    /// With nation and segment.
    pub customers: Vec<(u64, String, String)>,
}

/// Revenue and quantity.
pub const LINE_FIGURES: usize = 2;

pub fn read(directory: &Path) -> Result<Data, String> {
    let mut nations: Vec<(String, String)> = Vec::new();
    rows(directory, "nation", |fields| {
        nations.push(((*fields.first()?).into(), (*fields.get(1)?).into()));
        Some(())
    })?;
    let mut data = Data { orders: Vec::new(), products: Vec::new(), figures: Vec::new(), customers: Vec::new() };
    rows(directory, "customer", |fields| {
        let nation = nations.iter().find(|(key, _)| fields.get(3) == Some(&key.as_str()))?;
        data.customers.push((fields.first()?.parse().ok()?, nation.1.clone(), (*fields.get(6)?).into()));
        Some(())
    })?;
    rows(directory, "orders", |fields| {
        let (key, customer, day) =
            (fields.first()?.parse().ok()?, fields.get(1)?.parse().ok()?, fields.get(4)?.parse().ok()?);
        data.orders.push(Order { key, customer, day, first: 0 });
        Some(())
    })?;
    let mut at = 0;
    rows(directory, "lineitem", |fields| {
        let order: u64 = fields.first()?.parse().ok()?;
        while data.orders.get(at)?.key != order {
            at += 1;
            data.orders.get_mut(at)?.first = data.products.len();
        }
        data.products.push(Some(id(fields.get(1)?.parse().ok()?)));
        let (price, discount) = (hundredths(fields.get(5)?)?, hundredths(fields.get(6)?)?);
        data.figures.extend([Some(price * (100 - discount)), Some(fields.get(4)?.parse::<f64>().ok()? as i64 * 1000)]);
        Some(())
    })?;
    Ok(data)
}

impl Data {
    /// The lines of an order, by its place.
    pub fn lines_of(&self, at: usize) -> Range<usize> {
        self.orders[at].first..self.orders.get(at + 1).map_or(self.products.len(), |next| next.first)
    }

    /// What an order comes to, in ten-thousandths.
    pub fn revenue_of(&self, at: usize) -> i64 {
        self.lines_of(at).filter_map(|line| self.figures[line * LINE_FIGURES]).sum()
    }
}
