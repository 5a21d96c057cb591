//! Judges one record by what a person typed: exact where the index of [`super::tokens`] is only close, because it keeps
//! tokens without their places.
//!
//! Typed words are separated by blanks and each must be met: by the name (characters that stand together, the start of
//! a word, neighbouring syllables of which the last may be unfinished, neighbouring initials), by the code, by digits
//! that stand together in a phone, or by the start of an e-mail address or its domain.

use super::fold::{self, Run};
use super::phone::home_digits;
use super::pinyin::Unit;
use super::query::{LONGEST_QUERY, phone_forms, whole_phone};
use super::tokens::{self, SHORTEST_DIGITS};

/// What is known of a record that may be meant.
#[derive(Debug, Clone, Copy)]
pub struct Candidate<'a> {
    pub name: &'a str,
    /// The name opens with a surname.
    pub is_person: bool,
    /// The reading, if a person set it.
    pub reading_set: Option<&'a str>,
    pub code: &'a str,
    /// E.164.
    pub phones: &'a [&'a str],
    pub emails: &'a [&'a str],
}

/// Typed text, taken apart once for many candidates.
#[derive(Debug, Clone)]
pub struct Sought {
    words: Vec<Word>,
}

/// The ways one typed word may be met.
#[derive(Debug, Clone, Default)]
struct Word {
    runs: Vec<Run>,
    code: Option<String>,
    phone_forms: Vec<String>,
    /// Local part and domain, folded; one of them may be empty.
    email: Option<(String, String)>,
}

impl Sought {
    pub fn new(typed: &str) -> Self {
        let typed: String = typed.trim().chars().map(fold::half_width).take(LONGEST_QUERY).collect();
        let words = match whole_phone(&typed) {
            Some(digits) => {
                let phone_forms = phone_forms(&digits);
                vec![Word { code: code(&typed), phone_forms, ..Word::default() }]
            }
            None => typed.split_whitespace().map(Word::new).collect(),
        };
        Self { words: words.into_iter().filter(Word::means_something).collect() }
    }

    /// Whether the tokens of the index say all there is to say, so that what they find needs no judging.
    pub fn index_is_exact(&self) -> bool {
        match self.words.as_slice() {
            [word] => match word.runs.as_slice() {
                [Run::Cjk(chars)] => chars.len() <= 2,
                [Run::Word(run)] => run.len() == 1 && run.bytes().all(|b| b.is_ascii_alphabetic()),
                _ => false,
            },
            _ => false,
        }
    }

    /// Whether the candidate is what was typed. Nothing typed is nobody.
    pub fn is_met_by(&self, candidate: &Candidate<'_>) -> bool {
        if self.words.is_empty() {
            return false;
        }
        let name = Name::new(candidate);
        self.words.iter().all(|word| word.is_met_by(candidate, &name))
    }
}

impl Word {
    fn new(text: &str) -> Self {
        if let Some((local, domain)) = text.rsplit_once('@') {
            return Self { email: Some((tokens::email_part(local), tokens::email_part(domain))), ..Self::default() };
        }
        let digits = text.bytes().any(|b| b.is_ascii_digit());
        let phone = digits && text.chars().all(|c| c.is_ascii_digit() || "+-().".contains(c));
        Self {
            runs: fold::runs(text),
            code: if digits { code(text) } else { None },
            phone_forms: if phone { phone_forms(text) } else { Vec::new() },
            email: text.is_ascii().then(|| (tokens::email_part(text), String::new())),
        }
    }

    fn means_something(&self) -> bool {
        let email = self.email.as_ref().is_some_and(|(local, domain)| !(local.is_empty() && domain.is_empty()));
        email || !self.runs.is_empty() || self.code.is_some() || !self.phone_forms.is_empty()
    }

    fn is_met_by(&self, candidate: &Candidate<'_>, name: &Name<'_>) -> bool {
        let named = !self.runs.is_empty() && self.runs.iter().all(|run| name.holds(run));
        named
            || self.code.as_ref().is_some_and(|code| tokens::code_tokens(candidate.code).contains(code))
            || candidate.phones.iter().any(|phone| self.is_in_phone(phone))
            || candidate.emails.iter().any(|address| self.opens_email(address))
    }

    fn is_in_phone(&self, e164: &str) -> bool {
        let home = home_digits(e164);
        let bare = home.strip_prefix('0').unwrap_or(&home);
        self.phone_forms.iter().any(|form| match form.len() {
            0..SHORTEST_DIGITS => false,
            SHORTEST_DIGITS => home.starts_with(form) || home.ends_with(form) || bare.starts_with(form),
            _ => home.contains(form.as_str()),
        })
    }

    fn opens_email(&self, address: &str) -> bool {
        let Some((local, domain)) = &self.email else { return false };
        let (known_local, known_domain) = address.rsplit_once('@').unwrap_or((address, ""));
        !(local.is_empty() && domain.is_empty())
            && tokens::email_part(known_local).starts_with(local.as_str())
            && tokens::email_part(known_domain).starts_with(domain.as_str())
    }
}

fn code(typed: &str) -> Option<String> {
    let parts = tokens::code_parts(typed);
    (!parts.is_empty()).then(|| tokens::code_token(&parts))
}

