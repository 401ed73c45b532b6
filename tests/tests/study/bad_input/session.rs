//! Segments: clocks, gaps, overlaps, chains that say otherwise than before.

use dangjian_domain::id::RowId;
use dangjian_domain::op::{Action, CheckAnswer, RecordStudy, Span};
use dangjian_domain::points::rules::RuleSet;
use dangjian_domain::rows::{ItemKind, ReviewCase, ReviewKind};
use dangjian_domain::rule::Refusal;
use dangjian_domain::study::checks::{self, Checked};
use dangjian_domain::study::timer::{Event, Start, State, Timer};
use dangjian_domain::time::{BootId, CivilDay, Instant};
use dangjian_protocol::error::ErrorCode;
use dangjian_protocol::message::Decision;
use dangjian_protocol::op::Operation;
use dangjian_tests::study::{Phone, learner};

use super::desk::{
    CHECKED, accepted, consequences, credited, desk, entries, goes_on, hour, noon, on_day, progress, refused, segment,
    study, whole,
};
use crate::year::office::all;

#[test]
fn a_stretch_without_length_out_of_order_or_longer_than_a_segment_is_refused() {
    let (mut office, mut phone) = desk();
    let now = office.now;
    let from = now.plus_ms(-300_000);
    let record = whole(&phone, hour(0), from, 300);
    let with = |spans: &[(u32, u32)]| RecordStudy {
        spans: segment(&phone, hour(0), from, spans, &[]).spans,
        ..record.clone()
    };
    let beats = |beats: Vec<u32>| RecordStudy { beats, ..record.clone() };
    let answer = |at_ms| CheckAnswer { at_ms, check: 0, choice: 0 };
    let cases = [
        with(&[(60, 60)]),
        with(&[(60, 30)]),
        with(&[(0, 60), (30, 90)]),
        with(&[(60, 90), (0, 30)]),
        with(&[(0, 361)]),
        with(&[(0, 30 * 86_400)]),
        beats(vec![30_000, 0]),
        beats(vec![0; 65]),
        beats(vec![0, u32::MAX]),
        RecordStudy { inputs: vec![2, 1], ..record.clone() },
        RecordStudy { checks: vec![answer(2), answer(1)], ..record.clone() },
        RecordStudy { spans: (0..65).map(|n| Span { from_ms: n * 10, to_ms: n * 10 + 5 }).collect(), ..record.clone() },
        RecordStudy { from_ms: u64::MAX, ..record.clone() },
        RecordStudy { from_ms: 3_155_760_000_001, ..record.clone() },
    ];
    let unknown = RecordStudy { item: phone.device.0, ..record.clone() };
    let nothing = with(&[]);
    for case in cases {
        refused(&mut office, &mut phone, &study(case), Refusal::StudyMalformed);
    }
    refused(&mut office, &mut phone, &study(unknown), Refusal::NotFound);
    let quiz = RecordStudy { item: RowId([0xa0 + 50; 16]), ..record.clone() };
    refused(&mut office, &mut phone, &study(quiz), Refusal::NotFound);
    // Nothing observed is nothing, and no heartbeat no more than the start is worth.
    accepted(&mut office, &mut phone, &study(nothing));
    assert_eq!(credited(&office, learner(0)).0, 0);
    accepted(&mut office, &mut phone, &study(beats(vec![])));
    assert_eq!(credited(&office, learner(0)).0, 45);
    goes_on(&mut office);
}

