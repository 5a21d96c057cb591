//! Workbooks. What a workbook unpacks to is measured before anything interprets it, so that a few kilobytes can't
//! become gigabytes; then its cells are streamed as text the way the spreadsheet shows them.

use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use calamine::{DataRef, ExcelDateTime, Reader, Xlsx, XlsxError, XlsxFormulaMetadata};
use chrono::{Datelike, NaiveDate, TimeDelta, Timelike};
use csv::StringRecord;
use zip::ZipArchive;

use super::faults::{FileFault, RowFault};
use super::rows::{COLUMN_LIMIT, Flow, ROW_LIMIT, Resume, Visitor, row_make};
use super::stream::read_full;

const MIB: u64 = 1 << 20;
/// Bytes of all parts together.
const INFLATED_LIMIT: u64 = 512 * MIB;
/// Held in memory as a whole, unlike sheets.
const STRINGS_LIMIT: u64 = 128 * MIB;
const SMALL_PART_LIMIT: u64 = 16 * MIB;
/// Parts above this size must not be compressed better than `RATIO_LIMIT`.
const RATIO_FROM: u64 = 32 * MIB;
const RATIO_LIMIT: u64 = 200;
const DIRECTORY_LIMIT: u64 = 4 * MIB;
/// Bytes between two `<`: one text or one tag, which the XML reader holds in memory.
const TOKEN_LIMIT: u64 = MIB;

/// Refuses a workbook that would unpack to too much or is cut off. Declared sizes are looked at first, then every
/// part is really inflated and counted, since declared sizes can lie.
pub fn workbook_check(path: &Path) -> Result<(), FileFault> {
    directory_check(path)?;
    let mut archive = ZipArchive::new(BufReader::new(File::open(path)?)).map_err(zip_fault)?;
    let mut declared = 0_u64;
    for index in 0..archive.len() {
        let part = archive.by_index_raw(index).map_err(zip_fault)?;
        declared = declared.saturating_add(part.size());
        let name = part.name().map_err(zip_fault)?.into_owned();
        part_check(&name, part.size(), part.compressed_size())?;
    }
    if declared > INFLATED_LIMIT {
        return Err(bomb("*", INFLATED_LIMIT));
    }
    let mut counted = 0_u64;
    for index in 0..archive.len() {
        counted += part_count(&mut archive, index, INFLATED_LIMIT - counted)?;
    }
    Ok(())
}

/// The end record of the archive: a cut file has none, and a huge directory would be held in memory.
fn directory_check(path: &Path) -> Result<(), FileFault> {
    let mut file = File::open(path)?;
    let size = file.metadata()?.len();
    let tail = size.min(22 + 65_535);
    file.seek(SeekFrom::Start(size - tail))?;
    let mut bytes = vec![0_u8; tail as usize];
    let count = read_full(&mut file, &mut bytes)?;
    bytes.truncate(count);
    let end = bytes.windows(4).rposition(|four| four == b"PK\x05\x06").ok_or(FileFault::Truncated)?;
    let Some(record) = bytes.get(end..end + 22) else {
        return Err(FileFault::Truncated);
    };
    let entries = u16::from_le_bytes([record[10], record[11]]);
    let directory = u32::from_le_bytes([record[12], record[13], record[14], record[15]]);
    if entries == u16::MAX || u64::from(directory) > DIRECTORY_LIMIT {
        return Err(bomb("*", DIRECTORY_LIMIT));
    }
    Ok(())
}

fn part_limit(name: &str) -> u64 {
    if name.ends_with("sharedStrings.xml") {
        STRINGS_LIMIT
    } else if name.contains("worksheets/") || name.contains("media/") {
        INFLATED_LIMIT
    } else {
        SMALL_PART_LIMIT.max(RATIO_FROM)
    }
}

fn part_check(name: &str, size: u64, compressed: u64) -> Result<(), FileFault> {
    let limit = part_limit(name);
    if size > limit {
        return Err(bomb(name, limit));
    }
    if size > RATIO_FROM && size / compressed.max(1) > RATIO_LIMIT {
        return Err(bomb(name, RATIO_FROM));
    }
    Ok(())
}

