//! Quotes and orders as papers: what they say, in either language, and who may have them.

use regulars_tests::{Client, Site, both};
use serde_json::{Value, json};

use crate::sales::{customer, yuan};

both!(a_paper_says_what_the_record_says, long_papers_number_their_pages, papers_follow_sight);

/// The pages of a paper, each as the words on it.
fn pages(bytes: &[u8]) -> Vec<String> {
    let document = lopdf::Document::load_mem(bytes).expect("a PDF");
    document.get_pages().keys().map(|page| document.extract_text(&[*page]).expect("text")).collect()
}

fn paper(client: &Client, path: &str, locale: &str) -> Vec<String> {
    let reply = client.get(&format!("{path}/paper?locale={locale}")).expect(200);
    assert_eq!(reply.header("content-type"), Some("application/pdf"));
    pages(&reply.body)
}

fn quote(client: &Client, lines: &Value) -> String {
    let body = json!({"customer_id": customer(client, "张伟"), "quoted_on": "2026-03-02", "valid_until": "2099-04-01",
        "lines": lines, "order_discount": yuan("10.00"), "note": "送货上门"});
    let made = client.post("/quotes", body).ok(201);
    format!("/quotes/{}", made["id"].as_str().expect("an id"))
}

fn letterhead(client: &Client) {
    let version = client.get("/settings").ok(200)["version"].clone();
    let papers = json!({"settings": {"papers": {"letterhead": "南京西路 100 号\n021-5555 0100",
        "quote_terms": "Payment within 30 days."}}});
    client.patch("/settings", &version, papers).ok(200);
}

fn a_paper_says_what_the_record_says(site: &Site) {
    let client = site.founder();
    letterhead(&client);
    let lines = json!([
        {"name": "拿铁 Latte", "quantity": "1000", "price": yuan("33.34"), "discount": yuan("0.02"), "tax_rate": "13",
            "promised_on": "2026-03-20", "options": [{"name": "颜色", "value": "白"}]},
        {"name": "b", "quantity": "1.5", "price": yuan("50.00"), "tax_rate": "6"},
    ]);
    let path = quote(&client, &lines);
    let record = client.get(&path).ok(200);
    let chinese = paper(&client, &path, "zh-CN").concat();
    for word in [
        "报价单",
        "张伟",
        "拿铁",
        "Latte",
        "1,000",
        "33.34",
        "33,339.98",
        "33,404.98",
        "颜色：白",
        "承诺交期",
        "2026-03-20",
        "2099-04-01",
        "南京西路",
        "Payment within 30 days.",
        "送货上门",
        "其中税额",
        "1 / 1",
    ] {
        assert!(chinese.contains(word), "{word} is missing in {chinese}");
    }
    let code = record["code"].as_str().expect("a code");
    assert!(chinese.contains(code));
    let english = paper(&client, &path, "en").concat();
    for word in ["Quote", "Valid until", "Total (CNY)", "of which tax at 13%", "Accepted by the customer", code] {
        assert!(english.contains(word), "{word} is missing in {english}");
    }
    assert!(!english.contains("报价单"));

    let order = client.post(&format!("{path}/status"), json!({"status": "sent"})).ok(200);
    assert_eq!(order["status"], "sent");
    let order = client.post(&format!("{path}/order"), Value::Null).ok(200);
    let place = format!("/orders/{}", order["id"].as_str().expect("an id"));
    client.post(&format!("{place}/payments"), json!({"amount": yuan("400.00")})).ok(200);
    let paid = paper(&client, &place, "en").concat();
    for word in ["Order", code, "Paid", "400.00", "Still to pay", "33,004.98", "33,404.98"] {
        assert!(paid.contains(word), "{word} is missing in {paid}");
    }
    let refused = client.get(&format!("{path}/paper?locale=fr")).ok(422);
    assert_eq!(refused["errors"][0]["pointer"], "/locale");
}

fn long_papers_number_their_pages(site: &Site) {
    let client = site.founder();
    let line = |number: usize| json!({"name": format!("item {number:03}"), "quantity": "1", "price": yuan("1.00")});
    let lines: Vec<Value> = (1..=200).map(line).collect();
    let pages = paper(&client, &quote(&client, &json!(lines)), "en");
    assert!(pages.len() > 3, "{} pages", pages.len());
    for (at, page) in pages.iter().enumerate() {
        assert!(page.contains(&format!("{} / {}", at + 1, pages.len())), "page {at}");
    }
    let all = pages.concat();
    for number in 1..=200 {
        assert_eq!(all.matches(&format!("item {number:03}")).count(), 1, "item {number}");
    }
    assert!(pages.last().expect("a page").contains("190.00"));
    // The heads of the columns stand on every page that has lines.
    for page in pages.iter().filter(|page| page.contains("item ")) {
        assert!(page.contains("Quantity"));
    }
}

fn papers_follow_sight(site: &Site) {
    let client = site.founder();
    let path = quote(&client, &json!([{"name": "a", "quantity": "1", "price": yuan("20.00")}]));
    let member = site.person_of(&client, "clerk", "member");
    member.get(&path).expect(404);
    member.get(&format!("{path}/paper")).expect(404);
    client.get("/orders/01990000-0000-7000-8000-000000000001/paper").expect(404);
}
