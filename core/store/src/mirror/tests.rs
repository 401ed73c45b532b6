use std::collections::{BTreeMap, BTreeSet};

use dangjian_domain::feed::{Feed, feeds_of};
use dangjian_domain::id::RowId;
use dangjian_domain::rows::{LedgerEntry, Member, Notice, NoticeScope, Participation, Synced as _};
use dangjian_domain::schema::{FeedKind, Row};
use dangjian_protocol::bytes::Bytes;
use dangjian_protocol::checksum::row_hash;
use dangjian_protocol::message::{FeedCheck, FeedPosition, GrantedFeed};
use dangjian_protocol::page::{Advance, FeedNo, Gone, Page};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use super::*;
use crate::files::{FileKey, Use, with_companions};
use crate::own::OwnStore;
use crate::testing::{
    HISTORY, Rows, blocks, deliver, delivery, encrypted, entry, grant, guest, id, member, mirror_with, notice, page,
    plain, rows_in, short,
};

/// What a mirror's file must hold, by the letter of the design and without any thought of speed.
#[derive(Debug, Default, Clone, PartialEq)]
struct Model {
    grant: u64,
    feeds: BTreeMap<FeedNo, ModelFeed>,
    rows: BTreeMap<(u16, RowId), Row>,
}

#[derive(Debug, Clone, PartialEq)]
struct ModelFeed {
    of: Feed,
    generation: u32,
    seq: u64,
    seen: Option<BTreeSet<(u16, RowId)>>,
}

impl Model {
    fn covering(&self, row: &Row) -> Vec<FeedNo> {
        let feeds = feeds_of(row);
        self.feeds.iter().filter(|(_, feed)| feeds.contains(&feed.of)).map(|(no, _)| *no).collect()
    }

    fn take(&mut self, delivery: &Delivery) {
        if let Some(grant) = &delivery.grant {
            let listed =
                |feed: &GrantedFeed| Feed { kind: FeedKind::from_code(feed.kind).unwrap(), subject: feed.subject };
            let new = |feed: &GrantedFeed| ModelFeed { of: listed(feed), generation: 0, seq: 0, seen: None };
            let old = std::mem::take(&mut self.feeds);
            for feed in &grant.feeds {
                let kept = old.get(&feed.feed).filter(|old| old.of == listed(feed)).cloned();
                self.feeds.insert(feed.feed, kept.unwrap_or_else(|| new(feed)));
            }
            self.grant = grant.number;
            let covered: Vec<_> =
                self.rows.iter().filter(|(_, row)| self.covering(row).is_empty()).map(|(key, _)| *key).collect();
            covered.iter().for_each(|key| drop(self.rows.remove(key)));
        }
        let Some(page) = delivery.page.as_ref().map(|page| page.open().unwrap()) else { return };
        for at in &page.advance {
            let Some(feed) = self.feeds.get_mut(&at.feed) else { continue };
            if feed.generation != at.generation {
                if feed.generation != 0 {
                    feed.seen = Some(BTreeSet::new());
                    feed.seq = 0;
                }
                feed.generation = at.generation;
            }
        }
        for gone in &page.gone {
            let key = (gone.table, gone.id);
            let Some(row) = self.rows.get(&key) else { continue };
            if row.version() < gone.version {
                self.rows.remove(&key);
            }
        }
        for block in &page.blocks {
            for row in (0..block.len()).map(|at| block.row(at).unwrap()) {
                self.put(row);
            }
        }
        for at in &page.advance {
            let Some(feed) = self.feeds.get_mut(&at.feed) else { continue };
            feed.seq = feed.seq.max(at.seq);
            if at.at_head
                && let Some(seen) = feed.seen.take()
            {
                let of = feed.of;
                self.rows.retain(|key, row| seen.contains(key) || !feeds_of(row).contains(&of));
            }
        }
    }

    fn put(&mut self, row: Row) {
        let key = (row.table().no, row.id());
        let covering = self.covering(&row);
        let mut repairing = false;
        for no in &covering {
            if let Some(seen) = &mut self.feeds.get_mut(no).unwrap().seen {
                seen.insert(key);
                repairing = true;
            }
        }
        let newer = self.rows.get(&key).is_none_or(|old| old.version() < row.version());
        if covering.is_empty() {
            if newer {
                self.rows.remove(&key);
            }
        } else if newer || repairing {
            self.rows.insert(key, row);
        }
    }

