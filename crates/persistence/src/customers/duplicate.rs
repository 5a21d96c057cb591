//! Pairs of records that may be one customer: what is compared, who shares a key, the pairs found.
//!
//! Every look-up walks an index that is there for other reasons: numbers, addresses, readings, the days that birthdays
//! fall on. Only tax ids have one of their own.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Date, Nullable, Text};
use regulars_domain::actor::Visibility;
use regulars_domain::condition::FieldType;
use regulars_domain::ids::{DuplicateId, PartyId, UnitId, UserId};

use super::parts::BIRTHDAY_POSITION;
use crate::catalogue::{Catalogue, Field};
use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::{Statement, filled_up, row_by_place};
use crate::types::{SqlId, SqlInstant};
use crate::visible::{push_any_unit, push_visible};

row_by_place! {
    /// What of a living customer is compared, beside phones and e-mails.
    #[derive(Debug, Clone, PartialEq)]
    pub struct ComparedRow {
        pub id: PartyId as SqlId,
        pub unit_id: UnitId as SqlId,
        pub kind: String as Text,
        pub name: String as Text,
        pub name_key: String as Text,
        pub birthday: Option<NaiveDate> as Nullable<Date>,
        pub tax_id: Option<String> as Nullable<Text>,
    }
}

const COMPARED: &str = "p.id, p.unit_id, p.kind, p.name, p.name_key, p.birthday, p.tax_id";

#[derive(QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
struct IdRow {
    #[diesel(sql_type = SqlId)]
    id: PartyId,
}

/// The living ones of these customers, in no order; at most 500 at a time.
pub fn compared_get(db: &mut Db, ids: &[PartyId]) -> StoreResult<Vec<ComparedRow>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut statement =
        Statement::new(format!("SELECT {COMPARED} FROM party p WHERE p.deleted_at IS NULL AND p.id IN (")).cached();
    statement.bind_list(filled_up(ids)).push(")");
    statement.rows(db)
}

