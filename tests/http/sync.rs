//! Synchronising: whatever happens between two questions, a copy ends up as what its person sees.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use regulars_api::http::call::now;
use regulars_app::AppError;
use regulars_app::customers::share::shares_forget;
use regulars_app::jobs::runner::jobs_run_due;
use regulars_app::upkeep::upkeep_step;
use regulars_persistence::Db;
use regulars_persistence::access::company::secret_get;
use regulars_persistence::sql::Statement;
use regulars_tests::{Client, Engine, Site, both};
use serde_json::{Value, json};

use crate::attachments::attach;
use crate::customers::{customer, id, path};
use crate::imports::{CUSTOMERS, perform, upload};

/// Kinds by the list of `changed` they come in.
const LISTS: &[(&str, &str)] = &[
    ("dictionary_entries", "dictionary_entry"),
    ("tags", "tag"),
    ("custom_fields", "custom_field"),
    ("products", "product"),
    ("customers", "customer"),
    ("relations", "relation"),
    ("preferences", "preference"),
    ("facts", "fact"),
    ("key_accounts", "key_account"),
    ("trainings", "training"),
    ("dealers", "dealer"),
    ("costs", "cost"),
    ("consents", "consent"),
    ("interactions", "interaction"),
    ("opportunities", "opportunity"),
    ("quotes", "quote"),
    ("orders", "order"),
    ("assets", "asset"),
    ("wishes", "wish"),
    ("qualifications", "qualification"),
    ("attachments", "attachment"),
];

both!(
    a_copy_begins_with_everything_and_goes_on_with_changes,
    what_leaves_the_sight_is_removed,
    what_hangs_on_customers_goes_with_them,
    what_is_sold_reaches_copies,
    strangers_learn_of_nothing,
    a_merge_takes_everything_along,
    names_and_roles_begin_anew,
    masks_hold_in_copies,
    imports_reach_copies,
    saving_what_stands_changes_nothing,
    a_share_that_runs_out_is_removed,
    a_token_is_good_for_one_and_for_ninety_days,
);

/// A program that keeps a copy: records by kind and id.
struct Phone {
    client: Client,
    token: String,
    records: BTreeMap<(String, String), Value>,
    restarts: usize,
}

impl Phone {
    fn new(client: Client) -> Self {
        Self { client, token: String::new(), records: BTreeMap::new(), restarts: 0 }
    }

    /// Asks until there is no more, and applies what it is told as the contract says.
    fn sync(&mut self, site: &Site, limit: usize) -> &mut Self {
        while upkeep_step(&site.app).expect("upkeep") {}
        loop {
            let told = self.client.get(&format!("/sync?limit={limit}&since={}", self.token)).ok(200);
            self.apply(&told);
            self.token = told["next"].as_str().expect("a token").into();
            if told["more"] == false {
                return self;
            }
        }
    }

    fn apply(&mut self, told: &Value) {
        if told["restart"] == true {
            self.restarts += 1;
            self.records.clear();
        }
        for gone in told["removed"].as_array().expect("removed") {
            let (kind, id) = (gone["kind"].as_str().expect("a kind"), gone["id"].as_str().expect("an id"));
            self.records.remove(&(kind.to_string(), id.to_string()));
            if kind == "customer" {
                let names = |one: &Value, member: &str| one[member]["id"] == gone["id"];
                let papers: Vec<Value> = self
                    .records
                    .iter()
                    .filter(|((kind, _), one)| kind == "qualification" && names(one, "customer"))
                    .map(|((_, id), _)| json!(id))
                    .collect();
                self.records.retain(|(kind, _), one| match kind.as_str() {
                    "interaction" | "preference" | "fact" | "key_account" | "training" | "cost" | "asset" | "wish"
                    | "qualification" => !names(one, "customer") && one["customer_id"] != gone["id"],
                    "relation" => !names(one, "from") && !names(one, "to"),
                    "consent" => one["id"] != gone["id"],
                    "attachment" => one["subject_id"] != gone["id"] && !papers.contains(&one["subject_id"]),
                    _ => true,
                });
            }
        }
        for (kinds, list) in told["changed"].as_object().expect("changed") {
            let kind = LISTS.iter().find(|(list, _)| list == kinds).expect("a known kind").1;
            for one in list.as_array().expect("records") {
                self.records.insert((kind.to_string(), id(one).to_string()), one.clone());
            }
        }
    }

    fn ids(&self, kind: &str) -> Vec<&str> {
        self.records.keys().filter(|(known, _)| known == kind).map(|(_, id)| id.as_str()).collect()
    }

    fn holds(&self, kind: &str, record: &Value) -> bool {
        self.records.contains_key(&(kind.to_string(), id(record).to_string()))
    }

    /// The copy is what lists and records say now.
    #[track_caller]
    fn is_true(&self) -> Result<(), String> {
        for (kind, path) in [
            ("customer", "/customers"),
            ("opportunity", "/opportunities"),
            ("quote", "/quotes"),
            ("order", "/orders"),
            ("product", "/products"),
        ] {
            let listed = self.client.get(&format!("{path}?limit=200")).ok(200);
            let fresh: BTreeMap<&str, &Value> =
                listed["items"].as_array().expect("items").iter().map(|one| (id(one), one)).collect();
            let held: BTreeMap<&str, &Value> = self
                .records
                .iter()
                .filter(|((known, _), _)| known == kind)
                .map(|((_, id), one)| (id.as_str(), one))
                .collect();
            if held.keys().ne(fresh.keys()) {
                return Err(format!("{kind}: {:?} and not {:?}", held.keys(), fresh.keys()));
            }
            for (id, one) in held {
                // A list may show less of a record than the record itself.
                let (one, now) = (lasting(one), lasting(&self.client.get(&format!("{path}/{id}")).ok(200)));
                if one != now {
                    return Err(format!("{kind} {one} and not {now}"));
                }
            }
            if kind == "customer" {
                self.is_true_beneath(fresh.keys().copied())?;
                self.is_true_of_what_hangs(fresh.keys().copied())?;
            }
        }
        Ok(())
    }

