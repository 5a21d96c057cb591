//! Rows of customers and contacts: what a row says about a person or an organisation.

use regulars_domain::ids::UnitId;
use regulars_domain::naming::name_cleaned;
use regulars_domain::naming::reading;
use regulars_persistence::import::party::{AddressFields, PartyFields};
use serde_json::{Map, Value};

use super::cells::{CellFault, Cells, LONG, SHORT};
use super::custom_cells::custom_read;
use super::life_dates::{dates_parse, lunar_birthday};
use super::refs::Refs;
use super::rows::Row;
use super::targets::ImportResource;
use crate::customers::life_date::DateEntry;

/// What a row says about one customer or contact.
#[derive(Debug, Clone, Default)]
pub struct PartyDraft {
    pub line: u64,
    pub code: Option<String>,
    pub fields: PartyFields,
    pub name_key: String,
    pub phones: Vec<String>,
    pub emails: Vec<String>,
    pub address: Option<AddressFields>,
    pub tags: Vec<String>,
    pub unit: Option<UnitId>,
    pub link: Option<Link>,
    /// Dates of life but the birthday.
    pub dates: Vec<DateEntry>,
    /// Values of custom fields by key.
    pub custom: Map<String, Value>,
    pub faults: Vec<CellFault>,
}

/// A contact's organisation, and what they are to it.
#[derive(Debug, Clone, Default)]
pub struct Link {
    pub code: Option<String>,
    pub name: Option<String>,
    pub role: Option<String>,
    pub title: Option<String>,
    pub primary: bool,
}

const KINDS: &[&[&str]] = &[
    &["person", "个人", "人", "个人客户", "individual", "b2c"],
    &["organization", "企业", "公司", "组织", "单位", "机构", "企业客户", "organisation", "company", "b2b"],
];
const STATUSES: &[&[&str]] = &[
    &["lead", "线索", "潜在客户", "潜在", "意向客户", "prospect"],
    &["customer", "客户", "正式客户", "成交客户", "已成交", "active"],
    &["inactive", "停用", "无效", "流失", "已流失", "closed", "lost"],
];
const GENDERS: &[&[&str]] = &[
    &["male", "男", "男性", "先生", "m", "mr"],
    &["female", "女", "女性", "女士", "小姐", "f", "ms", "mrs"],
    &["other", "其他", "x"],
];
const STYLES: &[&[&str]] =
    &[&["transaction", "交易型", "交易", "transactional"], &["relationship", "关系型", "关系", "relational"]];

