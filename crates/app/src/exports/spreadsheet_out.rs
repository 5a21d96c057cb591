//! Tables written row by row, as CSV or as a workbook, in memory that does not grow with the rows. Nothing written
//! here is executed by the spreadsheet that opens it: texts that look like formulas are defused.

use std::borrow::Cow;
use std::io::{BufWriter, Write};
use std::path::PathBuf;

use chrono::NaiveDate;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, XlsxError};
use thiserror::Error;

/// One cell. Decimals are integers with a number of places: `Decimal { units: 1250, places: 2 }` is 12.50.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    Empty,
    Text(String),
    Integer(i64),
    Decimal { units: i64, places: u32 },
    Date(NaiveDate),
    Bool(bool),
}

#[derive(Debug, Error)]
pub enum WriteFault {
    #[error("the file can't be written: {0}")]
    Io(#[from] std::io::Error),
    #[error("the workbook can't be written: {0}")]
    Workbook(#[from] XlsxError),
    /// A sheet holds 1,048,576 rows; longer lists go to CSV.
    #[error("a workbook sheet holds at most {0} rows")]
    TooManyRows(u32),
}

/// Who exported what and when; part of a workbook's properties and of its last sheet.
#[derive(Debug, Clone)]
pub struct Watermark {
    pub title: String,
    pub author: String,
    /// A sentence such as "Exported by 李娜, 2024-06-08 12:30".
    pub sentence: String,
    /// Under which the log of exports knows it.
    pub id: String,
}

/// A table under construction. The header comes first, once; `finish` makes the file whole.
pub trait TableWriter {
    fn header(&mut self, names: &[String]) -> Result<(), WriteFault>;
    fn row(&mut self, cells: &[Cell]) -> Result<(), WriteFault>;
    fn finish(self: Box<Self>) -> Result<(), WriteFault>;
}

/// `units / 10^places` in plain digits with a point.
pub fn decimal_text(units: i64, places: u32) -> String {
    if places == 0 {
        return units.to_string();
    }
    let power = 10_u64.saturating_pow(places);
    let sign = if units < 0 { "-" } else { "" };
    let (whole, rest) = (units.unsigned_abs() / power, units.unsigned_abs() % power);
    format!("{sign}{whole}.{rest:0width$}", width = places as usize)
}

/// True for texts a spreadsheet might run: they start with `= + - @`, a tab or a line break, and are neither plain
/// numbers nor telephone numbers.
pub fn is_formula_like(text: &str) -> bool {
    let Some(first) = text.chars().next() else {
        return false;
    };
    match first {
        '=' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠' => true,
        '+' => !is_plain_number(&text[1..]) && !is_dial_string(&text[1..]),
        '-' => !is_plain_number(&text[1..]),
        _ => false,
    }
}

fn is_plain_number(text: &str) -> bool {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    digits(whole) && digits(fraction)
}

/// Digits in groups behind a plus; a spreadsheet would compute `+86-138`, so dashes need the apostrophe.
fn is_dial_string(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit()) && text.chars().all(|c| c.is_ascii_digit() || c == ' ')
}

/// The text as it may stand in a CSV field: formula-like ones get a leading apostrophe, and so do those that already
/// have one, which makes it reversible.
pub fn formula_safe(text: &str) -> Cow<'_, str> {
    if is_formula_like(text.trim_start_matches('\'')) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

/// Takes back what [`formula_safe`] added, so that an exported file imports as it was.
pub fn formula_unsafe(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if is_formula_like(rest.trim_start_matches('\'')) => rest,
        _ => text,
    }
}

/// CSV after RFC 4180, UTF-8, lines ended by CR LF as spreadsheets expect.
pub struct CsvWriter<W: Write> {
    out: csv::Writer<BufWriter<W>>,
    fault: Option<std::io::Error>,
}

impl<W: Write> CsvWriter<W> {
    /// With `mark`, the file starts with a byte order mark, by which Excel knows UTF-8.
    pub fn new(out: W, mark: bool) -> Self {
        let mut out = BufWriter::with_capacity(64 * 1024, out);
        let fault = if mark { out.write_all(b"\xEF\xBB\xBF").err() } else { None };
        let out = csv::WriterBuilder::new().flexible(true).terminator(csv::Terminator::CRLF).from_writer(out);
        Self { out, fault }
    }

    fn check(&mut self) -> Result<(), WriteFault> {
        self.fault.take().map_or(Ok(()), |fault| Err(fault.into()))
    }
}

impl<W: Write> TableWriter for CsvWriter<W> {
    fn header(&mut self, names: &[String]) -> Result<(), WriteFault> {
        self.check()?;
        self.out.write_record(names.iter().map(|name| formula_safe(name).into_owned())).map_err(csv_fault)
    }

