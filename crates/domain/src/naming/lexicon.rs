//! What a character table cannot know: how surnames, given names and everyday words are read.
//!
//! `ü` is written `v`, as every input method does. The tables are text files beside this module: `key reading…`,
//! entries separated by `;`, lines with `#` are comments.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

type Readings = HashMap<&'static str, Vec<&'static str>>;

/// Surnames of one or two characters with one reading per character.
pub(super) static SURNAMES: LazyLock<Readings> = LazyLock::new(|| table(include_str!("lexicon/surnames.txt")));

/// Words with one reading per character.
pub(super) static WORDS: LazyLock<Readings> = LazyLock::new(|| table(include_str!("lexicon/words.txt")));

/// First characters of all words: most names are spared the look-ups.
pub(super) static WORD_HEADS: LazyLock<HashSet<char>> =
    LazyLock::new(|| WORDS.keys().filter_map(|word| word.chars().next()).collect());

/// Characters with their living readings, the first being the usual one.
pub(super) static CHARACTERS: LazyLock<HashMap<char, Vec<&'static str>>> = LazyLock::new(|| {
    let entries = table(include_str!("lexicon/characters.txt"));
    entries.into_iter().filter_map(|(key, readings)| Some((key.chars().next()?, readings))).collect()
});

/// Characters of which only the first reading is alive.
pub(super) static SOLE: LazyLock<HashSet<char>> = LazyLock::new(|| {
    let lines = include_str!("lexicon/sole.txt").lines();
    lines.filter(|line| !line.starts_with('#')).flat_map(str::chars).collect()
});

/// Length in characters of the longest word.
pub(super) const LONGEST_WORD: usize = 3;

fn table(text: &'static str) -> Readings {
    text.lines()
        .filter(|line| !line.starts_with('#'))
        .flat_map(|line| line.split(';'))
        .filter_map(|entry| {
            let mut fields = entry.split_whitespace();
            Some((fields.next()?, fields.collect()))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_has_a_reading_per_character() {
        for (word, readings) in SURNAMES.iter().chain(WORDS.iter()) {
            assert_eq!(word.chars().count(), readings.len(), "{word}");
            assert!(word.chars().count() <= LONGEST_WORD, "{word}");
        }
        let all = SURNAMES.values().chain(WORDS.values()).chain(CHARACTERS.values()).flatten();
        assert!(all.into_iter().all(|r| r.bytes().all(|b| b.is_ascii_lowercase())));
        assert!(CHARACTERS.values().all(|readings| !readings.is_empty()));
    }
}
