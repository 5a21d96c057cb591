//! Taking files in and giving them out: looked at before they are believed, drawn small when they are pictures, kept in
//! pieces in the database.

use std::fs::File;
use std::io::{BufReader, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use chrono::{DateTime, TimeDelta, Utc};
use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageDecoder, ImageReader, Limits, Rgb, RgbImage};
use parking_lot::Mutex;
use regulars_domain::files::{Found, TEXT, UNKNOWN, is_text};
use regulars_persistence::platform::attachment::attachments_forget;
use regulars_persistence::platform::file::{NewFile, file_begin, file_is_whole, file_piece_put, files_forget};
use uuid::Uuid;

use crate::{App, AppError, AppResult};

/// Bytes of a piece: few enough that writing one does not hold up others.
const PIECE: usize = 512 << 10;
/// The first bytes, by which a file is known.
const HEAD: u64 = 8192;
/// The longer side of a thumbnail, in pixels.
const SMALL: u32 = 320;
/// Largest picture that is drawn small: decoded it takes four bytes a pixel.
const MOST_PIXELS: u64 = 40_000_000;
const MOST_SIDE: u32 = 20_000;
const MOST_MEMORY: u64 = 256 << 20;
/// An upload nobody finished is removed after this.
const UNFINISHED: TimeDelta = TimeDelta::days(1);
/// What was deleted can be restored so long.
pub const RESTORABLE: TimeDelta = TimeDelta::days(30);
/// Files forgotten in one transaction.
const STEP: i64 = 20;

/// A file that has arrived in the folder of uploads.
#[derive(Debug, Clone)]
pub struct Arrived {
    pub path: PathBuf,
    /// Bytes.
    pub size: u64,
    /// SHA-256 of the bytes.
    pub hash: Vec<u8>,
}

fn folder(app: &App) -> PathBuf {
    app.config().data_dir.join("uploads")
}

/// A place for an upload; its name is ours.
pub fn place_new(app: &App) -> AppResult<PathBuf> {
    let folder = folder(app);
    std::fs::create_dir_all(&folder).map_err(AppError::internal)?;
    Ok(folder.join(Uuid::now_v7().to_string()))
}

/// Removes an upload that was stored or refused.
pub fn place_clear(path: &Path) {
    if let Err(error) = std::fs::remove_file(path)
        && error.kind() != std::io::ErrorKind::NotFound
    {
        tracing::warn!(error = %error, "an upload stays");
    }
}

/// What the first bytes say. Programs are refused: nobody needs one at a customer.
pub fn sniff(path: &Path) -> AppResult<Found> {
    let mut head = Vec::new();
    File::open(path).and_then(|file| file.take(HEAD).read_to_end(&mut head)).map_err(AppError::internal)?;
    if infer::is_app(&head) {
        return Err(AppError::invalid("file", "file_is_program"));
    }
    let known = infer::get(&head).filter(|kind| kind.matcher_type() != infer::MatcherType::Text);
    Ok(match known {
        Some(kind) => Found { media_type: kind.mime_type(), extension: Some(kind.extension()) },
        None if head.is_empty() => return Err(AppError::invalid("file", "file_empty")),
        None if is_text(&head) => TEXT,
        None => UNKNOWN,
    })
}

/// Keeps a file; a second one of the same bytes costs nothing. It is forgotten again unless something names it soon.
pub fn file_store(app: &App, arrived: &Arrived, found: Found, now: DateTime<Utc>) -> AppResult<()> {
    let known = {
        let id = arrived.hash.clone();
        app.db().read(move |db| Ok::<_, AppError>(file_is_whole(db, &id)?))?
    };
    let file = NewFile {
        id: arrived.hash.clone(),
        size: i64::try_from(arrived.size).map_err(AppError::internal)?,
        media_type: found.media_type.into(),
        thumbnail: if known { None } else { thumbnail(&arrived.path, found) },
    };
    app.db().write(move |tx| Ok::<_, AppError>(file_begin(tx, file.clone(), now)?))?;
    if known {
        return Ok(());
    }
    let mut bytes = File::open(&arrived.path).map_err(AppError::internal)?;
    for position in 0.. {
        let mut piece = Vec::with_capacity(PIECE);
        bytes.by_ref().take(PIECE as u64).read_to_end(&mut piece).map_err(AppError::internal)?;
        if piece.is_empty() {
            break;
        }
        let id = arrived.hash.clone();
        app.db().write(move |tx| Ok::<_, AppError>(file_piece_put(tx, &id, position, piece.clone())?))?;
    }
    Ok(())
}

