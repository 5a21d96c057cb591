//! Tasks: noted, given to people within reach, finished, put off, coming again.

use chrono::{Days, Duration, NaiveDate, Utc};
use regulars_app::jobs::runner::jobs_run_due;
use regulars_tests::{Client, Site, both};
use serde_json::{Value, json};

use crate::customers::record::encoded;
use crate::customers::{colleague, customer, home, id, path, unit};

both!(
    a_task_is_noted_changed_and_removed,
    what_is_wrong_with_a_task_is_told_by_field,
    finishing_one_occurrence_makes_the_next,
    a_series_passes_over_what_was_missed,
    a_finished_task_is_taken_up_again,
    a_task_is_put_off_and_the_series_stays,
    tasks_are_given_to_people_within_reach,
    tasks_are_filtered_sorted_and_paged,
    tasks_follow_their_customers,
    open_tasks_go_to_the_heir,
);

fn task(client: &Client, more: Value) -> Value {
    let mut body = json!({"title": "Ring"});
    body.as_object_mut().expect("a body").extend(more.as_object().expect("more").clone());
    client.post("/tasks", body).ok(201)
}

fn place(task: &Value) -> String {
    format!("/tasks/{}", id(task))
}

/// In Shanghai, where the company is.
fn today() -> NaiveDate {
    (Utc::now() + Duration::hours(8)).date_naive()
}

fn in_days(days: u64) -> String {
    (today() + Days::new(days)).to_string()
}

fn done(client: &Client, task: &Value) -> Value {
    client.post(&format!("{}/completion", place(task)), json!({})).ok(200)
}

fn next(client: &Client, finished: &Value) -> Value {
    client.get(&format!("/tasks/{}", finished["next_id"].as_str().expect("a next one"))).ok(200)
}

fn titles(client: &Client, query: &str) -> Vec<String> {
    let items = client.get(&format!("/tasks?{query}")).ok(200)["items"].clone();
    items.as_array().expect("items").iter().map(|one| one["title"].as_str().unwrap_or("").into()).collect()
}

fn a_task_is_noted_changed_and_removed(site: &Site) {
    let founder = site.founder();
    let (guest, friend) = (customer(&founder, "A"), customer(&founder, "B"));
    let made = task(
        &founder,
        json!({"title": " Bring samples ", "customer_ids": [guest["id"], friend["id"]], "due_on": "2031-03-05", "due_time": "14:30",
            "remind_minutes": 15, "priority": 1, "checklist": [{"text": "white"}, {"text": "red", "done": true}]}),
    );
    assert_eq!(
        (&made["title"], &made["status"], &made["overdue"]),
        (&json!("Bring samples"), &json!("open"), &json!(false))
    );
    assert_eq!(made["due_at"], "2031-03-05T06:30:00Z");
    assert_eq!(made["remind_at"], "2031-03-05T06:15:00Z");
    assert_eq!(made["owner"], made["created_by"]);
    assert_eq!(made["customers"][1]["name"], "B");
    let day =
        founder.patch(&place(&made), &json!(1), json!({"due_time": null, "customer_ids": [friend["id"]]})).ok(200);
    assert_eq!((&day["due_at"], &day["remind_at"]), (&json!("2031-03-05T16:00:00Z"), &json!("2031-03-05T00:45:00Z")));
    assert_eq!(day["customers"], json!([{"id": friend["id"], "name": "B"}]));
    assert_eq!(day["checklist"][1], json!({"text": "red", "done": true}));
    founder.patch(&place(&made), &json!(1), json!({"title": "stale"})).expect(412);
    founder.delete(&place(&made), &json!(2)).expect(204);
    founder.get(&place(&made)).expect(404);
    let past = task(&founder, json!({"due_on": "2020-01-01"}));
    assert_eq!(past["overdue"], true);
}

