//! What kind of file this is: workbook or text, its encoding, its delimiter, and whether the first row names the
//! columns. Every guess can be overridden by the person who uploads.

use std::collections::HashSet;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use encoding_rs::{DecoderResult, GB18030, UTF_8, UTF_16BE, UTF_16LE};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::faults::FileFault;
use super::rows::{Flow, Resume, rows_read};
use super::stream::read_full;
use super::suggestion::{Shape, shape_of};
use super::targets::header_is_known;
use super::xlsx;

const SAMPLE: usize = 64 * 1024;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FileKind {
    Csv,
    Xlsx,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub enum Encoding {
    #[serde(rename = "utf-8")]
    Utf8,
    #[serde(rename = "utf-16le")]
    Utf16Le,
    #[serde(rename = "utf-16be")]
    Utf16Be,
    #[serde(rename = "gb18030")]
    Gb18030,
}

impl Encoding {
    pub fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Utf16Le => "UTF-16 LE",
            Self::Utf16Be => "UTF-16 BE",
            Self::Gb18030 => "GB18030",
        }
    }

    pub(super) fn codec(self) -> &'static encoding_rs::Encoding {
        match self {
            Self::Utf8 => UTF_8,
            Self::Utf16Le => UTF_16LE,
            Self::Utf16Be => UTF_16BE,
            Self::Gb18030 => GB18030,
        }
    }

    /// Bytes of this encoding's byte order mark at the start of `head`.
    pub(super) fn mark_length(self, head: &[u8]) -> usize {
        let mark: &[u8] = match self {
            Self::Utf8 => &[0xEF, 0xBB, 0xBF],
            Self::Utf16Le => &[0xFF, 0xFE],
            Self::Utf16Be => &[0xFE, 0xFF],
            Self::Gb18030 => return 0,
        };
        if head.starts_with(mark) { mark.len() } else { 0 }
    }
}

/// What stands between two fields. `Spaces` is a table aligned with runs of blanks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub enum Delimiter {
    #[serde(rename = ",")]
    Comma,
    #[serde(rename = ";")]
    Semicolon,
    #[serde(rename = "\t")]
    Tab,
    #[serde(rename = "|")]
    Bar,
    #[serde(rename = " ")]
    Spaces,
}

impl Delimiter {
    /// The byte for the CSV parser; `None` for tables aligned with blanks.
    pub fn byte(self) -> Option<u8> {
        match self {
            Self::Comma => Some(b','),
            Self::Semicolon => Some(b';'),
            Self::Tab => Some(b'\t'),
            Self::Bar => Some(b'|'),
            Self::Spaces => None,
        }
    }
}

/// How a file is to be read. For a workbook `encoding` and `delimiter` mean nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FileFormat {
    pub kind: FileKind,
    pub encoding: Encoding,
    pub delimiter: Delimiter,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// The first row names the columns.
    pub header_row: bool,
}

/// Looks at a file and guesses how to read it. A file that can't be read at all is refused here.
pub fn format_detect(path: &Path) -> Result<FileFormat, FileFault> {
    let mut file = File::open(path)?;
    let mut head = vec![0_u8; SAMPLE];
    let count = read_full(&mut file, &mut head)?;
    head.truncate(count);
    let mut format = match kind_detect(&head)? {
        FileKind::Xlsx => {
            xlsx::workbook_check(path)?;
            let sheet = xlsx::sheet_names(path)?.into_iter().next().ok_or(FileFault::NotASpreadsheet)?;
            FileFormat {
                kind: FileKind::Xlsx,
                encoding: Encoding::Utf8,
                delimiter: Delimiter::Comma,
                sheet: Some(sheet),
                header_row: false,
            }
        }
        FileKind::Csv => {
            let encoding = encoding_detect(&mut file, &head)?;
            let text = sample_text(encoding, &head);
            let delimiter = delimiter_detect(&text);
            FileFormat { kind: FileKind::Csv, encoding, delimiter, sheet: None, header_row: false }
        }
    };
    format.header_row = header_detect(path, &format)?;
    Ok(format)
}

fn kind_detect(head: &[u8]) -> Result<FileKind, FileFault> {
    if head.is_empty() {
        return Err(FileFault::Empty);
    }
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        return Ok(FileKind::Xlsx);
    }
    if head.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
        return Err(FileFault::OldExcelOrEncrypted);
    }
    Ok(FileKind::Csv)
}

/// Byte order mark, then the zero bytes of UTF-16, then the first piece of the file that is not plain ASCII.
fn encoding_detect(file: &mut File, head: &[u8]) -> Result<Encoding, FileFault> {
    for encoding in [Encoding::Utf8, Encoding::Utf16Le, Encoding::Utf16Be] {
        if encoding.mark_length(head) > 0 {
            return Ok(encoding);
        }
    }
    let zeros = |parity: usize| head.iter().skip(parity).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    let pairs = head.len() / 2;
    if pairs > 1 && odd * 5 > pairs && even * 20 < odd {
        return Ok(Encoding::Utf16Le);
    }
    if pairs > 1 && even * 5 > pairs && odd * 20 < even {
        return Ok(Encoding::Utf16Be);
    }
    if let Some(zero) = head.iter().position(|byte| *byte == 0) {
        let line = head[..zero].iter().filter(|byte| **byte == b'\n').count() as u64 + 1;
        return Err(FileFault::Binary { line });
    }
    let piece = first_piece_beyond_ascii(file, head)?;
    match std::str::from_utf8(&piece) {
        Ok(_) => return Ok(Encoding::Utf8),
        // Only a character cut off by the end of the piece may be wrong.
        Err(error) if error.error_len().is_none() => return Ok(Encoding::Utf8),
        Err(_) => {}
    }
    if decodes(Encoding::Gb18030, &piece) {
        return Ok(Encoding::Gb18030);
    }
    Err(FileFault::BadEncoding { encoding: "UTF-8 / GB18030", line: first_bad_line(&piece) })
}

