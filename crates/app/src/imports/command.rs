//! The same import from the command line: copy the file in, run it as a person, wait for the end.

use std::path::Path;
use std::sync::Arc;

use regulars_domain::actor::Credential;
use regulars_domain::ids::ImportId;
use regulars_persistence::access::user::user_by_login;
use serde_json::json;

use super::record::{ImportView, import_get, import_run, import_update};
use super::upload::{Upload, import_create, upload_begin};
use crate::access::actor::actor_load;
use crate::jobs::runner::jobs_run_due;
use crate::jobs::task::now;
use crate::{App, AppError, AppResult, Cx, RequestMeta};

/// What the command line says beside the file.
#[derive(Debug, Clone, Default)]
pub struct ImportOptions {
    pub resource: String,
    /// The person in whose name and with whose rights the import runs.
    pub login: String,
    /// What rows are matched by, when the suggested key is not wanted.
    pub key: Option<String>,
    pub create_missing_customers: bool,
    pub create_missing_products: bool,
    /// Stop after the check.
    pub check_only: bool,
}

/// Imports a file and answers how it ended.
pub fn file_import(app: &App, file: &Path, options: &ImportOptions) -> AppResult<ImportView> {
    let cx = person(app, &options.login)?;
    let (id, place) = upload_begin(&cx, &options.resource)?;
    let size = std::fs::copy(file, &place).map_err(|error| AppError::Malformed(error.to_string()))?;
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let upload = Upload { id, resource: options.resource.clone(), file_name: name, size };
    let import = import_create(&cx, upload)?;
    let mut mapping = json!({"options": {
        "create_missing_customers": options.create_missing_customers,
        "create_missing_products": options.create_missing_products,
    }});
    if let Some(key) = &options.key {
        mapping["key"] = json!(key);
    }
    import_update(&cx, id, import.version, &json!({"mapping": mapping}))?;
    settle(app, &cx, id, options.check_only)
}

fn settle(app: &App, cx: &Cx, id: ImportId, check_only: bool) -> AppResult<ImportView> {
    if check_only {
        super::record::import_check(cx, id)?;
    } else {
        import_run(cx, id)?;
    }
    loop {
        jobs_run_due(app)?;
        let import = import_get(cx, id)?;
        // A running server may have taken the job; then it is waited for.
        if !matches!(import.status.as_str(), "running" | "checking") {
            return Ok(import);
        }
        std::thread::sleep(std::time::Duration::from_millis(200));
    }
}

fn person(app: &App, login: &str) -> AppResult<Cx> {
    let actor = app.db().read(|db| {
        let user = user_by_login(db, login)?.ok_or_else(|| AppError::invalid("--login", "unknown_reference"))?;
        actor_load(db, user.id, Credential::Job, now())
    })?;
    let request =
        RequestMeta { request_id: "command-line".into(), locale: actor.locale.clone(), ..RequestMeta::default() };
    Ok(Cx::new(app.clone(), Arc::new(actor), now(), Arc::new(request)))
}
