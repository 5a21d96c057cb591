//! Refusals as `application/problem+json` (RFC 9457). Handlers return [`Refusal`]; the layer writes the words.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, ResponseError};
use regulars_app::AppError;
use regulars_app::messages::{field_message, title};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What went wrong, for programs (`code`) and for people (`title`, `detail`).
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Problem {
    /// A stable address of the kind of problem.
    #[serde(rename = "type")]
    #[schema(example = "/api/docs#problem-not_found")]
    pub kind: String,
    #[schema(example = "Not found")]
    pub title: String,
    #[schema(example = 404)]
    pub status: u16,
    pub detail: Option<String>,
    /// The path that was asked for.
    #[schema(example = "/api/v1/customers/0199")]
    pub instance: String,
    #[schema(example = "not_found")]
    pub code: String,
    /// Name it when you ask for help.
    pub request_id: String,
    /// Everything wrong with the input; with 412, where several things are saved at once, those that were changed meanwhile.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<ProblemField>,
    /// With 412: the version that stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub current_version: Option<i64>,
    /// With 410 and `merged`: the record that took its place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merged_into: Option<uuid::Uuid>,
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct ProblemField {
    /// JSON pointer into the body, or the parameter's name.
    #[schema(example = "/name")]
    pub pointer: String,
    #[schema(example = "required")]
    pub code: String,
    #[schema(example = "This is required")]
    pub detail: String,
}

/// An error on its way out of a handler.
#[derive(Debug, Clone)]
pub struct Refusal(pub AppError);

impl From<AppError> for Refusal {
    fn from(error: AppError) -> Self {
        Self(error)
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl ResponseError for Refusal {
    fn status_code(&self) -> StatusCode {
        status(&self.0)
    }

    /// Carries the error to the layer, which knows the language and the request id.
    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::new(self.status_code());
        response.extensions_mut().insert(self.clone());
        response
    }
}

pub fn status(error: &AppError) -> StatusCode {
    match error {
        AppError::Unauthenticated(_) => StatusCode::UNAUTHORIZED,
        AppError::Forbidden(_) => StatusCode::FORBIDDEN,
        AppError::NotFound | AppError::Absent(_) => StatusCode::NOT_FOUND,
        AppError::Validation(_) | AppError::IdempotencyReuse => StatusCode::UNPROCESSABLE_ENTITY,
        AppError::Conflict(_) => StatusCode::CONFLICT,
        AppError::Stale { .. } | AppError::Contested { .. } => StatusCode::PRECONDITION_FAILED,
        AppError::PreconditionRequired => StatusCode::PRECONDITION_REQUIRED,
        AppError::Gone(_) | AppError::Merged(_) => StatusCode::GONE,
        AppError::Malformed(_) => StatusCode::BAD_REQUEST,
        AppError::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
        AppError::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        AppError::RateLimited { .. } => StatusCode::TOO_MANY_REQUESTS,
        AppError::Busy | AppError::Serialization => StatusCode::SERVICE_UNAVAILABLE,
        AppError::StorageFull => StatusCode::INSUFFICIENT_STORAGE,
        AppError::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// The stable code of a refusal.
pub fn code(error: &AppError) -> &str {
    match error {
        AppError::Unauthenticated(code) | AppError::Conflict(code) | AppError::Gone(code) | AppError::Absent(code) => {
            code
        }
        AppError::Merged(_) => "merged",
        AppError::Forbidden(_) => "forbidden",
        AppError::NotFound => "not_found",
        AppError::Validation(_) => "validation_failed",
        AppError::Stale { .. } | AppError::Contested { .. } => "precondition_failed",
        AppError::PreconditionRequired => "precondition_required",
        AppError::IdempotencyReuse => "idempotency_key_reuse",
        AppError::Malformed(_) => "malformed",
        AppError::TooLarge { .. } => "payload_too_large",
        AppError::UnsupportedMediaType => "unsupported_media_type",
        AppError::RateLimited { .. } => "rate_limited",
        AppError::Busy | AppError::Serialization => "busy",
        AppError::StorageFull => "storage_full",
        AppError::Internal(_) => "internal",
    }
}

/// The problem in the caller's language.
pub fn problem(error: &AppError, locale: &str, instance: &str, request_id: &str) -> Problem {
    let code = code(error).to_string();
    let detail = match error {
        AppError::Forbidden(permission) => Some(permission.clone()),
        AppError::Malformed(text) => Some(text.clone()),
        AppError::TooLarge { limit } => Some(format!("≤ {limit} B")),
        _ => None,
    };
    let errors = match error {
        AppError::Validation(errors) | AppError::Contested { errors, .. } => errors
            .iter()
            .map(|field| ProblemField {
                pointer: field.pointer.clone(),
                code: field.code.clone(),
                detail: field_message(&field.code, &field.params, locale),
            })
            .collect(),
        _ => Vec::new(),
    };
    Problem {
        kind: format!("/api/docs#problem-{code}"),
        title: title(&code, locale),
        status: status(error).as_u16(),
        detail,
        instance: instance.into(),
        code,
        request_id: request_id.into(),
        errors,
        current_version: match error {
            AppError::Stale { current } | AppError::Contested { current, .. } => Some(*current),
            _ => None,
        },
        merged_into: match error {
            AppError::Merged(into) => Some(*into),
            _ => None,
        },
    }
}
