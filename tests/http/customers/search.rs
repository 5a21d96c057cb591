//! Finding customers by any piece of what is known.

use std::collections::BTreeSet;

use regulars_tests::{Client, Site, both};
use serde_json::{Value, json};

use super::{customer, names, path};

both!(any_piece_finds, the_index_follows_changes, lists_search_filter_and_sort, a_list_finds_every_match_and_no_other);

fn found(client: &Client, typed: &str) -> Value {
    let typed: String = typed.bytes().map(|b| format!("%{b:02X}")).collect();
    client.get(&format!("/search?q={typed}")).ok(200)["customers"].clone()
}

fn any_piece_finds(site: &Site) {
    let founder = site.founder();
    for (name, kind, phone, email) in [
        ("张伟", "person", "13800138000", "zw@example.com"),
        ("张伟明", "person", "13900002222", "ming@example.com"),
        ("单田芳", "person", "13700003333", "shan@example.com"),
        ("重庆星河（集团）有限公司", "organization", "023-68881234", "office@xinghe.cn"),
    ] {
        let body = json!({"kind": kind, "name": name, "phones": [{"number": phone}], "emails": [{"address": email}]});
        founder.post("/customers", body).expect(201);
    }
    for (typed, first, matched) in [
        ("张伟", "张伟", "name"),
        ("伟明", "张伟明", "name"),
        ("芳", "单田芳", "name"),
        ("星河集团", "重庆星河(集团)有限公司", "name"),
        ("zhangwei", "张伟", "pinyin"),
        ("zwm", "张伟明", "pinyin"),
        ("shantian", "单田芳", "pinyin"),
        ("chongqing", "重庆星河(集团)有限公司", "pinyin"),
        ("8000", "张伟", "phone"),
        ("139 0000 2222", "张伟明", "phone"),
        ("+8613900002222", "张伟明", "phone"),
        ("68881234", "重庆星河(集团)有限公司", "phone"),
        ("c-01-000003", "单田芳", "code"),
        ("ming@", "张伟明", "email"),
        ("office@xinghe.cn", "重庆星河(集团)有限公司", "email"),
    ] {
        let hits = found(&founder, typed);
        assert_eq!((&hits[0]["name"], &hits[0]["matched"]), (&json!(first), &json!(matched)), "{typed}: {hits}");
    }
    assert_eq!(names(&found(&founder, "张")), ["张伟明", "张伟"], "the newer first");
    assert_eq!(found(&founder, "张伟")[0]["phone_tail"], "8000");
    for nothing in ["王", "!!", "", "99999999"] {
        assert_eq!(found(&founder, nothing), json!([]), "{nothing}");
    }
}

fn the_index_follows_changes(site: &Site) {
    let founder = site.founder();
    let wei = customer(&founder, "张伟");
    founder.patch(&path(&wei), &json!(1), json!({"name": "李娜", "phones": [{"number": "13800138000"}]})).expect(200);
    assert_eq!(found(&founder, "张"), json!([]));
    assert_eq!(names(&found(&founder, "lina")), ["李娜"]);
    founder.patch(&path(&wei), &json!(2), json!({"phones": []})).expect(200);
    assert_eq!(found(&founder, "8000"), json!([]));
}

