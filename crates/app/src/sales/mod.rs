//! Orders: lines, status, payments, returns.

pub mod fill;
pub mod money;
pub mod order;
pub mod view;
pub mod wish;
