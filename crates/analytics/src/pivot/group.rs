//! Dividing: every axis is turned into a number for each code of its base before the first fact is looked at, so that a
//! fact's group is a sum of numbers. Few possible groups are counted in one dense table, many in a hashed one; each core
//! takes a stretch of the orders. Sums and counts are whole numbers, so the order of adding changes nothing.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::ops::Range;

use chrono::NaiveDate;
use regulars_domain::pivot::{Grain, Group, Key, Part};

use super::sales::Sales;
use super::sieve::{Apart, Judged, Sieve, apart};
use super::{Base, Source};

/// What is divided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Lines,
    Orders,
}

/// What facts are divided by; dates by buckets. All keys but the kept ones fall together.
#[derive(Debug, Clone)]
pub struct AxisAt {
    pub source: Source,
    pub grain: Option<Grain>,
    pub kept: Option<Vec<Key>>,
}

/// What is gathered; numbers are places among the figures of the kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Figure {
    Count,
    Sum(usize),
    /// The first less the second, where both are known.
    Less(usize, usize),
    /// Different orders; of lines only.
    Orders,
    Customers,
    /// Of lines only.
    Products,
}

pub struct Question {
    pub kind: Kind,
    pub axes: Vec<AxisAt>,
    pub figures: Vec<Figure>,
    pub sieve: Sieve,
}

/// In a table of numbers: falls through.
const OUT: u64 = u64::MAX;
/// Numbers in a dense table.
const DENSE: u64 = 1 << 20;
/// Orders that are worth a thread.
const STRETCH: usize = 1 << 14;
/// Pairs gathered before the doubles among them are dropped.
const PAIRS: usize = 1 << 20;

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unanswered {
    /// There are more groups than were asked for.
    TooMany,
    /// So many groups are possible that they can't be numbered: another executor has to answer.
    Unfit,
}

/// The groups of a question, at most `most`, in no order. Without an axis there is one group, even of nothing.
pub fn groups(sales: &Sales, question: &Question, most: usize) -> Result<Vec<Group>, Unanswered> {
    let plan = Plan::of(sales, question).ok_or(Unanswered::Unfit)?;
    let orders = sales.orders();
    let cores = std::thread::available_parallelism().map_or(1, usize::from).min(orders / STRETCH + 1);
    let stretch = orders.div_ceil(cores).max(1);
    let counted = std::thread::scope(|scope| {
        let run = |core: usize| {
            let mut table = Table::new(&plan);
            plan.run(sales, core * stretch..((core + 1) * stretch).min(orders), &mut table);
            table
        };
        let others: Vec<_> = (1..cores).map(|core| scope.spawn(move || run(core))).collect();
        let mut table = run(0);
        for other in others {
            table.add(other.join().ok()?);
        }
        Some(table)
    });
    // A core that fell has counted nothing that could be trusted.
    let mut counted = counted.ok_or(Unanswered::Unfit)?;
    counted.pairs_settle(&plan);
    let mut out = Vec::new();
    if question.axes.is_empty() {
        counted.row(0);
    }
    for (cell, row) in counted.cells() {
        if row[0] == 0 && !question.axes.is_empty() {
            continue;
        }
        if out.len() >= most {
            return Err(Unanswered::TooMany);
        }
        let parts = row[1..].chunks_exact(2).map(|pair| Part { sum: pair[0], count: pair[1] });
        out.push(Group { keys: plan.keys(sales, cell), parts: parts.collect() });
    }
    Ok(out)
}

/// How an axis's numbers are read back.
enum Names {
    /// Values of the source, by their own number.
    Own(Source),
    Listed(Vec<Key>),
}

struct Division {
    names: Names,
    stride: u64,
    size: u64,
}

/// What each fact is looked up in.
struct Plan<'a> {
    kind: Kind,
    figures: &'a [Figure],
    divisions: Vec<Division>,
    cells: u64,
    days: Option<Vec<u64>>,
    keys: Vec<(usize, Vec<u64>)>,
    buyers: Option<Vec<u64>>,
    products: Option<Vec<u64>>,
    of_orders: Vec<Judged>,
    of_lines: Vec<Judged>,
}

