//! The second step of signing in: one-time codes of an authenticator app, and recovery codes for the day the phone is
//! gone. A secret is shown once, when it is made; recovery codes are kept as hashes; no code is taken twice.

use chrono::{DateTime, Utc};
use qrcodegen::{QrCode, QrCodeEcc};
use regulars_domain::error::Checks;
use regulars_domain::ids::{RoleId, UserId};
use regulars_domain::totp::{DIGITS, SECRET_BYTES, base32, step_of, uri};
use regulars_persistence::Db;
use regulars_persistence::access::company::company_get;
use regulars_persistence::access::second_factor::{
    FactorRow, factor_confirm, factor_delete, factor_get, factor_put, factor_step_take, recovery_code_use,
    recovery_codes_left, recovery_codes_put,
};
use regulars_persistence::access::session::{session_revoke_all, throttle_clear};
use regulars_persistence::access::user::{UserRow, user_get};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::session::{record_failure, refuse_blocked};
use super::settings::Settings;
use super::token::{random_bytes, secret_hash};
use super::user::user_in_charge;
use super::vault::{Holder, Vault};
use crate::event::Event;
use crate::{App, AppError, AppResult, Cx};

const RECOVERY_CODES: usize = 10;
/// Bytes of a recovery code: 80 bits, so that its plain hash keeps it.
const RECOVERY_BYTES: usize = 10;

/// Who must sign in with a second step.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SecondFactorRule {
    pub everybody: bool,
    /// Holders of any of these roles.
    #[schema(example = json!([]))]
    pub roles: Vec<Uuid>,
}

impl SecondFactorRule {
    fn requires(&self, roles: &[RoleId]) -> bool {
        self.everybody || roles.iter().any(|role| self.roles.contains(&role.0))
    }
}

/// How the caller signs in.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SecondFactorView {
    pub enabled: bool,
    /// Whether the company asks it of the caller; without it they reach nothing.
    pub required: bool,
    pub confirmed_at: Option<DateTime<Utc>>,
    /// Recovery codes not used yet.
    #[schema(example = 10)]
    pub recovery_left: i64,
}

#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordGiven {
    #[schema(example = "correct horse battery")]
    pub password: String,
}

/// A secret to put into an authenticator app. It is shown this once.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Enrolment {
    /// Base32, to be typed where no camera is.
    #[schema(example = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")]
    pub secret: String,
    pub uri: String,
    /// The address as a square, row by row: `1` is dark.
    #[schema(example = json!(["101", "010", "101"]))]
    pub qr: Vec<String>,
}

#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CodeGiven {
    #[schema(example = "123456")]
    pub code: String,
}

#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Proof {
    #[schema(example = "correct horse battery")]
    pub password: String,
    /// Of the app, or a recovery code.
    #[schema(example = "123456")]
    pub code: String,
}

/// Codes that each open the account once. They are shown this once.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RecoveryCodes {
    #[schema(example = json!(["abcd-efgh-ijkl-mnop"]))]
    pub codes: Vec<String>,
}

/// Whether the company asks a second step of people with these roles.
pub fn factor_required(db: &mut Db, roles: &[RoleId]) -> AppResult<bool> {
    let Some(company) = company_get(db)? else { return Ok(false) };
    let settings: Settings = serde_json::from_value(company.settings).map_err(AppError::internal)?;
    Ok(settings.second_factor.requires(roles))
}

pub fn factor_enabled(db: &mut Db, user: UserId) -> AppResult<bool> {
    Ok(factor_get(db, user)?.is_some_and(|row| row.confirmed_at.is_some()))
}

pub fn second_factor_get(cx: &Cx) -> AppResult<SecondFactorView> {
    cx.require_session()?;
    cx.read(|db| {
        let factor = factor_get(db, cx.actor.user_id)?.filter(|row| row.confirmed_at.is_some());
        let roles = regulars_persistence::access::role::user_roles(db, cx.actor.user_id)?;
        let roles: Vec<RoleId> = roles.into_iter().map(|role| role.id).collect();
        Ok(SecondFactorView {
            enabled: factor.is_some(),
            required: factor_required(db, &roles)?,
            confirmed_at: factor.and_then(|row| row.confirmed_at),
            recovery_left: recovery_codes_left(db, cx.actor.user_id)?,
        })
    })
}

