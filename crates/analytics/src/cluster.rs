//! Groups of rows that are alike: k-means (Lloyd 1982) on standardised columns, begun as k-means++ says (Arthur &
//! Vassilvitskii 2007), and how well the groups are apart by silhouettes (Rousseeuw 1987). Everything that is chosen by
//! chance is chosen by one seed: the same rows in the same order give the same groups.

use std::panic::resume_unwind;

use regulars_domain::demo::Rng;
use serde::{Deserialize, Serialize};

/// Most rows on which beginnings are tried and numbers of groups compared.
const TRIED_ON: usize = 20_000;
/// Most rows of which silhouettes are found: each is held against all others of them.
const SHOWN_ON: usize = 3_000;
/// Beginnings of which the best is kept.
const STARTS: u64 = 8;
/// Most rounds of moving centres.
const ROUNDS: usize = 100;
const SEED: u64 = 20_260_101;

/// How a column is made comparable.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Scale {
    /// Whether it is the logarithm of 1 + x that is looked at, of −x for what is negative: money, counts and days are
    /// spread so that a few large ones would be all there is to see.
    pub log: bool,
    pub mean: f64,
    /// Of the population; 0 where all are the same, and then the column tells nothing.
    pub deviation: f64,
}

impl Scale {
    fn of(column: &[Option<f64>], log: bool) -> Self {
        let known = || column.iter().flatten().map(|value| seen(*value, log));
        let count = known().count().max(1) as f64;
        let mean = known().sum::<f64>() / count;
        let variance = known().map(|value| (value - mean).powi(2)).sum::<f64>() / count;
        let deviation = variance.sqrt();
        Self { log, mean, deviation: if deviation > 1e-12 * mean.abs().max(1.0) { deviation } else { 0.0 } }
    }

    /// How many deviations from the mean; what is not known stands at the mean.
    pub fn standard(&self, value: Option<f64>) -> f64 {
        match value {
            Some(value) if self.deviation > 0.0 => (seen(value, self.log) - self.mean) / self.deviation,
            _ => 0.0,
        }
    }
}

fn seen(value: f64, log: bool) -> f64 {
    if log { value.abs().ln_1p().copysign(value) } else { value }
}

/// What tells of a new row to which group it belongs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Model {
    pub scales: Vec<Scale>,
    /// Of each group, in deviations from the mean.
    pub centres: Vec<Vec<f64>>,
}

impl Model {
    /// The group whose centre is nearest to a row.
    pub fn nearest(&self, row: &[Option<f64>]) -> usize {
        let row: Vec<f64> = self.scales.iter().zip(row).map(|(scale, value)| scale.standard(*value)).collect();
        nearest(&row, &self.centres).0
    }
}

/// One group.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Group {
    pub size: usize,
    /// Mean of each column in its own unit, of the rows that have it.
    pub means: Vec<Option<f64>>,
    /// Mean silhouette of the rows that were looked at; none where none was.
    pub silhouette: Option<f64>,
}

/// Groups, the largest first.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Clustering {
    pub model: Model,
    pub groups: Vec<Group>,
    /// The group of each row.
    pub of: Vec<usize>,
    /// Squared distances from the centres, summed up, in squared deviations.
    pub inertia: f64,
    /// Mean silhouette, −1 to 1.
    pub silhouette: f64,
    /// Rows whose silhouettes were found.
    pub looked_at: usize,
    /// Every number of groups that was tried with its silhouette.
    pub tried: Vec<(usize, f64)>,
}

