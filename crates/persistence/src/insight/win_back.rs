//! Who left or is about to, with what is needed to reckon what winning them back brings.

use chrono::NaiveDate;
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Date, Double, Nullable, Text};
use regulars_domain::actor::Visibility;
use regulars_domain::ids::{PartyId, UserId};

use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::Statement;
use crate::types::SqlId;
use crate::visible::push_visible;

#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct WinBackRow {
    #[diesel(sql_type = SqlId)]
    pub party_id: PartyId,
    #[diesel(sql_type = Text)]
    pub name: String,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub owner_id: Option<UserId>,
    #[diesel(sql_type = Nullable<Text>)]
    pub owner_name: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub value_class: Option<String>,
    /// Minor units.
    #[diesel(sql_type = BigInt)]
    pub net: i64,
    #[diesel(sql_type = BigInt)]
    pub order_days: i64,
    #[diesel(sql_type = Nullable<Double>)]
    pub mean_gap_days: Option<f64>,
    #[diesel(sql_type = Date)]
    pub last_order_on: NaiveDate,
    #[diesel(sql_type = Nullable<Date>)]
    pub warned_on: Option<NaiveDate>,
    /// The day on which they were given up, unless they bought since.
    #[diesel(sql_type = Nullable<Date>)]
    pub lost_on: Option<NaiveDate>,
    #[diesel(sql_type = Nullable<Text>)]
    pub lost_reason: Option<String>,
}

/// Customers within sight who bought, and are lost, warned of or in decline; those who spent the most.
pub fn win_back_rows(db: &mut Db, customers: &Visibility, limit: i64) -> StoreResult<Vec<WinBackRow>> {
    let mut statement = Statement::new(
        "SELECT m.party_id, p.name, p.owner_id, o.name AS owner_name, m.value_class, m.net, m.order_days, \
         m.mean_gap_days, m.last_order_on, m.warned_on, w.closed_on AS lost_on, w.outcome_reason AS lost_reason \
         FROM customer_metric m JOIN party p ON p.id = m.party_id LEFT JOIN app_user o ON o.id = p.owner_id \
         LEFT JOIN churn_warning w ON w.party_id = m.party_id AND w.status = 'lost' AND w.closed_on >= m.last_order_on \
         AND NOT EXISTS (SELECT 1 FROM churn_warning x WHERE x.party_id = w.party_id \
         AND x.status IN ('kept', 'lost') AND x.id > w.id) \
         WHERE p.deleted_at IS NULL AND m.last_order_on IS NOT NULL AND m.net > 0 \
         AND (m.lifecycle = 'decline' OR m.warned_on IS NOT NULL OR w.id IS NOT NULL) AND ",
    );
    push_visible(&mut statement, "p", customers);
    statement.push(format!(" ORDER BY m.net DESC, m.party_id LIMIT {limit}"));
    statement.cached().rows(db)
}
