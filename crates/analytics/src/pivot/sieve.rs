//! Which facts count: those within reach that meet the tests. Parts that look at one thing only — the day, the customer —
//! are judged once for each of its values, not for each fact.

use std::collections::HashMap;

use super::sales::Sales;
use super::{Base, Source};

/// Two-valued, as conditions are.
pub enum Sieve {
    All(Vec<Sieve>),
    Any(Vec<Sieve>),
    Not(Box<Sieve>),
    Leaf(Leaf),
}

/// What one value must be.
pub enum Leaf {
    /// One of these; a missing value is none.
    Among(Source, Vec<String>),
    Missing(Source),
    /// Asked of each different value that is there.
    Meets(Source, Box<dyn Fn(&str) -> bool>),
}

impl Sieve {
    /// Lets everything through.
    pub fn open() -> Self {
        Sieve::All(Vec::new())
    }

    pub fn among(source: Source, values: Vec<String>) -> Self {
        Sieve::Leaf(Leaf::Among(source, values))
    }
}

/// A sieve with the answer for every value.
pub(super) enum Judged {
    All(Vec<Judged>),
    Any(Vec<Judged>),
    Not(Box<Judged>),
    Leaf(Source, Vec<bool>),
}

impl Judged {
    fn of(sieve: &Sieve, sales: &Sales) -> Self {
        let each = |parts: &[Sieve]| parts.iter().map(|part| Self::of(part, sales)).collect();
        match sieve {
            Sieve::All(parts) => Judged::All(each(parts)),
            Sieve::Any(parts) => Judged::Any(each(parts)),
            Sieve::Not(part) => Judged::Not(Box::new(Self::of(part, sales))),
            Sieve::Leaf(leaf) => leaf.judged(sales),
        }
    }

    /// The one base it looks at, if it is one.
    fn base(&self) -> Option<Base> {
        let same = |parts: &[Judged]| {
            let base = parts.first()?.base()?;
            parts.iter().all(|part| part.base() == Some(base)).then_some(base)
        };
        match self {
            Judged::All(parts) | Judged::Any(parts) => same(parts),
            Judged::Not(part) => part.base(),
            Judged::Leaf(source, _) => Some(source.base()),
        }
    }

    pub(super) fn names(&self, base: Base) -> bool {
        match self {
            Judged::All(parts) | Judged::Any(parts) => parts.iter().any(|part| part.names(base)),
            Judged::Not(part) => part.names(base),
            Judged::Leaf(source, _) => source.base() == base,
        }
    }

    pub(super) fn holds(&self, sales: &Sales, code: &impl Fn(Base) -> u32) -> bool {
        match self {
            Judged::All(parts) => parts.iter().all(|part| part.holds(sales, code)),
            Judged::Any(parts) => parts.iter().any(|part| part.holds(sales, code)),
            Judged::Not(part) => !part.holds(sales, code),
            Judged::Leaf(source, met) => met[sales.word(*source, code(source.base())) as usize],
        }
    }
}

impl Leaf {
    fn judged(&self, sales: &Sales) -> Judged {
        let (Leaf::Among(source, _) | Leaf::Missing(source) | Leaf::Meets(source, _)) = self;
        let mut met = vec![false; sales.words_end(*source)];
        match self {
            Leaf::Among(source, values) if !matches!(source, Source::Person(_)) => {
                for value in values {
                    if let Some(word) = sales.word_of(*source, value) {
                        met[word as usize] = true;
                    }
                }
            }
            Leaf::Among(source, values) => {
                each(sales, *source, &mut met, &|text| text.is_some_and(|text| values.iter().any(|one| one == text)));
            }
            Leaf::Missing(source) => each(sales, *source, &mut met, &|text| text.is_none()),
            Leaf::Meets(source, meets) => each(sales, *source, &mut met, &|text| text.is_some_and(meets)),
        }
        Judged::Leaf(*source, met)
    }
}

fn each(sales: &Sales, source: Source, met: &mut [bool], meets: &dyn Fn(Option<&str>) -> bool) {
    for (word, met) in met.iter_mut().enumerate() {
        *met = meets(sales.text(source, word as u32).as_deref());
    }
}

/// A sieve taken apart: for each base the codes that fall through at once, and what is left to ask of each fact.
pub(super) struct Apart {
    pub codes: HashMap<Base, Vec<bool>>,
    pub rest: Vec<Judged>,
}

pub(super) fn apart(sieve: &Sieve, sales: &Sales) -> Apart {
    let mut apart = Apart { codes: HashMap::new(), rest: Vec::new() };
    take(Judged::of(sieve, sales), sales, &mut apart);
    apart
}

fn take(part: Judged, sales: &Sales, apart: &mut Apart) {
    match (part.base(), part) {
        (Some(base), part) => {
            let codes = apart.codes.entry(base).or_insert_with(|| vec![true; sales.end(base)]);
            for (code, passes) in codes.iter_mut().enumerate() {
                *passes = *passes && part.holds(sales, &|_| code as u32);
            }
        }
        (None, Judged::All(parts)) => parts.into_iter().for_each(|part| take(part, sales, apart)),
        (None, part) => apart.rest.push(part),
    }
}