fn what_is_wrong_with_a_task_is_told_by_field(site: &Site) {
    let founder = site.founder();
    let nobody = uuid::Uuid::now_v7();
    for (body, pointer, code) in [
        (json!({"title": " "}), "/title", "required"),
        (json!({"title": "A", "due_time": "14:30"}), "/due_on", "required"),
        (json!({"title": "A", "due_on": "2031-01-01", "due_time": "2 pm"}), "/due_time", "wrong_shape"),
        (json!({"title": "A", "due_on": "9999-01-01"}), "/due_on", "date_invalid"),
        (json!({"title": "A", "remind_minutes": 5}), "/due_on", "required"),
        (json!({"title": "A", "priority": 4}), "/priority", "out_of_range"),
        (json!({"title": "A", "checklist": [{"text": ""}]}), "/checklist/0/text", "required"),
        (json!({"title": "A", "recurrence": "FREQ=DAILY"}), "/due_on", "required"),
        (json!({"title": "A", "due_on": "2031-01-01", "recurrence": "daily"}), "/recurrence", "recurrence_invalid"),
        (
            json!({"title": "A", "due_on": "2031-01-01", "recurrence": "FREQ=HOURLY"}),
            "/recurrence",
            "recurrence_invalid",
        ),
        (
            json!({"title": "A", "due_on": "2031-01-01", "recurrence": "FREQ=DAILY;COUNT=1"}),
            "/recurrence",
            "recurrence_never",
        ),
        (json!({"title": "A", "owner_id": nobody}), "/owner_id", "unknown_reference"),
        (json!({"title": "A", "customer_ids": [nobody]}), "/customer_ids/0", "unknown_reference"),
    ] {
        let told = founder.post("/tasks", body.clone()).ok(422)["errors"][0].clone();
        assert_eq!((&told["pointer"], &told["code"]), (&json!(pointer), &json!(code)), "{body}");
    }
}

fn finishing_one_occurrence_makes_the_next(site: &Site) {
    let founder = site.founder();
    let guest = customer(&founder, "A");
    // Rule, first day, the days that follow: ends of months, leap days, an end.
    let rows = [
        ("FREQ=MONTHLY;BYMONTHDAY=-1", "2032-01-31", vec!["2032-02-29", "2032-03-31"]),
        ("FREQ=MONTHLY", "2031-01-31", vec!["2031-03-31", "2031-05-31"]),
        ("FREQ=YEARLY", "2032-02-29", vec!["2036-02-29", "2040-02-29"]),
        ("RRULE:FREQ=WEEKLY;BYDAY=MO,TH;COUNT=2", "2031-01-06", vec!["2031-01-09"]),
        ("FREQ=DAILY;UNTIL=20310102T235959Z", "2031-01-01", vec!["2031-01-02"]),
    ];
    for (rule, first, days) in rows {
        let mut at = task(
            &founder,
            json!({"due_on": first, "due_time": "09:00", "recurrence": rule, "remind_minutes": 10, "outcome": "was",
                "customer_ids": [guest["id"]], "checklist": [{"text": "one", "done": true}]}),
        );
        for day in &days {
            let finished = done(&founder, &at);
            assert_eq!((&finished["status"], &finished["due_on"]), (&json!("done"), &at["due_on"]), "{rule}");
            at = next(&founder, &finished);
            assert_eq!((&at["due_on"], &at["status"]), (&json!(day), &json!("open")), "{rule}");
            assert_eq!(at["due_at"], format!("{day}T01:00:00Z"), "nine in Shanghai: {rule}");
            assert_eq!(at["remind_at"], format!("{day}T00:50:00Z"));
            assert_eq!((&at["checklist"][0]["done"], &at["outcome"]), (&json!(false), &Value::Null));
            assert_eq!(at["customers"][0]["id"], guest["id"]);
        }
        if rule.contains("COUNT") || rule.contains("UNTIL") {
            assert_eq!(done(&founder, &at)["next_id"], Value::Null, "{rule} is over");
        }
    }
}

