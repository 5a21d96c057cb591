//! The audit log.

use actix_web::get;
use regulars_app::access::audit::{self, AuditView};
use regulars_app::access::chain::{self, ChainView};
use regulars_app::list::Page;

use crate::http::call::{Answer, Call};
use crate::http::list::{List, ListParams};

/// Who changed what, the latest first; filter by resource, resource_id, actor_id, action, at
#[utoipa::path(tag = "access", params(ListParams), responses((status = 200, body = Page<AuditView>)))]
#[get("/audit-events")]
pub async fn audit_list(call: Call, list: List) -> Answer {
    call.get(move |cx| audit::audit_list(cx, &list.0)).await
}

/// How far the audit log is sealed and verified
#[utoipa::path(tag = "access", responses((status = 200, body = ChainView)))]
#[get("/audit-chain")]
pub async fn audit_chain_get(call: Call) -> Answer {
    call.get(chain::chain_get).await
}
