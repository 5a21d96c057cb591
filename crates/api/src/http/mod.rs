//! What every route shares: the call, its body, problems, limits, the log line.

pub mod body;
pub mod call;
pub mod file;
pub mod layer;
pub mod limit;
pub mod list;
mod methods;
pub mod problem;
pub mod visit;
