//! A customer's offers go with it to another unit, under codes of that unit where theirs are taken there.

use std::collections::HashMap;

use regulars_domain::ids::{PartyId, UnitId, UserId};
use regulars_persistence::Db;
use regulars_persistence::sales::quote::{QuoteRow, quote_versions, quotes_elsewhere};
use serde_json::json;

use super::{event, quote_codes, store};
use crate::{AppResult, Cx};

/// Answers how many versions of offers there were.
pub fn quotes_follow_party(
    tx: &mut Db,
    cx: &Cx,
    party: PartyId,
    (unit, owner): (UnitId, Option<UserId>),
) -> AppResult<usize> {
    let rows = quotes_elsewhere(tx, party, unit)?;
    if rows.is_empty() {
        return Ok(0);
    }
    let codes = codes_there(tx, cx, unit, &rows)?;
    for before in &rows {
        let code = codes.get(&(before.unit_id, before.code.clone())).cloned().unwrap_or_else(|| before.code.clone());
        let mut row = QuoteRow { unit_id: unit, owner_id: owner, code, ..before.clone() };
        store(tx, cx, &mut row)?;
        event(cx, &row, "transferred")
            .stood(before.unit_id, before.owner_id)
            .before(&json!({"unit_id": before.unit_id, "owner_id": before.owner_id, "code": before.code}))
            .after(&json!({"unit_id": unit, "owner_id": owner, "code": row.code}))
            .record(tx)?;
    }
    Ok(rows.len())
}

/// The new code of each offer whose code the unit has given to another.
fn codes_there(tx: &mut Db, cx: &Cx, unit: UnitId, rows: &[QuoteRow]) -> AppResult<HashMap<(UnitId, String), String>> {
    let mut offers: Vec<(UnitId, &str)> = rows.iter().map(|row| (row.unit_id, row.code.as_str())).collect();
    offers.sort_unstable();
    offers.dedup();
    let named: Vec<&str> = offers.iter().map(|(_, code)| *code).collect();
    let mut taken: Vec<String> = quote_versions(tx, unit, &named)?.into_iter().map(|row| row.code).collect();
    let mut doubled = Vec::new();
    for (from, code) in offers {
        if taken.iter().any(|one| one == code) {
            doubled.push((from, code.to_string()));
        } else {
            taken.push(code.into());
        }
    }
    if doubled.is_empty() {
        return Ok(HashMap::new());
    }
    let fresh = quote_codes(cx, tx, unit)?.take(tx, doubled.len())?;
    Ok(doubled.into_iter().zip(fresh).collect())
}
