//! People and organisations as an import meets them: found by a key in bulk, created in bulk, changed and put back.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Bool, Date, Nullable, Text};
use regulars_domain::actor::Visibility;
use regulars_domain::ids::{ImportId, PartyId, RelationId, TagId, UnitId, UserId};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::custom::custom_row;
use crate::bulk::{
    CUSTOM_VALUE, CUSTOMER_METRIC, PARTY, PARTY_ADDRESS, PARTY_DATE, PARTY_EMAIL, PARTY_PHONE, PARTY_RELATION,
    PARTY_TAG, rows_insert,
};
use crate::customers::custom::CustomValueRow;
use crate::customers::parts::{AddressPart, DatePart, EmailPart, PhonePart};
use crate::customers::parts_write::{NewParts, date_row};
use crate::customers::search::search_pending_add;
use crate::db::Db;
use crate::error::StoreResult;
use crate::insight::metric::metric_place;
use crate::sql::{Bind, Null, Statement};
use crate::types::{AnyId, SqlId, SqlInstant};
use crate::visible::push_visible;

/// The columns an import may fill, named as the table names them. Unset means "the file says nothing".
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
#[serde(default)]
pub struct PartyFields {
    #[diesel(sql_type = Nullable<Text>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gender: Option<String>,
    #[diesel(sql_type = Nullable<Date>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub birthday: Option<NaiveDate>,
    #[diesel(sql_type = Nullable<Text>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tax_id: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub industry: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub buying_style: Option<String>,
    #[diesel(sql_type = Nullable<Bool>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub internal: Option<bool>,
    #[diesel(sql_type = Nullable<Text>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    #[diesel(sql_type = Nullable<SqlId>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner_id: Option<UserId>,
}

/// Column and type of each field of [`PartyFields`], and of the sort key that follows the name.
const FIELD_TYPES: &[(&str, Null)] = &[
    ("kind", Null::Text),
    ("name", Null::Text),
    ("name_key", Null::Text),
    ("status", Null::Text),
    ("gender", Null::Text),
    ("birthday", Null::Date),
    ("tax_id", Null::Text),
    ("industry", Null::Text),
    ("source", Null::Text),
    ("level", Null::Text),
    ("buying_style", Null::Text),
    ("internal", Null::Bool),
    ("note", Null::Text),
    ("owner_id", Null::Id),
    ("import_id", Null::Id),
];

/// A customer that exists already.
#[derive(Debug, Clone, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct PartyHit {
    #[diesel(sql_type = Text)]
    pub matched: String,
    #[diesel(sql_type = SqlId)]
    pub id: PartyId,
    #[diesel(sql_type = Text)]
    pub code: String,
    #[diesel(sql_type = Text)]
    pub name_key: String,
    #[diesel(sql_type = Bool)]
    pub name_key_set: bool,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub import_id: Option<ImportId>,
    #[diesel(sql_type = BigInt)]
    pub version: i64,
    #[diesel(sql_type = Nullable<SqlInstant>)]
    pub deleted_at: Option<DateTime<Utc>>,
    /// The importing person may change it.
    #[diesel(sql_type = Bool)]
    pub reachable: bool,
    #[diesel(embed)]
    pub fields: PartyFields,
}

/// What a row is recognised by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PartyKey {
    Code,
    Phone,
    Email,
    TaxId,
    Name,
    /// The stored unique key of a custom value.
    Custom,
}

const HIT_COLUMNS: &str = "p.id, COALESCE(p.code, '') AS code, p.name_key, p.name_key_set, p.import_id, p.version, p.deleted_at, p.kind, p.name, \
     p.status, p.gender, p.birthday, p.tax_id, p.industry, p.source, p.level, p.buying_style, p.internal, p.note, p.owner_id";

/// Most values looked up in one statement.
const LOOKUP: usize = 1000;

