//! What can be chosen of a product: a colour, a size, a finish, each with what it adds to the price.

use regulars_domain::error::Checks;
use regulars_persistence::catalog::product::ProductRow;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::money::Money;
use crate::sales::line::LineOption;
use crate::{AppError, AppResult};

/// Most options of a product, and most choices of an option.
const MOST: usize = 20;
const MOST_CHOICES: usize = 50;

/// Something of a product that is chosen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProductOption {
    #[schema(example = "Colour")]
    pub name: String,
    pub choices: Vec<ProductChoice>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProductChoice {
    #[schema(example = "White")]
    pub name: String,
    /// What it adds to the price, or takes off it when less than zero; nothing when absent.
    #[serde(default)]
    pub price_difference: Option<Money>,
}

/// An option as it is kept; differences are minor units of the product's currency.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StoredOption {
    pub name: String,
    pub choices: Vec<StoredChoice>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StoredChoice {
    pub name: String,
    pub difference: i64,
}

pub fn options_of(product: &ProductRow) -> AppResult<Vec<StoredOption>> {
    match &product.options {
        Some(options) => serde_json::from_value(options.clone()).map_err(AppError::internal),
        None => Ok(Vec::new()),
    }
}

/// The product's price with what the choices add, in minor units and never below zero; `None` where it has no price.
pub fn choices_price(product: &ProductRow, chosen: &[LineOption]) -> AppResult<Option<i64>> {
    let Some(price) = product.price else { return Ok(None) };
    let offered = options_of(product)?;
    let difference = |option: &LineOption| {
        let choices = offered.iter().find(|one| one.name == option.name).map_or(&[][..], |one| &one.choices);
        choices.iter().find(|choice| choice.name == option.value).map_or(0, |choice| choice.difference)
    };
    Ok(Some((price + chosen.iter().map(difference).sum::<i64>()).max(0)))
}

/// The options as a person reads and writes them.
pub fn options_shown(product: &ProductRow) -> Vec<ProductOption> {
    let choice = |choice: StoredChoice| ProductChoice {
        name: choice.name,
        price_difference: (choice.difference != 0).then(|| Money::of(choice.difference, &product.currency)),
    };
    let option =
        |one: StoredOption| ProductOption { name: one.name, choices: one.choices.into_iter().map(choice).collect() };
    options_of(product).unwrap_or_default().into_iter().map(option).collect()
}

/// The checked options as they are kept; nothing when there are none.
pub fn options_read(
    checks: &mut Checks,
    options: &[ProductOption],
    currency: &str,
) -> AppResult<Option<serde_json::Value>> {
    if options.is_empty() {
        return Ok(None);
    }
    if options.len() > MOST {
        checks.fail_with("/options", "too_many", MOST);
        return Ok(None);
    }
    let mut stored: Vec<StoredOption> = Vec::with_capacity(options.len());
    for (index, option) in options.iter().enumerate() {
        let at = format!("/options/{index}");
        let name = named(checks, format!("{at}/name"), &option.name, 60, stored.iter().map(|one| &one.name));
        if option.choices.is_empty() {
            checks.fail(format!("{at}/choices"), "required");
        }
        if option.choices.len() > MOST_CHOICES {
            checks.fail_with(format!("{at}/choices"), "too_many", MOST_CHOICES);
        }
        let mut choices: Vec<StoredChoice> = Vec::new();
        for (place, choice) in option.choices.iter().take(MOST_CHOICES).enumerate() {
            let at = format!("{at}/choices/{place}");
            let name = named(checks, format!("{at}/name"), &choice.name, 100, choices.iter().map(|one| &one.name));
            let difference = choice.price_difference.as_ref();
            let difference =
                difference.map_or(0, |money| money.read(checks, &format!("{at}/price_difference"), currency));
            choices.push(StoredChoice { name, difference });
        }
        stored.push(StoredOption { name, choices });
    }
    serde_json::to_value(stored).map(Some).map_err(AppError::internal)
}

/// A name that is there and not yet taken.
fn named<'a>(
    checks: &mut Checks,
    pointer: String,
    name: &str,
    longest: usize,
    mut taken: impl Iterator<Item = &'a String>,
) -> String {
    let name = name.trim().to_string();
    checks.text(&pointer, &name, longest);
    if taken.any(|one| *one == name) {
        checks.fail(pointer, "duplicate");
    }
    name
}
