//! People and organisations: their rows, contact points, tags, custom values, search and timeline.

pub mod approver;
pub mod asset;
pub mod bulk;
pub mod card;
pub mod code;
pub mod consent;
pub mod custom;
pub mod dictionary;
pub mod duplicate;
pub mod fact;
pub mod fields;
pub mod imported;
pub mod interaction;
pub mod merge;
pub mod parts;
pub mod parts_kept;
pub mod parts_write;
pub mod party;
pub mod pool;
pub mod preference;
pub mod qualification;
pub mod relation;
pub mod search;
pub mod search_list;
pub mod share;
pub mod tag;
