//! From a file to chunks of drafts: one thread reads and interprets while another stores.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;
use std::sync::mpsc::SyncSender;

use regulars_persistence::Db;
use regulars_persistence::db::savepoint;

use super::additions::additions_apply;
use super::assets::{AssetDraft, asset_draft};
use super::assets_apply::assets_apply;
use super::consents::{ConsentDraft, consent_draft};
use super::facts::{FactDraft, fact_draft};
use super::faults::FileFault;
use super::format::FileFormat;
use super::mapping::CUSTOM_PREFIX;
use super::opportunities::{OpportunityDraft, opportunities_apply, opportunity_draft};
use super::orders::{OrderDraft, order_draft};
use super::orders_apply::orders_apply;
use super::outcome::{Tally, fault};
use super::parties::{PartyDraft, party_draft};
use super::parties_apply::parties_apply;
use super::preferences::{PreferenceDraft, preference_draft};
use super::products::{ProductDraft, product_draft};
use super::products_apply::products_apply;
use super::rows::{Flow, Resume, Row, rows_read};
use super::run::Run;
use super::sellout::{SelloutDraft, sellout_apply, sellout_draft};
use super::targets::ImportResource;
use super::trainings::{TrainingDraft, training_draft};
use crate::messages::title;
use crate::{AppError, AppResult};

/// Rows stored in one transaction: long enough for speed, short enough for those who wait behind it.
const CHUNK_ROWS: usize = 5000;
/// Of opportunities, each of which goes the way of one entered by hand.
const CHUNK_OPPORTUNITIES: usize = 200;
/// Keys remembered to find duplicates inside a file; bounds memory at about 150 MB. Behind it a run still finds
/// duplicates in the store.
const SEEN_LIMIT: usize = 8_000_000;

#[derive(Debug)]
pub enum Drafts {
    Parties(Vec<PartyDraft>),
    Products(Vec<ProductDraft>),
    Orders(Vec<OrderDraft>),
    Assets(Vec<AssetDraft>),
    Consents(Vec<ConsentDraft>),
    Preferences(Vec<PreferenceDraft>),
    Facts(Vec<FactDraft>),
    Trainings(Vec<TrainingDraft>),
    Opportunities(Vec<OpportunityDraft>),
    Sellout(Vec<SelloutDraft>),
}

/// Drafts that are stored together, and where reading goes on behind them.
#[derive(Debug)]
pub struct Chunk {
    pub drafts: Drafts,
    pub next: Resume,
}

/// Reads the file behind `from` and sends its chunks. Ends early when nobody listens any more.
pub fn chunks_read(
    path: &Path,
    format: &FileFormat,
    run: &Run,
    from: Resume,
    out: &SyncSender<Result<Chunk, FileFault>>,
) {
    let mut gather = Gather { run, out, seen: HashSet::new(), drafts: empty(run), last: from };
    let read = rows_read(path, format, from, &mut |row| Ok(gather.take(&row)));
    let last = match read {
        Ok(()) => gather.flush(gather.last),
        Err(fault) => out.send(Err(fault)).is_ok(),
    };
    tracing::debug!(import.id = %run.import_id, heard = last, "the file was read");
}

fn empty(run: &Run) -> Drafts {
    match run.plan.resource {
        ImportResource::Customers | ImportResource::Contacts => Drafts::Parties(Vec::with_capacity(CHUNK_ROWS)),
        ImportResource::Products => Drafts::Products(Vec::with_capacity(CHUNK_ROWS)),
        ImportResource::Orders => Drafts::Orders(Vec::with_capacity(CHUNK_ROWS)),
        ImportResource::Assets => Drafts::Assets(Vec::with_capacity(CHUNK_ROWS)),
        ImportResource::Consents => Drafts::Consents(Vec::with_capacity(CHUNK_ROWS)),
        ImportResource::Preferences => Drafts::Preferences(Vec::with_capacity(CHUNK_ROWS)),
        ImportResource::Facts => Drafts::Facts(Vec::with_capacity(CHUNK_ROWS)),
        ImportResource::Trainings => Drafts::Trainings(Vec::with_capacity(CHUNK_ROWS)),
        ImportResource::Opportunities => Drafts::Opportunities(Vec::with_capacity(CHUNK_OPPORTUNITIES)),
        ImportResource::Sellout => Drafts::Sellout(Vec::with_capacity(CHUNK_ROWS)),
    }
}

struct Gather<'a> {
    run: &'a Run,
    out: &'a SyncSender<Result<Chunk, FileFault>>,
    seen: HashSet<u64>,
    drafts: Drafts,
    /// Behind the last row that is in `drafts`.
    last: Resume,
}

