//! Observers: the present value first, then changes, until the handle is cancelled or dropped, or the core closed.
//!
//! A listener is called on a thread that may block, one call at a time. What changes meanwhile is told in one call
//! afterwards: a slow listener misses steps, never the last one. One that throws is called again at the next change.

use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak};
use std::time::Duration;

use dangjian_client::{AppError as ClientError, Client};
use dangjian_domain::time::Timestamp;
use tokio::sync::watch;
use tokio::task::AbortHandle;

use crate::core::{DangjianCore, Status};
use crate::error::AppError;
use crate::notices::{self, NoticePage};
use crate::outbox::{self, OutboxPage};
use crate::platform::ProviderError;
use crate::shared::{Alive, Marks, OBSERVATIONS, Shared, finished};
use crate::study::{StudySession, TodayView};

/// What a change may be about. Coarse: whoever shows any of it reads again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Topic {
    /// Notices and who has read them.
    Notices,
    /// Study items, progress, today's time, the quiz.
    Study,
    /// Postings, sums and one's score.
    Points,
    /// Objections and cases.
    Cases,
    /// Ranks and boards.
    Boards,
    /// Rule sets and the county's switches.
    Rules,
    /// Members, organizations and roles.
    People,
    /// What is not yet delivered.
    Outbox,
    /// This phone's access was taken away; its files and keys are deleted, and everything answers `DeviceRevoked` until the
    /// core is shut down and opened again, as a new phone.
    Revoked,
}

impl Topic {
    pub(crate) const ALL: [Self; 9] = [
        Self::Notices,
        Self::Study,
        Self::Points,
        Self::Cases,
        Self::Boards,
        Self::Rules,
        Self::People,
        Self::Outbox,
        Self::Revoked,
    ];

    fn at(self, marks: &Marks) -> u64 {
        Self::ALL.iter().zip(marks).find(|(topic, _)| **topic == self).map_or(0, |(_, mark)| *mark)
    }
}

/// Told what changed.
#[uniffi::export(with_foreign)]
pub trait ChangeListener: Send + Sync {
    /// First all topics, then those that changed.
    fn on_changes(&self, topics: Vec<Topic>) -> Result<(), ProviderError>;
}

/// Told how it stands with the server.
#[uniffi::export(with_foreign)]
pub trait StatusListener: Send + Sync {
    /// The present status, then each change.
    fn on_status(&self, status: Status) -> Result<(), ProviderError>;
}

/// Told of the open study session.
#[uniffi::export(with_foreign)]
pub trait SessionListener: Send + Sync {
    /// The present session, then each change; nothing if none is open.
    fn on_session(&self, session: Option<StudySession>) -> Result<(), ProviderError>;
}

/// Told of today's points and time.
#[uniffi::export(with_foreign)]
pub trait TodayListener: Send + Sync {
    /// Today, then each change; nothing before the first sign-in.
    fn on_today(&self, today: Option<TodayView>) -> Result<(), ProviderError>;
}

/// Told of a page of notices.
#[uniffi::export(with_foreign)]
pub trait NoticesListener: Send + Sync {
    /// The page, then each change.
    fn on_notices(&self, page: NoticePage) -> Result<(), ProviderError>;
}

/// Told of what is not yet delivered.
#[uniffi::export(with_foreign)]
pub trait OutboxListener: Send + Sync {
    /// The page, then each change.
    fn on_outbox(&self, page: OutboxPage) -> Result<(), ProviderError>;
}

/// Keeps something going. Cancelling or dropping it ends it on both sides; a call under way is finished.
#[derive(uniffi::Object)]
pub struct TaskHandle {
    task: AbortHandle,
    cancelled: Arc<AtomicBool>,
}

#[uniffi::export]
impl TaskHandle {
    /// Ends it. Nothing is begun any more once this returns.
    pub fn cancel(&self) {
        self.cancelled.store(true, Ordering::SeqCst);
        self.task.abort();
    }

    /// Whether it still goes on.
    pub fn is_active(&self) -> bool {
        !self.cancelled.load(Ordering::SeqCst) && !self.task.is_finished()
    }
}

impl Drop for TaskHandle {
    fn drop(&mut self) {
        self.cancel();
    }
}

/// How often today is looked at although nothing changed: days end.
const TODAY_EVERY: Duration = Duration::from_secs(60);

#[uniffi::export]
impl DangjianCore {
    /// What changed, by topic: for screens that read by themselves.
    pub fn observe_changes(&self, listener: Arc<dyn ChangeListener>) -> Result<Arc<TaskHandle>, AppError> {
        self.shared.client()?;
        let mut bell = self.shared.bell.0.subscribe();
        Ok(observe(&self.shared, move |deliver: Deliver| async move {
            let mut marks = *bell.borrow_and_update();
            let mut topics = Topic::ALL.to_vec();
            loop {
                let listener = listener.clone();
                deliver.call(move || listener.on_changes(topics)).await?;
                bell.changed().await.ok()?;
                let now = *bell.borrow_and_update();
                topics = Topic::ALL.into_iter().filter(|topic| topic.at(&now) != topic.at(&marks)).collect();
                marks = now;
            }
        }))
    }

    /// How it stands with the server.
    pub fn observe_status(&self, listener: Arc<dyn StatusListener>) -> Result<Arc<TaskHandle>, AppError> {
        let status = self.shared.client()?.status();
        Ok(watch_values(&self.shared, status, move |status| listener.on_status(status.into())))
    }

