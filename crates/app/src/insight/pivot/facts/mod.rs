//! What is said of each kind of facts: its words, who may look at the records behind a cell, and how those are told. A
//! kind is a file here and one in `persistence::insight::pivot::facts`.

mod activities;
mod opportunities;
mod orders;
pub(super) mod sellout;
mod stage_changes;
mod tasks;
mod warnings;

use std::collections::HashMap;
use std::hash::Hash;

use chrono::NaiveDate;
use regulars_persistence::Db;
use regulars_persistence::insight::pivot::FactKind;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::access::Ref;
use crate::money::Money;
use crate::{AppResult, Cx};

/// Kinds of records behind facts.
pub const RECORDS: [&str; 6] = ["order", "interaction", "task", "opportunity", "warning", "sellout_cell"];

/// A record behind a cell, as a list of any kind of records can show it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PivotRecord {
    pub id: Uuid,
    #[schema(value_type = crate::shape::PivotRecordKind)]
    pub kind: String,
    /// A code, a name, what was said.
    #[schema(example = "SO-01-000001")]
    pub title: String,
    /// The business day of the fact.
    pub on: Option<NaiveDate>,
    /// The name is empty when the customer is out of the caller's sight.
    pub customer: Option<Ref>,
    /// Who holds or did it.
    pub person: Option<Ref>,
    /// Where it stands or what it was, in the caller's language.
    #[schema(example = "Confirmed")]
    pub state: Option<String>,
    pub amount: Option<Money>,
    /// Of a cell of a sheet: the sheet's period.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "2026-11")]
    pub period: Option<String>,
}

/// Name, Chinese, English.
pub(super) type Word = (&'static str, &'static str, &'static str);

/// What is said of a kind of facts.
pub(super) struct About {
    pub name: (&'static str, &'static str),
    /// Who may look at the records behind a cell.
    pub permission: &'static str,
    /// The list whose words its fields share.
    pub resource: &'static str,
    /// Fields that are called otherwise than there.
    pub fields: &'static [Word],
    /// Field, value, Chinese, English.
    pub choices: &'static [(&'static str, &'static str, &'static str, &'static str)],
    /// Fields whose values are keys of a dictionary.
    pub dictionaries: &'static [(&'static str, &'static str)],
    pub measures: &'static [Word],
    pub distinct: &'static [Word],
    /// Those of the records, in the order of the ids, that are within reach.
    pub records: fn(&Cx, &mut Db, &[Uuid]) -> AppResult<Vec<PivotRecord>>,
}

pub(super) fn about(kind: FactKind) -> &'static About {
    match kind {
        FactKind::OrderLines => &orders::LINES,
        FactKind::Orders => &orders::ORDERS,
        FactKind::Activities => &activities::ACTIVITIES,
        FactKind::Tasks => &tasks::TASKS,
        FactKind::Opportunities => &opportunities::OPPORTUNITIES,
        FactKind::ClosedOpportunities => &opportunities::CLOSED,
        FactKind::StageChanges => &stage_changes::STAGE_CHANGES,
        FactKind::Warnings => &warnings::WARNINGS,
        FactKind::SellOut => &sellout::SELL_OUT,
        FactKind::CompetitorOffers => &sellout::OFFERS,
    }
}

fn word(words: &[Word], name: &str, english: bool) -> Option<&'static str> {
    words.iter().find(|(key, ..)| *key == name).map(|(_, zh, en)| if english { *en } else { *zh })
}

impl About {
    pub fn label(&self, english: bool) -> &'static str {
        if english { self.name.1 } else { self.name.0 }
    }

    pub fn field(&self, name: &str, english: bool) -> Option<&'static str> {
        word(self.fields, name, english)
    }

    pub fn measure(&self, name: &str, english: bool) -> &'static str {
        word(self.measures, name, english).unwrap_or_default()
    }

    pub fn different(&self, name: &str, english: bool) -> &'static str {
        word(self.distinct, name, english).unwrap_or_default()
    }

    /// What a value of a choice is called.
    pub fn choice(&self, field: &str, value: &str, english: bool) -> Option<&'static str> {
        let found = self.choices.iter().find(|(of, key, ..)| *of == field && *key == value);
        found.map(|(_, _, zh, en)| if english { *en } else { *zh })
    }
}

/// Views as records, in the order of the ids.
fn in_order<V, K: Eq + Hash>(
    ids: &[K],
    views: Vec<V>,
    id: impl Fn(&V) -> K,
    told: impl Fn(V) -> PivotRecord,
) -> Vec<PivotRecord> {
    let mut views: HashMap<K, V> = views.into_iter().map(|view| (id(&view), view)).collect();
    ids.iter().filter_map(|id| views.remove(id)).map(told).collect()
}
