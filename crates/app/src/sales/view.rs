//! An order as it is shown and as it is written.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use regulars_domain::actor::{Action, Resource};
use regulars_domain::delivery::LineOut;
use regulars_domain::ids::{OpportunityId, OrderId, PartyId, QuoteId, UnitId, UserId};
use regulars_domain::money::format_decimal;
use regulars_domain::sales::OrderStatus;
use regulars_persistence::Db;
use regulars_persistence::sales::customer::{party_names, unit_names, user_names};
use regulars_persistence::sales::delivery::{DeliveryLineRow, DeliveryRow, deliveries_of, delivery_lines_of};
use regulars_persistence::sales::line::LineRow;
use regulars_persistence::sales::opportunity::opportunities_named;
use regulars_persistence::sales::order::{OrderRow, PaymentRow, ReturnRow, lines_of, payments_of, returns_of};
use regulars_persistence::sales::quote::quotes_get;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

use super::delivery::{OrderDeliveryView, deliveries_shown};
use super::goods::{Goods, LineDelivery};
use super::line::{LinesShown, OrderLineInput, OrderLineView, TaxView, lines_input, lines_shown};
use crate::access::Ref;
use crate::custom::custom_shown;
use crate::money::{Money, quantity_text};
use crate::{AppResult, Cx};

