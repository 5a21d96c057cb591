//! People and organisations: their rows, contact points, tags, custom values, search and timeline.

pub mod code;
pub mod custom;
pub mod dictionary;
pub mod fields;
pub mod parts;
pub mod party;
pub mod search;
pub mod tag;
