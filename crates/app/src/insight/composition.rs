//! What a whole is made of: the share of each part, the share accumulated from the largest down, and its class A, B or C,
//! in the whole or within groups of it.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use regulars_analytics::abc::{abc, abc_overview};
use regulars_analytics::composition::composition;
use regulars_domain::condition::Condition;
use regulars_domain::error::FieldError;
use regulars_domain::pivot::Key;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::pivot::division::{Division, axis, measure, question};
use super::pivot::{PivotKey, PivotMeasureView, PivotPeriodView};
use super::stored::abc_key;
use crate::{AppError, AppResult, Cx};

/// Within what, the parts with their sums, and the sum of all of them.
type Grouped = (Option<Key>, Vec<(Key, i64)>, i64);

/// Most parts that are put in order: each customer of a large unit.
const MOST_PARTS: usize = 250_000;
const USUAL_SHOWN: usize = 50;
const MOST_SHOWN: usize = 500;

/// What is asked.
#[derive(Debug, Clone, Default)]
pub struct CompositionRequest {
    pub fact: Option<String>,
    pub by: String,
    pub within: Option<String>,
    pub measure: Option<String>,
    pub filter: Option<Condition>,
    pub from: Option<NaiveDate>,
    pub until: Option<NaiveDate>,
    pub limit: Option<usize>,
}

/// A whole and its parts, the largest first.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CompositionView {
    pub measure: Option<PivotMeasureView>,
    pub period: PivotPeriodView,
    #[schema(example = "10000.00")]
    pub total: String,
    /// One for each group, the largest first; a single one when nothing is divided beforehand.
    pub groups: Vec<CompositionGroup>,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CompositionGroup {
    /// Absent for the whole.
    pub key: Option<PivotKey>,
    #[schema(example = "10000.00")]
    pub total: String,
    /// Parts in it, shown or not.
    #[schema(example = 10)]
    pub count: usize,
    pub parts: Vec<CompositionPart>,
    pub classes: Vec<CompositionClass>,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CompositionPart {
    pub key: PivotKey,
    #[schema(example = "4000.00")]
    pub value: String,
    /// 0–1 of all that is above nothing.
    #[schema(example = 0.4)]
    pub share: f64,
    /// Of it and all larger ones.
    #[schema(example = 0.4)]
    pub accumulated: f64,
    #[schema(value_type = crate::shape::AbcClass)]
    pub class: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CompositionClass {
    #[schema(value_type = crate::shape::AbcClass)]
    pub class: String,
    #[schema(example = 3)]
    pub count: u64,
    #[schema(example = "7700.00")]
    pub value: String,
    #[schema(example = 0.77)]
    pub share: f64,
}

/// The days asked for: this year so far when nothing is said.
pub(super) fn days(cx: &Cx, from: Option<NaiveDate>, until: Option<NaiveDate>) -> AppResult<(NaiveDate, NaiveDate)> {
    let until = until.map_or_else(|| cx.today(), Ok)?;
    let from = from.unwrap_or_else(|| regulars_domain::pivot::Grain::Year.bucket(until));
    if from > until { Err(AppError::invalid("until", "ends_before_it_begins")) } else { Ok((from, until)) }
}

/// The measure of a fact: what is asked for, its amount of money, or how many facts when `count` is.
pub(super) fn measure_of(fact: &str, named: Option<&str>) -> super::pivot::PivotMeasure {
    match named {
        Some("count") => measure("count", None),
        Some(named) => measure("sum", Some(named)),
        None => measure("sum", Some(if fact == "orders" { "net" } else { "amount" })),
    }
}

pub fn composition_get(cx: &Cx, request: &CompositionRequest) -> AppResult<CompositionView> {
    cx.require("insight:metric:read")?;
    let shown = request.limit.unwrap_or(USUAL_SHOWN);
    if !(1..=MOST_SHOWN).contains(&shown) {
        let range = format!("1–{MOST_SHOWN}");
        return Err(AppError::Validation(vec![FieldError::new("limit", "out_of_range").with(range)]));
    }
    let (from, to) = days(cx, request.from, request.until)?;
    let fact = request.fact.as_deref().unwrap_or("order_lines");
    let rows = request.within.iter().chain([&request.by]).map(|field| axis(field, None)).collect();
    let measures = vec![measure_of(fact, request.measure.as_deref())];
    let query = question(fact, rows, measures, request.filter.clone(), Some((from, to)));
    let cuts = cx.company()?.settings.insight.abc_cuts;
    cx.read(|db| {
        let division = Division::read(cx, db, &query, MOST_PARTS)?;
        let mut groups = BTreeMap::<Option<Key>, Vec<(Key, i64)>>::new();
        for group in &division.groups {
            let sum = group.parts.first().map_or(0, |part| part.sum);
            match group.keys.as_slice() {
                [key] => groups.entry(None).or_default().push((key.clone(), sum)),
                [within, key] => groups.entry(Some(within.clone())).or_default().push((key.clone(), sum)),
                _ => {}
            }
        }
        let whole = |parts: &[(Key, i64)]| parts.iter().fold(0i64, |all, (_, value)| all.saturating_add(*value));
        let mut groups: Vec<Grouped> = groups
            .into_iter()
            .map(|(key, parts)| {
                let all = whole(&parts);
                (key, parts, all)
            })
            .collect();
        groups.sort_by(|one, other| other.2.cmp(&one.2).then_with(|| one.0.cmp(&other.0)));
        let total = groups.iter().fold(0i64, |all, group| all.saturating_add(group.2));
        // No more than so many rows in all, however many groups they fall in.
        let each = (MOST_SHOWN * 2 / groups.len().max(1)).clamp(1, shown);
        groups.truncate(MOST_SHOWN);
        let mut told = Vec::with_capacity(groups.len());
        for (within, parts, all) in groups {
            let parts = composition(parts);
            let values: Vec<i64> = parts.iter().map(|part| part.value).collect();
            // They stand in order already, so the place is the id that ties go by.
            let places: Vec<usize> = (0..values.len()).collect();
            let classes = abc(&places, &values, cuts);
            let mut overview = Vec::with_capacity(3);
            for bucket in abc_overview(&classes, &values) {
                overview.push(CompositionClass {
                    class: abc_key(bucket.class).into(),
                    count: bucket.count,
                    value: division.written(cx, i64::try_from(bucket.value).unwrap_or(i64::MAX))?,
                    share: bucket.share,
                });
            }
            let count = parts.len();
            let keys = |key: Key| within.iter().cloned().chain([key]).collect::<Vec<Key>>();
            let labels =
                division.labelled(cx, db, parts.iter().take(each).map(|part| keys(part.key.clone())).collect())?;
            let mut group = CompositionGroup {
                key: within.as_ref().and_then(|_| labels.first()?.first().cloned()),
                total: division.written(cx, all)?,
                count,
                parts: Vec::with_capacity(labels.len()),
                classes: overview,
            };
            for ((part, class), label) in parts.into_iter().zip(classes).zip(labels) {
                let Some(key) = label.into_iter().next_back() else { continue };
                group.parts.push(CompositionPart {
                    key,
                    value: division.written(cx, part.value)?,
                    share: part.share,
                    accumulated: part.accumulated,
                    class: abc_key(class).into(),
                });
            }
            told.push(group);
        }
        Ok(CompositionView {
            measure: division.head(cx)?,
            period: PivotPeriodView { from, to },
            total: division.written(cx, total)?,
            groups: told,
        })
    })
}
