//! People and organisations: recording them, finding them, their card, their timeline, what they like, whom they know.

pub mod code;
pub mod custom;
pub mod customer;
pub mod index;
pub mod input;
pub mod list;
pub mod search;
pub mod view;
mod write;
