//! `activities`: what people have to do, and have done.

pub mod discipline;
pub mod feed;
pub mod journey;
pub mod task;
