//! Deciding about a request, taking it back, and doing what it asks for.

use regulars_domain::account_request::{AccountChange, RequestStatus, Step, StepFault};
use regulars_domain::error::Checks;
use regulars_domain::ids::{AccountRequestId, UserId};
use regulars_persistence::Db;
use regulars_persistence::access::account_request::{AccountRequestRow, account_request_update};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use super::{APPROVE, ASK, AccountRequestView, DO, Details, request_seen, standing, view};
use crate::access::handover::{HandoverInput, Heir, handover_in};
use crate::access::token::random_secret;
use crate::access::user::{UserInput, user_change_in, user_make_in};
use crate::event::Event;
use crate::{AppError, AppResult, Cx};

#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    #[schema(example = true)]
    pub approved: bool,
    pub note: Option<String>,
}

/// What doing it needs besides the request.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Completion {
    /// Who gets what a leaver holds: every kind needs somebody, as in a hand-over.
    #[schema(example = json!([]))]
    pub heirs: Vec<Heir>,
}

/// Takes the step, or says why not.
fn stepped(cx: &Cx, row: &mut AccountRequestRow, step: Step) -> AppResult<()> {
    let next = standing(row)?.step(step, cx.actor.user_id).map_err(|fault| match fault {
        StepFault::WrongState => AppError::Conflict("wrong_state"),
        StepFault::FourEyes => AppError::Conflict("four_eyes"),
    })?;
    row.status = next.key().into();
    Ok(())
}

fn store(cx: &Cx, tx: &mut Db, mut row: AccountRequestRow, action: &str) -> AppResult<AccountRequestView> {
    if !account_request_update(tx, row.clone())? {
        return Err(AppError::Stale { current: row.version + 1 });
    }
    row.version += 1;
    Event::new(cx, "account_request", row.id, action)
        .stands(row.unit_id, None)
        .after(&json!({"kind": row.kind, "user_id": row.user_id, "note": row.decision_note}))
        .record(tx)?;
    view(cx, tx, row)
}

/// Approves or refuses.
pub fn account_request_decide(cx: &Cx, id: AccountRequestId, input: Decision) -> AppResult<AccountRequestView> {
    cx.require(APPROVE)?;
    let mut checks = Checks::default();
    checks.optional_text("/note", input.note.as_deref(), 1_000);
    checks.done()?;
    let within = cx.clone();
    cx.create(move |tx| {
        let mut row = request_seen(&within, tx, id)?;
        stepped(&within, &mut row, if input.approved { Step::Approve } else { Step::Refuse })?;
        row.decided_by = Some(within.actor.user_id);
        row.decided_at = Some(within.now);
        row.decision_note = input.note.as_deref().map(str::trim).filter(|note| !note.is_empty()).map(String::from);
        store(&within, tx, row, if input.approved { "approved" } else { "refused" })
    })
}

/// Takes one's own request back.
pub fn account_request_withdraw(cx: &Cx, id: AccountRequestId) -> AppResult<AccountRequestView> {
    cx.require(ASK)?;
    let within = cx.clone();
    cx.create(move |tx| {
        let mut row = request_seen(&within, tx, id)?;
        stepped(&within, &mut row, Step::Withdraw)?;
        store(&within, tx, row, "withdrawn")
    })
}

/// Does what was approved, in one transaction with the request's end: the account is made or changed by the rules that
/// hold for whoever does it. `origin` opens the invitation's link.
pub fn account_request_complete(
    cx: &Cx,
    origin: &str,
    id: AccountRequestId,
    input: Completion,
) -> AppResult<AccountRequestView> {
    cx.require(DO)?;
    let locale = cx.company()?.locale.clone();
    let (within, origin, token) = (cx.clone(), origin.to_string(), random_secret());
    let made = cx.create_secret(
        move |tx| {
            let mut row = request_seen(&within, tx, id)?;
            stepped(&within, &mut row, Step::Complete)?;
            let details = Details::of(&row)?;
            let kind = AccountChange::parse(&row.kind);
            let mut invite_url = None;
            match (kind, row.user_id) {
                (Some(AccountChange::New), _) => {
                    let account = details.account.ok_or_else(|| AppError::internal("a request without an account"))?;
                    let input = UserInput {
                        name: account.name,
                        login: account.login,
                        email: account.email,
                        phone: account.phone,
                        department_id: account.department_id,
                        role_ids: account.role_ids,
                        locale: locale.clone(),
                    };
                    let user = user_make_in(&within, tx, input, None, (&origin[..], &token[..]))?;
                    row.user_id = Some(UserId(user.id));
                    invite_url = user.invite_url;
                }
                (Some(AccountChange::Role), Some(user)) => {
                    user_change_in(&within, tx, user, None, &json!({"role_ids": details.role_ids}))?;
                }
                (Some(AccountChange::Move), Some(user)) => {
                    user_change_in(&within, tx, user, None, &json!({"department_id": details.department_id}))?;
                }
                (Some(AccountChange::Leave), Some(user)) => {
                    let order = HandoverInput { deactivate: true, heirs: input.heirs.clone() };
                    handover_in(&within, tx, user, &order)?;
                }
                _ => return Err(AppError::Conflict("wrong_state")),
            }
            row.status = RequestStatus::Done.key().into();
            row.done_by = Some(within.actor.user_id);
            row.done_at = Some(within.now);
            let mut made = store(&within, tx, row, "done")?;
            made.invite_url = invite_url;
            Ok(made)
        },
        |made| made.invite_url = None,
    )?;
    cx.app.actors().forget();
    Ok(made)
}