#[test]
fn a_boot_clock_that_goes_back_or_ahead_wins_nothing() {
    let (mut office, mut phone) = desk();
    office.pass_ms(300_000);
    let start = office.now.plus_ms(-300_000);
    let record = whole(&phone, hour(0), start, 300);
    accepted(&mut office, &mut phone, &study(record));
    assert_eq!(credited(&office, learner(0)).0, 300);
    // The same five minutes and the two before, by a reading that goes back: what was credited is not credited again.
    let record = whole(&phone, hour(1), start.plus_ms(-120_000), 300);
    accepted(&mut office, &mut phone, &study(record));
    assert_eq!(credited(&office, learner(0)).0, 420);
    // The clock is shown ten minutes slow: the least difference ever seen stays.
    let zero = phone.zero;
    phone.zero = zero.plus_ms(600_000);
    let record = RecordStudy { from_ms: 3_600_000 + 86_400_000, ..whole(&phone, hour(2), start, 300) };
    accepted(&mut office, &mut phone, &study(record));
    assert_eq!(credited(&office, learner(0)).0, 420);
    // Ten minutes fast: it moves back in time what is handed in with it, into what is over.
    phone.zero = zero.plus_ms(-600_000);
    let record = whole(&phone, hour(2), office.now.plus_ms(-300_000), 300);
    accepted(&mut office, &mut phone, &study(record));
    assert!(credited(&office, learner(0)).0 <= 720);
    // The future has not been studied.
    phone.zero = zero;
    let sum = credited(&office, learner(0)).0;
    let record = whole(&phone, hour(3), office.now.plus_ms(1_000_000), 300);
    accepted(&mut office, &mut phone, &study(record));
    assert_eq!(credited(&office, learner(0)).0, sum);
    goes_on(&mut office);
}

#[test]
fn a_boot_nobody_saw_lies_before_the_present_one_and_counts_once() {
    let (mut office, mut phone) = desk();
    // Everything was handed in at noon.
    let record = whole(&phone, hour(0), noon().plus_ms(-60_000), 60);
    accepted(&mut office, &mut phone, &study(record));
    // In the middle of a session the phone is switched on anew, ten minutes later it hands in both halves.
    let old = phone.boot;
    let first = whole(&phone, hour(0), noon(), 300);
    phone.restart(noon().plus_ms(400_000));
    let second = whole(&phone, hour(0), noon().plus_ms(400_000), 200);
    office.now = noon().plus_ms(600_000);
    phone.push(&mut office, &[study(first), study(second)]);
    assert_eq!(credited(&office, learner(0)).0, 560);
    // Boots that never were, all of them before the present one and over each other: the time since is there once.
    let boots: Vec<Action> = (1..=20)
        .map(|n| study(RecordStudy { boot: BootId([n; 16]), ..whole(&phone, hour(n % 20), noon(), 300) }))
        .collect();
    let verdicts = phone.push(&mut office, &boots);
    assert!(verdicts.iter().all(|verdict| verdict.decision == Decision::Accepted));
    // Between noon and the restart a hundred seconds were left, and the seven minutes before noon but for their last.
    assert!(credited(&office, learner(0)).0 <= 560 + 100 + 360);
    assert_ne!(old, phone.boot);
    goes_on(&mut office);
}

#[test]
fn the_wall_clock_has_no_say() {
    let (mut office, mut phone) = desk();
    office.pass_ms(120_000);
    let day = office.now.civil_day(0);
    for (off_ms, expected) in [(-3_600_000, 60), (3_600_000 * 30, 60), (-3_600_000 * 20, 120)] {
        let record = whole(&phone, hour(0), office.now.plus_ms(if expected == 60 { -120_000 } else { -60_000 }), 60);
        let op = Operation {
            at: Instant::Anchored(office.now.plus_ms(off_ms)),
            ..phone.operation(phone.next_seq, office.now, &study(record))
        };
        let (push, link) = phone.signed(phone.next_seq, phone.link, &[op.encode()]);
        (phone.next_seq, phone.link) = (phone.next_seq + 1, link);
        let reply = phone.sync(&mut office, Some(push)).unwrap();
        // A day ahead is no time at which anything can have been done; a day behind changes nothing.
        let implausible = off_ms > 0;
        let why = implausible.then_some(Refusal::ImplausibleTime.code());
        assert_eq!(reply.verdicts[0].reason, why);
        assert_eq!((credited(&office, learner(0)).0, on_day(&office, learner(0), day)), (expected, expected));
    }
    goes_on(&mut office);
}

