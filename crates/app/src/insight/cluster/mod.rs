//! Groups of customers that are alike, found by k-means and kept as lists. A clustering is its owner's: it was found
//! among the customers that the owner sees. What is kept of it are the centres; who is nearest to which is looked up
//! anew whenever a list is filled.

mod feature;
mod work;

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use regulars_domain::error::{Checks, FieldError};
use regulars_domain::ids::{ClusteringId, JobId, SegmentId};
use regulars_persistence::Db;
use regulars_persistence::engage::segment::{SegmentRow, segment_get};
use regulars_persistence::insight::cluster::{
    ClusteringRow, clustering_delete as row_delete, clustering_get as row_get, clustering_insert,
    clustering_list as row_list, clustering_update as row_update,
};
use regulars_persistence::job::job_get;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

pub use feature::{FEATURES, UNITS};
pub use work::{FIND, KEEP, find_handle, keep_handle};

use self::feature::features;
use self::work::{Found, FoundGroup, Order};
use super::overview::sight;
use crate::access::Ref;
use crate::engage::segment::{SegmentInput, segment_condition, segment_make};
use crate::event::Event;
use crate::jobs::{JobView, NewJob, job_enqueue};
use crate::list::Page;
use crate::money::Money;
use crate::{AppError, AppResult, Cx};

const READ: &str = "insight:metric:read";
/// Clusterings follow one another: each holds the figures of all customers in memory.
const LANE: &str = "insight.cluster";
/// Most groups that are proposed, and that can be asked for.
const MOST_GROUPS: usize = 8;
const MOST_ASKED: i32 = 20;

/// How far a clustering has come.
pub const STATUSES: &[&str] = &["running", "done", "too_few", "failed"];
/// What the mean silhouette says of the groups (Kaufman & Rousseeuw 1990): above 0.7, above 0.5, above 0.25, less.
pub const VERDICTS: &[&str] = &["strong", "reasonable", "weak", "none"];

fn verdict(silhouette: f64) -> &'static str {
    match silhouette {
        s if s > 0.7 => "strong",
        s if s > 0.5 => "reasonable",
        s if s > 0.25 => "weak",
        _ => "none",
    }
}

/// Who is to be divided, by what.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "By rhythm and spend", "features": ["recency_days", "orders", "average_order"]}))]
pub struct ClusteringInput {
    #[schema(example = "By rhythm and spend")]
    pub name: String,
    /// Only its members; all customers within sight when absent. Who has bought nothing is left out either way.
    pub segment_id: Option<Uuid>,
    /// Two to eight figures. Each is standardised; of days, counts and money the logarithm of 1 + x is looked at. What is
    /// not known of a customer counts as the mean.
    #[schema(value_type = Vec<crate::shape::ClusteringFeature>)]
    pub features: Vec<String>,
    /// 2 to 20; when absent the number from 2 to 8 whose groups stand apart best.
    #[schema(example = json!(null), minimum = 2, maximum = 20)]
    pub groups: Option<i32>,
}

/// What can be changed of a clustering.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "By rhythm and spend", "group_names": ["Regulars", null]}))]
pub struct ClusteringNames {
    pub name: String,
    /// Of the groups, in their order.
    pub group_names: Vec<Option<String>>,
}

/// Which groups are kept as lists.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"places": [0, 1], "shared": false}))]
pub struct ClusteringKeepInput {
    /// Places of groups that have a name, from 0 on.
    pub places: Vec<i32>,
    /// Whether colleagues of the unit see lists that are made now.
    #[serde(default)]
    pub shared: bool,
}

