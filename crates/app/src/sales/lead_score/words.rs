//! The words of attributes and of their values, in the caller's language.

use std::collections::HashMap;

use regulars_domain::ids::UnitId;
use regulars_persistence::Db;
use regulars_persistence::customers::custom::custom_definitions;
use regulars_persistence::platform::dictionary::entry_list;
use regulars_persistence::sales::lead_form::form_list;
use regulars_persistence::sales::pipeline::pipeline_list;
use serde_json::Value;

use super::facts::CUSTOM;
use crate::sales::opportunity::RESOURCE;
use crate::{AppResult, Cx};

/// Key, Chinese, English.
const NAMES: [(&str, &str, &str); 11] = [
    ("source", "来源", "Source"),
    ("form", "线索表单", "Lead form"),
    ("pipeline", "销售管道", "Pipeline"),
    ("customer", "客户资料", "Customer"),
    ("customer_kind", "客户类型", "Kind of customer"),
    ("returning", "买过的客户", "Bought before"),
    ("industry", "行业", "Industry"),
    ("province", "省份", "Province"),
    ("city", "城市", "City"),
    ("amount", "最初的金额", "Amount at the beginning"),
    ("contacts", "首日联系人数", "Contacts on the first day"),
];
const VALUES: [(&str, &str, &str, &str); 4] = [
    ("customer_kind", "person", "个人", "Person"),
    ("customer_kind", "organization", "组织", "Organisation"),
    ("returning", "yes", "是", "Yes"),
    ("returning", "no", "否", "No"),
];

/// What attributes and values are called.
pub struct Words {
    names: HashMap<String, String>,
    /// Of each attribute with a list of values: key and word, in order.
    values: HashMap<String, Vec<(String, String)>>,
    /// The same for finding one.
    found: HashMap<String, HashMap<String, String>>,
}

impl Words {
    /// `unit` narrows forms and pipelines to those of one unit.
    pub fn read(cx: &Cx, db: &mut Db, unit: Option<UnitId>) -> AppResult<Self> {
        let english = cx.request.locale == "en";
        let said = |zh: &str, en: &str| if english { en.to_string() } else { zh.to_string() };
        let mut names: HashMap<String, String> =
            NAMES.iter().map(|(key, zh, en)| ((*key).to_string(), said(zh, en))).collect();
        let mut values: HashMap<String, Vec<(String, String)>> = HashMap::new();
        for (attribute, key, zh, en) in VALUES {
            values.entry(attribute.into()).or_default().push((key.into(), said(zh, en)));
        }
        for dictionary in ["source", "industry"] {
            let entries = entry_list(db, dictionary)?;
            let words = entries.into_iter().map(|row| (row.key, if english { row.label_en } else { row.label_zh }));
            values.insert(dictionary.into(), words.collect());
        }
        let forms = form_list(db, unit)?.into_iter().map(|row| (row.id.to_string(), row.name));
        values.insert("form".into(), forms.collect());
        let pipelines = pipeline_list(db, unit)?.into_iter().map(|row| (row.id.to_string(), row.name));
        values.insert("pipeline".into(), pipelines.collect());
        for field in custom_definitions(db, RESOURCE)? {
            let key = format!("{CUSTOM}{}", field.key);
            let words = match field.field_type.as_str() {
                "bool" => vec![("yes".into(), said("是", "Yes")), ("no".into(), said("否", "No"))],
                "choice" => choices(&field.choices, english),
                _ => Vec::new(),
            };
            values.insert(key.clone(), words);
            names.insert(key, if english { field.label_en } else { field.label_zh });
        }
        let found = values.iter().map(|(key, words)| (key.clone(), words.iter().cloned().collect())).collect();
        Ok(Self { names, values, found })
    }

    pub fn name(&self, attribute: &str) -> String {
        self.names.get(attribute).cloned().unwrap_or_else(|| attribute.to_string())
    }

    /// A value by what it is called, else as it is.
    pub fn value(&self, attribute: &str, value: &str) -> String {
        self.found.get(attribute).and_then(|words| words.get(value)).cloned().unwrap_or_else(|| value.to_string())
    }

    /// The values there are to choose from; none where any text may stand.
    pub fn values(&self, attribute: &str) -> Vec<(String, String)> {
        self.values.get(attribute).cloned().unwrap_or_default()
    }
}

fn choices(choices: &Value, english: bool) -> Vec<(String, String)> {
    let text = |choice: &Value, name: &str| choice[name].as_str().map(String::from);
    let label = if english { "label_en" } else { "label_zh" };
    let each = choices.as_array().map(Vec::as_slice).unwrap_or_default().iter();
    each.filter_map(|choice| text(choice, "key").map(|key| (key.clone(), text(choice, label).unwrap_or(key)))).collect()
}
