//! The morning brief: yesterday for oneself, one's team, one's unit and the company, as far as one sees.

use chrono::{Days, Duration, NaiveDate};
use regulars_domain::actor::{Action, Resource, Visibility};
use regulars_domain::mask::BIRTHDAY;
use regulars_persistence::Db;
use regulars_persistence::insight::brief::{
    dates_between, first_orders_on, promises_due, untouched_since, warnings_on,
};
use regulars_persistence::insight::today::orders_on;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::access::settings::Company;
use crate::money::Money;
use crate::{AppResult, Cx};

/// Whom a line of the brief is about.
pub const SCOPES: [&str; 4] = ["me", "team", "unit", "company"];
/// Days ahead that dates and promises are counted.
const AHEAD: Days = Days::new(7);
/// A key customer is untouched after so many days.
const UNTOUCHED: i64 = 60;

/// Yesterday, and what stands this morning.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Brief {
    /// The business day before today.
    pub on: NaiveDate,
    /// From oneself outward.
    pub lines: Vec<BriefLine>,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct BriefLine {
    #[schema(value_type = crate::shape::BriefScope)]
    pub scope: String,
    /// Net, of the day's orders; absent for those who don't see orders that far.
    pub revenue: Option<Money>,
    pub orders: Option<i64>,
    /// Who bought for the first time.
    pub new_customers: i64,
    /// Raised yesterday and still standing; for those who may see insight.
    pub warnings: Option<i64>,
    /// Dates of life today and within seven days; absent for those they are masked for.
    pub dates: Option<i64>,
    /// Wishes that arrived and nobody was told of, and those needed within seven days.
    pub promises: i64,
    /// VIP and major customers without order and contact for 60 days; for those who may see insight.
    pub untouched: Option<i64>,
}

/// Needs no permission of its own: everyone is told as far as they see customers.
pub fn brief_get(cx: &Cx) -> AppResult<Brief> {
    let company = cx.company()?;
    let today = company.business_date(cx.now);
    let on = today.pred_opt().unwrap_or(today);
    let customers = cx.visible_own(Resource::Customer, Action::Read);
    let orders = cx.visible_own(Resource::Order, Action::Read);
    let (reached, sold) = (scopes(cx, &customers), scopes(cx, &orders));
    let lines = cx.read(|db| {
        let line = |(scope, sight): &(&'static str, Visibility)| {
            let sold = sold.iter().any(|(of_orders, _)| of_orders == scope);
            line(cx, db, &company, (scope, sight, sold), (on, today))
        };
        reached.iter().map(line).collect::<AppResult<Vec<BriefLine>>>()
    })?;
    Ok(Brief { on, lines })
}

/// The circles around the caller that a sight covers, with what they cover.
fn scopes(cx: &Cx, sight: &Visibility) -> Vec<(&'static str, Visibility)> {
    let (unit_id, user_id) = (cx.actor.unit_id, cx.actor.user_id);
    let own = || ("me", Visibility::Owned { unit_id, user_id, departments: Vec::new() });
    let unit = || ("unit", Visibility::Unit(unit_id));
    match sight {
        Visibility::Nothing => Vec::new(),
        Visibility::Owned { departments, .. } if departments.is_empty() => vec![own()],
        Visibility::Owned { .. } => vec![own(), ("team", sight.clone())],
        Visibility::Unit(_) => vec![own(), unit()],
        Visibility::Company => vec![own(), unit(), ("company", Visibility::Company)],
        Visibility::Beside { own, .. } => scopes(cx, own),
    }
}

fn line(
    cx: &Cx,
    db: &mut Db,
    company: &Company,
    (scope, sight, sold): (&str, &Visibility, bool),
    (on, today): (NaiveDate, NaiveDate),
) -> AppResult<BriefLine> {
    let insight = cx.actor.may("insight:metric:read");
    let sales = if sold { Some(orders_on(db, sight, on)?) } else { None };
    let silent = (today - Duration::days(UNTOUCHED), cx.now - Duration::days(UNTOUCHED));
    Ok(BriefLine {
        scope: scope.into(),
        revenue: sales.map(|(_, net)| Money::of(net, &company.currency)),
        orders: sales.map(|(count, _)| count),
        new_customers: first_orders_on(db, sight, on)?,
        warnings: if insight { Some(warnings_on(db, sight, on)?) } else { None },
        dates: if cx.actor.masks.hides(BIRTHDAY) {
            None
        } else {
            Some(dates_between(db, sight, (today, today + AHEAD))?)
        },
        promises: promises_due(db, sight, today + AHEAD)?,
        untouched: if insight { Some(untouched_since(db, sight, silent)?) } else { None },
    })
}
