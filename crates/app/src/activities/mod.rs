//! `activities`: what people have to do, and have done.

pub mod feed;
pub mod task;
