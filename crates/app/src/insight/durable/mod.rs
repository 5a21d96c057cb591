//! Durables: goods that the same customer buys again only after years, so that no rhythm tells when. What their buyers
//! are worth yet is what the company expects of one: units, parts, service and finance.

pub mod owned;
pub mod settings;
pub mod view;