/// Decimal places of an exchange rate.
pub const RATE_PLACES: u32 = 6;

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct OrderView {
    pub id: Uuid,
    pub code: String,
    /// The name is empty when the customer is out of the caller's sight.
    pub customer: Ref,
    /// Absent when the customer is out of the caller's sight.
    #[schema(example = "C-01-000001")]
    pub customer_code: Option<String>,
    pub unit: Ref,
    pub owner: Option<Ref>,
    #[schema(value_type = crate::shape::OrderStatus)]
    pub status: String,
    /// Where it may go from here.
    #[schema(value_type = Vec<crate::shape::OrderStatus>)]
    pub next_statuses: Vec<String>,
    /// The business day.
    pub ordered_on: NaiveDate,
    pub ordered_at: DateTime<Utc>,
    pub channel: Option<String>,
    pub currency: String,
    /// Company currency for one unit of the order's.
    pub exchange_rate: String,
    pub lines: Vec<OrderLineView>,
    pub gross: Money,
    /// Discounts of the lines and of the order.
    pub discount: Money,
    /// The part of `discount` that is given on the whole order.
    pub order_discount: Money,
    pub net: Money,
    /// `net` in the company's currency.
    pub net_base: Money,
    /// By rate; the amounts contain it.
    pub taxes: Vec<TaxView>,
    /// The tax that `net` contains.
    pub tax: Money,
    /// Unknown when the cost of a line is.
    pub cost: Option<Money>,
    /// Whether a line is late.
    pub late: bool,
    /// The offer it came of, by its code.
    pub quote: Option<Ref>,
    /// The name is empty when it is out of the caller's sight.
    pub opportunity: Option<Ref>,
    pub returned: Money,
    pub paid: Money,
    /// net − returned − paid; less than zero when money is to go back.
    pub balance: Money,
    /// How much of it went out; absent on what is no sale.
    #[schema(value_type = Option<crate::shape::DeliveryState>)]
    pub delivery: Option<String>,
    /// The earliest first, cancelled ones too.
    pub deliveries: Vec<OrderDeliveryView>,
    pub payments: Vec<PaymentView>,
    pub returns: Vec<ReturnView>,
    pub note: Option<String>,
    /// Values of the company's own fields, by key.
    #[schema(value_type = Object)]
    pub custom: Map<String, Value>,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

crate::versioned!(OrderView);

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PaymentView {
    pub id: Uuid,
    pub on: NaiveDate,
    /// Less than zero when it went back to the customer.
    pub amount: Money,
    pub method: Option<String>,
    /// The bill it is for.
    pub bill_id: Option<Uuid>,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ReturnView {
    pub id: Uuid,
    pub on: NaiveDate,
    pub amount: Money,
    pub quantity: Option<String>,
    pub line_id: Option<i32>,
    pub reason: Option<String>,
}

/// What a person writes of an order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OrderInput {
    pub customer_id: Uuid,
    /// The caller when absent.
    pub owner_id: Option<Uuid>,
    /// Made from the company's pattern when absent.
    #[schema(example = "O-01-000001")]
    pub code: Option<String>,
    /// `confirmed` when absent.
    #[schema(value_type = Option<crate::shape::OrderStatus>)]
    pub status: Option<String>,
    /// Today, or the day of `ordered_at`, when absent.
    #[schema(example = "2026-01-31")]
    pub ordered_on: Option<NaiveDate>,
    pub ordered_at: Option<DateTime<Utc>>,
    /// A key of the dictionary `channel`.
    #[schema(example = "store")]
    pub channel: Option<String>,
    /// The company's when absent.
    #[schema(example = "CNY")]
    pub currency: Option<String>,
    /// Company currency for one unit of the order's; needed when the two differ.
    #[schema(example = "1.000000")]
    pub exchange_rate: Option<String>,
    pub lines: Vec<OrderLineInput>,
    /// Given on the whole order, beside those of the lines.
    pub order_discount: Option<Money>,
    pub note: Option<String>,
    #[serde(default)]
    #[schema(value_type = Object)]
    pub custom: Map<String, Value>,
}

/// The writable form of an order that stands: what a merge-patch is merged into.
pub fn to_input(row: &OrderRow, lines: &[LineRow], custom: Map<String, Value>) -> OrderInput {
    let money = |minor: i64| Money::of(minor, &row.currency);
    OrderInput {
        customer_id: row.party_id.0,
        owner_id: row.owner_id.map(|id| id.0),
        code: Some(row.code.clone()),
        status: Some(row.status.clone()),
        ordered_on: Some(row.ordered_on),
        ordered_at: Some(row.ordered_at),
        channel: row.channel.clone(),
        currency: Some(row.currency.clone()),
        exchange_rate: Some(format_decimal(row.exchange_rate, RATE_PLACES)),
        lines: lines_input(lines, &row.currency),
        order_discount: Some(money(order_discount(row, lines))),
        note: row.note.clone(),
        custom,
    }
}

fn order_discount(row: &OrderRow, lines: &[LineRow]) -> i64 {
    row.discount - lines.iter().map(|line| line.discount).sum::<i64>()
}

/// Everything that belongs to a few orders, read with one query each.
struct Parts {
    lines: HashMap<OrderId, Vec<LineRow>>,
    deliveries: HashMap<OrderId, Vec<DeliveryRow>>,
    /// Of all deliveries.
    delivered: Vec<DeliveryLineRow>,
    payments: HashMap<OrderId, Vec<PaymentRow>>,
    returns: HashMap<OrderId, Vec<ReturnRow>>,
    /// Name and code of those within sight.
    customers: HashMap<PartyId, (String, Option<String>)>,
    owners: HashMap<UserId, String>,
    units: HashMap<UnitId, String>,
    custom: HashMap<Uuid, Map<String, Value>>,
    quotes: HashMap<QuoteId, String>,
    /// Those within sight.
    opportunities: HashMap<OpportunityId, String>,
    company_currency: String,
    today: NaiveDate,
}

fn grouped<T>(rows: Vec<T>, order: impl Fn(&T) -> OrderId) -> HashMap<OrderId, Vec<T>> {
    let mut out: HashMap<OrderId, Vec<T>> = HashMap::new();
    for row in rows {
        out.entry(order(&row)).or_default().push(row);
    }
    out
}

impl Parts {
    fn read(cx: &Cx, db: &mut Db, rows: &[OrderRow]) -> AppResult<Self> {
        let ids: Vec<OrderId> = rows.iter().map(|row| row.id).collect();
        let distinct = |mut list: Vec<Uuid>| {
            list.sort_unstable();
            list.dedup();
            list
        };
        let parties = distinct(rows.iter().map(|row| row.party_id.0).collect());
        let parties: Vec<PartyId> = parties.into_iter().map(PartyId).collect();
        let owners = distinct(rows.iter().filter_map(|row| row.owner_id.map(|id| id.0)).collect());
        let owners: Vec<UserId> = owners.into_iter().map(UserId).collect();
        let deliveries = deliveries_of(db, &ids)?;
        Ok(Self {
            delivered: if deliveries.is_empty() { Vec::new() } else { delivery_lines_of(db, &ids)? },
            deliveries: grouped(deliveries, |delivery| delivery.order_id),
            lines: grouped(lines_of(db, &ids)?, |line| OrderId(line.holder_id.0)),
            quotes: quote_codes(db, rows)?,
            opportunities: opportunity_names(cx, db, rows.iter().filter_map(|row| row.opportunity_id))?,
            today: cx.today()?,
            payments: grouped(payments_of(db, &ids)?, |payment| payment.order_id),
            returns: grouped(returns_of(db, &ids)?, |back| back.order_id),
            customers: party_names(db, &parties, &cx.visible(Resource::Customer, Action::Read))?
                .into_iter()
                .map(|(id, name, code)| (id, (name, code)))
                .collect(),
            owners: user_names(db, &owners)?.into_iter().collect(),
            units: unit_names(db)?.into_iter().collect(),
            custom: custom_shown(db, cx, "order", rows.iter().map(|row| row.id.0))?,
            company_currency: cx.company()?.currency.clone(),
        })
    }

    fn view(&mut self, row: OrderRow) -> OrderView {
        let money = |minor: i64| Money::of(minor, &row.currency);
        let lines = self.lines.remove(&row.id).unwrap_or_default();
        let whole = order_discount(&row, &lines);
        let deliveries = self.deliveries.remove(&row.id).unwrap_or_default();
        let returns = self.returns.remove(&row.id).unwrap_or_default();
        let goods = Goods::of(&deliveries, &self.delivered, &returns);
        let status = OrderStatus::parse(&row.status).unwrap_or(OrderStatus::Draft);
        let next: Vec<OrderStatus> = status.next().iter().copied().filter(|to| goods.may_stand(*to, &lines)).collect();
        let out: Vec<LineOut> = lines.iter().map(|line| goods.line(status, line)).collect();
        let LinesShown { mut lines, taxes, tax } = lines_shown(lines, whole, &row.currency);
        for (line, out) in lines.iter_mut().zip(out).filter(|_| status.is_sale()) {
            line.late = out.open() > 0 && line.promised_on.is_some_and(|promised| promised < self.today);
            line.delivery = Some(LineDelivery::of(out));
        }
        let customer = self.customers.get(&row.party_id);
        OrderView {
            id: row.id.0,
            customer: Ref::new(row.party_id, customer.map(|(name, _)| name.clone()).unwrap_or_default()),
            customer_code: customer.and_then(|(_, code)| code.clone()),
            unit: Ref::new(row.unit_id, self.units.get(&row.unit_id).cloned().unwrap_or_default()),
            owner: row.owner_id.map(|id| Ref::new(id, self.owners.get(&id).cloned().unwrap_or_default())),
            next_statuses: next.into_iter().map(|status| status.key().to_string()).collect(),
            ordered_on: row.ordered_on,
            ordered_at: row.ordered_at,
            exchange_rate: format_decimal(row.exchange_rate, RATE_PLACES),
            late: lines.iter().any(|line| line.late),
            quote: row.quote_id.map(|id| Ref::new(id, self.quotes.get(&id).cloned().unwrap_or_default())),
            opportunity: row
                .opportunity_id
                .map(|id| Ref::new(id, self.opportunities.get(&id).cloned().unwrap_or_default())),
            lines,
            taxes,
            tax,
            gross: money(row.gross),
            discount: money(row.discount),
            order_discount: money(whole),
            net: money(row.net),
            net_base: Money::of(row.net_base, &self.company_currency),
            cost: row.cost.map(money),
            returned: money(row.returned),
            paid: money(row.paid),
            balance: money(row.net - row.returned - row.paid),
            delivery: goods.state(status).map(|state| state.key().into()),
            deliveries: deliveries_shown(deliveries, &self.delivered),
            payments: self
                .payments
                .remove(&row.id)
                .unwrap_or_default()
                .into_iter()
                .map(|payment| PaymentView {
                    id: payment.id.0,
                    on: payment.on_date,
                    amount: money(payment.amount),
                    method: payment.method,
                    bill_id: payment.bill_id.map(|id| id.0),
                })
                .collect(),
            returns: returns
                .into_iter()
                .map(|back| ReturnView {
                    id: back.id.0,
                    on: back.on_date,
                    amount: money(back.amount),
                    quantity: back.quantity.map(quantity_text),
                    line_id: back.line_position,
                    reason: back.reason,
                })
                .collect(),
            code: row.code,
            status: row.status,
            channel: row.channel,
            currency: row.currency,
            note: row.note,
            custom: self.custom.remove(&row.id.0).unwrap_or_default(),
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

fn quote_codes(db: &mut Db, rows: &[OrderRow]) -> AppResult<HashMap<QuoteId, String>> {
    let ids: Vec<QuoteId> = rows.iter().filter_map(|row| row.quote_id).collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    Ok(quotes_get(db, &ids)?.into_iter().map(|row| (row.id, row.code)).collect())
}

/// Names of those within the caller's sight.
pub(super) fn opportunity_names(
    cx: &Cx,
    db: &mut Db,
    ids: impl Iterator<Item = OpportunityId>,
) -> AppResult<HashMap<OpportunityId, String>> {
    let mut ids: Vec<OpportunityId> = ids.collect();
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let reach = cx.visible(Resource::Opportunity, Action::Read);
    Ok(opportunities_named(db, &ids, &reach)?.into_iter().collect())
}

/// Views of orders, in their order.
pub fn order_views(cx: &Cx, db: &mut Db, rows: Vec<OrderRow>) -> AppResult<Vec<OrderView>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let mut parts = Parts::read(cx, db, &rows)?;
    Ok(rows.into_iter().map(|row| parts.view(row)).collect())
}