/// A name as it is written and as it is spoken.
struct Name<'a> {
    /// Characters that stand together; punctuation does not part them.
    written: Vec<Vec<char>>,
    spoken: Vec<Unit>,
    /// Words that may be opened: those of a set reading beside those of the name.
    set: Vec<&'a str>,
    /// The set reading without its blanks.
    joined: String,
}

impl<'a> Name<'a> {
    fn new(candidate: &Candidate<'a>) -> Self {
        let set: Vec<&str> = candidate.reading_set.map(|text| text.split_whitespace().collect()).unwrap_or_default();
        let spoken = tokens::spoken_units(candidate.name, candidate.is_person, &set);
        Self { written: written(candidate.name), spoken, joined: set.concat(), set }
    }

    fn holds(&self, run: &Run) -> bool {
        match run {
            Run::Cjk(chars) => {
                self.written.iter().any(|known| known.windows(chars.len()).any(|part| part == chars.as_slice()))
            }
            Run::Word(text) => {
                self.opens_word(text)
                    || (0..self.spoken.len()).any(|from| speaks(&self.spoken[from..], text))
                    || self.has_initials(text)
            }
        }
    }

    fn opens_word(&self, text: &str) -> bool {
        let named = self.spoken.iter().any(|unit| matches!(unit, Unit::Word(word) if word.starts_with(text)));
        named || self.set.iter().any(|word| word.starts_with(text)) || self.joined.starts_with(text)
    }

    fn has_initials(&self, text: &str) -> bool {
        let letters: Vec<char> = text.chars().collect();
        let known: Vec<Vec<char>> = self.spoken.iter().map(tokens::initials).filter(|set| !set.is_empty()).collect();
        letters.len() > 1
            && known.windows(letters.len()).any(|part| part.iter().zip(&letters).all(|(set, c)| set.contains(c)))
    }
}

/// Whether the units open with the text, the last one perhaps unfinished.
fn speaks(units: &[Unit], text: &str) -> bool {
    if text.is_empty() {
        return true;
    }
    let Some((first, rest)) = units.split_first() else { return false };
    let heard = |sound: &str| {
        sound.starts_with(text) || text.strip_prefix(sound).is_some_and(|left| !sound.is_empty() && speaks(rest, left))
    };
    match first {
        Unit::Han(_, readings) => readings.iter().any(|reading| heard(reading)),
        Unit::Word(word) => heard(word),
        Unit::Syllabic(_) => false,
    }
}

fn written(name: &str) -> Vec<Vec<char>> {
    let mut all: Vec<Vec<char>> = Vec::new();
    let mut parted = true;
    for run in fold::runs(name) {
        match run {
            Run::Word(_) => parted = true,
            Run::Cjk(chars) => {
                match all.last_mut() {
                    Some(last) if !parted => last.extend(chars),
                    _ => all.push(chars),
                }
                parted = false;
            }
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meets(typed: &str, name: &str, is_person: bool) -> bool {
        let candidate = Candidate { name, is_person, reading_set: None, code: "C-01-000123", phones: &[], emails: &[] };
        Sought::new(typed).is_met_by(&candidate)
    }

    #[test]
    fn neighbours_only() {
        for (typed, name, met) in [
            ("zhangwei", "张伟", true),
            ("zhangwei", "张志伟", false),
            ("zhangwei", "李张伟", true),
            ("zw", "张伟", true),
            ("zw", "张志伟", true),
            ("zzw", "张志伟", true),
            ("zww", "张志伟", false),
            ("王明", "王小明", false),
            ("小明", "王小明", true),
            ("王 明", "王小明", true),
            ("lianna", "李安娜", true),
            ("xian", "西安", true),
            ("张wei", "张伟", true),
            ("xingyun", "行云", true),
            ("123", "张伟", true),
            ("01-000123", "张伟", true),
            ("124", "张伟", false),
            ("-", "张伟", false),
            ("", "张伟", false),
        ] {
            assert_eq!(meets(typed, name, true), met, "{typed} in {name}");
        }
    }

    #[test]
    fn contact_points() {
        let candidate = Candidate {
            name: "Anna Li",
            is_person: true,
            reading_set: None,
            code: "C-01-000001",
            phones: &["+8613812348888", "+861062345678"],
            emails: &["anna.li@example.com"],
        };
        let met = |typed: &str| Sought::new(typed).is_met_by(&candidate);
        for typed in [
            "138",
            "888",
            "12348",
            "138 1234",
            "+86 138",
            "anna.l",
            "@exa",
            "annali@example.com",
            "010-6234",
            "625 anna",
        ] {
            assert_eq!(met(typed), typed != "625 anna", "{typed}");
        }
        for typed in ["1388888", "234", "8889", "li@example", "anna@other"] {
            assert!(!met(typed), "{typed}");
        }
    }

    #[test]
    fn set_readings_count() {
        let candidate = Candidate {
            name: "单田芳",
            is_person: true,
            reading_set: Some("dan tian fang"),
            code: "X",
            phones: &[],
            emails: &[],
        };
        assert!(Sought::new("dantian").is_met_by(&candidate) && !Sought::new("shantian").is_met_by(&candidate));
    }
}
