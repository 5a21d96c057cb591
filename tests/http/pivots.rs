//! Pivots: the database's answers held against a judge in memory, totals, shares, changes, walls, and the records behind
//! a cell.

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;

use chrono::NaiveDate;
use regulars_domain::demo::Rng;
use regulars_domain::money::format_decimal;
use regulars_domain::pivot::{Aggregate, Axis, Grain, Group, Grouping, Key, Layout, Part, Side, Top, kept, table};
use regulars_tests::{Client, Site, both};
use serde_json::{Value, json};

use crate::sales::yuan;

both!(
    the_database_divides_as_the_judge_does,
    shares_changes_and_others_are_exact,
    what_cannot_be_asked_says_why,
    walls_and_masks_stand_inside,
    a_cell_opens_its_orders
);

/// One order line, as it was entered.
struct Line {
    order: usize,
    on: NaiveDate,
    channel: Option<&'static str>,
    customer: usize,
    product: Option<usize>,
    amount: i64,
    quantity: i64,
}

struct Shop {
    lines: Vec<Line>,
    customers: Vec<(String, Option<&'static str>)>,
    products: Vec<(String, Option<String>)>,
}

fn id(value: &Value) -> String {
    value["id"].as_str().expect("an id").into()
}

/// 40 orders of up to three lines over two years.
fn shop(client: &Client) -> Shop {
    let mut rng = Rng::of_row(7, 1, 1);
    let tea = id(&client.post("/categories", json!({"name": "茶"})).ok(201));
    let products: Vec<(String, Option<String>)> = [("龙井", Some(&tea)), ("普洱", Some(&tea)), ("茶具", None)]
        .into_iter()
        .enumerate()
        .map(|(at, (name, category))| {
            let body = json!({"code": format!("P{at}"), "name": name, "category_id": category, "price": yuan("1")});
            (id(&client.post("/products", body).ok(201)), category.cloned())
        })
        .collect();
    let customers: Vec<(String, Option<&'static str>)> = (0..6)
        .map(|at| {
            let industry = [Some("retail"), Some("catering"), None][at % 3];
            let body = json!({"kind": "organization", "name": format!("客户{at}"), "industry": industry});
            (id(&client.post("/customers", body).ok(201)), industry)
        })
        .collect();
    let mut lines = Vec::new();
    for order in 0..40 {
        let on = NaiveDate::from_ymd_opt(2024, 1, 1).expect("a date") + chrono::Days::new(rng.below(730) as u64);
        let channel = [Some("store"), Some("website"), None][rng.below(3)];
        let customer = rng.below(customers.len());
        let mut entered = Vec::new();
        for _ in 0..=rng.below(3) {
            let product = Some(rng.below(4)).filter(|at| *at < products.len());
            let (price, quantity) = (rng.between(1, 9_999), rng.between(1, 5));
            entered.push(json!({"product_id": product.map(|at| &products[at].0), "name": "商品",
                "quantity": quantity.to_string(), "price": yuan(&format_decimal(price, 2))}));
            lines.push(Line {
                order,
                on,
                channel,
                customer,
                product,
                amount: price * quantity,
                quantity: quantity * 1000,
            });
        }
        let body = json!({"customer_id": customers[customer].0, "ordered_on": on, "channel": channel,
            "status": "confirmed", "lines": entered});
        client.post("/orders", body).expect(201);
    }
    Shop { lines, customers, products }
}

impl Shop {
    fn key(&self, line: &Line, axis: &Axis) -> Key {
        let text = match axis.field.as_str() {
            "channel" => line.channel.map(String::from),
            "customer" => Some(self.customers[line.customer].0.clone()),
            "customer.industry" => self.customers[line.customer].1.map(String::from),
            "product" => line.product.map(|at| self.products[at].0.clone()),
            "category" => line.product.and_then(|at| self.products[at].1.clone()),
            _ => Some(axis.grain.unwrap_or(Grain::Day).bucket(line.on).to_string()),
        };
        text.map_or(Key::Missing, Key::Value)
    }

    /// The judge.
    fn run(&self, grouping: &Grouping, meets: &dyn Fn(&Line) -> bool) -> Result<Vec<Group>, Infallible> {
        let mut groups: BTreeMap<Vec<Key>, Vec<&Line>> = BTreeMap::new();
        if grouping.axes.is_empty() {
            groups.insert(Vec::new(), Vec::new());
        }
        for line in self.lines.iter().filter(|line| meets(line)) {
            let keys = grouping.axes.iter().zip(&grouping.kept).map(|(axis, kept)| {
                let key = self.key(line, axis);
                if kept.as_ref().is_none_or(|kept| kept.contains(&key)) { key } else { Key::Others }
            });
            groups.entry(keys.collect()).or_default().push(line);
        }
        let part = |aggregate: &Aggregate, lines: &[&Line]| {
            let count = lines.len() as i64;
            let distinct = |of: &dyn Fn(&Line) -> Option<usize>| {
                let values: Vec<usize> = lines.iter().filter_map(|line| of(line)).collect();
                let different: BTreeSet<&usize> = values.iter().collect();
                Part { sum: different.len() as i64, count: values.len() as i64 }
            };
            match aggregate {
                Aggregate::Count => Part { sum: count, count },
                Aggregate::Sum(name) if name == "amount" => {
                    Part { sum: lines.iter().map(|line| line.amount).sum(), count }
                }
                Aggregate::Sum(_) => Part { sum: lines.iter().map(|line| line.quantity).sum(), count },
                Aggregate::Distinct(name) if name == "customer" => distinct(&|line| Some(line.customer)),
                Aggregate::Distinct(name) if name == "order" => distinct(&|line| Some(line.order)),
                Aggregate::Distinct(_) => distinct(&|line| line.product),
            }
        };
        let parts = |lines: &[&Line]| grouping.aggregates.iter().map(|aggregate| part(aggregate, lines)).collect();
        Ok(groups.into_iter().map(|(keys, lines)| Group { parts: parts(&lines), keys }).collect())
    }
}

fn places(header: &Value) -> Vec<Key> {
    let key = |key: &Value| match (key["value"].as_str(), key["others"].as_bool()) {
        (_, Some(true)) => Key::Others,
        (Some(text), _) => Key::Value(text.into()),
        _ => Key::Missing,
    };
    header["keys"].as_array().expect("keys").iter().map(key).collect()
}

/// What a measure of a part is written as.
fn written(aggregate: &Aggregate, part: Part) -> Value {
    match aggregate {
        Aggregate::Sum(_) if part.count == 0 => Value::Null,
        Aggregate::Sum(name) => {
            json!(format_decimal(part.sum, if name == "quantity" || name == "stock" { 3 } else { 2 }))
        }
        _ => json!(part.sum.to_string()),
    }
}

fn the_database_divides_as_the_judge_does(site: &Site) {
    let founder = site.founder();
    let shop = shop(&founder);
    let fields = ["channel", "customer", "customer.industry", "product", "category", "ordered_on"];
    let aggregates = [
        Aggregate::Count,
        Aggregate::Sum("amount".into()),
        Aggregate::Sum("quantity".into()),
        Aggregate::Distinct("customer".into()),
        Aggregate::Distinct("order".into()),
        Aggregate::Distinct("product".into()),
    ];
    for row in 0..60 {
        let mut rng = Rng::of_row(11, 2, row);
        let mut free: Vec<&str> = fields.to_vec();
        let aggregates = (0..=rng.below(2)).map(|at| aggregates[(row as usize + at * 3) % aggregates.len()].clone());
        let mut layout = Layout { aggregates: aggregates.collect(), ..Layout::default() };
        for at in 0..rng.below(4) {
            let field = free.remove(rng.below(free.len()));
            let grain = (field == "ordered_on").then(|| Grain::ALL[rng.below(5)]);
            let top = rng.chance(0.3).then(|| Top { n: rng.between(1, 3) as usize, aggregate: 0 });
            let side = if at % 2 == 0 { &mut layout.rows } else { &mut layout.columns };
            side.axes.push((Axis { field: field.into(), grain }, top));
        }
        let web = rng.chance(0.3);
        let meets = move |line: &Line| !web || line.channel == Some("website");
        let filter = web.then(|| json!({"field": "channel", "op": "eq", "value": "website"}));
        agrees(&founder, "order_lines", &layout, filter, &mut |grouping| shop.run(grouping, &meets));
    }
}

/// Asks for a layout, and holds every figure of the answer against the judge's.
pub fn agrees(
    client: &Client,
    fact: &str,
    layout: &Layout,
    filter: Option<Value>,
    run: &mut dyn FnMut(&Grouping) -> Result<Vec<Group>, Infallible>,
) {
    let Ok(kept) = kept(layout, run);
    let Ok(expected) = table(layout, &kept, run);
    let axes = |side: &Side| -> Vec<Value> {
        let one = |(axis, top): &(Axis, Option<Top>)| {
            let top = top.map(|top| json!({"n": top.n, "measure": top.aggregate}));
            json!({"field": axis.field, "grain": axis.grain, "top": top})
        };
        side.axes.iter().map(one).collect()
    };
    let measure = |aggregate: &Aggregate| match aggregate {
        Aggregate::Count => json!({"aggregate": "count"}),
        Aggregate::Sum(name) => json!({"aggregate": "sum", "field": name}),
        Aggregate::Distinct(name) => json!({"aggregate": "distinct", "field": name}),
    };
    let query = json!({"fact": fact, "rows": axes(&layout.rows), "columns": axes(&layout.columns),
        "measures": layout.aggregates.iter().map(measure).collect::<Vec<_>>(), "filter": filter});
    let answer = client.post("/pivots/tables", query.clone()).ok(200);

    let write = |parts: &[Part]| -> Value {
        layout.aggregates.iter().zip(parts).map(|(aggregate, part)| written(aggregate, *part)).collect()
    };
    let headers =
        |name: &str| -> Vec<Vec<Key>> { answer[name].as_array().expect("headers").iter().map(places).collect() };
    let (rows, columns) = (headers("rows"), headers("columns"));
    assert_eq!(rows.iter().collect::<BTreeSet<_>>(), expected.rows.iter().collect(), "{query}");
    assert_eq!(columns.iter().collect::<BTreeSet<_>>(), expected.columns.iter().collect(), "{query}");
    for (at, keys) in rows.iter().enumerate() {
        let judged = expected.rows.iter().position(|one| one == keys).expect("it is there");
        assert_eq!(answer["row_totals"][at], write(&expected.row_totals[judged]), "{query}");
        for (column, column_keys) in columns.iter().enumerate() {
            let judged_column = expected.columns.iter().position(|one| one == column_keys).expect("it is there");
            let cell = &answer["cells"][at][column];
            match expected.cells.get(&(judged, judged_column)) {
                Some(parts) => assert_eq!(cell, &write(parts), "{query}"),
                None => assert!(cell.as_array().expect("a cell").iter().all(Value::is_null), "{query}"),
            }
        }
    }
    for (at, keys) in columns.iter().enumerate() {
        let judged = expected.columns.iter().position(|one| one == keys).expect("it is there");
        assert_eq!(answer["column_totals"][at], write(&expected.column_totals[judged]), "{query}");
    }
    assert_eq!(answer["total"], write(&expected.total), "{query}");
}

/// Orders of one line: customer, day, yuan.
fn sell(client: &Client, customer: &str, on: &str, amount: &str) -> String {
    let body = json!({"customer_id": customer, "ordered_on": on, "status": "confirmed", "channel": "store",
        "lines": [{"name": "茶", "quantity": "1", "price": yuan(amount)}]});
    id(&client.post("/orders", body).ok(201))
}

fn three(client: &Client) -> [String; 3] {
    let customer = |name: &str| id(&client.post("/customers", json!({"kind": "person", "name": name})).ok(201));
    ["王", "陈", "安"].map(customer)
}

fn shares_changes_and_others_are_exact(site: &Site) {
    let founder = site.founder();
    let [wang, chen, an] = three(&founder);
    for (customer, on, amount) in [
        (&wang, "2025-02-10", "100.00"),
        (&chen, "2025-03-05", "50.00"),
        (&wang, "2026-02-27", "200.00"),
        (&wang, "2026-03-01", "33.33"),
        (&an, "2026-03-31", "66.67"),
    ] {
        sell(&founder, customer, on, amount);
    }
    let year = json!({"from": "2026-01-01", "to": "2026-12-31"});
    let shares = founder
        .post(
            "/pivots/tables",
            json!({"fact": "orders", "rows": [{"field": "customer"}], "period": year, "measures": [
                {"aggregate": "sum", "field": "net"}, {"aggregate": "sum", "field": "net", "show": "total_share"},
                {"aggregate": "average", "field": "net"}, {"aggregate": "count", "show": "column_share"}],
                "sort": {"measure": 0, "descending": true}}),
        )
        .ok(200);
    assert_eq!(shares["rows"][0]["keys"][0], json!({"value": wang, "label": "王", "others": false}));
    assert_eq!(shares["cells"][0][0], json!(["233.33", "0.777767", "116.67", "0.666667"]));
    assert_eq!(shares["cells"][1][0], json!(["66.67", "0.222233", "66.67", "0.333333"]));
    assert_eq!(shares["total"], json!(["300.00", "1.000000", "100.00", "1.000000"]));

    let changes = founder
        .post(
            "/pivots/tables",
            json!({"fact": "orders", "rows": [{"field": "customer"}], "period": year, "compare": "previous_year",
                "columns": [{"field": "ordered_on", "grain": "quarter"}], "measures": [
                {"aggregate": "sum", "field": "net", "show": "change"},
                {"aggregate": "sum", "field": "net", "show": "change_share"}]}),
        )
        .ok(200);
    assert_eq!(changes["compared"], json!({"from": "2025-01-01", "to": "2025-12-31"}));
    assert_eq!(changes["columns"].as_array().map(Vec::len), Some(1));
    assert_eq!(changes["columns"][0]["keys"][0]["label"], "2026-Q1");
    let names: Vec<&str> =
        changes["rows"].as_array().expect("rows").iter().filter_map(|row| row["keys"][0]["label"].as_str()).collect();
    assert_eq!(names, ["安", "陈", "王"], "as they are read, the lost one among them");
    assert_eq!(changes["cells"][0][0], json!(["66.67", null]), "nothing to compare with");
    assert_eq!(changes["cells"][1][0], json!([null, "-1.000000"]), "lost");
    assert_eq!(changes["cells"][2][0], json!(["133.33", "1.333300"]));
    assert_eq!(changes["total"], json!(["150.00", "1.000000"]));

    let top = founder
        .post(
            "/pivots/tables",
            json!({"fact": "orders", "rows": [{"field": "customer", "top": {"n": 1}}], "measures": [
                {"aggregate": "sum", "field": "net"}, {"aggregate": "distinct", "field": "customer"}]}),
        )
        .ok(200);
    let labels: Vec<&Value> =
        top["rows"].as_array().expect("rows").iter().map(|row| &row["keys"][0]["label"]).collect();
    assert_eq!(labels, ["王", "Others"]);
    assert_eq!(top["cells"], json!([[["333.33", "1"]], [["116.67", "2"]]]));
}

fn what_cannot_be_asked_says_why(site: &Site) {
    let founder = site.founder();
    let count = json!([{"aggregate": "count"}]);
    let change = json!([{"aggregate": "count", "show": "change"}]);
    let field = |name: &str| json!([{"field": name}]);
    for (query, pointer, code) in [
        (json!({"fact": "weather", "measures": count}), "/fact", "not_allowed"),
        (json!({"fact": "orders", "measures": []}), "/measures", "required"),
        (json!({"fact": "orders", "measures": [{"aggregate": "sum"}]}), "/measures/0/field", "required"),
        (
            json!({"fact": "orders", "measures": [{"aggregate": "sum", "field": "quantity"}]}),
            "/measures/0/field",
            "not_allowed",
        ),
        (
            json!({"fact": "orders", "measures": [{"aggregate": "average", "field": "net", "show": "row_share"}]}),
            "/measures/0/show",
            "average_has_no_share",
        ),
        (json!({"fact": "orders", "rows": field("nothing"), "measures": count}), "/rows/0/field", "unknown_field"),
        (
            json!({"fact": "orders", "rows": field("customer.phone"), "measures": count}),
            "/rows/0/field",
            "field_divides_nothing",
        ),
        (
            json!({"fact": "orders", "rows": field("channel"), "columns": field("channel"), "measures": count}),
            "/rows/0/field",
            "duplicate",
        ),
        (
            json!({"fact": "orders", "rows": [{"field": "channel", "grain": "month"}], "measures": count}),
            "/rows/0/grain",
            "not_allowed_here",
        ),
        (
            json!({"fact": "orders", "rows": [{"field": "channel", "top": {"n": 0}}], "measures": count}),
            "/rows/0/top/n",
            "out_of_range",
        ),
        (json!({"fact": "orders", "measures": change}), "/compare", "required"),
        (json!({"fact": "orders", "measures": change, "compare": "previous_year"}), "/period", "required"),
        (
            json!({"fact": "orders", "measures": change, "compare": "previous_period", "period": {"preset": "last_7_days"},
                "rows": [{"field": "ordered_on", "grain": "month"}]}),
            "/rows/0/grain",
            "compare_not_aligned",
        ),
        (
            json!({"fact": "orders", "measures": count, "period": {"from": "2026-02-01", "to": "2026-01-01"}}),
            "/period/to",
            "ends_before_it_begins",
        ),
        (
            json!({"fact": "orders", "measures": count, "filter": {"field": "channel", "op": "gt", "value": 1}}),
            "/filter/op",
            "not_allowed",
        ),
        (json!({"fact": "orders", "measures": count, "sort": {"measure": 1}}), "/sort/measure", "out_of_range"),
    ] {
        let refusal = founder.post("/pivots/tables", query.clone()).ok(422);
        let errors = refusal["errors"].as_array().expect("errors");
        let met = errors.iter().any(|error| error["pointer"] == pointer && error["code"] == code);
        assert!(met, "{query}: {refusal}");
    }
    let facts = founder.get("/pivots/facts").ok(200);
    for fact in facts["items"].as_array().expect("facts") {
        for field in fact["fields"].as_array().expect("fields").iter().filter(|field| field["divides"] == true) {
            let query = json!({"fact": fact["fact"], "rows": [{"field": field["field"]}], "measures": count});
            founder.post("/pivots/tables", query).expect(200);
        }
        for measure in fact["measures"].as_array().expect("measures") {
            let query = json!({"fact": fact["fact"], "measures": [{"aggregate": "sum", "field": measure["field"]}]});
            founder.post("/pivots/tables", query).expect(200);
        }
    }
}

fn walls_and_masks_stand_inside(site: &Site) {
    let founder = site.founder();
    let (_, department) = founder.place();
    founder.user_new("chen", &department, &[&founder.role("member")]);
    let elsewhere = founder.unit_new("HZ");
    let foreign = founder.department_new(&elsewhere, "D");
    founder.user_new("he", &foreign, &[&founder.role("unit_head")]);
    let [chen, he] = ["chen", "he"].map(|login| site.sign_in(login));
    let [hers, ..] = three(&chen);
    sell(&chen, &hers, "2026-01-05", "10.00");
    let [his, ..] = three(&he);
    let order = sell(&he, &his, "2026-01-06", "5.00");

    let by = |field: &str| json!({"fact": "orders", "rows": [{"field": field}], "measures": [{"aggregate": "sum", "field": "net"}]});
    let total = |client: &Client, field: &str| client.post("/pivots/tables", by(field)).ok(200)["total"][0].clone();
    assert_eq!(total(&founder, "channel"), "15.00");
    assert_eq!(total(&chen, "channel"), "10.00");
    assert_eq!(total(&he, "channel"), "5.00");
    let seen = chen.post("/pivots/tables", by("customer")).ok(200);
    assert_eq!(seen["rows"].as_array().map(Vec::len), Some(1));
    let narrowed = json!({"fact": "orders", "measures": [{"aggregate": "count"}],
        "filter": {"field": "customer", "op": "eq", "value": his}});
    assert_eq!(chen.post("/pivots/tables", narrowed.clone()).ok(200)["total"][0], "0");
    let behind = chen.post("/pivots/records", json!({"query": narrowed})).ok(200);
    assert_eq!(behind["items"], json!([]));

    // An order that is theirs while its customer is not: it counts, but not by what the customer is like.
    let chen_id = chen.get("/me").ok(200)["id"].clone();
    let other = founder.post("/customers", json!({"kind": "person", "name": "别人的"})).ok(201);
    let theirs = sell(&founder, &id(&other), "2026-01-07", "1.00");
    founder.patch(&format!("/orders/{theirs}"), &json!(1), json!({"owner_id": chen_id})).expect(200);
    assert_eq!(total(&chen, "channel"), "11.00");
    assert_eq!(total(&chen, "customer.kind"), "10.00");
    let named = chen.post("/pivots/tables", by("customer")).ok(200);
    let labels: Vec<&Value> =
        named["rows"].as_array().expect("rows").iter().map(|row| &row["keys"][0]["label"]).collect();
    assert!(labels.contains(&&json!("(out of your sight)")) && !labels.contains(&&json!("别人的")), "{labels:?}");

    let masked = json!({"name": "脱敏", "permissions": ["insight:metric:read", "sales:order:read",
        "customers:customer:read"], "scopes": {"customer": "unit", "order": "unit"}, "masks": ["birthday"]});
    let role = founder.post("/roles", masked).ok(201);
    founder.user_new("masked", &department, &[&role["id"]]);
    let masked = site.sign_in("masked");
    let query = json!({"fact": "orders", "rows": [{"field": "customer.birthday", "grain": "year"}],
        "measures": [{"aggregate": "count"}]});
    founder.post("/pivots/tables", query.clone()).expect(200);
    let refusal = masked.post("/pivots/tables", query).ok(422);
    assert_eq!(refusal["errors"][0]["code"], "field_masked");
    let facts = masked.get("/pivots/facts").ok(200).to_string();
    assert!(!facts.contains("customer.birthday\""));
    assert_ne!(order, theirs);
}

fn a_cell_opens_its_orders(site: &Site) {
    let founder = site.founder();
    let [wang, chen, an] = three(&founder);
    let mut orders = Vec::new();
    for (customer, on) in [
        (&wang, "2026-01-05"),
        (&wang, "2026-01-06"),
        (&wang, "2026-02-01"),
        (&chen, "2026-01-07"),
        (&an, "2026-01-08"),
    ] {
        orders.push(sell(&founder, customer, on, "10.00"));
    }
    let query = json!({"fact": "order_lines", "rows": [{"field": "customer", "top": {"n": 1}}],
        "columns": [{"field": "ordered_on", "grain": "month"}], "measures": [{"aggregate": "sum", "field": "amount"}]});
    let ask = |row: Value, column: Value, cursor: Option<&Value>| {
        let body = json!({"query": query, "row": row, "column": column, "cursor": cursor, "limit": 1});
        founder.post("/pivots/records", body)
    };
    let all = |row: Value, column: Value| {
        let mut found: Vec<String> = Vec::new();
        let mut page = ask(row.clone(), column.clone(), None).ok(200);
        loop {
            found.extend(page["items"].as_array().expect("items").iter().map(id));
            if page["next_cursor"].is_null() {
                return found;
            }
            page = ask(row.clone(), column.clone(), Some(&page["next_cursor"])).ok(200);
        }
    };
    let january = json!([{"value": "2026-01-01"}]);
    let newest = |at: &[usize]| at.iter().map(|at| orders[*at].clone()).collect::<Vec<_>>();
    assert_eq!(all(json!([{"value": wang}]), january.clone()), newest(&[1, 0]));
    assert_eq!(all(json!([{"value": null, "others": true}]), january.clone()), newest(&[4, 3]));
    assert_eq!(all(json!([{"value": wang}]), Value::Null), newest(&[2, 1, 0]));
    assert_eq!(all(Value::Null, Value::Null), newest(&[4, 3, 2, 1, 0]));
    let first = ask(Value::Null, Value::Null, None).ok(200);
    let other = ask(Value::Null, january, Some(&first["next_cursor"])).ok(422);
    assert_eq!(other["errors"][0]["code"], "cursor_invalid", "a cursor belongs to its cell");
    ask(json!([]), Value::Null, None).expect(422);
}
