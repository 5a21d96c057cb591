//! Tasks by the day they were made. The customer of a task is the one it names first.

use regulars_domain::actor::Resource;
use regulars_domain::condition::FieldType;

use super::{Fact, FactKind, Given, Reached, place_fields};
use crate::catalogue::{Catalogue, Field};

const FIRST_NAMED: &str = "(SELECT x.party_id FROM task_party x WHERE x.task_id = t.id ORDER BY x.position LIMIT 1)";

/// Joins by alias, in the order in which they can stand.
const JOINS: &[(&str, &str)] = &[
    (
        "p",
        "JOIN party p ON p.id = (SELECT x.party_id FROM task_party x WHERE x.task_id = t.id ORDER BY x.position LIMIT 1)",
    ),
    ("m", "JOIN customer_metric m ON m.party_id = p.id"),
    ("w", "LEFT JOIN app_user w ON w.id = t.owner_id"),
];

pub(super) fn tasks(given: &Given<'_>) -> Fact {
    use FieldType::{Choice, Date, Integer, Ref};
    let mut fields = vec![
        given.days.field("created_on", "t.created_at"),
        Field::column("due_on", Date, "t.due_on").nullable(),
        given.days.field("done_on", "t.done_at").nullable(),
        Field::column("status", Choice, "t.status"),
        Field::column("priority", Integer, "t.priority"),
        Field::column("created_by", Ref, "t.created_by").of_ids().nullable(),
        Field::column("customer", Ref, FIRST_NAMED).of_ids().nullable(),
    ];
    fields.extend(place_fields("t.unit_id", "t.owner_id"));
    Fact {
        kind: FactKind::Tasks,
        catalogue: Catalogue { fields, joins: JOINS.to_vec(), ..Catalogue::default() },
        measures: Vec::new(),
        distinct: vec!["owner", "customer"],
        date: "created_on",
        reached: Reached { resource: Resource::Task, alias: "t" },
        from: "task t",
        base: "t.deleted_at IS NULL".into(),
        record: "t.id",
        moment: Some("t.created_at"),
    }
}
