//! Suggestions of all sources: gathered, those left out that rest or may not be made, ranked, named.

use std::collections::{HashMap, HashSet};

use chrono::{Days, NaiveDate};
use regulars_domain::ids::{PartyId, UnitId};
use regulars_domain::next_action::{Outcome, Rule, Suggestion, rests};
use regulars_persistence::Db;
use regulars_persistence::insight::next_action::{FigureRow, Looked, figures_named, figures_of, outcomes_since};

use super::NextActionView;
use super::sources::SOURCES;
use super::words::Words;
use crate::access::Ref;
use crate::access::settings::Company;
use crate::customers::consent::channels_open_among;
use crate::money::Money;
use crate::{AppResult, Cx};

/// Customers whose figures are gone through, those with the largest sales; suggestions of one source.
const CUSTOMERS: i64 = 2_000;
pub(super) const OF_A_SOURCE: i64 = 300;
/// Ranked suggestions whose customers are asked about consent, for each that is wanted.
const SPARE: usize = 3;
/// Days after which nothing rests any more.
const REMEMBERED: Days = Days::new(400);

/// What sources look at.
pub(super) struct Ask<'a> {
    pub cx: &'a Cx,
    pub looked: Looked,
    pub today: NaiveDate,
    pub company: &'a Company,
    /// The customers looked at who bought, the largest sales first.
    pub figures: Vec<FigureRow>,
    pub words: Words,
}

/// What is at stake, minor units.
pub(super) enum Stake {
    Known(i64),
    /// Expected in twelve months.
    YearAhead,
    MeanOrder,
}

/// What a source found.
pub(super) struct Found {
    pub rule: Rule,
    pub party: PartyId,
    pub subject: String,
    pub due: NaiveDate,
    pub stake: Stake,
    pub reason: String,
    pub act: &'static str,
    pub product: Option<Ref>,
    /// For what the customer is contacted; nobody is when absent.
    pub purpose: Option<&'static str>,
}

pub(super) fn found(cx: &Cx, looked: Looked, limit: usize) -> AppResult<Vec<NextActionView>> {
    let company = cx.company()?;
    let settings = &company.settings.insight.next_actions;
    cx.read(|db| {
        let ask = Ask {
            cx,
            today: company.business_date(cx.now),
            company: &company,
            figures: figures_of(db, &looked, CUSTOMERS)?,
            words: Words { english: cx.request.locale == "en" },
            looked,
        };
        let mut found = Vec::new();
        for source in &SOURCES {
            if source.rules.iter().any(|rule| settings.of(*rule).on) {
                found.extend((source.find)(&ask, db)?);
            }
        }
        found.retain(|one| settings.of(one.rule).on);
        let figures = figures(db, &ask, &found)?;
        wake(db, &ask, &mut found)?;
        let mut ranked: Vec<(Suggestion, Found)> =
            found.into_iter().filter_map(|one| Some((suggestion(figures.get(&one.party)?, &one), one))).collect();
        let weight = |rule: Rule| settings.of(rule).weight;
        ranked.sort_by(|(one, _), (other, _)| one.order(other, &weight));
        ranked.truncate(limit * SPARE);
        let channels = channels(db, &ask, &figures, &ranked)?;
        let views = ranked.into_iter().filter_map(|(suggestion, one)| {
            let row = figures.get(&one.party)?;
            let open = match one.purpose {
                Some(purpose) => channels.get(&(purpose, one.party)).filter(|open| !open.is_empty())?.clone(),
                None => Vec::new(),
            };
            Some(view(&ask, row, suggestion, one, open))
        });
        Ok(views.take(limit).collect())
    })
}

/// The figures of everybody something was found for.
fn figures(db: &mut Db, ask: &Ask, found: &[Found]) -> AppResult<HashMap<PartyId, FigureRow>> {
    let mut figures: HashMap<PartyId, FigureRow> = ask.figures.iter().map(|row| (row.party_id, row.clone())).collect();
    let mut missing: Vec<PartyId> = found.iter().map(|one| one.party).filter(|id| !figures.contains_key(id)).collect();
    missing.sort_unstable();
    missing.dedup();
    if !missing.is_empty() {
        figures.extend(figures_named(db, &missing)?.into_iter().map(|row| (row.party_id, row)));
    }
    Ok(figures)
}

/// Leaves out what rests. The last that was made of a suggestion counts.
fn wake(db: &mut Db, ask: &Ask, found: &mut Vec<Found>) -> AppResult<()> {
    let parties: HashSet<PartyId> = found.iter().map(|one| one.party).collect();
    let mut parties: Vec<PartyId> = parties.into_iter().collect();
    parties.sort_unstable();
    let since = ask.today.checked_sub_days(REMEMBERED).unwrap_or(ask.today);
    let mut last = HashMap::new();
    for row in outcomes_since(db, &parties, since)? {
        let (Some(rule), Some(outcome)) = (Rule::parse(&row.rule), Outcome::parse(&row.outcome)) else { continue };
        last.entry((rule, row.party_id, row.subject)).or_insert((outcome, row.acted_on, row.until_on));
    }
    found.retain(|one| {
        let made = last.get(&(one.rule, one.party, one.subject.clone()));
        made.is_none_or(|made| !rests(one.rule, *made, ask.today))
    });
    Ok(())
}

fn suggestion(row: &FigureRow, found: &Found) -> Suggestion {
    let mean = if row.orders > 0 { row.net / row.orders } else { 0 };
    Suggestion {
        rule: found.rule,
        party: found.party,
        subject: found.subject.clone(),
        stake: match found.stake {
            Stake::Known(minor) => minor,
            Stake::YearAhead => row.lifetime_value.unwrap_or(mean),
            Stake::MeanOrder => mean,
        }
        .max(0),
        due: found.due,
    }
}

/// Over which those may be contacted whom a suggestion would have contacted, by purpose.
fn channels(
    db: &mut Db,
    ask: &Ask,
    figures: &HashMap<PartyId, FigureRow>,
    ranked: &[(Suggestion, Found)],
) -> AppResult<HashMap<(&'static str, PartyId), Vec<String>>> {
    let mut asked: HashMap<&'static str, Vec<(PartyId, UnitId)>> = HashMap::new();
    for (_, one) in ranked {
        if let (Some(purpose), Some(row)) = (one.purpose, figures.get(&one.party)) {
            asked.entry(purpose).or_default().push((one.party, row.unit_id));
        }
    }
    let mut channels = HashMap::new();
    for (purpose, mut customers) in asked {
        customers.sort_unstable();
        customers.dedup();
        let open = channels_open_among(db, &customers, purpose, ask.cx.now)?;
        channels.extend(open.into_iter().map(|(party, open)| ((purpose, party), open)));
    }
    Ok(channels)
}

fn view(ask: &Ask, row: &FigureRow, suggestion: Suggestion, found: Found, channels: Vec<String>) -> NextActionView {
    NextActionView {
        rule: found.rule.key().into(),
        subject: found.subject,
        customer: Ref::new(row.party_id, row.name.clone()),
        owner: row.owner_id.map(|id| Ref::new(id, row.owner_name.clone().unwrap_or_default())),
        value_class: row.value_class.clone(),
        reason: found.reason,
        stake: Money::of(suggestion.stake, &ask.company.currency),
        due: found.due,
        act: found.act.into(),
        product: found.product,
        channels,
    }
}