/// Everyone in the unit whose key is among `values`; several may share a phone, an address or a name.
pub fn parties_find(
    db: &mut Db,
    unit: UnitId,
    key: PartyKey,
    values: &[String],
    reach: &Visibility,
) -> StoreResult<Vec<PartyHit>> {
    // SQLite knows no figures and would walk through the whole unit: it is told to begin with the key.
    const UNIT: &str = "p.unit_id = ";
    const UNIT_SECOND: &str = "p.unit_id IN (SELECT u.id FROM unit u WHERE u.id = ";
    let (matched, from, unit_is) = match key {
        PartyKey::Code => ("p.code", "party p WHERE ", UNIT),
        PartyKey::TaxId => ("p.tax_id", "party p WHERE ", UNIT_SECOND),
        PartyKey::Name => ("p.name", "party p WHERE ", UNIT),
        PartyKey::Phone => ("k.number", "party_phone k CROSS JOIN party p WHERE p.id = k.party_id AND ", UNIT),
        PartyKey::Email => ("k.address", "party_email k CROSS JOIN party p WHERE p.id = k.party_id AND ", UNIT),
        PartyKey::Custom => ("k.unique_key", "custom_value k CROSS JOIN party p WHERE p.id = k.resource_id AND ", UNIT),
    };
    let mut hits = Vec::new();
    for values in values.chunks(LOOKUP) {
        let mut statement = Statement::new(format!("SELECT {matched} AS matched, {HIT_COLUMNS}, ("));
        if values.len() == LOOKUP {
            statement = statement.cached();
        }
        push_visible(&mut statement, "p", reach);
        statement.push(format!(") AS reachable FROM {from}{unit_is}")).bind(unit);
        statement.push(if unit_is == UNIT { "" } else { ")" });
        statement.push(format!(" AND {matched} IN (")).bind_list(values.iter()).push(")");
        if key != PartyKey::Code {
            statement.push(" AND p.deleted_at IS NULL");
        }
        hits.extend(statement.rows(db)?);
    }
    Ok(hits)
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
#[serde(default)]
pub struct AddressFields {
    #[diesel(sql_type = Nullable<Text>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub province: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub district: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub street: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub postcode: Option<String>,
}

/// What hangs on a customer and an import may add to.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PartyChildren {
    /// In their order.
    pub phones: Vec<String>,
    pub emails: Vec<String>,
    /// The first address.
    pub address: Option<AddressFields>,
    pub tags: Vec<TagId>,
    /// The dates to remember with the birthday among them; written, not read.
    pub dates: Vec<DatePart>,
    /// Values of custom fields; written, not read.
    pub custom: Vec<CustomValueRow>,
}

/// Which children are asked for; the others stay empty.
#[derive(Debug, Clone, Copy, Default)]
pub struct ChildrenWanted {
    pub phones: bool,
    pub emails: bool,
    pub address: bool,
    pub tags: bool,
}

#[derive(QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
struct TextChild {
    #[diesel(sql_type = SqlId)]
    party_id: PartyId,
    #[diesel(sql_type = Text)]
    value: String,
}

#[derive(QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
struct TagChild {
    #[diesel(sql_type = SqlId)]
    party_id: PartyId,
    #[diesel(sql_type = SqlId)]
    tag_id: TagId,
}

#[derive(QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
struct AddressChild {
    #[diesel(sql_type = SqlId)]
    party_id: PartyId,
    #[diesel(embed)]
    fields: AddressFields,
}

pub fn party_children(
    db: &mut Db,
    ids: &[PartyId],
    wanted: ChildrenWanted,
) -> StoreResult<HashMap<PartyId, PartyChildren>> {
    let mut children: HashMap<PartyId, PartyChildren> = HashMap::new();
    for ids in ids.chunks(LOOKUP) {
        let of = |sql: &str, order: &str| {
            let mut statement = Statement::new(sql);
            statement.push(" WHERE party_id IN (").bind_list(ids.iter().copied()).push(")");
            statement.push(order.to_owned());
            statement
        };
        if wanted.phones {
            for row in of("SELECT party_id, number AS value FROM party_phone", " ORDER BY party_id, position")
                .rows::<TextChild>(db)?
            {
                children.entry(row.party_id).or_default().phones.push(row.value);
            }
        }
        if wanted.emails {
            for row in of("SELECT party_id, address AS value FROM party_email", " ORDER BY party_id, position")
                .rows::<TextChild>(db)?
            {
                children.entry(row.party_id).or_default().emails.push(row.value);
            }
        }
        if wanted.address {
            let sql = "SELECT party_id, country, province, city, district, street, postcode FROM party_address";
            for row in of(sql, " AND position = 0").rows::<AddressChild>(db)? {
                children.entry(row.party_id).or_default().address = Some(row.fields);
            }
        }
        if wanted.tags {
            for row in
                of("SELECT party_id, tag_id FROM party_tag", " ORDER BY party_id, tag_id").rows::<TagChild>(db)?
            {
                children.entry(row.party_id).or_default().tags.push(row.tag_id);
            }
        }
    }
    Ok(children)
}

