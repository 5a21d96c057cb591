//! The one condition language: list filters, segments and rules are trees of it.
//!
//! [`Condition`] is what travels as JSON; [`check`] turns it into a typed [`Test`] tree for one catalogue of fields;
//! persistence compiles that tree to SQL and [`holds`] judges it in memory. Both are two-valued: a test of a
//! missing value is false, except `ne`, `none_of` and `is_null`, and `not` is the plain complement.

use chrono::{DateTime, Days, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use uuid::Uuid;

use crate::error::FieldError;
use crate::money::{decimals, parse_decimal};

/// Deepest nesting and most leaves of one condition.
pub const MAX_DEPTH: usize = 10;
pub const MAX_LEAVES: usize = 200;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged, deny_unknown_fields)]
pub enum Condition {
    All { all: Vec<Condition> },
    Any { any: Vec<Condition> },
    Not { not: Box<Condition> },
    Leaf(Leaf),
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Leaf {
    pub field: String,
    pub op: String,
    #[serde(default)]
    pub value: Json,
}

impl Condition {
    pub fn leaf(field: &str, op: &str, value: impl Into<Json>) -> Self {
        Condition::Leaf(Leaf { field: field.into(), op: op.into(), value: value.into() })
    }

    pub fn all(parts: Vec<Condition>) -> Self {
        Condition::All { all: parts }
    }

