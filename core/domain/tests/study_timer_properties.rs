//! The timer against an oracle that looks at every millisecond by itself, over random traces: sleeps, late ticks, clocks in
//! disorder, restarts, kills, checks and leases.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use dangjian_domain::id::{DeviceId, MemberId, RowId};
use dangjian_domain::op::{Action, RecordStudy};
use dangjian_domain::points::rules::{RuleSet, StudyRules};
use dangjian_domain::rows::ItemKind;
use dangjian_domain::study::checks::{CheckTimes, Checked, due};
use dangjian_domain::study::credit::{Before, Segment, credit, observed};
use dangjian_domain::study::lease::{Lease, TAG_BYTES};
use dangjian_domain::study::timer::{Event, MOST_MARKS, Start, State, Timer, recover};
use dangjian_domain::time::{BootId, Timestamp};
use proptest::prelude::*;

const AT: i64 = 5_000_000;
const TIMES: CheckTimes = CheckTimes { min_ms: 3_000, max_ms: 20_000 };
const HEARTBEAT_MS: i64 = 3_000;
const SEGMENT_MS: i64 = 25_000;
const GAP_MS: i64 = 5_000;

fn start(checks: u8, kind: ItemKind, checked: Checked) -> Start {
    Start {
        session: RowId([1; 16]),
        item: RowId([2; 16]),
        kind,
        length_ms: 60_000,
        credited_before_ms: 5_000,
        checks,
        seed: RowId([1; 16]),
        checked,
        lease: None,
        boot: BootId([3; 16]),
        heartbeat_ms: HEARTBEAT_MS,
        segment_ms: SEGMENT_MS,
        max_gap_ms: GAP_MS,
        check_times: TIMES,
    }
}

fn lease(id: u8) -> Lease {
    Lease {
        id: RowId([id; 16]),
        member: MemberId(RowId([4; 16])),
        device: DeviceId(RowId([5; 16])),
        item: RowId([2; 16]),
        issued_at: Timestamp(0),
        expires_at: Timestamp(i64::MAX),
    }
}

fn event() -> impl Strategy<Value = Event> {
    let flag = prop::bool::weighted(0.75);
    prop_oneof![
        2 => flag.prop_map(Event::Foreground),
        2 => flag.prop_map(Event::Visible),
        2 => flag.prop_map(Event::Screen),
        2 => flag.prop_map(Event::Playing),
        3 => Just(Event::Input),
        6 => (0u8..4).prop_map(|choice| Event::Answer { choice }),
        1 => (20u8..40).prop_map(|id| Event::Lease([vec![0; TAG_BYTES], lease(id).encode()].concat())),
        1 => Just(Event::DayEnds),
        5 => Just(Event::Tick),
        1 => Just(Event::Boot(BootId([3; 16]))),
    ]
}

/// Events with their readings; some arrive a little late, under a reading before the last.
fn trace() -> impl Strategy<Value = Vec<(i64, Event)>> {
    let gap = prop_oneof![2 => Just(0), 12 => 0i64..3_000, 4 => 0i64..9_000, 1 => 0i64..70_000];
    prop::collection::vec((gap, prop::option::weighted(0.1, 0i64..=1_000), event()), 1..70).prop_map(|steps| {
        let mut at = AT;
        let begin = [Event::Foreground(true), Event::Visible(true), Event::Screen(true), Event::Playing(true)];
        let mut events: Vec<_> = begin.into_iter().map(|event| (AT, event)).collect();
        for (gap, late, event) in steps {
            at += gap;
            events.push((at - late.unwrap_or(0), event));
        }
        events
    })
}

/// Which milliseconds after [`AT`] count, looked at one by one.
fn oracle(start: &Start, events: &[(i64, Event)], until: i64) -> Vec<bool> {
    let (mut foreground, mut visible, mut lit, mut playing) = (false, false, false, false);
    let (mut clock, mut answered) = (start.checked.observed_ms, start.checked.answered);
    let mut seen = AT;
    let mut left = events.iter().scan(AT, |latest, (at, event)| {
        *latest = (*latest).max(*at);
        Some((*latest, event))
    });
    let mut next = left.next();
    let mut marks = vec![];
    let due_at =
        |answered| due(start.seed, start.check_times, start.checks, answered).map_or(i64::MAX, |due| due.at_ms);
    let mut next_check = due_at(answered);
    let mut waiting = next_check <= clock;
    for t in AT..until {
        while let Some((_, event)) = next.filter(|(at, _)| *at == t) {
            seen = t;
            match event {
                Event::Foreground(is) => foreground = *is,
                Event::Visible(is) => visible = *is,
                Event::Screen(is) => lit = *is,
                Event::Playing(is) => playing = *is,
                Event::Answer { .. } if waiting => {
                    answered += 1;
                    next_check = due_at(answered);
                    waiting = next_check <= clock;
                }
                _ => {}
            }
            next = left.next();
        }
        let plays = playing || start.kind == ItemKind::Article;
        let counts = foreground && visible && lit && plays && !waiting && t < seen + GAP_MS;
        marks.push(counts);
        if counts {
            clock += 1;
            waiting = next_check <= clock;
        }
    }
    marks
}

