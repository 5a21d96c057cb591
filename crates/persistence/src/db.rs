//! The two databases behind one door: [`Database::read`] and [`Database::write`].
//!
//! SQLite is one writer thread with group commit beside a pool of query-only readers; PostgreSQL is a pool whose
//! write transactions are serializable and retried. Closures given to `write` may run twice: no side effect inside.

use std::any::Any;
use std::cell::Cell;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::{Duration, Instant};

use chrono::DateTime;
use chrono_tz::Tz;
use diesel::connection::SimpleConnection;
use diesel::r2d2::{ManageConnection, Pool, PooledConnection, R2D2Connection};
use diesel::sql_types::{BigInt, Nullable, Text};
use diesel::{Connection, PgConnection, SqliteConnection};
use parking_lot::FairMutex;

use crate::error::{StoreError, StoreResult};
use crate::writer::Writer;

#[derive(diesel::MultiConnection)]
pub enum Db {
    Sqlite(SqliteConnection),
    Pg(PgConnection),
}

/// Where the data is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Location {
    /// Path of the SQLite file.
    Sqlite(String),
    /// `postgres://…`
    Postgres(String),
}

impl Location {
    /// `postgres://` and `postgresql://` URLs are PostgreSQL; anything else is a file.
    pub fn parse(url: &str) -> Self {
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            Location::Postgres(url.into())
        } else {
            Location::Sqlite(url.strip_prefix("sqlite://").unwrap_or(url).into())
        }
    }
}

/// Opens connections of the right kind, with the pragmas or settings every connection needs.
pub struct Manager {
    location: Location,
}

impl Manager {
    pub fn new(location: Location) -> Self {
        Self { location }
    }

    /// A connection that may write. Pragmas in this order: the timeout must stand before WAL is asked for.
    pub fn connect_writer(&self) -> Result<Db, diesel::ConnectionError> {
        match &self.location {
            Location::Sqlite(path) => {
                let mut connection = SqliteConnection::establish(path)?;
                connection
                    .batch_execute(
                        "PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
                         PRAGMA foreign_keys = ON; PRAGMA cache_size = -65536; PRAGMA temp_store = MEMORY; \
                         PRAGMA wal_autocheckpoint = 8192; PRAGMA journal_size_limit = 67108864;",
                    )
                    .map_err(diesel::ConnectionError::CouldntSetupConfiguration)?;
                business_day_given(&mut connection)?;
                Ok(Db::Sqlite(connection))
            }
            Location::Postgres(url) => postgres(url),
        }
    }

    /// A connection that only reads; on PostgreSQL it differs in nothing.
    pub fn connect_reader(&self) -> Result<Db, diesel::ConnectionError> {
        match &self.location {
            Location::Sqlite(path) => {
                let mut connection = SqliteConnection::establish(path)?;
                connection
                    .batch_execute(
                        "PRAGMA busy_timeout = 10000; PRAGMA query_only = ON; PRAGMA cache_size = -16384; \
                         PRAGMA mmap_size = 1073741824; PRAGMA temp_store = MEMORY;",
                    )
                    .map_err(diesel::ConnectionError::CouldntSetupConfiguration)?;
                business_day_given(&mut connection)?;
                Ok(Db::Sqlite(connection))
            }
            Location::Postgres(url) => postgres(url),
        }
    }
}

#[diesel::declare_sql_function]
extern "SQL" {
    /// The day, `YYYY-MM-DD`, on which a moment falls by the clocks of a zone. PostgreSQL knows zones itself.
    fn business_day(moment: Nullable<BigInt>, zone: Text) -> Nullable<Text>;
}

fn business_day_given(connection: &mut SqliteConnection) -> Result<(), diesel::ConnectionError> {
    business_day_utils::register_impl(connection, |moment: Option<i64>, zone: String| -> Option<String> {
        let zone: Tz = zone.parse().ok()?;
        Some(DateTime::from_timestamp_micros(moment?)?.with_timezone(&zone).date_naive().to_string())
    })
    .map_err(diesel::ConnectionError::CouldntSetupConfiguration)
}

fn postgres(url: &str) -> Result<Db, diesel::ConnectionError> {
    let mut connection = PgConnection::establish(url)?;
    connection
        .batch_execute("SET TIME ZONE 'UTC'; SET statement_timeout = '60s'; SET lock_timeout = '10s'; SET jit = off;")
        .map_err(diesel::ConnectionError::CouldntSetupConfiguration)?;
    Ok(Db::Pg(connection))
}

impl ManageConnection for Manager {
    type Connection = Db;
    type Error = diesel::r2d2::Error;

    fn connect(&self) -> Result<Db, Self::Error> {
        self.connect_reader().map_err(diesel::r2d2::Error::ConnectionError)
    }

