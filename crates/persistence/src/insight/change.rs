//! When and why customers changed stage, lifecycle, class and field.

use chrono::NaiveDate;
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Date, Nullable, Text};
use regulars_domain::actor::Visibility;
use regulars_domain::ids::{ClassChangeId, PartyId};

use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::{Statement, insert_batch};
use crate::types::SqlId;
use crate::visible::push_visible;

#[derive(Debug, Clone, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct ClassChangeRow {
    #[diesel(sql_type = SqlId)]
    pub id: ClassChangeId,
    #[diesel(sql_type = SqlId)]
    pub party_id: PartyId,
    /// `stage`, `lifecycle`, `loyalty_class`, `matrix`, `situation` or `value_class`.
    #[diesel(sql_type = Text)]
    pub kind: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub before: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub after: Option<String>,
    /// The row of the table that decided, where there is one.
    #[diesel(sql_type = Nullable<Text>)]
    pub reason: Option<String>,
    /// The day of the evaluation that saw it.
    #[diesel(sql_type = Date)]
    pub on_date: NaiveDate,
}

pub fn class_changes_insert(tx: &mut Db, rows: Vec<ClassChangeRow>) -> StoreResult<()> {
    let values = rows.into_iter().map(|row| {
        vec![
            row.id.into(),
            row.party_id.into(),
            row.kind.into(),
            row.before.into(),
            row.after.into(),
            row.reason.into(),
            row.on_date.into(),
        ]
    });
    insert_batch(
        tx,
        "class_change",
        &["id", "party_id", "kind", "before", "after", "reason", "on_date"],
        values.collect(),
    )
}

/// Changes of a customer, the latest first.
pub fn class_changes_of(db: &mut Db, party: PartyId, limit: i64) -> StoreResult<Vec<ClassChangeRow>> {
    Statement::new("SELECT c.id, c.party_id, c.kind, c.before, c.after, c.reason, c.on_date FROM class_change c")
        .with(" WHERE c.party_id = ", party)
        .then(&format!(" ORDER BY c.id DESC LIMIT {limit}"))
        .cached()
        .rows(db)
}

/// Customers that share phase, class, field and situation.
#[derive(Debug, Clone, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct RelationCount {
    #[diesel(sql_type = Nullable<Text>)]
    pub lifecycle: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub loyalty_class: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub matrix: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub situation: Option<String>,
    #[diesel(sql_type = BigInt)]
    pub customers: i64,
    /// Minor units of the company's currency.
    #[diesel(sql_type = BigInt)]
    pub net: i64,
    /// Sum of what is expected of them in twelve months.
    #[diesel(sql_type = BigInt)]
    pub lifetime_value: i64,
}

/// One pass over the customers within sight.
pub fn relation_counts(db: &mut Db, visibility: &Visibility) -> StoreResult<Vec<RelationCount>> {
    let mut statement = Statement::new(
        "SELECT m.lifecycle, m.loyalty_class, m.matrix, m.situation, COUNT(*) AS customers, \
         CAST(SUM(m.net) AS BIGINT) AS net, CAST(COALESCE(SUM(m.lifetime_value), 0) AS BIGINT) AS lifetime_value \
         FROM customer_metric m ",
    );
    match visibility {
        Visibility::Owned { .. } | Visibility::Beside { .. } => {
            statement.push("JOIN party p ON p.id = m.party_id WHERE ");
            push_visible(&mut statement, "p", visibility);
        }
        _ => {
            statement.push("WHERE ");
            push_visible(&mut statement, "m", visibility);
        }
    }
    statement.push(" GROUP BY m.lifecycle, m.loyalty_class, m.matrix, m.situation");
    statement.cached().rows(db)
}
