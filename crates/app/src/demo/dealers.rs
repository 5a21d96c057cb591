//! Dealers of the unit that sells to businesses: their clerks with what those were taught, and a year of what they sold.

use chrono::{Datelike, Days, Months};
use regulars_domain::demo::{Rng, person};
use regulars_domain::ids::{DealerId, PartyId, RelationId, SelloutCellId, TrainingId, UserId};
use regulars_domain::sellout::{Period, PeriodKind};
use regulars_persistence::Db;
use regulars_persistence::customers::relation::{RelationRow, relation_insert};
use regulars_persistence::customers::training::{TrainingRow, training_insert};
use regulars_persistence::sales::dealer::{DealerRow, dealer_insert};
use regulars_persistence::sales::sellout::{CellRow, cells_put, changes_note, sheet_ensure, sheet_touch};

use super::company::{DemoStaffUnit, Staff};
use super::goods::Goods;
use super::parties::{NewParty, party_make};
use super::{Stage, id_at};
use crate::access::settings::Settings;
use crate::customers::code::codes_take;
use crate::sales::dealer::CLERK;
use crate::{AppError, AppResult};

/// Name, kind, where it sells, how many clerks, how many of ten customers ask for our goods.
const DEALERS: [(&str, &str, &str, u64, i64); 5] = [
    ("青石桥家居商行", "dealer", "苏州、无锡", 4, 8),
    ("望江百货连锁", "store", "杭州城区", 3, 6),
    ("北辰商贸有限公司", "agent", "京津冀", 3, 5),
    ("木棉生活馆", "store", "广州、佛山", 2, 4),
    ("长风渠道服务公司", "partner", "西南", 2, 3),
];
/// Course, how many months it counts: 0 for good.
const COURSES: [(&str, u32); 4] = [("product", 24), ("sales", 0), ("service", 12), ("display", 0)];
/// How many products each one reports, over how many months.
const PRODUCTS: usize = 6;
const MONTHS: u32 = 12;

/// Answers how many customers there are more.
pub(super) fn fill(tx: &mut Db, stage: &Stage, staff: &Staff, goods: &Goods) -> AppResult<usize> {
    let Some(unit) = staff.units.last() else { return Ok(0) };
    let (mut parties, mut places) = (0, Vec::new());
    for ((name, kind, territory, clerks, demand), place) in DEALERS.into_iter().zip(0_u64..) {
        let rng = &mut stage.chance(75, place);
        let since = stage.opened_on + Days::new(rng.between(30, 700) as u64);
        let at = stage.at(since, 630);
        let owner = rng.pick(&unit.sellers).copied().unwrap_or(unit.head);
        let shop: PartyId = id_at(at, rng);
        let code = code(tx, unit)?;
        let made = NewParty { id: shop, kind: "organization", name, status: "customer", code, unit, owner, at };
        party_make(tx, made)?;
        dealer_insert(
            tx,
            DealerRow {
                id: id_at::<DealerId>(at, rng),
                party_id: shop,
                kind: kind.into(),
                since: Some(since),
                ended_on: None,
                territory: Some(territory.into()),
                note: None,
                version: 1,
                created_by: Some(owner),
                created_at: at,
                updated_at: at,
            },
        )?;
        for clerk in 0..clerks {
            clerk_make(tx, stage, unit, (shop, owner), &mut stage.chance(76, place * 10 + clerk))?;
        }
        parties += 1 + clerks as usize;
        places.push((shop, demand));
    }
    sold(tx, stage, goods, &places, unit.head)?;
    Ok(parties)
}

fn code(tx: &mut Db, unit: &DemoStaffUnit) -> AppResult<Option<String>> {
    Ok(codes_take(tx, &Settings::default().customer_code_pattern, unit.id, unit.code, 1)?.pop())
}

fn clerk_make(
    tx: &mut Db,
    stage: &Stage,
    unit: &DemoStaffUnit,
    (shop, owner): (PartyId, UserId),
    rng: &mut Rng,
) -> AppResult<()> {
    let since = stage.yesterday - Days::new(rng.between(60, 800) as u64);
    let at = stage.at(since, 660);
    let who = person(rng, 1980, 2004);
    let id: PartyId = id_at(at, rng);
    let code = code(tx, unit)?;
    let made = NewParty { id, kind: "person", name: &who.name, status: "customer", code, unit, owner, at };
    party_make(tx, made)?;
    relation_insert(
        tx,
        RelationRow {
            id: id_at::<RelationId>(at, rng),
            from_id: id,
            to_id: shop,
            role: CLERK.into(),
            is_primary: false,
            valid_from: Some(since),
            valid_to: None,
            note: None,
            import_id: None,
            version: 1,
            created_at: at,
            updated_at: at,
        },
    )?;
    for (course, months) in COURSES.into_iter().take(rng.between(0, 3) as usize) {
        let days = rng.between(10, 500) as u64;
        let on_date = (stage.yesterday - Days::new(days)).max(since);
        let at = stage.at(on_date, 1_020);
        let score = rng.between(52, 99);
        training_insert(
            tx,
            TrainingRow {
                id: id_at::<TrainingId>(at, rng),
                party_id: id,
                course: course.into(),
                on_date,
                passed: score >= 60,
                score: Some(score as f64),
                valid_until: (months > 0).then(|| on_date + Months::new(months)),
                note: None,
                import_id: None,
                version: 1,
                created_at: at,
                updated_at: at,
            },
        )?;
    }
    Ok(())
}

/// The sheets of the last full months.
fn sold(tx: &mut Db, stage: &Stage, goods: &Goods, places: &[(PartyId, i64)], by: UserId) -> AppResult<()> {
    let this_month = stage.yesterday.with_day(1).unwrap_or(stage.yesterday);
    for back in (1..=MONTHS).rev() {
        let first = this_month - Months::new(back);
        let period = Period::of(PeriodKind::Month, first).to_string();
        // Told on the third of the month after.
        let at = stage.at((first + Months::new(1) + Days::new(2)).min(stage.yesterday), 1_000);
        let sheet = sheet_ensure(tx, &period, at)?.ok_or(AppError::NotFound)?;
        let mut cells = Vec::new();
        for (place, (shop, demand)) in places.iter().enumerate() {
            for (row, product) in goods.products.iter().take(PRODUCTS).enumerate() {
                let rng = &mut stage.chance(77, (back as u64 * 100 + place as u64) * 100 + row as u64);
                // More before the holidays of winter, and a little more each month.
                let season = if matches!(first.month(), 1 | 11 | 12) { 130 } else { 100 };
                let pieces = demand * rng.between(2, 9) * season * i64::from(MONTHS * 2 - back) / 1_000;
                cells.push(CellRow {
                    id: id_at::<SelloutCellId>(at, rng),
                    period: period.clone(),
                    measure: "sell_out".into(),
                    party_id: *shop,
                    item: product.to_string(),
                    product_id: Some(*product),
                    number: Some(pieces * 1_000),
                    words: None,
                    revision: sheet.version + 1,
                    changed_by: Some(by),
                    changed_at: at,
                });
            }
        }
        cells_put(tx, &cells)?;
        changes_note(tx, &cells, None)?;
        sheet_touch(tx, sheet.id, sheet.version + 1, at)?;
    }
    Ok(())
}
