//! Possible duplicates: while typing, by following changes, by the scan, put aside, and asked for across the walls.

use regulars_api::http::call::now;
use regulars_app::customers::duplicates::follow::duplicates_follow;
use regulars_app::jobs::runner::jobs_run_due;
use regulars_app::upkeep::upkeep_step;
use regulars_tests::{Client, Site, both};
use serde_json::{Value, json};

use super::{colleague, customer, home, id, path, unit};
use crate::imports::import;

both!(
    whoever_is_being_typed_is_shown,
    what_changes_is_compared,
    an_import_is_followed,
    a_scan_finds_what_was_there_before,
    what_was_put_aside_stays_aside,
    pairs_stay_within_sight,
    the_rules_are_a_setting,
    other_units_tell_only_whom_to_ask,
);

fn person(client: &Client, name: &str, more: Value) -> Value {
    let mut body = json!({"kind": "person", "name": name});
    body.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    client.post("/customers", body).ok(201)
}

fn phone(number: &str) -> Value {
    json!({"phones": [{"number": number}]})
}

/// Does what the background does of itself.
pub fn followed(site: &Site) {
    while upkeep_step(&site.app).expect("upkeep") {}
    duplicates_follow(&site.app, now()).expect("following");
}

/// Works a scan off; the job afterwards.
fn scanned(site: &Site, client: &Client) -> Value {
    let job = client.post("/duplicates/scans", json!(null)).ok(202);
    jobs_run_due(&site.app).expect("work");
    client.get(&format!("/jobs/{}", id(&job))).ok(200)
}

/// Names, score and certainty of each open pair.
fn pairs(client: &Client) -> Vec<String> {
    let told = |pair: &Value| {
        let names: Vec<&str> =
            pair["customers"].as_array().expect("two").iter().filter_map(|one| one["name"].as_str()).collect();
        format!("{} {} {}", names.join("+"), pair["score"], pair["certainty"].as_str().unwrap_or("-"))
    };
    client.all("/duplicates", 2).iter().map(told).collect()
}

fn found(client: &Client, body: Value) -> Vec<String> {
    let page = client.post("/duplicates/candidates", body).ok(200);
    let told = |item: &Value| {
        let rules: Vec<&str> =
            item["reasons"].as_array().expect("reasons").iter().filter_map(|one| one["rule"].as_str()).collect();
        let name = item["customer"]["name"].as_str().expect("a name");
        format!("{name} {} {} {}", item["score"], item["certainty"].as_str().expect("a word"), rules.join(","))
    };
    page["items"].as_array().expect("items").iter().map(told).collect()
}

fn whoever_is_being_typed_is_shown(site: &Site) {
    let founder = site.founder();
    let zhang = person(
        &founder,
        "张伟",
        json!({"phones": [{"number": "13800138000"}], "emails": [{"address": "zw@example.com"}], "birthday": "1985-06-08"}),
    );
    person(&founder, "李娜", phone("13900139000"));
    let firm = json!({"kind": "organization", "name": "上海星河科技有限公司", "tax_id": "91310000ma1k3xyz0a"});
    founder.post("/customers", firm).expect(201);
    for (typed, expected) in [
        (json!({"name": "张玮", "phones": ["138 0013 8000"]}), vec!["张伟 90 certain same_phone,alike_name"]),
        (json!({"name": "Zhang Wei", "emails": ["ZW@example.com"]}), vec!["张伟 90 certain same_email,alike_name"]),
        (json!({"name": "张先生", "phones": ["+86 138-0013-8000"]}), vec!["张伟 60 possible same_phone"]),
        (
            json!({"name": "张伟", "birthday": "1985-06-08"}),
            vec!["张伟 65 possible alike_name,same_birthday,alike_name_and_birthday"],
        ),
        (json!({"name": "张伟"}), vec!["张伟 30 weak alike_name"]),
        (json!({"name": "张"}), vec![]),
        (json!({"phones": ["138"], "emails": ["zw@"]}), vec![]),
        (
            json!({"kind": "organization", "name": "上海星河科技"}),
            vec!["上海星河科技有限公司 65 possible alike_name,same_organization"],
        ),
        (
            json!({"kind": "organization", "name": "星河", "tax_id": "91310000MA1K3XYZ0A"}),
            vec!["上海星河科技有限公司 75 possible same_tax_id"],
        ),
        (json!({"name": "张伟", "phones": ["13800138000"], "except_id": zhang["id"]}), vec![]),
        (json!({}), vec![]),
    ] {
        assert_eq!(found(&founder, typed.clone()), expected, "{typed}");
    }
    let told = founder.post("/duplicates/candidates", json!({"phones": ["13800138000"]})).ok(200);
    let met = &told["items"][0]["reasons"][0]["met"][0];
    assert_eq!((&met["field"], &met["this"]), (&json!("phone"), &json!("+8613800138000")));
    let other = site.person("other", "member");
    assert_eq!(found(&other, json!({"phones": ["13800138000"]})), Vec::<String>::new(), "out of sight");
    founder.delete(&path(&zhang), &json!(1)).expect(204);
    assert_eq!(found(&founder, json!({"phones": ["13800138000"]})), Vec::<String>::new(), "deleted");
}

