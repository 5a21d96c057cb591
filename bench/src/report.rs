//! The table and the JSON: what was measured beside what was wanted and what others do.

use std::path::Path;

use serde::Serialize;

use crate::fill::Imported;
use crate::scenarios::Measured;

/// One line. CPU in milliseconds a request or row, times in milliseconds.
#[derive(Debug, Serialize)]
pub struct Line {
    pub what: String,
    pub database: &'static str,
    pub customers: u64,
    pub per_second: Option<f64>,
    pub p50_ms: Option<f64>,
    pub p95_ms: Option<f64>,
    pub p99_ms: Option<f64>,
    pub server_cpu_ms: Option<f64>,
    pub database_cpu_ms: Option<f64>,
    pub generator_cpu_ms: Option<f64>,
    pub errors: usize,
    /// Anything that is no rate: seconds, MiB.
    pub value: Option<String>,
    pub goal: Option<String>,
    /// What Odoo and Tryton did on such a machine.
    pub peers: Option<&'static str>,
    pub met: Option<bool>,
}

/// A rate per second wanted at 100,000 customers, on SQLite and on PostgreSQL.
fn goal_rate(what: &str) -> Option<(f64, f64)> {
    Some(match what {
        "GET customer" => (8_000.0, 4_000.0),
        "list 50 of an owner by name" => (2_000.0, 2_000.0),
        "opportunities of an owner in a stage by amount" => (2_000.0, 2_000.0),
        "search, Chinese" | "search, pinyin" | "search, phone" => (1_000.0, 1_000.0),
        "create customer, durable" => (1_500.0, 500.0),
        "import customers" | "import orders" => (50_000.0, 30_000.0),
        _ => return None,
    })
}

/// Odoo and Tryton, a second.
fn peers(what: &str) -> Option<&'static str> {
    Some(match what {
        "GET customer" => "100–200 / 150",
        "list 50 of an owner by name" => "37 / 62",
        "opportunities of an owner in a stage by amount" => "79 / 88",
        "search, Chinese" => "19 / 20",
        "create customer, durable" => "23 / 33",
        "import customers" => "470 / 88",
        _ => return None,
    })
}

impl Line {
    pub fn of_value(what: &str, database: &'static str, customers: u64, value: f64, unit: &str) -> Self {
        let most = match what {
            "start on an existing database" => Some(1.0),
            "memory, idle" => Some(150.0),
            "memory, most while importing" | "memory, most while scanning" => Some(300.0),
            "scan for duplicates" => Some(60.0),
            "page: list of customers ready" | "page: orders ready" => Some(1_000.0),
            "page: slowest answer to a click or key" => Some(100.0),
            "page: longest task while scrolling" => Some(50.0),
            _ => None,
        };
        let least = what.starts_with("duplicates, ").then_some(95.0);
        Self {
            value: Some(format!("{} {unit}", figure(value))),
            goal: most
                .map(|most| format!("< {} {unit}", figure(most)))
                .or(least.map(|least| format!("≥ {} {unit}", figure(least)))),
            met: most.map(|most| value < most).or(least.map(|least| value >= least)),
            ..Self::bare(what, database, customers)
        }
    }

    pub fn of_import(what: &str, database: &'static str, customers: u64, import: &Imported) -> Self {
        let each = |seconds: f64| Some(seconds * 1_000.0 / import.rows.max(1) as f64);
        let mut line = Self::bare(what, database, customers).with_rate(import.rows as f64 / import.seconds.max(1e-9));
        line.server_cpu_ms = each(import.server_cpu);
        line.database_cpu_ms = each(import.database_cpu);
        line
    }

    pub fn of_load(what: &str, database: &'static str, customers: u64, measured: &Measured) -> Self {
        let outcome = &measured.outcome;
        let mut line = Self::bare(what, database, customers).with_rate(outcome.per_second());
        line.p50_ms = Some(outcome.percentile(0.5));
        line.p95_ms = Some(outcome.percentile(0.95));
        line.p99_ms = Some(outcome.percentile(0.99));
        line.server_cpu_ms = Some(measured.server_cpu);
        line.database_cpu_ms = Some(measured.database_cpu);
        line.generator_cpu_ms = Some(measured.generator_cpu);
        line.errors = outcome.errors;
        let most_ms = match what {
            "pipeline as of a year before" => Some(200.0),
            "timeline of a customer with 10,000 entries" => Some(20.0),
            _ => None,
        };
        if let Some(most) = most_ms {
            line.goal = Some(format!("p50 < {most} ms"));
            line.met = Some(outcome.percentile(0.5) < most);
        }
        if what.starts_with("search") && customers >= 1_000_000 {
            line.goal = Some("p95 < 100 ms".into());
            line.met = Some(outcome.percentile(0.95) < 100.0);
        }
        line
    }

