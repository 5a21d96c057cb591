//! In the place of the provider, where the program is built without the feature `oidc`: there can be none.

use chrono::{DateTime, Utc};

use super::{Begun, Claims, OidcConfig};
use crate::AppResult;

pub enum Provider {}

pub struct Proof {
    pub claims: Claims,
}

impl Provider {
    pub fn new(config: &OidcConfig) -> AppResult<Option<Self>> {
        tracing::warn!(issuer = %config.issuer, "this program was built without OpenID Connect (cargo feature oidc)");
        Ok(None)
    }

    pub fn issuer(&self) -> &str {
        match *self {}
    }

    pub fn address(&self, _: &Begun, _: DateTime<Utc>) -> AppResult<String> {
        match *self {}
    }

    pub fn exchange(&self, _: &str, _: &Begun, _: DateTime<Utc>) -> AppResult<Proof> {
        match *self {}
    }

    pub fn email_ask(&self, _: &mut Proof, _: DateTime<Utc>) -> AppResult<()> {
        match *self {}
    }
}
