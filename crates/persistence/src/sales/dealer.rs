//! Organisations that sell on: their records, their clerks, and what they sold.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Date, Double, Nullable, Text};
use regulars_domain::actor::Visibility;
use regulars_domain::condition::FieldType;
use regulars_domain::ids::{DealerId, PartyId, RelationId, UnitId, UserId};

use crate::catalogue::{Catalogue, Field, like_escaped};
use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::{Statement, filled_up, insert, update};
use crate::types::{SqlId, SqlInstant};
use crate::visible::push_visible;

#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct DealerRow {
    #[diesel(sql_type = SqlId)]
    pub id: DealerId,
    #[diesel(sql_type = SqlId)]
    pub party_id: PartyId,
    /// Of the dictionary of kinds.
    #[diesel(sql_type = Text)]
    pub kind: String,
    #[diesel(sql_type = Nullable<Date>)]
    pub since: Option<NaiveDate>,
    #[diesel(sql_type = Nullable<Date>)]
    pub ended_on: Option<NaiveDate>,
    #[diesel(sql_type = Nullable<Text>)]
    pub territory: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub note: Option<String>,
    #[diesel(sql_type = BigInt)]
    pub version: i64,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub created_by: Option<UserId>,
    #[diesel(sql_type = SqlInstant)]
    pub created_at: DateTime<Utc>,
    #[diesel(sql_type = SqlInstant)]
    pub updated_at: DateTime<Utc>,
}

/// A dealer with its organisation, where that one stands, and our part of what it buys.
#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct DealerRecord {
    #[diesel(embed)]
    pub own: DealerRow,
    #[diesel(sql_type = Text)]
    pub party_name: String,
    #[diesel(sql_type = SqlId)]
    pub unit_id: UnitId,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub owner_id: Option<UserId>,
    #[diesel(sql_type = Nullable<Text>)]
    pub owner_name: Option<String>,
    #[diesel(sql_type = Nullable<Double>)]
    pub wallet_share: Option<f64>,
}

/// Lists dealers as alias `d`, their organisations as `p`, the figures of those as `m`.
pub const DEALER_FROM: &str =
    "dealer d JOIN party p ON p.id = d.party_id LEFT JOIN customer_metric m ON m.party_id = d.party_id";

fn select() -> Statement {
    Statement::new(
        "SELECT d.id, d.party_id, d.kind, d.since, d.ended_on, d.territory, d.note, d.version, d.created_by, \
         d.created_at, d.updated_at, p.name AS party_name, p.unit_id, p.owner_id, u.name AS owner_name, m.wallet_share \
         FROM dealer d JOIN party p ON p.id = d.party_id LEFT JOIN customer_metric m ON m.party_id = d.party_id \
         LEFT JOIN app_user u ON u.id = p.owner_id WHERE ",
    )
    .cached()
}

fn push_living(statement: &mut Statement, customers: &Visibility) {
    statement.push("p.deleted_at IS NULL AND ");
    push_visible(statement, "p", customers);
}

/// What dealers are filtered and sorted by.
pub fn dealer_catalogue() -> Catalogue {
    use FieldType::{Choice, Date, Instant, Number, Ref, Text};
    let fields = vec![
        Field::column("id", Ref, "d.id").of_ids(),
        Field::column("customer", Ref, "d.party_id").of_ids(),
        Field::column("name", Text, "p.name_key").sortable(),
        Field::column("unit", Ref, "p.unit_id").of_ids(),
        Field::column("owner", Ref, "p.owner_id").of_ids().nullable(),
        Field::column("kind", Choice, "d.kind").sortable(),
        Field::column("territory", Text, "d.territory").nullable().sortable(),
        Field::column("since", Date, "d.since").nullable().sortable(),
        Field::column("ended_on", Date, "d.ended_on").nullable().sortable(),
        Field::column("wallet_share", Number, "m.wallet_share").nullable().sortable(),
        Field::column("created_at", Instant, "d.created_at").sortable(),
        Field::column("updated_at", Instant, "d.updated_at").sortable(),
    ];
    Catalogue { fields, ..Catalogue::default() }
}

/// Those of living organisations within reach; with a text those whose name or territory it is part of.
pub fn dealer_base(customers: &Visibility, q: Option<&str>) -> Statement {
    let mut base = Statement::default();
    push_living(&mut base, customers);
    if let Some(q) = q {
        let inside = format!("%{}%", like_escaped(q));
        base.push(" AND (LOWER(p.name) LIKE ").bind(inside.as_str()).push(" ESCAPE '\\'");
        base.push(" OR LOWER(d.territory) LIKE ").bind(inside).push(" ESCAPE '\\')");
    }
    base
}

