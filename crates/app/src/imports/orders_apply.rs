//! What rows of orders mean for the store: customers and products found by code, orders created, completed, replaced.

use std::collections::HashMap;

use regulars_domain::ids::{CustomFieldId, ImportId, OrderId, PartyId, ProductId, UnitId};
use regulars_domain::naming::reading;
use regulars_persistence::Db;
use regulars_persistence::customers::custom::CustomValueRow;
use regulars_persistence::import::catalog::{NewProduct, ProductFields, ProductHit, products_find, products_insert};
use regulars_persistence::import::custom::{custom_fields_set, customs_insert};
use regulars_persistence::import::party::{
    NewParty, PartyChildren, PartyFields, PartyHit, PartyKey, parties_find, parties_insert,
};
use regulars_persistence::import::sales::{
    LineFields, NewOrder, OrderHead, OrderHit, order_append, order_lines, order_replace, orders_find, orders_insert,
};
use regulars_persistence::types::AnyId;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::cells::CellFault;
use super::codes::codes_take;
use super::customs::{CustomBefore, Customs, Holder, custom_shown};
use super::orders::{LineDraft, OrderDraft};
use super::outcome::{Change, Tally, changes_between, fault, object};
use super::parties_apply::qualification_needed;
use super::run::Run;
use super::whose::{CustomerRef, ambiguous, missing, unknown};
use crate::{AppError, AppResult};

/// What replacing an order leaves behind for an undo.
#[derive(Debug, Serialize, Deserialize)]
pub struct OrderBefore {
    /// The version the import made.
    pub version: i64,
    pub import_id: Option<ImportId>,
    pub head: OrderHead,
    pub lines: Vec<LineFields>,
    /// Custom fields that were set, with the values that stood there.
    #[serde(default)]
    pub custom: Vec<CustomBefore>,
}

/// Judges and, in a real run, stores one chunk of orders. Everything happens in the caller's transaction.
pub fn orders_apply(db: &mut Db, run: &Run, drafts: &[OrderDraft]) -> AppResult<Tally> {
    let mut tally = Tally::default();
    let mut by_unit: HashMap<UnitId, Vec<&OrderDraft>> = HashMap::new();
    for draft in drafts {
        let unit = draft.unit.unwrap_or(run.unit_id);
        if draft.lines.iter().any(|line| !line.faults.is_empty()) {
            reject_rows(run, draft, &mut tally);
        } else if run.may_write_unit(unit) {
            by_unit.entry(unit).or_default().push(draft);
        } else {
            let fault = fault(run, "unit_not_allowed", "无权导入到该单位", "You may not import into this unit");
            reject_all(draft, &fault, &mut tally);
        }
    }
    for (unit, drafts) in by_unit {
        let mut chunk = Chunk::load(db, run, unit, &drafts)?;
        for draft in drafts {
            if let Err(fault) = chunk.judge(db, draft, &mut tally)? {
                reject_all(draft, &fault, &mut tally);
            }
        }
        chunk.store(db)?;
    }
    Ok(tally)
}

/// One bad row rejects its whole order: half an order would be wrong in every number.
fn reject_rows(run: &Run, draft: &OrderDraft, tally: &mut Tally) {
    let innocent = fault(run, "order_rejected", "同一订单的其他行有错误", "Another row of this order is wrong");
    for line in &draft.lines {
        let faults = if line.faults.is_empty() { std::slice::from_ref(&innocent) } else { &line.faults };
        tally.reject(line.line, key_of(draft), faults);
    }
}

fn reject_all(draft: &OrderDraft, fault: &CellFault, tally: &mut Tally) {
    for line in &draft.lines {
        tally.reject(line.line, key_of(draft), std::slice::from_ref(fault));
    }
}

fn key_of(draft: &OrderDraft) -> Option<String> {
    draft.code.clone().or_else(|| draft.customer.label().cloned())
}

