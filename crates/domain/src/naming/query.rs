//! Typed text turned into the tokens of [`super::tokens`]: AND between clauses, OR inside a clause.
//!
//! One typed word may be many things (`li` a syllable, the initials of two words, the start of an address), so each
//! meaning is a conjunction of tokens and the word is their disjunction. A database wants the opposite order, and few
//! clauses. So every clause takes one token of each meaning: whatever fits one meaning passes all clauses, and the clauses
//! are chosen so that little else does (97 % of the hits for pinyin typed without spaces among 20,000 made-up names).

use super::fold::{self, Run};
use super::pinyin;
use super::tokens::{self, LONGEST_DOMAIN, LONGEST_PREFIX, SHORTEST_DIGITS};

/// A conjunction of disjunctions of index tokens.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    /// Every clause must hold; a clause holds if any of its tokens is in the index. Empty: nothing searchable was typed.
    pub all_of: Vec<Vec<String>>,
}

/// Classes of tokens that a field mask can take away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenClass {
    /// `p…`
    Phone,
    /// `e…`
    Email,
}

impl Query {
    /// The query for a reader who may not see a field: its tokens count as not found. `None` means that nothing can match.
    pub fn without(mut self, class: TokenClass) -> Option<Self> {
        let first = match class {
            TokenClass::Phone => 'p',
            TokenClass::Email => 'e',
        };
        for clause in &mut self.all_of {
            clause.retain(|token| !token.starts_with(first));
        }
        self.all_of.iter().all(|clause| !clause.is_empty()).then_some(self)
    }

    /// Whether a set of index tokens answers the query: the in-memory judge of both databases.
    pub fn matches(&self, index: &[String]) -> bool {
        !self.all_of.is_empty() && self.all_of.iter().all(|clause| clause.iter().any(|token| index.contains(token)))
    }
}

type Clauses = Vec<Vec<String>>;

/// Typed characters beyond this many are ignored.
pub(super) const LONGEST_QUERY: usize = 80;
/// Clauses kept, the first ones; fewer conditions only find more.
const MOST_CLAUSES: usize = 32;
/// Clauses up to which meanings are multiplied out.
const EXACT_LIMIT: usize = 16;
/// Clauses of a run of letters.
const MOST_PER_RUN: usize = 8;
/// Ways of cutting a run of letters into syllables that are looked at.
const MOST_CUTS: usize = 16;
/// Letters of a run that are cut into syllables.
const LONGEST_RUN: usize = 18;
/// Pairs of initials that are asked for, the rarest ones.
const MOST_INITIALS: usize = 4;
/// Letters of a run that are looked at as initials.
const LONGEST_INITIALS: usize = 8;

/// The tokens to look up for what a person typed.
pub fn query_tokens(typed: &str) -> Query {
    let typed: String = typed.trim().chars().map(fold::half_width).take(LONGEST_QUERY).collect();
    let mut all_of = Clauses::new();
    if let Some(digits) = whole_phone(&typed) {
        all_of.extend(either(phone(&digits), code(&typed)));
    } else {
        for word in typed.split_whitespace() {
            all_of.extend(word_clauses(word));
        }
    }
    let mut seen = Clauses::new();
    for clause in all_of.into_iter().map(tokens::distinct) {
        if !clause.is_empty() && !seen.contains(&clause) && seen.len() < MOST_CLAUSES {
            seen.push(clause);
        }
    }
    Query { all_of: seen }
}

/// A phone typed with spaces or brackets between its groups.
pub(super) fn whole_phone(typed: &str) -> Option<String> {
    let grouped = typed.chars().any(|c| matches!(c, ' ' | '(' | ')' | '+'));
    let phone_like = typed.chars().all(|c| c.is_ascii_digit() || matches!(c, ' ' | '(' | ')' | '+' | '-' | '.'));
    let digits: String = typed.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
    let least = if typed.starts_with('+') { 5 } else { 7 };
    (grouped && phone_like && digits.len() >= least).then_some(digits)
}

