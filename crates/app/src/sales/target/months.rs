//! How a year's amount becomes twelve, and what was achieved in each.

use std::collections::HashMap;

use chrono::{Datelike, NaiveDate};
use regulars_domain::condition::Condition;
use regulars_domain::money::split;
use regulars_domain::pivot::{Grain, Key};
use regulars_domain::target::{TargetKind, TargetSplit};
use regulars_persistence::Db;
use serde_json::json;
use uuid::Uuid;

use super::MONTHS;
use crate::insight::pivot::division::{Division, axis, measure, question};
use crate::insight::season::{SeasonRequest, season_weights};
use crate::{AppError, AppResult, Cx};

/// Months of what was achieved, minor units.
pub(super) type Achieved = [i64; MONTHS];

/// Subjects asked for at a time.
const SOME: usize = 500;
const MOST_GROUPS: usize = SOME * MONTHS;

/// The field of orders and their lines that names such a subject.
fn field(kind: TargetKind) -> &'static str {
    match kind {
        TargetKind::Unit => "unit",
        TargetKind::User => "owner",
        TargetKind::Product => "product",
        TargetKind::Customer => "customer",
    }
}

/// In which proportion a year falls on its months. The seasonal index is the subject's own, or that of all sales within
/// sight where it has too few full years; refused where these have too few as well.
pub(super) fn weights(
    cx: &Cx,
    db: &mut Db,
    how: TargetSplit,
    subject: Option<(TargetKind, Uuid)>,
) -> AppResult<[i64; MONTHS]> {
    if how != TargetSplit::Seasonal {
        return Ok([1; MONTHS]);
    }
    let own = match subject {
        Some((kind, id)) => {
            let filter = Some(Condition::leaf(field(kind), "eq", json!(id)));
            season_weights(cx, db, &SeasonRequest { filter, ..SeasonRequest::default() })?
        }
        None => None,
    };
    let found = match own {
        Some(weights) => Some(weights),
        None => season_weights(cx, db, &SeasonRequest::default())?,
    };
    found.ok_or_else(|| AppError::invalid("/split", "season_unknown"))
}

/// Twelve amounts in this proportion that sum to the year's exactly.
pub(super) fn divided(amount: i64, weights: &[i64; MONTHS]) -> [i64; MONTHS] {
    let parts = split(amount, weights);
    std::array::from_fn(|month| parts.get(month).copied().unwrap_or(0))
}

/// What was sold and paid in full within sight, by subject and month of the order; returns are taken off orders, not
/// off lines, which do not name them.
pub(super) fn achieved(
    cx: &Cx,
    db: &mut Db,
    kind: TargetKind,
    year: i32,
    subjects: &[Uuid],
) -> AppResult<HashMap<Uuid, Achieved>> {
    let day = |month, day| NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default();
    let (fact, sums) = match kind {
        TargetKind::Product => ("order_lines", vec![measure("sum", Some("amount"))]),
        _ => ("orders", vec![measure("sum", Some("net")), measure("sum", Some("returned"))]),
    };
    let mut out = HashMap::<Uuid, Achieved>::new();
    for some in subjects.chunks(SOME) {
        let query = question(
            fact,
            vec![axis(field(kind), None), axis("ordered_on", Some(Grain::Month))],
            sums.clone(),
            Some(Condition::leaf(field(kind), "in", json!(some))),
            Some((day(1, 1), day(12, 31))),
        );
        for group in Division::paid(cx, db, &query, MOST_GROUPS)?.groups {
            let [Key::Value(id), Key::Value(month)] = group.keys.as_slice() else { continue };
            let (Ok(id), Ok(month)) = (id.parse::<Uuid>(), month.parse::<NaiveDate>()) else { continue };
            let sum = |at: usize| group.parts.get(at).map_or(0, |part| part.sum);
            out.entry(id).or_default()[month.month0() as usize] += sum(0) - sum(1);
        }
    }
    Ok(out)
}
