//! Group H at the server: cursors that lie, grants that change between pages, and trees that are none.

use std::collections::BTreeSet;

use dangjian_county::CountyError;
use dangjian_domain::id::{OrgId, RowId};
use dangjian_domain::rows::{OrgKind, Organization, RoleGrant, Synced};
use dangjian_domain::schema::Row;
use dangjian_protocol::error::ErrorCode;
use dangjian_protocol::message::{Cursor, FeedPosition, SyncReply, SyncRequest};
use dangjian_protocol::page::Block;

use super::office::{Office, refused};
use super::phone::Phone;

fn ask(cursor: Cursor, max_rows: u32) -> SyncRequest {
    SyncRequest { cursor, push: None, max_rows, check: false, clock: None }
}

#[test]
fn a_cursor_of_an_officer_in_the_hands_of_a_member_brings_nothing_that_is_not_the_members() {
    let mut office = Office::new();
    let (_, branch) = office.secretary();
    let (officer, member) = (office.officer(), office.plain_member(branch));
    let (above, below) = (Phone::new(&mut office, officer, 1), Phone::new(&mut office, member, 2));
    let nothing = Cursor { history: 0, grant: 0, feeds: vec![] };
    let wide = above.sync_as(&mut office, &ask(nothing.clone(), 20_000)).unwrap();
    let own = below.sync_as(&mut office, &ask(nothing, 20_000)).unwrap();
    let held: Vec<u64> = own.grant.as_ref().unwrap().feeds.iter().map(|feed| feed.feed).collect();
    let rows = |reply: &SyncReply| -> BTreeSet<(u16, RowId)> {
        let blocks = reply.page.as_ref().map(|page| page.open().unwrap().blocks).unwrap_or_default();
        let ids = |block: &Block| (0..block.len()).map(|at| block.row(at).unwrap().id()).collect::<Vec<_>>();
        blocks.iter().flat_map(|block| ids(block).into_iter().map(|id| (block.table().no, id))).collect()
    };
    let all = rows(&own);
    let numbers: Vec<u64> = wide.grant.as_ref().unwrap().feeds.iter().map(|feed| feed.feed).collect();
    assert!(numbers.iter().any(|feed| !held.contains(feed)));
    for (history, grant) in
        [(own.history, 0), (own.history, u64::MAX), (own.history, wide.grant.as_ref().unwrap().number)]
    {
        for (generation, seq) in [(1, 0), (1, u64::MAX), (1, 1 << 63), (u32::MAX, 3), (0, 1 << 40)] {
            let feeds = numbers.iter().map(|feed| FeedPosition { feed: *feed, generation, seq }).collect();
            let mut cursor = Cursor { history, grant, feeds };
            let (mut got, mut more, mut exchanges) = (BTreeSet::new(), true, 0);
            while more {
                let request = ask(cursor.clone(), 20_000);
                let reply = office.unchanged("a cursor", |office| below.sync_as(office, &request)).unwrap();
                let page = reply.page.as_ref().unwrap().open().unwrap();
                assert!(page.advance.iter().all(|advance| held.contains(&advance.feed)));
                got.extend(rows(&reply));
                more = reply.more;
                // A phone that is told to start over asks from there.
                for advance in &page.advance {
                    cursor.feeds.retain(|at| at.feed != advance.feed);
                    let (feed, generation, seq) = (advance.feed, advance.generation, advance.seq);
                    cursor.feeds.push(FeedPosition { feed, generation, seq });
                }
                cursor.feeds.sort_by_key(|at| at.feed);
                exchanges += 1;
                assert!(exchanges < 5, "it comes to an end");
            }
            assert_eq!(got, all, "its own rows, from the beginning");
        }
    }
    // Of another history nothing counts; feeds that nobody has are passed over; disorder is refused.
    let position = |feed, seq| FeedPosition { feed, generation: 1, seq };
    let elsewhere = Cursor { history: 77, grant: 1, feeds: held.iter().map(|feed| position(*feed, 1 << 40)).collect() };
    assert_eq!(rows(&below.sync_as(&mut office, &ask(elsewhere, 20_000)).unwrap()), all);
    for feeds in [vec![position(u64::MAX, 1)], vec![position(0, 0), position(1 << 63, u64::MAX)]] {
        let cursor = Cursor { history: own.history, grant: u64::MAX, feeds };
        assert_eq!(rows(&below.sync_as(&mut office, &ask(cursor, 20_000)).unwrap()), all);
    }
    let twice = vec![position(held[0], 1), position(held[0], 1)];
    let down = vec![position(held[1], 1), position(held[0], 1)];
    for feeds in [twice, down] {
        let cursor = Cursor { history: own.history, grant: 1, feeds };
        let code = office.unchanged("disorder", |office| refused(below.sync_as(office, &ask(cursor, 9))));
        assert_eq!(code, ErrorCode::BadRequest);
    }
}