    fn count(&self, no: FeedNo) -> (u64, u64) {
        let mut count = (0, 0u64);
        for ((table, id), row) in &self.rows {
            if self.covering(row).contains(&no) {
                count = (count.0 + 1, count.1.wrapping_add(row_hash(*table, id, row.version())));
            }
        }
        count
    }

    fn positions(&self) -> Vec<FeedPosition> {
        let position =
            |(no, feed): (&FeedNo, &ModelFeed)| FeedPosition { feed: *no, generation: feed.generation, seq: feed.seq };
        self.feeds.iter().map(position).collect()
    }

    /// Compares a finished mirror's file with this.
    fn check(&self, files: &Files, mirror: &Mirror) {
        let live = mirror.live.as_ref().unwrap();
        let path = files.mirror(live.name());
        let rows: Rows = self.rows.iter().map(|(key, row)| (*key, short(row))).collect();
        assert_eq!(rows_in(files, &path), rows);
        assert_eq!(mirror.cursor(), Cursor { history: HISTORY, grant: self.grant, feeds: self.positions() });
        let conn = files.connect(&path, Use::Read).unwrap();
        let mut statement = conn.prepare("SELECT feed_no, rows, sum, repairing FROM feed ORDER BY feed_no").unwrap();
        let counts = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)));
        let counts: Vec<(i64, i64, i64, bool)> = counts.unwrap().map(Result::unwrap).collect();
        let expected = self.feeds.iter().map(|(no, feed)| {
            let (rows, sum) = self.count(*no);
            (no.cast_signed(), rows.cast_signed(), sum.cast_signed(), feed.seen.is_some())
        });
        assert_eq!(counts, expected.collect::<Vec<_>>());
        let sound: String = conn.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
        assert_eq!(sound, "ok");
    }
}

const UNIVERSE: [(FeedNo, FeedKind, u8); 9] = [
    (1, FeedKind::Own, 21),
    (2, FeedKind::Own, 22),
    (3, FeedKind::Branch, 11),
    (4, FeedKind::Branch, 12),
    (5, FeedKind::Duty, 11),
    (6, FeedKind::Down, 11),
    (7, FeedKind::Down, 12),
    (8, FeedKind::Ledger, 11),
    (9, FeedKind::Ledger, 12),
];

fn a_row() -> impl Strategy<Value = Row> {
    let (org, who) = (select(vec![11u8, 12, 13]), select(vec![21u8, 22, 23]));
    (1u8..6, 1u64..6, org, who, 0..4, any::<bool>()).prop_map(|(n, version, org, who, table, subtree)| match table {
        0 => member(who, version, org),
        1 => guest(n, version, org, who),
        2 => entry(n, version, org, who),
        _ => {
            let scope = if subtree { NoticeScope::Subtree } else { NoticeScope::Branch };
            notice(n, version, org, scope, &format!("v{version}"))
        }
    })
}

fn a_grant(number: u64) -> impl Strategy<Value = GrantList> {
    subsequence(UNIVERSE.to_vec(), 0..=UNIVERSE.len()).prop_map(move |feeds| grant(number, &feeds))
}

fn a_page() -> impl Strategy<Value = Page> {
    let advance = (1u64..10, 1u32..3, 0u64..9, any::<bool>()).prop_map(|(feed, generation, seq, at_head)| Advance {
        feed,
        generation,
        seq,
        at_head,
    });
    let table = select(vec![Member::TABLE.no, Participation::TABLE.no, LedgerEntry::TABLE.no, Notice::TABLE.no]);
    let ids = prop_oneof![1u8..6, 21u8..24];
    let gone =
        (1u64..10, table, ids, 1u64..6).prop_map(|(feed, table, n, version)| Gone { feed, table, id: id(n), version });
    use proptest::collection::vec;
    (vec(advance, 0..5), vec(gone, 0..4), vec(a_row(), 0..14)).prop_map(|(advance, gone, rows)| Page {
        advance,
        gone,
        blocks: blocks(&rows),
        unknown: vec![],
    })
}