    fn row(&mut self, cells: &[Cell]) -> Result<(), WriteFault> {
        self.check()?;
        for cell in cells {
            let written = match cell {
                Cell::Empty => self.out.write_field(""),
                Cell::Text(text) => self.out.write_field(formula_safe(text).as_bytes()),
                Cell::Integer(number) => self.out.write_field(number.to_string()),
                Cell::Decimal { units, places } => self.out.write_field(decimal_text(*units, *places)),
                Cell::Date(date) => self.out.write_field(date.format("%Y-%m-%d").to_string()),
                Cell::Bool(flag) => self.out.write_field(if *flag { "true" } else { "false" }),
            };
            written.map_err(csv_fault)?;
        }
        self.out.write_record(None::<&[u8]>).map_err(csv_fault)
    }

    fn finish(mut self: Box<Self>) -> Result<(), WriteFault> {
        self.out.flush()?;
        Ok(())
    }
}

fn csv_fault(error: csv::Error) -> WriteFault {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => WriteFault::Io(error),
        other => WriteFault::Io(std::io::Error::other(format!("{other:?}"))),
    }
}

/// Rows of one sheet, the header included.
pub const SHEET_ROWS: u32 = 1_048_576;
/// Characters of one cell.
const CELL_CHARS: usize = 32_767;

/// Of the sentence in a footer, which holds 255 with its codes.
const FOOTER_CHARS: usize = 200;

/// A workbook whose rows are spooled to a temporary file as they come; saved by `finish`.
pub struct XlsxWriter {
    book: Workbook,
    path: PathBuf,
    mark: Watermark,
    bold: Format,
    date: Format,
    next: u32,
}

impl XlsxWriter {
    /// The workbook is saved under `path`; its rows wait in the same directory.
    pub fn create(path: PathBuf, mark: Watermark) -> Result<Self, WriteFault> {
        let mut book = Workbook::new();
        if let Some(directory) = path.parent() {
            book.set_tempdir(directory)?;
        }
        let properties = DocProperties::new()
            .set_title(&mark.title)
            .set_author(&mark.author)
            .set_comment(&mark.sentence)
            .set_custom_property("Export", mark.id.as_str());
        book.set_properties(&properties);
        book.add_worksheet_with_constant_memory()?;
        let date = Format::new().set_num_format("yyyy-mm-dd");
        Ok(Self { book, path, mark, bold: Format::new().set_bold(), date, next: 0 })
    }
}

impl TableWriter for XlsxWriter {
    fn header(&mut self, names: &[String]) -> Result<(), WriteFault> {
        let sheet = self.book.worksheet_from_index(0)?;
        sheet.set_freeze_panes(1, 0)?;
        // On every printed page: who it is from on the left, its number on the right.
        let sentence: String = self.mark.sentence.chars().take(FOOTER_CHARS).collect();
        sheet.set_footer(format!("&L&8{}&R&8&P / &N", sentence.replace('&', "&&")));
        for (column, name) in (0_u16..).zip(names) {
            sheet.write_string_with_format(0, column, name, &self.bold)?;
        }
        self.next = 1;
        Ok(())
    }

    fn row(&mut self, cells: &[Cell]) -> Result<(), WriteFault> {
        if self.next >= SHEET_ROWS {
            return Err(WriteFault::TooManyRows(SHEET_ROWS));
        }
        let sheet = self.book.worksheet_from_index(0)?;
        let row = self.next;
        for (column, cell) in (0_u16..).zip(cells) {
            match cell {
                Cell::Empty => continue,
                // Written as a string, so a formula stays text without an apostrophe.
                Cell::Text(text) => sheet.write_string(row, column, clipped(text))?,
                Cell::Integer(number) if number.unsigned_abs() < 1 << 53 => {
                    sheet.write_number(row, column, *number as f64)?
                }
                Cell::Integer(number) => sheet.write_string(row, column, number.to_string())?,
                Cell::Decimal { units, places } if units.unsigned_abs() < 1 << 53 => {
                    sheet.write_number(row, column, *units as f64 / 10_f64.powi(*places as i32))?
                }
                Cell::Decimal { units, places } => sheet.write_string(row, column, decimal_text(*units, *places))?,
                Cell::Date(date) => {
                    match ExcelDateTime::parse_from_str(&date.format("%Y-%m-%d").to_string()) {
                        Ok(moment) => sheet.write_datetime_with_format(row, column, &moment, &self.date)?,
                        // Workbooks know no days before 1900.
                        Err(_) => sheet.write_string(row, column, date.format("%Y-%m-%d").to_string())?,
                    }
                }
                Cell::Bool(flag) => sheet.write_boolean(row, column, *flag)?,
            };
        }
        self.next += 1;
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> Result<(), WriteFault> {
        let sheet = self.book.add_worksheet();
        sheet.set_name("Export")?;
        sheet.write_string(0, 0, &self.mark.title)?;
        sheet.write_string(1, 0, &self.mark.sentence)?;
        sheet.write_string(2, 0, &self.mark.id)?;
        self.book.save(&self.path)?;
        Ok(())
    }
}

fn clipped(text: &str) -> &str {
    match text.char_indices().nth(CELL_CHARS) {
        Some((end, _)) => &text[..end],
        None => text,
    }
}
