//! Lines of orders and of offers, and how they add up: one arithmetic for both.

use std::collections::HashMap;

use chrono::NaiveDate;
use regulars_domain::error::Checks;
use regulars_domain::ids::ProductId;
use regulars_domain::money::{format_decimal, parse_decimal};
use regulars_domain::sales::{in_base, line_gross};
use regulars_domain::tax::{RateSum, WHOLE, taxes};
use regulars_persistence::Db;
use regulars_persistence::catalog::product::{ProductRow, products_get};
use regulars_persistence::sales::line::LineRow;
use regulars_persistence::types::AnyId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::goods::LineDelivery;
use crate::access::Ref;
use crate::access::settings::Company;
use crate::catalog::option::{choices_price, options_of};
use crate::money::{MAX_MINOR, Money, quantity_read, quantity_text};
use crate::{AppError, AppResult};

/// Most lines of one order or offer.
pub const MAX_LINES: usize = 500;
/// Most things chosen on one line.
const MAX_OPTIONS: usize = 20;
/// Decimal places of a tax rate in percent.
const RATE_PLACES: u32 = 2;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct OrderLineView {
    /// The line's number in its order or offer; it stays when other lines go.
    pub id: i32,
    pub product: Option<Ref>,
    pub product_code: Option<String>,
    pub name: String,
    #[schema(example = "2.000")]
    pub quantity: String,
    /// For one.
    pub price: Money,
    pub discount: Money,
    /// quantity × price − discount.
    pub amount: Money,
    /// For one.
    pub cost: Option<Money>,
    /// In percent; the prices contain the tax.
    #[schema(example = "13.00")]
    pub tax_rate: String,
    /// The line's part of the tax, after discounts on the whole.
    pub tax: Money,
    pub promised_on: Option<NaiveDate>,
    /// Promised for a day before today and not all delivered; never so on an offer.
    pub late: bool,
    /// What of it moved; absent on what is no sale.
    pub delivery: Option<LineDelivery>,
    /// What was chosen.
    pub options: Vec<LineOption>,
}

/// Something chosen of what is sold: the name of the option, and the choice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LineOption {
    #[schema(example = "Colour")]
    pub name: String,
    #[schema(example = "White")]
    pub value: String,
}

/// The tax at one rate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TaxView {
    /// In percent.
    #[schema(example = "13.00")]
    pub rate: String,
    /// What is paid at this rate, with the tax.
    pub net: Money,
    pub tax: Money,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OrderLineInput {
    /// Of a line that is there already; absent for a new one.
    pub id: Option<i32>,
    pub product_id: Option<Uuid>,
    /// Of goods that are not in the catalogue.
    pub product_code: Option<String>,
    /// The product's when absent.
    #[schema(example = "拿铁")]
    pub name: Option<String>,
    #[schema(example = "2")]
    pub quantity: String,
    /// For one; the product's with what its options add when absent.
    pub price: Option<Money>,
    pub discount: Option<Money>,
    /// For one; the product's when absent.
    pub cost: Option<Money>,
    /// In percent, contained in the price; the company's when absent.
    #[schema(example = "13")]
    pub tax_rate: Option<String>,
    #[schema(example = "2026-06-01")]
    pub promised_on: Option<NaiveDate>,
    /// What is chosen. The names of the product's own options take one of their choices, others anything.
    #[serde(default)]
    #[schema(example = json!([]))]
    pub options: Vec<LineOption>,
}

/// What lines come to, in minor units.
#[derive(Debug, Clone, Copy)]
pub struct Sums {
    /// Σ of quantity × price.
    pub gross: i64,
    /// Discounts of the lines and of the whole.
    pub discount: i64,
    /// gross − discount.
    pub net: i64,
    /// The same in the company's currency.
    pub net_base: i64,
    /// Unknown when the cost of a line is.
    pub cost: Option<i64>,
}

/// The sums over lines and the discount on the whole.
pub fn sums(lines: &[LineRow], discount_on_whole: i64, (currency, rate): (&str, i64), checks: &mut Checks) -> Sums {
    let line_discounts: i64 = lines.iter().map(|line| line.discount).sum();
    let amount: i64 = lines.iter().map(|line| line.amount).sum();
    let (gross, discount) = (amount + line_discounts, line_discounts + discount_on_whole);
    if discount > gross {
        checks.fail_with("/order_discount", "discount_too_large", Money::of(amount, currency).amount);
    }
    let net_base = match (in_base(gross, rate), in_base(discount, rate)) {
        (Some(gross), Some(discount)) if gross <= MAX_MINOR => gross - discount,
        _ => {
            checks.fail_with("/lines", "out_of_range", "0 – 1000000000000");
            0
        }
    };
    let cost = lines.iter().map(|line| line.cost.and_then(|cost| line_gross(line.quantity, cost))).sum();
    Sums { gross, discount, net: gross - discount, net_base, cost }
}

