//! The weekly word: whoever fell short last week is told so, and unit administrators are told of their unit. Once for
//! each week, however many nodes run and however often they start.

use chrono::{DateTime, Utc};
use regulars_domain::follow_up::{Week, week_before};
use regulars_domain::ids::{UnitId, UserId};
use regulars_persistence::Db;
use regulars_persistence::activities::presence::{PeopleReach, unit_administrators, week_tell, week_told};
use serde_json::json;

use super::{DisciplineReport, PersonDiscipline, report};
use crate::access::settings::Company;
use crate::platform::notice::{DISCIPLINE, Telling, UNIT_DISCIPLINE, notices_tell};
use crate::{App, AppError, AppResult};

/// Upkeep: tells of the last week that is over in the company's time zone, if nobody has; nothing before set-up.
pub fn discipline_tell(app: &App, now: DateTime<Utc>) -> AppResult<()> {
    let company = match app.company(now) {
        Ok(company) => company,
        Err(AppError::Conflict("setup_needed")) => return Ok(()),
        Err(error) => return Err(error),
    };
    let week = week_before(company.business_date(now));
    if app.db().read(|db| Ok::<_, AppError>(week_told(db, &week.name)?))? {
        return Ok(());
    }
    app.db().write_alone(move |tx| tell(tx, &company, &week, now))
}

fn tell(tx: &mut Db, company: &Company, week: &Week, now: DateTime<Utc>) -> AppResult<()> {
    if !week_tell(tx, &week.name, now)? {
        return Ok(());
    }
    let today = company.business_date(now);
    let report = report(tx, company, &PeopleReach::Company, (week.monday, week.sunday), today)?;
    let short: Vec<&PersonDiscipline> = report.people.iter().filter(|one| one.falls_short()).collect();
    let mut told: Vec<Telling> = short.iter().map(|one| own(week, one)).collect();
    for (administrator, unit) in unit_administrators(tx)? {
        told.extend(of_unit(week, &report, &short, (administrator, unit)));
    }
    notices_tell(tx, told, now)?;
    Ok(())
}

fn link(week: &Week) -> Option<String> {
    Some(format!("/discipline?from={}&to={}", week.monday, week.sunday))
}

/// What somebody is told of themselves.
fn own(week: &Week, one: &PersonDiscipline) -> Telling {
    Telling {
        to: UserId(one.user.id),
        unit: UnitId(one.unit.id),
        kind: DISCIPLINE,
        cause: format!("{DISCIPLINE}:{}", week.name),
        params: json!({"week": week.name, "from": week.monday, "to": week.sunday, "required_days": one.required_days,
            "kept_days": one.kept_days, "idle_days": one.idle.then_some(one.idle_days),
            "untouched_leads": one.untouched_leads, "untouched_opportunities": one.untouched_opportunities}),
        link: link(week),
    }
}

/// What an administrator is told of the unit, if there is anything.
fn of_unit(
    week: &Week,
    report: &DisciplineReport,
    short: &[&PersonDiscipline],
    (to, unit): (UserId, UnitId),
) -> Option<Telling> {
    let people = short.iter().filter(|one| one.unit.id == unit.0).count();
    let sums = report.units.iter().find(|sums| sums.unit.id == unit.0)?;
    (people > 0).then(|| Telling {
        to,
        unit,
        kind: UNIT_DISCIPLINE,
        cause: format!("{UNIT_DISCIPLINE}:{}", week.name),
        params: json!({"week": week.name, "from": week.monday, "to": week.sunday, "unit": sums.unit.name,
            "people": people, "idle": sums.idle, "untouched_leads": sums.untouched_leads,
            "untouched_opportunities": sums.untouched_opportunities}),
        link: link(week),
    })
}
