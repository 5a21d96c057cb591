//! What customers are filtered and sorted by.

use regulars_domain::actor::Visibility;
use regulars_domain::condition::FieldType;
use regulars_domain::consent::Channel;

use super::custom::CustomDefinition;
use crate::catalogue::{Catalogue, Field};
use crate::sql::Statement;
use crate::visible::push_visible;

/// Lists customers as alias `p`.
pub const PARTY_FROM: &str = "party p";
pub const PARTY_ID: &str = "p.id";

/// The table a statement over customers starts from. Every living customer has a row in both, and those of
/// `customer_metric` carry unit and owner too: whoever sorts or filters by metrics walks its indexes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Root {
    Party,
    Metric,
}

impl Root {
    pub fn from(self) -> &'static str {
        match self {
            Root::Party => PARTY_FROM,
            Root::Metric => "customer_metric m",
        }
    }

    pub fn id(self) -> &'static str {
        match self {
            Root::Party => PARTY_ID,
            Root::Metric => "m.party_id",
        }
    }

    /// Pushes the predicate of living customers within reach.
    pub fn push_living(self, statement: &mut Statement, reach: &Visibility) {
        match self {
            Root::Party => {
                statement.push("p.deleted_at IS NULL AND ");
                push_visible(statement, "p", reach);
            }
            Root::Metric => push_visible(statement, "m", reach),
        }
    }

    /// A field in the table of parties.
    fn of_party(self, name: &str, kind: FieldType, column: &str) -> Field {
        let field = Field::column(name, kind, column);
        if self == Root::Metric { field.joined("p") } else { field }
    }

    /// A field in the table of metrics.
    pub(crate) fn of_metric(self, field: Field) -> Field {
        if self == Root::Party { field.joined("m") } else { field }
    }
}

/// The fields of customers themselves, with those the company defined.
pub fn party_catalogue(custom: &[CustomDefinition], root: Root) -> Catalogue {
    use FieldType::{Bool, Choice, Date, Instant, Ref, Set, Text};
    let column = |name: &str, kind: FieldType, column: &str| root.of_party(name, kind, column);
    let (id, unit, owner) = match root {
        Root::Party => ("p.id", "p.unit_id", "p.owner_id"),
        Root::Metric => ("m.party_id", "m.unit_id", "m.owner_id"),
    };
    let rows = |name: &str, kind: FieldType, table: &str, value: &str| {
        Field::rows(name, kind, &format!("{table} x WHERE x.party_id = {id}"), value)
    };
    let days_of = |name: &str, which: &str| {
        Field::rows(name, Date, &format!("party_date x WHERE x.party_id = {id} AND {which}"), "x.next_on")
    };
    let owned = format!("asset x WHERE x.party_id = {id} AND x.deleted_at IS NULL");
    let last_contact = Field::column("last_contact_at", Instant, "m.last_contact_at").nullable().sortable();
    let mut fields = vec![
        Field::column("id", Ref, id).of_ids(),
        column("code", Text, "p.code").nullable().sortable(),
        column("name", Text, "p.name"),
        column("name_pinyin", Text, "p.name_key").sortable(),
        column("kind", Choice, "p.kind"),
        column("status", Choice, "p.status").sortable(),
        column("qualification", Choice, "p.qualification").nullable().sortable(),
        Field::column("unit", Ref, unit).of_ids(),
        Field::column("owner", Ref, owner).of_ids().nullable(),
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
        root.of_metric(last_contact),
        rows("tags", Set, "party_tag", "x.tag_id").of_ids(),
        rows("segments", Set, "segment_member", "x.segment_id").of_ids(),
        rows("phone", Text, "party_phone", "x.number"),
        rows("email", Text, "party_email", "x.address"),
        rows("phone_mark", Set, "party_phone", "COALESCE(x.mark, 'unmarked')"),
        rows("email_mark", Set, "party_email", "COALESCE(x.mark, 'unmarked')"),
        rows("province", Text, "party_address", "x.province"),
        rows("city", Text, "party_address", "x.city"),
        rows("district", Text, "party_address", "x.district"),
        rows("facts", Set, "party_fact", "x.kind"),
        rows("dealer.kind", Set, "dealer", "x.kind"),
        rows("training.course", Set, "training", "x.course"),
        rows("cost.kind", Set, "cost", "x.kind"),
        rows("key_account.since", Instant, "key_account", "x.created_at"),
        rows("key_account.level", Set, "key_account", "x.level"),
        rows("key_account.review_on", Date, "key_account", "x.review_on"),
        rows("preferences", Set, "party_preference", "x.key"),
        rows("preference", Text, "party_preference", "x.value"),
        rows("date_coming", Date, "party_date", "x.next_on"),
        days_of("birthday_coming", "x.kind = 'birthday' AND x.person IS NULL"),
        days_of("family_birthday_coming", "x.kind = 'birthday' AND x.person IS NOT NULL"),
        days_of("wedding_coming", "x.kind = 'wedding'"),
        Field::purchases("orders.product", id),
        Field::rows("assets.product", Set, &owned, "x.product_id").of_ids(),
        Field::rows("assets.warranty_end", Date, &owned, "x.warranty_end"),
    ];
    fields.extend(fact_fields(id));
    fields.extend(Channel::KEYS.into_iter().flat_map(|channel| consent_fields(channel, id)));
    fields.extend(custom.iter().filter_map(|definition| custom_field(definition, "customer", id)));
    let join = match root {
        Root::Party => ("m", "JOIN customer_metric m ON m.party_id = p.id"),
        Root::Metric => ("p", "JOIN party p ON p.id = m.party_id"),
    };
    Catalogue { fields, joins: vec![join], ..Catalogue::default() }
}

/// What the facts that the program knows last were.
fn fact_fields(id: &str) -> [Field; 4] {
    use FieldType::{Money, Number, Text};
    let forms = [
        ("credit_grade", Text, "words"),
        ("total_purchases", Money, "amount"),
        ("staff", Number, "number"),
        ("revenue", Money, "amount"),
    ];
    forms.map(|(kind, form, column)| {
        let latest = format!(
            "party_fact x WHERE x.party_id = {id} AND x.kind = '{kind}' AND NOT EXISTS (SELECT 1 FROM party_fact y \
             WHERE y.party_id = x.party_id AND y.kind = x.kind AND (y.as_of > x.as_of OR (y.as_of = x.as_of AND y.id > x.id)))"
        );
        Field::rows(&format!("fact.{kind}"), form, &latest, &format!("x.{column}"))
    })
}

/// The purposes for which consent stands on a channel, and those for which it was withdrawn.
fn consent_fields(channel: &str, id: &str) -> [Field; 2] {
    [("consent", "TRUE"), ("refused", "FALSE")].map(|(name, given)| {
        let from = format!("party_consent x WHERE x.party_id = {id} AND x.channel = '{channel}' AND x.given = {given}");
        Field::rows(&format!("{name}.{channel}"), FieldType::Set, &from, "x.purpose")
    })
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
