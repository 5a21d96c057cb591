//! Columns that take no more room than their values need.

use std::collections::HashMap;
use std::hash::Hash;
use std::mem::size_of;
use std::ops::Range;

/// A whole number for each row, as wide as the largest of them.
#[derive(Debug, Clone)]
pub enum Codes {
    Byte(Vec<u8>),
    Short(Vec<u16>),
    Long(Vec<u32>),
}

impl Default for Codes {
    fn default() -> Self {
        Codes::Byte(Vec::new())
    }
}

impl Codes {
    #[inline]
    pub fn get(&self, row: usize) -> u32 {
        match self {
            Codes::Byte(codes) => u32::from(codes[row]),
            Codes::Short(codes) => u32::from(codes[row]),
            Codes::Long(codes) => codes[row],
        }
    }

    pub fn len(&self) -> usize {
        match self {
            Codes::Byte(codes) => codes.len(),
            Codes::Short(codes) => codes.len(),
            Codes::Long(codes) => codes.len(),
        }
    }

    fn fit(&mut self, code: u32) {
        let wider = match self {
            Codes::Byte(codes) if code > u32::from(u8::MAX) && code <= u32::from(u16::MAX) => {
                Codes::Short(codes.iter().map(|code| u16::from(*code)).collect())
            }
            Codes::Byte(codes) if code > u32::from(u16::MAX) => {
                Codes::Long(codes.iter().map(|code| u32::from(*code)).collect())
            }
            Codes::Short(codes) if code > u32::from(u16::MAX) => {
                Codes::Long(codes.iter().map(|code| u32::from(*code)).collect())
            }
            _ => return,
        };
        *self = wider;
    }

    pub fn push(&mut self, code: u32) {
        self.fit(code);
        match self {
            Codes::Byte(codes) => codes.push(code as u8),
            Codes::Short(codes) => codes.push(code as u16),
            Codes::Long(codes) => codes.push(code),
        }
    }

    pub fn set(&mut self, row: usize, code: u32) {
        self.fit(code);
        match self {
            Codes::Byte(codes) => codes[row] = code as u8,
            Codes::Short(codes) => codes[row] = code as u16,
            Codes::Long(codes) => codes[row] = code,
        }
    }

    pub fn bytes(&self) -> usize {
        match self {
            Codes::Byte(codes) => codes.capacity(),
            Codes::Short(codes) => codes.capacity() * size_of::<u16>(),
            Codes::Long(codes) => codes.capacity() * size_of::<u32>(),
        }
    }

    pub fn shrink(&mut self) {
        match self {
            Codes::Byte(codes) => codes.shrink_to_fit(),
            Codes::Short(codes) => codes.shrink_to_fit(),
            Codes::Long(codes) => codes.shrink_to_fit(),
        }
    }
}

/// Exact whole numbers, some of them missing: as long as all are the same, that one; 32 bits each while they fit.
#[derive(Debug, Clone)]
pub struct Ints {
    values: Values,
    missing: bool,
}

#[derive(Debug, Clone)]
enum Values {
    Same(Option<i64>, usize),
    Narrow(Vec<i32>),
    Wide(Vec<i64>),
}

impl Default for Ints {
    fn default() -> Self {
        Self { values: Values::Same(None, 0), missing: false }
    }
}

impl Ints {
    pub fn push(&mut self, value: Option<i64>) {
        self.missing |= value.is_none();
        if let Values::Same(same, len) = &mut self.values {
            if *len == 0 || *same == value {
                *same = value;
                *len += 1;
                return;
            }
            self.values = match same.map_or(Some(i32::MIN), narrow) {
                Some(same) => Values::Narrow(vec![same; *len]),
                None => Values::Wide(vec![same.unwrap_or(i64::MIN); *len]),
            };
        }
        match (&mut self.values, value.map_or(Some(i32::MIN), narrow)) {
            (Values::Narrow(values), Some(value)) => values.push(value),
            (Values::Narrow(values), None) => {
                let wide = |value: &i32| if *value == i32::MIN { i64::MIN } else { i64::from(*value) };
                let mut values: Vec<i64> = values.iter().map(wide).collect();
                values.push(value.unwrap_or(i64::MIN));
                self.values = Values::Wide(values);
            }
            (Values::Wide(values), _) => values.push(value.unwrap_or(i64::MIN)),
            (Values::Same(..), _) => {}
        }
    }

    #[inline]
    pub fn get(&self, row: usize) -> Option<i64> {
        match &self.values {
            Values::Same(value, _) => *value,
            Values::Narrow(values) => Some(values[row]).filter(|value| *value != i32::MIN).map(i64::from),
            Values::Wide(values) => Some(values[row]).filter(|value| *value != i64::MIN),
        }
    }