fn a_delivery() -> impl Strategy<Value = Delivery> {
    (proptest::option::weighted(0.2, a_grant(2)), proptest::option::weighted(0.9, a_page()))
        .prop_map(|(grant, page)| Delivery { more: true, ..delivery(grant, page) })
}

/// The first grant, then anything.
fn deliveries() -> impl Strategy<Value = Vec<Delivery>> {
    (a_grant(1), proptest::collection::vec(a_delivery(), 1..8)).prop_map(|(first, mut rest)| {
        rest.insert(0, Delivery { more: true, ..delivery(Some(first), None) });
        rest
    })
}

fn last() -> Delivery {
    delivery(None, None)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn a_built_mirror_and_a_live_one_both_hold_what_the_pages_say(deliveries in deliveries(), encrypt in any::<bool>()) {
        let (_dir, files) = if encrypt { encrypted() } else { plain() };
        let mut model = Model::default();
        let mut build = Mirror::open(&files, None).unwrap();
        for delivery in &deliveries {
            model.take(delivery);
            let applied = deliver(&mut build, delivery.clone());
            prop_assert!(applied.building.is_some() && applied.switched.is_none());
            prop_assert_eq!(applied.cursor.feeds, model.positions());
        }
        prop_assert_eq!(deliver(&mut build, last()).switched, Some("1".to_owned()));
        model.check(&files, &build);

        let (_dir, files) = if encrypt { encrypted() } else { plain() };
        let mut live = Mirror::open(&files, None).unwrap();
        let mut model = Model::default();
        for (at, delivery) in deliveries.iter().enumerate() {
            let delivery = Delivery { more: at > 0, ..delivery.clone() };
            model.take(&delivery);
            prop_assert!(deliver(&mut live, delivery).building.is_none());
            model.check(&files, &live);
        }
    }

    #[test]
    fn a_killed_build_goes_on_from_the_spool_wherever_it_was_cut_off(
        deliveries in deliveries(), cut in any::<prop::sample::Index>(), encrypt in any::<bool>(), flip in any::<bool>()
    ) {
        let (_dir, files) = if encrypt { encrypted() } else { plain() };
        let mut mirror = Mirror::open(&files, None).unwrap();
        let deliveries: Vec<_> =
            deliveries.into_iter().filter(|delivery| delivery.grant.is_some() || delivery.page.is_some()).collect();
        let mut cursors = vec![mirror.cursor()];
        for delivery in &deliveries {
            cursors.push(deliver(&mut mirror, delivery.clone()).cursor);
        }
        drop(mirror);
        let spool = files.spool("1");
        let mut bytes = std::fs::read(&spool).unwrap();
        let at = cut.index(bytes.len());
        if flip { bytes[at] ^= 1 } else { bytes.truncate(at) }
        std::fs::write(&spool, bytes).unwrap();

        let mut mirror = Mirror::open(&files, None).unwrap();
        // What is left is the state after some delivery; the server sends the rest again.
        let mut next = 0;
        if let Some((mut spool, _)) = spool::Spool::open(&files, "1").ok().flatten() {
            spool.replay(|_| { next += 1; Ok(()) }).unwrap();
            prop_assert_eq!(&mirror.cursor().feeds, &cursors[next].feeds);
        } else {
            prop_assert_eq!(mirror.cursor(), NOWHERE);
        }
        let mut model = Model::default();
        deliveries.iter().take(next).for_each(|delivery| model.take(delivery));
        for delivery in deliveries.iter().skip(next) {
            model.take(delivery);
            deliver(&mut mirror, delivery.clone());
        }
        prop_assert!(deliver(&mut mirror, last()).switched.is_some());
        model.check(&files, &mirror);
    }
}

fn holds(files: &Files, bytes: &str) -> bool {
    let path = files.mirror("1");
    with_companions(&path).iter().any(|path| {
        let content = std::fs::read(path).unwrap_or_default();
        content.windows(bytes.len()).any(|window| window == bytes.as_bytes())
    })
}

