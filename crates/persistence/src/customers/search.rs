//! The full-text index over customers: our own tokens in FTS5 on SQLite and in a tsvector on PostgreSQL.
//!
//! Tokens are letters, digits and CJK characters only, so they stand inside quotes in both query languages. The unit
//! and the owner are tokens too: walls are part of the lookup, and `push_visible` on the row has the last word.

use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Nullable, Text};
use regulars_domain::actor::Visibility;
use regulars_domain::ids::{PartyId, UnitId, UserId};

use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::{Statement, filled_up, row_by_place};
use crate::types::SqlId;
use crate::visible::{push_any_unit, push_visible};

/// What is indexed of one party.
#[derive(Debug, Clone, PartialEq)]
pub struct SearchDocument {
    pub party_id: PartyId,
    pub unit_id: UnitId,
    pub owner_id: Option<UserId>,
    pub tokens: Vec<String>,
}

impl SearchDocument {
    fn words(&self) -> Vec<String> {
        let mut words = self.tokens.clone();
        words.push(unit_token(self.unit_id));
        words.extend(self.owner_id.map(owner_token));
        words
    }
}

fn unit_token(id: UnitId) -> String {
    format!("u{}", id.0.simple())
}

fn owner_token(id: UserId) -> String {
    format!("o{}", id.0.simple())
}

#[derive(QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
struct DocRow {
    #[diesel(sql_type = BigInt)]
    doc_id: i64,
    #[diesel(sql_type = SqlId)]
    party_id: PartyId,
}

/// Indexes parties that have no document yet.
pub fn search_insert(db: &mut Db, documents: &[SearchDocument]) -> StoreResult<()> {
    for chunk in documents.chunks(500) {
        match db {
            Db::Sqlite(_) => insert_sqlite(db, chunk)?,
            Db::Pg(_) => {
                let mut statement = Statement::new("INSERT INTO party_search (party_id, tokens) VALUES ");
                for (index, document) in chunk.iter().enumerate() {
                    statement.push(if index == 0 { "(" } else { ", (" }).bind(document.party_id);
                    statement.push(", CAST(").bind(vector(document)).push(" AS tsvector))");
                }
                statement.push(" ON CONFLICT (party_id) DO UPDATE SET tokens = EXCLUDED.tokens");
                let statement = if chunk.len() == 1 { statement.cached() } else { statement };
                statement.run(db)?;
            }
        }
    }
    Ok(())
}

fn insert_sqlite(db: &mut Db, documents: &[SearchDocument]) -> StoreResult<()> {
    let mut statement = Statement::new("INSERT INTO party_search (party_id) VALUES ");
    for (index, document) in documents.iter().enumerate() {
        statement.push(if index == 0 { "(" } else { ", (" }).bind(document.party_id).push(")");
    }
    statement.push(" RETURNING doc_id, party_id");
    let statement = if documents.len() == 1 { statement.cached() } else { statement };
    let rows: Vec<DocRow> = statement.rows(db)?;
    let texts: std::collections::HashMap<PartyId, String> =
        documents.iter().map(|document| (document.party_id, document.words().join(" "))).collect();
    for row in rows {
        let text = texts.get(&row.party_id).cloned().unwrap_or_default();
        Statement::new("INSERT INTO party_search_index (rowid, tokens) VALUES (")
            .cached()
            .with("", row.doc_id)
            .with(", ", text)
            .then(")")
            .run(db)?;
    }
    Ok(())
}

fn vector(document: &SearchDocument) -> String {
    document.words().iter().map(|word| format!("'{word}'")).collect::<Vec<_>>().join(" ")
}

/// Replaces the document of a party, or makes it.
pub fn search_put(db: &mut Db, document: &SearchDocument) -> StoreResult<()> {
    search_remove(db, &[document.party_id])?;
    search_insert(db, std::slice::from_ref(document))
}