#[test]
fn what_crosses_midnight_belongs_to_both_days_to_the_millisecond() {
    let (mut office, mut phone) = desk();
    let day = CivilDay::from_ymd(2026, 11, 25).unwrap();
    // 23:59:59 is the day before, whatever zone the phone is set to: it never says.
    office.now = day.start().plus_ms(180_000);
    let record = whole(&phone, hour(0), day.start().plus_ms(-120_000), 300);
    accepted(&mut office, &mut phone, &study(record));
    assert_eq!(on_day(&office, learner(0), day.plus_days(-1)), 120);
    assert_eq!(on_day(&office, learner(0), day), 180);
    let entries = entries(&office, learner(0));
    assert_eq!(
        entries.iter().map(|entry| (entry.day, entry.points)).collect::<std::collections::BTreeSet<_>>(),
        [(day.plus_days(-1), 2), (day, 3)].into()
    );
    goes_on(&mut office);
}

#[test]
fn ten_minutes_in_doze_count_no_further_than_the_gap_after_a_heartbeat() {
    let (mut office, mut phone) = desk();
    office.pass_ms(900_000);
    let from = office.now.plus_ms(-900_000);
    // In one segment it is none; cut to the longest one, only the time near the two heartbeats counts.
    let long = segment(&phone, hour(0), from, &[(0, 660)], &[0, 30, 630, 660]);
    refused(&mut office, &mut phone, &study(long), Refusal::StudyMalformed);
    let gap = segment(&phone, hour(0), office.now.plus_ms(-400_000), &[(0, 300)], &[0, 290]);
    accepted(&mut office, &mut phone, &study(gap));
    assert_eq!(credited(&office, learner(0)).0, 45 + 10);
    // One heartbeat taken out of a chain of them.
    office.pass_ms(300_000);
    let from = office.now.plus_ms(-300_000);
    let beats: Vec<u32> = (0..=10).map(|n| n * 30).filter(|at| *at != 150).collect();
    let record = segment(&phone, hour(1), from, &[(0, 300)], &beats);
    accepted(&mut office, &mut phone, &study(record));
    assert_eq!(credited(&office, learner(0)).0, 55 + 285);
    goes_on(&mut office);
}

#[test]
fn a_moment_counts_once_on_however_many_devices_and_in_however_many_segments() {
    let (mut office, mut phone) = desk();
    let mut second = office.phone(learner(0));
    office.pass_ms(600_000);
    let from = office.now.plus_ms(-600_000);
    // The same minute on two devices.
    let here = whole(&phone, hour(0), from, 60);
    accepted(&mut office, &mut phone, &study(here));
    let there = whole(&second, hour(1), from, 60);
    accepted(&mut office, &mut second, &study(there));
    assert_eq!(credited(&office, learner(0)).0, 60);
    assert!(progress(&office, learner(0), hour(1)).is_none_or(|progress| progress.credited_ms == 0));
    // One within the other, and the other around the one.
    let from = office.now.plus_ms(-400_000);
    let inner = whole(&phone, hour(0), from.plus_ms(200_000), 50);
    let outer = whole(&phone, hour(0), from.plus_ms(50_000), 300);
    let within = whole(&second, hour(1), from.plus_ms(100_000), 100);
    accepted(&mut office, &mut phone, &study(inner));
    assert_eq!(credited(&office, learner(0)).0, 110);
    accepted(&mut office, &mut phone, &study(outer));
    assert_eq!(credited(&office, learner(0)).0, 360);
    accepted(&mut office, &mut second, &study(within));
    assert_eq!(credited(&office, learner(0)).0, 360);
    goes_on(&mut office);
}