fn word_clauses(word: &str) -> Clauses {
    let mut named = Clauses::new();
    for run in fold::runs(word) {
        match run {
            Run::Cjk(chars) if chars.len() == 1 => named.push(vec![tokens::cjk_token(&chars)]),
            Run::Cjk(chars) => named.extend(chars.windows(2).map(|pair| vec![tokens::cjk_token(pair)])),
            Run::Word(text) => named.extend(run_clauses(&text)),
        }
    }
    if word.contains('@') {
        return email(word);
    }
    let mut clauses = named;
    if word.bytes().any(|b| b.is_ascii_digit()) {
        clauses = either(clauses, code(word));
        if word.chars().all(|c| c.is_ascii_digit() || "+-().".contains(c)) {
            clauses = either(clauses, phone(word));
        }
    }
    if word.is_ascii() {
        clauses = either(clauses, email(word));
    }
    clauses
}

/// A run of letters and digits: the start of a word, syllables, or initials.
///
/// Each token of the likeliest meaning makes a clause, joined by the token of every other meaning that lets least else
/// through, once with pairs of initials and once without.
fn run_clauses(run: &str) -> Clauses {
    let mut meanings = vec![vec![tokens::prefix_token("w", run, LONGEST_PREFIX)]];
    if run.bytes().all(|b| b.is_ascii_lowercase()) {
        meanings.extend(syllable_cuts(run));
    }
    let letters: Vec<char> = run.chars().take(LONGEST_INITIALS).collect();
    if letters.len() > 1 {
        let mut pairs = initial_tokens(&letters);
        pairs.sort_by(|a, b| commonness(a).total_cmp(&commonness(b)));
        pairs.truncate(MOST_INITIALS);
        meanings.push(pairs);
    }
    let shortest_cut = (1..meanings.len() - usize::from(letters.len() > 1)).min_by_key(|at| meanings[*at].len());
    let likeliest = if pinyin::opens_syllable(run) { 0 } else { shortest_cut.unwrap_or(meanings.len() - 1) };
    let main = meanings.swap_remove(likeliest);
    let mut clauses = Clauses::new();
    for with_pairs in [true, false] {
        for token in &main {
            let clause =
                meanings.iter().fold(vec![token.clone()], |clause, other| narrowest(clause, other, with_pairs));
            if clauses.len() < MOST_PER_RUN && !clauses.contains(&clause) {
                clauses.push(clause);
            }
        }
    }
    clauses
}

/// Adds to a clause the token of another meaning that widens it least. A token whose own prefix is in the clause adds
/// nothing, because the index holds every prefix of a syllable or word.
fn narrowest(mut clause: Vec<String>, other: &[String], with_pairs: bool) -> Vec<String> {
    let implied = |token: &String| {
        clause.iter().any(|known| token == known || (token.starts_with('w') && token.starts_with(known.as_str())))
    };
    if other.iter().any(implied) {
        return clause;
    }
    let allowed = |token: &&String| with_pairs || token.starts_with('w');
    let rarest =
        |list: &mut dyn Iterator<Item = &String>| list.min_by(|a, b| commonness(a).total_cmp(&commonness(b))).cloned();
    clause.extend(rarest(&mut other.iter().filter(allowed)).or_else(|| rarest(&mut other.iter())));
    clause
}

/// Roughly how many of a thousand Chinese names carry a token: the share of its initials among syllables, halved with
/// every further letter. Only the order matters.
fn commonness(token: &str) -> f64 {
    let share = |b: u8| match b {
        b'z' | b'l' => 120.0,
        b'w' | b'x' | b'y' | b'j' | b'h' => 85.0,
        b'c' | b's' => 55.0,
        b'm' | b'g' | b'f' | b'd' | b't' | b'q' => 35.0,
        b'b' | b'p' | b'r' | b'n' => 18.0,
        b'k' | b'a' => 10.0,
        _ => 3.0,
    };
    match token.as_bytes() {
        [b'i', first, second] => 1.6 * share(*first) * share(*second) / 1_000.0,
        [b'w', first, rest @ ..] => 2.5 * share(*first) * 0.5f64.powi(rest.len() as i32),
        _ => 1.0,
    }
}

fn initial_tokens(letters: &[char]) -> Vec<String> {
    letters.windows(2).map(|pair| tokens::initial_pair(pair[0], pair[1])).collect()
}

/// The tokens of every way to read the run as syllables, the last one perhaps unfinished. A run with too many readings
/// is shortened, which only loosens the search.
fn syllable_cuts(run: &str) -> Vec<Vec<String>> {
    let mut end = run.len().min(LONGEST_RUN);
    loop {
        let mut cuts = Vec::new();
        cut_from(&run[..end], &mut Vec::new(), &mut cuts);
        if cuts.len() <= MOST_CUTS || end == 1 {
            let mut all: Vec<Vec<String>> =
                cuts.iter().filter(|cut| cut.len() > 1).map(|cut| cut_tokens(cut)).collect();
            if end < run.len() && cuts.iter().any(|cut| cut.len() == 1) {
                all.push(vec![tokens::prefix_token("w", &run[..end], LONGEST_PREFIX)]);
            }
            return all;
        }
        end -= 1;
    }
}

