use dangjian_domain::grant::Tree as _;
use dangjian_domain::id::{MemberId, OpId, OrgId};
use dangjian_domain::points::rules::RuleSet;
use dangjian_domain::rows::{
    MemberFile, Notice, NoticeScope, OrgKind, Organization, Role, RoleGrant, RuleSetRow, Synced as _, TABLES,
};
use dangjian_domain::rule::{Facts as _, StudyFacts as _};
use dangjian_domain::schema::FeedKind;
use dangjian_domain::time::{CivilDay, Timestamp};
use dangjian_protocol::message::{Decision, FeedSeq, Verdict};
use dangjian_protocol::page::{FeedNo, Gone};

use super::*;
use crate::mirror::{Mirror, MirrorTask};
use crate::own::OwnStore;
use crate::testing::{
    adopt, append, deliver, delivery, edit, encrypted, grant, guest, id, mirror_with, notice, page, plain, publish,
};

const FEEDS: [(FeedNo, FeedKind, u8); 2] = [(3, FeedKind::Branch, 1), (6, FeedKind::Down, 1)];

fn titles(reader: &mut Reader) -> Vec<String> {
    let rows = reader.read(|snapshot| snapshot.all::<Notice>("1 ORDER BY published_at", [])).unwrap();
    rows.into_iter().map(|notice| notice.title).collect()
}

fn branch_notice(n: u8, version: u64, title: &str) -> Row {
    notice(n, version, 1, NoticeScope::Branch, title)
}

#[test]
fn without_a_mirror_the_overlays_are_seen() {
    let (_dir, files) = encrypted();
    assert!(matches!(Reader::open(&files), Err(StoreError::Missing(_))));
    let mut own = OwnStore::open(&files).unwrap().store;
    let mut reader = Reader::open(&files).unwrap();
    assert!(titles(&mut reader).is_empty());
    append(&mut own, &publish(1, 1), &[branch_notice(1, 0, "mine")]);
    assert_eq!(titles(&mut reader), ["mine"]);
    own.set_meta(&[(own::meta::MIRROR, Some(b"7"))]).unwrap();
    assert_eq!(titles(&mut reader), ["mine"], "a mirror that is named and not there");
    std::fs::write(files.mirror("7"), [1; 5_000]).unwrap();
    reader.suspend();
    assert_eq!(titles(&mut reader), ["mine"], "a damaged one");
    reader
        .read(|snapshot| {
            assert!(!snapshot.has_mirror());
            for table in TABLES {
                assert!(snapshot.rows(table, "1 ORDER BY id LIMIT 9", []).is_ok());
            }
            Ok(())
        })
        .unwrap();
}

#[test]
fn the_rules_in_force_are_the_latest_begun_and_of_several_the_greatest_version() {
    let (_dir, files) = plain();
    let mut own = OwnStore::open(&files).unwrap().store;
    let set = |version: &str, from: &str| {
        let text =
            RuleSet::DEFAULT_TEXT.replacen("\"2026.1\"", &format!("\"{version}\""), 1).replacen("2026-01-01", from, 1);
        RuleSetRow::of(id(1).into(), &text).unwrap()
    };
    let sets = [
        set("2026.2", "2026-07-01"),
        set("2026.1", "2026-01-01"),
        set("2026.4", "2027-01-01"),
        set("2026.3", "2026-07-01"),
    ];
    append(&mut own, &publish(1, 1), &sets.each_ref().map(|set| set.to_row()));
    let mut reader = Reader::open(&files).unwrap();
    let mut on =
        |day: CivilDay| reader.read(|snapshot| Ok(snapshot.rules_on(day)?.map(|set| set.version.clone()))).unwrap();
    let first = |at: usize| sets[at].effective_from;
    assert_eq!(on(first(1).plus_days(-1)), None);
    assert_eq!(on(first(1)).as_deref(), Some("2026.1"));
    assert_eq!(on(first(0).plus_days(-1)).as_deref(), Some("2026.1"));
    assert_eq!(on(first(0)).as_deref(), Some("2026.3"));
    assert_eq!(on(CivilDay(i32::MAX)).as_deref(), Some("2026.4"));
}

