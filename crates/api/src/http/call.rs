//! One request's way to one use case: who asks, in which language, off the event loop, and the answer with its headers.

use std::any::Any;
use std::future::{Ready, ready};
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::http::header::{self, HeaderMap};
use actix_web::{FromRequest, HttpMessage, HttpRequest, HttpResponse, web};
use chrono::{DateTime, SubsecRound, Utc};
use regulars_app::access::actor::{actor_by_key, actor_by_token};
use regulars_app::activities::discipline::uses::use_note;
use regulars_app::list::Versioned;
use regulars_app::{App, AppError, AppResult, Cx, Idempotency, RequestMeta};
use serde::Serialize;
use serde_json::Value;

use super::body::Body;
use super::problem::Refusal;

pub type Answer = Result<HttpResponse, Refusal>;

/// Now, at the precision that is stored and shown.
pub fn now() -> DateTime<Utc> {
    Utc::now().trunc_subsecs(6)
}

/// The request id, made by the layer.
#[derive(Clone)]
pub struct RequestId(pub String);

/// `zh-CN` or `en`, from `Accept-Language`.
pub fn locale_of(headers: &HeaderMap) -> &'static str {
    let wanted = headers.get(header::ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok()).unwrap_or("");
    for part in wanted.split(',') {
        let tag = part.split(';').next().unwrap_or("").trim().to_ascii_lowercase();
        if tag.starts_with("zh") {
            return "zh-CN";
        }
        if tag.starts_with("en") {
            return "en";
        }
    }
    "zh-CN"
}

/// An authenticated request, before it is known whether the credential holds.
#[derive(Clone)]
pub struct Call {
    app: App,
    bearer: String,
    meta: RequestMeta,
    if_match: Option<String>,
    path: String,
}

impl FromRequest for Call {
    type Error = Refusal;
    type Future = Ready<Result<Self, Refusal>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(read_call(request))
    }
}

fn read_call(request: &HttpRequest) -> Result<Call, Refusal> {
    let bearer = header_text(request, header::AUTHORIZATION.as_str())
        .and_then(|value| value.strip_prefix("Bearer ").map(String::from))
        .ok_or(AppError::Unauthenticated("token_missing"))?;
    let Public { app, meta } = read_public(request)?;
    Ok(Call { app, bearer, meta, if_match: header_text(request, "If-Match"), path: request.path().to_string() })
}

/// A request that needs no sign-in.
pub struct Public {
    pub app: App,
    pub meta: RequestMeta,
}

impl FromRequest for Public {
    type Error = Refusal;
    type Future = Ready<Result<Self, Refusal>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(read_public(request))
    }
}

fn read_public(request: &HttpRequest) -> Result<Public, Refusal> {
    let app = request.app_data::<web::Data<App>>().ok_or(AppError::Internal("no application".into()))?;
    let request_id = request.extensions().get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default();
    let idempotency = match header_text(request, "Idempotency-Key") {
        Some(key) if key.is_empty() || key.len() > 200 => {
            return Err(AppError::invalid("Idempotency-Key", "wrong_shape").into());
        }
        key => key.map(|key| Idempotency { key, path: request.path().into(), body_hash: Vec::new() }),
    };
    let meta = RequestMeta {
        request_id,
        address: request.connection_info().realip_remote_addr().map(String::from),
        user_agent: header_text(request, header::USER_AGENT.as_str()).map(|agent| agent.chars().take(300).collect()),
        locale: locale_of(request.headers()).into(),
        idempotency,
    };
    Ok(Public { app: app.get_ref().clone(), meta })
}

pub fn header_text(request: &HttpRequest, name: &str) -> Option<String> {
    request.headers().get(name).and_then(|value| value.to_str().ok()).map(String::from)
}

/// Runs blocking work off the event loop.
pub async fn blocking<T: Send + 'static>(work: impl FnOnce() -> AppResult<T> + Send + 'static) -> Result<T, Refusal> {
    let made = off_the_loop(Box::new(|| Ok(Box::new(work()?)))).await?;
    made.downcast().map(|made| *made).map_err(|_| AppError::Internal("an answer was lost".into()).into())
}

/// What a use case made, whatever its type: hundreds of operations would otherwise each have their own copy of the
/// runtime's tasks compiled.
type Made = Box<dyn Any + Send>;

async fn off_the_loop(work: Box<dyn FnOnce() -> AppResult<Made> + Send>) -> Result<Made, Refusal> {
    web::block(work).await.map_err(|_| AppError::Internal("a request panicked".into()))?.map_err(Refusal)
}

