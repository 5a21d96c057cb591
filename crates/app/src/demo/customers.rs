//! Customers with everything that is known of them, and the people who buy for organisations.

use chrono::{DateTime, Days, NaiveDate, Utc};
use regulars_domain::consent::AddressMark;
use regulars_domain::demo::{self, DemoCustomer, DemoIdentity, DemoOrder, DemoPerson, Rng};
use regulars_domain::ids::{EventId, InteractionId, PartyId, PreferenceId, RelationId, UserId};
use regulars_domain::naming::{self, CodePattern};
use regulars_persistence::Db;
use regulars_persistence::customers::parts_write::date_row;
use regulars_persistence::demo::{
    CUSTOM_VALUE, EVENT, INTERACTION, PARTY, PARTY_ADDRESS, PARTY_DATE, PARTY_EMAIL, PARTY_PHONE, PARTY_PREFERENCE,
    PARTY_RELATION, PARTY_TAG, SEARCH_PENDING,
};
use regulars_persistence::sql::{Bind, Null};
use serde_json::json;

use super::company::Staff;
use super::goods::Goods;
use super::rows::Rows;
use super::workspace::Words;
use super::{Stage, id_at};
use crate::access::settings::Settings;
use crate::customers::code::CodeScope;
use crate::customers::life_date::{DateEntry, LunarEntry, date_parts};
use crate::{AppError, AppResult};

/// A customer as far as orders care.
pub(super) struct Buyer {
    pub party: PartyId,
    /// Place of the unit.
    pub unit: usize,
    pub owner: UserId,
    pub orders: Vec<DemoOrder>,
}

/// All customers.
pub(super) struct People {
    /// Customers and the people who buy for them.
    pub parties: Vec<PartyId>,
    pub buyers: Vec<Buyer>,
}

/// One party with its place and time.
struct Placed {
    id: PartyId,
    unit: usize,
    owner: UserId,
    code: String,
    at: DateTime<Utc>,
}

pub(super) fn fill(
    tx: &mut Db,
    stage: &Stage,
    count: u64,
    staff: &Staff,
    goods: &Goods,
    words: &Words,
) -> AppResult<People> {
    let make = |row| (row, demo::customer(stage.seed, row, &goods.catalogue, stage.opened_on, stage.yesterday));
    let mut made: Vec<(u64, DemoCustomer)> = (0..count).map(make).collect();
    // In the order in which they came, so that ids and codes rise with time.
    made.sort_by_key(|(row, customer)| (customer.known_since, *row));
    let mut filling =
        Filling { stage, staff, words, codes: Codes::new(staff)?, rows: Rows::default(), newest: Vec::new() };
    let mut people = People { parties: Vec::new(), buyers: Vec::new() };
    for (row, mut customer) in made {
        let orders = std::mem::take(&mut customer.orders);
        let rng = &mut stage.chance(20, row);
        let placed = filling.customer(rng, row, &customer, orders.len());
        people.parties.push(placed.id);
        if let DemoIdentity::Company { contact, .. } = &customer.identity {
            people.parties.push(filling.contact(rng, &placed, contact, &customer));
        }
        people.buyers.push(Buyer { party: placed.id, unit: placed.unit, owner: placed.owner, orders });
        filling.rows.write_when_full(tx)?;
    }
    filling.rows.write(tx)?;
    filling.codes.keep(tx, staff)?;
    Ok(people)
}

/// Codes of each unit, counted from the pattern's first number.
struct Codes {
    pattern: CodePattern,
    next: Vec<u64>,
    last: Vec<Option<String>>,
}

impl Codes {
    fn new(staff: &Staff) -> AppResult<Self> {
        let pattern = CodePattern::parse(&Settings::default().customer_code_pattern).map_err(AppError::internal)?;
        Ok(Self { next: vec![pattern.first(); staff.units.len()], last: vec![None; staff.units.len()], pattern })
    }

    fn next(&mut self, unit: usize, unit_code: &str) -> String {
        let code = self.pattern.render(unit_code, self.next[unit]);
        self.next[unit] += 1;
        self.last[unit] = Some(code.clone());
        code
    }