fn lists_search_filter_and_sort(site: &Site) {
    let founder = site.founder();
    for (name, status) in [("王五", "lead"), ("张三", "customer"), ("李四", "customer"), ("孙丽", "inactive")] {
        founder.post("/customers", json!({"kind": "person", "name": name, "status": status})).expect(201);
    }
    let listed = |query: &str| {
        let page = founder.get(&format!("/customers?{query}")).ok(200);
        names(&page["items"]).into_iter().map(String::from).collect::<Vec<_>>()
    };
    assert_eq!(listed("sort=name"), ["李四", "孙丽", "王五", "张三"]);
    assert_eq!(listed("sort=-created_at"), ["孙丽", "李四", "张三", "王五"]);
    assert_eq!(listed("filter[status]=customer&sort=name"), ["李四", "张三"]);
    assert_eq!(listed("q=zhangsan"), ["张三"]);
    assert_eq!(listed("q=zhangsan&filter[status]=lead"), [""; 0]);
    assert_eq!(listed("filter[metrics.orders]=0&sort=-name&limit=1"), ["张三"]);
    let pages = founder.all("/customers?sort=name", 1);
    assert_eq!(names(&Value::Array(pages)), ["李四", "孙丽", "王五", "张三"]);
    let counted = founder.get("/customers?count=true&limit=1").ok(200);
    assert_eq!((&counted["total"], &counted["total_capped"]), (&json!(4), &json!(false)));
    founder.get("/customers?sort=shoe_size").expect(422);
    founder.get("/customers?filter[shoe_size]=4").expect(422);
    founder.get("/customers?limit=201").expect(422);
}

fn some_names<'a>(customers: impl IntoIterator<Item = &'a Value>) -> BTreeSet<&'a str> {
    customers.into_iter().filter_map(|customer| customer["name"].as_str()).collect()
}

/// More customers than any search looks at by rank, found by what they are and by nothing else, page by page.
fn a_list_finds_every_match_and_no_other(site: &Site) {
    let founder = site.founder();
    let names = ["张伟", "张志伟", "王张伟", "李娜", "常威", "Zhang Wei", "张薇", "伟张"];
    let meant = ["张伟", "王张伟", "张薇", "Zhang Wei"];
    for batch in 0..5 {
        let people: Vec<Value> = (0..500)
            .map(|at| {
                let name = if batch == 0 && at == 0 { "诸葛亮" } else { names[(batch * 500 + at) % names.len()] };
                json!({"kind": "person", "name": name, "status": if at % 50 == 0 { "lead" } else { "customer" }})
            })
            .collect();
        founder.post("/customers/batch", json!({ "create": people })).expect(200);
    }
    let page = |query: &str| founder.get(&format!("/customers?{query}")).ok(200);
    assert_eq!(page("q=zhugeliang")["items"].as_array().map(Vec::len), Some(1), "the oldest is found");
    for (typed, wanted) in [
        ("zhangwei", &meant[..]),
        ("zw", &["张伟", "张志伟", "王张伟", "Zhang Wei", "张薇"]),
        ("%E4%BC%9F", &["张伟", "张志伟", "王张伟", "伟张"]),
    ] {
        let everyone = founder.all("/customers?sort=id", 200);
        let is_wanted = |customer: &&Value| wanted.iter().any(|name| customer["name"] == *name);
        let mut expected: Vec<&Value> = everyone.iter().filter(is_wanted).map(|customer| &customer["id"]).collect();
        let found = founder.all(&format!("/customers?q={typed}&sort=id"), 97);
        assert_eq!(some_names(&found), some_names(everyone.iter().filter(is_wanted)), "{typed}");
        assert!(found.iter().map(|one| &one["id"]).eq(expected.iter().copied()), "{typed}: each once, in order");
        let by_name = founder.all(&format!("/customers?q={typed}&sort=-name"), 200);
        assert!(by_name.is_sorted_by(|a, b| a["name_pinyin"].as_str() >= b["name_pinyin"].as_str()));
        let mut ids: Vec<&Value> = by_name.iter().map(|one| &one["id"]).collect();
        ids.sort_by_key(|id| id.to_string());
        expected.sort_by_key(|id| id.to_string());
        assert!(ids == expected, "{typed} by name");
        let counted = page(&format!("q={typed}&count=true&limit=1"));
        assert_eq!((&counted["total"], &counted["total_capped"]), (&json!(expected.len()), &json!(false)), "{typed}");
        let leads = founder.all(&format!("/customers?q={typed}&filter[status]=lead"), 7);
        let expected = everyone.iter().filter(is_wanted).filter(|one| one["status"] == "lead").count();
        assert_eq!(leads.len(), expected, "{typed} among leads");
    }
}
