//! SQL types of our own, once: ids, instants, JSON, and how the domain's types read and write them on both databases.
//!
//! | type | PostgreSQL | SQLite |
//! |---|---|---|
//! | [`SqlId`] | `uuid` | 16-byte blob |
//! | [`SqlInstant`] | `timestamptz` | microseconds since 1970 UTC |
//! | [`SqlJson`] | `jsonb` | text |

use chrono::{DateTime, Utc};
use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql, Queryable};
use diesel::pg::{Pg, PgValue};
use diesel::query_builder::QueryId;
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types::{HasSqlType, SqlType};
use diesel::sqlite::{Sqlite, SqliteValue};
use regulars_domain::ids::*;
use serde_json::Value;

use crate::db::MultiBackend;
use crate::sql::{Bind, Null};

#[derive(Debug, Clone, Copy, Default, SqlType, QueryId)]
#[diesel(postgres_type(oid = 2950, array_oid = 2951))]
#[diesel(sqlite_type(name = "Binary"))]
pub struct SqlId;

#[derive(Debug, Clone, Copy, Default, SqlType, QueryId)]
#[diesel(postgres_type(oid = 1184, array_oid = 1185))]
#[diesel(sqlite_type(name = "Long"))]
pub struct SqlInstant;

#[derive(Debug, Clone, Copy, Default, SqlType, QueryId)]
#[diesel(postgres_type(oid = 3802, array_oid = 3807))]
#[diesel(sqlite_type(name = "Text"))]
pub struct SqlJson;

macro_rules! on_both {
    ($sql:ty; $($rust:ty),+) => {
        impl HasSqlType<$sql> for MultiBackend {
            fn metadata(lookup: &mut Self::MetadataLookup) -> Self::TypeMetadata {
                Self::lookup_sql_type::<$sql>(lookup)
            }
        }
        $(
            impl FromSql<$sql, MultiBackend> for $rust {
                fn from_sql(bytes: <MultiBackend as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
                    bytes.from_sql::<Self, $sql>()
                }
            }
            impl ToSql<$sql, MultiBackend> for $rust {
                fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, MultiBackend>) -> serialize::Result {
                    out.set_value((<$sql>::default(), self));
                    Ok(IsNull::No)
                }
            }
        )+
    };
}

macro_rules! id_columns {
    ($($id:ident),+ $(,)?) => {
        on_both!(SqlId; $($id),+);
        $(
            impl Queryable<SqlId, MultiBackend> for $id {
                type Row = Self;
                fn build(row: Self) -> deserialize::Result<Self> {
                    Ok(row)
                }
            }
            impl From<$id> for Bind {
                fn from(id: $id) -> Self {
                    Bind::Id(AnyId(id.0))
                }
            }
            impl From<Option<$id>> for Bind {
                fn from(id: Option<$id>) -> Self {
                    id.map_or(Bind::Null(Null::Id), Bind::from)
                }
            }
            impl ToSql<SqlId, Pg> for $id {
                fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
                    <uuid::Uuid as ToSql<diesel::sql_types::Uuid, Pg>>::to_sql(&self.0, &mut out.reborrow())
                }
            }
            impl ToSql<SqlId, Sqlite> for $id {
                fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
                    out.set_value(&self.0.as_bytes()[..]);
                    Ok(IsNull::No)
                }
            }
            impl FromSql<SqlId, Pg> for $id {
                fn from_sql(bytes: PgValue<'_>) -> deserialize::Result<Self> {
                    <uuid::Uuid as FromSql<diesel::sql_types::Uuid, Pg>>::from_sql(bytes).map(Self)
                }
            }
            impl FromSql<SqlId, Sqlite> for $id {
                fn from_sql(bytes: SqliteValue<'_, '_, '_>) -> deserialize::Result<Self> {
                    let bytes = <Vec<u8> as FromSql<diesel::sql_types::Binary, Sqlite>>::from_sql(bytes)?;
                    Ok(Self(uuid::Uuid::from_slice(&bytes)?))
                }
            }
        )+
    };
}

id_columns!(
    CompanyId,
    UnitId,
    DepartmentId,
    UserId,
    RoleId,
    SessionId,
    ApiKeyId,
    EventId,
    JobId,
    DictionaryEntryId,
    ViewId,
    DashboardId,
    ClusteringId,
    PartyId,
    PreferenceId,
    FactId,
    KeyAccountId,
    TrainingId,
    DealerId,
    CostId,
    RelationId,
    TagId,
    CustomFieldId,
    InteractionId,
    BrandId,
    CategoryId,
    ProductId,
    OrderId,
    PaymentId,
    ReturnId,
    OrderDeliveryId,
    BillId,
    SegmentId,
    ImportId,
    ImportMappingId,
    EvaluationId,
    DuplicateId,
    MergeId,
    ShareId,
    AccountRequestId,
    AttachmentId,
    ConsentId,
    SuppressionId,
    AssetId,
    WishId,
    QuoteId,
    TaskId,
    TaskPartyId,
    TargetId,
    SelloutSheetId,
    SelloutCellId,
    SelloutChangeId,
    QualificationId,
    QualificationTemplateId,
    LifetimeModelId,
    ClassChangeId,
    WarningId,
    PipelineId,
    StageId,
    OpportunityId,
    LeadFormId,
    NextActionOutcomeId,
    WebhookId,
    DeliveryId,
    NoticeId,
    PoolId,
    PoolMoveId,
    JourneyId,
    JourneyRunId,
    StationId,
    TravelId,
    AnyId,
);

/// An id whose kind is told by another column (`event.resource`, `custom_value`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AnyId(pub uuid::Uuid);

on_both!(SqlInstant; DateTime<Utc>);

impl ToSql<SqlInstant, Pg> for DateTime<Utc> {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        <Self as ToSql<diesel::sql_types::Timestamptz, Pg>>::to_sql(self, out)
    }
}
impl FromSql<SqlInstant, Pg> for DateTime<Utc> {
    fn from_sql(bytes: PgValue<'_>) -> deserialize::Result<Self> {
        <Self as FromSql<diesel::sql_types::Timestamptz, Pg>>::from_sql(bytes)
    }
}
impl ToSql<SqlInstant, Sqlite> for DateTime<Utc> {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.timestamp_micros());
        Ok(IsNull::No)
    }
}
impl FromSql<SqlInstant, Sqlite> for DateTime<Utc> {
    fn from_sql(bytes: SqliteValue<'_, '_, '_>) -> deserialize::Result<Self> {
        let micros = <i64 as FromSql<diesel::sql_types::BigInt, Sqlite>>::from_sql(bytes)?;
        DateTime::from_timestamp_micros(micros).ok_or_else(|| "instant out of range".into())
    }
}

on_both!(SqlJson; Value);

impl ToSql<SqlJson, Pg> for Value {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        <Value as ToSql<diesel::sql_types::Jsonb, Pg>>::to_sql(self, out)
    }
}
impl FromSql<SqlJson, Pg> for Value {
    fn from_sql(bytes: PgValue<'_>) -> deserialize::Result<Self> {
        <Value as FromSql<diesel::sql_types::Jsonb, Pg>>::from_sql(bytes)
    }
}
impl ToSql<SqlJson, Sqlite> for Value {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(serde_json::to_string(self)?);
        Ok(IsNull::No)
    }
}
impl FromSql<SqlJson, Sqlite> for Value {
    fn from_sql(bytes: SqliteValue<'_, '_, '_>) -> deserialize::Result<Self> {
        let text = <String as FromSql<diesel::sql_types::Text, Sqlite>>::from_sql(bytes)?;
        Ok(serde_json::from_str(&text)?)
    }
}
