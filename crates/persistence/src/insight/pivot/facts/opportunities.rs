//! Leads and opportunities by the day they were made, and the won and lost ones by the day they were closed.

use regulars_domain::actor::Resource;
use regulars_domain::condition::FieldType;

use super::{Fact, FactKind, Given, Measure, Reached, place_fields};
use crate::catalogue::{Catalogue, Field};

/// Joins by alias, in the order in which they can stand.
const JOINS: &[(&str, &str)] = &[
    ("p", "JOIN party p ON p.id = o.party_id"),
    ("m", "JOIN customer_metric m ON m.party_id = o.party_id"),
    ("w", "LEFT JOIN app_user w ON w.id = o.owner_id"),
];

pub(super) fn opportunities(given: &Given<'_>) -> Fact {
    use FieldType::{Choice, Date, Ref, Text};
    let mut fields = vec![
        given.days.field("created_on", "o.created_at"),
        given.days.field("closed_on", "o.closed_at").nullable(),
        Field::column("expected_close", Date, "o.expected_close").nullable(),
        Field::column("type", Choice, "o.kind"),
        Field::column("status", Choice, "o.status"),
        Field::column("pipeline", Choice, "o.pipeline_id").of_ids(),
        Field::column("stage", Choice, "o.stage_id").of_ids(),
        Field::column("reason", Choice, "o.reason").nullable(),
        Field::column("competitor", Text, "o.competitor").nullable(),
        Field::column("source", Choice, "o.source").nullable(),
        Field::column("customer", Ref, "o.party_id").of_ids().nullable(),
    ];
    fields.extend(place_fields("o.unit_id", "o.owner_id"));
    Fact {
        kind: FactKind::Opportunities,
        catalogue: Catalogue { fields, joins: JOINS.to_vec(), ..Catalogue::default() },
        measures: vec![
            Measure::money("amount", "o.amount_base"),
            // As lists and the pipeline's figures weigh each one.
            Measure::money("weighted", "(o.amount_base * s.probability + 50) / 100"),
        ],
        distinct: vec!["customer", "owner"],
        date: "created_on",
        reached: Reached { resource: Resource::Opportunity, alias: "o" },
        from: "opportunity o JOIN pipeline_stage s ON s.id = o.stage_id",
        base: "o.deleted_at IS NULL".into(),
        record: "o.id",
        moment: Some("o.created_at"),
    }
}

pub(super) fn closed(given: &Given<'_>) -> Fact {
    Fact {
        kind: FactKind::ClosedOpportunities,
        date: "closed_on",
        base: "o.deleted_at IS NULL AND o.status IN ('won', 'lost')".into(),
        moment: Some("o.closed_at"),
        ..opportunities(given)
    }
}
