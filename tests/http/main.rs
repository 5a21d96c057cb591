//! Tests through HTTP, area by area, each on SQLite and on PostgreSQL with a fresh database.

mod demo;
mod accounts;
mod lists;
mod protocol;
mod schema;
mod sessions;
mod segments;
mod setup;
mod survival;
