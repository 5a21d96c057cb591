//! Leads and opportunities in every stage, each with the history of how it came there, and an offer where it came so far.

use chrono::{DateTime, Days, Utc};
use regulars_domain::demo::Rng;
use regulars_domain::ids::{OpportunityId, PipelineId, StageId, UserId};
use regulars_domain::naming;
use regulars_domain::pipeline::{LEAD, OPPORTUNITY, StageStatus, weighted};
use regulars_domain::sales::RATE_ONE;
use regulars_persistence::Db;
use regulars_persistence::activities::touch::touches_refresh;
use regulars_persistence::sales::opportunity::{
    NoteRow, OpportunityParts, OpportunityRow, StepRow, opportunity_insert, parts_set,
};
use regulars_persistence::sales::pipeline::{StageRow, pipeline_list, stages_of};
use regulars_persistence::sales::stage_change::{StageChangeRow, change_insert, forever};
use regulars_persistence::types::AnyId;

use super::company::{DemoStaffUnit, Staff};
use super::customers::{Buyer, People};
use super::quotes::{self, DemoQuote};
use super::{CURRENCY, Stage, id_at};
use crate::AppResult;

/// Opportunities of each unit.
const MANY: usize = 36;
/// Stages behind one that has an offer.
const OFFERED_AT: usize = 3;
const GOODS: [&str; 6] = ["办公咖啡机采购", "会员礼盒定制", "茶饮门店设备", "年节团购", "员工福利卡", "样板间软装"];
const LEADS: [&str; 3] = ["周先生", "吴女士", "郑经理"];
const WON: [&str; 3] = ["service", "relationship", "price"];
const LOST: [&str; 4] = ["price", "competitor", "budget", "timing"];

/// Fills the first pipeline.
pub(super) fn fill(tx: &mut Db, stage: &Stage, staff: &Staff, people: &People) -> AppResult<()> {
    let Some(pipeline) = pipeline_list(tx, None)?.into_iter().next() else { return Ok(()) };
    let stages = stages_of(tx, &[pipeline.id])?;
    for (at, unit) in staff.units.iter().enumerate() {
        let buyers: Vec<&Buyer> = people.buyers.iter().filter(|buyer| buyer.unit == at).collect();
        for row in 0..MANY {
            let rng = &mut stage.chance(60, (at * 1_000 + row) as u64);
            let buyer = rng.pick(&buyers).copied();
            one(tx, stage, unit, (pipeline.id, &stages), (row, buyer), rng)?;
        }
    }
    Ok(())
}

fn one(
    tx: &mut Db,
    stage: &Stage,
    unit: &DemoStaffUnit,
    (pipeline, stages): (PipelineId, &[StageRow]),
    (row, buyer): (usize, Option<&Buyer>),
    rng: &mut Rng,
) -> AppResult<()> {
    let reached = &stages[row % stages.len()];
    let lead = reached.position == 1 && row % 2 == 0;
    let owner = unit.sellers.get(row % unit.sellers.len().max(1)).copied();
    let owner = owner.unwrap_or(unit.head);
    let way: Vec<&StageRow> = stages
        .iter()
        .filter(|one| one.status == StageStatus::Open.key() && one.position < reached.position)
        .chain([reached])
        .collect();
    let begun = stage.at(stage.yesterday - Days::new((way.len() * 14 + rng.below(20)) as u64), 600);
    let amount = rng.between(20, 200) * 100_000;
    let goods = GOODS[rng.below(GOODS.len())];
    let name = goods.to_string();
    let closed = StageStatus::parse(&reached.status).is_some_and(StageStatus::is_closed);
    let moments: Vec<DateTime<Utc>> = (0..way.len() as u64).map(|step| begun + Days::new(step * 13)).collect();
    let last = moments.last().copied().unwrap_or(begun);
    let reason = match reached.status.as_str() {
        "won" => Some(WON[row % WON.len()]),
        "lost" => Some(LOST[row % LOST.len()]),
        _ => None,
    };
    let id: OpportunityId = id_at(begun, rng);
    opportunity_insert(
        tx,
        OpportunityRow {
            id,
            unit_id: unit.id,
            owner_id: Some(owner),
            party_id: buyer.filter(|_| !lead).map(|buyer| buyer.party),
            pipeline_id: pipeline,
            stage_id: reached.id,
            form_id: None,
            kind: if lead { LEAD } else { OPPORTUNITY }.into(),
            status: reached.status.clone(),
            name_key: naming::reading(&name, false),
            name,
            amount,
            currency: CURRENCY.into(),
            exchange_rate: RATE_ONE,
            amount_base: amount,
            expected_close: Some(stage.yesterday + Days::new(rng.below(120) as u64 + 3)),
            source: Some(["referral", "website", "event", "wechat"][row % 4].into()),
            reason: reason.map(Into::into),
            competitor: (reached.status == "lost").then(|| "城南商贸".into()),
            remarks: None,
            lead_company: None,
            lead_person: lead.then(|| LEADS[row % LEADS.len()].into()),
            lead_phone: None,
            lead_email: None,
            consent_text: None,
            plan_outcome: None,
            stage_since: last,
            qualified_at: (!lead).then_some(begun),
            closed_at: closed.then_some(last),
            version: 1,
            created_by: Some(owner),
            created_at: begun,
            updated_at: last,
        },
    )?;
    parts(tx, stage, unit, id, reached)?;
    if let Some(buyer) = buyer.filter(|_| !lead && way.len() >= OFFERED_AT) {
        let offer = DemoQuote {
            opportunity: id,
            party: buyer.party,
            owner,
            name: goods,
            amount,
            at: last,
            outcome: &reached.status,
        };
        quotes::write(tx, stage, unit, &offer, rng)?;
    }
    history(tx, unit, (id, owner), (&way, &moments), (amount, reason))?;
    Ok(touches_refresh(tx, &[id])?)
}

