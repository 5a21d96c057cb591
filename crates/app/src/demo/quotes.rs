//! An offer for each opportunity that has come as far as one.

use chrono::{DateTime, Days, Utc};
use regulars_domain::demo::Rng;
use regulars_domain::ids::{OpportunityId, PartyId, QuoteId, UserId};
use regulars_domain::quote::QuoteStatus;
use regulars_domain::sales::{RATE_ONE, line_gross};
use regulars_persistence::Db;
use regulars_persistence::sales::line::LineRow;
use regulars_persistence::sales::quote::{QuoteRow, quote_insert, quote_lines_insert};
use regulars_persistence::types::AnyId;
use serde_json::json;

use super::company::DemoStaffUnit;
use super::{CURRENCY, Stage, id_at};
use crate::AppResult;
use crate::access::settings::Settings;
use crate::customers::code::CodeScope;

/// Goods of one offer, in thousandths.
const PIECES: i64 = 10_000;
/// 13 %, in hundredths of a percent.
const TAX: i64 = 1_300;

/// What is offered, to whom, and what became of it.
pub(super) struct DemoQuote<'a> {
    pub opportunity: OpportunityId,
    pub party: PartyId,
    pub owner: UserId,
    pub name: &'a str,
    /// Minor units.
    pub amount: i64,
    pub at: DateTime<Utc>,
    /// What the opportunity's stage means.
    pub outcome: &'a str,
}

pub(super) fn write(
    tx: &mut Db,
    stage: &Stage,
    unit: &DemoStaffUnit,
    offer: &DemoQuote<'_>,
    rng: &mut Rng,
) -> AppResult<()> {
    let id: QuoteId = id_at(offer.at, rng);
    let scope = CodeScope::new("quote", &Settings::default().quote_code_pattern, unit.id, unit.code)?;
    let code = scope.take(tx, 1)?.pop().unwrap_or_default();
    let price = offer.amount / 10;
    let gross = line_gross(PIECES, price).unwrap_or(offer.amount);
    let status = match offer.outcome {
        "won" => QuoteStatus::Accepted,
        "lost" => QuoteStatus::Declined,
        _ if rng.below(3) == 0 => QuoteStatus::Draft,
        _ => QuoteStatus::Sent,
    };
    let quoted_on = offer.at.with_timezone(&super::ZONE).date_naive();
    quote_insert(
        tx,
        QuoteRow {
            id,
            unit_id: unit.id,
            owner_id: Some(offer.owner),
            party_id: offer.party,
            opportunity_id: Some(offer.opportunity),
            code,
            revision: 1,
            status: status.key().into(),
            quoted_on,
            valid_until: quoted_on.max(stage.yesterday - Days::new(20)) + Days::new(30),
            currency: CURRENCY.into(),
            exchange_rate: RATE_ONE,
            gross,
            discount: 0,
            net: gross,
            net_base: gross,
            note: Some("含运费，含税。".into()),
            version: 1,
            created_by: Some(offer.owner),
            created_at: offer.at,
            updated_at: offer.at,
            deleted_at: None,
        },
    )?;
    let line = LineRow {
        holder_id: AnyId(id.0),
        position: 1,
        product_id: None,
        product_code: None,
        name: offer.name.into(),
        quantity: PIECES,
        price,
        discount: 0,
        amount: gross,
        cost: None,
        tax_rate: TAX,
        promised_on: Some(stage.yesterday + Days::new(45)),
        options: Some(json!([{"name": "包装", "value": "礼盒"}])),
    };
    Ok(quote_lines_insert(tx, vec![line])?)
}
