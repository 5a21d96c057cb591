//! Phone numbers: from what people write to E.164, back to what they dial, and masked.

use super::fold;

/// A phone number ready to store.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Phone {
    /// `+` country code and national number, no separators: `+861012345678`.
    pub e164: String,
    /// Digits dialled after the connection stands, 1–8 of them.
    pub extension: Option<String>,
}

/// Why a text is no phone number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PhoneError {
    /// Nothing but spaces and punctuation.
    #[error("the phone number is empty")]
    Empty,
    /// A character that belongs to no phone number, such as the `E` of a number spoilt by a spreadsheet.
    #[error("`{0}` does not belong in a phone number")]
    Unexpected(char),
    /// Fewer digits than any number has.
    #[error("the phone number is too short")]
    TooShort,
    /// More digits than any number has.
    #[error("the phone number is too long")]
    TooLong,
    /// A local Chinese number that could be in any city.
    #[error("the area code is missing")]
    AreaCodeMissing,
    /// The digits fit no numbering plan.
    #[error("this is not a valid phone number")]
    Invalid,
    /// The extension is not 1–8 digits.
    #[error("the extension is not 1 to 8 digits")]
    Extension,
}

impl PhoneError {
    /// Stable name for contracts and translations.
    pub fn code(self) -> &'static str {
        match self {
            Self::Empty => "phone_empty",
            Self::Unexpected(_) => "phone_unexpected_character",
            Self::TooShort => "phone_too_short",
            Self::TooLong => "phone_too_long",
            Self::AreaCodeMissing => "phone_area_code_missing",
            Self::Invalid => "phone_invalid",
            Self::Extension => "phone_extension",
        }
    }
}

/// Reads a phone number as people write it; without a country code it is Chinese.
///
/// Full-width digits, spaces, brackets, dots and dashes are accepted, `+86`, `0086` and `86` are the same, `转123`,
/// `#123`, `x123` and `ext. 123` open an extension. Sources: ITU-T E.164; the Chinese plan of area codes `10`, `2x` and
/// `3xx`–`9xx`, mobiles `1[3-9]`, services `400`, `800`, `95…`, `96…`, `100…`, `12…`.
pub fn phone_normalized(raw: &str) -> Result<Phone, PhoneError> {
    let text: String = raw.trim().chars().map(fold::half_width).collect();
    let text = text.strip_suffix(".0").filter(|t| t.bytes().all(|b| b.is_ascii_digit())).unwrap_or(&text);
    let (number, extension) = extension_split(text)?;
    let (digits, plus) = digits_of(number)?;
    if digits.is_empty() {
        return Err(PhoneError::Empty);
    }
    let e164 = match (plus, digits.strip_prefix("00")) {
        (true, _) => international(&digits)?,
        (false, Some(rest)) => international(rest)?,
        (false, None) => chinese_or_prefixed(&digits)?,
    };
    Ok(Phone { e164, extension })
}

fn extension_split(text: &str) -> Result<(&str, Option<String>), PhoneError> {
    const MARKS: [&str; 9] = ["extension", "ext", "分机号", "分机", "转", "轉", "#", "x", ","];
    let lower = text.to_ascii_lowercase();
    let Some((at, mark)) = MARKS.iter().filter_map(|m| lower.find(m).map(|at| (at, m))).min_by_key(|(at, _)| *at)
    else {
        return Ok((text, None));
    };
    let tail =
        text[at + mark.len()..].trim_matches(|c: char| c.is_whitespace() || matches!(c, '.' | ':' | '=' | '-' | ')'));
    let fits = (1..=8).contains(&tail.len()) && tail.bytes().all(|b| b.is_ascii_digit());
    if !fits {
        return Err(PhoneError::Extension);
    }
    Ok((text[..at].trim_end_matches(['(', ' ', '-']), Some(tail.to_owned())))
}

