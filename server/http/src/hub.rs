//! Who is listening for hints, by feed: a commit wakes only the streams that hold a feed it changed.
//!
//! A stream's mailbox keeps the newest sequence of each feed, not a queue: a phone on a slow line finds one hint per feed
//! when it comes to read, and 3,000 silent streams cost an index entry and a connection each. A mailbox that grows past
//! [`MAILBOX`] feeds belongs to a phone that does not read; its stream is closed, and the phone comes back.
//!
//! A stream opens in three steps: take a [`Mark`], read the feeds from the database, subscribe. If a grant changed or a
//! device was revoked in between, what was read may be old, and the steps are taken again; so no stream keeps feeds that
//! its member lost.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use dangjian_domain::id::{DeviceId, MemberId};
use dangjian_domain::time::Timestamp;
use dangjian_protocol::message::FeedSeq;
use dangjian_protocol::page::FeedNo;
use futures_util::task::AtomicWaker;

/// Most feeds that wait in one mailbox.
const MAILBOX: usize = 1_024;

/// All open streams.
pub(crate) struct Hub(Mutex<Index>);

/// When feeds were read, counted in changes of grants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Mark(u64);

struct Index {
    next: u64,
    mark: u64,
    stopped: bool,
    streams: BTreeMap<u64, Stream>,
    by_feed: BTreeMap<FeedNo, BTreeMap<u64, Arc<Mailbox>>>,
    by_member: BTreeMap<MemberId, BTreeSet<u64>>,
    by_device: BTreeMap<DeviceId, u64>,
}

struct Stream {
    device: DeviceId,
    member: MemberId,
    feeds: Vec<FeedNo>,
    mailbox: Arc<Mailbox>,
}

#[derive(Default)]
struct Mailbox {
    waiting: Mutex<Waiting>,
    waker: AtomicWaker,
}

/// What waits for a stream to be written.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Waiting {
    /// Newest sequence of each changed feed.
    pub(crate) hints: BTreeMap<FeedNo, u64>,
    /// Whether the member's feeds changed.
    pub(crate) grant: bool,
    closed: bool,
}

/// An open stream's end of its mailbox; the stream leaves the index when this is dropped.
pub(crate) struct Subscription {
    hub: Arc<Hub>,
    id: u64,
    mailbox: Arc<Mailbox>,
    /// When the session ends, and the stream with it.
    pub(crate) expires_at: Timestamp,
}

/// Who opens a stream, and until when.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Opener {
    /// Which installation; its earlier stream is closed.
    pub(crate) device: DeviceId,
    /// Whose.
    pub(crate) member: MemberId,
    /// When the session ends.
    pub(crate) expires_at: Timestamp,
}

impl Hub {
    pub(crate) fn new() -> Self {
        Self(Mutex::new(Index {
            next: 1,
            mark: 0,
            stopped: false,
            streams: BTreeMap::new(),
            by_feed: BTreeMap::new(),
            by_member: BTreeMap::new(),
            by_device: BTreeMap::new(),
        }))
    }

    fn index(&self) -> MutexGuard<'_, Index> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// To be taken before a stream's feeds are read.
    pub(crate) fn mark(&self) -> Mark {
        Mark(self.index().mark)
    }

    /// Opens a stream for `feeds`, unless they may be out of date.
    pub(crate) fn subscribe(self: &Arc<Self>, opener: Opener, feeds: Vec<FeedNo>, mark: Mark) -> Option<Subscription> {
        let Opener { device, member, expires_at } = opener;
        let mut index = self.index();
        if index.mark != mark.0 {
            return None;
        }
        let id = index.next;
        index.next += 1;
        let mailbox = Arc::new(Mailbox::default());
        if index.stopped {
            mailbox.close();
        }
        if let Some(earlier) = index.by_device.insert(device, id) {
            index.close(earlier);
        }
        index.by_member.entry(member).or_default().insert(id);
        index.streams.insert(id, Stream { device, member, feeds: Vec::new(), mailbox: mailbox.clone() });
        index.set_feeds(id, feeds);
        Some(Subscription { hub: self.clone(), id, mailbox, expires_at })
    }