/// Takes parties out of the index; those that aren't in it are ignored.
pub fn search_remove(db: &mut Db, parties: &[PartyId]) -> StoreResult<()> {
    for chunk in parties.chunks(500) {
        if let Db::Sqlite(_) = db {
            let mut statement = Statement::new(
                "DELETE FROM party_search_index WHERE rowid IN (SELECT doc_id FROM party_search WHERE party_id IN (",
            );
            statement.bind_list(chunk.iter().copied()).push("))");
            let statement = if chunk.len() == 1 { statement.cached() } else { statement };
            statement.run(db)?;
        }
        let mut statement = Statement::new("DELETE FROM party_search WHERE party_id IN (");
        statement.bind_list(chunk.iter().copied()).push(")");
        let statement = if chunk.len() == 1 { statement.cached() } else { statement };
        statement.run(db)?;
    }
    Ok(())
}

/// Whether the index finds the party by every one of its document's words.
pub fn search_document_found(db: &mut Db, document: &SearchDocument) -> StoreResult<bool> {
    let words: Vec<Vec<String>> = document.words().into_iter().map(|word| vec![word]).collect();
    let statement = match db {
        Db::Sqlite(_) => Statement::new(
            "SELECT COUNT(*) AS n FROM party_search_index si JOIN party_search sd ON sd.doc_id = si.rowid",
        )
        .with(" WHERE si.party_search_index MATCH ", fts_query(&words)),
        Db::Pg(_) => Statement::new("SELECT COUNT(*) AS n FROM party_search sd WHERE sd.tokens @@ CAST(")
            .with("", ts_query(&words))
            .then(" AS tsquery)"),
    };
    Ok(statement.with(" AND sd.party_id = ", document.party_id).number(db)? > 0)
}

#[derive(QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
struct BlockRow {
    #[diesel(sql_type = diesel::sql_types::Binary)]
    block: Vec<u8>,
}

/// Over how many segments SQLite's index is spread; a lookup opens each of them. One on PostgreSQL.
pub fn search_segments(db: &mut Db) -> StoreResult<u64> {
    if let Db::Pg(_) = db {
        return Ok(1);
    }
    let row: Option<BlockRow> =
        Statement::new("SELECT block FROM party_search_index_data WHERE id = 10").cached().first(db)?;
    Ok(row.and_then(|row| segments_of(&row.block)).unwrap_or(0))
}

