//! Two records made one: everything that points at a customer, in one table of references, and the merges themselves.
//!
//! A test compares [`REFERENCES`] with the foreign keys of both databases: a new table that names a customer needs a
//! line here that says what becomes of its rows.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Nullable, Text};
use regulars_domain::ids::{MergeId, PartyId, SegmentId, UnitId, UserId};
use serde_json::Value;

use super::parts_kept::parts_forget_naming;
use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::{Bind, Null, Statement, insert, insert_batch};
use crate::types::{SqlId, SqlInstant, SqlJson};

/// What a merge does with the rows that name the record that goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Treatment {
    /// They name the kept record from now on; noted one by one under this column, so that an undo brings them back.
    Moved { id: &'static str },
    /// The same, but for rows that the kept record has in these columns already: those stay beneath the gone one.
    MovedBeside { id: &'static str, key: &'static [&'static str] },
    /// The same for what a record has only one of: where the kept record has its own, the gone one's stays beneath it.
    MovedAlone { id: &'static str },
    /// Chosen with the fields: the kept record gets what was chosen, the gone one's rows stay beneath it for an undo.
    Chosen,
    /// The kept record joins where it is not yet; the gone one's rows stay beneath it.
    Joined,
    /// Computed anew.
    Recomputed,
    /// Tells what happened to the record it names, and stays; the kept record's timeline reads it.
    History,
}

impl Treatment {
    /// The column that rows are noted under, and what the kept record must not have already; nothing for what stays.
    fn moves(self) -> Option<(&'static str, Option<&'static [&'static str]>)> {
        match self {
            Treatment::Moved { id } => Some((id, None)),
            Treatment::MovedBeside { id, key } => Some((id, Some(key))),
            Treatment::MovedAlone { id } => Some((id, Some(&[]))),
            _ => None,
        }
    }
}

/// A column that names customers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reference {
    pub table: &'static str,
    pub column: &'static str,
    pub treatment: Treatment,
}

const fn reference(table: &'static str, column: &'static str, treatment: Treatment) -> Reference {
    Reference { table, column, treatment }
}

/// Everything that names a customer.
pub const REFERENCES: &[Reference] = &[
    reference("party_phone", "party_id", Treatment::Chosen),
    reference("party_email", "party_id", Treatment::Chosen),
    reference("party_address", "party_id", Treatment::Chosen),
    reference("party_date", "party_id", Treatment::Chosen),
    reference("party_tag", "party_id", Treatment::Chosen),
    reference("custom_value", "resource_id", Treatment::Chosen),
    // Custom fields whose value is a customer.
    reference("custom_value", "text_value", Treatment::Moved { id: "resource_id" }),
    reference("party_preference", "party_id", Treatment::Moved { id: "id" }),
    reference("party_fact", "party_id", Treatment::Moved { id: "id" }),
    reference("key_account", "party_id", Treatment::MovedAlone { id: "id" }),
    reference("dealer", "party_id", Treatment::MovedAlone { id: "id" }),
    reference("training", "party_id", Treatment::Moved { id: "id" }),
    reference("cost", "party_id", Treatment::Moved { id: "id" }),
    reference("pool_customer", "party_id", Treatment::Chosen),
    reference("pool_move", "party_id", Treatment::History),
    reference("party_relation", "from_id", Treatment::Moved { id: "id" }),
    reference("party_relation", "to_id", Treatment::Moved { id: "id" }),
    reference("interaction", "party_id", Treatment::Moved { id: "id" }),
    reference("sales_order", "party_id", Treatment::Moved { id: "id" }),
    reference("quote", "party_id", Treatment::Moved { id: "id" }),
    reference("share", "party_id", Treatment::Moved { id: "id" }),
    // Ids are unique across tables, so the kind of subject need not be asked.
    reference("attachment", "subject_id", Treatment::Moved { id: "id" }),
    reference("qualification", "party_id", Treatment::Moved { id: "id" }),
    reference("segment_member", "party_id", Treatment::Joined),
    reference("asset", "party_id", Treatment::Moved { id: "id" }),
    reference("consent", "party_id", Treatment::Moved { id: "id" }),
    reference("sales_target", "party_id", Treatment::Moved { id: "id" }),
    reference("sellout_cell", "party_id", Treatment::MovedBeside { id: "id", key: &["period", "measure", "item"] }),
    reference("sellout_change", "party_id", Treatment::Moved { id: "id" }),
    reference("wish", "party_id", Treatment::Moved { id: "id" }),
    reference("journey_run", "party_id", Treatment::MovedBeside { id: "id", key: &["journey_id", "started_on"] }),
    reference("task_party", "party_id", Treatment::Moved { id: "id" }),
    reference("opportunity", "party_id", Treatment::Moved { id: "id" }),
    reference("opportunity_contact", "party_id", Treatment::Moved { id: "id" }),
    reference("next_action_outcome", "party_id", Treatment::Moved { id: "id" }),
    reference("party_consent", "party_id", Treatment::Recomputed),
    reference("customer_metric", "party_id", Treatment::Recomputed),
    reference("search_pending", "party_id", Treatment::Recomputed),
    reference("duplicate_pair", "low_id", Treatment::Recomputed),
    reference("duplicate_pair", "high_id", Treatment::Recomputed),
    // What a customer was told to be, and what was done about it, belongs to the one it was said of.
    reference("class_change", "party_id", Treatment::History),
    reference("churn_warning", "party_id", Treatment::History),
    reference("party_merge", "kept_id", Treatment::History),
    reference("party_merge", "gone_id", Treatment::History),
    reference("party_merge", "holder_id", Treatment::Moved { id: "id" }),
    // Taking an import back must find the record that the row made.
    reference("import_row", "resource_id", Treatment::History),
    reference("event", "party_id", Treatment::History),
    reference("event", "resource_id", Treatment::History),
];

impl Reference {
    fn name(&self) -> String {
        format!("{}.{}", self.table, self.column)
    }

    /// ` WHERE column = party`, where values of other kinds stand in the same column too.
    fn push_names(&self, statement: &mut Statement, party: PartyId) {
        statement.push(format!(" WHERE {} = ", self.column));
        if self.column == "text_value" {
            statement.bind(party.to_string());
            statement.push(" AND field_id IN (SELECT f.id FROM custom_field f WHERE f.field_type = 'party')");
        } else {
            statement.bind(party);
        }
    }

    fn bound(&self, party: PartyId) -> Bind {
        if self.column == "text_value" { party.to_string().into() } else { party.into() }
    }
}

/// What a merge did, as it is kept.
#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct MergeRow {
    #[diesel(sql_type = SqlId)]
    pub id: MergeId,
    #[diesel(sql_type = SqlId)]
    pub unit_id: UnitId,
    #[diesel(sql_type = SqlId)]
    pub kept_id: PartyId,
    #[diesel(sql_type = SqlId)]
    pub gone_id: PartyId,
    /// Where the gone one's history is read: the kept one, or what that was merged into since.
    #[diesel(sql_type = SqlId)]
    pub holder_id: PartyId,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub merged_by: Option<UserId>,
    #[diesel(sql_type = SqlInstant)]
    pub merged_at: DateTime<Utc>,
    #[diesel(sql_type = SqlInstant)]
    pub undo_until: DateTime<Utc>,
    #[diesel(sql_type = Nullable<SqlInstant>)]
    pub undone_at: Option<DateTime<Utc>>,
    /// What an undo needs beside the rows that were moved; absent once there is none.
    #[diesel(sql_type = Nullable<SqlJson>)]
    pub record: Option<Value>,
    #[diesel(sql_type = BigInt)]
    pub version: i64,
    #[diesel(sql_type = Text)]
    pub kept_name: String,
    #[diesel(sql_type = Text)]
    pub gone_name: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub merged_by_name: Option<String>,
}

fn merge_select() -> Statement {
    Statement::new(
        "SELECT g.id, g.unit_id, g.kept_id, g.gone_id, g.holder_id, g.merged_by, g.merged_at, g.undo_until, g.undone_at, \
         g.record, g.version, k.name AS kept_name, p.name AS gone_name, u.name AS merged_by_name FROM party_merge g \
         JOIN party k ON k.id = g.kept_id JOIN party p ON p.id = g.gone_id LEFT JOIN app_user u ON u.id = g.merged_by",
    )
    .cached()
}

pub fn merge_get(db: &mut Db, id: MergeId) -> StoreResult<Option<MergeRow>> {
    merge_select().with(" WHERE g.id = ", id).first(db)
}

/// The merges that stand and whose history a customer holds, the latest first.
pub fn merges_held(db: &mut Db, holder: PartyId) -> StoreResult<Vec<MergeRow>> {
    merge_select().with(" WHERE g.holder_id = ", holder).then(" AND g.undone_at IS NULL ORDER BY g.id DESC").rows(db)
}

/// Where a record that was merged away is found now.
pub fn merged_into(db: &mut Db, gone: PartyId) -> StoreResult<Option<PartyId>> {
    #[derive(QueryableByName)]
    #[diesel(check_for_backend(crate::MultiBackend))]
    struct Row {
        #[diesel(sql_type = SqlId)]
        holder_id: PartyId,
    }
    let row: Option<Row> = Statement::new("SELECT holder_id FROM party_merge")
        .with(" WHERE gone_id = ", gone)
        .then(" AND undone_at IS NULL")
        .cached()
        .first(db)?;
    Ok(row.map(|row| row.holder_id))
}

/// A merge to be noted.
#[derive(Debug, Clone)]
pub struct NewMerge {
    pub id: MergeId,
    pub unit_id: UnitId,
    pub kept_id: PartyId,
    pub gone_id: PartyId,
    pub merged_by: UserId,
    pub merged_at: DateTime<Utc>,
    pub undo_until: DateTime<Utc>,
}

pub fn merge_insert(db: &mut Db, row: NewMerge) -> StoreResult<()> {
    insert(
        "party_merge",
        [
            ("id", row.id.into()),
            ("unit_id", row.unit_id.into()),
            ("kept_id", row.kept_id.into()),
            ("gone_id", row.gone_id.into()),
            ("holder_id", row.kept_id.into()),
            ("merged_by", row.merged_by.into()),
            ("merged_at", row.merged_at.into()),
            ("undo_until", row.undo_until.into()),
            ("version", 1_i64.into()),
        ],
    )
    .run(db)?;
    Ok(())
}

pub fn merge_record_set(db: &mut Db, id: MergeId, record: Value) -> StoreResult<()> {
    Statement::new("UPDATE party_merge SET record = ").with("", record).with(" WHERE id = ", id).run(db)?;
    Ok(())
}

/// Notes that a merge was taken back; answers whether it still stood.
pub fn merge_undone(db: &mut Db, id: MergeId, by: UserId, now: DateTime<Utc>) -> StoreResult<bool> {
    let mut statement = Statement::new("UPDATE party_merge SET undone_at = ");
    statement.bind(now).push(", undone_by = ").bind(by).push(", record = ").bind(Bind::Null(Null::Json));
    let changed =
        statement.then(", version = version + 1").with(" WHERE id = ", id).then(" AND undone_at IS NULL").run(db)?;
    Statement::new("DELETE FROM party_merge_row").with(" WHERE merge_id = ", id).run(db)?;
    Ok(changed == 1)
}

/// Forgets what undoing needs of merges that can no longer be undone, a few at a time; answers how many there were.
pub fn merges_settle(db: &mut Db, now: DateTime<Utc>, limit: i64) -> StoreResult<usize> {
    #[derive(QueryableByName)]
    #[diesel(check_for_backend(crate::MultiBackend))]
    struct Row {
        #[diesel(sql_type = SqlId)]
        id: MergeId,
    }
    let rows: Vec<Row> = Statement::new("SELECT id FROM party_merge WHERE record IS NOT NULL")
        .with(" AND undo_until < ", now)
        .with(" ORDER BY undo_until LIMIT ", limit)
        .rows(db)?;
    for row in &rows {
        Statement::new("DELETE FROM party_merge_row").with(" WHERE merge_id = ", row.id).run(db)?;
        Statement::new("UPDATE party_merge SET record = NULL").with(" WHERE id = ", row.id).run(db)?;
    }
    Ok(rows.len())
}

/// Makes everything that moves name the kept record, and notes what it was.
pub fn references_move(db: &mut Db, merge: MergeId, gone: PartyId, kept: PartyId) -> StoreResult<()> {
    for reference in REFERENCES {
        let Some((id, key)) = reference.treatment.moves() else { continue };
        let Reference { table, column, .. } = reference;
        let mut noted = Statement::new("INSERT INTO party_merge_row (merge_id, reference, row_id) SELECT ").cached();
        noted.bind(merge).push(format!(", '{}', {id} FROM {table}", reference.name()));
        reference.push_names(&mut noted, gone);
        if *table == "party_merge" {
            noted.push(" AND undone_at IS NULL");
        }
        if let Some(key) = key {
            noted.push(format!(" AND NOT EXISTS (SELECT 1 FROM {table} k WHERE k.{column} = ")).bind(kept);
            for part in key {
                noted.push(format!(" AND k.{part} = {table}.{part}"));
            }
            noted.push(")");
        }
        noted.push(" ON CONFLICT (merge_id, reference, row_id) DO NOTHING");
        if noted.run(db)? == 0 {
            continue;
        }
        if *column == "text_value" {
            parts_forget_naming(db, gone)?;
        }
        let mut moved = Statement::new(format!("UPDATE {table} SET {column} = ")).cached();
        moved.bind(reference.bound(kept));
        reference.push_names(&mut moved, gone);
        if key.is_some() {
            moved.push(format!(" AND {id} IN (SELECT x.row_id FROM party_merge_row x WHERE x.merge_id = ")).bind(merge);
            moved.push(" AND x.reference = ").bind(reference.name()).push(")");
        }
        moved.run(db)?;
    }
    Ok(())
}

/// Makes what a merge moved name the gone record again, as far as it still names the kept one.
pub fn references_back(db: &mut Db, merge: MergeId, gone: PartyId, kept: PartyId) -> StoreResult<()> {
    for reference in REFERENCES {
        let Some((id, _)) = reference.treatment.moves() else { continue };
        if reference.column == "text_value" {
            parts_forget_naming(db, kept)?;
        }
        let mut back = Statement::new(format!("UPDATE {} SET {} = ", reference.table, reference.column)).cached();
        back.bind(reference.bound(gone));
        reference.push_names(&mut back, kept);
        back.push(format!(" AND {id} IN (SELECT x.row_id FROM party_merge_row x WHERE x.merge_id = ")).bind(merge);
        back.push(" AND x.reference = ").bind(reference.name()).push(")");
        back.run(db)?;
    }
    Ok(())
}

/// The static segments that hold one customer and not the other.
pub fn segments_only_of(db: &mut Db, party: PartyId, other: PartyId) -> StoreResult<Vec<SegmentId>> {
    #[derive(QueryableByName)]
    #[diesel(check_for_backend(crate::MultiBackend))]
    struct Row {
        #[diesel(sql_type = SqlId)]
        segment_id: SegmentId,
    }
    let mut statement = Statement::new("SELECT m.segment_id FROM segment_member m WHERE m.party_id = ").cached();
    statement.bind(party).push(" AND NOT EXISTS (SELECT 1 FROM segment_member x WHERE x.segment_id = m.segment_id");
    statement.push(" AND x.party_id = ").bind(other).push(") ORDER BY m.segment_id");
    Ok(statement.rows::<Row>(db)?.into_iter().map(|row| row.segment_id).collect())
}

/// Puts a customer into static segments.
pub fn segments_join(db: &mut Db, party: PartyId, segments: &[SegmentId], now: DateTime<Utc>) -> StoreResult<()> {
    let rows = segments.iter().map(|segment| vec![(*segment).into(), party.into(), now.into()]).collect();
    insert_batch(db, "segment_member", &["segment_id", "party_id", "added_at"], rows)
}

/// Takes a customer out of static segments.
pub fn segments_leave(db: &mut Db, party: PartyId, segments: &[SegmentId]) -> StoreResult<()> {
    let mut statement = Statement::new("DELETE FROM segment_member").with(" WHERE party_id = ", party);
    statement.push(" AND segment_id IN (").bind_list(segments.iter().copied()).push(")").run(db)?;
    Ok(())
}
