//! Consent: what a customer said about being contacted over a channel for a purpose, word by word, and what follows from
//! it. Whoever sends, rings or writes asks [`may_contact`].

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use regulars_domain::actor::{Action, Resource};
use regulars_domain::consent::{AddressKind, Asked, Channel, Refusal, Word, may_contact as rule, stricter, word_at};
use regulars_domain::error::Checks;
use regulars_domain::ids::{ConsentId, MergeId, PartyId, UnitId};
use regulars_persistence::Db;
use regulars_persistence::customers::consent::{
    CONSENT_FROM, ConsentLineRecord, ConsentRecord, ConsentRow, StandingRow, SuppressionRecord, consent_base,
    consent_catalogue, consents_among, consents_get, consents_insert, consents_of, consents_stand, consents_unmerge,
    words_standing,
};
use regulars_persistence::customers::dictionary::entries_active;
use regulars_persistence::customers::parts::parts_of;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::consent_addresses::{Addresses, Counts};
use super::place::party_place;
use super::suppression::{SuppressionView, to_view as suppressed_view};
use crate::access::Ref;
use crate::event::Event;
use crate::list::{ListRequest, Page, Source, page_ids};
use crate::{AppError, AppResult, Cx};

const READ: &str = "customers:customer:read";
const WRITE: &str = "customers:customer:write";
/// The dictionary of purposes.
pub const PURPOSES: &str = "consent_purpose";
/// Where a word comes from that a merge noted.
const MERGED: &str = "merge";

/// A word of the customer. Words are added, never changed: a new one says what holds from then on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConsentInput {
    #[schema(value_type = crate::shape::ContactChannel)]
    pub channel: String,
    /// A key of the dictionary `consent_purpose`.
    #[schema(example = "marketing")]
    pub purpose: String,
    /// Given, or withdrawn.
    pub given: bool,
    /// Since when; now when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = json!(null))]
    pub at: Option<DateTime<Utc>>,
    /// Where it was said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "Membership form")]
    pub source: Option<String>,
    /// The wording, or where the proof lies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "Yes, tell me about offers by e-mail")]
    pub proof: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ConsentView {
    pub id: Uuid,
    #[schema(value_type = crate::shape::ContactChannel)]
    pub channel: String,
    #[schema(example = "marketing")]
    pub purpose: String,
    pub given: bool,
    pub at: DateTime<Utc>,
    pub source: Option<String>,
    pub proof: Option<String>,
    pub recorded_by: Ref,
    pub created_at: DateTime<Utc>,
    /// Words are not changed: always 1.
    pub version: i64,
}

crate::versioned!(ConsentView);

/// A word in the list of all that was said.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ConsentLine {
    pub customer: Ref,
    pub customer_code: Option<String>,
    #[serde(flatten)]
    pub word: ConsentView,
}

/// What stands of one channel and purpose, and what follows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ConsentState {
    #[schema(value_type = crate::shape::ContactChannel)]
    pub channel: String,
    #[schema(example = "marketing")]
    pub purpose: String,
    /// Absent when nothing was said.
    pub given: Option<bool>,
    pub since: Option<DateTime<Utc>>,
    /// Whether the customer may be contacted now.
    pub may_contact: bool,
    /// Why not.
    #[schema(value_type = Option<crate::shape::ContactRefusal>)]
    pub refusal: Option<String>,
}

/// What a customer said last of one channel and purpose.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct StandingWord {
    #[schema(value_type = crate::shape::ContactChannel)]
    pub channel: String,
    #[schema(example = "marketing")]
    pub purpose: String,
    pub given: bool,
    pub since: DateTime<Utc>,
}

/// Every channel with every purpose, and all words behind it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ConsentBoard {
    pub states: Vec<ConsentState>,
    /// The latest first.
    pub history: Vec<ConsentView>,
    /// Those of the customer's addresses that are on the do-not-contact list.
    pub suppressed: Vec<SuppressionView>,
}

fn to_view(record: ConsentRecord) -> ConsentView {
    let row = record.own;
    ConsentView {
        id: row.id.0,
        channel: row.channel,
        purpose: row.purpose,
        given: row.given,
        at: row.at,
        source: row.source,
        proof: row.proof,
        recorded_by: Ref::new(row.recorded_by, record.recorded_by_name),
        created_at: row.created_at,
        version: 1,
    }
}

