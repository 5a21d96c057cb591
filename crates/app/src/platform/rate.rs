//! Limits that count on every node: each tells the others, now and then, what it let through.

use chrono::{DateTime, TimeDelta, Utc};
use regulars_domain::rate::BURST_SECONDS;
use regulars_persistence::platform::rate::{RateUseRow, rate_uses_expire, rate_uses_insert, rate_uses_of_others};
use regulars_persistence::types::AnyId;
use uuid::Uuid;

use crate::{App, AppError, AppResult};

/// What is older has been paid off. Clocks of nodes may differ by less.
const HORIZON: TimeDelta = TimeDelta::seconds(2 * BURST_SECONDS as i64);
/// Nobody reads what is older.
const KEPT: TimeDelta = TimeDelta::minutes(1);

/// Requests of a caller, by what stands for the caller.
pub type Use = (i64, i64);

/// Tells what this node let through since it last told, and answers what others told lately: each report by the node and
/// the instant it bears, so that it is charged once. The embedded database has one node: there is nothing to tell.
pub fn rates_share(
    app: &App,
    node: Uuid,
    uses: &[Use],
    at: DateTime<Utc>,
) -> AppResult<Vec<(Uuid, DateTime<Utc>, Use)>> {
    if app.db().is_sqlite() {
        return Ok(Vec::new());
    }
    let node = AnyId(node);
    if !uses.is_empty() {
        let row = |&(principal, used): &Use| RateUseRow { at, node, principal, used };
        let rows: Vec<RateUseRow> = uses.iter().map(row).collect();
        app.db().write(move |tx| {
            rate_uses_insert(tx, &rows)?;
            rate_uses_expire(tx, Some(node), at - KEPT)?;
            Ok::<_, AppError>(())
        })?;
    }
    let told = app.db().read(|db| Ok::<_, AppError>(rate_uses_of_others(db, node, at - HORIZON)?))?;
    Ok(told.into_iter().map(|row| (row.node.0, row.at, (row.principal, row.used))).collect())
}

/// Forgets what nodes that are gone told.
pub fn rates_forget(app: &App, at: DateTime<Utc>) -> AppResult<()> {
    app.db().write(move |tx| Ok::<_, AppError>(rate_uses_expire(tx, None, at - KEPT)?)).map(|_: usize| ())
}