/// Groups of customers, or that they are being found.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ClusteringView {
    pub id: Uuid,
    #[schema(example = "By rhythm and spend")]
    pub name: String,
    /// Whose members were divided; absent when it was everyone.
    pub segment: Option<Ref>,
    #[schema(value_type = Vec<crate::shape::ClusteringFeature>)]
    pub features: Vec<String>,
    /// How many were asked for.
    pub groups_asked: Option<i32>,
    /// `too_few`: no two customers who bought differ.
    #[schema(value_type = crate::shape::ClusteringStatus)]
    pub status: String,
    pub group_names: Vec<Option<String>>,
    /// Once it is done.
    pub found: Option<ClusteringFound>,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

crate::versioned!(ClusteringView);

/// The groups, the largest first, and how well they stand apart. K-means (Lloyd 1982) begun by k-means++ (Arthur &
/// Vassilvitskii 2007) with a fixed seed; silhouettes (Rousseeuw 1987) of at most 3,000 customers chosen by it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ClusteringFound {
    pub as_of: NaiveDate,
    /// Customers who were divided.
    #[schema(example = 4200)]
    pub customers: i64,
    /// Customers who have bought nothing.
    #[schema(example = 310)]
    pub left_out: i64,
    /// Mean silhouette, −1 to 1: how much nearer customers are to their own group than to the next.
    #[schema(example = 0.43)]
    pub silhouette: f64,
    #[schema(value_type = crate::shape::ClusteringVerdict)]
    pub verdict: String,
    /// Customers whose silhouettes were found.
    pub looked_at: i64,
    /// Every number of groups that was tried.
    pub tried: Vec<ClusteringTry>,
    pub groups: Vec<ClusteringGroup>,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ClusteringTry {
    #[schema(example = 4)]
    pub groups: i64,
    #[schema(example = 0.43)]
    pub silhouette: f64,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ClusteringGroup {
    #[schema(example = "Regulars")]
    pub name: Option<String>,
    pub size: i64,
    /// size ÷ all who were divided, 0–1.
    pub share: f64,
    pub net: Money,
    /// net ÷ that of all who were divided; absent where that is not above 0.
    pub net_share: Option<f64>,
    /// Mean silhouette of those looked at.
    pub silhouette: Option<f64>,
    pub measures: Vec<ClusteringMeasure>,
    /// The list that is filled from it.
    pub segment: Option<Ref>,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ClusteringMeasure {
    #[schema(value_type = crate::shape::ClusteringFeature)]
    pub feature: String,
    #[schema(value_type = crate::shape::ClusteringUnit)]
    pub unit: String,
    /// Mean of the group's customers of whom it is known; of money see `amount`.
    pub mean: Option<f64>,
    pub amount: Option<Money>,
    /// The centre, in standard deviations from the mean of all who were divided.
    #[schema(example = 1.2)]
    pub distance: f64,
}

/// What was asked for, as it is kept.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Asked {
    segment_id: Option<Uuid>,
    features: Vec<String>,
    groups: Option<i32>,
    job_id: Uuid,
}

/// What was made of the groups, by their place.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
struct Kept {
    names: Vec<Option<String>>,
    segments: BTreeMap<usize, Uuid>,
}

fn read_of(row: &ClusteringRow) -> AppResult<(Asked, Option<Found>, Kept)> {
    let read = || -> serde_json::Result<_> {
        let found = row.found.clone().map(serde_json::from_value).transpose()?;
        Ok((serde_json::from_value(row.asked.clone())?, found, serde_json::from_value(row.kept.clone())?))
    };
    read().map_err(AppError::internal)
}

/// A list as the caller may see it.
fn segment_ref(cx: &Cx, db: &mut Db, id: Uuid) -> AppResult<Option<Ref>> {
    let row = segment_get(db, SegmentId(id))?;
    let seen = |row: &SegmentRow| row.unit_id == cx.actor.unit_id && (row.shared || row.owner_id == cx.actor.user_id);
    Ok(row.filter(seen).map(|row| Ref::new(row.id, row.name)))
}

fn view(cx: &Cx, db: &mut Db, row: &ClusteringRow) -> AppResult<ClusteringView> {
    let (asked, found, kept) = read_of(row)?;
    let status = match &found {
        Some(found) if found.model.is_some() => "done",
        Some(_) => "too_few",
        None => match job_get(db, JobId(asked.job_id))?.map(|job| job.status) {
            Some(status) if matches!(status.as_str(), "queued" | "running") => "running",
            _ => "failed",
        },
    };
    let segment = asked.segment_id.map(|id| segment_ref(cx, db, id)).transpose()?.flatten();
    let mut lists = Vec::new();
    for place in 0..found.as_ref().map_or(0, |found| found.groups.len()) {
        let list = kept.segments.get(&place);
        lists.push(list.map(|id| segment_ref(cx, db, *id)).transpose()?.flatten());
    }
    let currency = cx.company()?.currency.clone();
    Ok(ClusteringView {
        id: row.id.0,
        name: row.name.clone(),
        segment,
        groups_asked: asked.groups,
        status: status.into(),
        found: found
            .filter(|found| found.model.is_some())
            .map(|found| found_view(found, &asked, &kept, lists, &currency)),
        features: asked.features,
        group_names: kept.names,
        version: row.version,
        created_at: row.created_at,
        updated_at: row.updated_at,
    })
}

fn found_view(found: Found, asked: &Asked, kept: &Kept, lists: Vec<Option<Ref>>, currency: &str) -> ClusteringFound {
    let features = features(&asked.features);
    let net: i64 = found.groups.iter().map(|group| group.net).sum();
    let centres = found.model.map(|model| model.centres).unwrap_or_default();
    let share = |part: i64, whole: i64| (whole > 0).then(|| part as f64 / whole as f64);
    let groups = found.groups.into_iter().zip(lists).enumerate().map(|(place, (group, segment))| {
        let FoundGroup { size, net: own, means, silhouette } = group;
        let measures = features.iter().enumerate().map(|(at, feature)| {
            let mean = means.get(at).copied().flatten();
            let is_money = feature.unit == "money";
            ClusteringMeasure {
                feature: feature.key.into(),
                unit: feature.unit.into(),
                mean: mean.filter(|_| !is_money),
                amount: mean.filter(|_| is_money).map(|minor| Money::of(minor.round() as i64, currency)),
                distance: centres.get(place).and_then(|centre| centre.get(at)).copied().unwrap_or(0.0),
            }
        });
        ClusteringGroup {
            name: kept.names.get(place).cloned().flatten(),
            size,
            share: share(size, found.customers).unwrap_or(0.0),
            net: Money::of(own, currency),
            net_share: share(own, net),
            silhouette,
            measures: measures.collect(),
            segment,
        }
    });
    ClusteringFound {
        as_of: found.as_of,
        customers: found.customers,
        left_out: found.left_out,
        silhouette: found.silhouette,
        verdict: verdict(found.silhouette).into(),
        looked_at: found.looked_at,
        tried: found
            .tried
            .into_iter()
            .map(|(groups, silhouette)| ClusteringTry { groups: groups as i64, silhouette })
            .collect(),
        groups: groups.collect(),
    }
}

fn own(cx: &Cx, db: &mut Db, id: ClusteringId) -> AppResult<ClusteringRow> {
    row_get(db, id, cx.actor.user_id)?.ok_or(AppError::NotFound)
}

/// The caller's own, the newest first; at most 200.
pub fn clustering_list(cx: &Cx) -> AppResult<Page<ClusteringView>> {
    sight(cx)?;
    cx.read(|db| {
        let rows = row_list(db, cx.actor.user_id)?;
        Ok(Page::whole(rows.iter().map(|row| view(cx, db, row)).collect::<AppResult<_>>()?))
    })
}

pub fn clustering_get(cx: &Cx, id: ClusteringId) -> AppResult<ClusteringView> {
    sight(cx)?;
    cx.read(|db| {
        let row = own(cx, db, id)?;
        view(cx, db, &row)
    })
}

fn check(input: &ClusteringInput) -> AppResult<()> {
    let mut checks = Checks::default();
    checks.text("/name", &input.name, 100);
    if !(2..=8).contains(&input.features.len()) {
        checks.fail_with("/features", "out_of_range", "2 – 8");
    }
    let known: Vec<&str> = FEATURES.iter().map(|feature| feature.key).collect();
    for (at, key) in input.features.iter().enumerate() {
        checks.one_of(&format!("/features/{at}"), key, &known);
        if input.features[..at].contains(key) {
            checks.fail(format!("/features/{at}"), "duplicate");
        }
    }
    if input.groups.is_some_and(|groups| !(2..=MOST_ASKED).contains(&groups)) {
        checks.fail_with("/groups", "out_of_range", "2 – 20");
    }
    Ok(checks.done()?)
}

/// Has customers divided in the background.
pub fn clustering_create(cx: &Cx, input: ClusteringInput) -> AppResult<ClusteringView> {
    sight(cx)?;
    check(&input)?;
    if let Some(id) = input.segment_id {
        cx.require("engage:segment:read")?;
        cx.read(|db| match segment_condition(cx, db, SegmentId(id)) {
            Err(AppError::NotFound) => Err(AppError::invalid("/segment_id", "unknown_reference")),
            other => other.map(drop),
        })?;
    }
    let within = cx.clone();
    cx.create(move |tx| {
        let id = ClusteringId::fresh();
        let order = Order { clustering_id: id, places: Vec::new() };
        let job = job_enqueue(tx, &within, new_job(FIND, &order)?)?;
        let asked = Asked {
            segment_id: input.segment_id,
            features: input.features.clone(),
            groups: input.groups,
            job_id: job.id,
        };
        let row = ClusteringRow {
            id,
            owner_id: within.actor.user_id,
            unit_id: within.actor.unit_id,
            name: input.name.trim().into(),
            asked: serde_json::to_value(asked).map_err(AppError::internal)?,
            found: None,
            kept: json!(Kept::default()),
            version: 1,
            created_at: within.now,
            updated_at: within.now,
        };
        clustering_insert(tx, row.clone())?;
        Event::new(&within, "clustering", id, "created")
            .stands(row.unit_id, Some(row.owner_id))
            .after(&input)
            .record(tx)?;
        view(&within, tx, &row)
    })
}

fn new_job(kind: &'static str, order: &Order) -> AppResult<NewJob> {
    Ok(NewJob {
        kind,
        input: serde_json::to_value(order).map_err(AppError::internal)?,
        total: None,
        dedupe_key: Some(format!("{kind}:{}", order.clustering_id.0)),
        lane: Some(LANE),
    })
}

/// Renames a clustering and its groups.
pub fn clustering_update(cx: &Cx, id: ClusteringId, version: i64, patch: &Value) -> AppResult<ClusteringView> {
    sight(cx)?;
    let (within, patch) = (cx.clone(), patch.clone());
    cx.change(move |tx| {
        let mut row = at_version(&within, tx, id, version)?;
        let (_, found, mut kept) = read_of(&row)?;
        let before = ClusteringNames { name: row.name.clone(), group_names: kept.names.clone() };
        let after: ClusteringNames = crate::patch::patched(&before, &patch)?;
        let mut checks = Checks::default();
        checks.text("/name", &after.name, 100);
        let groups = found.map_or(0, |found| found.groups.len());
        if after.group_names.len() > groups {
            checks.fail_with("/group_names", "too_many", groups);
        }
        for (at, name) in after.group_names.iter().enumerate() {
            checks.optional_text(&format!("/group_names/{at}"), name.as_deref(), 100);
        }
        checks.done()?;
        row.name = after.name.trim().into();
        let named =
            |name: &Option<String>| name.as_deref().map(str::trim).filter(|name| !name.is_empty()).map(String::from);
        kept.names = after.group_names.iter().map(named).collect();
        save(&within, tx, &mut row, &kept)?;
        Event::new(&within, "clustering", id, "updated")
            .stands(row.unit_id, Some(row.owner_id))
            .difference(&before, &after)
            .record(tx)?;
        view(&within, tx, &row)
    })
}

fn at_version(cx: &Cx, db: &mut Db, id: ClusteringId, version: i64) -> AppResult<ClusteringRow> {
    let row = own(cx, db, id)?;
    if row.version == version { Ok(row) } else { Err(AppError::Stale { current: row.version }) }
}

fn save(cx: &Cx, tx: &mut Db, row: &mut ClusteringRow, kept: &Kept) -> AppResult<()> {
    row.kept = serde_json::to_value(kept).map_err(AppError::internal)?;
    row.updated_at = cx.now;
    if !row_update(tx, row.clone())? {
        return Err(AppError::Stale { current: row.version + 1 });
    }
    row.version += 1;
    Ok(())
}

/// Deletes a clustering; lists made from it stay.
pub fn clustering_delete(cx: &Cx, id: ClusteringId, version: i64) -> AppResult<()> {
    cx.require(READ)?;
    let within = cx.clone();
    cx.change(move |tx| {
        let row = at_version(&within, tx, id, version)?;
        row_delete(tx, id)?;
        Event::new(&within, "clustering", id, "deleted")
            .stands(row.unit_id, Some(row.owner_id))
            .before(&json!({"name": row.name}))
            .record(tx)
    })
}

/// Makes lists of groups, or takes those made before, and has them filled with whoever is nearest now.
pub fn clustering_keep(cx: &Cx, id: ClusteringId, input: ClusteringKeepInput) -> AppResult<JobView> {
    sight(cx)?;
    cx.require("engage:segment:write")?;
    let within = cx.clone();
    cx.create(move |tx| {
        let mut row = own(&within, tx, id)?;
        let (_, found, mut kept) = read_of(&row)?;
        let groups = found.filter(|found| found.model.is_some()).map_or(0, |found| found.groups.len());
        if groups == 0 {
            return Err(AppError::Conflict("wrong_state"));
        }
        let places = places(&input, groups, &kept)?;
        for place in &places {
            let standing = kept.segments.get(place).map(|id| segment_ref(&within, tx, *id)).transpose()?.flatten();
            if standing.is_none() {
                let segment = SegmentInput {
                    name: kept.names[*place].clone().unwrap_or_default(),
                    description: Some(row.name.clone()),
                    kind: "static".into(),
                    condition: None,
                    shared: input.shared,
                };
                let made = segment_make(&within, tx, &segment)?;
                kept.segments.insert(*place, made.id.0);
            }
        }
        save(&within, tx, &mut row, &kept)?;
        job_enqueue(tx, &within, new_job(KEEP, &Order { clustering_id: id, places })?)
    })
}

/// Groups that are there and have a name, each once.
fn places(input: &ClusteringKeepInput, groups: usize, kept: &Kept) -> AppResult<Vec<usize>> {
    let mut errors = Vec::new();
    let mut places: Vec<usize> = Vec::new();
    for (at, given) in input.places.iter().enumerate() {
        let pointer = || format!("/places/{at}");
        match usize::try_from(*given).ok().filter(|place| *place < groups) {
            None => errors.push(FieldError::new(pointer(), "out_of_range").with(format!("0 – {}", groups - 1))),
            Some(place) if kept.names.get(place).is_none_or(Option::is_none) => {
                errors.push(FieldError::new(pointer(), "group_unnamed"));
            }
            Some(place) if !places.contains(&place) => places.push(place),
            Some(_) => {}
        }
    }
    if input.places.is_empty() {
        errors.push(FieldError::new("/places", "required"));
    }
    if errors.is_empty() { Ok(places) } else { Err(AppError::Validation(errors)) }
}
