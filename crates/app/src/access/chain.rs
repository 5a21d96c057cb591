//! The audit log's chain: sealed behind the numbering, verified piece by piece in the background and as a whole by
//! `regulars doctor`. What a seal is made of stands in [`regulars_domain::seal`].

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use regulars_domain::ids::PartyId;
use regulars_domain::seal::{Detail, Fixed, Hash, START, Salt, detail_hash, link_hash};
use regulars_persistence::Db;
use regulars_persistence::access::chain::{
    ChainRow, CheckRow, SealRow, chain_head, chain_link, chain_rows, check_get, check_set, event_newest,
    parties_erased, seals_insert,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::token::{hex, random_bytes};
use crate::{App, AppError, AppResult, Cx};

/// Events sealed in one transaction.
pub const SEAL_STEP: usize = 500;
/// Events verified at a time.
const STEP: i64 = 500;
/// Pieces verified in one turn of the background.
const PIECES: usize = 40;
/// The whole chain is walked anew so often.
const ROUND: TimeDelta = TimeDelta::hours(24);

/// The chain over the audit log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ChainView {
    /// Events numbered so far.
    #[schema(example = 1234)]
    pub events: i64,
    /// Number of the newest sealed event; 0 before the first.
    #[schema(example = 1234)]
    pub sealed_until: i64,
    pub sealed_at: Option<DateTime<Utc>>,
    /// The newest link, hexadecimal. Whoever notes number and hash elsewhere can prove later that nothing before was
    /// changed: `regulars doctor --anchor NUMBER:HASH`.
    #[schema(example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")]
    pub sealed_hash: Option<String>,
    /// Number of the last event found as it was sealed; the whole chain is walked anew every day.
    #[schema(example = 1230)]
    pub verified_until: i64,
    pub verified_at: Option<DateTime<Utc>>,
    /// The first event that is not as it was sealed.
    pub broken_at: Option<i64>,
    #[schema(value_type = Option<crate::shape::ChainFault>)]
    pub broken_why: Option<String>,
}

pub fn chain_get(cx: &Cx) -> AppResult<ChainView> {
    cx.require("access:audit:read")?;
    cx.read(|db| {
        let (head, check, events) = (chain_head(db)?, check_get(db)?, event_newest(db)?);
        Ok(ChainView {
            events,
            sealed_until: head.as_ref().map_or(0, |head| head.seq),
            sealed_at: head.as_ref().map(|head| head.sealed_at),
            sealed_hash: head.map(|head| hex(&head.chain_hash)),
            verified_until: check.as_ref().map_or(0, |check| check.verified_seq),
            verified_at: check.as_ref().map(|check| check.verified_at),
            broken_at: check.as_ref().and_then(|check| check.broken_seq),
            broken_why: check.and_then(|check| check.broken_why),
        })
    })
}

fn fixed(row: &ChainRow) -> Fixed<'_> {
    Fixed {
        seq: row.seq,
        id: row.id.0,
        at: row.at,
        actor: row.actor_id.map(|id| id.0),
        action: &row.action,
        resource: &row.resource,
        resource_id: row.resource_id.0,
        party: row.party_id.map(|id| id.0),
        places: [
            row.unit_id.map(|id| id.0),
            row.owner_id.map(|id| id.0),
            row.unit_before.map(|id| id.0),
            row.owner_before.map(|id| id.0),
        ],
        request_id: row.request_id.as_deref(),
    }
}

fn detail(row: &ChainRow) -> Detail<'_> {
    Detail { before: row.before.as_ref(), after: row.after.as_ref(), address: row.address.as_deref() }
}

/// Whether numbered events wait for their seals.
pub fn chain_waits(db: &mut Db) -> AppResult<bool> {
    Ok(event_newest(db)? > chain_head(db)?.map_or(0, |head| head.seq))
}

/// Seals the next events; answers how many.
pub fn chain_seal(tx: &mut Db, now: DateTime<Utc>) -> AppResult<usize> {
    let head = chain_head(tx)?;
    let mut previous = head.as_ref().map_or(Ok(START), |head| hash(&head.chain_hash))?;
    let rows = chain_rows(tx, head.map_or(0, |head| head.seq), SEAL_STEP as i64)?;
    let mut seals = Vec::with_capacity(rows.len());
    for row in &rows {
        let salt = random_bytes::<16>();
        let detail_hash = detail_hash(&salt, &detail(row));
        previous = link_hash(&previous, &fixed(row), &detail_hash);
        seals.push(SealRow {
            seq: row.seq,
            salt: salt.to_vec(),
            detail_hash: detail_hash.to_vec(),
            chain_hash: previous.to_vec(),
            sealed_at: now,
        });
    }
    seals_insert(tx, seals)?;
    Ok(rows.len())
}

fn hash(bytes: &[u8]) -> AppResult<Hash> {
    bytes.try_into().map_err(|_| AppError::Internal("a seal of another length".into()))
}

/// Why the chain does not hold at an event. The words are the contract's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// A number is missing before it.
    Gap,
    /// It lost its seal.
    Unsealed,
    /// What it tells was changed.
    Detail,
    /// It is emptied, though its customer was not erased.
    Emptied,
    /// Who, what, when or where was changed, or a link before it.
    Link,
}

