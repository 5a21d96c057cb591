//! Codes for imported customers that bring none, leased as a block from the same counter every new customer uses.

use regulars_domain::ids::UnitId;
use regulars_domain::naming::CodePattern;
use regulars_persistence::Db;
use regulars_persistence::import::reference::{code_block, codes_taken};

use super::run::Run;
use crate::{AppError, AppResult};

/// `count` unused codes of the company's pattern for a unit.
pub fn codes_take(db: &mut Db, run: &Run, unit: UnitId, count: usize) -> AppResult<Vec<String>> {
    let pattern = CodePattern::parse(&run.code_pattern).map_err(AppError::internal)?;
    let unit_code = run.refs.unit_code(unit).unwrap_or_default();
    let first = i64::try_from(pattern.first()).map_err(AppError::internal)?;
    let mut codes = Vec::with_capacity(count);
    while codes.len() < count {
        let missing = count - codes.len();
        let start = code_block(db, &format!("customer:{unit}"), first, missing as i64)?;
        let block: Vec<String> =
            (start..start + missing as i64).map(|number| pattern.render(unit_code, number.unsigned_abs())).collect();
        // Files bring codes of the same pattern, too.
        let taken = codes_taken(db, unit, &block)?;
        codes.extend(block.into_iter().filter(|code| !taken.contains(code)));
    }
    Ok(codes)
}