/// What the rule needs to know of a customer, read once for any number of questions.
struct Standing {
    /// By channel and purpose, in the order in which they were noted.
    words: BTreeMap<(String, String), Vec<Word>>,
    emails: Counts,
    phones: Counts,
    suppressed: Vec<SuppressionRecord>,
}

impl Standing {
    fn load(db: &mut Db, party: PartyId, unit: UnitId, records: &[ConsentRecord]) -> AppResult<Self> {
        let addresses = Addresses::of(parts_of(db, &[party])?.remove(&party).unwrap_or_default());
        let suppressed = addresses.suppressed(db, unit)?;
        Ok(Self::of(records.iter(), &addresses, suppressed))
    }

    /// Of words, the latest first, and of the addresses with those of them that are on the list.
    fn of<'a>(
        records: impl DoubleEndedIterator<Item = &'a ConsentRecord>,
        addresses: &Addresses,
        suppressed: Vec<SuppressionRecord>,
    ) -> Self {
        let mut words: BTreeMap<(String, String), Vec<Word>> = BTreeMap::new();
        for record in records.rev() {
            let row = &record.own;
            let key = (row.channel.clone(), row.purpose.clone());
            words.entry(key).or_default().push(Word { given: row.given, at: row.at });
        }
        let emails = addresses.counts(AddressKind::Email, &suppressed);
        let phones = addresses.counts(AddressKind::Phone, &suppressed);
        Self { words, emails, phones, suppressed }
    }

    fn said(&self, channel: Channel, purpose: &str) -> &[Word] {
        self.words.get(&(channel.key().to_owned(), purpose.to_owned())).map_or(&[], Vec::as_slice)
    }

    fn verdict(&self, channel: Channel, purpose: &str, at: DateTime<Utc>) -> Result<(), Refusal> {
        let Counts { addresses, suppressed, invalid } = match channel.address() {
            Some(AddressKind::Email) => self.emails,
            Some(AddressKind::Phone) => self.phones,
            None => Counts::default(),
        };
        rule(Asked { channel, purpose, words: self.said(channel, purpose), addresses, suppressed, invalid }, at)
    }
}

/// Whether a customer of a unit may be contacted over a channel for a purpose at an instant, and if not, why.
pub fn may_contact(
    db: &mut Db,
    (party, unit): (PartyId, UnitId),
    channel: Channel,
    purpose: &str,
    at: DateTime<Utc>,
) -> AppResult<Result<(), Refusal>> {
    let records = consents_of(db, party)?;
    Ok(Standing::load(db, party, unit, &records)?.verdict(channel, purpose, at))
}

/// The channels over which a customer of a unit may be contacted for a purpose at an instant.
pub fn channels_open(
    db: &mut Db,
    (party, unit): (PartyId, UnitId),
    purpose: &str,
    at: DateTime<Utc>,
) -> AppResult<Vec<String>> {
    let records = consents_of(db, party)?;
    let standing = Standing::load(db, party, unit, &records)?;
    let open = Channel::ALL.into_iter().filter(|channel| standing.verdict(*channel, purpose, at).is_ok());
    Ok(open.map(|channel| channel.key().to_owned()).collect())
}

/// The same of up to some hundred customers, with a few statements for all of them.
pub fn channels_open_among(
    db: &mut Db,
    customers: &[(PartyId, UnitId)],
    purpose: &str,
    at: DateTime<Utc>,
) -> AppResult<HashMap<PartyId, Vec<String>>> {
    let ids: Vec<PartyId> = customers.iter().map(|(party, _)| *party).collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let mut records: HashMap<PartyId, Vec<ConsentRecord>> = HashMap::new();
    for record in consents_among(db, &ids)? {
        records.entry(record.own.party_id).or_default().push(record);
    }
    let addresses: HashMap<PartyId, Addresses> =
        parts_of(db, &ids)?.into_iter().map(|(party, parts)| (party, Addresses::of(parts))).collect();
    let mut listed: HashMap<UnitId, Vec<SuppressionRecord>> = HashMap::new();
    let units: BTreeSet<UnitId> = customers.iter().map(|(_, unit)| *unit).collect();
    for unit in units {
        let mut all = Addresses::default();
        for one in customers.iter().filter(|(_, place)| *place == unit).filter_map(|(party, _)| addresses.get(party)) {
            all.emails.extend(one.emails.iter().cloned());
            all.phones.extend(one.phones.iter().cloned());
        }
        listed.insert(unit, all.suppressed(db, unit)?);
    }
    let (silent, nowhere) = (Vec::new(), Addresses::default());
    let open = customers.iter().map(|(party, unit)| {
        let own = addresses.get(party).unwrap_or(&nowhere);
        let on_list = listed.get(unit).into_iter().flatten().filter(|record| own.holds(record)).cloned().collect();
        let standing = Standing::of(records.get(party).unwrap_or(&silent).iter(), own, on_list);
        let open = Channel::ALL.into_iter().filter(|channel| standing.verdict(*channel, purpose, at).is_ok());
        (*party, open.map(|channel| channel.key().to_owned()).collect())
    });
    Ok(open.collect())
}

