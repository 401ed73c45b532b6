//! A phone as the published rules describe it (`docs/protocol.md`, sections 10 to 12), and nothing more.

use std::collections::{BTreeMap, BTreeSet};

use dangjian_domain::schema::{Row, Value as Cell};
use dangjian_protocol::message::{Cursor, FeedPosition, GrantList, SyncReply};
use dangjian_protocol::page::Page;
use dangjian_tests::oracle::{self, Cells, FeedName};
use rusqlite::types::Value;

/// A row's table and id.
pub(crate) type Key = (String, Vec<u8>);

/// What a phone knows.
#[derive(Default)]
pub(crate) struct NaivePhone {
    history: u64,
    grant: u64,
    pub(crate) feeds: BTreeMap<u64, FeedName>,
    positions: BTreeMap<u64, (u32, u64)>,
    pub(crate) rows: BTreeMap<Key, Cells>,
}

pub(crate) fn version(cells: &Cells) -> u64 {
    match cells["version"] {
        Value::Integer(n) => n as u64,
        _ => panic!("a version that is no number"),
    }
}

fn cells(row: &Row) -> Cells {
    let value = |cell: &Cell| match cell {
        Cell::Null => Value::Null,
        Cell::Int(n) => Value::Integer(*n),
        Cell::Id(id) => Value::Blob(id.0.to_vec()),
        Cell::Text(text) => Value::Text(text.clone()),
    };
    row.table().columns.iter().zip(row.values()).map(|(column, cell)| (column.name.to_owned(), value(cell))).collect()
}

/// The feeds of a list, by the published codes.
fn named(grant: &GrantList) -> BTreeMap<u64, FeedName> {
    const KINDS: [&str; 6] = ["", "own", "branch", "duty", "ledger", "down"];
    assert!(grant.feeds.is_sorted_by(|a, b| a.feed < b.feed));
    grant.feeds.iter().map(|feed| (feed.feed, (KINDS[usize::from(feed.kind)], feed.subject.0.to_vec()))).collect()
}

/// What a page brings, read.
pub(crate) struct Opened {
    page: Page,
    pub(crate) rows: Vec<(Key, Cells)>,
}

/// Opens the page of a reply.
pub(crate) fn open(reply: &SyncReply) -> Option<Opened> {
    let page = reply.page.as_ref()?.open().unwrap();
    let mut rows = vec![];
    for block in &page.blocks {
        for at in 0..block.len() {
            let row = block.row(at).unwrap();
            rows.push(((block.table().name.to_owned(), row.id().0.to_vec()), cells(&row)));
        }
    }
    Some(Opened { page, rows })
}

impl NaivePhone {
    pub(crate) fn cursor(&self) -> Cursor {
        let at = |(feed, (generation, seq)): (&u64, &(u32, u64))| FeedPosition {
            feed: *feed,
            generation: *generation,
            seq: *seq,
        };
        Cursor { history: self.history, grant: self.grant, feeds: self.positions.iter().map(at).collect() }
    }

    /// Drops the rows of lost feeds that no held feed covers.
    fn drop_uncovered(&mut self, but: Option<&FeedName>) {
        let held: BTreeSet<&FeedName> = self.feeds.values().filter(|feed| Some(*feed) != but).collect();
        self.rows.retain(|(table, _), row| {
            let feeds = oracle::feeds(table, row);
            but.is_some_and(|lost| !feeds.contains(lost)) || feeds.iter().any(|feed| held.contains(feed))
        });
    }

    /// Takes a reply.
    pub(crate) fn take(&mut self, reply: &SyncReply, opened: Option<Opened>) {
        if reply.history != self.history {
            *self = Self { history: reply.history, ..Self::default() };
        }
        if let Some(grant) = &reply.grant {
            let feeds = named(grant);
            self.positions.retain(|feed, _| feeds.contains_key(feed));
            (self.grant, self.feeds) = (grant.number, feeds);
            self.drop_uncovered(None);
        }
        let Some(Opened { page, rows }) = opened else { return };
        for advance in &page.advance {
            let known = self.positions.get(&advance.feed);
            if known.is_some_and(|(generation, seq)| *generation != advance.generation || *seq > advance.seq) {
                let feed = self.feeds[&advance.feed].clone();
                self.drop_uncovered(Some(&feed));
            }
        }
        for gone in &page.gone {
            let table = oracle::TABLES.iter().find(|table| table.1 == i64::from(gone.table)).unwrap().0;
            let key = (table.to_owned(), gone.id.0.to_vec());
            if self.rows.get(&key).is_some_and(|row| version(row) < gone.version) {
                self.rows.remove(&key);
            }
        }
        for (key, row) in rows {
            if self.rows.get(&key).is_none_or(|old| version(old) < version(&row)) {
                self.rows.insert(key, row);
            }
        }
        for advance in &page.advance {
            assert!(self.feeds.contains_key(&advance.feed), "an advance of a feed that is not held");
            self.positions.insert(advance.feed, (advance.generation, advance.seq));
        }
    }

    /// Compares the reply's counts and sums with a recount of what is here.
    pub(crate) fn compare_checks(&self, reply: &SyncReply) {
        let mut counted: BTreeMap<&FeedName, (u64, u64)> = self.feeds.values().map(|feed| (feed, (0, 0))).collect();
        for ((table, id), row) in &self.rows {
            let hash = hash(table, id, version(row));
            for feed in oracle::feeds(table, row).into_iter().collect::<BTreeSet<_>>() {
                if let Some((rows, sum)) = counted.get_mut(&feed) {
                    (*rows, *sum) = (*rows + 1, sum.wrapping_add(hash));
                }
            }
        }
        let told: BTreeMap<u64, (u64, u64)> =
            reply.checks.iter().map(|check| (check.feed, (check.rows, check.sum))).collect();
        let mine: BTreeMap<u64, (u64, u64)> = self.feeds.iter().map(|(no, feed)| (*no, counted[feed])).collect();
        assert_eq!(told, mine, "counts and sums differ");
    }
}

/// Section 12, from the text.
fn hash(table: &str, id: &[u8], version: u64) -> u64 {
    let mix = |x: u64| {
        let x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        x ^ (x >> 31)
    };
    let half = |at: usize| u64::from_be_bytes(id[at..at + 8].try_into().unwrap());
    let table = oracle::TABLES.iter().find(|known| known.0 == table).unwrap().1 as u64;
    mix(mix(mix(mix(table.wrapping_add(0x9e37_79b9_7f4a_7c15)) ^ half(0)) ^ half(8)) ^ version)
}
