//! What every card of a board says, each for itself: where one may not be answered, the others still are.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use regulars_domain::actor::{Action, Resource, Visibility};
use regulars_domain::error::Checks;
use regulars_domain::ids::{DashboardId, UserId, ViewId};
use regulars_persistence::Db;
use regulars_persistence::platform::view::view_get;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::card::{DashboardCard, DashboardInput, check};
use super::executive::{EXECUTIVE, executive};
use super::figure::{DashboardFigure, figure};
use super::listed::{DashboardListed, listed};
use super::{READ, found, input_of};
use crate::customers::mask::condition_mask;
use crate::insight::pivot::{PivotPeriod, PivotPeriodView, PivotQuery, PivotView, pivot_run};
use crate::platform::view::view_in_sight;
use crate::{AppError, AppResult, Cx};

/// The days a board is asked about.
#[derive(Debug, Clone, Default)]
pub struct DashboardAnswerRequest {
    /// Instead of the board's own.
    pub period: Option<PivotPeriod>,
}

/// Everything a board says, in the order of its cards.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct DashboardAnswer {
    pub as_of: DateTime<Utc>,
    /// The days of the cards that have none of their own.
    pub period: Option<PivotPeriodView>,
    pub cards: Vec<DashboardCardAnswer>,
}

/// What one card says; of `table`, `figure` and `rows` the one that fits its kind, or `fault`.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
pub struct DashboardCardAnswer {
    /// The card's.
    #[schema(example = "revenue")]
    pub id: String,
    /// Of the saved pivot.
    #[schema(example = "Channels by month")]
    pub name: Option<String>,
    pub fault: Option<DashboardCardFault>,
    /// Its own days, where it has some.
    pub period: Option<PivotPeriodView>,
    /// What was asked of the facts, to look into it further.
    pub query: Option<PivotQuery>,
    pub table: Option<PivotView>,
    pub figure: Option<DashboardFigure>,
    pub rows: Option<Vec<DashboardListed>>,
}

/// Why a card has no answer for the caller.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct DashboardCardFault {
    /// `forbidden`; `not_found`, of a saved pivot that is gone or not shown to the caller; or the code of what is wrong
    /// with the question, as another operation would answer it.
    #[schema(example = "forbidden")]
    pub code: String,
    /// The permission that is missing.
    #[schema(example = "sales:order:read")]
    pub needs: Option<String>,
}

/// A saved pivot.
pub(super) struct SavedPivot {
    pub name: String,
    pub query: PivotQuery,
}

/// The saved pivot, if the caller has it in sight or it is of the person whose board it stands on.
pub(super) fn saved_pivot(cx: &Cx, db: &mut Db, id: ViewId, board_owner: UserId) -> AppResult<Option<SavedPivot>> {
    let row = view_get(db, id)?.filter(|row| row.resource == "pivots");
    let row = row.filter(|row| row.owner_id == board_owner || view_in_sight(cx, row));
    Ok(row.and_then(|row| {
        let query = serde_json::from_value(row.definition.get("query").cloned().unwrap_or(Value::Null)).ok()?;
        Some(SavedPivot { name: row.name, query })
    }))
}

/// Answers every card of a board.
pub fn dashboard_answer(cx: &Cx, id: DashboardId, request: &DashboardAnswerRequest) -> AppResult<DashboardAnswer> {
    cx.require(READ)?;
    let (board, owner) = if id == EXECUTIVE {
        (executive(cx.request.locale == "en"), cx.actor.user_id)
    } else {
        cx.read(|db| {
            let row = found(cx, db, id)?;
            Ok((input_of(&row)?, row.owner_id))
        })?
    };
    answered(cx, &board, owner, request.period.as_ref())
}

/// Answers a board that is not kept yet, as its owner would see it.
pub fn dashboard_preview(cx: &Cx, board: DashboardInput) -> AppResult<DashboardAnswer> {
    cx.require(READ)?;
    check(cx, &board)?;
    answered(cx, &board, cx.actor.user_id, None)
}

