//! `platform`: background jobs, what moves data in and out, files, dictionaries, tags, custom fields, saved views, and
//! what tells others of changes: webhooks, synchronising, the live stream.

mod attachments;
mod dictionaries;
mod exports;
mod fields;
mod imports;
mod jobs;
mod live;
mod notices;
mod sync;
mod tags;
mod views;
mod webhooks;

use utoipa_actix_web::service_config::ServiceConfig;

pub fn routes(config: &mut ServiceConfig) {
    config.service(jobs::job_stream).service(jobs::job_list).service(jobs::job_get).service(jobs::job_cancel);
    config
        .service(dictionaries::dictionary_list)
        .service(dictionaries::entry_list)
        .service(dictionaries::entry_create)
        .service(dictionaries::entry_update)
        .service(dictionaries::entry_delete)
        .service(tags::tag_list)
        .service(tags::tag_create)
        .service(tags::tag_get)
        .service(tags::tag_update)
        .service(tags::tag_delete)
        .service(fields::field_list)
        .service(fields::field_create)
        .service(fields::field_get)
        .service(fields::field_update)
        .service(fields::field_delete)
        .service(views::view_list)
        .service(views::view_create)
        .service(views::view_get)
        .service(views::view_update)
        .service(views::view_delete);
    config
        .service(imports::import_create)
        .service(imports::import_list)
        .service(imports::import_get)
        .service(imports::import_update)
        .service(imports::import_delete)
        .service(imports::import_preview)
        .service(imports::import_row_list)
        .service(imports::import_rejects)
        .service(imports::import_check)
        .service(imports::import_run)
        .service(imports::import_undo)
        .service(imports::import_target_list)
        .service(imports::mapping_list)
        .service(imports::mapping_create)
        .service(imports::mapping_delete)
        .service(exports::export_list)
        .service(exports::export_start)
        .service(exports::export_file);
    config
        .service(attachments::attachment_list)
        .service(attachments::attachment_create)
        .service(attachments::attachment_get)
        .service(attachments::attachment_update)
        .service(attachments::attachment_delete)
        .service(attachments::attachment_restore)
        .service(attachments::attachment_content)
        .service(attachments::attachment_thumbnail);
    config
        .service(notices::notice_list)
        .service(notices::notice_count)
        .service(notices::notices_read)
        .service(notices::notice_read);
    config
        .service(sync::sync_get)
        .service(live::live)
        .service(webhooks::message_list)
        .service(webhooks::webhook_list)
        .service(webhooks::webhook_create)
        .service(webhooks::webhook_get)
        .service(webhooks::webhook_update)
        .service(webhooks::webhook_delete)
        .service(webhooks::secret_renew)
        .service(webhooks::webhook_ping)
        .service(webhooks::delivery_list)
        .service(webhooks::webhook_replay)
        .service(webhooks::delivery_get)
        .service(webhooks::delivery_replay);
}