/// Hundredths of a percent written as a percentage from 0 to 100, else told to `checks` and 0.
pub fn tax_rate_read(checks: &mut Checks, pointer: &str, text: &str) -> i64 {
    match parse_decimal(text, RATE_PLACES) {
        Ok(rate) if (0..=WHOLE).contains(&rate) => rate,
        _ => {
            checks.fail_with(pointer, "out_of_range", "0 – 100");
            0
        }
    }
}

/// What lines are read for: the company's currency and tax, and the document that holds them.
pub struct LineFill<'a> {
    pub company: &'a Company,
    pub currency: &'a str,
    pub holder: AnyId,
    /// Whether there must be one at least.
    pub needed: bool,
    /// The lines it has had, whose numbers and snapshots of the product stay.
    pub standing: &'a [LineRow],
}

impl LineFill<'_> {
    /// The checked lines.
    pub fn read(&self, tx: &mut Db, inputs: &[OrderLineInput], checks: &mut Checks) -> AppResult<Vec<LineRow>> {
        if inputs.len() > MAX_LINES {
            checks.fail_with("/lines", "too_many", MAX_LINES);
            return Ok(Vec::new());
        }
        if inputs.is_empty() && self.needed {
            checks.fail("/lines", "required");
        }
        let products = products(tx, inputs)?;
        let mut next = self.standing.iter().map(|line| line.position).max().unwrap_or(0);
        let mut lines: Vec<LineRow> = Vec::with_capacity(inputs.len());
        for (index, input) in inputs.iter().enumerate() {
            let at = format!("/lines/{index}");
            let old = self.standing.iter().find(|line| Some(line.position) == input.id);
            if input.id.is_some() && old.is_none() {
                checks.fail(format!("{at}/id"), "unknown_reference");
            }
            if old.is_some_and(|old| lines.iter().any(|line| line.position == old.position)) {
                checks.fail(format!("{at}/id"), "duplicate");
            }
            let position = old.map_or_else(
                || {
                    next += 1;
                    next
                },
                |old| old.position,
            );
            let product = input.product_id.and_then(|id| products.get(&ProductId(id)));
            lines.push(self.one((position, old), product, input, &at, checks)?);
        }
        lines.sort_by_key(|line| line.position);
        Ok(lines)
    }

    fn one(
        &self,
        (position, old): (i32, Option<&LineRow>),
        product: Option<&ProductRow>,
        input: &OrderLineInput,
        at: &str,
        checks: &mut Checks,
    ) -> AppResult<LineRow> {
        let product_id = input.product_id.map(ProductId);
        let kept = old.filter(|old| old.product_id == product_id);
        if kept.is_none() && product_id.is_some() && product.is_none_or(|product| product.deleted_at.is_some()) {
            checks.fail(format!("{at}/product_id"), "unknown_reference");
        }
        let name = input.name.clone().or(product.map(|product| product.name.clone())).unwrap_or_default();
        checks.text(&format!("{at}/name"), &name, 200);
        checks.optional_text(&format!("{at}/product_code"), input.product_code.as_deref(), 40);
        let options = options_check(kept, product, &input.options, at, checks)?;
        let quantity = quantity_read(checks, &format!("{at}/quantity"), &input.quantity);
        // A product's own price is in the company's currency.
        let priced = product.filter(|_| self.currency == self.company.currency);
        let own_price = match priced {
            Some(product) => choices_price(product, &input.options)?,
            None => None,
        };
        let mut money = |name: &str, value: &Option<Money>| {
            let value = value.as_ref();
            value.map(|money| money.read_positive(checks, &format!("{at}/{name}"), self.currency))
        };
        let price = money("price", &input.price).or(own_price);
        let discount = money("discount", &input.discount).unwrap_or(0);
        let cost = money("cost", &input.cost).or(match kept {
            Some(_) => None,
            None => priced.and_then(|product| product.cost),
        });
        if price.is_none() {
            checks.fail(format!("{at}/price"), "required");
        }
        let price = price.unwrap_or(0);
        let gross = line_gross(quantity, price).filter(|gross| *gross <= MAX_MINOR);
        if gross.is_none() {
            checks.fail_with(format!("{at}/quantity"), "out_of_range", "0 – 1000000000000");
        }
        let gross = gross.unwrap_or(0);
        if discount > gross {
            checks.fail_with(format!("{at}/discount"), "discount_too_large", Money::of(gross, self.currency).amount);
        }
        let tax_rate = input.tax_rate.as_deref().unwrap_or(&self.company.settings.tax_rate);
        Ok(LineRow {
            holder_id: self.holder,
            position,
            product_id,
            product_code: match kept {
                Some(kept) => kept.product_code.clone(),
                None => product.map(|product| product.code.clone()).or(input.product_code.clone()),
            },
            name,
            quantity,
            price,
            discount,
            amount: gross - discount,
            cost,
            tax_rate: tax_rate_read(checks, &format!("{at}/tax_rate"), tax_rate),
            promised_on: promise_check(input.promised_on, at, checks),
            options,
        })
    }
}

