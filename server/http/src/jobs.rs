//! What the server does by itself: bringing scores, boards and histograms up to date.
//!
//! The work is done on a reading connection of its own; the writer gets the rows that changed in small portions, so that
//! nobody's publish waits for them.

use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender};
use std::time::{Duration, Instant};

use dangjian_county::{County, CountyError, Due, Sqlite};
use dangjian_domain::id::RowId;
use dangjian_domain::schema::{Row, Table};
use dangjian_domain::time::Timestamp;
use rusqlite::Connection;
use tokio::sync::oneshot;

use crate::clock;
use crate::writer::Work;

/// Rows the writer takes at a time: some ten milliseconds.
const PORTION: usize = 200;

/// What a job has the writer do at a time.
pub(crate) enum Portion {
    /// Write these.
    Rows(Vec<Row>),
    /// Remove these.
    Removed(Vec<(&'static Table, RowId)>),
    /// Note that the job is done with the county as it was when it began.
    Done { job: &'static str, began: Timestamp },
}

/// The thread of jobs.
pub(crate) struct Jobs {
    pub(crate) connection: Connection,
    pub(crate) writer: SyncSender<Work>,
    pub(crate) every: Duration,
}

impl Jobs {
    /// Works until `stop` is dropped.
    pub(crate) fn run(self, stop: &Receiver<()>) {
        while stop.recv_timeout(self.every) == Err(RecvTimeoutError::Timeout) {
            let began = Instant::now();
            match self.boards() {
                Ok(0) => {}
                Ok(rows) => log::info!("boards: {rows} rows in {:.0} ms", began.elapsed().as_secs_f64() * 1e3),
                Err(error) => log::error!("boards: {error}"),
            }
        }
    }

    fn boards(&self) -> Result<usize, CountyError> {
        let began = clock::now();
        let due = self.read()?;
        let count = due.rows.len() + due.removed.len();
        let written = due.rows.chunks(PORTION).all(|rows| self.write(Portion::Rows(rows.to_vec())))
            && due.removed.chunks(PORTION).all(|removed| self.write(Portion::Removed(removed.to_vec())));
        if written {
            self.write(Portion::Done { job: "boards", began });
        }
        Ok(count)
    }

    /// Everything of one moment.
    fn read(&self) -> Result<Due, CountyError> {
        let driver = |error: rusqlite::Error| CountyError::from(dangjian_county::DbError::Driver(Box::new(error)));
        let transaction = self.connection.unchecked_transaction().map_err(driver)?;
        let due = County::boards(clock::now(), &mut Sqlite(&transaction))?;
        transaction.finish().map_err(driver)?;
        Ok(due)
    }

    /// Hands a portion to the writer and waits until it is committed; `false` if it can't be or the writer has ended.
    fn write(&self, portion: Portion) -> bool {
        let (done, wait) = oneshot::channel();
        self.writer.send(Work::Portion { portion, done }).is_ok() && wait.blocking_recv().is_ok()
    }
}
