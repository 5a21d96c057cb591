//! SQLite's single writer. Writes that arrive while another commit is under way share the next one: each runs in a
//! savepoint of its own, one `COMMIT` makes them all durable, and only then does anyone hear that theirs succeeded.
//! A large write runs alone instead: without a savepoint SQLite need not keep the old content of each page it changes.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::time::Instant;

use diesel::connection::SimpleConnection;

use crate::db::{Change, Db, Made, Retryable};
use crate::error::{StoreError, StoreResult};

/// Most writes that share one commit: bounds how long the first of them waits.
const GROUP: usize = 128;

type Deliver = Box<dyn FnOnce(Result<(), StoreError>) + Send>;
/// Given the connection inside an open transaction, or why none could be opened; answers whether the transaction still
/// stands, too.
type Shared = Box<dyn FnOnce(Result<&mut Db, StoreError>) -> (Deliver, bool) + Send>;

enum Work {
    /// In one transaction with others.
    Shared(Shared),
    /// In a transaction it opens and ends itself.
    Alone(Box<dyn FnOnce(&mut Db) + Send>),
}

#[derive(Clone)]
pub struct Writer {
    queue: Sender<Work>,
}

impl Writer {
    pub fn start(connection: Db) -> StoreResult<Self> {
        let (queue, work) = channel();
        std::thread::Builder::new()
            .name("sqlite-writer".into())
            .spawn(move || serve(connection, work))
            .map_err(|error| StoreError::Internal(error.to_string()))?;
        Ok(Self { queue })
    }

    /// Queues the change and waits until it is committed or refused.
    pub fn run<E>(&self, change: Change<E>) -> Result<Made, E>
    where
        E: From<StoreError> + Retryable + Send + 'static,
    {
        let (answer, wait) = sync_channel(1);
        self.queue_and_wait(Work::Shared(Box::new(move |db| in_savepoint(db, change, answer))), &wait)
    }

    /// The same in a transaction of its own: for work so large that sharing a commit gains nothing.
    pub fn run_alone<E>(&self, change: Change<E>) -> Result<Made, E>
    where
        E: From<StoreError> + Retryable + Send + 'static,
    {
        let (answer, wait) = sync_channel(1);
        // The caller may have gone away; the change stands all the same.
        self.queue_and_wait(Work::Alone(Box::new(move |db| drop(answer.send(in_transaction(db, change))))), &wait)
    }

    fn queue_and_wait<E: From<StoreError>>(&self, work: Work, wait: &Receiver<Result<Made, E>>) -> Result<Made, E> {
        let gone = || E::from(StoreError::Busy("the writer has stopped".into()));
        metrics::gauge!("db_writer_queue").increment(1);
        self.queue.send(work).map_err(|_| gone())?;
        wait.recv().map_err(|_| gone())?
    }
}

fn in_transaction<E: From<StoreError>>(db: &mut Db, change: Change<E>) -> Result<Made, E> {
    db.batch_execute("BEGIN IMMEDIATE").map_err(StoreError::from)?;
    let outcome = unwinding(|| change(db))
        .and_then(|value| db.batch_execute("COMMIT").map_err(|error| StoreError::from(error).into()).map(|()| value));
    if outcome.is_err()
        && let Err(error) = db.batch_execute("ROLLBACK")
    {
        tracing::warn!(error = %error, "nothing to roll back");
    }
    outcome
}

/// A panic in a write is that write's error, not the writer's end.
fn unwinding<T, E: From<StoreError>>(change: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
    catch_unwind(AssertUnwindSafe(change))
        .unwrap_or_else(|_| Err(StoreError::Internal("a write panicked".into()).into()))
}

fn in_savepoint<E>(
    db: Result<&mut Db, StoreError>,
    change: Change<E>,
    answer: SyncSender<Result<Made, E>>,
) -> (Deliver, bool)
where
    E: From<StoreError> + Send + 'static,
{
    let db = match db {
        Ok(db) => db,
        Err(error) => {
            return (Box::new(move |_| drop(answer.send(Err(error.into())))), false);
        }
    };
    let outcome = match db.batch_execute("SAVEPOINT change") {
        Ok(()) => unwinding(|| change(db)),
        Err(error) => Err(StoreError::from(error).into()),
    };
    let closing = if outcome.is_ok() { "RELEASE change" } else { "ROLLBACK TO change; RELEASE change" };
    let (outcome, stands) = match db.batch_execute(closing) {
        Ok(()) => (outcome, true),
        Err(error) => (outcome.and(Err(StoreError::from(error).into())), false),
    };
    let deliver: Deliver = Box::new(move |committed| {
        let outcome = match committed {
            Ok(()) => outcome,
            Err(error) => outcome.and(Err(error.into())),
        };
        // The caller may have gone away; the change stands all the same.
        drop(answer.send(outcome));
    });
    (deliver, stands)
}

fn serve(mut db: Db, queue: Receiver<Work>) {
    let mut next = queue.recv().ok();
    while let Some(work) = next {
        let began = Instant::now();
        next = match work {
            Work::Alone(run) => {
                taken(1);
                run(&mut db);
                None
            }
            Work::Shared(first) => group(&mut db, first, &queue),
        };
        metrics::histogram!("db_transaction_seconds").record(began.elapsed().as_secs_f64());
        next = next.or_else(|| queue.recv().ok());
    }
}

/// Notes that so many writes have left the queue.
fn taken(many: u32) {
    metrics::gauge!("db_writer_queue").decrement(f64::from(many));
    metrics::counter!("db_writes_total").increment(u64::from(many));
}

/// Runs the first write and those that wait behind it in one transaction; answers the one that must run alone, if it
/// came to that.
fn group(db: &mut Db, first: Shared, queue: &Receiver<Work>) -> Option<Work> {
    if let Err(error) = db.batch_execute("BEGIN IMMEDIATE") {
        taken(1);
        first(Err(error.into())).0(Ok(()));
        return None;
    }
    let (deliver, mut stands) = first(Ok(&mut *db));
    let mut deliveries = vec![deliver];
    let mut behind = None;
    while stands && deliveries.len() < GROUP {
        match queue.try_recv() {
            Ok(Work::Shared(next)) => {
                let (deliver, stood) = next(Ok(&mut *db));
                deliveries.push(deliver);
                stands = stood;
            }
            Ok(alone) => {
                behind = Some(alone);
                break;
            }
            Err(_) => break,
        }
    }
    taken(u32::try_from(deliveries.len()).unwrap_or(u32::MAX));
    // A disk that is full makes SQLite take back the whole transaction: whoever runs after that would be alone, and
    // committed without a word.
    let committed = match stands {
        true => db.batch_execute("COMMIT").map_err(StoreError::from),
        false => Err(StoreError::Busy("the shared transaction was taken back".into())),
    };
    if let Err(error) = &committed {
        tracing::error!(error = %error, "commit failed");
        if let Err(error) = db.batch_execute("ROLLBACK") {
            tracing::warn!(error = %error, "nothing to roll back");
        }
    }
    for deliver in deliveries {
        deliver(committed.clone());
    }
    behind
}
