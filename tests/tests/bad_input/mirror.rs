//! Group H at the phone: what it may not see any longer goes, whatever happens meanwhile; what is wrong is fetched again.

use dangjian_domain::id::{MemberId, OrgId, RowId};
use dangjian_domain::op::{Action, EditNotice};
use dangjian_domain::rows::{Member, Notice, NoticeScope, NoticeState, Participation, Synced};
use dangjian_domain::rule::Refusal;
use dangjian_domain::schema::Row;
use dangjian_domain::time::CivilDay;
use dangjian_engine::{Command, HostEvent, Input};
use dangjian_store::OpState;

use super::hand::{Hand, NOTICE, honest};
use super::office::{Office, START};

/// The phone of a member without a role, the member's branch, and another branch.
fn setting(dir: &tempfile::TempDir) -> (Hand, OrgId, OrgId) {
    let office = Office::new();
    let (_, branch) = office.secretary();
    let member = office.plain_member(branch);
    let other = |org: &&(OrgId, Option<OrgId>, dangjian_domain::rows::OrgKind)| {
        org.0 != branch && office.kind(org.0) == dangjian_domain::rows::OrgKind::Branch
    };
    let elsewhere = office.people.orgs.iter().find(other).unwrap().0;
    (Hand::new(office, member, dir.path()), branch, elsewhere)
}

fn notice_row(n: u8, org: OrgId, title: &str) -> Row {
    Notice {
        id: RowId([n; 16]),
        version: 0,
        org,
        scope: NoticeScope::Branch,
        title: title.into(),
        body: "内容".into(),
        author: MemberId(RowId([9; 16])),
        author_name: "王书记".into(),
        published_at: START,
        edited_at: None,
        state: NoticeState::Published,
        withdrawn_reason: None,
    }
    .to_row()
}

fn moved(office: &Office, member: MemberId, org: OrgId) -> Row {
    let row = office.people.rows.iter().find(|row| row.id() == member.0).unwrap();
    Member { org, ..Member::from_row(row).unwrap() }.to_row()
}

#[test]
fn a_row_that_moves_out_of_reach_leaves_no_trace_in_any_file() {
    let dir = tempfile::tempdir().unwrap();
    let (mut hand, branch, elsewhere) = setting(&dir);
    let rows: Vec<Row> = (1..30).map(|n| notice_row(n, branch, "机密-SECRET-7731")).collect();
    hand.office.change(&rows, &[]).unwrap();
    hand.sync(&mut honest).unwrap();
    assert!(hand.found_on_disk("SECRET-7731"));
    let rows: Vec<Row> = (1..30).map(|n| notice_row(n, elsewhere, "机密-SECRET-7731")).collect();
    hand.office.change(&rows, &[]).unwrap();
    hand.sync(&mut honest).unwrap();
    assert!(hand.notices().is_empty());
    hand.queue.push_back(Input::Host(HostEvent::Suspend));
    hand.run(&mut honest);
    assert!(!hand.found_on_disk("SECRET-7731"), "gone from main file and log when the app has gone to sleep");
    hand.queue.push_back(Input::Host(HostEvent::Resume));
    hand.run(&mut honest);
    assert_eq!(hand.differences(), (0, 0));
}

#[test]
fn a_member_who_moves_loses_the_old_branch_to_the_last_byte() {
    let dir = tempfile::tempdir().unwrap();
    let (mut hand, branch, elsewhere) = setting(&dir);
    let (mine, theirs) = (notice_row(1, branch, "旧-OLD-5521"), notice_row(2, elsewhere, "新-NEW-5522"));
    hand.office.change(&[mine, theirs], &[]).unwrap();
    hand.sync(&mut honest).unwrap();
    assert!(hand.found_on_disk("OLD-5521") && !hand.found_on_disk("NEW-5522"));
    let row = moved(&hand.office, hand.phone.member, elsewhere);
    hand.office.change(&[row], &[]).unwrap();
    hand.sync(&mut honest).unwrap();
    assert!(hand.found_on_disk("NEW-5522") && !hand.found_on_disk("OLD-5521"), "without waiting for sleep");
    assert_eq!(hand.differences(), (0, 0));
}

#[test]
fn a_transfer_in_the_middle_of_the_first_sync_ends_in_the_new_branch_alone() {
    // Moved before each page in turn; pages have seven rows.
    for before_page in 1..5 {
        let dir = tempfile::tempdir().unwrap();
        let (mut hand, branch, elsewhere) = setting(&dir);
        let rows: Vec<Row> = (1..25).map(|n| notice_row(n, branch, "旧-OLD-5521")).collect();
        hand.office.change(&rows, &[]).unwrap();
        let row = moved(&hand.office, hand.phone.member, elsewhere);
        let mut exchanges = 0;
        hand.sync(&mut |office, request| {
            exchanges += 1;
            if exchanges == before_page {
                office.change(std::slice::from_ref(&row), &[]).unwrap();
            }
            honest(office, request)
        })
        .unwrap();
        assert!(exchanges >= before_page, "it was moved in the middle");
        assert_eq!(hand.differences(), (0, 0), "moved before page {before_page}");
        assert!(!hand.found_on_disk("OLD-5521"));
    }
}

