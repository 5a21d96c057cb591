//! Human codes of customers from a pattern such as `C-{unit}-{000001}`. Gaps are allowed, codes are never reused.

/// A checked pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodePattern {
    parts: Vec<Part>,
    width: usize,
    first: u64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Literal(String),
    Unit,
    Number,
}

/// Why a pattern cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CodePatternError {
    /// No `{0001}`: every code would be the same.
    #[error("the pattern needs a number such as {{000001}}")]
    NumberMissing,
    /// More than one number.
    #[error("the pattern may have one number only")]
    NumberTwice,
    /// More than 12 digits in the number.
    #[error("the number may have at most 12 digits")]
    NumberTooWide,
    /// Something else than `{unit}` or digits in braces.
    #[error("only {{unit}} and a number such as {{000001}} may stand in braces")]
    Placeholder,
    /// A brace is opened and not closed, or the other way round.
    #[error("a brace is not closed")]
    Brace,
    /// A character that is no letter, digit, `-`, `_`, `.` or `/`.
    #[error("`{0}` may not stand in a code")]
    Character(char),
    /// `{unit}` next to the number without anything between: `1{unit}` and `{unit}1` would collide.
    #[error("{{unit}} and the number need a separator between them")]
    SeparatorMissing,
    /// Longer than 40 characters.
    #[error("the pattern is too long")]
    TooLong,
}

impl CodePatternError {
    /// Stable name for contracts and translations.
    pub fn code(self) -> &'static str {
        match self {
            Self::NumberMissing => "code_number_missing",
            Self::NumberTwice => "code_number_twice",
            Self::NumberTooWide => "code_number_too_wide",
            Self::Placeholder => "code_placeholder",
            Self::Brace => "code_brace",
            Self::Character(_) => "code_character",
            Self::SeparatorMissing => "code_separator_missing",
            Self::TooLong => "code_too_long",
        }
    }
}

impl CodePattern {
    /// Reads a pattern. The digits in braces give the width and the first number: `{000100}` starts at 100.
    pub fn parse(pattern: &str) -> Result<Self, CodePatternError> {
        if pattern.chars().count() > 40 {
            return Err(CodePatternError::TooLong);
        }
        let mut parts = Vec::new();
        let mut number = None;
        let mut rest = pattern;
        while !rest.is_empty() {
            if let Some(inside) = rest.strip_prefix('{') {
                let (name, after) = inside.split_once('}').ok_or(CodePatternError::Brace)?;
                parts.push(placeholder(name, &mut number)?);
                rest = after;
            } else {
                let end = rest.find('{').unwrap_or(rest.len());
                parts.push(Part::Literal(literal(&rest[..end])?));
                rest = &rest[end..];
            }
        }
        let (width, first) = number.ok_or(CodePatternError::NumberMissing)?;
        if parts.windows(2).any(|pair| !pair.iter().any(|part| matches!(part, Part::Literal(_)))) {
            return Err(CodePatternError::SeparatorMissing);
        }
        Ok(Self { parts, width, first })
    }

    /// The number of the first code.
    pub fn first(&self) -> u64 {
        self.first
    }

    /// The code of a unit with a number; numbers wider than the pattern simply grow.
    pub fn render(&self, unit_code: &str, number: u64) -> String {
        let mut out = String::new();
        for part in &self.parts {
            match part {
                Part::Literal(text) => out.push_str(text),
                Part::Unit => out.push_str(unit_code),
                Part::Number => out.push_str(&format!("{number:0width$}", width = self.width)),
            }
        }
        out
    }

    /// The number in a code of this pattern and unit, so that imported codes raise the counter; `None` if it is foreign.
    pub fn number_of(&self, unit_code: &str, code: &str) -> Option<u64> {
        let at = self.parts.iter().position(|part| *part == Part::Number)?;
        let text = |parts: &[Part]| -> String {
            let piece = |part: &Part| match part {
                Part::Literal(text) => text.clone(),
                Part::Unit => unit_code.to_owned(),
                Part::Number => String::new(),
            };
            parts.iter().map(piece).collect()
        };
        let digits = code.strip_prefix(&text(&self.parts[..at]))?.strip_suffix(&text(&self.parts[at + 1..]))?;
        let fits = digits.len() >= self.width && digits.bytes().all(|b| b.is_ascii_digit());
        fits.then(|| digits.parse().ok()).flatten()
    }
}

fn placeholder(name: &str, number: &mut Option<(usize, u64)>) -> Result<Part, CodePatternError> {
    if name == "unit" {
        return Ok(Part::Unit);
    }
    if name.is_empty() || !name.bytes().all(|b| b.is_ascii_digit()) {
        return Err(CodePatternError::Placeholder);
    }
    if number.is_some() {
        return Err(CodePatternError::NumberTwice);
    }
    if name.len() > 12 {
        return Err(CodePatternError::NumberTooWide);
    }
    *number = Some((name.len(), name.parse().map_err(|_| CodePatternError::NumberTooWide)?));
    Ok(Part::Number)
}

fn literal(text: &str) -> Result<String, CodePatternError> {
    match text.chars().find(|c| !c.is_alphanumeric() && !"-_./".contains(*c)) {
        Some('}') => Err(CodePatternError::Brace),
        Some(c) => Err(CodePatternError::Character(c)),
        None => Ok(text.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_rendered_and_read_back() -> Result<(), CodePatternError> {
        let pattern = CodePattern::parse("C-{unit}-{000001}")?;
        assert_eq!(pattern.first(), 1);
        assert_eq!(pattern.render("BJ", 42), "C-BJ-000042");
        assert_eq!(pattern.render("BJ", 12_345_678), "C-BJ-12345678");
        assert_eq!(pattern.number_of("BJ", "C-BJ-000042"), Some(42));
        assert_eq!(pattern.number_of("SH", "C-BJ-000042"), None);
        assert_eq!(pattern.number_of("BJ", "C-BJ-42"), None);
        assert_eq!(CodePattern::parse("客{0100}")?.render("", 100), "客0100");
        Ok(())
    }

    #[test]
    fn bad_patterns_say_why() {
        for (pattern, error) in [
            ("", CodePatternError::NumberMissing),
            ("C-{unit}", CodePatternError::NumberMissing),
            ("{01}-{01}", CodePatternError::NumberTwice),
            ("{0000000000001}", CodePatternError::NumberTooWide),
            ("{year}-{01}", CodePatternError::Placeholder),
            ("C-{01", CodePatternError::Brace),
            ("C}-{01}", CodePatternError::Brace),
            ("C {01}", CodePatternError::Character(' ')),
            ("{unit}{01}", CodePatternError::SeparatorMissing),
        ] {
            assert_eq!(CodePattern::parse(pattern), Err(error), "{pattern}");
        }
        assert_eq!(CodePattern::parse(&format!("{}{{01}}", "a".repeat(40))), Err(CodePatternError::TooLong));
    }
}
