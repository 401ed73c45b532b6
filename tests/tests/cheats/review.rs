//! A review case decides nothing: who sees it, what a person does about it, how the member objects.

use dangjian_domain::id::{MemberId, RowId};
use dangjian_domain::op::{Action, DecideAppeal, DecideReview, MakeAppeal, ReverseEntry};
use dangjian_domain::rows::{Appeal, CaseState, LedgerEntry, ReviewCase, ReviewKind, Synced};
use dangjian_domain::rule::Refusal;
use dangjian_domain::schema::Table;
use dangjian_protocol::message::{Cursor, Decision, FeedPosition, SyncRequest, Verdict};

use super::phone::{Phone, Visit};
use super::world::{DAY, FRIEND, ME, MINUTE, OFFICER, REVIEWER, SECRETARY, Service, World, answer, article, unchecked};

/// All rows of a table that the phone's member may see, by exchanges from the beginning.
fn seen<T: Synced>(world: &mut World, phone: &Phone) -> Vec<T> {
    let mut cursor = Cursor { history: 0, grant: 0, feeds: vec![] };
    let mut rows: std::collections::BTreeMap<RowId, T> = Default::default();
    loop {
        let question = SyncRequest { cursor: cursor.clone(), max_rows: 20_000, ..phone.question(world.now, None) };
        let request = phone.request(world.now, "/v1/sync", &question);
        let reply: dangjian_protocol::message::SyncReply = answer(&world.send(&request)).unwrap();
        cursor.history = reply.history;
        if let Some(grant) = &reply.grant {
            cursor.grant = grant.number;
            let begin = |feed| FeedPosition { feed, generation: 0, seq: 0 };
            cursor.feeds = grant.feeds.iter().map(|held| begin(held.feed)).collect();
        }
        if let Some(page) = &reply.page {
            let page = page.open().unwrap();
            let table: &'static Table = T::TABLE;
            for block in page.blocks.iter().filter(|block| block.table() == table) {
                for at in 0..block.len() {
                    let row = block.row(at).unwrap();
                    rows.insert(row.id(), T::from_row(&row).unwrap());
                }
            }
            for advance in page.advance {
                let at = cursor.feeds.iter_mut().find(|at| at.feed == advance.feed).unwrap();
                (at.generation, at.seq) = (advance.generation, advance.seq);
            }
        }
        if !reply.more && reply.grant.is_none() {
            return rows.into_values().collect();
        }
    }
}

fn no(verdict: &Verdict) -> Option<u16> {
    assert_eq!(verdict.decision, Decision::Refused);
    verdict.reason
}

fn yes(verdict: &Verdict) {
    assert_eq!((verdict.decision, verdict.reason), (Decision::Accepted, None));
}

fn phone_of(world: &mut World, member: MemberId) -> Phone {
    Phone::new(world, member, u64::from(member.0.0[2]) + 50)
}

fn reversal(entry: RowId, reason: &str) -> Action {
    Action::ReverseEntry(ReverseEntry { entry, reason: reason.to_owned() })
}

