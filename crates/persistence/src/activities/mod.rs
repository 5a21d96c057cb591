//! What people have set themselves, or others them, to do.

pub mod feed;
pub mod task;