    fn is_valid(&self, connection: &mut Db) -> Result<(), Self::Error> {
        connection.ping().map_err(diesel::r2d2::Error::QueryError)
    }

    fn has_broken(&self, connection: &mut Db) -> bool {
        std::thread::panicking() || connection.is_broken()
    }
}

/// Longest wait for a connection.
const PATIENCE: Duration = Duration::from_secs(10);

/// Connections in the order they were asked for. The pool alone hands a returned connection to whoever asks at that
/// moment, so that under load some wait for ever.
#[derive(Clone)]
struct Turns {
    free: Arc<FairMutex<Receiver<()>>>,
    back: SyncSender<()>,
}

thread_local! {
    /// Whether this thread holds a connection.
    static HOLDS: Cell<bool> = const { Cell::new(false) };
}

/// Leave to use one connection, given back when dropped.
struct Turn {
    back: SyncSender<()>,
}

impl Turns {
    fn new(connections: u32) -> Self {
        let (back, free) = sync_channel(connections as usize);
        for _ in 0..connections {
            // There is room for all of them.
            back.try_send(()).unwrap_or_default();
        }
        Self { free: Arc::new(FairMutex::new(free)), back }
    }

    fn take(&self) -> StoreResult<Turn> {
        // As many of these at once as there are connections, and each waits for another for ever.
        debug_assert!(!HOLDS.get(), "a connection is asked for while one is held");
        let asked = Instant::now();
        let busy = || StoreError::Busy("all connections are in use".into());
        let free = self.free.try_lock_for(PATIENCE).ok_or_else(busy)?;
        free.recv_timeout(PATIENCE).map_err(|_| busy())?;
        metrics::histogram!("db_connection_wait_seconds").record(asked.elapsed().as_secs_f64());
        HOLDS.set(true);
        Ok(Turn { back: self.back.clone() })
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        HOLDS.set(false);
        self.back.try_send(()).unwrap_or_default();
    }
}

/// The open database: cheap to clone, shared by every request and job.
#[derive(Clone)]
pub struct Database {
    pool: Pool<Manager>,
    turns: Turns,
    writer: Option<Writer>,
    location: Location,
}

impl Database {
    /// Opens the database; `connections` is the size of the pool. Does not migrate.
    pub fn open(url: &str, connections: u32) -> StoreResult<Self> {
        let location = Location::parse(url);
        let manager = Manager::new(location.clone());
        let writer = match &location {
            Location::Sqlite(_) => Some(Writer::start(manager.connect_writer().map_err(StoreError::connect)?)?),
            Location::Postgres(_) => None,
        };
        let pool = Pool::builder()
            .max_size(connections)
            .min_idle(Some(1))
            .test_on_check_out(false)
            .connection_timeout(Duration::from_secs(5))
            .build(manager)
            .map_err(|error| StoreError::Busy(error.to_string()))?;
        Ok(Self { pool, turns: Turns::new(connections), writer, location })
    }

    pub fn location(&self) -> &Location {
        &self.location
    }

    pub fn is_sqlite(&self) -> bool {
        self.writer.is_some()
    }

    fn connection(&self) -> StoreResult<(PooledConnection<Manager>, Turn)> {
        let turn = self.turns.take()?;
        let connection = self.pool.get().map_err(|error| StoreError::Busy(error.to_string()))?;
        Ok((connection, turn))
    }

    /// Runs queries on a connection of the pool. Blocks: call it off the event loop.
    pub fn read<T, E: From<StoreError> + Retryable>(
        &self,
        query: impl FnOnce(&mut Db) -> Result<T, E>,
    ) -> Result<T, E> {
        let (mut query, mut value) = (Some(query), None);
        self.read_any::<E>(&mut |db| {
            let Some(query) = query.take() else { return Ok(()) };
            value = Some(query(db)?);
            Ok(())
        })?;
        value.ok_or_else(lost)
    }

    fn read_any<E: From<StoreError> + Retryable>(
        &self,
        query: &mut dyn FnMut(&mut Db) -> Result<(), E>,
    ) -> Result<(), E> {
        let (mut connection, _turn) = self.connection()?;
        let outcome = query(&mut connection);
        self.mended(&mut connection, outcome)
    }

    /// A connection that its server has ended is replaced, for the pool would hand it out again and again; and whatever
    /// words came with it, it means to come back later.
    fn mended<T, E: From<StoreError> + Retryable>(&self, db: &mut Db, outcome: Result<T, E>) -> Result<T, E> {
        match outcome {
            Err(error) if !self.is_sqlite() && error.may_be_loss() && db.ping().is_err() => {
                // While the server is away the dead one stays; whoever gets it next tries again.
                if let Ok(fresh) = Manager::new(self.location.clone()).connect_reader() {
                    *db = fresh;
                }
                Err(StoreError::Busy("the connection was lost".into()).into())
            }
            outcome => outcome,
        }
    }