    /// Tells the streams that hold them of changed feeds.
    pub(crate) fn publish(&self, hints: &[FeedSeq]) {
        let mut slow = Vec::new();
        let mut index = self.index();
        for hint in hints {
            for (id, mailbox) in index.by_feed.get(&hint.feed).into_iter().flatten() {
                if !mailbox.put(hint) {
                    slow.push(*id);
                }
            }
        }
        for id in slow {
            index.close(id);
        }
    }

    /// From now on, feeds that were read before may be out of date. To be called after a commit that changed grants or
    /// revoked devices, before anything else is told.
    pub(crate) fn outdate(&self) {
        self.index().mark += 1;
    }

    /// Whether `member` has a stream open.
    pub(crate) fn listens(&self, member: MemberId) -> bool {
        self.index().by_member.contains_key(&member)
    }

    /// Gives the streams of `member` their new feeds and tells the phones that they changed; without feeds the streams
    /// are closed.
    pub(crate) fn regrant(&self, member: MemberId, feeds: &[FeedNo]) {
        let mut index = self.index();
        let ids: Vec<u64> = index.by_member.get(&member).into_iter().flatten().copied().collect();
        for id in ids {
            if feeds.is_empty() {
                index.close(id);
                continue;
            }
            index.set_feeds(id, feeds.to_vec());
            if let Some(stream) = index.streams.get(&id) {
                stream.mailbox.change(|waiting| waiting.grant = true);
            }
        }
    }

    /// Closes the stream of a device whose sessions ended.
    pub(crate) fn close(&self, device: DeviceId) {
        let mut index = self.index();
        if let Some(id) = index.by_device.get(&device).copied() {
            index.close(id);
        }
    }

    /// Closes all streams, those to come too.
    pub(crate) fn stop(&self) {
        let mut index = self.index();
        index.stopped = true;
        let ids: Vec<u64> = index.streams.keys().copied().collect();
        for id in ids {
            index.close(id);
        }
    }

    /// How many streams are open.
    #[cfg(test)]
    fn len(&self) -> usize {
        self.index().streams.len()
    }
}

impl Index {
    fn set_feeds(&mut self, id: u64, feeds: Vec<FeedNo>) {
        let Some(stream) = self.streams.get_mut(&id) else { return };
        let old = std::mem::replace(&mut stream.feeds, feeds);
        let mailbox = stream.mailbox.clone();
        let new = stream.feeds.clone();
        self.leave(id, &old);
        for feed in new {
            self.by_feed.entry(feed).or_default().insert(id, mailbox.clone());
        }
    }

    fn leave(&mut self, id: u64, feeds: &[FeedNo]) {
        for feed in feeds {
            if let Some(streams) = self.by_feed.get_mut(feed) {
                streams.remove(&id);
                if streams.is_empty() {
                    self.by_feed.remove(feed);
                }
            }
        }
    }

    fn remove(&mut self, id: u64) -> Option<Stream> {
        let stream = self.streams.remove(&id)?;
        self.leave(id, &stream.feeds);
        if let Some(ids) = self.by_member.get_mut(&stream.member) {
            ids.remove(&id);
            if ids.is_empty() {
                self.by_member.remove(&stream.member);
            }
        }
        if self.by_device.get(&stream.device) == Some(&id) {
            self.by_device.remove(&stream.device);
        }
        Some(stream)
    }

    fn close(&mut self, id: u64) {
        if let Some(stream) = self.remove(id) {
            stream.mailbox.close();
        }
    }
}

impl Mailbox {
    fn change<R>(&self, change: impl FnOnce(&mut Waiting) -> R) -> R {
        let result = change(&mut self.waiting.lock().unwrap_or_else(PoisonError::into_inner));
        self.waker.wake();
        result
    }

    /// Whether there was room.
    fn put(&self, hint: &FeedSeq) -> bool {
        self.change(|waiting| {
            let seq = waiting.hints.entry(hint.feed).or_default();
            *seq = hint.seq.max(*seq);
            waiting.hints.len() <= MAILBOX
        })
    }

    fn close(&self) {
        self.change(|waiting| waiting.closed = true);
    }
}

