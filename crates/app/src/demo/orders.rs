//! Orders with their lines, deliveries, payments and returns, in the order in which they happened.

use chrono::Days;
use regulars_domain::demo::{DemoLine, DemoOrder};
use regulars_domain::ids::{EventId, OrderDeliveryId, OrderId, PaymentId, ReturnId};
use regulars_domain::naming::CodePattern;
use regulars_persistence::Db;
use regulars_persistence::demo::{DELIVERY, DELIVERY_LINE, EVENT, ORDER_LINE, ORDER_RETURN, PAYMENT, SALES_ORDER};
use serde_json::json;

use super::company::Staff;
use super::customers::{Buyer, People};
use super::goods::Goods;
use super::rows::Rows;
use super::{CURRENCY, Stage, id_at};
use crate::access::settings::Settings;
use crate::customers::code::CodeScope;
use crate::{AppError, AppResult};

/// A quantity of one, in thousandths.
const ONE: i64 = 1_000;
/// How long ago deliveries are still on file one by one.
const SENT_FOR: Days = Days::new(120);

/// Writes all orders; answers how many, and the numbers of the next ones of the units.
pub(super) fn fill(
    tx: &mut Db,
    stage: &Stage,
    staff: &Staff,
    goods: &Goods,
    people: &People,
) -> AppResult<(usize, Vec<u64>)> {
    let settings = Settings::default();
    let pattern = CodePattern::parse(&settings.order_code_pattern).map_err(AppError::internal)?;
    let mut all: Vec<(&Buyer, &DemoOrder)> =
        people.buyers.iter().flat_map(|buyer| buyer.orders.iter().map(move |order| (buyer, order))).collect();
    all.sort_by_key(|(buyer, order)| (order.on, order.minute, buyer.party));
    let mut rows = Rows::default();
    let mut next = vec![pattern.first(); staff.units.len()];
    for (at, (buyer, order)) in all.iter().enumerate() {
        let unit = &staff.units[buyer.unit];
        let code = pattern.render(unit.code, next[buyer.unit]);
        next[buyer.unit] += 1;
        write(&mut rows, stage, goods, (at as u64, buyer, order), (unit.id.0, code));
        rows.write_when_full(tx)?;
    }
    rows.write(tx)?;
    for (unit, next) in staff.units.iter().zip(&next) {
        let last = pattern.render(unit.code, next.saturating_sub(1));
        let scope = CodeScope::new("order", &settings.order_code_pattern, unit.id, unit.code)?;
        scope.used(tx, [last.as_str()])?;
    }
    Ok((all.len(), next))
}

