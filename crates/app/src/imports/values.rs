//! Texts as people write them in tables, turned into exact values: dates, instants, decimals, truth. Integers only,
//! never floats. Each function says no with a [`ValueFault`] rather than guess between two readings.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Which number stands first in a date like 6/8/2024. Dates that start with the year need no option.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum DateOrder {
    #[default]
    Ymd,
    Dmy,
    Mdy,
}

/// The sign before the fraction: 1,234.50 or 1.234,50.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum DecimalSign {
    #[default]
    Point,
    Comma,
}

/// Why a text is not the value its column needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ValueFault {
    NotADate,
    AmbiguousDate,
    NotAMoment,
    NotANumber,
    Scientific,
    BadGrouping,
    TooPrecise { places: u32 },
    OutOfRange,
    NotABool,
}

impl ValueFault {
    pub fn code(self) -> &'static str {
        match self {
            Self::NotADate => "not_a_date",
            Self::AmbiguousDate => "ambiguous_date",
            Self::NotAMoment => "not_a_moment",
            Self::NotANumber => "not_a_number",
            Self::Scientific => "scientific_number",
            Self::BadGrouping => "bad_grouping",
            Self::TooPrecise { .. } => "too_precise",
            Self::OutOfRange => "out_of_range",
            Self::NotABool => "not_a_bool",
        }
    }

    pub fn text(self, chinese: bool) -> String {
        let text = match (self, chinese) {
            (Self::NotADate, true) => "不是有效的日期",
            (Self::NotADate, false) => "This is not a date",
            (Self::AmbiguousDate, true) => "日期的月和日无法区分,请选择日期格式",
            (Self::AmbiguousDate, false) => "Day and month can't be told apart; choose the date format",
            (Self::NotAMoment, true) => "不是有效的时间",
            (Self::NotAMoment, false) => "This is not a date and time",
            (Self::NotANumber, true) => "不是有效的数字",
            (Self::NotANumber, false) => "This is not a number",
            (Self::Scientific, true) => "科学计数法丢失了精度,请把该列设为文本后重新导出",
            (Self::Scientific, false) => "Scientific notation has lost digits; export the column as text",
            (Self::BadGrouping, true) => "千位分隔符的位置不对,请检查小数点格式",
            (Self::BadGrouping, false) => "The thousands separators are misplaced; check the decimal sign",
            (Self::TooPrecise { places }, true) => return format!("小数位超过 {places} 位"),
            (Self::TooPrecise { places }, false) => {
                return format!("More than {places} decimal places");
            }
            (Self::OutOfRange, true) => "数值超出范围",
            (Self::OutOfRange, false) => "The value is out of range",
            (Self::NotABool, true) => "应为 是 或 否",
            (Self::NotABool, false) => "Expected yes or no",
        };
        text.to_owned()
    }
}

/// Full-width digits, letters and signs of Chinese input methods as their ASCII twins; trimmed.
pub fn half_width(text: &str) -> String {
    text.trim()
        .chars()
        .map(|c| match c {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
            '\u{3000}' | '\u{a0}' | '\u{202f}' | '\u{2009}' => ' ',
            '\u{2212}' => '-',
            other => other,
        })
        .collect::<String>()
        .trim()
        .to_owned()
}

/// `2024-06-08`, `20240608`, `2024/6/8`, `2024.6.8`, `2024年6月8日`, `8.6.2024`, `6/8/2024` (by order), spreadsheet
/// serials of five digits. A time behind the date is dropped.
pub fn date_parse(text: &str, order: DateOrder) -> Result<NaiveDate, ValueFault> {
    let text = half_width(text);
    let (date, _) = date_and_rest(&text, order)?;
    Ok(date)
}

fn date_and_rest(text: &str, order: DateOrder) -> Result<(NaiveDate, &str), ValueFault> {
    if !text.is_ascii() && !text.contains('年') {
        return Err(ValueFault::NotADate);
    }
    let mut numbers = [0_u32; 3];
    let mut widths = [0_usize; 3];
    let mut signs = ['\0'; 2];
    let (mut field, mut end) = (0, text.len());
    for (index, c) in text.char_indices() {
        if let Some(digit) = c.to_digit(10) {
            if widths[field] == 8 {
                return Err(ValueFault::NotADate);
            }
            numbers[field] = numbers[field] * 10 + digit;
            widths[field] += 1;
        } else if field < 2 && widths[field] > 0 && matches!(c, '-' | '/' | '.' | '年' | '月') {
            signs[field] = c;
            field += 1;
        } else {
            end = index;
            break;
        }
    }
    let rest = text[end..].strip_prefix('日').unwrap_or(&text[end..]);
    let starts_time = rest.is_empty() || rest.starts_with([' ', 'T', 't']);
    if !starts_time {
        return Err(ValueFault::NotADate);
    }
    let date = match (field, widths) {
        (0, [8, ..]) => ymd(numbers[0] / 10_000, numbers[0] / 100 % 100, numbers[0] % 100),
        (0, [5, ..]) => serial_date(numbers[0]),
        (2, [4, 1 | 2, 1 | 2]) => ymd(numbers[0], numbers[1], numbers[2]),
        (2, [1 | 2, 1 | 2, 4]) => return Ok((year_last(numbers, signs[0], order)?, rest)),
        _ => None,
    };
    date.map(|date| (date, rest)).ok_or(ValueFault::NotADate)
}

