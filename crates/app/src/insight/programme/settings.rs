//! Which sales are bills.

use regulars_analytics::lifetime::contract::Terms;
use regulars_domain::error::Checks;
use regulars_domain::ids::{CategoryId, ProductId};
use regulars_persistence::Db;
use regulars_persistence::catalog::category::category_get;
use regulars_persistence::catalog::product::product_get;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::AppResult;
use crate::platform::is_key;

const MOST_PROGRAMMES: usize = 20;
const MOST_GOODS: usize = 200;

/// A programme whose customers pay a bill every so many months until they leave: memberships, telephone bills,
/// maintenance. A sale that several programmes name belongs to the first of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProgrammeSettings {
    /// Lower-case letters, digits and `_`.
    #[schema(example = "membership")]
    pub key: String,
    #[schema(example = "会员月卡")]
    pub name_zh: String,
    #[schema(example = "Monthly membership")]
    pub name_en: String,
    /// Categories whose products are its bills, with those under them.
    #[serde(default)]
    pub category_ids: Vec<Uuid>,
    /// Products that are its bills, besides.
    #[serde(default)]
    pub product_ids: Vec<Uuid>,
    /// Months from a bill to the next one: 1 to 60.
    #[schema(example = 1)]
    pub period_months: u32,
    /// Days after which a bill that was not paid means that the customer has left: 0 to 365.
    #[schema(example = 15)]
    pub grace_days: u32,
}

impl ProgrammeSettings {
    pub fn terms(&self) -> Terms {
        Terms { months: self.period_months, grace_days: self.grace_days }
    }
}

/// Tells what does not fit, below `at`.
pub fn programmes_check(programmes: &[ProgrammeSettings], checks: &mut Checks, at: &str) {
    if programmes.len() > MOST_PROGRAMMES {
        checks.fail_with(at, "too_many", MOST_PROGRAMMES);
    }
    for (index, one) in programmes.iter().enumerate() {
        let at = format!("{at}/{index}");
        if !is_key(&one.key) {
            checks.fail_with(format!("{at}/key"), "wrong_shape", "a-z, 0-9, _");
        }
        if programmes[..index].iter().any(|other| other.key == one.key) {
            checks.fail(format!("{at}/key"), "duplicate");
        }
        checks.text(&format!("{at}/name_zh"), &one.name_zh, 40);
        checks.text(&format!("{at}/name_en"), &one.name_en, 40);
        if !(1..=60).contains(&one.period_months) {
            checks.fail_with(format!("{at}/period_months"), "out_of_range", "1–60");
        }
        if one.grace_days > 365 {
            checks.fail_with(format!("{at}/grace_days"), "out_of_range", "0–365");
        }
        for (name, ids) in [("category_ids", &one.category_ids), ("product_ids", &one.product_ids)] {
            if ids.len() > MOST_GOODS {
                checks.fail_with(format!("{at}/{name}"), "too_many", MOST_GOODS);
            }
        }
        if one.category_ids.is_empty() && one.product_ids.is_empty() {
            checks.fail(format!("{at}/category_ids"), "required");
        }
    }
}

/// Refuses categories and products that are newly named and not there. What was named before may have gone since.
pub fn programmes_known(tx: &mut Db, now: &[ProgrammeSettings], before: &[ProgrammeSettings]) -> AppResult<()> {
    let mut checks = Checks::default();
    let named = |of: fn(&ProgrammeSettings) -> &Vec<Uuid>, id: &Uuid| before.iter().any(|one| of(one).contains(id));
    for (index, one) in now.iter().enumerate() {
        for (place, id) in one.category_ids.iter().enumerate() {
            if !named(|one| &one.category_ids, id) && category_get(tx, CategoryId(*id))?.is_none() {
                let at = format!("/settings/insight/programmes/{index}/category_ids/{place}");
                checks.fail(at, "unknown_reference");
            }
        }
        for (place, id) in one.product_ids.iter().enumerate() {
            let known = product_get(tx, ProductId(*id))?.is_some_and(|row| row.deleted_at.is_none());
            if !named(|one| &one.product_ids, id) && !known {
                let at = format!("/settings/insight/programmes/{index}/product_ids/{place}");
                checks.fail(at, "unknown_reference");
            }
        }
    }
    Ok(checks.done()?)
}
