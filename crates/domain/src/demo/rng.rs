//! A small seeded source of chance: SplitMix64 (Steele, Lea & Flood 2014) and the distributions the models need.

/// Chance that repeats itself for the same seed. Not for secrets.
#[derive(Debug, Clone)]
pub struct Rng(u64);

impl Rng {
    /// The source of one row of one stream (people, orders…), independent of all other rows, so that rows can be made in
    /// any order and on any thread.
    pub fn of_row(seed: u64, stream: u64, row: u64) -> Self {
        let mut mixer = Self(seed);
        let mut key = mixer.bits();
        for part in [stream, row] {
            mixer = Self(key ^ part.wrapping_mul(0xd134_2543_de82_ef95));
            key = mixer.bits();
        }
        Self(key)
    }

    /// 64 random bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Uniform in the open interval (0, 1).
    pub fn unit(&mut self) -> f64 {
        ((self.bits() >> 11) as f64 + 0.5) / (1u64 << 53) as f64
    }

    /// Uniform among 0…n − 1; 0 if n is 0.
    pub fn below(&mut self, n: usize) -> usize {
        ((self.unit() * n as f64) as usize).min(n.saturating_sub(1))
    }

    /// Uniform in an inclusive range.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        low + self.below((high - low + 1).max(1) as usize) as i64
    }

    /// True with the given probability.
    pub fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// One of a list; `None` if it is empty.
    pub fn pick<'a, T>(&mut self, list: &'a [T]) -> Option<&'a T> {
        list.get(self.below(list.len()))
    }

    /// Index drawn by running totals of weights.
    pub fn weighted(&mut self, totals: &[f64]) -> usize {
        let at = self.unit() * totals.last().copied().unwrap_or(0.0);
        totals.partition_point(|total| *total <= at).min(totals.len().saturating_sub(1))
    }

    /// Exponential with the given rate.
    pub fn exponential(&mut self, rate: f64) -> f64 {
        -self.unit().ln() / rate
    }

    fn normal(&mut self) -> f64 {
        (-2.0 * self.unit().ln()).sqrt() * (std::f64::consts::TAU * self.unit()).cos()
    }

    /// Gamma with scale 1 (Marsaglia & Tsang 2000); divide by a rate.
    pub fn gamma(&mut self, shape: f64) -> f64 {
        if shape < 1.0 {
            let boosted = self.gamma(shape + 1.0);
            return boosted * self.unit().powf(1.0 / shape);
        }
        let d = shape - 1.0 / 3.0;
        let c = 1.0 / (9.0 * d).sqrt();
        loop {
            let x = self.normal();
            let v = (1.0 + c * x).powi(3);
            if v > 0.0 && self.unit().ln() < 0.5 * x * x + d - d * v + d * v.ln() {
                return d * v;
            }
        }
    }

    /// Beta by two gammas.
    pub fn beta(&mut self, a: f64, b: f64) -> f64 {
        let (one, other) = (self.gamma(a), self.gamma(b));
        one / (one + other)
    }
}

/// Running totals of weights, for [`Rng::weighted`].
pub(super) fn running_totals(weights: impl IntoIterator<Item = f64>) -> Vec<f64> {
    let add = |sum: &mut f64, weight: f64| {
        *sum += weight;
        Some(*sum)
    };
    weights.into_iter().scan(0.0, add).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mean(n: usize, mut draw: impl FnMut(&mut Rng) -> f64) -> f64 {
        let mut rng = Rng::of_row(7, 1, 0);
        (0..n).map(|_| draw(&mut rng)).sum::<f64>() / n as f64
    }

    #[test]
    fn distributions_have_their_means() {
        for (actual, expected) in [
            (mean(40_000, Rng::unit), 0.5),
            (mean(40_000, |rng| rng.exponential(4.0)), 0.25),
            (mean(80_000, |rng| rng.gamma(0.2426)), 0.2426),
            (mean(40_000, |rng| rng.gamma(6.25)), 6.25),
            (mean(40_000, |rng| rng.beta(0.7929, 2.4259)), 0.7929 / (0.7929 + 2.4259)),
        ] {
            assert!((actual / expected - 1.0).abs() < 0.03, "{actual} {expected}");
        }
    }

    #[test]
    fn rows_repeat_and_differ() {
        assert_eq!(Rng::of_row(1, 2, 3).bits(), Rng::of_row(1, 2, 3).bits());
        assert_ne!(Rng::of_row(1, 2, 3).bits(), Rng::of_row(1, 3, 2).bits());
        assert_eq!(Rng::of_row(1, 1, 1).pick::<u8>(&[]), None);
    }
}
