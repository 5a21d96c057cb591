//! The names rows refer to, looked up once before a file is read.

use std::collections::{HashMap, HashSet};

use regulars_domain::ids::{UnitId, UserId};
use regulars_persistence::Db;
use regulars_persistence::customers::custom::{CustomDefinition, custom_definitions};
use regulars_persistence::customers::qualification::qualification_required;
use regulars_persistence::import::reference::{entries_active, people_active, units_active};

use super::values::half_width;
use crate::AppResult;

/// People, units and dictionary entries by every name they answer to.
#[derive(Debug, Default)]
pub struct Refs {
    /// By login and by name; a name several people share leads nowhere.
    people: HashMap<String, Option<(UserId, UnitId)>>,
    units: HashMap<String, UnitId>,
    unit_codes: HashMap<UnitId, String>,
    /// By dictionary and by key or label.
    entries: HashMap<(String, String), String>,
    /// The custom fields of customers.
    pub custom: Vec<CustomDefinition>,
    /// Units whose new customers wait for a qualification.
    qualifying: HashSet<UnitId>,
}

fn fold(name: &str) -> String {
    half_width(name).to_lowercase()
}

impl Refs {
    /// Of people and units only those within the reach of who imports: across the wall there is nobody.
    /// Custom fields are those of the resource.
    pub fn load(db: &mut Db, reach: Option<UnitId>, resource: &str) -> AppResult<Self> {
        let mut refs = Self::default();
        let within = |unit: UnitId| reach.is_none_or(|reach| reach == unit);
        let people: Vec<_> = people_active(db)?.into_iter().filter(|person| within(person.unit_id)).collect();
        for person in &people {
            let found = Some((person.id, person.unit_id));
            refs.people.entry(fold(&person.name)).and_modify(|other| *other = None).or_insert(found);
        }
        for person in &people {
            refs.people.insert(fold(&person.login), Some((person.id, person.unit_id)));
        }
        for unit in units_active(db)?.into_iter().filter(|unit| within(unit.id)) {
            refs.units.insert(fold(&unit.name), unit.id);
            refs.units.insert(fold(&unit.code), unit.id);
            if qualification_required(db, unit.id)? {
                refs.qualifying.insert(unit.id);
            }
            refs.unit_codes.insert(unit.id, unit.code);
        }
        refs.custom = custom_definitions(db, resource)?;
        for entry in entries_active(db)? {
            for name in [&entry.label_zh, &entry.label_en, &entry.key] {
                refs.entries.insert((entry.dictionary.clone(), fold(name)), entry.key.clone());
            }
        }
        Ok(refs)
    }

    pub fn person(&self, name: &str) -> Option<(UserId, UnitId)> {
        self.people.get(&fold(name)).copied().flatten()
    }

    pub fn unit(&self, name: &str) -> Option<UnitId> {
        self.units.get(&fold(name)).copied()
    }

    /// Whether new customers of the unit get no code before they are qualified.
    pub fn qualifies(&self, unit: UnitId) -> bool {
        self.qualifying.contains(&unit)
    }

    pub fn unit_code(&self, unit: UnitId) -> Option<&str> {
        self.unit_codes.get(&unit).map(String::as_str)
    }

    pub fn entry(&self, dictionary: &str, name: &str) -> Option<String> {
        self.entries.get(&(dictionary.to_owned(), fold(name))).cloned()
    }
}
