//! What people have set themselves, or others them, to do; when they were here, and what they last did something
//! about.

pub mod feed;
pub mod journey;
pub mod journey_start;
pub mod presence;
pub mod task;
pub mod touch;
