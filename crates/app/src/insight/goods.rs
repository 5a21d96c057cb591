//! Groups of goods that settings name by category and product.

use std::collections::{HashMap, HashSet};

use regulars_domain::error::Checks;
use regulars_domain::ids::{CategoryId, ProductId};
use regulars_persistence::Db;
use regulars_persistence::catalog::category::{category_get, category_list};
use regulars_persistence::catalog::product::product_get;
use uuid::Uuid;

use crate::AppResult;
use crate::platform::is_key;

const MOST_GOODS: usize = 200;

/// A setting that names goods.
pub trait GoodsNamed {
    /// What the list of them is called in the settings of insight.
    const MEMBER: &'static str;

    /// With the categories under them.
    fn categories(&self) -> &[Uuid];

    fn products(&self) -> &[Uuid];
}

/// Tells what of its key, names and goods does not fit, below `at`.
pub fn goods_check<'a>(
    one: &impl GoodsNamed,
    (key, mut others): (&str, impl Iterator<Item = &'a str>),
    (name_zh, name_en): (&str, &str),
    checks: &mut Checks,
    at: &str,
) {
    if !is_key(key) {
        checks.fail_with(format!("{at}/key"), "wrong_shape", "a-z, 0-9, _");
    }
    if others.any(|other| other == key) {
        checks.fail(format!("{at}/key"), "duplicate");
    }
    checks.text(&format!("{at}/name_zh"), name_zh, 40);
    checks.text(&format!("{at}/name_en"), name_en, 40);
    for (name, ids) in [("category_ids", one.categories()), ("product_ids", one.products())] {
        if ids.len() > MOST_GOODS {
            checks.fail_with(format!("{at}/{name}"), "too_many", MOST_GOODS);
        }
    }
    if one.categories().is_empty() && one.products().is_empty() {
        checks.fail(format!("{at}/category_ids"), "required");
    }
}

/// Refuses categories and products that are newly named and not there. What was named before may have gone since.
pub fn goods_known<T: GoodsNamed>(tx: &mut Db, now: &[T], before: &[T]) -> AppResult<()> {
    let mut checks = Checks::default();
    let at = |index: usize, list: &str, place: usize| format!("/settings/insight/{}/{index}/{list}/{place}", T::MEMBER);
    for (index, one) in now.iter().enumerate() {
        for (place, id) in one.categories().iter().enumerate() {
            let named = before.iter().any(|one| one.categories().contains(id));
            if !named && category_get(tx, CategoryId(*id))?.is_none() {
                checks.fail(at(index, "category_ids", place), "unknown_reference");
            }
        }
        for (place, id) in one.products().iter().enumerate() {
            let named = before.iter().any(|one| one.products().contains(id));
            if !named && product_get(tx, ProductId(*id))?.is_none_or(|row| row.deleted_at.is_some()) {
                checks.fail(at(index, "product_ids", place), "unknown_reference");
            }
        }
    }
    Ok(checks.done()?)
}

/// Which group goods belong to: the first that names their product or their category.
#[derive(Debug, Clone, Default)]
pub struct Goods {
    by_product: HashMap<ProductId, usize>,
    by_category: HashMap<CategoryId, usize>,
}

impl Goods {
    /// Looks up the categories under those that the settings name.
    pub fn read(db: &mut Db, settings: &[impl GoodsNamed]) -> AppResult<Self> {
        let mut out = Self::default();
        if settings.is_empty() {
            return Ok(out);
        }
        let all = category_list(db)?;
        for (place, one) in settings.iter().enumerate() {
            for id in one.products() {
                out.by_product.entry(ProductId(*id)).or_insert(place);
            }
            let mut open: Vec<CategoryId> = one.categories().iter().map(|id| CategoryId(*id)).collect();
            let mut seen: HashSet<CategoryId> = HashSet::new();
            while let Some(id) = open.pop().filter(|_| seen.len() <= all.len()) {
                if seen.insert(id) {
                    out.by_category.entry(id).or_insert(place);
                    open.extend(all.iter().filter(|row| row.parent_id == Some(id)).map(|row| row.id));
                }
            }
        }
        Ok(out)
    }

    /// The place in the settings.
    pub fn group_of(&self, product: ProductId, category: Option<CategoryId>) -> Option<usize> {
        let category = category.and_then(|id| self.by_category.get(&id));
        self.by_product.get(&product).into_iter().chain(category).min().copied()
    }

    pub fn products(&self) -> Vec<ProductId> {
        self.by_product.keys().copied().collect()
    }

    pub fn categories(&self) -> Vec<CategoryId> {
        self.by_category.keys().copied().collect()
    }
}