    /// What the rows come to, and how many of them have a value.
    #[inline]
    pub fn sum(&self, rows: Range<usize>) -> (i64, i64) {
        let count = rows.len() as i64;
        match &self.values {
            Values::Same(Some(value), _) => (value.saturating_mul(count), count),
            Values::Same(None, _) => (0, 0),
            Values::Narrow(values) if !self.missing => {
                (values[rows].iter().map(|value| i64::from(*value)).sum(), count)
            }
            _ => rows
                .filter_map(|row| self.get(row))
                .fold((0, 0), |(sum, count), value| (i64::saturating_add(sum, value), count + 1)),
        }
    }

    pub fn bytes(&self) -> usize {
        match &self.values {
            Values::Same(..) => 0,
            Values::Narrow(values) => values.capacity() * size_of::<i32>(),
            Values::Wide(values) => values.capacity() * size_of::<i64>(),
        }
    }

    pub fn shrink(&mut self) {
        match &mut self.values {
            Values::Same(..) => {}
            Values::Narrow(values) => values.shrink_to_fit(),
            Values::Wide(values) => values.shrink_to_fit(),
        }
    }
}

/// In 32 bits, the least of which stands for what is missing.
fn narrow(value: i64) -> Option<i32> {
    i32::try_from(value).ok().filter(|value| *value != i32::MIN)
}

/// Different values, each with a code from 1 on in the order of their coming.
#[derive(Debug, Clone)]
pub struct Dictionary<T> {
    values: Vec<T>,
    codes: HashMap<T, u32>,
}

impl<T> Default for Dictionary<T> {
    fn default() -> Self {
        Self { values: Vec::new(), codes: HashMap::new() }
    }
}

impl<T: Eq + Hash + Clone> Dictionary<T> {
    pub fn code<Q>(&self, value: &Q) -> Option<u32>
    where
        T: std::borrow::Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        self.codes.get(value).copied()
    }

    /// The code of a value; a new one, if it is new.
    pub fn code_of<Q>(&mut self, value: &Q) -> u32
    where
        T: std::borrow::Borrow<Q> + for<'a> From<&'a Q>,
        Q: Eq + Hash + ?Sized,
    {
        if let Some(code) = self.codes.get(value) {
            return *code;
        }
        let value = T::from(value);
        self.values.push(value.clone());
        let code = self.values.len() as u32;
        self.codes.insert(value, code);
        code
    }

    /// None for 0.
    pub fn value(&self, code: u32) -> Option<&T> {
        self.values.get((code as usize).checked_sub(1)?)
    }

    pub fn values(&self) -> &[T] {
        &self.values
    }

    /// One more than the largest code.
    pub fn end(&self) -> usize {
        self.values.len() + 1
    }

    /// About, texts not counted.
    pub fn bytes(&self) -> usize {
        self.values.capacity() * size_of::<T>() + self.codes.capacity() * (size_of::<(T, u32)>() + 1)
    }
}

/// Texts of which there are few different ones; 0 where there is none.
#[derive(Debug, Clone, Default)]
pub struct Words {
    pub words: Dictionary<Box<str>>,
    pub codes: Codes,
}

impl Words {
    fn code_of(&mut self, word: Option<&str>) -> u32 {
        word.map_or(0, |word| self.words.code_of(word))
    }

    pub fn push(&mut self, word: Option<&str>) {
        let code = self.code_of(word);
        self.codes.push(code);
    }

    pub fn set(&mut self, row: usize, word: Option<&str>) {
        let code = self.code_of(word);
        self.codes.set(row, code);
    }

    pub fn bytes(&self) -> usize {
        self.words.bytes() + self.words.values().iter().map(|word| word.len() * 2).sum::<usize>() + self.codes.bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stay_what_they_were_however_wide_the_next_is() {
        let given = [Some(5), Some(5), None, Some(-7), Some(i64::from(i32::MAX) + 1), Some(i64::from(i32::MIN)), None];
        for len in 0..=given.len() {
            let mut ints = Ints::default();
            given[..len].iter().for_each(|value| ints.push(*value));
            let kept: Vec<Option<i64>> = (0..len).map(|row| ints.get(row)).collect();
            assert_eq!(kept, given[..len]);
            let known: Vec<i64> = given[..len].iter().flatten().copied().collect();
            assert_eq!(ints.sum(0..len), (known.iter().sum(), known.len() as i64));
        }
    }

    #[test]
    fn codes_grow_wider_with_the_largest() {
        let given = [0, 255, 256, 65_535, 65_536, 7];
        let mut codes = Codes::default();
        given.iter().for_each(|code| codes.push(*code));
        codes.set(0, 70_000);
        assert_eq!(
            (0..codes.len()).map(|row| codes.get(row)).collect::<Vec<_>>(),
            [70_000, 255, 256, 65_535, 65_536, 7]
        );
    }
}