fn write(
    rows: &mut Rows,
    stage: &Stage,
    goods: &Goods,
    (at, buyer, order): (u64, &Buyer, &DemoOrder),
    (unit, code): (uuid::Uuid, String),
) {
    let rng = &mut stage.chance(30, at);
    let ordered_at = stage.at(order.on, order.minute);
    let id: OrderId = id_at(ordered_at, rng);
    let net = order.gross() - order.discount();
    let cost: i64 = order.lines.iter().map(|line| cost_of(goods, line)).sum();
    let back = order.returned_line.and_then(|place| Some((place, order.lines.get(place)?)));
    let returned = back.map_or(0, |(_, line)| amount_of(line));
    let paid = if order.paid { net - returned } else { 0 };
    let status = if order.paid { "completed" } else { "delivered" };
    rows.push(
        SALES_ORDER,
        [
            id.into(),
            unit.into(),
            buyer.owner.into(),
            buyer.party.into(),
            code.as_str().into(),
            status.into(),
            order.on.into(),
            ordered_at.into(),
            order.channel.into(),
            CURRENCY.into(),
            order.gross().into(),
            order.discount().into(),
            net.into(),
            net.into(),
            cost.into(),
            returned.into(),
            paid.into(),
            1_i64.into(),
            buyer.owner.into(),
            ordered_at.into(),
            ordered_at.into(),
        ],
    );
    let event: EventId = id_at(ordered_at, &mut stage.chance(32, at));
    rows.push(
        EVENT,
        [
            event.into(),
            ordered_at.into(),
            buyer.owner.into(),
            "created".into(),
            "order".into(),
            id.into(),
            buyer.party.into(),
            unit.into(),
            buyer.owner.into(),
            json!({"code": code, "status": status}).into(),
        ],
    );
    for (position, line) in order.lines.iter().enumerate() {
        let product = &goods.catalogue.products[line.product];
        rows.push(
            ORDER_LINE,
            [
                id.into(),
                (position as i64).into(),
                goods.products[line.product].into(),
                product.code.into(),
                product.name.into(),
                (i64::from(line.quantity) * ONE).into(),
                line.price.into(),
                line.discount.into(),
                amount_of(line).into(),
                product.cost.into(),
            ],
        );
    }
    if order.channel != "store" && order.on + SENT_FOR >= stage.yesterday {
        send(rows, stage, (at, buyer, order), id);
    }
    let mut pay = |on: chrono::NaiveDate, amount: i64, method: &str, at: chrono::DateTime<chrono::Utc>| {
        let payment: PaymentId = id_at(at, rng);
        rows.push(PAYMENT, [payment.into(), id.into(), on.into(), amount.into(), method.into(), at.into()]);
    };
    let method = method_of(order.channel, at);
    if order.paid {
        pay(order.on, net, method, ordered_at);
    }
    if let Some((place, line)) = back {
        let on = (order.on + Days::new(1 + at % 6)).min(stage.yesterday);
        let returned_at = stage.at(on, 1_140).max(ordered_at);
        if order.paid {
            pay(on, -returned, method, returned_at);
        }
        let reason = ["changed_mind", "damaged", "defect", "not_as_expected"][at as usize % 4];
        let made: ReturnId = id_at(returned_at, &mut stage.chance(31, at));
        rows.push(
            ORDER_RETURN,
            [
                made.into(),
                id.into(),
                (place as i64).into(),
                on.into(),
                (i64::from(line.quantity) * ONE).into(),
                returned.into(),
                reason.into(),
                returned_at.into(),
            ],
        );
    }
}

/// What was not handed over in a shop went out with a carrier.
fn send(rows: &mut Rows, stage: &Stage, (at, buyer, order): (u64, &Buyer, &DemoOrder), id: OrderId) {
    let on = (order.on + Days::new(1)).min(stage.yesterday);
    let sent_at = stage.at(on, 960).max(stage.at(order.on, order.minute));
    let delivery: OrderDeliveryId = id_at(sent_at, &mut stage.chance(33, at));
    let carrier = ["顺丰速运", "中通快递", "京东物流"][at as usize % 3];
    rows.push(
        DELIVERY,
        [
            delivery.into(),
            id.into(),
            on.into(),
            carrier.into(),
            format!("{:012}", 730_000_000_000 + at * 7_919).into(),
            buyer.owner.into(),
            sent_at.into(),
        ],
    );
    for (position, line) in order.lines.iter().enumerate() {
        rows.push(DELIVERY_LINE, [delivery.into(), (position as i64).into(), (i64::from(line.quantity) * ONE).into()]);
    }
}

fn amount_of(line: &DemoLine) -> i64 {
    line.price * i64::from(line.quantity) - line.discount
}

fn cost_of(goods: &Goods, line: &DemoLine) -> i64 {
    goods.catalogue.products[line.product].cost * i64::from(line.quantity)
}

fn method_of(channel: &str, at: u64) -> &'static str {
    let methods: &[&'static str] = match channel {
        "store" => &["wechat_pay", "alipay", "wechat_pay", "cash", "card"],
        "phone" => &["transfer"],
        _ => &["wechat_pay", "alipay"],
    };
    methods[at as usize % methods.len()]
}