/// A customer an order is of: standing, or to be created with the chunk.
#[derive(Debug, Clone)]
struct Customer {
    id: PartyId,
    code: String,
    owner: Option<regulars_domain::ids::UserId>,
}

struct Chunk<'r> {
    run: &'r Run,
    unit: UnitId,
    customers: HashMap<(PartyKey, String), Vec<Customer>>,
    products: HashMap<String, (Option<ProductId>, ProductFields)>,
    orders: HashMap<String, OrderHit>,
    lines: HashMap<OrderId, Vec<LineFields>>,
    custom: Customs<'r>,
    new_parties: Vec<NewParty>,
    new_products: Vec<NewProduct>,
    new_orders: Vec<NewOrder>,
    new_customs: Vec<(AnyId, CustomValueRow)>,
}

impl<'r> Chunk<'r> {
    fn load(db: &mut Db, run: &'r Run, unit: UnitId, drafts: &[&OrderDraft]) -> AppResult<Self> {
        let mut chunk = Self {
            run,
            unit,
            customers: HashMap::new(),
            products: HashMap::new(),
            orders: HashMap::new(),
            lines: HashMap::new(),
            custom: Customs::read(run, unit, drafts.iter().map(|draft| (draft.line(), &draft.custom))),
            new_parties: Vec::new(),
            new_products: Vec::new(),
            new_orders: Vec::new(),
            new_customs: Vec::new(),
        };
        chunk.load_customers(db, drafts)?;
        let mut codes: Vec<String> =
            drafts.iter().flat_map(|draft| &draft.lines).filter_map(|line| line.product_code.clone()).collect();
        codes.sort_unstable();
        codes.dedup();
        for ProductHit { id, code, fields, deleted_at, .. } in products_find(db, &codes)? {
            if deleted_at.is_none() {
                chunk.products.insert(code, (Some(id), fields));
            }
        }
        let codes: Vec<String> = drafts.iter().map(|draft| chunk.order_code(draft)).collect();
        for hit in orders_find(db, unit, &codes, &run.order_reach)? {
            chunk.orders.insert(hit.code.clone(), hit);
        }
        let ids: Vec<OrderId> = chunk.orders.values().map(|order| order.id).collect();
        chunk.lines = order_lines(db, &ids)?;
        chunk.custom.stand(db, &ids.iter().map(|id| AnyId(id.0)).collect::<Vec<_>>())?;
        Ok(chunk)
    }

    fn load_customers(&mut self, db: &mut Db, drafts: &[&OrderDraft]) -> AppResult<()> {
        let mut wanted: HashMap<PartyKey, Vec<String>> = HashMap::new();
        for draft in drafts {
            if let Some((key, value)) = draft.customer.strongest() {
                wanted.entry(key).or_default().push(value);
            }
        }
        for (key, mut values) in wanted {
            values.sort_unstable();
            values.dedup();
            for PartyHit { id, code, fields, matched, deleted_at, .. } in
                parties_find(db, self.unit, key, &values, &self.run.customer_reach)?
            {
                if deleted_at.is_none() {
                    let found = Customer { id, code, owner: fields.owner_id };
                    self.customers.entry((key, matched)).or_default().push(found);
                }
            }
        }
        Ok(())
    }

    /// The order's own code, or one made of customer and day, so that a second import finds the order again.
    fn order_code(&self, draft: &OrderDraft) -> String {
        if let Some(code) = &draft.code {
            return code.clone();
        }
        let key = draft.customer.strongest();
        let known = key.as_ref().and_then(|key| self.customers.get(key)).and_then(|found| found.first());
        let customer =
            known.map(|found| found.code.clone()).or_else(|| key.map(|(_, value)| value)).unwrap_or_default();
        let day = draft.ordered_on.map(|on| on.format("%Y%m%d").to_string()).unwrap_or_default();
        format!("{customer}/{day}")
    }

