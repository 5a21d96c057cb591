//! Single customers, made one at a time.

use chrono::{DateTime, Utc};
use regulars_domain::ids::{PartyId, UserId};
use regulars_domain::naming;
use regulars_persistence::Db;
use regulars_persistence::customers::parts_write::NewParts;
use regulars_persistence::customers::party::{PartyRow, party_insert};
use regulars_persistence::customers::search::search_pending_add;
use regulars_persistence::insight::counter::metric_start;

use super::company::DemoStaffUnit;
use crate::AppResult;

pub(super) struct NewParty<'a> {
    pub id: PartyId,
    /// `person` or `organization`.
    pub kind: &'static str,
    pub name: &'a str,
    pub status: &'static str,
    pub code: Option<String>,
    pub unit: &'a DemoStaffUnit,
    pub owner: UserId,
    pub at: DateTime<Utc>,
}

pub(super) fn party_make(tx: &mut Db, made: NewParty<'_>) -> AppResult<()> {
    let (unit, owner) = (made.unit.id, Some(made.owner));
    party_insert(
        tx,
        PartyRow {
            id: made.id,
            unit_id: unit,
            owner_id: owner,
            code: made.code,
            kind: made.kind.into(),
            name: made.name.into(),
            name_key: naming::reading(made.name, made.kind == "person"),
            name_key_set: false,
            status: made.status.into(),
            gender: None,
            birthday: None,
            tax_id: None,
            industry: None,
            source: None,
            level: None,
            buying_style: Some("relationship".into()),
            internal: false,
            note: None,
            import_id: None,
            version: 1,
            created_by: owner,
            created_at: made.at,
            updated_at: made.at,
            qualification: None,
        },
        &NewParts::default(),
    )?;
    metric_start(tx, &[(made.id, unit, owner)])?;
    Ok(search_pending_add(tx, &[made.id], made.at)?)
}