#[test]
fn a_day_has_at_most_the_hours_it_has() {
    let (mut office, mut phone) = desk();
    let mut second = office.phone(learner(0));
    let day = CivilDay::from_ymd(2026, 11, 25).unwrap();
    office.now = day.start();
    let record = whole(&phone, hour(24), office.now.plus_ms(-60_000), 60);
    accepted(&mut office, &mut phone, &study(record));
    let mut records = vec![];
    for n in 0..24 {
        office.now = day.start().plus_ms(i64::from(n) * 3_600_000);
        let lease = Some(phone.lease(&mut office, hour(n)).unwrap());
        for part in 0..12 {
            let record = whole(&phone, hour(n), office.now.plus_ms(part * 300_000), 300);
            records.push(study(RecordStudy { lease: lease.clone(), ..record }));
        }
    }
    // And another minute in that day on another phone, and four more segments on the first.
    office.now = day.plus_days(1).start();
    phone.push(&mut office, &records);
    let more = whole(&second, hour(25), day.start().plus_ms(3_600_000), 60);
    accepted(&mut office, &mut second, &study(more));
    assert_eq!(on_day(&office, learner(0), day), 86_400);
    let again = whole(&phone, hour(25), day.start().plus_ms(7_200_000), 300);
    let verdicts =
        phone.push(&mut office, &[study(again.clone()), study(again.clone()), study(again.clone()), study(again)]);
    assert!(verdicts.iter().all(|verdict| verdict.decision == Decision::Accepted));
    assert_eq!(on_day(&office, learner(0), day), 86_400);
    // Somebody looks at a phone that claims more time than there was.
    let from = office.now.plus_ms(-300_000);
    office.pass_ms(1_000);
    let claims: Vec<Action> = (0..24).map(|n| study(whole(&phone, hour(n), from, 300))).collect();
    phone.push(&mut office, &claims);
    let cases: Vec<ReviewCase> = all(&office.conn, "member", learner(0).0);
    assert!(cases.iter().any(|case| case.kind == ReviewKind::ImpossibleSum));
    assert!(on_day(&office, learner(0), day) <= 86_400);
    goes_on(&mut office);
}

#[test]
fn an_item_played_sixteen_times_as_fast_gives_the_time_it_took() {
    let (mut office, mut phone) = desk();
    office.pass_ms(300_000);
    let from = office.now.plus_ms(-300_000);
    // An hour's article in 225 seconds; the segment has no word for speed.
    let record = whole(&phone, hour(0), from, 225);
    accepted(&mut office, &mut phone, &study(record));
    // Or as sixteen segments of the same 225 seconds.
    let copies: Vec<Action> = (0..16).map(|_| study(whole(&phone, hour(0), from, 225))).collect();
    phone.push(&mut office, &copies);
    let progress = progress(&office, learner(0), hour(0)).unwrap();
    assert_eq!((progress.credited_ms, progress.finished_on), (225_000, None));
    assert_eq!(entries(&office, learner(0)).iter().map(|entry| entry.points).sum::<i64>(), 3);
    goes_on(&mut office);
}

#[test]
fn a_thousand_sessions_of_a_second_are_a_thousand_seconds_if_they_were_and_one_if_not() {
    let (mut office, mut phone) = desk();
    office.pass_ms(2_000_000);
    let from = office.now.plus_ms(-2_000_000);
    for half in 0..2 {
        let sessions: Vec<Action> = (0..500)
            .map(|n| {
                let at = from.plus_ms((half * 500 + n) * 2_000);
                study(RecordStudy { session: phone.device.0, ..segment(&phone, hour(0), at, &[(0, 1)], &[0, 1]) })
            })
            .collect();
        phone.push(&mut office, &sessions);
    }
    assert_eq!(credited(&office, learner(0)).0, 1_000);
    // Six points a day for minutes, whatever they are made of.
    assert_eq!(entries(&office, learner(0)).iter().map(|entry| entry.points).sum::<i64>(), 6);
    let now = office.now.plus_ms(-1_000);
    let same: Vec<Action> = (0..500).map(|_| study(segment(&phone, hour(1), now, &[(0, 1)], &[0, 1]))).collect();
    phone.push(&mut office, &same);
    assert_eq!(credited(&office, learner(0)).0, 1_001);
    goes_on(&mut office);
}

