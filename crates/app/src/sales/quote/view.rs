//! An offer as it is shown and as it is written.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use regulars_domain::actor::{Action, Resource};
use regulars_domain::ids::{OpportunityId, PartyId, QuoteId, UnitId, UserId};
use regulars_domain::money::format_decimal;
use regulars_domain::quote::QuoteStatus;
use regulars_persistence::Db;
use regulars_persistence::sales::customer::{party_names, unit_names, user_names};
use regulars_persistence::sales::line::LineRow;
use regulars_persistence::sales::order::{OrderRow, orders_of_quotes};
use regulars_persistence::sales::quote::{QuoteRow, quote_lines_of, quote_versions};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::line::{LinesShown, OrderLineInput, OrderLineView, TaxView, lines_input, lines_shown};
use super::super::view::{RATE_PLACES, opportunity_names};
use super::RESOURCE;
use crate::access::Ref;
use crate::custom::custom_shown;
use crate::money::Money;
use crate::{AppResult, Cx};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct QuoteView {
    pub id: Uuid,
    /// The same for all versions.
    #[schema(example = "Q-01-000001")]
    pub code: String,
    /// 1 for the first.
    #[schema(example = 1)]
    pub revision: i64,
    /// All versions, the first one first, this one included.
    pub versions: Vec<QuoteVersion>,
    /// The name is empty when the customer is out of the caller's sight.
    pub customer: Ref,
    /// Absent when the customer is out of the caller's sight.
    #[schema(example = "C-01-000001")]
    pub customer_code: Option<String>,
    /// The name is empty when it is out of the caller's sight.
    pub opportunity: Option<Ref>,
    /// The order it became.
    pub order: Option<Ref>,
    pub unit: Ref,
    pub owner: Option<Ref>,
    #[schema(value_type = crate::shape::QuoteStatus)]
    pub status: String,
    /// Where a person may take it from here.
    #[schema(value_type = Vec<crate::shape::QuoteStatus>)]
    pub next_statuses: Vec<String>,
    /// Whether a new version may be made of it.
    pub revisable: bool,
    pub quoted_on: NaiveDate,
    /// The last day it holds.
    pub valid_until: NaiveDate,
    pub currency: String,
    /// Company currency for one unit of the offer's.
    #[schema(example = "1.000000")]
    pub exchange_rate: String,
    pub lines: Vec<OrderLineView>,
    pub gross: Money,
    /// Discounts of the lines and of the whole.
    pub discount: Money,
    /// The part of `discount` that is given on the whole.
    pub order_discount: Money,
    pub net: Money,
    /// `net` in the company's currency.
    pub net_base: Money,
    /// By rate; the amounts contain it.
    pub taxes: Vec<TaxView>,
    /// The tax that `net` contains.
    pub tax: Money,
    pub note: Option<String>,
    /// Values of the company's own fields, by key.
    #[schema(value_type = Object)]
    pub custom: Map<String, Value>,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

crate::versioned!(QuoteView);

/// One of the versions of an offer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct QuoteVersion {
    pub id: Uuid,
    #[schema(example = 1)]
    pub revision: i64,
    #[schema(value_type = crate::shape::QuoteStatus)]
    pub status: String,
}

/// What a person writes of an offer. The prices contain the tax.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QuoteInput {
    pub customer_id: Uuid,
    /// One of the same customer.
    #[schema(example = json!(null))]
    pub opportunity_id: Option<Uuid>,
    /// The caller when absent from a new one.
    pub owner_id: Option<Uuid>,
    /// Today when absent.
    #[schema(example = "2026-01-31")]
    pub quoted_on: Option<NaiveDate>,
    /// 30 days after `quoted_on` when absent.
    #[schema(example = "2026-03-02")]
    pub valid_until: Option<NaiveDate>,
    /// The company's when absent.
    #[schema(example = "CNY")]
    pub currency: Option<String>,
    /// Company currency for one unit of the offer's; needed when the two differ.
    #[schema(example = "1.000000")]
    pub exchange_rate: Option<String>,
    pub lines: Vec<OrderLineInput>,
    /// Given on the whole, beside those of the lines.
    pub order_discount: Option<Money>,
    pub note: Option<String>,
    #[serde(default)]
    #[schema(value_type = Object)]
    pub custom: Map<String, Value>,
}

fn whole_discount(row: &QuoteRow, lines: &[LineRow]) -> i64 {
    row.discount - lines.iter().map(|line| line.discount).sum::<i64>()
}

/// The writable form of one that stands: what a merge-patch is merged into.
pub fn to_input(row: &QuoteRow, lines: &[LineRow], custom: Map<String, Value>) -> QuoteInput {
    QuoteInput {
        customer_id: row.party_id.0,
        opportunity_id: row.opportunity_id.map(|id| id.0),
        owner_id: row.owner_id.map(|id| id.0),
        quoted_on: Some(row.quoted_on),
        valid_until: Some(row.valid_until),
        currency: Some(row.currency.clone()),
        exchange_rate: Some(format_decimal(row.exchange_rate, RATE_PLACES)),
        lines: lines_input(lines, &row.currency),
        order_discount: Some(Money::of(whole_discount(row, lines), &row.currency)),
        note: row.note.clone(),
        custom,
    }
}

/// Everything that belongs to a few offers, read with one query each.
struct Parts {
    lines: HashMap<Uuid, Vec<LineRow>>,
    versions: HashMap<(UnitId, String), Vec<QuoteRow>>,
    orders: HashMap<QuoteId, OrderRow>,
    custom: HashMap<Uuid, Map<String, Value>>,
    /// Name and code of those within sight.
    customers: HashMap<PartyId, (String, Option<String>)>,
    /// Those within sight.
    opportunities: HashMap<OpportunityId, String>,
    owners: HashMap<UserId, String>,
    units: HashMap<UnitId, String>,
    company_currency: String,
    today: NaiveDate,
}