impl Gather<'_> {
    fn take(&mut self, row: &Row) -> Flow {
        if row.number == 1 && self.run.plan.header_row {
            self.last = row.next;
            return Flow::Go;
        }
        let run = self.run;
        let cells = run.cells();
        let mut heard = true;
        match &mut self.drafts {
            Drafts::Parties(drafts) => {
                let mut draft = party_draft(row, cells, &run.refs);
                repeated(run, &mut self.seen, &mut draft);
                drafts.push(draft);
                self.last = row.next;
                if drafts.len() >= CHUNK_ROWS {
                    heard = self.flush(row.next);
                }
            }
            Drafts::Products(drafts) => {
                let mut draft = product_draft(row, cells, &run.refs);
                if draft.code.as_ref().is_some_and(|code| !first_time(&mut self.seen, &("code", code))) {
                    draft.faults.push(duplicate(run));
                }
                drafts.push(draft);
                self.last = row.next;
                if drafts.len() >= CHUNK_ROWS {
                    heard = self.flush(row.next);
                }
            }
            Drafts::Assets(drafts) => {
                drafts.push(asset_draft(row, cells, &run.refs));
                let full = drafts.len() >= CHUNK_ROWS;
                heard = self.goes_on(row, full);
            }
            Drafts::Consents(drafts) => {
                drafts.push(consent_draft(row, cells, &run.refs));
                let full = drafts.len() >= CHUNK_ROWS;
                heard = self.goes_on(row, full);
            }
            Drafts::Preferences(drafts) => {
                drafts.push(preference_draft(row, cells, &run.refs));
                let full = drafts.len() >= CHUNK_ROWS;
                heard = self.goes_on(row, full);
            }
            Drafts::Facts(drafts) => {
                drafts.push(fact_draft(row, cells, &run.refs));
                let full = drafts.len() >= CHUNK_ROWS;
                heard = self.goes_on(row, full);
            }
            Drafts::Trainings(drafts) => {
                drafts.push(training_draft(row, cells, &run.refs));
                let full = drafts.len() >= CHUNK_ROWS;
                heard = self.goes_on(row, full);
            }
            Drafts::Opportunities(drafts) => {
                drafts.push(opportunity_draft(row, cells, &run.refs));
                let full = drafts.len() >= CHUNK_OPPORTUNITIES;
                heard = self.goes_on(row, full);
            }
            Drafts::Sellout(drafts) => {
                let mut draft = sellout_draft(row, cells, &run.refs, run);
                if draft.faults.is_empty() && !first_time(&mut self.seen, &draft.key()) {
                    draft.faults.push(duplicate(run));
                }
                drafts.push(draft);
                let full = drafts.len() >= CHUNK_ROWS;
                heard = self.goes_on(row, full);
            }
            Drafts::Orders(drafts) => {
                let draft = order_draft(row, cells, &run.refs, &run.currency);
                match drafts.last_mut().filter(|last| last.same_order(&draft)) {
                    Some(last) => last.absorb(draft, || differs(run)),
                    None => {
                        // A chunk ends only between two orders.
                        let full = drafts.iter().map(OrderDraft::rows).sum::<u64>() >= CHUNK_ROWS as u64;
                        if full {
                            heard = self.flush(self.last);
                        }
                        if let Drafts::Orders(drafts) = &mut self.drafts {
                            drafts.push(draft);
                        }
                    }
                }
                self.last = row.next;
            }
        }
        if heard { Flow::Go } else { Flow::Stop }
    }

    /// Behind a row that was taken in: sends a full chunk.
    fn goes_on(&mut self, row: &Row, full: bool) -> bool {
        self.last = row.next;
        !full || self.flush(row.next)
    }

    /// Sends what was gathered; false when nobody listens.
    fn flush(&mut self, next: Resume) -> bool {
        let drafts = std::mem::replace(&mut self.drafts, empty(self.run));
        let none = match &drafts {
            Drafts::Parties(drafts) => drafts.is_empty(),
            Drafts::Products(drafts) => drafts.is_empty(),
            Drafts::Orders(drafts) => drafts.is_empty(),
            Drafts::Assets(drafts) => drafts.is_empty(),
            Drafts::Consents(drafts) => drafts.is_empty(),
            Drafts::Preferences(drafts) => drafts.is_empty(),
            Drafts::Facts(drafts) => drafts.is_empty(),
            Drafts::Trainings(drafts) => drafts.is_empty(),
            Drafts::Opportunities(drafts) => drafts.is_empty(),
            Drafts::Sellout(drafts) => drafts.is_empty(),
        };
        none || self.out.send(Ok(Chunk { drafts, next })).is_ok()
    }
}

fn first_time(seen: &mut HashSet<u64>, value: &impl Hash) -> bool {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    let hash = hasher.finish();
    if seen.len() < SEEN_LIMIT { seen.insert(hash) } else { !seen.contains(&hash) }
}

