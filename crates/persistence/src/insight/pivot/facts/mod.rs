//! What can be divided: one table of facts each, with the fields it is divided and filtered by and the measures it has. A
//! kind of facts is a file here and one in `app::insight::pivot::facts`; [`FactKind`] names them all.

mod activities;
mod opportunities;
mod orders;
mod sellout;
mod stage_changes;
mod tasks;
mod warnings;

use chrono::NaiveDate;
use regulars_domain::actor::Resource;
use regulars_domain::condition::FieldType;
use regulars_domain::sales::CountsWhen;

use crate::catalogue::{Catalogue, Field, Place};
use crate::customers::custom::CustomDefinition;
use crate::customers::fields::{Root, party_catalogue};
use crate::db::Db;
use crate::insight::metric::metric_fields;

/// The kinds of facts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FactKind {
    OrderLines,
    Orders,
    Activities,
    Tasks,
    Opportunities,
    /// Won and lost ones, by when they were closed.
    ClosedOpportunities,
    StageChanges,
    Warnings,
    /// What places sold, cell by cell of the sheets.
    SellOut,
    /// What competitors offer there.
    CompetitorOffers,
}

impl FactKind {
    pub const ALL: [Self; 10] = [
        Self::OrderLines,
        Self::Orders,
        Self::Activities,
        Self::Tasks,
        Self::Opportunities,
        Self::ClosedOpportunities,
        Self::StageChanges,
        Self::Warnings,
        Self::SellOut,
        Self::CompetitorOffers,
    ];

    pub fn key(self) -> &'static str {
        match self {
            FactKind::OrderLines => "order_lines",
            FactKind::Orders => "orders",
            FactKind::Activities => "activities",
            FactKind::Tasks => "tasks",
            FactKind::Opportunities => "opportunities",
            FactKind::ClosedOpportunities => "closed_opportunities",
            FactKind::StageChanges => "stage_changes",
            FactKind::Warnings => "warnings",
            FactKind::SellOut => "sell_out",
            FactKind::CompetitorOffers => "competitor_offers",
        }
    }

    pub fn parse(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|fact| fact.key() == key)
    }
}

/// What a measure counts in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Minor units of the company's currency.
    Money,
    /// Thousandths.
    Quantity,
    /// Seconds, told in days.
    Days,
}

/// A whole number of each fact that can be summed.
#[derive(Debug, Clone)]
pub struct Measure {
    pub name: &'static str,
    pub unit: Unit,
    pub(super) sql: String,
}

impl Measure {
    fn money(name: &'static str, sql: impl Into<String>) -> Self {
        Self { name, unit: Unit::Money, sql: sql.into() }
    }
}

/// Whose facts are reached.
#[derive(Debug, Clone, Copy)]
pub struct Reached {
    /// The kind of record whose sight decides.
    pub resource: Resource,
    pub(super) alias: &'static str,
}

/// One kind of facts, for one company and day.
#[derive(Debug, Clone)]
pub struct Fact {
    pub kind: FactKind,
    pub catalogue: Catalogue,
    pub measures: Vec<Measure>,
    /// Fields whose different values can be counted.
    pub distinct: Vec<&'static str>,
    /// The field that periods are about.
    pub date: &'static str,
    pub reached: Reached,
    pub(super) from: &'static str,
    /// Holds for the facts that exist, with the links of `from`.
    pub(super) base: String,
    /// The record behind a fact.
    pub(super) record: &'static str,
    /// The column with the moment behind the date, where the date is made from one.
    pub(super) moment: Option<&'static str>,
}

/// How a database says on which business day a moment falls.
#[derive(Debug, Clone)]
pub enum BusinessDays {
    /// By the function that [`crate::db`] gives every connection.
    Sqlite(String),
    Pg(String),
}

impl BusinessDays {
    /// `zone` is a name of the IANA database.
    pub fn of(db: &Db, zone: &str) -> Self {
        let plain = |c: char| c.is_ascii_alphanumeric() || "/_+-".contains(c);
        let zone = if zone.chars().all(plain) { zone } else { "UTC" }.to_string();
        match db {
            Db::Sqlite(_) => Self::Sqlite(zone),
            Db::Pg(_) => Self::Pg(zone),
        }
    }

    fn sql(&self, moment: &str) -> String {
        match self {
            Self::Sqlite(zone) => format!("business_day({moment}, '{zone}')"),
            Self::Pg(zone) => format!("CAST({moment} AT TIME ZONE '{zone}' AS date)"),
        }
    }

