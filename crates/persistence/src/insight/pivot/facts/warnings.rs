//! Warnings that customers are about to leave. Who reaches the customer reaches it.

use regulars_domain::actor::Resource;
use regulars_domain::condition::FieldType;

use super::{Fact, FactKind, Given, Measure, Reached, place_fields};
use crate::catalogue::{Catalogue, Field};

/// Joins by alias, in the order in which they can stand; the customer is always there.
const JOINS: &[(&str, &str)] =
    &[("m", "JOIN customer_metric m ON m.party_id = c.party_id"), ("w", "LEFT JOIN app_user w ON w.id = p.owner_id")];

pub(super) fn warnings(_: &Given<'_>) -> Fact {
    use FieldType::{Choice, Date, Ref};
    let mut fields = vec![
        Field::column("raised_on", Date, "c.raised_on"),
        Field::column("closed_on", Date, "c.closed_on").nullable(),
        Field::column("status", Choice, "c.status"),
        Field::column("reason", Choice, "c.outcome_reason").nullable(),
        Field::column("judge", Choice, "c.judge"),
        Field::column("handled_by", Ref, "c.handled_by").of_ids().nullable(),
        Field::column("customer", Ref, "c.party_id").of_ids(),
    ];
    fields.extend(place_fields("p.unit_id", "p.owner_id"));
    Fact {
        kind: FactKind::Warnings,
        catalogue: Catalogue { fields, joins: JOINS.to_vec(), ..Catalogue::default() },
        measures: vec![Measure::money("stake", "c.stake"), Measure::money("yearly", "c.yearly")],
        distinct: vec!["customer"],
        date: "raised_on",
        reached: Reached { resource: Resource::Customer, alias: "p" },
        from: "churn_warning c JOIN party p ON p.id = c.party_id",
        base: "p.deleted_at IS NULL".into(),
        record: "c.id",
        moment: None,
    }
}