/// A customer to be created, with what hangs on it.
#[derive(Debug, Clone)]
pub struct NewParty {
    pub id: PartyId,
    pub unit_id: UnitId,
    pub code: String,
    pub name_key: String,
    /// `kind`, `name`, `status` must be set.
    pub fields: PartyFields,
    pub children: PartyChildren,
}

/// Who imports what, and when.
#[derive(Debug, Clone, Copy)]
pub struct Provenance {
    pub import_id: ImportId,
    pub user_id: UserId,
    pub now: DateTime<Utc>,
}

pub fn parties_insert(db: &mut Db, parties: Vec<NewParty>, by: Provenance) -> StoreResult<()> {
    let mut rows = Vec::with_capacity(parties.len());
    let mut metrics = Vec::with_capacity(parties.len());
    let mut hanging = HangingRows::default();
    for party in parties {
        metrics.push(metric_start_row(party.id, party.unit_id, party.fields.owner_id));
        let parts = new_parts(&party.children).kept();
        hanging.push(party.id, party.children);
        let fields = party.fields;
        rows.push(vec![
            party.id.into(),
            party.unit_id.into(),
            fields.owner_id.into(),
            Some(party.code).filter(|code| !code.is_empty()).into(),
            fields.kind.into(),
            fields.name.into(),
            party.name_key.into(),
            false.into(),
            fields.status.into(),
            fields.gender.into(),
            fields.birthday.into(),
            fields.tax_id.into(),
            fields.industry.into(),
            fields.source.into(),
            fields.level.into(),
            fields.buying_style.into(),
            fields.internal.unwrap_or(false).into(),
            fields.note.into(),
            by.import_id.into(),
            1_i64.into(),
            by.user_id.into(),
            by.now.into(),
            by.now.into(),
            parts.into(),
        ]);
    }
    rows_insert(db, &PARTY, rows)?;
    rows_insert(db, &CUSTOMER_METRIC, metrics)?;
    hanging.insert(db)
}

/// What a new customer's row keeps of them; the birthday is not shown among the dates.
fn new_parts(children: &PartyChildren) -> NewParts {
    let phone = |(index, number): (usize, &String)| PhonePart {
        number: number.clone(),
        label: None,
        primary: index == 0,
        mark: None,
    };
    let email = |(index, address): (usize, &String)| EmailPart {
        address: address.clone(),
        label: None,
        primary: index == 0,
        mark: None,
    };
    let address = |fields: &AddressFields| {
        let AddressFields { country, province, city, district, street, postcode } = fields.clone();
        AddressPart { country, province, city, district, street, postcode, label: None, primary: true }
    };
    NewParts {
        phones: children.phones.iter().enumerate().map(phone).collect(),
        emails: children.emails.iter().enumerate().map(email).collect(),
        addresses: children.address.iter().map(address).collect(),
        dates: children.dates.clone(),
        tags: children.tags.clone(),
        custom: children.custom.clone(),
    }
}

/// In the order of [`CUSTOMER_METRIC`]: nothing bought yet.
fn metric_start_row(id: PartyId, unit: UnitId, owner: Option<UserId>) -> Vec<Bind> {
    let mut row: Vec<Bind> = vec![id.into(), unit.into(), owner.into()];
    row.resize(CUSTOMER_METRIC.columns.len(), Bind::Int(0));
    row
}

#[derive(Default)]
struct HangingRows {
    phones: Vec<Vec<Bind>>,
    emails: Vec<Vec<Bind>>,
    addresses: Vec<Vec<Bind>>,
    tags: Vec<Vec<Bind>>,
    dates: Vec<Vec<Bind>>,
    custom: Vec<Vec<Bind>>,
}