    fn same(&self, kind: &str, fresh: &[Value]) -> Result<(), String> {
        let mut fresh: Vec<&Value> = fresh.iter().collect();
        fresh.sort_by_key(|one| id(one));
        let held: Vec<&Value> =
            self.records.iter().filter(|((known, _), _)| known == kind).map(|(_, one)| one).collect();
        if held == fresh { Ok(()) } else { Err(format!("{kind}: {held:?} and not {fresh:?}")) }
    }

    fn is_true_of_what_hangs<'a>(&self, customers: impl Iterator<Item = &'a str>) -> Result<(), String> {
        let items =
            |path: &str| -> Vec<Value> { self.client.get(path).ok(200)["items"].as_array().expect("items").clone() };
        let files = |kind: &str, id: &str| items(&format!("/attachments?subject_type={kind}&subject_id={id}"));
        let qualifications = items("/qualifications?limit=200");
        let (mut preferences, mut facts, mut key_accounts) = (Vec::new(), Vec::new(), Vec::new());
        let (mut trainings, mut costs) = (Vec::new(), Vec::new());
        let (mut consents, mut attachments) = (Vec::new(), Vec::new());
        for one in &qualifications {
            attachments.extend(files("qualification", id(one)));
        }
        for customer in customers {
            preferences.extend(items(&format!("/customers/{customer}/preferences")));
            facts.extend(items(&format!("/customers/{customer}/facts")));
            costs.extend(items(&format!("/customers/{customer}/costs")));
            trainings.extend(items(&format!("/customers/{customer}/trainings")));
            key_accounts.extend(items(&format!("/customers/{customer}/key-accounts")));
            attachments.extend(files("customer", customer));
            let board = self.client.get(&format!("/customers/{customer}/consents")).ok(200);
            let states =
                board["states"].as_array().expect("states").iter().filter(|state| state["since"] != json!(null));
            let mut words: Vec<String> =
                states.map(|state| format!("{} {} {}", state["channel"], state["purpose"], state["given"])).collect();
            words.sort();
            let held = self.records.get(&("consent".to_string(), customer.to_string()));
            let mut known: Vec<String> = held
                .iter()
                .flat_map(|held| held["words"].as_array().expect("words"))
                .map(|word| format!("{} {} {}", word["channel"], word["purpose"], word["given"]))
                .collect();
            known.sort();
            if words != known {
                return Err(format!("consent of {customer}: {known:?} and not {words:?}"));
            }
            consents.extend(held.map(|_| customer.to_string()));
        }
        consents.sort();
        if self.ids("consent") != consents {
            return Err(format!("consent: {:?} and not {consents:?}", self.ids("consent")));
        }
        self.same("preference", &preferences)?;
        self.same("fact", &facts)?;
        self.same("key_account", &key_accounts)?;
        self.same("training", &trainings)?;
        self.same("cost", &costs)?;
        self.same("dealer", &items("/dealers?limit=200"))?;
        self.same("asset", &items("/assets?limit=200"))?;
        self.same("wish", &items("/wishes?limit=200"))?;
        self.same("qualification", &qualifications)?;
        self.same("attachment", &attachments)
    }

    fn is_true_beneath<'a>(&self, customers: impl Iterator<Item = &'a str>) -> Result<(), String> {
        let (mut interactions, mut relations) = (Vec::new(), Vec::new());
        let ids = |items: &Value| -> Vec<String> {
            items.as_array().expect("items").iter().map(|one| id(one).to_string()).collect()
        };
        for customer in customers {
            let said = self.client.get(&format!("/customers/{customer}/timeline?kinds=note&limit=200")).ok(200);
            interactions.extend(ids(&said["items"]));
            relations.extend(ids(&self.client.get(&format!("/customers/{customer}/relations")).ok(200)["items"]));
        }
        for (kind, path, mut fresh) in
            [("interaction", "/interactions", interactions), ("relation", "/relations", relations)]
        {
            fresh.sort();
            fresh.dedup();
            if self.ids(kind) != fresh {
                return Err(format!("{kind}: {:?} and not {fresh:?}", self.ids(kind)));
            }
            for one in self.ids(kind) {
                let (held, now) =
                    (&self.records[&(kind.into(), one.into())], self.client.get(&format!("{path}/{one}")));
                if *held != now.json() {
                    return Err(format!("{kind} {held} and not {}", now.text()));
                }
            }
        }
        Ok(())
    }
}

/// A record without what moves by itself from day to day.
fn lasting(record: &Value) -> Value {
    let mut record = record.clone();
    for moving in ["score", "score_reasons", "touched_at", "untouched"] {
        record.as_object_mut().expect("a record").remove(moving);
    }
    record
}

fn note(client: &Client, guest: &Value) -> Value {
    client.post("/interactions", json!({"customer_id": guest["id"], "kind": "note", "body": "茶"})).ok(201)
}

