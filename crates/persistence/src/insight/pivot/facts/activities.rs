//! What was said and done with customers. Who reaches the customer reaches it.

use regulars_domain::actor::Resource;
use regulars_domain::condition::FieldType;

use super::{Fact, FactKind, Given, Reached};
use crate::catalogue::{Catalogue, Field};

/// Joins by alias, in the order in which they can stand; the customer is always there.
const JOINS: &[(&str, &str)] =
    &[("m", "JOIN customer_metric m ON m.party_id = i.party_id"), ("w", "LEFT JOIN app_user w ON w.id = i.actor_id")];

pub(super) fn activities(given: &Given<'_>) -> Fact {
    use FieldType::{Choice, Ref};
    let fields = vec![
        given.days.field("happened_on", "i.at"),
        Field::column("kind", Choice, "i.kind"),
        Field::column("direction", Choice, "i.direction").nullable(),
        Field::column("person", Ref, "i.actor_id").of_ids().nullable(),
        Field::column("department", Ref, "w.department_id").of_ids().nullable().joined("w"),
        Field::column("unit", Ref, "i.unit_id").of_ids(),
        Field::column("owner", Ref, "p.owner_id").of_ids().nullable(),
        Field::column("customer", Ref, "i.party_id").of_ids(),
    ];
    Fact {
        kind: FactKind::Activities,
        catalogue: Catalogue { fields, joins: JOINS.to_vec(), ..Catalogue::default() },
        measures: Vec::new(),
        distinct: vec!["customer", "person"],
        date: "happened_on",
        reached: Reached { resource: Resource::Customer, alias: "p" },
        from: "interaction i JOIN party p ON p.id = i.party_id",
        base: "i.deleted_at IS NULL AND p.deleted_at IS NULL".into(),
        record: "i.id",
        moment: Some("i.at"),
    }
}