impl<'a> Plan<'a> {
    /// None when there are more possible groups than can be numbered.
    fn of(sales: &Sales, question: &'a Question) -> Option<Self> {
        let Apart { codes, rest } = apart(&question.sieve, sales);
        let mut tables: HashMap<Base, Vec<u64>> = codes
            .into_iter()
            .map(|(base, passes)| (base, passes.into_iter().map(|passes| if passes { 0 } else { OUT }).collect()))
            .collect();
        let (mut divisions, mut cells) = (Vec::new(), 1_u64);
        for axis in &question.axes {
            let base = axis.source.base();
            let (numbers, names, size) = numbered(sales, axis);
            let table = tables.entry(base).or_insert_with(|| vec![0; sales.end(base)]);
            for (code, into) in table.iter_mut().enumerate() {
                if *into != OUT {
                    *into += cells * u64::from(numbers[sales.word(axis.source, code as u32) as usize]);
                }
            }
            divisions.push(Division { names, stride: cells, size });
            cells = cells.checked_mul(size.max(1)).filter(|cells| *cells < OUT / 2)?;
        }
        let (of_lines, of_orders) = rest.into_iter().partition(|part| part.names(Base::Product));
        let (days, buyers, products) =
            (tables.remove(&Base::Day), tables.remove(&Base::Customer), tables.remove(&Base::Product));
        let keys = tables.into_iter().filter_map(|(base, table)| match base {
            Base::Order(key) => Some((key, table)),
            _ => None,
        });
        let keys = keys.collect();
        let (kind, figures) = (question.kind, question.figures.as_slice());
        Some(Self { kind, figures, divisions, cells, days, keys, buyers, products, of_orders, of_lines })
    }

    fn width(&self) -> usize {
        1 + 2 * self.figures.len()
    }

    fn keys(&self, sales: &Sales, cell: u64) -> Vec<Key> {
        let key = |division: &Division| {
            let number = (cell / division.stride % division.size.max(1)) as usize;
            match &division.names {
                Names::Own(source) => sales.text(*source, number as u32).map_or(Key::Missing, Key::Value),
                Names::Listed(keys) => keys.get(number).cloned().unwrap_or(Key::Missing),
            }
        };
        self.divisions.iter().map(key).collect()
    }

    /// The number of an order's group as far as the order decides; none when it falls through.
    #[inline]
    fn of_order(&self, sales: &Sales, order: usize, first_day: i32) -> Option<u64> {
        if sales.dead[order] {
            return None;
        }
        let mut cell = 0;
        if let Some(table) = &self.days {
            let part = table[(sales.days[order] - first_day) as usize];
            if part == OUT {
                return None;
            }
            cell += part;
        }
        for (key, table) in &self.keys {
            let part = table[sales.keys[*key].codes.get(order) as usize];
            if part == OUT {
                return None;
            }
            cell += part;
        }
        if let Some(table) = &self.buyers {
            let part = table[sales.buyers.get(order) as usize];
            if part == OUT {
                return None;
            }
            cell += part;
        }
        self.of_orders.iter().all(|part| part.holds(sales, &|base| code(sales, base, order, 0))).then_some(cell)
    }

    fn run(&self, sales: &Sales, orders: Range<usize>, table: &mut Table) {
        let first_day = sales.first_day();
        let divides_lines = self.products.is_some() || !self.of_lines.is_empty();
        let mut hit = Vec::new();
        for order in orders {
            let Some(cell) = self.of_order(sales, order, first_day) else { continue };
            match self.kind {
                Kind::Orders => self.add_order(sales, order, cell, table),
                Kind::Lines if divides_lines => {
                    hit.clear();
                    for line in sales.lines_of(order) {
                        if let Some(cell) = self.of_line(sales, order, line, cell) {
                            let first = !hit.contains(&cell);
                            if first {
                                hit.push(cell);
                            }
                            self.add_lines(sales, order, line..line + 1, cell, first, table);
                        }
                    }
                }
                Kind::Lines => {
                    let lines = sales.lines_of(order);
                    if !lines.is_empty() {
                        self.add_lines(sales, order, lines, cell, true, table);
                    }
                }
            }
        }
    }

    fn of_line(&self, sales: &Sales, order: usize, line: usize, cell: u64) -> Option<u64> {
        let product = sales.products_of.get(line);
        let part = self.products.as_ref().map_or(0, |table| table[product as usize]);
        let holds = |part: &Judged| part.holds(sales, &|base| code(sales, base, order, product));
        (part != OUT && self.of_lines.iter().all(holds)).then_some(cell + part)
    }