/// Something of a kind that hangs on a customer; the answer, whatever it is.
fn hang(client: &Client, guest: &Value, kind: &str) -> regulars_tests::Reply {
    match kind {
        "asset" => client.post("/assets", json!({"customer_id": guest["id"], "name": "冰箱"})),
        "wish" => client.post("/wishes", json!({"customer_id": guest["id"], "wanted": "白色"})),
        "preference" => client.post(&format!("{}/preferences", path(guest)), json!({"key": "座位", "value": "靠窗"})),
        "fact" => {
            let known = json!({"kind": "staff", "number": 12, "source": "asked"});
            client.post(&format!("{}/facts", path(guest)), known)
        }
        "cost" => {
            let spent = json!({"kind": "gift", "amount": {"amount": "10.00", "currency": "CNY"}});
            client.post(&format!("{}/costs", path(guest)), spent)
        }
        "training" => client.post(&format!("{}/trainings", path(guest)), json!({"course": "product"})),
        "key_account" => client.post(&format!("{}/key-accounts", path(guest)), json!({"plan": "扩展"})),
        "consent" => {
            let said = json!({"channel": "email", "purpose": "marketing", "given": true});
            client.post(&format!("{}/consents", path(guest)), said)
        }
        _ => attach(client, guest, "photo.txt", b"a plain text"),
    }
}

const HANGING: [&str; 9] =
    ["asset", "wish", "preference", "consent", "attachment", "fact", "key_account", "training", "cost"];

fn tea() -> Value {
    json!([{"name": "茶", "quantity": "1", "price": {"amount": "10.00", "currency": "CNY"}}])
}

fn order(client: &Client, guest: &Value, owner: &Value) -> Value {
    client.post("/orders", json!({"customer_id": guest["id"], "owner_id": owner, "lines": tea()})).ok(201)
}

fn change(client: &Client, record: &Value, kind: &str, body: Value) {
    let path = format!("/{kind}/{}", id(record));
    let version = client.get(&path).ok(200)["version"].clone();
    client.patch(&path, &version, body).expect(200);
}

fn a_copy_begins_with_everything_and_goes_on_with_changes(site: &Site) {
    let founder = site.founder();
    let guests: Vec<Value> = (0..7).map(|number| customer(&founder, &format!("客{number}"))).collect();
    founder.post("/products", json!({"code": "P1", "name": "茶", "price": null})).expect(201);
    let said = note(&founder, &guests[0]);
    founder
        .post("/relations", json!({"from_id": guests[0]["id"], "to_id": guests[1]["id"], "role": "friend"}))
        .expect(201);
    let bought = order(&founder, &guests[2], &Value::Null);
    let mut phone = Phone::new(founder.clone());
    phone.sync(site, 3).is_true().expect("everything");
    assert_eq!((phone.restarts, phone.ids("customer").len()), (1, 7));
    assert!(phone.ids("dictionary_entry").len() > 10);
    let quiet = founder.get(&format!("/sync?since={}", phone.token)).ok(200);
    assert!(quiet["changed"].as_object().is_some_and(|all| all.values().all(|list| list == &json!([]))), "{quiet}");
    assert_eq!((&quiet["removed"], &quiet["more"], &quiet["restart"]), (&json!([]), &json!(false), &json!(false)));

    change(&founder, &guests[0], "customers", json!({"name": "改名"}));
    change(&founder, &said, "interactions", json!({"body": "咖啡"}));
    change(&founder, &bought, "orders", json!({"note": "急"}));
    let entry = json!({"key": "fair", "label_zh": "展会", "label_en": "Fair", "position": 9, "active": true});
    let entry = founder.post("/dictionaries/source/entries", entry).ok(201);
    founder.delete(&path(&guests[5]), &guests[5]["version"]).expect(204);
    phone.sync(site, 2).is_true().expect("what changed");
    assert!(phone.holds("dictionary_entry", &entry) && phone.restarts == 1);
    founder.delete(&format!("/dictionary-entries/{}", id(&entry)), &entry["version"]).expect(204);
    founder.post(&format!("{}/restoration", path(&guests[5])), json!(null)).expect(200);
    phone.sync(site, 200).is_true().expect("and back");
    assert!(!phone.holds("dictionary_entry", &entry));
}

/// A version that nobody was told of would make every copy's next change a conflict.
fn saving_what_stands_changes_nothing(site: &Site) {
    let founder = site.founder();
    let (guest, friend) = (customer(&founder, "王芳"), customer(&founder, "李娜"));
    let tie = json!({"from_id": guest["id"], "to_id": friend["id"], "role": "friend"});
    let entry = json!({"key": "fair", "label_zh": "展会", "label_en": "Fair", "position": 9, "active": true});
    let field = json!({"resource": "customer", "key": "room", "label_zh": "房", "label_en": "Room", "type": "text",
        "choices": [], "required": false, "unique": false, "position": 1, "active": true});
    let approvals = json!([{"label": "Head", "role_ids": [founder.role("unit_head")]}]);
    let definition = json!({"criteria": [], "steps": [], "contracts": [], "approvals": approvals});
    let template = json!({"name": "Dealers", "required": false, "definition": definition});
    let template = founder.post("/qualification-templates", template).ok(201);
    let asked = json!({"template_id": template["id"]});
    let records = [
        ("orders", order(&founder, &guest, &Value::Null)),
        ("interactions", note(&founder, &guest)),
        ("products", founder.post("/products", json!({"code": "P1", "name": "茶", "price": null})).ok(201)),
        ("relations", founder.post("/relations", tie).ok(201)),
        ("dictionary-entries", founder.post("/dictionaries/source/entries", entry).ok(201)),
        ("tags", founder.post("/tags", json!({"name": "常客", "color": "pine"})).ok(201)),
        ("custom-fields", founder.post("/custom-fields", field).ok(201)),
        ("assets", hang(&founder, &guest, "asset").ok(201)),
        ("wishes", hang(&founder, &guest, "wish").ok(201)),
        ("preferences", hang(&founder, &guest, "preference").ok(201)),
        ("attachments", hang(&founder, &guest, "attachment").ok(201)),
        ("facts", hang(&founder, &guest, "fact").ok(201)),
        ("key-accounts", hang(&founder, &guest, "key_account").ok(201)),
        ("trainings", hang(&founder, &guest, "training").ok(201)),
        ("costs", hang(&founder, &guest, "cost").ok(201)),
        ("qualifications", founder.post(&format!("{}/qualifications", path(&friend)), asked).ok(201)),
        ("customers", founder.get(&path(&guest)).ok(200)),
    ];
    for (kind, record) in &records {
        let (at, version) = (format!("/{kind}/{}", id(record)), &record["version"]);
        let name = record.get("name").map_or(json!({}), |name| json!({"name": name}));
        assert_eq!(&founder.patch(&at, version, name).ok(200)["version"], version, "{kind}");
        let stale = json!(version.as_i64().expect("a version") + 1);
        founder.patch(&at, &stale, json!({})).expect(412);
    }
}

