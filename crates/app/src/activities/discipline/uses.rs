//! On which days people use the program. A node remembers of whom it has noted today, so that a request costs one look
//! into memory, and writes what is new in the background.

use std::collections::HashMap;

use chrono::NaiveDate;
use parking_lot::{Mutex, RwLock};
use regulars_domain::ids::UserId;
use regulars_persistence::activities::presence::use_days_insert;

use crate::{App, AppError, AppResult, Cx};

/// What this node knows of.
#[derive(Default)]
pub struct Uses {
    /// The last day each person was noted on.
    noted: RwLock<HashMap<UserId, NaiveDate>>,
    /// What has not been written yet.
    fresh: Mutex<Vec<(UserId, NaiveDate)>>,
}

impl Uses {
    fn note(&self, user: UserId, on: NaiveDate) {
        if self.noted.read().get(&user) == Some(&on) {
            return;
        }
        if self.noted.write().insert(user, on) != Some(on) {
            self.fresh.lock().push((user, on));
        }
    }
}

/// Notes that the caller uses the program today. Only people do: neither keys nor jobs.
pub fn use_note(cx: &Cx) {
    if cx.session().is_none() {
        return;
    }
    // Before set-up there is no business day, and nobody to note.
    if let Ok(today) = cx.today() {
        cx.app.uses().note(cx.actor.user_id, today);
    }
}

/// Writes what was noted since; what could not be written is written with the next turn.
pub fn uses_write(app: &App) -> AppResult<()> {
    let fresh = std::mem::take(&mut *app.uses().fresh.lock());
    if fresh.is_empty() {
        return Ok(());
    }
    let days = fresh.clone();
    let written = app.db().write(move |tx| Ok::<_, AppError>(use_days_insert(tx, &days)?));
    if written.is_err() {
        app.uses().fresh.lock().extend(fresh);
    }
    written
}
