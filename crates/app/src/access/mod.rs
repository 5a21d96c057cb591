//! Who may come in, who they are, what they may see and do.

pub mod account_request;
pub mod actor;
pub mod audit;
pub mod chain;
pub mod department;
pub mod handover;
pub mod invite;
pub mod key;
pub mod me;
pub mod oidc;
pub mod password;
pub mod people;
pub mod role;
pub mod second_factor;
pub mod session;
pub mod settings;
pub mod setup;
pub mod sight;
pub mod token;
pub mod unit;
pub mod user;
pub mod user_account;
pub mod vault;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// A link to another record, with the name to show.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Ref {
    pub id: Uuid,
    pub name: String,
}

impl Ref {
    pub fn new(id: impl Into<Uuid>, name: impl Into<String>) -> Self {
        Self { id: id.into(), name: name.into() }
    }
}