fn what_leaves_the_sight_is_removed(site: &Site) {
    let founder = site.founder();
    let member = site.person("chen", "member");
    let chen = member.get("/me").ok(200)["id"].clone();
    let given =
        |name: &str| founder.post("/customers", json!({"kind": "person", "name": name, "owner_id": chen})).ok(201);
    let (kept, assigned, moved, bulk) = (given("留"), given("改派"), given("调走"), given("批量"));
    let said = note(&founder, &assigned);
    let bought = order(&founder, &kept, &chen);
    let other = customer(&founder, "共享");
    let mut phone = Phone::new(member.clone());
    phone.sync(site, 200).is_true().expect("own");
    assert!(phone.holds("interaction", &said) && phone.holds("order", &bought) && !phone.holds("customer", &other));

    change(&founder, &assigned, "customers", json!({"owner_id": null}));
    let elsewhere = founder.unit_new("HZ");
    founder.post(&format!("{}/transfer", path(&moved)), json!({"unit_id": elsewhere})).expect(200);
    founder.post("/customers/bulk", json!({"ids": [bulk["id"]], "action": {"assign": {"owner_id": null}}})).expect(202);
    jobs_run_due(&site.app).expect("work");
    change(&founder, &bought, "orders", json!({"owner_id": null}));
    let share = founder.post(&format!("{}/shares", path(&other)), json!({"user_id": chen})).ok(200);
    phone.sync(site, 1).is_true().expect("what left is gone");
    assert_eq!(phone.ids("customer").len(), 2);
    assert!(phone.holds("customer", &other) && !phone.holds("interaction", &said) && !phone.holds("order", &bought));
    founder.remove(&format!("/shares/{}", id(&share))).expect(204);
    change(&founder, &assigned, "customers", json!({"owner_id": chen}));
    phone.sync(site, 200).is_true().expect("and what came");
    assert!(phone.holds("interaction", &said) && !phone.holds("customer", &other));
    assert_eq!(phone.restarts, 1, "nothing was told twice");
}

fn what_hangs_on_customers_goes_with_them(site: &Site) {
    let founder = site.founder();
    let member = site.person("chen", "member");
    let chen = member.get("/me").ok(200)["id"].clone();
    let template = json!({"name": "Dealers", "required": false, "definition": {"criteria": [], "steps": [],
        "contracts": [{"label": "Trade contract", "required": false}],
        "approvals": [{"label": "Head", "role_ids": [founder.role("unit_head")]}]}});
    let template = founder.post("/qualification-templates", template).ok(201);
    let given =
        |name: &str| founder.post("/customers", json!({"kind": "person", "name": name, "owner_id": chen})).ok(201);
    let (guest, stranger) = (given("有货"), customer(&founder, "别人的"));
    let mut phone = Phone::new(member.clone());
    phone.sync(site, 200);
    let mut hung = Vec::new();
    for one in [&guest, &stranger] {
        hung.extend(HANGING.map(|kind| (kind, hang(&founder, one, kind).ok(201))));
        let asked = json!({"template_id": template["id"]});
        let begun = founder.post(&format!("{}/qualifications", path(one)), asked).ok(201);
        let at = format!("/attachments?subject_type=qualification&subject_id={}&name=c.txt", id(&begun));
        let paper = founder.send_bytes("POST", &at, b"papers", &[("content-type", "application/octet-stream")]);
        hung.push(("attachment", paper.ok(201)));
        hung.push(("qualification", begun));
    }
    founder.post("/tags", json!({"name": "常客", "color": "pine"})).expect(201);
    let field = json!({"resource": "customer", "key": "size", "label_zh": "尺码", "label_en": "Size", "type": "text"});
    founder.post("/custom-fields", field).expect(201);
    phone.sync(site, 2).is_true().expect("what was added");
    assert_eq!((phone.restarts, phone.ids("tag").len(), phone.ids("custom_field").len()), (1, 1, 1));
    for kind in ["asset", "wish", "preference", "consent", "qualification"] {
        assert_eq!(phone.ids(kind).len(), 1, "{kind}");
    }
    assert_eq!(phone.ids("attachment").len(), 2);
    Phone::new(founder.clone()).sync(site, 3).is_true().expect("a walk tells the same");

    let (asset, wish, photo) = (&hung[0].1, &hung[1].1, &hung[4].1);
    change(&founder, asset, "assets", json!({"status": "in_repair"}));
    change(&founder, wish, "wishes", json!({"note": "急"}));
    change(&founder, photo, "attachments", json!({"name": "门面.txt"}));
    founder.delete(&format!("/preferences/{}", id(&hung[2].1)), &hung[2].1["version"]).expect(204);
    let withdrawn = json!({"channel": "email", "purpose": "marketing", "given": false});
    founder.post(&format!("{}/consents", path(&guest)), withdrawn).expect(201);
    phone.sync(site, 200).is_true().expect("what changed");
    assert!(phone.ids("preference").is_empty() && phone.restarts == 1);

    change(&founder, &guest, "customers", json!({"owner_id": null}));
    while upkeep_step(&site.app).expect("upkeep") {}
    let told = member.get(&format!("/sync?since={}", phone.token)).ok(200);
    for (kind, one) in hung[..11].iter().filter(|(kind, _)| !["consent", "preference"].contains(kind)) {
        let removed = json!({"kind": kind, "id": one["id"]});
        assert!(told["removed"].as_array().is_some_and(|gone| gone.contains(&removed)), "{removed}: {told}");
    }
    for (_, one) in &hung[11..] {
        assert!(!told.to_string().contains(id(one)), "{told}");
    }
    phone.sync(site, 200).is_true().expect("nothing is left of it");
    assert!(phone.ids("asset").is_empty() && phone.ids("attachment").is_empty() && phone.ids("consent").is_empty());
    change(&founder, &guest, "customers", json!({"owner_id": chen}));
    phone.sync(site, 200).is_true().expect("and back");
    assert_eq!((phone.ids("attachment").len(), phone.ids("asset").len(), phone.restarts), (2, 1, 1));
}

