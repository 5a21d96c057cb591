//! Dated facts: what is known of a customer as of a day and from where; by hand, by file, in filters, in the scores.

use regulars_app::jobs::runner::jobs_run_due;
use regulars_tests::{Client, Site, both};
use serde_json::{Value, json};

use super::merges::{merge, undo};
use super::{customer, id, path};
use crate::imports::{counts, import, perform};
use crate::outlook::{evaluate, settings, today};
use crate::sales::yuan;

both!(
    facts_are_noted_changed_and_told,
    a_kind_holds_what_it_is_made_for,
    files_bring_facts_and_take_them_back,
    customers_are_found_by_what_they_last_were,
    what_they_buy_of_all_tells_in_the_scores,
    facts_follow_a_merge,
);

fn at(guest: &Value) -> String {
    format!("{}/facts", path(guest))
}

fn note(client: &Client, guest: &Value, body: Value) -> Value {
    client.post(&at(guest), body).ok(201)
}

fn facts_are_noted_changed_and_told(site: &Site) {
    let founder = site.founder();
    let guest = customer(&founder, "A");
    let grade = json!({"kind": "信用等级", "text": " AA ", "source": "Asked", "as_of": "2026-01-31", "note": "银行"});
    let first = note(&founder, &guest, grade);
    assert_eq!(
        (&first["kind"], &first["text"], &first["source"], &first["as_of"], &first["amount"]),
        (&json!("credit_grade"), &json!("AA"), &json!("asked"), &json!("2026-01-31"), &Value::Null)
    );
    let later = json!({"kind": "credit_grade", "text": "BBB", "source": "accounts", "as_of": "2026-06-30"});
    let later = note(&founder, &guest, later);
    let today = note(&founder, &guest, json!({"kind": "revenue", "amount": yuan("1200000.00"), "source": "register"}));
    let ids = |items: &Value| -> Vec<String> {
        items.as_array().expect("items").iter().map(|one| id(one).to_string()).collect()
    };
    let order = [id(&today), id(&later), id(&first)];
    assert_eq!(ids(&founder.get(&at(&guest)).ok(200)["items"]), order);
    assert_eq!(ids(&founder.get(&format!("{}/card", path(&guest))).ok(200)["facts"]), order);

    let own = format!("/facts/{}", id(&later));
    let same = founder.patch(&own, &later["version"], json!({"text": "BBB"})).ok(200);
    assert_eq!(same["version"], later["version"], "nothing changed");
    let changed = founder.patch(&own, &later["version"], json!({"text": "BB", "source": "公开信息"})).ok(200);
    assert_eq!((&changed["text"], &changed["source"]), (&json!("BB"), &json!("register")));
    founder.patch(&own, &later["version"], json!({"text": "B"})).expect(412);
    founder.delete(&own, &later["version"]).expect(412);
    founder.delete(&own, &changed["version"]).expect(204);
    founder.patch(&own, &changed["version"], json!({"text": "B"})).expect(404);

    let told = founder.get(&format!("{}/timeline?kinds=event", path(&guest))).ok(200).to_string();
    for words in ["Credit grade: AA · Asked", "Revenue of a year: CNY 1200000.00 · Public register", "BBB → BB"] {
        assert!(told.contains(words), "{words}: {told}");
    }
    let entries = founder.get("/dictionaries/fact_source/entries").ok(200);
    let asked = entries["items"].as_array().expect("entries").iter().find(|one| one["key"] == "asked").expect("asked");
    let entry = format!("/dictionary-entries/{}", id(asked));
    assert_eq!(founder.delete(&entry, &asked["version"]).ok(409)["code"], "in_use");
}

