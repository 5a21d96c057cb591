//! The table of a pivot, put together from groupings.

use std::cmp::{Ordering, Reverse};
use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{Aggregate, Axis, Group, Grouping, Key, Part};

/// Only the first few groups of an axis, by an aggregate of the whole axis; the rest falls together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Top {
    pub n: usize,
    /// Index into the aggregates.
    pub aggregate: usize,
}

/// The axes of the rows or of the columns.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Side {
    pub axes: Vec<(Axis, Option<Top>)>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Layout {
    pub rows: Side,
    pub columns: Side,
    pub aggregates: Vec<Aggregate>,
}

/// Which keys of each axis stand for themselves, rows before columns; `None` for an axis without a limit.
pub type Kept = Vec<Option<Vec<Key>>>;

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Table {
    /// The keys of each row, one for each axis; in the order of the keys until they are sorted otherwise.
    pub rows: Vec<Vec<Key>>,
    pub columns: Vec<Vec<Key>>,
    /// By row and column; pairs without facts are not there.
    pub cells: BTreeMap<(usize, usize), Vec<Part>>,
    pub row_totals: Vec<Vec<Part>>,
    pub column_totals: Vec<Vec<Part>>,
    pub total: Vec<Part>,
}

/// A row or a column: its keys, and what it comes to.
#[derive(Debug, Clone, Copy)]
pub struct Line<'a> {
    pub keys: &'a [Key],
    pub total: &'a [Part],
}

/// In which order two rows or columns stand.
pub type Order<'a> = dyn Fn(Line<'_>, Line<'_>) -> Ordering + 'a;

impl Layout {
    fn axes(&self) -> impl Iterator<Item = &(Axis, Option<Top>)> {
        self.rows.axes.iter().chain(&self.columns.axes)
    }

    fn is_additive(&self) -> bool {
        self.aggregates.iter().all(Aggregate::is_additive)
    }

    fn grouping(&self, kept: &Kept, from: usize, to: usize) -> Grouping {
        Grouping {
            axes: self.axes().skip(from).take(to - from).map(|(axis, _)| axis.clone()).collect(),
            kept: kept.get(from..to).unwrap_or_default().to_vec(),
            aggregates: self.aggregates.clone(),
        }
    }
}

/// The first keys of each limited axis: the largest by its aggregate, of equals the first by key.
pub fn kept<E>(layout: &Layout, run: &mut dyn FnMut(&Grouping) -> Result<Vec<Group>, E>) -> Result<Kept, E> {
    let mut all = Kept::new();
    for (axis, top) in layout.axes() {
        let Some(top) = top else {
            all.push(None);
            continue;
        };
        let aggregates = layout.aggregates.get(top.aggregate).cloned().into_iter().collect();
        let mut groups = run(&Grouping { axes: vec![axis.clone()], kept: vec![None], aggregates })?;
        groups.sort_by_key(|group| {
            (Reverse(group.parts.first().map_or(0, |part| part.sum)), group.keys.first().cloned())
        });
        all.push(Some(groups.into_iter().take(top.n).filter_map(|group| group.keys.into_iter().next()).collect()));
    }
    Ok(all)
}

