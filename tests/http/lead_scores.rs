//! Lead scores: learnt from what became of earlier leads, or set by hand; with reasons, for the open ones.

use regulars_app::jobs::runner::jobs_run_due;
use regulars_app::jobs::task::now;
use regulars_app::sales::lead_score::fit::fits_due;
use regulars_app::sales::lead_score::refresh::scores_follow;
use regulars_app::upkeep::upkeep_step;
use regulars_tests::{Client, Site, both};
use serde_json::{Value, json};

use crate::customers::record::encoded;
use crate::customers::{colleague, home, id, unit};
use crate::opportunities::opportunity;
use crate::sales::{customer, yuan};

both!(
    closed_leads_teach_and_open_ones_are_ranked,
    with_few_cases_points_by_hand_apply,
    points_by_hand_are_set_and_applied,
    scores_filter_sort_and_page,
    scores_follow_what_is_known,
    scorecards_stay_within_their_walls,
);

/// A way of selling in which anything may be moved anywhere.
struct Line {
    id: Value,
    won: Value,
    lost: Value,
}

fn line(client: &Client) -> Line {
    let stages = json!([
        {"name": "Call", "status": "open", "probability": 20},
        {"name": "Won", "status": "won", "probability": 100},
        {"name": "Lost", "status": "lost", "probability": 0},
    ]);
    let made = client.post("/pipelines", json!({"name": "Shops", "stages": stages})).ok(201);
    let stage = |at: usize| made["stages"][at]["id"].clone();
    Line { id: made["id"].clone(), won: stage(1), lost: stage(2) }
}

fn lead(client: &Client, line: &Line, source: &str, name: &str) -> Value {
    opportunity(client, json!({"name": name, "type": "lead", "source": source, "pipeline_id": line.id}))
}

fn close(client: &Client, line: &Line, lead: &Value, won: bool) {
    let to = if won {
        json!({"stage_id": line.won, "reason": "price", "amount": yuan("100.00")})
    } else {
        json!({"stage_id": line.lost, "reason": "price"})
    };
    client.post(&format!("/opportunities/{}/stage", id(lead)), to).expect(200);
}

/// Closed leads: of ten referrals nine are won, of ten cold calls one.
fn closed(client: &Client, line: &Line, many: usize) {
    for at in 0..many {
        let referred = at % 2 == 0;
        let made = lead(client, line, if referred { "referral" } else { "cold_call" }, "Earlier");
        close(client, line, &made, if referred { at / 2 % 10 != 0 } else { at / 2 % 10 == 0 });
    }
}

fn scoring(client: &Client) -> Value {
    client.get("/lead-scoring").ok(200)
}

fn set(client: &Client, before: &Value, changes: Value) -> Value {
    let mut settings = before["settings"].clone();
    let into = settings.as_object_mut().expect("settings");
    into.extend(changes.as_object().expect("changes").clone());
    let version = format!("\"{}\"", before["version"]);
    client.send("PUT", "/lead-scoring", Some(&settings), &[("if-match", &version)]).ok(200)
}

fn fit(site: &Site, client: &Client) {
    let job = client.post("/lead-scoring/fits", json!({})).ok(202);
    jobs_run_due(&site.app).expect("work");
    let job = client.get(&format!("/jobs/{}", id(&job))).ok(200);
    assert_eq!((&job["status"], &job["result_url"]), (&json!("done"), &json!("/api/v1/lead-scoring")), "{job}");
}

fn read(client: &Client, lead: &Value) -> Value {
    client.get(&format!("/opportunities/{}", id(lead))).ok(200)
}

fn reason<'a>(lead: &'a Value, attribute: &str) -> &'a Value {
    let reasons = lead["score_reasons"].as_array().expect("reasons");
    reasons.iter().find(|one| one["attribute"] == attribute).unwrap_or(&Value::Null)
}

