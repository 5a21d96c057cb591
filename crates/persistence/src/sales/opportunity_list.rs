//! How opportunities are listed and added up.

use diesel::QueryableByName;
use diesel::sql_types::BigInt;
use regulars_domain::actor::Visibility;
use regulars_domain::condition::{FieldType, Test};
use regulars_domain::ids::StageId;

use crate::catalogue::{Catalogue, Field, like_escaped};
use crate::customers::custom::CustomDefinition;
use crate::customers::fields::custom_field;
use crate::db::Db;
use crate::error::StoreResult;
use crate::list::{Listing, push_from};
use crate::sql::Statement;
use crate::types::SqlId;
use crate::visible::push_visible;

/// Lists opportunities as alias `o`.
pub const OPPORTUNITY_FROM: &str = "opportunity o";

/// What opportunities are filtered and sorted by.
pub fn opportunity_catalogue(custom: &[CustomDefinition]) -> Catalogue {
    use FieldType::{Choice, Date, Instant, Integer, Money, Ref, Set, Text};
    let mut fields = vec![
        Field::column("id", Ref, "o.id").of_ids(),
        Field::column("name", Text, "o.name").sortable(),
        Field::column("name_pinyin", Text, "o.name_key").sortable(),
        Field::column("type", Choice, "o.kind").sortable(),
        Field::column("status", Choice, "o.status").sortable(),
        Field::column("pipeline", Choice, "o.pipeline_id").of_ids(),
        Field::column("stage", Choice, "o.stage_id").of_ids(),
        Field::column("customer", Ref, "o.party_id").of_ids().nullable(),
        Field::rows("contact", Set, "opportunity_contact x WHERE x.opportunity_id = o.id", "x.party_id").of_ids(),
        Field::column("unit", Ref, "o.unit_id").of_ids(),
        Field::column("owner", Ref, "o.owner_id").of_ids().nullable(),
        Field::column("amount", Money, "o.amount_base").sortable(),
        Field::column("expected_close", Date, "o.expected_close").nullable().sortable(),
        Field::column("source", Choice, "o.source").nullable(),
        Field::column("form", Choice, "o.form_id").of_ids().nullable(),
        Field::column("score", Integer, "o.score").nullable().sortable(),
        Field::column("reason", Choice, "o.reason").nullable(),
        Field::rows("competitor", Text, "opportunity_competitor x WHERE x.opportunity_id = o.id", "x.name"),
        Field::column("touched_at", Instant, "o.touched_at").sortable(),
        Field::column("stage_since", Instant, "o.stage_since").sortable(),
        Field::column("closed_at", Instant, "o.closed_at").nullable().sortable(),
        Field::column("created_at", Instant, "o.created_at").sortable(),
        Field::column("updated_at", Instant, "o.updated_at").sortable(),
    ];
    fields.extend(custom.iter().filter_map(|field| custom_field(field, "opportunity", "o.id")));
    Catalogue { fields, ..Catalogue::default() }
}

/// Living ones within sight; with a text those whose name, company or person it is part of, or whose customer's name
/// begins with it.
pub fn opportunity_base(reach: &Visibility, customers: &Visibility, q: Option<&str>) -> Statement {
    let mut base = Statement::new("o.deleted_at IS NULL AND ");
    push_visible(&mut base, "o", reach);
    if let Some(q) = q {
        let inside = format!("%{}%", like_escaped(q));
        let begins = format!("{}%", like_escaped(q));
        base.push(" AND (LOWER(o.name) LIKE ").bind(inside.as_str()).push(" ESCAPE '\\'");
        base.push(" OR o.name_key LIKE ").bind(begins.as_str()).push(" ESCAPE '\\'");
        for column in ["o.lead_company", "o.lead_person"] {
            base.push(format!(" OR ({column} IS NOT NULL AND LOWER({column}) LIKE ")).bind(inside.as_str());
            base.push(" ESCAPE '\\')");
        }
        base.push(" OR (o.party_id IS NOT NULL AND o.party_id IN (SELECT p.id FROM party p WHERE (LOWER(p.name) LIKE ");
        base.bind(begins.as_str()).push(" ESCAPE '\\' OR p.name_key LIKE ").bind(begins).push(" ESCAPE '\\') AND ");
        push_visible(&mut base, "p", customers);
        base.push(")))");
    }
    base
}

/// How many stand in a stage, and for how much in the company's currency.
#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct StageTotal {
    #[diesel(sql_type = SqlId)]
    pub stage_id: StageId,
    #[diesel(sql_type = BigInt)]
    pub n: i64,
    #[diesel(sql_type = BigInt)]
    pub amount: i64,
}

/// The totals of a list by stage.
pub fn opportunity_totals(
    db: &mut Db,
    base: &Statement,
    catalogue: &Catalogue,
    test: Option<&Test>,
) -> StoreResult<Vec<StageTotal>> {
    let listing = Listing { from: OPPORTUNITY_FROM, id: "o.id", base, catalogue, test };
    let mut statement =
        Statement::new("SELECT o.stage_id, COUNT(*) AS n, CAST(SUM(o.amount_base) AS BIGINT) AS amount");
    push_from(&mut statement, &listing, None);
    statement.push(" GROUP BY o.stage_id");
    statement.cached().rows(db)
}
