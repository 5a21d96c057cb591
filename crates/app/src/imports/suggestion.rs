//! A first mapping of columns to fields: headings decide, and where they say nothing, the shape of the values.

use super::targets::{ImportResource, Target, ValueKind, heading_key};
use super::values::{DateOrder, DecimalSign, ValueFault, date_parse, decimal_parse, half_width, money_parse};

/// What a text looks like at first sight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    Blank,
    Phone,
    Email,
    Date,
    Number,
    Text,
}

/// The shape of one field. Dates win over numbers (20240608), phones over numbers (13800138000).
pub fn shape_of(text: &str) -> Shape {
    let plain = half_width(text);
    if plain.is_empty() {
        return Shape::Blank;
    }
    if let Some((name, host)) = plain.split_once('@')
        && !name.is_empty()
        && host.contains('.')
        && !plain.contains(' ')
    {
        return Shape::Email;
    }
    let digits = plain.bytes().filter(u8::is_ascii_digit).count();
    let mobile = plain.len() == 11 && digits == 11 && plain.starts_with('1');
    let dialled = (7..=15).contains(&digits)
        && (plain.starts_with('+') || (plain.starts_with('0') && plain.contains('-')))
        && plain.chars().all(|c| c.is_ascii_digit() || "+-() ".contains(c));
    if mobile || dialled {
        return Shape::Phone;
    }
    let dated = date_parse(&plain, DateOrder::Ymd);
    let serial = plain.len() == 5;
    if !serial && (dated.is_ok() || dated == Err(ValueFault::AmbiguousDate)) {
        return Shape::Date;
    }
    let numeric =
        money_parse(&plain, DecimalSign::Point, 8).is_ok() || decimal_parse(&plain, DecimalSign::Comma, 8).is_ok();
    if digits > 0 && numeric { Shape::Number } else { Shape::Text }
}

/// One column as the upload shows it.
#[derive(Debug, Clone)]
pub struct Column {
    /// The heading; empty when the file has none.
    pub name: String,
    pub samples: Vec<String>,
}

/// One custom field that columns may fill under the target `custom.<key>`.
#[derive(Debug, Clone)]
pub struct CustomTarget {
    pub key: String,
    pub label_zh: String,
    pub label_en: String,
}

/// A suggested target per column, in the columns' order. No target is given twice unless it may repeat.
pub fn mapping_suggest(resource: ImportResource, columns: &[Column], custom: &[CustomTarget]) -> Vec<Option<String>> {
    let mut taken: Vec<&str> = Vec::new();
    let mut mapping: Vec<Option<String>> = columns
        .iter()
        .map(|column| {
            let target = by_heading(resource, &column.name, &taken)?;
            taken.push(target.key);
            Some(target.key.to_owned())
        })
        .collect();
    for (column, slot) in columns.iter().zip(&mut mapping) {
        if slot.is_none() {
            *slot = by_custom(&column.name, custom);
        }
    }
    if columns.iter().all(|column| column.name.is_empty()) && resource == ImportResource::Orders {
        return bare_orders(columns);
    }
    for (column, slot) in columns.iter().zip(&mut mapping) {
        if slot.is_none()
            && let Some(key) = by_shape(resource, &column.samples)
            && (!taken.contains(&key) || repeatable(resource, key))
        {
            taken.push(key);
            *slot = Some(key.to_owned());
        }
    }
    mapping
}

fn repeatable(resource: ImportResource, key: &str) -> bool {
    resource.targets().iter().any(|target| target.key == key && target.repeatable)
}

/// Exact headings first; then a heading that ends or starts with a known one, such as 客户手机号 or phone2.
fn by_heading(resource: ImportResource, heading: &str, taken: &[&str]) -> Option<&'static Target> {
    if heading.trim().is_empty() {
        return None;
    }
    let free = |target: &&Target| target.repeatable || !taken.contains(&target.key);
    let exact = resource.targets().iter().filter(free).find(|target| target.answers_to(heading));
    if exact.is_some() {
        return exact;
    }
    let key = heading_key(heading);
    let bare =
        key.trim_end_matches(|c: char| c.is_ascii_digit()).trim_start_matches("客户").trim_start_matches("customer");
    if bare.is_empty() || bare == key {
        return None;
    }
    resource.targets().iter().filter(free).find(|target| target.answers_to(bare))
}