fn answered(
    cx: &Cx,
    board: &DashboardInput,
    owner: UserId,
    instead: Option<&PivotPeriod>,
) -> AppResult<DashboardAnswer> {
    let today = cx.today()?;
    let mut checks = Checks::default();
    let period = instead.or(board.period.as_ref());
    let days = period.and_then(|period| period.read(today, "", &mut checks));
    checks.done()?;
    let mut saved = cx.read(|db| {
        let ids = board.cards.iter().filter_map(|card| card.view_id);
        let each = ids.map(|id| Ok((id, saved_pivot(cx, db, ViewId(id), owner)?)));
        each.collect::<AppResult<HashMap<Uuid, Option<SavedPivot>>>>()
    })?;
    let mut cards = Vec::with_capacity(board.cards.len());
    for card in &board.cards {
        let pivot = card.view_id.and_then(|id| saved.get_mut(&id)?.as_ref());
        let answer = Asked { cx, card, period }.answer(pivot).or_else(fault)?;
        cards.push(DashboardCardAnswer { id: card.id.clone(), ..answer });
    }
    Ok(DashboardAnswer { as_of: cx.now, period: days.map(PivotPeriodView::of), cards })
}

/// What a refusal says on the card; faults of ours fail the whole answer.
fn fault(error: AppError) -> AppResult<DashboardCardAnswer> {
    let (code, needs) = match error {
        AppError::Forbidden(permission) => ("forbidden".to_string(), Some(permission)),
        AppError::NotFound => ("not_found".to_string(), None),
        AppError::Validation(errors) => {
            let first = errors.into_iter().next().map(|error| error.code.to_string());
            (first.unwrap_or_else(|| "validation_failed".into()), None)
        }
        AppError::Conflict(code) => (code.to_string(), None),
        other => return Err(other),
    };
    Ok(DashboardCardAnswer { fault: Some(DashboardCardFault { code, needs }), ..DashboardCardAnswer::default() })
}

struct Asked<'a> {
    cx: &'a Cx,
    card: &'a DashboardCard,
    /// Of the board, unless another is asked for.
    period: Option<&'a PivotPeriod>,
}

impl Asked<'_> {
    fn answer(&self, saved: Option<&SavedPivot>) -> AppResult<DashboardCardAnswer> {
        let card = self.card;
        let period = card.period.as_ref().or(self.period);
        let mut checks = Checks::default();
        let today = self.cx.today()?;
        let own = card.period.as_ref().and_then(|period| period.read(today, "", &mut checks));
        let days = period.and_then(|period| period.read(today, "", &mut checks));
        checks.done()?;
        let answer = match (card.kind.as_str(), &card.figure, &card.list) {
            ("figure", Some(key), _) => {
                let (figure, query) = figure(self.cx, key, days, card.compare)?;
                DashboardCardAnswer { figure: Some(figure), query, ..DashboardCardAnswer::default() }
            }
            ("list", _, Some(key)) => {
                DashboardCardAnswer { rows: Some(listed(self.cx, key, days)?), ..DashboardCardAnswer::default() }
            }
            _ => self.pivot(saved, period)?,
        };
        Ok(DashboardCardAnswer { period: own.map(PivotPeriodView::of), ..answer })
    }

    fn pivot(&self, saved: Option<&SavedPivot>, period: Option<&PivotPeriod>) -> AppResult<DashboardCardAnswer> {
        sees_orders(self.cx)?;
        let (name, mut query) = match (&self.card.query, saved) {
            (Some(query), _) => (None, query.clone()),
            (None, Some(saved)) => (Some(saved.name.clone()), saved.query.clone()),
            (None, None) => return Err(AppError::NotFound),
        };
        if let Some(period) = period {
            query.period = Some(period.clone());
        }
        let table = pivot_run(self.cx, query.clone())?;
        let mut shown = serde_json::to_value(query).map_err(AppError::internal)?;
        condition_mask(&self.cx.actor.masks, &mut shown);
        let query = serde_json::from_value(shown).map_err(AppError::internal)?;
        Ok(DashboardCardAnswer { name, query: Some(query), table: Some(table), ..DashboardCardAnswer::default() })
    }
}

/// Refuses who sees no orders at all: an empty table would say that nothing was sold.
pub(super) fn sees_orders(cx: &Cx) -> AppResult<()> {
    match cx.visible(Resource::Order, Action::Read) {
        Visibility::Nothing => Err(AppError::Forbidden("sales:order:read".into())),
        _ => Ok(()),
    }
}
