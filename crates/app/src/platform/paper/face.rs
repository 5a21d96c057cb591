//! Which font has a letter, and how wide it is.

use std::sync::OnceLock;

use krilla::text::{Font, GlyphId, KrillaGlyph};
use skrifa::instance::{LocationRef, Size};
use skrifa::{FontRef, MetadataProvider};

use crate::{AppError, AppResult};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    Regular,
    Bold,
}

static REGULAR: &[u8] = include_bytes!("../../../assets/fonts/Roboto-Regular.ttf");
static BOLD: &[u8] = include_bytes!("../../../assets/fonts/Roboto-Bold.ttf");
static CHINESE: &[u8] = include_bytes!("../../../assets/fonts/DroidSansFallbackFull.ttf");

/// One font.
struct Face {
    font: Font,
    read: FontRef<'static>,
    units: f32,
}

impl Face {
    fn of(bytes: &'static [u8]) -> Option<Self> {
        let font = Font::new(bytes.into(), 0)?;
        let units = font.units_per_em();
        Some(Self { units, read: FontRef::new(bytes).ok()?, font })
    }

    fn glyph(&self, letter: char) -> Option<skrifa::GlyphId> {
        self.read.charmap().map(letter)
    }

    /// Of a font size of one.
    fn width(&self, glyph: skrifa::GlyphId) -> f32 {
        let metrics = self.read.glyph_metrics(Size::unscaled(), LocationRef::default());
        metrics.advance_width(glyph).unwrap_or_default() / self.units
    }
}

/// The fonts of papers: letters of Europe in two weights, and Chinese for what those have not.
pub struct Faces {
    regular: Face,
    bold: Face,
    chinese: Face,
}

/// Letters of one font that follow each other.
pub struct Run<'a> {
    pub text: &'a str,
    pub glyphs: Vec<KrillaGlyph>,
    pub font: Font,
    /// Of a font size of one.
    pub width: f32,
    pub fallback: bool,
}

impl Faces {
    /// Read once, kept for good.
    pub fn load() -> AppResult<&'static Self> {
        static FACES: OnceLock<Option<Faces>> = OnceLock::new();
        let read = || Some(Self { regular: Face::of(REGULAR)?, bold: Face::of(BOLD)?, chinese: Face::of(CHINESE)? });
        FACES.get_or_init(read).as_ref().ok_or_else(|| AppError::Internal("fonts of papers".into()))
    }

    fn latin(&self, weight: Weight) -> &Face {
        match weight {
            Weight::Regular => &self.regular,
            Weight::Bold => &self.bold,
        }
    }

    /// The font that has the letter, whether it is the second one, and what the letter is there.
    fn face(&self, letter: char, weight: Weight) -> (&Face, bool, skrifa::GlyphId) {
        let latin = self.latin(weight);
        match (latin.glyph(letter), self.chinese.glyph(letter)) {
            (Some(glyph), _) => (latin, false, glyph),
            (None, Some(glyph)) => (&self.chinese, true, glyph),
            (None, None) => (latin, false, skrifa::GlyphId::NOTDEF),
        }
    }

    /// How wide a text is at a size.
    pub fn width(&self, text: &str, weight: Weight, size: f32) -> f32 {
        text.chars()
            .map(|letter| {
                let (face, _, glyph) = self.face(letter, weight);
                face.width(glyph)
            })
            .sum::<f32>()
            * size
    }

    /// A text in pieces of one font each.
    pub fn runs<'a>(&self, text: &'a str, weight: Weight) -> Vec<Run<'a>> {
        let mut runs: Vec<Run<'a>> = Vec::new();
        let mut begin = 0;
        for (at, letter) in text.char_indices() {
            let (face, fallback, glyph) = self.face(letter, weight);
            let width = face.width(glyph);
            if runs.last().is_none_or(|run| run.fallback != fallback) {
                begin = at;
                runs.push(Run { text: "", glyphs: Vec::new(), font: face.font.clone(), width: 0.0, fallback });
            }
            let Some(run) = runs.last_mut() else { continue };
            let end = at + letter.len_utf8();
            run.text = &text[begin..end];
            run.width += width;
            run.glyphs.push(KrillaGlyph::new(
                GlyphId::new(glyph.to_u32()),
                width,
                0.0,
                0.0,
                0.0,
                at - begin..end - begin,
                None,
            ));
        }
        runs
    }
}