fn part_count<R: Read + Seek>(archive: &mut ZipArchive<R>, index: usize, left: u64) -> Result<u64, FileFault> {
    let mut part = archive.by_index(index).map_err(zip_fault)?;
    let name = part.name().map_err(zip_fault)?.into_owned();
    let compressed = part.compressed_size();
    let markup = name.ends_with(".xml") || name.ends_with(".rels");
    let mut chunk = vec![0_u8; 64 * 1024];
    let (mut count, mut token) = (0_u64, 0_u64);
    loop {
        let read = match part.read(&mut chunk) {
            Ok(0) => return Ok(count),
            Ok(read) => read,
            // A wrong checksum or a cut stream.
            Err(_) => return Err(FileFault::Truncated),
        };
        count += read as u64;
        if count > left {
            return Err(bomb(&name, INFLATED_LIMIT));
        }
        part_check(&name, count, compressed)?;
        if markup {
            for piece in chunk[..read].split_inclusive(|byte| *byte == b'<') {
                token += piece.len() as u64;
                if token > TOKEN_LIMIT {
                    return Err(bomb(&name, TOKEN_LIMIT));
                }
                if piece.ends_with(b"<") {
                    token = 0;
                }
            }
        }
    }
}

fn bomb(entry: &str, limit: u64) -> FileFault {
    FileFault::ZipBomb { entry: entry.to_owned(), limit_mib: limit / MIB }
}

fn zip_fault(error: zip::result::ZipError) -> FileFault {
    match error {
        zip::result::ZipError::Io(error) if error.kind() != std::io::ErrorKind::UnexpectedEof => {
            FileFault::Io(error.kind())
        }
        zip::result::ZipError::Io(_) => FileFault::Truncated,
        _ => FileFault::NotASpreadsheet,
    }
}

fn workbook_open(path: &Path) -> Result<Xlsx<BufReader<File>>, FileFault> {
    Xlsx::new(BufReader::new(File::open(path)?)).map_err(workbook_fault)
}

fn workbook_fault(error: XlsxError) -> FileFault {
    match error {
        XlsxError::Password => FileFault::OldExcelOrEncrypted,
        XlsxError::Zip(error) => zip_fault(error),
        XlsxError::XmlEof(_) => FileFault::Truncated,
        XlsxError::WorksheetNotFound(name) => FileFault::SheetMissing { name },
        XlsxError::Io(error) => FileFault::Io(error.kind()),
        _ => FileFault::NotASpreadsheet,
    }
}

/// Names of the sheets that hold cells, in the workbook's order.
pub fn sheet_names(path: &Path) -> Result<Vec<String>, FileFault> {
    let workbook = workbook_open(path)?;
    Ok(workbook
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.typ == calamine::SheetType::WorkSheet)
        .map(|sheet| sheet.name.clone())
        .collect())
}

/// Streams the rows of one sheet (the first when none is named). Formulas give the value saved with them.
pub fn rows_read(path: &Path, sheet: Option<&str>, from: Resume, visit: &mut Visitor) -> Result<(), FileFault> {
    let mut workbook = workbook_open(path)?;
    let sheet = match sheet {
        Some(name) => name.to_owned(),
        None => workbook.sheet_names().into_iter().next().ok_or(FileFault::NoSheet)?,
    };
    let mut cells = workbook.worksheet_cells_reader(&sheet).map_err(workbook_fault)?;
    let mut pending = SheetRow::default();
    let mut at = Resume { width: from.width, ..Resume::default() };
    loop {
        let cell = cells.next_cell_with_formula_metadata().map_err(workbook_fault)?;
        let sheet_row = cell.as_ref().map(|cell| u64::from(cell.pos.0) + 1);
        if sheet_row != Some(pending.line) && pending.line > 0 {
            let row = std::mem::take(&mut pending);
            if row.deliver(&mut at, from.row, visit)? == Flow::Stop {
                return Ok(());
            }
        }
        let (Some(cell), Some(line)) = (cell, sheet_row) else {
            return Ok(());
        };
        pending.line = line;
        pending.put(cell.pos.1 as usize, &cell.value, cell.formula.as_ref())?;
    }
}

/// The cells of one row, gathered.
#[derive(Default)]
struct SheetRow {
    line: u64,
    fields: Vec<String>,
    bytes: usize,
    fault: Option<RowFault>,
}

