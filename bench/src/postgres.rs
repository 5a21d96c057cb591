//! A PostgreSQL for the bench: its own cluster with `fsync` on, or a database of its own in a given one.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use regulars_persistence::Location;
use regulars_persistence::db::Manager;
use regulars_persistence::sql::Statement;

/// Larger than the default of a fresh cluster, small beside the machine; everything else is as `initdb` leaves it.
const SHARED_BUFFERS: &str = "512MB";

/// Where the databases of the bench are made.
pub struct Cluster {
    /// URL of a database whose user may create others.
    admin: String,
    own: Option<Own>,
}

struct Own {
    bin: PathBuf,
    data: tempfile::TempDir,
}

/// One database of a cluster, dropped at the end.
pub struct BenchDatabase<'a> {
    cluster: &'a Cluster,
    name: String,
    pub url: String,
}

impl Cluster {
    /// The one named by `REGULARS_BENCH_POSTGRES`, or one's own if its programs are found.
    pub fn find() -> Result<Option<Self>, String> {
        if let Ok(admin) = std::env::var("REGULARS_BENCH_POSTGRES") {
            return Ok(Some(Self { admin, own: None }));
        }
        let Some(bin) = programs() else { return Ok(None) };
        Self::start(bin).map(Some)
    }

    fn start(bin: PathBuf) -> Result<Self, String> {
        let data = tempfile::Builder::new().prefix("regulars-bench-pg").tempdir().map_err(|e| e.to_string())?;
        if is_root() {
            let (uid, gid) = nobody().ok_or("no user `nobody` to run PostgreSQL as")?;
            std::os::unix::fs::chown(data.path(), Some(uid), Some(gid)).map_err(|error| error.to_string())?;
        }
        let port = std::net::TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr());
        let port = port.map_err(|error| error.to_string())?.port();
        let directory = data.path().join("data");
        let own = Own { bin, data };
        own.run(
            "initdb",
            &["-D", path(&directory), "--locale=C.UTF-8", "-E", "UTF8", "-U", "postgres", "--auth=trust"],
        )?;
        let options = format!(
            "-p {port} -k {} -c listen_addresses=127.0.0.1 -c shared_buffers={SHARED_BUFFERS}",
            path(own.data.path())
        );
        let log = own.data.path().join("log");
        own.run("pg_ctl", &["-D", path(&directory), "-l", path(&log), "-w", "-o", &options, "start"])?;
        Ok(Self { admin: format!("postgres://postgres@127.0.0.1:{port}/postgres"), own: Some(own) })
    }

    /// A fresh database.
    pub fn database(&self) -> Result<BenchDatabase<'_>, String> {
        let name = format!("regulars_bench_{}", std::process::id());
        self.execute(&format!("DROP DATABASE IF EXISTS {name}"))?;
        self.execute(&format!("CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE template0"))?;
        let (server, _) = self.admin.rsplit_once('/').ok_or("a URL with a database is wanted")?;
        Ok(BenchDatabase { cluster: self, url: format!("{server}/{name}"), name })
    }

    /// The process whose children serve connections, if it runs here.
    pub fn parent_pid(&self) -> Option<u32> {
        let own = self.own.as_ref()?;
        let text = std::fs::read_to_string(own.data.path().join("data/postmaster.pid")).ok()?;
        text.lines().next()?.trim().parse().ok()
    }

    fn execute(&self, sql: &str) -> Result<(), String> {
        let location = Location::Postgres(self.admin.clone());
        let mut db = Manager::new(location).connect_writer().map_err(|error| error.to_string())?;
        Statement::new(sql).run(&mut db).map(drop).map_err(|error| error.to_string())
    }
}

impl BenchDatabase<'_> {
    /// As autovacuum would have within the minute.
    pub fn analyze(&self) -> Result<(), String> {
        let location = Location::Postgres(self.url.clone());
        let mut db = Manager::new(location).connect_writer().map_err(|error| error.to_string())?;
        let no_limit = Statement::new("SET statement_timeout = 0").run(&mut db);
        no_limit.and_then(|_| Statement::new("VACUUM ANALYZE").run(&mut db)).map(drop).map_err(|e| e.to_string())
    }
}

impl Drop for BenchDatabase<'_> {
    fn drop(&mut self) {
        if let Err(error) = self.cluster.execute(&format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name)) {
            eprintln!("bench: {error}");
        }
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if let Some(own) = &self.own {
            let directory = own.data.path().join("data");
            drop(own.run("pg_ctl", &["-D", path(&directory), "-m", "immediate", "-w", "stop"]));
        }
    }
}

impl Own {
    /// As another account when we are root: PostgreSQL refuses to run as root.
    fn run(&self, program: &str, arguments: &[&str]) -> Result<(), String> {
        let program = self.bin.join(program);
        let mut command = if is_root() {
            let mut command = Command::new("runuser");
            command.args(["-u", "nobody", "--"]).arg(&program);
            command
        } else {
            Command::new(&program)
        };
        let silent = command.args(arguments).current_dir("/").stdin(Stdio::null()).stdout(Stdio::null());
        match silent.status() {
            Ok(status) if status.success() => Ok(()),
            Ok(status) => Err(format!("{}: {status}", program.display())),
            Err(error) => Err(format!("{}: {error}", program.display())),
        }
    }
}

fn path(path: &Path) -> &str {
    path.to_str().unwrap_or_default()
}

/// The directory of `initdb`: on the path, or where Debian keeps it, the newest version.
fn programs() -> Option<PathBuf> {
    let on_path = std::env::var_os("PATH").map(|all| std::env::split_paths(&all).collect::<Vec<_>>());
    let mut versions: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path().join("bin"))
        .collect();
    versions.sort_by_key(|bin| version(bin));
    on_path.into_iter().flatten().chain(versions.into_iter().rev()).find(|bin| bin.join("initdb").is_file())
}

fn version(bin: &Path) -> u32 {
    bin.parent().and_then(Path::file_name).and_then(|name| name.to_str()?.parse().ok()).unwrap_or(0)
}

fn is_root() -> bool {
    std::fs::metadata("/proc/self").is_ok_and(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0)
}

/// Numbers of the account that owns nothing.
fn nobody() -> Option<(u32, u32)> {
    let text = std::fs::read_to_string("/etc/passwd").ok()?;
    let mut fields = text.lines().find(|line| line.starts_with("nobody:"))?.split(':').skip(2);
    Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
}
