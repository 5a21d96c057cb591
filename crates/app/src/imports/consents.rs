//! Rows of consent: a word a row, what a customer said about being contacted over a channel for a purpose. Words are
//! added, never changed: what is known already stays as it is.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use regulars_domain::ids::{ConsentId, PartyId, UnitId};
use regulars_persistence::Db;
use regulars_persistence::customers::consent::{ConsentRow, consents_insert, words_known};
use serde_json::{Map, Value, json};

use super::additions::{Addition, Head, Whom, entry, pairs};
use super::cells::{CellFault, Cells, SHORT};
use super::outcome::fault;
use super::refs::Refs;
use super::rows::Row;
use super::run::Run;
use super::whose::CustomerRef;
use crate::AppResult;
use crate::customers::consent::PURPOSES;

const PROOF: usize = 2_000;

/// Words for the channels, the stored one first.
const CHANNELS: &[&[&str]] = &[
    &["email", "邮件", "邮箱", "电子邮件", "e-mail", "mail"],
    &["sms", "短信", "text", "text message"],
    &["phone", "电话", "call", "telephone"],
    &["wechat", "微信"],
    &["portal", "门户", "会员中心", "app"],
    &["post", "邮寄", "信件", "letter"],
];
const GIVEN: &[&[&str]] = &[
    &["yes", "同意", "given", "opt-in", "optin", "opted in", "是", "y", "true", "1", "有"],
    &["no", "撤回", "withdrawn", "拒绝", "不同意", "opt-out", "optout", "opted out", "否", "n", "false", "0", "无"],
];

/// What a row says.
#[derive(Debug, Clone, Default)]
pub struct ConsentDraft {
    pub line: u64,
    pub customer: CustomerRef,
    pub unit: Option<UnitId>,
    pub channel: Option<String>,
    pub purpose: Option<String>,
    pub given: Option<bool>,
    pub at: Option<DateTime<Utc>>,
    pub source: Option<String>,
    pub proof: Option<String>,
    pub faults: Vec<CellFault>,
}

pub fn consent_draft(row: &Row, mut cells: Cells, refs: &Refs) -> ConsentDraft {
    let mut draft = ConsentDraft { line: row.line, ..ConsentDraft::default() };
    for (target, column, text) in cells.filled(row) {
        if draft.customer.read(&mut cells, target, (column, text)) {
            continue;
        }
        match target {
            "unit" => draft.unit = cells.unit(column, text, refs),
            "channel" => draft.channel = cells.word(column, text, CHANNELS),
            "purpose" => draft.purpose = entry(&mut cells, refs, PURPOSES, (column, text)),
            "given" => draft.given = cells.word(column, text, GIVEN).map(|word| word == "yes"),
            "at" => draft.at = cells.instant(column, text),
            "source" => draft.source = cells.text(column, text, SHORT),
            "proof" => draft.proof = cells.text(column, text, PROOF),
            _ => {}
        }
    }
    if cells.faults.is_empty() && (draft.channel.is_none() || draft.purpose.is_none() || draft.given.is_none()) {
        cells.fault(
            None,
            "word_missing",
            "缺少渠道、用途或是否同意",
            "The channel, the purpose or whether it was given is missing",
        );
    }
    if let Some(fault) = &row.fault {
        cells.fault(fault.column(), fault.code(), fault.text(true), fault.text(false));
    }
    draft.faults = cells.faults;
    draft
}

/// A channel and a purpose of a customer.
type Asked = (PartyId, String, String);

/// What is known of some customers, with what the chunk adds.
#[derive(Default)]
pub struct Known {
    words: HashSet<(Asked, bool, DateTime<Utc>)>,
    stands: HashMap<Asked, (DateTime<Utc>, bool)>,
}

impl Known {
    fn note(&mut self, asked: Asked, given: bool, at: DateTime<Utc>) {
        self.words.insert((asked.clone(), given, at));
        let stands = self.stands.entry(asked).or_insert((at, given));
        if at >= stands.0 {
            *stands = (at, given);
        }
    }

    /// Without a time a row tells what stands.
    fn has(&self, asked: &Asked, given: bool, at: Option<DateTime<Utc>>) -> bool {
        match at {
            Some(at) => self.words.contains(&(asked.clone(), given, at)),
            None => self.stands.get(asked).is_some_and(|stands| stands.1 == given),
        }
    }
}

impl Addition for ConsentDraft {
    type Row = ConsentRow;
    type Known = Known;

    fn head(&self) -> Head<'_> {
        Head { line: self.line, customer: &self.customer, unit: self.unit, faults: &self.faults }
    }

    fn known(db: &mut Db, parties: &[PartyId]) -> AppResult<Known> {
        let mut known = Known::default();
        for word in words_known(db, parties)? {
            known.note((word.party_id, word.channel, word.purpose), word.given, word.at);
        }
        Ok(known)
    }

    fn judged(&self, run: &Run, whom: Whom) -> Result<ConsentRow, CellFault> {
        judged(run, self, whom.party)
    }

    fn adds(&self, known: &mut Known, row: &ConsentRow) -> bool {
        let asked = (row.party_id, row.channel.clone(), row.purpose.clone());
        let fresh = !known.has(&asked, row.given, self.at);
        if fresh {
            known.note(asked, row.given, row.at);
        }
        fresh
    }

    fn shown(_: &Run, row: &ConsentRow) -> Map<String, Value> {
        pairs([
            ("channel", json!(row.channel)),
            ("purpose", json!(row.purpose)),
            ("given", json!(row.given)),
            ("at", json!(row.at)),
            ("source", json!(row.source)),
            ("proof", json!(row.proof)),
        ])
    }

    fn store(db: &mut Db, rows: Vec<ConsentRow>) -> AppResult<()> {
        Ok(consents_insert(db, rows)?)
    }
}

fn judged(run: &Run, draft: &ConsentDraft, party: PartyId) -> Result<ConsentRow, CellFault> {
    if draft.at.is_some_and(|at| at > run.now) {
        return Err(fault(run, "in_future", "时间在将来", "The time lies in the future"));
    }
    Ok(ConsentRow {
        id: ConsentId::fresh(),
        party_id: party,
        channel: draft.channel.clone().unwrap_or_default(),
        purpose: draft.purpose.clone().unwrap_or_default(),
        given: draft.given.unwrap_or_default(),
        at: draft.at.unwrap_or(run.now),
        source: draft.source.clone(),
        proof: draft.proof.clone(),
        import_id: Some(run.import_id),
        merge_id: None,
        recorded_by: run.user_id,
        created_at: run.now,
    })
}
