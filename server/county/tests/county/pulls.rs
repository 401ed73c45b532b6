//! Rows going out: whatever a cursor claims, the grant decides.

use dangjian_county::{County, Sqlite};
use dangjian_domain::op::{Action, MoveMember};
use dangjian_domain::rows::{Member, NoticeScope, Participation, PointsTotal, RoleGrant, Synced, TABLES};
use dangjian_domain::rule::Refusal;
use dangjian_protocol::error::ErrorCode;
use dangjian_protocol::http::Encoding;
use dangjian_protocol::message::*;

use crate::fixture::*;
use crate::notices::{publish, refused};
use crate::phone::{Mirror, Phone};
use crate::world::{World, code};

fn fresh(world: &mut World, phone: &mut Phone) -> Mirror {
    phone.mirror = Mirror::default();
    phone.pull(world);
    phone.mirror.clone()
}

#[test]
fn json_and_columns_carry_the_same_rows() {
    let mut world = World::new();
    let mut phone = world.phone(ZHENG);
    phone.pull(&mut world);
    let columnar = phone.mirror.clone();
    phone.encoding = Encoding::Json;
    let json = fresh(&mut world, &mut phone);
    assert_eq!(json.rows, columnar.rows);
    assert_eq!((json.at, json.feeds), (columnar.at, columnar.feeds));
}

#[test]
fn small_pages_bring_the_same_as_one_large_page() {
    let mut world = World::new();
    let mut phone = world.phone(ZHENG);
    phone.pull(&mut world);
    let whole = phone.mirror.clone();
    for max_rows in [1, 2, 3, 7] {
        phone.max_rows = max_rows;
        let pieces = fresh(&mut world, &mut phone);
        assert_eq!((pieces.rows, pieces.at), (whole.rows.clone(), whole.at.clone()));
    }
}

#[test]
fn a_member_gets_their_own_affairs_first() {
    let mut world = World::new();
    let mut phone = world.phone(ZHENG);
    phone.max_rows = 4;
    let reply = phone.sync_as(&mut world, &phone.request(None)).unwrap();
    phone.mirror.apply(&reply);
    assert!(reply.more);
    assert!(
        phone
            .mirror
            .rows
            .values()
            .all(|row| { dangjian_domain::feed::feeds_of(row).contains(&dangjian_domain::feed::Feed::own(ZHENG)) })
    );
}

#[test]
fn nothing_new_is_no_page() {
    let mut world = World::new();
    let mut phone = world.phone(ZHENG);
    phone.pull(&mut world);
    let reply = phone.sync_as(&mut world, &phone.request(None)).unwrap();
    assert_eq!((reply.page, reply.more, reply.grant), (None, false, None));
    phone.mirror = Mirror::default();
    phone.max_rows = 0;
    let reply = phone.sync_as(&mut world, &phone.request(None)).unwrap();
    assert_eq!((reply.page, reply.more), (None, true));
}

#[test]
fn a_moved_member_loses_the_old_branch_and_gains_the_new_one() {
    let mut world = World::new();
    let (mut li, mut wang, mut chen) = (world.phone(LI), world.phone(WANG), world.phone(CHEN));
    let mut qian = world.phone(QIAN);
    for phone in [&mut li, &mut wang, &mut chen, &mut qian] {
        phone.pull(&mut world);
    }
    let old_cursor = li.mirror.cursor();
    let grant = li.mirror.cursor.1;
    let to_b = |member, from| Action::MoveMember(MoveMember { member, from, to: B });
    assert_eq!(refused(&wang.act(&mut world, &to_b(LI, A))), Some(Refusal::NotAllowed));
    assert_eq!(refused(&qian.act(&mut world, &to_b(WANG, A))), Some(Refusal::HoldsOffice));
    assert_eq!(refused(&qian.act(&mut world, &to_b(LI, D))), Some(Refusal::Stale));
    let verdict = qian.act(&mut world, &to_b(LI, A));
    assert_eq!(refused(&verdict), None);
    assert_eq!(world.last.as_ref().unwrap().regranted, [LI]);

    for phone in [&mut li, &mut wang, &mut chen, &mut qian] {
        phone.pull(&mut world);
    }
    assert_eq!(li.mirror.cursor.1, grant + 1);
    assert!(!li.has(Member::TABLE.no, ZHAO.0) && li.has(Member::TABLE.no, SUN.0) && li.has(Member::TABLE.no, LI.0));
    assert!(!wang.has(Member::TABLE.no, LI.0), "a gone entry took the row away");
    assert!(chen.has(Member::TABLE.no, LI.0));
    let carried = chen.mirror.rows.values().filter_map(|row| PointsTotal::from_row(row).ok()).find(|row| row.carried);
    assert_eq!(carried.map(|row| (row.member, row.points)), Some((LI, 40)));

    // The cursor of before asks for what is no longer theirs.
    let request = SyncRequest { cursor: old_cursor, ..li.request(None) };
    let reply = li.sync_as(&mut world, &request).unwrap();
    let held: Vec<_> = reply.grant.unwrap().feeds.iter().map(|feed| feed.feed).collect();
    let page = reply.page.unwrap().open().unwrap();
    assert!(page.advance.iter().all(|advance| held.contains(&advance.feed)));
    wang.act(&mut world, &publish(A, NoticeScope::Branch, "旧支部的事"));
    li.pull(&mut world);
    assert!(li.mirror.rows.values().all(|row| row.table().no != 8));
}