#[test]
fn a_change_never_flickers_on_its_way_from_overlay_to_mirror() {
    for (_dir, files) in [plain(), encrypted()] {
        let mut own = OwnStore::open(&files).unwrap().store;
        let mut mirror = mirror_with(&files, &mut own, &FEEDS, &[branch_notice(1, 1, "old")]);
        let mut reader = Reader::open(&files).unwrap();
        assert_eq!(titles(&mut reader), ["old"]);
        append(&mut own, &edit(5, 1, 1), &[branch_notice(1, 1, "new")]);
        append(&mut own, &publish(2, 2), &[branch_notice(2, 0, "second")]);
        assert_eq!(titles(&mut reader), ["new", "second"]);

        let accepted = |seq, op, at| Verdict {
            seq,
            op: OpId(id(op)),
            decision: Decision::Accepted,
            reason: None,
            effects: vec![FeedSeq { feed: 3, seq: at }],
        };
        own.settle(&[accepted(1, 5, 11), accepted(2, 2, 12)], 3, None, Timestamp(1)).unwrap();
        assert_eq!(titles(&mut reader), ["new", "second"]);
        own.drop_passed(&mirror.cursor().feeds).unwrap();
        assert_eq!(titles(&mut reader), ["new", "second"]);
        for (seq, row) in [(11, branch_notice(1, 2, "new")), (12, branch_notice(2, 1, "second"))] {
            deliver(&mut mirror, delivery(None, Some(page(&[(3, seq)], vec![], &[row]))));
            assert_eq!(titles(&mut reader), ["new", "second"]);
            own.drop_passed(&mirror.cursor().feeds).unwrap();
            assert_eq!(titles(&mut reader), ["new", "second"]);
        }
        let found = reader.read(|snapshot| snapshot.find::<Notice>(id(1))).unwrap().unwrap();
        assert_eq!(found.version, 2, "it is the mirror's now");
        // A snapshot begun before everything changes stays as it was.
        reader
            .read(|snapshot| {
                append(&mut own, &edit(6, 3, 1), &[branch_notice(1, 2, "newest")]);
                assert_eq!(snapshot.find::<Notice>(id(1))?.unwrap().title, "new");
                Ok(())
            })
            .unwrap();
        assert_eq!(titles(&mut reader), ["newest", "second"]);
        // The server takes the notice away while an edit of it waits: the edit stays to be seen.
        let gone = Gone { feed: 3, table: Notice::TABLE.no, id: id(1), version: 5 };
        deliver(&mut mirror, delivery(None, Some(page(&[(3, 13)], vec![gone], &[]))));
        assert_eq!(titles(&mut reader), ["newest", "second"]);
    }
}

#[test]
fn what_operations_made_of_rows_that_are_out_of_sight_is_forgotten_once_they_are_settled() {
    let (_dir, files) = plain();
    let mut own = OwnStore::open(&files).unwrap().store;
    let mut mirror = mirror_with(&files, &mut own, &FEEDS, &[branch_notice(1, 1, "old")]);
    let mut reader = Reader::open(&files).unwrap();
    let stands = |text: &str| {
        let bytes =
            [std::fs::read(files.own()).unwrap(), std::fs::read(files.dir.join("own.db-wal")).unwrap()].concat();
        bytes.windows(text.len()).any(|window| window == text.as_bytes())
    };
    append(&mut own, &edit(5, 1, 1), &[branch_notice(1, 1, "somebody's name")]);
    append(&mut own, &publish(2, 2), &[branch_notice(2, 0, "still waiting")]);
    let effects = vec![FeedSeq { feed: 3, seq: 11 }];
    let verdict = Verdict { seq: 1, op: OpId(id(5)), decision: Decision::Accepted, reason: None, effects };
    own.settle(&[verdict], 2, None, Timestamp(1)).unwrap();
    let forget = |own: &mut OwnStore, reader: &mut Reader| {
        let left = reader.read(|snapshot| snapshot.left_behind()).unwrap();
        own.forget(&left).unwrap();
        left.len()
    };
    assert_eq!(forget(&mut own, &mut reader), 0, "it is still shown");
    deliver(&mut mirror, delivery(None, Some(page(&[(3, 11)], vec![], &[branch_notice(1, 2, "somebody's name")]))));
    own.drop_passed(&mirror.cursor().feeds).unwrap();
    assert_eq!(forget(&mut own, &mut reader), 0, "the mirror has the row");
    let gone = Gone { feed: 3, table: Notice::TABLE.no, id: id(1), version: 3 };
    deliver(&mut mirror, delivery(None, Some(page(&[(3, 12)], vec![gone], &[]))));
    assert!(stands("somebody's name"));
    assert_eq!(forget(&mut own, &mut reader), 1);
    assert!(!stands("somebody's name") && stands("still waiting"));
    assert_eq!(titles(&mut reader), ["still waiting"]);
}

