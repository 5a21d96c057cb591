//! The checks, one function each.

use regulars_persistence::Db;
use regulars_persistence::access::chain::{chain_head, chain_link};
use regulars_persistence::customers::parts_kept::parts_wrong;
use regulars_persistence::customers::search::search_document_found;
use regulars_persistence::doctor as ask;
use regulars_persistence::insight::counter::{BATCH, metric_differences, party_ids_after};
use regulars_persistence::platform::file::{file_piece, files_named};
use sha2::{Digest, Sha256};

use super::{Asked, Said};
use crate::access::chain::Walk;
use crate::access::settings::company_load;
use crate::access::token::hex;
use crate::customers::index::documents_of;
use crate::insight::counts_when;
use crate::{AppError, AppResult};

/// Customers whose figures and search words are looked at when not all are.
const SAMPLE: i64 = 1_000;
/// Events are numbered and sealed within seconds; more waiting than this, with a server running, is a fault.
const BACKLOG: i64 = 100_000;

pub fn schema(db: &mut Db, _: &Asked<'_>) -> AppResult<Said> {
    let (columns, wrong) = ask::schema_differences(db)?;
    Ok(Said::of(format!("{columns} columns and their indexes as expected"), &wrong))
}

pub fn integrity(db: &mut Db, _: &Asked<'_>) -> AppResult<Said> {
    let (looked_at, wrong) = ask::integrity(db)?;
    Ok(Said::of(looked_at, &wrong))
}

pub fn references(db: &mut Db, _: &Asked<'_>) -> AppResult<Said> {
    let relations = ask::relations()?;
    let mut wrong = Vec::new();
    for relation in &relations {
        let orphans = ask::orphans(db, relation)?;
        if orphans > 0 {
            wrong.push(format!("{orphans} × {}.{} name nothing", relation.table, relation.column));
        }
    }
    Ok(Said::of(format!("{} relations, nothing points at nothing", relations.len()), &wrong))
}

pub fn order_sums(db: &mut Db, _: &Asked<'_>) -> AppResult<Said> {
    let (orders, wrong) = ask::order_sums_wrong(db)?;
    let wrong = counted(wrong, "orders do not add up");
    Ok(Said::of(format!("{orders} orders: lines, discounts, payments and returns add up"), &wrong))
}

fn counted(many: i64, what: &str) -> Vec<String> {
    if many == 0 { Vec::new() } else { vec![format!("{many} {what}")] }
}

pub fn metric_rows(db: &mut Db, _: &Asked<'_>) -> AppResult<Said> {
    let (missing, elsewhere, gone) = ask::metrics_misplaced(db)?;
    let wrong = [
        counted(missing, "customers have no figures"),
        counted(elsewhere, "figures stand at another unit or owner"),
        counted(gone, "figures are of customers that are gone"),
    ]
    .concat();
    Ok(Said::of(format!("{} customers, each with a row in its place", ask::living_customers(db)?), &wrong))
}

/// Hands the customers to look at to `look`, in portions; answers how many there were.
fn customers(
    db: &mut Db,
    asked: &Asked<'_>,
    look: &mut dyn FnMut(&mut Db, &[regulars_domain::ids::PartyId]) -> AppResult<()>,
) -> AppResult<usize> {
    let mut seen = 0;
    if !asked.check_up.full {
        let sample = ask::parties_sampled(db, SAMPLE)?;
        for some in sample.chunks(BATCH) {
            look(db, some)?;
        }
        return Ok(sample.len());
    }
    let mut after = None;
    loop {
        let some = party_ids_after(db, after, BATCH as i64)?;
        let Some(last) = some.last() else { return Ok(seen) };
        after = Some(*last);
        seen += some.len();
        look(db, &some)?;
    }
}

pub fn metrics(db: &mut Db, asked: &Asked<'_>) -> AppResult<Said> {
    let when = match company_load(db) {
        Err(AppError::Conflict("setup_needed")) => return Ok(Said::of("nobody is here yet".into(), &[])),
        company => counts_when(&company?),
    };
    let mut wrong = Vec::new();
    let looked = customers(db, asked, &mut |db, ids| {
        wrong.extend(metric_differences(db, ids, when)?.iter().map(|id| format!("those of customer {id} differ")));
        Ok(())
    })?;
    Ok(Said::of(format!("{} counted anew, as stored", of_all(looked, asked)), &wrong))
}

fn of_all(looked: usize, asked: &Asked<'_>) -> String {
    let which = if asked.check_up.full { "all" } else { "a sample of" };
    format!("{which} {looked} customers")
}

