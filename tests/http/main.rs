//! Tests through HTTP, area by area, each on SQLite and on PostgreSQL with a fresh database.

mod accounts;
mod backups;
mod catalog;
mod counters;
mod customers;
mod demo;
mod doctor;
mod exports;
mod handover;
mod imported;
mod imports;
mod insight;
mod jobs;
mod lists;
mod matrix;
mod nodes;
mod operations;
mod protocol;
mod sales;
mod schema;
mod segments;
mod sessions;
mod setup;
mod survival;
mod told;
mod upgrade;
