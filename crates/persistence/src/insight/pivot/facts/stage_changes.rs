//! Moves of opportunities from one stage to another, with how long they stood in the one they left. Unit and holder are
//! those of now.

use regulars_domain::actor::Resource;
use regulars_domain::condition::FieldType;

use super::{Fact, FactKind, Given, Measure, Reached, Unit, place_fields};
use crate::catalogue::{Catalogue, Field};

/// Joins by alias, in the order in which they can stand.
const JOINS: &[(&str, &str)] = &[
    ("p", "JOIN party p ON p.id = o.party_id"),
    ("m", "JOIN customer_metric m ON m.party_id = o.party_id"),
    ("w", "LEFT JOIN app_user w ON w.id = o.owner_id"),
];

pub(super) fn stage_changes(given: &Given<'_>) -> Fact {
    use FieldType::{Choice, Ref};
    let mut fields = vec![
        given.days.field("changed_on", "c.valid_to"),
        Field::column("from_stage", Choice, "c.stage_id").of_ids(),
        Field::column("stage", Choice, "c.next_stage_id").of_ids(),
        Field::column("pipeline", Choice, "o.pipeline_id").of_ids(),
        Field::column("type", Choice, "o.kind"),
        Field::column("status", Choice, "o.status"),
        Field::column("customer", Ref, "o.party_id").of_ids().nullable(),
        Field::column("opportunity", Ref, "o.id").of_ids(),
    ];
    fields.extend(place_fields("o.unit_id", "o.owner_id"));
    Fact {
        kind: FactKind::StageChanges,
        catalogue: Catalogue { fields, joins: JOINS.to_vec(), ..Catalogue::default() },
        measures: vec![
            Measure { name: "stood", unit: Unit::Days, sql: "c.stood_seconds".into() },
            Measure::money("amount", "c.amount_base"),
        ],
        distinct: vec!["opportunity", "customer"],
        date: "changed_on",
        reached: Reached { resource: Resource::Opportunity, alias: "o" },
        from: "opportunity o CROSS JOIN opportunity_stage_change c",
        base: "c.opportunity_id = o.id AND o.deleted_at IS NULL AND c.stood_seconds IS NOT NULL AND \
               c.next_stage_id IS NOT NULL"
            .into(),
        record: "o.id",
        moment: Some("c.valid_to"),
    }
}