#[test]
fn nothing_can_be_found_in_the_file_of_what_is_not_held_any_more() {
    let (_dir, files) = plain();
    let mut own = OwnStore::open(&files).unwrap().store;
    let feeds = [(3, FeedKind::Branch, 11), (4, FeedKind::Branch, 12)];
    let rows: Vec<_> = (1..40).map(|n| notice(n, 1, 11 + n % 2, NoticeScope::Branch, "机密SECRET")).collect();
    let mut mirror = mirror_with(&files, &mut own, &feeds, &rows);
    let kept =
        [notice(50, 1, 11, NoticeScope::Branch, "公开PUBLIC"), notice(51, 1, 12, NoticeScope::Branch, "机密LOST")];
    deliver(&mut mirror, delivery(None, Some(page(&[(3, 11), (4, 11)], vec![], &kept))));
    let moved: Vec<_> = (1..40).map(|n| Gone { feed: 3, table: Notice::TABLE.no, id: id(n), version: 2 }).collect();
    assert!(holds(&files, "SECRET") && holds(&files, "LOST"));

    let applied = deliver(&mut mirror, delivery(Some(grant(2, &feeds[..1])), None));
    assert!(applied.changes.touches_table(Notice::TABLE));
    assert!(!holds(&files, "LOST") && holds(&files, "SECRET") && holds(&files, "PUBLIC"));
    deliver(&mut mirror, delivery(None, Some(page(&[(3, 12)], moved, &[]))));
    mirror.run(MirrorTask::Suspend).unwrap();
    assert!(!holds(&files, "SECRET") && holds(&files, "PUBLIC"));
}

#[test]
fn a_reader_delays_the_overwriting_of_the_log_but_does_not_prevent_it() {
    let (_dir, files) = plain();
    let mut own = OwnStore::open(&files).unwrap().store;
    let feeds = [(3, FeedKind::Branch, 11), (4, FeedKind::Branch, 12)];
    let mut mirror = mirror_with(&files, &mut own, &feeds, &[notice(1, 1, 11, NoticeScope::Branch, "PUBLIC")]);
    let secret = [notice(2, 1, 12, NoticeScope::Branch, "SECRET")];
    deliver(&mut mirror, delivery(None, Some(page(&[(4, 11)], vec![], &secret))));
    let reader = files.connect(&files.mirror("1"), Use::Read).unwrap();
    reader.execute_batch("BEGIN; SELECT count(*) FROM notice").unwrap();
    deliver(&mut mirror, delivery(Some(grant(2, &feeds[..1])), None));
    assert!(holds(&files, "SECRET"), "the reader still sees it");
    reader.execute_batch("COMMIT").unwrap();
    deliver(&mut mirror, delivery(None, None));
    assert!(!holds(&files, "SECRET"));
}

/// The server's counts of the rows, for the feed of that number.
fn check_of(no: FeedNo, rows: &[Row]) -> FeedCheck {
    let sum = rows.iter().fold(0u64, |sum, row| sum.wrapping_add(row_hash(row.table().no, &row.id(), row.version())));
    FeedCheck { feed: no, rows: rows.len() as u64, sum }
}

