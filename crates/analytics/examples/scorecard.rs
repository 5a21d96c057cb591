//! Learns a scorecard from a table and tells how it does on the rows kept back: what `make bench-leads` runs.
//!
//! `scorecard table.csv`: a header, no quotes; the first column is `learn` or `judge`, the second 0 or 1, the others are
//! numbers where all of their values are, else words; nothing between two commas is a missing value.

use std::process::ExitCode;

use regulars_analytics::scorecard::{Attribute, Learning, Values, fit, judge};

fn main() -> ExitCode {
    let Some(path) = std::env::args().nth(1) else {
        eprintln!("scorecard table.csv");
        return ExitCode::FAILURE;
    };
    match std::fs::read_to_string(&path).map_err(|error| error.to_string()).and_then(|text| told(&text)) {
        Ok(line) => {
            println!("{line}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{path}: {error}");
            ExitCode::FAILURE
        }
    }
}

/// `auc error cases method`.
fn told(text: &str) -> Result<String, String> {
    let mut lines = text.lines();
    let names: Vec<&str> = lines.next().ok_or("empty")?.split(',').skip(2).collect();
    let rows: Vec<Vec<&str>> = lines.map(|line| line.split(',').collect()).collect();
    if rows.iter().any(|row| row.len() != names.len() + 2) {
        return Err("a row has another length".into());
    }
    let good: Vec<bool> = rows.iter().map(|row| row[1] == "1").collect();
    let column = |at: usize| -> Values {
        let values: Vec<Option<&str>> = rows.iter().map(|row| Some(row[at]).filter(|text| !text.is_empty())).collect();
        let numbers: Option<Vec<Option<f64>>> =
            values.iter().map(|value| value.map_or(Some(None), |text| text.parse().ok().map(Some))).collect();
        numbers.map_or_else(
            || Values::Words(values.iter().map(|value| value.map(String::from)).collect()),
            Values::Numbers,
        )
    };
    let attribute = |(at, name): (usize, &&str)| Attribute {
        key: (*name).to_string(),
        values: column(at + 2),
        missing_tells: true,
    };
    let attributes: Vec<Attribute> = names.iter().enumerate().map(attribute).collect();
    let (learners, judges): (Vec<usize>, Vec<usize>) = (0..rows.len()).partition(|row| rows[*row][0] == "learn");
    let card = fit(&attributes, &good, &learners, &Learning::default()).ok_or("nothing to learn")?;
    let judged = judge(&card, &attributes, &good, &judges).ok_or("nothing to judge")?;
    Ok(format!("{:.4} {:.4} {} {:?}", judged.auc, judged.error, judged.cases, card.method))
}
