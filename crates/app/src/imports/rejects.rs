//! The rows an import did not take, handed back as a file that can be corrected and imported again: the same
//! columns under the same headings, with what was wrong behind them.

use std::io::Write;

use crate::exports::spreadsheet_out::{Cell, CsvWriter, TableWriter, WriteFault};

/// Heading of the reason column. An import passes over columns whose heading starts with `_`.
pub const REASON: &str = "_reason";
/// Heading of the column that says where the row stood in the original file.
pub const LINE: &str = "_line";

/// Streams rejected rows as CSV (UTF-8 with byte order mark).
pub struct RejectWriter<W: Write> {
    out: CsvWriter<W>,
    width: usize,
}

impl<W: Write> RejectWriter<W> {
    /// `names` are the headings of the imported file; columns without one are numbered.
    pub fn new(out: W, names: &[String]) -> Result<Self, WriteFault> {
        let mut out = CsvWriter::new(out, true);
        let mut heads: Vec<String> = names
            .iter()
            .enumerate()
            .map(|(index, name)| if name.trim().is_empty() { format!("{}", index + 1) } else { name.clone() })
            .collect();
        heads.extend([LINE.to_owned(), REASON.to_owned()]);
        out.header(&heads)?;
        Ok(Self { out, width: names.len() })
    }

    /// `reasons` are joined into one cell. Missing fields are filled with blanks, surplus ones kept in the last cell.
    pub fn reject(&mut self, fields: &[&str], line: u64, reasons: &[String]) -> Result<(), WriteFault> {
        let mut cells: Vec<Cell> =
            fields.iter().take(self.width).map(|field| Cell::Text((*field).to_owned())).collect();
        cells.resize(self.width, Cell::Empty);
        cells.push(Cell::Integer(i64::try_from(line).unwrap_or(i64::MAX)));
        cells.push(Cell::Text(reasons.join("; ")));
        self.out.row(&cells)
    }

    pub fn finish(self) -> Result<(), WriteFault> {
        Box::new(self.out).finish()
    }
}
