//! Rows on their way to several tables, written together in the order in which the tables were first named.

use regulars_persistence::Db;
use regulars_persistence::demo::{Table, rows_insert};
use regulars_persistence::sql::Bind;

use crate::AppResult;

/// Rows kept before they are written.
const FULL: usize = 10_000;

#[derive(Default)]
pub(super) struct Rows {
    tables: Vec<(Table, Vec<Vec<Bind>>)>,
    kept: usize,
}

impl Rows {
    pub fn push<const N: usize>(&mut self, table: Table, row: [Bind; N]) {
        self.kept += 1;
        let row = row.into_iter().collect();
        match self.tables.iter_mut().find(|(known, _)| *known == table) {
            Some((_, rows)) => rows.push(row),
            None => self.tables.push((table, vec![row])),
        }
    }

    pub fn write_when_full(&mut self, tx: &mut Db) -> AppResult<()> {
        if self.kept < FULL { Ok(()) } else { self.write(tx) }
    }

    pub fn write(&mut self, tx: &mut Db) -> AppResult<()> {
        for (table, rows) in &mut self.tables {
            rows_insert(tx, *table, std::mem::take(rows))?;
        }
        self.kept = 0;
        Ok(())
    }
}
