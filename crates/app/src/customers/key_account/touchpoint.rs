//! The touchpoint map: every way in which a customer may be met, when each was last used, and where there is a gap.

use std::collections::HashMap;

use chrono::{Days, NaiveDate};
use regulars_domain::ids::PartyId;
use regulars_domain::key_account::{FORGOTTEN, TouchState, touch_due, touch_state};
use regulars_persistence::Db;
use regulars_persistence::customers::key_account::{delivered_last, ordered_last, spoken_last};
use regulars_persistence::platform::dictionary::entry_list as entry_rows;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::input::TouchpointPlan;
use crate::customers::interaction::KINDS;
use crate::platform::dictionary::entry_meant;
use crate::{AppResult, Cx};

/// Ways of meeting that are known in the same manner.
#[derive(Debug, Clone, Copy)]
pub struct Group {
    pub key: &'static str,
    /// The dictionary that names its touchpoints, or the touchpoints themselves.
    dictionary: Option<&'static str>,
    words: &'static [&'static str],
    /// Whether people say when the customer was met; the others tell from what is recorded.
    pub by_hand: bool,
}

/// The dictionary of a company's own touchpoints.
pub const PLACES: &str = "touchpoint";
const CHANNELS: &str = "channel";
const DELIVERY: &str = "delivery";

pub const GROUPS: [Group; 4] = [
    Group { key: "contact", dictionary: None, words: KINDS, by_hand: false },
    Group { key: "order", dictionary: Some(CHANNELS), words: &[], by_hand: false },
    Group { key: DELIVERY, dictionary: None, words: &[DELIVERY], by_hand: false },
    Group { key: "place", dictionary: Some(PLACES), words: &[], by_hand: true },
];

/// A note is written, nobody is met.
const NO_CONTACT: &str = "note";

impl Group {
    fn has(&self, word: &str) -> bool {
        word != NO_CONTACT && self.words.contains(&word)
    }

    /// The key of the touchpoint that is meant; what stood before may stay, whatever became of its entry.
    pub fn meant(&self, db: &mut Db, said: &str, stood: bool) -> AppResult<Option<String>> {
        match self.dictionary {
            Some(dictionary) => entry_meant(db, dictionary, said, stood.then_some(said)),
            None => Ok(self.has(said).then(|| said.to_owned())),
        }
    }

    fn all(&self, db: &mut Db) -> AppResult<Vec<String>> {
        match self.dictionary {
            Some(dictionary) => {
                Ok(entry_rows(db, dictionary)?.into_iter().filter(|one| one.active).map(|one| one.key).collect())
            }
            None => Ok(self.words.iter().filter(|word| self.has(word)).map(|word| (*word).to_owned()).collect()),
        }
    }
}

/// One way of meeting the customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Touchpoint {
    #[schema(value_type = crate::shape::TouchpointGroup)]
    pub group: String,
    #[schema(example = "visit")]
    pub key: String,
    pub last_on: Option<NaiveDate>,
    /// How often within the last 365 days; of `place`, where days are noted by hand, absent.
    #[schema(example = 4)]
    pub times: Option<i64>,
    /// Planned: every so many days.
    #[schema(example = 90)]
    pub every_days: Option<i64>,
    /// By when the customer is to be met there again.
    pub due_on: Option<NaiveDate>,
    /// `met`; `due`: planned, and to be met by now; `gap`: nothing is planned, and never met there or not for a year.
    #[schema(value_type = crate::shape::TouchpointState)]
    pub state: String,
    pub note: Option<String>,
}

/// What is recorded of meetings: the day of the last, and how many within a year, by group and key.
#[derive(Debug, Default)]
pub struct Met(HashMap<(PartyId, &'static str, String), (NaiveDate, i64)>);

impl Met {
    /// Of these customers.
    pub fn read(cx: &Cx, db: &mut Db, parties: &[PartyId]) -> AppResult<Self> {
        let company = cx.company()?;
        let since = cx.today()?.checked_sub_days(Days::new(FORGOTTEN)).unwrap_or_default();
        let moment = cx.now - chrono::Duration::days(FORGOTTEN.cast_signed());
        let mut met = HashMap::new();
        for row in spoken_last(db, parties, moment)? {
            met.insert((row.party_id, "contact", row.kind), (company.business_date(row.last_at), row.lately));
        }
        for row in ordered_last(db, parties, since)? {
            met.insert((row.party_id, "order", row.channel.unwrap_or_default()), (row.last_on, row.lately));
        }
        for row in delivered_last(db, parties, since)? {
            met.insert((row.party_id, DELIVERY, DELIVERY.into()), (row.last_on, row.lately));
        }
        Ok(Self(met))
    }
}

/// All touchpoints there are, in the order of the groups.
pub fn universe(db: &mut Db) -> AppResult<Vec<(Group, Vec<String>)>> {
    GROUPS.into_iter().map(|group| Ok((group, group.all(db)?))).collect()
}

/// The map of one customer: what there is, and what is planned that is no longer there.
pub fn map(
    party: PartyId,
    plans: &[TouchpointPlan],
    universe: &[(Group, Vec<String>)],
    met: &Met,
    today: NaiveDate,
) -> Vec<Touchpoint> {
    let mut touchpoints = Vec::new();
    for (group, keys) in universe {
        let planned = plans.iter().filter(|plan| plan.group == group.key).map(|plan| &plan.key);
        let gone = planned.filter(|key| !keys.contains(key));
        for key in keys.iter().chain(gone) {
            let plan = plans.iter().find(|plan| plan.group == group.key && plan.key == *key);
            let seen = met.0.get(&(party, group.key, key.clone())).copied();
            let last_on = if group.by_hand { plan.and_then(|plan| plan.met_on) } else { seen.map(|(on, _)| on) };
            let every_days = plan.and_then(|plan| plan.every_days);
            let rhythm = every_days.map(i64::unsigned_abs);
            touchpoints.push(Touchpoint {
                group: group.key.into(),
                key: key.clone(),
                last_on,
                times: (!group.by_hand).then(|| seen.map_or(0, |(_, times)| times)),
                every_days,
                due_on: touch_due(last_on, rhythm, today),
                state: touch_state(last_on, rhythm, today).key().into(),
                note: plan.and_then(|plan| plan.note.clone()),
            });
        }
    }
    touchpoints
}

/// How many of them stand so.
pub fn count(touchpoints: &[Touchpoint], state: TouchState) -> i64 {
    touchpoints.iter().filter(|one| one.state == state.key()).count() as i64
}