    /// The inner result tells why the order can't be taken.
    fn judge(&mut self, db: &mut Db, draft: &OrderDraft, tally: &mut Tally) -> AppResult<Result<(), CellFault>> {
        let code = self.order_code(draft);
        let custom = match self.customs(draft, &code) {
            Ok(custom) => custom,
            Err(fault) => return Ok(Err(fault)),
        };
        let customer = match self.customer(draft) {
            Ok(customer) => customer,
            Err(fault) => return Ok(Err(fault)),
        };
        let mut lines = Vec::with_capacity(draft.lines.len());
        for line in &draft.lines {
            match self.line(line) {
                Ok(line) => lines.push(line),
                Err(fault) => return Ok(Err(fault)),
            }
        }
        match self.orders.get(&code).cloned() {
            None => {
                self.create((draft, custom), code, &customer, lines, tally);
                Ok(Ok(()))
            }
            Some(order) => match self.order_check(&order) {
                Some(fault) => Ok(Err(fault)),
                None if order.import_id == Some(self.run.import_id) && !self.run.dry => {
                    self.append(db, &order, lines, draft, tally)
                }
                None => self.replace(db, (draft, &custom), &order, &customer, lines, tally),
            },
        }
    }

    /// What the rows say of custom fields. Of an order that earlier rows of this file made, those said it.
    fn customs(&mut self, draft: &OrderDraft, code: &str) -> Result<Vec<CustomValueRow>, CellFault> {
        let line = draft.line();
        match self.orders.get(code) {
            Some(order) if order.import_id == Some(self.run.import_id) && !self.run.dry => Ok(Vec::new()),
            Some(order) => self.custom.take(line, Holder::Record(AnyId(order.id.0))),
            None => {
                self.custom.required(&draft.custom, &json!({"channel": draft.channel, "custom": draft.custom}))?;
                self.custom.take(line, Holder::Line(line))
            }
        }
    }

    fn order_check(&self, order: &OrderHit) -> Option<CellFault> {
        let run = self.run;
        if order.deleted_at.is_some() {
            return Some(fault(run, "deleted", "该订单已被删除", "The order was deleted"));
        }
        if !order.reachable {
            return Some(fault(
                run,
                "not_reachable",
                "该订单已存在,但您无权修改",
                "The order exists, but you may not change it",
            ));
        }
        if order.head.currency != run.currency {
            let (zh, en) = (
                format!("该订单的币种是 {},只能覆盖 {} 订单", order.head.currency, run.currency),
                format!("The order is in {}; only orders in {} are replaced", order.head.currency, run.currency),
            );
            return Some(fault(run, "other_currency", zh, en));
        }
        if order.sent {
            let (zh, en) = ("该订单已有交付或账单,不能覆盖", "The order has deliveries or bills and is not replaced");
            return Some(fault(run, "has_deliveries", zh, en));
        }
        (order.returned != 0)
            .then(|| fault(run, "has_returns", "该订单已有退货,不能覆盖", "The order has returns and is not replaced"))
    }

    /// Finds the customer, or makes one if the import may.
    fn customer(&mut self, draft: &OrderDraft) -> Result<Customer, CellFault> {
        let run = self.run;
        let Some(key) = draft.customer.strongest() else {
            return Err(missing(run));
        };
        match self.customers.get(&key).map(Vec::as_slice) {
            Some([one]) => Ok(one.clone()),
            Some([_, ..]) => Err(ambiguous(run, &key.1)),
            _ if run.plan.options.create_missing_customers && run.refs.qualifies(self.unit) => {
                Err(qualification_needed(run))
            }
            _ if run.plan.options.create_missing_customers => Ok(self.customer_create(key, &draft.customer)),
            _ => Err(unknown(run, &key.1)),
        }
    }

