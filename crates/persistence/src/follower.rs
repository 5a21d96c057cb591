//! Followers of the event log: how far each has read, moved in the transaction of what it made of what it read.

use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Nullable, Text};
use regulars_domain::ids::{PartyId, UnitId};
use serde_json::Value;

use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::{Bind, Null, Statement};
use crate::types::{AnyId, SqlId, SqlJson};

/// How far a follower has read.
#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct Follower {
    /// The number of the last event that is done with.
    #[diesel(sql_type = BigInt)]
    pub seq: i64,
    /// How far it is with the next one, if that is much work.
    #[diesel(sql_type = Nullable<SqlJson>)]
    pub place: Option<Value>,
}

/// An event as a follower reads it.
#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct FollowedEvent {
    #[diesel(sql_type = BigInt)]
    pub seq: i64,
    #[diesel(sql_type = Text)]
    pub resource: String,
    #[diesel(sql_type = Text)]
    pub action: String,
    #[diesel(sql_type = SqlId)]
    pub resource_id: AnyId,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub party_id: Option<PartyId>,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub unit_id: Option<UnitId>,
    #[diesel(sql_type = Nullable<SqlJson>)]
    pub after: Option<Value>,
}

pub fn follower_get(db: &mut Db, name: &str) -> StoreResult<Option<Follower>> {
    Statement::new("SELECT seq, place FROM event_follower").with(" WHERE name = ", name).cached().first(db)
}

/// The next events behind a number, in their order.
pub fn events_after(db: &mut Db, seq: i64, limit: i64) -> StoreResult<Vec<FollowedEvent>> {
    Statement::new("SELECT seq, resource, action, resource_id, party_id, unit_id, after FROM event")
        .with(" WHERE seq > ", seq)
        .with(" ORDER BY seq LIMIT ", limit)
        .cached()
        .rows(db)
}

/// Moves a follower on, unless another node moved it meanwhile; answers whether it did.
pub fn follower_move(db: &mut Db, name: &str, from: &Follower, to: &Follower) -> StoreResult<bool> {
    let json = |value: &Option<Value>| value.clone().map_or(Bind::Null(Null::Json), Bind::from);
    let mut statement = Statement::new("UPDATE event_follower SET seq = ");
    statement.bind(to.seq).push(", place = ").bind(json(&to.place));
    statement.push(" WHERE name = ").bind(name).push(" AND seq = ").bind(from.seq);
    match &from.place {
        Some(place) => statement.push(" AND place = ").bind(place.clone()),
        None => statement.push(" AND place IS NULL"),
    };
    Ok(statement.run(db)? == 1)
}
