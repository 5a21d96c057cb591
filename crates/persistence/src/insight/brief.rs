//! What the morning brief counts, within a sight.

use chrono::{DateTime, NaiveDate, Utc};
use regulars_domain::actor::Visibility;

use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::Statement;
use crate::visible::push_visible;

/// Customers who bought for the first time on a day.
pub fn first_orders_on(db: &mut Db, customers: &Visibility, on: NaiveDate) -> StoreResult<i64> {
    let mut statement = Statement::new(
        "SELECT COUNT(*) AS n FROM customer_metric m JOIN party p ON p.id = m.party_id \
         WHERE p.deleted_at IS NULL AND m.first_order_on = m.last_order_on AND m.last_order_on = ",
    );
    // Who has one day of orders has it as the last one too, which an index leads to; the others are few.
    statement.bind(on).push(" AND ");
    push_visible(&mut statement, "p", customers);
    let once = statement.cached().number(db)?;
    let mut statement = Statement::new(
        "SELECT COUNT(*) AS n FROM customer_metric m JOIN party p ON p.id = m.party_id \
         WHERE p.deleted_at IS NULL AND m.last_order_on > ",
    );
    statement.bind(on).push(" AND m.first_order_on = ").bind(on).push(" AND ");
    push_visible(&mut statement, "p", customers);
    Ok(once + statement.cached().number(db)?)
}

/// Warnings raised on a day.
pub fn warnings_on(db: &mut Db, customers: &Visibility, on: NaiveDate) -> StoreResult<i64> {
    let mut statement = Statement::new(
        "SELECT COUNT(*) AS n FROM churn_warning w JOIN party p ON p.id = w.party_id WHERE p.deleted_at IS NULL \
         AND w.closed_on IS NULL AND w.raised_on = ",
    );
    statement.bind(on).push(" AND ");
    push_visible(&mut statement, "p", customers);
    statement.cached().number(db)
}

/// Dates of life between two days, both included.
pub fn dates_between(db: &mut Db, customers: &Visibility, (from, until): (NaiveDate, NaiveDate)) -> StoreResult<i64> {
    let order = if matches!(customers, Visibility::Owned { .. }) { "," } else { " CROSS JOIN" };
    let mut statement = Statement::new(format!(
        "SELECT COUNT(*) AS n FROM party_date d{order} party p WHERE p.id = d.party_id AND p.deleted_at IS NULL \
         AND d.next_on >= "
    ));
    statement.bind(from).push(" AND d.next_on <= ").bind(until).push(" AND ");
    push_visible(&mut statement, "p", customers);
    statement.cached().number(db)
}

/// What was promised: wishes that arrived and nobody was told of, and open ones needed by a day.
pub fn promises_due(db: &mut Db, customers: &Visibility, until: NaiveDate) -> StoreResult<i64> {
    let mut statement = Statement::new(
        "SELECT COUNT(*) AS n FROM wish w JOIN party p ON p.id = w.party_id WHERE w.deleted_at IS NULL \
         AND p.deleted_at IS NULL AND (w.status = 'arrived' OR (w.status = 'open' AND w.needed_by <= ",
    );
    statement.bind(until).push(")) AND ");
    push_visible(&mut statement, "p", customers);
    statement.cached().number(db)
}

/// VIP and major customers without order and contact since.
pub fn untouched_since(
    db: &mut Db,
    customers: &Visibility,
    (before, spoken): (NaiveDate, DateTime<Utc>),
) -> StoreResult<i64> {
    let mut statement = Statement::new(
        "SELECT COUNT(*) AS n FROM customer_metric m JOIN party p ON p.id = m.party_id WHERE p.deleted_at IS NULL \
         AND m.value_class IN ('vip', 'major') AND m.last_order_on < ",
    );
    statement.bind(before).push(" AND (m.last_contact_at IS NULL OR m.last_contact_at < ").bind(spoken).push(") AND ");
    push_visible(&mut statement, "p", customers);
    statement.cached().number(db)
}