fn cut_from<'a>(rest: &'a str, cut: &mut Vec<&'a str>, cuts: &mut Vec<Vec<&'a str>>) {
    if cuts.len() > MOST_CUTS {
        return;
    }
    if pinyin::opens_syllable(rest) {
        cut.push(rest);
        cuts.push(cut.clone());
        cut.pop();
    }
    for end in (1..rest.len().min(pinyin::LONGEST_SYLLABLE + 1)).rev() {
        if pinyin::is_syllable(&rest[..end]) {
            cut.push(&rest[..end]);
            cut_from(&rest[end..], cut, cuts);
            cut.pop();
        }
    }
}

fn cut_tokens(cut: &[&str]) -> Vec<String> {
    let initials: Vec<char> = cut.iter().filter_map(|syllable| syllable.chars().next()).collect();
    let mut all: Vec<String> = cut.iter().map(|s| tokens::prefix_token("w", s, LONGEST_PREFIX)).collect();
    all.extend(initial_tokens(&initials));
    all
}

/// Digits as a piece of a phone as it is dialled at home, with and without a country prefix or a leading 0.
pub(super) fn phone_forms(word: &str) -> Vec<String> {
    let digits: String = word.chars().filter(char::is_ascii_digit).collect();
    let mut forms = Vec::new();
    let abroad = |digits: &str| super::phone::home_digits(&format!("+{digits}"));
    if word.starts_with('+') {
        forms.push(abroad(&digits));
    } else {
        forms.push(digits.clone());
        forms.extend(digits.strip_prefix('0').map(str::to_owned));
        forms.extend(digits.strip_prefix("00").map(abroad));
        let long = digits.strip_prefix("86").filter(|home| home.len() >= 10);
        forms.extend(long.map(|_| abroad(&digits)));
    }
    forms
}

fn phone(word: &str) -> Clauses {
    phone_forms(word).iter().fold(Clauses::new(), |clauses, form| either(clauses, phone_piece(form)))
}

fn phone_piece(digits: &str) -> Clauses {
    let bytes = digits.as_bytes();
    match bytes.len() {
        0..SHORTEST_DIGITS => Clauses::new(),
        SHORTEST_DIGITS => {
            vec![tokens::digits_token("ph", bytes).into_iter().chain(tokens::digits_token("pt", bytes)).collect()]
        }
        length => {
            let every_other = (0..=length - 4).rev().step_by(2).chain([0]);
            let token = |at: usize| bytes.get(at..at + 4).and_then(|four| tokens::digits_token("p", four));
            every_other.filter_map(token).map(|token| vec![token]).collect()
        }
    }
}

fn code(word: &str) -> Clauses {
    let parts = tokens::code_parts(word);
    if parts.is_empty() { Clauses::new() } else { vec![vec![tokens::code_token(&parts)]] }
}

fn email(word: &str) -> Clauses {
    let (local, domain) = word.rsplit_once('@').unwrap_or((word, ""));
    let mut clauses = Clauses::new();
    for (class, part, longest) in [("e", local, LONGEST_PREFIX), ("ed", domain, LONGEST_DOMAIN)] {
        let part = tokens::email_part(part);
        if !part.is_empty() {
            clauses.push(vec![tokens::prefix_token(class, &part, longest)]);
        }
    }
    clauses
}

/// What one or the other finds; no clauses mean that there is no such meaning.
fn either(one: Clauses, other: Clauses) -> Clauses {
    if one.is_empty() {
        return other;
    }
    if other.is_empty() {
        return one;
    }
    let join = |a: &Vec<String>, b: &Vec<String>| {
        let mut clause = a.clone();
        clause.extend(b.iter().filter(|token| !a.contains(token)).cloned());
        clause
    };
    if one.len() * other.len() <= EXACT_LIMIT {
        return one.iter().flat_map(|a| other.iter().map(move |b| join(a, b))).collect();
    }
    (0..one.len().max(other.len())).map(|i| join(&one[i % one.len()], &other[i % other.len()])).collect()
}
