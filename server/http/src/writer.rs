//! The one thread that writes. It takes what waits, up to [`BATCH`] requests or [`GATHER`], gives each a savepoint of its
//! own, commits them together with one flush to disk, and only then replies and hints.
//!
//! It never waits for more to come: a single publish pays for one commit and nothing else, and while that commit flushes,
//! the next batch gathers by itself.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};

use dangjian_county::{Admitted, County, Handled, Sqlite};
use dangjian_domain::id::{DeviceId, MemberId};
use dangjian_protocol::error::ErrorCode;
use dangjian_protocol::message::FeedSeq;
use rusqlite::{Connection, Transaction, TransactionBehavior};
use tokio::sync::oneshot;

use crate::answer::{Answer, Reply};
use crate::clock::{self, OsRandom};
use crate::hub::Hub;
use crate::intake::{Held, Unfit};
use crate::jobs::Portion;

/// Most requests in one commit.
const BATCH: usize = 64;
/// How long a commit may be put off by requests that keep coming.
const GATHER: Duration = Duration::from_millis(5);

/// What the writer is given.
pub(crate) enum Work {
    /// A request.
    Request(Write),
    /// A portion of a job's work; `done` is dropped if it could not be done.
    Portion { portion: Portion, done: oneshot::Sender<()> },
}

/// An admitted request that writes.
pub(crate) struct Write {
    pub(crate) admitted: Box<Admitted>,
    /// Which device's sessions end if it is granted.
    pub(crate) close: Option<DeviceId>,
    pub(crate) reply: Reply,
    pub(crate) held: Held,
}

/// The writer and its connection.
pub(crate) struct Writer {
    pub(crate) connection: Connection,
    pub(crate) county: Arc<County>,
    pub(crate) hub: Arc<Hub>,
}

/// What is to be told once the commit holds.
#[derive(Default)]
struct Outcome {
    replies: Vec<(Reply, Answer)>,
    hints: Vec<FeedSeq>,
    regranted: Vec<MemberId>,
    close: Vec<DeviceId>,
    done: Vec<oneshot::Sender<()>>,
    taken: usize,
}

impl Writer {
    /// Works until no reader is left, then folds the write-ahead log into the database.
    pub(crate) fn run(mut self, writes: &Receiver<Work>) {
        while let Ok(first) = writes.recv() {
            let outcome = self.commit(first, writes);
            self.tell(outcome);
        }
        let folded = self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, i64>(0));
        match folded {
            Ok(0) => {}
            Ok(_) => log::warn!("the write-ahead log could not be folded: somebody else reads the database"),
            Err(error) => log::warn!("the write-ahead log could not be folded: {error}"),
        }
    }

    fn commit(&mut self, first: Work, writes: &Receiver<Work>) -> Outcome {
        let began = Instant::now();
        let mut outcome = Outcome::default();
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate);
        let mut transaction = match transaction {
            Ok(transaction) => transaction,
            Err(error) => {
                if let Work::Request(write) = first {
                    outcome.replies.push((write.reply, Answer::INTERNAL));
                }
                return outcome.undone(&error);
            }
        };
        let mut next = Some(first);
        while let Some(work) = next {
            let result = match work {
                Work::Request(write) => handle(&self.county, &mut transaction, write, &mut outcome),
                Work::Portion { portion, done } => take(&mut transaction, portion, done, &mut outcome),
            };
            if let Err(error) = result {
                return outcome.undone(&error);
            }
            outcome.taken += 1;
            let more = outcome.taken < BATCH && began.elapsed() < GATHER;
            next = if more { writes.try_recv().ok() } else { None };
        }
        match transaction.commit() {
            Ok(()) => outcome,
            Err(error) => outcome.undone(&error),
        }
    }

    fn tell(&self, outcome: Outcome) {
        let Outcome { replies, hints, regranted, close, done, .. } = outcome;
        if !regranted.is_empty() || !close.is_empty() {
            self.hub.outdate();
        }
        for (reply, answer) in replies {
            // Fails if the connection is gone, and then nobody waits.
            let _ = reply.send(answer);
        }
        for done in done {
            // Fails if the job was ended meanwhile.
            let _ = done.send(());
        }
        for device in close {
            self.hub.close(device);
        }
        for member in regranted {
            self.regrant(member);
        }
        // Last: of a feed that a member just lost, the sequences are not theirs to know.
        self.hub.publish(&hints);
    }

    /// Done here and not by a reader: as long as the writer does it, no commit can come between the feeds that are read
    /// and the hints that are sent.
    fn regrant(&self, member: MemberId) {
        if !self.hub.listens(member) {
            return;
        }
        match self.county.feeds_of(member, &mut Sqlite(&self.connection)) {
            Ok(feeds) => self.hub.regrant(member, &feeds),
            Err(error) => {
                log::error!("feeds after a change of grants: {error}");
                self.hub.regrant(member, &[]);
            }
        }
    }
}

