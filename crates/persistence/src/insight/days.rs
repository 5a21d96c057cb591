//! What customers bought day by day: what the lifetime models, trends and present values are computed from.

use chrono::NaiveDate;
use diesel::sql_types::{BigInt, Date};
use regulars_domain::ids::PartyId;
use regulars_domain::sales::CountsWhen;

use super::counter::{BATCH, SALE, base_sql, counts_sql};
use super::past::{PastDay, Whose, push_orders, push_whose};
use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::{Statement, row_by_place};
use crate::types::SqlId;

row_by_place! {
    /// A day on which a customer bought. Amounts are minor units of the company's currency.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub struct DayRow {
        pub party_id: PartyId as SqlId,
        pub on: NaiveDate as Date,
        /// After discounts and returns.
        pub net: i64 as BigInt,
        /// The same less the known cost of goods.
        pub contribution: i64 as BigInt,
        /// Orders of the day.
        pub orders: i64 as BigInt,
    }
}

/// Days with an order that counts of at most [`BATCH`] customers, customer by customer, rising; for a past day those up to
/// it, as they stood then.
pub fn days_of(db: &mut Db, ids: &[PartyId], when: CountsWhen, past: Option<&PastDay>) -> StoreResult<Vec<DayRow>> {
    let net = format!("(o.net_base - {})", base_sql("o.returned"));
    let cost = base_sql("COALESCE(o.cost, 0)");
    let mut statement = Statement::new(format!(
        "SELECT o.party_id, o.ordered_on, CAST(SUM({net}) AS BIGINT) AS net, \
         CAST(SUM({net} - {cost}) AS BIGINT) AS contribution, COUNT(*) AS orders FROM "
    ));
    push_orders(&mut statement, db, &Whose::Parties(ids), past);
    statement.push(format!(" WHERE {SALE} AND {} AND ", counts_sql(when)));
    push_whose(&mut statement, "o", &Whose::Parties(ids));
    statement.push(" GROUP BY o.party_id, o.ordered_on ORDER BY o.party_id, o.ordered_on");
    if matches!(ids.len(), 1 | BATCH) { statement.cached() } else { statement }.rows(db)
}