/// What the app begins a session with.
fn opened_item(phone: &Phone, item: RowId, checks: u8, length_ms: i64) -> Start {
    let rules = RuleSet::parse(RuleSet::DEFAULT_TEXT).unwrap().study;
    Start {
        session: phone.device.0,
        item,
        kind: ItemKind::Article,
        length_ms,
        credited_before_ms: 0,
        checks,
        seed: checks::seed(phone.member, item),
        checked: Checked::default(),
        lease: None,
        boot: phone.boot,
        heartbeat_ms: rules.heartbeat_ms,
        segment_ms: rules.segment_ms,
        max_gap_ms: rules.max_gap_ms,
        check_times: rules.checks,
    }
}

#[test]
fn leaving_and_coming_back_while_a_check_waits_does_not_start_the_clock() {
    let (mut office, mut phone) = desk();
    let opened = phone.reading(office.now) as i64;
    let mut timer = Timer::start(opened_item(&phone, CHECKED, 3, 320_000), opened);
    let mut done = vec![];
    for event in [Event::Foreground(true), Event::Visible(true), Event::Screen(true)] {
        done.extend(timer.step(opened, event).done);
    }
    // Awake until the check is there and beyond; then the app is left and opened, again and again.
    for second in 1..=600 {
        let event = if second > 310 { Event::Foreground(second % 2 == 0) } else { Event::Tick };
        done.extend(timer.step(opened + second * 1_000, event).done);
    }
    assert!(matches!(timer.view(opened + 600_000).state, State::Check(_)));
    done.extend(timer.step(opened + 600_000, Event::Stop).done);
    office.pass_ms(600_000);
    let records: Vec<Action> = done.into_iter().map(study).collect();
    phone.push(&mut office, &records);
    let rules = RuleSet::parse(RuleSet::DEFAULT_TEXT).unwrap().study;
    let due = checks::due(checks::seed(learner(0), CHECKED), rules.checks, 3, 0).unwrap();
    assert_eq!(progress(&office, learner(0), CHECKED).unwrap().credited_ms, due.at_ms);
    goes_on(&mut office);
}

#[test]
fn a_session_left_open_for_thirty_days_counts_until_the_app_froze_or_the_next_check() {
    let (mut office, mut phone) = desk();
    let rules = RuleSet::parse(RuleSet::DEFAULT_TEXT).unwrap().study;
    for (item, checks, length_ms, ticks) in [(hour(0), 0, 3_600_000, false), (CHECKED, 3, 320_000, true)] {
        let start = opened_item(&phone, item, checks, length_ms);
        let opened = phone.reading(office.now) as i64;
        let mut timer = Timer::start(start, opened);
        for event in [Event::Foreground(true), Event::Visible(true), Event::Screen(true)] {
            timer.step(opened, event);
        }
        // Awake for a quarter of an hour, or not at all.
        let mut done: Vec<RecordStudy> = (1..=if ticks { 900 } else { 0 })
            .flat_map(|second| timer.step(opened + second * 1_000, Event::Tick).done)
            .collect();
        office.pass_ms(30 * 86_400_000);
        done.extend(timer.step(phone.reading(office.now) as i64, Event::Stop).done);
        let before = credited(&office, learner(0)).0;
        let records: Vec<Action> = done.into_iter().map(study).collect();
        phone.push(&mut office, &records);
        let due = checks::due(checks::seed(learner(0), item), rules.checks, checks, 0);
        let expected = due.map_or(45, |due| due.at_ms / 1_000);
        assert_eq!(credited(&office, learner(0)).0 - before, expected);
    }
    goes_on(&mut office);
}

#[test]
fn yesterdays_chain_again_is_answered_as_yesterday_and_changes_nothing() {
    let (mut office, mut phone) = desk();
    office.pass_ms(600_000);
    let from = office.now.plus_ms(-600_000);
    let actions = [study(whole(&phone, hour(0), from, 300)), study(whole(&phone, hour(0), from.plus_ms(300_000), 300))];
    let push = phone.next_push(office.now, &actions);
    let first = phone.sync(&mut office, Some(push.clone())).unwrap().verdicts;
    office.pass_ms(86_400_000);
    let before = consequences(&office);
    let again = phone.sync(&mut office, Some(push)).unwrap().verdicts;
    assert_eq!(first, again);
    assert!(consequences(&office) == before);
    // The same observations as new operations: too old for a phone that had handed in everything, and credited before.
    let day = entries(&office, learner(0));
    phone.push(&mut office, &actions);
    assert_eq!((credited(&office, learner(0)).0, entries(&office, learner(0))), (600, day));
    goes_on(&mut office);
}

