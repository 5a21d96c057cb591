//! What can be wrong with input, told by code and pointer; the words are chosen where the caller's language is known.

use serde::{Deserialize, Serialize};

/// One thing wrong with one field. `pointer` is a JSON pointer into the body, or a parameter's name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    pub pointer: String,
    pub code: String,
    /// Values the message shows, in order: a limit, a list of choices, the offending text.
    pub params: Vec<String>,
}

impl FieldError {
    pub fn new(pointer: impl Into<String>, code: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), code: code.into(), params: Vec::new() }
    }

    pub fn with(mut self, param: impl ToString) -> Self {
        self.params.push(param.to_string());
        self
    }
}

/// Collects everything wrong, so that a person mends a form once.
#[derive(Debug, Default)]
pub struct Checks(pub Vec<FieldError>);

impl Checks {
    pub fn fail(&mut self, pointer: impl Into<String>, code: impl Into<String>) {
        self.0.push(FieldError::new(pointer, code));
    }

    pub fn fail_with(&mut self, pointer: impl Into<String>, code: impl Into<String>, param: impl ToString) {
        self.0.push(FieldError::new(pointer, code).with(param));
    }

    /// Present, not blank, at most `max` characters, no control characters but line breaks and tabs.
    pub fn text(&mut self, pointer: &str, value: &str, max: usize) {
        if value.trim().is_empty() {
            self.fail(pointer, "required");
        }
        self.optional_text(pointer, Some(value), max);
    }

    pub fn optional_text(&mut self, pointer: &str, value: Option<&str>, max: usize) {
        let Some(value) = value else { return };
        if value.chars().count() > max {
            self.fail_with(pointer, "too_long", max);
        }
        if value.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
            self.fail(pointer, "control_character");
        }
    }

    pub fn one_of(&mut self, pointer: &str, value: &str, allowed: &[&str]) {
        if !allowed.contains(&value) {
            self.fail_with(pointer, "not_allowed", allowed.join(", "));
        }
    }

    pub fn done(self) -> Result<(), Vec<FieldError>> {
        if self.0.is_empty() { Ok(()) } else { Err(self.0) }
    }
}
