//! The unit behind the wall: one of everything, with words in it that nobody outside may ever read.

use regulars_api::http::call::now;
use regulars_app::jobs::runner::jobs_run_due;
use regulars_domain::ids::WarningId;
use regulars_persistence::Db;
use regulars_persistence::insight::warning::{WarningRow, warnings_raise};
use regulars_tests::{Client, Site};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::customers::duplicates::followed;
use crate::imports::upload;

/// Pieces of everything that is recorded there.
pub const SECRETS: &[&str] = &["ersteckt", "98765", "VST-"];
/// Pieces of what its unit and people are called.
pub const WHO: &[&str] = &["eheim", "GHM"];

/// Ids, names, codes and numbers by word, and as many that nobody has.
pub struct OtherUnit {
    pub things: Vec<(String, String)>,
    pub nothing: Vec<(String, String)>,
    keeper: Client,
}

fn text(value: &Value) -> String {
    value.as_str().expect("an id").to_string()
}

/// What is looked for by its words: what there is, and its like of the same length that there is not.
const WORDS: &[(&str, &str, &str)] = &[
    ("name", "Verstecktwang", "Niemandxxwang"),
    ("phone", "13798765432", "13712344321"),
    ("email", "wang@versteckt.example", "wang@niemandxx.example"),
    ("code", "VST-1", "NMD-1"),
    ("ordercode", "VST-O-1", "NMD-O-1"),
    ("text", "Verstecktes", "Niemandesxx"),
    ("login", "geheimrat", "niemandes"),
    ("unitcode", "GHM", "NMD"),
];

impl OtherUnit {
    pub fn new(site: &Site, founder: &Client) -> Self {
        let unit = founder.post("/units", json!({"name": "Geheime Einheit", "code": "GHM"})).ok(201)["id"].clone();
        let department = founder.department_new(&unit, "Geheime Abteilung");
        let administrator = founder.role("unit_administrator");
        let user = founder.user_new("geheimrat", &department, &[&administrator])["id"].clone();
        founder.user_new("geheimnis", &department, &[&founder.role("member")]);
        let keeper = site.sign_in("geheimrat");
        let mut things = vec![("unit", text(&unit)), ("department", text(&department)), ("user", text(&user))];
        things.extend(records(&keeper));
        things.extend(lists(&keeper, &things));
        things.extend(work(site, &keeper));
        things.push(("warning", warning(site, &named(&things, "customer"))));
        let mut things: Vec<(String, String)> = things.into_iter().map(|(word, id)| (word.to_string(), id)).collect();
        let mut nothing: Vec<(String, String)> =
            things.iter().map(|(word, _)| (word.clone(), Uuid::now_v7().to_string())).collect();
        things.extend(WORDS.iter().map(|(word, is, _)| ((*word).to_string(), (*is).to_string())));
        nothing.extend(WORDS.iter().map(|(word, _, is_not)| ((*word).to_string(), (*is_not).to_string())));
        // A word that begins with another is filled in before it.
        for words in [&mut things, &mut nothing] {
            words.sort_by_key(|(word, _)| std::cmp::Reverse(word.len()));
        }
        Self { things, nothing, keeper }
    }

    /// The text with `@word` filled in.
    pub fn fill(things: &[(String, String)], text: &str) -> String {
        things.iter().fold(text.to_string(), |text, (word, is)| text.replace(&format!("@{word}"), is))
    }

    /// The text without what was filled in where `asked` names it.
    pub fn forget(things: &[(String, String)], asked: &str, text: &str) -> String {
        let used = things.iter().filter(|(word, _)| asked.contains(&format!("@{word}")));
        used.fold(text.to_string(), |text, (word, is)| text.replace(is, &format!("@{word}")))
    }

    fn id(&self, word: &str) -> &str {
        self.things.iter().find(|(known, _)| known == word).map(|(_, id)| id.as_str()).expect("a word")
    }