/// Makes a secret for the caller; it asks for nothing until a code confirms it.
pub fn second_factor_begin(cx: &Cx, input: PasswordGiven) -> AppResult<Enrolment> {
    cx.require_session()?;
    let user = password_require(cx, &input.password)?;
    let company = cx.company()?;
    let secret = random_bytes::<SECRET_BYTES>().to_vec();
    let holder = Holder::SecondFactor(cx.actor.user_id.0);
    let (within, kept) = (cx.clone(), cx.app.vault().seal(holder, &secret)?);
    cx.change(move |tx| {
        if factor_enabled(tx, within.actor.user_id)? {
            return Err(AppError::Conflict("second_factor_on"));
        }
        let row = FactorRow {
            user_id: within.actor.user_id,
            secret: kept.clone(),
            confirmed_at: None,
            last_step: 0,
            created_at: within.now,
        };
        Ok(factor_put(tx, row)?)
    })?;
    let uri = uri(&company.name, &user.login, &secret);
    Ok(Enrolment { secret: base32(&secret), qr: square(&uri)?, uri })
}

fn square(text: &str) -> AppResult<Vec<String>> {
    let code = QrCode::encode_text(text, QrCodeEcc::Medium).map_err(AppError::internal)?;
    let row = |y: i32| (0..code.size()).map(|x| if code.get_module(x, y) { '1' } else { '0' }).collect();
    Ok((0..code.size()).map(row).collect())
}

/// Switches the second step on, once a code proves that the app has the secret.
pub fn second_factor_confirm(cx: &Cx, input: &CodeGiven) -> AppResult<RecoveryCodes> {
    let keep = cx.require_session()?;
    let key = throttle_key(cx.actor.user_id);
    refuse_blocked(&cx.app, &key, cx.now)?;
    let (codes, hashes) = recovery_codes();
    let (within, code) = (cx.clone(), plain(&input.code));
    let confirmed = cx.change(move |tx| {
        let user = within.actor.user_id;
        let row = factor_get(tx, user)?.ok_or(AppError::Conflict("second_factor_off"))?;
        if row.confirmed_at.is_some() {
            return Err(AppError::Conflict("second_factor_on"));
        }
        let secret = within.app.vault().unseal(Holder::SecondFactor(user.0), &row.secret)?;
        let Some(step) = step_of(&secret, &code, within.now, row.last_step) else { return Ok(false) };
        factor_step_take(tx, user, step)?;
        factor_confirm(tx, user, within.now)?;
        recovery_codes_put(tx, user, hashes.clone())?;
        // Whoever is in already without it signs in again.
        session_revoke_all(tx, user, Some(keep), "second_factor", within.now)?;
        told(&within, tx, user, "second_factor_enabled")?;
        Ok(true)
    })?;
    if !confirmed {
        record_failure(&cx.app, vec![key], cx.now)?;
        return Err(AppError::invalid("/code", "wrong_code"));
    }
    cx.app.actors().forget();
    Ok(RecoveryCodes { codes })
}

/// New recovery codes in place of the old.
pub fn recovery_codes_renew(cx: &Cx, input: Proof) -> AppResult<RecoveryCodes> {
    proof_require(cx, input)?;
    let (codes, hashes) = recovery_codes();
    let within = cx.clone();
    cx.change(move |tx| {
        recovery_codes_put(tx, within.actor.user_id, hashes.clone())?;
        told(&within, tx, within.actor.user_id, "recovery_codes_made")
    })?;
    Ok(RecoveryCodes { codes })
}

/// Switches the second step off, unless the company asks for it: then it begins anew at the next call.
pub fn second_factor_remove(cx: &Cx, input: Proof) -> AppResult<()> {
    proof_require(cx, input)?;
    let within = cx.clone();
    cx.change(move |tx| {
        factor_delete(tx, within.actor.user_id)?;
        told(&within, tx, within.actor.user_id, "second_factor_disabled")
    })?;
    cx.app.actors().forget();
    Ok(())
}

/// Takes someone's second step away who lost phone and recovery codes; their sessions end.
pub fn second_factor_reset(cx: &Cx, id: UserId) -> AppResult<()> {
    cx.require("access:user:write")?;
    let within = cx.clone();
    cx.change(move |tx| {
        let row = user_in_charge(&within, tx, id)?;
        if !factor_delete(tx, id)? {
            return Err(AppError::Conflict("second_factor_off"));
        }
        session_revoke_all(tx, id, within.session(), "second_factor", within.now)?;
        let event = Event::new(&within, "user", id, "second_factor_reset");
        event.stands(row.unit_id, None).record(tx)
    })?;
    cx.app.actors().forget();
    Ok(())
}

