//! Files in and out: streamed to and from the disk in pieces, never held in memory.

use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use actix_web::http::header::{self, ContentDisposition, DispositionParam, DispositionType, ExtendedValue};
use actix_web::web::{Bytes, BytesMut, Payload, block};
use actix_web::{HttpMessage, HttpRequest, HttpResponse};
use futures_util::StreamExt;
use futures_util::stream::unfold;
use regulars_app::AppError;
use sha2::{Digest, Sha256};

use super::call::Answer;
use super::problem::Refusal;

/// Bytes written to or read from the disk at once.
const PIECE: usize = 1 << 20;
/// An upload may pause this long.
const SILENCE: Duration = Duration::from_secs(30);

/// However often it pauses: slower than this on the whole, in bytes a second, it is refused.
const PACE: u64 = 4096;

/// What arrived.
pub struct Received {
    /// Bytes.
    pub size: u64,
    /// SHA-256 of the bytes.
    pub hash: Vec<u8>,
}

/// Streams a body of at most `limit` bytes to `path`. Whatever was written is removed when it fails.
pub async fn receive(payload: Payload, path: PathBuf, limit: u64) -> Result<Received, Refusal> {
    let received = write(payload, &path, limit).await;
    if received.is_err()
        && let Err(error) = std::fs::remove_file(&path)
    {
        tracing::debug!(error = %error, "nothing of the upload was there to remove");
    }
    received
}

async fn write(mut payload: Payload, path: &Path, limit: u64) -> Result<Received, Refusal> {
    let place = path.to_path_buf();
    let mut file = on_disk(move || File::create(place)).await?;
    let (began, mut size, mut digest) = (Instant::now(), 0_u64, Sha256::new());
    let mut piece = BytesMut::with_capacity(PIECE);
    loop {
        let next = tokio::time::timeout(SILENCE, payload.next()).await;
        let next = next.map_err(|_| AppError::Malformed("the body came too slowly".into()))?;
        let last = next.is_none();
        if began.elapsed() > SILENCE * 2 && size / began.elapsed().as_secs() < PACE {
            return Err(AppError::Malformed("the body came too slowly".into()).into());
        }
        if let Some(bytes) = next {
            let bytes = bytes.map_err(|error| AppError::Malformed(error.to_string()))?;
            size += bytes.len() as u64;
            if size > limit {
                return Err(AppError::TooLarge { limit }.into());
            }
            digest.update(&bytes);
            piece.extend_from_slice(&bytes);
        }
        if last || piece.len() >= PIECE {
            let bytes = piece.split().freeze();
            file = on_disk(move || {
                file.write_all(&bytes)?;
                if last {
                    file.sync_all()?;
                }
                Ok(file)
            })
            .await?;
        }
        if last {
            return Ok(Received { size, hash: digest.finalize().to_vec() });
        }
    }
}

async fn on_disk<T: Send + 'static>(work: impl FnOnce() -> std::io::Result<T> + Send + 'static) -> Result<T, Refusal> {
    let done = block(work).await.map_err(AppError::internal)?;
    done.map_err(|error| {
        let full = matches!(error.kind(), std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded);
        Refusal(if full { AppError::StorageFull } else { AppError::internal(error) })
    })
}

/// Refuses bodies that say they are something else than a table.
pub fn table_expected(request: &HttpRequest) -> Result<(), Refusal> {
    const KINDS: &[&str] = &[
        "",
        "application/octet-stream",
        "application/csv",
        "application/vnd.ms-excel",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ];
    let kind = request.content_type();
    if KINDS.contains(&kind) || kind.starts_with("text/") { Ok(()) } else { Err(AppError::UnsupportedMediaType.into()) }
}

/// The header that makes browsers save an answer under `name` instead of showing it.
pub fn disposition(name: &str) -> String {
    shown_as(DispositionType::Attachment, name)
}

/// A PDF called `name`, for a browser to show.
pub fn paper(name: &str, bytes: Vec<u8>) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("application/pdf")
        .insert_header((header::CONTENT_DISPOSITION, shown_as(DispositionType::Inline, name)))
        .body(bytes)
}

fn shown_as(disposition: DispositionType, name: &str) -> String {
    let name = ExtendedValue {
        charset: header::Charset::Ext("UTF-8".into()),
        language_tag: None,
        value: name.as_bytes().to_vec(),
    };
    let parameters = vec![DispositionParam::FilenameExt(name)];
    ContentDisposition { disposition, parameters }.to_string()
}

/// Streams a file as an attachment called `name`.
pub async fn attachment(path: PathBuf, name: &str) -> Answer {
    let file = on_disk(move || File::open(path)).await?;
    let size = file.metadata().map_err(AppError::internal)?.len();
    let kind = match name.rsplit_once('.').map(|(_, extension)| extension) {
        Some("csv") => "text/csv; charset=utf-8",
        Some("xlsx") => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        _ => "application/octet-stream",
    };
    let disposition = disposition(name);
    let pieces = unfold(Some(file), |file| async move {
        let mut file = file?;
        let read = block(move || {
            let mut piece = vec![0_u8; PIECE];
            let count = file.read(&mut piece)?;
            piece.truncate(count);
            Ok::<_, std::io::Error>((piece, file))
        });
        match read.await {
            Ok(Ok((piece, _))) if piece.is_empty() => None,
            Ok(Ok((piece, file))) => Some((Ok(Bytes::from(piece)), Some(file))),
            Ok(Err(error)) => Some((Err(actix_web::Error::from(error)), None)),
            Err(error) => Some((Err(actix_web::Error::from(error)), None)),
        }
    });
    Ok(HttpResponse::Ok()
        .content_type(kind)
        .insert_header((header::CONTENT_DISPOSITION, disposition))
        .no_chunking(size)
        .streaming(pieces))
}
