//! Small things every area stands on: dictionaries, tags, custom fields, saved views, what limits count.

pub mod custom_field;
pub mod dictionary;
pub mod rate;
pub mod tag;
pub mod view;
