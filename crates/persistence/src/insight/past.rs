//! Orders as they stood at the end of a past day, as far as it is known: the day they were ordered, the payments and
//! returns by their days, the state from the changes recorded since, deletions. Lines and amounts are those of now, and
//! so is the state of an order whose change left no event (an import changing one that was there).

use chrono::{DateTime, NaiveDate, Utc};
use regulars_domain::ids::{PartyId, UnitId};

use crate::db::Db;
use crate::sql::Statement;

/// A past business day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PastDay {
    pub on: NaiveDate,
    /// The first instant after it.
    pub end: DateTime<Utc>,
}

/// Whose orders.
pub(super) enum Whose<'a> {
    Parties(&'a [PartyId]),
    Unit(UnitId),
}

/// Pushes the orders as alias `o`: of now, or as they stood. [`push_whose`] narrows them.
pub(super) fn push_orders(statement: &mut Statement, db: &Db, whose: &Whose<'_>, past: Option<&PastDay>) {
    let Some(past) = past else {
        statement.push("sales_order o");
        return;
    };
    let status_before = match db {
        Db::Sqlite(_) => "json_extract(e.before, '$.status')",
        Db::Pg(_) => "(e.before ->> 'status') COLLATE \"C\"",
    };
    statement.push(
        "(SELECT s.id, s.party_id, s.unit_id, s.ordered_on, s.exchange_rate, s.gross, s.discount, s.net, s.net_base, s.cost, \
         CASE WHEN s.deleted_at < ",
    );
    statement.bind(past.end).push(" THEN s.deleted_at END AS deleted_at, CASE WHEN s.updated_at < ").bind(past.end);
    // The first change of state since tells the state before it.
    statement.push(format!(
        " THEN s.status ELSE COALESCE((SELECT {status_before} FROM event e WHERE e.resource_id = s.id \
         AND e.resource = 'order' AND {status_before} IS NOT NULL AND e.after IS NOT NULL AND e.at >= "
    ));
    statement.bind(past.end).push(" ORDER BY e.at, e.id LIMIT 1), s.status) END AS status");
    for (name, table) in [("returned", "order_return"), ("paid", "payment")] {
        statement.push(format!(
            ", COALESCE((SELECT CAST(SUM(b.amount) AS BIGINT) FROM {table} b WHERE b.order_id = s.id AND b.on_date <= "
        ));
        statement.bind(past.on).push(format!("), 0) AS {name}"));
    }
    statement.push(" FROM sales_order s WHERE s.ordered_on <= ").bind(past.on).push(" AND ");
    push_whose(statement, "s", whose);
    statement.push(") o");
}

/// Pushes a condition on the orders of an alias.
pub(super) fn push_whose(statement: &mut Statement, alias: &str, whose: &Whose<'_>) {
    match whose {
        Whose::Parties(ids) => {
            statement.push(format!("{alias}.party_id IN (")).bind_list(ids.iter().copied()).push(")");
        }
        Whose::Unit(unit) => {
            statement.push(format!("{alias}.unit_id = ")).bind(*unit);
        }
    }
}
