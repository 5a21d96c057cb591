//! Facts of sales in memory, and the executor that divides them there: orders with their lines in columns of codes and
//! whole numbers, what stands behind them (customers, products, people) once each. It answers the same groupings as the
//! database does; who may see what comes in as part of the question, as a sieve.

mod column;
mod group;
mod sales;
mod sieve;
#[cfg(test)]
mod tests;

pub use group::{AxisAt, Figure, Kind, Question, Unanswered, groups};
pub use sales::{OrderRow, Sales, Shape};
pub use sieve::{Leaf, Sieve};

/// Where a fact's value comes from; numbers are places in the [`Shape`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Source {
    /// The day of the order.
    Day,
    /// A key of the order.
    Order(usize),
    /// What the person an order key names belongs to.
    Person(usize),
    /// The customer itself.
    Customer,
    CustomerKey(usize),
    /// The product of a line itself.
    Product,
    ProductKey(usize),
}

/// What a source is read through: all sources of one base are known once its code is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Base {
    Day,
    Order(usize),
    Customer,
    Product,
}

impl Source {
    pub(crate) fn base(self) -> Base {
        match self {
            Source::Day => Base::Day,
            Source::Order(key) | Source::Person(key) => Base::Order(key),
            Source::Customer | Source::CustomerKey(_) => Base::Customer,
            Source::Product | Source::ProductKey(_) => Base::Product,
        }
    }
}
