//! Search tokens: what is written to the full-text index so that every piece a person may type is an exact token.
//!
//! Trigram and LIKE searches find nothing under three characters or scan a million rows, so the index holds our own
//! tokens and [`super::query`] turns typed text into the same ones. A token is ASCII letters, digits and CJK characters
//! only: no space, quote or operator, hence safe inside an FTS5 phrase and a tsquery lexeme. Its first letter is its
//! class, so that a reader who may not see phones or e-mails drops those tokens (`Query::without`):
//!
//! | first | class | written for |
//! |---|---|---|
//! | CJK | characters and pairs of neighbours | names |
//! | `w` | prefixes of pinyin syllables and of words | names |
//! | `i` | pairs of neighbouring initials | names |
//! | `k` | code, its tails | human codes |
//! | `p` | digits: `p` four in a row, `ph` first three, `pt` last three | phones |
//! | `e` | prefixes of the local part; `ed` of the domain | e-mail addresses |
//!
//! Longer pieces are conjunctions: three Han characters are two pairs; `zhangw` is the syllable `zhang`, the prefix `w`
//! and the pair of initials `zw`, which stands for their order; a run of digits is its groups of four. That keeps a
//! Chinese person with a phone near 30 tokens where listing every prefix and tail would take 60.

use super::fold::{self, push_safe};
use super::pinyin::{self, Unit};

/// Longest indexed prefix of a word, in characters; longer typed words are cut to it.
pub const LONGEST_PREFIX: usize = 12;

/// Longest indexed prefix of an e-mail domain, in characters.
pub(super) const LONGEST_DOMAIN: usize = 6;

/// Shortest run of digits that searches phones.
pub const SHORTEST_DIGITS: usize = 3;

/// Tokens of a name, sorted and distinct.
///
/// `is_person` says that the name opens with a surname. `pinyin_override` is the reading set by a person in the form
/// of [`pinyin::reading_normalized`]: with one syllable per Han character it replaces the guessed readings, otherwise
/// its words are indexed besides them.
pub fn index_tokens(name: &str, is_person: bool, pinyin_override: Option<&str>) -> Vec<String> {
    let mut out = Vec::with_capacity(40);
    cjk_tokens(name, &mut out);
    let spoken: Vec<&str> = pinyin_override.map(|text| text.split_whitespace().collect()).unwrap_or_default();
    let units = spoken_units(name, is_person, &spoken);
    if spoken.len() == units.len() {
        if spoken.iter().any(|syllable| !pinyin::is_syllable(syllable)) {
            prefix_tokens(&spoken.concat(), &mut out);
        }
    } else {
        for word in &spoken {
            prefix_tokens(word, &mut out);
        }
    }
    for unit in &units {
        match unit {
            Unit::Han(_, readings) => readings.iter().for_each(|reading| prefix_tokens(reading, &mut out)),
            Unit::Word(word) => prefix_tokens(word, &mut out),
            Unit::Syllabic(_) => {}
        }
    }
    let sounding: Vec<Vec<char>> = units.iter().map(initials).filter(|set| !set.is_empty()).collect();
    for pair in sounding.windows(2) {
        for first in &pair[0] {
            for second in &pair[1] {
                out.push(initial_pair(*first, *second));
            }
        }
    }
    distinct(out)
}

/// The sounding pieces of a name; a set reading with a syllable for each replaces what its Han characters are read as.
pub(super) fn spoken_units(name: &str, is_person: bool, set: &[&str]) -> Vec<Unit> {
    let mut units = pinyin::units(name, is_person);
    if set.len() == units.len() {
        for (unit, syllable) in units.iter_mut().zip(set) {
            if let Unit::Han(..) = unit {
                *unit = Unit::Word((*syllable).to_owned());
            }
        }
    }
    units
}

/// Tokens of a phone in E.164 (`+8613800138000`), sorted and distinct: every head and tail of at least three digits of
/// the number as it is dialled at home is found, and any four digits in a row.
///
/// People type the last four digits or the number as it stands on a card, hence the home form (a Chinese landline with
/// its leading 0); groups of four digits cost `length − 3` tokens where listing heads and tails costs twice as many, and
/// they find the middle too.
pub fn phone_tokens(e164: &str) -> Vec<String> {
    let home = super::phone::home_digits(e164);
    let mut out: Vec<String> = home.as_bytes().windows(4).filter_map(|four| digits_token("p", four)).collect();
    let bytes = home.as_bytes();
    if let (Some(head), Some(tail)) = (bytes.get(..3), bytes.len().checked_sub(3).and_then(|at| bytes.get(at..))) {
        out.extend(digits_token("ph", head));
        out.extend(digits_token("pt", tail));
        if bytes[0] == b'0' && bytes.len() > 3 {
            out.extend(digits_token("ph", &bytes[1..4]));
        }
    }
    distinct(out)
}

/// Tokens of a human code (`C-BJ-000123`), sorted and distinct: the whole from any of its parts on, and the tails of
/// its last number. Zeros in front of a number never matter.
pub fn code_tokens(code: &str) -> Vec<String> {
    let parts = code_parts(code);
    let mut out: Vec<String> = (0..parts.len()).map(|at| code_token(&parts[at..])).collect();
    if let Some(number) = parts.last().filter(|part| part.bytes().all(|b| b.is_ascii_digit())) {
        for at in 0..number.len().saturating_sub(SHORTEST_DIGITS - 1) {
            out.push(code_token(std::slice::from_ref(&number[at..].to_owned())));
        }
    }
    distinct(out)
}

