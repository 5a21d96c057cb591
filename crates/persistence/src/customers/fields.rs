//! What customers are filtered and sorted by.

use regulars_domain::condition::FieldType;

use super::custom::CustomDefinition;
use crate::catalogue::{Catalogue, Field};

/// Lists customers as alias `p`.
pub const PARTY_FROM: &str = "party p";
pub const PARTY_ID: &str = "p.id";

/// The fields of customers themselves, with those the company defined. Metrics are added by their own area and use the
/// join `m`.
pub fn party_catalogue(custom: &[CustomDefinition]) -> Catalogue {
    use FieldType::{Bool, Choice, Date, Instant, Ref, Set, Text};
    let column = Field::column;
    let mut fields = vec![
        column("id", Ref, "p.id").of_ids(),
        column("code", Text, "p.code").sortable(),
        column("name", Text, "p.name"),
        column("name_pinyin", Text, "p.name_key").sortable(),
        column("kind", Choice, "p.kind"),
        column("status", Choice, "p.status").sortable(),
        column("unit", Ref, "p.unit_id").of_ids(),
        column("owner", Ref, "p.owner_id").of_ids().nullable(),
        column("gender", Choice, "p.gender").nullable(),
        column("birthday", Date, "p.birthday").nullable().sortable(),
        column("tax_id", Text, "p.tax_id").nullable(),
        column("industry", Choice, "p.industry").nullable(),
        column("source", Choice, "p.source").nullable(),
        column("level", Choice, "p.level").nullable().sortable(),
        column("buying_style", Choice, "p.buying_style").nullable(),
        column("internal", Bool, "p.internal"),
        column("note", Text, "p.note").nullable(),
        column("created_at", Instant, "p.created_at"),
        column("updated_at", Instant, "p.updated_at").sortable(),
        column("last_contact_at", Instant, "m.last_contact_at").nullable().sortable().joined("m"),
        Field::rows("tags", Set, "party_tag x WHERE x.party_id = p.id", "x.tag_id").of_ids(),
        Field::rows("segments", Set, "segment_member x WHERE x.party_id = p.id", "x.segment_id").of_ids(),
        Field::rows("phone", Text, "party_phone x WHERE x.party_id = p.id", "x.number"),
        Field::rows("email", Text, "party_email x WHERE x.party_id = p.id", "x.address"),
        Field::rows("province", Text, "party_address x WHERE x.party_id = p.id", "x.province"),
        Field::rows("city", Text, "party_address x WHERE x.party_id = p.id", "x.city"),
        Field::rows("district", Text, "party_address x WHERE x.party_id = p.id", "x.district"),
        Field::rows("date_coming", Date, "party_date x WHERE x.party_id = p.id", "x.next_on"),
        Field::purchases("orders.product", "p.id"),
    ];
    fields.extend(custom.iter().filter_map(|definition| custom_field(definition, "customer", "p.id")));
    Catalogue { fields, joins: vec![("m", "LEFT JOIN customer_metric m ON m.party_id = p.id")] }
}

/// `custom.key` of a resource whose id is the expression `owner`. Keys stand in the text, so odd ones are left out.
pub fn custom_field(definition: &CustomDefinition, resource: &str, owner: &str) -> Option<Field> {
    let key = &definition.key;
    if !key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') {
        return None;
    }
    let (kind, value) = match definition.field_type.as_str() {
        "number" => (FieldType::Number, "x.number_value"),
        "money" => (FieldType::Money, "x.int_value"),
        "date" => (FieldType::Date, "x.date_value"),
        // Stored as 0 and 1.
        "bool" => (FieldType::Bool, "(x.int_value = 1)"),
        "choice" => (FieldType::Choice, "x.text_value"),
        "multi_choice" => (FieldType::Set, "x.text_value"),
        "user" | "party" => (FieldType::Ref, "x.text_value"),
        _ => (FieldType::Text, "x.text_value"),
    };
    let from = format!(
        "custom_value x JOIN custom_field xf ON xf.id = x.field_id AND xf.resource = '{resource}' AND xf.key = '{key}' \
         WHERE x.resource_id = {owner}"
    );
    Some(Field::rows(&format!("custom.{key}"), kind, &from, value))
}