fn what_changes_is_compared(site: &Site) {
    let founder = site.founder();
    let one = person(&founder, "张伟", phone("13800138000"));
    let other = person(&founder, "张玮", phone("13800138001"));
    followed(site);
    assert_eq!(pairs(&founder), Vec::<String>::new());
    let changed = founder.patch(&path(&other), &json!(1), phone("13800138000")).ok(200);
    followed(site);
    assert_eq!(pairs(&founder), ["张伟+张玮 90 certain"]);
    let pair = founder.get("/duplicates?count=true").ok(200);
    assert_eq!(pair["total"], 1);
    let own = format!("/duplicates/{}", id(&pair["items"][0]));
    let read = founder.get(&own).ok(200);
    assert_eq!(
        (&read["mergeable"], &read["status"], id(&read["customers"][0])),
        (&json!(true), &json!("open"), id(&one))
    );
    for side in [&one, &other] {
        let listed = founder.get(&format!("{}/duplicates?count=true", path(side))).ok(200);
        assert_eq!((&listed["total"], &listed["items"][0]["id"]), (&json!(1), &read["id"]));
    }
    assert_eq!(founder.all("/duplicates?filter[score][gte]=95", 50).len(), 0);
    let me = founder.get("/me").ok(200);
    assert_eq!(founder.all(&format!("/duplicates?filter[owner][any_of]={}", id(&me)), 50).len(), 1);
    founder.patch(&path(&other), &changed["version"], phone("13800138001")).expect(200);
    followed(site);
    assert_eq!(pairs(&founder), Vec::<String>::new(), "no longer alike");
}

fn an_import_is_followed(site: &Site) {
    let founder = site.founder();
    person(&founder, "张伟", phone("13800138001"));
    let done = import(site, &founder, "customers", "编号,姓名,手机\nA1,张伟,13800138001\nA2,李娜,13800138002\n");
    assert_eq!(done["counts"]["create"], 2, "{done}");
    followed(site);
    assert_eq!(pairs(&founder), ["张伟+张伟 90 certain"]);
    crate::imports::perform(site, &founder, &done, "undo");
    followed(site);
    assert_eq!(pairs(&founder), Vec::<String>::new());
}

