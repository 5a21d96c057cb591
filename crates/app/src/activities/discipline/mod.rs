//! Follow-up discipline: who was in the program on the days they should have been, and what they have open that nobody
//! has touched for too long. Whoever leads sees their people, unit administrators and heads the unit, head office
//! and auditors everybody, and everybody themselves.

mod settings;
mod travel;
pub mod uses;
pub mod weekly;

use std::collections::{BTreeSet, HashMap};

use chrono::{Days, NaiveDate};
use regulars_domain::actor::Credential;
use regulars_domain::calendar::Calendar;
use regulars_domain::error::Checks;
use regulars_domain::follow_up::{Kept, Rule, Travel, idle_days, silent_before};
use regulars_domain::ids::{DepartmentId, UserId};
use regulars_domain::sight::{team, tree};
use regulars_domain::task::due_day;
use regulars_persistence::Db;
use regulars_persistence::access::organisation::department_list;
use regulars_persistence::activities::presence::{
    PeopleReach, PresentPerson, last_uses, present_people, travels, use_days, uses_known_from,
};
use regulars_persistence::activities::touch::silent_by_owner;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use self::settings::FollowUpRule;
pub use self::travel::{TravelInput, TravelView, travel_create, travel_delete, travel_list};
use crate::access::Ref;
use crate::access::settings::Company;
use crate::access::sight::department;
use crate::{AppResult, Cx};

/// Sees the discipline of the people within reach, and not only of those one leads.
const READ: &str = "activities:discipline:read";

/// Days of the period when none is asked for: four weeks.
const USUAL: Days = Days::new(27);
/// Most days of a period.
const LONGEST: i64 = 366;
/// Journeys that matter for a period.
const MOST_TRAVELS: i64 = 100_000;

