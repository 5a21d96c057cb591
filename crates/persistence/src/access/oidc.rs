//! Whom a provider of sign-ins means: the link between its subject and an account here.

use chrono::{DateTime, Utc};
use regulars_domain::ids::UserId;

use super::user::{USER_COLUMNS, UserRow};
use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::{Statement, insert, update};

/// The account linked to a subject.
pub fn identity_user(db: &mut Db, issuer: &str, subject: &str) -> StoreResult<Option<UserRow>> {
    Statement::new(format!("SELECT {USER_COLUMNS} FROM app_user WHERE id IN (SELECT user_id FROM oidc_identity"))
        .with(" WHERE issuer = ", issuer)
        .with(" AND subject = ", subject)
        .then(")")
        .first(db)
}

/// Whether the provider knows this person by some subject already.
pub fn identity_exists(db: &mut Db, issuer: &str, user: UserId) -> StoreResult<bool> {
    let links = Statement::new("SELECT COUNT(*) AS n FROM oidc_identity")
        .with(" WHERE user_id = ", user)
        .with(" AND issuer = ", issuer)
        .number(db)?;
    Ok(links > 0)
}

pub fn identity_insert(db: &mut Db, issuer: &str, subject: &str, user: UserId, now: DateTime<Utc>) -> StoreResult<()> {
    insert(
        "oidc_identity",
        [
            ("issuer", issuer.into()),
            ("subject", subject.into()),
            ("user_id", user.into()),
            ("created_at", now.into()),
            ("last_used_at", now.into()),
        ],
    )
    .run(db)?;
    Ok(())
}

pub fn identity_used(db: &mut Db, issuer: &str, subject: &str, now: DateTime<Utc>) -> StoreResult<()> {
    update("oidc_identity", [("last_used_at", now.into())])
        .with(" WHERE issuer = ", issuer)
        .with(" AND subject = ", subject)
        .run(db)?;
    Ok(())
}

/// Forgets whom every provider knows this person as.
pub fn identities_delete(db: &mut Db, user: UserId) -> StoreResult<()> {
    Statement::new("DELETE FROM oidc_identity").with(" WHERE user_id = ", user).run(db)?;
    Ok(())
}

/// Active people with this e-mail, in any case of letters; no more than two, for one is wanted.
pub fn users_by_email(db: &mut Db, email: &str) -> StoreResult<Vec<UserRow>> {
    Statement::new(format!("SELECT {USER_COLUMNS} FROM app_user WHERE active = TRUE"))
        .with(" AND LOWER(email) = ", email.to_ascii_lowercase())
        .then(" ORDER BY id LIMIT 2")
        .rows(db)
}
