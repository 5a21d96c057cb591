//! Bytes of a text file as UTF-8, whatever encoding they came in: checked, counted by line and measured against
//! a budget, so that no file can make the reader above hold more than one row's worth of memory.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use encoding_rs::{Decoder, DecoderResult};

use super::faults::FileFault;
use super::format::Encoding;

const CHUNK: usize = 64 * 1024;

/// How many bytes a reader may still pull before its row counts as too long. Shared between the stream, which
/// spends, and the row reader, which refills it at each row.
#[derive(Clone, Debug)]
pub struct Budget {
    left: Arc<AtomicUsize>,
    row_limit: usize,
}

impl Budget {
    pub fn new(row_limit: usize) -> Self {
        Self { left: Arc::new(AtomicUsize::new(row_limit + 2 * CHUNK)), row_limit }
    }

    /// Called before each row.
    pub fn refill(&self) {
        self.left.store(self.row_limit + 2 * CHUNK, Ordering::Relaxed);
    }
}

/// A `Read` of valid UTF-8 without NUL bytes. Faults come out as `io::Error` holding a [`FileFault`].
pub struct TextStream {
    file: File,
    encoding: Encoding,
    decoder: Option<Decoder>,
    input: Vec<u8>,
    filled: usize,
    output: Vec<u8>,
    taken: usize,
    line: u64,
    quotes: u64,
    last_byte: u8,
    ended: bool,
    budget: Budget,
}

impl TextStream {
    /// Opens the file after its byte order mark and skips `offset` bytes of decoded text, where `line` starts.
    /// UTF-8 seeks; other encodings are decoded again from the start, since their state is not in the offset.
    pub fn open(path: &Path, encoding: Encoding, offset: u64, line: u64, budget: Budget) -> Result<Self, FileFault> {
        let mut file = File::open(path)?;
        let mut head = [0_u8; 3];
        let count = read_full(&mut file, &mut head)?;
        let mark = encoding.mark_length(&head[..count]) as u64;
        let direct = encoding == Encoding::Utf8;
        file.seek(SeekFrom::Start(mark + if direct { offset } else { 0 }))?;
        let mut stream = Self {
            file,
            encoding,
            decoder: (!direct).then(|| encoding.codec().new_decoder_without_bom_handling()),
            input: vec![0; CHUNK],
            filled: 0,
            output: Vec::with_capacity(CHUNK * 3),
            taken: 0,
            line: 1,
            quotes: 0,
            last_byte: b'\n',
            ended: false,
            budget,
        };
        if !direct {
            stream.skip(offset)?;
        }
        stream.line = line;
        stream.budget.refill();
        Ok(stream)
    }

    /// True when the file ended without a line break, or with a quote still open: a sign of a half-written file.
    pub fn ended_raggedly(&self) -> bool {
        self.ended && self.last_byte != b'\n' && self.last_byte != b'\r'
    }

    /// True when the count of quotes seen so far is odd.
    pub fn quote_open(&self) -> bool {
        self.quotes % 2 == 1
    }

    fn skip(&mut self, mut bytes: u64) -> Result<(), FileFault> {
        while bytes > 0 {
            self.budget.refill();
            if self.taken == self.output.len() && !self.fill()? {
                return Err(FileFault::Truncated);
            }
            let step = bytes.min((self.output.len() - self.taken) as u64);
            self.taken += step as usize;
            bytes -= step;
        }
        Ok(())
    }

    /// Brings the next piece of text into `output`. False at the end of the file.
    fn fill(&mut self) -> Result<bool, FileFault> {
        self.output.clear();
        self.taken = 0;
        while self.output.is_empty() {
            if self.ended {
                return Ok(false);
            }
            let count = self.file.read(&mut self.input[self.filled..])?;
            let last = count == 0;
            self.filled += count;
            self.ended = last;
            match self.decoder.is_some() {
                true => self.decode(last)?,
                false => self.validate(last)?,
            }
        }
        if self.output.contains(&0) {
            let upto = self.output.iter().position(|byte| *byte == 0).unwrap_or(0);
            return Err(FileFault::Binary { line: self.line + breaks(&self.output[..upto]) });
        }
        self.line += breaks(&self.output);
        self.quotes += self.output.iter().filter(|byte| **byte == b'"').count() as u64;
        self.last_byte = self.output.last().copied().unwrap_or(self.last_byte);
        let spent = self.output.len();
        let left = self.budget.left.load(Ordering::Relaxed);
        if spent > left {
            return Err(FileFault::RowTooLong { line: self.line, limit: self.budget.row_limit });
        }
        self.budget.left.store(left - spent, Ordering::Relaxed);
        Ok(true)
    }

    fn validate(&mut self, last: bool) -> Result<(), FileFault> {
        let good = match std::str::from_utf8(&self.input[..self.filled]) {
            Ok(_) => self.filled,
            Err(error) if error.error_len().is_none() && !last => error.valid_up_to(),
            Err(error) if error.error_len().is_none() => return Err(FileFault::Truncated),
            Err(error) => return Err(self.bad_at(&self.input[..error.valid_up_to()])),
        };
        self.output.extend_from_slice(&self.input[..good]);
        self.input.copy_within(good..self.filled, 0);
        self.filled -= good;
        Ok(())
    }

    fn decode(&mut self, last: bool) -> Result<(), FileFault> {
        let Some(decoder) = self.decoder.as_mut() else {
            return Ok(());
        };
        self.output.resize(CHUNK * 3 + 64, 0);
        let (result, _, written) =
            decoder.decode_to_utf8_without_replacement(&self.input[..self.filled], &mut self.output, last);
        self.output.truncate(written);
        self.filled = 0;
        match result {
            // At the very end only a character cut in half is left to complain about.
            DecoderResult::Malformed(..) if last => Err(FileFault::Truncated),
            DecoderResult::Malformed(..) => Err(self.bad_at(&self.output)),
            DecoderResult::InputEmpty | DecoderResult::OutputFull => Ok(()),
        }
    }

    fn bad_at(&self, good: &[u8]) -> FileFault {
        FileFault::BadEncoding { encoding: self.encoding.name(), line: self.line + breaks(good) }
    }
}

impl Read for TextStream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.taken == self.output.len() && !self.fill()? {
            return Ok(0);
        }
        let count = buffer.len().min(self.output.len() - self.taken);
        buffer[..count].copy_from_slice(&self.output[self.taken..self.taken + count]);
        self.taken += count;
        Ok(count)
    }
}

fn breaks(text: &[u8]) -> u64 {
    text.iter().filter(|byte| **byte == b'\n').count() as u64
}

/// Reads until the buffer is full or the file ends; returns how many bytes came.
pub fn read_full(reader: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut count = 0;
    while count < buffer.len() {
        match reader.read(&mut buffer[count..])? {
            0 => break,
            more => count += more,
        }
    }
    Ok(count)
}
