//! The lifetime models against published parameters and against formulas evaluated with forty digits; see
//! tests/oracles/README.md.

use std::path::PathBuf;

use chrono::NaiveDate;
use proptest::prelude::*;
use regulars_analytics::holdout::{Judge, judge};
use regulars_analytics::lifetime::past::past_value;
use regulars_analytics::lifetime::purchases::purchases_fit_from;
use regulars_analytics::lifetime::spend::{Repeats, frequency_correlation, spend_fit_from};
use regulars_analytics::lifetime::{History, Horizons, Model, Purchases, Scorer, Spend, purchases_fit, spend_fit};
use regulars_analytics::quality::{auc, flagged};
use regulars_analytics::special::{digamma, hyp2f1, lgamma};
use serde_json::Value;

fn oracle(name: &str) -> String {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/oracles").join(name);
    std::fs::read_to_string(file).expect("an oracle")
}

fn btyd() -> Value {
    serde_json::from_str(&oracle("cdnow_btyd_oracle.json")).expect("JSON")
}

fn number(value: &Value) -> f64 {
    value.as_f64().or_else(|| value.as_str()?.parse().ok()).expect("a number")
}

fn near(ours: f64, exact: f64, relative: f64, what: &str) {
    assert!((ours - exact).abs() <= relative * exact.abs().max(1e-12), "{what}: {ours} {exact}");
}

/// A line of the raw sample with what was computed for it.
struct Row {
    history: History,
    mean: f64,
    came: u32,
    expected: f64,
    alive: f64,
    value: f64,
}

fn raw() -> Vec<Row> {
    let table = oracle("cdnow_customer_oracle_raw_exact.csv");
    let rows = table.lines().skip(1).map(|line| {
        let fields: Vec<f64> = line.split(',').map(|field| field.parse().expect("a number")).collect();
        Row {
            history: History { repeats: fields[1] as u32, last: fields[2] / 7.0, age: fields[3] / 7.0 },
            mean: fields[4],
            came: fields[5] as u32,
            expected: fields[7],
            alive: fields[8],
            value: fields[9],
        }
    });
    rows.collect()
}

fn histories(rows: &[Row]) -> Vec<History> {
    rows.iter().map(|row| row.history).collect()
}

fn means(rows: &[Row]) -> Vec<Repeats> {
    rows.iter().map(|row| Repeats { repeats: row.history.repeats, mean: row.mean }).collect()
}

fn purchases_of(value: &Value) -> Purchases {
    let part = |name: &str| number(&value[name]);
    Purchases { r: part("r"), alpha: part("alpha"), a: part("a"), b: part("b") }
}

fn spend_of(value: &Value) -> Spend {
    Spend { p: number(&value["p"]), q: number(&value["q"]), gamma: number(&value["gamma"]) }
}

#[test]
fn special_functions_are_exact() {
    let oracle = btyd();
    for (name, function) in [("lgamma_cases", lgamma as fn(f64) -> f64), ("digamma_cases", digamma)] {
        for (x, exact) in oracle[name].as_object().expect("cases") {
            near(function(x.parse().expect("a number")), number(exact), 1e-13, name);
        }
    }
    for case in oracle["hyp2f1_cases"].as_array().expect("cases") {
        let part = |name: &str| number(&case[name]);
        near(hyp2f1(part("a"), part("b"), part("c"), part("z")), part("value"), 1e-10, &case.to_string());
    }
}

#[test]
fn parameters_of_the_raw_sample() {
    let oracle = &btyd()["raw_exact_days_over_7"];
    compare(oracle, &histories(&raw()), &means(&raw()));
}

#[test]
fn parameters_of_the_published_summary() {
    let table = oracle("cdnow_customers_summary_with_transactions.csv");
    let rows: Vec<Vec<f64>> = table
        .lines()
        .skip(1)
        .map(|line| line.split(',').map(|field| field.trim().parse().expect("a number")).collect())
        .collect();
    let histories: Vec<History> =
        rows.iter().map(|row| History { repeats: row[1] as u32, last: row[2], age: row[3] }).collect();
    let means: Vec<Repeats> = rows.iter().map(|row| Repeats { repeats: row[1] as u32, mean: row[4] }).collect();
    compare(&btyd()["published_rounded"], &histories, &means);
}