fn told(cx: &Cx, tx: &mut Db, user: UserId, action: &'static str) -> AppResult<()> {
    Event::new(cx, "user", user, action).stands(cx.actor.unit_id, None).record(tx)
}

/// Tries of signed-in people are counted apart from those at the door.
fn throttle_key(user: UserId) -> String {
    format!("code:{user}")
}

fn password_require(cx: &Cx, password: &str) -> AppResult<UserRow> {
    let key = throttle_key(cx.actor.user_id);
    refuse_blocked(&cx.app, &key, cx.now)?;
    let user = cx.read(|db| user_get(db, cx.actor.user_id)?.ok_or(AppError::NotFound))?;
    if !cx.app.passwords().verify(password, user.password_hash.as_deref()) {
        record_failure(&cx.app, vec![key], cx.now)?;
        return Err(AppError::invalid("/password", "wrong_password"));
    }
    Ok(user)
}

/// Password and code of the caller, where only who holds both may go on.
fn proof_require(cx: &Cx, input: Proof) -> AppResult<()> {
    cx.require_session()?;
    password_require(cx, &input.password)?;
    let within = cx.clone();
    let taken = cx.change(move |tx| {
        if !factor_enabled(tx, within.actor.user_id)? {
            return Err(AppError::Conflict("second_factor_off"));
        }
        code_take(tx, within.app.vault(), within.actor.user_id, &input.code, within.now)
    })?;
    let key = throttle_key(cx.actor.user_id);
    if taken.is_none() {
        record_failure(&cx.app, vec![key], cx.now)?;
        let mut checks = Checks::default();
        checks.fail("/code", "wrong_code");
        return Ok(checks.done()?);
    }
    cx.change(move |tx| Ok(throttle_clear(tx, &key)?))
}

/// What a code was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    App,
    Recovery,
}

/// The second step at the door: nothing for those who have none. Tells apart a missing code, for which the page asks,
/// from a wrong one, which counts as a failure.
pub fn second_step(app: &App, user: &UserRow, code: Option<&str>, now: DateTime<Utc>) -> AppResult<Option<Taken>> {
    let id = user.id;
    if !app.db().read(|db| factor_enabled(db, id))? {
        return Ok(None);
    }
    let Some(code) = code.map(plain).filter(|code| !code.is_empty()) else {
        return Err(AppError::Unauthenticated("second_factor_needed"));
    };
    let vault = app.vault().clone();
    let taken = app.db().write(move |tx| code_take(tx, &vault, id, &code, now))?;
    taken.map(Some).ok_or(AppError::Unauthenticated("second_factor_wrong"))
}

/// Uses a code up.
fn code_take(tx: &mut Db, vault: &Vault, user: UserId, code: &str, now: DateTime<Utc>) -> AppResult<Option<Taken>> {
    let code = plain(code);
    let Some(row) = factor_get(tx, user)?.filter(|row| row.confirmed_at.is_some()) else { return Ok(None) };
    if code.len() == DIGITS as usize {
        let secret = vault.unseal(Holder::SecondFactor(user.0), &row.secret)?;
        let Some(step) = step_of(&secret, &code, now, row.last_step) else { return Ok(None) };
        return Ok(factor_step_take(tx, user, step)?.then_some(Taken::App));
    }
    Ok(recovery_code_use(tx, user, secret_hash(&code), now)?.then_some(Taken::Recovery))
}

/// As it is compared: without the blanks and dashes people write it with.
fn plain(code: &str) -> String {
    code.chars().filter(|c| c.is_ascii_alphanumeric()).map(|c| c.to_ascii_lowercase()).take(64).collect()
}

/// Fresh codes as they are shown, and their hashes.
fn recovery_codes() -> (Vec<String>, Vec<Vec<u8>>) {
    let codes: Vec<String> =
        (0..RECOVERY_CODES).map(|_| base32(&random_bytes::<RECOVERY_BYTES>()).to_lowercase()).collect();
    let hashes = codes.iter().map(|code| secret_hash(code)).collect();
    let grouped = |code: &String| {
        let letters: Vec<char> = code.chars().collect();
        letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
    };
    (codes.iter().map(grouped).collect(), hashes)
}