fn by_custom(heading: &str, custom: &[CustomTarget]) -> Option<String> {
    let heading = heading_key(heading);
    let answers = |name: &str| !heading.is_empty() && heading_key(name) == heading;
    let field = custom.iter().find(|field| {
        answers(&field.key)
            || answers(&field.label_zh)
            || answers(&field.label_en)
            || answers(&format!("custom.{}", field.key))
    })?;
    Some(format!("custom.{}", field.key))
}

fn common_shape(samples: &[String]) -> Shape {
    let mut shapes = samples.iter().map(|sample| shape_of(sample)).filter(|shape| *shape != Shape::Blank);
    match shapes.next() {
        Some(first) if shapes.all(|shape| shape == first) => first,
        Some(_) => Shape::Text,
        None => Shape::Blank,
    }
}

fn by_shape(resource: ImportResource, samples: &[String]) -> Option<&'static str> {
    let kind = match common_shape(samples) {
        Shape::Phone => ValueKind::Phone,
        Shape::Email => ValueKind::Email,
        Shape::Date => ValueKind::Date,
        _ => return None,
    };
    // A birthday is too personal a guess from shape alone; only orders are dated by nature.
    if kind == ValueKind::Date && resource != ImportResource::Orders {
        return None;
    }
    resource.targets().iter().find(|target| target.kind == kind).map(|target| target.key)
}

/// Purchase logs without headings: customer, date, quantity, amount, with the customer left of the date.
fn bare_orders(columns: &[Column]) -> Vec<Option<String>> {
    let shapes: Vec<Shape> = columns.iter().map(|column| common_shape(&column.samples)).collect();
    let mut mapping = vec![None; columns.len()];
    let Some(date) = shapes.iter().position(|shape| *shape == Shape::Date) else {
        return mapping;
    };
    mapping[date] = Some("ordered_on".to_owned());
    // With two columns before the date the one nearer to it renumbers the sample, the first is the master's number.
    if date > 0 {
        mapping[0] = Some("customer_code".to_owned());
    }
    let numbers: Vec<usize> = (date + 1..columns.len()).filter(|column| shapes[*column] == Shape::Number).collect();
    match numbers[..] {
        [amount] => mapping[amount] = Some("amount".to_owned()),
        [quantity, amount, ..] => {
            mapping[quantity] = Some("quantity".to_owned());
            mapping[amount] = Some("amount".to_owned());
        }
        [] => {}
    }
    mapping
}

/// The decimal sign the samples of a column speak for, when they do.
pub fn decimal_suggest<'a>(samples: impl Iterator<Item = &'a str>) -> DecimalSign {
    let (mut point, mut comma) = (0, 0);
    for sample in samples {
        let by_point = money_parse(sample, DecimalSign::Point, 2).is_ok();
        let by_comma = money_parse(sample, DecimalSign::Comma, 2).is_ok();
        point += usize::from(by_point && !by_comma);
        comma += usize::from(by_comma && !by_point);
    }
    if comma > point { DecimalSign::Comma } else { DecimalSign::Point }
}

/// The order of day and month the samples speak for: a first number above 12 can only be a day.
pub fn date_order_suggest<'a>(samples: impl Iterator<Item = &'a str>) -> DateOrder {
    let (mut dmy, mut mdy, mut ambiguous) = (0, 0, 0);
    for sample in samples {
        if date_parse(sample, DateOrder::Ymd) == Err(ValueFault::AmbiguousDate) {
            ambiguous += 1;
        }
        let by_day = date_parse(sample, DateOrder::Dmy);
        let by_month = date_parse(sample, DateOrder::Mdy);
        dmy += usize::from(by_day.is_ok() && by_month.is_err());
        mdy += usize::from(by_month.is_ok() && by_day.is_err());
    }
    match (dmy > mdy, mdy > dmy, ambiguous + dmy + mdy > 0) {
        (true, ..) => DateOrder::Dmy,
        (_, true, _) => DateOrder::Mdy,
        _ => DateOrder::Ymd,
    }
}
