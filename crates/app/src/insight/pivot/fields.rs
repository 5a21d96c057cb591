//! What pivots can be made of, in the caller's language.

use regulars_domain::condition::FieldType;
use regulars_domain::sales::CountsWhen;
use regulars_persistence::Db;
use regulars_persistence::catalogue::{Catalogue, Field};
use regulars_persistence::customers::custom::custom_definitions;
use regulars_persistence::insight::pivot::{BusinessDays, Fact, FactKind, Given, Unit, fact};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::facts::sellout::{beside_label, measure_options, sheet_measures};
use super::facts::{About, about};
use crate::engage::field::describe;
use crate::insight::counts_when;
use crate::insight::metrics::metric_day;
use crate::list::Page;
use crate::platform::FieldOption;
use crate::{AppError, AppResult, Cx};

/// Facts with everything they can be divided, filtered and measured by.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PivotFactView {
    #[schema(value_type = crate::shape::PivotFact)]
    pub fact: String,
    pub label: String,
    /// The field that periods are about.
    #[schema(example = "ordered_on")]
    pub date: String,
    pub fields: Vec<PivotField>,
    /// What can be summed and averaged.
    pub measures: Vec<PivotMeasureField>,
    /// What can be counted by its different values.
    pub distinct: Vec<FieldOption>,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PivotField {
    #[schema(example = "customer.industry")]
    pub field: String,
    pub label: String,
    /// `fact` or `customer`.
    #[schema(value_type = crate::shape::PivotGroup)]
    pub group: String,
    #[serde(rename = "type")]
    #[schema(value_type = crate::shape::ConditionFieldType)]
    pub kind: String,
    #[schema(value_type = Vec<crate::shape::ConditionOp>)]
    pub ops: Vec<String>,
    #[schema(value_type = Option<crate::shape::ConditionTarget>)]
    pub target: Option<String>,
    pub options: Option<Vec<FieldOption>>,
    /// Whether facts can be divided by it; if not, they can be filtered by it.
    pub divides: bool,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PivotMeasureField {
    #[schema(example = "amount")]
    pub field: String,
    pub label: String,
    #[schema(value_type = crate::shape::PivotUnit)]
    pub unit: String,
}

/// A kind of facts for the caller: with the company's own fields, without those masked for them.
pub(super) fn fact_of(cx: &Cx, db: &mut Db, key: &str) -> AppResult<Fact> {
    fact_when(cx, db, key, counts_when(&*cx.company()?))
}

/// The same with orders that count from another moment on.
pub(super) fn fact_when(cx: &Cx, db: &mut Db, key: &str, when: CountsWhen) -> AppResult<Fact> {
    let Some(kind) = FactKind::parse(key) else {
        let known = FactKind::ALL.map(FactKind::key).join(", ");
        return Err(AppError::Validation(vec![
            regulars_domain::error::FieldError::new("/fact", "not_allowed").with(known),
        ]));
    };
    let day = metric_day(cx, db)?;
    let (customer, order) = (custom_definitions(db, "customer")?, custom_definitions(db, "order")?);
    let company = cx.company()?;
    let days = BusinessDays::of(db, company.time_zone.name());
    let sheets = &sheet_measures(&company.settings.sellout);
    let mut fact = fact(kind, &Given { when, customer: &customer, order: &order, today: day, days, sheets });
    let masks = &cx.actor.masks;
    let hidden = |field: &Field| {
        let own = field.name.strip_prefix("customer.").filter(|name| masks.hides_field(name));
        own.map(|_| field.name.clone())
    };
    fact.catalogue.masked = fact.catalogue.fields.iter().filter_map(hidden).collect();
    Ok(fact)
}

/// The facts whose records the caller may see, with their fields.
pub fn pivot_fact_list(cx: &Cx) -> AppResult<Page<PivotFactView>> {
    cx.require("insight:metric:read")?;
    let english = cx.request.locale == "en";
    cx.read(|db| {
        let mut facts = Vec::new();
        for kind in FactKind::ALL {
            let about = about(kind);
            if !cx.actor.may(about.permission) {
                continue;
            }
            let fact = fact_of(cx, db, kind.key())?;
            facts.push(PivotFactView {
                fact: kind.key().into(),
                label: about.label(english).into(),
                date: fact.date.into(),
                fields: fields_of(cx, db, &fact)?,
                measures: fact
                    .measures
                    .iter()
                    .map(|measure| PivotMeasureField {
                        field: measure.name.into(),
                        label: about.measure(measure.name, english).into(),
                        unit: unit_key(measure.unit).into(),
                    })
                    .collect(),
                distinct: fact
                    .distinct
                    .iter()
                    .map(|name| FieldOption { value: (*name).into(), label: about.different(name, english).into() })
                    .collect(),
            });
        }
        Ok(Page::whole(facts))
    })
}

pub(super) fn unit_key(unit: Unit) -> &'static str {
    match unit {
        Unit::Money => "money",
        Unit::Quantity => "quantity",
        Unit::Days => "days",
    }
}

