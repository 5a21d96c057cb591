//! Numbers about customers: pure functions over columns, no clock, no database. Every formula names its source.
//!
//! Money is an integer of minor units, days are whole calendar days in the business time zone. A column is a slice;
//! columns of one call have equal lengths, row i being one customer (or product, unit…) in all of them.

pub mod abc;
pub mod metrics;
pub mod rank;
pub mod rfm;
pub mod stage;
pub mod value;
