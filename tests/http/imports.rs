//! Importing through HTTP: upload, mapping, check, run, rejects, undo, and files that can't be read.

use regulars_app::jobs::runner::jobs_run_due;
use regulars_app::upkeep::upkeep_step;
use regulars_tests::{Client, Site, both};
use serde_json::{Value, json};

both!(
    customers_are_checked_imported_updated_and_taken_back,
    rejected_rows_come_back_with_reasons_and_import_again,
    broken_files_change_nothing,
    contacts_find_their_organisations,
    products_and_orders_find_each_other,
    a_purchase_log_without_headings_becomes_orders,
    mappings_are_checked_and_saved,
    only_those_who_may_import_do,
    upkeep_makes_the_imported_found_and_numbers_events,
    phones_match_and_ambiguity_is_refused,
    changed_records_survive_an_undo,
    what_wrote_nothing_is_not_taken_back,
    the_command_line_imports_too,
    custom_fields_are_filled_matched_and_put_back,
    goods_and_orders_bring_custom_fields_too,
    rows_that_look_like_someone_are_told_and_met_as_chosen,
);

fn rows_that_look_like_someone_are_told_and_met_as_chosen(site: &Site) {
    let founder = site.founder();
    let zhang = json!({"kind": "person", "name": "张伟", "code": "OLD", "phones": [{"number": "13800138001"}]});
    founder.post("/customers", zhang).expect(201);
    let text = "姓名,手机,备注\n张玮,13800138001,新备注\n张先生,13800138001,先生\n李娜,13800138002,\n";
    let told = |handling: &str| {
        let import = upload(&founder, "customers", "file.csv", text.as_bytes());
        let mapping = json!({"mapping": {"key": null, "options": {"possible_duplicates": handling}}});
        let import = patch(&founder, &import, mapping);
        let checked = perform(site, &founder, &import, "check");
        (import, checked)
    };
    let (import, checked) = told("create");
    assert_eq!((counts(&checked), &checked["counts"]["possible_duplicates"]), ([3, 3, 0, 0, 0], &json!(2)));
    let rows = founder.get(&format!("{}/rows?outcome=create", path_of(&import))).ok(200);
    let marked: Vec<&Value> = rows["items"]
        .as_array()
        .expect("rows")
        .iter()
        .filter_map(|row| row["changes"].as_array()?.iter().find(|one| one["field"] == "duplicate_of"))
        .map(|one| &one["after"])
        .collect();
    let certainty: Vec<&Value> = marked.iter().map(|one| &one["certainty"]).collect();
    assert_eq!(certainty, ["certain", "possible"], "{marked:?}");
    assert!(marked.iter().all(|one| one["code"] == "OLD"));

    let (import, checked) = told("reject");
    assert_eq!(counts(&checked), [3, 1, 0, 0, 2]);
    let rows = founder.get(&format!("{}/rows?outcome=reject", path_of(&import))).ok(200);
    assert_eq!(rows["items"][0]["errors"][0]["code"], "possible_duplicate");

    let (import, checked) = told("update");
    assert_eq!(counts(&checked), [3, 2, 1, 0, 0]);
    let done = perform(site, &founder, &import, "run");
    assert_eq!(counts(&done), [3, 2, 1, 0, 0]);
    assert_eq!(customer(&founder, "OLD")["note"], "新备注");
}

pub fn upload(client: &Client, resource: &str, name: &str, bytes: &[u8]) -> Value {
    let path = format!("/imports?resource={resource}&file_name={name}");
    client.send_bytes("POST", &path, bytes, &[("content-type", "application/octet-stream")]).ok(201)
}

pub fn path_of(import: &Value) -> String {
    format!("/imports/{}", import["id"].as_str().expect("an id"))
}

