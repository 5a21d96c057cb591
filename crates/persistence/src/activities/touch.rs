//! Touches: when a person last did something about an opportunity and noted that.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Text};
use regulars_domain::ids::{OpportunityId, PartyId, UserId};

use crate::activities::presence::{PeopleReach, push_people};
use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::{Statement, filled_up};
use crate::types::{SqlId, SqlInstant};

/// The last of: its beginning, moves by people, finished steps, what was noted of its customer and of its contacts, and
/// finished tasks about its customer. Mailings, edits and views are none.
const LAST: &str = "UPDATE opportunity SET touched_at = (SELECT MAX(x.at) FROM ( \
     SELECT opportunity.created_at AS at \
     UNION ALL SELECT MAX(h.entered_at) FROM opportunity_stage_change h \
       WHERE h.opportunity_id = opportunity.id AND h.changed_by IS NOT NULL \
     UNION ALL SELECT MAX(s.done_at) FROM opportunity_step s WHERE s.opportunity_id = opportunity.id \
     UNION ALL SELECT MAX(i.at) FROM interaction i \
       WHERE i.party_id = opportunity.party_id AND i.actor_id IS NOT NULL AND i.deleted_at IS NULL \
     UNION ALL SELECT MAX(i.at) FROM opportunity_contact c JOIN interaction i ON i.party_id = c.party_id \
       WHERE c.opportunity_id = opportunity.id AND i.actor_id IS NOT NULL AND i.deleted_at IS NULL \
     UNION ALL SELECT MAX(t.done_at) FROM task_party p JOIN task t ON t.id = p.task_id \
       WHERE p.party_id = opportunity.party_id AND t.status = 'done' AND t.deleted_at IS NULL) x) WHERE ";

/// Notes anew when each of these was touched.
pub fn touches_refresh(db: &mut Db, ids: &[OpportunityId]) -> StoreResult<()> {
    if ids.is_empty() {
        return Ok(());
    }
    let mut statement = Statement::new(LAST).then("id IN (");
    statement.bind_list(filled_up(ids)).push(")");
    statement.cached().run(db)?;
    Ok(())
}

/// The same for what is under way with these customers.
pub fn touches_refresh_of(db: &mut Db, parties: &[PartyId]) -> StoreResult<()> {
    if parties.is_empty() {
        return Ok(());
    }
    let mut statement =
        Statement::new(LAST).then("deleted_at IS NULL AND id IN (SELECT q.id FROM opportunity q WHERE q.party_id IN (");
    statement.bind_list(filled_up(parties));
    statement.push(") UNION SELECT k.opportunity_id FROM opportunity_contact k WHERE k.party_id IN (");
    statement.bind_list(filled_up(parties)).push("))");
    statement.cached().run(db)?;
    Ok(())
}

/// When each of these was touched last.
pub fn touches_of(db: &mut Db, ids: &[OpportunityId]) -> StoreResult<HashMap<OpportunityId, DateTime<Utc>>> {
    #[derive(QueryableByName)]
    #[diesel(check_for_backend(crate::MultiBackend))]
    struct Row {
        #[diesel(sql_type = SqlId)]
        id: OpportunityId,
        #[diesel(sql_type = SqlInstant)]
        touched_at: DateTime<Utc>,
    }
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let mut statement = Statement::new("SELECT o.id, o.touched_at FROM opportunity o WHERE o.id IN (");
    statement.bind_list(filled_up(ids)).push(")");
    let rows: Vec<Row> = statement.cached().rows(db)?;
    Ok(rows.into_iter().map(|row| (row.id, row.touched_at)).collect())
}

/// How much of a kind somebody has open, and how much of it is silent.
#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct SilentRow {
    #[diesel(sql_type = SqlId)]
    pub user_id: UserId,
    /// `lead` or `opportunity`.
    #[diesel(sql_type = Text)]
    pub kind: String,
    #[diesel(sql_type = BigInt)]
    pub open: i64,
    #[diesel(sql_type = BigInt)]
    pub silent: i64,
}

/// What people have open, by kind; silent is what was last touched before the moment of its kind.
pub fn silent_by_owner(
    db: &mut Db,
    reach: &PeopleReach,
    (leads, opportunities): (DateTime<Utc>, DateTime<Utc>),
) -> StoreResult<Vec<SilentRow>> {
    let mut statement = Statement::new(
        "SELECT o.owner_id AS user_id, o.kind, COUNT(*) AS open, \
         CAST(SUM(CASE WHEN (o.kind = 'lead' AND o.touched_at < ",
    );
    statement.bind(leads).push(") OR (o.kind <> 'lead' AND o.touched_at < ").bind(opportunities);
    statement.push(
        ") THEN 1 ELSE 0 END) AS BIGINT) AS silent FROM opportunity o JOIN app_user u ON u.id = o.owner_id \
         WHERE o.status = 'open' AND o.deleted_at IS NULL AND ",
    );
    push_people(&mut statement, reach);
    statement.push(" GROUP BY o.owner_id, o.kind");
    statement.rows(db)
}
