//! SQLite's single writer. Writes that arrive while another commit is under way share the next one: each runs in a
//! savepoint of its own, one `COMMIT` makes them all durable, and only then does anyone hear that theirs succeeded.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};

use diesel::connection::SimpleConnection;

use crate::db::{Db, Retryable};
use crate::error::{StoreError, StoreResult};

/// Most writes that share one commit: bounds how long the first of them waits.
const GROUP: usize = 128;

type Deliver = Box<dyn FnOnce(Result<(), StoreError>) + Send>;
/// Given the connection inside an open transaction, or why none could be opened.
type Work = Box<dyn FnOnce(Result<&mut Db, StoreError>) -> Deliver + Send>;

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
    pub fn run<T, E>(&self, change: impl Fn(&mut Db) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Retryable + Send + 'static,
    {
        let (answer, wait) = sync_channel(1);
        let work: Work = Box::new(move |db| in_savepoint(db, change, answer));
        let gone = || E::from(StoreError::Busy("the writer has stopped".into()));
        self.queue.send(work).map_err(|_| gone())?;
        wait.recv().map_err(|_| gone())?
    }
}

fn in_savepoint<T, E>(
    db: Result<&mut Db, StoreError>,
    change: impl Fn(&mut Db) -> Result<T, E>,
    answer: SyncSender<Result<T, E>>,
) -> Deliver
where
    T: Send + 'static,
    E: From<StoreError> + Send + 'static,
{
    let db = match db {
        Ok(db) => db,
        Err(error) => {
            return Box::new(move |_| drop(answer.send(Err(error.into()))));
        }
    };
    let outcome = match db.batch_execute("SAVEPOINT change") {
        Ok(()) => catch_unwind(AssertUnwindSafe(|| change(db)))
            .unwrap_or_else(|_| Err(StoreError::Internal("a write panicked".into()).into())),
        Err(error) => Err(StoreError::from(error).into()),
    };
    let closing = if outcome.is_ok() { "RELEASE change" } else { "ROLLBACK TO change; RELEASE change" };
    let outcome = match db.batch_execute(closing) {
        Ok(()) => outcome,
        Err(error) => outcome.and(Err(StoreError::from(error).into())),
    };
    Box::new(move |committed| {
        let outcome = match committed {
            Ok(()) => outcome,
            Err(error) => outcome.and(Err(error.into())),
        };
        // The caller may have gone away; the change stands all the same.
        drop(answer.send(outcome));
    })
}

fn serve(mut db: Db, work: Receiver<Work>) {
    while let Ok(first) = work.recv() {
        if let Err(error) = db.batch_execute("BEGIN IMMEDIATE") {
            first(Err(error.into()))(Ok(()));
            continue;
        }
        let mut deliveries = vec![first(Ok(&mut db))];
        while deliveries.len() < GROUP {
            match work.try_recv() {
                Ok(next) => deliveries.push(next(Ok(&mut db))),
                Err(_) => break,
            }
        }
        let committed = db.batch_execute("COMMIT").map_err(StoreError::from);
        if let Err(error) = &committed {
            tracing::error!(error = %error, "commit failed");
            if let Err(error) = db.batch_execute("ROLLBACK") {
                tracing::warn!(error = %error, "nothing to roll back");
            }
        }
        for deliver in deliveries {
            deliver(committed.clone());
        }
    }
}
