//! Offers: every version is a row with lines of its own. Amounts are minor units of the offer's currency.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Date, Nullable, Text};
use regulars_domain::actor::Visibility;
use regulars_domain::condition::FieldType;
use regulars_domain::ids::{OpportunityId, PartyId, QuoteId, UnitId, UserId};

use super::line::{LineRow, LineTable};
use crate::catalogue::{Catalogue, Field, like_escaped};
use crate::customers::custom::CustomDefinition;
use crate::customers::fields::custom_field;
use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::{Statement, filled_up, insert, update};
use crate::types::{SqlId, SqlInstant};
use crate::visible::push_visible;

#[derive(Debug, Clone, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct QuoteRow {
    #[diesel(sql_type = SqlId)]
    pub id: QuoteId,
    #[diesel(sql_type = SqlId)]
    pub unit_id: UnitId,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub owner_id: Option<UserId>,
    #[diesel(sql_type = SqlId)]
    pub party_id: PartyId,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub opportunity_id: Option<OpportunityId>,
    /// The same for all versions.
    #[diesel(sql_type = Text)]
    pub code: String,
    /// 1 for the first.
    #[diesel(sql_type = BigInt)]
    pub revision: i64,
    #[diesel(sql_type = Text)]
    pub status: String,
    #[diesel(sql_type = Date)]
    pub quoted_on: NaiveDate,
    /// The last day it holds.
    #[diesel(sql_type = Date)]
    pub valid_until: NaiveDate,
    #[diesel(sql_type = Text)]
    pub currency: String,
    /// Company currency for one unit of the offer's, in millionths.
    #[diesel(sql_type = BigInt)]
    pub exchange_rate: i64,
    #[diesel(sql_type = BigInt)]
    pub gross: i64,
    /// Discounts of the lines and of the whole.
    #[diesel(sql_type = BigInt)]
    pub discount: i64,
    /// gross − discount.
    #[diesel(sql_type = BigInt)]
    pub net: i64,
    #[diesel(sql_type = BigInt)]
    pub net_base: i64,
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
    #[diesel(sql_type = Nullable<SqlInstant>)]
    pub deleted_at: Option<DateTime<Utc>>,
}

/// Lists offers as alias `q`.
pub const QUOTE_FROM: &str = "quote q";

const LINES: LineTable = LineTable { table: "quote_line", holder: "quote_id" };

fn select() -> Statement {
    Statement::new(
        "SELECT q.id, q.unit_id, q.owner_id, q.party_id, q.opportunity_id, q.code, q.revision, q.status, q.quoted_on, \
         q.valid_until, q.currency, q.exchange_rate, q.gross, q.discount, q.net, q.net_base, q.note, q.version, \
         q.created_by, q.created_at, q.updated_at, q.deleted_at FROM quote q",
    )
    .cached()
}

/// What offers are filtered and sorted by. Whether a sent one has expired depends on the day.
pub fn quote_catalogue(custom: &[CustomDefinition], today: NaiveDate) -> Catalogue {
    use FieldType::{Choice, Date as Day, Instant, Integer, Money, Ref, Set, Text as Words};
    let products = "quote_line x WHERE x.quote_id = q.id";
    let status =
        format!("(CASE WHEN q.status = 'sent' AND q.valid_until < '{today}' THEN 'expired' ELSE q.status END)");
    let mut fields = vec![
        Field::column("id", Ref, "q.id").of_ids(),
        Field::column("code", Words, "q.code").sortable(),
        Field::column("revision", Integer, "q.revision"),
        Field::column("status", Choice, &status),
        Field::column("customer", Ref, "q.party_id").of_ids(),
        Field::column("opportunity", Ref, "q.opportunity_id").of_ids().nullable(),
        Field::column("unit", Ref, "q.unit_id").of_ids(),
        Field::column("owner", Ref, "q.owner_id").of_ids().nullable(),
        Field::column("quoted_on", Day, "q.quoted_on").sortable(),
        Field::column("valid_until", Day, "q.valid_until").sortable(),
        Field::column("currency", Choice, "q.currency"),
        Field::column("net", Money, "q.net").sortable(),
        Field::rows("product", Set, products, "x.product_id").of_ids(),
        Field::column("created_at", Instant, "q.created_at").sortable(),
        Field::column("updated_at", Instant, "q.updated_at").sortable(),
    ];
    fields.extend(custom.iter().filter_map(|field| custom_field(field, "quote", "q.id")));
    Catalogue { fields, ..Catalogue::default() }
}