/// The second number of FTS5's structure record: a cookie of four bytes, the mark of the second version if it is one,
/// then levels and segments as varints.
fn segments_of(block: &[u8]) -> Option<u64> {
    let rest = block.get(4..)?;
    let mut rest = rest.strip_prefix(&[0xff, 0, 0, 1]).unwrap_or(rest).iter();
    let mut varint = || {
        let mut value = 0_u64;
        loop {
            let byte = rest.next()?;
            value = (value << 7) | u64::from(byte & 0x7f);
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
    };
    varint()?;
    varint()
}

/// Merges segments of SQLite's index, about so many pages of it; the first step of a whole merge gathers all segments.
/// Answers whether there is more to merge.
pub fn search_merge(db: &mut Db, pages: i64, first: bool) -> StoreResult<bool> {
    if let Db::Pg(_) = db {
        return Ok(false);
    }
    let command = |name: &str, value: i64| {
        let text = Statement::new("INSERT INTO party_search_index (party_search_index, rank) VALUES (").cached();
        text.with("", name).with(", ", value).then(")")
    };
    let changes = |db: &mut Db| Statement::new("SELECT total_changes() AS n").cached().number(db);
    if first {
        command("usermerge", 2).run(db)?;
    }
    let before = changes(db)?;
    command("merge", if first { -pages } else { pages }).run(db)?;
    // Fewer than two changes: nothing was merged (documentation of FTS5, "merge").
    Ok(changes(db)? - before >= 2)
}

/// What is looked up: every clause must hold, a clause holds if one of its tokens is there.
pub type Clauses = [Vec<String>];

/// A statement that selects `party_id` of the newest matches within reach, at most `limit`; for use as it is or inside
/// `IN (…)`. `alias` is free of other uses in the statement around it.
pub fn search_select(db: &Db, clauses: &Clauses, reach: &Visibility, limit: i64) -> Statement {
    let mut statement = Statement::default();
    let words = scoped(clauses, reach);
    let scoped_by_index = matches!(reach, Visibility::Company | Visibility::Unit(_));
    match db {
        Db::Sqlite(_) => {
            statement
                .push("SELECT sd.party_id FROM party_search_index si JOIN party_search sd ON sd.doc_id = si.rowid");
            if !scoped_by_index {
                statement.push(" JOIN party sp ON sp.id = sd.party_id");
            }
            statement.push(" WHERE si.party_search_index MATCH ").bind(fts_query(&words));
            push_scope(&mut statement, reach, scoped_by_index);
            statement.push(" ORDER BY si.rowid DESC");
        }
        Db::Pg(_) => {
            // `OFFSET 0` has the matches gathered from the index. A prepared statement is planned without its words: the
            // planner would walk back through all customers in hope of soon meeting enough of them. The words stand in a
            // subquery, where the planner does not see them: else it would plan anew for each search, which takes longer
            // than most searches.
            statement
                .push("SELECT sd.party_id FROM (SELECT x.party_id FROM party_search x WHERE x.tokens @@ (SELECT CAST(");
            statement.bind(ts_query(&words)).push(" AS tsquery)) OFFSET 0) sd");
            if !scoped_by_index {
                statement.push(" JOIN party sp ON sp.id = sd.party_id");
            }
            statement.push(" WHERE TRUE");
            push_scope(&mut statement, reach, scoped_by_index);
            statement.push(" ORDER BY sd.party_id DESC");
        }
    }
    statement.push(" LIMIT ").bind(limit);
    statement
}

fn push_scope(statement: &mut Statement, reach: &Visibility, scoped_by_index: bool) {
    if !scoped_by_index {
        statement.push(" AND ");
        push_visible(statement, "sp", reach);
    }
}

/// The clauses with the caller's wall among them. `Nothing` looks for what no document holds.
pub(super) fn scoped(clauses: &Clauses, reach: &Visibility) -> Vec<Vec<String>> {
    let mut words = clauses.to_vec();
    if let Visibility::Beside { own, shares } = reach {
        // Not the owner: what is shared has another. The row has the last word.
        let units = match **own {
            Visibility::Unit(unit) | Visibility::Owned { unit_id: unit, .. } => Some(unit),
            _ => None,
        };
        let units: std::collections::BTreeSet<UnitId> = units.into_iter().chain(shares.units.iter().copied()).collect();
        words.push(units.into_iter().map(unit_token).collect());
        return words;
    }
    match reach {
        Visibility::Company | Visibility::Beside { .. } => {}
        Visibility::Nothing => words.push(vec!["u0".into()]),
        Visibility::Unit(unit_id) => words.push(vec![unit_token(*unit_id)]),
        Visibility::Owned { unit_id, user_id, departments } => {
            words.push(vec![unit_token(*unit_id)]);
            if departments.is_empty() {
                words.push(vec![owner_token(*user_id)]);
            }
        }
    }
    words
}

pub(super) fn fts_query(words: &[Vec<String>]) -> String {
    joined(words, " AND ", " OR ", |word| format!("\"{word}\""))
}

pub(super) fn ts_query(words: &[Vec<String>]) -> String {
    joined(words, " & ", " | ", |word| format!("'{word}'"))
}

fn joined(words: &[Vec<String>], and: &str, or: &str, quoted: impl Fn(&String) -> String) -> String {
    let clause = |clause: &Vec<String>| format!("({})", clause.iter().map(&quoted).collect::<Vec<_>>().join(or));
    words.iter().map(clause).collect::<Vec<_>>().join(and)
}

row_by_place! {
    /// A found customer, as little as its rank needs: hundreds are ranked for the few that are shown.
    #[derive(Debug, Clone, PartialEq)]
    pub struct SearchHit {
        pub id: PartyId as SqlId,
        pub unit_id: UnitId as SqlId,
        pub owner_id: Option<UserId> as Nullable<SqlId>,
        pub code: String as Text,
        pub kind: String as Text,
        pub name: String as Text,
        pub name_key: String as Text,
    }
}

row_by_place! {
    /// What the unit and the owner of a customer are called.
    #[derive(Debug, Clone, PartialEq)]
    pub struct SearchPlace {
        pub id: PartyId as SqlId,
        pub unit_name: String as Text,
        pub owner_name: Option<String> as Nullable<Text>,
    }
}

fn hit_select() -> Statement {
    Statement::new(
        "SELECT p.id, p.unit_id, p.owner_id, COALESCE(p.code, '') AS code, p.kind, p.name, p.name_key FROM party p \
         WHERE p.deleted_at IS NULL AND ",
    )
}

/// Names of the units and owners of these customers, in no order.
pub fn search_places(db: &mut Db, ids: &[PartyId]) -> StoreResult<Vec<SearchPlace>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut statement = Statement::new(
        "SELECT p.id, pu.name AS unit_name, po.name AS owner_name FROM party p JOIN unit pu ON pu.id = p.unit_id \
         LEFT JOIN app_user po ON po.id = p.owner_id WHERE p.id IN (",
    );
    statement.bind_list(filled_up(ids)).push(")");
    statement.cached().rows(db)
}