fn a_kind_holds_what_it_is_made_for(site: &Site) {
    let founder = site.founder();
    let guest = customer(&founder, "A");
    let area = json!({"key": "area", "label_zh": "营业面积", "label_en": "Floor space", "position": 9});
    founder.post("/dictionaries/fact_kind/entries", area).expect(201);
    let dollars = json!({"amount": "5.00", "currency": "USD"});
    let wrong = [
        (json!({"kind": "total_purchases", "text": "much"}), json!(["/amount required", "/text must_be_empty"])),
        (json!({"kind": "total_purchases", "amount": dollars}), json!(["/amount/currency currency_mismatch"])),
        (json!({"kind": "total_purchases", "amount": yuan("-1.00")}), json!(["/amount/amount out_of_range"])),
        (json!({"kind": "staff"}), json!(["/number required"])),
        (json!({"kind": "staff", "number": 1e300}), json!(["/number out_of_range"])),
        (json!({"kind": "credit_grade", "text": "  "}), json!(["/text required"])),
        (json!({"kind": "area"}), json!(["/text one_form"])),
        (json!({"kind": "area", "number": 5, "text": "x"}), json!(["/text must_be_empty"])),
        (json!({"kind": "area", "text": "x", "as_of": "2999-01-01"}), json!(["/as_of in_future"])),
        (json!({"kind": "size", "text": "x"}), json!(["/kind unknown_reference"])),
        (json!({"kind": "area", "text": "x", "source": "hearsay"}), json!(["/source unknown_reference"])),
    ];
    for (mut body, expected) in wrong {
        if body.get("source").is_none() {
            body["source"] = json!("asked");
        }
        let refusal = founder.post(&at(&guest), body.clone()).ok(422);
        let errors = refusal["errors"].as_array().expect("errors").iter();
        let found: Vec<String> = errors
            .map(|one| format!("{} {}", one["pointer"].as_str().unwrap_or(""), one["code"].as_str().unwrap_or("")))
            .collect();
        assert_eq!(json!(found), expected, "{body}");
    }
    for (form, value) in [("number", json!(120.5)), ("text", json!("two floors")), ("amount", yuan("3.50"))] {
        let made = note(&founder, &guest, json!({"kind": "Floor space", form: value, "source": "observed"}));
        assert_eq!((&made["kind"], &made[form]), (&json!("area"), &value));
    }
}

fn files_bring_facts_and_take_them_back(site: &Site) {
    let founder = site.founder();
    let guest = founder.post("/customers", json!({"kind": "person", "name": "张伟", "code": "C001"})).ok(201);
    note(&founder, &guest, json!({"kind": "staff", "number": 12, "as_of": "2026-01-31", "source": "asked"}));
    let text = "客户编号,情况种类,内容,截至日期,来源\nC001,员工人数,12,2026-01-31,询问客户\n\
        C001,Staff,15,2026-06-30,观察\nC001,年采购总额,\"1,200,000\",2026-06-30,plan\nC001,信用等级,AA,2026-06-30,\n\
        C001,信用等级,AA,2999-06-30,\nC001,面积,3,,\nC999,staff,4,,\n";
    let done = import(site, &founder, "facts", text);
    assert_eq!(counts(&done)[1], 2, "the amount and the grade: {done}");
    assert_eq!((counts(&done)[3], counts(&done)[4]), (1, 4), "one known; no such source, kind, customer, a day ahead");
    let listed = founder.get(&at(&guest)).ok(200);
    let items = listed["items"].as_array().expect("items");
    let of = |kind: &str| items.iter().find(|one| one["kind"] == kind).expect("one of the kind");
    assert_eq!(of("total_purchases")["amount"], yuan("1200000.00"));
    assert_eq!((&of("credit_grade")["text"], &of("credit_grade")["source"]), (&json!("AA"), &json!("other")));
    let grade = of("credit_grade").clone();
    founder.patch(&format!("/facts/{}", id(&grade)), &grade["version"], json!({"text": "A"})).expect(200);
    assert_eq!(perform(site, &founder, &done, "undo")["status"], "undone");
    let listed = founder.get(&at(&guest)).ok(200);
    let kinds: Vec<&Value> = listed["items"].as_array().expect("items").iter().map(|one| &one["kind"]).collect();
    assert_eq!(kinds, [&json!("credit_grade"), &json!("staff")], "what was changed since stays");
}

fn customers_are_found_by_what_they_last_were(site: &Site) {
    let founder = site.founder();
    let (one, other) = (customer(&founder, "A"), customer(&founder, "B"));
    customer(&founder, "C");
    let said = |guest: &Value, form: &str, kind: &str, value: Value, on: &str| {
        note(&founder, guest, json!({"kind": kind, form: value, "as_of": on, "source": "asked"}));
    };
    said(&one, "text", "credit_grade", json!("AA"), "2025-01-01");
    said(&one, "text", "credit_grade", json!("B"), "2026-01-01");
    said(&other, "text", "credit_grade", json!("AA"), "2026-01-01");
    said(&one, "number", "staff", json!(80), "2026-01-01");
    said(&other, "amount", "total_purchases", yuan("900.00"), "2026-01-01");
    let asked = |query: &str| -> Vec<String> {
        let page = founder.get(&format!("/customers?{query}")).ok(200);
        let items = page["items"].as_array().expect("items");
        items.iter().map(|one| one["name"].as_str().unwrap_or_default().to_owned()).collect()
    };
    assert_eq!(asked("filter[fact.credit_grade][eq]=AA"), ["B"], "what it was before is past");
    assert_eq!(asked("filter[fact.staff][gte]=50"), ["A"]);
    assert_eq!(asked("filter[fact.total_purchases][gte]=900"), ["B"]);
    assert!(asked("filter[fact.total_purchases][gt]=900").is_empty());
    assert_eq!(asked("filter[facts][any_of]=staff"), ["A"]);
    let fields = founder.get("/condition-fields?resource=customers").ok(200);
    let field = fields["items"].as_array().expect("fields").iter().find(|one| one["field"] == "facts").cloned();
    let field = field.expect("a field of kinds");
    assert!(
        field["options"].as_array().is_some_and(|options| options.iter().any(|one| one["value"] == "credit_grade")),
        "{field}"
    );
}

