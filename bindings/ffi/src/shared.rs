//! What all services of one core share: the client, the runtime it runs on, and the bell that says what changed.

use std::pin::Pin;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use dangjian_client::platform::Clock;
use dangjian_client::{AppError as ClientError, Changes, Client, Observer};
use dangjian_domain::rows::{
    Appeal, BoardLine, Features, Histogram, ItemProgress, LedgerEntry, Member, Notice, NoticeReceipt, Organization,
    Participation, PointsTotal, QuizDraw, ReviewCase, RoleGrant, RuleSetRow, Score, StudyDay, StudyItem, Synced as _,
};
use dangjian_domain::schema::Table;
use dangjian_domain::time::Timestamp;
use tokio::runtime::{Handle, Runtime};
use tokio::sync::{Semaphore, oneshot, watch};
use tokio::task::JoinError;

use crate::error::AppError;
use crate::observe::Topic;

/// So many screens read at a time; the client keeps as many readers open.
const READERS: usize = 2;

/// Cores, observations and tasks that live in this process: for soaks.
pub(crate) static CORES: AtomicI64 = AtomicI64::new(0);
pub(crate) static OBSERVATIONS: AtomicI64 = AtomicI64::new(0);

/// Counts something alive until it is dropped.
pub(crate) struct Alive(&'static AtomicI64);

impl Alive {
    pub(crate) fn new(count: &'static AtomicI64) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(count)
    }
}

impl Drop for Alive {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// How often each topic changed, in the order of [`Topic::ALL`].
pub(crate) type Marks = [u64; Topic::ALL.len()];

/// Told by the client what changed. Called on the core's thread, so it only takes note.
pub(crate) struct Bell(pub(crate) watch::Sender<Marks>);

impl Bell {
    pub(crate) fn ring(&self, changed: impl Fn(Topic) -> bool) {
        self.0.send_if_modified(|marks| {
            let mut any = false;
            for (mark, topic) in marks.iter_mut().zip(Topic::ALL) {
                if changed(topic) {
                    *mark += 1;
                    any = true;
                }
            }
            any
        });
    }
}

impl Observer for Bell {
    fn changed(&self, changes: &Changes) {
        self.ring(|topic| {
            topic == Topic::Outbox && changes.outbox
                || tables_of(topic).iter().any(|table| changes.touches_table(table))
        });
    }

    fn revoked(&self) {
        self.ring(|topic| topic == Topic::Revoked);
    }
}

fn tables_of(topic: Topic) -> &'static [&'static Table] {
    match topic {
        Topic::Notices => const { &[Notice::TABLE, NoticeReceipt::TABLE] },
        Topic::Study => const { &[StudyItem::TABLE, ItemProgress::TABLE, StudyDay::TABLE, QuizDraw::TABLE] },
        Topic::Points => const { &[LedgerEntry::TABLE, PointsTotal::TABLE, Score::TABLE] },
        Topic::Cases => const { &[Appeal::TABLE, ReviewCase::TABLE] },
        Topic::Boards => const { &[Histogram::TABLE, BoardLine::TABLE, Score::TABLE] },
        Topic::Rules => const { &[RuleSetRow::TABLE, Features::TABLE] },
        Topic::People => const { &[Member::TABLE, Organization::TABLE, RoleGrant::TABLE, Participation::TABLE] },
        Topic::Outbox | Topic::Revoked => &[],
    }
}

/// One core.
pub(crate) struct Shared {
    client: RwLock<Option<Arc<Client>>>,
    runtime: Mutex<Option<Runtime>>,
    pub(crate) handle: Handle,
    reads: Arc<Semaphore>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) bell: Arc<Bell>,
    _alive: Alive,
}

impl Shared {
    pub(crate) fn new(client: Client, runtime: Runtime, clock: Arc<dyn Clock>, bell: Arc<Bell>) -> Self {
        Self {
            client: RwLock::new(Some(Arc::new(client))),
            handle: runtime.handle().clone(),
            runtime: Mutex::new(Some(runtime)),
            reads: Arc::new(Semaphore::new(READERS)),
            clock,
            bell,
            _alive: Alive::new(&CORES),
        }
    }

