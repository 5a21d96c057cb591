//! Whom it pays to win back: who is lost, warned of or in decline, what they would spend in a year at their own pace, and
//! how likely they are to come back.

use std::cmp::Reverse;

use chrono::NaiveDate;
use regulars_analytics::churn::yearly_at_own_pace;
use regulars_persistence::insight::win_back::{WinBackRow, win_back_rows};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::overview::sight;
use super::settings::WinBackSettings;
use crate::access::Ref;
use crate::money::Money;
use crate::{AppError, AppResult, Cx};

/// Why somebody is on the list: given up, warned of, in decline.
pub const STATES: [&str; 3] = ["lost", "warned", "declining"];
/// Orders of the list.
pub const SORTS: [&str; 4] = ["-expected", "-value", "-silent_days", "silent_days"];
/// Of the customers who spent the most so many are reckoned, and so many shown.
const RECKONED: i64 = 5_000;
const SHOWN: usize = 200;

/// Somebody to win back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct WinBackView {
    pub customer: Ref,
    pub owner: Option<Ref>,
    #[schema(value_type = Option<crate::shape::ValueClass>)]
    pub value_class: Option<String>,
    #[schema(value_type = crate::shape::WinBackState)]
    pub state: String,
    /// A key of the dictionary `churn_reason`, of a loss.
    #[schema(example = "neglected")]
    pub reason: Option<String>,
    pub last_order_on: NaiveDate,
    #[schema(example = 200)]
    pub silent_days: i64,
    /// What they would spend in a year at their own pace: the mean of an order day × 365 ÷ the mean days between them, at
    /// most one a week; one order of who bought once.
    pub value: Money,
    /// By the company's setting, 0–1.
    #[schema(example = 0.25)]
    pub chance: f64,
    /// value × chance.
    pub expected: Money,
}

/// The list with its sums.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct WinBackList {
    /// At most 200.
    pub items: Vec<WinBackView>,
    /// How many were reckoned: of those who spent the most, at most 5,000.
    #[schema(example = 340)]
    pub customers: usize,
    /// Of all of them.
    pub value: Money,
    pub expected: Money,
}

struct Reckoned {
    row: WinBackRow,
    state: &'static str,
    chance: f64,
    value: i64,
    expected: i64,
    silent_days: i64,
}

/// Who is to be won back, those who are expected to bring the most first unless asked otherwise.
pub fn win_back_list(cx: &Cx, sort: Option<&str>) -> AppResult<WinBackList> {
    let customers = sight(cx)?;
    let sort = sort.unwrap_or("-expected");
    if !SORTS.contains(&sort) {
        return Err(AppError::invalid("sort", "not_allowed"));
    }
    let company = cx.company()?;
    let today = company.business_date(cx.now);
    let chances = company.settings.insight.win_back;
    let rows = cx.read(|db| Ok(win_back_rows(db, &customers, RECKONED)?))?;
    let mut all: Vec<Reckoned> = rows.into_iter().map(|row| reckoned(row, &chances, today)).collect();
    match sort {
        "-value" => all.sort_by_key(|one| (Reverse(one.value), one.row.party_id)),
        "-silent_days" => all.sort_by_key(|one| (Reverse(one.silent_days), one.row.party_id)),
        "silent_days" => all.sort_by_key(|one| (one.silent_days, one.row.party_id)),
        _ => all.sort_by_key(|one| (Reverse(one.expected), one.row.party_id)),
    }
    let money = |minor: i64| Money::of(minor, &company.currency);
    Ok(WinBackList {
        customers: all.len(),
        value: money(all.iter().map(|one| one.value).sum()),
        expected: money(all.iter().map(|one| one.expected).sum()),
        items: all.into_iter().take(SHOWN).map(|one| view(one, &company.currency)).collect(),
    })
}

fn reckoned(row: WinBackRow, chances: &WinBackSettings, today: NaiveDate) -> Reckoned {
    let (state, chance) = match (row.lost_on, row.warned_on) {
        (Some(_), _) => ("lost", chances.lost),
        (None, Some(_)) => ("warned", chances.warned),
        (None, None) => ("declining", chances.declining),
    };
    let value = yearly_at_own_pace(row.net, row.order_days, row.mean_gap_days);
    Reckoned {
        state,
        chance,
        value,
        expected: (value as f64 * chance).round() as i64,
        silent_days: (today - row.last_order_on).num_days(),
        row,
    }
}

fn view(one: Reckoned, currency: &str) -> WinBackView {
    let row = one.row;
    let owner = row.owner_id.map(|id| Ref::new(Uuid::from(id), row.owner_name.unwrap_or_default()));
    WinBackView {
        customer: Ref::new(row.party_id, row.name),
        owner,
        value_class: row.value_class,
        state: one.state.into(),
        reason: row.lost_reason.filter(|_| one.state == "lost"),
        last_order_on: row.last_order_on,
        silent_days: one.silent_days,
        value: Money::of(one.value, currency),
        chance: one.chance,
        expected: Money::of(one.expected, currency),
    }
}