    /// Everything there, as its administrator and head office see it.
    pub fn seen_by_its_people(&self, founder: &Client) -> Vec<(String, Value)> {
        let customer = self.id("customer");
        let mut seen = Vec::new();
        let lists = [
            "/assets",
            "/customers?expand=metrics&limit=200",
            "/orders?limit=200",
            "/quotes?limit=200",
            "/bills?limit=200",
            "/opportunities?limit=200",
            "/pipelines",
            "/lead-forms",
            "/segments",
            "/views",
            "/dashboards",
            "/insight/clusterings",
            "/tags",
            "/users",
            "/departments",
            "/import-mappings",
            "/imports",
            "/jobs",
            "/api-keys",
            "/webhooks",
            "/duplicates?filter[status]=open",
            "/suppressions",
            "/tasks",
            "/travels",
            "/wishes",
            "/journeys",
            "/journey-runs",
            "/pools",
            "/targets?year=2026",
            "/insight/warnings",
        ];
        for path in lists {
            seen.push((path.to_string(), self.keeper.get(path).ok(200)));
        }
        let path = format!("/attachments?subject_type=customer&subject_id={customer}");
        seen.push((path.clone(), self.keeper.get(&path).ok(200)));
        for part in [
            "",
            "/card",
            "/consents",
            "/timeline",
            "/shares",
            "/relations",
            "/preferences",
            "/facts",
            "/key-accounts",
            "/trainings",
            "/costs",
            "/merges",
        ] {
            let path = format!("/customers/{customer}{part}");
            seen.push((path.clone(), self.keeper.get(&path).ok(200)));
        }
        for word in ["list", "segment"] {
            let path = format!("/segments/{}/members", self.id(word));
            seen.push((path.clone(), self.keeper.get(&path).ok(200)));
        }
        let path = format!("/audit-events?filter[unit_id]={}&limit=200&count=true", self.id("unit"));
        let mut events = founder.get(&path).ok(200);
        // Questions across the wall are noted with the unit that asks.
        events["items"] = Value::Null;
        seen.push((path, events));
        seen
    }
}

