//! How often customers were spoken with lately. The windows move with time, so the counts in `customer_metric` are
//! brought up to date with each interaction and with each evaluation.

use chrono::{DateTime, Duration, Utc};
use diesel::QueryableByName;
use diesel::sql_types::BigInt;
use regulars_domain::ids::{PartyId, UnitId};

use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::{Bind, Statement};
use crate::types::SqlId;

/// Days of the three windows.
const WINDOWS: [i64; 3] = [30, 90, 365];

/// Rows of one `UPDATE`.
const BATCH: usize = 500;

#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct ContactCounts {
    #[diesel(sql_type = SqlId)]
    pub party_id: PartyId,
    #[diesel(sql_type = BigInt)]
    pub near: i64,
    #[diesel(sql_type = BigInt)]
    pub middle: i64,
    #[diesel(sql_type = BigInt)]
    pub far: i64,
}

/// Rows of `customer_metric m` whose counts are not what the interactions say, with what they say; `only` narrows both
/// sides.
fn push_moved(statement: &mut Statement, now: DateTime<Utc>, only: impl Fn(&mut Statement, &str)) {
    let [near, middle, far] = WINDOWS.map(|days| now - Duration::days(days));
    statement.push(
        "SELECT m.party_id, COALESCE(c.near, 0) AS near, COALESCE(c.middle, 0) AS middle, COALESCE(c.far, 0) AS far \
         FROM customer_metric m LEFT JOIN (SELECT i.party_id, CAST(SUM(CASE WHEN i.at >= ",
    );
    statement.bind(near).push(" THEN 1 ELSE 0 END) AS BIGINT) AS near, CAST(SUM(CASE WHEN i.at >= ");
    statement.bind(middle).push(" THEN 1 ELSE 0 END) AS BIGINT) AS middle, COUNT(*) AS far FROM interaction i WHERE ");
    only(statement, "i");
    statement.push(" AND i.deleted_at IS NULL AND i.at >= ").bind(far);
    statement.push(" GROUP BY i.party_id) c ON c.party_id = m.party_id WHERE ");
    only(statement, "m");
    statement.push(
        " AND (m.contacts_30 <> COALESCE(c.near, 0) OR m.contacts_90 <> COALESCE(c.middle, 0) \
         OR m.contacts_365 <> COALESCE(c.far, 0))",
    );
}

/// Customers of a unit whose counts have moved since they were written.
pub fn contacts_moved(db: &mut Db, unit: UnitId, now: DateTime<Utc>) -> StoreResult<Vec<ContactCounts>> {
    let mut statement = Statement::default();
    push_moved(&mut statement, now, |statement, alias| {
        statement.push(format!("{alias}.unit_id = ")).bind(unit);
    });
    statement.cached().rows(db)
}

/// Counts the contacts of one customer anew, after a change of its interactions.
pub fn contacts_refresh(tx: &mut Db, party: PartyId, now: DateTime<Utc>) -> StoreResult<()> {
    let mut statement = Statement::default();
    push_moved(&mut statement, now, |statement, alias| {
        statement.push(format!("{alias}.party_id = ")).bind(party);
    });
    let moved: Vec<ContactCounts> = statement.cached().rows(tx)?;
    contacts_write(tx, &moved)
}

pub fn contacts_write(tx: &mut Db, rows: &[ContactCounts]) -> StoreResult<()> {
    for some in rows.chunks(BATCH) {
        let mut statement = Statement::new(
            "UPDATE customer_metric SET contacts_30 = v.column2, contacts_90 = v.column3, contacts_365 = v.column4 \
             FROM (VALUES ",
        );
        for (index, row) in some.iter().enumerate() {
            let values: [Bind; 4] = [row.party_id.into(), row.near.into(), row.middle.into(), row.far.into()];
            statement.push(if index == 0 { "(" } else { ", (" });
            statement.bind_list(values).push(")");
        }
        statement.push(") AS v WHERE customer_metric.party_id = v.column1");
        if matches!(some.len(), 1 | BATCH) { statement.cached() } else { statement }.run(tx)?;
    }
    Ok(())
}