fn what_is_sold_reaches_copies(site: &Site) {
    let founder = site.founder();
    let member = site.person("chen", "member");
    let chen = member.get("/me").ok(200)["id"].clone();
    let (guest, buyer) = (customer(&founder, "张伟"), customer(&founder, "李娜"));
    let steps = json!([{"title": "Visit", "owner_id": chen}]);
    let sold = json!({"name": "两百台", "customer_id": guest["id"], "owner_id": chen, "steps": steps,
        "contacts": [{"customer_id": buyer["id"], "role": "buyer"}]});
    let sold = founder.post("/opportunities", sold).ok(201);
    let offer = json!({"customer_id": guest["id"], "opportunity_id": sold["id"], "owner_id": chen, "lines": tea()});
    let offer = founder.post("/quotes", offer).ok(201);
    let lead = founder.post("/opportunities", json!({"type": "lead", "name": "问价", "owner_id": chen})).ok(201);
    let others = founder.post("/opportunities", json!({"name": "别人的", "customer_id": guest["id"]})).ok(201);
    let (mut all, mut own) = (Phone::new(founder.clone()), Phone::new(member.clone()));
    all.sync(site, 3).is_true().expect("everything");
    own.sync(site, 200).is_true().expect("own");
    assert!(own.holds("opportunity", &sold) && own.holds("quote", &offer) && own.holds("opportunity", &lead));
    assert!(!own.holds("opportunity", &others) && !own.holds("customer", &guest));

    change(&founder, &sold, "opportunities", json!({"name": "三百台"}));
    change(&founder, &buyer, "customers", json!({"name": "李丽"}));
    let at = format!("/quotes/{}", id(&offer));
    founder.post(&format!("{at}/status"), json!({"status": "sent"})).expect(200);
    founder.post(&format!("{at}/revision"), json!(null)).expect(200);
    all.sync(site, 2).is_true().expect("what changed, and what shows it");
    own.sync(site, 200).is_true().expect("what changed of their own");
    let ordered = founder.post(&format!("{at}/order"), json!(null)).ok(200);
    all.sync(site, 200).is_true().expect("ordered");
    founder.post(&format!("/orders/{}/status", id(&ordered)), json!({"status": "cancelled"})).expect(200);
    let version = founder.get(&format!("/orders/{}", id(&ordered))).ok(200)["version"].clone();
    founder.delete(&format!("/orders/{}", id(&ordered)), &version).expect(204);
    all.sync(site, 200).is_true().expect("and not ordered");
    own.sync(site, 200).is_true().expect("nor for them");

    let heir = json!({"kind": "plan_steps", "unit_id": founder.place().0, "user_id": founder.get("/me").json()["id"]});
    founder.post(&format!("/users/{}/handover", chen.as_str().expect("an id")), json!({"heirs": [heir]})).expect(202);
    jobs_run_due(&site.app).expect("work");
    all.sync(site, 200).is_true().expect("whose steps they are now");
    own.sync(site, 200);
    change(&founder, &lead, "opportunities", json!({"owner_id": null}));
    change(&founder, &sold, "opportunities", json!({"owner_id": null}));
    while upkeep_step(&site.app).expect("upkeep") {}
    let told = member.get(&format!("/sync?since={}", own.token)).ok(200);
    let gone = |record: &Value| json!({"kind": "opportunity", "id": record["id"]});
    assert_eq!(told["removed"], json!([gone(&sold), gone(&lead)]), "and nothing they never knew");
    own.sync(site, 200).is_true().expect("what left is gone");
    let stages = founder.get("/pipelines").ok(200)["items"][0].clone();
    change(&founder, &stages, "pipelines", json!({"name": "门店"}));
    all.sync(site, 200).is_true().expect("the pipeline's new name");
    assert_eq!((all.restarts, own.restarts), (2, 1));
}

fn strangers_learn_of_nothing(site: &Site) {
    let founder = site.founder();
    let member = site.person("chen", "member");
    let mut phone = Phone::new(member.clone());
    phone.sync(site, 200);
    let (guest, gone) = (customer(&founder, "别人的"), customer(&founder, "走了"));
    note(&founder, &guest);
    let bought = order(&founder, &guest, &Value::Null);
    founder.post("/relations", json!({"from_id": guest["id"], "to_id": gone["id"], "role": "friend"})).expect(201);
    founder.delete(&path(&gone), &gone["version"]).expect(204);
    founder.delete(&format!("/orders/{}", id(&bought)), &bought["version"]).expect(204);
    let elsewhere = founder.unit_new("HZ");
    founder.post(&format!("{}/transfer", path(&guest)), json!({"unit_id": elsewhere})).expect(200);
    while upkeep_step(&site.app).expect("upkeep") {}
    let told = member.get(&format!("/sync?since={}", phone.token)).ok(200);
    for one in [&guest, &gone, &bought] {
        assert!(!told.to_string().contains(id(one)), "{told}");
    }
    assert_eq!(told["removed"], json!([]));
}

