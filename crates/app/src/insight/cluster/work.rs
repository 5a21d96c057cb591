//! The background work: finding groups, and filling lists from them.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use regulars_analytics::cluster::{Model, clusters};
use regulars_domain::actor::Action;
use regulars_domain::condition::Test;
use regulars_domain::ids::{ClusteringId, PartyId, SegmentId};
use regulars_persistence::Db;
use regulars_persistence::catalogue::Catalogue;
use regulars_persistence::customers::fields::Root;
use regulars_persistence::engage::segment::{segment_counted, segment_get};
use regulars_persistence::insight::cluster::{
    DividedRow, clustering_found, clustering_get, divided_after, members_set,
};
use regulars_persistence::list::Listing;
use regulars_persistence::sql::Statement;
use serde::{Deserialize, Serialize};

use super::feature::{Feature, features};
use super::{Asked, Kept, MOST_GROUPS};
use crate::customers::list::{customer_catalogue, customer_scope};
use crate::engage::segment::{MembersView, segment_condition};
use crate::event::Event;
use crate::jobs::Task;
use crate::jobs::task::Step;
use crate::list::condition_check;
use crate::{AppError, AppResult, Cx};

/// The kinds of job.
pub const FIND: &str = "insight.cluster";
pub const KEEP: &str = "insight.cluster_keep";

/// Customers read at a time, and customers whose lists are written in one transaction.
const READ: i64 = 5_000;
const KEPT: i64 = 1_000;

/// What a job is asked for.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Order {
    pub clustering_id: ClusteringId,
    /// Of which groups lists are filled.
    #[serde(default)]
    pub places: Vec<usize>,
}

/// What was found, as it is kept.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Found {
    pub as_of: NaiveDate,
    /// Buyers who were divided, and customers within sight who have bought nothing.
    pub customers: i64,
    pub left_out: i64,
    /// None where no two customers differ.
    pub model: Option<Model>,
    pub silhouette: f64,
    pub looked_at: i64,
    pub tried: Vec<(usize, f64)>,
    pub groups: Vec<FoundGroup>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct FoundGroup {
    pub size: i64,
    /// Minor units.
    pub net: i64,
    pub means: Vec<Option<f64>>,
    pub silhouette: Option<f64>,
}

/// Who is divided: the customers within the person's sight, or those of a segment.
struct Divided {
    catalogue: Catalogue,
    base: Statement,
    test: Option<Test>,
}

impl Divided {
    fn of(cx: &Cx, db: &mut Db, segment: Option<SegmentId>) -> AppResult<Self> {
        let catalogue = customer_catalogue(cx, db, Root::Metric)?;
        let condition = segment.map(|id| segment_condition(cx, db, id)).transpose()?;
        let test = condition.as_ref().map(|condition| condition_check(cx, &catalogue, condition)).transpose()?;
        Ok(Self { base: customer_scope(cx, Action::Read, Root::Metric), catalogue, test })
    }

    fn page(&self, db: &mut Db, after: Option<PartyId>, limit: i64) -> AppResult<Vec<DividedRow>> {
        let (from, id) = (Root::Metric.from(), Root::Metric.id());
        let listing = Listing { from, id, base: &self.base, catalogue: &self.catalogue, test: self.test.as_ref() };
        Ok(divided_after(db, &listing, after, limit)?)
    }
}

fn row_of(row: &DividedRow, features: &[&Feature], today: NaiveDate) -> Vec<Option<f64>> {
    features.iter().map(|feature| (feature.of)(row, today)).collect()
}

