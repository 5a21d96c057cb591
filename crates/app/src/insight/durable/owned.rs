//! Who bought durables, and of which group last.

use std::collections::HashMap;

use chrono::NaiveDate;
use regulars_domain::ids::PartyId;
use regulars_domain::sales::CountsWhen;
use regulars_persistence::Db;
use regulars_persistence::insight::bill::bill_lines_of;
use regulars_persistence::insight::counter::BATCH;
use regulars_persistence::insight::past::PastDay;

use super::settings::DurableSettings;
use crate::AppResult;
use crate::insight::goods::Goods;

/// The groups of durables of a company.
#[derive(Debug, Clone, Default)]
pub struct Durables(Option<Goods>);

impl Durables {
    pub fn read(db: &mut Db, settings: &[DurableSettings]) -> AppResult<Self> {
        if settings.is_empty() {
            return Ok(Self(None));
        }
        Ok(Self(Some(Goods::read(db, settings)?)))
    }

    /// By customer the place in the settings of the group bought from last. What was given back whole was not bought.
    pub fn owned(
        &self,
        db: &mut Db,
        ids: &[PartyId],
        (when, as_of): (CountsWhen, NaiveDate),
        past: Option<&PastDay>,
    ) -> AppResult<HashMap<PartyId, usize>> {
        let mut out = HashMap::new();
        let Some(goods) = &self.0 else { return Ok(out) };
        let (products, categories) = (goods.products(), goods.categories());
        for some in ids.chunks(BATCH) {
            for line in bill_lines_of(db, some, (&products, &categories), when, past)? {
                let kept = line.on <= as_of && (line.net > 0 || line.total == 0);
                if let Some(place) = goods.group_of(line.product_id, line.category_id).filter(|_| kept) {
                    out.insert(line.party_id, place);
                }
            }
        }
        Ok(out)
    }
}
