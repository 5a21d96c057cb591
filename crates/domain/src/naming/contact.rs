//! E-mail addresses in lower case and names as they are displayed.

use super::fold;

/// Why a text is no e-mail address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EmailError {
    /// Nothing was given.
    #[error("the e-mail address is empty")]
    Empty,
    /// More than 254 characters, or 64 before the `@`.
    #[error("the e-mail address is too long")]
    TooLong,
    /// Not exactly one `@` with something on both sides.
    #[error("the e-mail address needs one @")]
    At,
    /// A character or dot out of place before the `@`.
    #[error("the part before the @ is not valid")]
    Local,
    /// The domain has no dot, an empty label or a character out of place.
    #[error("the part after the @ is not a domain")]
    Domain,
}

impl EmailError {
    /// Stable name for contracts and translations.
    pub fn code(self) -> &'static str {
        match self {
            Self::Empty => "email_empty",
            Self::TooLong => "email_too_long",
            Self::At => "email_at",
            Self::Local => "email_local",
            Self::Domain => "email_domain",
        }
    }
}

/// Lower-cases and checks an address (RFC 5321 lengths, RFC 5322 dot-atoms; letters of any script as in RFC 6531).
pub fn email_normalized(raw: &str) -> Result<String, EmailError> {
    let folded: String = raw.trim().chars().map(fold::half_width).collect();
    let address = folded.trim().trim_start_matches("mailto:").to_lowercase();
    if address.is_empty() {
        return Err(EmailError::Empty);
    }
    if address.len() > 254 {
        return Err(EmailError::TooLong);
    }
    let (local, domain) = address.split_once('@').ok_or(EmailError::At)?;
    if local.is_empty() || domain.is_empty() || domain.contains('@') {
        return Err(EmailError::At);
    }
    if local.len() > 64 {
        return Err(EmailError::TooLong);
    }
    let atom = |c: char| c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c);
    if !local.split('.').all(|part| !part.is_empty() && part.chars().all(atom)) {
        return Err(EmailError::Local);
    }
    let label = |part: &str| {
        (1..=63).contains(&part.len())
            && part.chars().all(|c| c.is_alphanumeric() || c == '-')
            && !part.starts_with('-')
            && !part.ends_with('-')
    };
    let top = domain.rsplit('.').next().unwrap_or_default();
    let numeric_top = top.bytes().all(|b| b.is_ascii_digit());
    if !domain.contains('.') || numeric_top || !domain.split('.').all(label) {
        return Err(EmailError::Domain);
    }
    Ok(address)
}

/// An address for readers who may not see it: `l***@example.com`.
pub fn email_masked(address: &str) -> String {
    let (local, domain) = address.split_once('@').unwrap_or((address, ""));
    let first: String = local.chars().take(1).collect();
    format!("{first}***@{domain}")
}

/// A name for readers who may not know whose it is: its first character, and stars for the rest.
pub fn name_masked(name: &str) -> String {
    let mut chars = name.chars();
    let first: String = chars.by_ref().take(1).collect();
    let rest = chars.filter(|c| !c.is_whitespace()).count().clamp(1, 4);
    format!("{first}{}", "*".repeat(rest))
}

/// A name as it is stored: half-width, single spaces, and none between Han characters (`张 伟` → `张伟`).
pub fn name_cleaned(raw: &str) -> String {
    let text: String = raw.chars().map(fold::half_width).collect();
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        let joins = out.chars().next_back().is_some_and(fold::is_han) && word.chars().next().is_some_and(fold::is_han);
        if !out.is_empty() && !joins {
            out.push(' ');
        }
        out.extend(word.chars().filter(|c| !c.is_control()));
    }
    out
}

/// Surname first: `张` + `伟` → `张伟`, `Smith` + `John` → `Smith John`.
pub fn name_display(surname: &str, given: &str) -> String {
    name_cleaned(&format!("{surname} {given}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn emails_are_lower_cased_and_checked() {
        assert_eq!(email_masked("li.wei@example.com"), "l***@example.com");
        assert_eq!(email_normalized(" Li.Wei＠Example.COM "), Ok("li.wei@example.com".into()));
        assert_eq!(email_normalized("张伟@例子.中国"), Ok("张伟@例子.中国".into()));
        for (raw, error) in [
            ("", EmailError::Empty),
            ("li.wei", EmailError::At),
            ("a@b@c.com", EmailError::At),
            ("a..b@c.com", EmailError::Local),
            ("a b@c.com", EmailError::Local),
            ("a@c", EmailError::Domain),
            ("a@-c.com", EmailError::Domain),
            ("a@1.2.3.4", EmailError::Domain),
        ] {
            assert_eq!(email_normalized(raw), Err(error), "{raw}");
        }
        assert_eq!(email_normalized(&format!("{}@c.com", "a".repeat(65))), Err(EmailError::TooLong));
    }

    #[test]
    fn names_are_tidied_surname_first() {
        assert_eq!(name_cleaned("　张 伟 "), "张伟");
        assert_eq!(name_cleaned("John  Smith"), "John Smith");
        assert_eq!(name_display("欧阳", "修"), "欧阳修");
        assert_eq!(name_display("Smith", "John"), "Smith John");
        for (name, masked) in [("张伟", "张*"), ("John Smith", "J****"), ("张", "张*"), ("星河科技有限公司", "星****")]
        {
            assert_eq!(name_masked(name), masked);
        }
    }
}
