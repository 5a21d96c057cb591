//! Which kinds of background work there are.

use std::time::Duration;

use chrono::{DateTime, Utc};

use super::task::Task;
use crate::access::chain::chain_verify_turn;
use crate::access::handover::{HANDOVER, handover_handle};
use crate::activities::discipline::weekly::discipline_tell;
use crate::activities::journey::sweep::{journeys_follow, journeys_sweep};
use crate::activities::task::remind::reminders_tell;
use crate::customers::bulk::{BULK, bulk_handle};
use crate::customers::dates::dates_refresh;
use crate::customers::duplicates::follow::duplicates_follow;
use crate::customers::duplicates::scan::{SCAN, scan_handle};
use crate::customers::merge::merges_forget;
use crate::customers::pool::sweep::pools_sweep;
use crate::customers::share::shares_forget;
use crate::exports::export;
use crate::insight::{cluster, evaluation};
use crate::platform::file::files_sweep;
use crate::platform::notice::notices_forget;
use crate::platform::rate::rates_forget;
use crate::platform::webhooks;
use crate::sales::lead_score::fit;
use crate::sales::lead_score::refresh::scores_follow;
use crate::{App, AppResult, imports};

/// Does the work from its checkpoint on; answers where the outcome is. May run more than once.
pub type Handler = fn(&Task) -> AppResult<Option<String>>;

/// Handlers by kind. A new kind of job is a row here.
pub const HANDLERS: &[(&str, Handler)] = &[
    (export::EXPORT, export::export_handle),
    (BULK, bulk_handle),
    (SCAN, scan_handle),
    (HANDOVER, handover_handle),
    (imports::CHECK, imports::check_handle),
    (imports::RUN, imports::run_handle),
    (imports::UNDO, imports::undo_handle),
    (evaluation::EVALUATE, evaluation::evaluate_job),
    (evaluation::RECOUNT, evaluation::recount_job),
    (evaluation::REFIT, evaluation::refit_job),
    (cluster::FIND, cluster::find_handle),
    (cluster::KEEP, cluster::keep_handle),
    (fit::FIT, fit::fit_job),
    (fit::SCORE, fit::score_job),
    (webhooks::DELIVER, webhooks::deliver::deliver_handle),
];

/// Small work every node does again and again, safe to do twice at once.
pub type Upkeep = fn(&App, DateTime<Utc>) -> AppResult<()>;

/// Name, pause between two turns, work.
pub const UPKEEP: &[(&str, Duration, Upkeep)] = &[
    ("insight.daily", Duration::from_secs(300), evaluation::evaluation_daily),
    ("customers.dates", Duration::from_secs(600), dates_refresh),
    ("access.chain", Duration::from_secs(60), chain_verify_turn),
    ("customers.duplicates", Duration::from_secs(2), duplicates_follow),
    ("customers.pools", Duration::from_secs(300), pools_sweep),
    ("leads.scores", Duration::from_secs(2), scores_follow),
    ("leads.fits", Duration::from_secs(300), fit::fits_due),
    ("customers.merges", Duration::from_secs(3600), merges_forget),
    ("platform.rates", Duration::from_secs(600), rates_forget),
    ("platform.webhooks", Duration::from_secs(1), webhooks::follow::webhooks_follow),
    ("platform.webhooks.keep", Duration::from_secs(60), webhooks::follow::webhooks_keep),
    ("activities.discipline", Duration::from_secs(300), discipline_tell),
    ("activities.journeys", Duration::from_secs(2), journeys_follow),
    ("activities.stations", Duration::from_secs(60), journeys_sweep),
    ("activities.reminders", Duration::from_secs(5), reminders_tell),
    ("platform.notices", Duration::from_secs(3600), notices_forget),
    ("customers.shares", Duration::from_secs(3600), shares_forget),
    ("platform.files", Duration::from_secs(3600), files_sweep),
];
