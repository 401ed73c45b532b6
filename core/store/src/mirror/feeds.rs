//! The feeds a mirror holds, with position, count and sum, and which of them a row belongs to.
//!
//! The county holds about 1,700 feeds, and each of 220,000 rows asks for up to three of them: so the feeds are found by a
//! keyed hash of the subject per kind, and the last answer is kept, since neighbouring rows mostly share their subjects.

use std::collections::HashMap;
use std::hash::{BuildHasher, Hasher, RandomState};

use dangjian_domain::feed::ResolvedRule;
use dangjian_domain::id::RowId;
use dangjian_domain::schema::FeedKind;
use dangjian_protocol::checksum::mix;
use dangjian_protocol::message::FeedPosition;
use dangjian_protocol::page::{Block, Cell, FeedNo};
use rusqlite::types::ValueRef;

/// A feed that is held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Held {
    pub(super) no: FeedNo,
    /// Code of the kind; a newer server may know more kinds than this program.
    pub(super) kind: u8,
    pub(super) subject: RowId,
    /// 0 before the first page.
    pub(super) generation: u32,
    pub(super) seq: u64,
    pub(super) rows: u64,
    pub(super) sum: u64,
    pub(super) repairing: bool,
    /// Differs from what is stored.
    pub(super) dirty: bool,
}

/// All feeds held, in ascending number.
#[derive(Debug, Default)]
pub(super) struct Feeds {
    held: Vec<Held>,
    by_kind: [HashMap<RowId, u32, IdState>; FeedKind::ALL.len()],
}

/// Positions among the feeds held of those a row belongs to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Covers {
    at: [u32; 3],
    len: u8,
}

impl Covers {
    pub(super) fn is_empty(self) -> bool {
        self.len == 0
    }

    pub(super) fn iter(self) -> impl Iterator<Item = usize> {
        self.at.into_iter().take(usize::from(self.len)).map(|at| at as usize)
    }

    fn push(&mut self, at: u32) {
        if let Some(slot) = self.at.get_mut(usize::from(self.len)) {
            *slot = at;
            self.len += 1;
        }
    }
}

/// The columns that say which feeds a row belongs to, by position in the table.
pub(super) trait Keys {
    fn id(&self, at: usize) -> Option<RowId>;
    fn int(&self, at: usize) -> Option<i64>;
}

/// A row of a page.
pub(super) struct InBlock<'a>(pub(super) &'a Block, pub(super) usize);

impl Keys for InBlock<'_> {
    #[inline]
    fn id(&self, at: usize) -> Option<RowId> {
        match self.0.cell(self.1, at) {
            Cell::Id(id) => Some(*id),
            _ => None,
        }
    }

    #[inline]
    fn int(&self, at: usize) -> Option<i64> {
        match self.0.cell(self.1, at) {
            Cell::Int(n) => Some(n),
            _ => None,
        }
    }
}

/// A stored row, selected as two other columns and then the key columns (their positions in the table are `keys`).
pub(super) struct Stored<'a> {
    pub(super) row: &'a rusqlite::Row<'a>,
    pub(super) keys: &'a [usize],
}

impl Stored<'_> {
    fn value(&self, at: usize) -> Option<ValueRef<'_>> {
        let nth = self.keys.iter().position(|key| *key == at)?;
        self.row.get_ref(nth + 2).ok()
    }
}

impl Keys for Stored<'_> {
    fn id(&self, at: usize) -> Option<RowId> {
        match self.value(at) {
            Some(ValueRef::Blob(bytes)) => bytes.try_into().ok().map(RowId),
            _ => None,
        }
    }

    fn int(&self, at: usize) -> Option<i64> {
        match self.value(at) {
            Some(ValueRef::Integer(n)) => Some(n),
            _ => None,
        }
    }
}

/// The last subject asked for by each rule, and the answer.
#[derive(Debug, Default)]
pub(super) struct Memo([Option<(RowId, Option<u32>)>; 3]);

