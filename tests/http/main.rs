//! Tests through HTTP, area by area, each on SQLite and on PostgreSQL with a fresh database.

mod schema;
mod setup;
