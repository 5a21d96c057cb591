//! How fast the web app feels on a filled company: real pages in Chromium, through `tests/browser/measure.mjs`.

use std::path::Path;
use std::process::{Command, Stdio};

use serde::Deserialize;
use serde_json::json;

use crate::client::Client;
use crate::process::Server;

/// Open opportunities on the board.
pub const OPPORTUNITIES: usize = 10_000;
const PROGRAM: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/browser/measure.mjs");

/// One figure as the browser tells it.
#[derive(Deserialize)]
pub struct Figure {
    pub what: String,
    pub value: f64,
    pub unit: String,
}

/// Fills the board up and lets the browser measure.
pub fn measure(server: &Server, client: &mut Client) -> Result<Vec<Figure>, String> {
    board_fill(client)?;
    let folder = Path::new(PROGRAM).parent().unwrap_or(Path::new("."));
    if !folder.join("node_modules").is_dir() {
        let installed = Command::new("npm").args(["install", "--no-audit", "--no-fund"]).current_dir(folder).status();
        installed.map_err(|error| format!("npm: {error}"))?;
    }
    let said = Command::new("node")
        .args([PROGRAM, &format!("http://{}", server.address), crate::client::FOUNDER, crate::client::PASSWORD])
        .current_dir(folder)
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| format!("node: {error}"))?;
    if !said.status.success() {
        return Err("the browser did not come to an end".into());
    }
    serde_json::from_slice(&said.stdout).map_err(|error| format!("the browser's figures: {error}"))
}

/// Opportunities in the open stages, as many in each, until there are enough.
fn board_fill(client: &mut Client) -> Result<(), String> {
    let there = client.get("/api/v1/opportunities?limit=1&count=true")?["total"].as_u64().unwrap_or(0) as usize;
    let pipelines = client.get("/api/v1/pipelines")?;
    let pipeline = pipelines["items"].get(0).ok_or("no pipeline")?;
    let stages = pipeline["stages"].as_array().into_iter().flatten();
    let open: Vec<&str> =
        stages.filter(|stage| stage["status"] == "open").filter_map(|stage| stage["id"].as_str()).collect();
    if open.is_empty() {
        return Err("the pipeline has no open stage".into());
    }
    for at in there..OPPORTUNITIES {
        let amount = format!("{}.00", 1_000 + at * 37 % 90_000);
        client.post(
            "/api/v1/opportunities",
            &json!({
                "name": format!("Deal {at}"), "type": "lead", "lead_company": format!("Company {at}"), "pipeline_id": pipeline["id"],
                "stage_id": open[at % open.len()], "amount": {"amount": amount, "currency": "CNY"},
                "expected_close": "2030-06-30",
            }),
        )?;
    }
    Ok(())
}
