//! Tests through HTTP, area by area, each on SQLite and on PostgreSQL with a fresh database.

mod lists;
mod schema;
mod setup;
mod survival;