fn compare(oracle: &Value, histories: &[History], means: &[Repeats]) {
    let fit = purchases_fit(histories).expect("parameters");
    let exact = purchases_of(&oracle["bgnbd"]);
    let pairs = |one: &Purchases| [one.r, one.alpha, one.a, one.b];
    for (ours, exact) in pairs(&fit.parameters).into_iter().zip(pairs(&exact)) {
        near(ours, exact, 1e-6, "a parameter of purchases");
    }
    near(fit.log_likelihood, number(&oracle["bgnbd"]["LL"]), 1e-8, "the likelihood of purchases");
    assert_eq!(Some(fit.distinct), oracle["bgnbd"]["unique_x_tx_T"].as_u64());
    assert_eq!(fit.customers, 2357);
    let errors = fit.standard_errors.expect("standard errors");
    for (error, part) in pairs(&errors).into_iter().zip(pairs(&fit.parameters)) {
        assert!(error > 0.0 && error < part, "{errors:?}");
    }

    let fit = spend_fit(means).expect("parameters");
    let exact = spend_of(&oracle["gammagamma"]);
    let pairs = |one: &Spend| [one.p, one.q, one.gamma];
    for (ours, exact) in pairs(&fit.parameters).into_iter().zip(pairs(&exact)) {
        near(ours, exact, 1e-6, "a parameter of spending");
    }
    near(fit.log_likelihood, number(&oracle["gammagamma"]["LL"]), 1e-8, "the likelihood of spending");
    assert_eq!(Some(fit.customers), oracle["gammagamma"]["n"].as_u64());
    near(
        exact.of_anybody().expect("a mean"),
        number(&oracle["gammagamma"]["population_mean_p*gamma/(q-1)"]),
        1e-12,
        "the mean of everybody",
    );
    let correlation = frequency_correlation(means).expect("a correlation");
    near(correlation, number(&oracle["gammagamma"]["corr_x_zbar"]), 1e-9, "the correlation");
}

#[test]
fn every_customer_is_scored_as_with_forty_digits() {
    let oracle = btyd();
    let oracle = &oracle["raw_exact_days_over_7"];
    let (purchases, spend) = (purchases_of(&oracle["bgnbd"]), spend_of(&oracle["gammagamma"]));
    let rows = raw();
    let mut model = Model::fit(&histories(&rows), &rows.iter().map(|row| row.mean).collect::<Vec<_>>());
    assert_eq!((model.verdict.purchases, model.verdict.spend, model.repeaters), (None, None, 946));
    model.purchases.as_mut().expect("a fit").parameters = purchases;
    model.spend.as_mut().expect("a fit").parameters = spend;
    let mut scorer = Scorer::new(&model, Horizons { weeks: 39.0, monthly_rate: 0.01 });
    let mut sums = (0.0, 0.0, 0.0);
    for row in &rows {
        let score = scorer.score(&row.history, row.mean, 0.0, 39.0);
        near(score.expected, row.expected, 1e-11, "E[Y(39)]");
        near(score.alive.expect("P(alive)"), row.alive, 1e-12, "P(alive)");
        near(score.value, row.value, 1e-10, "the twelve-month value");
        sums = (sums.0 + score.expected, sums.1 + score.alive.unwrap_or(0.0), sums.2 + score.value);
    }
    let aggregate = &oracle["aggregate"];
    near(sums.0, number(&aggregate["sum_E39"]), 1e-11, "the sum of expectations");
    near(sums.1, number(&aggregate["sum_P_alive"]), 1e-11, "the sum of P(alive)");
    near(sums.2, number(&aggregate["sum_CLV12"]), 1e-10, "the sum of values");
    for (weeks, name) in [(39.0, "E_X(39)_random"), (78.0, "E_X(78)_random")] {
        near(purchases.expected_of_new(weeks), number(&aggregate[name]), 1e-11, name);
    }
}

#[test]
fn published_parameters_meet_extreme_customers() {
    let oracle = btyd();
    let published = &oracle["published_3dp_params"];
    let four: Vec<f64> = published["bgnbd"].as_array().expect("four").iter().map(number).collect();
    let three: Vec<f64> = published["gg"].as_array().expect("three").iter().map(number).collect();
    let purchases = Purchases { r: four[0], alpha: four[1], a: four[2], b: four[3] };
    let spend = Spend { p: three[0], q: three[1], gamma: three[2] };
    for case in published["cases"].as_array().expect("cases") {
        let part = |name: &str| number(&case[name]);
        let one = History { repeats: part("x") as u32, last: part("t_x"), age: part("T") };
        near(purchases.expected(&one, 39.0), part("E_Y39"), 1e-10, &case.to_string());
        near(purchases.alive(&one), part("P_alive"), 1e-12, &case.to_string());
        near(spend.expected(one.repeats, part("zbar")), part("E_M"), 1e-12, &case.to_string());
    }
    for (weeks, exact) in published["E_X"].as_object().expect("cases") {
        near(purchases.expected_of_new(weeks.parse().expect("weeks")), number(exact), 1e-10, weeks);
    }
}