    /// Runs `change` in one transaction and returns once it is durable. `change` may run more than once.
    pub fn write<T, E>(&self, change: impl Fn(&mut Db) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Retryable + Send + 'static,
    {
        self.write_any(boxed(change), Writer::run).and_then(unboxed)
    }

    /// The same for a large piece of background work, which shares no transaction with others.
    pub fn write_alone<T, E>(&self, change: impl Fn(&mut Db) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Retryable + Send + 'static,
    {
        self.write_any(boxed(change), Writer::run_alone).and_then(unboxed)
    }

    fn write_any<E>(&self, change: Change<E>, run: fn(&Writer, Change<E>) -> Result<Made, E>) -> Result<Made, E>
    where
        E: From<StoreError> + Retryable + Send + 'static,
    {
        let Some(writer) = &self.writer else {
            let (mut connection, _turn) = self.connection()?;
            let outcome = retried(&mut connection, &change);
            return self.mended(&mut connection, outcome);
        };
        run(writer, change)
    }
}

/// What a transaction made, and a transaction that makes it, whatever its type: hundreds of use cases would otherwise
/// each have their own copy of the way through queue, savepoint and retries compiled.
pub(crate) type Made = Box<dyn Any + Send>;
pub(crate) type Change<E> = Box<dyn Fn(&mut Db) -> Result<Made, E> + Send>;

fn boxed<T: Send + 'static, E: 'static>(change: impl Fn(&mut Db) -> Result<T, E> + Send + 'static) -> Change<E> {
    Box::new(move |db| Ok(Box::new(change(db)?)))
}

fn unboxed<T: 'static, E: From<StoreError>>(made: Made) -> Result<T, E> {
    made.downcast().map(|made| *made).map_err(|_| lost())
}

fn lost<E: From<StoreError>>() -> E {
    StoreError::Internal("the outcome of a query was lost".into()).into()
}

/// Runs a serializable transaction until no other has won over it.
fn retried<E: From<StoreError> + Retryable>(connection: &mut Db, change: &Change<E>) -> Result<Made, E> {
    const ATTEMPTS: u32 = 12;
    for attempt in 1.. {
        connection.batch_execute("BEGIN ISOLATION LEVEL SERIALIZABLE").map_err(StoreError::from)?;
        let outcome = change(connection).and_then(|value| {
            connection.batch_execute("COMMIT").map_err(StoreError::from)?;
            Ok(value)
        });
        match outcome {
            Ok(value) => return Ok(value),
            Err(error) => {
                connection.batch_execute("ROLLBACK").map_err(StoreError::from)?;
                if attempt >= ATTEMPTS || !error.retryable() {
                    return Err(error);
                }
                std::thread::sleep(Duration::from_millis(
                    u64::from(attempt * attempt) + u64::from(std::process::id() % 3),
                ));
            }
        }
    }
    Err(StoreError::Busy("too many conflicting writes".into()).into())
}

/// Runs queries that all see the same moment of the database.
pub fn snapshot<T, E: From<StoreError>>(db: &mut Db, queries: impl FnOnce(&mut Db) -> Result<T, E>) -> Result<T, E> {
    let begin = match db {
        Db::Sqlite(_) => "BEGIN",
        Db::Pg(_) => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
    };
    db.batch_execute(begin).map_err(StoreError::from)?;
    let outcome = queries(db);
    // Nothing was written: for what failed it ends it as well.
    let ended = db.batch_execute("COMMIT").map_err(StoreError::from);
    let value = outcome?;
    ended?;
    Ok(value)
}

/// Tells what kind of error it is to those who cannot see into it.
pub trait Retryable {
    /// The same transaction may succeed when run again.
    fn retryable(&self) -> bool;
    /// A lost connection may be behind it.
    fn may_be_loss(&self) -> bool;
}

/// Runs part of a transaction so that it alone can fail: what it did is taken back, the rest stands.
pub fn savepoint<T, E: From<StoreError>>(db: &mut Db, part: impl FnOnce(&mut Db) -> Result<T, E>) -> Result<T, E> {
    db.batch_execute("SAVEPOINT part").map_err(StoreError::from)?;
    let outcome = part(db);
    let closing =
        if outcome.is_ok() { "RELEASE SAVEPOINT part" } else { "ROLLBACK TO SAVEPOINT part; RELEASE SAVEPOINT part" };
    db.batch_execute(closing).map_err(StoreError::from)?;
    outcome
}
