//! Rows of consent: a word a row, what a customer said about being contacted over a channel for a purpose. Words are
//! added, never changed: what is known already stays as it is.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use regulars_domain::ids::{ConsentId, PartyId, UnitId};
use regulars_persistence::Db;
use regulars_persistence::customers::consent::{ConsentRow, consents_insert, words_known};
use serde_json::{Map, Value, json};

use super::cells::{CellFault, Cells, SHORT};
use super::outcome::{Tally, fault};
use super::refs::Refs;
use super::rows::Row;
use super::run::Run;
use super::whose::{CustomerRef, Customers};
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
            "purpose" => {
                draft.purpose = refs.entry(PURPOSES, text);
                if draft.purpose.is_none() {
                    let (zh, en) = (format!("字典里没有「{text}」"), format!("The dictionary has no \"{text}\""));
                    cells.fault(Some(column), "unknown_choice", zh, en);
                }
            }
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
struct Known {
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

/// Judges and, in a real run, stores one chunk of rows.
pub fn consents_apply(db: &mut Db, run: &Run, drafts: &[ConsentDraft]) -> AppResult<Tally> {
    let mut tally = Tally::default();
    let mut by_unit: HashMap<UnitId, Vec<&ConsentDraft>> = HashMap::new();
    for draft in drafts {
        let unit = draft.unit.unwrap_or(run.unit_id);
        if !draft.faults.is_empty() {
            tally.reject(draft.line, draft.customer.label().cloned(), &draft.faults);
        } else if run.may_write_unit(unit) {
            by_unit.entry(unit).or_default().push(draft);
        } else {
            let fault = fault(run, "unit_not_allowed", "无权导入到该单位", "You may not import into this unit");
            tally.reject(draft.line, draft.customer.label().cloned(), &[fault]);
        }
    }
    let mut fresh = Vec::new();
    for (unit, drafts) in by_unit {
        let customers = Customers::load(db, run, unit, drafts.iter().map(|draft| &draft.customer))?;
        let found: Vec<_> = drafts.iter().map(|draft| (*draft, customers.one(run, &draft.customer))).collect();
        let mut parties: Vec<PartyId> = found.iter().filter_map(|(_, party)| party.as_ref().ok().copied()).collect();
        parties.sort_unstable();
        parties.dedup();
        let mut known = Known::default();
        for word in words_known(db, &parties)? {
            known.note((word.party_id, word.channel, word.purpose), word.given, word.at);
        }
        for (draft, party) in found {
            match party.and_then(|party| judged(run, draft, party)) {
                Err(fault) => tally.reject(draft.line, draft.customer.label().cloned(), &[fault]),
                Ok(row) => {
                    let asked = (row.party_id, row.channel.clone(), row.purpose.clone());
                    if known.has(&asked, row.given, draft.at) {
                        tally.unchanged(1);
                        continue;
                    }
                    known.note(asked, row.given, row.at);
                    tally.create(run, draft.line, (1, false), draft.customer.label().cloned(), || shown(&row));
                    fresh.push(row);
                }
            }
        }
    }
    if !run.dry {
        consents_insert(db, fresh)?;
    }
    Ok(tally)
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

fn shown(row: &ConsentRow) -> Map<String, Value> {
    let pairs = [
        ("channel", json!(row.channel)),
        ("purpose", json!(row.purpose)),
        ("given", json!(row.given)),
        ("at", json!(row.at)),
        ("source", json!(row.source)),
        ("proof", json!(row.proof)),
    ];
    pairs.into_iter().filter(|(_, value)| !value.is_null()).map(|(key, value)| (key.to_owned(), value)).collect()
}