    fn customer_create(&mut self, key: (PartyKey, String), said: &CustomerRef) -> Customer {
        let name = said.name.clone().unwrap_or_else(|| key.1.clone());
        let owner = self.run.owner_default(self.unit);
        let made = Customer { id: PartyId::fresh(), code: said.code.clone().unwrap_or_default(), owner };
        self.new_parties.push(NewParty {
            id: made.id,
            unit_id: self.unit,
            code: made.code.clone(),
            name_key: reading(&name, true),
            fields: PartyFields {
                kind: Some(super::parties::kind_guess(&name, false).to_owned()),
                name: Some(name),
                status: Some("customer".into()),
                owner_id: owner,
                ..PartyFields::default()
            },
            children: PartyChildren {
                phones: said.phone.iter().cloned().collect(),
                emails: said.email.iter().cloned().collect(),
                ..PartyChildren::default()
            },
        });
        self.customers.insert(key, vec![made.clone()]);
        made
    }

    /// A line with its product and its numbers made consistent: gross − discount = amount.
    fn line(&mut self, draft: &LineDraft) -> Result<LineFields, CellFault> {
        let run = self.run;
        let product = match &draft.product_code {
            None => None,
            Some(code) => match self.products.get(code) {
                Some(known) => Some(known.clone()),
                None if run.plan.options.create_missing_products && run.may_product => {
                    Some(self.product_create(code, draft))
                }
                None => {
                    let (zh, en) = (format!("找不到商品「{code}」"), format!("There is no product \"{code}\""));
                    return Err(fault(run, "product_unknown", zh, en));
                }
            },
        };
        let (product_id, fields) = product.unwrap_or((None, ProductFields::default()));
        let quantity = draft.quantity.unwrap_or(1000);
        let price = draft.price.or(if draft.amount.is_none() { fields.price } else { None });
        let Some(numbers) = line_numbers(quantity, price, draft.discount, draft.amount) else {
            return Err(fault(run, "amount_missing", "没有有效的金额或单价", "A valid amount or price is missing"));
        };
        let name = draft.product_name.clone().or(fields.name).or_else(|| draft.product_code.clone());
        Ok(LineFields {
            product_id,
            product_code: draft.product_code.clone(),
            name: name.unwrap_or_default(),
            quantity,
            price: numbers.price,
            discount: numbers.discount,
            amount: numbers.amount,
            cost: fields.cost,
            tax_rate: 0,
            promised_on: None,
            options: None,
        })
    }

    fn product_create(&mut self, code: &str, draft: &LineDraft) -> (Option<ProductId>, ProductFields) {
        let name = draft.product_name.clone().unwrap_or_else(|| code.to_owned());
        let id = ProductId::fresh();
        let fields = ProductFields { name: Some(name.clone()), price: draft.price, ..ProductFields::default() };
        self.new_products.push(NewProduct {
            id,
            code: code.to_owned(),
            name_key: reading(&name, false),
            currency: self.run.currency.clone(),
            fields: fields.clone(),
        });
        let made = (Some(id), fields);
        self.products.insert(code.to_owned(), made.clone());
        made
    }

    fn create(
        &mut self,
        (draft, custom): (&OrderDraft, Vec<CustomValueRow>),
        code: String,
        customer: &Customer,
        lines: Vec<LineFields>,
        tally: &mut Tally,
    ) {
        let head = self.head(draft, customer, None, &lines);
        tally.create(self.run, draft.line(), (draft.rows(), false), Some(code.clone()), || {
            let mut fields = shown(&head, &lines);
            fields.extend(custom_shown(&draft.custom));
            fields
        });
        let id = OrderId::fresh();
        if self.run.dry {
            // Later rows of the file with the same code are the same order.
            return;
        }
        self.new_customs.extend(custom.into_iter().map(|row| (AnyId(id.0), row)));
        self.new_orders.push(NewOrder { id, unit_id: self.unit, code, head, lines });
    }

