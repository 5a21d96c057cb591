//! Human codes from a pattern. Every node keeps a block of numbers, so that creating a record touches no counter.

use std::collections::HashMap;
use std::ops::Range;

use parking_lot::Mutex;
use regulars_domain::ids::UnitId;
use regulars_domain::naming::CodePattern;
use regulars_persistence::Db;
use regulars_persistence::customers::code::{code_lease, code_raise};

use crate::{App, AppError, AppResult};

/// Numbers leased at a time. What a stopped node had left is a gap; gaps are allowed.
const BLOCK: i64 = 100;

/// The numbers this node may still give out, by scope.
#[derive(Default)]
pub struct CodeBlocks(Mutex<HashMap<String, Range<i64>>>);

/// Whose codes: `customer` or `order`, of one unit.
#[derive(Debug, Clone)]
pub struct CodeScope {
    resource: &'static str,
    unit_id: UnitId,
    unit_code: String,
    pattern: CodePattern,
}

impl CodeScope {
    /// `pattern` comes from the settings, which refuse broken ones.
    pub fn new(resource: &'static str, pattern: &str, unit_id: UnitId, unit_code: &str) -> AppResult<Self> {
        let pattern = CodePattern::parse(pattern).map_err(AppError::internal)?;
        Ok(Self { resource, unit_id, unit_code: unit_code.into(), pattern })
    }

    fn key(&self) -> String {
        format!("{}:{}", self.resource, self.unit_id)
    }

    fn first(&self) -> i64 {
        i64::try_from(self.pattern.first()).unwrap_or(1)
    }

    fn render(&self, number: i64) -> String {
        self.pattern.render(&self.unit_code, number.unsigned_abs())
    }

    /// The next code from this node's block. Leases a new block in a transaction of its own: call it outside of one.
    pub fn next(&self, app: &App) -> AppResult<String> {
        let key = self.key();
        if let Some(number) = app.codes().0.lock().get_mut(&key).and_then(Iterator::next) {
            return Ok(self.render(number));
        }
        let (scope, first) = (key.clone(), self.first());
        let start = app.db().write(move |tx| Ok::<_, AppError>(code_lease(tx, &scope, first, BLOCK)?))?;
        let mut blocks = app.codes().0.lock();
        let block = blocks.entry(key).or_insert(start..start);
        if block.is_empty() {
            *block = start..start + BLOCK;
        }
        let number = block.next().unwrap_or(start);
        Ok(self.render(number))
    }

    /// `count` codes in the caller's transaction, for imports.
    pub fn take(&self, tx: &mut Db, count: usize) -> AppResult<Vec<String>> {
        let count = i64::try_from(count).map_err(AppError::internal)?;
        let start = code_lease(tx, &self.key(), self.first(), count)?;
        Ok((start..start + count).map(|number| self.render(number)).collect())
    }

    /// Tells that codes were given by hand, so that their numbers aren't given out again.
    pub fn used<'a>(&self, tx: &mut Db, codes: impl IntoIterator<Item = &'a str>) -> AppResult<()> {
        let numbers = codes.into_iter().filter_map(|code| self.pattern.number_of(&self.unit_code, code));
        if let Some(highest) = numbers.max().and_then(|number| i64::try_from(number).ok()) {
            code_raise(tx, &self.key(), highest)?;
        }
        Ok(())
    }
}

/// Codes of new customers of a unit in the caller's transaction, for imports.
pub fn codes_take(tx: &mut Db, pattern: &str, unit: UnitId, unit_code: &str, count: usize) -> AppResult<Vec<String>> {
    CodeScope::new("customer", pattern, unit, unit_code)?.take(tx, count)
}
