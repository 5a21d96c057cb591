//! What a caller with field masks sees of a customer, and may write of one. Every shape of a customer is taken apart
//! member by member here, so that a new member does not compile until someone says whether a mask touches it.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use regulars_domain::error::{Checks, FieldError};
use regulars_domain::mask::{ADDRESS, BIRTHDAY, CUSTOM, EMAIL, HIDDEN, MASKABLE, Masks, NOTE, PHONE, TAX_ID, masked};
use regulars_domain::naming::{Query, TokenClass};
use serde_json::{Map, Value};

use super::input::{AddressEntry, CustomerInput, EmailEntry, PhoneEntry};
use super::life_date::DateEntry;
use super::view::CustomerView;
use crate::{AppError, AppResult};

/// The members of a customer that masks can touch.
struct Secrets<'a> {
    birthday: &'a mut Option<NaiveDate>,
    tax_id: &'a mut Option<String>,
    note: &'a mut Option<String>,
    phones: &'a mut Vec<PhoneEntry>,
    emails: &'a mut Vec<EmailEntry>,
    addresses: &'a mut Vec<AddressEntry>,
    dates: &'a mut Vec<DateEntry>,
    custom: &'a mut Map<String, Value>,
}

fn secrets_of_view(view: &mut CustomerView) -> Secrets<'_> {
    let CustomerView { birthday, tax_id, note, phones, emails, addresses, dates, custom, .. } = view;
    Secrets { birthday, tax_id, note, phones, emails, addresses, dates, custom }
}

fn secrets_of_input(input: &mut CustomerInput) -> Secrets<'_> {
    let CustomerInput {
        birthday,
        tax_id,
        note,
        phones,
        emails,
        addresses,
        dates,
        custom,
        code: _,
        kind: _,
        name: _,
        name_pinyin: _,
        status: _,
        unit_id: _,
        owner_id: _,
        gender: _,
        industry: _,
        source: _,
        level: _,
        buying_style: _,
        internal: _,
        tag_ids: _,
    } = input;
    Secrets { birthday, tax_id, note, phones, emails, addresses, dates, custom }
}

impl Secrets<'_> {
    /// Puts what may be seen in place of what is masked; answers the keys of masks that had something to hide.
    fn mask(self, masks: &Masks) -> Vec<String> {
        let mut hidden: Vec<String> = Vec::new();
        let mut told = |key: &str, any: bool| {
            if any {
                hidden.push(key.into());
            }
        };
        if masks.hides(PHONE) {
            self.phones.iter_mut().for_each(|phone| phone.number = masked(PHONE, &phone.number));
            told(PHONE, !self.phones.is_empty());
        }
        if masks.hides(EMAIL) {
            self.emails.iter_mut().for_each(|email| email.address = masked(EMAIL, &email.address));
            told(EMAIL, !self.emails.is_empty());
        }
        for (key, text) in [(TAX_ID, self.tax_id), (NOTE, self.note)] {
            if masks.hides(key) {
                told(key, text.is_some());
                *text = text.take().map(|text| masked(key, &text));
            }
        }
        if masks.hides(BIRTHDAY) {
            told(BIRTHDAY, self.birthday.is_some() || !self.dates.is_empty());
            *self.birthday = None;
            self.dates.clear();
        }
        if masks.hides(ADDRESS) {
            let cut = self.addresses.iter_mut().map(address_mask).filter(|cut| *cut).count();
            told(ADDRESS, cut > 0);
        }
        for (key, value) in self.custom.iter_mut().filter(|(key, _)| masks.hides_custom(key)) {
            told(&format!("{CUSTOM}{key}"), true);
            *value = HIDDEN.into();
        }
        hidden
    }
}

/// Keeps country, province and city; answers whether there was more.
fn address_mask(address: &mut AddressEntry) -> bool {
    let AddressEntry { district, street, postcode, country: _, province: _, city: _, label: _, primary: _ } = address;
    let mut any = false;
    for part in [district, street, postcode] {
        any |= part.is_some();
        *part = part.take().map(|text| masked(ADDRESS, &text));
    }
    any
}

/// Masks a view; it says itself what it keeps back.
pub fn view_mask(view: &mut CustomerView, masks: &Masks) {
    if !masks.is_empty() {
        view.masked = secrets_of_view(view).mask(masks);
    }
}

/// The writable form as the caller sees it: what their patch is written against.
pub fn input_shown(input: &CustomerInput, masks: &Masks) -> CustomerInput {
    let mut shown = input.clone();
    if !masks.is_empty() {
        secrets_of_input(&mut shown).mask(masks);
    }
    shown
}