/// Divides rows, given as columns that say whether to look at their logarithm, into so many groups as are asked for or,
/// of 2 to `most` groups, into those that stand apart best. None when fewer than two rows differ.
pub fn clusters(columns: &[(Vec<Option<f64>>, bool)], groups: Option<usize>, most: usize) -> Option<Clustering> {
    let scales: Vec<Scale> = columns.iter().map(|(column, log)| Scale::of(column, *log)).collect();
    let rows = columns.first().map_or(0, |(column, _)| column.len());
    let points = Points {
        width: columns.len(),
        values: (0..rows)
            .flat_map(|row| scales.iter().zip(columns).map(move |(scale, (column, _))| scale.standard(column[row])))
            .collect(),
    };
    let tried_on = points.some(TRIED_ON, 1);
    let different = tried_on.different(most.max(groups.unwrap_or(0)));
    if different < 2 {
        return None;
    }
    let shown_on = points.some(SHOWN_ON, 2);
    let numbers = match groups {
        Some(groups) => groups.clamp(2, different)..=groups.clamp(2, different),
        None => 2..=most.clamp(2, different),
    };
    let tries = numbers.map(|groups| {
        let centres = best_start(&tried_on, groups);
        let silhouette = mean(&silhouettes(&shown_on, &shown_on.groups(&centres), groups));
        (centres, silhouette)
    });
    let tries: Vec<(Vec<Vec<f64>>, f64)> = tries.collect();
    let tried = tries.iter().map(|(centres, silhouette)| (centres.len(), *silhouette)).collect();
    // Of numbers that stand apart as well the smaller one: the first of the largest.
    let (start, _) = tries.into_iter().reduce(|best, next| if next.1 > best.1 { next } else { best })?;
    let (centres, inertia) = points.settled(start);
    Some(finished(columns, scales, &points, centres, inertia, tried))
}

fn finished(
    columns: &[(Vec<Option<f64>>, bool)],
    scales: Vec<Scale>,
    points: &Points,
    centres: Vec<Vec<f64>>,
    inertia: f64,
    tried: Vec<(usize, f64)>,
) -> Clustering {
    let of = points.groups(&centres);
    let mut sizes = vec![0_usize; centres.len()];
    of.iter().for_each(|group| sizes[*group] += 1);
    // A centre that is nearest to nothing is no group.
    let mut order: Vec<usize> = (0..centres.len()).filter(|group| sizes[*group] > 0).collect();
    order.sort_by(|one, other| {
        let larger = sizes[*other].cmp(&sizes[*one]);
        larger.then_with(|| centres[*one].partial_cmp(&centres[*other]).unwrap_or(std::cmp::Ordering::Equal))
    });
    let mut place = vec![0; centres.len()];
    order.iter().enumerate().for_each(|(at, group)| place[*group] = at);
    let of: Vec<usize> = of.into_iter().map(|group| place[group]).collect();
    let centres: Vec<Vec<f64>> = order.iter().map(|group| centres[*group].clone()).collect();
    let shown_on = points.some(SHOWN_ON, 2);
    let shown_groups = shown_on.groups(&centres);
    let shown = silhouettes(&shown_on, &shown_groups, centres.len());
    let groups = (0..centres.len()).map(|group| {
        let own: Vec<f64> = shown.iter().zip(&shown_groups).filter(|(_, of)| **of == group).map(|(s, _)| *s).collect();
        let mean_of = |column: &[Option<f64>]| {
            let known = column.iter().zip(&of).filter(|(_, of)| **of == group).filter_map(|(value, _)| *value);
            let (sum, count) = known.fold((0.0, 0_usize), |(sum, count), value| (sum + value, count + 1));
            (count > 0).then(|| sum / count as f64)
        };
        Group {
            size: sizes[order[group]],
            means: columns.iter().map(|(column, _)| mean_of(column)).collect(),
            silhouette: (!own.is_empty()).then(|| mean(&own)),
        }
    });
    Clustering {
        groups: groups.collect(),
        silhouette: mean(&shown),
        looked_at: shown.len(),
        model: Model { scales, centres },
        of,
        inertia,
        tried,
    }
}

fn mean(values: &[f64]) -> f64 {
    if values.is_empty() { 0.0 } else { values.iter().sum::<f64>() / values.len() as f64 }
}

fn distance2(one: &[f64], other: &[f64]) -> f64 {
    one.iter().zip(other).map(|(one, other)| (one - other).powi(2)).sum()
}

