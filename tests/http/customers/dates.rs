//! Dates of life: in both calendars, with and without a year, once and yearly, of family too.

use chrono::{Datelike, Days, NaiveDate, Utc};
use regulars_tests::{Client, Site, both};
use serde_json::{Value, json};

use super::record::encoded;
use super::{customer, path};
use crate::imports::{counts, import};

both!(
    dates_are_kept_as_they_are_written,
    days_are_told_in_both_calendars,
    dates_of_family_stand_on_the_card,
    coming_birthdays_are_found,
    files_bring_dates_and_take_them_back,
);

/// Well within a day of the company's today, wherever the test runs.
fn in_days(days: u64) -> NaiveDate {
    Utc::now().date_naive() + Days::new(days)
}

fn with_dates(client: &Client, dates: Value) -> Value {
    client.post("/customers", json!({"kind": "person", "name": "A", "dates": dates})).ok(201)
}

fn dates_are_kept_as_they_are_written(site: &Site) {
    let founder = site.founder();
    let dates = json!([
        {"kind": "birthday", "month_day": "2-29", "leap_day": "mar1"},
        {"kind": "graduation", "date": "2030-06-30", "yearly": false},
        {"kind": "birthday", "lunar": {"year": 2025, "month": 6, "day": 1, "leap": true}, "person": "女儿"},
        {"kind": "wedding", "lunar": {"month": 8, "day": 15}, "label": "银婚"},
        {"kind": "birthday", "date": "2000-02-29", "person": "妻子"},
    ]);
    let row = with_dates(&founder, dates);
    let kept = json!([
        {"kind": "birthday", "month_day": "02-29", "yearly": true, "leap_day": "mar1"},
        {"kind": "graduation", "date": "2030-06-30", "yearly": false},
        {"kind": "birthday", "lunar": {"year": 2025, "month": 6, "day": 1, "leap": true}, "yearly": true, "person": "女儿",
            "leap_month": "leap_or_ordinary"},
        {"kind": "wedding", "label": "银婚", "lunar": {"month": 8, "day": 15, "leap": false}, "yearly": true},
        {"kind": "birthday", "date": "2000-02-29", "yearly": true, "person": "妻子", "leap_day": "feb28"},
    ]);
    assert_eq!(row["dates"], kept);
    assert_eq!(founder.get(&path(&row)).ok(200)["dates"], kept);
    assert_eq!(founder.get("/customers").ok(200)["items"][0]["dates"], kept, "the list reads the kept parts");
    let renamed = founder.patch(&path(&row), &row["version"], json!({"name": "B"})).ok(200);
    assert_eq!(renamed["dates"], kept);
    let events = founder.get("/audit-events?filter[resource]=customer&filter[action]=updated").ok(200);
    assert_eq!(events["items"][0]["after"], json!({"name": "B"}), "untouched dates are no change");

    for (date, pointer, code) in [
        (json!({"kind": "birthday", "month_day": "02-30"}), "/dates/0/month_day", "date_invalid"),
        (json!({"kind": "birthday", "month_day": "02-01", "yearly": false}), "/dates/0/month_day", "year_missing"),
        (
            json!({"kind": "birthday", "lunar": {"year": 2024, "month": 6, "day": 1, "leap": true}}),
            "/dates/0/lunar",
            "date_invalid",
        ),
        (json!({"kind": "alchemy", "date": "2000-01-01"}), "/dates/0/kind", "unknown_reference"),
        (json!({"kind": "birthday", "date": "2000-02-29", "leap_day": "june"}), "/dates/0/leap_day", "not_allowed"),
    ] {
        let refused = founder.post("/customers", json!({"kind": "person", "name": "C", "dates": [date]})).ok(422);
        assert_eq!((&refused["errors"][0]["pointer"], &refused["errors"][0]["code"]), (&json!(pointer), &json!(code)));
    }
}

fn days_are_told_in_both_calendars(site: &Site) {
    let founder = site.founder();
    let days = |date: Value| founder.post("/date-occurrences", date).ok(200)["items"].clone();
    let autumn = days(json!({"kind": "birthday", "lunar": {"year": 1985, "month": 8, "day": 15}}));
    assert_eq!(autumn.as_array().map(Vec::len), Some(5));
    for day in autumn.as_array().expect("days") {
        let year = day["lunar"]["year"].as_i64().expect("a lunar year");
        assert_eq!(day["lunar"], json!({"year": year, "month": 8, "day": 15, "leap": false}));
        assert_eq!(day["years"], year - 1985);
        let on: NaiveDate = day["on"].as_str().and_then(|on| on.parse().ok()).expect("a day");
        assert!((9..=10).contains(&on.month()), "mid-autumn is in September or October: {on}");
    }
    let party = days(json!({"kind": "other", "date": in_days(10), "yearly": false}));
    assert_eq!(party.as_array().map(Vec::len), Some(1));
    assert_eq!(party[0]["years"], Value::Null);
    assert_eq!(days(json!({"kind": "other", "date": "2001-01-01", "yearly": false})), json!([]));
    founder.post("/date-occurrences", json!({"kind": "other"})).expect(422);
}