impl Call {
    /// Authenticates and runs the use case.
    pub async fn run<T: Send + 'static>(
        self,
        work: impl FnOnce(&Cx) -> AppResult<T> + Send + 'static,
    ) -> Result<T, Refusal> {
        blocking(move || {
            let cx = self.authenticate()?;
            use_note(&cx);
            work(&cx)
        })
        .await
    }

    /// The same for what an open screen asks by itself: that is no use of a person's.
    pub async fn watch<T: Send + 'static>(
        self,
        work: impl FnOnce(&Cx) -> AppResult<T> + Send + 'static,
    ) -> Result<T, Refusal> {
        blocking(move || {
            let cx = self.authenticate()?;
            work(&cx)
        })
        .await
    }

    fn authenticate(self) -> AppResult<Cx> {
        let now = now();
        let actor = if self.bearer.starts_with("rgl_") {
            actor_by_key(&self.app, &self.bearer, now)?
        } else {
            actor_by_token(&self.app, &self.bearer, now)?
        };
        Ok(Cx::new(self.app, actor, now, Arc::new(self.meta)))
    }

    /// 200 with a body.
    pub async fn get<T: Serialize + Send + 'static>(
        self,
        work: impl FnOnce(&Cx) -> AppResult<T> + Send + 'static,
    ) -> Answer {
        Ok(HttpResponse::Ok().json(self.run(work).await?))
    }

    /// 200 with a body and its ETag.
    pub async fn get_one<T>(self, work: impl FnOnce(&Cx) -> AppResult<T> + Send + 'static) -> Answer
    where
        T: Serialize + Versioned + Send + 'static,
    {
        Ok(with_etag(HttpResponse::Ok(), &self.run(work).await?))
    }

    /// Where what is created will be, when that is not below this path.
    pub fn at(mut self, path: &str) -> Self {
        self.path = path.into();
        self
    }

    /// 201 with a body, its ETag and its place: this path and the id.
    pub async fn create<I, T>(
        mut self,
        body: Body<I>,
        work: impl FnOnce(&Cx, I) -> AppResult<T> + Send + 'static,
    ) -> Answer
    where
        I: Send + 'static,
        T: Serialize + Versioned + Send + 'static,
    {
        self.hash_body(&body.hash);
        let path = self.path.clone();
        let view = self.run(move |cx| work(cx, body.value)).await?;
        let mut response = HttpResponse::Created();
        response.insert_header((header::LOCATION, format!("{path}/{}", view.id())));
        Ok(with_etag(response, &view))
    }

    /// A POST that is no creation: 200 with a body.
    pub async fn act<I, T>(
        mut self,
        body: Body<I>,
        work: impl FnOnce(&Cx, I) -> AppResult<T> + Send + 'static,
    ) -> Answer
    where
        I: Send + 'static,
        T: Serialize + Send + 'static,
    {
        self.hash_body(&body.hash);
        Ok(HttpResponse::Ok().json(self.run(move |cx| work(cx, body.value)).await?))
    }

    /// A POST that starts a job: 202 with the job and its place.
    pub async fn start<I, T>(
        mut self,
        body: Body<I>,
        work: impl FnOnce(&Cx, I) -> AppResult<T> + Send + 'static,
    ) -> Answer
    where
        I: Send + 'static,
        T: Serialize + Versioned + Send + 'static,
    {
        self.hash_body(&body.hash);
        let job = self.run(move |cx| work(cx, body.value)).await?;
        Ok(HttpResponse::Accepted().insert_header((header::LOCATION, format!("/api/v1/jobs/{}", job.id()))).json(job))
    }

    /// PATCH with a merge-patch and `If-Match`: 200 with the body and its new ETag.
    pub async fn patch<T>(
        self,
        body: Body<Value>,
        work: impl FnOnce(&Cx, i64, &Value) -> AppResult<T> + Send + 'static,
    ) -> Answer
    where
        T: Serialize + Versioned + Send + 'static,
    {
        let version = self.version()?;
        Ok(with_etag(HttpResponse::Ok(), &self.run(move |cx| work(cx, version, &body.value)).await?))
    }

    /// PUT with `If-Match`: 200 with the body and its new ETag.
    pub async fn put<I, T>(
        self,
        body: Body<I>,
        work: impl FnOnce(&Cx, i64, I) -> AppResult<T> + Send + 'static,
    ) -> Answer
    where
        I: Send + 'static,
        T: Serialize + Versioned + Send + 'static,
    {
        let version = self.version()?;
        Ok(with_etag(HttpResponse::Ok(), &self.run(move |cx| work(cx, version, body.value)).await?))
    }

    /// DELETE with `If-Match`: 204.
    pub async fn delete(self, work: impl FnOnce(&Cx, i64) -> AppResult<()> + Send + 'static) -> Answer {
        let version = self.version()?;
        self.run(move |cx| work(cx, version)).await?;
        Ok(HttpResponse::NoContent().finish())
    }

    /// A change without version or answer: 204.
    pub async fn done(self, work: impl FnOnce(&Cx) -> AppResult<()> + Send + 'static) -> Answer {
        self.run(work).await?;
        Ok(HttpResponse::NoContent().finish())
    }

    fn hash_body(&mut self, hash: &[u8]) {
        if let Some(idempotency) = &mut self.meta.idempotency {
            idempotency.body_hash = hash.to_vec();
        }
    }

    /// The version named by `If-Match: "3"`.
    fn version(&self) -> Result<i64, Refusal> {
        let value = self.if_match.as_deref().ok_or(AppError::PreconditionRequired)?;
        value
            .trim()
            .trim_start_matches("W/")
            .trim_matches('"')
            .parse()
            .map_err(|_| Refusal(AppError::invalid("If-Match", "wrong_shape")))
    }
}

fn with_etag(mut response: actix_web::HttpResponseBuilder, view: &(impl Serialize + Versioned)) -> HttpResponse {
    response.insert_header((header::ETAG, format!("\"{}\"", view.version()))).json(view)
}