/// What two records of one customer share.
#[derive(Debug, Clone, Copy)]
pub enum SharedKey<'a> {
    Phones(&'a [String]),
    Emails(&'a [String]),
    TaxId(&'a str),
    /// The reading of the name.
    Reading(&'a str),
    /// The birthday, and the days it may be noted to fall on next.
    Birthday(NaiveDate, [NaiveDate; 2]),
}

/// Living customers within reach that have the key, at most `limit`. `CROSS` makes SQLite begin with the key: it knows no
/// figures, and would walk through a whole unit.
pub fn parties_sharing(db: &mut Db, key: SharedKey<'_>, reach: &Visibility, limit: i64) -> StoreResult<Vec<PartyId>> {
    let mut statement = Statement::new("SELECT DISTINCT p.id FROM ").cached();
    match key {
        SharedKey::Phones(numbers) => {
            statement.push("party_phone x CROSS JOIN party p WHERE p.id = x.party_id AND x.number IN (");
            statement.bind_list(numbers).push(")");
        }
        SharedKey::Emails(addresses) => {
            statement.push("party_email x CROSS JOIN party p WHERE p.id = x.party_id AND x.address IN (");
            statement.bind_list(addresses).push(")");
        }
        SharedKey::TaxId(id) => {
            statement.push("party p WHERE p.tax_id = ").bind(id);
        }
        SharedKey::Reading(reading) => {
            statement.push("party p WHERE ");
            push_any_unit(&mut statement, db, "p.unit_id");
            statement.push(" AND p.name_key = ").bind(reading);
        }
        SharedKey::Birthday(on, [next, before]) => {
            statement.push("party_date x CROSS JOIN party p WHERE p.id = x.party_id AND x.next_on IN (").bind(next);
            statement.push(", ").bind(before).push(format!(") AND x.position = {BIRTHDAY_POSITION} AND x.on_date = "));
            statement.bind(on);
        }
    }
    statement.push(" AND p.deleted_at IS NULL AND ");
    push_visible(&mut statement, "p", reach);
    statement.push(" LIMIT ").bind(limit);
    Ok(statement.rows::<IdRow>(db)?.into_iter().map(|row| row.id).collect())
}

/// A kind of key that several records may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyTable {
    Phone,
    Email,
    TaxId,
}

impl KeyTable {
    /// Table, column of the key, column of the party.
    fn place(self) -> (&'static str, &'static str, &'static str) {
        match self {
            KeyTable::Phone => ("party_phone", "number", "party_id"),
            KeyTable::Email => ("party_email", "address", "party_id"),
            KeyTable::TaxId => ("party", "tax_id", "id"),
        }
    }
}

/// A record with a key.
#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct Keyed {
    #[diesel(sql_type = Text)]
    pub key: String,
    #[diesel(sql_type = SqlId)]
    pub party_id: PartyId,
}

/// The next `limit` keys behind `after` that stand more than once, in their order.
pub fn keys_repeated(db: &mut Db, table: KeyTable, after: &str, limit: i64) -> StoreResult<Vec<String>> {
    #[derive(QueryableByName)]
    #[diesel(check_for_backend(crate::MultiBackend))]
    struct Row {
        #[diesel(sql_type = Text)]
        key: String,
    }
    let (name, key, _) = table.place();
    let mut statement = Statement::new(format!("SELECT {key} AS key FROM {name} WHERE {key} > ")).cached();
    statement.bind(after).push(format!(" GROUP BY {key} HAVING COUNT(*) > 1 ORDER BY {key} LIMIT ")).bind(limit);
    Ok(statement.rows::<Row>(db)?.into_iter().map(|row| row.key).collect())
}

/// Who has these keys, key by key; at most `limit`.
pub fn keys_held(db: &mut Db, table: KeyTable, keys: &[String], limit: i64) -> StoreResult<Vec<Keyed>> {
    let (name, key, party) = table.place();
    let mut statement =
        Statement::new(format!("SELECT {key} AS key, {party} AS party_id FROM {name} WHERE {key} IN ("));
    statement.bind_list(keys).push(format!(") ORDER BY {key}, {party} LIMIT ")).bind(limit);
    statement.rows(db)
}

row_by_place! {
    /// A living customer by its birthday.
    #[derive(Debug, Clone, PartialEq)]
    pub struct BornRow {
        pub on_date: NaiveDate as Date,
        pub id: PartyId as SqlId,
        pub unit_id: UnitId as SqlId,
        pub kind: String as Text,
        pub name: String as Text,
        pub name_key: String as Text,
    }
}

/// The next day behind `after` that a date of someone's life falls on.
pub fn birthday_next(db: &mut Db, after: NaiveDate) -> StoreResult<Option<NaiveDate>> {
    #[derive(QueryableByName)]
    #[diesel(check_for_backend(crate::MultiBackend))]
    struct Row {
        #[diesel(sql_type = Nullable<Date>)]
        on: Option<NaiveDate>,
    }
    let mut statement = Statement::new("SELECT MIN(next_on) AS \"on\" FROM party_date WHERE next_on > ").cached();
    Ok(statement.bind(after).first::<Row>(db)?.and_then(|row| row.on))
}

/// Everyone whose birthday falls on that day next, at most `limit`.
pub fn born_on(db: &mut Db, next: NaiveDate, limit: i64) -> StoreResult<Vec<BornRow>> {
    let mut statement = Statement::new(
        "SELECT x.on_date, p.id, p.unit_id, p.kind, p.name, p.name_key FROM party_date x JOIN party p ON p.id = x.party_id \
         WHERE x.next_on = ",
    )
    .cached();
    statement.bind(next).push(format!(" AND x.position = {BIRTHDAY_POSITION} AND x.on_date IS NOT NULL"));
    statement.push(" AND p.deleted_at IS NULL LIMIT ").bind(limit);
    statement.rows(db)
}

/// The living customers of a kind behind `after`, in order of their ids.
pub fn parties_of_kind_after(db: &mut Db, kind: &str, after: PartyId, limit: i64) -> StoreResult<Vec<ComparedRow>> {
    let mut statement = Statement::new(format!("SELECT {COMPARED} FROM party p WHERE p.id > ")).cached();
    statement.bind(after).push(" AND p.kind = ").bind(kind);
    statement.push(" AND p.deleted_at IS NULL ORDER BY p.id LIMIT ").bind(limit);
    statement.rows(db)
}

/// A pair that was found; `low_id` is the older record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FoundPair {
    pub unit_id: UnitId,
    pub low_id: PartyId,
    pub high_id: PartyId,
    pub score: i64,
}

/// Notes pairs as seen now: new ones are open, the others keep what was decided about them.
pub fn pairs_put(db: &mut Db, pairs: &[FoundPair], now: DateTime<Utc>) -> StoreResult<()> {
    for chunk in pairs.chunks(500) {
        let mut statement = Statement::new(
            "INSERT INTO duplicate_pair (id, unit_id, low_id, high_id, score, status, found_at, seen_at) VALUES ",
        );
        for (index, pair) in chunk.iter().enumerate() {
            statement.push(if index == 0 { "(" } else { ", (" }).bind(DuplicateId::fresh());
            statement.push(", ").bind(pair.unit_id).push(", ").bind(pair.low_id).push(", ").bind(pair.high_id);
            statement.push(", ").bind(pair.score).push(", 'open', ").bind(now).push(", ").bind(now).push(")");
        }
        statement.push(
            " ON CONFLICT (low_id, high_id) DO UPDATE SET score = EXCLUDED.score, unit_id = EXCLUDED.unit_id, \
             seen_at = EXCLUDED.seen_at",
        );
        statement.run(db)?;
    }
    Ok(())
}

/// Forgets open pairs not seen since, of one unit or of all.
pub fn pairs_forget_unseen(db: &mut Db, unit: Option<UnitId>, since: DateTime<Utc>) -> StoreResult<usize> {
    let mut statement = Statement::new("DELETE FROM duplicate_pair WHERE status = 'open' AND seen_at < ");
    statement.bind(since);
    if let Some(unit) = unit {
        statement.push(" AND unit_id = ").bind(unit);
    }
    statement.run(db)
}

