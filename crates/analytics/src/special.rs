//! The special functions behind the lifetime models.

/// ln Γ(x) for x > 0.
pub fn lgamma(x: f64) -> f64 {
    libm::lgamma(x)
}

/// ψ(x) = d ln Γ(x) / dx for x > 0: recurrence up to 12, then the asymptotic series (Abramowitz & Stegun 6.3.18), whose
/// first omitted term is below 1e-17 there.
pub fn digamma(x: f64) -> f64 {
    const SERIES: [f64; 7] =
        [1.0 / 12.0, -1.0 / 120.0, 1.0 / 252.0, -1.0 / 240.0, 1.0 / 132.0, -691.0 / 32_760.0, 1.0 / 12.0];
    let (mut x, mut shifted) = (x, 0.0);
    while x < 12.0 {
        shifted -= 1.0 / x;
        x += 1.0;
    }
    let square = 1.0 / (x * x);
    let tail = SERIES.iter().rev().fold(0.0, |sum, term| (sum + term) * square);
    shifted + x.ln() - 0.5 / x - tail
}

/// Terms of the power series after which it is given up: NaN then, never a wrong number.
const TERMS: u32 = 1_000_000;

/// ₂F₁(a, b; c; z) for 0 ≤ z < 1 and c > 0, by its power series; where that of Euler's transformation
/// (1−z)^(c−a−b) · ₂F₁(c−a, c−b; c; z) falls faster, by that one. NaN outside, and where it does not converge.
pub fn hyp2f1(a: f64, b: f64, c: f64, z: f64) -> f64 {
    if !(0.0..1.0).contains(&z) || c <= 0.0 {
        return f64::NAN;
    }
    let power = c - a - b;
    if power < 0.0 { (power * (-z).ln_1p()).exp() * series(c - a, c - b, c, z) } else { series(a, b, c, z) }
}

fn series(a: f64, b: f64, c: f64, z: f64) -> f64 {
    let (mut sum, mut term) = (1.0, 1.0);
    for n in 0..TERMS {
        let n = f64::from(n);
        term *= (a + n) * (b + n) / ((c + n) * (n + 1.0)) * z;
        sum += term;
        // Terms fall for good once their ratio does; before, a small one may be followed by larger ones.
        if term.abs() <= 1e-17 * f64::abs(sum) && n > a.abs().max(b.abs()) * z {
            return sum;
        }
    }
    f64::NAN
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outside_is_no_number() {
        assert!(hyp2f1(1.0, 1.0, 2.0, 1.0).is_nan());
        assert!(hyp2f1(1.0, 1.0, 0.0, 0.5).is_nan());
        assert_eq!(hyp2f1(1.0, 1.0, 2.0, 0.0), 1.0);
    }

    #[test]
    fn a_closed_form_is_met() {
        // ₂F₁(1, 1; 2; z) = −ln(1−z)/z
        for z in [0.1, 0.5, 0.9, 0.999] {
            let exact = -f64::ln_1p(-z) / z;
            assert!((hyp2f1(1.0, 1.0, 2.0, z) / exact - 1.0).abs() < 1e-12, "{z}");
        }
    }
}
