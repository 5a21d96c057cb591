//! What synchronising asks beside the log: the ids of everything within a sight, and what hangs on a customer.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::Nullable;
use regulars_domain::actor::Visibility;
use regulars_domain::ids::{DepartmentId, ImportId, MergeId, PartyId, UserId};
use serde_json::Value;
use uuid::Uuid;

use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::Statement;
use crate::types::{AnyId, SqlId, SqlJson};
use crate::visible::push_visible;

/// Kinds of record that are synchronised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Synced {
    Customers,
    Interactions,
    Relations,
    Orders,
    Opportunities,
    Quotes,
    Products,
    DictionaryEntries,
    Tags,
    CustomFields,
    Preferences,
    Facts,
    KeyAccounts,
    Trainings,
    Dealers,
    Costs,
    Assets,
    Wishes,
    /// What a customer said about being contacted, told together under the customer's id.
    Consents,
    Qualifications,
    Attachments,
}

#[derive(QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
struct IdRow {
    #[diesel(sql_type = SqlId)]
    id: AnyId,
}

fn ids(statement: &Statement, db: &mut Db) -> StoreResult<Vec<Uuid>> {
    Ok(statement.rows::<IdRow>(db)?.into_iter().map(|row| row.id.0).collect())
}

/// The next ids of a kind within a sight: of customers for what hangs on them, of orders for orders and quotes, of
/// opportunities for those; the rest is seen by all who may read it.
pub fn synced_ids(db: &mut Db, kind: Synced, reach: &Visibility, after: Uuid, limit: i64) -> StoreResult<Vec<Uuid>> {
    let (select, alias) = match kind {
        Synced::Customers => ("SELECT p.id FROM party p WHERE p.deleted_at IS NULL AND ", "p"),
        Synced::Interactions => (
            "SELECT s.id FROM interaction s JOIN party p ON p.id = s.party_id AND p.deleted_at IS NULL \
             WHERE s.deleted_at IS NULL AND ",
            "s",
        ),
        Synced::Relations => (
            "SELECT s.id FROM party_relation s WHERE EXISTS (SELECT 1 FROM party p \
             WHERE p.id IN (s.from_id, s.to_id) AND p.deleted_at IS NULL AND ",
            "s",
        ),
        Synced::Orders => ("SELECT o.id FROM sales_order o WHERE o.deleted_at IS NULL AND ", "o"),
        Synced::Opportunities => ("SELECT s.id FROM opportunity s WHERE s.deleted_at IS NULL AND ", "s"),
        Synced::Quotes => ("SELECT s.id FROM quote s WHERE s.deleted_at IS NULL AND ", "s"),
        Synced::Products => ("SELECT s.id FROM product s WHERE s.deleted_at IS NULL", "s"),
        Synced::DictionaryEntries => ("SELECT s.id FROM dictionary_entry s WHERE 1 = 1", "s"),
        Synced::Tags => ("SELECT s.id FROM tag s WHERE ", "s"),
        Synced::CustomFields => ("SELECT s.id FROM custom_field s WHERE 1 = 1", "s"),
        Synced::Preferences => (
            "SELECT s.id FROM party_preference s JOIN party p ON p.id = s.party_id AND p.deleted_at IS NULL WHERE ",
            "s",
        ),
        Synced::Facts => {
            ("SELECT s.id FROM party_fact s JOIN party p ON p.id = s.party_id AND p.deleted_at IS NULL WHERE ", "s")
        }
        Synced::Trainings => {
            ("SELECT s.id FROM training s JOIN party p ON p.id = s.party_id AND p.deleted_at IS NULL WHERE ", "s")
        }
        Synced::Costs => {
            ("SELECT s.id FROM cost s JOIN party p ON p.id = s.party_id AND p.deleted_at IS NULL WHERE ", "s")
        }
        Synced::Dealers => {
            ("SELECT s.id FROM dealer s JOIN party p ON p.id = s.party_id AND p.deleted_at IS NULL WHERE ", "s")
        }
        Synced::KeyAccounts => {
            ("SELECT s.id FROM key_account s JOIN party p ON p.id = s.party_id AND p.deleted_at IS NULL WHERE ", "s")
        }
        Synced::Assets => (
            "SELECT s.id FROM asset s JOIN party p ON p.id = s.party_id AND p.deleted_at IS NULL \
             WHERE s.deleted_at IS NULL AND ",
            "s",
        ),
        Synced::Wishes => (
            "SELECT s.id FROM wish s JOIN party p ON p.id = s.party_id AND p.deleted_at IS NULL \
             WHERE s.deleted_at IS NULL AND ",
            "s",
        ),
        Synced::Consents => (
            "SELECT p.id FROM party p WHERE p.deleted_at IS NULL \
             AND EXISTS (SELECT 1 FROM party_consent c WHERE c.party_id = p.id) AND ",
            "p",
        ),
        Synced::Qualifications => {
            ("SELECT s.id FROM qualification s JOIN party p ON p.id = s.party_id AND p.deleted_at IS NULL WHERE ", "s")
        }
        Synced::Attachments => (
            "SELECT s.id FROM attachment s LEFT JOIN qualification q ON q.id = s.subject_id \
             JOIN party p ON p.id = COALESCE(q.party_id, s.subject_id) AND p.deleted_at IS NULL \
             WHERE s.deleted_at IS NULL AND ",
            "s",
        ),
    };
    let mut statement = Statement::new(select);
    match kind {
        Synced::Orders => push_visible(&mut statement, "o", reach),
        Synced::Tags | Synced::Opportunities | Synced::Quotes => push_visible(&mut statement, "s", reach),
        Synced::Products | Synced::DictionaryEntries | Synced::CustomFields => {}
        _ => push_visible(&mut statement, "p", reach),
    }
    statement.push(if kind == Synced::Relations { ")" } else { "" });
    statement.push(format!(" AND {alias}.id > ")).bind(after);
    ids(&statement.then(&format!(" ORDER BY {alias}.id LIMIT ")).with("", limit), db)
}