#[test]
fn a_chain_with_two_swapped_one_missing_or_another_tail_changes_nothing_that_stands() {
    let (mut office, mut phone) = desk();
    office.pass_ms(900_000);
    let from = office.now.plus_ms(-900_000);
    let part = |phone: &Phone, n: i64| study(whole(phone, hour(0), from.plus_ms(n * 300_000), 200));
    let ops: Vec<Vec<u8>> = (0..3)
        .map(|n| {
            let action = part(&phone, n);
            phone.operation(1 + n as u64, office.now, &action).encode()
        })
        .collect();
    let (push, link) = phone.signed(1, phone.link, &ops);
    // Swapped or missing: another chain than the one that was signed.
    for order in [&[1, 0, 2][..], &[0, 2, 1], &[0, 2], &[1, 2]] {
        let mut other = push.clone();
        other.ops = order.iter().map(|at| push.ops[*at].clone()).collect();
        let before = consequences(&office);
        assert_eq!(phone.sync(&mut office, Some(other)).err(), Some(ErrorCode::BadSignature));
        assert!(consequences(&office) == before);
    }
    let reply = phone.sync(&mut office, Some(push)).unwrap();
    assert_eq!(reply.verdicts.len(), 3);
    assert_eq!(credited(&office, learner(0)).0, 600);
    // The last two again, longer and signed anew: a second history.
    let (studied, ledger) = (credited(&office, learner(0)), entries(&office, learner(0)));
    let before = phone.signed(1, dangjian_protocol::chain::Link::FIRST, &ops[..1]).1;
    let tail: Vec<Vec<u8>> = (1..3)
        .map(|n| {
            let action = study(whole(&phone, hour(0), from.plus_ms(n * 300_000), 300));
            phone.operation(1 + n as u64, office.now, &action).encode()
        })
        .collect();
    let (forged, _) = phone.signed(2, before, &tail);
    let reply = phone.sync(&mut office, Some(forged)).unwrap();
    assert!(reply.verdicts.is_empty() && reply.chain.forked);
    assert_eq!((reply.chain.next_seq, reply.chain.link), (4, link));
    assert_eq!((credited(&office, learner(0)), entries(&office, learner(0))), (studied, ledger));
    let cases: Vec<ReviewCase> = all(&office.conn, "member", learner(0).0);
    assert_eq!(cases.iter().map(|case| case.kind).collect::<Vec<_>>(), [ReviewKind::Fork]);
    goes_on(&mut office);
}

#[test]
fn a_check_without_its_answer_stops_the_clock_and_no_answer_given_before_it_helps() {
    let (mut office, mut phone) = desk();
    office.pass_ms(330_000);
    let rules = RuleSet::parse(RuleSet::DEFAULT_TEXT).unwrap().study;
    let due = checks::due(checks::seed(learner(0), CHECKED), rules.checks, 3, 0).unwrap();
    let record = whole(&phone, CHECKED, office.now.plus_ms(-300_000), 300);
    // Answered before it was asked, and another than was asked.
    let early = CheckAnswer { at_ms: due.at_ms as u32 - 1, check: due.check, choice: 0 };
    let wrong = CheckAnswer { at_ms: due.at_ms as u32 + 1, check: (due.check + 1) % 3, choice: 0 };
    accepted(&mut office, &mut phone, &study(RecordStudy { checks: vec![early, wrong], ..record }));
    let progress = progress(&office, learner(0), CHECKED).unwrap();
    assert_eq!((progress.credited_ms, progress.answered), (due.at_ms.min(300_000), 0));
    goes_on(&mut office);
}
