//! Readings of names in pinyin without tones: the key that sorts Chinese names and the source of their search tokens.
//!
//! Order of authority: a reading set by a person, the surname table, whole words, the living readings of characters,
//! the character table of the `pinyin` crate. `ü` is written `v` (sorts after `u`, is what people type).

use std::collections::BTreeSet;
use std::ops::Bound;
use std::sync::LazyLock;

use ::pinyin::ToPinyinMulti;

use super::fold::{self, Run};
use super::lexicon;

/// One sounding piece of a name, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Unit {
    /// A Han character and its possible readings, the most likely first; empty if nobody knows one.
    Han(char, Vec<&'static str>),
    /// Kana and hangul, which have no pinyin.
    Syllabic(char),
    /// A word of an alphabetic script, or a syllable of a reading set by a person.
    Word(String),
}

/// The stored reading of a name: lower case, syllables and words separated by one space, other scripts kept folded.
///
/// `张伟` → `zhang wei`, `单田芳` (person) → `shan tian fang`, `重庆A座银行` → `chong qing a zuo yin hang`. Sorted
/// bytewise it gives the dictionary order of names. `is_person` says that the name opens with a surname.
pub fn reading(name: &str, is_person: bool) -> String {
    let mut out = String::with_capacity(name.len() * 2);
    for unit in units(name, is_person) {
        if !out.is_empty() {
            out.push(' ');
        }
        match unit {
            Unit::Han(c, readings) => match readings.first() {
                Some(reading) => out.push_str(reading),
                None => out.push(c),
            },
            Unit::Syllabic(c) => out.push(c),
            Unit::Word(word) => out.push_str(&word),
        }
    }
    out
}

/// Normalises a reading typed by a person to the stored form: lower case, no tones, `ü` as `v`, single spaces.
pub fn reading_normalized(typed: &str) -> String {
    let umlaut = typed.to_lowercase().replace(['ü', 'ǖ', 'ǘ', 'ǚ', 'ǜ'], "v").replace("u:", "v");
    let mut words = Vec::new();
    for run in fold::runs(&umlaut) {
        match run {
            Run::Word(word) => words.push(word.trim_end_matches(|c: char| c.is_ascii_digit()).to_owned()),
            Run::Cjk(chars) => words.extend(chars.into_iter().map(String::from)),
        }
    }
    words.retain(|word| !word.is_empty());
    words.join(" ")
}

/// Splits a name into sounding pieces with every reading that a searcher may type.
pub(super) fn units(name: &str, is_person: bool) -> Vec<Unit> {
    let mut out = Vec::new();
    for (position, run) in fold::runs(name).into_iter().enumerate() {
        match run {
            Run::Word(word) => out.push(Unit::Word(word)),
            Run::Cjk(chars) => units_of_run(&chars, is_person && position == 0, &mut out),
        }
    }
    out
}

fn units_of_run(chars: &[char], surname_first: bool, out: &mut Vec<Unit>) {
    let mut at = if surname_first { surname(chars, out) } else { 0 };
    while at < chars.len() {
        let longest = if lexicon::WORD_HEADS.contains(&chars[at]) { lexicon::LONGEST_WORD } else { 0 };
        let word = (2..=longest.min(chars.len() - at)).rev().find_map(|len| {
            let word: String = chars[at..at + len].iter().collect();
            lexicon::WORDS.get(word.as_str())
        });
        if let Some(readings) = word {
            at += fixed(&chars[at..], readings, out);
        } else {
            let c = chars[at];
            out.push(if fold::is_han(c) { Unit::Han(c, character(c)) } else { Unit::Syllabic(c) });
            at += 1;
        }
    }
}

/// Pushes the surname that opens a person's name and returns how many characters it took. A surname outside the table
/// is one character, so that 商行健 is not read as a 商行 (shop).
fn surname(chars: &[char], out: &mut Vec<Unit>) -> usize {
    for len in [2, 1] {
        let Some(head) = chars.get(..len) else {
            continue;
        };
        let head: String = head.iter().collect();
        if let Some(readings) = lexicon::SURNAMES.get(head.as_str()) {
            return fixed(chars, readings, out);
        }
    }
    match chars.first() {
        Some(&c) if fold::is_han(c) => {
            out.push(Unit::Han(c, character(c)));
            1
        }
        _ => 0,
    }
}

fn fixed(chars: &[char], readings: &[&'static str], out: &mut Vec<Unit>) -> usize {
    for (c, reading) in chars.iter().zip(readings) {
        let mut list = vec![*reading];
        with_umlaut(&mut list);
        out.push(Unit::Han(*c, list));
    }
    readings.len()
}

/// The readings of a character outside of any known word.
fn character(c: char) -> Vec<&'static str> {
    let mut list = match lexicon::CHARACTERS.get(&c) {
        Some(living) => living.clone(),
        None => {
            let most = if lexicon::SOLE.contains(&c) { 1 } else { usize::MAX };
            table_readings(c).into_iter().take(most).collect()
        }
    };
    with_umlaut(&mut list);
    list
}