pub fn kept_parts(db: &mut Db, asked: &Asked<'_>) -> AppResult<Said> {
    let mut wrong = Vec::new();
    let looked = customers(db, asked, &mut |db, ids| {
        wrong.extend(parts_wrong(db, ids)?.iter().map(|id| format!("those kept of customer {id} are old")));
        Ok(())
    })?;
    Ok(Said::of(format!("{} keep phones, addresses and the like as stored", of_all(looked, asked)), &wrong))
}

pub fn search_index(db: &mut Db, asked: &Asked<'_>) -> AppResult<Said> {
    let mut wrong = [
        counted(ask::search_missing(db)?, "customers cannot be searched for"),
        counted(ask::search_strangers(db)?, "customers are found though they are gone"),
    ]
    .concat();
    let looked = customers(db, asked, &mut |db, ids| {
        let waiting = regulars_persistence::customers::search::search_pending_among(db, ids)?;
        for document in documents_of(db, ids)? {
            if !waiting.contains(&document.party_id) && !search_document_found(db, &document)? {
                wrong.push(format!("customer {} is not found by all its words", document.party_id));
            }
        }
        Ok(())
    })?;
    Ok(Said::of(format!("complete; {} found by every word", of_all(looked, asked)), &wrong))
}

pub fn files(db: &mut Db, asked: &Asked<'_>) -> AppResult<Said> {
    const STEP: i64 = 500;
    let (mut after, mut seen, mut wrong) = (Vec::new(), 0_usize, Vec::new());
    loop {
        let some = files_named(db, &after, STEP)?;
        let Some(last) = some.last() else { break };
        after = last.id.clone();
        seen += some.len();
        for file in some {
            let sound = file.size == file.kept && (!asked.check_up.full || file_hash(db, &file.id)? == file.id);
            if !sound {
                wrong.push(format!("the file “{}” is not what was attached", file.name));
            }
        }
    }
    let how = if asked.check_up.full { "every byte" } else { "their sizes" };
    Ok(Said::of(format!("{seen} attached files, {how} as they came"), &wrong))
}

fn file_hash(db: &mut Db, id: &[u8]) -> AppResult<Vec<u8>> {
    let mut digest = Sha256::new();
    for position in 0.. {
        let Some(piece) = file_piece(db, id, position)? else { break };
        digest.update(&piece);
    }
    Ok(digest.finalize().to_vec())
}

pub fn event_numbers(db: &mut Db, _: &Asked<'_>) -> AppResult<Said> {
    let found = ask::numbering(db)?;
    let gapless = found.last == found.numbered && found.first == i64::from(found.numbered > 0);
    let mut wrong = Vec::new();
    if !gapless {
        wrong.push(format!("{} events have numbers {} to {}", found.numbered, found.first, found.last));
    }
    if found.waiting > BACKLOG {
        wrong.push(format!("{} events wait for their number", found.waiting));
    }
    Ok(Said::of(format!("1 to {} without a gap, {} waiting", found.last, found.waiting), &wrong))
}

pub fn audit_chain(db: &mut Db, asked: &Asked<'_>) -> AppResult<Said> {
    let head = chain_head(db)?;
    let until = head.as_ref().map_or(0, |head| head.seq);
    let mut walk = Walk::from(db, 0)?;
    while walk.step(db, until)? {}
    let mut wrong = Vec::new();
    if let Some((seq, fault)) = walk.broken {
        wrong.push(format!("broken at event {seq}: {}", fault.key()));
    }
    if let Some((seq, hash)) = &asked.check_up.anchor {
        let stands = chain_link(db, *seq)?.is_some_and(|link| hex(&link.chain_hash) == hash.to_lowercase());
        if !stands {
            wrong.push(format!("event {seq} does not have the noted seal"));
        }
    }
    let seal = head.map_or_else(|| "none yet".into(), |head| format!("{until}:{}", hex(&head.chain_hash)));
    Ok(Said::of(format!("{until} events as they were sealed; the newest seal is {seal}"), &wrong))
}

pub fn jobs(db: &mut Db, asked: &Asked<'_>) -> AppResult<Said> {
    let found = ask::jobs_stand(db, asked.now)?;
    let wrong = counted(found.contradictory, "jobs have contradictory leases or ends");
    let mut well = format!("{} queued, {} running, {} failed", found.queued, found.running, found.failed);
    if found.silent > 0 {
        well.push_str(&format!(", {} to be taken over from a silent node", found.silent));
    }
    if let Some(since) = found.due_since {
        well.push_str(&format!(", the oldest due since {}", since.format("%Y-%m-%d %H:%M UTC")));
    }
    Ok(Said::of(well, &wrong))
}