#[test]
fn the_hold_out_is_judged_as_published() {
    let exact: Value = serde_json::from_str(&oracle("cdnow_churn_eval.json")).expect("JSON");
    let rows = raw();
    let came: Vec<u32> = rows.iter().map(|row| row.came).collect();
    let histories = histories(&rows);
    let model = purchases_fit(&histories).expect("parameters").parameters;
    let quality = judge(&model, &histories, &came, 39.0).expect("a quality");
    assert_eq!((quality.customers, quality.repeaters, quality.actual), (2357, 946, 1882));
    near(quality.expected, 1653.4, 1e-4, "purchases expected");
    let auc_of = |judge: Judge| {
        let trial = quality.trials.iter().find(|trial| trial.judge == judge).expect("a trial");
        (trial.auc_all, trial.auc_repeaters.expect("an AUC"))
    };
    let model_auc = auc_of(Judge::Model);
    near(model_auc.0.expect("an AUC"), number(&exact["P(no purchase in 39wk) BG/NBD"]["all"]), 1e-6, "AUC of all");
    near(model_auc.1, number(&exact["P(no purchase in 39wk) BG/NBD"]["repeaters"]), 1e-6, "AUC of repeaters");
    let idle = auc_of(Judge::Idle);
    near(idle.0.expect("an AUC"), number(&exact["idle weeks T-tx"]["all"]), 1e-12, "idle, all");
    near(idle.1, number(&exact["idle weeks T-tx"]["repeaters"]), 1e-12, "idle, repeaters");
    near(auc_of(Judge::Overdue).1, number(&exact["overdue ratio idle/mean gap"]["repeaters"]), 1e-9, "overdue");
    assert_eq!(quality.best, Judge::Model);
    near(quality.brier, number(&exact["brier p0 BG"]), 1e-6, "Brier");
    near(quality.brier_base, number(&exact["brier base"]), 1e-12, "Brier of the mean");
    let overdue = quality.trials.iter().find(|trial| trial.judge == Judge::Overdue).expect("a trial").limit;
    let published = &exact["rule overdue>2"];
    assert_eq!(Some(overdue.flagged), published["flag"].as_u64());
    near(overdue.precision.expect("a precision"), number(&published["precision"]), 1e-12, "precision");
    near(overdue.recall.expect("a recall"), number(&published["recall"]), 1e-12, "recall");
    for (bin, published) in quality.calibration.iter().zip(exact["calib"].as_array().expect("bins")) {
        assert_eq!(Some(bin.count), published[3].as_u64());
        near(bin.predicted, number(&published[1]), 1e-6, "said");
        near(bin.actual, number(&published[2]), 1e-12, "happened");
    }
    assert_eq!(quality.by_repeats.iter().map(|bin| bin.count).sum::<u64>(), 2357);

    let gone: Vec<bool> = came.iter().map(|count| *count == 0).collect();
    let fewer: Vec<f64> = histories.iter().map(|one| -model.expected(one, 39.0)).collect();
    near(auc(&fewer, &gone).expect("an AUC"), number(&exact["-E[Y39] BG/NBD"]["all"]), 1e-6, "AUC of expectations");
    for (weeks, name) in [(13.0, "rule hiatus>13wk all"), (26.0, "rule hiatus>26wk all")] {
        let flags: Vec<bool> = histories.iter().map(|one| one.age - one.last > weeks).collect();
        let rule = flagged(&flags, &gone);
        assert_eq!(Some(rule.flagged), exact[name]["flag"].as_u64());
        near(rule.precision.expect("a precision"), number(&exact[name]["precision"]), 1e-12, name);
    }
}

#[test]
fn the_past_is_worth_what_it_brought() {
    let expected: Value = serde_json::from_str(&oracle("formula_oracles.json")).expect("JSON");
    let npv = &expected["npv"];
    let origin = NaiveDate::from_ymd_opt(2025, 1, 1).expect("a day");
    let stream = (1..=5).map(|year| (origin + chrono::Days::new(year * 365), 100.0));
    near(past_value(origin, stream, 0.1), number(&npv["stream 100@t1..5 d=10%"]), 1e-12, "five years");
    let bought: Vec<(NaiveDate, f64)> = npv["cdnow_id1_txns"]
        .as_array()
        .expect("purchases")
        .iter()
        .map(|one| (one[0].as_str().and_then(|on| on.parse().ok()).expect("a day"), number(&one[1])))
        .collect();
    let value = past_value(bought[0].0, bought.iter().copied(), 0.15);
    near(value, number(&npv["cdnow_id1_discounted_to_first_purchase_d=15%/yr days/365"]), 1e-12, "customer 1");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn where_one_begins_does_not_matter(logs in prop::array::uniform4(-1.5f64..1.5), three in prop::array::uniform3(-1.0f64..2.0)) {
        let rows = raw();
        let found = purchases_fit_from(&histories(&rows), logs).expect("parameters").parameters;
        let plain = purchases_fit(&histories(&rows)).expect("parameters").parameters;
        for (one, other) in [(found.r, plain.r), (found.alpha, plain.alpha), (found.a, plain.a), (found.b, plain.b)] {
            prop_assert!((one / other - 1.0).abs() < 1e-7, "{:?} {:?}", found, plain);
        }
        let found = spend_fit_from(&means(&rows), three).expect("parameters").parameters;
        let plain = spend_fit(&means(&rows)).expect("parameters").parameters;
        for (one, other) in [(found.p, plain.p), (found.q, plain.q), (found.gamma, plain.gamma)] {
            prop_assert!((one / other - 1.0).abs() < 1e-7, "{:?} {:?}", found, plain);
        }
    }
}