/// The table of a layout. Totals of what adds up are added up, those of what does not are asked for.
pub fn table<E>(
    layout: &Layout,
    kept: &Kept,
    run: &mut dyn FnMut(&Grouping) -> Result<Vec<Group>, E>,
) -> Result<Table, E> {
    let (split, end) = (layout.rows.axes.len(), layout.axes().count());
    let groups = run(&layout.grouping(kept, 0, end))?;
    let keys = |part: fn(&Group, usize) -> &[Key]| -> Vec<Vec<Key>> {
        let distinct: BTreeSet<&[Key]> = groups.iter().map(|group| part(group, split)).collect();
        distinct.into_iter().map(<[Key]>::to_vec).collect()
    };
    let rows = keys(|group, split| group.keys.get(..split).unwrap_or_default());
    let columns = keys(|group, split| group.keys.get(split..).unwrap_or_default());
    let place = |keys: &[Vec<Key>]| -> HashMap<Vec<Key>, usize> {
        keys.iter().enumerate().map(|(at, keys)| (keys.clone(), at)).collect()
    };
    let (row_at, column_at) = (place(&rows), place(&columns));
    let nothing = vec![Part::default(); layout.aggregates.len()];
    let mut made = Table {
        cells: BTreeMap::new(),
        row_totals: vec![nothing.clone(); rows.len()],
        column_totals: vec![nothing.clone(); columns.len()],
        total: nothing,
        rows,
        columns,
    };
    for group in groups {
        let (row, column) = group.keys.split_at(split.min(group.keys.len()));
        let (Some(row), Some(column)) = (row_at.get(row), column_at.get(column)) else { continue };
        add(&mut made.row_totals[*row], &group.parts);
        add(&mut made.column_totals[*column], &group.parts);
        add(&mut made.total, &group.parts);
        made.cells.insert((*row, *column), group.parts);
    }
    if !layout.is_additive() {
        for group in run(&layout.grouping(kept, 0, split))? {
            if let Some(row) = row_at.get(&group.keys) {
                made.row_totals[*row] = group.parts;
            }
        }
        for group in run(&layout.grouping(kept, split, end))? {
            if let Some(column) = column_at.get(&group.keys) {
                made.column_totals[*column] = group.parts;
            }
        }
        if let Some(group) = run(&layout.grouping(kept, 0, 0))?.into_iter().next() {
            made.total = group.parts;
        }
    }
    Ok(made)
}

fn add(into: &mut [Part], parts: &[Part]) {
    for (sum, part) in into.iter_mut().zip(parts) {
        sum.add(*part);
    }
}

impl Table {
    /// Puts the rows into another order; by keys and by what the row comes to.
    pub fn sort_rows(&mut self, order: &Order<'_>) {
        let places = places(&self.rows, &self.row_totals, order);
        (self.rows, self.row_totals) = permuted(&self.rows, &self.row_totals, &places);
        let to = inverse(&places);
        self.cells = std::mem::take(&mut self.cells).into_iter().map(|((r, c), parts)| ((to[r], c), parts)).collect();
    }

    /// Puts the columns into another order.
    pub fn sort_columns(&mut self, order: &Order<'_>) {
        let places = places(&self.columns, &self.column_totals, order);
        (self.columns, self.column_totals) = permuted(&self.columns, &self.column_totals, &places);
        let to = inverse(&places);
        self.cells = std::mem::take(&mut self.cells).into_iter().map(|((r, c), parts)| ((r, to[c]), parts)).collect();
    }
}

fn places(keys: &[Vec<Key>], totals: &[Vec<Part>], order: &Order<'_>) -> Vec<usize> {
    let mut places: Vec<usize> = (0..keys.len()).collect();
    let line = |at: usize| Line { keys: &keys[at], total: &totals[at] };
    places.sort_by(|a, b| order(line(*a), line(*b)));
    places
}

fn permuted(keys: &[Vec<Key>], totals: &[Vec<Part>], places: &[usize]) -> (Vec<Vec<Key>>, Vec<Vec<Part>>) {
    (places.iter().map(|at| keys[*at].clone()).collect(), places.iter().map(|at| totals[*at].clone()).collect())
}

