//! Lines of orders and of offers: the same columns in two tables. Amounts are minor units, quantities thousandths, tax
//! rates hundredths of a percent.

use chrono::NaiveDate;
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Date, Integer, Nullable, Text};
use regulars_domain::ids::ProductId;
use serde_json::Value;

use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::{Bind, Statement, filled_up, insert_batch};
use crate::types::{AnyId, SqlId, SqlJson};

/// One line; the price and cost are for one of the goods.
#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct LineRow {
    /// The order or the offer.
    #[diesel(sql_type = SqlId)]
    pub holder_id: AnyId,
    #[diesel(sql_type = Integer)]
    pub position: i32,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub product_id: Option<ProductId>,
    #[diesel(sql_type = Nullable<Text>)]
    pub product_code: Option<String>,
    #[diesel(sql_type = Text)]
    pub name: String,
    #[diesel(sql_type = BigInt)]
    pub quantity: i64,
    #[diesel(sql_type = BigInt)]
    pub price: i64,
    #[diesel(sql_type = BigInt)]
    pub discount: i64,
    /// quantity × price − discount.
    #[diesel(sql_type = BigInt)]
    pub amount: i64,
    #[diesel(sql_type = Nullable<BigInt>)]
    pub cost: Option<i64>,
    /// Of the tax that the amount contains.
    #[diesel(sql_type = BigInt)]
    pub tax_rate: i64,
    #[diesel(sql_type = Nullable<Date>)]
    pub promised_on: Option<NaiveDate>,
    /// What was chosen: a list of names with values.
    #[diesel(sql_type = Nullable<SqlJson>)]
    pub options: Option<Value>,
}

const COLUMNS: [&str; 12] = [
    "position",
    "product_id",
    "product_code",
    "name",
    "quantity",
    "price",
    "discount",
    "amount",
    "cost",
    "tax_rate",
    "promised_on",
    "options",
];

/// Where lines of one kind of document stand.
pub(super) struct LineTable {
    pub table: &'static str,
    pub holder: &'static str,
}

impl LineTable {
    /// Lines of these documents, in their order.
    pub fn of<T: Copy + Into<Bind>>(&self, db: &mut Db, ids: &[T]) -> StoreResult<Vec<LineRow>> {
        let Self { table, holder } = self;
        let columns = COLUMNS.join(", ");
        let mut statement =
            Statement::new(format!("SELECT {holder} AS holder_id, {columns} FROM {table} WHERE {holder} IN ("));
        statement.bind_list(filled_up(ids)).push(format!(") ORDER BY {holder}, position"));
        statement.cached().rows(db)
    }

    pub fn insert(&self, db: &mut Db, rows: Vec<LineRow>) -> StoreResult<()> {
        let bound = |row: LineRow| -> Vec<Bind> {
            vec![
                row.holder_id.0.into(),
                row.position.into(),
                row.product_id.into(),
                row.product_code.into(),
                row.name.into(),
                row.quantity.into(),
                row.price.into(),
                row.discount.into(),
                row.amount.into(),
                row.cost.into(),
                row.tax_rate.into(),
                row.promised_on.into(),
                row.options.into(),
            ]
        };
        let columns: Vec<&str> = [self.holder].into_iter().chain(COLUMNS).collect();
        insert_batch(db, self.table, &columns, rows.into_iter().map(bound).collect())
    }

    pub fn delete(&self, db: &mut Db, id: impl Into<Bind>) -> StoreResult<()> {
        Statement::new(format!("DELETE FROM {}", self.table))
            .with(&format!(" WHERE {} = ", self.holder), id)
            .cached()
            .run(db)?;
        Ok(())
    }
}
