//! Facts that pivots divide, the executor that has the database do it, and what the one in memory is filled from.

mod columns;
mod facts;
mod sql;

pub use columns::{
    ChangedEvent, Columns, LineColumns, MEMBER_PAGE, MemberColumns, OrderColumns, WhichOrders, changes_after, columns,
    customers_by_id, customers_page, lines_read, orders_of_customers, orders_page_end, orders_read, people_read,
    products_read, writing_jobs,
};
pub use facts::{BusinessDays, Fact, FactKind, Given, Measure, Reached, SheetMeasures, Unit, fact};
pub use sql::{PivotAt, PivotScope, pivot_groups, pivot_records};
