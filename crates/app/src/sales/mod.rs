//! Leads and opportunities in their pipelines; orders: lines, status, payments, returns; wishes; targets of what is to be sold.

pub mod fill;
pub mod money;
pub mod opportunity;
pub mod order;
pub mod pipeline;
pub mod target;
pub mod view;
pub mod wish;
