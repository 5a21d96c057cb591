//! What things are and what may happen to them.
//!
//! Pure: time, ids and the acting person come in as arguments. No I/O, no clock, no database, no web.

pub mod access;
pub mod account_request;
pub mod actor;
pub mod bill;
pub mod calendar;
pub mod condition;
pub mod consent;
pub mod dates_of_life;
pub mod dealer;
pub mod delivery;
pub mod demo;
pub mod duplicates;
pub mod error;
pub mod files;
pub mod follow_up;
pub mod icalendar;
pub mod ids;
pub mod journey;
pub mod key_account;
pub mod lead_form;
pub mod lead_score;
pub mod mask;
pub mod merge_patch;
pub mod money;
pub mod naming;
pub mod next_action;
pub mod pipeline;
pub mod pivot;
pub mod pool;
pub mod qualification;
pub mod quote;
pub mod rate;
pub mod required_if;
pub mod sales;
pub mod seal;
pub mod sellout;
pub mod sight;
pub mod target;
pub mod task;
pub mod tax;
pub mod totp;
pub mod webhook;
pub mod wish;
