//! A customer's orders on their way to another unit.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{Nullable, Text};
use regulars_domain::ids::{OrderId, PartyId, UnitId, UserId};

use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::{Statement, update};
use crate::types::SqlId;

/// An order that stands in another unit.
#[derive(Debug, Clone, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct OrderElsewhere {
    #[diesel(sql_type = SqlId)]
    pub id: OrderId,
    #[diesel(sql_type = SqlId)]
    pub unit_id: UnitId,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub owner_id: Option<UserId>,
    #[diesel(sql_type = Text)]
    pub code: String,
}

/// The customer's orders, deleted ones too, that don't stand in the unit; the oldest first.
pub fn orders_elsewhere(db: &mut Db, party: PartyId, unit: UnitId) -> StoreResult<Vec<OrderElsewhere>> {
    Statement::new("SELECT o.id, o.unit_id, o.owner_id, o.code FROM sales_order o")
        .with(" WHERE o.party_id = ", party)
        .with(" AND o.unit_id <> ", unit)
        .then(" ORDER BY o.id")
        .rows(db)
}

/// Which of the codes a unit has given to an order.
pub fn order_codes_taken(db: &mut Db, unit: UnitId, codes: &[&str]) -> StoreResult<Vec<String>> {
    #[derive(QueryableByName)]
    #[diesel(check_for_backend(crate::MultiBackend))]
    struct Row {
        #[diesel(sql_type = Text)]
        code: String,
    }
    let mut taken = Vec::new();
    for some in codes.chunks(500) {
        let mut statement = Statement::new("SELECT code FROM sales_order WHERE unit_id = ");
        statement.bind(unit).push(" AND code IN (").bind_list(some.iter().copied()).push(")");
        taken.extend(statement.rows::<Row>(db)?.into_iter().map(|row| row.code));
    }
    Ok(taken)
}

/// Moves an order to a unit, an owner and a code. Its unique values become unique there, which may be a conflict.
pub fn order_move(
    db: &mut Db,
    id: OrderId,
    (unit, owner, code): (UnitId, Option<UserId>, &str),
    now: DateTime<Utc>,
) -> StoreResult<()> {
    update(
        "sales_order",
        [("unit_id", unit.into()), ("owner_id", owner.into()), ("code", code.into()), ("updated_at", now.into())],
    )
    .then(", version = version + 1")
    .with(" WHERE id = ", id)
    .run(db)?;
    // A unique key begins with the 36 characters of its unit.
    Statement::new("UPDATE custom_value SET unique_key = ")
        .cached()
        .with("", unit.to_string())
        .then(" || SUBSTR(unique_key, 37)")
        .with(" WHERE unique_key IS NOT NULL AND resource_id = ", id)
        .run(db)?;
    Ok(())
}
