//! A monthly membership that some buyers hold, so that retention has something to tell: each leaves with a probability
//! of their own, as the shifted beta-geometric has it.

use chrono::{Days, Months, NaiveDate};
use regulars_domain::ids::{CategoryId, EventId, OrderId, PaymentId, ProductId};
use regulars_domain::naming;
use regulars_domain::naming::CodePattern;
use regulars_persistence::Db;
use regulars_persistence::demo::{CATEGORY, EVENT, ORDER_LINE, PAYMENT, PRODUCT, SALES_ORDER, rows_insert};
use serde_json::json;

use super::company::Staff;
use super::customers::{Buyer, People};
use super::rows::Rows;
use super::{CURRENCY, Stage, id_at};
use crate::access::settings::Settings;
use crate::customers::code::CodeScope;
use crate::insight::programme::settings::ProgrammeSettings;
use crate::{AppError, AppResult};

const NAME: &str = "回声会员月卡";
const CODE: &str = "EC-001";
const PRICE: i64 = 3_000;
const COST: i64 = 600;
/// Months since the membership was first sold.
const SOLD_FOR: i64 = 30;
/// Of all buyers.
const HOLDERS: f64 = 0.15;
/// How the probabilities of leaving are spread.
const LEAVING: (f64, f64) = (0.67, 5.0);
/// A quantity of one, in thousandths.
const ONE: i64 = 1_000;

fn category(stage: &Stage) -> CategoryId {
    id_at(stage.opened_at(), &mut stage.chance(70, 0))
}

/// The settings of the demonstration: the membership's sales are bills.
pub(super) fn settings(stage: &Stage) -> Settings {
    let mut settings = Settings::default();
    settings.insight.programmes.push(ProgrammeSettings {
        key: "membership".into(),
        name_zh: "会员月卡".into(),
        name_en: "Monthly membership".into(),
        category_ids: vec![category(stage).0],
        product_ids: Vec::new(),
        period_months: 1,
        grace_days: 15,
    });
    settings
}

/// Writes the membership and its bills; answers how many. `next` are the numbers of the next orders of the units.
pub(super) fn fill(tx: &mut Db, stage: &Stage, staff: &Staff, people: &People, next: &[u64]) -> AppResult<usize> {
    let product = goods_fill(tx, stage)?;
    let settings = Settings::default();
    let pattern = CodePattern::parse(&settings.order_code_pattern).map_err(AppError::internal)?;
    let mut bills: Vec<(&Buyer, NaiveDate)> = Vec::new();
    for (at, buyer) in people.buyers.iter().enumerate() {
        bills.extend(held(stage, at as u64, buyer).into_iter().map(|on| (buyer, on)));
    }
    bills.sort_by_key(|(buyer, on)| (*on, buyer.party));
    let mut next = next.to_vec();
    let mut rows = Rows::default();
    for (at, (buyer, on)) in bills.iter().enumerate() {
        let unit = &staff.units[buyer.unit];
        let code = pattern.render(unit.code, next[buyer.unit]);
        next[buyer.unit] += 1;
        write(&mut rows, stage, (at as u64, buyer, *on), (unit.id.0, code, product));
        rows.write_when_full(tx)?;
    }
    rows.write(tx)?;
    for (unit, next) in staff.units.iter().zip(next) {
        let last = pattern.render(unit.code, next.saturating_sub(1));
        let scope = CodeScope::new("order", &settings.order_code_pattern, unit.id, unit.code)?;
        scope.used(tx, [last.as_str()])?;
    }
    Ok(bills.len())
}

fn goods_fill(tx: &mut Db, stage: &Stage) -> AppResult<ProductId> {
    let at = stage.opened_at();
    let row = vec![
        category(stage).into(),
        None::<CategoryId>.into(),
        "会员服务".into(),
        1_000_i64.into(),
        1_i64.into(),
        at.into(),
        at.into(),
    ];
    rows_insert(tx, CATEGORY, vec![row])?;
    let id: ProductId = id_at(at, &mut stage.chance(71, 0));
    let row = vec![
        id.into(),
        CODE.into(),
        NAME.into(),
        naming::reading(NAME, false).into(),
        None::<regulars_domain::ids::BrandId>.into(),
        category(stage).into(),
        "月".into(),
        PRICE.into(),
        COST.into(),
        CURRENCY.into(),
        true.into(),
        false.into(),
        1_i64.into(),
        at.into(),
        at.into(),
    ];
    rows_insert(tx, PRODUCT, vec![row])?;
    Ok(id)
}

/// The days on which a buyer paid for the membership: from some month on until they leave, a few days late now and then.
fn held(stage: &Stage, at: u64, buyer: &Buyer) -> Vec<NaiveDate> {
    let rng = &mut stage.chance(72, at);
    let known_since = buyer.orders.iter().map(|order| order.on).min();
    let begun = stage.yesterday - Days::new(rng.between(0, SOLD_FOR * 30).unsigned_abs());
    let Some(first) = known_since.map(|on| on.max(begun)).filter(|_| rng.chance(HOLDERS)) else { return Vec::new() };
    let leaving = rng.beta(LEAVING.0, LEAVING.1);
    let mut days = vec![first];
    for month in 1.. {
        let late = if rng.chance(0.2) { rng.between(1, 6).unsigned_abs() } else { 0 };
        let on = first.checked_add_months(Months::new(month)).map(|on| on + Days::new(late));
        let Some(on) = on.filter(|on| *on <= stage.yesterday) else { break };
        if rng.chance(leaving) {
            break;
        }
        days.push(on);
    }
    days
}

fn write(
    rows: &mut Rows,
    stage: &Stage,
    (at, buyer, on): (u64, &Buyer, NaiveDate),
    (unit, code, product): (uuid::Uuid, String, ProductId),
) {
    let rng = &mut stage.chance(73, at);
    let paid_at = stage.at(on, 600);
    let id: OrderId = id_at(paid_at, rng);
    rows.push(
        SALES_ORDER,
        [
            id.into(),
            unit.into(),
            buyer.owner.into(),
            buyer.party.into(),
            code.as_str().into(),
            "completed".into(),
            on.into(),
            paid_at.into(),
            "miniprogram".into(),
            CURRENCY.into(),
            PRICE.into(),
            0_i64.into(),
            PRICE.into(),
            PRICE.into(),
            COST.into(),
            0_i64.into(),
            PRICE.into(),
            1_i64.into(),
            buyer.owner.into(),
            paid_at.into(),
            paid_at.into(),
        ],
    );
    let event: EventId = id_at(paid_at, rng);
    rows.push(
        EVENT,
        [
            event.into(),
            paid_at.into(),
            buyer.owner.into(),
            "created".into(),
            "order".into(),
            id.into(),
            buyer.party.into(),
            unit.into(),
            buyer.owner.into(),
            json!({"code": code, "status": "completed"}).into(),
        ],
    );
    rows.push(
        ORDER_LINE,
        [
            id.into(),
            0_i64.into(),
            product.into(),
            CODE.into(),
            NAME.into(),
            ONE.into(),
            PRICE.into(),
            0_i64.into(),
            PRICE.into(),
            COST.into(),
        ],
    );
    let payment: PaymentId = id_at(paid_at, rng);
    rows.push(PAYMENT, [payment.into(), id.into(), on.into(), PRICE.into(), "wechat_pay".into(), paid_at.into()]);
}
