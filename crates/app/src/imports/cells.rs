//! The fields of one row as values of their targets. What can't be read is noted, not thrown: a row tells everything
//! that is wrong with it at once.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use regulars_domain::ids::{UnitId, UserId};
use regulars_domain::naming::{email_normalized, phone_normalized};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::mapping::Plan;
use super::refs::Refs;
use super::rows::Row;
use super::values::{
    DateOrder, ValueFault, bool_parse, date_parse, half_width, instant_parse, money_parse, phone_clean, quantity_parse,
};
use crate::exports::spreadsheet_out::formula_unsafe;

/// One thing wrong with a row, as the person who imports reads it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CellFault {
    /// Heading of the column at fault; none when it is the row as a whole.
    pub column: Option<String>,
    pub code: String,
    pub detail: String,
}

/// Longest text of a name or code, in characters.
pub const SHORT: usize = 200;
/// Longest note.
pub const LONG: usize = 10_000;

/// Reads the cells of one row and gathers what is wrong with them.
pub struct Cells<'a> {
    pub plan: &'a Plan,
    pub chinese: bool,
    pub zone: Tz,
    /// Decimals of the company's currency.
    pub exponent: u32,
    pub faults: Vec<CellFault>,
}

impl<'a> Cells<'a> {
    pub fn new(plan: &'a Plan, chinese: bool, zone: Tz, exponent: u32) -> Self {
        Self { plan, chinese, zone, exponent, faults: Vec::new() }
    }

    /// `(target, column, text)` of every mapped field that is not blank.
    pub fn filled<'r>(&self, row: &'r Row) -> Vec<(&'a str, usize, &'r str)> {
        self.plan
            .columns
            .iter()
            .filter_map(|(column, target)| {
                let text = row.record.get(*column)?;
                let text = if self.plan.defused { formula_unsafe(text) } else { text };
                let text = text.trim();
                (!text.is_empty()).then_some((target.as_str(), *column, text))
            })
            .collect()
    }

    pub fn fault(&mut self, column: Option<usize>, code: &str, zh: impl Into<String>, en: impl Into<String>) {
        let detail = if self.chinese { zh.into() } else { en.into() };
        let column = column.map(|column| self.plan.column_name(column));
        self.faults.push(CellFault { column, code: code.to_owned(), detail });
    }

    fn value_fault(&mut self, column: usize, fault: ValueFault) {
        self.fault(Some(column), fault.code(), fault.text(true), fault.text(false));
    }

    /// A text of at most `limit` characters, without control characters; line breaks only in long texts.
    pub fn text(&mut self, column: usize, text: &str, limit: usize) -> Option<String> {
        if text.chars().count() > limit {
            self.fault(
                Some(column),
                "too_long",
                format!("超过 {limit} 个字符"),
                format!("Longer than {limit} characters"),
            );
            return None;
        }
        let keep_breaks = limit >= LONG;
        let clean: String = text
            .chars()
            .filter_map(|c| match c {
                '\n' | '\t' if keep_breaks => Some(c),
                '\n' | '\t' => Some(' '),
                c if c.is_control() => None,
                c => Some(c),
            })
            .collect();
        Some(clean)
    }

    /// A code: half-width, without blanks around it.
    pub fn code(&mut self, column: usize, text: &str) -> Option<String> {
        self.text(column, &half_width(text), 60)
    }

    pub fn date(&mut self, column: usize, text: &str) -> Option<NaiveDate> {
        let order = self.plan.options.date_format;
        date_parse(text, order).map_err(|fault| self.value_fault(column, fault)).ok()
    }

    pub fn instant(&mut self, column: usize, text: &str) -> Option<DateTime<Utc>> {
        let order: DateOrder = self.plan.options.date_format;
        instant_parse(text, order, self.zone).map_err(|fault| self.value_fault(column, fault)).ok()
    }

    /// Minor units of the company's currency.
    pub fn money(&mut self, column: usize, text: &str) -> Option<i64> {
        let sign = self.plan.options.decimal;
        money_parse(text, sign, self.exponent)
            .map_err(|fault| self.value_fault(column, fault))
            .ok()
            .map(|money| money.minor)
    }

    /// Thousandths.
    pub fn quantity(&mut self, column: usize, text: &str) -> Option<i64> {
        let sign = self.plan.options.decimal;
        quantity_parse(text, sign).map_err(|fault| self.value_fault(column, fault)).ok()
    }

    pub fn bool(&mut self, column: usize, text: &str) -> Option<bool> {
        bool_parse(text).map_err(|fault| self.value_fault(column, fault)).ok()
    }

    /// Phones in E.164; one cell may hold several.
    pub fn phones(&mut self, column: usize, text: &str, into: &mut Vec<String>) {
        for piece in text.split([';', '；', '、', '|', '\n']).map(str::trim).filter(|piece| !piece.is_empty()) {
            match phone_clean(piece) {
                Err(fault) => self.value_fault(column, fault),
                Ok(raw) => match phone_normalized(&raw) {
                    Ok(phone) if into.contains(&phone.e164) => {}
                    Ok(phone) => into.push(phone.e164),
                    Err(fault) => {
                        self.fault(
                            Some(column),
                            fault.code(),
                            format!("电话号码无效:{piece}"),
                            format!("{fault}: {piece}"),
                        );
                    }
                },
            }
        }
    }

    pub fn emails(&mut self, column: usize, text: &str, into: &mut Vec<String>) {
        for piece in
            text.split([';', '；', '、', ',', '，', '|', '\n']).map(str::trim).filter(|piece| !piece.is_empty())
        {
            match email_normalized(piece) {
                Ok(address) if into.contains(&address) => {}
                Ok(address) => into.push(address),
                Err(fault) => {
                    self.fault(
                        Some(column),
                        fault.code(),
                        format!("邮箱地址无效:{piece}"),
                        format!("{fault}: {piece}"),
                    );
                }
            }
        }
    }

    /// A person by login or name, with their unit, among those the importing person reaches.
    pub fn person(&mut self, column: usize, text: &str, refs: &Refs) -> Option<(UserId, UnitId)> {
        let found = refs.person(text);
        if found.is_none() {
            let (zh, en) = (format!("找不到人员「{text}」"), format!("No person called \"{text}\""));
            self.fault(Some(column), "unknown_person", zh, en);
        }
        found
    }

    /// A unit by name or code, among those the importing person reaches.
    pub fn unit(&mut self, column: usize, text: &str, refs: &Refs) -> Option<UnitId> {
        let found = refs.unit(text);
        if found.is_none() {
            let (zh, en) = (format!("找不到单位「{text}」"), format!("No unit called \"{text}\""));
            self.fault(Some(column), "unknown_unit", zh, en);
        }
        found
    }

    /// One of fixed words, each with the texts that mean it; the first is the stored word.
    pub fn word(&mut self, column: usize, text: &str, words: &[&[&'static str]]) -> Option<String> {
        let plain = half_width(text).to_lowercase();
        let found = words.iter().find(|names| names.contains(&plain.as_str()));
        if found.is_none() {
            let allowed: Vec<&str> = words
                .iter()
                .filter_map(|names| names.get(usize::from(self.chinese)).or(names.first()))
                .copied()
                .collect();
            let allowed = allowed.join(", ");
            self.fault(
                Some(column),
                "unknown_choice",
                format!("「{text}」不在可选值中:{allowed}"),
                format!("\"{text}\" is none of {allowed}"),
            );
        }
        found.and_then(|names| names.first()).map(|word| (*word).to_owned())
    }
}