/// Which centre is nearest, and its squared distance; of two as near the smaller one, wherever it stands.
fn nearest(row: &[f64], centres: &[Vec<f64>]) -> (usize, f64) {
    let mut best = (0, f64::INFINITY);
    for (at, centre) in centres.iter().enumerate() {
        let distance = distance2(row, centre);
        if distance < best.1 || (distance == best.1 && *centre < centres[best.0]) {
            best = (at, distance);
        }
    }
    best
}

/// Standardised rows, one behind the other.
struct Points {
    width: usize,
    values: Vec<f64>,
}

impl Points {
    fn rows(&self) -> std::slice::ChunksExact<'_, f64> {
        self.values.chunks_exact(self.width.max(1))
    }

    fn row(&self, at: usize) -> &[f64] {
        &self.values[at * self.width..(at + 1) * self.width]
    }

    fn len(&self) -> usize {
        self.values.len() / self.width.max(1)
    }

    /// All of them or, of more than `most`, so many chosen by chance (Vitter's reservoir) in the order they stand in.
    fn some(&self, most: usize, stream: u64) -> Points {
        let mut chosen: Vec<usize> = (0..self.len().min(most)).collect();
        let mut rng = Rng::of_row(SEED, stream, 0);
        for row in most..self.len() {
            let at = rng.below(row + 1);
            if at < most {
                chosen[at] = row;
            }
        }
        chosen.sort_unstable();
        Points { width: self.width, values: chosen.iter().flat_map(|row| self.row(*row)).copied().collect() }
    }

    /// How many different rows there are, counted up to `most`.
    fn different(&self, most: usize) -> usize {
        let mut known: Vec<&[f64]> = Vec::new();
        for row in self.rows() {
            if known.len() >= most {
                break;
            }
            if !known.contains(&row) {
                known.push(row);
            }
        }
        known.len()
    }

    fn groups(&self, centres: &[Vec<f64>]) -> Vec<usize> {
        self.rows().map(|row| nearest(row, centres).0).collect()
    }

    /// Centres to begin with: the first by chance, each further one the likelier the farther it is from those there are.
    fn start(&self, groups: usize, stream: u64) -> Vec<Vec<f64>> {
        let mut rng = Rng::of_row(SEED, 3, stream);
        let mut centres = vec![self.row(rng.below(self.len())).to_vec()];
        let mut far: Vec<f64> = self.rows().map(|row| distance2(row, &centres[0])).collect();
        while centres.len() < groups {
            let mut left = rng.unit() * far.iter().sum::<f64>();
            let hit = far.iter().position(|distance| {
                left -= distance;
                left < 0.0 && *distance > 0.0
            });
            // Of rounding: the last that is not a centre yet.
            let Some(at) = hit.or_else(|| far.iter().rposition(|distance| *distance > 0.0)) else { break };
            let centre = self.row(at).to_vec();
            for (far, row) in far.iter_mut().zip(self.rows()) {
                *far = far.min(distance2(row, &centre));
            }
            centres.push(centre);
        }
        centres
    }

    /// Moves centres into the middle of what is nearest to them until nothing changes; answers them with what is left of
    /// squared distances. A centre that is nearest to nothing stays where it is.
    fn settled(&self, mut centres: Vec<Vec<f64>>) -> (Vec<Vec<f64>>, f64) {
        let mut inertia = f64::INFINITY;
        for _ in 0..ROUNDS {
            let round = self.round(&centres);
            for (centre, (sum, count)) in centres.iter_mut().zip(round.sums.iter().zip(&round.counts)) {
                if *count > 0 {
                    *centre = sum.iter().map(|sum| sum / *count as f64).collect();
                }
            }
            let still = inertia - round.inertia <= 1e-9 * round.inertia;
            inertia = round.inertia;
            if still {
                break;
            }
        }
        let left = self.rows().map(|row| nearest(row, &centres).1).sum();
        (centres, left)
    }

    /// What is nearest to each centre, on all cores; parts are added up in their order, so that sums do not depend on
    /// which core was first.
    fn round(&self, centres: &[Vec<f64>]) -> Round {
        const PART: usize = 65_536;
        let parts: Vec<&[f64]> = self.values.chunks(PART * self.width.max(1)).collect();
        let cores = std::thread::available_parallelism().map_or(1, usize::from).min(parts.len()).max(1);
        if cores == 1 {
            return Round::sum(
                parts.iter().map(|part| Round::of(part, self.width, centres)),
                centres.len(),
                self.width,
            );
        }
        let work = |core: usize| -> Vec<(usize, Round)> {
            let own = parts.iter().enumerate().skip(core).step_by(cores);
            own.map(|(at, part)| (at, Round::of(part, self.width, centres))).collect()
        };
        let mut rounds: Vec<(usize, Round)> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..cores)
                .map(|core| {
                    scope.spawn({
                        let work = &work;
                        move || work(core)
                    })
                })
                .collect();
            let joined = threads.into_iter().map(|thread| thread.join().unwrap_or_else(|panic| resume_unwind(panic)));
            joined.flatten().collect()
        });
        rounds.sort_by_key(|(at, _)| *at);
        Round::sum(rounds.into_iter().map(|(_, round)| round), centres.len(), self.width)
    }
}

