//! People and organisations: recording them, finding them, their card, their timeline, what they like, whom they know.

pub mod access;
pub mod batch;
pub mod bulk;
pub mod card;
pub mod code;
pub mod custom;
pub mod customer;
pub mod dates;
pub mod duplicates;
pub mod index;
pub mod input;
pub mod interaction;
pub mod kept;
pub mod life_date;
pub mod list;
pub mod mask;
pub mod merge;
pub mod place;
pub mod preference;
pub mod relation;
pub mod search;
pub mod share;
pub mod timeline;
pub mod transfer;
pub mod view;
mod write;
