//! Leads and opportunities in their pipelines; orders: lines, status, payments, returns; wishes.

pub mod fill;
pub mod money;
pub mod opportunity;
pub mod order;
pub mod pipeline;
pub mod view;
pub mod wish;
