//! A PostgreSQL of a test's own, to be restarted at will.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Stopped and removed when dropped.
pub struct Cluster {
    home: tempfile::TempDir,
    bin: PathBuf,
    port: u16,
}

/// Where Debian keeps the newest PostgreSQL, or the path.
fn programs() -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let newest = versions
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse::<u32>().ok()?, entry.path().join("bin"))))
        .filter(|(_, bin)| bin.join("initdb").exists())
        .max();
    newest.map_or_else(PathBuf::new, |(_, bin)| bin)
}

fn root() -> bool {
    let id = Command::new("id").arg("-u").output().expect("id");
    id.stdout.trim_ascii() == b"0"
}

impl Cluster {
    pub fn start() -> Self {
        let home = tempfile::tempdir().expect("a directory");
        let socket = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = socket.local_addr().expect("an address").port();
        drop(socket);
        let cluster = Self { home, bin: programs(), port };
        if root() {
            let owned = Command::new("chown").arg("nobody").arg(cluster.home.path()).status();
            assert!(owned.is_ok_and(|status| status.success()), "PostgreSQL does not run as root");
        }
        cluster.run("initdb", &["-U", "postgres", "-A", "trust", "--locale=C.UTF-8", "-E", "UTF8"]);
        cluster.control(&["start"]);
        cluster
    }

    fn data(&self) -> PathBuf {
        self.home.path().join("data")
    }

    fn run(&self, program: &str, arguments: &[&str]) {
        let program = self.bin.join(program);
        let mut command = if root() {
            let mut command = Command::new("runuser");
            command.args(["-u", "nobody", "--"]).arg(&program);
            command
        } else {
            Command::new(&program)
        };
        command.arg("-D").arg(self.data()).args(arguments).current_dir(self.home.path());
        let done = command.stdout(Stdio::null()).stderr(Stdio::null()).status().expect("PostgreSQL's programs");
        assert!(done.success(), "{} {arguments:?}", program.display());
    }

    fn control(&self, arguments: &[&str]) {
        let options = format!("-p {} -k {} -c listen_addresses=127.0.0.1", self.port, display(self.home.path()));
        let log = display(&self.home.path().join("log"));
        self.run("pg_ctl", &[&["-s", "-w", "-l", &log, "-o", &options], arguments].concat());
    }

    /// A database whose tables are kept in a directory of their own, but for the log of changes.
    pub fn database_at(&self, place: &Path) -> String {
        if root() {
            let owned = Command::new("chown").arg("nobody").arg(place).status();
            assert!(owned.is_ok_and(|status| status.success()), "PostgreSQL does not run as root");
        }
        self.sql(&format!("CREATE TABLESPACE elsewhere LOCATION '{}'", display(place)));
        self.sql("CREATE DATABASE elsewhere TABLESPACE elsewhere");
        format!("postgres://postgres@127.0.0.1:{}/elsewhere", self.port)
    }

    fn sql(&self, text: &str) {
        let mut command = Command::new(self.bin.join("psql"));
        command.args(["-q", "-c", text]).arg(self.url()).current_dir(self.home.path());
        assert!(command.status().expect("psql").success(), "{text}");
    }

    /// Ends every connection, as an operator or an upgrade does, and starts anew.
    pub fn restart(&self) {
        self.control(&["-m", "fast", "restart"]);
    }

    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }
}

fn display(path: &Path) -> String {
    path.display().to_string()
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.control(&["-m", "immediate", "stop"]);
    }
}
