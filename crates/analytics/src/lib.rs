//! Numbers about customers: pure functions over columns, no clock, no database. Every formula names its source.
//!
//! Money is an integer of minor units, days are whole calendar days in the business time zone; only the models of
//! [`lifetime`] compute in weeks and whole units of currency. A column is a slice; columns of one call have equal
//! lengths, row i being one customer (or product, unit…) in all of them.

pub mod abc;
pub mod associations;
pub mod churn;
pub mod cluster;
pub mod cohorts;
pub mod composition;
pub mod growth;
pub mod holdout;
pub mod lifecycle;
pub mod lifetime;
pub mod loyalty;
pub mod metrics;
pub mod minimise;
pub mod pivot;
pub mod quality;
pub mod rank;
pub mod rfm;
pub mod scorecard;
pub mod seasonal;
pub mod situation;
pub mod special;
pub mod stage;
pub mod value;