fn ymd(year: u32, month: u32, day: u32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day).filter(|_| (1000..=9999).contains(&year))
}

/// Days since 1899-12-30, as spreadsheets count them after February 1900.
fn serial_date(days: u32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(1899, 12, 30)?.checked_add_days(chrono::Days::new(u64::from(days)))
}

fn year_last([first, second, year]: [u32; 3], sign: char, order: DateOrder) -> Result<NaiveDate, ValueFault> {
    let (day, month) = match order {
        DateOrder::Dmy => (first, second),
        DateOrder::Mdy => (second, first),
        // Dots with the year last are written day first wherever they are in use.
        DateOrder::Ymd if sign == '.' => (first, second),
        DateOrder::Ymd if first > 12 => (first, second),
        DateOrder::Ymd if second > 12 || first == second => (second, first),
        DateOrder::Ymd => return Err(ValueFault::AmbiguousDate),
    };
    ymd(year, month, day).ok_or(ValueFault::NotADate)
}

/// An instant: RFC 3339, or a date with an optional time read in the business time zone. Without a time it is
/// midnight there; a local time that a clock change skipped moves to the next existing hour.
pub fn instant_parse(text: &str, order: DateOrder, zone: Tz) -> Result<DateTime<Utc>, ValueFault> {
    let text = half_width(text);
    if let Ok(instant) = DateTime::parse_from_rfc3339(&text) {
        return Ok(instant.with_timezone(&Utc));
    }
    let (date, rest) = date_and_rest(&text, order)?;
    let rest = rest.trim_start_matches(['T', 't', ' ']).trim_end();
    let time = match rest {
        "" => NaiveTime::MIN,
        _ => ["%H:%M:%S%.f", "%H:%M", "%I:%M %p", "%I:%M:%S %p"]
            .iter()
            .find_map(|shape| NaiveTime::parse_from_str(rest, shape).ok())
            .ok_or(ValueFault::NotAMoment)?,
    };
    local_instant(date.and_time(time), zone).ok_or(ValueFault::NotAMoment)
}

fn local_instant(local: NaiveDateTime, zone: Tz) -> Option<DateTime<Utc>> {
    let found = zone.from_local_datetime(&local).earliest();
    found
        .or_else(|| zone.from_local_datetime(&(local + chrono::TimeDelta::hours(1))).earliest())
        .map(|instant| instant.with_timezone(&Utc))
}

const CURRENCY_MARKS: &[(&str, &str)] = &[
    ("人民币", "CNY"),
    ("RMB", "CNY"),
    ("CNY", "CNY"),
    ("CN¥", "CNY"),
    ("US$", "USD"),
    ("USD", "USD"),
    ("HK$", "HKD"),
    ("HKD", "HKD"),
    ("EUR", "EUR"),
    ("€", "EUR"),
    ("GBP", "GBP"),
    ("£", "GBP"),
    ("JPY", "JPY"),
    ("¥", ""),
    ("￥", ""),
    ("$", ""),
    ("元", "CNY"),
];

/// An amount in minor units, and the currency the text names beyond doubt (`¥` and `$` name none).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Amount {
    pub minor: i64,
    pub currency: Option<&'static str>,
}

/// Money: `1,234.50`, `￥1,234.5`, `1.2万`, `(100)`, `100-`, `12元`; `exponent` is the currency's number of decimals.
pub fn money_parse(text: &str, sign: DecimalSign, exponent: u32) -> Result<Amount, ValueFault> {
    let mut text = half_width(text).to_uppercase();
    // Half-width conversion makes ￥ a plain yen sign's neighbour; both are in the table.
    let mut currency = None;
    let mut marks = 0;
    for (mark, code) in CURRENCY_MARKS {
        if let Some(at) = text.find(mark) {
            marks += 1;
            if marks > 2 {
                return Err(ValueFault::NotANumber);
            }
            text.replace_range(at..at + mark.len(), "");
            if !code.is_empty() {
                currency = Some(*code);
            }
        }
    }
    Ok(Amount { minor: decimal_parse(&text, sign, exponent)?, currency })
}

/// A quantity in thousandths.
pub fn quantity_parse(text: &str, sign: DecimalSign) -> Result<i64, ValueFault> {
    decimal_parse(text, sign, 3)
}