/// The digits of a number and whether a plus sign opens it; `(0)` after a country code is the trunk zero nobody dials.
fn digits_of(number: &str) -> Result<(String, bool), PhoneError> {
    let mut digits = String::with_capacity(number.len());
    let mut plus = false;
    let international = number.trim_start_matches(['(', ' ']).starts_with('+') || number.starts_with("00");
    let number = if international { number.replacen("(0)", "", 1) } else { number.to_owned() };
    for c in number.chars() {
        match c {
            '0'..='9' => digits.push(c),
            '+' if digits.is_empty() && !plus => plus = true,
            ' ' | '\t' | '-' | '–' | '—' | '‐' | '‑' | '(' | ')' | '.' | '/' | '·' | '\u{200b}' | '\u{202a}'
            | '\u{202c}' => {}
            other => return Err(PhoneError::Unexpected(other)),
        }
    }
    Ok((digits, plus))
}

fn international(digits: &str) -> Result<String, PhoneError> {
    if let Some(national) = digits.strip_prefix("86") {
        return chinese(national.strip_prefix('0').unwrap_or(national), true);
    }
    if digits.starts_with('0') {
        return Err(PhoneError::Invalid);
    }
    match digits.len() {
        0..=6 => Err(PhoneError::TooShort),
        7..=15 => Ok(format!("+{digits}")),
        _ => Err(PhoneError::TooLong),
    }
}

fn chinese_or_prefixed(digits: &str) -> Result<String, PhoneError> {
    if let Some(national) = digits.strip_prefix("86").filter(|national| national.len() >= 10) {
        return chinese(national.strip_prefix('0').unwrap_or(national), true);
    }
    match digits.strip_prefix('0') {
        Some(national) => chinese(national, true),
        None => chinese(digits, false),
    }
}

/// Checks a Chinese national number without its trunk zero. `area` says that an area code may open it.
fn chinese(national: &str, area: bool) -> Result<String, PhoneError> {
    let len = national.len();
    let opens = |prefixes: &[&str]| prefixes.iter().any(|prefix| national.starts_with(prefix));
    let mobile = len == 11 && is_mobile_head(national);
    let service = (len == 10 && opens(&["400", "800"]))
        || ((5..=8).contains(&len) && opens(&["95", "96"]))
        || (len == 5 && opens(&["100", "12"]));
    let landline = area
        && match national.as_bytes() {
            [b'1', b'0', ..] | [b'2', ..] => len == 10,
            [b'3'..=b'9', ..] => len == 10 || len == 11,
            _ => false,
        };
    if mobile || service || landline {
        return Ok(format!("+86{national}"));
    }
    Err(match len {
        0..=6 => PhoneError::TooShort,
        7..=8 if !area => PhoneError::AreaCodeMissing,
        12.. => PhoneError::TooLong,
        _ => PhoneError::Invalid,
    })
}

fn is_mobile_head(national: &str) -> bool {
    matches!(national.as_bytes(), [b'1', b'3'..=b'9', ..])
}

/// Digits of an E.164 number as they are dialled in its country: Chinese landlines with their leading 0, other
/// numbers without the country code.
pub fn home_digits(e164: &str) -> String {
    let digits = e164.trim_start_matches('+');
    let national = &digits[country_length(digits).min(digits.len())..];
    let service =
        ["400", "800", "95", "96", "100", "12"].iter().any(|head| national.starts_with(head)) && national.len() != 11;
    if digits.starts_with("86") && !national.is_empty() && !is_mobile_head(national) && !service {
        format!("0{national}")
    } else {
        national.to_owned()
    }
}

/// Length of the country code (ITU-T E.164 list of assigned codes) that opens the digits.
fn country_length(digits: &str) -> usize {
    const TWO: [&str; 45] = [
        "20", "27", "30", "31", "32", "33", "34", "36", "39", "40", "41", "43", "44", "45", "46", "47", "48", "49",
        "51", "52", "53", "54", "55", "56", "57", "58", "60", "61", "62", "63", "64", "65", "66", "81", "82", "84",
        "86", "90", "91", "92", "93", "94", "95", "98", "28",
    ];
    match digits.as_bytes() {
        [b'1' | b'7', ..] => 1,
        [..] if TWO.iter().any(|code| digits.starts_with(code)) => 2,
        [..] => 3,
    }
}

