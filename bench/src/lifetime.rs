//! The lifetime models at full size: fitted to and scoring made-up shoppers who buy as those of CDNOW did, beside Python's
//! `lifetimes` on the same histories.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use chrono::{Days, NaiveDate};
use regulars_analytics::lifetime::{History, Horizons, Model, Scorer};
use regulars_domain::demo::{Rng, ShopperModel, purchases};
use serde::{Deserialize, Serialize};

/// Customers when nothing is said.
pub const CUSTOMERS: u64 = 1_000_000;
/// Where the histories and the packages of the peer are kept.
const DIRECTORY: &str = "target/bench-lifetime";
const PEER: &str = "scripts/lifetime-peer.py";
const SEED: u64 = 1;
/// Days in which first purchases fall, and up to the end of observation.
const FIRST_DAYS: u64 = 84;
const ALL_DAYS: u64 = 546;
const AHEAD: Horizons = Horizons { weeks: 26.0, monthly_rate: 0.01 };
/// Goals at a million customers, on two cores.
const FIT_GOAL_S: f64 = 2.0;
const SCORE_GOAL_S: f64 = 1.0;

/// What one implementation needed.
#[derive(Debug, Serialize, Deserialize)]
struct Measured {
    name: String,
    /// BG/NBD and Gamma-Gamma.
    fit_s: Option<f64>,
    /// Expected purchases, P(alive) and value of everybody.
    score_s: Option<f64>,
    parameters: Option<[f64; 4]>,
    /// Purchases expected of all in half a year.
    expected: Option<f64>,
    absent: Option<String>,
}

/// A shopper: history, spending on the mean day of repetition and on the mean day.
type Shopper = (History, f64, f64);

fn shoppers(customers: u64) -> Vec<Shopper> {
    let model = ShopperModel::default();
    let start = NaiveDate::default();
    let until = start + Days::new(ALL_DAYS);
    let one = |row: u64| {
        let rng = &mut Rng::of_row(SEED, 1, row);
        let first = start + Days::new(rng.below(FIRST_DAYS as usize) as u64);
        let mut bought = purchases(rng, &model, first, until);
        // Purchases of one day are one.
        bought.dedup_by(|later, kept| {
            let same = later.on == kept.on;
            kept.spend += if same { later.spend } else { 0 };
            same
        });
        let last = bought.last().map_or(first, |purchase| purchase.on);
        let spent: i64 = bought.iter().map(|purchase| purchase.spend).sum();
        let repeated: i64 = bought.iter().skip(1).map(|purchase| purchase.spend).sum();
        let days = bought.len().max(1);
        let mean = |sum: i64, of: usize| if of == 0 { 0.0 } else { sum as f64 / 100.0 / of as f64 };
        let history = History::of_days(days as u32, (last - first).num_days(), (until - first).num_days());
        (history, mean(repeated, days - 1), mean(spent, days))
    };
    (0..customers).map(one).collect()
}

/// Prints both; our goals beside ours.
pub fn measure(customers: u64, out: Option<&Path>) -> Result<(), String> {
    let shoppers = shoppers(customers);
    let own = own(&shoppers);
    let peer = peer(&shoppers)?;
    let goal = (customers == CUSTOMERS).then_some((FIT_GOAL_S, SCORE_GOAL_S));
    println!("lifetime models of {customers} customers\n{}", table(&[&own, &peer], goal));
    if let Some(path) = out {
        let text = serde_json::to_string_pretty(&[own, peer]).map_err(|error| error.to_string())?;
        std::fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))?;
    }
    Ok(())
}

fn own(shoppers: &[Shopper]) -> Measured {
    let histories: Vec<History> = shoppers.iter().map(|(history, ..)| *history).collect();
    let means: Vec<f64> = shoppers.iter().map(|(_, mean, _)| *mean).collect();
    let began = Instant::now();
    let model = Model::fit(&histories, &means);
    let fit_s = began.elapsed().as_secs_f64();
    let began = Instant::now();
    let mut scorer = Scorer::new(&model, AHEAD);
    let score = |shopper: &Shopper| scorer.score(&shopper.0, shopper.1, shopper.2, AHEAD.weeks).expected;
    let expected: f64 = shoppers.iter().map(score).sum();
    let score_s = began.elapsed().as_secs_f64();
    Measured {
        name: "Regulars".into(),
        fit_s: Some(fit_s),
        score_s: Some(score_s),
        parameters: model.purchases_used().map(|found| [found.r, found.alpha, found.a, found.b]),
        expected: Some(expected),
        absent: None,
    }
}

fn peer(shoppers: &[Shopper]) -> Result<Measured, String> {
    let directory = Path::new(DIRECTORY);
    let fault = |error: std::io::Error| format!("{DIRECTORY}: {error}");
    std::fs::create_dir_all(directory).map_err(fault)?;
    let mut file = BufWriter::new(File::create(directory.join("histories.csv")).map_err(fault)?);
    writeln!(file, "frequency,recency,T,mean").map_err(fault)?;
    for (history, mean, _) in shoppers {
        writeln!(file, "{},{},{},{mean}", history.repeats, history.last, history.age).map_err(fault)?;
    }
    file.flush().map_err(fault)?;
    let ran = Command::new("python3").arg(PEER).arg(directory).arg(AHEAD.weeks.to_string()).status();
    let absent = |why: String| Measured {
        name: "lifetimes".into(),
        fit_s: None,
        score_s: None,
        parameters: None,
        expected: None,
        absent: Some(why),
    };
    match ran {
        Ok(status) if status.success() => {
            let text = std::fs::read(directory.join("peer.json")).map_err(fault)?;
            serde_json::from_slice(&text).map_err(|error| error.to_string())
        }
        Ok(status) => Ok(absent(format!("{PEER}: {status}"))),
        Err(error) => Ok(absent(format!("python3: {error}"))),
    }
}

fn table(all: &[&Measured], goal: Option<(f64, f64)>) -> String {
    let mut text = String::new();
    let shown = |value: Option<f64>| value.map_or("–".into(), |value| format!("{value:.3}"));
    for one in all {
        let line = match (&one.absent, &one.parameters) {
            (Some(why), _) => format!("  {:<18} absent: {why}\n", one.name),
            (None, parameters) => {
                let found = parameters.map_or("–".into(), |found| found.map(|value| format!("{value:.4}")).join(" "));
                format!(
                    "  {:<18} {:>8} s to fit  {:>8} s to score  r α a b {found}  expects {:.0}\n",
                    one.name,
                    shown(one.fit_s),
                    shown(one.score_s),
                    one.expected.unwrap_or(f64::NAN)
                )
            }
        };
        // A `String` takes everything.
        text.write_str(&line).unwrap_or_default();
    }
    if let Some((fit, score)) = goal {
        text.write_str(&format!("  goal               {fit:>8.3} s to fit  {score:>8.3} s to score\n"))
            .unwrap_or_default();
    }
    text
}