    fn bare(what: &str, database: &'static str, customers: u64) -> Self {
        Self {
            what: what.into(),
            database,
            customers,
            per_second: None,
            p50_ms: None,
            p95_ms: None,
            p99_ms: None,
            server_cpu_ms: None,
            database_cpu_ms: None,
            generator_cpu_ms: None,
            errors: 0,
            value: None,
            goal: None,
            peers: peers(what),
            met: None,
        }
    }

    fn with_rate(mut self, per_second: f64) -> Self {
        let wanted = goal_rate(&self.what).filter(|_| self.customers == 100_000);
        let wanted = wanted.map(|(sqlite, postgres)| if self.database == "SQLite" { sqlite } else { postgres });
        self.per_second = Some(per_second);
        self.goal = wanted.map(|wanted| format!("≥ {}", figure(wanted)));
        self.met = wanted.map(|wanted| per_second >= wanted);
        self
    }

    /// Of the table in Markdown.
    fn row(&self) -> String {
        let number = |value: Option<f64>| value.map(figure).unwrap_or_default();
        let cells = [
            self.what.clone(),
            self.database.into(),
            figure(self.customers as f64),
            self.value.clone().unwrap_or_else(|| number(self.per_second)),
            self.goal.clone().unwrap_or_default(),
            self.met.map_or("", |met| if met { "yes" } else { "no" }).into(),
            number(self.p50_ms),
            number(self.p95_ms),
            number(self.p99_ms),
            number(self.server_cpu_ms),
            number(self.database_cpu_ms),
            self.errors.to_string(),
            self.peers.unwrap_or_default().into(),
        ];
        format!("| {} |", cells.join(" | "))
    }
}

/// All lines, told as they come: a run of an hour that is cut off leaves what it has measured.
pub struct Lines<'a> {
    lines: Vec<Line>,
    out: Option<&'a Path>,
}

impl<'a> Lines<'a> {
    /// To be written as JSON to `out`, after every line.
    pub fn new(out: Option<&'a Path>) -> Self {
        Self { lines: Vec::new(), out }
    }

    pub fn push(&mut self, line: Line) {
        eprintln!("{}", line.row());
        self.lines.push(line);
        if let Err(error) = self.write() {
            eprintln!("bench: {error}");
        }
    }

    pub fn write(&self) -> Result<(), String> {
        let Some(path) = self.out else { return Ok(()) };
        let text = serde_json::to_string_pretty(&self.lines).map_err(|error| error.to_string())?;
        std::fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))
    }

    /// How many requests failed.
    pub fn errors(&self) -> usize {
        self.lines.iter().map(|line| line.errors).sum()
    }

    /// The whole table in Markdown.
    pub fn table(&self) -> String {
        let mut out = String::from(
            "| what | database | customers | a second | goal | met | p50 ms | p95 ms | p99 ms | server CPU ms | database CPU ms | \
             errors | Odoo / Tryton |\n|---|---|--:|--:|--:|---|--:|--:|--:|--:|--:|--:|--:|\n",
        );
        for line in &self.lines {
            out.push_str(&line.row());
            out.push('\n');
        }
        out
    }
}

/// Three digits that matter, thousands apart.
fn figure(value: f64) -> String {
    match value {
        value if value >= 100.0 => {
            let digits = format!("{value:.0}");
            let mut out = String::new();
            for (at, digit) in digits.chars().enumerate() {
                if at > 0 && (digits.len() - at).is_multiple_of(3) {
                    out.push(',');
                }
                out.push(digit);
            }
            out
        }
        value if value >= 10.0 => format!("{value:.1}"),
        value if value >= 1.0 => format!("{value:.2}"),
        value => format!("{value:.3}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_short() {
        assert_eq!(figure(1_234_567.8), "1,234,568");
        assert_eq!(figure(999.5), "1,000");
        assert_eq!(figure(12.34), "12.3");
        assert_eq!(figure(0.01234), "0.012");
    }
}
