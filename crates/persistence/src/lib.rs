//! Rows, queries and transactions: the only crate that knows diesel, and the only one that knows there are two databases.
//!
//! Query functions take `&mut Db`, run inside or outside a transaction, and hold no rule.

pub mod access;
pub mod activities;
pub mod backup;
pub mod bulk;
pub mod catalog;
pub mod catalogue;
pub mod customers;
pub mod db;
pub mod demo;
pub mod doctor;
pub mod engage;
pub mod error;
pub mod event;
pub mod follower;
pub mod idempotency;
pub mod import;
pub mod insight;
pub mod job;
pub mod list;
pub mod migrate;
pub mod platform;
pub mod sales;
pub mod schema;
pub mod sql;
pub mod types;
pub mod visible;
mod writer;

pub use db::{Database, Db, Location, MultiBackend, Retryable};
pub use error::{ConstraintId, StoreError, StoreResult};
