//! The growth matrix: where a period's revenue came from, by customers and products that were there before or came in
//! it (after Ansoff 1957).

use serde::{Deserialize, Serialize};

/// The four fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GrowthField {
    /// Existing customers buy existing products.
    Penetration,
    /// Existing customers buy new products.
    ProductDevelopment,
    /// New customers buy existing products.
    MarketDevelopment,
    /// New customers buy new products.
    Diversification,
}

impl GrowthField {
    /// All fields in order.
    pub const ALL: [Self; 4] =
        [Self::Penetration, Self::ProductDevelopment, Self::MarketDevelopment, Self::Diversification];

    /// Stable name.
    pub fn key(self) -> &'static str {
        match self {
            Self::Penetration => "penetration",
            Self::ProductDevelopment => "product_development",
            Self::MarketDevelopment => "market_development",
            Self::Diversification => "diversification",
        }
    }

    /// The field of revenue with a customer whose first order, of a product whose first sale, fell into the period or
    /// before it.
    pub fn of(new_customer: bool, new_product: bool) -> Self {
        match (new_customer, new_product) {
            (false, false) => Self::Penetration,
            (false, true) => Self::ProductDevelopment,
            (true, false) => Self::MarketDevelopment,
            (true, true) => Self::Diversification,
        }
    }
}
