//! Folding of characters to the one form that index and query share.

use unicode_normalization::char::decompose_compatible;

/// Full-width letters, digits and punctuation (U+FF01…U+FF5E) and the ideographic space become ASCII.
pub(super) fn half_width(c: char) -> char {
    match c {
        '\u{3000}' | '\u{a0}' => ' ',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        _ => c,
    }
}

/// Han characters, extension planes included.
pub(super) fn is_han(c: char) -> bool {
    matches!(c, '\u{3007}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// Scripts written without spaces or in blocks, indexed by single characters and pairs: Han, kana, hangul.
pub(super) fn is_cjk(c: char) -> bool {
    is_han(c)
        || matches!(c, '\u{3005}' | '\u{3041}'..='\u{3096}' | '\u{30a1}'..='\u{30fa}' | '\u{30fc}'..='\u{30ff}' | '\u{ac00}'..='\u{d7a3}')
}

/// Appends the lower-case, accent-free form of an alphanumeric character; anything else adds nothing.
pub(super) fn push_folded(out: &mut String, c: char) {
    if c.is_ascii_alphanumeric() {
        out.push(c.to_ascii_lowercase());
        return;
    }
    if c.is_ascii() {
        return;
    }
    for lower in c.to_lowercase() {
        match lower {
            'ß' => out.push_str("ss"),
            'æ' => out.push_str("ae"),
            'œ' => out.push_str("oe"),
            'ø' => out.push('o'),
            'ł' => out.push('l'),
            'đ' | 'ð' => out.push('d'),
            'þ' => out.push_str("th"),
            'ı' => out.push('i'),
            _ => decompose_compatible(lower, |d| {
                if d.is_alphanumeric() && !is_combining(d) {
                    out.extend(d.to_lowercase());
                }
            }),
        }
    }
}

fn is_combining(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{1ab0}'..='\u{1aff}' | '\u{20d0}'..='\u{20ff}')
}

/// A maximal run of one kind within a text; punctuation and spaces separate and vanish, apostrophes vanish without
/// separating (`O'Brien` is one word, `xi'an` one reading).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Run {
    /// Characters of [`is_cjk`] scripts.
    Cjk(Vec<char>),
    /// Letters and digits of alphabetic scripts, folded.
    Word(String),
}

/// Splits a text into its runs.
pub(super) fn runs(text: &str) -> Vec<Run> {
    let mut out: Vec<Run> = Vec::new();
    let mut open = false;
    for c in text.chars().map(half_width) {
        if matches!(c, '\'' | '’' | '‘' | '`') {
            continue;
        }
        if is_cjk(c) {
            match out.last_mut() {
                Some(Run::Cjk(chars)) if open => chars.push(c),
                _ => out.push(Run::Cjk(vec![c])),
            }
            open = true;
        } else if c.is_alphanumeric() {
            match out.last_mut() {
                Some(Run::Word(word)) if open => push_folded(word, c),
                _ => {
                    let mut word = String::new();
                    push_folded(&mut word, c);
                    out.push(Run::Word(word));
                }
            }
            open = true;
        } else if !is_combining(c) {
            open = false;
        }
    }
    out.retain(|run| !matches!(run, Run::Word(word) if word.is_empty()));
    out
}

/// Appends a character in the form allowed inside a token: ASCII alphanumerics and CJK of the basic plane as they are,
/// everything else as `x` and its code point, because full-text tokenizers disagree about rare letters.
pub(super) fn push_safe(out: &mut String, c: char) {
    if c.is_ascii_alphanumeric() || (is_cjk(c) && (c as u32) <= 0xffff) {
        out.push(c);
    } else {
        out.push('x');
        out.push_str(&format!("{:x}", c as u32));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_split_by_script_and_fold() {
        assert_eq!(
            runs("Ａ座 Müller·O’Brien 北京ＡＢＣ"),
            vec![
                Run::Word("a".into()),
                Run::Cjk(vec!['座']),
                Run::Word("muller".into()),
                Run::Word("obrien".into()),
                Run::Cjk(vec!['北', '京']),
                Run::Word("abc".into()),
            ]
        );
        assert_eq!(
            runs("Łódź Ørsted Straße"),
            vec![Run::Word("lodz".into()), Run::Word("orsted".into()), Run::Word("strasse".into())]
        );
        assert!(runs(" -·!（）").is_empty());
    }

    #[test]
    fn rare_letters_become_ascii_inside_tokens() {
        let mut out = String::new();
        push_safe(&mut out, '王');
        push_safe(&mut out, '𬱖');
        push_safe(&mut out, 'д');
        assert_eq!(out, "王x2cc56x434");
    }
}
