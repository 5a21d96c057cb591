//! The rows of a file, one at a time, from any resume point, in memory bounded by one row whatever the file's size.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use csv::StringRecord;
use serde::{Deserialize, Serialize};

use super::faults::{FileFault, RowFault};
use super::format::{FileFormat, FileKind};
use super::stream::{Budget, TextStream};
use super::xlsx;

/// Bytes of one row, quotes and delimiters included.
pub const ROW_LIMIT: usize = 1 << 20;
/// Bytes of one field.
pub const FIELD_LIMIT: usize = 64 * 1024;
pub const COLUMN_LIMIT: usize = 1000;

/// Where reading may go on: behind row `row`. Stored with every committed chunk.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resume {
    /// Bytes of decoded text before the next row; 0 for workbooks, which are skipped by row.
    pub offset: u64,
    /// Rows read so far, header included.
    pub row: u64,
    /// One more than the line breaks passed so far, or the next row of the sheet; 0 and 1 both mean the start.
    pub line: u64,
    /// Fields a row must have, taken from the first row; 0 until it was read.
    pub width: usize,
}

/// One row as it stands in the file.
#[derive(Debug, Clone)]
pub struct Row {
    /// Counts from 1, header included, blank rows not.
    pub number: u64,
    /// Where a person finds it: line of the text, row of the sheet, from 1.
    pub line: u64,
    pub record: StringRecord,
    /// Set when the row can't be taken as it is.
    pub fault: Option<RowFault>,
    /// Reading may go on here.
    pub next: Resume,
}

/// What the visitor of rows wants next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flow {
    Go,
    Stop,
}

/// Called once per row.
pub type Visitor<'a> = dyn FnMut(Row) -> Result<Flow, FileFault> + 'a;

/// Reads the rows behind `from` (the header row too) and hands each to `visit`. Blank rows are passed over.
pub fn rows_read(path: &Path, format: &FileFormat, from: Resume, visit: &mut Visitor) -> Result<(), FileFault> {
    match (format.kind, format.delimiter.byte()) {
        (FileKind::Xlsx, _) => xlsx::rows_read(path, format.sheet.as_deref(), from, visit),
        (FileKind::Csv, Some(delimiter)) => delimited_read(path, format, delimiter, from, visit),
        (FileKind::Csv, None) => aligned_read(path, format, from, visit),
    }
}

fn delimited_read(
    path: &Path,
    format: &FileFormat,
    delimiter: u8,
    from: Resume,
    visit: &mut Visitor,
) -> Result<(), FileFault> {
    let budget = Budget::new(ROW_LIMIT);
    let base = from.line.max(1);
    let before_break = breaks_with_return(path, format)?;
    let stream = TextStream::open(path, format.encoding, from.offset, base, budget.clone())?;
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .buffer_capacity(64 * 1024)
        .from_reader(stream);
    let mut at = from;
    let mut held: Option<Row> = None;
    loop {
        budget.refill();
        let from_line = base + reader.position().line() - 1;
        let mut record = StringRecord::new();
        if !reader.read_record(&mut record).map_err(|error| csv_fault(error, from_line + u64::from(before_break)))? {
            break;
        }
        let here = reader.position();
        at = Resume { offset: from.offset + here.byte(), line: base + here.line() - 1, ..at };
        // The parser has passed the row's own line break, except that it stops between CR and LF.
        let inside = record.as_slice().bytes().filter(|byte| *byte == b'\n').count() as u64;
        let line = (at.line - inside).saturating_sub(u64::from(!before_break)).max(1);
        let Some(row) = row_make(record, line, &mut at)? else {
            continue;
        };
        if let Some(row) = held.replace(row)
            && visit(row)? == Flow::Stop
        {
            return Ok(());
        }
    }
    // The last row is looked at only when the end is known: cut in the middle, it means a half-written file.
    let Some(mut last) = held else { return Ok(()) };
    let stream = reader.get_ref();
    let short = matches!(last.fault, Some(RowFault::TooFewFields { .. }));
    let open = stream.quote_open() && last.record.iter().any(|field| field.contains('\n'));
    if stream.ended_raggedly() && (short || open) || (open && short) {
        return Err(FileFault::Truncated);
    }
    if stream.ended_raggedly() && !before_break {
        last.line += 1;
    }
    visit(last)?;
    Ok(())
}

