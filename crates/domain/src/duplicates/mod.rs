//! When two records look like one customer: rules with weights, the score of a pair, and why.
//!
//! A pair is compared field by field; each rule that holds adds its weight (or takes it away), and the sum says whether
//! the two are certainly or possibly the same. A person and an organisation are never the same.

mod merge;
mod rules;
mod score;

pub use merge::{Choice, Chosen};
pub use rules::{Certainty, Comparison, Field, Group, How, Kind, Rule, Rules};
pub use score::{Met, Profile, Reason, Score, score, score_of};