fn closed_leads_teach_and_open_ones_are_ranked(site: &Site) {
    let founder = site.founder();
    let line = line(&founder);
    closed(&founder, &line, 400);
    let warm = lead(&founder, &line, "referral", "Warm");
    let cold = lead(&founder, &line, "cold_call", "Cold");
    assert_eq!(scoring(&founder)["in_force"]["reason"], "not_tried");
    fit(site, &founder);
    let now = scoring(&founder);
    let (card, latest) = (&now["in_force"], &now["latest"]);
    assert_eq!((&card["kind"], &card["reason"], &now["version"]), (&json!("learnt"), &Value::Null, &json!(0)));
    assert_eq!((&latest["won"], &latest["lost"], &latest["in_force"]), (&json!(200), &json!(200), &json!(true)));
    assert!(latest["auc"].as_f64().is_some_and(|auc| auc > 0.8), "{latest}");
    assert_eq!((&latest["quality"], &latest["refusal"]), (&json!("strong"), &Value::Null));
    assert_eq!(card["parts"][0]["attribute"], "source", "what tells most stands first");
    let bins = card["parts"][0]["bins"].as_array().expect("bins");
    let bin = bins.iter().find(|bin| bin["values"][0]["key"] == "referral").expect("a bin");
    assert_eq!((&bin["won"], &bin["lost"], &bin["win_rate"]), (&json!(180), &json!(20), &json!(0.9)));
    let (warm, cold) = (read(&founder, &warm), read(&founder, &cold));
    let score = |lead: &Value| lead["score"].as_i64().expect("a score");
    assert!(score(&warm) >= score(&cold) + 40, "{} {}", warm["score"], cold["score"]);
    assert_eq!(
        (&reason(&warm, "source")["points"], &reason(&warm, "source")["name"]),
        (&bin["points"], &json!("Source"))
    );
    assert_eq!(reason(&warm, "source")["value"], "Referral");
    let sum: i64 =
        warm["score_reasons"].as_array().expect("reasons").iter().filter_map(|one| one["points"].as_i64()).sum();
    assert_eq!(score(&warm), (card["base"].as_i64().expect("a base") + sum).clamp(0, 100), "points add up");
    assert_eq!(warm["version"], 1, "a score is no edit");
    let fresh = lead(&founder, &line, "referral", "Fresh");
    assert_eq!(fresh["score"], warm["score"], "a new lead has its score at once");
    let changed = founder.patch(&format!("/opportunities/{}", id(&fresh)), &json!(1), json!({"source": "cold_call"}));
    assert_eq!(changed.ok(200)["score"], cold["score"], "and another when it changes");
    fit(site, &founder);
    let fits = founder.get("/lead-scoring/fits").ok(200)["items"].clone();
    assert_eq!(fits.as_array().map(Vec::len), Some(2));
    assert_eq!((&fits[0]["in_force"], &fits[1]["in_force"]), (&json!(true), &json!(false)));
    assert_eq!(
        (&fits[0]["auc"], &fits[0]["fitted_by"]["name"]),
        (&fits[1]["auc"], &founder.get("/me").ok(200)["name"])
    );
    assert_eq!(scoring(&founder)["in_force"]["parts"], card["parts"], "the same cases teach the same");
    let before = read(&founder, &warm)["score"].clone();
    close(&founder, &line, &warm, true);
    let by_hand = set(&founder, &now, json!({"mode": "by_hand", "hand": []}));
    assert_eq!((&by_hand["in_force"]["kind"], &by_hand["in_force"]["reason"]), (&json!("by_hand"), &json!("chosen")));
    jobs_run_due(&site.app).expect("work");
    assert_eq!(read(&founder, &cold)["score"], 50, "nothing but the base");
    assert_eq!(read(&founder, &warm)["score"], before, "what is closed keeps its score");
}