    /// A field that is the day of a moment.
    fn field(&self, name: &str, moment: &str) -> Field {
        Field::column(name, FieldType::Date, &self.sql(moment))
    }
}

/// What facts depend on.
#[derive(Debug, Clone)]
pub struct Given<'a> {
    pub when: CountsWhen,
    /// The fields the company defined of customers and of orders.
    pub customer: &'a [CustomDefinition],
    pub order: &'a [CustomDefinition],
    /// The business day that ages are counted to.
    pub today: NaiveDate,
    pub days: BusinessDays,
    pub sheets: &'a SheetMeasures,
}

/// Keys of the measures that sheets of sell-out are kept of. They are words of `a-z`, `0-9` and `_`.
#[derive(Debug, Clone, Default)]
pub struct SheetMeasures {
    /// What counts as sold.
    pub sold: Option<String>,
    /// Quantities and amounts of products besides.
    pub quantities: Vec<String>,
    pub amounts: Vec<String>,
    /// Of competitors' products.
    pub prices: Vec<String>,
    pub stocks: Vec<String>,
    /// Words about the place that stand beside its products, such as the promoter.
    pub beside: Vec<String>,
}

/// A kind of facts.
pub fn fact(kind: FactKind, given: &Given<'_>) -> Fact {
    let mut fact = match kind {
        FactKind::OrderLines => orders::lines(given),
        FactKind::Orders => orders::orders(given),
        FactKind::Activities => activities::activities(given),
        FactKind::Tasks => tasks::tasks(given),
        FactKind::Opportunities => opportunities::opportunities(given),
        FactKind::ClosedOpportunities => opportunities::closed(given),
        FactKind::StageChanges => stage_changes::stage_changes(given),
        FactKind::Warnings => warnings::warnings(given),
        FactKind::SellOut => sellout::sell_out(given),
        FactKind::CompetitorOffers => sellout::offers(given),
    };
    fact.catalogue.fields.extend(customer_fields(given.customer, given.today));
    fact
}

/// The fields of the customer behind a fact, as `customer.…`; each needs its table joined.
fn customer_fields(custom: &[CustomDefinition], today: NaiveDate) -> Vec<Field> {
    let own = party_catalogue(custom, Root::Party).fields.into_iter().chain(metric_fields(today, Root::Party));
    // The customer itself, its unit and holder are fields of the fact.
    let kept = own.filter(|field| !matches!(field.name.as_str(), "id" | "unit" | "owner" | "name_pinyin"));
    kept.map(|field| Field {
        name: format!("customer.{}", field.name),
        join: field.join.or(Some("p")),
        sortable: false,
        ..field
    })
    .collect()
}

/// Unit, holder and the holder's department of a record; `w` is the holder's row.
fn place_fields(unit: &str, owner: &str) -> [Field; 3] {
    use FieldType::Ref;
    [
        Field::column("unit", Ref, unit).of_ids(),
        Field::column("owner", Ref, owner).of_ids().nullable(),
        Field::column("department", Ref, "w.department_id").of_ids().nullable().joined("w"),
    ]
}

/// Texts that many records share.
const SHARED_TEXTS: [&str; 4] = ["customer.province", "customer.city", "customer.district", "competitor"];

impl Fact {
    pub fn measure(&self, name: &str) -> Option<&Measure> {
        self.measures.iter().find(|measure| measure.name == name)
    }

    /// Whether facts can be divided by the field: it has few values, or names a record, or is a date.
    pub fn divides(&self, field: &Field) -> bool {
        // What stands beside a place in its sheet is a name or a word.
        let own = field.name.contains("custom.") || field.name.starts_with("sheet.");
        if self.catalogue.is_masked(&field.name) || matches!(field.name.as_str(), "order" | "opportunity") {
            return false;
        }
        match (&field.place, field.kind) {
            (Place::DaysSince { .. } | Place::Purchases { .. }, _) => false,
            (_, FieldType::Set | FieldType::Instant | FieldType::Money | FieldType::Number | FieldType::Purchase) => {
                false
            }
            (Place::Rows { .. }, FieldType::Date | FieldType::Bool) => own,
            (_, FieldType::Text) => own || SHARED_TEXTS.contains(&field.name.as_str()),
            _ => true,
        }
    }
}