impl Fault {
    pub const ALL: [Self; 5] = [Self::Gap, Self::Unsealed, Self::Detail, Self::Emptied, Self::Link];

    pub fn key(self) -> &'static str {
        match self {
            Fault::Gap => "gap",
            Fault::Unsealed => "unsealed",
            Fault::Detail => "detail",
            Fault::Emptied => "emptied",
            Fault::Link => "link",
        }
    }
}

/// A walk along the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Walk {
    /// The last event found as it was sealed.
    pub seq: i64,
    previous: Hash,
    /// Where the chain does not hold, and why.
    pub broken: Option<(i64, Fault)>,
}

impl Walk {
    /// From behind this event, whose own link is trusted; 0 for the whole chain.
    pub fn from(db: &mut Db, seq: i64) -> AppResult<Self> {
        let previous = match chain_link(db, seq)? {
            _ if seq == 0 => START,
            Some(link) => hash(&link.chain_hash)?,
            None => return Ok(Self { seq, previous: START, broken: Some((seq, Fault::Unsealed)) }),
        };
        Ok(Self { seq, previous, broken: None })
    }

    /// Verifies the next piece up to `until`; answers whether to go on.
    pub fn step(&mut self, db: &mut Db, until: i64) -> AppResult<bool> {
        let limit = (until - self.seq).clamp(0, STEP);
        if self.broken.is_some() || limit == 0 {
            return Ok(false);
        }
        let rows = chain_rows(db, self.seq, limit)?;
        if rows.is_empty() {
            // The seals know of an event that the log has lost.
            self.broken = Some((self.seq + 1, Fault::Gap));
            return Ok(false);
        }
        let emptied: Vec<PartyId> =
            rows.iter().filter(|row| row.salt.is_none()).filter_map(|row| row.party_id).collect();
        let erased: BTreeSet<PartyId> = parties_erased(db, &emptied)?.into_iter().collect();
        for row in &rows {
            match verified(&self.previous, self.seq, row, &erased) {
                Ok(link) => (self.seq, self.previous) = (row.seq, link),
                Err(fault) => {
                    self.broken = Some((row.seq, fault));
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }
}

/// The event's link, if it is as it was sealed.
fn verified(previous: &Hash, after: i64, row: &ChainRow, erased: &BTreeSet<PartyId>) -> Result<Hash, Fault> {
    if row.seq != after + 1 {
        return Err(Fault::Gap);
    }
    let (Some(sealed), Some(link)) = (&row.detail_hash, &row.chain_hash) else { return Err(Fault::Unsealed) };
    let sealed: Hash = sealed.as_slice().try_into().map_err(|_| Fault::Detail)?;
    match &row.salt {
        None if !detail(row).is_empty() => return Err(Fault::Detail),
        None if !row.party_id.is_some_and(|party| erased.contains(&party)) => return Err(Fault::Emptied),
        None => {}
        Some(salt) => {
            let salt: Salt = salt.as_slice().try_into().map_err(|_| Fault::Detail)?;
            if detail_hash(&salt, &detail(row)) != sealed {
                return Err(Fault::Detail);
            }
        }
    }
    let found = link_hash(previous, &fixed(row), &sealed);
    if found == link.as_slice() { Ok(found) } else { Err(Fault::Link) }
}

/// Upkeep: verifies some of the chain, from where the last turn ended; a new round begins once a day. A broken chain
/// stays reported until a walk gets past the place.
pub fn chain_verify_turn(app: &App, now: DateTime<Utc>) -> AppResult<()> {
    let (check, mut walk) = app.db().read(|db| {
        let check = check_get(db)?;
        let going_on = check.as_ref().filter(|check| now - check.round_started_at < ROUND);
        let walk = Walk::from(db, going_on.map_or(0, |check| check.verified_seq))?;
        Ok::<_, AppError>((check, walk))
    })?;
    let started_at = check.as_ref().filter(|check| now - check.round_started_at < ROUND);
    let round_started_at = started_at.map_or(now, |check| check.round_started_at);
    for _ in 0..PIECES {
        let more = app.db().read(|db| {
            let until = chain_head(db)?.map_or(0, |head| head.seq);
            walk.step(db, until)
        })?;
        if !more {
            break;
        }
    }
    if let Some((seq, fault)) = walk.broken {
        tracing::error!(audit.event = seq, audit.fault = fault.key(), "the audit chain is broken");
    }
    let found = walk.broken.map(|(seq, fault)| (seq, fault.key().to_string()));
    let known = check.as_ref().and_then(|check| Some((check.broken_seq?, check.broken_why.clone()?)));
    let broken = found.or(known.filter(|(seq, _)| walk.seq < *seq));
    let row = CheckRow {
        verified_seq: walk.seq,
        round_started_at,
        verified_at: now,
        broken_seq: broken.as_ref().map(|(seq, _)| *seq),
        broken_why: broken.map(|(_, why)| why),
    };
    let same = |check: &CheckRow| (check.verified_seq, check.broken_seq) == (row.verified_seq, row.broken_seq);
    if check.as_ref().is_some_and(same) {
        return Ok(());
    }
    app.db().write(move |tx| Ok::<_, AppError>(check_set(tx, &row)?))
}