#[test]
fn a_role_taken_away_between_pages_of_one_row_stops_the_flow_at_once() {
    let mut office = Office::new();
    let officer = office.officer();
    let phone = Phone::new(&mut office, officer, 1);
    let mut cursor = Cursor { history: 0, grant: 0, feeds: vec![] };
    let mut pages = 0;
    loop {
        let reply = phone.sync_as(&mut office, &ask(cursor.clone(), 1)).unwrap();
        cursor.history = reply.history;
        let granted = reply.grant.as_ref().map(|grant| {
            cursor.grant = grant.number;
            grant.feeds.iter().map(|feed| feed.feed).collect::<Vec<_>>()
        });
        let page = reply.page.as_ref().map(|page| page.open().unwrap()).unwrap_or_default();
        for advance in &page.advance {
            cursor.feeds.retain(|at| at.feed != advance.feed);
            cursor.feeds.push(FeedPosition { feed: advance.feed, generation: advance.generation, seq: advance.seq });
        }
        cursor.feeds.sort_by_key(|at| at.feed);
        pages += 1;
        if pages == 6 {
            assert!(reply.more);
            let mine = |row: &&Row| RoleGrant::from_row(row).is_ok_and(|role| role.member == officer);
            let roles: Vec<_> =
                office.people.rows.iter().filter(mine).map(|row| (RoleGrant::TABLE, row.id())).collect();
            let changed = office.change(&[], &roles).unwrap();
            assert_eq!(changed.regranted, [officer]);
        }
        if pages == 7 {
            let held = granted.expect("the new list comes with the very next reply");
            assert!(page.advance.iter().all(|advance| held.contains(&advance.feed)));
            cursor.feeds.retain(|at| held.contains(&at.feed));
        }
        if pages > 7 {
            assert!(page.advance.iter().all(|advance| cursor.feeds.iter().any(|at| at.feed == advance.feed)));
            if !reply.more {
                break;
            }
        }
        assert!(pages < 2_000, "it comes to an end");
    }
}

fn branch(n: u64, parent: OrgId, county: OrgId) -> Row {
    let mut id = [0x66; 16];
    id[8..].copy_from_slice(&n.to_be_bytes());
    Organization {
        id: RowId(id),
        version: 0,
        county,
        parent: Some(parent),
        kind: OrgKind::GeneralBranch,
        name: format!("支部 {n}"),
        area_code: None,
        city: None,
    }
    .to_row()
}

#[test]
fn an_organization_that_would_be_its_own_ancestor_an_orphan_or_too_deep_is_not_written() {
    let mut office = Office::new();
    let (officer, root) = (office.officer(), office.people.root);
    let phone = Phone::new(&mut office, officer, 1);
    let moved = |office: &Office, org: OrgId, parent: Option<OrgId>| {
        let row = office.people.rows.iter().find(|row| row.id() == org.0).unwrap();
        Organization { parent, ..Organization::from_row(row).unwrap() }.to_row()
    };
    let committee =
        office.people.orgs.iter().find(|org| org.1 == Some(root) && org.2 == OrgKind::PartyCommittee).unwrap().0;
    let below = office.people.orgs.iter().find(|org| org.1 == Some(committee)).unwrap().0;
    let nobody = OrgId(RowId([0x99; 16]));
    let chain = |length: u64| {
        let ids: Vec<Row> = (0..length).map(|n| branch(n, root, root)).collect();
        let parent = |n: u64| if n == 0 { root } else { OrgId(ids[n as usize - 1].id()) };
        (0..length).map(|n| branch(n, parent(n), root)).collect::<Vec<Row>>()
    };
    let cases = [
        ("its own parent", vec![moved(&office, committee, Some(committee))]),
        ("below its child", vec![moved(&office, committee, Some(below))]),
        ("the root below its grandchild", vec![moved(&office, root, Some(below))]),
        ("an orphan", vec![branch(1, nobody, root)]),
        (
            "two of each other",
            vec![
                branch(1, OrgId(branch(2, root, root).id()), root),
                branch(2, OrgId(branch(1, root, root).id()), root),
            ],
        ),
        ("moved below nobody", vec![moved(&office, committee, Some(nobody))]),
        ("64 deep", chain(64)),
    ];
    for (name, rows) in cases {
        let refused = office.unchanged(name, |office| office.change(&rows, &[]));
        assert!(matches!(refused, Err(CountyError::Tree)), "{name}: {refused:?}");
        assert!(phone.sync(&mut office, None).is_ok(), "the server serves on");
    }
    let gone = office.unchanged("a parent", |office| office.change(&[], &[(Organization::TABLE, committee.0)]));
    assert!(matches!(gone, Err(CountyError::Tree)), "an organization with others below it stays");
    assert!(office.change(&chain(20), &[]).is_ok(), "a deep but possible tree is taken");
}

#[test]
fn ten_thousand_children_of_one_organization_are_taken_and_reach_the_officer_above() {
    let mut office = Office::new();
    let (officer, root) = (office.officer(), office.people.root);
    let phone = Phone::new(&mut office, officer, 1);
    let rows: Vec<Row> = (0..10_000).map(|n| branch(n, root, root)).collect();
    let changed = office.change(&rows, &[]).unwrap();
    assert!(changed.regranted.contains(&officer));
    let nothing = Cursor { history: 0, grant: 0, feeds: vec![] };
    let reply = phone.sync_as(&mut office, &ask(nothing, 20_000)).unwrap();
    let page = reply.page.unwrap().open().unwrap();
    let orgs = page.blocks.iter().filter(|block| block.table() == Organization::TABLE).map(|block| block.len());
    assert!(orgs.sum::<usize>() > 10_000);
}