    pub(crate) fn client(&self) -> Result<Arc<Client>, AppError> {
        self.client.read().unwrap_or_else(PoisonError::into_inner).clone().ok_or(AppError::Closed)
    }

    /// The wall clock: for what is shown, never for what counts.
    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now().wall
    }

    /// Does something on the core's workers. It goes on if the caller goes away.
    pub(crate) async fn run<T, F>(&self, work: impl FnOnce(Arc<Client>) -> F) -> Result<T, AppError>
    where
        T: Send + 'static,
        F: Future<Output = Result<T, ClientError>> + Send + 'static,
    {
        let work = work(self.client()?);
        let (tell, mut told) = oneshot::channel();
        // Every type of task is a copy of tokio's machinery in the library: the services' tasks are all of this one.
        let work: Pin<Box<dyn Future<Output = ()> + Send>> = Box::pin(async move {
            let _ = tell.send(work.await);
        });
        finished(self.handle.spawn(work).await)?;
        told.try_recv().map_err(|_| AppError::Closed)?.map_err(AppError::from)
    }

    /// Reads on a thread that may block.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Client, Timestamp) -> Result<T, ClientError> + Send + 'static,
    ) -> Result<T, AppError> {
        let client = self.client()?;
        let permit = self.reads.clone().acquire_owned().await.map_err(|_| AppError::Closed)?;
        let clock = self.clock.clone();
        let (tell, mut told) = oneshot::channel();
        // As above: one type.
        let work: Box<dyn FnOnce() + Send> = Box::new(move || {
            let read = work(&client, clock.now().wall);
            drop(permit);
            let _ = tell.send(read);
        });
        finished(self.handle.spawn_blocking(work).await)?;
        told.try_recv().map_err(|_| AppError::Closed)?.map_err(AppError::from)
    }

    /// Ends the client and its threads, then tells.
    pub(crate) fn shutdown(&self) -> Option<oneshot::Receiver<()>> {
        let client = self.client.write().unwrap_or_else(PoisonError::into_inner).take();
        let runtime = self.runtime.lock().unwrap_or_else(PoisonError::into_inner).take()?;
        self.reads.close();
        let (done, wait) = oneshot::channel();
        // On a thread of its own: this may be a screen's thread, one of the runtime's, or a garbage collector's.
        let end = move || {
            drop(client);
            runtime.shutdown_background();
            let _ = done.send(());
        };
        if let Err(error) = std::thread::Builder::new().name("closing".to_owned()).spawn(end) {
            log::warn!("no thread to close on: {error}");
        }
        Some(wait)
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        self.shutdown();
    }
}

/// What came of a task: a panic is a defect, and nothing is left running once the core is closed.
pub(crate) fn finished<T>(joined: Result<T, JoinError>) -> Result<T, AppError> {
    joined.map_err(|error| {
        if error.is_panic() {
            log::error!("a panic in the core");
            AppError::Defect
        } else {
            AppError::Closed
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_topic_but_two_is_about_tables() {
        for topic in Topic::ALL {
            assert_eq!(tables_of(topic).is_empty(), matches!(topic, Topic::Outbox | Topic::Revoked), "{topic:?}");
        }
    }

    #[test]
    fn a_change_rings_for_its_topics_only() {
        let (sender, receiver) = watch::channel(Marks::default());
        let bell = Bell(sender);
        let mut changes = Changes::default();
        changes.table(Score::TABLE.no);
        changes.outbox = true;
        bell.changed(&changes);
        let rung: Vec<Topic> =
            receiver.borrow().iter().zip(Topic::ALL).filter(|(mark, _)| **mark > 0).map(|(_, topic)| topic).collect();
        assert_eq!(rung, [Topic::Points, Topic::Boards, Topic::Outbox]);
    }

    #[test]
    fn a_panic_becomes_an_error() {
        let runtime = Runtime::new().unwrap();
        let joined = runtime.block_on(async { tokio::spawn(async { panic!("as tested") }).await });
        assert_eq!(finished::<()>(joined), Err(AppError::Defect));
    }
}