    /// What the file says, over what stands; sums follow from the lines.
    fn head(
        &self,
        draft: &OrderDraft,
        customer: &Customer,
        old: Option<&OrderHead>,
        lines: &[LineFields],
    ) -> OrderHead {
        let sum = |part: fn(&LineFields) -> i64| lines.iter().map(part).sum::<i64>();
        let (net, discount) = (sum(|line| line.amount), sum(|line| line.discount));
        let status = draft.status.clone().or(old.map(|old| old.status.clone())).unwrap_or_else(|| "completed".into());
        let settled = matches!(status.as_str(), "completed" | "delivered");
        let paid = match (draft.paid, old) {
            (_, Some(old)) => old.paid,
            (Some(paid), None) => paid,
            (None, None) if settled => net,
            (None, None) => 0,
        };
        OrderHead {
            party_id: customer.id,
            owner_id: draft.owner.or(old.and_then(|old| old.owner_id)).or(customer.owner),
            status,
            ordered_on: draft.ordered_on.unwrap_or_default(),
            ordered_at: draft.ordered_at.unwrap_or(self.run.now),
            channel: draft.channel.clone().or(old.and_then(|old| old.channel.clone())),
            currency: self.run.currency.clone(),
            gross: net + discount,
            discount,
            net,
            cost: lines.iter().map(|line| line.cost.and_then(|cost| share(cost, line.quantity, 1000))).sum(),
            paid,
            note: draft.note.clone().or(old.and_then(|old| old.note.clone())),
        }
    }

    fn replace(
        &mut self,
        db: &mut Db,
        (draft, custom): (&OrderDraft, &[CustomValueRow]),
        order: &OrderHit,
        customer: &Customer,
        mut lines: Vec<LineFields>,
        tally: &mut Tally,
    ) -> AppResult<Result<(), CellFault>> {
        let run = self.run;
        let old_lines = self.lines.get(&order.id).cloned().unwrap_or_default();
        unsaid_keep(&mut lines, &old_lines);
        let head = self.head(draft, customer, Some(&order.head), &lines);
        let mut changes = changes_between(&object(&order.head), &object(&head));
        if old_lines != lines {
            changes.push(Change { field: "lines".into(), before: json!(old_lines), after: json!(lines) });
        }
        let id = AnyId(order.id.0);
        let (stood, custom) = self.custom.changes(id, (&draft.custom, custom), &mut changes);
        if changes.is_empty() {
            tally.unchanged(draft.rows());
            return Ok(Ok(()));
        }
        let own: Vec<CustomFieldId> = stood.iter().map(|one| one.field_id).collect();
        let before = OrderBefore {
            version: order.version + 1,
            import_id: order.import_id,
            head: order.head.clone(),
            lines: old_lines,
            custom: stood,
        };
        tally.update(draft.line(), draft.rows(), id, Some(order.code.clone()), &changes, &before);
        if run.dry {
            return Ok(Ok(()));
        }
        if !order_replace(db, order.id, order.version, head, lines, Some(run.import_id), run.now)? {
            return Err(AppError::Serialization);
        }
        custom_fields_set(db, id, &own, custom)?;
        Ok(Ok(()))
    }

    /// More rows of an order this run has written already: the file is not sorted by order.
    fn append(
        &mut self,
        db: &mut Db,
        order: &OrderHit,
        more: Vec<LineFields>,
        draft: &OrderDraft,
        tally: &mut Tally,
    ) -> AppResult<Result<(), CellFault>> {
        let mut lines = self.lines.get(&order.id).cloned().unwrap_or_default();
        let from = lines.len();
        lines.extend(more.iter().cloned());
        let customer = Customer { id: order.head.party_id, code: String::new(), owner: order.head.owner_id };
        let mut head = self.head(draft, &customer, Some(&order.head), &lines);
        if matches!(head.status.as_str(), "completed" | "delivered") && order.head.paid == order.head.net {
            head.paid = head.net;
        }
        order_append(db, order.id, &head, from, more, self.run.now)?;
        self.lines.insert(order.id, lines);
        self.orders.insert(order.code.clone(), OrderHit { head, ..order.clone() });
        tally.appended(draft.rows());
        Ok(Ok(()))
    }

