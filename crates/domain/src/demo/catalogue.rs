//! The goods of a chain of coffee shops with a bakery and home goods.

use std::collections::BTreeSet;

use super::rng::{Rng, running_totals};

/// A product. Money is in fen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DemoProduct {
    /// Unique code.
    pub code: &'static str,
    /// Name.
    pub name: &'static str,
    /// Brand.
    pub brand: &'static str,
    /// Category with its parent, `烘焙/面包`.
    pub category: &'static str,
    /// Unit of measure.
    pub unit: &'static str,
    /// List price.
    pub price: i64,
    /// Cost.
    pub cost: i64,
    /// Relative demand.
    pub popularity: f64,
}

/// Bought again once it is used up: goods of these categories, and these products of others.
const USED_UP: [&str; 2] = ["豆与器具/咖啡豆", "家居/香氛"];
const ALSO_USED_UP: [&str; 2] = ["BN-023", "BN-028"];

impl DemoProduct {
    /// Whether who has it is offered it again.
    pub fn consumable(&self) -> bool {
        USED_UP.contains(&self.category) || ALSO_USED_UP.contains(&self.code)
    }
}

/// All products and what belongs to them.
#[derive(Debug, Clone)]
pub struct Catalogue {
    /// Products; orders refer to them by index.
    pub products: Vec<DemoProduct>,
    totals: Vec<f64>,
}

impl Catalogue {
    /// Brands, in order.
    pub fn brands(&self) -> Vec<&'static str> {
        self.products.iter().map(|product| product.brand).collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// Category paths, parents before children: `烘焙`, `烘焙/面包`.
    pub fn categories(&self) -> Vec<&'static str> {
        let with_parent = |product: &DemoProduct| {
            let parent = product.category.split_once('/').map(|(parent, _)| parent);
            parent.into_iter().chain([product.category])
        };
        self.products.iter().flat_map(with_parent).collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// The index of a product, popular ones more often.
    pub(super) fn draw(&self, rng: &mut Rng) -> usize {
        rng.weighted(&self.totals)
    }
}

/// The catalogue.
pub fn catalogue() -> Catalogue {
    let lines = include_str!("data/catalogue.txt").lines().filter(|line| !line.starts_with('#'));
    let products: Vec<DemoProduct> = lines.filter_map(product_of_line).collect();
    let totals = running_totals(products.iter().map(|product| product.popularity));
    Catalogue { products, totals }
}

fn product_of_line(line: &'static str) -> Option<DemoProduct> {
    let mut fields = line.split('|');
    let product = DemoProduct {
        code: fields.next()?,
        name: fields.next()?,
        brand: fields.next()?,
        category: fields.next()?,
        unit: fields.next()?,
        price: fen(fields.next()?)?,
        cost: fen(fields.next()?)?,
        popularity: fields.next()?.parse().ok()?,
    };
    Some(product)
}

fn fen(yuan: &str) -> Option<i64> {
    yuan.parse::<f64>().ok().map(|yuan| (yuan * 100.0).round() as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_catalogue_is_whole() {
        let catalogue = catalogue();
        assert_eq!(catalogue.products.len(), include_str!("data/catalogue.txt").lines().count() - 1);
        let codes: BTreeSet<_> = catalogue.products.iter().map(|product| product.code).collect();
        assert_eq!(codes.len(), catalogue.products.len());
        assert!(catalogue.products.iter().all(|p| 0 < p.cost && p.cost < p.price && p.category.contains('/')));
        assert_eq!(catalogue.brands().len(), 6);
        for category in USED_UP {
            assert!(catalogue.products.iter().any(|product| product.category == category), "{category}");
        }
        assert!(ALSO_USED_UP.iter().all(|code| codes.contains(code)));
        assert!(catalogue.categories().contains(&"家居") && catalogue.categories().contains(&"家居/香氛"));
    }
}
