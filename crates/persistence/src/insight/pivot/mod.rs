//! Facts that pivots divide, and the executor that has the database do it.

mod facts;
mod sql;

pub use facts::{Fact, FactKind, Measure, Unit, fact};
pub use sql::{PivotAt, PivotScope, pivot_groups, pivot_records};