fn a_series_passes_over_what_was_missed(site: &Site) {
    let founder = site.founder();
    let weekly = task(&founder, json!({"due_on": "2020-01-06", "recurrence": "FREQ=WEEKLY"}));
    let after = next(&founder, &done(&founder, &weekly));
    let due: NaiveDate = after["due_on"].as_str().expect("a day").parse().expect("a day");
    assert!(due >= today() && due < today() + Days::new(7), "{due} is the first Monday from today on");
    assert_eq!(chrono::Datelike::weekday(&due), chrono::Weekday::Mon);

    // The clocks of the business change: nine in the morning stays nine in the morning.
    let company = founder.get("/settings").ok(200);
    founder.patch("/settings", &company["version"], json!({"time_zone": "Europe/Berlin"})).expect(200);
    let daily = task(&founder, json!({"due_on": "2031-03-29", "due_time": "09:00", "recurrence": "FREQ=DAILY"}));
    assert_eq!(daily["due_at"], "2031-03-29T08:00:00Z");
    let after = next(&founder, &done(&founder, &daily));
    assert_eq!((&after["due_on"], &after["due_at"]), (&json!("2031-03-30"), &json!("2031-03-30T07:00:00Z")));
    let skipped = task(&founder, json!({"due_on": "2031-03-30", "due_time": "02:30"}));
    assert_eq!(skipped["due_at"], "2031-03-30T01:30:00Z");
}

fn a_finished_task_is_taken_up_again(site: &Site) {
    let founder = site.founder();
    let once = task(&founder, json!({}));
    let finished = founder.post(&format!("{}/completion", place(&once)), json!({"outcome": " Yes "})).ok(200);
    assert_eq!((&finished["outcome"], &finished["done_by"]), (&json!("Yes"), &once["owner"]));
    assert!(finished["done_at"].is_string());
    founder.post(&format!("{}/completion", place(&once)), json!({})).expect(409);
    let again = founder.post(&format!("{}/reopening", place(&once)), json!(null)).ok(200);
    assert_eq!((&again["status"], &again["done_at"], &again["outcome"]), (&json!("open"), &Value::Null, &json!("Yes")));
    founder.post(&format!("{}/reopening", place(&once)), json!(null)).expect(409);
    let gone = founder.post(&format!("{}/completion", place(&once)), json!({"cancelled": true})).ok(200);
    assert_eq!(gone["status"], "cancelled");

    let weekly = task(&founder, json!({"due_on": "2031-01-06", "recurrence": "FREQ=WEEKLY"}));
    let finished = done(&founder, &weekly);
    let again = founder.post(&format!("{}/reopening", place(&weekly)), json!(null)).ok(200);
    assert_eq!((&again["recurrence"], &again["next_id"]), (&json!("FREQ=WEEKLY"), &Value::Null));
    founder.get(&format!("/tasks/{}", finished["next_id"].as_str().expect("an id"))).expect(404);
    let finished = done(&founder, &weekly);
    let after = next(&founder, &finished);
    founder.patch(&place(&after), &json!(1), json!({"title": "Mine now"})).expect(200);
    let again = founder.post(&format!("{}/reopening", place(&weekly)), json!(null)).ok(200);
    assert_eq!(again["recurrence"], Value::Null, "the next one goes on with the series");
    assert_eq!(founder.get(&place(&after)).ok(200)["recurrence"], "FREQ=WEEKLY");
}

fn a_task_is_put_off_and_the_series_stays(site: &Site) {
    let founder = site.founder();
    let weekly = task(&founder, json!({"due_on": "2031-01-06", "due_time": "09:00", "recurrence": "FREQ=WEEKLY"}));
    let snooze = format!("{}/snooze", place(&weekly));
    let later = founder.post(&snooze, json!({"due_on": "2031-01-08"})).ok(200);
    assert_eq!((&later["due_on"], &later["due_at"]), (&json!("2031-01-08"), &json!("2031-01-08T01:00:00Z")));
    assert_eq!(founder.post(&snooze, json!({"due_on": "2020-01-08"})).ok(422)["errors"][0]["code"], "in_the_past");
    let retitled = founder.patch(&place(&weekly), &later["version"], json!({"title": "Call"})).ok(200);
    assert_eq!(retitled["due_on"], "2031-01-08");
    let finished = done(&founder, &weekly);
    assert_eq!(next(&founder, &finished)["due_on"], "2031-01-13", "Mondays, whatever was put off");
    founder.post(&snooze, json!({"due_on": "2031-02-08"})).expect(409);
}

