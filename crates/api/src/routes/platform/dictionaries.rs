//! Dictionaries and their entries.

use actix_web::{delete, get, patch, post, web};
use regulars_app::list::Page;
use regulars_app::platform::dictionary::{self, DictionaryView, EntryInput, EntryView};
use regulars_domain::ids::DictionaryEntryId;
use serde_json::Value;
use uuid::Uuid;

use crate::http::body::Body;
use crate::http::call::{Answer, Call};

/// List dictionaries
#[utoipa::path(tag = "platform", responses((status = 200, body = Page<DictionaryView>)))]
#[get("/dictionaries")]
pub async fn dictionary_list(call: Call) -> Answer {
    call.get(dictionary::dictionary_list).await
}

/// List a dictionary's entries, inactive ones too
#[utoipa::path(tag = "platform", params(("key" = String, Path, example = "source")),
    responses((status = 200, body = Page<EntryView>)))]
#[get("/dictionaries/{key}/entries")]
pub async fn entry_list(call: Call, key: web::Path<String>) -> Answer {
    call.get(move |cx| dictionary::entry_list(cx, &key)).await
}

/// Add an entry to a dictionary
#[utoipa::path(tag = "platform", params(("key" = String, Path, example = "source")), request_body = EntryInput,
    responses((status = 201, body = EntryView)))]
#[post("/dictionaries/{key}/entries")]
pub async fn entry_create(call: Call, key: web::Path<String>, body: Body<EntryInput>) -> Answer {
    let call = call.at("/api/v1/dictionary-entries");
    call.create(body, move |cx, input| dictionary::entry_create(cx, &key, input)).await
}

/// Change a dictionary entry
#[utoipa::path(tag = "platform", params(("id" = Uuid, Path)),
    request_body(content = EntryInput, content_type = "application/merge-patch+json"),
    responses((status = 200, body = EntryView)))]
#[patch("/dictionary-entries/{id}")]
pub async fn entry_update(call: Call, id: web::Path<Uuid>, body: Body<Value>) -> Answer {
    call.patch(body, move |cx, version, patch| dictionary::entry_update(cx, DictionaryEntryId(*id), version, patch))
        .await
}

/// Delete a dictionary entry
#[utoipa::path(tag = "platform", params(("id" = Uuid, Path)), extensions(("x-versioned" = json!(true))),
    responses((status = 204)))]
#[delete("/dictionary-entries/{id}")]
pub async fn entry_delete(call: Call, id: web::Path<Uuid>) -> Answer {
    call.delete(move |cx, version| dictionary::entry_delete(cx, DictionaryEntryId(*id), version)).await
}
