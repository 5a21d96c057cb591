//! Whose a row is: the customers that a file names, found once for a chunk.

use std::collections::{HashMap, HashSet};

use regulars_domain::ids::{PartyId, UnitId};
use regulars_domain::naming::name_cleaned;
use regulars_persistence::Db;
use regulars_persistence::import::party::{PartyKey, parties_find};

use super::cells::{CellFault, Cells, SHORT};
use super::outcome::fault;
use super::run::Run;
use crate::AppResult;

/// A customer by whatever the file knows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CustomerRef {
    pub code: Option<String>,
    pub name: Option<String>,
    pub phone: Option<String>,
    pub email: Option<String>,
}

impl CustomerRef {
    /// The strongest thing the file knows.
    pub fn label(&self) -> Option<&String> {
        self.code.as_ref().or(self.phone.as_ref()).or(self.email.as_ref()).or(self.name.as_ref())
    }

    /// What the customer is looked for by.
    pub(super) fn strongest(&self) -> Option<(PartyKey, String)> {
        let keyed = |key: PartyKey, value: &Option<String>| value.clone().map(|value| (key, value));
        keyed(PartyKey::Code, &self.code)
            .or_else(|| keyed(PartyKey::Phone, &self.phone))
            .or_else(|| keyed(PartyKey::Email, &self.email))
            .or_else(|| keyed(PartyKey::Name, &self.name))
    }

    /// Takes what a cell says of the customer; false when it says something else.
    pub fn read(&mut self, cells: &mut Cells, target: &str, (column, text): (usize, &str)) -> bool {
        let first = |found: Vec<String>| found.into_iter().next();
        let mut found = Vec::new();
        match target {
            "customer_code" => self.code = cells.code(column, text),
            "customer_name" => self.name = cells.text(column, &name_cleaned(text), SHORT),
            "customer_phone" => {
                cells.phones(column, text, &mut found);
                self.phone = first(found);
            }
            "customer_email" => {
                cells.emails(column, text, &mut found);
                self.email = first(found);
            }
            _ => return false,
        }
        true
    }
}

/// The customers of a unit that the importing person may change.
pub struct Customers {
    named: HashMap<(PartyKey, String), Vec<PartyId>>,
    organizations: HashSet<PartyId>,
}

impl Customers {
    pub fn load<'a>(
        db: &mut Db,
        run: &Run,
        unit: UnitId,
        named: impl Iterator<Item = &'a CustomerRef>,
    ) -> AppResult<Self> {
        let mut wanted: HashMap<PartyKey, Vec<String>> = HashMap::new();
        for (key, value) in named.filter_map(CustomerRef::strongest) {
            wanted.entry(key).or_default().push(value);
        }
        let (mut found, mut organizations) = (HashMap::<_, Vec<PartyId>>::new(), HashSet::new());
        for (key, mut values) in wanted {
            values.sort_unstable();
            values.dedup();
            for hit in parties_find(db, unit, key, &values, &run.customer_reach)? {
                if hit.deleted_at.is_none() && hit.reachable {
                    found.entry((key, hit.matched)).or_default().push(hit.id);
                    if hit.fields.kind.as_deref() == Some("organization") {
                        organizations.insert(hit.id);
                    }
                }
            }
        }
        Ok(Self { named: found, organizations })
    }

    pub fn is_organization(&self, party: PartyId) -> bool {
        self.organizations.contains(&party)
    }

    pub fn one(&self, run: &Run, said: &CustomerRef) -> Result<PartyId, CellFault> {
        let Some(key) = said.strongest() else { return Err(missing(run)) };
        match self.named.get(&key).map(Vec::as_slice) {
            Some([one]) => Ok(*one),
            Some([_, ..]) => Err(ambiguous(run, &key.1)),
            _ => Err(unknown(run, &key.1)),
        }
    }
}

pub(super) fn missing(run: &Run) -> CellFault {
    fault(run, "customer_missing", "没有客户", "The customer is missing")
}

pub(super) fn ambiguous(run: &Run, name: &str) -> CellFault {
    let (zh, en) = (format!("「{name}」匹配到多个客户"), format!("\"{name}\" matches several customers"));
    fault(run, "ambiguous_match", zh, en)
}

pub(super) fn unknown(run: &Run, name: &str) -> CellFault {
    let (zh, en) = (format!("找不到客户「{name}」"), format!("There is no customer \"{name}\""));
    fault(run, "customer_unknown", zh, en)
}
