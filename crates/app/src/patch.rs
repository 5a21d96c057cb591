//! How every PATCH becomes a new value: the writable form is merged with the patch and read again, so that a patch
//! meets the same checks as a creation.

use regulars_domain::error::FieldError;
use regulars_domain::merge_patch::merge;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::{AppError, AppResult};

/// The writable form of a record after the merge-patch (RFC 7396).
pub fn patched<T: Serialize + DeserializeOwned>(current: &T, patch: &Value) -> AppResult<T> {
    if !patch.is_object() {
        return Err(AppError::invalid("", "object_expected"));
    }
    let mut value = serde_json::to_value(current).map_err(AppError::internal)?;
    merge(&mut value, patch);
    read(value)
}

/// Whether two writable forms say the same: what is saved as it was is no change, keeps its version and is not told of.
pub fn same<T: Serialize>(before: &T, after: &T) -> AppResult<bool> {
    let value = |form: &T| serde_json::to_value(form).map_err(AppError::internal);
    Ok(value(before)? == value(after)?)
}

/// Reads a JSON value into a typed input; what does not fit is a validation error.
pub fn read<T: DeserializeOwned>(value: Value) -> AppResult<T> {
    serde_json::from_value(value)
        .map_err(|error| AppError::Validation(vec![FieldError::new("", "wrong_shape").with(error)]))
}
