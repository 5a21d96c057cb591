//! The fields of a merged customer.

use regulars_domain::duplicates::{Choice, Chosen};
use serde_json::{Map, Value};

use super::MergeChoices;
use crate::customers::input::{AddressEntry, CustomerInput};

/// What the kept record becomes.
pub fn chosen(choices: &MergeChoices, kept: &CustomerInput, gone: &CustomerInput) -> CustomerInput {
    let named = if choices.name == Some(Choice::Gone) { gone } else { kept };
    let whole = |choice: Option<Choice>| if choice == Some(Choice::Gone) { gone } else { kept };
    let mut custom = kept.custom.clone();
    for key in kept.custom.keys().chain(gone.custom.keys()) {
        let present = |side: &CustomerInput| side.custom.get(key).cloned();
        match Chosen::one(choices.custom.get(key).copied(), &present(kept), &present(gone)) {
            Some(value) => custom.insert(key.clone(), value),
            None => custom.remove(key),
        };
    }
    let bare = |entry: &AddressEntry| AddressEntry { label: None, primary: false, ..entry.clone() };
    CustomerInput {
        code: kept.code.clone(),
        kind: kept.kind.clone(),
        unit_id: kept.unit_id,
        name: named.name.clone(),
        name_pinyin: named.name_pinyin.clone(),
        status: whole(choices.status).status.clone(),
        owner_id: whole(choices.owner).owner_id,
        internal: whole(choices.internal).internal,
        gender: Chosen::one(choices.gender, &kept.gender, &gone.gender),
        birthday: Chosen::one(choices.birthday, &kept.birthday, &gone.birthday),
        tax_id: Chosen::one(choices.tax_id, &kept.tax_id, &gone.tax_id),
        industry: Chosen::one(choices.industry, &kept.industry, &gone.industry),
        source: Chosen::one(choices.source, &kept.source, &gone.source),
        level: Chosen::one(choices.level, &kept.level, &gone.level),
        buying_style: Chosen::one(choices.buying_style, &kept.buying_style, &gone.buying_style),
        note: note(choices.note, &kept.note, &gone.note),
        phones: Chosen::many(choices.phones, &kept.phones, &gone.phones, |a, b| a.number == b.number),
        emails: Chosen::many(choices.emails, &kept.emails, &gone.emails, |a, b| a.address == b.address),
        addresses: Chosen::many(choices.addresses, &kept.addresses, &gone.addresses, |a, b| bare(a) == bare(b)),
        dates: Chosen::many(choices.dates, &kept.dates, &gone.dates, |a, b| {
            (&a.kind, &a.person, a.date, &a.month_day, a.lunar) == (&b.kind, &b.person, b.date, &b.month_day, b.lunar)
        }),
        tag_ids: Chosen::many(choices.tags, &kept.tag_ids, &gone.tag_ids, |a, b| a == b),
        custom,
    }
}

/// Both notes one below the other, once if they are the same.
fn note(choice: Option<Choice>, kept: &Option<String>, gone: &Option<String>) -> Option<String> {
    match (choice, kept, gone) {
        (Some(Choice::Both), Some(kept), Some(gone)) if kept != gone => Some(format!("{kept}\n\n{gone}")),
        _ => Chosen::one(choice, kept, gone),
    }
}

/// What the kept record becomes when the merge is taken back: each field as it was before, unless it was changed since.
pub fn unchosen(
    before: &CustomerInput,
    merged: &CustomerInput,
    now: &CustomerInput,
) -> serde_json::Result<CustomerInput> {
    let [before, merged, now] = [before, merged, now].map(serde_json::to_value);
    let (before, merged, now) = (before?, merged?, now?);
    let mut back = members_undone(&before, &merged, &now);
    let custom = members_undone(&before["custom"], &merged["custom"], &now["custom"]);
    back.insert("custom".into(), Value::Object(custom));
    serde_json::from_value(Value::Object(back))
}

/// Member by member; one that is absent is a value like any other.
fn members_undone(before: &Value, merged: &Value, now: &Value) -> Map<String, Value> {
    let names = [before, now].into_iter().filter_map(Value::as_object).flat_map(Map::keys);
    let undone = |name: &String| (name.clone(), Chosen::undone(&before[name], &merged[name], &now[name]));
    names.map(undone).filter(|(_, value)| !value.is_null()).collect()
}
