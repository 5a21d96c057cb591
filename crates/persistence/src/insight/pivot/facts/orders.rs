//! Sales: orders, and their lines.

use regulars_domain::actor::Resource;
use regulars_domain::condition::FieldType;
use regulars_domain::sales::CountsWhen;

use super::{Fact, FactKind, Given, Measure, Reached, Unit, place_fields};
use crate::catalogue::{Catalogue, Field};
use crate::insight::counter::{SALE, base_sql, counts_sql};
use crate::sales::list::order_catalogue;

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

fn fields(given: &Given<'_>) -> Vec<Field> {
    use FieldType::{Choice, Date, Ref};
    let mut fields = vec![
        Field::column("ordered_on", Date, "o.ordered_on"),
        Field::column("channel", Choice, "o.channel").nullable(),
        Field::column("status", Choice, "o.status"),
        Field::column("currency", Choice, "o.currency"),
    ];
    fields.extend(place_fields("o.unit_id", "o.owner_id"));
    fields
        .extend([Field::column("customer", Ref, "o.party_id").of_ids(), Field::column("order", Ref, "o.id").of_ids()]);
    fields.extend(
        order_catalogue(given.order, given.today).fields.into_iter().filter(|field| field.name.starts_with("custom.")),
    );
    fields
}

pub(super) fn orders(given: &Given<'_>) -> Fact {
    let money = |name, column: &str| Measure::money(name, base_sql(column));
    Fact {
        kind: FactKind::Orders,
        catalogue: Catalogue { fields: fields(given), joins: JOINS.to_vec(), ..Catalogue::default() },
        measures: vec![
            Measure::money("net", "o.net_base"),
            money("gross", "o.gross"),
            money("discount", "o.discount"),
            money("returned", "o.returned"),
            money("paid", "o.paid"),
            money("cost", "o.cost"),
            Measure::money("margin", format!("o.net_base - ({})", base_sql("o.cost"))),
        ],
        distinct: vec!["customer"],
        date: "ordered_on",
        reached: Reached { resource: Resource::Order, alias: "o" },
        from: "sales_order o",
        base: sales(given.when),
        record: "o.id",
        moment: None,
    }
}

pub(super) fn lines(given: &Given<'_>) -> Fact {
    use FieldType::Ref;
    let mut fields = fields(given);
    fields.extend([
        Field::column("product", Ref, "l.product_id").of_ids().nullable(),
        Field::column("category", Ref, "t.category_id").of_ids().nullable().joined("t"),
        Field::column("brand", Ref, "t.brand_id").of_ids().nullable().joined("t"),
    ]);
    // As the metrics turn amounts into the company's currency: list price and discount each for itself. What is
    // discounted on a whole order is no line's.
    let amount = format!("({}) - ({})", base_sql("(l.amount + l.discount)"), base_sql("l.discount"));
    let cost = base_sql("l.cost");
    Fact {
        kind: FactKind::OrderLines,
        catalogue: Catalogue { fields, joins: [JOINS, LINE_JOINS].concat(), ..Catalogue::default() },
        measures: vec![
            Measure::money("amount", amount.clone()),
            Measure { name: "quantity", unit: Unit::Quantity, sql: "l.quantity".into() },
            Measure::money("discount", base_sql("l.discount")),
            Measure::money("cost", cost.clone()),
            Measure::money("margin", format!("{amount} - ({cost})")),
        ],
        distinct: vec!["customer", "order", "product"],
        date: "ordered_on",
        reached: Reached { resource: Resource::Order, alias: "o" },
        // `CROSS` has SQLite begin with the orders, whose condition leaves fewer.
        from: "sales_order o CROSS JOIN order_line l",
        base: format!("l.order_id = o.id AND {}", sales(given.when)),
        record: "o.id",
        moment: None,
    }
}
