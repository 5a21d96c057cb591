//! The server as a child process, and what the kernel knows of processes: CPU time and memory.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::wire::{Connection, write_request};

/// Kernel clock ticks a second, the unit of `/proc/<pid>/stat`.
const TICKS: f64 = 100.0;

/// A running server; stopped when dropped.
pub struct Server {
    child: Child,
    /// `host:port`.
    pub address: String,
    /// On a fresh database.
    pub setup_token: Option<String>,
    /// From the spawn to the first 200 of `/readyz`.
    pub started_in: Duration,
}

impl Server {
    /// Starts the program on a data directory, and on a database elsewhere if one is given.
    pub fn start(program: &Path, data: &Path, database: Option<&str>, fresh: bool) -> Result<Self, String> {
        let log = std::fs::File::create(data.join("server.log")).map_err(|error| error.to_string())?;
        let mut command = Command::new(program);
        command.args(["serve", "--listen", "127.0.0.1:0", "--rate-limit", "0", "--data"]).arg(data);
        if let Some(url) = database {
            command.args(["--database", url]);
        }
        command.env_remove("DATABASE_URL").stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log);
        let spawned_at = Instant::now();
        let mut child = command.spawn().map_err(|error| format!("{}: {error}", program.display()))?;
        let stdout = child.stdout.take().ok_or("no standard output")?;
        let mut server = Self { child, address: String::new(), setup_token: None, started_in: Duration::default() };
        let mut lines = BufReader::new(stdout).lines();
        let mut line = |what: &str| match lines.next() {
            Some(Ok(line)) => Ok(line),
            _ => Err(format!("the server printed no {what}: see {}", data.join("server.log").display())),
        };
        let first = line("address")?;
        server.address = first.rsplit_once("http://").map(|(_, address)| address.trim().into()).unwrap_or_default();
        if fresh {
            let link = line("set-up link")?;
            server.setup_token = link.rsplit_once("token=").map(|(_, token)| token.trim().to_string());
        }
        server.wait_ready()?;
        server.started_in = spawned_at.elapsed();
        Ok(server)
    }

    fn wait_ready(&self) -> Result<(), String> {
        let (mut request, mut body) = (Vec::new(), Vec::new());
        write_request(&mut request, "GET", "/readyz", "", "");
        for _ in 0..6_000 {
            let ready = Connection::open(&self.address).and_then(|mut open| open.exchange(&request, &mut body));
            if matches!(ready, Ok(200)) {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        Err("the server did not become ready".into())
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Asks it to stop, and waits until it has.
    pub fn stop(mut self) {
        self.end();
    }

    fn end(&mut self) {
        let asked = Command::new("kill").args(["-TERM", &self.pid().to_string()]).status();
        if !asked.is_ok_and(|status| status.success()) {
            drop(self.child.kill());
        }
        drop(self.child.wait());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            self.end();
        }
    }
}

/// Waits until a process has used next to no CPU for two seconds; half an hour at most.
pub fn wait_idle(pid: u32) -> Result<(), String> {
    let mut quiet = 0;
    for _ in 0..1_800 {
        let before = cpu_seconds(pid);
        std::thread::sleep(Duration::from_secs(1));
        quiet = if cpu_seconds(pid) - before < 0.03 { quiet + 1 } else { 0 };
        if quiet == 2 {
            return Ok(());
        }
    }
    Err("the server did not come to rest in half an hour".into())
}

/// CPU seconds of a process, its threads included.
pub fn cpu_seconds(pid: u32) -> f64 {
    stat(pid).map_or(0.0, |fields| ticks(&fields, 11) + ticks(&fields, 12))
}

/// CPU seconds of a process and of its children, those that ended included.
pub fn cpu_seconds_of_family(parent: u32) -> f64 {
    let Some(own) = stat(parent) else { return 0.0 };
    let mut seconds: f64 = (11..15).map(|at| ticks(&own, at)).sum();
    for entry in std::fs::read_dir("/proc").into_iter().flatten().flatten() {
        let Some(pid) = entry.file_name().to_str().and_then(|name| name.parse().ok()) else { continue };
        if stat(pid).is_some_and(|fields| fields.get(1).is_some_and(|of| *of == parent.to_string())) {
            seconds += cpu_seconds(pid);
        }
    }
    seconds
}

/// The fields of `/proc/<pid>/stat` after the name: state, parent, …; 11 and 12 are user and system time, 13 and 14
/// those of children that ended.
fn stat(pid: u32) -> Option<Vec<String>> {
    let text = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    Some(text.rsplit_once(") ")?.1.split_whitespace().map(String::from).collect())
}

fn ticks(fields: &[String], at: usize) -> f64 {
    fields.get(at).and_then(|field| field.parse::<f64>().ok()).unwrap_or(0.0) / TICKS
}

/// A line of `/proc/<pid>/status` in MiB: `VmRSS`, `VmHWM`.
pub fn memory_mib(pid: u32, line: &str) -> f64 {
    let text = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let value = text.lines().find_map(|l| l.strip_prefix(line)?.strip_prefix(':'));
    value.and_then(|v| v.trim().trim_end_matches(" kB").parse::<f64>().ok()).unwrap_or(0.0) / 1_024.0
}

/// Files and sockets a process has open.
pub fn handles(pid: u32) -> f64 {
    std::fs::read_dir(format!("/proc/{pid}/fd")).map_or(0.0, |open| open.count() as f64)
}

/// Threads of a process.
pub fn threads(pid: u32) -> f64 {
    let text = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let count = text.lines().find_map(|line| line.strip_prefix("Threads:")?.trim().parse().ok());
    count.unwrap_or(0.0)
}

/// Sets the high-water mark of a process's memory to what it holds now.
pub fn memory_mark_reset(pid: u32) {
    drop(std::fs::write(format!("/proc/{pid}/clear_refs"), "5"));
}