fn tasks_are_given_to_people_within_reach(site: &Site) {
    let founder = site.founder();
    let here = home(site);
    let (_, there) = unit(site, "Other", "OTH");
    let head = colleague(site, "head", "unit_head", &here);
    let (member, other) = (colleague(site, "member", "member", &here), colleague(site, "other", "member", &there));
    let who = |client: &Client| client.get("/me").ok(200)["id"].clone();
    let mine = task(&member, json!({"title": "Mine"}));
    let given = task(&head, json!({"title": "Given", "owner_id": who(&member)}));
    assert_eq!((&given["owner"]["name"], &given["created_by"]["name"]), (&json!("member"), &json!("head")));
    assert_eq!(titles(&member, "sort=title"), ["Given", "Mine"]);
    assert_eq!(titles(&head, "sort=title"), ["Given", "Mine"]);
    assert_eq!(titles(&other, ""), Vec::<String>::new());
    done(&member, &given);
    for (client, owner) in [(&member, who(&head)), (&head, who(&other)), (&other, who(&member))] {
        let told = client.post("/tasks", json!({"title": "A", "owner_id": owner})).ok(422);
        assert_eq!(
            (&told["errors"][0]["pointer"], &told["errors"][0]["code"]),
            (&json!("/owner_id"), &json!("unknown_reference"))
        );
    }
    for request in ["GET", "DELETE"] {
        other.send(request, &place(&mine), None, &[("if-match", "\"1\"")]).expect(404);
    }
    for act in ["completion", "reopening"] {
        other.post(&format!("{}/{act}", place(&mine)), json!({})).expect(404);
    }
    // Head office gives work to anyone, and moves it across the wall.
    let across = task(&founder, json!({"title": "Across", "owner_id": who(&member)}));
    founder.patch(&place(&across), &json!(1), json!({"owner_id": who(&other)})).expect(200);
    member.get(&place(&across)).expect(404);
    other.get(&place(&across)).expect(200);
    colleague(site, "keeper", "system_administrator", &here).get("/tasks").expect(403);
    let auditor = colleague(site, "auditor", "auditor", &here);
    assert_eq!(titles(&auditor, "").len(), 3);
    auditor.post("/tasks", json!({"title": "A"})).expect(403);
}

fn tasks_are_filtered_sorted_and_paged(site: &Site) {
    let founder = site.founder();
    let guest = customer(&founder, "A");
    for (title, more) in [
        ("yesterday", json!({"due_on": (today() - Days::new(1)).to_string(), "priority": 3})),
        ("today", json!({"due_on": today().to_string(), "customer_ids": [guest["id"]]})),
        ("next week", json!({"due_on": in_days(7), "priority": 1, "remarks": "by train"})),
        ("some day", json!({})),
    ] {
        let mut more = more;
        more["title"] = json!(title);
        task(&founder, more);
    }
    assert_eq!(titles(&founder, ""), ["yesterday", "today", "next week", "some day"]);
    assert_eq!(titles(&founder, "sort=priority"), ["next week", "today", "some day", "yesterday"]);
    assert_eq!(titles(&founder, "q=TRAIN"), ["next week"]);
    let filter = |condition: Value| titles(&founder, &format!("filter={}", encoded(&condition)));
    assert_eq!(filter(json!({"field": "customer", "op": "any_of", "value": [guest["id"]]})), ["today"]);
    assert_eq!(filter(json!({"field": "due_on", "op": "lt", "value": today().to_string()})), ["yesterday"]);
    assert_eq!(filter(json!({"field": "due_on", "op": "is_null", "value": true})), ["some day"]);
    let me = founder.get("/me").ok(200);
    assert_eq!(filter(json!({"field": "owner", "op": "eq", "value": me["id"]})).len(), 4);
    let (_, department) = founder.place();
    assert_eq!(filter(json!({"field": "department", "op": "eq", "value": department})).len(), 4);
    let paged: Vec<Value> = founder.all("/tasks", 1);
    let paged: Vec<&str> = paged.iter().filter_map(|one| one["title"].as_str()).collect();
    assert_eq!(paged, ["yesterday", "today", "next week", "some day"]);
    let fields = founder.get("/condition-fields?resource=tasks").ok(200);
    assert!(fields["items"].as_array().expect("fields").iter().any(|one| one["field"] == "due_on"), "{fields}");
}

