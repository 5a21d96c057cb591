//! Where the words of a paper stand: pages of A4, in points.

use super::face::{Faces, Weight};
use super::{Cell, Column, Paper, Sum};

pub const WIDTH: f32 = 595.28;
pub const HEIGHT: f32 = 841.89;
const MARGIN: f32 = 50.0;
const RIGHT: f32 = WIDTH - MARGIN;
/// What stands on a page ends here; below are its number and the paper's.
const BOTTOM: f32 = HEIGHT - 64.0;
/// Between columns.
const GAP: f32 = 8.0;
const BODY: f32 = 9.5;
const SMALL: f32 = 8.0;
/// From one line to the next, in sizes.
const LEADING: f32 = 1.45;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    Ink,
    Pale,
    Faint,
}

/// Something on a page; `y` is the line that letters stand on.
#[derive(Debug, Clone)]
pub enum Mark {
    Text { x: f32, y: f32, size: f32, weight: Weight, tone: Tone, text: String },
    Rule { from: f32, to: f32, y: f32, tone: Tone },
}

/// How letters look.
#[derive(Clone, Copy)]
struct Style {
    size: f32,
    weight: Weight,
    tone: Tone,
}

const PLAIN: Style = Style { size: BODY, weight: Weight::Regular, tone: Tone::Ink };
const STRONG: Style = Style { weight: Weight::Bold, ..PLAIN };
const LABEL: Style = Style { size: SMALL, weight: Weight::Regular, tone: Tone::Pale };

impl Style {
    fn line(self) -> f32 {
        self.size * LEADING
    }
}

/// What stands on each page, page numbers included.
pub fn pages(paper: &Paper, faces: &Faces) -> Vec<Vec<Mark>> {
    let mut pen = Pen { faces, pages: vec![Vec::new()], y: MARGIN };
    pen.head(paper);
    pen.table(paper);
    pen.sums(&paper.sums);
    for (heading, text) in &paper.texts {
        pen.words(heading, text);
    }
    pen.signatures(&paper.signatures);
    pen.finish(paper)
}

/// Writes from top to bottom, and turns the page.
struct Pen<'a> {
    faces: &'a Faces,
    pages: Vec<Vec<Mark>>,
    y: f32,
}

