//! Which column points where, whether the databases know it or only we do, and what points at nothing.

use std::collections::BTreeSet;

use diesel::QueryableByName;
use diesel::sql_types::Text;

use super::schema::expected;
use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::Statement;

/// Relations no foreign key declares. A column with an id stands here, or among [`LOOSE`], or has a foreign key.
const SOFT: &[(&str, &str, &[&str])] = &[
    ("app_user", "frozen_by", &["app_user"]),
    ("attachment", "subject_id", &["party", "qualification"]),
    ("asset", "created_by", &["app_user"]),
    ("bill", "created_by", &["app_user"]),
    ("custom_value", "resource_id", &["party", "sales_order", "product", "opportunity"]),
    ("customer_metric", "unit_id", &["unit"]),
    ("customer_metric", "owner_id", &["app_user"]),
    ("data_import", "unit_id", &["unit"]),
    ("data_import", "created_by", &["app_user"]),
    ("delivery", "created_by", &["app_user"]),
    ("department", "leader_id", &["app_user"]),
    ("duplicate_pair", "decided_by", &["app_user"]),
    ("import_mapping", "unit_id", &["unit"]),
    ("import_mapping", "owner_id", &["app_user"]),
    ("interaction", "unit_id", &["unit"]),
    ("interaction", "actor_id", &["app_user"]),
    ("job", "created_by", &["app_user"]),
    ("job", "unit_id", &["unit"]),
    ("journey_run", "started_by", &["app_user"]),
    ("journey_station", "ended_by", &["app_user"]),
    ("opportunity", "created_by", &["app_user"]),
    ("opportunity_stage_change", "changed_by", &["app_user"]),
    ("opportunity_stage_change", "owner_id", &["app_user"]),
    ("opportunity_step", "done_by", &["app_user"]),
    ("party", "created_by", &["app_user"]),
    ("party_merge", "merged_by", &["app_user"]),
    ("party_merge", "undone_by", &["app_user"]),
    ("party_search", "party_id", &["party"]),
    ("pool_customer", "holder_id", &["app_user"]),
    ("pool_customer", "left_by", &["app_user"]),
    ("pool_customer", "warned_id", &["app_user"]),
    ("pool_move", "by_id", &["app_user"]),
    ("pool_move", "from_id", &["app_user"]),
    ("pool_move", "to_id", &["app_user"]),
    ("quote", "created_by", &["app_user"]),
    ("sales_order", "created_by", &["app_user"]),
    ("sales_target", "created_by", &["app_user"]),
    ("search_pending", "party_id", &["party"]),
    ("sellout_cell", "changed_by", &["app_user"]),
    ("sellout_change", "changed_by", &["app_user"]),
    ("task", "created_by", &["app_user"]),
    ("task", "done_by", &["app_user"]),
    ("task", "next_id", &["task"]),
    ("wish", "created_by", &["app_user"]),
];

/// Columns that may name what is gone: the log tells of deleted things; finished jobs and imports are forgotten; what a
/// merge moved may be deleted since; what goes together was learnt before.
const LOOSE: &[(&str, &str)] = &[
    ("asset", "import_id"),
    ("association", "has_id"),
    ("association", "offer_id"),
    ("consent", "import_id"),
    ("data_import", "job_id"),
    ("event", "actor_id"),
    ("event", "owner_before"),
    ("event", "owner_id"),
    ("event", "party_id"),
    ("event", "resource_id"),
    ("event", "unit_before"),
    ("event", "unit_id"),
    ("import_row", "resource_id"),
    ("opportunity", "import_id"),
    ("party", "import_id"),
    ("party_fact", "import_id"),
    ("party_merge_row", "row_id"),
    ("party_preference", "import_id"),
    ("party_relation", "import_id"),
    ("product", "import_id"),
    ("sales_order", "import_id"),
    ("sellout_change", "import_id"),
    ("training", "import_id"),
    ("webhook_delivery", "resource_id"),
];

/// A column and the tables of which one holds what it names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Relation {
    pub table: String,
    pub column: String,
    pub targets: Vec<String>,
}

#[derive(QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
struct KeyRow {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    column_name: String,
    #[diesel(sql_type = Text)]
    target: String,
}

/// Every relation of the schema this program expects.
pub fn relations() -> StoreResult<Vec<Relation>> {
    let mut db = expected()?;
    let declared: Vec<KeyRow> = Statement::new(
        "SELECT m.name AS table_name, k.\"from\" AS column_name, k.\"table\" AS target FROM sqlite_master m \
         JOIN pragma_foreign_key_list(m.name) k WHERE m.type = 'table' ORDER BY 1, 2",
    )
    .rows(&mut db)?;
    let declared = declared.into_iter().map(|key| Relation {
        table: key.table_name,
        column: key.column_name,
        targets: vec![key.target],
    });
    let soft = SOFT.iter().map(|(table, column, targets)| Relation {
        table: (*table).into(),
        column: (*column).into(),
        targets: targets.iter().map(|target| (*target).into()).collect(),
    });
    Ok(declared.chain(soft).collect())
}

/// Columns with ids of which nobody has said where they point.
pub fn relations_untold() -> StoreResult<Vec<String>> {
    let mut told: BTreeSet<(String, String)> =
        relations()?.into_iter().map(|relation| (relation.table, relation.column)).collect();
    told.extend(LOOSE.iter().map(|(table, column)| (table.to_string(), column.to_string())));
    let mut db = expected()?;
    let ids: Vec<KeyRow> = Statement::new(
        "SELECT m.name AS table_name, c.name AS column_name, '' AS target FROM sqlite_master m \
         JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND c.type = 'BLOB' \
         AND (c.name LIKE '%\\_id' ESCAPE '\\' OR c.name LIKE '%\\_by' ESCAPE '\\' OR c.name LIKE '%\\_before' ESCAPE '\\') \
         AND m.name NOT LIKE 'party\\_search\\_%' ESCAPE '\\' ORDER BY 1, 2",
    )
    .rows(&mut db)?;
    let untold = ids.into_iter().map(|id| (id.table_name, id.column_name)).filter(|id| !told.contains(id));
    Ok(untold.map(|(table, column)| format!("{table}.{column}")).collect())
}

/// How many rows name something that is not there.
pub fn orphans(db: &mut Db, relation: &Relation) -> StoreResult<i64> {
    let Relation { table, column, targets } = relation;
    let mut statement =
        Statement::new(format!("SELECT COUNT(*) AS n FROM {table} child WHERE child.{column} IS NOT NULL"));
    for target in targets {
        statement.push(format!(" AND NOT EXISTS (SELECT 1 FROM {target} parent WHERE parent.id = child.{column})"));
    }
    statement.number(db)
}