/// True when the first line of the file ends with CR LF.
fn breaks_with_return(path: &Path, format: &FileFormat) -> Result<bool, FileFault> {
    let mut stream = TextStream::open(path, format.encoding, 0, 1, Budget::new(ROW_LIMIT))?;
    let mut head = vec![0_u8; 64 * 1024];
    let count = stream.read(&mut head)?;
    let end = head[..count].iter().position(|byte| *byte == b'\n');
    Ok(end.is_some_and(|end| end > 0 && head[end - 1] == b'\r'))
}

fn aligned_read(path: &Path, format: &FileFormat, from: Resume, visit: &mut Visitor) -> Result<(), FileFault> {
    let base = from.line.max(1);
    let stream = TextStream::open(path, format.encoding, from.offset, base, Budget::new(usize::MAX / 2))?;
    let mut reader = BufReader::with_capacity(64 * 1024, stream);
    let mut at = Resume { line: base, ..from };
    let mut text = Vec::new();
    loop {
        text.clear();
        let count = reader.by_ref().take(ROW_LIMIT as u64 + 1).read_until(b'\n', &mut text)?;
        if count == 0 {
            return Ok(());
        }
        let line = at.line;
        if count > ROW_LIMIT {
            return Err(FileFault::RowTooLong { line, limit: ROW_LIMIT });
        }
        at = Resume { offset: at.offset + count as u64, line: line + 1, ..at };
        // Old DOS files end with the control character 26.
        let content = String::from_utf8_lossy(&text);
        let record: StringRecord =
            content.trim_end_matches('\u{1a}').split_ascii_whitespace().collect::<Vec<_>>().into();
        let Some(row) = row_make(record, line, &mut at)? else {
            continue;
        };
        let short = matches!(row.fault, Some(RowFault::TooFewFields { .. }));
        if short && text.last() != Some(&b'\n') {
            return Err(FileFault::Truncated);
        }
        if visit(row)? == Flow::Stop {
            return Ok(());
        }
    }
}

/// Numbers the row and judges its shape against the first one. `None` for blank rows and remarks; `at` moves behind the row.
pub(super) fn row_make(record: StringRecord, line: u64, at: &mut Resume) -> Result<Option<Row>, FileFault> {
    let mut filled = record.iter().filter(|field| !field.trim().is_empty());
    match (filled.next(), filled.next()) {
        (None, _) => return Ok(None),
        // A remark, such as the line that says who exported the table.
        (Some(only), None) if only.starts_with("# ") && record.len() > 1 && at.width > 0 => return Ok(None),
        _ => {}
    }
    if record.len() > COLUMN_LIMIT {
        return Err(FileFault::TooManyColumns { line, limit: COLUMN_LIMIT });
    }
    if record.as_slice().len() > ROW_LIMIT {
        return Err(FileFault::RowTooLong { line, limit: ROW_LIMIT });
    }
    at.row += 1;
    if at.width == 0 {
        at.width = record.len();
    }
    let fault = shape_fault(&record, at.width);
    Ok(Some(Row { number: at.row, line, record, fault, next: *at }))
}

fn shape_fault(record: &StringRecord, width: usize) -> Option<RowFault> {
    let found = record.len();
    if let Some(column) = record.iter().position(|field| field.len() > FIELD_LIMIT) {
        return Some(RowFault::FieldTooLong { column, limit: FIELD_LIMIT });
    }
    if found < width {
        return Some(RowFault::TooFewFields { expected: width, found });
    }
    // Delimiters hanging behind the last column are harmless.
    if record.iter().skip(width).any(|field| !field.trim().is_empty()) {
        return Some(RowFault::TooManyFields { expected: width, found });
    }
    None
}

fn csv_fault(error: csv::Error, line: u64) -> FileFault {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => match FileFault::from(error) {
            FileFault::RowTooLong { limit, .. } => FileFault::RowTooLong { line, limit },
            other => other,
        },
        _ => FileFault::BadEncoding { encoding: "UTF-8", line },
    }
}