fn dates_of_family_stand_on_the_card(site: &Site) {
    let founder = site.founder();
    let soon = in_days(20).format("1990-%m-%d").to_string();
    let him = with_dates(&founder, json!([{"kind": "promotion", "date": in_days(9), "yearly": false}]));
    let her = founder.post("/customers", json!({"kind": "person", "name": "Her", "birthday": soon})).ok(201);
    let friend = founder.post("/customers", json!({"kind": "person", "name": "F", "birthday": soon})).ok(201);
    for (other, role) in [(&her, "spouse"), (&friend, "friend")] {
        founder.post("/relations", json!({"from_id": other["id"], "to_id": him["id"], "role": role})).expect(201);
    }
    let card = founder.get(&format!("{}/card", path(&him))).ok(200);
    let coming = card["dates_coming"].as_array().expect("dates");
    assert_eq!(coming.len(), 2, "{coming:?}");
    assert_eq!((&coming[0]["label"], &coming[0]["customer"]), (&json!("Promotion"), &Value::Null));
    assert_eq!((&coming[1]["person"], &coming[1]["customer"]["id"]), (&json!("Her"), &her["id"]));
    assert!(coming[1]["years"].as_i64().is_some_and(|years| years > 30), "{coming:?}");
    let all = card["dates_of_life"].as_array().expect("dates");
    assert_eq!((all.len(), &all[0]["position"]), (1, &json!(0)));
    let hers = founder.get(&format!("{}/card", path(&her))).ok(200);
    assert_eq!(hers["dates_of_life"][0]["position"], Value::Null, "the birthday stands among the facts");
}

fn coming_birthdays_are_found(site: &Site) {
    let founder = site.founder();
    let soon = in_days(5).format("%m-%d").to_string();
    with_dates(&founder, json!([{"kind": "birthday", "month_day": soon}]));
    founder
        .post(
            "/customers",
            json!({"kind": "person", "name": "B", "dates": [{"kind": "birthday", "month_day": soon,
        "person": "儿子"}, {"kind": "wedding", "month_day": in_days(60).format("%m-%d").to_string()}]}),
        )
        .expect(201);
    customer(&founder, "C");
    for (field, days, found) in [
        ("birthday_coming", 7, vec!["A"]),
        ("birthday_coming", 3, vec![]),
        ("family_birthday_coming", 7, vec!["B"]),
        ("wedding_coming", 90, vec!["B"]),
        ("date_coming", 7, vec!["A", "B"]),
    ] {
        let filter = json!({"field": field, "op": "in_next_days", "value": days});
        let mut names: Vec<String> = founder.get(&format!("/customers?filter={}", encoded(&filter))).ok(200)["items"]
            .as_array()
            .expect("customers")
            .iter()
            .map(|row| row["name"].as_str().unwrap_or_default().to_owned())
            .collect();
        names.sort();
        assert_eq!(names, found, "{field} {days}");
    }
    let today = founder.get("/today").ok(200);
    assert_eq!(today["dates"].as_array().map(Vec::len), Some(2), "{}", today["dates"]);
    assert_eq!((&today["dates"][0]["by_lunar"], &today["dates"][0]["years"]), (&json!(false), &Value::Null));
}

fn files_bring_dates_and_take_them_back(site: &Site) {
    let founder = site.founder();
    let file = "客户编号,姓名,农历生日,结婚纪念日,人生的日子\n\
        D1,张伟,1985年八月十五,2012-10-01,birthday(女儿) 2015-06-01; 升职 2024-06-08 once\n\
        D2,李娜,中秋,,\nD3,王芳,,,\n";
    let done = import(site, &founder, "customers", file);
    assert_eq!(counts(&done), [3, 2, 0, 0, 1], "{done}");
    let read = |code: &str| founder.get(&format!("/customers?filter[code]={code}")).ok(200)["items"][0].clone();
    let dates = json!([
        {"kind": "birthday", "lunar": {"year": 1985, "month": 8, "day": 15, "leap": false}, "yearly": true},
        {"kind": "wedding", "date": "2012-10-01", "yearly": true},
        {"kind": "birthday", "person": "女儿", "date": "2015-06-01", "yearly": true},
        {"kind": "promotion", "date": "2024-06-08", "yearly": false},
    ]);
    assert_eq!(read("D1")["dates"], dates);
    assert_eq!(counts(&import(site, &founder, "customers", &file.replace("D2,李娜,中秋,,\n", ""))), [2, 0, 0, 2, 0]);

    let (_, table) = crate::exports::exported(site, &founder, json!({"resource": "customers", "format": "csv"}));
    let table = String::from_utf8(table).expect("UTF-8");
    assert!(
        table.contains(
            "birthday 农历1985-8-15; wedding 2012-10-01; birthday(女儿) 2015-06-01; promotion 2024-06-08 once"
        ),
        "{table}"
    );
    assert_eq!(counts(&import(site, &founder, "customers", &table)), [2, 0, 0, 2, 0]);

    let moved = "客户编号,结婚纪念日\nD1,2012-10-02\nD3,2020-05-20\n";
    let changed = import(site, &founder, "customers", moved);
    assert_eq!(counts(&changed), [2, 0, 2, 0, 0], "{changed}");
    assert_eq!(read("D1")["dates"][1]["date"], "2012-10-02");
    crate::imports::perform(site, &founder, &changed, "undo");
    assert_eq!((&read("D1")["dates"], &read("D3")["dates"]), (&dates, &json!([])));
}
