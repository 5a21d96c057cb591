//! Which products had been sold before a day.

use chrono::NaiveDate;
use diesel::QueryableByName;
use regulars_domain::actor::Visibility;
use regulars_domain::ids::ProductId;
use regulars_domain::sales::CountsWhen;

use super::counter::{SALE, counts_sql};
use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::Statement;
use crate::types::SqlId;
use crate::visible::push_visible;

#[derive(QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
struct SoldRow {
    #[diesel(sql_type = SqlId)]
    id: ProductId,
}

/// Products with a sale within reach before the day: each is looked for until one is found.
pub fn products_sold(
    db: &mut Db,
    reach: &Visibility,
    when: CountsWhen,
    before: NaiveDate,
) -> StoreResult<Vec<ProductId>> {
    let mut statement = Statement::new(format!(
        "SELECT t.id FROM product t WHERE EXISTS (SELECT 1 FROM order_line l CROSS JOIN sales_order o \
         WHERE l.product_id = t.id AND o.id = l.order_id AND {SALE} AND {} AND o.ordered_on < ",
        counts_sql(when)
    ));
    statement.bind(before).push(" AND ");
    push_visible(&mut statement, "o", reach);
    statement.push(")");
    Ok(statement.rows::<SoldRow>(db)?.into_iter().map(|row| row.id).collect())
}