fn a_merge_takes_everything_along(site: &Site) {
    let founder = site.founder();
    let (kept, gone, friend) = (customer(&founder, "王芳"), customer(&founder, "王方"), customer(&founder, "李娜"));
    let said = note(&founder, &gone);
    let bought = order(&founder, &gone, &Value::Null);
    for one in [&kept, &gone] {
        let relation = json!({"from_id": one["id"], "to_id": friend["id"], "role": "friend"});
        founder.post("/relations", relation).expect(201);
    }
    let mut phone = Phone::new(founder.clone());
    phone.sync(site, 200).is_true().expect("apart");
    let merge = json!({"other_id": gone["id"], "version": kept["version"], "other_version": gone["version"]});
    let merged = founder.post(&format!("{}/merges", path(&kept)), merge);
    let merged = merged.ok(201);
    phone.sync(site, 1).is_true().expect("one");
    assert!(phone.holds("interaction", &said) && phone.holds("order", &bought) && !phone.holds("customer", &gone));
    founder.post(&format!("/merges/{}/undo", id(&merged)), json!(null)).expect(200);
    phone.sync(site, 1).is_true().expect("apart again");
    assert_eq!(phone.restarts, 1);
}

fn names_and_roles_begin_anew(site: &Site) {
    let founder = site.founder();
    let tag = founder.post("/tags", json!({"name": "常客", "color": "pine"})).ok(201);
    let guest = json!({"kind": "person", "name": "王芳", "tag_ids": [tag["id"]]});
    founder.post("/customers", guest).expect(201);
    let member = site.person("chen", "member");
    let mine = json!({"kind": "person", "name": "自己的"});
    member.post("/customers", mine).expect(201);
    let (mut all, mut own) = (Phone::new(founder.clone()), Phone::new(member.clone()));
    all.sync(site, 200);
    own.sync(site, 200).is_true().expect("own");
    assert_eq!(own.ids("customer").len(), 1);
    change(&founder, &tag, "tags", json!({"name": "老客"}));
    all.sync(site, 1).is_true().expect("the tag's new name");
    assert_eq!(all.restarts, 2);

    let (head, user) = (founder.role("unit_head"), member.get("/me").ok(200));
    change(&founder, &user, "users", json!({"role_ids": [head]}));
    own.sync(site, 1).is_true().expect("a wider sight");
    assert_eq!((own.ids("customer").len(), own.restarts), (2, 2), "{:?}", own.ids("customer"));
    change(&founder, &user, "users", json!({"role_ids": [founder.role("member")]}));
    own.sync(site, 200).is_true().expect("and a narrower one");
    assert_eq!(own.ids("customer").len(), 1);
}

fn masks_hold_in_copies(site: &Site) {
    let founder = site.founder();
    let copy = format!("/roles/{}/copy", founder.role("unit_head").as_str().expect("an id"));
    let role = founder.post(&copy, json!({"name": "遮电话"})).ok(201);
    founder.user_new("masked", &founder.place().1, &[&role["id"]]);
    let guest = json!({"kind": "person", "name": "王芳", "phones": [{"number": "13812348888", "primary": true}]});
    founder.post("/customers", guest).expect(201);
    let mut phone = Phone::new(site.sign_in("masked"));
    phone.sync(site, 200).is_true().expect("as it is seen");
    assert!(format!("{:?}", phone.records).contains("13812348888"));
    change(&founder, &role, "roles", json!({"masks": ["phone"]}));
    phone.sync(site, 200).is_true().expect("as it is seen now");
    assert!(!format!("{:?}", phone.records).contains("12348888"));
}

fn imports_reach_copies(site: &Site) {
    let founder = site.founder();
    let mut phone = Phone::new(founder.clone());
    phone.sync(site, 200);
    let uploaded = upload(&founder, "customers", "customers.csv", CUSTOMERS.as_bytes());
    perform(site, &founder, &uploaded, "run");
    phone.sync(site, 2).is_true().expect("imported");
    assert!(!phone.ids("customer").is_empty() && phone.restarts == 1);
    perform(site, &founder, &uploaded, "undo");
    phone.sync(site, 2).is_true().expect("taken back");
    assert!(phone.ids("customer").is_empty());
}

fn a_share_that_runs_out_is_removed(site: &Site) {
    let founder = site.founder();
    let member = site.person("chen", "member");
    let guest = customer(&founder, "共享");
    let chen = member.get("/me").ok(200)["id"].clone();
    let mut phone = Phone::new(member);
    let until = now().date_naive() + TimeDelta::days(30);
    founder.post(&format!("{}/shares", path(&guest)), json!({"user_id": chen, "until": until})).expect(200);
    phone.sync(site, 200).is_true().expect("shared");
    assert!(phone.holds("customer", &guest));
    let ended = now();
    let run_out = move |tx: &mut Db| {
        Statement::new("UPDATE share SET ends_at = ").with("", ended).run(tx)?;
        Ok::<_, AppError>(())
    };
    site.app.db().write(run_out).expect("a database");
    // What only the clock changed, nobody tells the cache of: any change of rights does.
    change(&founder, &founder.get("/me").ok(200), "users", json!({"phone": "1"}));
    shares_forget(&site.app, now()).expect("upkeep");
    phone.sync(site, 200).is_true().expect("run out");
    assert!(!phone.holds("customer", &guest) && phone.restarts == 1);
}

