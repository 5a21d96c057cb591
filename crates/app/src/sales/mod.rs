//! Leads and opportunities in their pipelines, forms on the web that make leads; offers; orders: lines, status, deliveries,
//! bills, payments, returns; wishes; targets of what is to be sold.

pub mod bill;
pub mod dealer;
pub mod delivery;
pub mod fill;
mod goods;
pub mod lead_form;
pub mod lead_score;
pub mod line;
pub mod money;
pub mod opportunity;
pub mod order;
pub mod paper;
pub mod pipeline;
pub mod quote;
pub mod sellout;
pub mod target;
pub mod view;
pub mod wish;