impl HangingRows {
    fn push(&mut self, id: PartyId, children: PartyChildren) {
        self.phones.extend(numbered(id, 0, children.phones));
        self.emails.extend(numbered(id, 0, children.emails));
        if let Some(address) = children.address {
            self.addresses.push(address_row(id, address));
        }
        self.tags.extend(children.tags.into_iter().map(|tag| vec![tag.into(), id.into()]));
        self.dates.extend(children.dates.iter().map(|date| date_row(id, date).into()));
        self.custom.extend(children.custom.into_iter().map(|row| custom_row(AnyId(id.0), row)));
    }

    fn insert(self, db: &mut Db) -> StoreResult<()> {
        rows_insert(db, &PARTY_PHONE, self.phones)?;
        rows_insert(db, &PARTY_EMAIL, self.emails)?;
        rows_insert(db, &PARTY_ADDRESS, self.addresses)?;
        rows_insert(db, &PARTY_TAG, self.tags)?;
        rows_insert(db, &PARTY_DATE, self.dates)?;
        rows_insert(db, &CUSTOM_VALUE, self.custom)
    }
}

fn numbered(id: PartyId, from: usize, values: Vec<String>) -> impl Iterator<Item = Vec<Bind>> {
    values.into_iter().enumerate().map(move |(index, value)| {
        let position = (from + index) as i64;
        vec![id.into(), position.into(), value.into(), Bind::Null(Null::Text), (position == 0).into()]
    })
}

/// A customer's birthday as it stands.
pub fn party_birthday(db: &mut Db, id: PartyId) -> StoreResult<Option<NaiveDate>> {
    #[derive(QueryableByName)]
    #[diesel(check_for_backend(crate::MultiBackend))]
    struct Row {
        #[diesel(sql_type = Nullable<Date>)]
        birthday: Option<NaiveDate>,
    }
    let row: Option<Row> = Statement::new("SELECT birthday FROM party").with(" WHERE id = ", id).cached().first(db)?;
    Ok(row.and_then(|row| row.birthday))
}

fn address_row(id: PartyId, address: AddressFields) -> Vec<Bind> {
    vec![
        id.into(),
        0_i64.into(),
        address.country.into(),
        address.province.into(),
        address.city.into(),
        address.district.into(),
        address.street.into(),
        address.postcode.into(),
        Bind::Null(Null::Text),
        true.into(),
    ]
}

/// Sets columns from JSON values keyed by column, if the version is still `version`; false when it is not.
pub fn party_set(
    db: &mut Db,
    id: PartyId,
    version: i64,
    values: &Map<String, Value>,
    now: DateTime<Utc>,
) -> StoreResult<bool> {
    let mut statement = Statement::new("UPDATE party SET version = version + 1, updated_at = ").cached();
    statement.bind(now);
    for (column, kind) in FIELD_TYPES {
        if let Some(value) = values.get(*column) {
            statement.push(format!(", {column} = ")).bind(Bind::from_json(value, *kind));
        }
    }
    let changed = statement.with(" WHERE id = ", id).with(" AND version = ", version).run(db)?;
    if values.contains_key("owner_id") {
        metric_place(db, &[id])?;
    }
    Ok(changed == 1)
}

/// Children added behind those that are there: `standing` is what the customer has.
pub fn party_children_add(db: &mut Db, id: PartyId, standing: &PartyChildren, added: PartyChildren) -> StoreResult<()> {
    if let Some(address) = added.address {
        Statement::new("DELETE FROM party_address WHERE position = 0").cached().with(" AND party_id = ", id).run(db)?;
        rows_insert(db, &PARTY_ADDRESS, vec![address_row(id, address)])?;
    }
    rows_insert(db, &PARTY_PHONE, numbered(id, standing.phones.len(), added.phones).collect())?;
    rows_insert(db, &PARTY_EMAIL, numbered(id, standing.emails.len(), added.emails).collect())?;
    rows_insert(db, &PARTY_TAG, added.tags.into_iter().map(|tag| vec![tag.into(), id.into()]).collect())
}

