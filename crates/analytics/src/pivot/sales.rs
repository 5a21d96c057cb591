//! Orders and their lines. A changed order is written anew at the end and its old place left dead, so that lines of one
//! order always stand together.

use std::collections::{BTreeMap, HashMap};
use std::mem::size_of;
use std::ops::Range;

use chrono::{Datelike, NaiveDate};
use uuid::Uuid;

use super::column::{Codes, Dictionary, Ints, Words};
use super::{Base, Source};

/// How many keys and figures there are of each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Shape {
    pub order_keys: usize,
    pub order_figures: usize,
    pub line_figures: usize,
    pub customer_keys: usize,
    pub product_keys: usize,
}

/// An order as it is put in: so many keys and figures as the shape says.
#[derive(Debug, Clone, Copy)]
pub struct OrderRow<'a> {
    pub id: Uuid,
    pub customer: Uuid,
    pub day: NaiveDate,
    pub keys: &'a [Option<&'a str>],
    pub figures: &'a [Option<i64>],
    /// Of each line.
    pub products: &'a [Option<Uuid>],
    /// Of each line all figures, line by line.
    pub line_figures: &'a [Option<i64>],
}

/// What stands behind orders or lines, once each.
#[derive(Debug, Clone, Default)]
pub(super) struct Members {
    pub ids: Dictionary<MemberId>,
    /// By place: code - 1.
    pub keys: Vec<Words>,
}

/// An id that can be looked up by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct MemberId(pub Uuid);

impl From<&MemberId> for MemberId {
    fn from(id: &MemberId) -> Self {
        *id
    }
}

impl Members {
    fn new(keys: usize) -> Self {
        Self { ids: Dictionary::default(), keys: vec![Words::default(); keys] }
    }

    fn code_of(&mut self, id: Uuid) -> u32 {
        let code = self.ids.code_of(&MemberId(id));
        for keys in &mut self.keys {
            while keys.codes.len() < code as usize {
                keys.push(None);
            }
        }
        code
    }

    fn put(&mut self, id: Uuid, keys: &[Option<&str>]) {
        let at = self.code_of(id) as usize - 1;
        for (words, key) in self.keys.iter_mut().zip(keys) {
            words.set(at, *key);
        }
    }

    fn bytes(&self) -> usize {
        self.ids.bytes() + self.keys.iter().map(Words::bytes).sum::<usize>()
    }
}

/// Sales in columns.
#[derive(Debug, Clone, Default)]
pub struct Sales {
    shape: Shape,
    ids: Vec<Uuid>,
    /// So many of the ids rise from the first on; newer places of others are in `moved`.
    sorted: usize,
    moved: HashMap<Uuid, u32>,
    pub(super) dead: Vec<bool>,
    dead_lines: usize,
    /// The first line of each order.
    first: Vec<u32>,
    /// Days since the first one of all; earlier ones move it.
    pub(super) days: Vec<i32>,
    span: Option<(i32, i32)>,
    pub(super) buyers: Codes,
    pub(super) keys: Vec<Words>,
    pub(super) figures: Vec<Ints>,
    pub(super) products_of: Codes,
    pub(super) line_figures: Vec<Ints>,
    pub(super) customers: Members,
    pub(super) products: Members,
    people: BTreeMap<Box<str>, Box<str>>,
}

impl Sales {
    pub fn new(shape: Shape) -> Self {
        Self {
            shape,
            keys: vec![Words::default(); shape.order_keys],
            figures: vec![Ints::default(); shape.order_figures],
            line_figures: vec![Ints::default(); shape.line_figures],
            customers: Members::new(shape.customer_keys),
            products: Members::new(shape.product_keys),
            ..Self::default()
        }
    }

    /// Puts an order in, or what it has become.
    pub fn put(&mut self, order: OrderRow<'_>) {
        self.remove(order.id);
        let place = self.ids.len();
        if self.sorted == place && self.ids.last().is_none_or(|last| *last < order.id) {
            self.sorted += 1;
        } else {
            self.moved.insert(order.id, place as u32);
        }
        self.ids.push(order.id);
        self.dead.push(false);
        self.first.push(self.products_of.len() as u32);
        let day = order.day.num_days_from_ce();
        self.days.push(day);
        self.span = Some(self.span.map_or((day, day), |(first, last)| (first.min(day), last.max(day))));
        let buyer = self.customers.code_of(order.customer);
        self.buyers.push(buyer);
        for (words, key) in self.keys.iter_mut().zip(order.keys) {
            words.push(*key);
        }
        for (ints, figure) in self.figures.iter_mut().zip(order.figures) {
            ints.push(*figure);
        }
        for (line, product) in order.products.iter().enumerate() {
            let code = product.map_or(0, |id| self.products.code_of(id));
            self.products_of.push(code);
            let width = self.shape.line_figures;
            for (ints, figure) in self.line_figures.iter_mut().zip(&order.line_figures[line * width..]) {
                ints.push(*figure);
            }
        }
    }

    /// Takes an order out, if it is in.
    pub fn remove(&mut self, id: Uuid) {
        let place = match self.moved.remove(&id) {
            Some(place) => place as usize,
            None => match self.ids[..self.sorted].binary_search(&id) {
                Ok(place) => place,
                Err(_) => return,
            },
        };
        if !std::mem::replace(&mut self.dead[place], true) {
            self.dead_lines += self.lines_of(place).len();
        }
    }

    /// The orders of a customer as they stand here.
    pub fn orders_of(&self, customer: Uuid) -> Vec<Uuid> {
        let Some(buyer) = self.customers.ids.code(&MemberId(customer)) else { return Vec::new() };
        let places = (0..self.ids.len()).filter(|place| !self.dead[*place] && self.buyers.get(*place) == buyer);
        places.map(|place| self.ids[place]).collect()
    }

