//! Rows going out. A cursor is only a claim about what a phone has; what it gets is decided by its member's grant alone.

use std::collections::BTreeMap;

use dangjian_domain::id::MemberId;
use dangjian_domain::schema::FeedKind;
use dangjian_protocol::http::Encoding;
use dangjian_protocol::limits;
use dangjian_protocol::message::{Cursor, FeedCheck, FeedPosition, PageBody};
use dangjian_protocol::page::{Advance, FeedNo, Page};
use dangjian_protocol::{bytes::Bytes, page_json};

use crate::assemble::Assembly;
use crate::db::{Db, Param, all};
use crate::error::CountyError;

/// A feed of the grant, and where the phone goes on in it.
struct Held {
    feed: FeedNo,
    rank: u8,
    generation: u32,
    head: u64,
    floor: u64,
    rows: u64,
    sum: u64,
    /// The phone has everything up to here.
    from: u64,
    /// The phone's own claim was of no use: it must be told where it stands.
    restart: bool,
    /// The phone's generation is ours but its position is not: it has to be told to begin anew, which a generation that no
    /// feed ever has does. It comes again with that, and gets the feed from 0.
    reset: bool,
}

impl Held {
    fn behind(&self) -> bool {
        self.from < self.head || self.restart
    }
}

/// What one pull gives.
pub(crate) struct Pulled {
    pub(crate) page: Option<PageBody>,
    pub(crate) more: bool,
    pub(crate) checks: Vec<FeedCheck>,
}

/// What a member needs first, first: their own affairs, what is sent down to them, their branch, then the officers' feeds.
fn rank(kind: i64) -> u8 {
    const ORDER: [FeedKind; 5] = [FeedKind::Own, FeedKind::Down, FeedKind::Branch, FeedKind::Duty, FeedKind::Ledger];
    let at = ORDER.iter().position(|known| *known as i64 == kind).unwrap_or(ORDER.len());
    u8::try_from(at).unwrap_or(u8::MAX)
}

/// One query for all feeds: an officer of the county holds about 1,700, and mostly nothing is new in any of them.
fn held(db: &mut dyn Db, member: MemberId) -> Result<Vec<Held>, CountyError> {
    let sql = "SELECT f.feed_no, f.kind, f.generation, f.seq, f.floor, f.rows, f.sum
               FROM granted g JOIN feed f ON f.feed_no = g.feed_no WHERE g.member = ?1 ORDER BY g.feed_no";
    Ok(all(db, sql, &[Param::id(&member.0)], |row| {
        Ok(Held {
            feed: row.number(0)?,
            rank: rank(row.int(1)?),
            generation: u32::try_from(row.int(2)?).unwrap_or(u32::MAX),
            head: row.number(3)?,
            floor: row.number(4)?,
            rows: row.number(5)?,
            sum: row.int(6)?.cast_unsigned(),
            from: 0,
            restart: false,
            reset: false,
        })
    })?)
}

/// Places the phone's positions on the feeds it holds; those of other feeds fall away.
fn place(held: &mut [Held], positions: &[FeedPosition]) {
    let positions: BTreeMap<FeedNo, &FeedPosition> = positions.iter().map(|at| (at.feed, at)).collect();
    for feed in held {
        let Some(at) = positions.get(&feed.feed) else { continue };
        let same = at.generation == feed.generation;
        let known = same && at.seq <= feed.head && (at.seq >= feed.floor || at.seq == 0);
        feed.from = if known { at.seq } else { 0 };
        feed.restart = !known;
        feed.reset = same && !known;
    }
}

/// Whether the positions are in ascending number, as a phone writes them.
pub(crate) fn well_formed(cursor: &Cursor) -> bool {
    cursor.feeds.is_sorted_by(|a, b| a.feed < b.feed)
}

/// Puts together what `member` gets. `positions` are empty if the phone comes from another history.
pub(crate) fn pull(
    db: &mut dyn Db,
    member: MemberId,
    positions: &[FeedPosition],
    max_rows: u32,
    check: bool,
    encoding: Encoding,
) -> Result<Pulled, CountyError> {
    let mut held = held(db, member)?;
    place(&mut held, positions);
    let max_rows = (max_rows as usize).min(limits::PAGE_ROWS);
    let mut page = Page::default();
    if max_rows > 0 {
        let mut behind: Vec<&mut Held> = held.iter_mut().filter(|feed| feed.behind()).collect();
        behind.sort_by_key(|feed| (feed.rank, feed.feed));
        // Only a phone with nothing at all need not hear of what left. One that lost a feed and gained another keeps the
        // rows that were in both: if such a row left the new feed before, nothing else would tell (found by the property
        // test in tests/county/grants.rs).
        let with_gone = positions.iter().any(|at| at.seq > 0);
        let mut assembly = Assembly::new(max_rows, with_gone);
        for feed in behind {
            if assembly.is_full() {
                break;
            }
            if feed.reset {
                page.advance.push(Advance { feed: feed.feed, generation: 0, seq: 0, at_head: false });
                continue;
            }
            let to = assembly.take(db, feed.feed, feed.from, feed.head)?;
            page.advance.push(Advance {
                feed: feed.feed,
                generation: feed.generation,
                seq: to,
                at_head: to == feed.head,
            });
            (feed.from, feed.restart) = (to, false);
        }
        page.advance.sort_by_key(|advance| advance.feed);
        (page.blocks, page.gone) = assembly.finish(db)?;
    }
    let more = held.iter().any(Held::behind);
    let checks = if check && !more {
        held.iter().map(|feed| FeedCheck { feed: feed.feed, rows: feed.rows, sum: feed.sum }).collect()
    } else {
        vec![]
    };
    let body = |page: Page| match encoding {
        Encoding::Cbor => PageBody::Columnar(Bytes(page.compress())),
        Encoding::Json => PageBody::Json(page_json::to_json(&page)),
    };
    Ok(Pulled { page: (!page.advance.is_empty()).then(|| body(page)), more, checks })
}