/// How people kept to the rule, from one day to another.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct DisciplineReport {
    pub from: NaiveDate,
    pub to: NaiveDate,
    /// Since when it is known who used the program: nothing is asked of the days before.
    pub known_from: NaiveDate,
    /// What was asked.
    pub rule: FollowUpRule,
    /// Sums of the people below, unit by unit.
    pub units: Vec<UnitDiscipline>,
    /// Those within reach whose accounts let them in, by unit and name.
    pub people: Vec<PersonDiscipline>,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct UnitDiscipline {
    pub unit: Ref,
    #[schema(example = 24)]
    pub people: i64,
    /// How many of them have not used the program for so many days that it is reported.
    #[schema(example = 1)]
    pub idle: i64,
    #[schema(example = 480)]
    pub required_days: i64,
    #[schema(example = 470)]
    pub kept_days: i64,
    #[schema(example = 120)]
    pub open_leads: i64,
    #[schema(example = 3)]
    pub untouched_leads: i64,
    #[schema(example = 88)]
    pub open_opportunities: i64,
    #[schema(example = 5)]
    pub untouched_opportunities: i64,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PersonDiscipline {
    pub user: Ref,
    pub unit: Ref,
    pub department: Ref,
    /// Working days of the period, of those on which the person could sign in.
    #[schema(example = 20)]
    pub working_days: i64,
    /// Those of them on which the person travelled.
    #[schema(example = 5)]
    pub travel_days: i64,
    /// Days on which the person used the program, working days or not.
    #[schema(example = 18)]
    pub used_days: i64,
    /// Days on which they had to: every working day, fewer a week while they travel.
    #[schema(example = 17)]
    pub required_days: i64,
    /// How many of those they did.
    #[schema(example = 16)]
    pub kept_days: i64,
    /// Absent if never, as far as it is known.
    pub last_used_on: Option<NaiveDate>,
    /// Days since.
    #[schema(example = 0)]
    pub idle_days: i64,
    /// For so many days that it is reported.
    pub idle: bool,
    #[schema(example = 12)]
    pub open_leads: i64,
    #[schema(example = 1)]
    pub untouched_leads: i64,
    #[schema(example = 9)]
    pub open_opportunities: i64,
    #[schema(example = 0)]
    pub untouched_opportunities: i64,
}

impl PersonDiscipline {
    /// Whether there is something to tell of the person.
    fn falls_short(&self) -> bool {
        self.idle || self.kept_days < self.required_days || self.untouched_leads + self.untouched_opportunities > 0
    }
}

/// The departments that the caller leads, with everything below; none for who leads nothing.
fn led(cx: &Cx, db: &mut Db) -> AppResult<Vec<DepartmentId>> {
    let departments: Vec<_> = department_list(db, cx.actor.unit_id)?.iter().map(department).collect();
    let own = cx.actor.department_id;
    let mut roots = team(cx.actor.user_id, own, &departments);
    // One's own department is in one's team, led or not.
    roots.retain(|id| departments.iter().any(|one| one.id == *id && one.leader_id == Some(cx.actor.user_id)));
    Ok(tree(&roots, &departments))
}

/// Whose discipline the caller sees.
fn reach(cx: &Cx, db: &mut Db) -> AppResult<PeopleReach> {
    if cx.actor.may(READ) {
        return Ok(cx.actor.organisation_reach().map_or(PeopleReach::Company, PeopleReach::Unit));
    }
    // A person themselves, or work queued in their name; keys act with rights of their own.
    if cx.actor.credential != Credential::Job {
        cx.require_session()?;
    }
    Ok(PeopleReach::Led(cx.actor.user_id, led(cx, db)?))
}

/// From when to when; the last four weeks when nothing is said.
fn period(asked: (Option<NaiveDate>, Option<NaiveDate>), today: NaiveDate) -> AppResult<(NaiveDate, NaiveDate)> {
    let to = asked.1.unwrap_or(today);
    let from = asked.0.unwrap_or_else(|| to.checked_sub_days(USUAL).unwrap_or(to));
    let mut checks = Checks::default();
    if !due_day(from) || !due_day(to) {
        checks.fail("from", "date_invalid");
    } else if from > to {
        checks.fail("to", "date_order");
    } else if (to - from).num_days() >= LONGEST {
        checks.fail_with("from", "out_of_range", format!("1–{LONGEST}"));
    }
    checks.done()?;
    Ok((from, to))
}

pub fn discipline_get(cx: &Cx, asked: (Option<NaiveDate>, Option<NaiveDate>)) -> AppResult<DisciplineReport> {
    let company = cx.company()?;
    let today = company.business_date(cx.now);
    let period = period(asked, today)?;
    cx.read(|db| {
        let reach = reach(cx, db)?;
        report(db, &company, &reach, period, today)
    })
}

/// The report of the people within reach.
fn report(
    db: &mut Db,
    company: &Company,
    reach: &PeopleReach,
    (from, to): (NaiveDate, NaiveDate),
    today: NaiveDate,
) -> AppResult<DisciplineReport> {
    let rule = company.settings.follow_up.clone();
    let known_from = uses_known_from(db)?.unwrap_or(today);
    let facts = Facts::read(db, company, reach, (from, to), today)?;
    let calendar = company.settings.calendar.calendar();
    let held = Held { calendar: &calendar, rule: &rule, facts: &facts, period: (from, to), known_from, today };
    let people: Vec<PersonDiscipline> =
        present_people(db, reach)?.into_iter().map(|person| held.person(company, person)).collect();
    Ok(DisciplineReport { from, to, known_from, units: units(&people), rule, people })
}

/// What is known of people, by person.
struct Facts {
    used: HashMap<UserId, BTreeSet<NaiveDate>>,
    last: HashMap<UserId, NaiveDate>,
    travels: HashMap<UserId, Vec<Travel>>,
    /// By person and kind: open, untouched.
    open: HashMap<(UserId, String), (i64, i64)>,
}

impl Facts {
    fn read(
        db: &mut Db,
        company: &Company,
        reach: &PeopleReach,
        period: (NaiveDate, NaiveDate),
        today: NaiveDate,
    ) -> AppResult<Self> {
        let rule = &company.settings.follow_up;
        let mut used: HashMap<UserId, BTreeSet<NaiveDate>> = HashMap::new();
        for (user, day) in use_days(db, reach, period)? {
            used.entry(user).or_default().insert(day);
        }
        let mut gone: HashMap<UserId, Vec<Travel>> = HashMap::new();
        for record in travels(db, reach, None, period, MOST_TRAVELS)? {
            gone.entry(record.own.user_id).or_default().push((record.own.starts_on, record.own.ends_on));
        }
        let before = (silent_before(today, rule.lead_days), silent_before(today, rule.opportunity_days));
        let open = silent_by_owner(db, reach, before)?;
        Ok(Self {
            used,
            last: last_uses(db, reach)?,
            travels: gone,
            open: open.into_iter().map(|row| ((row.user_id, row.kind), (row.open, row.silent))).collect(),
        })
    }
}

/// What people are held against.
struct Held<'a> {
    calendar: &'a Calendar,
    rule: &'a FollowUpRule,
    facts: &'a Facts,
    period: (NaiveDate, NaiveDate),
    known_from: NaiveDate,
    today: NaiveDate,
}

