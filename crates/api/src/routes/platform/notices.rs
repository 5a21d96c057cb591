//! What the caller was told: reminders, tasks others gave them. Nobody reads another's.

use actix_web::{get, post, web};
use regulars_app::list::Page;
use regulars_app::platform::notice::{self, NoticeCount, NoticeView, NoticesRead};
use serde_json::Value;
use uuid::Uuid;

use crate::http::body::Body;
use crate::http::call::{Answer, Call};
use crate::http::list::{List, ListParams};

/// My notices, the newest first; `filter[unread]=true` leaves out what I have read
#[utoipa::path(tag = "platform", params(ListParams), responses((status = 200, body = Page<NoticeView>)))]
#[get("/notices")]
pub async fn notice_list(call: Call, list: List) -> Answer {
    call.get(move |cx| notice::notice_list(cx, &list.0)).await
}

/// How many of my notices I have not read
#[utoipa::path(tag = "platform", responses((status = 200, body = NoticeCount)))]
#[get("/notices/unread")]
pub async fn notice_count(call: Call) -> Answer {
    call.get(notice::notice_count).await
}

/// Note that I have read my notices, all of them or up to one
#[utoipa::path(tag = "platform", request_body = NoticesRead, responses((status = 200, body = NoticeCount)))]
#[post("/notices/reading")]
pub async fn notices_read(call: Call, body: Body<NoticesRead>) -> Answer {
    call.act(body, notice::notices_read).await
}

/// Note that I have read a notice
#[utoipa::path(tag = "platform", params(("id" = Uuid, Path)), responses((status = 200, body = NoticeView)))]
#[post("/notices/{id}/reading")]
pub async fn notice_read(call: Call, id: web::Path<Uuid>, body: Body<Option<Value>>) -> Answer {
    call.act(body, move |cx, _| notice::notice_read(cx, *id)).await
}
