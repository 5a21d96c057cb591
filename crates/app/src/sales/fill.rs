//! From what a person wrote to rows: every check of an order's content, and its sums.

use std::collections::HashMap;

use chrono::{Days, NaiveDate};
use regulars_domain::actor::{Action, Resource};
use regulars_domain::error::Checks;
use regulars_domain::ids::{PartyId, ProductId, UserId};
use regulars_domain::money::{decimals, parse_decimal};
use regulars_domain::sales::{RATE_ONE, day_moment, in_base, line_gross};
use regulars_persistence::Db;
use regulars_persistence::access::user::user_get;
use regulars_persistence::catalog::product::{ProductRow, products_get};
use regulars_persistence::customers::custom::CustomValueRow;
use regulars_persistence::customers::dictionary::entries_active;
use regulars_persistence::sales::customer::party_place;
use regulars_persistence::sales::order::{LineRow, OrderRow};

use super::view::{OrderInput, OrderLineInput, RATE_PLACES};
use crate::access::settings::Company;
use crate::custom::custom_accept;
use crate::money::{MAX_MINOR, Money, quantity_read};
use crate::{AppError, AppResult, Cx};

/// Most lines of one order.
pub const MAX_LINES: usize = 500;

/// What belongs to an order besides its row.
pub struct Filled {
    pub lines: Vec<LineRow>,
    pub custom: Vec<CustomValueRow>,
}

/// Writes the checked input into the row and answers its lines and custom values. `standing` are the lines it has had, whose numbers and
/// snapshots of the product stay.
pub fn fill(
    tx: &mut Db,
    cx: &Cx,
    company: &Company,
    row: &mut OrderRow,
    standing: &[LineRow],
    input: &OrderInput,
) -> AppResult<Filled> {
    let mut checks = Checks::default();
    fill_place(tx, cx, row, input, &mut checks)?;
    fill_dates(cx, company, row, input, &mut checks);
    fill_currency(company, row, input, &mut checks);
    channel_check(tx, row, input, &mut checks)?;
    let custom = custom_accept(tx, cx, &mut checks, ("order", row.unit_id), &input.custom)?;
    checks.optional_text("/note", input.note.as_deref(), 10_000);
    row.channel = input.channel.clone();
    row.note = input.note.clone();
    let lines = LineFill { company, row, standing, products: products(tx, input)? }.all(&input.lines, &mut checks);
    let discount = input.order_discount.as_ref();
    let discount = discount.map_or(0, |money| money.read_positive(&mut checks, "/order_discount", &row.currency));
    sums(row, &lines, discount, &mut checks);
    checks.done()?;
    Ok(Filled { lines, custom })
}

/// A key of the dictionary; one that an order has keeps standing when its entry is retired.
fn channel_check(tx: &mut Db, row: &OrderRow, input: &OrderInput, checks: &mut Checks) -> AppResult<()> {
    if let Some(channel) = input.channel.as_deref()
        && row.channel.as_deref() != Some(channel)
        && entries_active(tx, &[("channel", channel)])?.is_empty()
    {
        checks.fail("/channel", "unknown_reference");
    }
    Ok(())
}

/// The customer within sight, whose unit is the order's; the owner of that unit.
fn fill_place(tx: &mut Db, cx: &Cx, row: &mut OrderRow, input: &OrderInput, checks: &mut Checks) -> AppResult<()> {
    let customer = PartyId(input.customer_id);
    if row.version == 0 || customer != row.party_id {
        match party_place(tx, customer, &cx.visible(Resource::Customer, Action::Read))? {
            Some(place) => {
                row.party_id = customer;
                row.unit_id = place.unit_id;
            }
            None => {
                checks.fail("/customer_id", "unknown_reference");
                return Ok(());
            }
        }
    }
    let owner = match input.owner_id {
        Some(id) => Some(UserId(id)),
        None if row.version == 0 && row.unit_id == cx.actor.unit_id => Some(cx.actor.user_id),
        None => None,
    };
    if let Some(id) = owner
        && owner != row.owner_id
        && !user_get(tx, id)?.is_some_and(|user| user.active && user.unit_id == row.unit_id)
    {
        checks.fail("/owner_id", "unknown_reference");
    }
    row.owner_id = owner;
    Ok(())
}

/// Instant and business day belong together: either gives the other.
fn fill_dates(cx: &Cx, company: &Company, row: &mut OrderRow, input: &OrderInput, checks: &mut Checks) {
    let today = company.business_date(cx.now);
    let new = row.version == 0;
    let on_moved = new || input.ordered_on != Some(row.ordered_on);
    let at_moved = new || input.ordered_at != Some(row.ordered_at);
    let at = input.ordered_at.filter(|_| at_moved || !on_moved);
    let on = input.ordered_on.filter(|_| on_moved || !at_moved);
    let on = on.or(at.map(|at| company.business_date(at))).unwrap_or(today);
    if on > today + Days::new(1) {
        checks.fail("/ordered_on", "date_in_future");
    }
    let first = NaiveDate::from_ymd_opt(1900, 1, 1).unwrap_or_default();
    if on < first {
        checks.fail("/ordered_on", "date_invalid");
    }
    row.ordered_on = on;
    row.ordered_at = at.unwrap_or_else(|| if on == today { cx.now } else { day_moment(company.time_zone, on) });
}

