//! The customer that something belongs to: found, within reach, with where it stands.

use regulars_domain::actor::{Action, Resource};
use regulars_domain::ids::PartyId;
use regulars_persistence::Db;
use regulars_persistence::customers::relation::{PartyName, party_names_within};

use crate::{AppError, AppResult, Cx};

/// The living customer if the caller may read (or change) it; otherwise not found.
pub fn party_place(cx: &Cx, db: &mut Db, id: PartyId, action: Action) -> AppResult<PartyName> {
    let reach = cx.visible(Resource::Customer, action);
    party_names_within(db, &[id], &reach)?.pop().ok_or(AppError::NotFound)
}