fn a_scan_finds_what_was_there_before(site: &Site) {
    let founder = site.founder();
    let born = |on: &str| json!({"birthday": on});
    for (name, more) in [
        ("张伟", phone("13800138000")),
        ("张玮", phone("13800138000")),
        ("王小明", born("1990-01-02")),
        ("王明小", born("1990-01-02")),
        ("王小明", born("1991-01-02")),
        ("李娜", json!({"emails": [{"address": "ln@example.com"}]})),
        ("Li Na", json!({"emails": [{"address": "LN@example.com"}]})),
        ("赵六", json!({})),
        ("赵六", json!({})),
    ] {
        person(&founder, name, more);
    }
    for (name, tax_id) in [("星河科技有限公司", "91A"), ("星河科技", "91A"), ("蓝河贸易", "91B"), ("蓝河贸易公司", "")]
    {
        let firm = json!({"kind": "organization", "name": name, "tax_id": tax_id});
        founder.post("/customers", firm).expect(201);
    }
    // A number that many have, as a switchboard: only those who sound alike are compared.
    for at in 0..40 {
        person(
            &founder,
            &format!("客户{}", char::from_u32(0x4e00 + at * 7).expect("a character")),
            phone("021-55556666"),
        );
    }
    let job = scanned(site, &founder);
    assert_eq!((&job["status"], &job["progress"]), (&json!("done"), &json!({"done": 100, "total": 100})), "{job}");
    let expected = [
        "星河科技有限公司+星河科技 100 certain",
        "李娜+Li Na 90 certain",
        "张伟+张玮 90 certain",
        "蓝河贸易+蓝河贸易公司 65 possible",
        "王小明+王明小 65 possible",
    ];
    let mut seen = pairs(&founder);
    seen.retain(|pair| !pair.starts_with("客户"));
    seen.sort();
    let mut expected = expected.to_vec();
    expected.sort_unstable();
    assert_eq!(seen, expected);
    let scores: Vec<i64> = founder.all("/duplicates", 3).iter().filter_map(|pair| pair["score"].as_i64()).collect();
    assert!(scores.is_sorted_by(|one, other| one >= other), "{scores:?}");
    let before = pairs(&founder).len();
    scanned(site, &founder);
    assert_eq!(pairs(&founder).len(), before, "a second scan finds the same");
}

fn what_was_put_aside_stays_aside(site: &Site) {
    let founder = site.founder();
    person(&founder, "张伟", phone("13800138000"));
    person(&founder, "张玮", phone("13800138000"));
    followed(site);
    let pair = founder.get("/duplicates").ok(200)["items"][0].clone();
    let own = format!("/duplicates/{}", id(&pair));
    let aside = founder.post(&format!("{own}/dismissal"), json!(null)).ok(200);
    assert_eq!(aside["status"], "dismissed");
    scanned(site, &founder);
    assert_eq!(pairs(&founder), Vec::<String>::new());
    assert_eq!(founder.all("/duplicates?filter[status]=dismissed", 50).len(), 1);
    founder.remove(&format!("{own}/dismissal")).expect(204);
    assert_eq!(pairs(&founder), ["张伟+张玮 90 certain"]);
    let [one, other] = [0, 1].map(|side| pair["customers"][side].clone());
    let body = json!({"other_id": other["id"], "version": 1, "other_version": 1});
    let merged = founder.post(&format!("{}/merges", path(&one)), body).ok(201);
    followed(site);
    assert_eq!(pairs(&founder), Vec::<String>::new());
    founder.post(&format!("/merges/{}/undo", id(&merged)), json!(null)).expect(200);
    assert_eq!(pairs(&founder), ["张伟+张玮 90 certain"], "at once");
    let timeline = founder.get(&format!("{}/timeline?kinds=event", path(&other))).ok(200);
    let titles: Vec<&str> =
        timeline["items"].as_array().expect("items").iter().filter_map(|item| item["title"].as_str()).collect();
    for title in ["Taken up again as a possible duplicate", "Not a duplicate", "Merge taken back"] {
        assert!(titles.contains(&title), "{title} in {titles:?}");
    }
}