/// What stands and what was said, of a customer the caller sees.
pub fn consent_board(cx: &Cx, party: PartyId) -> AppResult<ConsentBoard> {
    cx.require(READ)?;
    cx.read(|db| {
        let place = party_place(cx, db, party, Action::Read)?;
        let records = consents_of(db, party)?;
        let standing = Standing::load(db, party, place.unit_id, &records)?;
        let mut purposes: Vec<String> =
            crate::platform::dictionary::options(db, PURPOSES, true)?.into_iter().map(|option| option.value).collect();
        let retired = records.iter().map(|record| record.own.purpose.clone());
        let retired: Vec<String> = retired.filter(|purpose| !purposes.contains(purpose)).collect();
        purposes.extend(retired);
        purposes.dedup();
        let states = purposes.iter().flat_map(|purpose| Channel::ALL.map(|channel| (channel, purpose)));
        Ok(ConsentBoard {
            states: states.map(|(channel, purpose)| state(&standing, channel, purpose, cx.now)).collect(),
            history: records.into_iter().map(to_view).collect(),
            suppressed: standing.suppressed.iter().map(|row| suppressed_view(row.clone(), &cx.actor.masks)).collect(),
        })
    })
}

/// All words of customers within reach, the latest first.
pub fn consent_list(cx: &Cx, request: &ListRequest) -> AppResult<Page<ConsentLine>> {
    cx.require(READ)?;
    let reach = cx.visible(Resource::Customer, Action::Read);
    let base = consent_base(&reach, request.q.as_deref());
    cx.read(|db| {
        let catalogue = consent_catalogue();
        let source = Source { from: CONSENT_FROM, id: "c.id", catalogue: &catalogue, default_sort: "-at" };
        let page = page_ids(cx, db, request, &source, &base)?;
        let ids: Vec<ConsentId> = page.items.iter().map(|id| ConsentId(*id)).collect();
        let mut rows: HashMap<Uuid, ConsentLineRecord> =
            consents_get(db, &ids, &reach)?.into_iter().map(|record| (record.word.own.id.0, record)).collect();
        let line = |record: ConsentLineRecord| ConsentLine {
            customer: Ref::new(record.word.own.party_id, record.party_name),
            customer_code: record.party_code,
            word: to_view(record.word),
        };
        let items = page.items.iter().filter_map(|id| rows.remove(id)).map(line).collect();
        Ok(Page { items, next_cursor: page.next_cursor, total: page.total, total_capped: page.total_capped })
    })
}

/// What stands of all that a customer the caller sees ever said.
pub fn consent_words(cx: &Cx, party: PartyId) -> AppResult<Vec<StandingWord>> {
    cx.require(READ)?;
    cx.read(|db| {
        party_place(cx, db, party, Action::Read)?;
        let word = |row: StandingRow| StandingWord {
            channel: row.channel,
            purpose: row.purpose,
            given: row.given,
            since: row.since,
        };
        Ok(words_standing(db, party)?.into_iter().map(word).collect())
    })
}

fn state(standing: &Standing, channel: Channel, purpose: &str, now: DateTime<Utc>) -> ConsentState {
    let word = word_at(standing.said(channel, purpose), now);
    let verdict = standing.verdict(channel, purpose, now);
    ConsentState {
        channel: channel.key().into(),
        purpose: purpose.into(),
        given: word.map(|word| word.given),
        since: word.map(|word| word.at),
        may_contact: verdict.is_ok(),
        refusal: verdict.err().map(|refusal| refusal.key().into()),
    }
}