fn a_token_is_good_for_one_and_for_ninety_days(site: &Site) {
    let founder = site.founder();
    let other = site.person("chen", "executive");
    let mut phone = Phone::new(founder.clone());
    phone.sync(site, 200);
    let refused = other.get(&format!("/sync?since={}", phone.token)).ok(422);
    assert_eq!(refused["errors"][0]["code"], "sync_token_invalid");
    let (head, tail) = phone.token.split_at(phone.token.len() - 4);
    let forged = format!("{head}{}", if tail == "AAAA" { "BBBB" } else { "AAAA" });
    founder.get(&format!("/sync?since={forged}")).expect(422);
    let access = founder.token.clone().expect("a token");
    founder.get(&format!("/sync?since={access}")).expect(422);
    founder.get("/sync?limit=0").expect(422);
    site.anonymous().get("/sync").expect(401);
    assert_eq!(founder.get(&format!("/sync?since={}", aged(site, &phone.token, 91))).ok(410)["code"], "sync_expired");
    founder.get(&format!("/sync?since={}", aged(site, &phone.token, 89))).expect(200);
}

/// The same token given so many days earlier: the clock cannot be turned.
fn aged(site: &Site, token: &str, days: i64) -> String {
    let key = site.app.db().read(|db| secret_get(db, "token_key")).expect("a database").expect("a key");
    let mut claims = jsonwebtoken::dangerous::insecure_decode::<Value>(token).expect("a token").claims;
    let at = claims["value"]["at"].as_i64().expect("microseconds");
    claims["value"]["at"] = json!(at - days * 86_400_000_000);
    jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &EncodingKey::from_secret(&key)).expect("a token")
}

/// What may happen between two questions; numbers choose among what there is.
#[derive(Debug, Clone)]
enum Step {
    Create(u8),
    Rename(u8),
    Assign(u8, bool),
    Delete(u8),
    Restore(u8),
    Share(u8),
    Unshare(u8),
    Note(u8),
    Order(u8),
    Sell(u8, u8),
    Deal(u8, u8),
    Relate(u8, u8),
    Hang(u8, u8),
    Merge(u8, u8),
    Unmerge(u8),
    Transfer(u8),
    Role(bool),
    Sync(u8),
}

fn step() -> impl Strategy<Value = Step> {
    let any = any::<u8>;
    prop_oneof![
        any().prop_map(Step::Create),
        any().prop_map(Step::Rename),
        (any(), proptest::bool::ANY).prop_map(|(one, mine)| Step::Assign(one, mine)),
        any().prop_map(Step::Delete),
        any().prop_map(Step::Restore),
        any().prop_map(Step::Share),
        any().prop_map(Step::Unshare),
        any().prop_map(Step::Note),
        any().prop_map(Step::Order),
        (any(), any()).prop_map(|(one, how)| Step::Sell(one, how)),
        (any(), any()).prop_map(|(one, what)| Step::Deal(one, what)),
        (any(), any()).prop_map(|(one, other)| Step::Relate(one, other)),
        (any(), any()).prop_map(|(one, kind)| Step::Hang(one, kind)),
        (any(), any()).prop_map(|(one, other)| Step::Merge(one, other)),
        any().prop_map(Step::Unmerge),
        any().prop_map(Step::Transfer),
        proptest::bool::ANY.prop_map(Step::Role),
        any().prop_map(Step::Sync),
        any().prop_map(Step::Sync),
    ]
}

struct World<'a> {
    site: &'a Site,
    founder: Client,
    user: Value,
    elsewhere: Value,
    customers: Vec<Value>,
    shares: Vec<Value>,
    merges: Vec<Value>,
    /// Opportunities and quotes, each with the list it is in.
    sold: Vec<(&'static str, Value)>,
}

