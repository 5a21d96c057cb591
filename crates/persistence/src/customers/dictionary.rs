//! Which dictionary keys are in use.

use diesel::QueryableByName;
use diesel::sql_types::Text;

use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::Statement;

#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct EntryKey {
    #[diesel(sql_type = Text)]
    pub dictionary: String,
    #[diesel(sql_type = Text)]
    pub key: String,
}

/// Those of the asked pairs (dictionary, key) that are active entries.
pub fn entries_active(db: &mut Db, asked: &[(&str, &str)]) -> StoreResult<Vec<EntryKey>> {
    if asked.is_empty() {
        return Ok(Vec::new());
    }
    let mut statement =
        Statement::new("SELECT dictionary, key FROM dictionary_entry WHERE active = TRUE AND (").cached();
    for (index, (dictionary, key)) in asked.iter().enumerate() {
        statement.push(if index == 0 { "(dictionary = " } else { " OR (dictionary = " }).bind(*dictionary);
        statement.push(" AND key = ").bind(*key).push(")");
    }
    statement.push(")");
    statement.rows(db)
}