/// Customers and what belongs to one.
fn records(keeper: &Client) -> Vec<(&'static str, String)> {
    let make = |path: &str, body: Value| text(&keeper.post(path, body).ok(201)["id"]);
    let customer = make(
        "/customers",
        json!({"kind": "person", "name": "Verstecktwang", "code": "VST-1", "note": "Verstecktes Zimmer",
            "phones": [{"number": "13798765432"}], "emails": [{"address": "wang@versteckt.example"}],
            "addresses": [{"street": "Versteckte Gasse 98765"}], "status": "customer"}),
    );
    // The same number: a pair that may be one.
    let friend =
        make("/customers", json!({"kind": "person", "name": "Verstecktwang", "phones": [{"number": "13798765432"}]}));
    let gone = make("/customers", json!({"kind": "person", "name": "Versteckter Abgang"}));
    keeper.delete(&format!("/customers/{gone}"), &json!(1)).expect(204);
    let order = json!({"customer_id": customer, "code": "VST-O-1", "status": "confirmed", "note": "Versteckte Lieferung",
        "lines": [{"name": "Versteckte Bohnen", "quantity": "1", "price": {"amount": "98765.43", "currency": "CNY"}}]});
    let note = json!({"customer_id": customer, "kind": "note", "body": "Verstecktes Wort"});
    let relation = json!({"from_id": customer, "to_id": friend, "role": "friend", "note": "Verstecktes Band"});
    let asset = json!({"customer_id": customer, "name": "Versteckte Maschine", "serial": "VST-98765"});
    let task = json!({"title": "Verstecktes Vorhaben", "remarks": "Versteckter Weg", "customer_ids": [customer]});
    let wish = json!({"customer_id": customer, "wanted": "Versteckter Wunsch"});
    let pipeline = json!({"name": "Versteckter Weg", "unit_id": keeper.place().0, "position": 9, "stages": [
        {"name": "Versteckter Anfang", "status": "open", "probability": 5},
        {"name": "Verstecktes Ende", "status": "won", "probability": 100},
        {"name": "Verstecktes Aus", "status": "lost", "probability": 0}]});
    let pipeline = keeper.post("/pipelines", pipeline).ok(201);
    let opportunity = json!({"name": "Versteckter Kauf", "customer_id": customer, "type": "lead",
        "pipeline_id": pipeline["id"], "amount": {"amount": "98765.43", "currency": "CNY"}, "competitors": ["Versteckt"],
        "lead_phone": "13798765432", "remarks": "Versteckt", "steps": [{"title": "Versteckter Schritt"}]});
    let opportunity = keeper.post("/opportunities", opportunity).ok(201);
    let form = json!({"name": "Verstecktes Formular", "title": "Versteckte Frage", "fields": [{"field": "phone"}],
        "pipeline_id": pipeline["id"]});
    let consent = json!({"channel": "sms", "purpose": "survey", "given": true, "proof": "Verstecktes Formular"});
    keeper.post(&format!("/customers/{customer}/consents"), consent).expect(201);
    let suppressed = json!({"kind": "email", "address": "niemals@versteckt.example", "note": "Versteckter Grund"});
    let order = make("/orders", order);
    let sent = json!({"carrier": "Versteckte Post", "tracking": "VST-98765"});
    let sent = keeper.post(&format!("/orders/{order}/deliveries"), sent).ok(200);
    let bill = keeper.post(&format!("/orders/{order}/bills"), json!({"note": "Versteckte Schuld"})).ok(200);
    let step = json!({"key": "a", "name_zh": "Versteckter Halt", "name_en": "Versteckter Halt",
        "offset": {"count": 0, "unit": "days"}, "channel": "call", "role": "owner"});
    let journey = json!({"unit_id": keeper.place().0, "name_zh": "Versteckte Reise", "name_en": "Versteckte Reise",
        "event": "by_hand", "steps": [step]});
    let journey = make("/journeys", journey);
    let run = keeper.post("/journey-runs", json!({"journey_id": journey, "customer_id": customer})).ok(201);
    vec![
        ("journey", journey),
        ("run", text(&run["id"])),
        ("station", text(&run["stations"][0]["id"])),
        ("bill", text(&bill["id"])),
        ("delivery", text(&sent["deliveries"][0]["id"])),
        ("quote", make("/quotes", json!({"customer_id": customer, "note": "Verstecktes Angebot", "lines": []}))),
        ("order", order),
        ("interaction", make("/interactions", note)),
        (
            "preference",
            make(&format!("/customers/{customer}/preferences"), json!({"key": "Seat", "value": "Versteckt"})),
        ),
        (
            "fact",
            make(
                &format!("/customers/{customer}/facts"),
                json!({"kind": "credit_grade", "text": "Versteckt", "source": "asked"}),
            ),
        ),
        (
            "training",
            make(&format!("/customers/{customer}/trainings"), json!({"course": "product", "note": "Versteckt"})),
        ),
        (
            "cost",
            make(
                &format!("/customers/{customer}/costs"),
                json!({"kind": "gift", "amount": {"amount": "10.00", "currency": "CNY"}, "note": "Versteckt"}),
            ),
        ),
        ("dealer", {
            let shop = make("/customers", json!({"kind": "organization", "name": "Versteckter Laden"}));
            make(&format!("/customers/{shop}/dealers"), json!({"kind": "store", "territory": "Versteckt"}))
        }),
        (
            "majoraccount",
            make(
                &format!("/customers/{customer}/key-accounts"),
                json!({"plan": "Versteckt", "goals": [{"title": "Versteckt"}]}),
            ),
        ),
        ("relation", make("/relations", relation)),
        ("asset", make("/assets", asset)),
        ("wish", make("/wishes", wish)),
        ("pool", pool(keeper, &friend)),
        ("task", make("/tasks", task)),
        (
            "target",
            make(
                "/targets",
                json!({"year": 2026, "kind": "customer", "subject_id": customer, "split": "even",
                    "amount": {"amount": "77123.45", "currency": "CNY"}}),
            ),
        ),
        ("suppression", make("/suppressions", suppressed)),
        ("opportunity", text(&opportunity["id"])),
        ("leadform", make("/lead-forms", form)),
        ("planstep", text(&opportunity["steps"][0]["id"])),
        ("pipeline", text(&pipeline["id"])),
        ("stage", text(&pipeline["stages"][0]["id"])),
        ("customer", customer),
        ("friend", friend),
        ("gone", gone),
    ]
}

