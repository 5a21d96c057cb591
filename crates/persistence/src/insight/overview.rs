//! How customers within sight spread over scores and classes.

use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Integer, Nullable, Text};
use regulars_domain::actor::Visibility;
use regulars_domain::ids::PartyId;

use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::Statement;
use crate::types::SqlId;
use crate::visible::push_visible;

/// Customers that share all scores and classes.
#[derive(Debug, Clone, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct ClassCount {
    #[diesel(sql_type = Nullable<Text>)]
    pub value_class: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub stage: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub abc: Option<String>,
    #[diesel(sql_type = Nullable<Integer>)]
    pub rfm_r: Option<i32>,
    #[diesel(sql_type = Nullable<Integer>)]
    pub rfm_f: Option<i32>,
    #[diesel(sql_type = Nullable<Integer>)]
    pub rfm_m: Option<i32>,
    #[diesel(sql_type = BigInt)]
    pub customers: i64,
    /// Minor units of the company's currency.
    #[diesel(sql_type = BigInt)]
    pub net: i64,
}

/// One pass over the index that holds just these columns; sight by owner goes through the customers.
pub fn class_counts(db: &mut Db, visibility: &Visibility) -> StoreResult<Vec<ClassCount>> {
    let mut statement = Statement::new(
        "SELECT m.value_class, m.stage, m.abc, m.rfm_r, m.rfm_f, m.rfm_m, COUNT(*) AS customers, \
         CAST(SUM(m.net) AS BIGINT) AS net FROM customer_metric m ",
    );
    match visibility {
        Visibility::Owned { .. } | Visibility::Beside { .. } => {
            statement.push("JOIN party p ON p.id = m.party_id WHERE ");
            push_visible(&mut statement, "p", visibility);
        }
        _ => {
            statement.push("WHERE ");
            push_visible(&mut statement, "m", visibility);
        }
    }
    statement.push(" GROUP BY m.value_class, m.stage, m.abc, m.rfm_r, m.rfm_f, m.rfm_m");
    statement.cached().rows(db)
}

/// Living customers within sight.
pub fn party_count(db: &mut Db, visibility: &Visibility) -> StoreResult<i64> {
    let mut statement = Statement::new("SELECT COUNT(*) AS n FROM party p WHERE p.deleted_at IS NULL AND ");
    push_visible(&mut statement, "p", visibility);
    statement.cached().number(db)
}

#[derive(QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
struct IdRow {
    #[diesel(sql_type = SqlId)]
    id: PartyId,
}

/// Ids of all living customers within sight by ownership: few, for whoever sees only their own.
pub fn party_ids(db: &mut Db, visibility: &Visibility) -> StoreResult<Vec<PartyId>> {
    let mut statement = Statement::new("SELECT p.id FROM party p WHERE p.deleted_at IS NULL AND ");
    push_visible(&mut statement, "p", visibility);
    let rows: Vec<IdRow> = statement.cached().rows(db)?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}