#[test]
fn a_tampered_feed_is_found_and_restored() {
    for tamper in [
        "DELETE FROM notice WHERE title = 't3'",
        "UPDATE notice SET version = 9, body = 'forged' WHERE title = 't3'",
        "INSERT INTO notice SELECT x'77777777777777777777777777777777', version, org, scope, title, body, author,
         author_name, published_at, edited_at, state, withdrawn_reason FROM notice WHERE title = 't3'",
        "UPDATE feed SET sum = sum + 1 WHERE feed_no = 6",
        "UPDATE feed SET rows = rows + 1 WHERE feed_no = 5",
    ] {
        let (_dir, files) = plain();
        let mut own = OwnStore::open(&files).unwrap().store;
        let feeds = [(3, FeedKind::Branch, 11), (5, FeedKind::Duty, 11), (6, FeedKind::Down, 11)];
        let rows: Vec<_> = (1..6).map(|n| notice(n, 1, 11, NoticeScope::Subtree, &format!("t{n}"))).collect();
        drop(mirror_with(&files, &mut own, &feeds, &rows));
        let sound = rows_in(&files, &files.mirror("1"));
        let conn = files.connect(&files.mirror("1"), Use::Write).unwrap();
        assert_eq!(conn.execute(tamper, []).unwrap(), 1);
        drop(conn);

        let mut mirror = Mirror::open(&files, Some("1")).unwrap();
        let checks = vec![check_of(3, &[]), check_of(5, &rows), check_of(6, &rows)];
        let unready = Delivery { checks: checks.clone(), more: true, ..delivery(None, None) };
        assert!(deliver(&mut mirror, unready).mismatched.is_empty(), "not at every head yet");
        let mut applied = deliver(&mut mirror, Delivery { checks: checks.clone(), ..delivery(None, None) });
        let repairs = !tamper.starts_with("UPDATE feed");
        assert_eq!(!applied.mismatched.is_empty(), repairs, "{tamper}: {:?}", applied.mismatched);
        let mut exchanges = 0;
        while !applied.mismatched.is_empty() {
            // What a server answers to feeds at their beginning.
            let advance: Vec<_> = applied.mismatched.iter().map(|no| (*no, 10)).collect();
            assert!(
                applied
                    .cursor
                    .feeds
                    .iter()
                    .all(|at| at.seq == if applied.mismatched.contains(&at.feed) { 0 } else { 10 })
            );
            deliver(&mut mirror, delivery(None, Some(page(&advance, vec![], &rows))));
            applied = deliver(&mut mirror, Delivery { checks: checks.clone(), ..delivery(None, None) });
            exchanges += 1;
        }
        assert!(exchanges <= 1);
        assert_eq!(rows_in(&files, &files.mirror("1")), sound, "{tamper}");
    }
}

#[test]
fn a_mirror_is_read_on_while_a_new_one_is_built_and_deleted_when_that_is_adopted() {
    let (_dir, files) = encrypted();
    let mut own = OwnStore::open(&files).unwrap().store;
    let feeds = [(3, FeedKind::Branch, 11)];
    let mut mirror = mirror_with(&files, &mut own, &feeds, &[notice(1, 1, 11, NoticeScope::Branch, "old")]);
    assert!(files.mirror("1").exists() && !files.spool("1").exists());

    let new = |row: Row| Delivery {
        history: 78,
        more: true,
        ..delivery(Some(grant(1, &feeds)), Some(page(&[(3, 4)], vec![], &[row])))
    };
    let applied = deliver(&mut mirror, new(notice(2, 1, 11, NoticeScope::Branch, "new")));
    assert_eq!((applied.cursor.history, applied.building), (78, Some(Progress { rows: 1 })));
    // Suspended, killed and opened again: the old one is there, the new one goes on.
    mirror.run(MirrorTask::Suspend).unwrap();
    drop(mirror);
    let mut mirror = Mirror::open(&files, Some("1")).unwrap();
    assert_eq!(mirror.cursor().history, 78);
    // The server is restored once more: begin again.
    let again = Delivery { history: 79, ..new(notice(3, 1, 11, NoticeScope::Branch, "newest")) };
    deliver(&mut mirror, again.clone());
    assert!(!files.spool("2").exists() && files.spool("3").exists());
    let applied = deliver(&mut mirror, Delivery { more: false, ..again });
    assert_eq!(applied.switched.as_deref(), Some("3"));
    assert!(files.mirror("1").exists());

    // Killed between the end of the build and the adoption.
    drop(mirror);
    let mut mirror = Mirror::open(&files, Some("1")).unwrap();
    let applied = deliver(&mut mirror, Delivery { history: 79, ..last() });
    assert_eq!((applied.switched.as_deref(), applied.cursor.history), (Some("3"), 79));
    assert!(files.mirror("1").exists());
    assert!(matches!(mirror.run(MirrorTask::Adopt("1".into())), Err(StoreError::Missing(_))));
    let applied = mirror.run(MirrorTask::Adopt("3".into())).unwrap();
    assert_eq!((applied.switched, applied.changes), (None, Changes::everything()));
    assert!(!files.mirror("1").exists() && !files.spool("3").exists());
    drop(mirror);
    assert_eq!(Mirror::open(&files, Some("3")).unwrap().cursor().history, 79);
    // A name that `own` lost means that its mirror belongs to nobody.
    assert_eq!(Mirror::open(&files, None).unwrap().cursor(), NOWHERE);
    assert!(!files.mirror("3").exists());
}