impl Held<'_> {
    fn person(&self, company: &Company, person: PresentPerson) -> PersonDiscipline {
        let facts = self.facts;
        // Nothing is asked of the days before the account, nor of those of which nothing is known.
        let since = company.business_date(person.created_at).max(self.known_from);
        let rule = Rule { calendar: self.calendar, travel_days: self.rule.travel_days, today: self.today };
        let none = BTreeSet::new();
        let used = facts.used.get(&person.id).unwrap_or(&none);
        let travels = facts.travels.get(&person.id).map_or(&[][..], Vec::as_slice);
        let Kept { working, travelling, used, required, kept } =
            rule.kept((self.period.0.max(since), self.period.1), used, travels);
        let last_used_on = facts.last.get(&person.id).copied();
        let idle_days = idle_days(last_used_on, since, self.today);
        let of = |kind: &str| facts.open.get(&(person.id, kind.to_owned())).copied().unwrap_or_default();
        let ((open_leads, untouched_leads), (open_opportunities, untouched_opportunities)) =
            (of("lead"), of("opportunity"));
        PersonDiscipline {
            user: Ref::new(person.id, person.name),
            unit: Ref::new(person.unit_id, person.unit_name),
            department: Ref::new(person.department_id, person.department_name),
            working_days: working,
            travel_days: travelling,
            used_days: used,
            required_days: required,
            kept_days: kept,
            last_used_on,
            idle_days,
            idle: idle_days >= self.rule.idle_days,
            open_leads,
            untouched_leads,
            open_opportunities,
            untouched_opportunities,
        }
    }
}

/// Sums by unit; the people of a unit stand together.
fn units(people: &[PersonDiscipline]) -> Vec<UnitDiscipline> {
    let sum = |of: &[PersonDiscipline], what: fn(&PersonDiscipline) -> i64| of.iter().map(what).sum::<i64>();
    people
        .chunk_by(|one, next| one.unit.id == next.unit.id)
        .map(|of| UnitDiscipline {
            unit: of[0].unit.clone(),
            people: i64::try_from(of.len()).unwrap_or(i64::MAX),
            idle: sum(of, |one| i64::from(one.idle)),
            required_days: sum(of, |one| one.required_days),
            kept_days: sum(of, |one| one.kept_days),
            open_leads: sum(of, |one| one.open_leads),
            untouched_leads: sum(of, |one| one.untouched_leads),
            open_opportunities: sum(of, |one| one.open_opportunities),
            untouched_opportunities: sum(of, |one| one.untouched_opportunities),
        })
        .collect()
}
