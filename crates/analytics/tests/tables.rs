//! Seasons, cohorts, associations and the decision tables: worked examples, and what must hold for any customer.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use chrono::NaiveDate;
use proptest::prelude::*;
use regulars_analytics::associations::{Least, associations};
use regulars_analytics::churn::{ChurnThresholds, is_warned, yearly_at_own_pace};
use regulars_analytics::cohorts::{Cells, Month, cohorts};
use regulars_analytics::lifecycle::{Lifecycle, LifecycleFacts, LifecycleThresholds, lifecycle};
use regulars_analytics::loyalty::{LoyaltyBefore, LoyaltyFacts, LoyaltyThresholds, is_loyal, loyalty_class};
use regulars_analytics::seasonal::{MONTHS, seasonal_index};
use regulars_domain::money::split;
use serde_json::Value;

fn oracle(name: &str) -> String {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/oracles").join(name);
    std::fs::read_to_string(file).expect("an oracle")
}

fn formulas() -> Value {
    serde_json::from_str(&oracle("formula_oracles.json")).expect("JSON")
}

fn years(value: &Value) -> Vec<[i64; MONTHS]> {
    let years: Vec<[f64; MONTHS]> = serde_json::from_value(value.clone()).expect("years");
    years.into_iter().map(|year| year.map(|month| (month * 100.0).round() as i64)).collect()
}

#[test]
fn souvenirs_have_their_season() {
    let oracle = formulas();
    for (name, sales, index, amount, targets) in [
        ("seasonal_souvenirs_1991_93", "sales", "index_ratio_to_average", 120_000_000, "monthly_targets_cents"),
        ("seasonal_tiny", "years", "index", 1_200_000, "targets_1_200_000_cents"),
    ] {
        let oracle = &oracle[name];
        let found = seasonal_index(&years(&oracle[sales])).expect("a season");
        let exact: Vec<f64> = serde_json::from_value(oracle[index].clone()).expect("an index");
        for (ours, exact) in found.index.into_iter().zip(exact) {
            assert!((ours - exact).abs() < 1e-12, "{name}: {ours} {exact}");
        }
        assert!((found.index.iter().sum::<f64>() - 12.0).abs() < 1e-12);
        let exact: Vec<i64> = serde_json::from_value(oracle[targets].clone()).expect("targets");
        assert_eq!(split(amount, &found.totals), exact, "{name}");
    }
}

#[test]
fn cdnow_has_its_cohorts() {
    let mut days: BTreeMap<u32, BTreeMap<NaiveDate, i64>> = BTreeMap::new();
    for line in oracle("CDNOW_sample.txt").lines().filter(|line| !line.trim().is_empty()) {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let on = NaiveDate::parse_from_str(fields[2], "%Y%m%d").expect("a day");
        let cents: i64 = fields[4].replace('.', "").parse().expect("cents");
        *days.entry(fields[1].parse().expect("an id")).or_default().entry(on).or_default() += cents;
    }
    let mut cells = Cells::new();
    for bought in days.values() {
        let first = Month::of(*bought.keys().next().expect("a purchase"));
        let months: BTreeSet<Month> = bought.keys().map(|on| Month::of(*on)).collect();
        for month in months {
            let cell = cells.entry((first, month)).or_default();
            cell.0 += 1;
            cell.1 += bought.iter().filter(|(on, _)| Month::of(**on) == month).map(|(_, cents)| cents).sum::<i64>();
        }
    }
    let until = Month::of(NaiveDate::from_ymd_opt(1998, 6, 30).expect("a day"));
    let found = cohorts(&cells, until);
    let oracle = formulas();
    assert_eq!(found.len(), 3);
    for cohort in found {
        let exact = &oracle["cohort_cdnow_calendar_month"][cohort.month.key()];
        assert_eq!(Some(cohort.size), exact["size"].as_u64());
        let active: Vec<u64> = serde_json::from_value(exact["active_k0_12"].clone()).expect("counts");
        assert_eq!(&cohort.active[..13], &active[..], "{}", cohort.month.key());
        for (later, exact) in exact["retention"].as_array().expect("shares").iter().enumerate() {
            let ours = cohort.retention(later).expect("a share");
            assert!((ours - exact.as_f64().expect("a share")).abs() < 1e-6);
        }
    }
}

#[test]
fn the_tiny_shop_has_its_associations() {
    let oracle = &formulas()["rules_tiny"];
    let baskets: Vec<Vec<char>> = oracle["transactions"]
        .as_array()
        .expect("baskets")
        .iter()
        .map(|basket| basket.as_str().expect("letters").chars().collect())
        .collect();
    let found = associations(&baskets, Least { count: 2, confidence: 0.0, lift: 0.0 });
    for (name, exact) in oracle["rules"].as_object().expect("rules") {
        let (left, right) = name.split_once("->").expect("two sides");
        let left: Vec<char> = left.chars().collect();
        let rule = found
            .iter()
            .find(|rule| rule.left == left && rule.right.to_string() == right)
            .unwrap_or_else(|| panic!("{name}"));
        for (ours, part) in [(rule.support, "support"), (rule.confidence, "confidence"), (rule.lift, "lift")] {
            assert!((ours - exact[part].as_f64().expect("a number")).abs() < 1e-12, "{name} {part}: {ours}");
        }
    }
    let strong = associations(&baskets, Least { count: 4, confidence: 0.8, lift: 1.3 });
    assert!(strong.iter().all(|rule| rule.count >= 4 && rule.confidence >= 0.8 && rule.lift >= 1.3));
    assert!(strong.iter().any(|rule| rule.left == ['a'] && rule.right == 'c'));
    assert!(strong.windows(2).all(|pair| pair[0].lift >= pair[1].lift), "the strongest first");
}