#[test]
fn readers_follow_a_switch_of_the_mirror() {
    let (_dir, files) = encrypted();
    let mut own = OwnStore::open(&files).unwrap().store;
    let mut mirror = mirror_with(&files, &mut own, &FEEDS, &[branch_notice(1, 1, "old")]);
    let mut reader = Reader::open(&files).unwrap();
    let new = crate::mirror::Delivery {
        history: 5,
        ..delivery(Some(grant(1, &FEEDS)), Some(page(&[(3, 1)], vec![], &[branch_notice(1, 9, "new")])))
    };
    let applied = deliver(&mut mirror, new);
    assert_eq!(titles(&mut reader), ["old"]);
    reader
        .read(|snapshot| {
            adopt(&mut mirror, &mut own, &applied);
            assert_eq!(snapshot.find::<Notice>(id(1))?.unwrap().title, "old", "deleted, but still open here");
            Ok(())
        })
        .unwrap();
    assert_eq!(titles(&mut reader), ["new"]);
    reader.suspend();
    mirror.run(MirrorTask::Suspend).unwrap();
    own.prepare_suspend().unwrap();
    assert_eq!(titles(&mut reader), ["new"]);
}

#[test]
fn a_mirror_of_an_older_app_is_read_until_the_new_one_is_there() {
    let (_dir, files) = plain();
    let mut own = OwnStore::open(&files).unwrap().store;
    drop(mirror_with(&files, &mut own, &FEEDS, &[branch_notice(1, 1, "old")]));
    let conn = files.connect(&files.mirror("1"), Use::Write).unwrap();
    conn.execute_batch(
        "ALTER TABLE notice DROP COLUMN withdrawn_reason; ALTER TABLE notice DROP COLUMN author_name; DROP TABLE pay;
         UPDATE state SET v = 1 WHERE k = 'fingerprint'",
    )
    .unwrap();
    drop(conn);
    let mirror = Mirror::open(&files, Some("1")).unwrap();
    assert_eq!(mirror.cursor().history, 0);
    let mut reader = Reader::open(&files).unwrap();
    let found = reader.read(|snapshot| snapshot.find::<Notice>(id(1))).unwrap().unwrap();
    assert_eq!((found.title.as_str(), found.author_name.as_str()), ("old", ""));
}

