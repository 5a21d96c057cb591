//! When a custom field is required because of what stands in another field of the same record.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// How a condition names a custom field.
pub const CUSTOM: &str = "custom.";

/// Required when the field has one of the values, or any value at all where none is named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RequiredIf {
    pub field: String,
    #[serde(default)]
    pub values: Vec<String>,
}

impl RequiredIf {
    /// Whether a record, as it is written, makes the field required.
    pub fn applies(&self, record: &Value) -> bool {
        let standing = match self.field.strip_prefix(CUSTOM) {
            Some(key) => &record["custom"][key],
            None => &record[self.field.as_str()],
        };
        let words: Vec<String> = match standing {
            Value::Array(list) => list.iter().filter_map(word).collect(),
            one => word(one).into_iter().collect(),
        };
        if self.values.is_empty() { !words.is_empty() } else { words.iter().any(|word| self.values.contains(word)) }
    }
}

/// A value as it is chosen; blank is none.
fn word(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Value::Bool(yes) => Some(yes.to_string()),
        Value::Number(number) => Some(number.to_string()),
        Value::Object(_) => Some(value.to_string()),
        Value::Null | Value::Array(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_rule_as_a_table() {
        let record = json!({"status": "customer", "level": null, "internal": true, "note": " ",
            "custom": {"brewing": "drip", "likes": ["tea", "cake"], "none": []}});
        for (field, values, required) in [
            ("status", vec!["customer"], true),
            ("status", vec!["lead", "customer"], true),
            ("status", vec!["lead"], false),
            ("level", vec!["vip"], false),
            ("level", vec![], false),
            ("note", vec![], false),
            ("internal", vec!["true"], true),
            ("internal", vec!["false"], false),
            ("custom.brewing", vec!["drip"], true),
            ("custom.brewing", vec![], true),
            ("custom.brewing", vec!["siphon"], false),
            ("custom.likes", vec!["cake"], true),
            ("custom.likes", vec!["beer"], false),
            ("custom.none", vec![], false),
            ("custom.unknown", vec![], false),
        ] {
            let rule = RequiredIf { field: field.into(), values: values.iter().map(|value| (*value).into()).collect() };
            assert_eq!(rule.applies(&record), required, "{field} {values:?}");
        }
    }
}