/// Starts `what` and works until it is through; the import afterwards.
pub fn perform(site: &Site, client: &Client, import: &Value, what: &str) -> Value {
    let job = client.post(&format!("{}/{what}", path_of(import)), json!(null)).ok(202);
    jobs_run_due(&site.app).expect("work");
    let job = client.get(&format!("/jobs/{}", job["id"].as_str().expect("an id"))).ok(200);
    assert_eq!(job["status"], "done", "{job}");
    client.get(&path_of(import)).ok(200)
}

pub fn import(site: &Site, client: &Client, resource: &str, text: &str) -> Value {
    let import = upload(client, resource, "file.csv", text.as_bytes());
    perform(site, client, &import, "run")
}

pub fn counts(import: &Value) -> [i64; 5] {
    ["rows", "create", "update", "unchanged", "reject"].map(|name| import["counts"][name].as_i64().expect("a count"))
}

fn patch(client: &Client, import: &Value, body: Value) -> Value {
    client.patch(&path_of(import), &import["version"], body).ok(200)
}

/// Codes of all customers, in order.
pub fn codes_of(site: &Site) -> Vec<String> {
    let all = site.founder().all("/customers", 200);
    let mut codes: Vec<String> = all.iter().map(|one| one["code"].as_str().expect("a code").to_owned()).collect();
    codes.sort();
    codes
}

pub fn customer(client: &Client, code: &str) -> Value {
    let all = client.all("/customers", 200);
    let one = all.iter().find(|one| one["code"] == code).expect(code);
    client.get(&format!("/customers/{}", one["id"].as_str().expect("an id"))).ok(200)
}

/// What the customer's own numbers say.
fn orders_counted(site: &Site, id: &str) -> i64 {
    let id = regulars_domain::ids::PartyId(id.parse().expect("an id"));
    let rows = site.app.db().read(|db| regulars_persistence::insight::metric::metrics_get(db, &[id])).expect("metrics");
    rows.first().map_or(0, |row| row.orders)
}

pub const CUSTOMERS: &str = "客户编号,姓名,手机,邮箱,性别,生日,标签,城市,备注\n\
    C001,张伟,13800138001,zhang@example.com,男,1985-06-08,\"常客,老友\",上海,喜欢靠窗\n\
    C002,李娜,13800138002,,女,1990年1月2日,,杭州,\n\
    C003,晨光贸易有限公司,021-55556666,info@example.cn,,,,上海,\n";

fn customers_are_checked_imported_updated_and_taken_back(site: &Site) {
    let founder = site.founder();
    let import = upload(&founder, "customers", "customers.csv", CUSTOMERS.as_bytes());
    assert_eq!(import["status"], "uploaded");
    let targets: Vec<&str> =
        import["columns"].as_array().expect("columns").iter().filter_map(|c| c["suggested_target"].as_str()).collect();
    assert_eq!(targets, ["code", "name", "phone", "email", "gender", "birthday", "tags", "city", "note"]);
    assert_eq!(import["mapping"]["key"], "code");
    let preview = founder.get(&format!("{}/preview?limit=2", path_of(&import))).ok(200);
    assert_eq!(preview["items"][1]["fields"][1], "张伟");

    let checked = perform(site, &founder, &import, "check");
    assert_eq!((checked["status"].as_str(), counts(&checked)), (Some("checked"), [3, 3, 0, 0, 0]));
    assert_eq!(codes_of(site).len(), 0);
    let done = perform(site, &founder, &import, "run");
    assert_eq!((done["status"].as_str(), counts(&done)), (Some("done"), [3, 3, 0, 0, 0]));
    assert_eq!(codes_of(site), ["C001", "C002", "C003"]);
    let zhang = customer(&founder, "C001");
    assert_eq!(zhang["phones"][0]["number"], "+8613800138001");
    assert_eq!((&zhang["kind"], &zhang["birthday"]), (&json!("person"), &json!("1985-06-08")));
    assert_eq!(zhang["tags"].as_array().map(Vec::len), Some(2));
    assert_eq!(zhang["addresses"][0]["city"], "上海");
    assert_eq!(customer(&founder, "C003")["kind"], "organization");

    let same = import_again(site, &founder, CUSTOMERS);
    assert_eq!(counts(&same), [3, 0, 0, 3, 0]);
    let newer = CUSTOMERS.replace("靠窗", "安静").replace("13800138002", "13900139002");
    let changed = upload(&founder, "customers", "newer.csv", newer.as_bytes());
    perform(site, &founder, &changed, "check");
    let rows = founder.get(&format!("{}/rows?outcome=update", path_of(&changed))).ok(200);
    assert_eq!(rows["items"][0]["changes"][0], json!({"field": "note", "before": "喜欢靠窗", "after": "喜欢安静"}));
    assert_eq!(rows["items"][1]["changes"][0]["after"], json!(["+8613800138002", "+8613900139002"]));
    let changed = perform(site, &founder, &changed, "run");
    assert_eq!(counts(&changed), [3, 0, 2, 1, 0]);

    let undone = perform(site, &founder, &changed, "undo");
    assert_eq!(undone["status"], "undone");
    let id = zhang["id"].as_str().expect("an id");
    assert_eq!(founder.get(&format!("/customers/{id}")).ok(200)["note"], "喜欢靠窗");
    let undone = perform(site, &founder, &done, "undo");
    // Two were changed since, by the later import and its undo; the untouched one is gone.
    assert_eq!(undone["counts"]["kept"], 2);
    assert_eq!(codes_of(site), ["C001", "C002"]);
}