/// Reads one row. Faults of the row stay in the draft; it is rejected later, with all of them.
pub fn party_draft(row: &Row, mut cells: Cells, refs: &Refs) -> PartyDraft {
    let mut draft = PartyDraft { line: row.line, ..PartyDraft::default() };
    let contact = cells.plan.resource == ImportResource::Contacts;
    let mut address = AddressFields::default();
    let mut link = Link::default();
    let mut owner_unit = None;
    for (target, column, text) in cells.filled(row) {
        let fields = &mut draft.fields;
        match target {
            "code" => draft.code = cells.code(column, text),
            "name" => fields.name = cells.text(column, &name_cleaned(text), SHORT),
            "kind" => fields.kind = cells.word(column, text, KINDS),
            "status" => fields.status = cells.word(column, text, STATUSES),
            "gender" => fields.gender = cells.word(column, text, GENDERS),
            "buying_style" => fields.buying_style = cells.word(column, text, STYLES),
            "birthday" => fields.birthday = cells.date(column, text),
            "lunar_birthday" => draft.dates.extend(lunar_birthday(&mut cells, column, text)),
            "wedding" => {
                let date = cells.date(column, text);
                draft.dates.extend(date.map(|date| DateEntry { date: Some(date), ..DateEntry::of_kind("wedding") }));
            }
            "dates" => draft.dates.extend(dates_parse(&mut cells, column, text, refs)),
            "tax_id" => fields.tax_id = cells.code(column, text).map(|code| code.to_uppercase()),
            "industry" | "source" | "level" => {
                let entry = entry(&mut cells, column, target, text, refs);
                match target {
                    "industry" => fields.industry = entry,
                    "source" => fields.source = entry,
                    _ => fields.level = entry,
                }
            }
            "internal" => fields.internal = cells.bool(column, text),
            "note" => fields.note = cells.text(column, text, LONG),
            "phone" => cells.phones(column, text, &mut draft.phones),
            "email" => cells.emails(column, text, &mut draft.emails),
            "country" => address.country = cells.text(column, text, SHORT),
            "province" => address.province = cells.text(column, text, SHORT),
            "city" => address.city = cells.text(column, text, SHORT),
            "district" => address.district = cells.text(column, text, SHORT),
            "street" => address.street = cells.text(column, text, SHORT),
            "postcode" => address.postcode = cells.code(column, text),
            "tags" => draft.tags.extend(tag_names(text)),
            "owner" => {
                if let Some((person, unit)) = cells.person(column, text, refs) {
                    fields.owner_id = Some(person);
                    owner_unit = Some((column, unit));
                }
            }
            "unit" => draft.unit = cells.unit(column, text, refs),
            "organization_code" => link.code = cells.code(column, text),
            "organization_name" => link.name = cells.text(column, &name_cleaned(text), SHORT),
            "role" => link.role = entry(&mut cells, column, "relation_role", text, refs),
            "title" => link.title = cells.text(column, text, SHORT),
            "primary" => link.primary = cells.bool(column, text).unwrap_or(false),
            other => custom_read(&mut cells, other, (column, text), refs, &mut draft.custom),
        }
    }
    if address != AddressFields::default() {
        draft.address = Some(address);
    }
    if contact {
        draft.fields.kind = Some("person".into());
        if link.code.is_none() && link.name.is_none() {
            cells.fault(None, "organization_missing", "没有所属客户", "The customer the contact belongs to is missing");
        }
        draft.link = Some(link);
    }
    if let (Some((column, unit)), Some(chosen)) = (owner_unit, draft.unit)
        && unit != chosen
    {
        cells.fault(Some(column), "owner_of_another_unit", "负责人不属于该单位", "The owner belongs to another unit");
    }
    if let Some(name) = &draft.fields.name {
        let kind =
            draft.fields.kind.clone().unwrap_or_else(|| kind_guess(name, draft.fields.tax_id.is_some()).to_owned());
        draft.name_key = reading(name, kind == "person");
    }
    if let Some(fault) = &row.fault {
        cells.fault(fault.column(), fault.code(), fault.text(true), fault.text(false));
    }
    draft.faults = cells.faults;
    draft
}

fn entry(cells: &mut Cells, column: usize, dictionary: &str, text: &str, refs: &Refs) -> Option<String> {
    let found = refs.entry(dictionary, text);
    if found.is_none() {
        cells.fault(
            Some(column),
            "unknown_choice",
            format!("字典里没有「{text}」"),
            format!("The dictionary has no \"{text}\""),
        );
    }
    found
}

fn tag_names(text: &str) -> Vec<String> {
    let mut names: Vec<String> = text
        .split([',', '，', ';', '；', '、', '|', '\n'])
        .map(|name| name.trim().chars().take(60).collect::<String>())
        .filter(|name| !name.is_empty())
        .collect();
    names.dedup();
    names
}

/// Organisations are told by a tax id or by the words their names end with.
pub fn kind_guess(name: &str, taxed: bool) -> &'static str {
    const MARKS: &[&str] =
        &["公司", "集团", "厂", "酒店", "银行", "学校", "医院", "大学", "工作室", "合作社", "中心", "商行", "事务所"];
    const WORDS: &[&str] =
        &["ltd", "ltd.", "inc", "inc.", "llc", "gmbh", "corp", "corp.", "co.", "company", "plc", "s.a.", "bv", "ag"];
    let lower = name.to_lowercase();
    let organised = taxed
        || MARKS.iter().any(|mark| name.contains(mark))
        || lower.split([' ', ',']).any(|word| WORDS.contains(&word));
    if organised { "organization" } else { "person" }
}
