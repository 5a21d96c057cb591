//! What the machines that keep watch are told.

use regulars_tests::process::Process;
use regulars_tests::{Site, both};
use serde_json::json;

both!(a_ready_server_says_what_it_has);

fn a_ready_server_says_what_it_has(site: &Site) {
    let client = site.anonymous();
    assert_eq!(client.get("/healthz").expect(200).text(), "ok\n");
    let ready = client.get("/readyz").ok(200);
    assert_eq!(ready["ready"], true);
    let needs = ready["needs"].as_array().expect("needs");
    let names: Vec<_> = needs.iter().map(|need| need["name"].as_str().unwrap_or("")).collect();
    assert_eq!(names, ["database", "writer", "disk"]);
    assert!(needs.iter().all(|need| need["ok"] == json!(true)), "{ready}");
}

#[test]
fn requests_are_counted_by_route_and_the_log_by_its_lag() {
    let data = tempfile::tempdir().expect("a directory");
    let server = Process::start(data.path(), None);
    let founder = server.founder();
    founder.post("/customers", json!({"kind": "person", "name": "王芳"})).expect(201);
    founder.get("/customers/01990000-0000-7000-8000-000000000001").expect(404);
    let told = server.client().get("/metrics").expect(200).text();
    for line in [
        "http_requests_total{method=\"GET\",route=\"/api/v1/customers/{id}\",status=\"4xx\"} 1",
        "http_request_seconds_bucket{method=\"POST\",route=\"/api/v1/customers\",le=\"+Inf\"} 1",
        "database_up 1",
        "jobs{status=\"queued\"}",
        "events_unsealed",
        "db_connection_wait_seconds_bucket",
        "db_transaction_seconds_bucket",
        "db_writes_total",
        "db_writer_queue",
        "process_resident_memory_bytes",
        "disk_free_bytes",
    ] {
        assert!(told.contains(line), "{line}\n{told}");
    }
    assert!(!told.contains("01990000"), "no ids among the routes");
}
