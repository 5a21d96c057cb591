//! Tags on a party. Tags belong to a unit.

use regulars_domain::ids::{PartyId, TagId, UnitId};

use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::{Statement, insert_batch};

/// How many of the given tags the unit has.
pub fn tags_known(db: &mut Db, unit_id: UnitId, ids: &[TagId]) -> StoreResult<usize> {
    let mut statement = Statement::new("SELECT COUNT(*) AS n FROM tag").with(" WHERE unit_id = ", unit_id);
    statement.push(" AND id IN (").bind_list(ids.iter().copied()).push(")");
    Ok(usize::try_from(statement.number(db)?).unwrap_or(0))
}

/// The party's tags become exactly these.
pub fn party_tags_set(db: &mut Db, party_id: PartyId, tags: &[TagId]) -> StoreResult<()> {
    Statement::new("DELETE FROM party_tag").with(" WHERE party_id = ", party_id).cached().run(db)?;
    party_tags_insert(db, party_id, tags)
}

/// Tags of a new party.
pub fn party_tags_insert(db: &mut Db, party_id: PartyId, tags: &[TagId]) -> StoreResult<()> {
    let rows = tags.iter().map(|tag| vec![(*tag).into(), party_id.into()]).collect();
    insert_batch(db, "party_tag", &["tag_id", "party_id"], rows)
}

/// Adds tags to many parties at once; those they have stay.
pub fn party_tags_add(db: &mut Db, parties: &[PartyId], tags: &[TagId]) -> StoreResult<()> {
    for chunk in parties.chunks(500) {
        for tag in tags {
            let mut statement = Statement::new("INSERT INTO party_tag (tag_id, party_id) VALUES ");
            for (index, party) in chunk.iter().enumerate() {
                statement.push(if index == 0 { "(" } else { ", (" }).bind(*tag).push(", ").bind(*party).push(")");
            }
            statement.push(" ON CONFLICT (tag_id, party_id) DO NOTHING").run(db)?;
        }
    }
    Ok(())
}

pub fn party_tags_remove(db: &mut Db, parties: &[PartyId], tags: &[TagId]) -> StoreResult<()> {
    for chunk in parties.chunks(500) {
        let mut statement = Statement::new("DELETE FROM party_tag WHERE tag_id IN (");
        statement.bind_list(tags.iter().copied()).push(") AND party_id IN (");
        statement.bind_list(chunk.iter().copied()).push(")").run(db)?;
    }
    Ok(())
}
