//! Forms on the web that make leads: for those who keep them, and for the web.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, delete, get, patch, post, web};
use regulars_app::list::Page;
use regulars_app::sales::lead_form::{self, FormSent, FormShown, LeadFormInput, LeadFormView, LeadSubmission};
use regulars_domain::ids::{LeadFormId, OpportunityId};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::forms::html;
use crate::http::body::Body;
use crate::http::call::{Answer, Call, Public, blocking, now};
use crate::http::visit::{Sent, host, origin};

/// Forms that make leads
#[utoipa::path(tag = "sales", responses((status = 200, body = Page<LeadFormView>)))]
#[get("/lead-forms")]
pub async fn form_list(call: Call) -> Answer {
    call.get(lead_form::form_list).await
}

/// Make a form
#[utoipa::path(tag = "sales", request_body = LeadFormInput, responses((status = 201, body = LeadFormView)))]
#[post("/lead-forms")]
pub async fn form_create(call: Call, body: Body<LeadFormInput>) -> Answer {
    call.create(body, lead_form::form_create).await
}

/// Read a form
#[utoipa::path(tag = "sales", params(("id" = Uuid, Path)), responses((status = 200, body = LeadFormView)))]
#[get("/lead-forms/{id}")]
pub async fn form_get(call: Call, id: web::Path<Uuid>) -> Answer {
    call.get_one(move |cx| lead_form::form_get(cx, LeadFormId(*id))).await
}

/// Change a form; pages that carry it show the change at once where they stand on this server
#[utoipa::path(tag = "sales", params(("id" = Uuid, Path)),
    request_body(content = LeadFormInput, content_type = "application/merge-patch+json"),
    responses((status = 200, body = LeadFormView)))]
#[patch("/lead-forms/{id}")]
pub async fn form_update(call: Call, id: web::Path<Uuid>, body: Body<Value>) -> Answer {
    call.patch(body, move |cx, version, patch| lead_form::form_update(cx, LeadFormId(*id), version, patch)).await
}

/// Remove a form that has made no lead
#[utoipa::path(tag = "sales", params(("id" = Uuid, Path)), responses((status = 204)),
    extensions(("x-versioned" = json!(true))))]
#[delete("/lead-forms/{id}")]
pub async fn form_delete(call: Call, id: web::Path<Uuid>) -> Answer {
    call.delete(move |cx, version| lead_form::form_delete(cx, LeadFormId(*id), version)).await
}

/// What to copy into a page.
#[derive(Debug, Serialize, ToSchema)]
pub struct FormSnippet {
    #[schema(example = "<form method=\"post\" action=\"https://crm.example.com/forms/5f0c7f2e9a1b4c3d\">…</form>")]
    pub html: String,
}

/// The form as HTML, to copy into a page of one's own
#[utoipa::path(tag = "sales", params(("id" = Uuid, Path)), responses((status = 200, body = FormSnippet)))]
#[get("/lead-forms/{id}/snippet")]
pub async fn form_snippet(request: HttpRequest, call: Call, id: web::Path<Uuid>) -> Answer {
    let server = format!("{}://{}", request.connection_info().scheme(), host(&request));
    let english = crate::http::call::locale_of(request.headers()) == "en";
    call.get(move |cx| {
        let form = lead_form::form_snippet(cx, LeadFormId(*id))?;
        Ok(FormSnippet {
            html: html::form(&form, &format!("{server}/forms/{}", form.key), &html::Typed::default(), english),
        })
    })
    .await
}

/// When the form behind a lead was sent, and where whoever sent it came from
#[utoipa::path(tag = "sales", params(("id" = Uuid, Path)), responses((status = 200, body = Page<LeadSubmission>)))]
#[get("/opportunities/{id}/submissions")]
pub async fn submission_list(call: Call, id: web::Path<Uuid>) -> Answer {
    call.get(move |cx| lead_form::submission_list(cx, OpportunityId(*id))).await
}

/// A form as anybody sees it, for pages that draw it themselves
#[utoipa::path(tag = "sales", security(()), params(("key" = String, Path)),
    responses((status = 200, body = FormShown)))]
#[get("/public/lead-forms/{key}")]
pub async fn form_show(request: HttpRequest, public: Public, key: web::Path<String>) -> Answer {
    let site = site(&request, &public, &key).await?;
    let shown = blocking(move || lead_form::form_show(&public.app, &key, &public.meta.locale)).await?;
    Ok(shared(HttpResponse::Ok(), site).json(shown))
}

/// Send a form, as JSON or form-encoded: its fields by name, `consent`, `utm_…`, `page`, `referrer`; what it does not ask is
/// passed over
#[utoipa::path(tag = "sales", security(()), params(("key" = String, Path)),
    request_body(content = std::collections::BTreeMap<String, Value>, example = json!({"person": "Lin Xiao", "phone": "13800138000"})),
    responses((status = 200, body = FormSent)))]
#[post("/public/lead-forms/{key}")]
pub async fn form_send(request: HttpRequest, sent: Sent, key: web::Path<String>) -> Answer {
    let site = site(&request, &sent.call, &key).await?;
    let (app, visit, meta) = sent.parts();
    let told = blocking(move || lead_form::form_send(&app, &key, &visit, meta, now())).await?;
    Ok(shared(HttpResponse::Ok(), site).json(told))
}

/// Tells a browser whether a page of its site may send the form.
pub async fn form_preflight(request: HttpRequest, public: Public, key: web::Path<String>) -> Answer {
    let site = site(&request, &public, &key).await?;
    Ok(shared(HttpResponse::NoContent(), site).finish())
}

/// The site that asks, if its pages may.
async fn site(
    request: &HttpRequest,
    public: &Public,
    key: &str,
) -> Result<Option<String>, crate::http::problem::Refusal> {
    let Some(site) = origin(request) else { return Ok(None) };
    let (app, key, host, asked) = (public.app.clone(), key.to_string(), host(request), site.clone());
    let allowed = blocking(move || lead_form::form_allows(&app, &key, &asked, &host)).await?;
    Ok(Some(site).filter(|_| allowed))
}

fn shared(mut response: actix_web::HttpResponseBuilder, site: Option<String>) -> actix_web::HttpResponseBuilder {
    response.insert_header((header::VARY, "Origin"));
    if let Some(site) = site {
        response
            .insert_header((header::ACCESS_CONTROL_ALLOW_ORIGIN, site))
            .insert_header((header::ACCESS_CONTROL_ALLOW_METHODS, "GET, POST"))
            .insert_header((header::ACCESS_CONTROL_ALLOW_HEADERS, "Content-Type, Idempotency-Key, Accept-Language"))
            .insert_header((header::ACCESS_CONTROL_MAX_AGE, "600"));
    }
    response
}