impl Feeds {
    /// From feeds in any order; numbers are distinct.
    pub(super) fn new(mut held: Vec<Held>) -> Self {
        held.sort_unstable_by_key(|feed| feed.no);
        let mut feeds = Self { held, ..Self::default() };
        for (at, feed) in (0u32..).zip(&feeds.held) {
            if let Some(index) = slot(feed.kind).and_then(|slot| feeds.by_kind.get_mut(slot)) {
                index.insert(feed.subject, at);
            }
        }
        feeds
    }

    pub(super) fn all(&self) -> &[Held] {
        &self.held
    }

    pub(super) fn all_mut(&mut self) -> &mut [Held] {
        &mut self.held
    }

    pub(super) fn positions(&self) -> Vec<FeedPosition> {
        let position = |feed: &Held| FeedPosition { feed: feed.no, generation: feed.generation, seq: feed.seq };
        self.held.iter().map(position).collect()
    }

    /// The feed of that number, to be changed.
    pub(super) fn by_no(&mut self, no: FeedNo) -> Option<(usize, &mut Held)> {
        let at = self.held.binary_search_by_key(&no, |feed| feed.no).ok()?;
        self.held.get_mut(at).map(|feed| (at, feed))
    }

    pub(super) fn at(&self, at: usize) -> Option<&Held> {
        self.held.get(at)
    }

    /// Which held feeds the row belongs to.
    #[inline]
    pub(super) fn covering(&self, rules: &[ResolvedRule], keys: &impl Keys, memo: &mut Memo) -> Covers {
        let mut covers = Covers::default();
        for (rule, last) in rules.iter().zip(&mut memo.0) {
            if rule.when.is_some_and(|(at, value)| keys.int(at) != Some(value)) {
                continue;
            }
            let Some(subject) = keys.id(rule.subject) else { continue };
            let found = match last {
                Some((asked, answer)) if *asked == subject => *answer,
                _ => {
                    let index = slot(rule.kind as u8).and_then(|slot| self.by_kind.get(slot));
                    let answer = index.and_then(|index| index.get(&subject)).copied();
                    *last = Some((subject, answer));
                    answer
                }
            };
            if let Some(at) = found {
                covers.push(at);
            }
        }
        covers
    }

    /// Whether one of these feeds is under repair.
    pub(super) fn repairing(&self, covers: Covers) -> bool {
        covers.iter().any(|at| self.at(at).is_some_and(|feed| feed.repairing))
    }

    /// A row with this hash came to these feeds.
    #[inline]
    pub(super) fn add(&mut self, covers: Covers, hash: u64) {
        for at in covers.iter() {
            if let Some(feed) = self.held.get_mut(at) {
                feed.rows = feed.rows.wrapping_add(1);
                feed.sum = feed.sum.wrapping_add(hash);
                feed.dirty = true;
            }
        }
    }

    /// A row with this hash left these feeds.
    pub(super) fn subtract(&mut self, covers: Covers, hash: u64) {
        for at in covers.iter() {
            if let Some(feed) = self.held.get_mut(at) {
                feed.rows = feed.rows.wrapping_sub(1);
                feed.sum = feed.sum.wrapping_sub(hash);
                feed.dirty = true;
            }
        }
    }
}

fn slot(kind: u8) -> Option<usize> {
    FeedKind::ALL.iter().position(|known| *known as u8 == kind)
}

/// Hashes ids with a key of this process: ids come from other phones, who could else choose ones that collide.
#[derive(Debug, Clone)]
pub(super) struct IdState(u64);

impl Default for IdState {
    fn default() -> Self {
        Self(RandomState::new().build_hasher().finish())
    }
}

impl BuildHasher for IdState {
    type Hasher = IdHasher;
    #[inline]
    fn build_hasher(&self) -> IdHasher {
        IdHasher(self.0)
    }
}

#[derive(Debug)]
pub(super) struct IdHasher(u64);

impl Hasher for IdHasher {
    #[inline]
    fn finish(&self) -> u64 {
        self.0
    }

    #[inline]
    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        for word in words {
            self.0 = mix(self.0 ^ u64::from_le_bytes(*word));
        }
        for byte in rest {
            self.0 = mix(self.0 ^ u64::from(*byte));
        }
    }

    /// The length of an id says nothing.
    #[inline]
    fn write_usize(&mut self, _: usize) {}
}