    fn add_order(&self, sales: &Sales, order: usize, cell: u64, table: &mut Table) {
        for (at, figure) in self.figures.iter().enumerate() {
            if *figure == Figure::Customers {
                table.pair(at, cell, sales.buyers.get(order));
            }
        }
        let row = table.row(cell);
        row[0] += 1;
        for (figure, part) in self.figures.iter().zip(row[1..].chunks_exact_mut(2)) {
            let (sum, count) = match figure {
                Figure::Count | Figure::Orders => (1, 1),
                Figure::Sum(at) => sales.figures[*at].get(order).map_or((0, 0), |figure| (figure, 1)),
                Figure::Less(from, less) => {
                    difference(sales.figures[*from].get(order), sales.figures[*less].get(order))
                }
                Figure::Customers => (0, 1),
                Figure::Products => (0, 0),
            };
            part[0] = part[0].saturating_add(sum);
            part[1] += count;
        }
    }

    /// `first`: no line of this order has been counted in the group yet.
    #[inline]
    fn add_lines(&self, sales: &Sales, order: usize, lines: Range<usize>, cell: u64, first: bool, table: &mut Table) {
        for (at, figure) in self.figures.iter().enumerate() {
            match figure {
                Figure::Customers if first => table.pair(at, cell, sales.buyers.get(order)),
                Figure::Products => {
                    for product in lines.clone().map(|line| sales.products_of.get(line)).filter(|code| *code > 0) {
                        table.pair(at, cell, product);
                    }
                }
                _ => {}
            }
        }
        let count = lines.len() as i64;
        let row = table.row(cell);
        row[0] += count;
        for (figure, part) in self.figures.iter().zip(row[1..].chunks_exact_mut(2)) {
            let (sum, count) = match figure {
                Figure::Count => (count, count),
                Figure::Sum(at) => sales.line_figures[*at].sum(lines.clone()),
                Figure::Less(from, less) => {
                    let (from, less) = (&sales.line_figures[*from], &sales.line_figures[*less]);
                    let each = lines.clone().map(|line| difference(from.get(line), less.get(line)));
                    each.fold((0_i64, 0), |all, one| (all.0.saturating_add(one.0), all.1 + one.1))
                }
                Figure::Orders => (i64::from(first), count),
                Figure::Customers => (0, count),
                Figure::Products => (0, lines.clone().filter(|line| sales.products_of.get(*line) > 0).count() as i64),
            };
            part[0] = part[0].saturating_add(sum);
            part[1] += count;
        }
    }
}

fn difference(from: Option<i64>, less: Option<i64>) -> (i64, i64) {
    match (from, less) {
        (Some(from), Some(less)) => (from.saturating_sub(less), 1),
        _ => (0, 0),
    }
}

fn code(sales: &Sales, base: Base, order: usize, product: u32) -> u32 {
    match base {
        Base::Day => (sales.days[order] - sales.first_day()) as u32,
        Base::Order(key) => sales.keys[key].codes.get(order),
        Base::Customer => sales.buyers.get(order),
        Base::Product => product,
    }
}

/// A number for each different value of the axis's source, what the numbers are called, and how many there are.
fn numbered(sales: &Sales, axis: &AxisAt) -> (Vec<u32>, Names, u64) {
    let end = sales.words_end(axis.source);
    let merges = matches!(axis.source, Source::Person(_)) || axis.grain.is_some_and(|grain| grain != Grain::Day);
    if axis.kept.is_none() && !merges {
        return ((0..end as u32).collect(), Names::Own(axis.source), end as u64);
    }
    if let (Some(kept), false) = (&axis.kept, merges) {
        let mut keys: Vec<Key> = vec![Key::Others];
        let mut numbers = vec![0; end];
        for key in kept {
            let word = match key {
                Key::Value(text) => sales.word_of(axis.source, text),
                Key::Missing if axis.source != Source::Day => Some(0),
                _ => None,
            };
            if let Some(place) = word.and_then(|word| numbers.get_mut(word as usize)) {
                *place = keys.len() as u32;
                keys.push(key.clone());
            }
        }
        let size = keys.len() as u64;
        return (numbers, Names::Listed(keys), size);
    }
    let (mut keys, mut known): (Vec<Key>, HashMap<Key, u32>) = (Vec::new(), HashMap::new());
    let numbers = (0..end as u32).map(|word| {
        let key = sales.text(axis.source, word).map_or(Key::Missing, |text| Key::Value(bucket(text, axis.grain)));
        let key = if axis.kept.as_ref().is_none_or(|kept| kept.contains(&key)) { key } else { Key::Others };
        *known.entry(key).or_insert_with_key(|key| {
            keys.push(key.clone());
            keys.len() as u32 - 1
        })
    });
    let numbers = numbers.collect();
    let size = keys.len() as u64;
    (numbers, Names::Listed(keys), size)
}

