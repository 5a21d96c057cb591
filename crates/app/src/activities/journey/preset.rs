//! The templates that come with the product, to begin one's own from.

use uuid::Uuid;

use super::{JourneyAbout, JourneyInput, READ, SpanInput, StepInput};
use crate::list::Page;
use crate::{AppResult, Cx};

fn span(count: i32, unit: &str) -> SpanInput {
    SpanInput { count, unit: unit.into() }
}

fn step(key: &str, names: (&str, &str), offset: SpanInput, channel: &str, proof: &str) -> StepInput {
    StepInput {
        key: key.into(),
        name_zh: names.0.into(),
        name_en: names.1.into(),
        offset,
        after: None,
        wait_for: None,
        not_before: None,
        every: None,
        times: None,
        channel: channel.into(),
        role: "owner".into(),
        user_id: None,
        role_id: None,
        proof: proof.into(),
    }
}

fn after(of: &str, step: StepInput) -> StepInput {
    StepInput { after: Some(of.into()), ..step }
}

fn every(count: i32, unit: &str, step: StepInput) -> StepInput {
    StepInput { every: Some(span(count, unit)), ..step }
}

fn journey(unit: Uuid, names: (&str, &str), event: &str, steps: Vec<StepInput>) -> JourneyInput {
    JourneyInput {
        unit_id: unit,
        name_zh: names.0.into(),
        name_en: names.1.into(),
        event: event.into(),
        about: JourneyAbout::default(),
        steps,
        lead_days: 3,
        again: false,
        active: false,
    }
}

/// The five of them, for a unit.
pub fn presets(unit: Uuid) -> Vec<JourneyInput> {
    let head = |step: StepInput| StepInput { role: "unit_head".into(), ..step };
    vec![
        journey(
            unit,
            ("6+2 业主旅程", "6+2 home owner"),
            "by_hand",
            vec![
                step("honest_talk", ("坦诚销售", "Honest sales talk"), span(0, "days"), "visit", "note"),
                after("honest_talk", step("contract", ("签约", "Contract"), span(7, "days"), "visit", "attachment")),
                after(
                    "contract",
                    StepInput {
                        times: Some(4),
                        ..every(
                            3,
                            "months",
                            step("progress", ("工程进度", "Building progress"), span(3, "months"), "message", "none"),
                        )
                    },
                ),
                after("contract", step("handover", ("交付", "Handover"), span(1, "years"), "visit", "note")),
                after("handover", step("move_in", ("入住", "Moving in"), span(1, "months"), "call", "note")),
                after("move_in", step("care", ("关怀", "Care"), span(3, "months"), "call", "interaction")),
                after(
                    "care",
                    head(step(
                        "responsibility",
                        ("承担责任", "Taking responsibility"),
                        span(6, "months"),
                        "visit",
                        "note",
                    )),
                ),
                after(
                    "responsibility",
                    every(
                        4,
                        "years",
                        step(
                            "walking",
                            ("同行：每四年回访", "Walking together: a visit every four years"),
                            span(1, "years"),
                            "visit",
                            "note",
                        ),
                    ),
                ),
            ],
        ),
        journey(
            unit,
            ("售后上门拜访", "Post-sale house call"),
            "order_paid",
            vec![
                step("thanks", ("致谢电话", "Call to say thank you"), span(2, "days"), "call", "none"),
                step("house_call", ("上门拜访", "House call"), span(21, "days"), "visit", "note"),
                after(
                    "house_call",
                    step("next_need", ("谈下一个需要", "Talk about the next need"), span(14, "days"), "call", "none"),
                ),
            ],
        ),
        journey(
            unit,
            ("车主旅程", "Vehicle owner"),
            "asset_added",
            vec![
                step("first_days", ("首周问候", "First days"), span(7, "days"), "call", "none"),
                step("first_service", ("首保提醒", "First service"), span(3, "months"), "message", "none"),
                every(
                    1,
                    "years",
                    step("yearly", ("年检与保养", "Yearly inspection and service"), span(1, "years"), "call", "note"),
                ),
            ],
        ),
        journey(
            unit,
            ("维修后回访", "After-repair call-back"),
            "by_hand",
            vec![
                step("call_back", ("回访电话", "Call back"), span(3, "days"), "call", "note"),
                after(
                    "call_back",
                    step("second", ("再次确认", "Make sure again"), span(1, "months"), "message", "none"),
                ),
            ],
        ),
        journey(
            unit,
            ("新客户九十天", "New customer, 90 days"),
            "customer_coded",
            vec![
                step("welcome", ("欢迎", "Welcome"), span(1, "days"), "message", "none"),
                step("first_call", ("满月回访", "After a month"), span(1, "months"), "call", "note"),
                step("review", ("九十天回顾", "Review after 90 days"), span(90, "days"), "visit", "note"),
            ],
        ),
    ]
}

/// What a unit can begin its own templates from.
pub fn preset_list(cx: &Cx) -> AppResult<Page<JourneyInput>> {
    cx.require(READ)?;
    Ok(Page::whole(presets(cx.actor.unit_id.0)))
}