/// Marks a row whose key or code stood in an earlier row.
fn repeated(run: &Run, seen: &mut HashSet<u64>, draft: &mut PartyDraft) {
    let mut fresh = true;
    if let Some(code) = &draft.code {
        fresh &= first_time(seen, &("code", draft.unit, code));
    }
    match run.plan.key.as_deref() {
        Some("phone") => draft.phones.iter().for_each(|phone| fresh &= first_time(seen, &("phone", draft.unit, phone))),
        Some("email") => draft.emails.iter().for_each(|email| fresh &= first_time(seen, &("email", draft.unit, email))),
        Some("code") => {}
        Some("tax_id") => {
            if let Some(tax_id) = &draft.fields.tax_id {
                fresh &= first_time(seen, &("tax_id", draft.unit, tax_id));
            }
        }
        Some(key) => {
            let value = key.strip_prefix(CUSTOM_PREFIX).and_then(|key| draft.custom.get(key));
            if let Some(value) = value {
                fresh &= first_time(seen, &(key, draft.unit, value.to_string()));
            }
        }
        None => {}
    }
    if !fresh {
        draft.faults.push(duplicate(run));
    }
}

fn duplicate(run: &Run) -> super::cells::CellFault {
    fault(
        run,
        "duplicate_in_file",
        "文件中前面的行已有相同的编号或匹配值",
        "An earlier row of the file has the same key",
    )
}

fn differs(run: &Run) -> super::cells::CellFault {
    fault(
        run,
        "order_rows_differ",
        "同一订单号的客户或日期不一致",
        "Rows of one order name different customers or dates",
    )
}

/// Judges and stores drafts. With `careful`, what collides with the store in a way nobody foresaw rejects single rows;
/// without, which is quicker, it fails the chunk.
pub fn drafts_apply(db: &mut Db, run: &Run, drafts: &Drafts, careful: bool) -> AppResult<Tally> {
    match drafts {
        Drafts::Parties(drafts) if careful => guarded(db, run, drafts, parties_apply, |draft| vec![draft.line]),
        Drafts::Products(drafts) if careful => guarded(db, run, drafts, products_apply, |draft| vec![draft.line]),
        Drafts::Orders(drafts) if careful => {
            guarded(db, run, drafts, orders_apply, |draft| draft.lines.iter().map(|line| line.line).collect())
        }
        Drafts::Assets(drafts) if careful => guarded(db, run, drafts, assets_apply, |draft| vec![draft.line]),
        Drafts::Consents(drafts) if careful => guarded(db, run, drafts, additions_apply, |draft| vec![draft.line]),
        Drafts::Preferences(drafts) if careful => guarded(db, run, drafts, additions_apply, |draft| vec![draft.line]),
        Drafts::Facts(drafts) if careful => guarded(db, run, drafts, additions_apply, |draft| vec![draft.line]),
        Drafts::Trainings(drafts) if careful => guarded(db, run, drafts, additions_apply, |draft| vec![draft.line]),
        Drafts::Opportunities(drafts) if careful => {
            guarded(db, run, drafts, opportunities_apply, |draft| vec![draft.line])
        }
        Drafts::Sellout(drafts) if careful => guarded(db, run, drafts, sellout_apply, |draft| vec![draft.line]),
        Drafts::Assets(drafts) => assets_apply(db, run, drafts),
        Drafts::Consents(drafts) => additions_apply(db, run, drafts),
        Drafts::Opportunities(drafts) => opportunities_apply(db, run, drafts),
        Drafts::Sellout(drafts) => sellout_apply(db, run, drafts),
        Drafts::Facts(drafts) => additions_apply(db, run, drafts),
        Drafts::Trainings(drafts) => additions_apply(db, run, drafts),
        Drafts::Preferences(drafts) => additions_apply(db, run, drafts),
        Drafts::Parties(drafts) => parties_apply(db, run, drafts),
        Drafts::Products(drafts) => products_apply(db, run, drafts),
        Drafts::Orders(drafts) => orders_apply(db, run, drafts),
    }
}

fn guarded<D>(
    db: &mut Db,
    run: &Run,
    drafts: &[D],
    apply: fn(&mut Db, &Run, &[D]) -> AppResult<Tally>,
    lines: fn(&D) -> Vec<u64>,
) -> AppResult<Tally> {
    match savepoint(db, |db| apply(db, run, drafts)) {
        Err(AppError::Conflict(code)) => match drafts {
            [] => Ok(Tally::default()),
            [one] => {
                let mut tally = Tally::default();
                let fault = fault(run, code, title(code, "zh-CN"), title(code, "en"));
                for line in lines(one) {
                    tally.reject(line, None, std::slice::from_ref(&fault));
                }
                Ok(tally)
            }
            many => {
                let (left, right) = many.split_at(many.len() / 2);
                let mut tally = guarded(db, run, left, apply, lines)?;
                let more = guarded(db, run, right, apply, lines)?;
                tally.counts.add(more.counts);
                tally.rows.extend(more.rows);
                Ok(tally)
            }
        },
        outcome => outcome,
    }
}