pub fn dealers_get(db: &mut Db, ids: &[DealerId], customers: &Visibility) -> StoreResult<Vec<DealerRecord>> {
    let mut statement = select().then("d.id IN (");
    statement.bind_list(filled_up(ids)).push(") AND ");
    push_living(&mut statement, customers);
    statement.rows(db)
}

/// The dealer that an organisation is.
pub fn dealer_of(db: &mut Db, party: PartyId, customers: &Visibility) -> StoreResult<Option<DealerRecord>> {
    let mut statement = select().with("d.party_id = ", party).then(" AND ");
    push_living(&mut statement, customers);
    statement.first(db)
}

pub fn dealer_insert(db: &mut Db, row: DealerRow) -> StoreResult<()> {
    insert(
        "dealer",
        [
            ("id", row.id.into()),
            ("party_id", row.party_id.into()),
            ("kind", row.kind.into()),
            ("since", row.since.into()),
            ("ended_on", row.ended_on.into()),
            ("territory", row.territory.into()),
            ("note", row.note.into()),
            ("version", row.version.into()),
            ("created_by", row.created_by.into()),
            ("created_at", row.created_at.into()),
            ("updated_at", row.updated_at.into()),
        ],
    )
    .run(db)?;
    Ok(())
}

/// Replaces what a person can change if the row still has `version`; answers whether it had.
pub fn dealer_update(db: &mut Db, row: DealerRow) -> StoreResult<bool> {
    let changed = update(
        "dealer",
        [
            ("kind", row.kind.into()),
            ("since", row.since.into()),
            ("ended_on", row.ended_on.into()),
            ("territory", row.territory.into()),
            ("note", row.note.into()),
            ("version", (row.version + 1).into()),
            ("updated_at", row.updated_at.into()),
        ],
    )
    .with(" WHERE id = ", row.id)
    .with(" AND version = ", row.version)
    .run(db)?;
    Ok(changed == 1)
}

pub fn dealer_delete(db: &mut Db, id: DealerId, version: i64) -> StoreResult<bool> {
    let gone = Statement::new("DELETE FROM dealer")
        .with(" WHERE id = ", id)
        .with(" AND version = ", version)
        .cached()
        .run(db)?;
    Ok(gone == 1)
}

/// Somebody who sells for a dealer.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct ClerkRow {
    #[diesel(sql_type = SqlId)]
    pub relation_id: RelationId,
    #[diesel(sql_type = SqlId)]
    pub dealer_party: PartyId,
    #[diesel(sql_type = SqlId)]
    pub party_id: PartyId,
    #[diesel(sql_type = Text)]
    pub name: String,
}

/// Those within reach who sell for these organisations on a day, by name.
pub fn clerks_of(
    db: &mut Db,
    dealers: &[PartyId],
    role: &str,
    on: NaiveDate,
    reach: &Visibility,
) -> StoreResult<Vec<ClerkRow>> {
    let mut statement = Statement::new(
        "SELECT r.id AS relation_id, r.to_id AS dealer_party, r.from_id AS party_id, p.name FROM party_relation r \
         JOIN party p ON p.id = r.from_id AND p.deleted_at IS NULL WHERE r.role = ",
    )
    .with("", role)
    .with(" AND (r.valid_from IS NULL OR r.valid_from <= ", on)
    .with(") AND (r.valid_to IS NULL OR r.valid_to >= ", on)
    .then(") AND r.to_id IN (");
    statement.bind_list(filled_up(dealers)).push(") AND ");
    push_visible(&mut statement, "p", reach);
    statement.then(" ORDER BY p.name_key, p.id").rows(db)
}

/// What a place told of a month, of all products together.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct SoldRow {
    #[diesel(sql_type = SqlId)]
    pub party_id: PartyId,
    #[diesel(sql_type = Text)]
    pub measure: String,
    /// `YYYY-MM`, by the first day of the period.
    #[diesel(sql_type = Text)]
    pub month: String,
    /// In the smallest step of the measure.
    #[diesel(sql_type = BigInt)]
    pub number: i64,
}

/// By place, measure and month since a day.
pub fn sold_by_month(db: &mut Db, places: &[PartyId], since: NaiveDate) -> StoreResult<Vec<SoldRow>> {
    let month = match db {
        Db::Sqlite(_) => "SUBSTR(c.first_day, 1, 7)",
        Db::Pg(_) => "TO_CHAR(c.first_day, 'YYYY-MM')",
    };
    let mut statement = Statement::new(format!(
        "SELECT c.party_id, c.measure, {month} AS month, CAST(SUM(c.number) AS BIGINT) AS number FROM sellout_cell c \
         WHERE c.number IS NOT NULL AND c.product_id IS NOT NULL AND c.first_day >= "
    ))
    .with("", since)
    .then(" AND c.party_id IN (");
    statement.bind_list(filled_up(places)).push(format!(") GROUP BY c.party_id, c.measure, {month} ORDER BY 1, 2, 3"));
    statement.rows(db)
}
