//! A job as its handler sees it.

use std::sync::Arc;

use chrono::{DateTime, SubsecRound, Utc};
use regulars_domain::actor::Credential;
use regulars_persistence::Db;
use regulars_persistence::job::{JobRow, job_progress};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::access::actor::actor_load;
use crate::{App, AppError, AppResult, Cx, RequestMeta};

/// One run of a job. Cheap to clone into a transaction.
#[derive(Clone)]
pub struct Task {
    pub app: App,
    pub job: Arc<JobRow>,
    /// The node that holds the lease.
    pub node: Arc<str>,
}

/// Progress of a running job and where it may go on.
#[derive(Debug, Clone, Default)]
pub struct Step {
    pub done: i64,
    pub total: Option<i64>,
    pub checkpoint: Option<Value>,
}

impl Task {
    /// What the job was asked for.
    pub fn input<T: DeserializeOwned>(&self) -> AppResult<T> {
        serde_json::from_value(self.job.input.clone()).map_err(AppError::internal)
    }

    /// Where an earlier run stopped, if there was one.
    pub fn checkpoint<T: DeserializeOwned>(&self) -> AppResult<Option<T>> {
        self.job.checkpoint.clone().map(serde_json::from_value).transpose().map_err(AppError::internal)
    }

    /// The context of the person who started the job, with the rights they have now.
    pub fn cx(&self) -> AppResult<Cx> {
        let user = self.job.created_by.ok_or(AppError::Internal("the job has no person".into()))?;
        let actor = self.app.db().read(|db| actor_load(db, user, Credential::Job, now()))?;
        let request = RequestMeta {
            request_id: format!("job-{}", self.job.id),
            locale: actor.locale.clone(),
            ..RequestMeta::default()
        };
        Ok(Cx::new(self.app.clone(), Arc::new(actor), now(), Arc::new(request)))
    }

    /// Notes progress. `Err` with the code `cancelled` when the handler has to stop.
    pub fn progress(&self, step: Step) -> AppResult<()> {
        let within = self.clone();
        self.app.db().write(move |tx| within.progress_in(tx, &step))
    }

    /// The same inside the transaction of the step's effect, so that both stand or neither.
    pub fn progress_in(&self, tx: &mut Db, step: &Step) -> AppResult<()> {
        match job_progress(tx, self.job.id, &self.node, step.done, step.total, step.checkpoint.as_ref())? {
            Some(false) => Ok(()),
            Some(true) => Err(AppError::Conflict(CANCELLED)),
            None => Err(AppError::Conflict(LEASE_LOST)),
        }
    }
}

/// The job was asked to stop.
pub const CANCELLED: &str = "cancelled";
/// Another node has taken the job over.
pub const LEASE_LOST: &str = "lease_lost";

/// Now, at the precision that is stored.
pub fn now() -> DateTime<Utc> {
    Utc::now().trunc_subsecs(6)
}
