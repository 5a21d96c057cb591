//! Sheets of what places sold and of what competitors offer there: periods, measures, cells, and what a save changes.

use chrono::{Datelike, Days, Months, NaiveDate, Weekday};

use crate::money::{MoneyError, decimals, format_decimal, parse_decimal};

/// How long a sheet's period is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PeriodKind {
    Month,
    /// An ISO week, Monday to Sunday.
    Week,
}

impl PeriodKind {
    pub const KEYS: [&'static str; 2] = ["month", "week"];

    pub fn key(self) -> &'static str {
        Self::KEYS[self as usize]
    }

    pub fn parse(key: &str) -> Option<Self> {
        [Self::Month, Self::Week].into_iter().find(|kind| kind.key() == key)
    }
}

/// A month `2026-11` or an ISO week `2026-W47`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Period {
    week: bool,
    first: NaiveDate,
}

impl Period {
    /// Years 2000 to 2099.
    pub fn parse(text: &str) -> Option<Self> {
        let (year, rest) = text.split_once('-')?;
        let number = |text: &str, width: usize| {
            (text.len() == width && text.bytes().all(|b| b.is_ascii_digit()))
                .then(|| text.parse::<u32>().ok())
                .flatten()
        };
        let year = i32::try_from(number(year, 4)?).ok().filter(|year| (2000..2100).contains(year))?;
        let (week, first) = match rest.strip_prefix('W') {
            Some(week) => (true, NaiveDate::from_isoywd_opt(year, number(week, 2)?, Weekday::Mon)?),
            None => (false, NaiveDate::from_ymd_opt(year, number(rest, 2)?, 1)?),
        };
        Some(Self { week, first })
    }

    /// The period a day is in.
    pub fn of(kind: PeriodKind, day: NaiveDate) -> Self {
        let first = match kind {
            PeriodKind::Week => day.week(Weekday::Mon).first_day(),
            PeriodKind::Month => day.with_day(1).unwrap_or(day),
        };
        Self { week: kind == PeriodKind::Week, first }
    }

    pub fn kind(self) -> PeriodKind {
        if self.week { PeriodKind::Week } else { PeriodKind::Month }
    }

    pub fn first(self) -> NaiveDate {
        self.first
    }

    /// Its last day.
    pub fn last(self) -> NaiveDate {
        let next = match self.kind() {
            PeriodKind::Week => self.first.checked_add_days(Days::new(7)),
            PeriodKind::Month => self.first.checked_add_months(Months::new(1)),
        };
        next.and_then(|next| next.pred_opt()).unwrap_or(self.first)
    }

    /// The one before it.
    pub fn previous(self) -> Self {
        Self::of(self.kind(), self.first.pred_opt().unwrap_or(self.first))
    }
}

impl std::fmt::Display for Period {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.week {
            let week = self.first.iso_week();
            write!(f, "{:04}-W{:02}", week.year(), week.week())
        } else {
            write!(f, "{:04}-{:02}", self.first.year(), self.first.month())
        }
    }
}

/// What the cells of a measure hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MeasureKind {
    /// Up to three decimal places, not below zero.
    Quantity,
    /// In the company's currency, not below zero.
    Money,
    Text,
}

impl MeasureKind {
    pub const KEYS: [&'static str; 3] = ["quantity", "money", "text"];

    pub fn key(self) -> &'static str {
        Self::KEYS[self as usize]
    }

    pub fn parse(key: &str) -> Option<Self> {
        [Self::Quantity, Self::Money, Self::Text].into_iter().find(|kind| kind.key() == key)
    }
}

/// What a measure is told of, beside the place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MeasureOf {
    /// Each product of the catalogue.
    Product,
    /// Each of the competitors' products.
    Competitor,
    /// The place itself: one column that stands in the sheets of products.
    Place,
}

impl MeasureOf {
    pub const KEYS: [&'static str; 3] = ["product", "competitor", "place"];

    pub fn key(self) -> &'static str {
        Self::KEYS[self as usize]
    }

    pub fn parse(key: &str) -> Option<Self> {
        [Self::Product, Self::Competitor, Self::Place].into_iter().find(|of| of.key() == key)
    }
}

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CellValue {
    /// Thousandths of a quantity, or minor units of the company's currency.
    Number(i64),
    Words(String),
}

/// Decimal places of a quantity.
const QUANTITY_PLACES: u32 = 3;
/// Largest quantity, in thousandths, and largest amount, in minor units: sums of many stay far from the end of integers.
const MOST: i64 = 1_000_000_000_000;
/// Longest text of a cell, in characters.
pub const MOST_WORDS: usize = 200;

