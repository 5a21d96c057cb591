//! How fast the web app feels on a filled company: real pages in Chromium, through `tests/browser/measure.mjs`.

use std::path::Path;
use std::process::{Command, Stdio};

use serde::Deserialize;

use crate::client::{Client, FOUNDER, PASSWORD};
use crate::fill::Filled;
use crate::process::Server;
use crate::sales;

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
pub fn measure(server: &Server, filled: &Filled) -> Result<Vec<Figure>, String> {
    let mut client = Client::sign_in(&server.address, FOUNDER)?;
    let there = client.get("/api/v1/opportunities?limit=1&count=true")?["total"].as_u64().unwrap_or(0) as usize;
    let missing = OPPORTUNITIES.saturating_sub(there);
    sales::fill(&server.address, &filled.owner_ids, &filled.customer_ids, missing, 0)?;
    let folder = Path::new(PROGRAM).parent().unwrap_or(Path::new("."));
    if !folder.join("node_modules").is_dir() {
        let installed = Command::new("npm").args(["install", "--no-audit", "--no-fund"]).current_dir(folder).status();
        installed.map_err(|error| format!("npm: {error}"))?;
    }
    let said = Command::new("node")
        .args([PROGRAM, &format!("http://{}", server.address), FOUNDER, PASSWORD])
        .current_dir(folder)
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| format!("node: {error}"))?;
    if !said.status.success() {
        return Err("the browser did not come to an end".into());
    }
    serde_json::from_slice(&said.stdout).map_err(|error| format!("the browser's figures: {error}"))
}