/// What a sight reaches tells nothing of who the people are; these are they.
pub fn people_of(db: &mut Db, departments: &[DepartmentId]) -> StoreResult<Vec<UserId>> {
    let mut statement = Statement::new("SELECT id FROM app_user WHERE department_id IN (");
    statement.bind_list(departments.iter().copied()).push(") ORDER BY id");
    Ok(ids(&statement, db)?.into_iter().map(UserId).collect())
}

/// What hangs on a customer: kind, and which ids, the customer's own id standing twice at most.
const BENEATH: &[(Synced, [&str; 3])] = &[
    (Synced::Interactions, ["SELECT id FROM interaction WHERE party_id = ", " AND deleted_at IS NULL", ""]),
    (Synced::Relations, ["SELECT id FROM party_relation WHERE from_id = ", " OR to_id = ", ""]),
    (Synced::Preferences, ["SELECT id FROM party_preference WHERE party_id = ", "", ""]),
    (Synced::Facts, ["SELECT id FROM party_fact WHERE party_id = ", "", ""]),
    (Synced::Trainings, ["SELECT id FROM training WHERE party_id = ", "", ""]),
    (Synced::Costs, ["SELECT id FROM cost WHERE party_id = ", "", ""]),
    (Synced::Dealers, ["SELECT id FROM dealer WHERE party_id = ", "", ""]),
    (Synced::KeyAccounts, ["SELECT id FROM key_account WHERE party_id = ", "", ""]),
    (Synced::Assets, ["SELECT id FROM asset WHERE party_id = ", " AND deleted_at IS NULL", ""]),
    (Synced::Wishes, ["SELECT id FROM wish WHERE party_id = ", " AND deleted_at IS NULL", ""]),
    (Synced::Consents, ["SELECT DISTINCT party_id AS id FROM party_consent WHERE party_id = ", "", ""]),
    (Synced::Qualifications, ["SELECT id FROM qualification WHERE party_id = ", "", ""]),
    (
        Synced::Attachments,
        [
            "SELECT id FROM attachment WHERE deleted_at IS NULL AND (subject_id = ",
            " OR subject_id IN (SELECT q.id FROM qualification q WHERE q.party_id = ",
            "))",
        ],
    ),
    (Synced::Orders, ["SELECT id FROM sales_order WHERE party_id = ", " AND deleted_at IS NULL", ""]),
    (Synced::Quotes, ["SELECT id FROM quote WHERE party_id = ", " AND deleted_at IS NULL", ""]),
    (
        Synced::Opportunities,
        [
            "SELECT id FROM opportunity WHERE deleted_at IS NULL AND (party_id = ",
            " OR id IN (SELECT c.opportunity_id FROM opportunity_contact c WHERE c.party_id = ",
            "))",
        ],
    ),
];

/// What shows something of a record beside its customer: an order its quote, a quote its other versions, an opportunity
/// what was offered and ordered of it. Kind, and how their ids are found.
const SHOWN_BY: &[(Synced, Synced, &str)] = &[
    (Synced::Orders, Synced::Quotes, "SELECT quote_id AS id FROM sales_order WHERE quote_id IS NOT NULL AND id = "),
    (
        Synced::Quotes,
        Synced::Quotes,
        "SELECT s.id FROM quote q JOIN quote s ON s.unit_id = q.unit_id AND s.code = q.code AND s.deleted_at IS NULL \
         WHERE q.id = ",
    ),
    (Synced::Opportunities, Synced::Quotes, "SELECT id FROM quote WHERE deleted_at IS NULL AND opportunity_id = "),
    (
        Synced::Opportunities,
        Synced::Orders,
        "SELECT id FROM sales_order WHERE deleted_at IS NULL AND opportunity_id = ",
    ),
];

