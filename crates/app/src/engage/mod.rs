//! Groups of customers: segments, their counts and members, and the fields that conditions can name.

pub mod field;
pub mod segment;
