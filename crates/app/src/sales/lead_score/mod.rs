//! The lead score: what closed leads taught, or points a person set, for what is known of the open ones; with its reasons.
//! Here the scorecard is shown and set; `facts` is what is known, `fit` learns, `refresh` scores.

pub mod facts;
pub mod fit;
pub mod refresh;
pub mod settings;
mod view;
mod words;

use chrono::Utc;
use regulars_domain::error::Checks;
use regulars_domain::ids::UnitId;
use regulars_persistence::Db;
use regulars_persistence::access::organisation::unit_get;
use regulars_persistence::sales::lead_score::{ScoringRow, fits_of, scoring_put};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

pub use self::settings::{LeadScoreRule, LeadScoringInput};
pub use self::view::{
    LeadScoreAttribute, LeadScoreBin, LeadScoreFit, LeadScorePart, LeadScoreReason, LeadScoreWord, LeadScorecard,
    LeadScoringView,
};

pub(crate) use self::refresh::scores_refresh;
pub(crate) use self::view::{Told, told_of};

use self::facts::attributes;
use self::fit::{fit_ask, fit_queue, score_queue};
use self::refresh::in_force;
use self::view::{fit_views, scoring_view};
use crate::event::Event;
use crate::jobs::JobView;
use crate::list::Page;
use crate::{AppError, AppResult, Cx};

const READ: &str = "sales:opportunity:read";
const WRITE: &str = "sales:target:write";
/// Fits that are shown.
const SHOWN: i64 = 50;

/// Whose leads.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LeadFitInput {
    /// The caller's own unit when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = json!(null))]
    pub unit_id: Option<Uuid>,
}

/// The unit asked for, within sight.
fn unit_asked(cx: &Cx, db: &mut Db, asked: Option<UnitId>) -> AppResult<UnitId> {
    let unit = asked.unwrap_or(cx.actor.unit_id);
    let within = cx.actor.organisation_reach().is_none_or(|own| own == unit);
    if within && unit_get(db, unit)?.is_some() { Ok(unit) } else { Err(AppError::NotFound) }
}

/// How a unit's leads are scored: the scorecard in force, what it is worth, and what may be set.
pub fn scoring_get(cx: &Cx, unit: Option<UnitId>) -> AppResult<LeadScoringView> {
    cx.require(READ)?;
    cx.read(|db| {
        let unit = unit_asked(cx, db, unit)?;
        scoring_view(cx, db, unit)
    })
}

/// Sets how a unit's leads are scored. What is learnt otherwise from now on is learnt at once; what is open is scored anew.
pub fn scoring_put_settings(
    cx: &Cx,
    unit: Option<UnitId>,
    version: i64,
    input: LeadScoringInput,
) -> AppResult<LeadScoringView> {
    cx.require(READ)?;
    cx.require(WRITE)?;
    let within = cx.clone();
    cx.change(move |tx| {
        let cx = &within;
        let unit = unit_asked(cx, tx, unit)?;
        let before = in_force(tx, unit)?;
        let stands = before.row.as_ref().map_or(0, |row| row.version);
        if stands != version {
            return Err(AppError::Stale { current: stands });
        }
        let mut checks = Checks::default();
        input.check(&mut checks, &attributes(tx)?);
        checks.done()?;
        if before.row.is_some() && before.settings == input {
            return scoring_view(cx, tx, unit);
        }
        let row = ScoringRow {
            unit_id: unit,
            settings: serde_json::to_value(&input).map_err(AppError::internal)?,
            version: version + 1,
            updated_by: cx.actor.user(),
            updated_at: cx.now,
        };
        scoring_put(tx, row)?;
        Event::new(cx, "lead_scoring", unit, "updated")
            .stands(unit, None)
            .difference(&before.settings, &input)
            .record(tx)?;
        let key = format!("set:{}", version + 1);
        if before.settings.learns_as(&input) && before.latest.is_some() {
            score_queue(tx, unit, &key, cx.now)?;
        } else {
            fit_queue(tx, unit, &key, cx.now)?;
        }
        scoring_view(cx, tx, unit)
    })
}

/// Asks for a scorecard learnt anew; what is open is scored by it then.
pub fn fit_create(cx: &Cx, input: LeadFitInput) -> AppResult<JobView> {
    cx.require(READ)?;
    cx.require(WRITE)?;
    let unit = cx.read(|db| unit_asked(cx, db, input.unit_id.map(UnitId)))?;
    fit_ask(cx, unit)
}

/// Every time it was tried to learn, the latest first; at most 50.
pub fn fit_list(cx: &Cx, unit: Option<UnitId>) -> AppResult<Page<LeadScoreFit>> {
    cx.require(READ)?;
    cx.read(|db| {
        let unit = unit_asked(cx, db, unit)?;
        let now = in_force(db, unit)?;
        let rows = fits_of(db, unit, SHOWN)?;
        Ok(Page::whole(fit_views(db, rows, &now)?))
    })
}

/// Learns and scores all units at once: for a company that was made up.
pub fn scores_learn(app: &crate::App, now: chrono::DateTime<Utc>) -> AppResult<()> {
    let minor = refresh::minor(&app.db().read(crate::access::settings::company_load)?);
    let units =
        app.db().read(|db| Ok::<_, AppError>(regulars_persistence::sales::lead_score::units_with_leads(db)?))?;
    for unit in units {
        fit::fit_run(app, unit, None, now)?;
        refresh::unit_refresh(app, unit, minor, &mut |_| Ok(()))?;
    }
    Ok(())
}