fn tasks_follow_their_customers(site: &Site) {
    let founder = site.founder();
    let (kept, gone) = (customer(&founder, "A"), customer(&founder, "B"));
    let made = task(&founder, json!({"title": "Both", "customer_ids": [gone["id"], kept["id"]]}));
    let body = json!({"other_id": gone["id"], "version": 1, "other_version": 1, "choices": {}});
    let merge = founder.post(&format!("{}/merges", path(&kept)), body).ok(201);
    let about = || founder.get(&place(&made)).ok(200)["customers"].clone();
    assert_eq!(about(), json!([{"id": kept["id"], "name": "A"}]), "told once");
    founder.post(&format!("/merges/{}/undo", id(&merge)), json!(null)).expect(200);
    assert_eq!(about().as_array().map(Vec::len), Some(2));
    founder.post(&format!("{}/completion", place(&made)), json!({"outcome": "Agreed"})).expect(200);
    let timeline = founder.get(&format!("{}/timeline", path(&gone))).ok(200)["items"].clone();
    let line = timeline.as_array().expect("items").iter().find(|one| one["title"] == "Task done").expect("a line");
    assert!(line["body"].as_str().is_some_and(|body| body.contains("Agreed")), "{line}");

    // Who has the task and not the customer sees the task alone, and keeps the customer in it.
    let member = colleague(site, "member", "member", &home(site));
    let who = member.get("/me").ok(200)["id"].clone();
    let given = task(&founder, json!({"owner_id": who, "customer_ids": [kept["id"]]}));
    let seen = member.get(&place(&given)).ok(200);
    assert_eq!(seen["customers"], json!([]));
    member.patch(&place(&given), &json!(1), json!({"title": "Changed"})).expect(200);
    assert_eq!(founder.get(&place(&given)).ok(200)["customers"][0]["id"], kept["id"]);
    let told = member.post("/tasks", json!({"title": "A", "customer_ids": [kept["id"]]})).ok(422);
    assert_eq!(told["errors"][0]["pointer"], "/customer_ids/0");
}

fn open_tasks_go_to_the_heir(site: &Site) {
    let founder = site.founder();
    let (unit, department) = founder.place();
    let head = founder.role("member");
    let (leaver, heir) =
        (founder.user_new("leaver", &department, &[&head]), founder.user_new("heir", &department, &[&head]));
    let client = site.sign_in("leaver");
    let (open, finished) = (task(&client, json!({"title": "Open"})), task(&client, json!({"title": "Finished"})));
    done(&client, &finished);
    let held = founder.get(&format!("/users/{}/holdings", id(&leaver))).ok(200)["items"].clone();
    assert_eq!((&held[0]["kind"], &held[0]["count"]), (&json!("tasks"), &json!(1)), "{held}");
    let heirs = json!([{"kind": "tasks", "unit_id": unit, "user_id": heir["id"]}]);
    founder.post(&format!("/users/{}/handover", id(&leaver)), json!({"deactivate": true, "heirs": heirs})).expect(202);
    jobs_run_due(&site.app).expect("jobs");
    let owner = |task: &Value| founder.get(&place(task)).ok(200)["owner"]["name"].clone();
    assert_eq!((owner(&open), owner(&finished)), (json!("heir"), json!("leaver")));
}