/// What one round found.
struct Round {
    sums: Vec<Vec<f64>>,
    counts: Vec<usize>,
    inertia: f64,
}

impl Round {
    fn none(groups: usize, width: usize) -> Self {
        Self { sums: vec![vec![0.0; width]; groups], counts: vec![0; groups], inertia: 0.0 }
    }

    fn of(values: &[f64], width: usize, centres: &[Vec<f64>]) -> Self {
        let mut round = Self::none(centres.len(), width);
        for row in values.chunks_exact(width.max(1)) {
            let (group, distance) = nearest(row, centres);
            round.counts[group] += 1;
            round.inertia += distance;
            round.sums[group].iter_mut().zip(row).for_each(|(sum, value)| *sum += value);
        }
        round
    }

    fn sum(rounds: impl Iterator<Item = Round>, groups: usize, width: usize) -> Self {
        rounds.fold(Self::none(groups, width), |mut all, round| {
            for (sum, more) in all.sums.iter_mut().flatten().zip(round.sums.iter().flatten()) {
                *sum += more;
            }
            all.counts.iter_mut().zip(&round.counts).for_each(|(count, more)| *count += more);
            all.inertia += round.inertia;
            all
        })
    }
}

/// The centres of the beginning that leaves the least.
fn best_start(points: &Points, groups: usize) -> Vec<Vec<f64>> {
    let settled = (0..STARTS).map(|start| points.settled(points.start(groups, start)));
    let best = settled.reduce(|best, next| if next.1 < best.1 { next } else { best });
    best.map(|(centres, _)| centres).unwrap_or_default()
}

/// Of each row (b − a) / max(a, b), a being its mean distance from the others of its group and b that from the rows of
/// the nearest other group; 0 for a row that is alone.
fn silhouettes(points: &Points, of: &[usize], groups: usize) -> Vec<f64> {
    let mut counts = vec![0_usize; groups];
    of.iter().for_each(|group| counts[*group] += 1);
    let one = |(row, own): (&[f64], &usize)| {
        let mut sums = vec![0.0; groups];
        for (other, group) in points.rows().zip(of) {
            sums[*group] += distance2(row, other).sqrt();
        }
        if counts[*own] < 2 {
            return 0.0;
        }
        let inside = sums[*own] / (counts[*own] - 1) as f64;
        let others = (0..groups).filter(|group| group != own && counts[*group] > 0);
        let outside = others.map(|group| sums[group] / counts[group] as f64).fold(f64::INFINITY, f64::min);
        match inside.max(outside) {
            most if outside.is_finite() && most > 0.0 => (outside - inside) / most,
            _ => 0.0,
        }
    };
    points.rows().zip(of).map(one).collect()
}
