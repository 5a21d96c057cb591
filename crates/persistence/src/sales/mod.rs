//! Leads and opportunities in their pipelines; offers; orders with their lines, deliveries, bills, payments and
//! returns.

pub mod bill;
pub mod customer;
pub mod dealer;
pub mod delivery;
pub mod lead_form;
pub mod lead_score;
pub mod line;
pub mod list;
pub mod opportunity;
pub mod opportunity_list;
pub mod order;
pub mod pipeline;
pub mod quote;
pub mod sellout;
pub mod stage_change;
pub mod target;
pub mod transfer;
pub mod wish;
