//! From what a person wrote to rows: every check of an order's content, and its sums.

use std::collections::HashMap;

use chrono::{Days, NaiveDate};
use regulars_domain::actor::{Action, Resource};
use regulars_domain::error::Checks;
use regulars_domain::ids::{PartyId, UnitId, UserId};
use regulars_domain::money::{decimals, parse_decimal};
use regulars_domain::sales::{RATE_ONE, day_moment};
use regulars_persistence::Db;
use regulars_persistence::access::user::user_get;
use regulars_persistence::customers::custom::CustomValueRow;
use regulars_persistence::customers::dictionary::entries_active;
use regulars_persistence::sales::customer::party_place;
use regulars_persistence::sales::line::LineRow;
use regulars_persistence::sales::order::OrderRow;
use regulars_persistence::types::AnyId;
use uuid::Uuid;

use super::line::{LineFill, Sums, sums};
use super::view::{OrderInput, RATE_PLACES};
use crate::access::settings::Company;
use crate::custom::custom_accept;
use crate::{AppError, AppResult, Cx};

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
    let stands =
        (row.version > 0).then_some(Place { party_id: row.party_id, unit_id: row.unit_id, owner_id: row.owner_id });
    let place = place_read(tx, cx, stands, (input.customer_id, input.owner_id), &mut checks)?;
    (row.party_id, row.unit_id, row.owner_id) = (place.party_id, place.unit_id, place.owner_id);
    fill_dates(cx, company, row, input, &mut checks);
    row.currency = currency_read(company, input.currency.as_deref(), &mut checks);
    row.exchange_rate = rate_read(company, (&row.currency, "/currency"), input.exchange_rate.as_deref(), &mut checks);
    channel_check(tx, row, input, &mut checks)?;
    let custom = custom_accept(tx, cx, &mut checks, ("order", row.unit_id), &input.custom, input)?;
    checks.optional_text("/note", input.note.as_deref(), 10_000);
    row.channel = input.channel.clone();
    row.note = input.note.clone();
    let wanted =
        LineFill { company, currency: &row.currency, holder: AnyId(row.id.0), needed: row.status != "draft", standing };
    let lines = wanted.read(tx, &input.lines, &mut checks)?;
    let discount = input.order_discount.as_ref();
    let discount = discount.map_or(0, |money| money.read_positive(&mut checks, "/order_discount", &row.currency));
    let Sums { gross, discount, net, net_base, cost } =
        sums(&lines, discount, (&row.currency, row.exchange_rate), &mut checks);
    (row.gross, row.discount, row.net, row.net_base, row.cost) = (gross, discount, net, net_base, cost);
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

/// Whose an order or an offer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub party_id: PartyId,
    pub unit_id: UnitId,
    pub owner_id: Option<UserId>,
}

/// The customer within sight, whose unit is the order's; the owner of that unit. `stands` is where it has stood.
pub(super) fn place_read(
    tx: &mut Db,
    cx: &Cx,
    stands: Option<Place>,
    (customer, owner): (Uuid, Option<Uuid>),
    checks: &mut Checks,
) -> AppResult<Place> {
    let customer = PartyId(customer);
    let mut place = stands.unwrap_or(Place { party_id: customer, unit_id: cx.actor.unit_id, owner_id: None });
    if stands.is_none_or(|stands| stands.party_id != customer) {
        let Some(found) = party_place(tx, customer, &cx.visible(Resource::Customer, Action::Read))? else {
            checks.fail("/customer_id", "unknown_reference");
            return Ok(place);
        };
        (place.party_id, place.unit_id) = (customer, found.unit_id);
    }
    let owner = match owner {
        Some(id) => Some(UserId(id)),
        None if stands.is_none() && place.unit_id == cx.actor.unit_id => Some(cx.actor.user_id),
        None => None,
    };
    if let Some(id) = owner
        && owner != place.owner_id
        && !user_get(tx, id)?.is_some_and(|user| user.active && user.unit_id == place.unit_id)
    {
        checks.fail("/owner_id", "unknown_reference");
    }
    place.owner_id = owner;
    Ok(place)
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

/// ISO 4217; the company's when none is given.
pub(super) fn currency_read(company: &Company, given: Option<&str>, checks: &mut Checks) -> String {
    let currency = given.unwrap_or(&company.currency);
    if currency.len() != 3 || !currency.bytes().all(|b| b.is_ascii_uppercase()) {
        checks.fail("/currency", "unknown_currency");
    }
    currency.into()
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