#[test]
fn a_role_taken_away_between_two_pages_ends_what_it_gave() {
    let mut world = World::new();
    let mut zheng = world.phone(ZHENG);
    zheng.max_rows = 12;
    let reply = zheng.sync_as(&mut world, &zheng.request(None)).unwrap();
    assert!(reply.more);
    zheng.mirror.apply(&reply);
    let changed = world.change(&[], &[(RoleGrant::TABLE, role_id(ZHENG, COUNTY))]);
    assert_eq!(changed.regranted, [ZHENG]);
    zheng.pull(&mut world);
    assert!(!zheng.has(Member::TABLE.no, LI.0));
    assert!(zheng.has(Member::TABLE.no, WU.0));
    assert!(!zheng.has(RoleGrant::TABLE.no, role_id(ZHENG, COUNTY)));
    world.change(&[role(ZHENG, COUNTY, dangjian_domain::rows::Role::Officer)], &[]);
    zheng.pull(&mut world);
    let again = &zheng.mirror.rows[&(RoleGrant::TABLE.no, role_id(ZHENG, COUNTY))];
    assert_eq!(again.version(), 3, "a row that comes back goes on counting");
    assert!(zheng.has(Member::TABLE.no, LI.0));
}

#[test]
fn a_row_that_left_both_the_feed_lost_and_the_feed_gained_does_not_stay_behind() {
    use dangjian_domain::rows::{Notice, NoticeState};
    let mut world = World::new();
    let mut zheng = world.phone(ZHENG);
    let mut notice = Notice {
        id: dangjian_domain::id::RowId([0x77; 16]),
        version: 0,
        org: TOWNSHIP_1,
        scope: NoticeScope::Subtree,
        title: "题".into(),
        body: "文".into(),
        author: QIAN,
        author_name: "名".into(),
        published_at: START,
        edited_at: None,
        state: NoticeState::Published,
        withdrawn_reason: None,
    };
    world.change(&[notice.to_row()], &[]);
    zheng.pull(&mut world);
    assert!(zheng.has(Notice::TABLE.no, notice.id), "through duty of the township");
    notice.org = MIGRANTS;
    let removed = [(RoleGrant::TABLE, role_id(ZHENG, COUNTY))];
    world.change(&[notice.to_row(), participation(ZHENG, A)], &removed);
    zheng.pull(&mut world);
    assert!(!zheng.has(Notice::TABLE.no, notice.id), "down of the township is held now, and says that it left");
}

#[test]
fn forged_cursors_gain_nothing() {
    let mut world = World::new();
    let (mut li, mut zheng) = (world.phone(LI), world.phone(ZHENG));
    li.pull(&mut world);
    zheng.pull(&mut world);
    let own = li.mirror.clone();
    let ask = |world: &mut World, li: &Phone, cursor| li.sync_as(world, &SyncRequest { cursor, ..li.request(None) });
    // Feeds of others, in any claimed grant: ignored.
    for grant in [own.cursor.1, zheng.mirror.cursor.1, 77] {
        let mut cursor = zheng.mirror.cursor();
        cursor.grant = grant;
        cursor.feeds.iter_mut().for_each(|at| at.seq = 0);
        let reply = ask(&mut world, &li, cursor).unwrap();
        let page = reply.page.unwrap().open().unwrap();
        assert!(page.advance.iter().all(|advance| own.feeds.contains_key(&advance.feed)));
        for block in &page.blocks {
            for at in 0..block.len() {
                let row = block.row(at).unwrap();
                assert!(own.rows.contains_key(&(row.table().no, row.id())));
            }
        }
    }
    // Positions that can't be: from the beginning, under the present generation, and nothing is said to have gone.
    for (generation, seq) in [(1, u64::MAX), (1, 1 << 63), (1, 1_000), (2, 1), (0, 0), (u32::MAX, 5)] {
        let mut cursor = own.cursor();
        for at in &mut cursor.feeds {
            (at.generation, at.seq) = (generation, seq);
        }
        let reply = ask(&mut world, &li, cursor).unwrap();
        let page = reply.page.unwrap().open().unwrap();
        let rows: usize = page.blocks.iter().map(dangjian_protocol::page::Block::len).sum();
        if generation == 1 {
            // What the phone takes for true is not: it is told so first.
            assert_eq!((rows, page.gone.len(), reply.more), (0, 0, true));
            assert!(page.advance.iter().all(|advance| (advance.generation, advance.seq) == (0, 0)));
        } else {
            assert_eq!((rows, page.gone.len(), reply.more), (own.rows.len(), 0, false));
            assert!(page.advance.iter().all(|advance| advance.generation == 1 && advance.at_head));
        }
    }
    // Positions out of order, twice, too many.
    let mut reversed = own.cursor();
    reversed.feeds.reverse();
    assert_eq!(code(ask(&mut world, &li, reversed)), ErrorCode::BadRequest);
    let mut twice = own.cursor();
    twice.feeds.insert(0, twice.feeds[0].clone());
    assert_eq!(code(ask(&mut world, &li, twice)), ErrorCode::BadRequest);
    let mut many = own.cursor();
    many.feeds = (0..10_001).map(|feed| FeedPosition { feed, generation: 1, seq: 0 }).collect();
    assert_eq!(code(ask(&mut world, &li, many)), ErrorCode::TooLarge);
}