/// What was shown masked and came back the same is what it was; nobody changes what they don't see.
pub fn input_unmask(
    masks: &Masks,
    before: &CustomerInput,
    shown: &CustomerInput,
    input: &mut CustomerInput,
) -> AppResult<()> {
    if masks.is_empty() {
        return Ok(());
    }
    let (mut before, mut shown) = (before.clone(), shown.clone());
    let (before, shown, written) =
        (secrets_of_input(&mut before), secrets_of_input(&mut shown), secrets_of_input(input));
    let mut checks = Checks::default();
    macro_rules! kept {
        ($key:expr, $($member:ident),+) => {$(
            if masks.hides($key) {
                if written.$member == shown.$member {
                    std::mem::swap(written.$member, before.$member);
                } else {
                    checks.fail_with(concat!("/", stringify!($member)), "field_masked", stringify!($member));
                }
            }
        )+};
    }
    kept!(PHONE, phones);
    kept!(EMAIL, emails);
    kept!(TAX_ID, tax_id);
    kept!(NOTE, note);
    kept!(BIRTHDAY, birthday, dates);
    kept!(ADDRESS, addresses);
    custom_unmask(masks, &mut checks, (before.custom, shown.custom), written.custom);
    Ok(checks.done()?)
}

fn custom_unmask(
    masks: &Masks,
    checks: &mut Checks,
    (before, shown): (&Map<String, Value>, &Map<String, Value>),
    written: &mut Map<String, Value>,
) {
    let keys: BTreeSet<String> =
        shown.keys().chain(written.keys()).filter(|key| masks.hides_custom(key)).cloned().collect();
    for key in keys {
        if written.get(&key) != shown.get(&key) {
            checks.fail_with(format!("/custom/{key}"), "field_masked", &key);
        } else if let Some(real) = before.get(&key) {
            written.insert(key, real.clone());
        }
    }
}

/// A new customer copied from what was shown masked would take stars for values.
pub fn input_without_stars(masks: &Masks, input: &CustomerInput) -> AppResult<()> {
    if masks.is_empty() {
        return Ok(());
    }
    let starred = |text: &str| text.contains(HIDDEN);
    let some = |text: &Option<String>| text.as_deref().is_some_and(starred);
    let address = |one: &AddressEntry| some(&one.district) || some(&one.street) || some(&one.postcode);
    let mut checks = Checks::default();
    for (key, pointer, found) in [
        (PHONE, "/phones", input.phones.iter().any(|phone| starred(&phone.number))),
        (EMAIL, "/emails", input.emails.iter().any(|email| starred(&email.address))),
        (TAX_ID, "/tax_id", some(&input.tax_id)),
        (NOTE, "/note", some(&input.note)),
        (ADDRESS, "/addresses", input.addresses.iter().any(address)),
    ] {
        if found && masks.hides(key) {
            checks.fail_with(pointer, "field_masked", key);
        }
    }
    for (key, _) in input.custom.iter().filter(|(key, value)| masks.hides_custom(key) && **value == HIDDEN) {
        checks.fail_with(format!("/custom/{key}"), "field_masked", key);
    }
    Ok(checks.done()?)
}

/// The tokens a caller may search by; `None` when nothing of what was typed is among them.
pub fn query_allowed(masks: &Masks, query: Query) -> Option<Query> {
    let mut query = query;
    for (key, class) in [(PHONE, TokenClass::Phone), (EMAIL, TokenClass::Email)] {
        if masks.hides(key) {
            query = query.without(class)?;
        }
    }
    Some(query)
}

/// Refuses a question by a masked field.
pub fn field_require(masks: &Masks, key: &str, pointer: &str) -> AppResult<()> {
    if masks.hides(key) {
        return Err(AppError::Validation(vec![FieldError::new(pointer, "field_masked").with(key)]));
    }
    Ok(())
}

/// What an event tells of a customer, and what conditions told in it ask of masked fields, with the masked values taken
/// out.
pub fn told_mask(masks: &Masks, resource: &str, told: &mut Option<Value>) {
    let Some(Value::Object(members)) = told else { return };
    if masks.is_empty() {
        return;
    }
    if resource == "customer" {
        for (name, value) in members.iter_mut().filter(|(name, _)| masks.hides_member(name)) {
            debug_assert!(MASKABLE.iter().any(|field| field.members.contains(&name.as_str())));
            *value = HIDDEN.into();
        }
        if let Some(Value::Object(custom)) = members.get_mut("custom") {
            custom.iter_mut().filter(|(key, _)| masks.hides_custom(key)).for_each(|(_, value)| *value = HIDDEN.into());
        }
    }
    if members.contains_key("q") && search_hidden(masks, resource) {
        members.insert("q".into(), HIDDEN.into());
    }
    members.values_mut().for_each(|value| condition_mask(masks, value));
}

/// Whether what someone searched for is not told: it may be a number.
fn search_hidden(masks: &Masks, resource: &str) -> bool {
    resource == "export" && (masks.hides(PHONE) || masks.hides(EMAIL))
}

