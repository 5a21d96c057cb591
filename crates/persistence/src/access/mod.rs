//! Organisation, users, roles, sessions, keys.

pub mod actor;
pub mod company;
pub mod organisation;
pub mod session;
pub mod user;
