//! What can be divided: one table of facts each, with the fields it is divided and filtered by and the measures it has.

use chrono::NaiveDate;
use regulars_domain::condition::FieldType;
use regulars_domain::sales::CountsWhen;

use crate::catalogue::{Catalogue, Field, Place};
use crate::customers::custom::CustomDefinition;
use crate::customers::fields::{Root, party_catalogue};
use crate::insight::counter::{SALE, base_sql, counts_sql};
use crate::insight::metric::metric_fields;
use crate::sales::list::order_catalogue;

/// The kinds of facts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FactKind {
    OrderLines,
    Orders,
}

impl FactKind {
    pub const ALL: [Self; 2] = [Self::OrderLines, Self::Orders];

    pub fn key(self) -> &'static str {
        match self {
            FactKind::OrderLines => "order_lines",
            FactKind::Orders => "orders",
        }
    }

    pub fn parse(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|fact| fact.key() == key)
    }
}

/// What a measure counts in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Minor units of the company's currency.
    Money,
    /// Thousandths.
    Quantity,
}

/// A whole number of each fact that can be summed.
#[derive(Debug, Clone)]
pub struct Measure {
    pub name: &'static str,
    pub unit: Unit,
    pub(super) sql: String,
}

/// One kind of facts, for one company and day.
#[derive(Debug, Clone)]
pub struct Fact {
    pub kind: FactKind,
    pub catalogue: Catalogue,
    pub measures: Vec<Measure>,
    /// Fields whose different values can be counted.
    pub distinct: Vec<&'static str>,
    /// The field that periods are about.
    pub date: &'static str,
    pub(super) from: &'static str,
    /// Holds for the facts that exist, with the links of `from`.
    pub(super) base: String,
    /// The record behind a fact.
    pub(super) record: &'static str,
}

/// Joins by alias, in the order in which they can stand.
const JOINS: &[(&str, &str)] = &[
    ("p", "JOIN party p ON p.id = o.party_id"),
    ("m", "JOIN customer_metric m ON m.party_id = o.party_id"),
    ("w", "LEFT JOIN app_user w ON w.id = o.owner_id"),
];
const LINE_JOINS: &[(&str, &str)] = &[("t", "LEFT JOIN product t ON t.id = l.product_id")];

/// Orders that are sales and count as bought by the company's setting, as the customers' metrics count them.
fn sales(when: CountsWhen) -> String {
    format!("{SALE} AND {}", counts_sql(when))
}

/// A kind of facts with the fields the company defined. `today` is the business day that ages are counted to.
pub fn fact(
    kind: FactKind,
    when: CountsWhen,
    customer_custom: &[CustomDefinition],
    order_custom: &[CustomDefinition],
    today: NaiveDate,
) -> Fact {
    use FieldType::{Choice, Date, Ref};
    let mut fields = vec![
        Field::column("ordered_on", Date, "o.ordered_on"),
        Field::column("channel", Choice, "o.channel").nullable(),
        Field::column("status", Choice, "o.status"),
        Field::column("currency", Choice, "o.currency"),
        Field::column("unit", Ref, "o.unit_id").of_ids(),
        Field::column("owner", Ref, "o.owner_id").of_ids().nullable(),
        Field::column("department", Ref, "w.department_id").of_ids().nullable().joined("w"),
        Field::column("customer", Ref, "o.party_id").of_ids(),
        Field::column("order", Ref, "o.id").of_ids(),
    ];
    fields.extend(
        order_catalogue(order_custom, today).fields.into_iter().filter(|field| field.name.starts_with("custom.")),
    );
    let mut joins = JOINS.to_vec();
    let (from, base, measures, distinct, record) = match kind {
        FactKind::OrderLines => {
            fields.extend([
                Field::column("product", Ref, "l.product_id").of_ids().nullable(),
                Field::column("category", Ref, "t.category_id").of_ids().nullable().joined("t"),
                Field::column("brand", Ref, "t.brand_id").of_ids().nullable().joined("t"),
            ]);
            joins.extend(LINE_JOINS);
            // As the metrics turn amounts into the company's currency: list price and discount each for itself. What is
            // discounted on a whole order is no line's.
            let amount = format!("({}) - ({})", base_sql("(l.amount + l.discount)"), base_sql("l.discount"));
            let cost = base_sql("l.cost");
            let measures = vec![
                Measure { name: "amount", unit: Unit::Money, sql: amount.clone() },
                Measure { name: "quantity", unit: Unit::Quantity, sql: "l.quantity".into() },
                Measure { name: "discount", unit: Unit::Money, sql: base_sql("l.discount") },
                Measure { name: "cost", unit: Unit::Money, sql: cost.clone() },
                Measure { name: "margin", unit: Unit::Money, sql: format!("{amount} - ({cost})") },
            ];
            let base = format!("l.order_id = o.id AND {}", sales(when));
            // `CROSS` has SQLite begin with the orders, whose condition leaves fewer.
            ("sales_order o CROSS JOIN order_line l", base, measures, vec!["customer", "order", "product"], "o.id")
        }
        FactKind::Orders => {
            let money = |name, column: &str| Measure { name, unit: Unit::Money, sql: base_sql(column) };
            let measures = vec![
                Measure { name: "net", unit: Unit::Money, sql: "o.net_base".into() },
                money("gross", "o.gross"),
                money("discount", "o.discount"),
                money("returned", "o.returned"),
                money("paid", "o.paid"),
                money("cost", "o.cost"),
                Measure { name: "margin", unit: Unit::Money, sql: format!("o.net_base - ({})", base_sql("o.cost")) },
            ];
            ("sales_order o", sales(when), measures, vec!["customer"], "o.id")
        }
    };
    fields.extend(customer_fields(customer_custom, today));
    let catalogue = Catalogue { fields, joins, ..Catalogue::default() };
    Fact { kind, catalogue, measures, distinct, date: "ordered_on", from, base, record }
}

/// The fields of the customer behind a fact, as `customer.…`; each needs its table joined.
fn customer_fields(custom: &[CustomDefinition], today: NaiveDate) -> Vec<Field> {
    let own = party_catalogue(custom, Root::Party).fields.into_iter().chain(metric_fields(today, Root::Party));
    // The customer itself, its unit and holder are fields of the fact.
    let kept = own.filter(|field| !matches!(field.name.as_str(), "id" | "unit" | "owner" | "name_pinyin"));
    kept.map(|field| Field {
        name: format!("customer.{}", field.name),
        join: field.join.or(Some("p")),
        sortable: false,
        ..field
    })
    .collect()
}

/// Texts that many records share.
const SHARED_TEXTS: [&str; 3] = ["customer.province", "customer.city", "customer.district"];

impl Fact {
    pub fn measure(&self, name: &str) -> Option<&Measure> {
        self.measures.iter().find(|measure| measure.name == name)
    }

    /// Whether facts can be divided by the field: it has few values, or names a record, or is a date.
    pub fn divides(&self, field: &Field) -> bool {
        if self.catalogue.is_masked(&field.name) || field.name == "order" {
            return false;
        }
        match (&field.place, field.kind) {
            (Place::DaysSince { .. } | Place::Purchases { .. }, _) => false,
            (_, FieldType::Set | FieldType::Instant | FieldType::Money | FieldType::Number | FieldType::Purchase) => {
                false
            }
            (Place::Rows { .. }, FieldType::Date | FieldType::Bool) => false,
            (_, FieldType::Text) => SHARED_TEXTS.contains(&field.name.as_str()) || field.name.contains("custom."),
            _ => true,
        }
    }
}