#[test]
fn a_page_of_a_screen_is_read_by_the_indexes_of_both_files() {
    let (_dir, files) = plain();
    let mut own = OwnStore::open(&files).unwrap().store;
    let _mirror = mirror_with(&files, &mut own, &FEEDS, &[branch_notice(1, 1, "x")]);
    let mut reader = Reader::open(&files).unwrap();
    let plan = |snapshot: &Snapshot<'_>, sql: &str| {
        let mut statement = snapshot.conn().prepare(&format!("EXPLAIN QUERY PLAN {sql}"))?;
        let lines = statement.query_map([], |row| row.get::<_, String>(3))?;
        Ok::<_, StoreError>(lines.collect::<Result<Vec<_>, _>>()?.join("\n"))
    };
    reader
        .read(|snapshot| {
            for sql in [
                "SELECT id, title, published_at FROM notice ORDER BY published_at DESC LIMIT 50",
                "SELECT id, number, name FROM member WHERE org = x'01' ORDER BY number LIMIT 50",
                "SELECT * FROM ledger_entry WHERE member = x'01' AND day > 20000",
                "SELECT * FROM organization WHERE parent = x'01'",
                "SELECT * FROM notice WHERE id = x'01'",
            ] {
                let plan = plan(snapshot, sql)?;
                assert!(!plan.contains("TEMP B-TREE") && !plan.contains("MATERIALIZE"), "{sql}\n{plan}");
                for line in plan.lines().filter(|line| line.contains("SCAN")) {
                    assert!(line.contains("USING"), "{sql}\n{plan}");
                }
            }
            Ok(())
        })
        .unwrap();
}

fn organization(n: u8, parent: Option<u8>) -> Row {
    Organization {
        id: id(n),
        version: 1,
        county: OrgId(id(1)),
        parent: parent.map(|parent| OrgId(id(parent))),
        kind: OrgKind::Branch,
        name: format!("支部{n}"),
        area_code: None,
        city: None,
    }
    .to_row()
}

#[test]
fn the_tree_is_read_up_and_down_and_a_cycle_in_it_ends() {
    let (_dir, files) = plain();
    let mut own = OwnStore::open(&files).unwrap().store;
    let mut rows: Vec<_> = [(1, None), (2, Some(1)), (3, Some(2)), (4, Some(1)), (9, Some(99)), (6, Some(6))]
        .map(|(n, parent)| organization(n, parent))
        .into();
    rows.extend([(20, 21), (21, 22), (22, 20)].map(|(n, parent)| organization(n, Some(parent))));
    rows.extend((100..199).map(|n| organization(n, Some(n + 1))));
    let _mirror = mirror_with(&files, &mut own, &FEEDS, &rows);
    // A reorganization that only this phone knows of yet.
    append(&mut own, &publish(1, 1), &[organization(4, Some(2))]);
    let org = |n: u8| OrgId(id(n));
    Reader::open(&files)
        .unwrap()
        .read(|snapshot| {
            assert_eq!(snapshot.ancestors(org(3))?, [org(3), org(2), org(1)]);
            assert_eq!(snapshot.ancestors(org(4))?, [org(4), org(2), org(1)]);
            assert_eq!(snapshot.ancestors(org(9))?, [org(9)], "its parent is not known here");
            assert_eq!(snapshot.ancestors(org(77))?, []);
            assert_eq!(snapshot.ancestors(org(6))?, [org(6)]);
            assert_eq!(snapshot.ancestors(org(20))?.len(), 3);
            assert_eq!(snapshot.ancestors(org(100))?.len(), 64);
            assert_eq!(snapshot.subtree(org(1))?, [org(1), org(2), org(3), org(4)]);
            assert_eq!(snapshot.subtree(org(77))?, []);
            assert_eq!(snapshot.subtree(org(20))?.len(), 3);
            assert_eq!(snapshot.subtree(org(198))?.len(), 65);
            Ok(())
        })
        .unwrap();
}