impl Pen<'_> {
    fn put(&mut self, mark: Mark) {
        if let Some(page) = self.pages.last_mut() {
            page.push(mark);
        }
    }

    fn turn(&mut self) {
        self.pages.push(Vec::new());
        self.y = MARGIN;
    }

    /// Turns the page when so much does not fit any more.
    fn room(&mut self, height: f32) -> bool {
        let full = self.y + height > BOTTOM && self.y > MARGIN;
        if full {
            self.turn();
        }
        full
    }

    /// One line, its top at `top`.
    fn text(&mut self, x: f32, top: f32, style: Style, text: &str) {
        let Style { size, weight, tone } = style;
        self.put(Mark::Text { x, y: top + size, size, weight, tone, text: text.into() });
    }

    fn right(&mut self, to: f32, top: f32, style: Style, text: &str) {
        let width = self.faces.width(text, style.weight, style.size);
        self.text(to - width, top, style, text);
    }

    /// Lines under each other; where they end.
    fn block(&mut self, x: f32, top: f32, width: f32, style: Style, text: &str) -> f32 {
        let mut top = top;
        for line in broken(self.faces, text, width, style.weight, style.size) {
            self.text(x, top, style, &line);
            top += style.line();
        }
        top
    }

    fn rule(&mut self, y: f32, tone: Tone) {
        self.put(Mark::Rule { from: MARGIN, to: RIGHT, y, tone });
    }

    /// The letterhead with the title beside it, then for whom, with the facts beside that.
    fn head(&mut self, paper: &Paper) {
        let half = (RIGHT - MARGIN) * 0.55;
        let top = self.y;
        let name = Style { size: 14.0, ..STRONG };
        let mut left = self.block(MARGIN, top, half - GAP, name, &paper.sender.0) + 2.0;
        for line in &paper.sender.1 {
            left = self.block(MARGIN, left, half - GAP, LABEL, line);
        }
        let title = Style { size: 20.0, ..STRONG };
        self.right(RIGHT, top - 4.0, title, &paper.title);
        self.right(RIGHT, top - 4.0 + title.line(), Style { size: 11.0, ..PLAIN }, &paper.number);
        self.y = left.max(top + title.line() + 18.0) + 12.0;
        self.rule(self.y, Tone::Ink);
        self.y += 14.0;

        let top = self.y;
        self.text(MARGIN, top, LABEL, &paper.receiver.0);
        let mut left = top + LABEL.line() + 2.0;
        for (at, line) in paper.receiver.1.iter().enumerate() {
            let style = if at == 0 { Style { size: 11.0, ..STRONG } } else { PLAIN };
            left = self.block(MARGIN, left, half - 3.0 * GAP, style, line);
        }
        let (label_at, value_at) = (MARGIN + half, MARGIN + half + 78.0);
        let mut right = top;
        for (label, value) in &paper.facts {
            self.text(label_at, right + BODY - SMALL, LABEL, label);
            right = self.block(value_at, right, RIGHT - value_at, PLAIN, value) + 1.0;
        }
        self.y = left.max(right) + 14.0;
    }

    fn table(&mut self, paper: &Paper) {
        let places = places(&paper.columns);
        self.table_head(&paper.columns, &places);
        for row in &paper.rows {
            let cells: Vec<Vec<(Style, String)>> =
                row.iter().zip(&places).map(|(cell, &(_, width))| self.cell_lines(cell, width)).collect();
            let height = |lines: &Vec<(Style, String)>| lines.iter().map(|(style, _)| style.line()).sum::<f32>();
            let tallest = cells.iter().map(height).fold(0.0, f32::max) + 8.0;
            if self.room(tallest) {
                self.table_head(&paper.columns, &places);
            }
            for ((lines, column), &(x, width)) in cells.iter().zip(&paper.columns).zip(&places) {
                let mut top = self.y + 4.0;
                for (style, line) in lines {
                    if column.figures {
                        self.right(x + width, top, *style, line);
                    } else {
                        self.text(x, top, *style, line);
                    }
                    top += style.line();
                }
            }
            self.y += tallest;
            self.rule(self.y, Tone::Faint);
        }
        self.y += 8.0;
    }

    fn table_head(&mut self, columns: &[Column], places: &[(f32, f32)]) {
        self.rule(self.y, Tone::Ink);
        let mut end = self.y;
        for (column, &(x, width)) in columns.iter().zip(places) {
            let mut top = self.y + 5.0;
            for line in broken(self.faces, &column.label, width, LABEL.weight, LABEL.size) {
                if column.figures {
                    self.right(x + width, top, LABEL, &line);
                } else {
                    self.text(x, top, LABEL, &line);
                }
                top += LABEL.line();
            }
            end = end.max(top);
        }
        self.y = end + 3.0;
        self.rule(self.y, Tone::Ink);
    }

    fn cell_lines(&self, cell: &Cell, width: f32) -> Vec<(Style, String)> {
        let of = |style: Style, text: &str| {
            broken(self.faces, text, width, style.weight, style.size).into_iter().map(move |line| (style, line))
        };
        of(PLAIN, &cell.text).chain(cell.under.iter().flat_map(|line| of(LABEL, line))).collect()
    }

    /// They stay together, with the line above what it all comes to.
    fn sums(&mut self, sums: &[Sum]) {
        let height = |sum: &Sum| if sum.total { 24.0 } else { PLAIN.line() + 2.0 };
        self.room(sums.iter().map(height).sum());
        let label_to = RIGHT - 110.0;
        for sum in sums {
            if sum.total {
                self.put(Mark::Rule { from: label_to - 130.0, to: RIGHT, y: self.y + 2.0, tone: Tone::Ink });
                let style = Style { size: 11.5, ..STRONG };
                self.right(label_to, self.y + 6.0, style, &sum.label);
                self.right(RIGHT, self.y + 6.0, style, &sum.value);
            } else {
                self.right(label_to, self.y + BODY - SMALL, LABEL, &sum.label);
                self.right(RIGHT, self.y, PLAIN, &sum.value);
            }
            self.y += height(sum);
        }
        self.y += 10.0;
    }

    /// A heading and a text that may run over pages.
    fn words(&mut self, heading: &str, text: &str) {
        self.room(LABEL.line() + 2.0 * PLAIN.line());
        self.text(MARGIN, self.y, LABEL, heading);
        self.y += LABEL.line() + 2.0;
        for line in broken(self.faces, text, RIGHT - MARGIN, PLAIN.weight, PLAIN.size) {
            self.room(PLAIN.line());
            self.text(MARGIN, self.y, PLAIN, &line);
            self.y += PLAIN.line();
        }
        self.y += 10.0;
    }

    /// Side by side.
    fn signatures(&mut self, labels: &[String]) {
        if labels.is_empty() {
            return;
        }
        self.room(64.0);
        let width = (RIGHT - MARGIN) / labels.len() as f32;
        let y = self.y + 44.0;
        for (at, label) in labels.iter().enumerate() {
            let from = MARGIN + width * at as f32;
            self.put(Mark::Rule { from, to: from + width - 24.0, y, tone: Tone::Pale });
            self.text(from, y + 4.0, LABEL, label);
        }
        self.y = y + 20.0;
    }

    /// The feet of the pages.
    fn finish(mut self, paper: &Paper) -> Vec<Vec<Mark>> {
        let count = self.pages.len();
        for (at, page) in self.pages.iter_mut().enumerate() {
            let number = format!("{} / {count}", at + 1);
            let width = self.faces.width(&number, LABEL.weight, LABEL.size);
            let foot = |x: f32, text: String| {
                let Style { size, weight, tone } = LABEL;
                Mark::Text { x, y: HEIGHT - 36.0, size, weight, tone, text }
            };
            page.push(foot(MARGIN, format!("{} · {}", paper.sender.0, paper.number)));
            page.push(foot(RIGHT - width, number));
        }
        self.pages
    }
}

