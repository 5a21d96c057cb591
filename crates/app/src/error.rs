//! Why a use case refused. The web layer maps each to one problem; the words are chosen there.

use regulars_domain::error::FieldError;
use regulars_persistence::{ConstraintId, Retryable, StoreError};

pub type AppResult<T> = Result<T, AppError>;

#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum AppError {
    #[error("not signed in: {0}")]
    Unauthenticated(&'static str),
    #[error("not permitted: {0}")]
    Forbidden(String),
    /// Absent, or out of the caller's sight: the two are one answer.
    #[error("not found")]
    NotFound,
    /// Not there in this installation; the code says what.
    #[error("absent: {0}")]
    Absent(&'static str),
    #[error("validation failed")]
    Validation(Vec<FieldError>),
    /// A rule of the record's state or of uniqueness; the code says which.
    #[error("conflict: {0}")]
    Conflict(&'static str),
    /// The record has changed since the caller read it.
    #[error("stale version, now {current}")]
    Stale { current: i64 },
    /// The same, and these parts of what was sent differ from what stands.
    #[error("stale version, now {current}, in {} places", errors.len())]
    Contested { current: i64, errors: Vec<FieldError> },
    #[error("If-Match is required")]
    PreconditionRequired,
    #[error("the idempotency key was used with another body")]
    IdempotencyReuse,
    #[error("gone: {0}")]
    Gone(&'static str),
    /// The record was merged into another, which the caller may see.
    #[error("merged into {0}")]
    Merged(uuid::Uuid),
    #[error("malformed: {0}")]
    Malformed(String),
    #[error("too large")]
    TooLarge { limit: u64 },
    #[error("unsupported media type")]
    UnsupportedMediaType,
    #[error("too many attempts")]
    RateLimited { retry_after_seconds: u64 },
    #[error("busy")]
    Busy,
    #[error("storage is full")]
    StorageFull,
    /// A fault of ours; the text is for the log, never for the caller.
    #[error("internal: {0}")]
    Internal(String),
    #[error("serialization failure")]
    Serialization,
}

impl AppError {
    pub fn invalid(pointer: &str, code: &str) -> Self {
        AppError::Validation(vec![FieldError::new(pointer, code)])
    }

    pub fn internal(error: impl std::fmt::Display) -> Self {
        AppError::Internal(error.to_string())
    }
}

impl From<Vec<FieldError>> for AppError {
    fn from(errors: Vec<FieldError>) -> Self {
        AppError::Validation(errors)
    }
}

/// Not a blanket conversion of meaning: a caller that can say what a conflict is about maps it first.
impl From<StoreError> for AppError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotFound => AppError::NotFound,
            StoreError::Conflict(constraint) => AppError::Conflict(conflict_code(constraint)),
            StoreError::Serialization => AppError::Serialization,
            StoreError::Busy(_) => AppError::Busy,
            StoreError::Full => AppError::StorageFull,
            StoreError::Internal(text) => AppError::Internal(text),
        }
    }
}

fn conflict_code(constraint: ConstraintId) -> &'static str {
    match constraint {
        ConstraintId::UnitCode
        | ConstraintId::PartyCode
        | ConstraintId::ProductCode
        | ConstraintId::OrderCode
        | ConstraintId::QuoteCode
        | ConstraintId::BillCode => "code_taken",
        ConstraintId::UserLogin => "login_taken",
        ConstraintId::RoleName | ConstraintId::TagName | ConstraintId::BrandName | ConstraintId::ImportMappingName => {
            "name_taken"
        }
        ConstraintId::DictionaryEntry | ConstraintId::CustomFieldKey => "key_taken",
        ConstraintId::AssetSerial => "serial_taken",
        ConstraintId::KeyAccount => "key_account_exists",
        ConstraintId::Dealer => "dealer_exists",
        ConstraintId::CustomValue => "value_taken",
        ConstraintId::JobDedupe => "already_running",
        ConstraintId::ForeignKey => "in_use",
        ConstraintId::ApiKeyPrefix | ConstraintId::IdempotencyKey | ConstraintId::Other => "conflict",
    }
}

impl Retryable for AppError {
    fn retryable(&self) -> bool {
        matches!(self, AppError::Serialization)
    }

    fn may_be_loss(&self) -> bool {
        matches!(self, AppError::Busy | AppError::Internal(_))
    }
}