#[test]
fn the_rules_are_answered_from_both_files() {
    let (_dir, files) = plain();
    let mut own = OwnStore::open(&files).unwrap().store;
    let who = MemberId(id(50));
    let role =
        RoleGrant { id: id(1), version: 1, member: who, org: OrgId(id(1)), role: Role::Officer, since: CivilDay(1) };
    let newer_role = {
        let row = RoleGrant { id: id(2), ..role.clone() }.to_row();
        let mut values = row.values().to_vec();
        values[4] = dangjian_domain::schema::Value::Int(99);
        Row::new(RoleGrant::TABLE, values).unwrap()
    };
    let file = MemberFile {
        id: id(60),
        version: 1,
        member: who,
        org: OrgId(id(1)),
        gender: dangjian_domain::rows::Gender::Female,
        born: CivilDay(1),
        joined: CivilDay(2),
        education: "大学".into(),
        occupation: "教师".into(),
        phone: "1".into(),
    };
    let rows = [role.to_row(), newer_role, file.to_row(), guest(3, 1, 1, 50), branch_notice(9, 4, "x")];
    let feeds = [FEEDS[0], FEEDS[1], (7, FeedKind::Own, 50)];
    let _mirror = mirror_with(&files, &mut own, &feeds, &rows);
    append(&mut own, &edit(5, 1, 9), &[branch_notice(9, 4, "y")]);
    let mut reader = Reader::open(&files).unwrap();
    reader
        .read(|snapshot| {
            assert_eq!(snapshot.roles(who)?, [(OrgId(id(1)), Role::Officer)]);
            assert_eq!(snapshot.participations(who)?, [OrgId(id(1))]);
            assert_eq!(snapshot.member_file(who)?, Some(file.to_row()));
            assert_eq!(snapshot.member_file(MemberId(id(51)))?, None);
            assert_eq!(snapshot.points_of(who)?, None);
            assert_eq!(snapshot.version_written_by(OpId(id(5)), Notice::TABLE, id(9))?, Some(4));
            assert_eq!(snapshot.version_written_by(OpId(id(6)), Notice::TABLE, id(9))?, None);
            assert_eq!(snapshot.outbox(9, 0)?.len(), 1);
            Ok(())
        })
        .unwrap();
    let refused = Verdict { seq: 1, op: OpId(id(5)), decision: Decision::Refused, reason: Some(3), effects: vec![] };
    own.settle(&[refused], 2, None, Timestamp(1)).unwrap();
    reader
        .read(|snapshot| {
            assert_eq!(snapshot.version_written_by(OpId(id(5)), Notice::TABLE, id(9))?, None);
            assert_eq!(
                dangjian_domain::rule::Facts::row(snapshot, Notice::TABLE, id(9))?,
                Some(branch_notice(9, 4, "x"))
            );
            Ok(())
        })
        .unwrap();
}

#[test]
fn a_cell_of_another_type_is_damage_and_no_panic() {
    let (_dir, files) = plain();
    let mut own = OwnStore::open(&files).unwrap().store;
    drop(mirror_with(&files, &mut own, &FEEDS, &[branch_notice(1, 1, "x")]));
    for broken in ["published_at = 'noon'", "org = x'0102'", "title = CAST(x'ff' AS TEXT)", "scope = 1.5", "author = 3"]
    {
        let conn = files.connect(&files.mirror("1"), Use::Write).unwrap();
        conn.execute(&format!("UPDATE notice SET {broken}"), []).unwrap();
        let mut reader = Reader::open(&files).unwrap();
        let found = reader.read(|snapshot| snapshot.row(Notice::TABLE, id(1)));
        assert!(matches!(found, Err(StoreError::Corrupt(_))), "{broken}: {found:?}");
        assert!(reader.read(|snapshot| snapshot.row(Notice::TABLE, id(2))).unwrap().is_none(), "it goes on");
        conn.execute(
            "UPDATE notice SET published_at = 1, org = zeroblob(16), title = 'x', scope = 1, author = zeroblob(16)",
            [],
        )
        .unwrap();
    }
}

#[test]
fn an_error_or_a_condition_that_is_no_sql_ends_the_transaction() {
    let (_dir, files) = plain();
    let own = OwnStore::open(&files).unwrap().store;
    let mut reader = Reader::open(&files).unwrap();
    assert!(reader.read(|snapshot| snapshot.rows(Notice::TABLE, "no such column = 1", [])).is_err());
    assert!(reader.read(|snapshot| Ok(snapshot.conn().execute("DELETE FROM main.op", [])?)).is_err(), "read-only");
    assert!(reader.read(|snapshot| snapshot.rows(Notice::TABLE, "1", [])).unwrap().is_empty());
    drop(own);
}
