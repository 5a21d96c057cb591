//! Cells of the sheets that places are asked for: what they sold, and what competitors offer there. Who reaches the place
//! reaches its cells, as in the sheet.

use regulars_domain::actor::Resource;
use regulars_domain::condition::FieldType;

use super::{Fact, FactKind, Given, Measure, Reached, Unit, place_fields};
use crate::catalogue::{Catalogue, Field};

/// Joins by alias, in the order in which they can stand; the place is always there.
const JOINS: &[(&str, &str)] = &[
    ("m", "JOIN customer_metric m ON m.party_id = c.party_id"),
    ("w", "LEFT JOIN app_user w ON w.id = p.owner_id"),
    ("t", "LEFT JOIN product t ON t.id = c.product_id"),
];

/// The number of a cell if it is of one of the measures.
fn number_of(keys: &[String]) -> String {
    let keys: Vec<String> = keys.iter().map(|key| format!("'{key}'")).collect();
    format!("CASE WHEN c.measure IN ({}) THEN c.number END", keys.join(", "))
}

fn measures(of: &[(&'static str, Unit, &[String])]) -> Vec<Measure> {
    let kept = of.iter().filter(|(.., keys)| !keys.is_empty());
    kept.map(|(name, unit, keys)| Measure { name, unit: *unit, sql: number_of(keys) }).collect()
}

fn fields(own: Vec<Field>) -> Vec<Field> {
    let mut fields = vec![
        Field::column("period_begins_on", FieldType::Date, "c.first_day"),
        Field::column("measure", FieldType::Choice, "c.measure"),
        Field::column("customer", FieldType::Ref, "c.party_id").of_ids(),
    ];
    fields.extend(own);
    fields.extend(place_fields("p.unit_id", "p.owner_id"));
    fields
}

pub(super) fn sell_out(given: &Given<'_>) -> Fact {
    use FieldType::{Ref, Text};
    let mut own = vec![
        Field::column("product", Ref, "c.product_id").of_ids().nullable(),
        Field::column("category", Ref, "t.category_id").of_ids().nullable().joined("t"),
        Field::column("brand", Ref, "t.brand_id").of_ids().nullable().joined("t"),
    ];
    own.extend(given.sheets.beside.iter().map(|key| {
        let beside = format!(
            "(SELECT k.words FROM sellout_cell k WHERE k.period = c.period AND k.measure = '{key}' \
             AND k.party_id = c.party_id AND k.item = '')"
        );
        Field::column(&format!("sheet.{key}"), Text, &beside).nullable()
    }));
    let sold: Vec<String> = given.sheets.sold.iter().cloned().collect();
    Fact {
        kind: FactKind::SellOut,
        catalogue: Catalogue { fields: fields(own), joins: JOINS.to_vec(), ..Catalogue::default() },
        measures: measures(&[
            ("quantity", Unit::Quantity, &sold),
            ("other_quantity", Unit::Quantity, &given.sheets.quantities),
            ("amount", Unit::Money, &given.sheets.amounts),
        ]),
        distinct: vec!["customer", "product"],
        date: "period_begins_on",
        reached: Reached { resource: Resource::Customer, alias: "p" },
        from: "sellout_cell c JOIN party p ON p.id = c.party_id",
        base: "p.deleted_at IS NULL AND c.product_id IS NOT NULL AND (c.number IS NOT NULL OR c.words IS NOT NULL)"
            .into(),
        record: "c.id",
        moment: None,
    }
}

pub(super) fn offers(given: &Given<'_>) -> Fact {
    use FieldType::{Choice, Text};
    let own =
        vec![Field::column("competitor_product", Choice, "c.item"), Field::column("said", Text, "c.words").nullable()];
    Fact {
        kind: FactKind::CompetitorOffers,
        catalogue: Catalogue { fields: fields(own), joins: JOINS.to_vec(), ..Catalogue::default() },
        measures: measures(&[
            ("price", Unit::Money, &given.sheets.prices),
            ("stock", Unit::Quantity, &given.sheets.stocks),
        ]),
        distinct: vec!["customer", "competitor_product"],
        base: "p.deleted_at IS NULL AND c.product_id IS NULL AND c.item <> '' \
               AND (c.number IS NOT NULL OR c.words IS NOT NULL)"
            .into(),
        ..sell_out(given)
    }
}