fn fill_currency(company: &Company, row: &mut OrderRow, input: &OrderInput, checks: &mut Checks) {
    row.currency = input.currency.clone().unwrap_or_else(|| company.currency.clone());
    if row.currency.len() != 3 || !row.currency.bytes().all(|b| b.is_ascii_uppercase()) {
        checks.fail("/currency", "unknown_currency");
    }
    row.exchange_rate = rate_read(company, (&row.currency, "/currency"), input.exchange_rate.as_deref(), checks);
}

/// The rate into the company's currency: 1 for its own, whatever number is given; another currency needs one.
pub(super) fn rate_read(
    company: &Company,
    (currency, at): (&str, &str),
    given: Option<&str>,
    checks: &mut Checks,
) -> i64 {
    let own = currency == company.currency;
    match given.map(|text| parse_decimal(text, RATE_PLACES)) {
        // Minor units of different size (yen, dinar) would need a rate between minor units.
        _ if decimals(currency) != decimals(&company.currency) => {
            checks.fail_with(at, "currency_mismatch", &company.currency);
        }
        Some(Ok(rate)) if rate > 0 => return if own { RATE_ONE } else { rate },
        Some(_) => checks.fail("/exchange_rate", "number_invalid"),
        None if own => {}
        None => checks.fail("/exchange_rate", "required"),
    }
    RATE_ONE
}

fn products(tx: &mut Db, input: &OrderInput) -> AppResult<HashMap<ProductId, ProductRow>> {
    let mut ids: Vec<ProductId> = input.lines.iter().filter_map(|line| line.product_id.map(ProductId)).collect();
    ids.sort_unstable();
    ids.dedup();
    Ok(products_get(tx, &ids)?.into_iter().map(|row| (row.id, row)).collect())
}

struct LineFill<'a> {
    company: &'a Company,
    row: &'a OrderRow,
    standing: &'a [LineRow],
    products: HashMap<ProductId, ProductRow>,
}

impl LineFill<'_> {
    fn all(&self, inputs: &[OrderLineInput], checks: &mut Checks) -> Vec<LineRow> {
        if inputs.len() > MAX_LINES {
            checks.fail_with("/lines", "too_many", MAX_LINES);
            return Vec::new();
        }
        if inputs.is_empty() && self.row.status != "draft" {
            checks.fail("/lines", "required");
        }
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
            lines.push(self.one(position, old, input, &at, checks));
        }
        lines.sort_by_key(|line| line.position);
        lines
    }

    fn one(
        &self,
        position: i32,
        old: Option<&LineRow>,
        input: &OrderLineInput,
        at: &str,
        checks: &mut Checks,
    ) -> LineRow {
        let product_id = input.product_id.map(ProductId);
        let kept = old.filter(|old| old.product_id == product_id);
        let product = product_id.and_then(|id| self.products.get(&id));
        if kept.is_none() && product_id.is_some() && product.is_none_or(|product| product.deleted_at.is_some()) {
            checks.fail(format!("{at}/product_id"), "unknown_reference");
        }
        // A product's own price is in the company's currency.
        let priced = product.filter(|_| self.row.currency == self.company.currency);
        let name = input.name.clone().or(product.map(|product| product.name.clone())).unwrap_or_default();
        checks.text(&format!("{at}/name"), &name, 200);
        checks.optional_text(&format!("{at}/product_code"), input.product_code.as_deref(), 40);
        let quantity = quantity_read(checks, &format!("{at}/quantity"), &input.quantity);
        let mut money = |name: &str, value: &Option<Money>| {
            let value = value.as_ref();
            value.map(|money| money.read_positive(checks, &format!("{at}/{name}"), &self.row.currency))
        };
        let price = money("price", &input.price).or(priced.and_then(|product| product.price));
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
            checks.fail_with(
                format!("{at}/discount"),
                "discount_too_large",
                Money::of(gross, &self.row.currency).amount,
            );
        }
        LineRow {
            order_id: self.row.id,
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
        }
    }
}

/// The sums of an order over its lines and the discount on the whole.
pub fn sums(row: &mut OrderRow, lines: &[LineRow], order_discount: i64, checks: &mut Checks) {
    let line_discounts: i64 = lines.iter().map(|line| line.discount).sum();
    let amount: i64 = lines.iter().map(|line| line.amount).sum();
    row.gross = amount + line_discounts;
    row.discount = line_discounts + order_discount;
    row.net = row.gross - row.discount;
    row.cost = lines.iter().map(|line| line.cost.and_then(|cost| line_gross(line.quantity, cost))).sum();
    if row.net < 0 {
        checks.fail_with("/order_discount", "discount_too_large", Money::of(amount, &row.currency).amount);
    }
    let base = (in_base(row.gross, row.exchange_rate), in_base(row.discount, row.exchange_rate));
    match base {
        (Some(gross), Some(discount)) if gross <= MAX_MINOR => row.net_base = gross - discount,
        _ => checks.fail_with("/lines", "out_of_range", "0 – 1000000000000"),
    }
}

/// Lines that are already sent back may not shrink below what came back.
pub fn returns_stand(lines: &[LineRow], returned: &HashMap<i32, (i64, i64)>, row: &OrderRow) -> AppResult<()> {
    let mut checks = Checks::default();
    for (position, (quantity, amount)) in returned {
        match lines.iter().position(|line| line.position == *position) {
            None => checks.fail("/lines", "line_returned"),
            Some(index) if lines[index].quantity < *quantity || lines[index].amount < *amount => {
                checks.fail(format!("/lines/{index}/quantity"), "line_returned");
            }
            Some(_) => {}
        }
    }
    if row.net < row.returned {
        checks.fail("/lines", "line_returned");
    }
    checks.done().map_err(AppError::Validation)
}
