//! Dates of life in a cell: a lunar day as people write it, and all dates of a customer as an export writes them and an
//! import reads them back: `wedding 2012-10-01; birthday(妻子) 农历8-15; promotion 2024-06-08 once`.

use chrono::{Datelike, NaiveDate};
use regulars_domain::dates_of_life::LifeDate;
use serde_json::Value;

use super::cells::Cells;
use super::refs::Refs;
use super::values::half_width;
use crate::customers::life_date::{DateEntry, LunarEntry};

/// Before a day of the lunar calendar.
const LUNAR: &str = "农历";
/// Behind what happens once.
const ONCE: &str = "once";

/// The lunar day of a text: `八月十五`, `1985年闰六月初一`, `腊月廿三`, `8-15`, `1985-08-15`, `闰6/1`.
pub fn lunar_parse(text: &str) -> Option<LunarEntry> {
    let plain = half_width(text);
    let plain = plain.trim().trim_start_matches(LUNAR).trim_start_matches("阴历").trim_start_matches("lunar").trim();
    let leap = plain.contains(['闰', '閏']);
    let plain: String = plain.chars().filter(|c| !matches!(c, '闰' | '閏') && !c.is_whitespace()).collect();
    let parts: Vec<&str> =
        plain.split(['-', '/', '.', '年', '月']).map(|part| part.trim_end_matches(['日', '号'])).collect();
    let (year, month, day) = match parts[..] {
        [month, day] => (None, month, day),
        [year, month, day] => (Some(year.parse().ok()?), month, day),
        _ => return None,
    };
    let entry = LunarEntry { year, month: month_number(month)?, day: number(day)?, leap };
    let whole = DateEntry { lunar: Some(entry), ..DateEntry::of_kind("") };
    whole.life().is_some_and(|life| life.check().is_ok()).then_some(entry)
}

fn month_number(text: &str) -> Option<u8> {
    match text {
        "正" => Some(1),
        "冬" => Some(11),
        "腊" | "臘" => Some(12),
        other => number(other),
    }
}

/// `15`, `十五`, `初八`, `廿三`, `三十`.
fn number(text: &str) -> Option<u8> {
    if let Ok(number) = text.parse() {
        return Some(number);
    }
    const DIGITS: [char; 9] = ['一', '二', '三', '四', '五', '六', '七', '八', '九'];
    let digit = |c: char| DIGITS.iter().position(|one| *one == c).and_then(|at| u8::try_from(at + 1).ok());
    let signs: Vec<char> = text.chars().collect();
    match signs[..] {
        ['初', '十'] | ['十'] => Some(10),
        ['廿'] => Some(20),
        ['初', one] | [one] => digit(one),
        ['十', one] => Some(10 + digit(one)?),
        ['廿', one] => Some(20 + digit(one)?),
        [tens, '十'] => Some(10 * digit(tens)?),
        [tens, '十', one] => Some(10 * digit(tens)? + digit(one)?),
        _ => None,
    }
}

/// The lunar birthday in a cell.
pub fn lunar_birthday(cells: &mut Cells, column: usize, text: &str) -> Option<DateEntry> {
    let lunar = lunar_parse(text);
    if lunar.is_none() {
        cells.fault(
            Some(column),
            "date_invalid",
            format!("「{text}」不是农历日期，如 八月十五、闰六月初一、1985-08-15"),
            format!("\"{text}\" is no lunar date, such as 8-15, 闰6-1 or 1985-08-15"),
        );
    }
    Some(DateEntry { lunar: Some(lunar?), ..DateEntry::of_kind("birthday") })
}

/// The dates in a cell, as [`dates_text`] writes them; kinds may be said by their labels too.
pub fn dates_parse(cells: &mut Cells, column: usize, text: &str, refs: &Refs) -> Vec<DateEntry> {
    let mut found = Vec::new();
    for piece in text.split([';', '；', '\n']).map(str::trim).filter(|piece| !piece.is_empty()) {
        match date_parse(piece, refs) {
            Some(entry) => found.push(entry),
            None => cells.fault(
                Some(column),
                "date_invalid",
                format!("「{piece}」不是日子，如 wedding 2012-10-01、生日(妻子) 农历8-15"),
                format!("\"{piece}\" is no date of life, such as wedding 2012-10-01 or birthday(wife) 农历8-15"),
            ),
        }
    }
    found
}