fn check(cx: &Cx, db: &mut Db, input: &mut ConsentInput) -> AppResult<()> {
    let mut checks = Checks::default();
    checks.one_of("/channel", &input.channel, &Channel::KEYS);
    super::input::trim(&mut input.source);
    super::input::trim(&mut input.proof);
    checks.optional_text("/source", input.source.as_deref(), 200);
    checks.optional_text("/proof", input.proof.as_deref(), 2_000);
    if input.at.is_some_and(|at| at > cx.now) {
        checks.fail("/at", "in_future");
    }
    if entries_active(db, &[(PURPOSES, &input.purpose)])?.is_empty() {
        checks.fail("/purpose", "unknown_reference");
    }
    Ok(checks.done()?)
}

/// Notes a word of a customer the caller may change.
pub fn consent_record(cx: &Cx, party: PartyId, mut input: ConsentInput) -> AppResult<ConsentView> {
    cx.require(WRITE)?;
    let place = cx.read(|db| {
        let place = party_place(cx, db, party, Action::Write)?;
        check(cx, db, &mut input)?;
        Ok(place)
    })?;
    let row = ConsentRow {
        id: ConsentId::fresh(),
        party_id: party,
        channel: input.channel.clone(),
        purpose: input.purpose.clone(),
        given: input.given,
        at: input.at.unwrap_or(cx.now),
        source: input.source.clone(),
        proof: input.proof.clone(),
        import_id: None,
        merge_id: None,
        recorded_by: cx.actor.user_id,
        created_at: cx.now,
    };
    let within = cx.clone();
    cx.create(move |tx| {
        consents_insert(tx, vec![row.clone()])?;
        let action = if row.given { "consented" } else { "withdrawn" };
        let told = ConsentInput { at: Some(row.at), ..input.clone() };
        Event::new(&within, "consent", row.id, action)
            .party(party)
            .stands(place.unit_id, place.owner_id)
            .after(&told)
            .record(tx)?;
        let records = consents_of(tx, party)?;
        records.into_iter().find(|record| record.own.id == row.id).map(to_view).ok_or(AppError::NotFound)
    })
}

/// What two records say of being contacted, before one takes the words of the other.
pub struct BeforeMerge {
    kept: Vec<ConsentRecord>,
    gone: Vec<ConsentRecord>,
}

/// Reads it before anything is moved.
pub fn consents_before_merge(tx: &mut Db, kept: PartyId, gone: PartyId) -> AppResult<BeforeMerge> {
    Ok(BeforeMerge { kept: consents_of(tx, kept)?, gone: consents_of(tx, gone)? })
}

/// Once the words have been moved, the stricter of the two holds: where the later word is a given one and the other record
/// said no, that no is noted anew.
pub fn consents_merge(tx: &mut Db, cx: &Cx, merge: MergeId, kept: PartyId, before: BeforeMerge) -> AppResult<()> {
    let last = |records: &[ConsentRecord]| -> BTreeMap<(String, String), bool> {
        let told = records.iter().rev().map(|record| &record.own);
        told.map(|row| ((row.channel.clone(), row.purpose.clone()), row.given)).collect()
    };
    let (ours, theirs) = (last(&before.kept), last(&before.gone));
    let mut rows = Vec::new();
    for (channel, purpose) in ours.keys().filter(|key| theirs.contains_key(*key)) {
        let key = (channel.clone(), purpose.clone());
        let (one, other) = (ours.get(&key).copied(), theirs.get(&key).copied());
        if one != other && stricter(one, other) == Some(false) {
            rows.push(ConsentRow {
                id: ConsentId::fresh(),
                party_id: kept,
                channel: key.0,
                purpose: key.1,
                given: false,
                at: cx.now,
                source: Some(MERGED.into()),
                proof: None,
                import_id: None,
                merge_id: Some(merge),
                recorded_by: cx.actor.user_id,
                created_at: cx.now,
            });
        }
    }
    consents_insert(tx, rows)?;
    Ok(consents_stand(tx, &[kept])?)
}

/// After a merge was taken back each record says again what it said.
pub fn consents_unmerged(tx: &mut Db, merge: MergeId, kept: PartyId, gone: PartyId) -> AppResult<()> {
    consents_unmerge(tx, merge)?;
    Ok(consents_stand(tx, &[kept, gone])?)
}
