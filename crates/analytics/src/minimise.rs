//! Minimising a smooth function of a few variables whose gradient is known: BFGS with a bounded step, finished by
//! Newton's method so that the answer does not depend on where it began (Nocedal & Wright, *Numerical Optimization*,
//! chapters 3 and 6).

/// A function's value and gradient at a point.
pub type Slope<const N: usize> = (f64, [f64; N]);

type Matrix<const N: usize> = [[f64; N]; N];

/// Where a function is least.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Minimum<const N: usize> {
    /// The point.
    pub at: [f64; N],
    /// The function there.
    pub value: f64,
    /// Largest component of the gradient there.
    pub gradient: f64,
    /// The inverse of the second derivatives there; `None` where they have none.
    pub inverse: Option<Matrix<N>>,
    /// Steps taken.
    pub steps: u32,
}

/// Steps before giving up.
const STEPS: u32 = 500;
/// Longest step in one variable.
const REACH: f64 = 1.0;
/// Step of the numeric second derivatives.
const NUDGE: f64 = 1e-5;

fn dot<const N: usize>(a: &[f64; N], b: &[f64; N]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn times<const N: usize>(matrix: &Matrix<N>, vector: &[f64; N]) -> [f64; N] {
    std::array::from_fn(|row| dot(&matrix[row], vector))
}

fn unit<const N: usize>() -> Matrix<N> {
    std::array::from_fn(|row| std::array::from_fn(|column| f64::from(u8::from(row == column))))
}

fn steepest<const N: usize>(gradient: &[f64; N]) -> f64 {
    gradient.iter().fold(0.0, |most, part| part.abs().max(most))
}

/// The minimum reached from `start`; `None` when the slope never fell below `flat` or the function is no number.
pub fn minimise<const N: usize>(
    start: [f64; N],
    flat: f64,
    mut slope: impl FnMut(&[f64; N]) -> Slope<N>,
) -> Option<Minimum<N>> {
    let mut at = start;
    let (mut value, mut gradient) = slope(&at);
    let mut inverse = unit::<N>();
    let mut steps = 0;
    while steps < STEPS && steepest(&gradient) > flat.max(1e-7) {
        steps += 1;
        let mut direction = times(&inverse, &gradient).map(|part| -part);
        if dot(&direction, &gradient) >= 0.0 {
            inverse = unit();
            direction = gradient.map(|part| -part);
        }
        let Some(next) = step(&at, value, &gradient, &direction, &mut slope) else {
            if inverse == unit() {
                break;
            }
            inverse = unit();
            continue;
        };
        let moved: [f64; N] = std::array::from_fn(|part| next.0[part] - at[part]);
        let turned: [f64; N] = std::array::from_fn(|part| next.2[part] - gradient[part]);
        update(&mut inverse, &moved, &turned, steps == 1);
        (at, value, gradient) = next;
    }
    finish(at, flat, steps, &mut slope)
}

/// A step down along a direction that lowers the function enough.
fn step<const N: usize>(
    at: &[f64; N],
    value: f64,
    gradient: &[f64; N],
    direction: &[f64; N],
    slope: &mut impl FnMut(&[f64; N]) -> Slope<N>,
) -> Option<([f64; N], f64, [f64; N])> {
    let fall = dot(direction, gradient);
    let mut length = f64::min(1.0, REACH / steepest(direction).max(f64::MIN_POSITIVE));
    for _ in 0..60 {
        let next: [f64; N] = std::array::from_fn(|part| at[part] + length * direction[part]);
        let (there, turned) = slope(&next);
        if there.is_finite() && there <= value + 1e-4 * length * fall {
            return Some((next, there, turned));
        }
        length *= 0.5;
    }
    None
}

/// The BFGS update of the inverse of the second derivatives; skipped where the function is not convex.
fn update<const N: usize>(inverse: &mut Matrix<N>, moved: &[f64; N], turned: &[f64; N], first: bool) {
    let along = dot(moved, turned);
    if along <= 1e-14 {
        return;
    }
    if first {
        let scale = along / dot(turned, turned);
        inverse.iter_mut().flatten().for_each(|part| *part *= scale);
    }
    let seen = times(inverse, turned);
    let more = (1.0 + dot(turned, &seen) / along) / along;
    for row in 0..N {
        for column in 0..N {
            let cross = seen[row] * moved[column] + moved[row] * seen[column];
            inverse[row][column] += more * moved[row] * moved[column] - cross / along;
        }
    }
}

/// Newton's last steps, and the inverse of the second derivatives.
fn finish<const N: usize>(
    mut at: [f64; N],
    flat: f64,
    mut steps: u32,
    slope: &mut impl FnMut(&[f64; N]) -> Slope<N>,
) -> Option<Minimum<N>> {
    let (mut value, mut gradient) = slope(&at);
    let mut inverse = inverted(curvature(&at, slope));
    for _ in 0..8 {
        let Some(curve) = inverse else { break };
        let shift = times(&curve, &gradient);
        if steepest(&gradient) <= 1e-15 || steepest(&shift) > REACH {
            break;
        }
        let next: [f64; N] = std::array::from_fn(|part| at[part] - shift[part]);
        let (there, turned) = slope(&next);
        if !there.is_finite() || steepest(&turned) >= steepest(&gradient) {
            break;
        }
        (at, value, gradient) = (next, there, turned);
        steps += 1;
        inverse = inverted(curvature(&at, slope));
    }
    let gradient = steepest(&gradient);
    (value.is_finite() && gradient <= flat).then_some(Minimum { at, value, gradient, inverse, steps })
}

fn curvature<const N: usize>(at: &[f64; N], slope: &mut impl FnMut(&[f64; N]) -> Slope<N>) -> Matrix<N> {
    let mut out = [[0.0; N]; N];
    for part in 0..N {
        let mut nudged = |by: f64| {
            let mut point = *at;
            point[part] += by;
            slope(&point).1
        };
        let (ahead, behind) = (nudged(NUDGE), nudged(-NUDGE));
        for other in 0..N {
            let curve = (ahead[other] - behind[other]) / (2.0 * NUDGE);
            out[part][other] += curve / 2.0;
            out[other][part] += curve / 2.0;
        }
    }
    out
}

/// The inverse of a symmetric positive definite matrix by Gauss and Jordan; `None` for any other.
fn inverted<const N: usize>(mut matrix: Matrix<N>) -> Option<Matrix<N>> {
    let mut out = unit::<N>();
    for pivot in 0..N {
        let scale = matrix[pivot][pivot];
        // Positive pivots in their order are what makes the matrix positive definite.
        if !(scale.is_finite() && scale > 1e-14) {
            return None;
        }
        for column in 0..N {
            matrix[pivot][column] /= scale;
            out[pivot][column] /= scale;
        }
        for row in (0..N).filter(|row| *row != pivot) {
            let factor = matrix[row][pivot];
            for column in 0..N {
                matrix[row][column] -= factor * matrix[pivot][column];
                out[row][column] -= factor * out[pivot][column];
            }
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bowl_is_left_at_its_bottom_with_its_curvature() {
        let bowl = |p: &[f64; 2]| {
            let value = 3.0 * (p[0] - 1.0).powi(2) + 0.5 * (p[1] + 2.0).powi(2) + (p[0] - 1.0) * (p[1] + 2.0);
            (value, [6.0 * (p[0] - 1.0) + p[1] + 2.0, p[1] + 2.0 + p[0] - 1.0])
        };
        let least = minimise([9.0, 9.0], 1e-9, bowl).expect("a minimum");
        assert!((least.at[0] - 1.0).abs() < 1e-9 && (least.at[1] + 2.0).abs() < 1e-9);
        let inverse = least.inverse.expect("a curvature");
        for (ours, exact) in inverse.iter().flatten().zip([0.2, -0.2, -0.2, 1.2]) {
            assert!((ours - exact).abs() < 1e-6, "{inverse:?}");
        }
    }

    #[test]
    fn the_banana_valley_is_walked_through() {
        let valley = |p: &[f64; 2]| {
            let bend = p[1] - p[0] * p[0];
            let value = (1.0 - p[0]).powi(2) + 100.0 * bend * bend;
            (value, [-2.0 * (1.0 - p[0]) - 400.0 * p[0] * bend, 200.0 * bend])
        };
        for start in [[-1.2, 1.0], [3.0, -4.0], [0.0, 0.0]] {
            let least = minimise(start, 1e-9, valley).expect("a minimum");
            assert!(least.at.iter().all(|part| (part - 1.0).abs() < 1e-9), "{least:?}");
        }
    }

    #[test]
    fn what_has_no_minimum_has_none() {
        assert_eq!(minimise([0.0], 1e-9, |p| (p[0], [1.0])), None);
        assert_eq!(minimise([0.0], 1e-9, |_| (f64::NAN, [1.0])), None);
    }
}