fn import_again(site: &Site, client: &Client, text: &str) -> Value {
    import(site, client, "customers", text)
}

fn rejected_rows_come_back_with_reasons_and_import_again(site: &Site) {
    let founder = site.founder();
    let text = "code,name,phone,birthday,level\n\
        A1,Ada,13800138001,1990-01-01,\n\
        A2,Bob,12,1990-01-01,\n\
        A3,Cid,,1990-13-01,\n\
        A1,Dora,,,\n\
        A5,,,,\n\
        A6,Eve,,\n\
        A7,Fay,,,nowhere\n";
    let import = import(site, &founder, "customers", text);
    assert_eq!(counts(&import), [7, 1, 0, 0, 6]);
    let rows = founder.get(&format!("{}/rows?outcome=reject", path_of(&import))).ok(200);
    let codes: Vec<(i64, &str)> = rows["items"]
        .as_array()
        .expect("rows")
        .iter()
        .map(|row| (row["row"].as_i64().expect("a line"), row["errors"][0]["code"].as_str().expect("a code")))
        .collect();
    let expected = [
        (3, "phone_too_short"),
        (4, "not_a_date"),
        (5, "duplicate_in_file"),
        (6, "name_missing"),
        (7, "row_too_few_fields"),
        (8, "unknown_choice"),
    ];
    assert_eq!(codes, expected);
    let rejects = founder.get(&format!("{}/rejects", path_of(&import))).expect(200);
    assert!(rejects.header("content-disposition").is_some_and(|value| value.starts_with("attachment")));
    let text = rejects.text();
    assert!(text.contains("_reason") && text.lines().count() == 7, "{text}");
    let corrected = text.replace("A2,Bob,12,", "A2,Bob,13800138002,").replace("1990-13-01", "1990-12-01");
    let again = upload(&founder, "customers", "again.csv", corrected.as_bytes());
    let again = perform(site, &founder, &again, "run");
    // The repeated code is an update by now, and the short row was filled up.
    assert_eq!(counts(&again), [6, 3, 1, 0, 2]);
}