    pub fn has_customer(&self, id: Uuid) -> bool {
        self.customers.ids.code(&MemberId(id)).is_some()
    }

    /// Says what a customer is like.
    pub fn customer_put(&mut self, id: Uuid, keys: &[Option<&str>]) {
        self.customers.put(id, keys);
    }

    /// Says what a product is like.
    pub fn product_put(&mut self, id: Uuid, keys: &[Option<&str>]) {
        self.products.put(id, keys);
    }

    /// Says what people belong to, of all of them.
    pub fn people_put(&mut self, people: impl Iterator<Item = (String, String)>) {
        self.people = people.map(|(person, place)| (person.into(), place.into())).collect();
    }

    /// People and what they belong to.
    pub fn people(&self) -> impl Iterator<Item = (&str, &str)> {
        self.people.iter().map(|(person, place)| (&**person, &**place))
    }

    /// Orders, the dead ones included.
    pub fn orders(&self) -> usize {
        self.ids.len()
    }

    /// Lines, the dead ones included.
    pub fn lines(&self) -> usize {
        self.products_of.len()
    }

    /// Whether so much of it is dead that it is worth reading anew.
    pub fn is_worn(&self) -> bool {
        self.dead_lines > 10_000 && self.dead_lines * 4 > self.lines()
    }

    /// Gives back room kept for growth.
    pub fn shrink(&mut self) {
        self.ids.shrink_to_fit();
        self.dead.shrink_to_fit();
        self.first.shrink_to_fit();
        self.days.shrink_to_fit();
        self.buyers.shrink();
        self.products_of.shrink();
        self.keys.iter_mut().for_each(|words| words.codes.shrink());
        self.figures.iter_mut().chain(&mut self.line_figures).for_each(Ints::shrink);
    }

    /// The room it takes, about.
    pub fn bytes(&self) -> usize {
        self.ids.capacity() * size_of::<Uuid>()
            + self.moved.capacity() * (size_of::<(Uuid, u32)>() + 1)
            + self.dead.capacity()
            + (self.first.capacity() + self.days.capacity()) * size_of::<u32>()
            + self.buyers.bytes()
            + self.products_of.bytes()
            + self.keys.iter().map(Words::bytes).sum::<usize>()
            + self.figures.iter().chain(&self.line_figures).map(Ints::bytes).sum::<usize>()
            + self.customers.bytes()
            + self.products.bytes()
    }

    #[inline]
    pub(super) fn lines_of(&self, order: usize) -> Range<usize> {
        let end = self.first.get(order + 1).map_or(self.products_of.len(), |next| *next as usize);
        self.first[order] as usize..end
    }

    pub(super) fn first_day(&self) -> i32 {
        self.span.map_or(0, |(first, _)| first)
    }

    /// One more than the largest code of a base.
    pub(super) fn end(&self, base: Base) -> usize {
        match base {
            Base::Day => self.span.map_or(0, |(first, last)| (last - first) as usize + 1),
            Base::Order(key) => self.keys[key].words.end(),
            Base::Customer => self.customers.ids.end(),
            Base::Product => self.products.ids.end(),
        }
    }

    /// Which of a source's different values a code of its base has.
    #[inline]
    pub(super) fn word(&self, source: Source, code: u32) -> u32 {
        let key = |members: &Members, key: usize| match code {
            0 => 0,
            code => members.keys[key].codes.get(code as usize - 1),
        };
        match source {
            Source::CustomerKey(at) => key(&self.customers, at),
            Source::ProductKey(at) => key(&self.products, at),
            _ => code,
        }
    }

    /// One more than the largest number of a source's different values.
    pub(super) fn words_end(&self, source: Source) -> usize {
        match source {
            Source::CustomerKey(key) => self.customers.keys[key].words.end(),
            Source::ProductKey(key) => self.products.keys[key].words.end(),
            source => self.end(source.base()),
        }
    }

    /// A source's value as text, ids with hyphens; people that belong to the same have the same.
    pub(super) fn text(&self, source: Source, word: u32) -> Option<String> {
        let text = |words: &Words| words.words.value(word).map(|word| word.to_string());
        match source {
            Source::Day => self.day(word).map(|day| day.to_string()),
            Source::Order(key) => text(&self.keys[key]),
            Source::Person(key) => self.people.get(self.keys[key].words.value(word)?).map(|place| place.to_string()),
            Source::Customer => self.customers.ids.value(word).map(|id| id.0.to_string()),
            Source::CustomerKey(key) => text(&self.customers.keys[key]),
            Source::Product => self.products.ids.value(word).map(|id| id.0.to_string()),
            Source::ProductKey(key) => text(&self.products.keys[key]),
        }
    }

    /// The number of a source's value, if any fact could have it.
    pub(super) fn word_of(&self, source: Source, text: &str) -> Option<u32> {
        let id = |members: &Members| members.ids.code(&MemberId(Uuid::parse_str(text).ok()?));
        match source {
            Source::Day => {
                let day = text.parse::<NaiveDate>().ok()?.num_days_from_ce();
                let (first, last) = self.span?;
                (first..=last).contains(&day).then(|| (day - first) as u32)
            }
            Source::Order(key) => self.keys[key].words.code(text),
            // Several people have it: whoever asks looks at each.
            Source::Person(_) => None,
            Source::Customer => id(&self.customers),
            Source::CustomerKey(key) => self.customers.keys[key].words.code(text),
            Source::Product => id(&self.products),
            Source::ProductKey(key) => self.products.keys[key].words.code(text),
        }
    }

    fn day(&self, word: u32) -> Option<NaiveDate> {
        NaiveDate::from_num_days_from_ce_opt(self.first_day() + word as i32)
    }
}
