//! Products, brands, categories: the goods, the same for the whole company.

pub mod brand;
pub mod category;
pub mod option;
pub mod product;