fn what_they_buy_of_all_tells_in_the_scores(site: &Site) {
    let founder = site.founder();
    let guests = ["A", "B", "C"].map(|name| customer(&founder, name));
    let now = today(site);
    let ago = |days: u64| (now - chrono::Days::new(days)).to_string();
    for guest in &guests {
        for days in [20, 50, 80, 110, 140, 170, 400] {
            let lines = json!([{"name": "茶", "quantity": "1", "price": yuan("100.00")}]);
            let order =
                json!({"customer_id": guest["id"], "status": "confirmed", "ordered_on": ago(days), "lines": lines});
            founder.post("/orders", order).expect(201);
        }
    }
    let metrics = |guest: &Value| founder.get(&format!("{}/card", path(guest))).ok(200)["metrics"].clone();
    let all = |guest: &Value, amount: &str, on: String| {
        note(
            &founder,
            guest,
            json!({"kind": "total_purchases", "amount": yuan(amount), "as_of": on, "source": "plan"}),
        );
    };
    // 600.00 within the year.
    all(&guests[0], "800.00", ago(30));
    all(&guests[0], "100000.00", ago(60));
    all(&guests[1], "6000.00", ago(30));
    all(&guests[2], "600.00", ago(800));
    for (guest, grade) in guests.iter().zip(["A", "B", "rubbish"]) {
        note(&founder, guest, json!({"kind": "credit_grade", "text": grade, "source": "accounts"}));
    }
    evaluate(site);
    assert_eq!(
        guests.each_ref().map(|guest| metrics(guest)["wallet_share"].clone()),
        [json!(0.75), json!(0.1), Value::Null],
        "of the latest that is not too old"
    );
    assert_eq!(guests.each_ref().map(|guest| metrics(guest)["stage"].clone()), ["loyal", "old", "old"]);
    let credit = |guest: &Value| {
        let parts = metrics(guest)["value"]["parts"].clone();
        let parts = parts.as_array().expect("parts").clone();
        parts.iter().find(|part| part["key"] == "credit_rating").and_then(|part| part["percentile"].as_f64())
    };
    let (best, worse, unknown) = (credit(&guests[0]), credit(&guests[1]), credit(&guests[2]));
    assert!(best > worse && worse.is_some() && unknown.is_none(), "{best:?} {worse:?} {unknown:?}");
    let found = founder.get("/customers?filter[metrics.wallet_share][gte]=0.5&sort=-metrics.wallet_share").ok(200);
    assert_eq!(found["items"].as_array().map(Vec::len), Some(1));
    let past = founder.post("/insight/evaluations", json!({"as_of": ago(45)})).ok(202);
    jobs_run_due(&site.app).expect("runs");
    assert!(past["id"].is_string());
    assert_eq!(metrics(&guests[0])["wallet_share"], json!(0.006), "as it was known to be on that day");
    settings(&founder, json!({"known": {"valid_days": 900}}));
    evaluate(site);
    assert_eq!(metrics(&guests[2])["wallet_share"], json!(1.0));
    let wrong = json!({"settings": {"insight": {"known": {"valid_days": 1, "credit_grades": ["A", "a "]}}}});
    let version = founder.get("/settings").ok(200)["version"].clone();
    let refusal = founder.patch("/settings", &version, wrong).ok(422);
    assert_eq!(refusal["errors"].as_array().map(Vec::len), Some(2), "{refusal}");
}

fn facts_follow_a_merge(site: &Site) {
    let founder = site.founder();
    let (kept, gone) = (customer(&founder, "张伟"), customer(&founder, "张 伟"));
    note(&founder, &gone, json!({"kind": "staff", "number": 3, "source": "asked"}));
    let merge = merge(&founder, &kept, &gone, json!({}));
    assert_eq!(founder.get(&at(&kept)).ok(200)["items"].as_array().map(Vec::len), Some(1));
    undo(&founder, &merge);
    assert_eq!(founder.get(&at(&kept)).ok(200)["items"].as_array().map(Vec::len), Some(0));
    assert_eq!(founder.get(&at(&gone)).ok(200)["items"].as_array().map(Vec::len), Some(1));
}