    fn store(mut self, db: &mut Db) -> AppResult<()> {
        if self.run.dry {
            return Ok(());
        }
        let by = self.run.provenance();
        let missing = self.new_parties.iter().filter(|party| party.code.is_empty()).count();
        let mut codes = codes_take(db, self.run, self.unit, missing)?.into_iter();
        for party in self.new_parties.iter_mut().filter(|party| party.code.is_empty()) {
            party.code = codes.next().unwrap_or_default();
        }
        parties_insert(db, self.new_parties, by)?;
        products_insert(db, self.new_products, by)?;
        orders_insert(db, self.new_orders, by)?;
        Ok(customs_insert(db, self.new_customs)?)
    }
}

struct LineNumbers {
    price: i64,
    discount: i64,
    amount: i64,
}

/// `value × times / by`, rounded half away from zero; none when it does not fit.
fn share(value: i64, times: i64, by: i64) -> Option<i64> {
    let product = i128::from(value) * i128::from(times);
    let half = i128::from(by / 2) * product.signum();
    i64::try_from((product + half) / i128::from(by)).ok()
}

/// The amount is what was paid for; price and discount are made to agree with it. Quantity in thousandths, above 0.
fn line_numbers(quantity: i64, price: Option<i64>, discount: Option<i64>, amount: Option<i64>) -> Option<LineNumbers> {
    match (price, amount) {
        (Some(price), None) => {
            let gross = share(price, quantity, 1000)?;
            let discount = discount.unwrap_or(0);
            (discount <= gross).then_some(LineNumbers { price, discount, amount: gross - discount })
        }
        (Some(price), Some(amount)) if share(price, quantity, 1000)? >= amount => {
            Some(LineNumbers { price, discount: share(price, quantity, 1000)? - amount, amount })
        }
        (_, Some(amount)) => {
            let discount = discount.unwrap_or(0);
            let price = share(amount.checked_add(discount)?, 1000, quantity)?;
            Some(LineNumbers { price, discount, amount })
        }
        (None, None) => None,
    }
}

/// What files do not say of a line stays as it was: of the first line of the same goods that no earlier one took.
fn unsaid_keep(lines: &mut [LineFields], old: &[LineFields]) {
    let mut left: Vec<&LineFields> = old.iter().collect();
    for line in lines {
        let same = |old: &&LineFields| match line.product_id {
            Some(product) => old.product_id == Some(product),
            None => old.product_id.is_none() && old.name == line.name,
        };
        if let Some(found) = left.iter().position(same) {
            let old = left.remove(found);
            (line.tax_rate, line.promised_on, line.options) = (old.tax_rate, old.promised_on, old.options.clone());
        }
    }
}

/// A new order as the check shows it.
fn shown(head: &OrderHead, lines: &[LineFields]) -> Map<String, Value> {
    let mut fields = object(head);
    fields.insert("lines".into(), json!(lines));
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_numbers_agree() {
        let cases = [
            ((2000, Some(500), None, None), Some((500, 0, 1000))),
            ((2000, Some(500), Some(100), None), Some((500, 100, 900))),
            ((2000, Some(500), None, Some(900)), Some((500, 100, 900))),
            ((3000, None, None, Some(1000)), Some((333, 0, 1000))),
            ((2000, Some(400), None, Some(900)), Some((450, 0, 900))),
            ((1000, None, Some(50), Some(950)), Some((1000, 50, 950))),
            ((1000, Some(10), Some(50), None), None),
            ((1000, None, None, None), None),
        ];
        for ((quantity, price, discount, amount), expected) in cases {
            let found = line_numbers(quantity, price, discount, amount).map(|n| (n.price, n.discount, n.amount));
            assert_eq!(found, expected, "{quantity} {price:?} {discount:?} {amount:?}");
        }
    }
}
