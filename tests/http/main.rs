//! Tests through HTTP, area by area, each on SQLite and on PostgreSQL with a fresh database.

mod demo;
mod accounts;
mod lists;
mod protocol;
mod schema;
<<<<<<< HEAD
mod sessions;
=======
mod segments;
>>>>>>> 93cf865 (An empty list of choices is met by nobody, never unknown)
mod setup;
mod survival;
