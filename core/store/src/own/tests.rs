use dangjian_domain::id::OpId;
use dangjian_domain::rows::{Notice, NoticeScope, Synced as _, TABLES};
use dangjian_domain::time::Timestamp;
use dangjian_protocol::chain::Link;
use dangjian_protocol::limits;
use dangjian_protocol::message::{Decision, FeedPosition, FeedSeq, Verdict};

use super::*;
use crate::files::FileKey;
use crate::testing::{DEPLOYMENT, DEVICE, append, edit, encrypted, id, notice, plain, publish};

const NOW: Timestamp = Timestamp(1_000_000);

fn verdict(seq: u64, op: u8, decision: Decision, effects: &[(u64, u64)]) -> Verdict {
    let reason = (decision != Decision::Accepted).then_some(3);
    let effects = effects.iter().map(|(feed, seq)| FeedSeq { feed: *feed, seq: *seq }).collect();
    Verdict { seq, op: OpId(id(op)), decision, reason, effects }
}

fn at(feed: u64, seq: u64) -> FeedPosition {
    FeedPosition { feed, generation: 1, seq }
}

/// Titles of the live overlays on notice `n`, oldest first.
fn overlays(own: &OwnStore, n: u8) -> Vec<String> {
    let sql = "SELECT title FROM overlay_notice WHERE id = ?1 AND live = 1 ORDER BY device_seq";
    let conn = own.conn().unwrap();
    let mut statement = conn.prepare(sql).unwrap();
    statement.query_map([id(n).0], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

fn branch_notice(n: u8, title: &str) -> dangjian_domain::schema::Row {
    notice(n, 0, 1, NoticeScope::Branch, title)
}

#[test]
fn operations_are_chained_as_they_are_written_and_sent_in_order() {
    let (_dir, files) = encrypted();
    let mut own = OwnStore::open(&files).unwrap().store;
    assert_eq!(own.chain_tip().unwrap(), (1, Link::FIRST));
    let mut link = Link::FIRST;
    for n in 1..=5 {
        let op = publish(n, u64::from(n));
        append(&mut own, &op, &[branch_notice(n, "x")]);
        link = link.next(DEPLOYMENT.into(), DEVICE.into(), u64::from(n), &op.encode());
        assert_eq!(own.chain_tip().unwrap(), (u64::from(n) + 1, link));
    }
    let refused = own.append(&publish(9, 9), DEPLOYMENT.into(), DEVICE.into(), &[]);
    assert!(matches!(refused, Err(StoreError::Sequence { expected: 6, got: 9 })));
    let again = own.append(&publish(2, 6), DEPLOYMENT.into(), DEVICE.into(), &[branch_notice(7, "x")]);
    assert!(again.is_err(), "the same operation twice");
    assert!(overlays(&own, 7).is_empty());

    let two = own.outgoing(2, 2, usize::MAX).unwrap();
    assert_eq!((two.first_seq, two.to_seq, two.ops.len()), (2, 3, 2));
    assert_eq!(two.ops[0], publish(2, 2).encode());
    let whole = own.outgoing(1, 500, usize::MAX).unwrap();
    assert_eq!((whole.to_seq, whole.link), (5, link));
    let least = own.outgoing(4, 500, 1).unwrap();
    assert_eq!(least.ops.len(), 1);
    let none = own.outgoing(6, 500, usize::MAX).unwrap();
    assert_eq!((none.ops.len(), none.to_seq, none.link), (0, 5, link));
    assert!(own.outgoing(0, 1, 1).is_err());
    assert!(matches!(own.outgoing(9, 1, 1), Err(StoreError::Missing(_))));
    assert_eq!(own.queued_count().unwrap(), 5);
}

#[test]
fn a_refused_operations_overlay_falls_away_and_a_later_one_stays() {
    let (_dir, files) = plain();
    let mut own = OwnStore::open(&files).unwrap().store;
    append(&mut own, &publish(1, 1), &[branch_notice(1, "first")]);
    append(&mut own, &edit(2, 2, 1), &[branch_notice(1, "second")]);
    append(&mut own, &edit(3, 3, 1), &[branch_notice(1, "third")]);
    assert_eq!(own.pending_on(Notice::TABLE, id(1)).unwrap(), Some(OpId(id(3))));

    let changes = own.settle(&[verdict(2, 2, Decision::Refused, &[])], 3, None, NOW).unwrap();
    assert!(changes.outbox && changes.touches(Notice::TABLE, id(1)));
    assert_eq!(overlays(&own, 1), ["first", "third"]);
    own.settle(&[verdict(3, 3, Decision::Refused, &[])], 4, None, NOW).unwrap();
    assert_eq!(overlays(&own, 1), ["first"]);
    assert_eq!(own.pending_on(Notice::TABLE, id(1)).unwrap(), Some(OpId(id(1))));

    let outbox = own.outbox(10, 0).unwrap();
    let states: Vec<_> = outbox.iter().map(|entry| (entry.op.seq, entry.state, entry.settled_at)).collect();
    assert_eq!(
        states,
        [(3, OpState::Refused(3), Some(NOW)), (2, OpState::Refused(3), Some(NOW)), (1, OpState::Queued, None)]
    );
    assert!(own.acknowledge(OpId(id(3))).unwrap().outbox);
    assert!(!own.acknowledge(OpId(id(3))).unwrap().outbox);
    assert!(matches!(own.acknowledge(OpId(id(8))), Err(StoreError::Missing(_))));
    assert_eq!(own.outbox(10, 0).unwrap().len(), 2);
    assert_eq!(own.outbox(1, 1).unwrap()[0].op.seq, 1);
    assert!(own.operation(OpId(id(3))).unwrap().unwrap().seen);
}

#[test]
fn a_held_operation_stays_shown_and_may_be_decided_later() {
    let (_dir, files) = plain();
    let mut own = OwnStore::open(&files).unwrap().store;
    append(&mut own, &publish(1, 1), &[branch_notice(1, "held")]);
    own.settle(&[verdict(1, 1, Decision::Held, &[])], 2, None, NOW).unwrap();
    assert_eq!(overlays(&own, 1), ["held"]);
    assert_eq!(own.queued_count().unwrap(), 0);
    assert_eq!(own.outbox(9, 0).unwrap()[0].state, OpState::Held(3));
    assert!(own.settle(&[verdict(1, 1, Decision::Held, &[])], 2, None, NOW).unwrap().is_empty());
    own.settle(&[verdict(1, 1, Decision::Accepted, &[(4, 9)])], 2, None, NOW).unwrap();
    assert_eq!(overlays(&own, 1), ["held"]);
    own.drop_passed(&[at(4, 9)]).unwrap();
    assert!(overlays(&own, 1).is_empty());
}

#[test]
fn an_accepted_operations_overlay_goes_when_the_mirror_has_passed_every_effect() {
    let (_dir, files) = plain();
    let mut own = OwnStore::open(&files).unwrap().store;
    append(&mut own, &publish(1, 1), &[branch_notice(1, "a")]);
    append(&mut own, &publish(2, 2), &[branch_notice(2, "b")]);
    let verdicts = [verdict(1, 1, Decision::Accepted, &[(4, 9), (6, 2)]), verdict(2, 2, Decision::Accepted, &[])];
    own.settle(&verdicts, 3, Some((2, b"receipt")), NOW).unwrap();
    assert!(overlays(&own, 2).is_empty(), "it changed nothing this phone holds");

    for known in [vec![], vec![at(4, 8), at(6, 5)], vec![at(4, 9), at(6, 1)]] {
        assert!(own.drop_passed(&known).unwrap().is_empty());
        assert_eq!(overlays(&own, 1), ["a"]);
    }
    // The feed 6 was lost meanwhile.
    let changes = own.drop_passed(&[at(4, 9)]).unwrap();
    assert!(changes.touches(Notice::TABLE, id(1)));
    assert!(overlays(&own, 1).is_empty());
    assert!(own.drop_passed(&[at(4, 9)]).unwrap().is_empty());
    assert_eq!(own.pending_on(Notice::TABLE, id(1)).unwrap(), None);
}

#[test]
fn a_verdict_about_another_operation_changes_nothing() {
    let (_dir, files) = plain();
    let mut own = OwnStore::open(&files).unwrap().store;
    append(&mut own, &publish(1, 1), &[branch_notice(1, "a")]);
    for wrong in [verdict(1, 2, Decision::Refused, &[]), verdict(7, 1, Decision::Refused, &[])] {
        let right = verdict(1, 1, Decision::Refused, &[]);
        assert!(matches!(own.settle(&[right, wrong], 2, None, NOW), Err(StoreError::Verdict { .. })));
        assert_eq!((own.queued_count().unwrap(), overlays(&own, 1).len()), (1, 1));
    }
    own.settle(&[verdict(1, 0, Decision::Refused, &[])], 2, None, NOW).unwrap();
    assert_eq!(own.queued_count().unwrap(), 0, "an unreadable operation has no id in its verdict");
}

#[test]
fn after_a_restore_of_the_server_the_tail_is_queued_again_unchanged_and_shown() {
    let (_dir, files) = plain();
    let mut own = OwnStore::open(&files).unwrap().store;
    for n in 1..=4 {
        append(&mut own, &publish(n, u64::from(n)), &[branch_notice(n, "x")]);
    }
    let before = own.outgoing(1, 9, usize::MAX).unwrap();
    let verdicts = [
        verdict(1, 1, Decision::Accepted, &[(4, 1)]),
        verdict(2, 2, Decision::Accepted, &[(4, 2)]),
        verdict(3, 3, Decision::Refused, &[]),
        verdict(4, 4, Decision::Held, &[]),
    ];
    own.settle(&verdicts, 5, Some((4, b"r")), NOW).unwrap();
    own.drop_passed(&[at(4, 5)]).unwrap();
    assert_eq!(own.first_unsettled().unwrap(), None);

    let changes = own.rewind(2).unwrap();
    assert!(changes.touches(Notice::TABLE, id(2)));
    assert_eq!(own.first_unsettled().unwrap(), Some(2));
    assert_eq!(own.outgoing(1, 9, usize::MAX).unwrap(), before);
    assert_eq!([1, 2, 3, 4].map(|n| overlays(&own, n).len()), [0, 1, 0, 1]);
    assert_eq!(own.meta(meta::ACKED).unwrap(), Some(2u64.to_be_bytes().to_vec()));
}

#[test]
fn settled_operations_are_forgotten_after_ninety_days_but_not_unseen_refusals_or_the_end_of_the_chain() {
    let (_dir, files) = plain();
    let mut own = OwnStore::open(&files).unwrap().store;
    for n in 1..=4 {
        append(&mut own, &publish(n, u64::from(n)), &[branch_notice(n, "x")]);
    }
    let tip = own.chain_tip().unwrap();
    let verdicts = [
        verdict(1, 1, Decision::Accepted, &[]),
        verdict(2, 2, Decision::Refused, &[]),
        verdict(3, 3, Decision::Accepted, &[]),
        verdict(4, 4, Decision::Accepted, &[]),
    ];
    own.settle(&verdicts, 5, Some((4, b"r")), NOW).unwrap();
    assert!(own.prune(NOW.plus_ms(limits::ARCHIVE_MS)).unwrap().is_empty());
    let later = NOW.plus_ms(limits::ARCHIVE_MS + 1);
    own.prune(later).unwrap();
    assert!(own.operation(OpId(id(1))).unwrap().is_none());
    assert!(own.operation(OpId(id(2))).unwrap().is_some(), "nobody has seen the refusal");
    own.acknowledge(OpId(id(2))).unwrap();
    own.prune(later).unwrap();
    assert!(own.operation(OpId(id(2))).unwrap().is_none());
    assert_eq!(own.chain_tip().unwrap(), tip);
    assert!(matches!(own.outgoing(2, 9, 9), Err(StoreError::Missing(_))));
    append(&mut own, &publish(5, 5), &[]);
}

#[test]
fn an_overlay_can_be_replaced_while_its_operation_is_unsettled() {
    let (_dir, files) = plain();
    let mut own = OwnStore::open(&files).unwrap().store;
    append(&mut own, &publish(1, 1), &[branch_notice(1, "a"), branch_notice(2, "b")]);
    let changes = own.set_overlay(OpId(id(1)), &[branch_notice(1, "c")]).unwrap();
    assert!(changes.touches(Notice::TABLE, id(2)));
    assert_eq!((overlays(&own, 1), overlays(&own, 2).len()), (vec!["c".to_owned()], 0));
    own.settle(&[verdict(1, 1, Decision::Accepted, &[])], 2, None, NOW).unwrap();
    assert!(matches!(own.set_overlay(OpId(id(1)), &[]), Err(StoreError::Missing(_))));
}

#[test]
fn drafts_and_meta_survive_and_can_be_removed() {
    let (_dir, files) = encrypted();
    let mut own = OwnStore::open(&files).unwrap().store;
    own.save_draft("notice", b"first", NOW).unwrap();
    own.save_draft("notice", b"second", NOW.plus_ms(1)).unwrap();
    own.set_meta(&[("a", Some(b"1")), ("b", Some(b"2"))]).unwrap();
    own.prepare_suspend().unwrap();
    assert_eq!(own.draft("notice").unwrap(), Some((b"second".to_vec(), NOW.plus_ms(1))), "it opens again by itself");
    drop(own);
    let mut own = OwnStore::open(&files).unwrap().store;
    own.set_meta(&[("a", None)]).unwrap();
    assert_eq!((own.meta("a").unwrap(), own.meta("b").unwrap()), (None, Some(b"2".to_vec())));
    own.delete_draft("notice").unwrap();
    assert_eq!(own.draft("notice").unwrap(), None);
}

#[test]
fn a_suspended_store_holds_no_lock() {
    let (_dir, files) = plain();
    let mut own = OwnStore::open(&files).unwrap().store;
    append(&mut own, &publish(1, 1), &[]);
    own.prepare_suspend().unwrap();
    let other = Connection::open(files.own()).unwrap();
    other.execute_batch("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; DELETE FROM draft; COMMIT").unwrap();
    drop(other);
    assert_eq!(own.queued_count().unwrap(), 1);
}

#[test]
fn a_file_that_cannot_be_decrypted_is_an_error_and_is_moved_aside_only_when_asked() {
    let (_dir, files) = encrypted();
    let mut own = OwnStore::open(&files).unwrap().store;
    append(&mut own, &publish(1, 1), &[]);
    drop(own);
    let other = Files { key: FileKey::Raw([8; 32]), ..files.clone() };
    assert!(matches!(OwnStore::open(&other), Err(StoreError::WrongKey)));
    let none = Files { key: FileKey::Plain, ..files.clone() };
    assert!(matches!(OwnStore::open(&none), Err(StoreError::Corrupt(_))));
    assert_eq!(OwnStore::open(&files).unwrap().store.queued_count().unwrap(), 1, "nothing was harmed");

    let opened = OwnStore::open_or_quarantine(&other).unwrap();
    assert_eq!(opened.store.queued_count().unwrap(), 0);
    let aside = opened.quarantined.unwrap();
    drop(opened.store);
    for path in with_companions(&files.own()) {
        let _ = std::fs::remove_file(path);
    }
    std::fs::rename(aside, files.own()).unwrap();
    let opened = OwnStore::open_or_quarantine(&files).unwrap();
    assert_eq!((opened.quarantined, opened.store.queued_count().unwrap()), (None, 1));
}

#[test]
fn damage_of_every_kind_is_a_typed_error_or_an_older_state() {
    for key in [FileKey::Plain, FileKey::Raw([7; 32])] {
        let (_dir, files) = plain();
        let files = Files { key, ..files };
        let mut own = OwnStore::open(&files).unwrap().store;
        for n in 1..60 {
            append(&mut own, &publish(n, u64::from(n)), &[branch_notice(n, "x")]);
        }
        // Keep the log: a process that is killed does not checkpoint.
        let wal = with_companions(&files.own()).remove(1);
        let (main, log) = (std::fs::read(files.own()).unwrap(), std::fs::read(&wal).unwrap());
        assert!(log.len() > 10_000);
        own.prepare_suspend().unwrap();
        let whole = std::fs::read(files.own()).unwrap();
        drop(own);
        let put = |main: Option<&[u8]>, log: Option<&[u8]>| {
            for path in with_companions(&files.own()) {
                let _ = std::fs::remove_file(path);
            }
            main.inspect(|bytes| std::fs::write(files.own(), bytes).unwrap());
            log.inspect(|bytes| std::fs::write(&wal, bytes).unwrap());
            OwnStore::open(&files).and_then(|opened| opened.store.queued_count())
        };
        assert_eq!(put(Some(&main), Some(&log)).unwrap(), 59);
        assert!(put(Some(&main), Some(&log[..log.len() / 2])).unwrap() < 59, "a cut-off log is an older state");
        assert!(matches!(put(None, Some(&log)), Err(StoreError::Missing(_))), "a log without its file");
        for cut in [0, 1, 99, 512, 4_095, 4_096, whole.len() / 2, whole.len() - 4_096] {
            let found = put(Some(&whole[..cut]), None);
            assert!(
                matches!(found, Err(StoreError::Corrupt(_) | StoreError::WrongKey)),
                "cut at {cut} of {}: {found:?}",
                whole.len()
            );
            let opened = OwnStore::open_or_quarantine(&files).unwrap();
            assert!(opened.quarantined.is_some_and(|path| path.exists()));
        }
        assert!(put(Some(&[0xa5; 20_000]), None).is_err());
    }
}

#[test]
fn a_folder_that_cannot_be_written_is_a_typed_error() {
    let (dir, _) = plain();
    std::fs::write(dir.path().join("file"), b"").unwrap();
    for folder in ["/proc", "/nowhere/at/all", dir.path().join("file").to_str().unwrap()] {
        let files = Files { dir: folder.into(), key: FileKey::Plain };
        assert!(matches!(OwnStore::open(&files), Err(StoreError::Unavailable(_) | StoreError::Io(_))), "{folder}");
    }
}

#[test]
fn a_full_disk_is_said_so_and_undoes_the_operation() {
    let (_dir, files) = plain();
    let mut own = OwnStore::open(&files).unwrap().store;
    let pages: i64 = own.conn().unwrap().query_row("PRAGMA page_count", [], |row| row.get(0)).unwrap();
    let mut at = 0;
    for room in 0..12 {
        own.conn().unwrap().pragma_update(None, "max_page_count", pages + room).unwrap();
        loop {
            let seq = own.chain_tip().unwrap().0;
            let op = publish(u8::try_from(seq).unwrap(), seq);
            match own.append(&op, DEPLOYMENT.into(), DEVICE.into(), &[branch_notice(1, "x")]) {
                Ok(_) => at = seq,
                Err(StoreError::Full) => break,
                Err(other) => panic!("{other}"),
            }
        }
        assert_eq!((own.queued_count().unwrap(), own.outgoing(1, 500, usize::MAX).unwrap().to_seq), (at, at));
    }
    assert!(at > 5);
}

#[test]
fn a_file_of_a_newer_app_is_refused_and_left_alone() {
    let (_dir, files) = plain();
    drop(OwnStore::open(&files).unwrap());
    let conn = Connection::open(files.own()).unwrap();
    conn.pragma_update(None, "user_version", 99).unwrap();
    drop(conn);
    assert!(matches!(OwnStore::open_or_quarantine(&files), Err(StoreError::Newer { found: 99, known: 2 })));
}

#[test]
fn overlays_of_an_older_app_get_the_columns_it_did_not_know() {
    let (_dir, files) = plain();
    let (_fresh_dir, fresh) = plain();
    let mut own = OwnStore::open(&files).unwrap().store;
    append(&mut own, &publish(1, 1), &[branch_notice(1, "kept")]);
    drop(own);
    drop(OwnStore::open(&fresh).unwrap());
    let conn = Connection::open(files.own()).unwrap();
    conn.execute_batch(
        "ALTER TABLE overlay_notice DROP COLUMN withdrawn_reason; ALTER TABLE overlay_notice DROP COLUMN state;
         DROP TABLE overlay_ledger_entry; UPDATE meta SET v = x'00' WHERE k = 'overlays'",
    )
    .unwrap();
    drop(conn);

    let own = OwnStore::open(&files).unwrap().store;
    assert_eq!(overlays(&own, 1), ["kept"]);
    drop(own);
    let schema = |files: &Files| {
        let conn = Connection::open(files.own()).unwrap();
        let sql = "SELECT t.name, i.name, i.type, i.\"notnull\", i.dflt_value, i.pk FROM sqlite_schema AS t,
                   pragma_table_info(t.name) AS i WHERE t.type = 'table' ORDER BY 1, 2";
        let mut statement = conn.prepare(sql).unwrap();
        let columns = statement
            .query_map([], |row| Ok((0..6).map(|at| format!("{:?}", row.get_ref(at).unwrap())).collect::<Vec<_>>()));
        columns.unwrap().map(Result::unwrap).collect::<Vec<_>>()
    };
    assert_eq!(schema(&files), schema(&fresh));
    assert!(schema(&fresh).len() > TABLES.len() * 4);
}

#[test]
fn a_migration_killed_before_its_end_never_happened() {
    let (_dir, files) = plain();
    // What a killed first opening leaves behind.
    let unfinished = files.own().with_extension("db.new");
    std::fs::write(&unfinished, b"").unwrap();
    assert_eq!(OwnStore::open(&files).unwrap().store.queued_count().unwrap(), 0);
    assert!(!unfinished.exists());
    let conn = Connection::open(files.own()).unwrap();
    conn.execute_batch("PRAGMA user_version = 0; DROP TABLE draft; BEGIN; CREATE TABLE half (k)").unwrap();
    drop(conn);
    assert!(OwnStore::open(&files).is_err(), "tables of a migration without its version");
}

#[test]
fn erasing_leaves_nothing() {
    let (dir, files) = encrypted();
    drop(OwnStore::open(&files).unwrap());
    std::fs::write(files.mirror("3"), b"x").unwrap();
    std::fs::write(files.spool("4"), b"x").unwrap();
    std::fs::write(dir.path().join("photo"), b"x").unwrap();
    files.erase().unwrap();
    let left: Vec<_> = std::fs::read_dir(dir.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["photo"]);
    assert_eq!(format!("{:?}", files.key), "Raw(…)");
}
