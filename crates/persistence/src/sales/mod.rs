//! Leads and opportunities in their pipelines; orders with their lines, payments and returns.

pub mod customer;
pub mod list;
pub mod opportunity;
pub mod opportunity_list;
pub mod order;
pub mod pipeline;
pub mod stage_change;
pub mod target;
pub mod transfer;
pub mod wish;