#[test]
fn a_cursor_below_the_floor_starts_over() {
    let mut world = World::new();
    let mut li = world.phone(LI);
    li.pull(&mut world);
    let whole = li.mirror.rows.len();
    world.connection.execute_batch("UPDATE feed SET floor = seq WHERE seq > 1").unwrap();
    li.mirror.at.values_mut().filter(|at| at.1 > 1).for_each(|at| at.1 -= 1);
    li.mirror.rows.clear();
    li.pull(&mut world);
    assert_eq!(li.mirror.rows.len(), whole);
}

#[test]
fn tombstones_are_swept_after_ninety_days_and_who_was_away_longer_begins_anew() {
    let mut world = World::new();
    let (mut away, mut here) = (world.phone(LI), world.phone(ZHENG));
    away.pull(&mut world);
    here.pull(&mut world);
    let id = dangjian_domain::id::RowId::derived("participation", &[ZHAO.0, G.0]);
    world.change(&[], &[(Participation::TABLE, id)]);
    here.pull(&mut world);
    let done = |world: &mut World| County::job_done("boards", world.now, &mut Sqlite(&world.connection)).map(|_| ());
    let gone = |world: &World| world.count("SELECT count(*) FROM entry WHERE gone = 1");
    let before = gone(&world);
    assert!(before > 0);
    world.pass_ms(89 * 86_400_000);
    done(&mut world).unwrap();
    assert_eq!(gone(&world), before, "kept for ninety days");
    world.pass_ms(2 * 86_400_000);
    done(&mut world).unwrap();
    assert_eq!((gone(&world), world.count("SELECT count(*) FROM feed WHERE floor > 0") > 0), (0, true));
    away.open_session(&mut world).unwrap();
    here.open_session(&mut world).unwrap();
    // Who was away all the time ends with what a new phone has; who was here need not begin anew.
    away.pull(&mut world);
    let rows = away.mirror.rows.clone();
    assert_eq!(rows, fresh(&mut world, &mut away).rows);
    let reply = here.sync_as(&mut world, &here.request(None)).unwrap();
    assert!(reply.page.is_none() && !reply.more, "nothing new");
}

#[test]
fn a_restored_server_starts_every_mirror_over() {
    let mut world = World::new();
    let mut li = world.phone(LI);
    li.pull(&mut world);
    let before = li.mirror.clone();
    let history = County::new_history(&mut Sqlite(&world.connection), world.now, &mut world.random).unwrap();
    assert_ne!(history, before.cursor.0);
    let reply = li.sync_as(&mut world, &li.request(None)).unwrap();
    assert_eq!(reply.history, history);
    assert!(reply.grant.is_some());
    li.pull(&mut world);
    assert_eq!(li.mirror.rows, before.rows);
    assert_eq!(li.mirror.cursor.0, history);
}

#[test]
fn a_guest_sees_the_guest_branch_until_the_participation_ends() {
    let mut world = World::new();
    let mut zhao = world.phone(ZHAO);
    zhao.pull(&mut world);
    let id = dangjian_domain::id::RowId::derived("participation", &[ZHAO.0, G.0]);
    let feeds = zhao.mirror.feeds.len();
    assert!(zhao.has(Participation::TABLE.no, id));
    assert_eq!(world.change(&[], &[(Participation::TABLE, id)]).regranted, [ZHAO]);
    zhao.pull(&mut world);
    assert!(!zhao.has(Participation::TABLE.no, id));
    assert_eq!(zhao.mirror.feeds.len(), feeds - 3, "branch and down of g, down of the migrants");
}