fn marked(records: &[RecordStudy], until: i64) -> Vec<bool> {
    let mut marks = vec![false; (until - AT) as usize];
    for record in records {
        for span in &record.spans {
            for ms in span.from_ms..span.to_ms {
                let mark = &mut marks[(record.from_ms as i64 - AT + i64::from(ms)) as usize];
                assert!(!*mark, "a moment is claimed twice");
                *mark = true;
            }
        }
    }
    marks
}

fn rules() -> StudyRules {
    let mut rules = RuleSet::parse(RuleSet::DEFAULT_TEXT).unwrap().study;
    rules.heartbeat_ms = HEARTBEAT_MS;
    rules.segment_ms = SEGMENT_MS;
    rules.max_gap_ms = GAP_MS;
    rules.checks = TIMES;
    rules.offline_daily_ms = i64::MAX / 2;
    rules
}

/// What holds for every record a timer makes, whatever it saw.
fn sound(record: &RecordStudy) {
    let length = |spans: &[dangjian_domain::op::Span]| spans.iter().map(|span| span.to_ms - span.from_ms).sum::<u32>();
    assert!(!record.spans.is_empty());
    assert!(record.spans.iter().all(|span| span.from_ms < span.to_ms));
    assert!(record.spans.windows(2).all(|pair| pair[0].to_ms < pair[1].from_ms));
    assert!(i64::from(record.spans.last().unwrap().to_ms) <= SEGMENT_MS);
    assert!(record.beats.windows(2).all(|pair| pair[0] < pair[1]));
    assert!(record.inputs.windows(2).all(|pair| pair[0] < pair[1]));
    assert!(record.checks.windows(2).all(|pair| pair[0].at_ms <= pair[1].at_ms));
    assert!(record.beats.last() >= record.spans.last().map(|span| &span.to_ms));
    let counts = [record.spans.len(), record.beats.len(), record.inputs.len(), record.checks.len()];
    assert!(counts.iter().all(|count| *count <= MOST_MARKS));
    assert!(Action::RecordStudy(record.clone()).encode().len() < 8_192);
    // All of it is near enough to a heartbeat.
    assert_eq!(length(&observed(record, &rules()).unwrap()), length(&record.spans));
    assert_eq!(recover(record.clone()).as_ref().map(|record| &record.spans), Some(&record.spans));
}

/// What is credited of a session if nothing else stands in the way.
fn credited(records: &[RecordStudy], start: &Start) -> i64 {
    let mut checked = start.checked;
    let mut total_ms = 0;
    for record in records {
        let lease = record.lease.as_ref().map(|token| Lease::split(token).unwrap().0);
        let segment = Segment {
            record,
            offset_ms: 0,
            window: (Timestamp(0), Timestamp(i64::MAX)),
            length_ms: i64::MAX / 2,
            checks: start.checks,
            seed: start.seed,
            lease: lease.as_ref(),
        };
        let credit = credit(&segment, &Before { checked, ..Before::default() }, &rules()).unwrap();
        total_ms += credit.total_ms;
        checked = credit.checked;
    }
    total_ms
}

/// How far a member may be with an item's checks: before the next, or at it.
fn progress() -> impl Strategy<Value = (u8, Checked)> {
    (0u8..4, 0u32..3, 0i64..=3_000).prop_map(|(checks, answered, short)| {
        let next = due(RowId([1; 16]), TIMES, checks, answered).map_or(0, |due| due.at_ms);
        (checks, Checked { observed_ms: (next - short).max(0), answered })
    })
}

fn kinds() -> impl Strategy<Value = ItemKind> {
    prop_oneof![Just(ItemKind::Article), Just(ItemKind::Video)]
}