/// Why a text is no value: the code of the message and what it shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellFault {
    pub code: &'static str,
    pub param: Option<String>,
}

/// What a text means in a cell; a blank one empties it.
pub fn cell_read(kind: MeasureKind, text: &str, currency: &str) -> Result<Option<CellValue>, CellFault> {
    let text = text.trim();
    let fault = |code, param: Option<String>| CellFault { code, param };
    if text.is_empty() {
        return Ok(None);
    }
    let places = match kind {
        MeasureKind::Text => {
            if text.chars().count() > MOST_WORDS {
                return Err(fault("too_long", Some(MOST_WORDS.to_string())));
            }
            if text.chars().any(char::is_control) {
                return Err(fault("control_character", None));
            }
            return Ok(Some(CellValue::Words(text.into())));
        }
        MeasureKind::Quantity => QUANTITY_PLACES,
        MeasureKind::Money => decimals(currency),
    };
    let range = || fault("out_of_range", Some(format!("0 – {}", format_decimal(MOST, places))));
    match parse_decimal(text, places) {
        Ok(number) if (0..=MOST).contains(&number) => Ok(Some(CellValue::Number(number))),
        Ok(_) | Err(MoneyError::OutOfRange) => Err(range()),
        Err(_) => Err(fault("number_invalid", None)),
    }
}

/// The text of a value, which [`cell_read`] reads back.
pub fn cell_text(kind: MeasureKind, value: &CellValue, currency: &str) -> String {
    match (kind, value) {
        (MeasureKind::Money, CellValue::Number(minor)) => format_decimal(*minor, decimals(currency)),
        (_, CellValue::Number(thousandths)) => format_decimal(*thousandths, QUANTITY_PLACES),
        (_, CellValue::Words(words)) => words.clone(),
    }
}

/// What a cell holds, and the version of the sheet that it has held it since.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    pub value: Option<CellValue>,
    pub revision: i64,
}

/// What a save does to the cells it names, by their places in the list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Decision {
    /// To be written.
    pub changed: Vec<usize>,
    /// Changed by somebody else since the sheet was read, to something else than is wanted now.
    pub contested: Vec<usize>,
}