#[test]
fn a_mirror_that_is_damaged_or_of_another_app_counts_as_none() {
    let feeds = [(3, FeedKind::Branch, 11)];
    for damage in ["cut", "garbage", "key", "gone", "fingerprint", "unfinished"] {
        let (_dir, files) = encrypted();
        let mut own = OwnStore::open(&files).unwrap().store;
        drop(mirror_with(&files, &mut own, &feeds, &[notice(1, 1, 11, NoticeScope::Branch, "x")]));
        let path = files.mirror("1");
        let whole = std::fs::read(&path).unwrap();
        match damage {
            "cut" => std::fs::write(&path, &whole[..whole.len() / 2]).unwrap(),
            "garbage" => std::fs::write(&path, [0x5a; 9_000]).unwrap(),
            "gone" => std::fs::remove_file(&path).unwrap(),
            "key" => {
                let other = Files { key: FileKey::Raw([9; 32]), ..files.clone() };
                assert_eq!(Mirror::open(&other, Some("1")).unwrap().cursor(), NOWHERE);
            }
            entry => {
                let conn = files.connect(&path, Use::Write).unwrap();
                let key = if entry == "unfinished" { "complete" } else { "fingerprint" };
                assert_eq!(conn.execute("UPDATE state SET v = v + 1 WHERE k = ?1", [key]).unwrap(), 1);
            }
        }
        let mut mirror = Mirror::open(&files, Some("1")).unwrap();
        if damage == "key" {
            assert_eq!(mirror.cursor().history, HISTORY);
            continue;
        }
        assert_eq!(mirror.cursor(), NOWHERE, "{damage}");
        let applied = deliver(&mut mirror, delivery(Some(grant(1, &feeds)), None));
        assert_eq!(applied.switched.as_deref(), Some("2"), "{damage}");
    }
}

#[test]
fn a_build_without_its_grant_is_not_finished_and_history_nought_is_refused() {
    let (_dir, files) = plain();
    let mut mirror = Mirror::open(&files, None).unwrap();
    assert_eq!(mirror.cursor(), NOWHERE);
    let applied = deliver(&mut mirror, delivery(None, Some(page(&[(3, 9)], vec![], &[member(1, 1, 11)]))));
    assert_eq!((applied.cursor.feeds.len(), applied.switched), (0, None));
    let nought = Delivery { history: 0, ..last() };
    assert!(matches!(mirror.run(MirrorTask::Deliver(nought)), Err(StoreError::Contradiction(_))));
    let applied = deliver(&mut mirror, delivery(Some(grant(1, &[])), None));
    assert!(applied.switched.is_some());
}

#[test]
fn a_delivery_that_cannot_be_taken_changes_nothing() {
    let feeds = [(3, FeedKind::Branch, 11), (4, FeedKind::Branch, 12)];
    let twice = grant(2, &[feeds[0], feeds[0]]);
    let same = grant(2, &[(3, FeedKind::Branch, 11), (4, FeedKind::Branch, 11)]);
    let unordered = grant(2, &[feeds[1], feeds[0]]);
    let good = Some(page(&[(3, 11)], vec![], &[notice(2, 1, 11, NoticeScope::Branch, "y")]));
    let mut bad: Vec<_> = [twice, same, unordered].map(|grant| delivery(Some(grant), good.clone())).into();
    bad.push(Delivery { page: Some(PageBody::Columnar(Bytes(b"no page".to_vec()))), ..delivery(None, None) });

    let (_dir, files) = plain();
    let mut own = OwnStore::open(&files).unwrap().store;
    let mut mirror = mirror_with(&files, &mut own, &feeds, &[notice(1, 1, 11, NoticeScope::Branch, "x")]);
    let (rows, cursor) = (rows_in(&files, &files.mirror("1")), mirror.cursor());
    for delivery in &bad {
        assert!(mirror.run(MirrorTask::Deliver(delivery.clone())).is_err());
        assert_eq!((rows_in(&files, &files.mirror("1")), mirror.cursor()), (rows.clone(), cursor.clone()));
    }
    // The same while building: what came before is kept.
    let first = Delivery { history: 78, more: true, ..delivery(Some(grant(1, &feeds)), good) };
    let cursor = deliver(&mut mirror, first).cursor;
    for delivery in bad {
        assert!(mirror.run(MirrorTask::Deliver(Delivery { history: 78, ..delivery })).is_err());
        assert_eq!(mirror.cursor(), cursor);
    }
    let applied = deliver(&mut mirror, Delivery { history: 78, ..last() });
    assert_eq!(applied.switched.as_deref(), Some("2"));
    assert_eq!(rows_in(&files, &files.mirror("2")).len(), 1);
}