/// Distinct toneless readings of the character table; grunts without a vowel (`m`, `ng`) are not readings of names.
fn table_readings(c: char) -> Vec<&'static str> {
    let mut list: Vec<&'static str> = Vec::new();
    for reading in c.to_pinyin_multi().into_iter().flatten() {
        let plain = ascii_syllable(reading.plain());
        if plain.contains(['a', 'e', 'i', 'o', 'u', 'v']) && !list.contains(&plain) {
            list.push(plain);
        }
    }
    list
}

/// `ü` is searched as `v` and as `u`: `lv` and `lu` find 吕, `lve` and `lue` find 略.
fn with_umlaut(list: &mut Vec<&'static str>) {
    for at in 0..list.len() {
        if let Some(plain) = plain_of_umlaut(list[at])
            && !list.contains(&plain)
        {
            list.push(plain);
        }
    }
}

fn plain_of_umlaut(syllable: &str) -> Option<&'static str> {
    Some(match syllable {
        "lv" => "lu",
        "nv" => "nu",
        "lve" => "lue",
        "nve" => "nue",
        _ => return None,
    })
}

fn ascii_syllable(plain: &'static str) -> &'static str {
    match plain {
        "lü" => "lv",
        "nü" => "nv",
        "lüe" => "lve",
        "nüe" => "nve",
        "ê" => "e",
        other if other.is_ascii() => other,
        _ => "",
    }
}

/// Every syllable that can occur in an index: those of the character table, of our own tables, and the `u` spellings.
static SYLLABLES: LazyLock<BTreeSet<&'static str>> = LazyLock::new(|| {
    let han = ('\u{3400}'..='\u{9fff}').chain('\u{f900}'..='\u{faff}').chain('\u{20000}'..='\u{323af}');
    let mut all: BTreeSet<&'static str> = han.chain(['\u{3007}']).flat_map(table_readings).collect();
    all.extend(lexicon::SURNAMES.values().chain(lexicon::WORDS.values()).flatten());
    all.extend(lexicon::CHARACTERS.values().flatten());
    all.extend(["lu", "nu", "lue", "nue"]);
    all
});

/// Letters of the longest syllable, `zhuang`.
pub(super) const LONGEST_SYLLABLE: usize = 6;

/// Whether the text is a whole syllable.
pub(super) fn is_syllable(text: &str) -> bool {
    SYLLABLES.contains(text)
}

/// Whether some syllable begins with the text.
pub(super) fn opens_syllable(text: &str) -> bool {
    SYLLABLES
        .range::<str, _>((Bound::Included(text), Bound::Unbounded))
        .next()
        .is_some_and(|syllable| syllable.starts_with(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn surnames_are_read_as_surnames() {
        for (name, expected) in [
            ("单田芳", "shan tian fang"),
            ("曾国藩", "zeng guo fan"),
            ("解晓东", "xie xiao dong"),
            ("翟天临", "zhai tian lin"),
            ("缪小明", "miao xiao ming"),
            ("仇英", "qiu ying"),
            ("任重", "ren zhong"),
            ("查良镛", "zha liang yong"),
            ("区伟", "ou wei"),
            ("盖聂", "ge nie"),
            ("朴信惠", "piao xin hui"),
            ("尉迟恭", "yu chi gong"),
            ("万俟丽", "mo qi li"),
            ("长孙无忌", "zhang sun wu ji"),
            ("欧阳修", "ou yang xiu"),
            ("吕布", "lv bu"),
            ("张伟", "zhang wei"),
            ("王长安", "wang chang an"),
            ("李长乐", "li chang le"),
            ("乐嘉", "yue jia"),
            ("商行健", "shang xing jian"),
        ] {
            assert_eq!(reading(name, true), expected, "{name}");
        }
    }

    #[test]
    fn organizations_are_read_by_words() {
        for (name, expected) in [
            ("重庆银行", "chong qing yin hang"),
            ("长沙音乐厅", "chang sha yin yue ting"),
            ("厦门大厦", "xia men da sha"),
            ("成都行长俱乐部", "cheng du hang zhang ju le bu"),
            ("单记面馆", "dan ji mian guan"),
            ("上海A座咖啡 Co., Ltd.", "shang hai a zuo ka fei co ltd"),
        ] {
            assert_eq!(reading(name, false), expected, "{name}");
        }
    }

    #[test]
    fn other_scripts_are_kept_folded() {
        assert_eq!(reading("Zoë O'Brien", true), "zoe obrien");
        assert_eq!(reading("", true), "");
        assert_eq!(reading("山田カナ", true), "shan tian カ ナ");
    }

    #[test]
    fn typed_readings_are_normalised() {
        assert_eq!(reading_normalized(" Lǚ  Bù "), "lv bu");
        assert_eq!(reading_normalized("Zeng1 Guo2-fan2"), "zeng guo fan");
    }

    #[test]
    fn umlauts_are_found_both_ways() {
        assert_eq!(units("吕", true), vec![Unit::Han('吕', vec!["lv", "lu"])]);
        assert!(is_syllable("lve") && is_syllable("lue") && !is_syllable("zh") && opens_syllable("zh"));
    }
}
