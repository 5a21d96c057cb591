//! The context of one call: who, when, in answer to which request.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use regulars_domain::actor::{Action, Actor, Credential, Resource, Visibility};
use regulars_domain::ids::SessionId;
use regulars_persistence::Db;
use regulars_persistence::idempotency::{IdempotencyScope, idempotency_answer, idempotency_claim};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::access::settings::Company;
use crate::{App, AppError, AppResult};

/// What the log and the retry table want to know of the request behind a call.
#[derive(Debug, Clone, Default)]
pub struct RequestMeta {
    pub request_id: String,
    pub address: Option<String>,
    pub user_agent: Option<String>,
    pub locale: String,
    pub idempotency: Option<Idempotency>,
}

/// The caller's key for a POST, its path, and the hash of the body it came with.
#[derive(Debug, Clone)]
pub struct Idempotency {
    pub key: String,
    pub path: String,
    pub body_hash: Vec<u8>,
}

/// Handed to every use case. Cheap to clone into a transaction.
#[derive(Clone)]
pub struct Cx {
    pub app: App,
    pub actor: Arc<Actor>,
    pub now: DateTime<Utc>,
    pub request: Arc<RequestMeta>,
    company: Option<Arc<Company>>,
}

impl Cx {
    /// Reads the company's settings beforehand, so that nobody asks for them while holding a connection.
    pub fn new(app: App, actor: Arc<Actor>, now: DateTime<Utc>, request: Arc<RequestMeta>) -> Self {
        // Before set-up there is none; any other failure comes up again for whoever asks.
        let company = app.company(now).ok();
        Self { company, ..Self::in_transaction(app, actor, now, request) }
    }

    /// For what is noted within a transaction that began without a context.
    pub(crate) fn in_transaction(app: App, actor: Arc<Actor>, now: DateTime<Utc>, request: Arc<RequestMeta>) -> Self {
        Self { app, actor, now, request, company: None }
    }

    /// Refuses unless the caller holds the permission.
    pub fn require(&self, permission: &str) -> AppResult<()> {
        if self.actor.may(permission) { Ok(()) } else { Err(AppError::Forbidden(permission.into())) }
    }

    /// The session the call was made in; absent for keys and jobs.
    pub fn session(&self) -> Option<SessionId> {
        match self.actor.credential {
            Credential::Session(id) => Some(id),
            _ => None,
        }
    }

    /// Refuses keys and jobs: a person's own account is changed by the person.
    pub fn require_session(&self) -> AppResult<SessionId> {
        self.session().ok_or(AppError::Forbidden("session".into()))
    }

    pub fn visible(&self, resource: Resource, action: Action) -> Visibility {
        self.actor.visible(resource, action)
    }

    /// The same without what is only shared with the caller.
    pub fn visible_own(&self, resource: Resource, action: Action) -> Visibility {
        self.actor.visible_own(resource, action)
    }

    pub fn company(&self) -> AppResult<Arc<Company>> {
        self.company.clone().map_or_else(|| self.app.company(self.now), Ok)
    }

    /// Today in the business time zone.
    pub fn today(&self) -> AppResult<NaiveDate> {
        Ok(self.company()?.business_date(self.now))
    }

    pub fn read<T>(&self, query: impl FnOnce(&mut Db) -> AppResult<T>) -> AppResult<T> {
        self.app.db().read(query)
    }

    /// One transaction without an answer to repeat: PATCH, DELETE, background work.
    pub fn change<T: Send + 'static>(&self, change: impl Fn(&mut Db) -> AppResult<T> + Send + 'static) -> AppResult<T> {
        self.app.db().write(change)
    }

    /// The same for a large piece of background work, which shares no transaction with others.
    pub fn change_alone<T: Send + 'static>(
        &self,
        change: impl Fn(&mut Db) -> AppResult<T> + Send + 'static,
    ) -> AppResult<T> {
        self.app.db().write_alone(change)
    }

    /// One transaction of a POST. With an idempotency key the key is written first in the same transaction, and a
    /// repetition answers with what the first call answered.
    pub fn create<T>(&self, change: impl Fn(&mut Db) -> AppResult<T> + Send + 'static) -> AppResult<T>
    where
        T: Serialize + DeserializeOwned + Send + 'static,
    {
        self.create_secret(change, |_| {})
    }

    /// The same for an answer that holds a secret: `redact` takes it out of what is kept for a repetition.
    pub fn create_secret<T>(
        &self,
        change: impl Fn(&mut Db) -> AppResult<T> + Send + 'static,
        redact: impl Fn(&mut T) + Send + 'static,
    ) -> AppResult<T>
    where
        T: Serialize + DeserializeOwned + Send + 'static,
    {
        let Some(idempotency) = self.request.idempotency.clone() else {
            return self.change(change);
        };
        let now = self.now;
        let scope = IdempotencyScope {
            principal: regulars_persistence::types::AnyId(self.actor.user_id.0),
            path: idempotency.path,
            key: idempotency.key,
        };
        self.change(move |tx| {
            if let Some(stands) = idempotency_claim(tx, &scope, &idempotency.body_hash, now)? {
                if stands.body_hash != idempotency.body_hash {
                    return Err(AppError::IdempotencyReuse);
                }
                let answer = stands.answer.ok_or(AppError::Conflict("in_progress"))?;
                return serde_json::from_str(&answer).map_err(AppError::internal);
            }
            let answer = change(tx)?;
            let text = serde_json::to_string(&answer).map_err(AppError::internal)?;
            let mut kept: T = serde_json::from_str(&text).map_err(AppError::internal)?;
            redact(&mut kept);
            idempotency_answer(tx, &scope, serde_json::to_string(&kept).map_err(AppError::internal)?)?;
            Ok(answer)
        })
    }
}