/// A pool, through which one customer went.
fn pool(keeper: &Client, customer: &str) -> String {
    let pool = json!({"unit_id": keeper.place().0, "name": "Versteckter Teich", "silence_days": 60, "warning_days": 7,
        "claims_per_day": 5, "most_in_hand": 50, "protection_days": 30, "return_days": 0});
    let pool = text(&keeper.post("/pools", pool).ok(201)["id"]);
    let why = json!({"note": "Versteckter Grund"});
    keeper.post(&format!("/customers/{customer}/release"), why).expect(200);
    pool
}

fn named(things: &[(&'static str, String)], word: &str) -> String {
    things.iter().find(|(known, _)| *known == word).map(|(_, id)| id.clone()).expect("a word")
}

/// What groups and marks customers.
fn lists(keeper: &Client, things: &[(&'static str, String)]) -> Vec<(&'static str, String)> {
    let make = |path: &str, body: Value| text(&keeper.post(path, body).ok(201)["id"]);
    let customer = named(things, "customer");
    let tag = make("/tags", json!({"name": "Versteckt", "color": "pine"}));
    keeper.patch(&format!("/customers/{customer}"), &json!(1), json!({"tag_ids": [tag]})).expect(200);
    let condition = json!({"field": "note", "op": "contains", "value": "Versteckt"});
    let segment = json!({"name": "Versteckte", "kind": "dynamic", "shared": true, "condition": condition});
    let list = make("/segments", json!({"name": "Versteckte Liste", "kind": "static", "shared": true}));
    keeper.post(&format!("/segments/{list}/members"), json!({"ids": [customer]})).expect(200);
    let view = json!({"resource": "customers", "name": "Versteckte Sicht", "shared": true, "definition": {}});
    let cube = json!({"resource": "pivots", "name": "Versteckter Würfel", "shared": true, "definition": {"query":
        {"fact": "orders", "measures": [{"aggregate": "count"}], "rows": [{"field": "customer"}]}}});
    let cube = make("/views", cube);
    let board = json!({"name": "Versteckte Tafel", "sharing": "unit",
        "cards": [{"id": "a", "kind": "pivot", "width": 1, "view_id": cube}]});
    let clustering = json!({"name": "Versteckte Gruppen", "features": ["orders", "net"]});
    let department = named(things, "department");
    let share = json!({"department_id": department, "may_edit": true});
    let place = format!("/attachments?subject_type=customer&subject_id={customer}&name=versteckt.txt");
    let kind = [("content-type", "application/octet-stream")];
    let attached = keeper.send_bytes("POST", &place, "Verstecktes Papier".as_bytes(), &kind).ok(201);
    let approvals = json!([{"label": "Versteckt", "user_ids": [named(things, "user")]}]);
    let template = json!({"name": "Versteckte Vorlage", "unit_id": named(things, "unit"),
        "definition": {"criteria": [{"label": "Verstecktes Merkmal"}], "approvals": approvals}});
    let template = make("/qualification-templates", template);
    let place = format!("/customers/{}/qualifications", named(things, "friend"));
    let qualification = keeper.post(&place, json!({"template_id": template})).ok(201);
    let mapping = json!({"name": "Versteckte Zuordnung", "resource": "customers", "mapping": {"columns": []}});
    vec![
        ("tag", tag),
        ("segment", make("/segments", segment)),
        ("list", list),
        ("view", make("/views", view)),
        ("cube", cube),
        ("board", make("/dashboards", board)),
        ("clustering", make("/insight/clusterings", clustering)),
        ("attachment", text(&attached["id"])),
        ("template", template),
        ("qualification", text(&qualification["id"])),
        ("share", text(&keeper.post(&format!("/customers/{customer}/shares"), share).ok(200)["id"])),
        ("mapping", make("/import-mappings", mapping)),
    ]
}

/// That its customer is about to leave.
fn warning(site: &Site, customer: &str) -> String {
    let id = WarningId::fresh();
    let row = WarningRow {
        id,
        party_id: customer.parse().expect("an id"),
        raised_on: now().date_naive(),
        risk: 0.98765,
        judge: "overdue".into(),
        reasons: json!(["overdue"]),
        stake: 98765,
        yearly: 98765,
        status: "acting".into(),
        measures: Some("Versteckter Anruf".into()),
        outcome_reason: None,
        outcome_note: None,
        handled_by: None,
        closed_on: None,
        version: 1,
        created_at: now(),
        updated_at: now(),
    };
    let raise = move |tx: &mut Db| warnings_raise(tx, vec![row.clone()]);
    site.app.db().write(raise).expect("a warning");
    id.to_string()
}

/// What was worked there: a merge, a pair, files in and out, a key, a session.
fn work(site: &Site, keeper: &Client) -> Vec<(&'static str, String)> {
    let make = |body: Value| text(&keeper.post("/customers", body).ok(201)["id"]);
    let twins = [(); 2].map(|()| make(json!({"kind": "person", "name": "Versteckter Zwilling"})));
    let merge = json!({"other_id": twins[1], "version": 1, "other_version": 1});
    let merge = keeper.post(&format!("/customers/{}/merges", twins[0]), merge).ok(201);
    followed(site);
    let pair = keeper.get("/duplicates").ok(200)["items"][0]["id"].clone();
    let import = upload(keeper, "customers", "versteckt.csv", "name\nVerstecktes Blatt\n".as_bytes());
    let export = keeper.post("/exports", json!({"resource": "customers", "format": "csv"})).ok(202);
    jobs_run_due(&site.app).expect("work");

    let mate = keeper.get("/people?q=geheimnis").ok(200)["items"][0]["id"].clone();
    let asked = json!({"kind": "leave", "user_id": mate, "reason": "Verstecktes Ende"});
    let asked = keeper.post("/account-requests", asked).ok(201);
    keeper.post("/tasks", json!({"title": "Versteckter Auftrag", "owner_id": mate})).expect(201);
    let notice = site.sign_in("geheimnis").get("/notices").ok(200)["items"][0]["id"].clone();
    let travel = json!({"starts_on": "2026-12-07", "ends_on": "2026-12-11", "note": "Versteckte Reise"});
    let travel = keeper.post("/travels", travel).ok(201);
    let webhook = json!({"name": "Versteckter Haken", "url": "http://127.0.0.1:9/versteckt",
        "messages": ["customer.updated"]});
    let webhook = keeper.post("/webhooks", webhook).ok(201);
    let delivery = keeper.post(&format!("/webhooks/{}/ping", text(&webhook["id"])), json!(null)).ok(200);
    jobs_run_due(&site.app).expect("work");
    let key = keeper
        .post("/api-keys", json!({"name": "Versteckter Schlüssel", "permissions": ["customers:customer:read"]}))
        .ok(201);
    let session = keeper.get("/me/sessions").ok(200)["items"][0]["id"].clone();
    site.sign_in("geheimrat");
    keeper.remove("/me/sessions").expect(204);
    vec![
        ("accountrequest", text(&asked["id"])),
        ("notice", text(&notice)),
        ("travel", text(&travel["id"])),
        ("merge", text(&merge["id"])),
        ("pair", text(&pair)),
        ("import", text(&import["id"])),
        ("export", text(&export["id"])),
        ("job", text(&export["id"])),
        ("key", text(&key["id"])),
        ("webhook", text(&webhook["id"])),
        ("delivery", text(&delivery["id"])),
        ("session", text(&session)),
    ]
}