/// A small JPEG of a picture. Nothing for other files, for broken pictures and for those too large to decode: a picture of
/// a few bytes may claim to have milliards of pixels.
fn thumbnail(path: &Path, found: Found) -> Option<Vec<u8>> {
    /// One at a time: decoding takes memory.
    static DRAWING: Mutex<()> = Mutex::new(());
    if !matches!(found.media_type, "image/jpeg" | "image/png" | "image/webp") {
        return None;
    }
    let _one = DRAWING.lock();
    // A decoder that panics on a crafted file must not take the upload with it.
    let drawn = catch_unwind(AssertUnwindSafe(|| draw(path)));
    match drawn {
        Ok(Ok(small)) => Some(small),
        Ok(Err(error)) => {
            tracing::debug!(error = %error, "no thumbnail");
            None
        }
        Err(_) => None,
    }
}

fn draw(path: &Path) -> image::ImageResult<Vec<u8>> {
    let file = BufReader::new(File::open(path)?);
    let mut reader = ImageReader::new(file).with_guessed_format()?;
    let mut limits = Limits::default();
    limits.max_image_width = Some(MOST_SIDE);
    limits.max_image_height = Some(MOST_SIDE);
    limits.max_alloc = Some(MOST_MEMORY);
    reader.limits(limits);
    let mut decoder = reader.into_decoder()?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MOST_PIXELS {
        let kind = image::error::LimitErrorKind::DimensionError;
        return Err(image::ImageError::Limits(image::error::LimitError::from_kind(kind)));
    }
    // Cameras turn the picture by a note beside it.
    let orientation = decoder.orientation()?;
    let mut whole = DynamicImage::from_decoder(decoder)?;
    whole.apply_orientation(orientation);
    let small = if whole.width() > SMALL || whole.height() > SMALL { whole.thumbnail(SMALL, SMALL) } else { whole };
    let mut out = Vec::new();
    JpegEncoder::new_with_quality(&mut out, 80).encode_image(&on_white(&small))?;
    Ok(out)
}

/// JPEG knows no transparency.
fn on_white(picture: &DynamicImage) -> RgbImage {
    let picture = picture.to_rgba8();
    let over = |colour: u8, alpha: u8| {
        let (colour, alpha) = (u32::from(colour), u32::from(alpha));
        u8::try_from((colour * alpha + 255 * (255 - alpha)) / 255).unwrap_or(u8::MAX)
    };
    let mut out = RgbImage::new(picture.width(), picture.height());
    for (to, from) in out.pixels_mut().zip(picture.pixels()) {
        let [red, green, blue, alpha] = from.0;
        *to = Rgb([over(red, alpha), over(green, alpha), over(blue, alpha)]);
    }
    out
}

/// Forgets attachments that were deleted long ago, files that nothing names, and uploads nobody finished.
pub fn files_sweep(app: &App, now: DateTime<Utc>) -> AppResult<()> {
    app.db().write(move |tx| Ok::<_, AppError>(attachments_forget(tx, now - RESTORABLE)?))?;
    while app.db().write(move |tx| Ok::<_, AppError>(files_forget(tx, now - UNFINISHED, STEP)?))? > 0 {}
    for entry in std::fs::read_dir(folder(app)).into_iter().flatten().flatten() {
        let age = entry.metadata().and_then(|about| about.modified()).map(DateTime::<Utc>::from);
        if age.is_ok_and(|at| at < now - UNFINISHED) {
            place_clear(&entry.path());
        }
    }
    Ok(())
}
