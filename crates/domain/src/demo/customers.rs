//! One whole made-up customer: who, how to reach them, what they like, what they bought.

use chrono::{Days, NaiveDate};

use super::catalogue::Catalogue;
use super::companies::{self, DemoCompany};
use super::history::{self, DemoOrder, ShopperModel};
use super::people::{self, DemoPerson};
use super::places::{self, DemoAddress};
use super::rng::Rng;
use crate::dates_of_life::LunarDay;
use crate::naming;

/// A business unit of the demonstration company.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DemoUnit {
    /// Name.
    pub name: &'static str,
    /// Code, part of customer codes.
    pub code: &'static str,
}

/// The units of the demonstration company.
pub const UNITS: [DemoUnit; 4] = [
    DemoUnit { name: "华东门店", code: "HD" },
    DemoUnit { name: "华北门店", code: "HB" },
    DemoUnit { name: "华南门店", code: "HN" },
    DemoUnit { name: "企业客户部", code: "QY" },
];

/// Who the customer is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DemoIdentity {
    /// A person.
    Person(DemoPerson),
    /// A company and the person to talk to.
    Company {
        /// The company.
        company: DemoCompany,
        /// Its buyer.
        contact: DemoPerson,
    },
}

/// Something known about what a customer likes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DemoPreference {
    /// What it is about: `座位`.
    pub key: &'static str,
    /// What they like: `靠窗第二张桌子`.
    pub value: &'static str,
    /// When it was last confirmed.
    pub confirmed_on: NaiveDate,
}

/// A conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DemoContact {
    /// `note`, `call`, `visit`, `meeting` or `message`.
    pub kind: &'static str,
    /// What was said.
    pub body: &'static str,
    /// Day.
    pub on: NaiveDate,
    /// Minute of the day.
    pub minute: u16,
}

/// A whole customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoCustomer {
    /// Person or company.
    pub identity: DemoIdentity,
    /// Index into [`UNITS`].
    pub unit: usize,
    /// First contact; never after the first order.
    pub known_since: NaiveDate,
    /// How they came: `walk_in`, `referral`, `wechat`, `website` or `event`.
    pub source: &'static str,
    /// E.164, the primary one first.
    pub phones: Vec<String>,
    /// Lower case.
    pub emails: Vec<String>,
    /// The address.
    pub address: DemoAddress,
    /// Birthday in the lunar calendar, as older people keep it.
    pub lunar_birthday: Option<LunarDay>,
    /// Tags by name.
    pub tags: Vec<&'static str>,
    /// Preferences, newest first.
    pub preferences: Vec<DemoPreference>,
    /// Conversations, oldest first.
    pub contacts: Vec<DemoContact>,
    /// Orders, oldest first; leads have none.
    pub orders: Vec<DemoOrder>,
}

impl DemoCustomer {
    /// The name to store.
    pub fn name(&self) -> &str {
        match &self.identity {
            DemoIdentity::Person(person) => &person.name,
            DemoIdentity::Company { company, .. } => &company.name,
        }
    }
}

/// The customer of a row: the same for the same seed, whatever other rows are made. Nothing lies before `opened_on` or
/// after `today`.
pub fn customer(seed: u64, row: u64, catalogue: &Catalogue, opened_on: NaiveDate, today: NaiveDate) -> DemoCustomer {
    let rng = &mut Rng::of_row(seed, 1, row);
    let is_company = rng.chance(0.06);
    let (identity, address) = identity(rng, row, is_company);
    let age = (today - opened_on).num_days().max(0);
    let known_since = opened_on + Days::new(rng.between(0, age) as u64);
    let model = ShopperModel { fen: if is_company { 4_000.0 } else { 300.0 }, ..ShopperModel::default() };
    let orders = if rng.chance(0.92) {
        let purchases = history::purchases(&mut Rng::of_row(seed, 2, row), &model, known_since, today);
        history::orders(&mut Rng::of_row(seed, 3, row), catalogue, &purchases, is_company)
    } else {
        Vec::new()
    };
    let mut phones = vec![places::mobile(rng, row)];
    if is_company {
        phones.insert(0, places::landline(rng, address.area_code));
    }
    DemoCustomer {
        unit: unit(&address, is_company),
        source: source(rng),
        emails: emails(rng, &identity, row),
        lunar_birthday: lunar_birthday(rng, &identity),
        tags: tags(rng),
        preferences: preferences(rng, known_since, today),
        contacts: contacts(rng, known_since, today),
        identity,
        known_since,
        phones,
        address,
        orders,
    }
}

fn identity(rng: &mut Rng, row: u64, is_company: bool) -> (DemoIdentity, DemoAddress) {
    if is_company {
        let company = companies::company(rng, row);
        let address = company.address.clone();
        (DemoIdentity::Company { company, contact: people::person(rng, 1968, 2000) }, address)
    } else {
        let person = people::person(rng, 1952, 2006);
        (DemoIdentity::Person(person), places::address(rng))
    }
}