/// The sample that tells encodings apart: from the line holding the first byte above 127, wherever that is.
fn first_piece_beyond_ascii(file: &mut File, head: &[u8]) -> Result<Vec<u8>, FileFault> {
    if !head.is_ascii() {
        return Ok(head.to_vec());
    }
    file.seek(SeekFrom::Start(0))?;
    let mut chunk = vec![0_u8; 1 << 20];
    let mut start = 0_u64;
    loop {
        let count = read_full(file, &mut chunk)?;
        if count == 0 {
            return Ok(head.to_vec());
        }
        if let Some(position) = chunk[..count].iter().position(|byte| !byte.is_ascii()) {
            file.seek(SeekFrom::Start(start + position as u64))?;
            let mut piece = Vec::with_capacity(SAMPLE);
            file.take(SAMPLE as u64).read_to_end(&mut piece)?;
            return Ok(piece);
        }
        start += count as u64;
    }
}

fn decodes(encoding: Encoding, piece: &[u8]) -> bool {
    let mut decoder = encoding.codec().new_decoder_without_bom_handling();
    let mut output = vec![0_u8; piece.len() * 3 + 64];
    let (result, ..) = decoder.decode_to_utf8_without_replacement(piece, &mut output, false);
    result == DecoderResult::InputEmpty
}

fn first_bad_line(piece: &[u8]) -> u64 {
    let good = match std::str::from_utf8(piece) {
        Ok(_) => piece.len(),
        Err(error) => error.valid_up_to(),
    };
    piece[..good].iter().filter(|byte| **byte == b'\n').count() as u64 + 1
}

/// The sample as text without its possibly cut last line.
fn sample_text(encoding: Encoding, head: &[u8]) -> String {
    let (text, _) = encoding.codec().decode_with_bom_removal(head);
    let mut text = text.into_owned();
    if head.len() == SAMPLE
        && let Some(end) = text.rfind('\n')
    {
        text.truncate(end + 1);
    }
    text
}

/// The delimiter whose rows agree best on their number of fields; more fields win a draw.
pub fn delimiter_detect(text: &str) -> Delimiter {
    let mut best = (Delimiter::Comma, 0_usize, 1_usize);
    for delimiter in [Delimiter::Comma, Delimiter::Tab, Delimiter::Semicolon, Delimiter::Bar] {
        let (agreement, width) = field_agreement(field_counts(text, delimiter));
        if width > 1 && (agreement, width) > (best.1, best.2) {
            best = (delimiter, agreement, width);
        }
    }
    let (agreement, width) = field_agreement(field_counts(text, Delimiter::Spaces));
    let aligned =
        width > 2 && agreement == 100 && text.lines().any(|line| line.contains("  ") || line.starts_with(' '));
    if aligned && best.1 < 100 {
        return Delimiter::Spaces;
    }
    best.0
}

fn field_counts(text: &str, delimiter: Delimiter) -> Vec<usize> {
    match delimiter.byte() {
        None => text
            .lines()
            .filter(|line| !line.trim_matches(['\u{1a}', ' ', '\r']).is_empty())
            .take(100)
            .map(|line| line.split_ascii_whitespace().count())
            .collect(),
        Some(byte) => csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(byte)
            .from_reader(text.as_bytes())
            .byte_records()
            .take(100)
            .filter_map(|record| record.ok().map(|record| record.len()))
            .collect(),
    }
}

/// How many rows in a hundred have the commonest number of fields, and that number.
fn field_agreement(counts: Vec<usize>) -> (usize, usize) {
    let mut best = (0, 1);
    for width in counts.iter().collect::<HashSet<_>>() {
        let same = counts.iter().filter(|count| *count == width).count();
        if (same, *width) > best {
            best = (same, *width);
        }
    }
    (best.0 * 100 / counts.len().max(1), best.1)
}

/// The first row names the columns when every field has a name of its own and none looks like data.
fn header_detect(path: &Path, format: &FileFormat) -> Result<bool, FileFault> {
    let mut first: Vec<String> = Vec::new();
    rows_read(path, format, Resume::default(), &mut |row| {
        first = row.record.iter().map(|field| field.trim().to_owned()).collect();
        Ok(Flow::Stop)
    })?;
    Ok(looks_like_header(&first))
}

/// See [`header_detect`]; known column names tip the balance when one name is missing.
pub fn looks_like_header(fields: &[String]) -> bool {
    let filled: Vec<&String> = fields.iter().filter(|field| !field.is_empty()).collect();
    if filled.is_empty() || filled.iter().any(|field| shape_of(field) != Shape::Text) {
        return false;
    }
    let distinct = filled.iter().collect::<HashSet<_>>().len() == filled.len();
    let known = filled.iter().filter(|field| header_is_known(field)).count();
    known * 2 >= filled.len() || (distinct && filled.len() == fields.len() && filled.len() > 1)
}
