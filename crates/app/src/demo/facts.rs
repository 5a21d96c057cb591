//! What the company knows of some of its customers: what they buy of all, their staff and their credit.

use chrono::Days;
use regulars_domain::demo::Rng;
use regulars_domain::ids::FactId;
use regulars_persistence::Db;
use regulars_persistence::customers::fact::{FactRow, facts_insert};

use super::customers::{Buyer, People};
use super::{Stage, id_at};
use crate::AppResult;
use crate::customers::fact::{CREDIT_GRADE, TOTAL_PURCHASES};

/// One of so many buyers was asked.
const RARE: usize = 12;
const GRADES: [&str; 5] = ["AAA", "AA", "A", "BBB", "B"];

pub(super) fn fill(tx: &mut Db, stage: &Stage, people: &People) -> AppResult<()> {
    let mut rows = Vec::new();
    for (place, buyer) in people.buyers.iter().enumerate().filter(|(place, _)| place % RARE == 0) {
        rows.extend(known(stage, place as u64, buyer));
    }
    Ok(facts_insert(tx, rows)?)
}

fn known(stage: &Stage, place: u64, buyer: &Buyer) -> Vec<FactRow> {
    let rng = &mut stage.chance(71, place);
    let year_before = stage.yesterday - Days::new(365);
    let ours: i64 =
        buyer.orders.iter().filter(|order| order.on > year_before).map(|order| order.gross() - order.discount()).sum();
    let blank = |kind: &str, days: u64, source: &str, rng: &mut Rng| {
        let as_of = stage.yesterday - Days::new(days);
        let at = stage.at(as_of, 960);
        FactRow {
            id: id_at::<FactId>(at, rng),
            party_id: buyer.party,
            kind: kind.into(),
            as_of,
            amount: None,
            number: None,
            words: None,
            source: source.into(),
            note: None,
            import_id: None,
            version: 1,
            created_at: at,
            updated_at: at,
        }
    };
    let mut rows = Vec::new();
    if ours > 0 {
        let days = rng.between(20, 300) as u64;
        // Whole hundreds, as people say them.
        let all = ours * rng.between(110, 600) / 100 / 10_000 * 10_000 + 10_000;
        rows.push(FactRow { amount: Some(all), ..blank(TOTAL_PURCHASES, days, "asked", rng) });
    }
    if rng.chance(0.4) {
        let days = rng.between(20, 500) as u64;
        let grade = rng.pick(&GRADES).copied().unwrap_or("A").to_string();
        rows.push(FactRow { words: Some(grade), ..blank(CREDIT_GRADE, days, "register", rng) });
    }
    rows
}