fn facts() -> impl Strategy<Value = LifecycleFacts> {
    let known = (prop::option::of(1.0f64..200.0), prop::option::of(-1.0f64..2.0), prop::option::of(0.0f64..1.0));
    ((0u32..12, 0i32..800, 0i32..800), known).prop_map(|((order_days, tenure_days, recency), (gap, trend, risk))| {
        LifecycleFacts {
            order_days,
            tenure_days,
            recency_days: recency.min(tenure_days),
            median_gap_days: gap,
            trend,
            no_purchase: risk,
        }
    })
}

fn phases() -> impl Strategy<Value = Option<Lifecycle>> {
    prop::option::of(prop::sample::select(Lifecycle::ALL.to_vec()))
}

proptest! {
    #[test]
    fn months_sum_to_the_year(amount in -10_000_000_000i64..10_000_000_000, weights in prop::array::uniform12(-5i64..1_000_000)) {
        let parts = split(amount, &weights);
        prop_assert_eq!(parts.iter().sum::<i64>(), amount);
        let all: i128 = weights.iter().map(|weight| i128::from((*weight).max(0))).sum();
        if all > 0 {
            for (part, weight) in parts.iter().zip(weights) {
                let exact = amount as f64 * weight.max(0) as f64 / all as f64;
                prop_assert!((*part as f64 - exact).abs() < 1.0 + 1e-6 * exact.abs());
            }
        }
    }

    #[test]
    fn a_second_look_changes_nothing(facts in facts(), before in phases()) {
        let thresholds = LifecycleThresholds::default();
        let once = lifecycle(&facts, &thresholds, before).map(|(phase, _)| phase);
        prop_assert_eq!(lifecycle(&facts, &thresholds, once).map(|(phase, _)| phase), once);
        prop_assert_eq!(once.is_some(), facts.order_days > 0);
    }

    /// Whatever a probability does between the two limits, the phase changes at most once.
    #[test]
    fn nobody_flickers_around_a_limit(mut facts in facts(), before in phases(), risks in prop::collection::vec(0.61f64..0.79, 2..20)) {
        let thresholds = LifecycleThresholds::default();
        facts.order_days = facts.order_days.max(2);
        let (mut phase, mut changes) = (before, 0);
        for risk in risks {
            facts.no_purchase = Some(risk);
            let next = lifecycle(&facts, &thresholds, phase).map(|(phase, _)| phase);
            changes += u32::from(next != phase);
            phase = next;
        }
        prop_assert!(changes <= 1);
    }

    #[test]
    fn no_warning_flickers(risks in prop::collection::vec(0.6f64..0.799, 2..20), before in any::<bool>()) {
        let thresholds = ChurnThresholds::default();
        for risk in risks {
            prop_assert_eq!(is_warned(Some(risk), &thresholds, before), before);
        }
    }

    #[test]
    fn a_class_stays_what_it_is(order_days in 0u32..12, recency_days in 0i32..800, gap in prop::option::of(1.0f64..200.0), volume in 0.0f64..100.0, discount in 0.0f64..1.0, categories in 0u32..6) {
        let facts = LoyaltyFacts { order_days, recency_days, median_gap_days: gap, categories, discount_share: Some(discount), volume_percentile: Some(volume), ..LoyaltyFacts::default() };
        let thresholds = LoyaltyThresholds::default();
        let once = loyalty_class(&facts, &thresholds, LoyaltyBefore::default());
        prop_assert_eq!(loyalty_class(&facts, &thresholds, LoyaltyBefore::of(once)), once);
        prop_assert_eq!(once.is_some(), order_days > 0);
        if order_days <= 2 {
            prop_assert!(!is_loyal(&facts, &thresholds, LoyaltyBefore::default()));
        }
    }
}

#[test]
fn a_year_is_reckoned_at_the_own_pace() {
    for (net, order_days, gap, year) in [
        (60_000, 6, Some(30.0), 121_667),
        (10_000, 1, None, 10_000),
        (10_000, 1, Some(3.0), 10_000),
        (20_000, 2, Some(730.0), 5_000),
        (70_000, 7, Some(1.0), 520_000),
        (70_000, 7, Some(0.0), 10_000),
        (-500, 3, Some(30.0), 0),
        (500, 0, None, 0),
    ] {
        assert_eq!(yearly_at_own_pace(net, order_days, gap), year, "{net} {order_days} {gap:?}");
    }
}
