//! How alike two names are, in writing and in sound: the same person typed twice is `张伟`, `张玮`, `Zhang Wei`, `伟张`.

use super::fold::{self, Run};
use super::pinyin;

/// What an organisation's name ends with whatever it is called, longest first.
const LEGAL_FORMS: [&str; 19] = [
    "股份有限公司",
    "有限责任公司",
    "corporation",
    "集团公司",
    "有限公司",
    "limited",
    "company",
    "集团",
    "公司",
    "股份",
    "coltd",
    "corp",
    "gmbh",
    "ltd",
    "inc",
    "llc",
    "plc",
    "co",
    "ag",
];

/// Names that sound the same are alike to this degree, in percent.
const SAME_SOUND: u8 = 92;
/// Names of the same words in another order.
const SAME_WORDS: u8 = 90;
/// Names that sound the same to an ear that takes `zh` for `z` and `ing` for `in`.
const NEAR_SOUND: u8 = 86;

/// A name in the forms it is compared in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameForm {
    /// Letters and characters only, folded; of an organisation without its legal form.
    written: Vec<char>,
    /// The reading without blanks, `v` as `u`.
    sound: String,
    /// The same to an ear that takes `zh` for `z` and `ing` for `in`.
    blurred: String,
    /// Syllables and words in alphabetical order.
    words: String,
}

impl NameForm {
    /// `reading` is the stored reading of the whole name.
    pub fn new(name: &str, reading: &str, organization: bool) -> Self {
        let whole = folded(name);
        let core = if organization { core_of(&whole) } else { whole.as_str() };
        let spoken = if core.len() == whole.len() { reading.to_owned() } else { pinyin::reading(core, false) };
        let spoken = spoken.replace('v', "u");
        let mut words: Vec<&str> = spoken.split(' ').filter(|word| !word.is_empty()).collect();
        let sound = words.concat();
        words.sort_unstable();
        Self { written: core.chars().collect(), blurred: blurred(&sound), sound, words: words.join(" ") }
    }

    /// What names that are written the same have in common: for looking up and grouping.
    pub fn written(&self) -> String {
        self.written.iter().collect()
    }

    /// What names that sound the same to any ear have in common.
    pub fn ear(&self) -> &str {
        &self.blurred
    }

    pub fn is_empty(&self) -> bool {
        self.written.is_empty()
    }

    pub fn same(&self, other: &Self) -> bool {
        !self.is_empty() && self.written == other.written
    }

    /// 0–100; 100 only for names written the same.
    pub fn similarity(&self, other: &Self) -> u8 {
        if self.is_empty() || other.is_empty() {
            return 0;
        }
        if self.same(other) {
            return 100;
        }
        self.in_sound(other).max(in_writing(&self.written, &other.written))
    }

    /// Whether [`NameForm::similarity`] is at least so many percent, found with little work for names that are not.
    pub fn alike(&self, other: &Self, percent: u8) -> bool {
        let (short, long) = {
            let lengths = (self.written.len(), other.written.len());
            (lengths.0.min(lengths.1), lengths.0.max(lengths.1))
        };
        let within_reach =
            100 * short >= usize::from(percent) * long && 100 * (long.max(1) - 1) >= usize::from(percent) * long;
        if within_reach || self.blurred == other.blurred || self.words == other.words {
            self.similarity(other) >= percent
        } else {
            self.same(other)
        }
    }

    fn in_sound(&self, other: &Self) -> u8 {
        if self.sound.is_empty() || other.sound.is_empty() {
            0
        } else if self.sound == other.sound {
            SAME_SOUND
        } else if self.words == other.words {
            SAME_WORDS
        } else if self.blurred == other.blurred {
            NEAR_SOUND
        } else {
            0
        }
    }
}

fn folded(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for run in fold::runs(name) {
        match run {
            Run::Cjk(chars) => out.extend(chars),
            Run::Word(word) => out.push_str(&word),
        }
    }
    out
}