/// Compares what is wanted with what stands. Who read version `read` of the sheet overwrites nothing that came after it;
/// what stands as it is wanted is left alone.
pub fn decide<'a>(
    cells: impl IntoIterator<Item = (&'a Option<CellValue>, Option<&'a Standing>)>,
    read: i64,
) -> Decision {
    let mut decision = Decision::default();
    for (at, (wanted, standing)) in cells.into_iter().enumerate() {
        let now = standing.and_then(|standing| standing.value.as_ref());
        if now == wanted.as_ref() {
            continue;
        }
        if standing.is_some_and(|standing| standing.revision > read) {
            decision.contested.push(at);
        } else {
            decision.changed.push(at);
        }
    }
    decision
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn periods_are_months_or_weeks() {
        for (text, first, last, before) in [
            ("2026-11", "2026-11-01", "2026-11-30", "2026-10"),
            ("2024-02", "2024-02-01", "2024-02-29", "2024-01"),
            ("2026-01", "2026-01-01", "2026-01-31", "2025-12"),
            ("2026-W01", "2025-12-29", "2026-01-04", "2025-W52"),
            ("2020-W53", "2020-12-28", "2021-01-03", "2020-W52"),
            ("2027-W01", "2027-01-04", "2027-01-10", "2026-W53"),
        ] {
            let period = Period::parse(text).expect(text);
            let told = (period.to_string(), period.first().to_string(), period.last().to_string());
            assert_eq!(told, (text.into(), first.into(), last.into()));
            assert_eq!(period.previous().to_string(), before);
            assert_eq!(Period::of(period.kind(), period.last()), period);
        }
        for text in
            ["", "2026", "2026-13", "2026-00", "2026-1", "2025-W53", "2026-W00", "1999-12", "2026-w47", "20é6-11"]
        {
            assert_eq!(Period::parse(text), None, "{text}");
        }
    }

    #[test]
    fn cells_hold_what_their_measure_says() {
        let number = |minor| Ok(Some(CellValue::Number(minor)));
        let fault = |code| move |read: Result<_, CellFault>| assert_eq!(read.map_err(|fault| fault.code), Err(code));
        assert_eq!(cell_read(MeasureKind::Quantity, " 12 ", "CNY"), number(12_000));
        assert_eq!(cell_read(MeasureKind::Quantity, "0.5", "CNY"), number(500));
        assert_eq!(cell_read(MeasureKind::Money, "1299.9", "CNY"), number(129_990));
        assert_eq!(cell_read(MeasureKind::Money, "1299", "JPY"), number(1_299));
        assert_eq!(cell_read(MeasureKind::Text, " 买一送一 ", "CNY"), Ok(Some(CellValue::Words("买一送一".into()))));
        for kind in [MeasureKind::Quantity, MeasureKind::Money, MeasureKind::Text] {
            assert_eq!(cell_read(kind, "  ", "CNY"), Ok(None));
        }
        for text in ["x", "1e3", "1.", ".5", "1.0005"] {
            fault("number_invalid")(cell_read(MeasureKind::Quantity, text, "CNY"));
        }
        for text in ["-1", "1000000001", "99999999999999999999"] {
            fault("out_of_range")(cell_read(MeasureKind::Quantity, text, "CNY"));
        }
        fault("too_long")(cell_read(MeasureKind::Text, &"长".repeat(201), "CNY"));
        fault("control_character")(cell_read(MeasureKind::Text, "a\u{0}b", "CNY"));
    }

    #[test]
    fn a_save_leaves_alone_what_others_changed() {
        let words = |text: &str| Some(CellValue::Words(text.into()));
        let standing = |value: Option<CellValue>, revision| Some(Standing { value, revision });
        for (wanted, stands, changed, contested) in [
            (words("a"), None, true, false),
            (None, None, false, false),
            (words("a"), standing(words("a"), 9), false, false),
            (words("b"), standing(words("a"), 3), true, false),
            (words("b"), standing(words("a"), 4), false, true),
            (None, standing(words("a"), 4), false, true),
            (None, standing(None, 4), false, false),
        ] {
            let decision = decide([(&wanted, stands.as_ref())], 3);
            let at = |is: bool| if is { vec![0] } else { vec![] };
            assert_eq!(decision, Decision { changed: at(changed), contested: at(contested) }, "{wanted:?} {stands:?}");
        }
    }

    proptest! {
        #[test]
        fn every_value_is_read_back(number in 0..=MOST) {
            for kind in [MeasureKind::Quantity, MeasureKind::Money] {
                let value = CellValue::Number(number);
                prop_assert_eq!(cell_read(kind, &cell_text(kind, &value, "CNY"), "CNY"), Ok(Some(value)));
            }
        }

        #[test]
        fn periods_follow_each_other_without_a_gap(day in 0u64..30_000, week: bool) {
            let day = NaiveDate::from_ymd_opt(2001, 1, 1).and_then(|first| first.checked_add_days(Days::new(day)));
            let kind = if week { PeriodKind::Week } else { PeriodKind::Month };
            let period = Period::of(kind, day.expect("a day"));
            prop_assert!(period.first() <= day.expect("a day") && day.expect("a day") <= period.last());
            prop_assert_eq!(Period::parse(&period.to_string()), Some(period));
            prop_assert_eq!(period.previous().last().succ_opt(), Some(period.first()));
        }

        /// Saves one after the other, each by somebody who read some earlier version: what was written, replayed, is what
        /// stands, and nobody overwrote what they had not read.
        #[test]
        fn what_is_written_replays(saves in proptest::collection::vec(
            (proptest::collection::vec((0usize..6, proptest::option::of(0i64..4)), 1..6), 0i64..4), 1..20)) {
            let mut stands: Vec<Option<Standing>> = vec![None; 6];
            let (mut version, mut told) = (0i64, Vec::new());
            for (cells, behind) in saves {
                let read = (version - behind).max(0);
                let wanted: Vec<(usize, Option<CellValue>)> =
                    cells.into_iter().map(|(at, value)| (at, value.map(CellValue::Number))).collect();
                let mut seen = std::collections::HashSet::new();
                let wanted: Vec<_> = wanted.into_iter().filter(|(at, _)| seen.insert(*at)).collect();
                let decision = decide(wanted.iter().map(|(at, value)| (value, stands[*at].as_ref())), read);
                if !decision.contested.is_empty() {
                    for at in &decision.contested {
                        let (cell, value) = &wanted[*at];
                        let now = stands[*cell].as_ref().expect("contested cells stand");
                        prop_assert!(now.revision > read && now.value != *value);
                    }
                    continue;
                }
                if decision.changed.is_empty() {
                    continue;
                }
                version += 1;
                for at in decision.changed {
                    let (cell, value) = &wanted[at];
                    prop_assert!(stands[*cell].as_ref().is_none_or(|now| now.revision <= read));
                    stands[*cell] = Some(Standing { value: value.clone(), revision: version });
                    told.push((*cell, version, value.clone()));
                }
            }
            let mut replayed: Vec<Option<Standing>> = vec![None; 6];
            for (cell, revision, value) in told {
                replayed[cell] = Some(Standing { value, revision });
            }
            prop_assert_eq!(replayed, stands);
        }
    }
}
