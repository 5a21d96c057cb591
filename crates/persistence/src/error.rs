//! What can go wrong in the store, the same on both databases.

use diesel::result::{DatabaseErrorKind, Error};

use crate::db::Retryable;

pub type StoreResult<T> = Result<T, StoreError>;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    #[error("no such record")]
    NotFound,
    #[error("conflict: {0:?}")]
    Conflict(ConstraintId),
    /// Another transaction won; running this one again may succeed.
    #[error("serialization failure")]
    Serialization,
    #[error("busy: {0}")]
    Busy(String),
    #[error("storage is full")]
    Full,
    #[error("{0}")]
    Internal(String),
}

/// Unique and foreign keys whose violation means something to a caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConstraintId {
    UnitCode,
    UserLogin,
    RoleName,
    ApiKeyPrefix,
    IdempotencyKey,
    JobDedupe,
    DictionaryEntry,
    PartyCode,
    TagName,
    CustomFieldKey,
    CustomValue,
    BrandName,
    ProductCode,
    OrderCode,
    QuoteCode,
    BillCode,
    AssetSerial,
    KeyAccount,
    Dealer,
    ImportMappingName,
    ForeignKey,
    Other,
}

/// PostgreSQL names the constraint, SQLite the columns: one table for both.
const CONSTRAINTS: &[(ConstraintId, &str, &str)] = &[
    (ConstraintId::UnitCode, "unit_code_key", "unit.code"),
    (ConstraintId::UserLogin, "app_user_login_key", "app_user.login"),
    (ConstraintId::RoleName, "role_name_key", "role.name"),
    (ConstraintId::ApiKeyPrefix, "api_key_prefix_key", "api_key.prefix"),
    (
        ConstraintId::IdempotencyKey,
        "idempotency_key_pkey",
        "idempotency_key.principal, idempotency_key.path, idempotency_key.key",
    ),
    (ConstraintId::JobDedupe, "job_dedupe_key", "job.dedupe_key"),
    (ConstraintId::DictionaryEntry, "dictionary_entry_key", "dictionary_entry.dictionary, dictionary_entry.key"),
    (ConstraintId::PartyCode, "party_code_key", "party.unit_id, party.code"),
    (ConstraintId::TagName, "tag_name_key", "tag.unit_id, tag.name"),
    (ConstraintId::CustomFieldKey, "custom_field_key", "custom_field.resource, custom_field.key"),
    (ConstraintId::CustomValue, "custom_value_unique_key", "custom_value.unique_key"),
    (ConstraintId::BrandName, "brand_name_key", "brand.name"),
    (ConstraintId::ProductCode, "product_code_key", "product.code"),
    (ConstraintId::AssetSerial, "asset_serial_key", "asset.unit_id, asset.serial_key"),
    (ConstraintId::Dealer, "dealer_party_key", "dealer.party_id"),
    (ConstraintId::KeyAccount, "key_account_party_key", "key_account.party_id"),
    (ConstraintId::OrderCode, "sales_order_code_key", "sales_order.unit_id, sales_order.code"),
    (ConstraintId::BillCode, "bill_code_key", "bill.unit_id, bill.code"),
    (ConstraintId::QuoteCode, "quote_code_key", "quote.unit_id, quote.code, quote.revision"),
    (
        ConstraintId::ImportMappingName,
        "import_mapping_name_key",
        "import_mapping.unit_id, import_mapping.resource, import_mapping.name",
    ),
];

impl ConstraintId {
    fn named(constraint: Option<&str>, message: &str) -> Self {
        let columns = message.strip_prefix("UNIQUE constraint failed: ").unwrap_or(message);
        CONSTRAINTS
            .iter()
            .find(|(_, name, sqlite)| constraint == Some(*name) || columns == *sqlite)
            .map_or(ConstraintId::Other, |(id, _, _)| *id)
    }
}

impl StoreError {
    pub fn connect(error: diesel::ConnectionError) -> Self {
        StoreError::Busy(error.to_string())
    }
}

impl From<Error> for StoreError {
    fn from(error: Error) -> Self {
        match error {
            Error::NotFound => StoreError::NotFound,
            Error::DatabaseError(DatabaseErrorKind::UniqueViolation, info) => {
                StoreError::Conflict(ConstraintId::named(info.constraint_name(), info.message()))
            }
            Error::DatabaseError(DatabaseErrorKind::ForeignKeyViolation, _) => {
                StoreError::Conflict(ConstraintId::ForeignKey)
            }
            Error::DatabaseError(DatabaseErrorKind::SerializationFailure, _) => StoreError::Serialization,
            Error::DatabaseError(DatabaseErrorKind::ClosedConnection, info) => {
                StoreError::Busy(info.message().to_string())
            }
            Error::DatabaseError(_, info) => from_message(info.message()),
            Error::BrokenTransactionManager => StoreError::Busy("connection lost".into()),
            other => StoreError::Internal(other.to_string()),
        }
    }
}

fn from_message(message: &str) -> StoreError {
    let has = |part: &str| message.contains(part);
    if has("deadlock detected") || has("could not serialize access") {
        StoreError::Serialization
    } else if has("disk is full") || has("No space left") || has("disk I/O error") {
        StoreError::Full
    } else if has("database is locked")
        || has("lock timeout")
        || has("statement timeout")
        || has("terminating connection")
        || has("server closed the connection")
        || has("starting up")
        || has("shutting down")
    {
        StoreError::Busy(message.to_string())
    } else {
        StoreError::Internal(message.to_string())
    }
}

impl Retryable for StoreError {
    fn retryable(&self) -> bool {
        matches!(self, StoreError::Serialization)
    }

    fn may_be_loss(&self) -> bool {
        matches!(self, StoreError::Busy(_) | StoreError::Internal(_))
    }
}