/// A decimal as an integer of `10^-places`. Exact or refused: digits beyond `places` must be zeros.
pub fn decimal_parse(text: &str, sign: DecimalSign, places: u32) -> Result<i64, ValueFault> {
    let text = half_width(text);
    let (negative, body) = sign_split(&text);
    let (body, power) = scale_split(body);
    let (point, group) = match sign {
        DecimalSign::Point => ('.', ','),
        DecimalSign::Comma => (',', '.'),
    };
    let (whole, fraction) = body.split_once(point).unwrap_or((body, ""));
    let whole = ungroup(whole, group)?;
    if whole.is_empty() && fraction.is_empty() {
        return Err(ValueFault::NotANumber);
    }
    if !whole.bytes().chain(fraction.bytes()).all(|byte| byte.is_ascii_digit()) {
        return Err(number_fault(body));
    }
    let value = scaled(&whole, fraction, power + places, places)?;
    Ok(if negative { -value } else { value })
}

fn sign_split(text: &str) -> (bool, &str) {
    if let Some(inner) = text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        return (true, inner.trim());
    }
    match (text.strip_prefix(['-', '+']), text.strip_suffix('-')) {
        (Some(rest), _) => (text.starts_with('-'), rest.trim_start()),
        (None, Some(rest)) => (true, rest.trim_end()),
        (None, None) => (false, text),
    }
}

/// Takes off 万 (10⁴) or 亿 (10⁸); returns the power of ten it stands for.
fn scale_split(text: &str) -> (&str, u32) {
    let text = text.strip_suffix('元').unwrap_or(text).trim_end();
    for (mark, power) in [('万', 4), ('亿', 8)] {
        if let Some(rest) = text.strip_suffix(mark) {
            return (rest.trim_end(), power);
        }
    }
    (text, 0)
}

/// Removes separators of thousands, which must stand every three digits.
fn ungroup(whole: &str, group: char) -> Result<String, ValueFault> {
    let separator = [group, '\'', ' '].into_iter().find(|c| whole.contains(*c));
    let Some(separator) = separator else {
        return Ok(whole.to_owned());
    };
    let mut parts = whole.split(separator);
    let first = parts.next().unwrap_or_default();
    let tidy = (1..=3).contains(&first.len()) && parts.all(|part| part.len() == 3);
    if tidy { Ok(whole.replace(separator, "")) } else { Err(ValueFault::BadGrouping) }
}

fn number_fault(text: &str) -> ValueFault {
    let mantissa = text.split_once(['e', 'E']).is_some_and(|(mantissa, exponent)| {
        mantissa.starts_with(|c: char| c.is_ascii_digit())
            && exponent.trim_start_matches(['+', '-']).bytes().all(|byte| byte.is_ascii_digit())
    });
    if mantissa { ValueFault::Scientific } else { ValueFault::NotANumber }
}

/// `whole.fraction × 10^power` as an integer, refusing a remainder.
fn scaled(whole: &str, fraction: &str, power: u32, places: u32) -> Result<i64, ValueFault> {
    let fraction = fraction.trim_end_matches('0');
    let kept = power as usize;
    if fraction.len() > kept {
        return Err(ValueFault::TooPrecise { places });
    }
    let mut value = 0_i64;
    let zeros = std::iter::repeat_n(b'0', kept - fraction.len());
    for byte in whole.bytes().chain(fraction.bytes()).chain(zeros) {
        value = value
            .checked_mul(10)
            .and_then(|value| value.checked_add(i64::from(byte - b'0')))
            .ok_or(ValueFault::OutOfRange)?;
    }
    Ok(value)
}

/// Yes and no as people write them.
pub fn bool_parse(text: &str) -> Result<bool, ValueFault> {
    match half_width(text).to_lowercase().as_str() {
        "是" | "有" | "对" | "真" | "√" | "y" | "yes" | "1" | "true" | "t" | "x" | "on" => Ok(true),
        "否" | "无" | "错" | "假" | "×" | "n" | "no" | "0" | "false" | "f" | "off" => Ok(false),
        _ => Err(ValueFault::NotABool),
    }
}

/// A phone as written, with the damage spreadsheets do undone: `13800138000.0` loses its tail, `1.38E+10` is refused.
/// Normalising to E.164 is the domain's work.
pub fn phone_clean(text: &str) -> Result<String, ValueFault> {
    let text = half_width(text);
    if number_fault(&text) == ValueFault::Scientific {
        return Err(ValueFault::Scientific);
    }
    let plain = text.strip_suffix(".0").filter(|head| head.bytes().all(|byte| byte.is_ascii_digit()));
    Ok(plain.unwrap_or(&text).trim_start_matches('\'').to_owned())
}