impl Parts {
    fn read(cx: &Cx, db: &mut Db, rows: &[QuoteRow]) -> AppResult<Self> {
        let ids: Vec<QuoteId> = rows.iter().map(|row| row.id).collect();
        let mut lines: HashMap<Uuid, Vec<LineRow>> = HashMap::new();
        for line in quote_lines_of(db, &ids)? {
            lines.entry(line.holder_id.0).or_default().push(line);
        }
        let mut parties: Vec<PartyId> = rows.iter().map(|row| row.party_id).collect();
        parties.sort_unstable();
        parties.dedup();
        let mut owners: Vec<UserId> = rows.iter().filter_map(|row| row.owner_id).collect();
        owners.sort_unstable();
        owners.dedup();
        Ok(Self {
            lines,
            versions: versions(db, rows)?,
            orders: orders_of_quotes(db, &ids)?
                .into_iter()
                .filter_map(|order| order.quote_id.map(|quote| (quote, order)))
                .collect(),
            custom: custom_shown(db, cx, RESOURCE, rows.iter().map(|row| row.id.0))?,
            customers: party_names(db, &parties, &cx.visible(Resource::Customer, Action::Read))?
                .into_iter()
                .map(|(id, name, code)| (id, (name, code)))
                .collect(),
            opportunities: opportunity_names(cx, db, rows.iter().filter_map(|row| row.opportunity_id))?,
            owners: user_names(db, &owners)?.into_iter().collect(),
            units: unit_names(db)?.into_iter().collect(),
            company_currency: cx.company()?.currency.clone(),
            today: cx.today()?,
        })
    }

    fn status(&self, row: &QuoteRow) -> Option<QuoteStatus> {
        QuoteStatus::parse(&row.status).map(|status| status.on(self.today, row.valid_until))
    }

    fn view(&mut self, row: QuoteRow) -> QuoteView {
        let money = |minor: i64| Money::of(minor, &row.currency);
        let lines = self.lines.remove(&row.id.0).unwrap_or_default();
        let whole = whole_discount(&row, &lines);
        let LinesShown { lines, taxes, tax } = lines_shown(lines, whole, &row.currency);
        let status = self.status(&row).unwrap_or(QuoteStatus::Draft);
        let versions = self.versions.get(&(row.unit_id, row.code.clone())).map_or(&[][..], Vec::as_slice);
        let drafted = versions.iter().any(|one| one.status == QuoteStatus::Draft.key());
        let key = |one: &QuoteRow| self.status(one).map_or(one.status.clone(), |status| status.key().into());
        let order = self.orders.get(&row.id);
        let next = if order.is_some() { &[][..] } else { status.next() };
        let customer = self.customers.get(&row.party_id);
        QuoteView {
            id: row.id.0,
            versions: versions
                .iter()
                .map(|one| QuoteVersion { id: one.id.0, revision: one.revision, status: key(one) })
                .collect(),
            customer: Ref::new(row.party_id, customer.map(|(name, _)| name.clone()).unwrap_or_default()),
            customer_code: customer.and_then(|(_, code)| code.clone()),
            opportunity: row
                .opportunity_id
                .map(|id| Ref::new(id, self.opportunities.get(&id).cloned().unwrap_or_default())),
            order: order.map(|order| Ref::new(order.id, order.code.clone())),
            unit: Ref::new(row.unit_id, self.units.get(&row.unit_id).cloned().unwrap_or_default()),
            owner: row.owner_id.map(|id| Ref::new(id, self.owners.get(&id).cloned().unwrap_or_default())),
            status: status.key().into(),
            next_statuses: next.iter().map(|status| status.key().to_string()).collect(),
            revisable: status.may_be_revised() && !drafted,
            quoted_on: row.quoted_on,
            valid_until: row.valid_until,
            exchange_rate: format_decimal(row.exchange_rate, RATE_PLACES),
            lines,
            gross: money(row.gross),
            discount: money(row.discount),
            order_discount: money(whole),
            net: money(row.net),
            net_base: Money::of(row.net_base, &self.company_currency),
            taxes,
            tax,
            custom: self.custom.remove(&row.id.0).unwrap_or_default(),
            revision: row.revision,
            code: row.code,
            currency: row.currency,
            note: row.note,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

/// The living versions of offers, by unit and code.
fn versions(db: &mut Db, rows: &[QuoteRow]) -> AppResult<HashMap<(UnitId, String), Vec<QuoteRow>>> {
    let mut codes: HashMap<UnitId, Vec<&str>> = HashMap::new();
    for row in rows {
        codes.entry(row.unit_id).or_default().push(&row.code);
    }
    let mut out: HashMap<(UnitId, String), Vec<QuoteRow>> = HashMap::new();
    for (unit, mut codes) in codes {
        codes.sort_unstable();
        codes.dedup();
        for row in quote_versions(db, unit, &codes)?.into_iter().filter(|row| row.deleted_at.is_none()) {
            out.entry((unit, row.code.clone())).or_default().push(row);
        }
    }
    Ok(out)
}

/// Views of offers, in their order.
pub fn quote_views(cx: &Cx, db: &mut Db, rows: Vec<QuoteRow>) -> AppResult<Vec<QuoteView>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let mut parts = Parts::read(cx, db, &rows)?;
    Ok(rows.into_iter().map(|row| parts.view(row)).collect())
}