/// The newest matches of the index within reach.
pub fn search_hits(db: &mut Db, clauses: &Clauses, reach: &Visibility, limit: i64) -> StoreResult<Vec<SearchHit>> {
    let mut statement = hit_select().cached();
    push_visible(&mut statement, "p", reach);
    let candidates = search_select(db, clauses, reach, limit);
    statement.push(" AND p.id IN (SELECT c.party_id FROM (").append(candidates);
    statement.push(") c)").rows(db)
}

/// What a whole value finds directly: a code, a phone (E.164), an e-mail address or a whole name by its reading.
#[derive(Debug, Clone, Copy)]
pub enum Exact<'a> {
    Code(&'a str),
    Phone(&'a str),
    Email(&'a str),
    Reading(&'a str),
}

/// Customers within reach that have exactly this, at most `limit`. The lookups use the unit's own indexes.
pub fn search_exact(db: &mut Db, exact: Exact<'_>, reach: &Visibility, limit: i64) -> StoreResult<Vec<SearchHit>> {
    let mut statement = hit_select().cached();
    push_visible(&mut statement, "p", reach);
    match exact {
        Exact::Code(code) => {
            statement.push(" AND ");
            push_any_unit(&mut statement, db, "p.unit_id");
            statement.push(" AND p.code = ").bind(code)
        }
        Exact::Reading(key) => {
            statement.push(" AND ");
            push_any_unit(&mut statement, db, "p.unit_id");
            statement.push(" AND p.name_key = ").bind(key)
        }
        Exact::Phone(number) => {
            statement.push(" AND p.id IN (SELECT x.party_id FROM party_phone x WHERE x.number = ").bind(number);
            statement.push(")")
        }
        Exact::Email(address) => {
            statement.push(" AND p.id IN (SELECT x.party_id FROM party_email x WHERE x.address = ").bind(address);
            statement.push(")")
        }
    };
    statement.push(" LIMIT ").bind(limit);
    statement.rows(db)
}

#[derive(QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
struct IdRow {
    #[diesel(sql_type = SqlId)]
    party_id: PartyId,
}

/// Queues parties for the background indexer.
pub fn search_pending_add(db: &mut Db, parties: &[PartyId], now: chrono::DateTime<chrono::Utc>) -> StoreResult<()> {
    for chunk in parties.chunks(500) {
        let mut statement = Statement::new("INSERT INTO search_pending (party_id, queued_at) VALUES ");
        for (index, party) in chunk.iter().enumerate() {
            statement.push(if index == 0 { "(" } else { ", (" }).bind(*party).push(", ").bind(now).push(")");
        }
        statement.push(" ON CONFLICT (party_id) DO NOTHING").run(db)?;
    }
    Ok(())
}

/// The parties queued longest.
pub fn search_pending_list(db: &mut Db, limit: i64) -> StoreResult<Vec<PartyId>> {
    let rows: Vec<IdRow> = Statement::new("SELECT party_id FROM search_pending ORDER BY queued_at, party_id")
        .cached()
        .with(" LIMIT ", limit)
        .rows(db)?;
    Ok(rows.into_iter().map(|row| row.party_id).collect())
}

/// Which of these parties wait for the indexer.
pub fn search_pending_among(db: &mut Db, parties: &[PartyId]) -> StoreResult<Vec<PartyId>> {
    let mut statement = Statement::new("SELECT party_id FROM search_pending WHERE party_id IN (");
    statement.bind_list(parties.iter().copied()).push(")");
    Ok(statement.rows::<IdRow>(db)?.into_iter().map(|row| row.party_id).collect())
}

pub fn search_pending_remove(db: &mut Db, parties: &[PartyId]) -> StoreResult<()> {
    for chunk in parties.chunks(500) {
        let mut statement = Statement::new("DELETE FROM search_pending WHERE party_id IN (");
        statement.bind_list(chunk.iter().copied()).push(")").run(db)?;
    }
    Ok(())
}

#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct IndexedParty {
    #[diesel(sql_type = SqlId)]
    pub id: PartyId,
    #[diesel(sql_type = SqlId)]
    pub unit_id: UnitId,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub owner_id: Option<UserId>,
    #[diesel(sql_type = Text)]
    pub code: String,
    #[diesel(sql_type = Text)]
    pub kind: String,
    #[diesel(sql_type = Text)]
    pub name: String,
    /// The reading, only if a person set it.
    #[diesel(sql_type = Nullable<Text>)]
    pub reading_set: Option<String>,
}

row_by_place! {
    /// A phone or an e-mail address to index.
    #[derive(Debug, Clone, PartialEq)]
    pub struct IndexedContact {
        pub party_id: PartyId as SqlId,
        pub value: String as Text,
        pub is_phone: bool as diesel::sql_types::Bool,
    }
}

/// What the indexer needs of living parties.
pub fn search_source(db: &mut Db, ids: &[PartyId]) -> StoreResult<(Vec<IndexedParty>, Vec<IndexedContact>)> {
    let mut parties = Statement::new(
        "SELECT id, unit_id, owner_id, COALESCE(code, '') AS code, kind, name, CASE WHEN name_key_set = TRUE THEN name_key END AS reading_set \
         FROM party WHERE deleted_at IS NULL AND id IN (",
    );
    let ids = filled_up(ids);
    parties.bind_list(ids.iter().copied()).push(")");
    Ok((parties.cached().rows(db)?, search_contacts(db, &ids)?))
}

/// Phones and e-mail addresses of these parties, in no order.
pub fn search_contacts(db: &mut Db, ids: &[PartyId]) -> StoreResult<Vec<IndexedContact>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let ids = filled_up(ids);
    let mut contacts =
        Statement::new("SELECT party_id, number AS value, TRUE AS is_phone FROM party_phone WHERE party_id IN (");
    contacts.bind_list(ids.iter().copied());
    contacts.push(") UNION ALL SELECT party_id, address, FALSE FROM party_email WHERE party_id IN (");
    contacts.bind_list(ids.iter().copied()).push(")");
    contacts.cached().rows(db)
}

/// An order found by its code.
#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct OrderHit {
    #[diesel(sql_type = SqlId)]
    pub id: regulars_domain::ids::OrderId,
    #[diesel(sql_type = Text)]
    pub code: String,
}

/// Orders within reach whose code opens with the text.
pub fn search_orders(db: &mut Db, opens: &str, reach: &Visibility, limit: i64) -> StoreResult<Vec<OrderHit>> {
    let mut statement =
        Statement::new("SELECT o.id, o.code FROM sales_order o WHERE o.deleted_at IS NULL AND ").cached();
    push_visible(&mut statement, "o", reach);
    statement.push(" AND ");
    push_any_unit(&mut statement, db, "o.unit_id");
    statement.push(" AND o.code >= ").bind(opens);
    statement.push(" AND o.code < ").bind(format!("{opens}\u{10ffff}"));
    statement.push(" ORDER BY o.code LIMIT ").bind(limit);
    statement.rows(db)
}

#[cfg(test)]
mod tests {
    use super::segments_of;

    #[test]
    fn the_structure_record_tells_its_segments() {
        assert_eq!(segments_of(&[0, 0, 0, 9, 2, 5, 1]), Some(5));
        assert_eq!(segments_of(&[0, 0, 0, 9, 0xff, 0, 0, 1, 3, 0x81, 0x00, 1]), Some(128));
        assert_eq!(segments_of(&[0, 0]), None);
    }
}