#[test]
fn a_guest_whose_stay_ends_between_two_pages_keeps_nothing_of_it() {
    let dir = tempfile::tempdir().unwrap();
    let (mut hand, _, elsewhere) = setting(&dir);
    let member = hand.phone.member;
    let id = RowId([0x33; 16]);
    let guest = Participation { id, version: 0, org: elsewhere, member, name: "客".into(), since: CivilDay(20_000) };
    let mut rows: Vec<Row> = (1..25).map(|n| notice_row(n, elsewhere, "客-GUEST-9")).collect();
    rows.push(guest.to_row());
    hand.office.change(&rows, &[]).unwrap();
    let mut exchanges = 0;
    hand.sync(&mut |office, request| {
        exchanges += 1;
        if exchanges == 3 {
            office.change(&[], &[(Participation::TABLE, id)]).unwrap();
        }
        honest(office, request)
    })
    .unwrap();
    assert!(exchanges >= 3);
    assert_eq!(hand.differences(), (0, 0));
    assert!(!hand.found_on_disk("GUEST-9"));
}

#[test]
fn a_row_taken_away_under_an_unsent_edit_leaves_the_edit_to_its_author() {
    let dir = tempfile::tempdir().unwrap();
    let office = Office::new();
    let (secretary, branch) = office.secretary();
    let mut hand = Hand::new(office, secretary, dir.path());
    hand.office.change(&[notice_row(1, branch, "原文")], &[]).unwrap();
    hand.sync(&mut honest).unwrap();
    let (title, body) = ("改过".to_owned(), "新内容".to_owned());
    let edit = Action::EditNotice(EditNotice { notice: RowId([1; 16]).into(), base_version: 1, title, body });
    // The tombstone is on its way to the phone while its person edits: the edit is written before the page is applied.
    hand.office.change(&[], &[(NOTICE, RowId([1; 16]))]).unwrap();
    let sync = hand.enqueue(Command::Sync);
    let mut id = None;
    while let Some(input) = hand.queue.pop_front() {
        if matches!(input, Input::Net(..)) && id.is_none() {
            id = Some(hand.enqueue(Command::Act(edit.clone())));
            let command = hand.queue.pop_back().unwrap();
            hand.step(command, &mut honest);
            assert_eq!(hand.own().queued_count().unwrap(), 1);
        }
        hand.step(input, &mut honest);
        if hand.own().queued_count().unwrap() > 0 && hand.notices().len() == 1 {
            assert_eq!(hand.notices()[0].title, "改过", "its author sees it as long as it waits");
        }
    }
    hand.reply(sync).unwrap().unwrap();
    assert!(matches!(hand.reply(id.unwrap()).unwrap(), Ok(dangjian_engine::Done::Recorded(_))));
    let outbox = hand.own().outbox(9, 0).unwrap();
    assert_eq!(outbox.len(), 1, "the refusal stays until it was seen");
    assert_eq!(outbox[0].state, OpState::Refused(Refusal::NotFound.code()));
    assert_eq!(outbox[0].op.action().unwrap(), edit, "with the words that were written");
    assert!(hand.notices().is_empty());
    assert_eq!(hand.differences(), (0, 0));
}

#[test]
fn rows_changed_lost_or_planted_in_the_mirror_are_found_by_the_sums_and_fetched_again() {
    for tampering in [
        "DELETE FROM notice WHERE title = '二'",
        "UPDATE notice SET version = 4611686018427387904 WHERE title = '二'",
        "UPDATE notice SET version = 9, title = '伪造' WHERE title = '二'",
        "INSERT INTO notice SELECT x'99999999999999999999999999999999', version, org, scope, '伪造', body, author,
         author_name, published_at, edited_at, state, withdrawn_reason FROM notice WHERE title = '二'",
        "DELETE FROM member",
    ] {
        let dir = tempfile::tempdir().unwrap();
        let (mut hand, branch, _) = setting(&dir);
        hand.office.change(&[notice_row(1, branch, "一"), notice_row(2, branch, "二")], &[]).unwrap();
        hand.sync(&mut honest).unwrap();
        let name = String::from_utf8(hand.own().meta("mirror").unwrap().unwrap()).unwrap();
        let now = hand.now();
        hand.phone.crash(now.0, false, &mut dangjian_protocol::random::SplitMix(1));
        let conn = rusqlite::Connection::open(hand.phone.files.mirror(&name)).unwrap();
        assert!(conn.execute(tampering, []).unwrap() > 0);
        drop(conn);
        hand.restart();
        hand.asked.clear();
        hand.sync(&mut honest).unwrap();
        assert_eq!(hand.differences(), (0, 0), "{tampering}");
        assert!(hand.asked.len() <= 12, "repaired in a few exchanges: {}", hand.asked.len());
        assert!(hand.notices().iter().all(|notice| notice.title != "伪造"));
    }
}

#[test]
fn a_notice_from_the_far_future_is_shown_and_does_not_move_the_clock() {
    let dir = tempfile::tempdir().unwrap();
    let (mut hand, branch, _) = setting(&dir);
    let row = Notice::from_row(&notice_row(1, branch, "未来")).unwrap();
    for published_at in [i64::MAX, 4_070_908_800_000, -1, i64::MIN] {
        let published_at = dangjian_domain::time::Timestamp(published_at);
        hand.office.change(&[Notice { published_at, ..row.clone() }.to_row()], &[]).unwrap();
        hand.sync(&mut honest).unwrap();
        assert_eq!(hand.notices()[0].published_at, published_at);
        let now = hand.phone.now(hand.now().0);
        assert_eq!(hand.phone.on.as_ref().unwrap().engine.server_time(now), hand.now());
    }
    assert_eq!(hand.differences(), (0, 0));
}
