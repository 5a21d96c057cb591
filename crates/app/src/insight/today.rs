//! The first page of the day: what is coming, who has fallen silent, what happened since yesterday.

use chrono::{DateTime, Datelike, Days, Duration, NaiveDate, NaiveTime, TimeZone, Utc};
use regulars_domain::actor::{Action, Resource};
use regulars_domain::dates_of_life::{LifeDay, LunarDay};
use regulars_domain::mask::BIRTHDAY;
use regulars_persistence::insight::today::{
    ChangeRow, ComingRow, changes_since, customers_since, dates_coming, orders_on, silent_customers,
};
use regulars_persistence::insight::warning::{WarningSought, warnings_list};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::warning::{WarningView, view as warning_view};
use crate::access::Ref;
use crate::access::settings::Company;
use crate::customers::dates::{Occurrence, occurrence_of};
use crate::jobs::{JobView, job_list};
use crate::list::ListRequest;
use crate::money::Money;
use crate::sales::wish::{WishArrived, wishes_to_tell};
use crate::{AppResult, Cx};

/// Dates of the coming days that are shown.
const AHEAD: Days = Days::new(7);
/// A key customer is silent after so many days without order or contact.
const SILENT_DAYS: u64 = 60;
const SHOWN: i64 = 20;

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Today {
    pub greeting_name: String,
    /// The business day.
    pub on: NaiveDate,
    pub dates: Vec<DateComing>,
    /// What has arrived for customers of the caller's own who are still to be told.
    pub wishes_arrived: Vec<WishArrived>,
    /// VIP and major customers without order or contact for 60 days, the most valuable first.
    pub silent: Vec<Silent>,
    /// Customers about to leave, those with the most at stake first; for those who may see insight.
    pub warnings: Vec<WarningView>,
    pub new_customers_7d: i64,
    pub orders_yesterday: OrdersOfDay,
    pub changed_since_yesterday: Vec<Change>,
    pub jobs_running: Vec<JobView>,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct DateComing {
    pub customer: Ref,
    /// `birthday` and the like, or the words it was given.
    pub label: String,
    pub kind: String,
    /// Whose day it is, when not the customer's own.
    pub person: Option<String>,
    #[serde(flatten)]
    pub falls: Occurrence,
    /// Remembered by the lunar calendar.
    pub by_lunar: bool,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Silent {
    pub customer: Ref,
    pub days: i64,
    #[schema(value_type = crate::shape::ValueClass)]
    pub value_class: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct OrdersOfDay {
    pub count: i64,
    pub net: Money,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Change {
    pub id: Uuid,
    pub at: DateTime<Utc>,
    pub customer: Ref,
    /// Who did it; absent for what the system did.
    pub actor: Option<String>,
    pub resource: String,
    pub action: String,
    /// The customer's name, for a line of text.
    pub title: String,
}

/// The instant a business day begins.
fn day_start(company: &Company, on: NaiveDate) -> DateTime<Utc> {
    let midnight = on.and_time(NaiveTime::MIN);
    company.time_zone.from_local_datetime(&midnight).earliest().map_or_else(|| midnight.and_utc(), |at| at.to_utc())
}

/// Needs no permission of its own: everyone sees of it what they may see elsewhere.
pub fn today_get(cx: &Cx) -> AppResult<Today> {
    let company = cx.company()?;
    let today = company.business_date(cx.now);
    let yesterday = today.pred_opt().unwrap_or(today);
    let customers = cx.visible(Resource::Customer, Action::Read);
    let orders = cx.visible(Resource::Order, Action::Read);
    let running = ListRequest { q: Some("running".into()), limit: 20, ..ListRequest::default() };
    let jobs_running = job_list(cx, &running)?.items;
    cx.read(|db| {
        let silent_before = today.checked_sub_days(Days::new(SILENT_DAYS)).unwrap_or(today);
        let spoken = cx.now - Duration::days(SILENT_DAYS as i64);
        let silent = silent_customers(db, &customers, silent_before, spoken, SHOWN)?;
        let (count, net) = orders_on(db, &orders, yesterday)?;
        Ok(Today {
            greeting_name: cx.actor.name.clone(),
            on: today,
            dates: if cx.actor.masks.hides(BIRTHDAY) {
                Vec::new()
            } else {
                let dates = dates_coming(db, &customers, (today, today + AHEAD), SHOWN)?;
                dates.into_iter().map(|row| coming(row, today)).collect()
            },
            wishes_arrived: wishes_to_tell(cx, db, SHOWN)?,
            silent: silent
                .into_iter()
                .map(|row| Silent {
                    customer: Ref::new(row.party_id, row.name),
                    days: (today - row.last_order_on).num_days(),
                    value_class: row.value_class,
                })
                .collect(),
            warnings: if cx.actor.may("insight:metric:read") {
                let rows = warnings_list(db, &customers, &WarningSought::default(), SHOWN)?;
                rows.into_iter().map(|row| warning_view(row, &company.currency)).collect()
            } else {
                Vec::new()
            },
            new_customers_7d: customers_since(db, &customers, cx.now - Duration::days(7))?,
            orders_yesterday: OrdersOfDay { count, net: Money::of(net, &company.currency) },
            changed_since_yesterday: changes_since(db, &customers, day_start(&company, yesterday), SHOWN)?
                .into_iter()
                .map(change)
                .collect(),
            jobs_running,
        })
    })
}

fn coming(row: ComingRow, today: NaiveDate) -> DateComing {
    let first = if row.lunar {
        LifeDay::Lunar { year: row.lunar_year, day: LunarDay { month: 1, day: 1, leap: false } }
    } else {
        let year = row.on_date.filter(|_| row.year_known).map(|on| on.year());
        LifeDay::Gregorian { year, month: 1, day: 1 }
    };
    DateComing {
        customer: Ref::new(row.party_id, row.name),
        label: row.label.unwrap_or_else(|| row.kind.clone()),
        kind: row.kind,
        person: row.person,
        falls: occurrence_of(first, row.next_on, today),
        by_lunar: row.lunar,
    }
}

fn change(row: ChangeRow) -> Change {
    Change {
        id: row.id.0,
        at: row.at,
        title: row.customer.clone(),
        customer: Ref::new(row.party_id, row.customer),
        actor: row.actor,
        resource: row.resource,
        action: row.action,
    }
}
