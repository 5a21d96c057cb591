//! HTTP/1.1 over one kept connection, with next to no work of its own: the generator shares the machine with what it measures.

use std::io::{Error, ErrorKind, Read, Result, Write};
use std::net::TcpStream;
use std::time::Duration;

/// A request nobody answers within this is an error.
const PATIENCE: Duration = Duration::from_secs(120);

/// One connection: a request at a time, an answer with a length.
pub struct Connection {
    stream: TcpStream,
    held: Vec<u8>,
}

impl Connection {
    /// `address` is `host:port`.
    pub fn open(address: &str) -> Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        Ok(Self { stream, held: Vec::with_capacity(64 << 10) })
    }

    /// Sends a whole request; the body of the answer replaces what is in `body`. Gives the status.
    pub fn exchange(&mut self, request: &[u8], body: &mut Vec<u8>) -> Result<u16> {
        self.stream.write_all(request)?;
        self.held.clear();
        let head_end = loop {
            if let Some(at) = find(&self.held, b"\r\n\r\n") {
                break at + 4;
            }
            self.more()?;
        };
        let head = &self.held[..head_end];
        let status = std::str::from_utf8(head.get(9..12).unwrap_or_default()).ok().and_then(|code| code.parse().ok());
        let status: u16 = status.ok_or_else(|| Error::new(ErrorKind::InvalidData, "no status line"))?;
        let length = match content_length(head) {
            Some(length) => length,
            None if matches!(status, 204 | 304) => 0,
            None => return Err(Error::new(ErrorKind::InvalidData, "an answer without a length")),
        };
        while self.held.len() < head_end + length {
            self.more()?;
        }
        body.clear();
        body.extend_from_slice(&self.held[head_end..head_end + length]);
        Ok(status)
    }

    fn more(&mut self) -> Result<()> {
        let from = self.held.len();
        self.held.resize(from + (32 << 10), 0);
        let read = self.stream.read(&mut self.held[from..]);
        self.held.truncate(from + read.as_ref().copied().unwrap_or(0));
        match read {
            Ok(0) => Err(ErrorKind::UnexpectedEof.into()),
            Ok(_) => Ok(()),
            Err(error) => Err(error),
        }
    }
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}

fn content_length(head: &[u8]) -> Option<usize> {
    head.split(|byte| *byte == b'\n').find_map(|line| {
        let (name, value) = line.split_at_checked(15)?;
        if !name.eq_ignore_ascii_case(b"content-length:") {
            return None;
        }
        std::str::from_utf8(value).ok()?.trim().parse().ok()
    })
}

/// Writes a request with a body of JSON, or none, into `out`.
pub fn write_request(out: &mut Vec<u8>, method: &str, path: &str, token: &str, body: &str) {
    write_request_of(out, method, path, token, "application/json", body.as_bytes());
}

/// The same for a body of any kind.
pub fn write_request_of(out: &mut Vec<u8>, method: &str, path: &str, token: &str, kind: &str, body: &[u8]) {
    out.clear();
    out.extend_from_slice(format!("{method} {path} HTTP/1.1\r\nHost: bench\r\nAccept-Language: en\r\n").as_bytes());
    if !token.is_empty() {
        out.extend_from_slice(format!("Authorization: Bearer {token}\r\n").as_bytes());
    }
    if !body.is_empty() || method == "POST" {
        out.extend_from_slice(format!("Content-Type: {kind}\r\nContent-Length: {}\r\n", body.len()).as_bytes());
    }
    out.extend_from_slice(b"\r\n");
    out.extend_from_slice(body);
}

/// Text as it may stand in a query string.
pub fn query_escaped(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(byte.into()),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}
