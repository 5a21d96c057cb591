//! Small things every area stands on: dictionaries, tags, custom fields, saved views, files, what limits count, and what
//! tells others of changes: webhooks, synchronising, live updates.

pub mod attachment;
pub mod custom_field;
pub mod delivery;
pub mod dictionary;
pub mod export;
pub mod file;
pub mod notice;
pub mod rate;
pub mod sync;
pub mod tag;
pub mod view;
pub mod webhook;