#[test]
fn a_review_case_is_seen_decides_nothing_and_what_a_person_takes_back_an_appeal_gives_back() {
    let mut world = World::new();
    let (mut mine, mut friend) = (phone_of(&mut world, ME), phone_of(&mut world, FRIEND));
    let (mut secretary, mut reviewer) = (phone_of(&mut world, SECRETARY), phone_of(&mut world, REVIEWER));
    let mut officer = phone_of(&mut world, OFFICER);

    // A tapping machine, and the same seconds without one: the case changes no figure.
    let touches: Vec<i64> = (1..100).map(|tap| tap * 5_000).collect();
    mine.visit(&mut world, &Visit { touches, ..Visit::read(unchecked(0), 10 * MINUTE) });
    friend.visit(&mut world, &Visit::read(unchecked(0), 10 * MINUTE));
    assert_eq!((world.points(ME), world.credited_ms(ME)), (world.points(FRIEND), world.credited_ms(FRIEND)));
    assert_eq!(world.points(ME), 6);

    // The member sees it and so do those above, with the same words; another member does not.
    let case = seen::<ReviewCase>(&mut world, &mine).pop().unwrap();
    assert_eq!((case.member, case.kind, case.state), (ME, ReviewKind::ExactInterval, CaseState::Open));
    assert!(case.evidence.contains("5.00 秒"), "{}", case.evidence);
    for above in [&secretary, &reviewer, &officer] {
        assert_eq!(seen::<ReviewCase>(&mut world, above), std::slice::from_ref(&case));
    }
    assert_eq!(seen::<ReviewCase>(&mut world, &friend), []);

    // Time decides nothing either; there is one case a day.
    world.pass(DAY);
    mine.visit(&mut world, &Visit::read(article(1), MINUTE));
    let (points, first) = (world.points(ME), case.id);
    assert_eq!(points, 7);
    let open: Vec<ReviewCase> = seen(&mut world, &mine);
    assert!(open.iter().all(|case| case.state == CaseState::Open));

    // Neither the member nor an equal decides it. Upheld with a reason, the points stand as they are.
    let upheld =
        |reason: &str| Action::DecideReview(DecideReview { case: first, upheld: true, reason: reason.to_owned() });
    for phone in [&mut mine, &mut friend] {
        assert_eq!(no(&phone.act(&mut world, &upheld("无"))), Some(Refusal::NotAllowed.code()));
    }
    assert_eq!(no(&secretary.act(&mut world, &upheld(""))), Some(Refusal::TextEmpty.code()));
    yes(&secretary.act(&mut world, &upheld("已当面核实，使用了自动点击程序")));
    assert_eq!(no(&reviewer.act(&mut world, &upheld("再次"))), Some(Refusal::AlreadyDecided.code()));
    assert_eq!(world.points(ME), points, "a decision about a case is not one about points");

    // A person takes one posting back, with a reason that the member reads.
    let posted = seen::<LedgerEntry>(&mut world, &mine).into_iter().max_by_key(|entry| entry.points).unwrap();
    assert_eq!(posted.points, 5, "a segment of five minutes");
    for phone in [&mut mine, &mut secretary] {
        assert_eq!(no(&phone.act(&mut world, &reversal(posted.id, "核实"))), Some(Refusal::NotAllowed.code()));
    }
    assert_eq!(no(&officer.act(&mut world, &reversal(posted.id, ""))), Some(Refusal::TextEmpty.code()));
    yes(&officer.act(&mut world, &reversal(posted.id, "自动点击")));
    assert_eq!(no(&reviewer.act(&mut world, &reversal(posted.id, "自动点击"))), Some(Refusal::AlreadyDecided.code()));
    assert_eq!(world.points(ME), points - 5);
    let taken = seen::<LedgerEntry>(&mut world, &mine).into_iter().find(|entry| entry.points == -5).unwrap();
    assert_eq!((taken.reverses, taken.reason.as_deref()), (Some(posted.id), Some("自动点击")));
    assert_eq!(no(&officer.act(&mut world, &reversal(taken.id, "再撤"))), Some(Refusal::NotReversible.code()));

    // The member objects to the case and to what was taken. Nobody decides their own appeal.
    let objection =
        |about| Action::MakeAppeal(MakeAppeal { about, text: "我用的是辅助功能，确实在读".to_owned() });
    assert_eq!(no(&friend.act(&mut world, &objection(taken.id))), Some(Refusal::NotFound.code()));
    yes(&mine.act(&mut world, &objection(first)));
    let verdict = mine.act(&mut world, &objection(taken.id));
    yes(&verdict);
    let appeal = verdict.op.0;
    assert_eq!(world.points(ME), points - 5, "an objection is not a decision");
    let of = |appeals: Vec<Appeal>| appeals.into_iter().find(|one| one.id == appeal).unwrap();
    assert_eq!(of(seen(&mut world, &reviewer)).text, "我用的是辅助功能，确实在读");
    let decide = |granted| {
        Action::DecideAppeal(DecideAppeal { appeal, granted, answer: "核查属实，予以恢复".to_owned() })
    };
    for phone in [&mut mine, &mut friend, &mut secretary] {
        assert_eq!(no(&phone.act(&mut world, &decide(true))), Some(Refusal::NotAllowed.code()));
    }
    yes(&reviewer.act(&mut world, &decide(true)));
    assert_eq!(no(&officer.act(&mut world, &decide(false))), Some(Refusal::AlreadyDecided.code()));
    assert_eq!(world.points(ME), points, "the points are given back, once");
    let answered = of(seen(&mut world, &mine));
    assert_eq!((answered.state, answered.answer.as_deref()), (CaseState::Upheld, Some("核查属实，予以恢复")));
}

#[test]
fn what_was_taken_back_can_not_be_earned_again_on_the_same_day() {
    let mut world = World::new();
    let mut mine = phone_of(&mut world, ME);
    let mut officer = phone_of(&mut world, OFFICER);
    mine.visit(&mut world, &Visit::read(unchecked(0), 10 * MINUTE));
    let posted = seen::<LedgerEntry>(&mut world, &mine);
    for entry in posted.iter().filter(|entry| entry.points > 0) {
        yes(&officer.act(&mut world, &reversal(entry.id, "核实")));
    }
    assert_eq!(world.points(ME), 0);
    mine.visit(&mut world, &Visit::read(unchecked(1), 20 * MINUTE));
    assert_eq!(world.points(ME), 0, "a reversal makes no room under the cap");
}