impl SheetRow {
    fn put(&mut self, column: usize, value: &DataRef, formula: Option<&XlsxFormulaMetadata>) -> Result<(), FileFault> {
        if matches!(value, DataRef::Empty) && formula.is_none() {
            return Ok(());
        }
        if column >= COLUMN_LIMIT {
            return Err(FileFault::TooManyColumns { line: self.line, limit: COLUMN_LIMIT });
        }
        if self.fields.len() <= column {
            self.fields.resize(column + 1, String::new());
        }
        match cell_text(value) {
            Ok(text) => {
                self.bytes += text.len();
                if self.bytes > ROW_LIMIT {
                    return Err(FileFault::RowTooLong { line: self.line, limit: ROW_LIMIT });
                }
                self.fields[column] = text;
            }
            Err(error) => {
                self.fields[column].clone_from(&error);
                self.fault.get_or_insert(RowFault::CellError { column, error });
            }
        }
        if matches!(value, DataRef::Empty) {
            self.fault.get_or_insert(RowFault::FormulaWithoutValue { column });
        }
        Ok(())
    }

    /// Hands the row on unless it is blank or lies before the resume point.
    fn deliver(mut self, at: &mut Resume, from_row: u64, visit: &mut Visitor) -> Result<Flow, FileFault> {
        if self.fields.len() < at.width {
            self.fields.resize(at.width, String::new());
        }
        at.line = self.line + 1;
        let fault = self.fault.take();
        if fault.is_some() && self.fields.iter().all(|field| field.trim().is_empty()) {
            // A formula without a value leaves no text, but its row is not blank and has to be reported.
            self.fields[0] = "=".to_owned();
        }
        let Some(mut row) = row_make(StringRecord::from(self.fields), self.line, at)? else {
            return Ok(Flow::Go);
        };
        row.fault = fault.or(row.fault);
        if row.number <= from_row { Ok(Flow::Go) } else { visit(row) }
    }
}

/// The text of a cell; an error value is an `Err` with its name, such as `#N/A`.
fn cell_text(value: &DataRef) -> Result<String, String> {
    Ok(match value {
        DataRef::Empty => String::new(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number_text(*number),
        DataRef::String(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(flag) => flag.to_string(),
        DataRef::DateTime(moment) => moment_text(moment),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::Error(error) => return Err(error.to_string()),
    })
}

/// Fifteen significant digits, as spreadsheets show them: 29.330000000000002 is 29.33 and 13800138000.0 has no tail.
fn number_text(number: f64) -> String {
    let rounded: f64 = format!("{number:.14e}").parse().unwrap_or(number);
    format!("{rounded}")
}

/// `2024-06-08`, or with a time `2024-06-08 12:30:00`, or for times of day `12:30:00`.
fn moment_text(moment: &ExcelDateTime) -> String {
    let serial = moment.as_f64();
    if moment.is_duration() || !(0.0..=2_958_466.0).contains(&serial) {
        return number_text(serial);
    }
    let (year, month, day, hour, minute, second) = rounded_moment(moment);
    if serial < 1.0 && year < 1904 {
        return format!("{hour:02}:{minute:02}:{second:02}");
    }
    if (hour, minute, second) == (0, 0, 0) {
        return format!("{year:04}-{month:02}-{day:02}");
    }
    format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
}

/// To the nearest second: serials are floats and carry noise, 11:59:59.999 means noon.
fn rounded_moment(moment: &ExcelDateTime) -> (i32, u32, u32, u32, u32, u32) {
    let (year, month, day, hour, minute, second, milli) = moment.to_ymd_hms_milli();
    let exact = NaiveDate::from_ymd_opt(i32::from(year), u32::from(month), u32::from(day))
        .and_then(|date| date.and_hms_opt(u32::from(hour), u32::from(minute), u32::from(second)));
    let Some(exact) = exact else {
        return (year.into(), month.into(), day.into(), hour.into(), minute.into(), second.into());
    };
    let near = exact + TimeDelta::seconds(i64::from(milli >= 500));
    (near.year(), near.month(), near.day(), near.hour(), near.minute(), near.second())
}