fn with_few_cases_points_by_hand_apply(site: &Site) {
    let founder = site.founder();
    let line = line(&founder);
    let first = lead(&founder, &line, "referral", "First");
    assert_eq!((&first["score"], &reason(&first, "source")["points"]), (&json!(65), &json!(15)));
    closed(&founder, &line, 24);
    let now = now();
    fits_due(&site.app, now).expect("queued");
    assert_eq!(jobs_run_due(&site.app).expect("work"), 1);
    fits_due(&site.app, now).expect("queued");
    assert_eq!(jobs_run_due(&site.app).expect("work"), 0, "nothing is due for a week");
    let told = scoring(&founder);
    assert_eq!(told["in_force"]["kind"], "by_hand");
    assert_eq!(
        (&told["in_force"]["reason"], &told["latest"]["refusal"]),
        (&json!("too_few_cases"), &json!("too_few_cases"))
    );
    assert_eq!((&told["latest"]["auc"], &told["latest"]["won"]), (&Value::Null, &json!(12)));
    let more = set(&founder, &told, json!({"least_cases": 20, "least_each": 13}));
    assert_eq!(more["version"], 1);
    jobs_run_due(&site.app).expect("work");
    assert_eq!(scoring(&founder)["in_force"]["reason"], "too_few_won", "learnt anew with the new sample");
    set(&founder, &more, json!({"least_cases": 20, "least_each": 10}));
    jobs_run_due(&site.app).expect("work");
    let refusal = scoring(&founder)["latest"]["refusal"].clone();
    assert!(refusal.is_null() || refusal == "no_better_than_chance", "cases enough are learnt from: {refusal}");
}

fn points_by_hand_are_set_and_applied(site: &Site) {
    let founder = site.founder();
    founder
        .post(
            "/custom-fields",
            json!({"resource": "opportunity", "key": "urgent", "label_zh": "紧急", "label_en": "Urgent", "type": "bool"}),
        )
        .expect(201);
    let line = line(&founder);
    let body = json!({"name": "Urgent", "source": "website", "pipeline_id": line.id, "amount": yuan("8000.00"),
        "custom": {"urgent": true}});
    let one = opportunity(&founder, body);
    assert_eq!(one["score"], 50);
    let hand = json!([
        {"attribute": "custom.urgent", "value": "yes", "points": 12},
        {"attribute": "amount", "above": 5000.0, "points": 20},
        {"attribute": "amount", "points": -7},
        {"attribute": "source", "value": "website", "points": -3},
    ]);
    let now = scoring(&founder);
    let told = set(&founder, &now, json!({"base": 40, "hand": hand, "mode": "by_hand"}));
    assert_eq!(told["settings"]["hand"], hand);
    assert_eq!(told["in_force"]["base"], 40);
    jobs_run_due(&site.app).expect("work");
    let scored = read(&founder, &one);
    assert_eq!(scored["score"], 69);
    assert_eq!(
        (&reason(&scored, "amount")["number"], &reason(&scored, "amount")["points"]),
        (&json!(8000.0), &json!(20))
    );
    assert_eq!(
        (&reason(&scored, "custom.urgent")["name"], &reason(&scored, "custom.urgent")["value"]),
        (&json!("Urgent"), &json!("Yes"))
    );
    assert_eq!(lead(&founder, &line, "website", "Poor")["score"], 30, "an amount nobody knows");
    founder.send("PUT", "/lead-scoring", Some(&told["settings"]), &[("if-match", "\"0\"")]).expect(412);
    founder.put("/lead-scoring", told["settings"].clone()).expect(428);
    for (changes, pointer, code) in [
        (json!({"months": 0}), "/months", "out_of_range"),
        (json!({"base": 101}), "/base", "out_of_range"),
        (json!({"mode": "magic"}), "/mode", "not_allowed"),
        (json!({"hand": [{"attribute": "luck", "points": 1}]}), "/hand/0/attribute", "unknown_reference"),
        (json!({"hand": [{"attribute": "source", "above": 1.0, "points": 1}]}), "/hand/0/above", "not_allowed_here"),
        (json!({"hand": [{"attribute": "amount", "value": "x", "points": 1}]}), "/hand/0/value", "not_allowed_here"),
        (
            json!({"hand": [{"attribute": "amount", "above": 2.0, "up_to": 1.0, "points": 1}]}),
            "/hand/0/up_to",
            "out_of_range",
        ),
        (json!({"hand": [{"attribute": "source", "value": "a", "points": 101}]}), "/hand/0/points", "out_of_range"),
    ] {
        let mut settings = told["settings"].clone();
        settings.as_object_mut().expect("settings").extend(changes.as_object().expect("changes").clone());
        let refused = founder.send("PUT", "/lead-scoring", Some(&settings), &[("if-match", "\"1\"")]).ok(422);
        assert_eq!((&refused["errors"][0]["pointer"], &refused["errors"][0]["code"]), (&json!(pointer), &json!(code)));
    }
    let log = founder.get("/audit-events?filter[resource]=lead_scoring").ok(200)["items"].clone();
    assert_eq!((log.as_array().map(Vec::len), &log[0]["action"]), (Some(1), &json!("updated")));
}