/// Records that show something of this one.
pub fn shown_by(db: &mut Db, kind: Synced, id: Uuid) -> StoreResult<Vec<(Synced, Uuid)>> {
    let mut found = Vec::new();
    for (_, shows, select) in SHOWN_BY.iter().filter(|(of, ..)| *of == kind) {
        let others = ids(&Statement::new(*select).with("", id).cached(), db)?;
        found.extend(others.into_iter().map(|id| (*shows, id)));
    }
    Ok(found)
}

/// What hangs on a customer, whoever may see it.
pub fn beneath_party(db: &mut Db, party: PartyId) -> StoreResult<Vec<(Synced, Uuid)>> {
    let mut found = Vec::new();
    for (kind, [select, between, end]) in BENEATH {
        let mut statement = Statement::new(*select).with("", party).then(between);
        if between.ends_with("= ") {
            statement.bind(party);
        }
        let beneath = ids(&statement.then(end).cached(), db)?;
        found.extend(beneath.into_iter().map(|id| (*kind, id)));
    }
    Ok(found)
}

/// Records of a kind an import made or changed, at most `limit`. What it made lies behind `floor`.
pub fn import_touched(db: &mut Db, kind: Synced, import: ImportId, floor: Uuid, limit: i64) -> StoreResult<Vec<Uuid>> {
    let table = match kind {
        Synced::Customers => "party",
        Synced::Relations => "party_relation",
        Synced::Orders => "sales_order",
        Synced::Opportunities => "opportunity",
        Synced::Products => "product",
        Synced::Assets => "asset",
        Synced::Preferences => "party_preference",
        Synced::Facts => "party_fact",
        Synced::Trainings => "training",
        Synced::Consents => return consents_touched(db, import, floor, limit),
        _ => return Ok(Vec::new()),
    };
    let made = Statement::new(format!("SELECT id FROM {table} WHERE import_id = "))
        .with("", import)
        .with(" AND id > ", floor)
        .with(" ORDER BY id LIMIT ", limit);
    let changed =
        Statement::new(format!("SELECT r.resource_id AS id FROM import_row r JOIN {table} t ON t.id = r.resource_id"))
            .with(" WHERE r.import_id = ", import)
            .with(" ORDER BY r.row_no LIMIT ", limit);
    let mut all = ids(&made, db)?;
    all.extend(ids(&changed, db)?);
    Ok(all)
}

/// Customers of whom an import noted words.
fn consents_touched(db: &mut Db, import: ImportId, floor: Uuid, limit: i64) -> StoreResult<Vec<Uuid>> {
    let told = Statement::new("SELECT DISTINCT party_id AS id FROM consent WHERE import_id = ")
        .with("", import)
        .with(" AND id > ", floor)
        .with(" ORDER BY party_id LIMIT ", limit);
    ids(&told, db)
}

/// Customers whose share with a person or department ended by itself within a time.
pub fn shares_run_out(
    db: &mut Db,
    user: UserId,
    department: DepartmentId,
    after: DateTime<Utc>,
    until: DateTime<Utc>,
) -> StoreResult<Vec<PartyId>> {
    let statement = Statement::new("SELECT party_id AS id FROM share WHERE ends_at IS NOT NULL")
        .with(" AND ends_at > ", after)
        .with(" AND ends_at <= ", until)
        .with(" AND (user_id = ", user)
        .with(" OR department_id = ", department)
        .then(")");
    Ok(ids(&statement, db)?.into_iter().map(PartyId).collect())
}

/// What the log tells of a customer's shares.
pub fn shares_told(db: &mut Db, party: PartyId) -> StoreResult<Vec<Value>> {
    #[derive(QueryableByName)]
    #[diesel(check_for_backend(crate::MultiBackend))]
    struct Told {
        #[diesel(sql_type = Nullable<SqlJson>)]
        before: Option<Value>,
        #[diesel(sql_type = Nullable<SqlJson>)]
        after: Option<Value>,
    }
    let statement =
        Statement::new("SELECT before, after FROM event WHERE resource = 'share'").with(" AND party_id = ", party);
    let rows: Vec<Told> = statement.cached().rows(db)?;
    Ok(rows.into_iter().flat_map(|row| [row.before, row.after]).flatten().collect())
}

/// What a merge keeps for taking it back.
pub fn merge_record(db: &mut Db, merge: MergeId) -> StoreResult<Option<Value>> {
    #[derive(QueryableByName)]
    #[diesel(check_for_backend(crate::MultiBackend))]
    struct Kept {
        #[diesel(sql_type = Nullable<SqlJson>)]
        record: Option<Value>,
    }
    let row: Option<Kept> = Statement::new("SELECT record FROM party_merge").with(" WHERE id = ", merge).first(db)?;
    Ok(row.and_then(|row| row.record))
}
