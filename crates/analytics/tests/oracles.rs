//! Our numbers against numbers computed by independent code; see tests/oracles/README.md.

use std::collections::BTreeMap;
use std::path::PathBuf;

use chrono::NaiveDate;
use regulars_analytics::abc::{Abc, AbcCuts, abc, abc_overview};
use regulars_analytics::metrics::{CustomerMetrics, LineFacts, OrderFacts, customer_metrics};
use regulars_analytics::rfm::{RfmColumns, rfm_overview, rfm_quintiles};

type Outcome = Result<(), Box<dyn std::error::Error>>;

fn oracle(name: &str) -> std::io::Result<String> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/oracles");
    std::fs::read_to_string(folder.join(name))
}

fn calibration_end() -> NaiveDate {
    NaiveDate::from_ymd_opt(1997, 9, 30).unwrap_or_default()
}

/// Metrics of the CDNOW customers at the end of calibration, by sample id; money in cents.
fn cdnow() -> Result<BTreeMap<u32, CustomerMetrics>, Box<dyn std::error::Error>> {
    let mut orders: BTreeMap<u32, Vec<OrderFacts<'static, u32>>> = BTreeMap::new();
    let none: &'static [LineFacts<u32>] = &[];
    for line in oracle("CDNOW_sample.txt")?.lines().filter(|line| !line.trim().is_empty()) {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let [_, id, on, _, dollars] = fields[..] else {
            return Err(format!("odd line {line}").into());
        };
        let on = NaiveDate::parse_from_str(on, "%Y%m%d")?;
        let cents: i64 = dollars.replace('.', "").parse()?;
        if on <= calibration_end() {
            let order = OrderFacts { on, gross: cents, discount: 0, returned: 0, paid: cents, cost: None, lines: none };
            orders.entry(id.parse()?).or_default().push(order);
        }
    }
    Ok(orders.into_iter().map(|(id, list)| (id, customer_metrics(&list))).collect())
}

#[test]
fn rfm_of_every_cdnow_customer() -> Outcome {
    let customers = cdnow()?;
    let recency: Vec<i32> =
        customers.values().filter_map(|m| i32::try_from(m.recency_days(calibration_end())?).ok()).collect();
    let frequency: Vec<u32> = customers.values().map(|m| m.order_days).collect();
    let monetary: Vec<i64> = customers.values().map(|m| m.net).collect();
    let scores = rfm_quintiles(RfmColumns { recency_days: &recency, frequency: &frequency, monetary: &monetary });

    let table = oracle("cdnow_rfm.csv")?;
    let mut rows = table.lines();
    assert_eq!(rows.next(), Some("id,R,F,M,ntile,strict,cume,type7"));
    let mut compared = 0;
    for (at, (row, id)) in rows.zip(customers.keys()).enumerate() {
        let fields: Vec<&str> = row.split(',').collect();
        assert_eq!(fields[0].parse::<u32>()?, *id);
        assert_eq!(fields[1].parse::<i32>()?, recency[at], "recency of {id}");
        assert_eq!(fields[2].parse::<u32>()?, frequency[at], "frequency of {id}");
        assert_eq!((fields[3].parse::<f64>()? * 100.0).round() as i64, monetary[at], "monetary of {id}");
        assert_eq!(fields[5], scores[at].code(), "score of {id}");
        compared += 1;
    }
    assert_eq!(compared, 2357);

    let expected: serde_json::Value = serde_json::from_str(&oracle("formula_oracles.json")?)?;
    let counts = &expected["rfm_cdnow"]["counts"]["strict_1+floor(5*#less/n)"];
    let overview = rfm_overview(&scores, &monetary);
    for (letter, ours) in [("R", overview.r), ("F", overview.f), ("M", overview.m)] {
        for (score, count) in (1..).zip(ours) {
            assert_eq!(counts[letter][score.to_string()].as_u64(), Some(count), "{letter}{score}");
        }
    }
    Ok(())
}

#[test]
fn abc_of_the_worked_example_and_of_cdnow() -> Outcome {
    let expected: serde_json::Value = serde_json::from_str(&oracle("formula_oracles.json")?)?;
    let tiny = &expected["abc_tiny"];
    let values: Vec<i64> = serde_json::from_value(tiny["values"].clone())?;
    let ids: Vec<u32> = (0u32..).zip(&values).map(|(id, _)| id).collect();
    compare(&tiny["before"], &ids, &values);

    let customers = cdnow()?;
    let ids: Vec<u32> = customers.keys().copied().collect();
    let values: Vec<i64> = customers.values().map(|m| m.net).collect();
    compare(&expected["abc_cdnow_calibration_customers"]["before"], &ids, &values);
    Ok(())
}

fn compare(expected: &serde_json::Value, ids: &[u32], values: &[i64]) {
    let classes = abc(ids, values, AbcCuts::default());
    for (bucket, name) in abc_overview(&classes, values).iter().zip(["A", "B", "C"]) {
        assert_eq!(expected[name]["n"].as_u64(), Some(bucket.count), "{name}");
        let share = expected[name]["share"].as_f64().unwrap_or(f64::NAN);
        assert!((share - bucket.share).abs() < 1e-12, "{name}: {share} {}", bucket.share);
    }
    assert_eq!(
        classes.iter().filter(|class| **class == Abc::A).count() as u64,
        expected["A"]["n"].as_u64().unwrap_or(0)
    );
}

#[test]
fn gaps_of_the_overdue_example() -> Outcome {
    let expected: serde_json::Value = serde_json::from_str(&oracle("formula_oracles.json")?)?;
    let start = calibration_end();
    let days: Vec<u64> = serde_json::from_value(expected["overdue"]["purchase_days"].clone())?;
    let dates: Vec<NaiveDate> = days.iter().map(|day| start + chrono::Days::new(*day)).collect();
    let (mean, median) = regulars_analytics::metrics::gaps(&dates);
    assert!((mean.unwrap_or(0.0) - expected["overdue"]["mean_gap"].as_f64().unwrap_or(-1.0)).abs() < 1e-12);
    assert_eq!(median, expected["overdue"]["median_gap"].as_f64());
    Ok(())
}