    /// The open study session.
    pub fn observe_session(&self, listener: Arc<dyn SessionListener>) -> Result<Arc<TaskHandle>, AppError> {
        let session = self.shared.client()?.study_status();
        Ok(watch_values(&self.shared, session, move |session| listener.on_session(session.map(Into::into))))
    }

    /// Today's points, time and streak.
    pub fn observe_today(&self, listener: Arc<dyn TodayListener>) -> Result<Arc<TaskHandle>, AppError> {
        let read = |client: &Client, now| client.study().today(now).map(|today| today.map(Into::into));
        let topics = &[Topic::Study, Topic::Points, Topic::Rules, Topic::People, Topic::Outbox];
        self.watch_reads(topics, Some(TODAY_EVERY), read, move |today| listener.on_today(today))
    }

    /// A page of the list of notices, newest first.
    pub fn observe_notices(
        &self,
        limit: u32,
        offset: u32,
        listener: Arc<dyn NoticesListener>,
    ) -> Result<Arc<TaskHandle>, AppError> {
        let read = move |client: &Client, _| notices::list(client, limit, offset);
        let topics = &[Topic::Notices, Topic::People, Topic::Outbox];
        self.watch_reads(topics, None, read, move |page| listener.on_notices(page))
    }

    /// A page of the outbox, newest first.
    pub fn observe_outbox(
        &self,
        limit: u32,
        offset: u32,
        listener: Arc<dyn OutboxListener>,
    ) -> Result<Arc<TaskHandle>, AppError> {
        let read = move |client: &Client, _| outbox::list(client, limit, offset);
        self.watch_reads(&[Topic::Outbox], None, read, move |page| listener.on_outbox(page))
    }
}

impl DangjianCore {
    /// Reads again whenever a topic changed, and tells what is another than before.
    fn watch_reads<T: Clone + PartialEq + Send + 'static>(
        &self,
        topics: &'static [Topic],
        every: Option<Duration>,
        read: impl Fn(&Client, Timestamp) -> Result<T, ClientError> + Clone + Send + Sync + 'static,
        tell: impl Fn(T) -> Result<(), ProviderError> + Send + Sync + 'static,
    ) -> Result<Arc<TaskHandle>, AppError> {
        self.shared.client()?;
        let mut bell = self.shared.bell.0.subscribe();
        let tell = Arc::new(tell);
        Ok(observe(&self.shared, move |deliver: Deliver| async move {
            let mut last: Option<T> = None;
            loop {
                let marks = *bell.borrow_and_update();
                match deliver.shared()?.read(read.clone()).await {
                    Ok(value) if last.as_ref() != Some(&value) => {
                        last = Some(value.clone());
                        let tell = tell.clone();
                        deliver.call(move || tell(value)).await?;
                    }
                    Ok(_) => {}
                    Err(AppError::Closed) => return None,
                    Err(error) => log::warn!("an observation could not be read: {error}"),
                }
                let changed = async {
                    while topics.iter().all(|topic| topic.at(&bell.borrow_and_update()) == topic.at(&marks)) {
                        bell.changed().await.ok()?;
                    }
                    Some(())
                };
                match every {
                    Some(every) => match tokio::time::timeout(every, changed).await {
                        Ok(changed) => changed?,
                        Err(_) => continue,
                    },
                    None => changed.await?,
                }
            }
        }))
    }
}

/// Tells each value of a channel.
pub(crate) fn watch_values<T: Clone + PartialEq + Send + Sync + 'static>(
    shared: &Arc<Shared>,
    mut values: watch::Receiver<T>,
    tell: impl Fn(T) -> Result<(), ProviderError> + Send + Sync + 'static,
) -> Arc<TaskHandle> {
    let tell = Arc::new(tell);
    observe(shared, move |deliver: Deliver| async move {
        let mut last: Option<T> = None;
        loop {
            let value = values.borrow_and_update().clone();
            if last.as_ref() != Some(&value) {
                last = Some(value.clone());
                let tell = tell.clone();
                deliver.call(move || tell(value)).await?;
            }
            values.changed().await.ok()?;
        }
    })
}

/// How an observation reaches its listener.
pub(crate) struct Deliver {
    shared: Weak<Shared>,
    cancelled: Arc<AtomicBool>,
    _alive: Alive,
}

impl Deliver {
    /// Nothing once the core is gone.
    fn shared(&self) -> Option<Arc<Shared>> {
        self.shared.upgrade()
    }

    /// Calls the listener on a thread that may block. Nothing once the observation is over.
    async fn call(&self, tell: impl FnOnce() -> Result<(), ProviderError> + Send + 'static) -> Option<()> {
        let (cancelled, handle) = (self.cancelled.clone(), self.shared()?.handle.clone());
        let call: Box<dyn FnOnce() + Send> = Box::new(move || {
            if !cancelled.load(Ordering::SeqCst) && tell().is_err() {
                log::warn!("a listener failed");
            }
        });
        finished(handle.spawn_blocking(call).await).ok()
    }
}

fn observe<F>(shared: &Arc<Shared>, work: impl FnOnce(Deliver) -> F) -> Arc<TaskHandle>
where
    F: Future<Output = Option<()>> + Send + 'static,
{
    let cancelled = Arc::new(AtomicBool::new(false));
    let deliver =
        Deliver { shared: Arc::downgrade(shared), cancelled: cancelled.clone(), _alive: Alive::new(&OBSERVATIONS) };
    // One type of task for all observations: each would be a copy of tokio's machinery in the library.
    let work: Pin<Box<dyn Future<Output = Option<()>> + Send>> = Box::pin(work(deliver));
    let task = shared.handle.spawn(work).abort_handle();
    Arc::new(TaskHandle { task, cancelled })
}