/// The fields of a fact, described as the lists of its records and of customers describe theirs, but for its own words.
pub(super) fn fields_of(cx: &Cx, db: &mut Db, fact: &Fact) -> AppResult<Vec<PivotField>> {
    let mut described = Vec::new();
    let about = about(fact.kind);
    let company = cx.company()?;
    let english = cx.request.locale == "en";
    for (group, resource) in [("fact", about.resource), ("customer", "customers")] {
        let prefix = "customer.";
        let of_group = |field: &&Field| field.name.starts_with(prefix) == (group == "customer");
        let plain = |name: &str| name.strip_prefix(prefix).unwrap_or(name).to_string();
        let fields: Vec<Field> = fact.catalogue.fields.iter().filter(of_group).cloned().collect();
        let catalogue = Catalogue {
            masked: fact.catalogue.masked.iter().map(|name| plain(name)).collect(),
            fields: fields.iter().map(|field| Field { name: plain(&field.name), ..field.clone() }).collect(),
            ..Catalogue::default()
        };
        for field in describe(cx, db, resource, &catalogue)? {
            let name = if group == "customer" { format!("{prefix}{}", field.field) } else { field.field };
            let divides = fact.catalogue.field(&name).is_some_and(|field| fact.divides(field));
            let beside = beside_label(&company.settings.sellout, &name, english);
            let label = beside.or(about.field(&name, english).map(String::from)).unwrap_or(field.label);
            let options = match own_options(db, about, &name, english)? {
                Some(options) => Some(options),
                None if name == "measure" => Some(measure_options(&company.settings.sellout, english)),
                None => field.options,
            };
            described.push(PivotField {
                label,
                group: group.into(),
                kind: field.kind,
                ops: field.ops,
                target: field.target,
                options,
                divides,
                field: name,
            });
        }
    }
    // Rather few fields neither divide nor filter; those are left out.
    described.retain(|field| field.divides || !field.ops.is_empty());
    Ok(described)
}

/// The choices that only this kind of facts has, or a dictionary.
fn own_options(db: &mut Db, about: &About, field: &str, english: bool) -> AppResult<Option<Vec<FieldOption>>> {
    if let Some((_, dictionary)) = about.dictionaries.iter().find(|(name, _)| *name == field) {
        return crate::platform::dictionary::options(db, dictionary, english).map(Some);
    }
    let own = about.choices.iter().filter(|(of, ..)| *of == field);
    let options: Vec<FieldOption> = own
        .map(|(_, value, zh, en)| FieldOption { value: (*value).into(), label: if english { *en } else { *zh }.into() })
        .collect();
    Ok((!options.is_empty()).then_some(options))
}

/// Whether the keys of a field are ids of records.
pub(super) fn names_records(field: &Field) -> bool {
    field.ids || field.kind == FieldType::Ref
}
