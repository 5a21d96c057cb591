//! Logistic regression with a ridge, by Newton's steps (iteratively reweighted least squares).

/// Steps at most; a ridge makes them few.
const STEPS: usize = 50;
/// A step as small as this is the last.
const ENOUGH: f64 = 1e-8;

/// Intercept and coefficients of the columns that make the outcome likeliest, where every coefficient is pulled to 1 (the
/// weights as they are) by `strength` times half its squared distance.
pub fn ridge(columns: &[&[f64]], outcome: &[bool], intercept: f64, strength: f64) -> (f64, Vec<f64>) {
    let size = columns.len() + 1;
    let mut beta = vec![1.0; size];
    beta[0] = intercept;
    for _ in 0..STEPS {
        let mut slope = vec![0.0; size];
        let mut curve = vec![vec![0.0; size]; size];
        let mut row = vec![1.0; size];
        for (at, good) in outcome.iter().enumerate() {
            for (place, column) in columns.iter().enumerate() {
                row[place + 1] = column[at];
            }
            let sum: f64 = beta.iter().zip(&row).map(|(b, x)| b * x).sum();
            let chance = 1.0 / (1.0 + (-sum).exp());
            let missed = f64::from(u8::from(*good)) - chance;
            let bend = (chance * (1.0 - chance)).max(1e-10);
            for i in 0..size {
                slope[i] += missed * row[i];
                let bent = bend * row[i];
                for j in 0..=i {
                    curve[i][j] += bent * row[j];
                }
            }
        }
        for i in 1..size {
            slope[i] -= strength * (beta[i] - 1.0);
            curve[i][i] += strength;
        }
        let Some(step) = solved(curve, slope) else { break };
        let longest = step.iter().fold(0.0f64, |most, one| most.max(one.abs()));
        // Long steps overshoot where outcomes are nearly certain.
        let part = (4.0 / longest).min(1.0);
        for (one, step) in beta.iter_mut().zip(&step) {
            *one += part * step;
        }
        if longest < ENOUGH {
            break;
        }
    }
    (beta[0], beta.split_off(1))
}

/// Solves a symmetric positive system given by its lower half (Cholesky); nothing where it is none.
fn solved(mut matrix: Vec<Vec<f64>>, mut right: Vec<f64>) -> Option<Vec<f64>> {
    let size = right.len();
    for i in 0..size {
        for j in 0..=i {
            let sum: f64 = (0..j).map(|k| matrix[i][k] * matrix[j][k]).sum();
            let rest = matrix[i][j] - sum;
            matrix[i][j] = if i == j {
                if rest <= 0.0 || !rest.is_finite() {
                    return None;
                }
                rest.sqrt()
            } else {
                rest / matrix[j][j]
            };
        }
    }
    for i in 0..size {
        let sum: f64 = (0..i).map(|k| matrix[i][k] * right[k]).sum();
        right[i] = (right[i] - sum) / matrix[i][i];
    }
    for i in (0..size).rev() {
        let sum: f64 = (i + 1..size).map(|k| matrix[k][i] * right[k]).sum();
        right[i] = (right[i] - sum) / matrix[i][i];
    }
    Some(right)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn systems_are_solved() {
        let x = solved(vec![vec![4.0, 0.0], vec![2.0, 3.0]], vec![10.0, 8.0]).expect("a solution");
        assert!((x[0] - 1.75).abs() < 1e-12 && (x[1] - 1.5).abs() < 1e-12, "{x:?}");
        assert_eq!(solved(vec![vec![0.0]], vec![1.0]), None);
    }

    #[test]
    fn coefficients_go_where_the_cases_are() {
        // One binary column: log-odds are ln(3) at 1 and ln(1/3) at 0.
        let column: Vec<f64> = (0..800).map(|row| f64::from(u8::from(row < 400))).collect();
        let outcome: Vec<bool> = (0..800).map(|row| if row < 400 { row % 4 != 0 } else { row % 4 == 0 }).collect();
        let (intercept, beta) = ridge(&[&column], &outcome, 0.0, 1e-6);
        assert!((intercept + 3f64.ln()).abs() < 1e-4 && (beta[0] - 9f64.ln()).abs() < 1e-4, "{intercept} {beta:?}");
        let (_, pulled) = ridge(&[&column], &outcome, 0.0, 1e9);
        assert!((pulled[0] - 1.0).abs() < 1e-3);
    }
}