fn unit(address: &DemoAddress, is_company: bool) -> usize {
    match address.province {
        _ if is_company => 3,
        "北京市" | "天津市" | "山东省" | "河南省" | "陕西省" | "辽宁省" | "黑龙江省" => 1,
        "广东省" | "福建省" | "海南省" | "云南省" | "四川省" | "重庆市" | "湖南省" => 2,
        _ => 0,
    }
}

fn source(rng: &mut Rng) -> &'static str {
    const SOURCES: [&str; 10] =
        ["walk_in", "walk_in", "walk_in", "walk_in", "wechat", "wechat", "referral", "referral", "website", "event"];
    rng.pick(&SOURCES).copied().unwrap_or("walk_in")
}

/// Reading of the name and the row at a domain reserved for examples (RFC 2606), which no mail leaves.
fn emails(rng: &mut Rng, identity: &DemoIdentity, row: u64) -> Vec<String> {
    let (person, probability) = match identity {
        DemoIdentity::Person(person) => (person, 0.35),
        DemoIdentity::Company { contact, .. } => (contact, 0.95),
    };
    if !rng.chance(probability) {
        return Vec::new();
    }
    let reading = naming::reading(&person.name, true).replace(' ', "");
    let local =
        if rng.chance(0.3) { format!("{}{row}", places::word(rng, "mailnames")) } else { format!("{reading}{row}") };
    vec![format!("{local}@example.com")]
}

fn lunar_birthday(rng: &mut Rng, identity: &DemoIdentity) -> Option<LunarDay> {
    match identity {
        DemoIdentity::Person(person) if rng.chance(0.12) => {
            crate::dates_of_life::lunar_of(person.birthday).map(|(_, day)| day)
        }
        _ => None,
    }
}

/// Every tag that customers carry.
pub fn tag_names() -> &'static [&'static str] {
    places::words("tags")
}

fn tags(rng: &mut Rng) -> Vec<&'static str> {
    let mut out: Vec<&'static str> = (0..rng.below(3)).map(|_| places::word(rng, "tags")).collect();
    // Two at most: equal ones are neighbours.
    out.dedup();
    out
}

/// A day between two, the later the likelier.
fn later_day(rng: &mut Rng, from: NaiveDate, to: NaiveDate) -> NaiveDate {
    let days = (to - from).num_days().max(0) as f64;
    from + Days::new((rng.unit().sqrt() * days) as u64)
}

fn preferences(rng: &mut Rng, from: NaiveDate, to: NaiveDate) -> Vec<DemoPreference> {
    let lines: Vec<(&str, &str)> =
        include_str!("data/preferences.txt").lines().filter_map(|l| l.split_once('|')).collect();
    let mut out: Vec<DemoPreference> = Vec::new();
    for _ in 0..rng.below(4) {
        let Some((key, values)) = rng.pick(&lines).copied() else { continue };
        let values: Vec<&'static str> = values.split(';').collect();
        let value = rng.pick(&values).copied().unwrap_or_default();
        if out.iter().all(|known| known.key != key) {
            out.push(DemoPreference { key, value, confirmed_on: later_day(rng, from, to) });
        }
    }
    out.sort_by_key(|preference| std::cmp::Reverse(preference.confirmed_on));
    out
}

fn contacts(rng: &mut Rng, from: NaiveDate, to: NaiveDate) -> Vec<DemoContact> {
    let text = include_str!("data/contacts.txt").lines().filter(|line| !line.starts_with('#'));
    let lines: Vec<(&str, &str)> = text.filter_map(|line| line.split_once('|')).collect();
    let count = [0, 0, 1, 1, 2, 3, 5][rng.below(7)];
    let draw = |_| {
        let (kind, body) = rng.pick(&lines).copied()?;
        let on = later_day(rng, from, to);
        Some(DemoContact { kind, body, on, minute: rng.between(540, 1_200) as u16 })
    };
    let mut out: Vec<DemoContact> = (0..count).filter_map(draw).collect();
    out.sort_by_key(|contact| (contact.on, contact.minute));
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::catalogue::catalogue;

    fn day(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default()
    }

    #[test]
    fn customers_repeat_and_stay_within_their_time() {
        let catalogue = catalogue();
        let (opened, today) = (day(2022, 1, 1), day(2025, 6, 30));
        let mut orders = 0;
        for row in 0..1_500 {
            let customer = customer(42, row, &catalogue, opened, today);
            assert_eq!(customer, super::customer(42, row, &catalogue, opened, today));
            let inside = |on: NaiveDate| (opened..=today).contains(&on);
            assert!(inside(customer.known_since) && customer.orders.iter().all(|order| inside(order.on)));
            assert!(customer.preferences.iter().all(|preference| inside(preference.confirmed_on)));
            assert!(customer.contacts.iter().all(|contact| inside(contact.on)));
            assert!(customer.emails.iter().all(|email| naming::email_normalized(email).as_deref() == Ok(email)));
            assert!(customer.unit < UNITS.len() && !customer.name().is_empty());
            orders += customer.orders.len();
        }
        assert!((2_000..8_000).contains(&orders), "{orders}");
        assert_ne!(customer(42, 1, &catalogue, opened, today), customer(43, 1, &catalogue, opened, today));
    }
}