/// A pair that stands.
#[derive(Debug, Clone, Copy, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct StandingPair {
    #[diesel(sql_type = SqlId)]
    pub id: DuplicateId,
    #[diesel(sql_type = SqlId)]
    pub low_id: PartyId,
    #[diesel(sql_type = SqlId)]
    pub high_id: PartyId,
}

/// Pairs of these customers that were not seen since, but for those put aside. The state is told by what it is not, or
/// SQLite would walk through all that are open.
pub fn pairs_unseen_of(db: &mut Db, parties: &[PartyId], since: DateTime<Utc>) -> StoreResult<Vec<StandingPair>> {
    let mut unseen = Vec::new();
    for side in ["low_id", "high_id"] {
        for chunk in parties.chunks(500) {
            let mut statement = Statement::new(
                "SELECT id, low_id, high_id FROM duplicate_pair WHERE status <> 'dismissed' AND seen_at < ",
            );
            statement.bind(since).push(format!(" AND {side} IN (")).bind_list(filled_up(chunk)).push(")");
            unseen.extend(statement.cached().rows::<StandingPair>(db)?);
        }
    }
    Ok(unseen)
}

pub fn pairs_forget(db: &mut Db, ids: &[DuplicateId]) -> StoreResult<()> {
    for chunk in ids.chunks(500) {
        let mut statement = Statement::new("DELETE FROM duplicate_pair WHERE id IN (");
        statement.bind_list(filled_up(chunk)).push(")");
        statement.cached().run(db)?;
    }
    Ok(())
}

#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct PairRow {
    #[diesel(sql_type = SqlId)]
    pub id: DuplicateId,
    #[diesel(sql_type = SqlId)]
    pub unit_id: UnitId,
    #[diesel(sql_type = SqlId)]
    pub low_id: PartyId,
    #[diesel(sql_type = SqlId)]
    pub high_id: PartyId,
    #[diesel(sql_type = BigInt)]
    pub score: i64,
    /// `open` or `dismissed`.
    #[diesel(sql_type = Text)]
    pub status: String,
    #[diesel(sql_type = SqlInstant)]
    pub found_at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub decided_by: Option<UserId>,
    #[diesel(sql_type = Nullable<SqlInstant>)]
    pub decided_at: Option<DateTime<Utc>>,
}

/// Lists pairs as `d`, their records as `a` and `b`.
pub const PAIR_FROM: &str = "duplicate_pair d JOIN party a ON a.id = d.low_id JOIN party b ON b.id = d.high_id";

/// What pairs are filtered and sorted by; they are certain from a score on.
pub fn pair_catalogue(certain: i32) -> Catalogue {
    use FieldType::{Bool, Choice, Instant, Integer, Set};
    let either = "party x WHERE x.id IN (d.low_id, d.high_id)";
    let fields = vec![
        Field::column("score", Integer, "d.score").sortable(),
        Field::column("certain", Bool, &format!("(d.score >= {certain})")),
        Field::column("status", Choice, "d.status"),
        Field::column("found_at", Instant, "d.found_at").sortable(),
        Field::rows("owner", Set, either, "x.owner_id").of_ids(),
        Field::rows("customer", Set, either, "x.id").of_ids(),
    ];
    Catalogue { fields, ..Catalogue::default() }
}

/// Pairs of two living customers of one unit, both within reach; only those of a status, or of a customer, when given.
pub fn pair_base(reach: &Visibility, status: Option<&str>, of: Option<PartyId>) -> Statement {
    let mut base = Statement::new("a.deleted_at IS NULL AND b.deleted_at IS NULL AND a.unit_id = b.unit_id AND ");
    push_visible(&mut base, "a", reach);
    base.push(" AND ");
    push_visible(&mut base, "b", reach);
    if let Some(status) = status {
        base.push(" AND d.status = ").bind(status);
    }
    if let Visibility::Unit(unit) | Visibility::Owned { unit_id: unit, .. } = reach {
        base.push(" AND d.unit_id = ").bind(*unit);
    }
    if let Some(party) = of {
        base.push(" AND (d.low_id = ").bind(party).push(" OR d.high_id = ").bind(party).push(")");
    }
    base
}

/// These pairs, in no order.
pub fn pairs_get(db: &mut Db, ids: &[DuplicateId]) -> StoreResult<Vec<PairRow>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut statement = Statement::new(
        "SELECT id, unit_id, low_id, high_id, score, status, found_at, decided_by, decided_at FROM duplicate_pair \
         WHERE id IN (",
    );
    statement.bind_list(ids.iter().copied()).push(")");
    statement.rows(db)
}

/// Decides about a pair; answers whether it stood in another state.
pub fn pair_decide(db: &mut Db, id: DuplicateId, status: &str, by: UserId, now: DateTime<Utc>) -> StoreResult<bool> {
    let mut statement = Statement::new("UPDATE duplicate_pair SET status = ");
    statement.bind(status).push(", decided_by = ").bind(by).push(", decided_at = ").bind(now);
    let changed = statement.with(" WHERE id = ", id).with(" AND status <> ", status).run(db)?;
    Ok(changed == 1)
}
