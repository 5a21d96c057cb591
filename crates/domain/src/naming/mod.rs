//! Names, readings, search tokens, contact points and human codes: how a customer is called and found.
//!
//! Everything here is a pure function of text. Storage, permissions and ranking stay outside.

mod alike;
mod code;
mod contact;
mod fold;
mod lexicon;
mod phone;
mod pinyin;
mod query;
mod sought;
mod tokens;

pub use alike::NameForm;
pub use code::{CodePattern, CodePatternError};
pub use contact::{EmailError, email_masked, email_normalized, name_cleaned, name_display, name_masked};
pub use phone::{Phone, PhoneError, home_digits, phone_masked, phone_normalized, phone_tail};
pub use pinyin::{reading, reading_normalized};
pub use query::{Query, TokenClass, query_tokens};
pub use sought::{Candidate, Sought};
pub use tokens::{LONGEST_PREFIX, SHORTEST_DIGITS, code_tokens, email_tokens, index_tokens, phone_tokens};