/// A need, a resistance, and a plan where there is still something to do.
fn parts(tx: &mut Db, stage: &Stage, unit: &DemoStaffUnit, id: OpportunityId, reached: &StageRow) -> AppResult<()> {
    if reached.position == 1 {
        return Ok(());
    }
    let note = |kind: &str, content: &str, status: &str| NoteRow {
        opportunity_id: id,
        kind: kind.into(),
        content: content.into(),
        status: status.into(),
        answer: (status == "answered").then(|| "已提供样品试用".into()),
    };
    let step = |title: &str, done: bool, days: u64| StepRow {
        id: AnyId(uuid::Uuid::now_v7()),
        opportunity_id: id,
        owner_id: None,
        title: title.into(),
        due_on: Some(stage.yesterday + Days::new(days)),
        required: true,
        status: if done { "done" } else { "open" }.into(),
        result: done.then(|| "客户认可".into()),
        done_at: done.then_some(stage.now),
        done_by: done.then_some(unit.head),
    };
    let beyond = reached.position > 3;
    let parts = OpportunityParts {
        notes: vec![
            note("need", "希望两周内到货", "open"),
            note("resistance", "担心售后响应", if beyond { "answered" } else { "open" }),
        ],
        steps: vec![step("拜访决策人", true, 0), step("送样试用", beyond, 5), step("确认付款条件", beyond, 12)],
        ..OpportunityParts::default()
    };
    Ok(parts_set(tx, id, unit.id, &OpportunityParts::default(), parts)?)
}

/// From stage to stage up to the one it reached.
fn history(
    tx: &mut Db,
    unit: &DemoStaffUnit,
    (id, owner): (OpportunityId, UserId),
    (way, moments): (&[&StageRow], &[DateTime<Utc>]),
    (amount, reason): (i64, Option<&str>),
) -> AppResult<()> {
    let mut from: Option<StageId> = None;
    for (place, stage) in way.iter().enumerate() {
        let at = moments[place];
        let until = moments.get(place + 1).copied();
        change_insert(
            tx,
            StageChangeRow {
                id: AnyId(uuid::Uuid::now_v7()),
                opportunity_id: id,
                unit_id: unit.id,
                owner_id: Some(owner),
                stage_id: stage.id,
                from_stage_id: from,
                next_stage_id: way.get(place + 1).map(|next| next.id),
                entered_at: at,
                valid_from: at,
                valid_to: until.unwrap_or_else(forever),
                stood_seconds: until.map(|until| (until - at).num_seconds()),
                amount_base: amount,
                probability: stage.probability,
                weighted: weighted(amount, stage.probability),
                reason: reason.filter(|_| until.is_none()).map(Into::into),
                competitor: None,
                remark: None,
                changed_by: Some(owner),
            },
        )?;
        from = Some(stage.id);
    }
    Ok(())
}