/// Takes away what [`party_children_add`] added and puts the old address back.
pub fn party_children_restore(
    db: &mut Db,
    id: PartyId,
    added: &PartyChildren,
    address: Option<AddressFields>,
) -> StoreResult<()> {
    let remove = |table: &str, column: &str| {
        Statement::new(format!("DELETE FROM {table}"))
            .with(" WHERE party_id = ", id)
            .then(&format!(" AND {column} IN ("))
    };
    if !added.phones.is_empty() {
        let mut statement = remove("party_phone", "number");
        statement.bind_list(added.phones.iter()).push(")");
        statement.run(db)?;
    }
    if !added.emails.is_empty() {
        let mut statement = remove("party_email", "address");
        statement.bind_list(added.emails.iter()).push(")");
        statement.run(db)?;
    }
    if !added.tags.is_empty() {
        let mut statement = remove("party_tag", "tag_id");
        statement.bind_list(added.tags.iter().copied()).push(")");
        statement.run(db)?;
    }
    if added.address.is_some() {
        Statement::new("DELETE FROM party_address WHERE position = 0").with(" AND party_id = ", id).run(db)?;
        if let Some(address) = address {
            rows_insert(db, &PARTY_ADDRESS, vec![address_row(id, address)])?;
        }
    }
    Ok(())
}

/// Someone an import created and nobody changed since, or why they must stay.
#[derive(Debug, Clone, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct CreatedParty {
    #[diesel(sql_type = SqlId)]
    pub id: PartyId,
    #[diesel(sql_type = Text)]
    pub code: String,
    #[diesel(sql_type = Bool)]
    pub changed: bool,
    #[diesel(sql_type = Bool)]
    pub in_use: bool,
}

/// The next customers of an import behind `after`, in the order of their ids.
pub fn parties_created(db: &mut Db, import: ImportId, after: PartyId, limit: i64) -> StoreResult<Vec<CreatedParty>> {
    let mut statement = Statement::new(
        "SELECT p.id, COALESCE(p.code, '') AS code, (p.version > 1 OR p.deleted_at IS NOT NULL) AS changed, \
         (EXISTS (SELECT 1 FROM sales_order o WHERE o.party_id = p.id) \
          OR EXISTS (SELECT 1 FROM interaction i WHERE i.party_id = p.id) \
          OR EXISTS (SELECT 1 FROM party_preference f WHERE f.party_id = p.id) \
          OR EXISTS (SELECT 1 FROM party_fact f WHERE f.party_id = p.id) \
          OR EXISTS (SELECT 1 FROM consent c WHERE c.party_id = p.id) \
          OR EXISTS (SELECT 1 FROM asset a WHERE a.party_id = p.id) \
          OR EXISTS (SELECT 1 FROM wish w WHERE w.party_id = p.id) \
          OR EXISTS (SELECT 1 FROM sales_target t WHERE t.party_id = p.id) \
          OR EXISTS (SELECT 1 FROM sellout_change h WHERE h.party_id = p.id) \
          OR EXISTS (SELECT 1 FROM task_party t WHERE t.party_id = p.id) \
          OR EXISTS (SELECT 1 FROM pool_move v WHERE v.party_id = p.id) \
          OR EXISTS (SELECT 1 FROM segment_member s WHERE s.party_id = p.id) \
          OR EXISTS (SELECT 1 FROM attachment a WHERE a.subject_id = p.id) \
          OR EXISTS (SELECT 1 FROM qualification q WHERE q.party_id = p.id) \
          OR EXISTS (SELECT 1 FROM party_relation r WHERE (r.from_id = p.id OR r.to_id = p.id) AND (r.import_id IS NULL OR r.import_id <> ",
    );
    statement.bind(import).push("))) AS in_use FROM party p WHERE p.import_id = ").bind(import);
    statement.push(" AND p.id > ").bind(after);
    statement.with(" ORDER BY p.id LIMIT ", limit).rows(db)
}

