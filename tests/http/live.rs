//! Live updates: an open screen hears of what its person may see, and of nothing else, as long as they may.

use regulars_app::upkeep::upkeep_step;
use regulars_tests::process::Process;
use regulars_tests::{Fresh, Site, both};
use serde_json::{Value, json};

use crate::customers::{customer, id, path};

both!(changes_in_sight_are_told, jobs_are_told_on_the_same_stream, a_stream_ends_with_the_account);

/// The next `count` hints of a stream, in order of kind and id: what came with one look comes together.
fn hints(events: &mut impl Iterator<Item = (String, Value)>, count: usize) -> Vec<(String, Value)> {
    let mut told: Vec<(String, Value)> = events
        .filter(|(name, _)| name == "changed")
        .take(count)
        .map(|(_, hint)| (hint["kind"].as_str().expect("a kind").to_string(), hint["id"].clone()))
        .collect();
    told.sort_by_key(|(kind, id)| (kind.clone(), id.to_string()));
    told
}

fn changes_in_sight_are_told(site: &Site) {
    let founder = site.founder();
    let member = site.person("chen", "member");
    let chen = member.get("/me").ok(200)["id"].clone();
    let mut events = member.events("/live");
    let other = customer(&founder, "别人的");
    founder.patch(&path(&other), &other["version"], json!({"note": "x"})).expect(200);
    let mine = json!({"kind": "person", "name": "自己的", "owner_id": chen});
    let mine = founder.post("/customers", mine).ok(201);
    while upkeep_step(&site.app).expect("upkeep") {}
    assert_eq!(hints(&mut events, 1), [("customer".to_string(), mine["id"].clone())], "what is others' is not told");
    let note = json!({"customer_id": mine["id"], "kind": "note", "body": "茶"});
    let note = founder.post("/interactions", note).ok(201);
    founder.post("/products", json!({"code": "P1", "name": "茶", "price": null})).expect(201);
    founder.post(&format!("{}/shares", path(&other)), json!({"user_id": chen})).expect(200);
    while upkeep_step(&site.app).expect("upkeep") {}
    let told: Vec<String> = hints(&mut events, 4).into_iter().map(|(kind, id)| format!("{kind} {id}")).collect();
    assert!(told.contains(&format!("interaction {}", note["id"])), "{told:?}");
    assert!(told.contains(&format!("customer {}", mine["id"])), "{told:?}");
    // The sight of what is shared begins when the node forgets who the caller was; then it is told.
    let now = founder.get(&path(&mine)).ok(200);
    founder.patch(&path(&mine), &now["version"], json!({"owner_id": null})).expect(200);
    while upkeep_step(&site.app).expect("upkeep") {}
    assert_eq!(hints(&mut events, 1), [("customer".to_string(), mine["id"].clone())], "it left: look again");
}

fn jobs_are_told_on_the_same_stream(site: &Site) {
    let founder = site.founder();
    let mut events = founder.events("/live");
    let job = founder.post("/exports", json!({"resource": "customers", "format": "csv"})).ok(202);
    let (_, told) = events.find(|(name, _)| name == "job").expect("a job");
    assert_eq!((&told["id"], &told["status"]), (&job["id"], &json!("queued")));
    regulars_app::jobs::runner::jobs_run_due(&site.app).expect("work");
    let ended = events.find(|(name, told)| name == "job" && told["status"] == "done").expect("its end");
    assert_eq!(ended.1["id"], job["id"]);
}

fn a_stream_ends_with_the_account(site: &Site) {
    let founder = site.founder();
    let member = site.person("chen", "member");
    let events = member.events("/live");
    let user = member.get("/me").ok(200);
    founder.post(&format!("/users/{}/deactivation", id(&user)), json!(null)).expect(200);
    assert_eq!(events.filter(|(name, _)| name == "changed").count(), 0, "it ends, and not by the reader's patience");
    site.anonymous().get("/live").expect(401);
}

#[test]
fn what_changes_at_one_node_is_told_at_the_other() {
    let (fresh, data) = (Fresh::database(), tempfile::tempdir().expect("a directory"));
    let one = Process::limited(data.path(), Some(&fresh.url()), 0);
    let founder = one.founder();
    let two = Process::limited(data.path(), Some(&fresh.url()), 0);
    let mut there = two.client();
    there.token = founder.token.clone();
    let mut events = there.events("/live");
    let guest = customer(&founder, "王芳");
    assert_eq!(hints(&mut events, 1), [("customer".to_string(), guest["id"].clone())]);
}