#[test]
fn a_new_branch_is_seen_at_once_by_the_officers_above() {
    let mut world = World::new();
    let (mut qian, mut li) = (world.phone(QIAN), world.phone(LI));
    qian.pull(&mut world);
    let new = org(30);
    let branch = organization(new, Some(TOWNSHIP_1), dangjian_domain::rows::OrgKind::Branch);
    let changed = world.change(&[vec![branch], person(member(30), new)].concat(), &[]);
    assert_eq!(changed.regranted, [QIAN]);
    qian.pull(&mut world);
    li.pull(&mut world);
    assert!(qian.has(Member::TABLE.no, member(30).0) && !li.has(Member::TABLE.no, member(30).0));
    assert!(li.has(1, new.0), "everyone knows the organizations");
}

#[test]
fn every_feed_counts_what_its_rows_say() {
    let mut world = World::new();
    let mut wang = world.phone(WANG);
    wang.act(&mut world, &publish(A, NoticeScope::Branch, "一"));
    world.change(&person(LI, B), &[(RoleGrant::TABLE, role_id(QIAN, TOWNSHIP_1))]);
    let mut recount = std::collections::BTreeMap::new();
    for table in TABLES {
        let sql = format!("SELECT * FROM {}", table.name);
        let mut statement = world.connection.prepare(&sql).unwrap();
        let mut rows = statement.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            use dangjian_domain::schema::{ColumnType, Row, Value};
            let values = table.columns.iter().enumerate().map(|(at, column)| {
                if matches!(row.get_ref(at).unwrap(), rusqlite::types::ValueRef::Null) {
                    return Value::Null;
                }
                match column.kind {
                    ColumnType::Id => Value::Id(dangjian_domain::id::RowId(row.get(at).unwrap())),
                    ColumnType::Int => Value::Int(row.get(at).unwrap()),
                    ColumnType::Text => Value::Text(row.get(at).unwrap()),
                }
            });
            let row = Row::new(table, values.collect()).unwrap();
            for feed in dangjian_domain::feed::feeds_of(&row) {
                let check: &mut (i64, u64) = recount.entry((feed.kind as i64, feed.subject.0)).or_default();
                check.0 += 1;
                check.1 =
                    check.1.wrapping_add(dangjian_protocol::checksum::row_hash(table.no, &row.id(), row.version()));
            }
        }
    }
    let mut statement = world.connection.prepare("SELECT kind, subject, rows, sum FROM feed WHERE rows > 0").unwrap();
    let stored = statement
        .query_map([], |row| {
            let sum: i64 = row.get(3)?;
            Ok(((row.get(0)?, row.get::<_, [u8; 16]>(1)?), (row.get(2)?, sum.cast_unsigned())))
        })
        .unwrap();
    let stored: std::collections::BTreeMap<(i64, [u8; 16]), (i64, u64)> = stored.map(Result::unwrap).collect();
    assert_eq!(stored, recount);
}

#[test]
fn hints_are_for_the_feeds_held() {
    use dangjian_protocol::http::{Method, Request};
    let mut world = World::new();
    let mut li = world.phone(LI);
    li.pull(&mut world);
    let mut request = Request {
        method: Method::Get,
        path: "/v1/hints".into(),
        content_type: Encoding::Cbor,
        accept: Encoding::Cbor,
        proof: Some(li.prove(Method::Get, "/v1/hints", b"", world.now)),
        body: vec![],
    };
    let mut db = Sqlite(&world.connection);
    let admitted = world.county.admit(world.now, &request, "", &mut db).unwrap();
    assert!(admitted.is_hints() && !admitted.writes());
    assert_eq!(admitted.caller().unwrap().member, LI);
    let feeds = world.county.hint_feeds(&admitted, &mut db).unwrap();
    assert_eq!(feeds, li.mirror.feeds.keys().copied().collect::<Vec<_>>());
    request.proof = None;
    assert_eq!(world.county.admit(world.now, &request, "", &mut db).unwrap_err().status, 401);
}

#[test]
fn a_phone_whose_position_is_below_the_floor_is_told_to_begin_that_feed_anew() {
    let mut world = World::new();
    let mut li = world.phone(LI);
    li.pull(&mut world);
    let feed = *li.mirror.at.iter().find(|at| at.1.1 > 0).unwrap().0;
    world
        .connection
        .execute("UPDATE feed SET seq = seq + 5, floor = seq + 3 WHERE feed_no = ?1", [feed as i64])
        .unwrap();
    let reply = li.sync_as(&mut world, &li.request(None)).unwrap();
    let page = reply.page.unwrap().open().unwrap();
    let told = page.advance.iter().find(|at| at.feed == feed).unwrap();
    assert_eq!((told.generation, told.seq, told.at_head), (0, 0, false));
    assert!(reply.more);
}
