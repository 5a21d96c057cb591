//! Why the caller sees a customer and may change it.

use regulars_domain::actor::{Action, Resource, Scope};
use regulars_domain::ids::PartyId;
use regulars_persistence::customers::relation::party_names_within;
use regulars_persistence::customers::share::ShareRecord;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::place::party_place;
use super::share::{last_day, shares_with};
use crate::access::settings::Company;
use crate::{AppResult, Cx};

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct AccessView {
    pub can_read: bool,
    pub can_edit: bool,
    pub reasons: Vec<AccessReason>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AccessReason {
    #[schema(example = "owner")]
    pub code: String,
    /// In the caller's language.
    #[schema(example = "You are the owner")]
    pub text: String,
}

const WORDS: &[(&str, &str, &str)] = &[
    ("owner", "您是该客户的负责人", "You are the owner"),
    ("scope_own", "您的角色可看到自己负责的客户", "Your role sees the customers you own"),
    ("scope_team", "负责人属于您所在或领导的部门", "The owner belongs to your department or one you lead"),
    ("scope_tree", "负责人属于您的部门或其下级部门", "The owner belongs to your department or one below it"),
    ("scope_unit", "您的角色可看到本单位的所有客户", "Your role sees every customer of the unit"),
    ("scope_company", "您的角色可看到全公司的客户", "Your role sees every customer of the company"),
    ("may_write", "您的角色可以修改客户", "Your role may change customers"),
    ("may_not_write", "您的角色不能修改客户", "Your role may not change customers"),
    ("may_assign", "您的角色可以更换负责人", "Your role may change owners"),
    ("may_delete", "您的角色可以删除客户", "Your role may delete customers"),
    ("may_transfer", "您可以跨单位调拨", "You may move customers between units"),
];

/// Who shared it, how far, and until when.
fn share_reason(cx: &Cx, company: &Company, share: &ShareRecord) -> AccessReason {
    let english = cx.request.locale == "en";
    let who = &share.created_by_name;
    let with = match (&share.department_name, english) {
        (Some(department), true) => format!("your department “{department}”"),
        (Some(department), false) => format!("您所在的部门“{department}”"),
        (None, true) => "you".into(),
        (None, false) => "您".into(),
    };
    let far = match (share.own.may_edit, english) {
        (true, true) => "to change",
        (false, true) => "to read",
        (true, false) => "可修改",
        (false, false) => "只读",
    };
    let until = share.own.ends_at.map(|at| last_day(company, at));
    let until = match (until, english) {
        (Some(day), true) => format!(", until {day}"),
        (Some(day), false) => format!("，至 {day}"),
        (None, _) => String::new(),
    };
    let text = if english {
        format!("{who} shared it with {with} {far}{until}")
    } else {
        format!("{who}共享给{with}（{far}{until}）")
    };
    AccessReason { code: if share.own.may_edit { "shared_edit" } else { "shared_read" }.into(), text }
}

pub fn customer_access(cx: &Cx, id: PartyId) -> AppResult<AccessView> {
    cx.require("customers:customer:read")?;
    let place = cx.read(|db| party_place(cx, db, id, Action::Read))?;
    let can_edit = cx.read(|db| Ok(party_place(cx, db, id, Action::Write).is_ok()))?;
    let mut codes: Vec<&str> = Vec::new();
    if place.owner_id == Some(cx.actor.user_id) {
        codes.push("owner");
    }
    let own_right = cx.read(|db| {
        let reach = cx.visible_own(Resource::Customer, Action::Read);
        Ok(!party_names_within(db, &[id], &reach)?.is_empty())
    })?;
    let scope = match cx.actor.scopes.get(&Resource::Customer) {
        Some(Scope::Own) | None => "scope_own",
        Some(Scope::Team) => "scope_team",
        Some(Scope::Tree) => "scope_tree",
        Some(Scope::Unit) => "scope_unit",
        Some(Scope::Company) => "scope_company",
    };
    codes.extend(own_right.then_some(scope));
    codes.push(if can_edit { "may_write" } else { "may_not_write" });
    for (permission, code) in [
        ("customers:customer:assign", "may_assign"),
        ("customers:customer:delete", "may_delete"),
        ("access:unit:transfer", "may_transfer"),
    ] {
        if own_right && cx.actor.may(permission) {
            codes.push(code);
        }
    }
    let reason = |code: &str| {
        let words = WORDS.iter().find(|(key, ..)| *key == code);
        let text = words.map_or("", |(_, zh, en)| if cx.request.locale == "en" { en } else { zh });
        AccessReason { code: code.into(), text: text.into() }
    };
    let company = cx.company()?;
    let shares = cx.read(|db| shares_with(cx, db, id))?;
    let shared = shares.iter().map(|share| share_reason(cx, &company, share));
    let reasons = shared.chain(codes.into_iter().map(reason)).collect();
    Ok(AccessView { can_read: true, can_edit, reasons })
}