/// A phone for readers who may not see it: `138****8888`, `010****5678`, `+1 415****1234`, short ones `***78`.
pub fn phone_masked(e164: &str) -> String {
    let home = home_digits(e164);
    let shown = if home.len() >= 9 { (3, 4) } else { (0, 2.min(home.len())) };
    let stars = if home.len() >= 9 { "****" } else { "***" };
    let country = if e164.starts_with("+86") { String::new() } else { foreign_prefix(e164) };
    format!("{country}{}{stars}{}", &home[..shown.0], &home[home.len() - shown.1..])
}

fn foreign_prefix(e164: &str) -> String {
    let digits = e164.trim_start_matches('+');
    format!("+{} ", &digits[..country_length(digits).min(digits.len())])
}

/// The last four digits, which tell customers with one name apart.
pub fn phone_tail(e164: &str) -> &str {
    e164.len().checked_sub(4).and_then(|at| e164.get(at..)).unwrap_or(e164)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phones_are_read_as_people_write_them() {
        for (raw, e164, extension) in [
            ("13812348888", "+8613812348888", None),
            ("138 1234 8888", "+8613812348888", None),
            ("138-1234-8888", "+8613812348888", None),
            ("１３８１２３４８８８８", "+8613812348888", None),
            ("（+86）138 1234 8888", "+8613812348888", None),
            ("0086-13812348888", "+8613812348888", None),
            ("8613812348888", "+8613812348888", None),
            ("013812348888", "+8613812348888", None),
            ("13812348888.0", "+8613812348888", None),
            ("010-12345678", "+861012345678", None),
            ("(010)1234 5678", "+861012345678", None),
            ("+86 (0)10 12345678", "+861012345678", None),
            ("861012345678", "+861012345678", None),
            ("0755-87654321转123", "+8675587654321", Some("123")),
            ("0431-8765432 x9", "+864318765432", Some("9")),
            ("021-12345678 ext. 88", "+862112345678", Some("88")),
            ("(021)12345678-#88", "+862112345678", Some("88")),
            ("400-800-1234", "+864008001234", None),
            ("95588", "+8695588", None),
            ("10086", "+8610086", None),
            ("+1 (415) 555-1234", "+14155551234", None),
            ("+44 (0)20 7946 0958", "+442079460958", None),
            ("00852 2345 6789", "+85223456789", None),
        ] {
            let expected = Phone { e164: e164.into(), extension: extension.map(Into::into) };
            assert_eq!(phone_normalized(raw), Ok(expected), "{raw}");
        }
    }

    #[test]
    fn bad_phones_say_why() {
        for (raw, error) in [
            ("  ", PhoneError::Empty),
            ("1.38E+10", PhoneError::Unexpected('E')),
            ("12345678", PhoneError::AreaCodeMissing),
            ("1381234", PhoneError::AreaCodeMissing),
            ("123", PhoneError::TooShort),
            ("1381234888812", PhoneError::TooLong),
            ("12812348888", PhoneError::Invalid),
            ("0755-87654321转", PhoneError::Extension),
            ("+1234567890123456", PhoneError::TooLong),
            ("+12", PhoneError::TooShort),
            ("张三", PhoneError::Unexpected('张')),
        ] {
            assert_eq!(phone_normalized(raw), Err(error), "{raw}");
        }
    }

    #[test]
    fn masks_hide_the_middle() {
        assert_eq!(phone_masked("+8613812348888"), "138****8888");
        assert_eq!(phone_masked("+861012345678"), "010****5678");
        assert_eq!(phone_masked("+14155551234"), "+1 415****1234");
        assert_eq!(phone_masked("+8695588"), "***88");
        assert_eq!(phone_masked(""), "+ ***");
        assert_eq!(phone_tail("+8613812348888"), "8888");
    }
}