impl World<'_> {
    fn pick(&self, one: u8) -> Option<&Value> {
        self.customers.get(usize::from(one) % self.customers.len().max(1))
    }

    /// Does it if it can be done: refusals are answers too.
    fn take(&mut self, step: &Step, phone: &mut Phone) {
        let founder = self.founder.clone();
        let send = |method: &str, path: String, body: Value| {
            let now = founder.get(path.as_str());
            let version = format!("\"{}\"", now.json()["version"]);
            founder.send(method, &path, Some(&body).filter(|body| !body.is_null()), &[("if-match", &version)])
        };
        let me = &self.user["id"];
        match step {
            Step::Create(mine) => {
                let owner = if mine % 2 == 0 { me.clone() } else { Value::Null };
                let body = json!({"kind": "person", "name": format!("客{mine}"), "owner_id": owner});
                self.customers.push(founder.post("/customers", body).ok(201));
            }
            Step::Role(wide) => {
                let role = founder.role(if *wide { "unit_head" } else { "member" });
                send("PATCH", format!("/users/{}", id(&self.user)), json!({"role_ids": [role]})).expect(200);
            }
            Step::Sync(limit) => {
                phone.sync(self.site, 1 + usize::from(*limit % 5));
            }
            Step::Unshare(one) if !self.shares.is_empty() => {
                let share = self.shares.swap_remove(usize::from(*one) % self.shares.len());
                founder.remove(&format!("/shares/{}", id(&share)));
            }
            Step::Unmerge(one) if !self.merges.is_empty() => {
                let merge = self.merges.swap_remove(usize::from(*one) % self.merges.len());
                founder.post(&format!("/merges/{}/undo", id(&merge)), json!(null));
            }
            Step::Unshare(_) | Step::Unmerge(_) => {}
            Step::Deal(one, what) => {
                let Some((list, record)) = self.sold.get(usize::from(*one) % self.sold.len().max(1)) else { return };
                let at = format!("/{list}/{}", id(record));
                let owner = if what % 2 == 0 { me.clone() } else { Value::Null };
                match (what % 6, *list) {
                    (0, _) => drop(send("DELETE", at, Value::Null)),
                    (1, "opportunities") => drop(send("PATCH", at, json!({"name": format!("机会{what}")}))),
                    (1, _) => drop(founder.post(&format!("{at}/revision"), json!(null))),
                    (2, "quotes") => drop(founder.post(&format!("{at}/order"), json!(null))),
                    (3, "quotes") => drop(founder.post(&format!("{at}/status"), json!({"status": "sent"}))),
                    _ => drop(send("PATCH", at, json!({"owner_id": owner}))),
                }
            }
            Step::Merge(one, other) => {
                let (Some(kept), Some(gone)) = (self.pick(*one), self.pick(*other)) else { return };
                let version = |one: &Value| founder.get(&path(one)).json()["version"].clone();
                let body = json!({"other_id": gone["id"], "version": version(kept), "other_version": version(gone)});
                let merged = founder.post(&format!("{}/merges", path(kept)), body);
                if merged.status == 201 {
                    self.merges.push(merged.json());
                }
            }
            Step::Rename(one)
            | Step::Assign(one, _)
            | Step::Delete(one)
            | Step::Restore(one)
            | Step::Share(one)
            | Step::Note(one)
            | Step::Order(one)
            | Step::Sell(one, _)
            | Step::Relate(one, _)
            | Step::Hang(one, _)
            | Step::Transfer(one) => {
                let Some(guest) = self.pick(*one).cloned() else { return };
                let at = path(&guest);
                match step {
                    Step::Rename(_) => drop(send("PATCH", at, json!({"name": format!("新{one}")}))),
                    Step::Assign(_, mine) => {
                        let owner = if *mine { me.clone() } else { Value::Null };
                        send("PATCH", at, json!({"owner_id": owner}));
                    }
                    Step::Delete(_) => drop(send("DELETE", at, Value::Null)),
                    Step::Restore(_) => drop(founder.post(&format!("{at}/restoration"), json!(null))),
                    Step::Share(_) => {
                        let shared = founder.post(&format!("{at}/shares"), json!({"user_id": me}));
                        self.shares.extend((shared.status == 200).then(|| shared.json()));
                    }
                    Step::Note(_) => {
                        let body = json!({"customer_id": guest["id"], "kind": "note", "body": "茶"});
                        founder.post("/interactions", body);
                    }
                    Step::Order(_) => {
                        let owner = if one % 2 == 0 { me.clone() } else { Value::Null };
                        let body = json!({"customer_id": guest["id"], "owner_id": owner, "lines": tea()});
                        founder.post("/orders", body);
                    }
                    Step::Sell(_, how) => {
                        let owner = if how % 2 == 0 { me.clone() } else { Value::Null };
                        let held = if how % 3 == 0 { "contacts" } else { "customer_id" };
                        let whom =
                            if how % 3 == 0 { json!([{"customer_id": guest["id"]}]) } else { guest["id"].clone() };
                        let sold =
                            founder.post("/opportunities", json!({"name": "机会", "owner_id": owner, held: whom}));
                        let of = (how % 3 > 0 && sold.status == 201).then(|| sold.json()["id"].clone());
                        self.sold.extend((sold.status == 201).then(|| ("opportunities", sold.json())));
                        let body = json!({"customer_id": guest["id"], "owner_id": owner, "opportunity_id": of,
                            "lines": tea()});
                        let offer = founder.post("/quotes", body);
                        self.sold.extend((offer.status == 201).then(|| ("quotes", offer.json())));
                    }
                    Step::Hang(_, kind) => {
                        hang(&founder, &guest, HANGING[usize::from(*kind) % HANGING.len()]);
                    }
                    Step::Relate(_, other) => {
                        let Some(friend) = self.pick(*other) else { return };
                        let body = json!({"from_id": guest["id"], "to_id": friend["id"], "role": "friend"});
                        founder.post("/relations", body);
                    }
                    _ => drop(founder.post(&format!("{at}/transfer"), json!({"unit_id": self.elsewhere}))),
                }
            }
        }
    }
}

/// Whatever happens, and whenever the phone asks: in the end it holds what a fresh list gives.
fn a_copy_ends_up_true(engine: Engine, cases: u32) {
    let site = Site::start(engine);
    let founder = site.founder();
    let elsewhere = founder.unit_new("HZ");
    let (department, member) = (founder.place().1, founder.role("member"));
    let number = std::cell::Cell::new(0);
    let mut runner = TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() });
    let tried = runner.run(&proptest::collection::vec(step(), 4..28), |steps| {
        number.set(number.get() + 1);
        let login = format!("phone{}", number.get());
        let user = founder.user_new(&login, &department, &[&member]);
        let mut phone = Phone::new(site.sign_in(&login));
        let (customers, shares, merges, sold) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let mut world = World {
            site: &site,
            founder: founder.clone(),
            user,
            elsewhere: elsewhere.clone(),
            customers,
            shares,
            merges,
            sold,
        };
        for step in &steps {
            world.take(step, &mut phone);
        }
        phone.sync(&site, 3);
        phone.is_true().map_err(TestCaseError::fail)
    });
    tried.expect("the copy is what is seen");
}

#[test]
fn a_copy_ends_up_true_on_sqlite() {
    a_copy_ends_up_true(Engine::Sqlite, 24);
}

#[test]
fn a_copy_ends_up_true_on_postgres() {
    a_copy_ends_up_true(Engine::Postgres, 12);
}