fn scores_filter_sort_and_page(site: &Site) {
    let founder = site.founder();
    let line = line(&founder);
    for (at, source) in ["referral", "event", "website", "cold_call", "referral", "event"].into_iter().enumerate() {
        lead(&founder, &line, source, &format!("Lead {at}"));
    }
    let scores = |path: &str| -> Vec<i64> {
        founder.all(path, 2).iter().map(|one| one["score"].as_i64().expect("a score")).collect()
    };
    assert_eq!(scores("/opportunities?sort=-score"), [65, 65, 55, 55, 50, 40], "page by page");
    assert_eq!(scores("/opportunities?sort=score&filter[score][gte]=55"), [55, 55, 65, 65]);
    let test =
        json!({"any": [{"field": "score", "op": "lt", "value": 50}, {"field": "score", "op": "gt", "value": 60}]});
    let path = format!("/opportunities?sort=-score&filter={}", encoded(&test));
    assert_eq!(scores(&path), [65, 65, 40]);
    let totals = founder.get("/opportunity-totals?filter[score][gte]=55").ok(200);
    assert_eq!(totals["items"][0]["count"], 4);
}

fn scores_follow_what_is_known(site: &Site) {
    let founder = site.founder();
    let line = line(&founder);
    let buyer = customer(&founder, "Lin");
    let told = scoring(&founder);
    set(&founder, &told, json!({"hand": [{"attribute": "industry", "value": "media", "points": 9}]}));
    jobs_run_due(&site.app).expect("work");
    let one = opportunity(&founder, json!({"name": "A", "customer_id": buyer, "pipeline_id": line.id}));
    assert_eq!((&one["score"], &one["score_reasons"]), (&json!(50), &json!([])));
    founder
        .patch(&format!("/customers/{}", buyer.as_str().expect("an id")), &json!(1), json!({"industry": "media"}))
        .expect(200);
    while upkeep_step(&site.app).expect("upkeep") {}
    scores_follow(&site.app, now()).expect("followed");
    let now = read(&founder, &one);
    assert_eq!((&now["score"], &reason(&now, "industry")["value"]), (&json!(59), &json!("Media")));
    assert_eq!(now["version"], one["version"]);
}

fn scorecards_stay_within_their_walls(site: &Site) {
    let founder = site.founder();
    let (shop, department) = unit(site, "Shop", "S");
    let head = colleague(site, "head", "unit_head", &department);
    let seller = colleague(site, "seller", "member", &home(site));
    let ours = scoring(&founder);
    set(&founder, &ours, json!({"base": 70, "mode": "by_hand", "hand": []}));
    let theirs = scoring(&head);
    assert_eq!((&theirs["unit"]["id"], &theirs["settings"]["base"]), (&json!(shop), &json!(50)));
    head.get(&format!("/lead-scoring?unit={}", id(&ours))).expect(404);
    head.get(&format!("/lead-scoring/fits?unit={}", id(&ours))).expect(404);
    head.post("/lead-scoring/fits", json!({"unit_id": ours["id"]})).expect(404);
    let put = |client: &Client, path: &str, version: &str| {
        client.send("PUT", path, Some(&ours["settings"]), &[("if-match", version)])
    };
    put(&head, &format!("/lead-scoring?unit={}", id(&ours)), "\"1\"").expect(404);
    put(&head, "/lead-scoring", "\"0\"").expect(200);
    assert_eq!(founder.get(&format!("/lead-scoring?unit={shop}")).ok(200)["version"], 1, "head office sees all");
    let seen = scoring(&seller);
    assert_eq!((&seen["editable"], &seen["in_force"]["base"]), (&json!(false), &json!(70)));
    put(&seller, "/lead-scoring", "\"1\"").expect(403);
    seller.post("/lead-scoring/fits", json!({})).expect(403);
}
