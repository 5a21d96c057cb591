//! Numbers about customers: counters kept with each change, scores kept by each evaluation.

pub mod contact;
pub mod counter;
pub mod evaluation;
pub mod metric;
pub mod overview;
pub mod past;
pub mod pivot;
pub mod today;
