//! Background work through HTTP: watched as it goes, stopped while it runs.

use std::sync::Arc;

use regulars_api::http::call::now;
use regulars_app::AppError;
use regulars_app::jobs::runner::{job_run, jobs_run_due};
use regulars_domain::ids::JobId;
use regulars_persistence::Db;
use regulars_persistence::job::{JobRow, job_claim, job_finish, job_progress};
use regulars_tests::{Site, both};
use serde_json::{Value, json};

use crate::imports::{CUSTOMERS, codes_of, path_of, perform, upload};

both!(
    a_stream_tells_of_each_change,
    a_stream_ends_with_the_session,
    a_running_job_stops_when_asked,
    jobs_can_be_stopped_and_started_again
);

const NODE: &str = "elsewhere";

/// Another node takes the next job.
pub fn taken_elsewhere(site: &Site) -> JobRow {
    let until = now() + chrono::Duration::minutes(5);
    let job = site.app.db().write(move |tx| Ok::<_, AppError>(job_claim(tx, NODE, now(), until)?));
    job.expect("a database").expect("a job")
}

/// The other node is done with it.
pub fn finished_elsewhere(site: &Site, id: JobId) {
    let done = move |tx: &mut Db| Ok::<_, AppError>(job_finish(tx, id, NODE, "done", None, None, now())?);
    assert!(site.app.db().write(done).expect("a database"));
}

fn a_stream_tells_of_each_change(site: &Site) {
    let founder = site.founder();
    let other = site.person("other", "executive");
    let mut events = founder.events("/jobs/stream");
    let theirs = other.post("/exports", json!({"resource": "customers", "format": "csv"})).ok(202);
    let ours = founder.post("/exports", json!({"resource": "customers", "format": "csv"})).ok(202);
    let mut next = || {
        let (name, job) = events.next().expect("an event");
        assert_eq!((name.as_str(), &job["id"]), ("job", &ours["id"]), "nobody else's job");
        (job["status"].clone(), job["progress"]["done"].clone())
    };
    assert_eq!(next(), (json!("queued"), json!(0)));
    assert_eq!(json!(taken_elsewhere(site).id), theirs["id"]);
    let id = taken_elsewhere(site).id;
    assert_eq!(next(), (json!("running"), json!(0)));
    let step = move |tx: &mut Db| Ok::<_, AppError>(job_progress(tx, id, NODE, 7, Some(10), None)?);
    assert_eq!(site.app.db().write(step).expect("a database"), Some(false));
    assert_eq!(next(), (json!("running"), json!(7)));
    finished_elsewhere(site, id);
    assert_eq!(next(), (json!("done"), json!(7)));
}

fn a_stream_ends_with_the_session(site: &Site) {
    let founder = site.founder();
    let mut events = founder.events("/jobs/stream");
    founder.post("/exports", json!({"resource": "customers", "format": "csv"})).expect(202);
    assert!(events.next().is_some());
    founder.remove("/auth/session").expect(204);
    assert!(events.next().is_none());
}

fn a_running_job_stops_when_asked(site: &Site) {
    let founder = site.founder();
    let uploaded = upload(&founder, "customers", "people.csv", "姓名\n张伟\n李娜\n".as_bytes());
    let job = founder.post(&format!("{}/run", path_of(&uploaded)), json!(null)).ok(202);
    let path = format!("/jobs/{}", job["id"].as_str().expect("an id"));
    let taken = taken_elsewhere(site);
    let stop = |client: &regulars_tests::Client| client.post(&format!("{path}/cancellation"), json!(null));
    stop(&site.person("chen", "member")).expect(404);
    assert_eq!(stop(&founder).ok(200)["status"], "running", "it stops at its next step");
    job_run(&site.app, &Arc::from(NODE), taken);
    let ended: Value = founder.get(&path).ok(200);
    assert_eq!((&ended["status"], &ended["result_url"]), (&json!("cancelled"), &json!(null)));
    assert!(ended["finished_at"].is_string());
    stop(&founder).expect(409);
    assert_eq!(founder.all("/customers", 10).len(), 0, "the step it was in did not happen");
    let import = founder.get(&path_of(&uploaded)).ok(200);
    assert_eq!(import["status"], "cancelled", "{import}");
    let log = founder.get("/audit-events?filter[resource]=job").ok(200);
    assert_eq!(log["items"][0]["action"], "cancelled");
}

fn jobs_can_be_stopped_and_started_again(site: &Site) {
    let founder = site.founder();
    let uploaded = upload(&founder, "customers", "customers.csv", CUSTOMERS.as_bytes());
    let job = founder.post(&format!("{}/run", path_of(&uploaded)), json!(null)).ok(202);
    let path = format!("/jobs/{}", job["id"].as_str().expect("an id"));
    // The same import twice at once is refused.
    founder.post(&format!("{}/run", path_of(&uploaded)), json!(null)).expect(409);
    let stopped = founder.post(&format!("{path}/cancellation"), json!(null)).ok(200);
    assert_eq!(stopped["status"], "cancelled");
    founder.post(&format!("{path}/cancellation"), json!(null)).expect(409);
    assert_eq!(jobs_run_due(&site.app).expect("work"), 0);
    assert_eq!(codes_of(site).len(), 0);
    assert_eq!(founder.get("/jobs").ok(200)["items"][0]["kind"], "import.run");
    // Stopped before it began, it can be started again.
    let done = perform(site, &founder, &uploaded, "run");
    assert_eq!(done["status"], "done");
}
