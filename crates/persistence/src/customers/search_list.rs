//! The full-text index as a predicate of lists: every match, whatever the list's order.

use regulars_domain::actor::Visibility;

use super::search::{Clauses, fts_query, scoped, ts_query};
use crate::db::Db;
use crate::sql::Statement;

/// Pushes ` AND …` on a list of customers whose id is the expression `id`: in the index under the clauses, within the walls
/// that the index knows. The list's own scope has the last word.
///
/// The matches are gathered first, on SQLite about a millisecond for a thousand. Looking each customer of the list up
/// in the index instead wins nothing even where a page is soon full, and loses minutes where it is not: people called
/// Zhang stand at the end of a list by name. PostgreSQL's planner would do it for a page, so `OFFSET 0` keeps it out.
pub fn push_found(statement: &mut Statement, db: &Db, id: &str, clauses: &Clauses, reach: &Visibility) {
    let words = scoped(clauses, reach);
    statement.push(format!(" AND {id} IN "));
    match db {
        Db::Sqlite(_) => {
            statement.push(
                "(SELECT sd.party_id FROM party_search_index si JOIN party_search sd ON sd.doc_id = si.rowid \
                 WHERE si.party_search_index MATCH ",
            );
            statement.bind(fts_query(&words)).push(")");
        }
        Db::Pg(_) => {
            statement.push("(SELECT sd.party_id FROM party_search sd WHERE sd.tokens @@ CAST(");
            statement.bind(ts_query(&words)).push(" AS tsquery) OFFSET 0)");
        }
    }
}