fn inverse(places: &[usize]) -> Vec<usize> {
    let mut to = vec![0; places.len()];
    for (new, old) in places.iter().enumerate() {
        to[*old] = new;
    }
    to
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use super::*;

    /// Facts with two fields, an amount and a buyer, grouped in memory.
    struct Facts(Vec<(&'static str, &'static str, i64, u8)>);

    impl Facts {
        fn run(&self, grouping: &Grouping) -> Result<Vec<Group>, Infallible> {
            let mut groups: BTreeMap<Vec<Key>, (i64, i64, BTreeSet<u8>)> = BTreeMap::new();
            for (colour, size, amount, buyer) in &self.0 {
                let keys = grouping.axes.iter().zip(&grouping.kept).map(|(axis, kept)| {
                    let key = Key::Value(if axis.field == "colour" { *colour } else { *size }.into());
                    if kept.as_ref().is_none_or(|kept| kept.contains(&key)) { key } else { Key::Others }
                });
                let group = groups.entry(keys.collect()).or_default();
                group.0 += amount;
                group.1 += 1;
                group.2.insert(*buyer);
            }
            let part = |aggregate: &Aggregate, of: &(i64, i64, BTreeSet<u8>)| match aggregate {
                Aggregate::Count => Part { sum: of.1, count: of.1 },
                Aggregate::Sum(_) => Part { sum: of.0, count: of.1 },
                Aggregate::Distinct(_) => Part { sum: of.2.len() as i64, count: of.1 },
            };
            let parts = |of| grouping.aggregates.iter().map(|aggregate| part(aggregate, of)).collect();
            Ok(groups.iter().map(|(keys, of)| Group { keys: keys.clone(), parts: parts(of) }).collect())
        }
    }

    fn axis(field: &str) -> Axis {
        Axis { field: field.into(), grain: None }
    }

    fn key(text: &str) -> Key {
        Key::Value(text.into())
    }

    #[test]
    fn different_buyers_are_not_added_up() {
        let facts = Facts(vec![("red", "s", 10, 1), ("red", "l", 20, 1), ("blue", "s", 5, 1), ("green", "s", 1, 2)]);
        let layout = Layout {
            rows: Side { axes: vec![(axis("colour"), Some(Top { n: 1, aggregate: 0 }))] },
            columns: Side { axes: vec![(axis("size"), None)] },
            aggregates: vec![Aggregate::Sum("amount".into()), Aggregate::Distinct("buyer".into())],
        };
        let mut run = |grouping: &Grouping| facts.run(grouping);
        let kept = kept(&layout, &mut run).expect("infallible");
        assert_eq!(kept, [Some(vec![key("red")]), None]);
        let table = table(&layout, &kept, &mut run).expect("infallible");
        assert_eq!(table.rows, [vec![key("red")], vec![Key::Others]]);
        assert_eq!(table.columns, [vec![key("l")], vec![key("s")]]);
        let sums = |parts: &[Part]| parts.iter().map(|part| part.sum).collect::<Vec<_>>();
        assert_eq!(table.row_totals.iter().map(|parts| sums(parts)).collect::<Vec<_>>(), [[30, 1], [6, 2]]);
        assert_eq!(table.column_totals.iter().map(|parts| sums(parts)).collect::<Vec<_>>(), [[20, 1], [16, 2]]);
        assert_eq!(sums(&table.total), [36, 2]);
        assert!(!table.cells.contains_key(&(1, 0)));
    }

    #[test]
    fn sorting_carries_cells_and_totals_along() {
        let facts = Facts(vec![("a", "x", 1, 1), ("b", "x", 3, 1), ("c", "y", 2, 1)]);
        let layout = Layout {
            rows: Side { axes: vec![(axis("colour"), None)] },
            columns: Side { axes: vec![(axis("size"), None)] },
            aggregates: vec![Aggregate::Sum("amount".into())],
        };
        let mut table = table(&layout, &vec![None, None], &mut |grouping| facts.run(grouping)).expect("infallible");
        table.sort_rows(&|a, b| b.total[0].sum.cmp(&a.total[0].sum));
        assert_eq!(table.rows, [vec![key("b")], vec![key("c")], vec![key("a")]]);
        assert_eq!(table.cells[&(0, 0)][0].sum, 3);
        assert_eq!(table.cells[&(1, 1)][0].sum, 2);
        table.sort_columns(&|a, b| b.keys.cmp(a.keys));
        assert_eq!(table.cells[&(1, 0)][0].sum, 2);
        assert_eq!(table.column_totals[0][0].sum, 2);
    }
}
