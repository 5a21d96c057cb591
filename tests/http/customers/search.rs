//! Finding customers by any piece of what is known.

use regulars_tests::{Client, Site, both};
use serde_json::{Value, json};

use super::{customer, names, path};

both!(any_piece_finds, the_index_follows_changes, lists_search_filter_and_sort);

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
