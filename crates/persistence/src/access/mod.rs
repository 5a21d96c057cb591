//! Organisation, users, roles, sessions, keys.

pub mod account_request;
pub mod actor;
pub mod audit;
pub mod chain;
pub mod company;
pub mod handover;
pub mod key;
pub mod names;
pub mod oidc;
pub mod organisation;
pub mod role;
pub mod second_factor;
pub mod session;
pub mod user;