fn products(tx: &mut Db, inputs: &[OrderLineInput]) -> AppResult<HashMap<ProductId, ProductRow>> {
    let mut ids: Vec<ProductId> = inputs.iter().filter_map(|line| line.product_id.map(ProductId)).collect();
    ids.sort_unstable();
    ids.dedup();
    Ok(products_get(tx, &ids)?.into_iter().map(|row| (row.id, row)).collect())
}

/// Days people mean, not slips of the keyboard.
fn promise_check(on: Option<NaiveDate>, at: &str, checks: &mut Checks) -> Option<NaiveDate> {
    let years = NaiveDate::from_ymd_opt(1900, 1, 1)..NaiveDate::from_ymd_opt(2200, 1, 1);
    if on.is_some() && !years.contains(&on) {
        checks.fail(format!("{at}/promised_on"), "date_invalid");
    }
    on
}

/// What is chosen, as it is kept; nothing when nothing is. What a line has chosen before stands, whatever the product
/// offers since.
fn options_check(
    kept: Option<&LineRow>,
    product: Option<&ProductRow>,
    chosen: &[LineOption],
    at: &str,
    checks: &mut Checks,
) -> AppResult<Option<serde_json::Value>> {
    if chosen.is_empty() {
        return Ok(None);
    }
    let value = serde_json::to_value(chosen).map_err(AppError::internal)?;
    if kept.is_some_and(|kept| kept.options.as_ref() == Some(&value)) {
        return Ok(Some(value));
    }
    if chosen.len() > MAX_OPTIONS {
        checks.fail_with(format!("{at}/options"), "too_many", MAX_OPTIONS);
        return Ok(None);
    }
    let offered = product.map(options_of).transpose()?.unwrap_or_default();
    for (index, option) in chosen.iter().enumerate() {
        checks.text(&format!("{at}/options/{index}/name"), &option.name, 60);
        checks.text(&format!("{at}/options/{index}/value"), &option.value, 100);
        if chosen[..index].iter().any(|before| before.name == option.name) {
            checks.fail(format!("{at}/options/{index}/name"), "duplicate");
        }
        let known = offered.iter().find(|one| one.name == option.name);
        if known.is_some_and(|one| one.choices.iter().all(|choice| choice.name != option.value)) {
            checks.fail(format!("{at}/options/{index}/value"), "unknown_reference");
        }
    }
    Ok(Some(value))
}

fn chosen(line: &LineRow) -> Vec<LineOption> {
    line.options.clone().and_then(|options| serde_json::from_value(options).ok()).unwrap_or_default()
}

/// The writable form of lines that stand.
pub fn lines_input(lines: &[LineRow], currency: &str) -> Vec<OrderLineInput> {
    let money = |minor: i64| Money::of(minor, currency);
    let input = |line: &LineRow| OrderLineInput {
        id: Some(line.position),
        product_id: line.product_id.map(|id| id.0),
        product_code: line.product_code.clone(),
        name: Some(line.name.clone()),
        quantity: quantity_text(line.quantity),
        price: Some(money(line.price)),
        discount: Some(money(line.discount)),
        cost: line.cost.map(money),
        tax_rate: Some(format_decimal(line.tax_rate, RATE_PLACES)),
        promised_on: line.promised_on,
        options: chosen(line),
    };
    lines.iter().map(input).collect()
}

/// Lines as they are shown, and their taxes.
pub struct LinesShown {
    pub lines: Vec<OrderLineView>,
    pub taxes: Vec<TaxView>,
    pub tax: Money,
}

/// Shows lines with a discount on the whole, as an offer has them: nothing moved, nothing is late.
pub fn lines_shown(lines: Vec<LineRow>, discount_on_whole: i64, currency: &str) -> LinesShown {
    let money = |minor: i64| Money::of(minor, currency);
    let amounts: Vec<(i64, i64)> = lines.iter().map(|line| (line.amount, line.tax_rate)).collect();
    let taxed = taxes(&amounts, discount_on_whole);
    let rate = |sum: &RateSum| TaxView {
        rate: format_decimal(sum.rate, RATE_PLACES),
        net: money(sum.net),
        tax: money(sum.tax),
    };
    let view = |(line, tax): (LineRow, &i64)| OrderLineView {
        id: line.position,
        options: chosen(&line),
        product: line.product_id.map(|id| Ref::new(id, line.name.clone())),
        late: false,
        delivery: None,
        quantity: quantity_text(line.quantity),
        price: money(line.price),
        discount: money(line.discount),
        amount: money(line.amount),
        cost: line.cost.map(money),
        tax_rate: format_decimal(line.tax_rate, RATE_PLACES),
        tax: money(*tax),
        promised_on: line.promised_on,
        product_code: line.product_code,
        name: line.name,
    };
    LinesShown {
        taxes: taxed.rates.iter().map(rate).collect(),
        tax: money(taxed.total()),
        lines: lines.into_iter().zip(&taxed.lines).map(view).collect(),
    }
}
