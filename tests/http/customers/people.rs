//! Preferences, relations, interactions: what is known about a person and with whom they stand.

use regulars_tests::{Site, both};
use serde_json::json;

use super::{customer, id, path};

both!(preferences_are_confirmed, relations_show_on_both_ends, interactions_are_written_down, the_timeline_pages);

fn preferences_are_confirmed(site: &Site) {
    let founder = site.founder();
    let guest = customer(&founder, "A");
    let at = format!("{}/preferences", path(&guest));
    let seat = json!({"key": "Seat", "value": "By the window", "source": "breakfast", "confirmed_on": "2025-06-08"});
    let seat = founder.post(&at, seat).ok(201);
    founder.post(&at, json!({"key": "早餐", "value": "Soft egg", "confirmed_on": "2025-07-01"})).expect(201);
    founder.post(&at, json!({"key": "早餐", "value": "Soft egg", "confirmed_on": "2999-07-01"})).expect(422);
    let listed = founder.get(&at).ok(200);
    assert_eq!((&listed["items"][0]["key"], &listed["items"][1]["key"]), (&json!("breakfast"), &json!("seat")));
    let own = format!("/preferences/{}", id(&seat));
    let again = founder.post(&format!("{own}/confirmation"), json!({"on": "2025-09-01"})).ok(200);
    assert_eq!((&again["confirmed_on"], &again["version"]), (&json!("2025-09-01"), &json!(2)));
    assert_eq!(founder.get(&at).ok(200)["items"][0]["key"], "seat");
    founder.patch(&own, &json!(1), json!({"value": "x"})).expect(412);
    assert_eq!(founder.patch(&own, &json!(2), json!({"value": "Corner"})).ok(200)["value"], "Corner");
    founder.delete(&own, &json!(3)).expect(204);
    assert_eq!(founder.get(&at).ok(200)["items"].as_array().map(Vec::len), Some(1));
}

fn relations_show_on_both_ends(site: &Site) {
    let founder = site.founder();
    let (buyer, firm) = (customer(&founder, "Buyer"), customer(&founder, "Firm"));
    let body = json!({"from_id": buyer["id"], "to_id": firm["id"], "role": "buyer", "primary": true});
    let relation = founder.post("/relations", body.clone()).ok(201);
    assert_eq!((&relation["from"]["name"], &relation["to"]["name"]), (&json!("Buyer"), &json!("Firm")));
    for end in [&buyer, &firm] {
        let listed = founder.get(&format!("{}/relations", path(end))).ok(200);
        assert_eq!(listed["items"][0], relation);
    }
    founder.post("/relations", json!({"from_id": buyer["id"], "to_id": buyer["id"], "role": "buyer"})).expect(422);
    founder.post("/relations", json!({"from_id": buyer["id"], "to_id": firm["id"], "role": "wizard"})).expect(422);
    let own = format!("/relations/{}", id(&relation));
    let dates = json!({"valid_from": "2025-01-01", "valid_to": "2024-01-01"});
    founder.patch(&own, &json!(1), dates).expect(422);
    let ended = founder.patch(&own, &json!(1), json!({"valid_to": "2025-01-01"})).ok(200);
    assert_eq!((&ended["valid_to"], &ended["version"]), (&json!("2025-01-01"), &json!(2)));
    assert_eq!(founder.get(&own).ok(200), ended);
    founder.delete(&own, &json!(2)).expect(204);
    founder.get(&own).expect(404);
}

fn interactions_are_written_down(site: &Site) {
    let founder = site.founder();
    let guest = customer(&founder, "A");
    assert_eq!(guest["last_contact_at"], json!(null));
    let call = json!({"customer_id": guest["id"], "kind": "call", "body": "rang", "at": "2025-06-08T01:02:03Z"});
    let call = founder.post("/interactions", call).ok(201);
    assert_eq!(founder.get(&path(&guest)).ok(200)["last_contact_at"], "2025-06-08T01:02:03Z");
    let own = format!("/interactions/{}", id(&call));
    let later = founder.patch(&own, &json!(1), json!({"at": "2025-07-08T01:02:03Z", "direction": "in"})).ok(200);
    assert_eq!((&later["direction"], &later["version"]), (&json!("in"), &json!(2)));
    assert_eq!(founder.get(&path(&guest)).ok(200)["last_contact_at"], "2025-07-08T01:02:03Z");
    assert_eq!(founder.get(&own).ok(200), later);
    founder.delete(&own, &json!(2)).expect(204);
    assert_eq!(founder.get(&path(&guest)).ok(200)["last_contact_at"], json!(null));
    founder.post("/interactions", json!({"customer_id": guest["id"], "kind": "dream", "body": "x"})).expect(422);
    let nobody = json!({"customer_id": "01990000-0000-7000-8000-000000000001", "kind": "note", "body": "x"});
    assert_eq!(founder.post("/interactions", nobody).ok(422)["errors"][0]["pointer"], "/customer_id");
    let soon = json!({"customer_id": guest["id"], "kind": "note", "body": "x", "at": "2999-01-01T00:00:00Z"});
    founder.post("/interactions", soon).expect(422);
}

fn the_timeline_pages(site: &Site) {
    let founder = site.founder();
    let guest = customer(&founder, "A");
    for day in 1..=5 {
        let body = json!({"customer_id": guest["id"], "kind": if day % 2 == 0 { "call" } else { "note" },
            "body": format!("day {day}"), "at": format!("2025-06-0{day}T00:00:00Z")});
        founder.post("/interactions", body).expect(201);
    }
    let at = format!("{}/timeline", path(&guest));
    let all = founder.all(&at, 2);
    let bodies: Vec<&str> = all.iter().skip(1).filter_map(|item| item["body"].as_str()).collect();
    assert_eq!(bodies, ["day 5", "day 4", "day 3", "day 2", "day 1"]);
    assert_eq!((&all[0]["kind"], &all[0]["title"]), (&json!("event"), &json!("Customer created")));
    assert_eq!((&all[1]["editable"], &all[1]["version"]), (&json!(true), &json!(1)));
    assert_eq!(founder.all(&format!("{at}?kinds=call"), 50).len(), 2);
    assert_eq!(founder.all(&format!("{at}?kinds=event"), 50).len(), 1);
    founder.get(&format!("{at}?kinds=dream")).expect(422);
}