/// Living offers within sight whose code or customer's name begins with the text; all of them without a text.
pub fn quote_base(visibility: &Visibility, customers: &Visibility, q: Option<&str>) -> Statement {
    let mut base = Statement::new("q.deleted_at IS NULL AND ");
    push_visible(&mut base, "q", visibility);
    if let Some(q) = q {
        let pattern = format!("{}%", like_escaped(q));
        base.push(" AND (LOWER(q.code) LIKE ").bind(pattern.as_str()).push(" ESCAPE '\\'");
        base.push(" OR q.party_id IN (SELECT p.id FROM party p WHERE (LOWER(p.name) LIKE ").bind(pattern.as_str());
        base.push(" ESCAPE '\\' OR p.name_key LIKE ").bind(pattern).push(" ESCAPE '\\') AND ");
        push_visible(&mut base, "p", customers);
        base.push("))");
    }
    base
}

/// A living offer within sight.
pub fn quote_get(db: &mut Db, id: QuoteId, visibility: &Visibility) -> StoreResult<Option<QuoteRow>> {
    let mut statement = select().with(" WHERE q.id = ", id).then(" AND q.deleted_at IS NULL AND ");
    push_visible(&mut statement, "q", visibility);
    statement.first(db)
}

/// Offers by id, in no order: of a page whose ids were found within sight, or named by an order.
pub fn quotes_get(db: &mut Db, ids: &[QuoteId]) -> StoreResult<Vec<QuoteRow>> {
    let mut statement = select().then(" WHERE q.id IN (");
    statement.bind_list(filled_up(ids)).push(")");
    statement.rows(db)
}

/// All versions of offers with these codes in a unit, deleted ones too; the first version first.
pub fn quote_versions(db: &mut Db, unit: UnitId, codes: &[&str]) -> StoreResult<Vec<QuoteRow>> {
    let mut rows = Vec::with_capacity(codes.len());
    for some in codes.chunks(500) {
        let mut statement = select().with(" WHERE q.unit_id = ", unit).then(" AND q.code IN (");
        statement.bind_list(some.iter().copied()).push(") ORDER BY q.code, q.revision");
        rows.extend(statement.rows::<QuoteRow>(db)?);
    }
    Ok(rows)
}

/// The customer's offers, deleted ones too, that don't stand in the unit; the oldest first.
pub fn quotes_elsewhere(db: &mut Db, party: PartyId, unit: UnitId) -> StoreResult<Vec<QuoteRow>> {
    select().with(" WHERE q.party_id = ", party).with(" AND q.unit_id <> ", unit).then(" ORDER BY q.id").rows(db)
}

pub fn quote_insert(db: &mut Db, row: QuoteRow) -> StoreResult<()> {
    insert(
        "quote",
        [
            ("id", row.id.into()),
            ("unit_id", row.unit_id.into()),
            ("owner_id", row.owner_id.into()),
            ("party_id", row.party_id.into()),
            ("opportunity_id", row.opportunity_id.into()),
            ("code", row.code.into()),
            ("revision", row.revision.into()),
            ("status", row.status.into()),
            ("quoted_on", row.quoted_on.into()),
            ("valid_until", row.valid_until.into()),
            ("currency", row.currency.into()),
            ("exchange_rate", row.exchange_rate.into()),
            ("gross", row.gross.into()),
            ("discount", row.discount.into()),
            ("net", row.net.into()),
            ("net_base", row.net_base.into()),
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

/// Replaces the row if it still has `version`; answers whether it had. Deletes when `deleted_at` is set.
pub fn quote_update(db: &mut Db, row: QuoteRow) -> StoreResult<bool> {
    let statement = update(
        "quote",
        [
            ("unit_id", row.unit_id.into()),
            ("owner_id", row.owner_id.into()),
            ("party_id", row.party_id.into()),
            ("opportunity_id", row.opportunity_id.into()),
            ("code", row.code.into()),
            ("status", row.status.into()),
            ("quoted_on", row.quoted_on.into()),
            ("valid_until", row.valid_until.into()),
            ("currency", row.currency.into()),
            ("exchange_rate", row.exchange_rate.into()),
            ("gross", row.gross.into()),
            ("discount", row.discount.into()),
            ("net", row.net.into()),
            ("net_base", row.net_base.into()),
            ("note", row.note.into()),
            ("version", (row.version + 1).into()),
            ("updated_at", row.updated_at.into()),
            ("deleted_at", row.deleted_at.into()),
        ],
    );
    Ok(statement.with(" WHERE id = ", row.id).with(" AND version = ", row.version).run(db)? == 1)
}

/// Lines of offers, in their order.
pub fn quote_lines_of(db: &mut Db, ids: &[QuoteId]) -> StoreResult<Vec<LineRow>> {
    LINES.of(db, ids)
}

pub fn quote_lines_insert(db: &mut Db, rows: Vec<LineRow>) -> StoreResult<()> {
    LINES.insert(db, rows)
}

/// Takes the lines of an offer away, for others to be put in their place.
pub fn quote_lines_delete(db: &mut Db, id: QuoteId) -> StoreResult<()> {
    LINES.delete(db, id)
}
