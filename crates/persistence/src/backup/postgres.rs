//! PostgreSQL: its own `pg_dump`, `pg_restore` and `psql`, the newest there are on this machine.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use crate::db::{Location, Manager};
use crate::error::{StoreError, StoreResult};
use crate::sql::Statement;

/// What to run by hand where `pg_dump` is missing.
pub fn dump_advice(url: &str) -> String {
    let (url, _) = without_password(url);
    format!(
        "install PostgreSQL's client programs (Debian: apt-get install postgresql-client), or run where they are: \
         pg_dump --format=custom --no-owner --no-privileges --file=regulars.pgdump '{url}'; and copy the folders \
         imports and exports of the data directory beside it"
    )
}

/// The program, from the newest version installed or else from the path.
fn program(name: &str) -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let newest = versions
        .filter_map(|entry| {
            Some((entry.file_name().to_str()?.parse::<u32>().ok()?, entry.path().join("bin").join(name)))
        })
        .filter(|(_, path)| path.exists())
        .max();
    newest.map_or_else(|| PathBuf::from(name), |(_, path)| path)
}

/// The address without its password, which must not stand in the list of processes, and the password.
fn without_password(url: &str) -> (String, Option<String>) {
    let Some((scheme, rest)) = url.split_once("://") else { return (url.into(), None) };
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (authority, tail) = rest.split_at(end);
    let Some((user, host)) = authority.rsplit_once('@') else { return (url.into(), None) };
    match user.split_once(':') {
        Some((user, password)) => (format!("{scheme}://{user}@{host}{tail}"), Some(percent_decoded(password))),
        None => (url.into(), None),
    }
}

fn percent_decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let (mut out, mut at) = (Vec::with_capacity(bytes.len()), 0);
    while at < bytes.len() {
        let escaped = (bytes[at] == b'%')
            .then(|| text.get(at + 1..at + 3))
            .flatten()
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        out.push(escaped.unwrap_or(bytes[at]));
        at += if escaped.is_some() { 3 } else { 1 };
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// A command that speaks to the server at `url`, given last.
fn command(name: &str, url: Option<&str>) -> (Command, Option<String>) {
    let mut command = Command::new(program(name));
    let url = url.map(without_password);
    if let Some((_, Some(password))) = &url {
        command.env("PGPASSWORD", password);
    }
    (command, url.map(|(url, _)| url))
}

fn finished(name: &str, output: std::io::Result<Output>) -> StoreResult<()> {
    let output = output.map_err(|error| started(name, &error))?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(StoreError::Internal(format!("{name}: {}", said.trim())))
}

fn started(name: &str, error: &std::io::Error) -> StoreError {
    match error.kind() {
        std::io::ErrorKind::NotFound => StoreError::NotFound,
        _ => StoreError::Internal(format!("{name}: {error}")),
    }
}

/// [`StoreError::NotFound`] when there is no `pg_dump` here.
pub fn dump(url: &str, to: &Path) -> StoreResult<()> {
    let (mut run, url) = command("pg_dump", Some(url));
    run.args(["--format=custom", "--compress=1", "--no-owner", "--no-privileges", "--file"]).arg(to);
    finished("pg_dump", run.args(url).stdin(Stdio::null()).output())
}

pub fn check(copy: &Path) -> StoreResult<()> {
    let (mut run, _) = command("pg_restore", None);
    finished("pg_restore", run.arg("--list").arg(copy).stdin(Stdio::null()).output())
}

/// Empties the schema and fills it from the dump in one transaction, committed only once the whole dump has been read:
/// whatever fails, what stood there stands.
pub fn place(url: &str, copy: &Path) -> StoreResult<()> {
    alone(url)?;
    let (mut read, _) = command("pg_restore", None);
    read.args(["--no-owner", "--no-privileges", "--exit-on-error", "--file", "-"]).arg(copy);
    let reading = read.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let mut reading = reading.map_err(|error| started("pg_restore", &error))?;
    let (mut write, url) = command("psql", Some(url));
    write.args(["--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1", "--file", "-", "--dbname"]).args(url);
    let writing = write.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn();
    let mut writing = writing.map_err(|error| started("psql", &error))?;
    let read = match (reading.stdout.take(), writing.stdin.take()) {
        (Some(statements), Some(session)) => {
            pour(statements, session, || finished("pg_restore", reading.wait_with_output()))
        }
        _ => Err(StoreError::Internal("psql: no pipe".into())),
    };
    // The writer's fault comes first: it is why the reader's pipe broke.
    finished("psql", writing.wait_with_output()).and(read)
}

/// One transaction of all statements. A session that ends without the last word changes nothing.
fn pour(
    mut statements: impl Read,
    mut session: impl Write,
    whole: impl FnOnce() -> StoreResult<()>,
) -> StoreResult<()> {
    let mut pass = || -> std::io::Result<()> {
        session.write_all(b"BEGIN;\nDROP SCHEMA IF EXISTS public CASCADE;\nCREATE SCHEMA public;\n")?;
        std::io::copy(&mut statements, &mut session).map(|_| ())
    };
    let passed = pass();
    drop(statements);
    whole()?;
    passed
        .and_then(|()| session.write_all(b"\nCOMMIT;\n"))
        .map_err(|error| StoreError::Internal(format!("psql: {error}")))
}

/// Connections of a program that has just ended are seen this long.
const PARTING: Duration = Duration::from_secs(3);

/// Refuses while others are connected to the database.
fn alone(url: &str) -> StoreResult<()> {
    let mut db = Manager::new(Location::Postgres(url.into())).connect_reader().map_err(StoreError::connect)?;
    let others = Statement::new(
        "SELECT COUNT(*) AS n FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() \
         AND backend_type = 'client backend'",
    );
    let end = Instant::now() + PARTING;
    while others.number(&mut db)? > 0 {
        if Instant::now() >= end {
            return Err(StoreError::Busy("others are connected to the database: stop the servers first".into()));
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::without_password;

    #[test]
    fn the_password_leaves_the_address() {
        for (url, expected, password) in [
            ("postgres://u:p%40ss@h:5432/d", "postgres://u@h:5432/d", Some("p@ss")),
            ("postgres://u@h/d?sslmode=require", "postgres://u@h/d?sslmode=require", None),
            ("postgres://h/d", "postgres://h/d", None),
            ("postgresql://u:a%2@h", "postgresql://u@h", Some("a%2")),
        ] {
            assert_eq!(without_password(url), (expected.to_string(), password.map(String::from)), "{url}");
        }
    }
}
