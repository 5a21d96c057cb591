//! A bill as it is shown.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use regulars_domain::actor::{Action, Resource};
use regulars_domain::bill::BillStatus;
use regulars_domain::ids::{BillId, OrderId, PartyId, UserId};
use regulars_domain::money::format_decimal;
use regulars_domain::tax::taxes;
use regulars_persistence::Db;
use regulars_persistence::sales::bill::{BillLineRow, BillRow, BilledOrder, bill_lines_of, billed_orders};
use regulars_persistence::sales::customer::{party_names, user_names};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::line::TaxView;
use crate::access::Ref;
use crate::money::Money;
use crate::{AppError, AppResult, Cx};

/// Decimal places of a tax rate in percent.
const RATE_PLACES: u32 = 2;

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct BillView {
    pub id: Uuid,
    #[schema(example = "B-01-000001")]
    pub code: String,
    pub order: Ref,
    /// The name is empty when the customer is out of the caller's sight.
    pub customer: Ref,
    pub owner: Option<Ref>,
    #[schema(value_type = crate::shape::BillStatus)]
    pub status: String,
    pub billed_on: NaiveDate,
    /// The last day to pay without being late.
    pub due_on: NaiveDate,
    pub currency: String,
    pub amount: Money,
    /// What returns took off the amount.
    pub credited: Money,
    /// The money that settles it, whether it named this bill or none.
    pub paid: Money,
    /// amount − credited − paid; zero when it was cancelled, less than zero when money is to go back.
    pub balance: Money,
    pub lines: Vec<BillLineView>,
    /// By rate, of the amount less credits, which contains them.
    pub taxes: Vec<TaxView>,
    pub tax: Money,
    pub note: Option<String>,
    pub created_at: DateTime<Utc>,
}

/// What stands on a bill of one line of the order.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct BillLineView {
    pub line_id: i32,
    pub name: String,
    pub amount: Money,
    pub credited: Money,
    /// In percent; the amount contains the tax.
    #[schema(example = "13.00")]
    pub tax_rate: String,
    /// Of the amount less credits.
    pub tax: Money,
}

struct Parts {
    orders: HashMap<OrderId, BilledOrder>,
    customers: HashMap<PartyId, String>,
    owners: HashMap<UserId, String>,
    lines: HashMap<BillId, Vec<BillLineRow>>,
    today: NaiveDate,
}

/// Views of bills, in their order.
pub fn bill_views(cx: &Cx, db: &mut Db, rows: Vec<BillRow>) -> AppResult<Vec<BillView>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let mut orders: Vec<OrderId> = rows.iter().map(|row| row.order_id).collect();
    orders.sort_unstable();
    orders.dedup();
    let orders = billed_orders(db, &orders)?;
    let mut parties: Vec<PartyId> = orders.iter().map(|order| order.party_id).collect();
    parties.sort_unstable();
    parties.dedup();
    let mut owners: Vec<UserId> = orders.iter().filter_map(|order| order.owner_id).collect();
    owners.sort_unstable();
    owners.dedup();
    let ids: Vec<BillId> = rows.iter().map(|row| row.id).collect();
    let mut lines: HashMap<BillId, Vec<BillLineRow>> = HashMap::new();
    for line in bill_lines_of(db, &ids)? {
        lines.entry(line.bill_id).or_default().push(line);
    }
    let named = party_names(db, &parties, &cx.visible(Resource::Customer, Action::Read))?;
    let mut parts = Parts {
        orders: orders.into_iter().map(|order| (order.id, order)).collect(),
        customers: named.into_iter().map(|(id, name, _)| (id, name)).collect(),
        owners: user_names(db, &owners)?.into_iter().collect(),
        lines,
        today: cx.today()?,
    };
    rows.into_iter().map(|row| parts.view(row)).collect()
}

impl Parts {
    fn view(&mut self, row: BillRow) -> AppResult<BillView> {
        let order = self.orders.get(&row.order_id).ok_or(AppError::NotFound)?;
        let money = |minor: i64| Money::of(minor, &order.currency);
        let name = |id: &PartyId| self.customers.get(id).cloned().unwrap_or_default();
        let owner = |id: UserId| Ref::new(id, self.owners.get(&id).cloned().unwrap_or_default());
        let lines = self.lines.remove(&row.id).unwrap_or_default();
        let owed = row.amount - row.credited;
        let cancelled = row.cancelled_at.is_some();
        let amounts: Vec<(i64, i64)> = lines.iter().map(|line| (line.amount - line.credited, line.tax_rate)).collect();
        let taxed = taxes(&amounts, 0);
        let line = |(line, tax): (BillLineRow, &i64)| BillLineView {
            line_id: line.position,
            name: line.name,
            amount: money(line.amount),
            credited: money(line.credited),
            tax_rate: format_decimal(line.tax_rate, RATE_PLACES),
            tax: money(*tax),
        };
        let rates = taxed.rates.iter().map(|sum| TaxView {
            rate: format_decimal(sum.rate, RATE_PLACES),
            net: money(sum.net),
            tax: money(sum.tax),
        });
        Ok(BillView {
            id: row.id.0,
            order: Ref::new(order.id, order.code.clone()),
            customer: Ref::new(order.party_id, name(&order.party_id)),
            owner: order.owner_id.map(owner),
            status: BillStatus::of(cancelled, owed, row.paid, row.due_on, self.today).key().into(),
            billed_on: row.billed_on,
            due_on: row.due_on,
            currency: order.currency.clone(),
            amount: money(row.amount),
            credited: money(row.credited),
            paid: money(row.paid),
            balance: money(if cancelled { 0 } else { owed - row.paid }),
            taxes: rates.collect(),
            tax: money(taxed.total()),
            lines: lines.into_iter().zip(&taxed.lines).map(line).collect(),
            code: row.code,
            note: row.note,
            created_at: row.created_at,
        })
    }
}