/// Tokens of an e-mail address, sorted and distinct: prefixes of the local part and of the domain.
pub fn email_tokens(address: &str) -> Vec<String> {
    let (local, domain) = address.rsplit_once('@').unwrap_or((address, ""));
    let mut out = Vec::new();
    prefixes("e", &email_part(local), LONGEST_PREFIX, &mut out);
    prefixes("ed", &email_part(domain), LONGEST_DOMAIN, &mut out);
    distinct(out)
}

pub(super) fn distinct(mut tokens: Vec<String>) -> Vec<String> {
    tokens.sort_unstable();
    tokens.dedup();
    tokens
}

/// Characters and pairs; punctuation between them does not part a pair, so `星河集团` finds `星河（集团）`.
fn cjk_tokens(name: &str, out: &mut Vec<String>) {
    let mut last = None;
    for run in fold::runs(name) {
        let fold::Run::Cjk(chars) = run else {
            last = None;
            continue;
        };
        for c in chars {
            out.push(cjk_token(&[c]));
            out.extend(last.map(|before| cjk_token(&[before, c])));
            last = Some(c);
        }
    }
}

pub(super) fn cjk_token(chars: &[char]) -> String {
    let mut token = String::with_capacity(8);
    chars.iter().for_each(|c| push_safe(&mut token, *c));
    token
}

fn prefix_tokens(word: &str, out: &mut Vec<String>) {
    prefixes("w", word, LONGEST_PREFIX, out);
}

fn prefixes(class: &str, word: &str, longest: usize, out: &mut Vec<String>) {
    let mut token = class.to_owned();
    for c in word.chars().take(longest) {
        push_safe(&mut token, c);
        out.push(token.clone());
    }
}

/// The token of a typed word or syllable prefix.
pub(super) fn prefix_token(class: &str, word: &str, longest: usize) -> String {
    let mut token = class.to_owned();
    word.chars().take(longest).for_each(|c| push_safe(&mut token, c));
    token
}

pub(super) fn initial_pair(first: char, second: char) -> String {
    let mut token = String::from("i");
    push_safe(&mut token, first);
    push_safe(&mut token, second);
    token
}

pub(super) fn initials(unit: &Unit) -> Vec<char> {
    let mut set: Vec<char> = match unit {
        Unit::Han(_, readings) => readings.iter().filter_map(|reading| reading.chars().next()).collect(),
        Unit::Word(word) => word.chars().next().into_iter().collect(),
        Unit::Syllabic(_) => Vec::new(),
    };
    set.sort_unstable();
    set.dedup();
    set
}

pub(super) fn digits_token(class: &str, digits: &[u8]) -> Option<String> {
    std::str::from_utf8(digits).ok().map(|text| format!("{class}{text}"))
}

/// Runs of letters and runs of digits of a code, folded; numbers keep their zeros.
pub(super) fn code_parts(code: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    for run in fold::runs(code) {
        let text: String = match run {
            fold::Run::Word(word) => word,
            fold::Run::Cjk(chars) => chars.into_iter().collect(),
        };
        let mut last_digit = None;
        for c in text.chars() {
            let digit = c.is_ascii_digit();
            match parts.last_mut() {
                Some(part) if last_digit == Some(digit) => part.push(c),
                _ => parts.push(String::from(c)),
            }
            last_digit = Some(digit);
        }
    }
    parts
}

/// The token of consecutive parts, numbers without leading zeros.
pub(super) fn code_token(parts: &[String]) -> String {
    let mut token = String::from("k");
    for part in parts {
        let bare = part.trim_start_matches('0');
        let number = part.bytes().all(|b| b.is_ascii_digit());
        let kept = if number && bare.is_empty() {
            "0"
        } else if number {
            bare
        } else {
            part
        };
        kept.chars().take(24).for_each(|c| push_safe(&mut token, c));
    }
    token
}

/// Letters and digits of a part of an address, folded.
pub(super) fn email_part(part: &str) -> String {
    let mut out = String::with_capacity(part.len());
    part.chars().map(fold::half_width).for_each(|c| fold::push_folded(&mut out, c));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_with_a_phone_and_a_code_stays_lean() {
        let total = |name: &str| {
            index_tokens(name, true, None).len()
                + phone_tokens("+8613812348888").len()
                + code_tokens("C-BJ-345678").len()
        };
        assert!(total("张伟") <= 32, "{}", total("张伟"));
        assert!(total("王小明") <= 38, "{}", total("王小明"));
        assert!(index_tokens("欧阳振华", true, None).len() + phone_tokens("+8613812348888").len() <= 36);
    }

    #[test]
    fn tokens_of_a_name() {
        assert_eq!(index_tokens("李A", true, None), ["ila", "wa", "wl", "wli", "李"]);
    }

    #[test]
    fn landlines_are_indexed_as_dialled() {
        let tokens = phone_tokens("+861012345678");
        assert!(["ph010", "ph101", "pt678", "p0101", "p5678"].iter().all(|t| tokens.contains(&(*t).to_owned())));
    }

    #[test]
    fn codes_ignore_leading_zeros() {
        assert_eq!(code_tokens("C-BJ-000123"), ["k123", "kbj123", "kcbj123"]);
        assert_eq!(code_tokens("P0012"), ["k12", "kp12"]);
        assert_eq!(code_tokens("X-000"), ["k0", "kx0"]);
    }

    #[test]
    fn a_set_reading_replaces_the_guess() {
        let tokens = index_tokens("单田芳", true, Some("dan tian fang"));
        assert!(tokens.contains(&"wdan".to_owned()) && !tokens.contains(&"wshan".to_owned()));
        let tokens = index_tokens("吴国", true, Some("ng kwok"));
        assert!(tokens.contains(&"wngkw".to_owned()));
    }
}
