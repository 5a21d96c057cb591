//! Who guesses an id across a wall learns nothing, by any path.

use regulars_tests::{Client, Site, both};
use serde_json::{Value, json};

use super::{colleague, customer, home, id, names, path, unit};

both!(another_units_ids_open_nothing, members_see_their_own, readers_change_nothing, no_permission_no_customers);

/// Someone of unit B beside a customer of unit A with everything that belongs to one.
fn another_units_ids_open_nothing(site: &Site) {
    let founder = site.founder();
    let guest = founder
        .post(
            "/customers",
            json!({"kind": "person", "name": "张伟", "phones": [{"number": "13800138000"}], "code": "X-1"}),
        )
        .ok(201);
    let other = customer(&founder, "李娜");
    let note = founder.post("/interactions", json!({"customer_id": guest["id"], "kind": "note", "body": "x"})).ok(201);
    let seat = founder.post(&format!("{}/preferences", path(&guest)), json!({"key": "Seat", "value": "W"})).ok(201);
    let relation =
        founder.post("/relations", json!({"from_id": guest["id"], "to_id": other["id"], "role": "friend"})).ok(201);
    let tag = founder.post("/tags", json!({"name": "VIP", "color": "pine"})).ok(201);
    let (_, department) = unit(site, "北京", "BJ");
    for (login, role) in [("bm", "member"), ("ba", "unit_administrator"), ("bh", "unit_head"), ("bs", "service_agent")]
    {
        let stranger = colleague(site, login, role, &department);
        nothing_opens(&stranger, &guest, &[&note, &seat, &relation]);
        let mine = customer(&stranger, "王五");
        let body = json!({"from_id": mine["id"], "to_id": guest["id"], "role": "friend"});
        assert_eq!(stranger.post("/relations", body).ok(422)["errors"][0]["code"], "unknown_reference");
        let marked = json!({"kind": "person", "name": "A", "tag_ids": [tag["id"]]});
        assert_eq!(stranger.post("/customers", marked).ok(422)["errors"][0]["pointer"], "/tag_ids");
        let there = json!({"kind": "person", "name": "A", "unit_id": guest["unit"]["id"]});
        assert_eq!(stranger.post("/customers", there).ok(422)["errors"][0]["pointer"], "/unit_id");
    }
    let same_code = json!({"kind": "person", "name": "A", "code": "X-1"});
    site.sign_in("bm").post("/customers", same_code).expect(201);
}

fn nothing_opens(stranger: &Client, guest: &Value, parts: &[&Value]) {
    let at = path(guest);
    for tail in ["", "/card", "/timeline", "/access", "/preferences", "/relations"] {
        stranger.get(&format!("{at}{tail}")).expect(404);
    }
    assert_eq!(stranger.patch(&at, &json!(1), json!({"note": "x"})).status, 404);
    let gone = stranger.delete(&at, &json!(1)).status;
    assert!(gone == 404 || gone == 403, "{gone}");
    let call = json!({"customer_id": guest["id"], "kind": "call", "body": "x"});
    assert_eq!(stranger.post("/interactions", call).ok(422)["errors"][0]["code"], "unknown_reference");
    assert_eq!(stranger.post(&format!("{at}/preferences"), json!({"key": "k", "value": "v"})).status, 404);
    let [note, seat, relation] = parts else { panic!("three parts") };
    stranger.get(&format!("/interactions/{}", id(note))).expect(404);
    stranger.patch(&format!("/interactions/{}", id(note)), &json!(1), json!({"body": "y"})).expect(404);
    stranger.delete(&format!("/interactions/{}", id(note)), &json!(1)).expect(404);
    stranger.patch(&format!("/preferences/{}", id(seat)), &json!(1), json!({"value": "y"})).expect(404);
    stranger.delete(&format!("/preferences/{}", id(seat)), &json!(1)).expect(404);
    stranger.post(&format!("/preferences/{}/confirmation", id(seat)), json!(null)).expect(404);
    stranger.get(&format!("/relations/{}", id(relation))).expect(404);
    stranger.patch(&format!("/relations/{}", id(relation)), &json!(1), json!({"note": "y"})).expect(404);
    stranger.delete(&format!("/relations/{}", id(relation)), &json!(1)).expect(404);
    for q in ["%E5%BC%A0", "zhangwei", "13800138000", "8000", "X-1"] {
        assert_eq!(stranger.get(&format!("/search?q={q}")).ok(200)["customers"], json!([]), "{q}");
        assert_eq!(stranger.get(&format!("/customers?q={q}")).ok(200)["items"], json!([]), "{q}");
    }
    for filter in ["filter[phone]=%2B8613800138000", "filter[code]=X-1", "sort=name&filter[name]=%E5%BC%A0%E4%BC%9F"] {
        assert_eq!(stranger.get(&format!("/customers?{filter}&count=true")).ok(200)["total"], 0, "{filter}");
    }
}

fn members_see_their_own(site: &Site) {
    let founder = site.founder();
    let department = home(site);
    let member = colleague(site, "mem", "member", &department);
    let boss = customer(&founder, "老板客户");
    let mine = customer(&member, "我的客户");
    assert_eq!(names(&member.get("/customers").ok(200)["items"]), ["我的客户"]);
    member.get(&path(&boss)).expect(404);
    assert_eq!(names(&member.get("/search?q=kehu").ok(200)["customers"]), ["我的客户"]);
    assert_eq!(names(&founder.get("/search?q=kehu").ok(200)["customers"]).len(), 2);
    let given = json!({"owner_id": boss["owner"]["id"]});
    assert_eq!(member.patch(&path(&mine), &json!(1), given).status, 403, "only those who may assign give away");
    let relation =
        founder.post("/relations", json!({"from_id": boss["id"], "to_id": mine["id"], "role": "friend"})).ok(201);
    let seen = member.get(&format!("{}/relations", path(&mine))).ok(200);
    assert_eq!((&seen["items"][0]["from"]["name"], &seen["items"][0]["id"]), (&json!(""), &relation["id"]));
}

fn readers_change_nothing(site: &Site) {
    let founder = site.founder();
    let guest = customer(&founder, "A");
    let auditor = colleague(site, "aud", "auditor", &home(site));
    auditor.get(&path(&guest)).expect(200);
    for refused in [
        auditor.post("/customers", json!({"kind": "person", "name": "B"})),
        auditor.patch(&path(&guest), &json!(1), json!({"note": "x"})),
        auditor.delete(&path(&guest), &json!(1)),
        auditor.post("/interactions", json!({"customer_id": guest["id"], "kind": "note", "body": "x"})),
        auditor.post(&format!("{}/preferences", path(&guest)), json!({"key": "k", "value": "v"})),
    ] {
        assert_eq!(refused.status, 403);
    }
    let access = auditor.get(&format!("{}/access", path(&guest))).ok(200);
    assert_eq!(access["can_edit"], false);
}

fn no_permission_no_customers(site: &Site) {
    let founder = site.founder();
    let guest = customer(&founder, "张伟");
    let system = colleague(site, "sys", "system_administrator", &home(site));
    system.get("/customers").expect(403);
    system.get(&path(&guest)).expect(403);
    assert_eq!(system.get("/search?q=zhang").ok(200)["customers"], json!([]));
    site.anonymous().get("/customers").expect(401);
}