/// Job: find the groups.
pub fn find_handle(task: &Task) -> AppResult<Option<String>> {
    let order: Order = task.input()?;
    let cx = task.cx()?;
    let (row, asked, divided) = cx.read(|db| {
        let row = clustering_get(db, order.clustering_id, cx.actor.user_id)?.ok_or(AppError::NotFound)?;
        let asked: Asked = serde_json::from_value(row.asked.clone()).map_err(AppError::internal)?;
        let divided = Divided::of(&cx, db, asked.segment_id.map(SegmentId))?;
        Ok((row, asked, divided))
    })?;
    let features = features(&asked.features);
    let today = cx.today()?;
    let mut columns: Vec<(Vec<Option<f64>>, bool)> =
        features.iter().map(|feature| (Vec::new(), feature.log())).collect();
    let (mut nets, mut left_out, mut after) = (Vec::new(), 0_i64, None);
    loop {
        let page = cx.read(|db| divided.page(db, after, READ))?;
        after = page.last().map(|row| row.party_id);
        for row in &page {
            if row.orders == 0 {
                left_out += 1;
                continue;
            }
            nets.push(row.net);
            for ((column, _), value) in columns.iter_mut().zip(row_of(row, &features, today)) {
                column.push(value);
            }
        }
        task.progress(Step { done: nets.len() as i64 + left_out, ..Step::default() })?;
        if (page.len() as i64) < READ {
            break;
        }
    }
    let clustering = clusters(&columns, asked.groups.map(|groups| groups as usize), MOST_GROUPS);
    let mut found = Found {
        as_of: today,
        customers: nets.len() as i64,
        left_out,
        model: None,
        silhouette: 0.0,
        looked_at: 0,
        tried: Vec::new(),
        groups: Vec::new(),
    };
    if let Some(clustering) = clustering {
        let mut sums = vec![0_i64; clustering.groups.len()];
        for (group, net) in clustering.of.iter().zip(&nets) {
            sums[*group] += net;
        }
        let groups = clustering.groups.into_iter().zip(sums);
        found.groups = groups
            .map(|(group, net)| FoundGroup {
                size: group.size as i64,
                net,
                means: group.means,
                silhouette: group.silhouette,
            })
            .collect();
        found.model = Some(clustering.model);
        found.silhouette = clustering.silhouette;
        found.looked_at = clustering.looked_at as i64;
        found.tried = clustering.tried;
    }
    let found = serde_json::to_value(&found).map_err(AppError::internal)?;
    let id = row.id;
    cx.app.db().write(move |tx| Ok::<_, AppError>(clustering_found(tx, id, found.clone())?))?;
    Ok(Some(format!("/api/v1/insight/clusterings/{}", row.id.0)))
}

/// Where filling goes on.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Point {
    after: Option<PartyId>,
    done: i64,
    /// Members so far, by place.
    members: BTreeMap<usize, i64>,
}

/// Job: fill lists with whoever is nearest to the centre of their group now.
pub fn keep_handle(task: &Task) -> AppResult<Option<String>> {
    let order: Order = task.input()?;
    let cx = task.cx()?;
    let (asked, model, lists, divided) = cx.read(|db| {
        let row = clustering_get(db, order.clustering_id, cx.actor.user_id)?.ok_or(AppError::NotFound)?;
        let asked: Asked = serde_json::from_value(row.asked).map_err(AppError::internal)?;
        let found: Option<Found> = row.found.map(serde_json::from_value).transpose().map_err(AppError::internal)?;
        let kept: Kept = serde_json::from_value(row.kept).map_err(AppError::internal)?;
        let mut lists = BTreeMap::new();
        for place in &order.places {
            let list = kept.segments.get(place).copied().map(SegmentId);
            if let Some(list) = list.map(|list| segment_get(db, list)).transpose()?.flatten() {
                lists.insert(*place, (list.id, list.unit_id, list.owner_id));
            }
        }
        let divided = Divided::of(&cx, db, asked.segment_id.map(SegmentId))?;
        Ok((asked, found.and_then(|found| found.model), lists, divided))
    })?;
    let Some(model) = model else { return Ok(None) };
    let features = features(&asked.features);
    let today = cx.today()?;
    let mut point: Point = task.checkpoint()?.unwrap_or_default();
    loop {
        let page = cx.read(|db| divided.page(db, point.after, KEPT))?;
        let ended = (page.len() as i64) < KEPT;
        let mut members: BTreeMap<usize, Vec<PartyId>> = lists.keys().map(|place| (*place, Vec::new())).collect();
        for row in page.iter().filter(|row| row.orders > 0) {
            let group = model.nearest(&row_of(row, &features, today));
            if let Some(members) = members.get_mut(&group) {
                members.push(row.party_id);
            }
        }
        let stretch = (point.after, page.last().map(|row| row.party_id).filter(|_| !ended));
        point.after = stretch.1;
        point.done += page.len() as i64;
        for (place, members) in &members {
            *point.members.entry(*place).or_default() += members.len() as i64;
        }
        let step = Step {
            done: point.done,
            total: None,
            checkpoint: Some(serde_json::to_value(&point).map_err(AppError::internal)?),
        };
        let (within, task_within, lists, counts) = (cx.clone(), task.clone(), lists.clone(), point.members.clone());
        cx.app.db().write(move |tx| {
            for (place, (list, unit, owner)) in &lists {
                members_set(tx, *list, stretch, members.get(place).map_or(&[], Vec::as_slice), within.now)?;
                if ended {
                    let changed = counts.get(place).copied().unwrap_or(0);
                    segment_counted(tx, *list, changed, within.now)?;
                    Event::new(&within, "segment", *list, "members_added")
                        .stands(*unit, Some(*owner))
                        .after(&MembersView { changed })
                        .record(tx)?;
                }
            }
            task_within.progress_in(tx, &step)
        })?;
        if ended {
            return Ok(Some(format!("/api/v1/insight/clusterings/{}", order.clustering_id.0)));
        }
    }
}