    /// Codes given here are not given out again.
    fn keep(&self, tx: &mut Db, staff: &Staff) -> AppResult<()> {
        let pattern = Settings::default().customer_code_pattern;
        for (unit, last) in staff.units.iter().zip(&self.last) {
            let scope = CodeScope::new("customer", &pattern, unit.id, unit.code)?;
            scope.used(tx, last.as_deref())?;
        }
        Ok(())
    }
}

struct Filling<'a> {
    stage: &'a Stage,
    staff: &'a Staff,
    words: &'a Words,
    codes: Codes,
    rows: Rows,
    /// The last people who came, by unit: whoever comes by recommendation knows one of them.
    newest: Vec<(usize, PartyId)>,
}

impl Filling<'_> {
    fn place(&mut self, rng: &mut Rng, unit: usize, known_since: NaiveDate) -> Placed {
        let at = self.stage.at(known_since, rng.between(540, 1_200) as u16);
        let staff = &self.staff.units[unit];
        let owner = rng.pick(&staff.sellers).copied().unwrap_or(staff.head);
        Placed { id: id_at(at, rng), unit, owner, code: self.codes.next(unit, staff.code), at }
    }

    fn customer(&mut self, rng: &mut Rng, row: u64, customer: &DemoCustomer, orders: usize) -> Placed {
        let placed = self.place(rng, customer.unit, customer.known_since);
        let status = match (orders, rng.chance(0.02)) {
            (0, _) => "lead",
            (_, true) => "inactive",
            (_, false) => "customer",
        };
        let level = match (orders, &customer.identity) {
            (0, _) => "potential",
            (4.., DemoIdentity::Company { .. }) => "key",
            (4.., DemoIdentity::Person(_)) => "regular",
            _ => "normal",
        };
        match &customer.identity {
            DemoIdentity::Person(person) => self.person(&placed, person, (status, level), customer.source, None),
            DemoIdentity::Company { company, .. } => {
                let values = [
                    naming::reading(&company.name, false).into(),
                    Bind::Null(Null::Text),
                    Bind::Null(Null::Date),
                    company.tax_id.as_str().into(),
                    company.industry.into(),
                    customer.source.into(),
                    "relationship".into(),
                ];
                self.party(&placed, "organization", &company.name, (status, level), values);
            }
        }
        let phones = if matches!(customer.identity, DemoIdentity::Company { .. }) { 1 } else { customer.phones.len() };
        self.phones(&placed, &customer.phones[..phones]);
        if matches!(customer.identity, DemoIdentity::Person(_)) {
            self.emails(&placed, &customer.emails);
        }
        let place = &customer.address;
        self.rows.push(
            PARTY_ADDRESS,
            [
                placed.id.into(),
                0_i64.into(),
                place.province.into(),
                place.city.into(),
                place.district.into(),
                place.street.as_str().into(),
                place.postcode.into(),
                true.into(),
            ],
        );
        self.dates(rng, &placed, customer);
        self.likes(rng, &placed, customer);
        self.contacts(rng, &placed, customer);
        self.knows(rng, &placed, customer);
        self.custom(rng, &placed, row, matches!(customer.identity, DemoIdentity::Person(_)));
        placed
    }

    /// The person who buys for an organisation, with the relation between them.
    fn contact(
        &mut self,
        rng: &mut Rng,
        organization: &Placed,
        contact: &DemoPerson,
        customer: &DemoCustomer,
    ) -> PartyId {
        let code = self.codes.next(organization.unit, self.staff.units[organization.unit].code);
        let placed = Placed { id: id_at(organization.at, rng), code, ..*organization };
        self.person(&placed, contact, ("customer", "normal"), customer.source, Some("relationship"));
        self.phones(&placed, &customer.phones[1..]);
        self.emails(&placed, &customer.emails);
        let roles = ["buyer", "buyer", "decision_maker", "user"];
        let role = rng.pick(&roles).copied().unwrap_or("buyer");
        self.relation(rng, (placed.id, organization.id), role, customer.known_since, placed.at);
        placed.id
    }

    /// `standing` is status and level.
    fn person(
        &mut self,
        placed: &Placed,
        person: &DemoPerson,
        standing: (&str, &str),
        source: &str,
        style: Option<&str>,
    ) {
        let values = [
            naming::reading(&person.name, true).into(),
            person.gender.key().into(),
            person.birthday.into(),
            Bind::Null(Null::Text),
            Bind::Null(Null::Text),
            source.into(),
            style.unwrap_or("transaction").into(),
        ];
        self.party(placed, "person", &person.name, standing, values);
    }

    /// `values`: reading, gender, birthday, tax id, industry, source, buying style.
    fn party(&mut self, placed: &Placed, kind: &str, name: &str, (status, level): (&str, &str), values: [Bind; 7]) {
        let unit = self.staff.units[placed.unit].id;
        let [reading, gender, birthday, tax_id, industry, source, style] = values;
        self.rows.push(
            PARTY,
            [
                placed.id.into(),
                unit.into(),
                placed.owner.into(),
                placed.code.as_str().into(),
                kind.into(),
                name.into(),
                reading,
                false.into(),
                status.into(),
                gender,
                birthday,
                tax_id,
                industry,
                source,
                level.into(),
                style,
                false.into(),
                1_i64.into(),
                placed.owner.into(),
                placed.at.into(),
                placed.at.into(),
            ],
        );
        self.rows.push(
            EVENT,
            [
                id_at::<EventId>(placed.at, &mut Rng::of_row(self.stage.seed, 3, placed.id.0.as_u64_pair().1)).into(),
                placed.at.into(),
                placed.owner.into(),
                "created".into(),
                "customer".into(),
                placed.id.into(),
                placed.id.into(),
                unit.into(),
                placed.owner.into(),
                json!({"code": placed.code, "name": name, "kind": kind, "status": status}).into(),
            ],
        );
        self.rows.push(SEARCH_PENDING, [placed.id.into(), self.stage.now.into()]);
    }

    fn phones(&mut self, placed: &Placed, phones: &[String]) {
        for (at, number) in phones.iter().enumerate() {
            let [mark, reason, when, by] = marked(placed, at, "not_in_service");
            let primary = at == 0;
            self.rows.push(
                PARTY_PHONE,
                [placed.id.into(), (at as i64).into(), number.into(), primary.into(), mark, reason, when, by],
            );
        }
    }

    fn emails(&mut self, placed: &Placed, emails: &[String]) {
        for (at, address) in emails.iter().enumerate() {
            let [mark, reason, when, by] = marked(placed, at + 3, "bounced");
            let primary = at == 0;
            self.rows.push(
                PARTY_EMAIL,
                [placed.id.into(), (at as i64).into(), address.into(), primary.into(), mark, reason, when, by],
            );
        }
    }

    fn dates(&mut self, rng: &mut Rng, placed: &Placed, customer: &DemoCustomer) {
        let DemoIdentity::Person(person) = &customer.identity else {
            return;
        };
        let mut entries = Vec::new();
        if let Some(day) = customer.lunar_birthday {
            let lunar = Some(LunarEntry::new(None, day));
            entries.push(DateEntry { lunar, ..DateEntry::of_kind("birthday") });
        }
        if rng.chance(0.12) {
            let date = person.birthday.checked_add_days(Days::new(rng.between(24 * 365, 32 * 365) as u64));
            let date = date.filter(|date| *date <= self.stage.yesterday);
            entries.extend(date.map(|date| DateEntry { date: Some(date), ..DateEntry::of_kind("wedding") }));
        }
        if rng.chance(0.08) {
            let date = self.stage.yesterday - Days::new(rng.between(400, 14 * 365) as u64);
            let child = rng.pick(&["女儿", "儿子"]).map(|child| (*child).to_string());
            entries.push(DateEntry { date: Some(date), person: child, ..DateEntry::of_kind("birthday") });
        }
        let today = self.stage.yesterday + Days::new(1);
        for part in date_parts(Some(person.birthday), &entries, today) {
            self.rows.push(PARTY_DATE, date_row(placed.id, &part));
        }
    }

    /// Preferences and tags.
    fn likes(&mut self, rng: &mut Rng, placed: &Placed, customer: &DemoCustomer) {
        for preference in &customer.preferences {
            let at = self.stage.at(preference.confirmed_on, 1_080);
            self.rows.push(
                PARTY_PREFERENCE,
                [
                    id_at::<PreferenceId>(at, rng).into(),
                    placed.id.into(),
                    preference.key.into(),
                    preference.value.into(),
                    rng.pick(&["店员观察", "本人告知"]).copied().into(),
                    preference.confirmed_on.into(),
                    1_i64.into(),
                    at.into(),
                    at.into(),
                ],
            );
        }
        for name in &customer.tags {
            if let Some(tag) = self.words.tag(placed.unit, name) {
                self.rows.push(PARTY_TAG, [tag.into(), placed.id.into()]);
            }
        }
    }

    fn contacts(&mut self, rng: &mut Rng, placed: &Placed, customer: &DemoCustomer) {
        let unit = self.staff.units[placed.unit].id;
        for contact in &customer.contacts {
            let at = self.stage.at(contact.on, contact.minute).max(placed.at);
            let spoken = matches!(contact.kind, "call" | "message");
            let direction = if !spoken { None } else { rng.pick(&["in", "out"]).copied() };
            self.rows.push(
                INTERACTION,
                [
                    id_at::<InteractionId>(at, rng).into(),
                    placed.id.into(),
                    unit.into(),
                    placed.owner.into(),
                    contact.kind.into(),
                    direction.into(),
                    contact.body.into(),
                    at.into(),
                    1_i64.into(),
                    at.into(),
                    at.into(),
                ],
            );
        }
    }

    /// Whoever came by recommendation knows who recommended; some know one another otherwise.
    fn knows(&mut self, rng: &mut Rng, placed: &Placed, customer: &DemoCustomer) {
        if !matches!(customer.identity, DemoIdentity::Person(_)) {
            return;
        }
        let near: Vec<PartyId> =
            self.newest.iter().filter(|(unit, _)| *unit == placed.unit).map(|(_, id)| *id).collect();
        if let Some(known) = rng.pick(&near).copied() {
            if customer.source == "referral" {
                self.relation(rng, (known, placed.id), "referrer", customer.known_since, placed.at);
            } else if rng.chance(0.08) {
                let role = rng.pick(&["spouse", "friend", "colleague"]).copied().unwrap_or("friend");
                self.relation(rng, (placed.id, known), role, customer.known_since, placed.at);
            }
        }
        self.newest.push((placed.unit, placed.id));
        if self.newest.len() > 60 {
            self.newest.remove(0);
        }
    }

    fn relation(
        &mut self,
        rng: &mut Rng,
        (from, to): (PartyId, PartyId),
        role: &str,
        since: NaiveDate,
        at: DateTime<Utc>,
    ) {
        self.rows.push(
            PARTY_RELATION,
            [
                id_at::<RelationId>(at, rng).into(),
                from.into(),
                to.into(),
                role.into(),
                (role == "buyer").into(),
                since.into(),
                1_i64.into(),
                at.into(),
                at.into(),
            ],
        );
    }

    /// Card number and usual time of visit of persons.
    fn custom(&mut self, rng: &mut Rng, placed: &Placed, row: u64, person: bool) {
        if !person || !rng.chance(0.7) {
            return;
        }
        let text = |field: Bind, value: Bind| [field, placed.id.into(), 0_i64.into(), value, Bind::Null(Null::Int)];
        let card = format!("HS{row:06}");
        self.rows.push(CUSTOM_VALUE, text(self.words.card_field.into(), card.into()));
        if rng.chance(0.6) {
            let time = rng.pick(&["morning", "noon", "evening", "weekend"]).copied();
            self.rows.push(CUSTOM_VALUE, text(self.words.visit_field.into(), time.into()));
        }
    }
}

/// What is known of an address: most were never checked, some answered, a few reach nobody any more. It follows from the
/// customer's id, so that it takes no chance from what is drawn after it.
fn marked(placed: &Placed, at: usize, reason: &str) -> [Bind; 4] {
    let (mark, reason) = match placed.id.0.as_u64_pair().1.rotate_right(at as u32 * 8) % 16 {
        0..=4 => (AddressMark::Verified, None),
        5 => (AddressMark::Invalid, Some(reason)),
        _ => {
            return [None::<String>.into(), None::<String>.into(), None::<DateTime<Utc>>.into(), None::<UserId>.into()];
        }
    };
    [mark.key().into(), reason.map(str::to_owned).into(), placed.at.into(), placed.owner.into()]
}
