//! Numbers about customers: counters kept with each change, scores kept by each evaluation.

pub mod association;
pub mod bill;
pub mod brief;
pub mod change;
pub mod cluster;
pub mod contact;
pub mod counter;
pub mod dashboard;
pub mod days;
pub mod durable;
pub mod evaluation;
pub mod growth;
pub mod lifetime;
pub mod metric;
pub mod next_action;
pub mod overview;
pub mod past;
pub mod pivot;
pub mod today;
pub mod warning;
pub mod win_back;