/// Lets the county handle one request in a savepoint. An error means that the whole transaction is lost.
fn handle(
    county: &County,
    transaction: &mut Transaction<'_>,
    write: Write,
    outcome: &mut Outcome,
) -> rusqlite::Result<()> {
    let Write { admitted, close, reply, held: _held } = write;
    let handled = in_savepoint(transaction, |connection| {
        let mut random = OsRandom;
        let handled = county.handle(clock::now(), &mut random, *admitted, &mut Sqlite(connection));
        let keep = !handled.failed;
        (handled, keep)
    });
    match handled {
        Ok(Some(Handled { response, hints, regranted, failed, .. })) => {
            if !failed {
                outcome.hints.extend(hints);
                outcome.regranted.extend(regranted);
                outcome.close.extend(close.filter(|_| response.status == 200));
            }
            outcome.replies.push((reply, Answer::Reply(response)));
            Ok(())
        }
        Ok(None) => {
            outcome.replies.push((reply, Answer::INTERNAL));
            Ok(())
        }
        Err(error) => {
            outcome.replies.push((reply, Answer::INTERNAL));
            Err(error)
        }
    }
}

/// Does a portion of a job's work in a savepoint. An error means that the whole transaction is lost.
fn take(
    transaction: &mut Transaction<'_>,
    portion: Portion,
    done: oneshot::Sender<()>,
    outcome: &mut Outcome,
) -> rusqlite::Result<()> {
    let changed = in_savepoint(transaction, |connection| {
        let db = &mut Sqlite(connection);
        let changed = match portion {
            Portion::Rows(rows) => County::change(clock::now(), &rows, &[], db),
            Portion::Removed(removed) => County::change(clock::now(), &[], &removed, db),
            Portion::Done { job, began } => County::job_done(job, began, db),
        };
        let keep = changed.is_ok();
        (changed, keep)
    })?;
    match changed {
        Some(Ok(changed)) => {
            outcome.hints.extend(changed.hints);
            outcome.regranted.extend(changed.regranted);
            outcome.done.push(done);
        }
        Some(Err(error)) => log::error!("a job: {error}"),
        None => {}
    }
    Ok(())
}

/// Runs `work` in a savepoint that is rolled back if it asks for that or panics (`None`). On a full disk SQLite gives up
/// the whole transaction by itself: without this check the next request would commit alone.
fn in_savepoint<R>(
    transaction: &mut Transaction<'_>,
    work: impl FnOnce(&Connection) -> (R, bool),
) -> rusqlite::Result<Option<R>> {
    let savepoint = transaction.savepoint()?;
    let result = catch_unwind(AssertUnwindSafe(|| work(&savepoint)));
    let result = match result {
        Ok((result, true)) => {
            savepoint.commit()?;
            Some(result)
        }
        Ok((result, false)) => {
            savepoint.finish()?;
            Some(result)
        }
        Err(_) => {
            log::error!("a panic in the writer; the request was rolled back");
            savepoint.finish()?;
            None
        }
    };
    if transaction.is_autocommit() {
        return Err(rusqlite::Error::SqliteFailure(
            rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_FULL),
            Some("the database gave up the transaction".to_owned()),
        ));
    }
    Ok(result)
}

impl Outcome {
    /// Nothing of it holds.
    fn undone(self, error: &rusqlite::Error) -> Self {
        log::error!("nothing was written: {error}");
        let unfit = Unfit { retry_after_s: Some(30), ..Unfit::new(ErrorCode::Internal) };
        let replies = self.replies.into_iter().map(|(reply, _)| (reply, Answer::Unfit(unfit))).collect();
        Self { replies, ..Self::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(connection: &Connection) -> i64 {
        connection.query_row("SELECT count(*) FROM t", [], |row| row.get(0)).unwrap()
    }

    #[test]
    fn a_request_that_fails_or_panics_takes_back_its_own_rows_only() {
        let mut connection = Connection::open_in_memory().unwrap();
        connection.execute_batch("CREATE TABLE t (x INTEGER)").unwrap();
        let insert = |connection: &Connection| connection.execute("INSERT INTO t VALUES (1)", []).unwrap();
        let mut transaction = connection.transaction().unwrap();
        assert_eq!(in_savepoint(&mut transaction, |c| (insert(c), true)).unwrap(), Some(1));
        assert_eq!(in_savepoint(&mut transaction, |c| (insert(c), false)).unwrap(), Some(1));
        let panicked = in_savepoint(&mut transaction, |c| {
            insert(c);
            assert_eq!(count(c), 2);
            if count(c) == 2 {
                panic!("as a defect would");
            }
            ((), true)
        });
        assert_eq!(panicked.unwrap(), None);
        assert_eq!(in_savepoint(&mut transaction, |c| (insert(c), true)).unwrap(), Some(1));
        transaction.commit().unwrap();
        assert_eq!(count(&connection), 2);
    }

    #[test]
    fn a_transaction_that_the_database_gave_up_ends_the_batch() {
        let mut connection = Connection::open_in_memory().unwrap();
        connection.execute_batch("CREATE TABLE t (x INTEGER)").unwrap();
        for keep in [true, false] {
            let mut transaction = connection.transaction().unwrap();
            let insert = |c: &Connection| c.execute("INSERT INTO t VALUES (1)", []).unwrap();
            assert!(in_savepoint(&mut transaction, |c| (insert(c), true)).is_ok());
            // As SQLite does by itself when the disk is full.
            let lost = in_savepoint(&mut transaction, |c| (c.execute_batch("ROLLBACK").unwrap(), keep));
            assert!(lost.is_err());
            drop(transaction);
            assert_eq!(count(&connection), 0);
        }
    }
}
