//! Papers for customers, as PDF: a letterhead, whom it is for, a table, sums, words.
//!
//! [`Paper`] says what is on it in words of one language; [`layout`] puts the words on pages of A4, [`face`] knows how wide
//! they are. Letters come from the fonts in `assets/fonts`; a letter that neither has is drawn as a box. Right-to-left
//! scripts and those that join their letters are not shaped.

mod face;
mod layout;

use chrono::{DateTime, Datelike, Timelike, Utc};
use krilla::Document;
use krilla::color::rgb;
use krilla::geom::{PathBuilder, Point};
use krilla::metadata::{DateTime as PdfTime, Metadata};
use krilla::num::NormalizedF32;
use krilla::page::PageSettings;
use krilla::paint::{Fill, Stroke};
use krilla::surface::Surface;

use crate::{AppError, AppResult};
use face::{Faces, Weight};
use layout::{HEIGHT, Mark, Tone, WIDTH, pages};

/// What is on a paper.
#[derive(Debug, Clone)]
pub struct Paper {
    /// `zh-CN` or `en`.
    pub locale: String,
    /// What it is: "Quote".
    pub title: String,
    /// Its number.
    pub number: String,
    /// Who writes: the name, and lines under it.
    pub sender: (String, Vec<String>),
    /// To whom: a heading, and lines under it.
    pub receiver: (String, Vec<String>),
    /// Days, people: each with its label.
    pub facts: Vec<(String, String)>,
    pub columns: Vec<Column>,
    pub rows: Vec<Vec<Cell>>,
    pub sums: Vec<Sum>,
    /// Each with its heading.
    pub texts: Vec<(String, String)>,
    /// Lines to sign on.
    pub signatures: Vec<String>,
    pub made_at: DateTime<Utc>,
}

#[derive(Debug, Clone)]
pub struct Column {
    pub label: String,
    /// Of the width of the page, in parts of the sum of all.
    pub share: f32,
    /// Figures stand at the right.
    pub figures: bool,
}

/// What a row says in a column: the word, and smaller ones under it.
#[derive(Debug, Clone, Default)]
pub struct Cell {
    pub text: String,
    pub under: Vec<String>,
}

impl Cell {
    pub fn of(text: impl Into<String>) -> Self {
        Self { text: text.into(), under: Vec::new() }
    }
}

/// A line under the table.
#[derive(Debug, Clone)]
pub struct Sum {
    pub label: String,
    pub value: String,
    /// What it all comes to.
    pub total: bool,
}

/// The paper as a file.
pub fn pdf(paper: &Paper) -> AppResult<Vec<u8>> {
    let faces = Faces::load()?;
    let mut document = Document::new();
    for page in pages(paper, faces) {
        let settings =
            PageSettings::from_wh(WIDTH, HEIGHT).ok_or_else(|| AppError::Internal("size of a page".into()))?;
        let mut sheet = document.start_page_with(settings);
        let mut surface = sheet.surface();
        for mark in &page {
            draw(&mut surface, faces, mark);
        }
        surface.finish();
        sheet.finish();
    }
    document.set_metadata(metadata(paper));
    document.finish().map_err(|error| AppError::Internal(format!("PDF: {error:?}")))
}

fn metadata(paper: &Paper) -> Metadata {
    let at = paper.made_at;
    let part = |number: u32| u8::try_from(number).unwrap_or_default();
    let made = PdfTime::new(u16::try_from(at.year()).unwrap_or_default())
        .month(part(at.month()))
        .day(part(at.day()))
        .hour(part(at.hour()))
        .minute(part(at.minute()))
        .second(part(at.second()))
        .utc_offset_hour(0)
        .utc_offset_minute(0);
    Metadata::new()
        .title(format!("{} {}", paper.title, paper.number))
        .authors(vec![paper.sender.0.clone()])
        .language(paper.locale.clone())
        .creator("Regulars".into())
        .creation_date(made)
}

fn draw(surface: &mut Surface<'_>, faces: &Faces, mark: &Mark) {
    match mark {
        Mark::Rule { from, to, y, tone } => {
            let mut path = PathBuilder::new();
            path.move_to(*from, *y);
            path.line_to(*to, *y);
            let Some(path) = path.finish() else { return };
            surface.set_fill(None);
            surface.set_stroke(Some(stroke(*tone, 0.6)));
            surface.draw_path(&path);
        }
        Mark::Text { x, y, size, weight, tone, text } => {
            surface.set_fill(Some(Fill { paint: color(*tone).into(), ..Fill::default() }));
            let mut x = *x;
            for run in faces.runs(text, *weight) {
                // The Chinese font has one weight: a bold one is drawn with an edge.
                let edge = (*weight == Weight::Bold && run.fallback).then(|| stroke(*tone, size / 36.0));
                surface.set_stroke(edge);
                let width = run.width * size;
                surface.draw_glyphs(Point::from_xy(x, *y), &run.glyphs, run.font, run.text, *size, false);
                x += width;
            }
        }
    }
}

fn color(tone: Tone) -> rgb::Color {
    match tone {
        Tone::Ink => rgb::Color::new(0x1f, 0x23, 0x28),
        Tone::Pale => rgb::Color::new(0x5c, 0x63, 0x6b),
        Tone::Faint => rgb::Color::new(0xc9, 0xcd, 0xd2),
    }
}

fn stroke(tone: Tone, width: f32) -> Stroke {
    Stroke { paint: color(tone).into(), width, opacity: NormalizedF32::ONE, ..Stroke::default() }
}
