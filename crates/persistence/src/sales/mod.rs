//! Orders with their lines, payments and returns.

pub mod customer;
pub mod list;
pub mod order;
pub mod transfer;
pub mod wish;