    /// Whether a test in it is about a field that meets this.
    pub fn names(&self, meets: &dyn Fn(&str) -> bool) -> bool {
        match self {
            Condition::All { all: parts } | Condition::Any { any: parts } => parts.iter().any(|part| part.names(meets)),
            Condition::Not { not } => not.names(meets),
            Condition::Leaf(leaf) => meets(&leaf.field),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldType {
    Text,
    /// A fractional number without currency.
    Number,
    /// A whole number.
    Integer,
    /// Minor units of the company's currency; written as a decimal.
    Money,
    Date,
    Instant,
    Bool,
    /// A key of a dictionary or a fixed list.
    Choice,
    /// An id of another record.
    Ref,
    /// A set of ids or keys.
    Set,
    /// Products bought, with an optional period.
    Purchase,
}

impl FieldType {
    pub const ALL: [Self; 11] = [
        Self::Text,
        Self::Number,
        Self::Integer,
        Self::Money,
        Self::Date,
        Self::Instant,
        Self::Bool,
        Self::Choice,
        Self::Ref,
        Self::Set,
        Self::Purchase,
    ];

    /// The operators a field of this type understands.
    pub fn operators(self) -> &'static [&'static str] {
        match self {
            FieldType::Text => &["eq", "ne", "in", "contains", "starts_with", "is_null"],
            FieldType::Number | FieldType::Integer | FieldType::Money => {
                &["eq", "ne", "lt", "lte", "gt", "gte", "between", "is_null"]
            }
            FieldType::Date | FieldType::Instant => &[
                "eq",
                "ne",
                "lt",
                "lte",
                "gt",
                "gte",
                "between",
                "is_null",
                "within_days_ago",
                "more_than_days_ago",
                "in_next_days",
            ],
            FieldType::Bool => &["eq"],
            FieldType::Choice | FieldType::Ref => &["eq", "ne", "in", "is_null"],
            FieldType::Set => &["any_of", "all_of", "none_of", "is_null"],
            FieldType::Purchase => &["bought", "not_bought"],
        }
    }
}

/// A value of a field, typed.
#[derive(Debug, Clone, PartialEq, PartialOrd)]
pub enum Literal {
    Text(String),
    Integer(i64),
    Number(f64),
    Date(NaiveDate),
    Instant(DateTime<Utc>),
    Bool(bool),
    Id(Uuid),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    Lt,
    Lte,
    Gt,
    Gte,
}

/// A checked condition.
#[derive(Debug, Clone, PartialEq)]
pub enum Test {
    All(Vec<Test>),
    Any(Vec<Test>),
    Not(Box<Test>),
    Equal { field: String, value: Literal },
    NotEqual { field: String, value: Literal },
    OneOf { field: String, values: Vec<Literal> },
    Compare { field: String, comparison: Comparison, value: Literal },
    Contains { field: String, text: String },
    StartsWith { field: String, text: String },
    IsNull { field: String, null: bool },
    AnyOf { field: String, values: Vec<Literal> },
    AllOf { field: String, values: Vec<Literal> },
    Bought { field: String, ids: Vec<Uuid>, since: Option<NaiveDate>, bought: bool },
}

/// What checking needs to know: the type of each field, the business day, the currency.
pub struct Catalogue<'a> {
    pub field_type: &'a dyn Fn(&str) -> Option<FieldType>,
    /// Whether a `Ref`/`Set` field holds ids (else keys).
    pub holds_ids: &'a dyn Fn(&str) -> bool,
    pub today: NaiveDate,
    pub currency: &'a str,
}

/// Checks fields, operators and values against the catalogue. Errors point into the condition.
pub fn check(condition: &Condition, catalogue: &Catalogue<'_>) -> Result<Test, Vec<FieldError>> {
    let mut leaves = 0;
    check_at(condition, catalogue, "/filter", 0, &mut leaves).map_err(|e| vec![e])
}

fn check_at(
    condition: &Condition,
    catalogue: &Catalogue<'_>,
    at: &str,
    depth: usize,
    leaves: &mut usize,
) -> Result<Test, FieldError> {
    if depth > MAX_DEPTH {
        return Err(FieldError::new(at, "condition_too_deep").with(MAX_DEPTH));
    }
    let mut several = |parts: &[Condition], name: &str| {
        let mut tests = Vec::with_capacity(parts.len());
        for (index, part) in parts.iter().enumerate() {
            tests.push(check_at(part, catalogue, &format!("{at}/{name}/{index}"), depth + 1, leaves)?);
        }
        Ok(tests)
    };
    match condition {
        Condition::All { all } => Ok(Test::All(several(all, "all")?)),
        Condition::Any { any } => Ok(Test::Any(several(any, "any")?)),
        Condition::Not { not } => {
            Ok(Test::Not(Box::new(check_at(not, catalogue, &format!("{at}/not"), depth + 1, leaves)?)))
        }
        Condition::Leaf(leaf) => {
            *leaves += 1;
            if *leaves > MAX_LEAVES {
                return Err(FieldError::new(at, "condition_too_long").with(MAX_LEAVES));
            }
            check_leaf(leaf, catalogue, at)
        }
    }
}

fn check_leaf(leaf: &Leaf, catalogue: &Catalogue<'_>, at: &str) -> Result<Test, FieldError> {
    let Some(kind) = (catalogue.field_type)(&leaf.field) else {
        return Err(FieldError::new(format!("{at}/field"), "unknown_field").with(&leaf.field));
    };
    if !kind.operators().contains(&leaf.op.as_str()) {
        return Err(FieldError::new(format!("{at}/op"), "not_allowed").with(kind.operators().join(", ")));
    }
    let field = leaf.field.clone();
    let at_value = format!("{at}/value");
    let bad = || FieldError::new(&at_value, "wrong_type").with(type_name(kind));
    let one = |value: &Json| literal(kind, &field, value, catalogue).ok_or_else(bad);
    let many = |value: &Json| -> Result<Vec<Literal>, FieldError> {
        let list = value.as_array().ok_or_else(|| FieldError::new(&at_value, "list_expected"))?;
        list.iter().map(one).collect()
    };
    let compare = |comparison| -> Result<Test, FieldError> {
        Ok(Test::Compare { field: field.clone(), comparison, value: one(&leaf.value)? })
    };
    match leaf.op.as_str() {
        "eq" => Ok(Test::Equal { value: one(&leaf.value)?, field }),
        "ne" => Ok(Test::NotEqual { value: one(&leaf.value)?, field }),
        "in" => Ok(Test::OneOf { values: many(&leaf.value)?, field }),
        "lt" => compare(Comparison::Lt),
        "lte" => compare(Comparison::Lte),
        "gt" => compare(Comparison::Gt),
        "gte" => compare(Comparison::Gte),
        "between" => match many(&leaf.value)?.as_slice() {
            [low, high] => Ok(between(&field, low.clone(), high.clone())),
            _ => Err(FieldError::new(&at_value, "two_values_expected")),
        },
        "contains" => Ok(Test::Contains { text: text_of(&leaf.value).ok_or_else(bad)?, field }),
        "starts_with" => Ok(Test::StartsWith { text: text_of(&leaf.value).ok_or_else(bad)?, field }),
        "is_null" => Ok(Test::IsNull { null: bool_of(&leaf.value).unwrap_or(true), field }),
        "any_of" => Ok(Test::AnyOf { values: many(&leaf.value)?, field }),
        "all_of" => Ok(Test::AllOf { values: many(&leaf.value)?, field }),
        "none_of" => Ok(Test::Not(Box::new(Test::AnyOf { values: many(&leaf.value)?, field }))),
        "within_days_ago" | "more_than_days_ago" | "in_next_days" => {
            let days = integer_of(&leaf.value).filter(|d| (0..=36_500).contains(d)).ok_or_else(bad)?;
            relative(kind, &field, &leaf.op, days as u64, catalogue.today).ok_or_else(bad)
        }
        "bought" | "not_bought" => purchase(leaf, &field, catalogue).ok_or_else(bad),
        _ => Err(FieldError::new(format!("{at}/op"), "not_allowed")),
    }
}

fn between(field: &str, low: Literal, high: Literal) -> Test {
    Test::All(vec![
        Test::Compare { field: field.into(), comparison: Comparison::Gte, value: low },
        Test::Compare { field: field.into(), comparison: Comparison::Lte, value: high },
    ])
}

/// Days before or after the business day, both ends included.
fn relative(kind: FieldType, field: &str, op: &str, days: u64, today: NaiveDate) -> Option<Test> {
    let at = |day: NaiveDate| match kind {
        FieldType::Instant => day.and_hms_opt(0, 0, 0).map(|t| Literal::Instant(t.and_utc())),
        _ => Some(Literal::Date(day)),
    };
    let back = today.checked_sub_days(Days::new(days))?;
    let ahead = today.checked_add_days(Days::new(days))?;
    let tomorrow = today.checked_add_days(Days::new(1))?;
    let end = if kind == FieldType::Instant { tomorrow } else { today };
    Some(match op {
        "within_days_ago" => between(field, at(back)?, at(end)?),
        "more_than_days_ago" => Test::Compare { field: field.into(), comparison: Comparison::Lt, value: at(back)? },
        _ => between(field, at(today)?, at(ahead)?),
    })
}

fn purchase(leaf: &Leaf, field: &str, catalogue: &Catalogue<'_>) -> Option<Test> {
    let ids = leaf.value.get("ids")?.as_array()?;
    let ids = ids.iter().map(|id| Uuid::parse_str(id.as_str()?).ok()).collect::<Option<Vec<_>>>()?;
    let since = match leaf.value.get("days") {
        None | Some(Json::Null) => None,
        Some(days) => Some(catalogue.today.checked_sub_days(Days::new(u64::try_from(integer_of(days)?).ok()?))?),
    };
    Some(Test::Bought { field: field.into(), ids, since, bought: leaf.op == "bought" })
}

fn literal(kind: FieldType, field: &str, value: &Json, catalogue: &Catalogue<'_>) -> Option<Literal> {
    match kind {
        FieldType::Text => text_of(value).map(Literal::Text),
        FieldType::Integer => integer_of(value).map(Literal::Integer),
        FieldType::Number => number_of(value).map(Literal::Number),
        FieldType::Money => parse_decimal(&text_of(value)?, decimals(catalogue.currency)).ok().map(Literal::Integer),
        FieldType::Date => value.as_str()?.parse().ok().map(Literal::Date),
        FieldType::Instant => instant_of(value.as_str()?).map(Literal::Instant),
        FieldType::Bool => bool_of(value).map(Literal::Bool),
        FieldType::Choice | FieldType::Ref | FieldType::Set if (catalogue.holds_ids)(field) => {
            Uuid::parse_str(value.as_str()?).ok().map(Literal::Id)
        }
        FieldType::Choice | FieldType::Ref | FieldType::Set => value.as_str().map(|s| Literal::Text(s.into())),
        FieldType::Purchase => None,
    }
}

fn instant_of(text: &str) -> Option<DateTime<Utc>> {
    if let Ok(day) = text.parse::<NaiveDate>() {
        return day.and_hms_opt(0, 0, 0).map(|t| t.and_utc());
    }
    DateTime::parse_from_rfc3339(text).ok().map(|t| t.with_timezone(&Utc))
}

/// Numbers in a query string arrive as text; both forms are taken.
fn text_of(value: &Json) -> Option<String> {
    match value {
        Json::String(text) => Some(text.clone()),
        Json::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn integer_of(value: &Json) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.parse().ok())
}

fn number_of(value: &Json) -> Option<f64> {
    value.as_f64().or_else(|| value.as_str()?.parse().ok()).filter(|n| n.is_finite())
}

fn bool_of(value: &Json) -> Option<bool> {
    value.as_bool().or_else(|| value.as_str()?.parse().ok())
}

fn type_name(kind: FieldType) -> String {
    serde_json::to_value(kind).ok().and_then(|v| v.as_str().map(String::from)).unwrap_or_default()
}

/// A record's value of a field, for the in-memory judge.
#[derive(Debug, Clone, PartialEq)]
pub enum Known {
    Missing,
    One(Literal),
    Many(Vec<Literal>),
    /// Purchases: what was bought when.
    Purchases(Vec<(Uuid, NaiveDate)>),
}

/// Whether a record meets the test: the judge that the SQL is held against. A field with several values (phones,
/// tags) meets a test when one of them does.
pub fn holds(test: &Test, value: &dyn Fn(&str) -> Known) -> bool {
    let values = |field: &str| match value(field) {
        Known::One(value) => vec![value],
        Known::Many(values) => values,
        Known::Missing | Known::Purchases(_) => Vec::new(),
    };
    let any = |field: &str, meets: &dyn Fn(&Literal) -> bool| values(field).iter().any(meets);
    match test {
        Test::All(parts) => parts.iter().all(|part| holds(part, value)),
        Test::Any(parts) => parts.iter().any(|part| holds(part, value)),
        Test::Not(part) => !holds(part, value),
        Test::Equal { field, value: want } => any(field, &|v| v == want),
        Test::NotEqual { field, value: want } => !any(field, &|v| v == want),
        Test::OneOf { field, values: wanted } | Test::AnyOf { field, values: wanted } => {
            any(field, &|v| wanted.contains(v))
        }
        Test::Compare { field, comparison, value: want } => any(field, &|v| match comparison {
            Comparison::Lt => v < want,
            Comparison::Lte => v <= want,
            Comparison::Gt => v > want,
            Comparison::Gte => v >= want,
        }),
        Test::Contains { field, text } => {
            let text = text.to_ascii_lowercase();
            any(field, &|v| folded(v).is_some_and(|v| v.contains(&text)))
        }
        Test::StartsWith { field, text } => {
            let text = text.to_ascii_lowercase();
            any(field, &|v| folded(v).is_some_and(|v| v.starts_with(&text)))
        }
        Test::IsNull { field, null } => values(field).is_empty() == *null,
        Test::AllOf { field, values: wanted } => {
            let have = values(field);
            wanted.iter().all(|v| have.contains(v))
        }
        Test::Bought { field, ids, since, bought } => {
            let Known::Purchases(purchases) = value(field) else { return !bought };
            let found = purchases.iter().any(|(id, on)| ids.contains(id) && since.is_none_or(|s| *on >= s));
            found == *bought
        }
    }
}

/// Case is folded for ASCII letters only: both databases do the same under the C collation.
fn folded(value: &Literal) -> Option<String> {
    match value {
        Literal::Text(text) => Some(text.to_ascii_lowercase()),
        _ => None,
    }
}

impl Test {
    /// The names of the fields it looks at.
    pub fn fields<'a>(&'a self, into: &mut Vec<&'a str>) {
        match self {
            Test::All(parts) | Test::Any(parts) => parts.iter().for_each(|part| part.fields(into)),
            Test::Not(part) => part.fields(into),
            Test::Equal { field, .. }
            | Test::NotEqual { field, .. }
            | Test::OneOf { field, .. }
            | Test::Compare { field, .. }
            | Test::Contains { field, .. }
            | Test::StartsWith { field, .. }
            | Test::IsNull { field, .. }
            | Test::AnyOf { field, .. }
            | Test::AllOf { field, .. }
            | Test::Bought { field, .. } => into.push(field),
        }
    }
}