fn counted(marks: &[bool]) -> i64 {
    marks.iter().filter(|mark| **mark).count() as i64
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_handed_in_is_what_an_oracle_counts(events in trace(), (checks, checked) in progress(), kind in kinds()) {
        let start = start(checks, kind, checked);
        let mut timer = Timer::start(start.clone(), AT);
        let mut records = vec![];
        for (at, event) in &events {
            records.extend(timer.step(*at, event.clone()).done);
        }
        let end = events.iter().map(|(at, _)| *at).max().unwrap() + 2_000;
        let view = timer.view(end);
        records.extend(timer.step(end, Event::Stop).done);
        let expected = oracle(&start, &events, end);
        prop_assert_eq!(view.counted_ms, counted(&expected));
        prop_assert_eq!(view.credited_estimate_ms, (5_000 + view.counted_ms).min(60_000));
        prop_assert_eq!(timer.view(end).counted_ms, view.counted_ms);
        prop_assert!(marked(&records, end) == expected, "other moments than the oracle's");
        for record in &records {
            sound(record);
        }
        for pair in records.windows(2) {
            let last = u64::from(*pair[0].beats.last().unwrap());
            prop_assert!(pair[0].from_ms + last <= pair[1].from_ms, "segments overlap");
        }
        // Whoever credits it follows the same clock: the checks come at the same moments and each was answered.
        prop_assert_eq!(credited(&records, &start), view.counted_ms);
    }

    #[test]
    fn a_killed_app_loses_at_most_the_time_since_the_last_heartbeat(
        events in trace(), (checks, checked) in progress(), killed_after in 0i64..150_000, woken in any::<bool>(), restart in any::<bool>(),
    ) {
        let start = start(checks, ItemKind::Article, checked);
        let mut timer = Timer::start(start.clone(), AT);
        let killed_at = AT + killed_after;
        let (mut records, mut row): (Vec<RecordStudy>, Option<RecordStudy>) = (vec![], None);
        let mut seen = vec![];
        let mut queue = events.into_iter().peekable();
        let mut now = AT;
        loop {
            let wake = timer.view(now).next_wake_ms.filter(|_| woken).unwrap_or(i64::MAX);
            let (at, event) = match queue.peek() {
                Some((at, _)) if *at <= wake => queue.next().unwrap(),
                _ => (wake, Event::Tick),
            };
            if at > killed_at || (queue.peek().is_none() && !woken) {
                break;
            }
            now = now.max(at);
            let step = timer.step(at, event.clone());
            seen.push((at, event));
            if !step.done.is_empty() {
                row = None;
            }
            records.extend(step.done);
            row = step.save.or(row);
        }
        if restart {
            // The app lives on to see that the phone was restarted.
            let ended = timer.step(0, Event::Tick);
            let spans = |record: Option<RecordStudy>| record.map(|record| (record.from_ms, record.spans));
            prop_assert_eq!(spans(ended.done.into_iter().next()), spans(row.clone().and_then(recover)));
            prop_assert_eq!(timer.view(0).state, State::Ended);
        }
        records.extend(row.and_then(recover));
        let expected = oracle(&start, &seen, killed_at.max(now));
        let claimed = marked(&records, killed_at.max(now));
        for (claimed, counts) in claimed.iter().zip(&expected) {
            prop_assert!(*counts || !*claimed, "claimed what did not count");
        }
        let most = if woken { HEARTBEAT_MS } else { HEARTBEAT_MS + GAP_MS };
        prop_assert!(counted(&expected) - counted(&claimed) <= most);
        prop_assert_eq!(timer.view(0).counted_ms >= counted(&claimed), true);
        for record in &records {
            sound(record);
        }
    }

    #[test]
    fn ticks_change_nothing_but_promptness(events in trace(), (checks, checked) in progress(), ticks in prop::collection::vec(0i64..3_000, 0..60)) {
        // An app that is awake often enough: with ticks more often than the longest gap, more ticks change nothing.
        let start = start(checks, ItemKind::Article, checked);
        let end = events.iter().map(|(at, _)| *at).max().unwrap() + 1;
        let run = |extra: &[i64]| {
            let regular = (AT..end).step_by(2_500).chain(extra.iter().scan(AT, |at, gap| { *at += gap; Some(*at) }));
            let mut all: Vec<_> = events.iter().cloned().chain(regular.filter(|at| *at < end).map(|at| (at, Event::Tick))).collect();
            all.sort_by_key(|(at, _)| *at);
            let mut timer = Timer::start(start.clone(), AT);
            let mut done: Vec<_> = all.into_iter().flat_map(|(at, event)| timer.step(at, event).done).collect();
            done.extend(timer.step(end, Event::Stop).done);
            (marked(&done, end), timer.view(end).counted_ms)
        };
        prop_assert!(run(&[]) == run(&ticks));
    }
}