fn date_parse(piece: &str, refs: &Refs) -> Option<DateEntry> {
    let piece = piece.replace('（', "(").replace('）', ")");
    let (piece, yearly) = match piece.trim_end().strip_suffix(ONCE) {
        Some(rest) => (rest.trim_end().to_owned(), false),
        None => (piece, true),
    };
    let (what, day) = piece.rsplit_once([' ', ')', ':'])?;
    let (kind, person) = match what.split_once('(') {
        Some((kind, person)) => (kind, Some(person.trim().trim_end_matches(')'))),
        None => (what, None),
    };
    let mut entry = DateEntry::of_kind(&refs.entry("date_kind", kind.trim())?);
    entry.yearly = yearly;
    entry.person = person.filter(|person| !person.is_empty()).map(Into::into);
    if day.starts_with(LUNAR) || day.starts_with("lunar") {
        entry.lunar = Some(lunar_parse(day)?);
    } else if let Ok(date) = day.parse::<NaiveDate>() {
        entry.date = Some(date);
    } else {
        entry.month_day = Some(day.to_owned());
    }
    entry.life().filter(|life| LifeDate::check(*life).is_ok())?;
    // As it is kept, so that what is there already is seen to be there.
    entry.month_day = entry.month_day.take().and_then(|text| {
        let (month, day) = text.split_once('-')?;
        let day = NaiveDate::from_ymd_opt(2000, month.parse().ok()?, day.parse().ok()?)?;
        Some(format!("{:02}-{:02}", day.month(), day.day()))
    });
    Some(entry)
}

/// A customer's dates in one cell.
pub fn dates_text(dates: &Value) -> String {
    let dates: Vec<DateEntry> = serde_json::from_value(dates.clone()).unwrap_or_default();
    dates.iter().map(date_text).collect::<Vec<_>>().join("; ")
}

fn date_text(entry: &DateEntry) -> String {
    let person = entry.person.as_ref().map(|person| format!("({person})")).unwrap_or_default();
    let day = match (entry.date, &entry.month_day, entry.lunar) {
        (Some(date), ..) => date.to_string(),
        (_, Some(month_day), _) => month_day.clone(),
        (.., Some(lunar)) => {
            let year = lunar.year.map(|year| format!("{year}-")).unwrap_or_default();
            format!("{LUNAR}{year}{}{}-{}", if lunar.leap { "闰" } else { "" }, lunar.month, lunar.day)
        }
        _ => String::new(),
    };
    let once = if entry.yearly { String::new() } else { format!(" {ONCE}") };
    format!("{}{person} {day}{once}", entry.kind)
}

/// The dates a customer has after a row: one of the same kind and person is replaced, unless it falls on the same day.
pub fn dates_merged(standing: &[DateEntry], said: &[DateEntry]) -> Vec<DateEntry> {
    let mut dates = standing.to_vec();
    let day = |one: &DateEntry| (one.date, one.month_day.clone(), one.lunar, one.yearly);
    for entry in said {
        let alike = |one: &DateEntry| (&one.kind, &one.person) == (&entry.kind, &entry.person);
        if dates.iter().any(|one| alike(one) && day(one) == day(entry)) {
            continue;
        }
        let several = said.iter().filter(|one| alike(one)).count() > 1;
        match dates.iter().position(alike) {
            Some(at) if !several => dates[at] = DateEntry { label: dates[at].label.clone(), ..entry.clone() },
            _ => dates.push(entry.clone()),
        }
    }
    dates
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lunar_days_as_people_write_them() {
        let day = |year, month, day, leap| Some(LunarEntry { year, month, day, leap });
        for (text, found) in [
            ("八月十五", day(None, 8, 15, false)),
            ("农历八月十五日", day(None, 8, 15, false)),
            ("正月初一", day(None, 1, 1, false)),
            ("腊月廿三", day(None, 12, 23, false)),
            ("十一月三十", day(None, 11, 30, false)),
            ("二月二十九", day(None, 2, 29, false)),
            ("1985年八月十五", day(Some(1985), 8, 15, false)),
            ("2025-闰6-1", day(Some(2025), 6, 1, true)),
            ("闰四月初三", day(None, 4, 3, true)),
            ("8/15", day(None, 8, 15, false)),
            ("1985-08-15", day(Some(1985), 8, 15, false)),
            ("2024年闰六月初一", None),
            ("十三月初一", None),
            ("中秋", None),
        ] {
            assert_eq!(lunar_parse(text), found, "{text}");
        }
    }

    #[test]
    fn a_date_said_again_changes_nothing() {
        let wedding = |text: &str| DateEntry { date: text.parse().ok(), ..DateEntry::of_kind("wedding") };
        let standing = [DateEntry { label: Some("银婚".into()), ..wedding("2001-10-01") }];
        assert_eq!(dates_merged(&standing, &[wedding("2001-10-01")]), standing);
        let moved = dates_merged(&standing, &[wedding("2001-10-02")]);
        assert_eq!(moved.len(), 1);
        assert_eq!((moved[0].date, moved[0].label.as_deref()), ("2001-10-02".parse().ok(), Some("银婚")));
        let child = DateEntry { person: Some("女儿".into()), ..wedding("2020-01-01") };
        assert_eq!(dates_merged(&standing, &[child]).len(), 2);
    }
}
