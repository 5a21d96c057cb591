//! The best customers of each unit are key accounts: a team, a plan, goals, and where they are to be met.

use chrono::Days;
use regulars_domain::ids::KeyAccountId;
use regulars_persistence::Db;
use regulars_persistence::customers::key_account::{KeyAccountRow, key_account_insert, members_put};
use serde_json::json;

use super::company::Staff;
use super::customers::{Buyer, People};
use super::pools::RARE;
use super::{Stage, id_at};
use crate::AppResult;

/// So many of each unit.
const BEST: usize = 3;
const PLANS: [&str; 3] = [
    "从办公室用咖啡扩展到员工餐厅，明年签年度框架协议。",
    "把分散的零星采购合并为每月一次的补货，指定专人对接。",
    "联合办两场品鉴会，让总部采购了解全线产品。",
];

pub(super) fn fill(tx: &mut Db, stage: &Stage, staff: &Staff, people: &People) -> AppResult<()> {
    for (at, unit) in staff.units.iter().enumerate() {
        let of_unit = people.buyers.iter().filter(|one| one.unit == at);
        // Whom the pool has not.
        let mut best: Vec<&Buyer> =
            of_unit.enumerate().filter(|(row, _)| row % RARE != 0).map(|(_, one)| one).collect();
        best.sort_by_key(|one| std::cmp::Reverse(one.orders.iter().map(|order| order.gross()).sum::<i64>()));
        for (place, one) in best.into_iter().take(BEST).enumerate() {
            let rng = &mut stage.chance(72, (at * BEST + place) as u64);
            let made_on = stage.yesterday - Days::new(rng.between(30, 200) as u64);
            let day = |days: u64| stage.yesterday + Days::new(days);
            let touchpoints = json!([
                {"group": "contact", "key": "visit", "every_days": 60},
                {"group": "contact", "key": "call", "every_days": 30},
                {"group": "place", "key": "fair", "every_days": 365, "met_on": stage.yesterday - Days::new(240)},
                {"group": "place", "key": "site", "every_days": 90,
                    "met_on": stage.yesterday - Days::new(rng.between(20, 150) as u64)},
            ]);
            let goals = json!([
                {"title": "签订年度框架协议", "target": "双方盖章", "due_on": day(120), "status": "open"},
                {"title": "新增一个使用部门", "target": "首张订单", "due_on": day(45), "status": "open"},
                {"title": "建立双周沟通", "status": "reached"},
            ]);
            let row = KeyAccountRow {
                id: id_at::<KeyAccountId>(stage.at(made_on, 600), rng),
                party_id: one.party,
                level: (place == 0).then(|| "partnership".into()),
                plan: PLANS.get(place).map(|plan| (*plan).into()),
                review_on: Some(day(rng.between(5, 60) as u64)),
                goals,
                touchpoints,
                version: 1,
                created_by: Some(unit.head),
                created_at: stage.at(made_on, 600),
                updated_at: stage.at(made_on, 600),
            };
            let helper = unit.sellers.iter().copied().find(|seller| *seller != one.owner).unwrap_or(unit.head);
            key_account_insert(tx, row.clone())?;
            members_put(tx, row.id, &[(unit.head, "sponsor".into()), (helper, "service".into())])?;
        }
    }
    Ok(())
}