/// One value that an event of a resource tells under this path, as it may be seen.
pub fn told_value(masks: &Masks, resource: &str, path: &str, mut value: Value) -> Value {
    let hidden = matches!(resource, "customer" | "opportunity") && masks.hides_member(path);
    if hidden || (path == "q" && search_hidden(masks, resource)) {
        return HIDDEN.into();
    }
    condition_mask(masks, &mut value);
    value
}

/// Takes the values out of every test of a masked field, however deep it stands.
pub fn condition_mask(masks: &Masks, value: &mut Value) {
    if masks.is_empty() {
        return;
    }
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| condition_mask(masks, item)),
        Value::Object(members) => {
            let named = members.get("field").and_then(Value::as_str).is_some_and(|name| masks.hides_field(name));
            if named && members.contains_key("value") {
                members.insert("value".into(), HIDDEN.into());
            }
            members.values_mut().for_each(|value| condition_mask(masks, value));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn customer() -> CustomerInput {
        serde_json::from_value(json!({
            "kind": "person", "name": "张伟", "birthday": "1985-06-08", "tax_id": "91310000MA1FL41X5", "note": "Pays late",
            "phones": [{"number": "+8613812348888", "primary": true}],
            "emails": [{"address": "zhang.wei@example.com", "primary": true}],
            "addresses": [{"province": "上海市", "city": "上海市", "street": "南京西路 100 号", "primary": true}],
            "dates": [{"kind": "wedding", "date": "2012-10-01", "yearly": true}],
            "custom": {"id_card": "310101198506081234", "seat": "window"},
        }))
        .expect("a customer")
    }

    fn all() -> Masks {
        Masks::new(MASKABLE.iter().map(|field| field.key).chain(["custom.id_card"]))
    }

    #[test]
    fn every_member_is_masked_alone_and_together() {
        let whole = serde_json::to_value(customer()).expect("json");
        for key in MASKABLE.iter().map(|field| field.key).chain(["custom.id_card"]) {
            let masks = Masks::new([key]);
            let shown = serde_json::to_value(input_shown(&customer(), &masks)).expect("json");
            for (name, value) in whole.as_object().expect("members") {
                let touched = masks.hides_member(name) || (name == "custom" && key.starts_with(CUSTOM));
                assert_eq!(shown.get(name) != Some(value), touched, "{key}: {name}");
            }
        }
        let shown = serde_json::to_string(&input_shown(&customer(), &all())).expect("json");
        for secret in ["1234888", "zhang.wei", "MA1FL", "1985", "2012", "南京西路", "Pays late", "310101"] {
            assert!(!shown.contains(secret), "{secret} in {shown}");
        }
        for kept in ["138****8888", "z***@example.com", "***41X5", "上海市", "window"] {
            assert!(shown.contains(kept), "{kept} in {shown}");
        }
    }

    #[test]
    fn what_was_shown_masked_never_becomes_the_value() {
        let (before, masks) = (customer(), all());
        let shown = input_shown(&before, &masks);
        let mut same = CustomerInput { name: "张伟明".into(), ..shown.clone() };
        input_unmask(&masks, &before, &shown, &mut same).expect("nothing masked was changed");
        assert_eq!(same, CustomerInput { name: "张伟明".into(), ..before.clone() });
        let changes: [fn(&mut CustomerInput); 8] = [
            |input| input.phones.clear(),
            |input| input.emails[0].address = "other@example.com".into(),
            |input| input.tax_id = None,
            |input| input.note = Some("Something else".into()),
            |input| input.birthday = NaiveDate::from_ymd_opt(1990, 1, 1),
            |input| input.dates.push(before_date()),
            |input| input.addresses[0].city = Some("北京市".into()),
            |input| drop(input.custom.remove("id_card")),
        ];
        for (index, change) in changes.into_iter().enumerate() {
            let mut written = shown.clone();
            change(&mut written);
            let refused = input_unmask(&masks, &before, &shown, &mut written);
            assert!(matches!(refused, Err(AppError::Validation(_))), "change {index}");
        }
    }

    fn before_date() -> DateEntry {
        customer().dates.remove(0)
    }

    #[test]
    fn stars_make_no_new_customer() {
        let masks = all();
        assert!(input_without_stars(&masks, &customer()).is_ok(), "one's own words are taken");
        assert!(input_without_stars(&masks, &input_shown(&customer(), &masks)).is_err());
    }

    #[test]
    fn conditions_are_told_without_the_values_they_ask_for() {
        let asked = json!({"all": [{"field": "phone", "op": "eq", "value": "+8613812348888"},
            {"not": {"field": "status", "op": "eq", "value": "lead"}}]});
        let mut told = Some(json!({"condition": asked, "name": "A"}));
        told_mask(&all(), "segment", &mut told);
        let told = told.expect("told").to_string();
        assert!(!told.contains("13812348888") && told.contains("lead"), "{told}");
    }
}