/// Where each column begins, and how wide it is.
fn places(columns: &[Column]) -> Vec<(f32, f32)> {
    let shares: f32 = columns.iter().map(|column| column.share).sum();
    let room = RIGHT - MARGIN - GAP * columns.len().saturating_sub(1) as f32;
    let mut x = MARGIN;
    columns
        .iter()
        .map(|column| {
            let width = room * column.share / shares;
            let place = (x, width);
            x += width + GAP;
            place
        })
        .collect()
}

/// A text in lines that are no wider, broken where its language may be; a word that is too long itself anywhere.
fn broken(faces: &Faces, text: &str, width: f32, weight: Weight, size: f32) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.lines() {
        let paragraph: String =
            paragraph.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
        let mut line = String::new();
        let mut begin = 0;
        for (end, _) in unicode_linebreak::linebreaks(&paragraph) {
            let piece = &paragraph[begin..end];
            begin = end;
            let together = format!("{line}{piece}");
            if faces.width(together.trim_end(), weight, size) <= width {
                line = together;
                continue;
            }
            if !line.is_empty() {
                lines.push(line.trim_end().to_string());
            }
            line.clear();
            for letter in piece.chars() {
                line.push(letter);
                if faces.width(line.trim_end(), weight, size) > width && line.chars().count() > 1 {
                    line.pop();
                    lines.push(std::mem::take(&mut line));
                    line.push(letter);
                }
            }
        }
        lines.push(line.trim_end().to_string());
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_hold_everything_and_none_is_too_wide() {
        let faces = Faces::load().expect("fonts");
        let text = "拿铁咖啡（大杯），加一份浓缩。A latte with an extra shot, Donaudampfschifffahrtsgesellschaftskapitän\n第二行";
        for width in [12.0_f32, 40.0, 90.0, 400.0] {
            let lines = broken(faces, text, width, Weight::Regular, 9.5);
            for line in &lines {
                assert!(faces.width(line, Weight::Regular, 9.5) <= width, "{line} is wider than {width}");
            }
            let letters = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            assert_eq!(letters(&lines.concat()), letters(text), "at {width}");
        }
        let first = &broken(faces, text, 60.0, Weight::Regular, 9.5);
        assert!(first.iter().all(|line| !line.starts_with('，') && !line.starts_with('。')), "{first:?}");
    }
}
