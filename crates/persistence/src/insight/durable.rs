//! Who is held to be a buyer of durables.

use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Text};
use regulars_domain::actor::Visibility;

use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::Statement;
use crate::visible::push_visible;

#[derive(Debug, Clone, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct DurableHeld {
    #[diesel(sql_type = Text)]
    pub durable: String,
    #[diesel(sql_type = BigInt)]
    pub customers: i64,
    /// Minor units.
    #[diesel(sql_type = BigInt)]
    pub total: i64,
}

/// By group the customers within reach, and what they are expected to bring yet.
pub fn durables_held(db: &mut Db, reach: &Visibility) -> StoreResult<Vec<DurableHeld>> {
    let mut statement = Statement::new(
        "SELECT m.durable, COUNT(*) AS customers, CAST(SUM(m.durable_value) AS BIGINT) AS total \
         FROM customer_metric m WHERE m.durable IS NOT NULL AND ",
    );
    push_visible(&mut statement, "m", reach);
    statement.push(" GROUP BY m.durable");
    statement.rows(db)
}
