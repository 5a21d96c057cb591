//! Small things every area stands on: dictionaries, tags, custom fields, saved views.

pub mod custom_field;
pub mod dictionary;
pub mod tag;
pub mod view;
