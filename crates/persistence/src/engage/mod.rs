//! Segments and who is in them.

pub mod segment;