/// Removes customers and all that hangs on them without a trace in their tables; their search entry is queued.
pub fn parties_erase(db: &mut Db, ids: &[PartyId]) -> StoreResult<()> {
    const HANGING: &[(&str, &str)] = &[
        ("party_phone", "party_id"),
        ("party_email", "party_id"),
        ("party_address", "party_id"),
        ("party_date", "party_id"),
        ("party_tag", "party_id"),
        ("party_relation", "from_id"),
        ("party_relation", "to_id"),
        ("custom_value", "resource_id"),
        ("customer_metric", "party_id"),
        ("duplicate_pair", "low_id"),
        ("duplicate_pair", "high_id"),
        ("party_consent", "party_id"),
        ("pool_customer", "party_id"),
        ("share", "party_id"),
        ("attachment", "subject_id"),
        ("qualification", "party_id"),
        ("party", "id"),
    ];
    for ids in ids.chunks(LOOKUP) {
        let mut papers = Statement::new(
            "DELETE FROM attachment WHERE subject_id IN (SELECT q.id FROM qualification q WHERE q.party_id IN (",
        );
        papers.bind_list(ids.iter().copied()).push("))").run(db)?;
        for (table, column) in HANGING {
            let mut statement = Statement::new(format!("DELETE FROM {table} WHERE {column} IN ("));
            statement.bind_list(ids.iter().copied()).push(")");
            statement.run(db)?;
        }
    }
    Ok(())
}

/// Customers that an import made or changed, `limit` behind `after` in order of their ids.
pub fn parties_of_import(db: &mut Db, import: ImportId, after: PartyId, limit: i64) -> StoreResult<Vec<PartyId>> {
    #[derive(QueryableByName)]
    #[diesel(check_for_backend(crate::MultiBackend))]
    struct IdRow {
        #[diesel(sql_type = SqlId)]
        id: PartyId,
    }
    let rows: Vec<IdRow> = Statement::new("SELECT id FROM party")
        .with(" WHERE import_id = ", import)
        .with(" AND id > ", after)
        .with(" ORDER BY id LIMIT ", limit)
        .rows(db)?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// Queues customers of an import for the search index, `limit` at a time behind `after`; those queued.
pub fn parties_queue_for_search(
    db: &mut Db,
    import: ImportId,
    after: PartyId,
    limit: i64,
    now: DateTime<Utc>,
) -> StoreResult<Vec<PartyId>> {
    let ids = parties_of_import(db, import, after, limit)?;
    search_pending_add(db, &ids, now)?;
    Ok(ids)
}

/// A link between two customers made by an import.
#[derive(Debug, Clone)]
pub struct NewRelation {
    pub id: RelationId,
    pub from_id: PartyId,
    pub to_id: PartyId,
    pub role: String,
    pub primary: bool,
    pub note: Option<String>,
}

pub fn relations_insert(db: &mut Db, relations: Vec<NewRelation>, by: Provenance) -> StoreResult<()> {
    let rows = relations
        .into_iter()
        .map(|relation| {
            vec![
                relation.id.into(),
                relation.from_id.into(),
                relation.to_id.into(),
                relation.role.into(),
                relation.primary.into(),
                relation.note.into(),
                by.import_id.into(),
                1_i64.into(),
                by.now.into(),
                by.now.into(),
            ]
        })
        .collect();
    rows_insert(db, &PARTY_RELATION, rows)
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct RelationHit {
    #[diesel(sql_type = SqlId)]
    pub from_id: PartyId,
    #[diesel(sql_type = SqlId)]
    pub to_id: PartyId,
    #[diesel(sql_type = Text)]
    pub role: String,
}

/// The links of these people, in whichever role.
pub fn relations_of(db: &mut Db, from: &[PartyId]) -> StoreResult<Vec<RelationHit>> {
    let mut hits = Vec::new();
    for from in from.chunks(LOOKUP) {
        let mut statement = Statement::new("SELECT from_id, to_id, role FROM party_relation WHERE from_id IN (");
        statement.bind_list(from.iter().copied()).push(")");
        hits.extend(statement.rows(db)?);
    }
    Ok(hits)
}

/// Removes the links an import made and nobody changed since.
pub fn relations_erase(db: &mut Db, import: ImportId) -> StoreResult<usize> {
    Statement::new("DELETE FROM party_relation").with(" WHERE import_id = ", import).then(" AND version = 1").run(db)
}