#[test]
fn unknown_tables_and_columns_are_noted() {
    let (_dir, files) = plain();
    let mut own = OwnStore::open(&files).unwrap().store;
    let mut mirror = mirror_with(&files, &mut own, &[(3, FeedKind::Branch, 11)], &[]);
    // Table 99 with a block of one byte.
    let mut bytes = Page::default().encode();
    bytes.pop();
    bytes.extend([1, 99, 1, 0]);
    let unknown = Page { unknown: vec![(99, 0)], ..Page::default() };
    assert_eq!(Page::decode(&bytes), Ok(unknown));
    let body = PageBody::Columnar(Bytes(zstd::bulk::compress(&bytes, 3).unwrap()));
    let applied = deliver(&mut mirror, Delivery { page: Some(body), ..delivery(None, None) });
    assert!(applied.unknown);
    let conn = files.connect(&files.mirror("1"), Use::Read).unwrap();
    let noted: i64 = conn.query_row("SELECT count(*) FROM unknown", [], |row| row.get(0)).unwrap();
    assert_eq!(noted, 1);
}

#[test]
fn a_row_that_left_all_its_feeds_at_once_is_gone() {
    use dangjian_domain::rows::{Role, RoleGrant};
    let (member, org) = (RowId([1; 16]), RowId([2; 16]));
    let role = RoleGrant {
        id: RowId([3; 16]),
        version: 1,
        member: member.into(),
        org: org.into(),
        role: Role::Secretary,
        since: dangjian_domain::time::CivilDay(20_000),
    };
    let dir = tempfile::tempdir().unwrap();
    let files = crate::Files { dir: dir.path().to_owned(), key: crate::FileKey::Plain };
    let mut mirror = Mirror::open(&files, None).unwrap();
    let grant = GrantList {
        number: 1,
        feeds: vec![GrantedFeed { feed: 1, kind: 1, subject: member }, GrantedFeed { feed: 2, kind: 2, subject: org }],
    };
    let at = |seq| [1, 2].map(|feed| Advance { feed, generation: 1, seq, at_head: true }).to_vec();
    let mut block = dangjian_protocol::page::Block::new(RoleGrant::TABLE);
    block.push_row(&role.to_row()).unwrap();
    let first = Page { advance: at(1), blocks: vec![block], ..Page::default() };
    let deliver = |mirror: &mut Mirror, grant, page: Page| {
        let page = Some(PageBody::Columnar(page.compress().into()));
        let delivery = Delivery { history: 1, grant, page, checks: vec![], more: false };
        let applied = mirror.run(MirrorTask::Deliver(delivery)).unwrap();
        if let Some(name) = applied.switched {
            mirror.run(MirrorTask::Adopt(name)).unwrap();
        }
    };
    deliver(&mut mirror, Some(grant), first);
    let count = || -> i64 {
        let path = std::fs::read_dir(dir.path()).unwrap().flatten().map(|entry| entry.path());
        let path = path.into_iter().find(|path| path.to_string_lossy().ends_with(".db")).unwrap();
        rusqlite::Connection::open(path).unwrap().query_row("SELECT count(*) FROM role", [], |row| row.get(0)).unwrap()
    };
    assert_eq!(count(), 1);
    let gone = [1, 2].map(|feed| Gone { feed, table: RoleGrant::TABLE.no, id: role.id, version: 2 }).to_vec();
    deliver(&mut mirror, None, Page { advance: at(2), gone, ..Page::default() });
    assert_eq!(count(), 0);
}