impl Subscription {
    /// What came since the last time; `None` when the stream is closed.
    pub(crate) fn poll(&self, cx: &mut Context<'_>) -> Poll<Option<Waiting>> {
        self.mailbox.waker.register(cx.waker());
        let mut waiting = self.mailbox.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if waiting.closed {
            Poll::Ready(None)
        } else if waiting.hints.is_empty() && !waiting.grant {
            Poll::Pending
        } else {
            Poll::Ready(Some(std::mem::take(&mut waiting)))
        }
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        self.hub.index().remove(self.id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dangjian_domain::id::RowId;

    fn open(hub: &Arc<Hub>, device: u8, member: u8, feeds: &[FeedNo]) -> Subscription {
        let mark = hub.mark();
        hub.subscribe(opener(device, member), feeds.to_vec(), mark).unwrap()
    }

    fn opener(device: u8, member: u8) -> Opener {
        let (device, member) = (RowId([device; 16]).into(), RowId([member; 16]).into());
        Opener { device, member, expires_at: Timestamp(i64::MAX) }
    }

    fn read(stream: &Subscription) -> Poll<Option<Vec<(FeedNo, u64)>>> {
        let mut cx = Context::from_waker(std::task::Waker::noop());
        stream.poll(&mut cx).map(|waiting| waiting.map(|waiting| waiting.hints.into_iter().collect()))
    }

    fn hint(feed: FeedNo, seq: u64) -> FeedSeq {
        FeedSeq { feed, seq }
    }

    #[test]
    fn a_hint_reaches_the_streams_that_hold_its_feed_and_only_its_newest_waits() {
        let hub = Arc::new(Hub::new());
        let (a, b) = (open(&hub, 1, 1, &[10, 11]), open(&hub, 2, 2, &[11]));
        hub.publish(&[hint(10, 5), hint(12, 1)]);
        hub.publish(&[hint(10, 6)]);
        assert_eq!(read(&a), Poll::Ready(Some(vec![(10, 6)])));
        assert_eq!(read(&a), Poll::Pending);
        assert_eq!(read(&b), Poll::Pending);
    }

    #[test]
    fn a_device_has_one_stream_and_a_dropped_stream_leaves_nothing_behind() {
        let hub = Arc::new(Hub::new());
        let first = open(&hub, 1, 1, &[10]);
        let second = open(&hub, 1, 1, &[10]);
        assert_eq!(read(&first), Poll::Ready(None));
        drop(first);
        hub.publish(&[hint(10, 1)]);
        assert_eq!(read(&second), Poll::Ready(Some(vec![(10, 1)])));
        drop(second);
        let index = hub.index();
        assert!(index.streams.is_empty() && index.by_feed.is_empty());
        assert!(index.by_member.is_empty() && index.by_device.is_empty());
    }

    #[test]
    fn feeds_read_before_a_change_of_grants_are_read_again() {
        let hub = Arc::new(Hub::new());
        let mark = hub.mark();
        hub.outdate();
        assert!(hub.subscribe(opener(1, 1), vec![10], mark).is_none());
        assert!(hub.subscribe(opener(1, 1), vec![10], hub.mark()).is_some());
    }

    #[test]
    fn a_regranted_stream_changes_its_feeds_and_says_so() {
        let hub = Arc::new(Hub::new());
        let stream = open(&hub, 1, 7, &[10]);
        let member = RowId([7; 16]).into();
        assert!(hub.listens(member));
        hub.regrant(member, &[20]);
        hub.publish(&[hint(10, 1), hint(20, 2)]);
        let Poll::Ready(Some(waiting)) = stream.poll(&mut Context::from_waker(std::task::Waker::noop())) else {
            panic!("nothing came");
        };
        assert!(waiting.grant);
        assert_eq!(waiting.hints.into_iter().collect::<Vec<_>>(), [(20, 2)]);
        hub.regrant(member, &[]);
        assert_eq!(read(&stream), Poll::Ready(None));
    }

    #[test]
    fn a_phone_that_does_not_read_loses_its_stream() {
        let hub = Arc::new(Hub::new());
        let feeds: Vec<FeedNo> = (0..2_000).collect();
        let stream = open(&hub, 1, 1, &feeds);
        for feed in &feeds {
            hub.publish(&[hint(*feed, 1)]);
        }
        assert_eq!(read(&stream), Poll::Ready(None));
        assert_eq!(hub.len(), 0);
    }

    #[test]
    fn a_stopped_hub_opens_no_streams() {
        let hub = Arc::new(Hub::new());
        let before = open(&hub, 1, 1, &[1]);
        hub.stop();
        let after = open(&hub, 2, 2, &[1]);
        assert_eq!((read(&before), read(&after)), (Poll::Ready(None), Poll::Ready(None)));
    }
}