fn broken_files_change_nothing(site: &Site) {
    let founder = site.founder();
    let cases: [(&[u8], &str); 5] = [
        (b"", "file_empty"),
        (b"code,name\n1,A\n2,\x00\n", "file_binary"),
        (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 old", "file_old_excel_or_encrypted"),
        (b"PK\x03\x04 half a workbook", "file_truncated"),
        (b"code,name\n\xff\xff\xff,\x80\n", "file_encoding"),
    ];
    for (bytes, code) in cases {
        let path = "/imports?resource=customers&file_name=x";
        let refused = founder.send_bytes("POST", path, bytes, &[("content-type", "text/csv")]).ok(422);
        assert_eq!(refused["errors"][0]["code"], code, "{refused}");
    }
    let refused = founder.send_bytes("POST", "/imports?resource=dogs", b"a,b\n1,2\n", &[("content-type", "text/csv")]);
    assert_eq!(refused.ok(422)["errors"][0]["pointer"], "resource");
    let refused =
        founder.send_bytes("POST", "/imports?resource=customers", b"{}", &[("content-type", "application/json")]);
    assert_eq!(refused.ok(415)["code"], "unsupported_media_type");
    assert_eq!(founder.get("/imports").ok(200)["items"], json!([]));

    // A file that breaks off late is found out before the first row is stored.
    let mut text = String::from("code,name,note\n");
    (0..9000).for_each(|number| text.push_str(&format!("K{number},Name {number},x\n")));
    text.push_str("K9000,Na");
    let import = upload(&founder, "customers", "half.csv", text.as_bytes());
    let job = founder.post(&format!("{}/run", path_of(&import)), json!(null)).ok(202);
    jobs_run_due(&site.app).expect("work");
    let job = founder.get(&format!("/jobs/{}", job["id"].as_str().expect("an id"))).ok(200);
    assert_eq!(
        (job["status"].as_str(), job["error"]["code"].as_str()),
        (Some("failed"), Some("file_truncated")),
        "{job}"
    );
    assert_eq!(founder.get(&path_of(&import)).ok(200)["status"], "failed");
    assert_eq!(codes_of(site).len(), 0);
}

fn contacts_find_their_organisations(site: &Site) {
    let founder = site.founder();
    import(site, &founder, "customers", "code,name,kind\nF1,晨光贸易有限公司,企业\n");
    let text = "公司名称,姓名,电话,职务,主要联系人\n晨光贸易有限公司,王芳,13700137001,采购,是\n不存在的公司,赵强,13700137002,,\n";
    let import_one = upload(&founder, "contacts", "contacts.csv", text.as_bytes());
    let checked = perform(site, &founder, &import_one, "check");
    assert_eq!(counts(&checked), [2, 1, 0, 0, 1]);
    let checked = patch(&founder, &checked, json!({"mapping": {"options": {"create_missing_customers": true}}}));
    let done = perform(site, &founder, &checked, "run");
    assert_eq!(counts(&done), [2, 2, 0, 0, 0]);
    let names: Vec<Value> =
        founder.all("/customers", 50).into_iter().map(|customer| customer["name"].clone()).collect();
    assert_eq!(names.len(), 4, "{names:?}");
    let again = import(site, &founder, "contacts", text);
    assert_eq!(counts(&again), [2, 0, 0, 2, 0]);
}

fn products_and_orders_find_each_other(site: &Site) {
    let founder = site.founder();
    import(site, &founder, "customers", "code,name,phone\nC1,Ada,13800138001\n");
    let products =
        "SKU,品名,品牌,分类,单价,成本\nP1,围巾,晨光,服装/配饰,\"1,200.50\",600\nP2,手套,晨光,服装/配饰,80,\n";
    let done = import(site, &founder, "products", products);
    assert_eq!(counts(&done), [2, 2, 0, 0, 0]);
    assert_eq!(founder.get("/products?count=true").ok(200)["total"], 2);

    let orders = "订单号,客户编号,下单日期,商品编号,数量,单价,金额\n\
        O1,C1,2024-06-08,P1,2,,\n\
        O1,C1,2024-06-08,P2,1,80,70\n\
        O2,C9,2024-06-09,P1,1,,\n\
        O3,C1,2024-06-10,P9,1,10,\n";
    let import = upload(&founder, "orders", "orders.csv", orders.as_bytes());
    let checked = perform(site, &founder, &import, "check");
    assert_eq!(counts(&checked), [4, 2, 0, 0, 2]);
    let options = json!({"create_missing_products": true, "create_missing_customers": true});
    let import = patch(&founder, &checked, json!({"mapping": {"options": options}}));
    let done = perform(site, &founder, &import, "run");
    assert_eq!(counts(&done), [4, 4, 0, 0, 0]);
    let all = founder.all("/orders", 10);
    let first = all.iter().find(|order| order["code"] == "O1").expect("O1");
    assert_eq!(first["lines"].as_array().map(Vec::len), Some(2), "{first}");
    assert_eq!((&first["net"]["amount"], &first["paid"]["amount"]), (&json!("2471.00"), &json!("2471.00")));
    assert_eq!(first["lines"][1]["discount"]["amount"], "10.00");
    let ada = first["customer"]["id"].as_str().expect("an id");
    assert_eq!(orders_counted(site, ada), 2);

    let undone = perform(site, &founder, &done, "undo");
    assert_eq!(undone["counts"]["kept"], 0);
    assert_eq!(founder.get("/orders?count=true").ok(200)["total"], 0);
    assert_eq!(founder.get("/products?count=true").ok(200)["total"], 2);
    assert_eq!(codes_of(site), ["C1"]);
    assert_eq!(orders_counted(site, ada), 0);
}

fn a_purchase_log_without_headings_becomes_orders(site: &Site) {
    let founder = site.founder();
    let log = " 00004 0001 19970101  2   29.33\n 00004 0001 19970118  2   29.73\n 00004 0001 19970118  1   14.96\n \
                00021 0002 19970101  3   63.34\n";
    let import = upload(&founder, "orders", "log.txt", log.as_bytes());
    assert_eq!((&import["format"]["delimiter"], &import["format"]["header_row"]), (&json!(" "), &json!(false)));
    let import = patch(&founder, &import, json!({"mapping": {"options": {"create_missing_customers": true}}}));
    let done = perform(site, &founder, &import, "run");
    assert_eq!(counts(&done), [4, 4, 0, 0, 0]);
    assert_eq!(founder.get("/orders?count=true").ok(200)["total"], 3);
    let codes: Vec<Value> =
        founder.all("/customers", 10).into_iter().map(|customer| customer["code"].clone()).collect();
    assert!(codes.contains(&json!("00004")) && codes.contains(&json!("00021")), "{codes:?}");
    let again = upload(&founder, "orders", "log.txt", log.as_bytes());
    let again = perform(site, &founder, &again, "run");
    assert_eq!(counts(&again), [4, 0, 0, 4, 0]);
}

fn mappings_are_checked_and_saved(site: &Site) {
    let founder = site.founder();
    let import = upload(&founder, "customers", "x.csv", b"a,b,c\nAda,13800138001,x\n");
    let column = |index: usize, target: &str| json!({"index": index, "target": target});
    let wrong =
        json!({"mapping": {"columns": [column(0, "name"), column(1, "name"), column(9, "dog")], "key": "phone"}});
    let refused = founder.patch(&path_of(&import), &import["version"], wrong).ok(422);
    let codes: Vec<&str> =
        refused["errors"].as_array().expect("errors").iter().filter_map(|e| e["code"].as_str()).collect();
    assert_eq!(codes, ["target_taken", "no_such_column", "unknown_target", "not_a_mapped_key"]);
    let right = json!({"columns": [column(0, "name"), column(1, "phone")], "key": "phone"});
    let import = patch(&founder, &import, json!({"mapping": right}));
    let saved = json!({"name": "Till", "resource": "customers", "mapping": import["mapping"]});
    let mapping = founder.post("/import-mappings", saved.clone()).ok(201);
    assert_eq!(founder.post("/import-mappings", saved).ok(409)["code"], "name_taken");
    assert_eq!(founder.get("/import-mappings?resource=customers").ok(200)["items"][0]["mapping"], import["mapping"]);
    founder.remove(&format!("/import-mappings/{}", mapping["id"].as_str().expect("an id"))).expect(204);
    assert_eq!(founder.get("/import-mappings").ok(200)["items"], json!([]));
    let targets = founder.get("/import-targets?resource=orders").ok(200);
    assert!(
        targets["items"].as_array().is_some_and(|items| items.iter().any(|item| item["target"] == "customer_code"))
    );
    founder.patch(&path_of(&import), &json!(1), json!({"format": {"header_row": false}})).expect(412);
    let import = patch(&founder, &import, json!({"format": {"header_row": false}}));
    assert_eq!(import["columns"][0]["samples"], json!(["a", "Ada"]));
    founder.delete(&path_of(&import), &import["version"]).expect(204);
    founder.get(&path_of(&import)).expect(404);
}

fn only_those_who_may_import_do(site: &Site) {
    let anyone = site.anonymous();
    let path = "/imports?resource=customers&file_name=x.csv";
    anyone.send_bytes("POST", path, b"a,b\n1,2\n", &[("content-type", "text/csv")]).expect(401);
    anyone.get("/imports").expect(401);
}

fn phones_match_and_ambiguity_is_refused(site: &Site) {
    let founder = site.founder();
    let text = "code,name,phone\nC1,Ada,13800138001\nC2,Bob,13800138002\nC3,Bobby,13800138002\n";
    import(site, &founder, "customers", text);
    let text = "name,phone,note\nAda,138 0013 8001,hello\nBob,13800138002,hello\nNew,13800138003,hello\n";
    let done = import(site, &founder, "customers", text);
    assert_eq!(done["mapping"]["key"], "phone");
    assert_eq!(counts(&done), [3, 1, 1, 0, 1]);
    let rows = founder.get(&format!("{}/rows?outcome=reject", path_of(&done))).ok(200);
    assert_eq!(rows["items"][0]["errors"][0]["code"], "ambiguous_match");
    assert_eq!(codes_of(site).len(), 4);
}

fn changed_records_survive_an_undo(site: &Site) {
    let founder = site.founder();
    let done = import(site, &founder, "customers", "code,name\nC1,Ada\nC2,Bob\n");
    let ada = customer(&founder, "C1");
    let path = format!("/customers/{}", ada["id"].as_str().expect("an id"));
    founder.patch(&path, &ada["version"], json!({"note": "mine"})).expect(200);
    let undone = perform(site, &founder, &done, "undo");
    assert_eq!(undone["counts"]["kept"], 1);
    let rows = founder.get(&format!("{}/rows?outcome=kept", path_of(&undone))).ok(200);
    assert_eq!(
        (&rows["items"][0]["key"], &rows["items"][0]["errors"][0]["code"]),
        (&json!("C1"), &json!("changed_since"))
    );
    assert_eq!(codes_of(site), ["C1"]);
}

fn what_wrote_nothing_is_not_taken_back(site: &Site) {
    let founder = site.founder();
    let text = "code,name\nC1,Ada\n";
    let done = import(site, &founder, "customers", text);
    assert_eq!(done["undoable"], true);
    let same = import(site, &founder, "customers", text);
    assert_eq!((counts(&same), &same["undoable"]), ([1, 0, 0, 1, 0], &json!(false)));
    let refusal = founder.post(&format!("{}/undo", path_of(&same)), json!(null)).ok(409);
    assert_eq!(refusal["code"], "nothing_written");

    let checked = upload(&founder, "customers", "more.csv", "code,name\nC2,Bob\n".as_bytes());
    let checked = perform(site, &founder, &checked, "check");
    assert_eq!((&checked["counts"]["create"], &checked["undoable"]), (&json!(1), &json!(false)));
    let job = founder.post(&format!("{}/run", path_of(&checked)), json!(null)).ok(202);
    founder.post(&format!("/jobs/{}/cancellation", job["id"].as_str().expect("an id")), json!(null)).expect(200);
    let stopped = founder.get(&path_of(&checked)).ok(200);
    assert_eq!((&stopped["status"], &stopped["undoable"]), (&json!("cancelled"), &json!(false)));
    assert_eq!(founder.post(&format!("{}/undo", path_of(&stopped)), json!(null)).ok(409)["code"], "nothing_written");
    let mapped = patch(&founder, &stopped, json!({"mapping": {"key": null}}));
    assert_eq!(mapped["status"], "uploaded");

    let undone = perform(site, &founder, &done, "undo");
    assert_eq!((&undone["status"], &undone["undoable"]), (&json!("undone"), &json!(false)));
}

fn the_command_line_imports_too(site: &Site) {
    use regulars_app::imports::command::{ImportOptions, file_import};
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("people.csv");
    std::fs::write(&file, CUSTOMERS).expect("a file");
    let options = ImportOptions { resource: "customers".into(), login: "founder".into(), ..Default::default() };
    let done = file_import(&site.app, &file, &options).expect("an import");
    assert_eq!((done.status.as_str(), done.counts.create), ("done", 3));
    assert_eq!(codes_of(site), ["C001", "C002", "C003"]);
    file_import(&site.app, &file, &ImportOptions { login: "nobody".into(), ..options }).expect_err("no such person");
}

fn custom_fields_are_filled_matched_and_put_back(site: &Site) {
    let founder = site.founder();
    let choices = json!([
        {"key": "s", "label_zh": "小号", "label_en": "Small", "active": true},
        {"key": "l", "label_zh": "大号", "label_en": "Large", "active": true},
    ]);
    let field = |key: &str, zh: &str, kind: &str, choices: Value, unique: bool| {
        json!({"resource": "customer", "key": key, "label_zh": zh, "label_en": key, "type": kind, "choices": choices,
            "required": false, "unique": unique, "position": 1, "active": true})
    };
    founder.post("/custom-fields", field("size", "尺码", "choice", choices, false)).expect(201);
    founder.post("/custom-fields", field("card", "卡片", "text", json!([]), true)).expect(201);
    founder.post("/custom-fields", field("limit", "额度", "money", json!([]), false)).expect(201);
    let text = "客户编号,姓名,尺码,卡片,额度\nC1,Ada,大号,K-1,\"1,200.50\"\nC2,Bob,中号,K-2,\nC3,Cid,,K-1,\n";
    let done = import(site, &founder, "customers", text);
    assert_eq!(counts(&done), [3, 1, 0, 0, 2]);
    let rows = founder.get(&format!("{}/rows?outcome=reject", path_of(&done))).ok(200);
    let codes: Vec<&str> =
        rows["items"].as_array().expect("rows").iter().filter_map(|row| row["errors"][0]["code"].as_str()).collect();
    assert_eq!(codes, ["unknown_choice", "value_taken"]);
    let custom = |code: &str| customer(&founder, code)["custom"].clone();
    let first = json!({"size": "l", "card": "K-1", "limit": {"amount": "1200.50", "currency": "CNY"}});
    assert_eq!(custom("C1"), first);

    let uploaded = upload(&founder, "customers", "cards.csv", "卡片,尺码,姓名\nk-1,小号,Ada\nK-9,,Dora\n".as_bytes());
    let uploaded = patch(&founder, &uploaded, json!({"mapping": {"key": "custom.card"}}));
    let done = perform(site, &founder, &uploaded, "run");
    assert_eq!(counts(&done), [2, 1, 1, 0, 0]);
    assert_eq!(custom("C1")["size"], "s");
    perform(site, &founder, &done, "undo");
    assert_eq!(custom("C1"), first);
    assert_eq!(codes_of(site), ["C1"]);
}

fn goods_and_orders_bring_custom_fields_too(site: &Site) {
    let founder = site.founder();
    let field = |resource: &str, key: &str, more: Value| {
        let mut field = json!({"resource": resource, "key": key, "label_zh": key, "label_en": key, "type": "text"});
        field.as_object_mut().expect("a field").extend(more.as_object().expect("members").clone());
        founder.post("/custom-fields", field).expect(201);
    };
    field("product", "shelf", json!({}));
    field("product", "barcode", json!({"unique": true}));
    field("order", "carrier", json!({"required_if": {"field": "channel", "values": ["store"]}}));
    field("order", "weight", json!({"type": "number"}));
    let first = |list: &str, code: &str| {
        let found = founder.get(&format!("/{list}?filter[code]={code}")).ok(200)["items"][0].clone();
        found["custom"].clone()
    };

    let goods = "code,name,price,shelf,barcode\nT1,茶,10,A3,690\nT2,杯,20,,691\nT3,壶,30,,690\n";
    let done = import(site, &founder, "products", goods);
    assert_eq!(counts(&done), [3, 2, 0, 0, 1]);
    let rows = founder.get(&format!("{}/rows?outcome=reject", path_of(&done))).ok(200);
    assert_eq!(rows["items"][0]["errors"][0]["code"], "value_taken");
    let again = import(site, &founder, "products", "code,shelf,barcode\nT1,B7,690\nT2,,691\nT2x,,\n");
    assert_eq!(counts(&again), [3, 0, 1, 1, 1]);
    assert_eq!(first("products", "T1"), json!({"shelf": "B7", "barcode": "690"}));
    perform(site, &founder, &again, "undo");
    assert_eq!(first("products", "T1"), json!({"shelf": "A3", "barcode": "690"}));

    import(site, &founder, "customers", CUSTOMERS);
    let head = "order_code,customer_code,ordered_on,channel,product_code,quantity,carrier,weight\n";
    let sold = format!(
        "{head}O1,C001,2026-01-05,门店,T1,1,顺丰,\nO1,C001,2026-01-05,门店,T2,1,,2.5\n\
         O2,C001,2026-01-06,门店,T1,1,,\nO3,C002,2026-01-07,,T1,1,,heavy\nO4,C002,2026-01-08,,T1,1,,4\n"
    );
    let done = import(site, &founder, "orders", &sold);
    let rows = founder.get(&format!("{}/rows?outcome=reject", path_of(&done))).ok(200);
    let codes: Vec<&str> =
        rows["items"].as_array().expect("rows").iter().filter_map(|row| row["errors"][0]["code"].as_str()).collect();
    assert_eq!((counts(&done)[4], codes[0]), (2, "required"), "{rows}");
    assert_eq!(
        first("orders", "O1"),
        json!({"carrier": "顺丰", "weight": 2.5}),
        "rows of an order complete each other"
    );
    let again = import(site, &founder, "orders", &format!("{head}O4,C002,2026-01-08,,T1,1,德邦,4\n"));
    assert_eq!(counts(&again), [1, 0, 1, 0, 0]);
    assert_eq!(first("orders", "O4"), json!({"carrier": "德邦", "weight": 4.0}));
    perform(site, &founder, &again, "undo");
    assert_eq!(first("orders", "O4"), json!({"weight": 4.0}));
    perform(site, &founder, &done, "undo");
    let left = founder.get("/orders").ok(200)["items"].clone();
    let left: Vec<&Value> = left.as_array().expect("orders").iter().map(|one| &one["code"]).collect();
    assert_eq!(left, ["O4"], "what was changed since stays");
}

fn upkeep_makes_the_imported_found_and_numbers_events(site: &Site) {
    let founder = site.founder();
    import(site, &founder, "customers", "code,name,phone\nP1,欧阳修,13812345678\nP2,曾子墨,13987654321\n");
    let found = |q: &str| {
        let hits = founder.get(&format!("/search?q={q}")).ok(200)["customers"].clone();
        hits.as_array().expect("hits").iter().map(|hit| hit["code"].clone()).collect::<Vec<_>>()
    };
    assert!(found("12345").is_empty(), "the index is filled in the background");
    while upkeep_step(&site.app).expect("upkeep") {}
    assert_eq!(found("12345"), ["P1"]);
    assert_eq!(found("zengzi"), ["P2"]);
    let waiting = site.app.db().read(regulars_persistence::event::event_unnumbered).expect("a look");
    assert!(!waiting, "events stay without a number");
}