fn pairs_stay_within_sight(site: &Site) {
    let founder = site.founder();
    let member = colleague(site, "member", "member", &home(site));
    let mine = person(&member, "张伟", phone("13800138000"));
    person(&founder, "张玮", phone("13800138000"));
    followed(site);
    assert_eq!(pairs(&founder).len(), 1);
    let pair = founder.get("/duplicates").ok(200)["items"][0].clone();
    assert_eq!(pairs(&member), Vec::<String>::new(), "the other is a colleague's");
    member.get(&format!("/duplicates/{}", id(&pair))).expect(404);
    member.post(&format!("/duplicates/{}/dismissal", id(&pair)), json!(null)).expect(404);
    assert_eq!(member.get(&format!("{}/duplicates", path(&mine))).ok(200)["items"], json!([]));
    let (_, department) = unit(site, "北京", "BJ");
    let away = colleague(site, "away", "unit_administrator", &department);
    person(&away, "张伟", phone("13800138000"));
    followed(site);
    scanned(site, &away);
    assert_eq!(pairs(&away), Vec::<String>::new(), "another unit's");
    assert_eq!(pairs(&founder).len(), 1, "no pair across the wall, and the other unit's scan forgets none of ours");
}

fn the_rules_are_a_setting(site: &Site) {
    let founder = site.founder();
    person(&founder, "张伟", json!({}));
    person(&founder, "张伟", json!({}));
    followed(site);
    assert_eq!(pairs(&founder), Vec::<String>::new());
    let settings = founder.get("/settings").ok(200);
    let rules = |rules: Value| json!({"settings": {"duplicates": {"possible": 50, "certain": 80, "rules": rules}}});
    let named = json!([{"key": "name", "weight": 50, "all": [{"any": [{"field": "name", "how": "same"}]}]}]);
    let wrong = json!([{"key": "name", "weight": 50, "all": [{"any": [{"field": "phone", "how": "similar"}]}]}]);
    let refused = founder.patch("/settings", &settings["version"], rules(wrong)).ok(422);
    assert_eq!(refused["errors"][0]["pointer"], "/settings/duplicates/rules/0/all/0/any/0/how");
    founder.patch("/settings", &settings["version"], rules(named)).expect(200);
    jobs_run_due(&site.app).expect("work");
    assert_eq!(pairs(&founder), ["张伟+张伟 50 possible"]);
}

fn other_units_tell_only_whom_to_ask(site: &Site) {
    let founder = site.founder();
    let (_, department) = unit(site, "北京", "BJ");
    let away = colleague(site, "away", "unit_administrator", &department);
    person(&away, "张伟", json!({"phones": [{"number": "13800138000"}], "emails": [{"address": "zw@example.com"}]}));
    customer(&founder, "李娜");
    let member = colleague(site, "member", "member", &home(site));
    let told = member.post("/duplicates/elsewhere", json!({"phones": ["13800138000"], "emails": ["zw@example.com"]}));
    let told = told.ok(200);
    let matched = &told["matches"][0];
    assert_eq!((&matched["unit"]["name"], &matched["name_masked"]), (&json!("北京"), &json!("张*")));
    assert_eq!((&matched["ask"]["name"], &matched["matched"]), (&json!("away"), &json!(["phone", "email"])));
    assert!(!told.to_string().contains("张伟") && !told.to_string().contains("13800138000"), "{told}");
    assert_eq!(away.post("/duplicates/elsewhere", json!({"phones": ["13800138000"]})).ok(200)["matches"], json!([]));
    member.post("/duplicates/elsewhere", json!({})).expect(422);
    for _ in 1..30 {
        member.post("/duplicates/elsewhere", json!({"phones": ["13900139000"]})).expect(200);
    }
    let refused = member.post("/duplicates/elsewhere", json!({"phones": ["13900139000"]})).expect(429);
    assert!(refused.header("retry-after").is_some());
    let noted = founder.get("/audit-events?filter[resource]=duplicate_check&limit=100").ok(200);
    let noted = noted["items"].as_array().expect("items");
    assert_eq!(noted.len(), 31);
    assert!(noted.iter().any(|event| event["after"]["about"]["phones"] == json!(["138****8000"])), "{noted:?}");
}
