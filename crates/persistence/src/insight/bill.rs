//! Lines of orders that are bills of a programme: what retention is computed from.

use chrono::NaiveDate;
use diesel::sql_types::{BigInt, Date, Nullable};
use regulars_domain::ids::{CategoryId, OrderId, PartyId, ProductId};
use regulars_domain::sales::CountsWhen;

use super::counter::{SALE, base_sql, counts_sql};
use super::past::{PastDay, Whose, push_orders, push_whose};
use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::{Statement, row_by_place};
use crate::types::SqlId;

row_by_place! {
    /// A line with what its order comes to.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub struct BillLineRow {
        pub party_id: PartyId as SqlId,
        pub order_id: OrderId as SqlId,
        pub on: NaiveDate as Date,
        /// Of the order after discounts and returns, minor units of the company's currency.
        pub net: i64 as BigInt,
        /// Lines of the order.
        pub lines: i64 as BigInt,
        /// What they come to, in the order's currency.
        pub total: i64 as BigInt,
        /// What this one comes to.
        pub amount: i64 as BigInt,
        pub product_id: ProductId as SqlId,
        pub category_id: Option<CategoryId> as Nullable<SqlId>,
    }
}

/// Lines with one of these products, or with a product of one of these categories, in orders that count, customer by
/// customer and rising; for a past day those up to it, as they stood then.
pub fn bill_lines_of(
    db: &mut Db,
    ids: &[PartyId],
    (products, categories): (&[ProductId], &[CategoryId]),
    when: CountsWhen,
    past: Option<&PastDay>,
) -> StoreResult<Vec<BillLineRow>> {
    let mut statement = Statement::new(format!(
        "SELECT o.party_id, o.id, o.ordered_on, (o.net_base - {}) AS net, \
         (SELECT COUNT(*) FROM order_line x WHERE x.order_id = o.id) AS lines, \
         (SELECT CAST(SUM(x.amount) AS BIGINT) FROM order_line x WHERE x.order_id = o.id) AS total, \
         l.amount, l.product_id, g.category_id FROM ",
        base_sql("o.returned")
    ));
    push_orders(&mut statement, db, &Whose::Parties(ids), past);
    statement.push(format!(
        " JOIN order_line l ON l.order_id = o.id JOIN product g ON g.id = l.product_id WHERE {SALE} AND {} AND ",
        counts_sql(when)
    ));
    push_whose(&mut statement, "o", &Whose::Parties(ids));
    statement.push(" AND (1 = 0");
    if !products.is_empty() {
        statement.push(" OR g.id IN (").bind_list(products.iter().copied()).push(")");
    }
    if !categories.is_empty() {
        statement.push(" OR g.category_id IN (").bind_list(categories.iter().copied()).push(")");
    }
    statement.push(") ORDER BY o.party_id, o.ordered_on, o.id, l.position");
    statement.rows(db)
}
