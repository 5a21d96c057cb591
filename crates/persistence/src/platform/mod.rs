//! Small things every area stands on: dictionaries, tags, custom fields, saved views, files, what limits count.

pub mod attachment;
pub mod custom_field;
pub mod dictionary;
pub mod export;
pub mod file;
pub mod rate;
pub mod tag;
pub mod view;
