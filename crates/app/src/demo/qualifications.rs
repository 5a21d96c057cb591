//! Dealers on the way to becoming customers: one at every stop of the way.

use regulars_domain::ids::{PartyId, QualificationId, QualificationTemplateId, UserId};
use regulars_domain::qualification::Status;
use regulars_persistence::Db;
use regulars_persistence::access::role::role_list;
use regulars_persistence::access::user::user_get;
use regulars_persistence::customers::qualification::{
    QualificationRow, TemplateRow, qualification_insert, template_insert,
};
use serde_json::{Value, json};

use super::company::Staff;
use super::parties::{NewParty, party_make};
use super::{Stage, id_at};
use crate::access::settings::Settings;
use crate::customers::code::codes_take;
use crate::{AppError, AppResult};

/// Name of the dealer, how far it is.
const DEALERS: [(&str, Status); 6] = [
    ("临海家居经销部", Status::Open),
    ("天目商贸有限公司", Status::Proposed),
    ("云栖百货商行", Status::Rejected),
    ("瓯江连锁超市", Status::Approved),
    ("若耶溪贸易有限公司", Status::Qualified),
    ("桃源批发部", Status::Withdrawn),
];

/// Makes the template and the dealers of the first unit; answers how many there are.
pub(super) fn fill(tx: &mut Db, stage: &Stage, staff: &Staff) -> AppResult<usize> {
    let (at, unit) = (stage.opened_at(), &staff.units[0]);
    let head_role = role_list(tx)?.into_iter().find(|role| role.key.as_deref() == Some("unit_head"));
    let definition = definition(head_role.map(|role| role.id.0.to_string()));
    let template = TemplateRow {
        id: id_at::<QualificationTemplateId>(at, &mut stage.chance(50, 0)),
        unit_id: Some(unit.id),
        name: "经销商准入".into(),
        definition: definition.clone(),
        required: false,
        active: true,
        version: 1,
        created_at: at,
        updated_at: at,
    };
    template_insert(tx, template.clone())?;
    let seller = unit.sellers.first().copied().unwrap_or(unit.head);
    for ((name, status), place) in DEALERS.into_iter().zip(1..) {
        let day = stage.yesterday - chrono::Days::new(3 * place);
        let at = stage.at(day, 600);
        let id: PartyId = id_at(at, &mut stage.chance(51, place));
        let qualified = status == Status::Qualified;
        let code = match qualified {
            true => codes_take(tx, &Settings::default().customer_code_pattern, unit.id, unit.code, 1)?.pop(),
            false => None,
        };
        let status_key = if qualified { "customer" } else { "lead" };
        let made = NewParty { id, kind: "organization", name, status: status_key, code, unit, owner: seller, at };
        party_make(tx, made)?;
        let people = (named(tx, seller)?, named(tx, unit.head)?);
        let (answers, rounds) = said(status, &people, &at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true));
        let beyond = status != Status::Open;
        qualification_insert(
            tx,
            QualificationRow {
                id: id_at::<QualificationId>(at, &mut stage.chance(52, place)),
                party_id: id,
                template_id: template.id,
                definition: definition.clone(),
                status: status.key().into(),
                answers,
                rounds,
                stage: 0,
                started_by: seller,
                started_at: at,
                proposed_at: beyond.then_some(at),
                decided_at: (beyond && status != Status::Proposed).then_some(at),
                version: 1,
                updated_at: at,
            },
        )?;
    }
    Ok(DEALERS.len())
}

fn definition(head_role: Option<String>) -> Value {
    let roles: Vec<String> = head_role.into_iter().collect();
    json!({
        "criteria": [
            {"key": "licence", "label": "营业执照有效", "required": true},
            {"key": "shop", "label": "有自己的店面", "required": false},
            {"key": "credit", "label": "无失信记录", "required": true},
        ],
        "steps": [
            {"key": "desk", "label": "案头调查", "guidance": "工商登记、往年报表、同行评价"},
            {"key": "site", "label": "实地调查", "guidance": "店面、仓库、人员"},
        ],
        "contracts": [
            {"key": "trade", "label": "购销合同", "required": true},
            {"key": "quality", "label": "质量合同", "required": true},
        ],
        "approvals": [{"label": "单位负责人", "role_ids": roles, "user_ids": []}],
        "own_approval": false,
    })
}

fn named(tx: &mut Db, id: UserId) -> AppResult<Value> {
    let user = user_get(tx, id)?.ok_or(AppError::NotFound)?;
    Ok(json!({"id": id, "name": user.name}))
}

/// What was found, proposed and decided on the way there.
fn said(status: Status, (seller, head): &(Value, Value), at: &str) -> (Value, Value) {
    let found = json!({"by": seller, "at": at});
    if status == Status::Open {
        let answers = json!({"said": {"criteria": {"licence": {"met": true, "note": "有效期至 2031 年"}}},
            "found": {"licence": found}});
        return (answers, json!([]));
    }
    let proposal = json!({"reasons": "在当地有三家门店，愿意预付货款", "first_deal": "首批样机与陈列架"});
    let day = at.get(..10).unwrap_or_default();
    let answers = json!({
        "said": {
            "criteria": {"licence": {"met": true}, "shop": {"met": true}, "credit": {"met": true}},
            "steps": {
                "desk": {"passed": true, "findings": "登记信息一致，无诉讼", "on": day},
                "site": {"passed": true, "findings": "店面约二百平方米，两层", "on": day},
            },
            "proposal": proposal,
        },
        "found": {"licence": found, "shop": found, "credit": found, "desk": found, "site": found},
    });
    let decision = |approved: bool, note: Option<&str>| json!([{"label": "单位负责人", "approved": approved, "note": note, "by": head, "at": at}]);
    let decisions = match status {
        Status::Rejected => decision(false, Some("缺少上一年度的财务报表")),
        Status::Approved | Status::Qualified => decision(true, None),
        _ => json!([]),
    };
    let round = json!({"proposal": proposal, "proposed_by": seller, "proposed_at": at, "decisions": decisions});
    (answers, json!([round]))
}
