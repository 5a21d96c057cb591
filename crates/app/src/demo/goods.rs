//! Brands, categories and products.

use std::collections::HashMap;

use regulars_domain::demo::{Catalogue, catalogue};
use regulars_domain::ids::{BrandId, CategoryId, ProductId};
use regulars_domain::naming;
use regulars_persistence::Db;
use regulars_persistence::demo::{BRAND, CATEGORY, PRODUCT, rows_insert};
use regulars_persistence::sql::Bind;

use super::{CURRENCY, Stage, id_at};
use crate::AppResult;

/// The goods with the ids they got.
pub(super) struct Goods {
    pub catalogue: Catalogue,
    /// As in the catalogue.
    pub products: Vec<ProductId>,
    categories: HashMap<&'static str, CategoryId>,
}

impl Goods {
    /// The categories under one of the first level, by its name.
    pub fn categories_under(&self, parent: &str) -> Vec<CategoryId> {
        let under = |path: &str| path.split_once('/').is_some_and(|(first, _)| first == parent);
        let mut paths: Vec<&str> = self.categories.keys().copied().filter(|path| under(path)).collect();
        paths.sort_unstable();
        paths.into_iter().map(|path| self.categories[path]).collect()
    }
}

/// Categories by path, with the ids they get.
pub(super) fn categories(stage: &Stage, catalogue: &Catalogue) -> HashMap<&'static str, CategoryId> {
    let id = |n: usize| id_at(stage.opened_at(), &mut stage.chance(11, n as u64));
    catalogue.categories().into_iter().enumerate().map(|(n, path)| (path, id(n))).collect()
}

pub(super) fn fill(tx: &mut Db, stage: &Stage) -> AppResult<Goods> {
    let catalogue = catalogue();
    let at = stage.opened_at();
    let standing = || -> [Bind; 3] { [1_i64.into(), at.into(), at.into()] };
    let brand_names = catalogue.brands();
    let brands: HashMap<&str, BrandId> =
        brand_names.iter().enumerate().map(|(n, name)| (*name, id_at(at, &mut stage.chance(10, n as u64)))).collect();
    let paths = catalogue.categories();
    let categories = categories(stage, &catalogue);
    let rows = brand_names.iter().map(|name| row([brands[name].into(), (*name).into(), true.into()], standing()));
    rows_insert(tx, BRAND, rows.collect())?;
    let rows = paths.iter().enumerate().map(|(position, path)| {
        let (parent, name) = path.rsplit_once('/').map_or((None, *path), |(parent, name)| (Some(parent), name));
        let parent = parent.and_then(|path| categories.get(path).copied());
        row([categories[path].into(), parent.into(), name.into(), (position as i64).into()], standing())
    });
    rows_insert(tx, CATEGORY, rows.collect())?;
    let count = catalogue.products.len() as u64;
    let products: Vec<ProductId> = (0..count).map(|n| id_at(at, &mut stage.chance(12, n))).collect();
    let rows = catalogue.products.iter().zip(&products).map(|(goods, id)| {
        let values: [Bind; 12] = [
            (*id).into(),
            goods.code.into(),
            goods.name.into(),
            naming::reading(goods.name, false).into(),
            brands.get(goods.brand).copied().into(),
            categories.get(goods.category).copied().into(),
            goods.unit.into(),
            goods.price.into(),
            goods.cost.into(),
            CURRENCY.into(),
            true.into(),
            goods.consumable().into(),
        ];
        row(values, standing())
    });
    rows_insert(tx, PRODUCT, rows.collect())?;
    Ok(Goods { catalogue, products, categories })
}

fn row<const N: usize>(values: [Bind; N], standing: [Bind; 3]) -> Vec<Bind> {
    values.into_iter().chain(standing).collect()
}
