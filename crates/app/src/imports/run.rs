//! Everything the rooms that judge and store rows need to know of the import under way.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use regulars_domain::actor::Visibility;
use regulars_domain::duplicates::Rules;
use regulars_domain::ids::{ImportId, UnitId, UserId};
use regulars_persistence::import::party::Provenance;

use super::cells::Cells;
use super::mapping::Plan;
use super::refs::Refs;
use crate::Cx;
use crate::sales::sellout::settings::SelloutSettings;

/// One check or run of an import. The same for all its chunks, apart from `created_before`.
#[derive(Clone)]
pub struct Run {
    /// Who imports, for what goes through the rules of what is entered by hand.
    pub cx: Cx,
    pub import_id: ImportId,
    pub user_id: UserId,
    /// Where rows go that name no unit.
    pub unit_id: UnitId,
    /// The importing person's own unit.
    pub home_unit: UnitId,
    pub now: DateTime<Utc>,
    pub chinese: bool,
    pub zone: Tz,
    pub currency: String,
    /// Decimals of the currency.
    pub exponent: u32,
    pub plan: Arc<Plan>,
    pub refs: Arc<Refs>,
    /// Customers and orders the importing person may change.
    pub customer_reach: Visibility,
    /// When two customers look like one.
    pub rules: Arc<Rules>,
    pub order_reach: Visibility,
    pub opportunity_reach: Visibility,
    /// Whether new tags, and products, may be made.
    pub may_tag: bool,
    pub may_product: bool,
    /// Judge only, store nothing.
    pub dry: bool,
    /// Rows to be created in the chunks before this one.
    pub created_before: u64,
    /// What sheets of sell-out are kept of.
    pub sellout: Arc<SelloutSettings>,
    /// Pattern of customers' codes.
    pub code_pattern: String,
}

impl Run {
    pub fn cells(&self) -> Cells<'_> {
        Cells::new(&self.plan, self.chinese, self.zone, self.exponent)
    }

    /// Today in the business time zone.
    pub fn today(&self) -> NaiveDate {
        self.now.with_timezone(&self.zone).date_naive()
    }

    pub fn provenance(&self) -> Provenance {
        Provenance { import_id: self.import_id, user_id: self.user_id, now: self.now }
    }

    /// Rows may go to the person's own unit, and to others only with company-wide reach.
    pub fn may_write_unit(&self, unit: UnitId) -> bool {
        unit == self.home_unit || self.customer_reach == Visibility::Company
    }

    /// The owner of a new record that names none.
    pub fn owner_default(&self, unit: UnitId) -> Option<UserId> {
        self.plan.options.default_owner_id.or((unit == self.home_unit).then_some(self.user_id))
    }
}