fn bucket(text: String, grain: Option<Grain>) -> String {
    match grain {
        Some(grain) => text.parse::<NaiveDate>().map_or(text, |day| grain.bucket(day).to_string()),
        None => text,
    }
}

/// Numbers of groups are far from random, but a multiplication spreads them.
#[derive(Default)]
struct Spread(u64);

impl Hasher for Spread {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(u64::from(*byte));
        }
    }
    fn write_u64(&mut self, number: u64) {
        let mixed = (self.0 ^ number).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        self.0 = mixed ^ (mixed >> 29);
    }
}

/// What one core has counted: a row of figures for each group, and the pairs of group and member whose different ones
/// are counted.
struct Table {
    width: usize,
    rows: Vec<i64>,
    /// Absent: rows stand at the numbers of their groups.
    places: Option<HashMap<u64, usize, BuildHasherDefault<Spread>>>,
    pairs: Vec<Pairs>,
}

#[derive(Default)]
struct Pairs {
    all: Vec<(u64, u32)>,
    /// So many at the front are different.
    settled: usize,
}

impl Pairs {
    fn settle(&mut self) {
        self.all.sort_unstable();
        self.all.dedup();
        self.settled = self.all.len();
    }
}

impl Table {
    fn new(plan: &Plan<'_>) -> Self {
        let width = plan.width();
        let dense = plan.cells.saturating_mul(width as u64) <= DENSE;
        Self {
            width,
            rows: if dense { vec![0; plan.cells as usize * width] } else { Vec::new() },
            places: (!dense).then(HashMap::default),
            pairs: plan.figures.iter().map(|_| Pairs::default()).collect(),
        }
    }

    #[inline]
    fn row(&mut self, cell: u64) -> &mut [i64] {
        let width = self.width;
        let at = match &mut self.places {
            None => cell as usize * width,
            Some(places) => {
                let next = self.rows.len();
                let at = *places.entry(cell).or_insert(next);
                if at == next {
                    self.rows.resize(next + width, 0);
                }
                at
            }
        };
        &mut self.rows[at..at + width]
    }

    fn pair(&mut self, figure: usize, cell: u64, member: u32) {
        let pairs = &mut self.pairs[figure];
        if pairs.all.last() != Some(&(cell, member)) {
            pairs.all.push((cell, member));
            if pairs.all.len() > pairs.settled * 2 + PAIRS {
                pairs.settle();
            }
        }
    }

    fn cells(&self) -> Box<dyn Iterator<Item = (u64, &[i64])> + '_> {
        match &self.places {
            None => Box::new((0..).zip(self.rows.chunks_exact(self.width))),
            Some(places) => Box::new(places.iter().map(|(cell, at)| (*cell, &self.rows[*at..*at + self.width]))),
        }
    }

    fn add(&mut self, other: Table) {
        for (cell, row) in other.cells() {
            if row[0] == 0 {
                continue;
            }
            for (into, figure) in self.row(cell).iter_mut().zip(row) {
                *into = into.saturating_add(*figure);
            }
        }
        for (into, pairs) in self.pairs.iter_mut().zip(other.pairs) {
            into.all.extend(pairs.all);
        }
    }

    /// Counts the different members of each group.
    fn pairs_settle(&mut self, plan: &Plan<'_>) {
        for at in 0..plan.figures.len() {
            let mut pairs = std::mem::take(&mut self.pairs[at]);
            pairs.settle();
            for (cell, _) in pairs.all {
                self.row(cell)[1 + 2 * at] += 1;
            }
        }
    }
}