/// The name without its legal forms, unless hardly anything is left.
fn core_of(whole: &str) -> &str {
    let mut core = whole;
    while let Some(rest) = LEGAL_FORMS.iter().find_map(|form| core.strip_suffix(form)) {
        if rest.chars().count() < 2 {
            break;
        }
        core = rest;
    }
    core
}

/// What southern ears do not tell apart: `zh ch sh` from `z c s`, `n` from `ng` at the end of a syllable.
fn blurred(sound: &str) -> String {
    sound.replace("zh", "z").replace("ch", "c").replace("sh", "s").replace("ng", "n")
}

/// 100 · (1 − edits ÷ length of the longer), where swapped neighbours are one edit (optimal string alignment).
fn in_writing(one: &[char], other: &[char]) -> u8 {
    let longest = one.len().max(other.len());
    let edits = edits(one, other);
    u8::try_from(100 * (longest - edits) / longest).unwrap_or(0)
}

fn edits(one: &[char], other: &[char]) -> usize {
    let width = other.len() + 1;
    let mut before = vec![0; width];
    let mut above: Vec<usize> = (0..width).collect();
    let mut row = vec![0; width];
    for (i, a) in one.iter().enumerate() {
        row[0] = i + 1;
        for (j, b) in other.iter().enumerate() {
            let mut least = (above[j] + usize::from(a != b)).min(above[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *a == other[j - 1] && one[i - 1] == *b {
                least = least.min(before[j - 1] + 1);
            }
            row[j + 1] = least;
        }
        std::mem::swap(&mut before, &mut above);
        std::mem::swap(&mut above, &mut row);
    }
    above[other.len()]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn form(name: &str, organization: bool) -> NameForm {
        NameForm::new(name, &pinyin::reading(name, !organization), organization)
    }

    #[test]
    fn people_are_alike_in_writing_and_in_sound() {
        for (one, other, expected) in [
            ("张伟", "张 伟", 100),
            ("Ａnna Müller", "anna muller", 100),
            ("张伟", "张玮", SAME_SOUND),
            ("张伟", "Zhang Wei", SAME_SOUND),
            ("吕布", "Lu Bu", SAME_SOUND),
            ("张伟", "zhangwei", SAME_SOUND),
            ("John Smith", "Smith, John", SAME_WORDS),
            ("陈静", "Cheng Jin", NEAR_SOUND),
            ("王小明", "王明小", SAME_WORDS),
            ("王小明", "王小朋", 66),
            ("Jonathan", "Jonahtan", 87),
            ("张伟", "李娜", 0),
            ("", "", 0),
        ] {
            assert_eq!(form(one, false).similarity(&form(other, false)), expected, "{one} {other}");
        }
    }

    #[test]
    fn the_legal_form_of_an_organisation_does_not_count() {
        for (one, other, same) in [
            ("上海星河科技有限公司", "上海星河科技", true),
            ("星河集团股份有限公司", "星河（集团）", true),
            ("Blue River Co., Ltd.", "BLUE RIVER", true),
            ("星河上海分公司", "星河上海公司", false),
            ("公司", "集团", false),
        ] {
            assert_eq!(form(one, true).same(&form(other, true)), same, "{one} {other}");
        }
    }

    proptest! {
        #[test]
        fn likeness_has_no_direction(one in "[a-c张王小明伟 ]{0,6}", other in "[a-c张王小明伟 ]{0,6}") {
            let (one, other) = (form(&one, false), form(&other, false));
            prop_assert_eq!(one.similarity(&other), other.similarity(&one));
            prop_assert!(one.similarity(&other) <= 100);
            prop_assert_eq!(one.same(&other), one.similarity(&other) == 100);
            for percent in [50, 66, 85, 92, 100] {
                prop_assert_eq!(one.alike(&other, percent), one.similarity(&other) >= percent);
            }
        }
    }
}
