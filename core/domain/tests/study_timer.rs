//! What the timer does at the moments that matter, one by one. `study_timer_properties` holds it against an oracle.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use dangjian_domain::id::{DeviceId, MemberId, RowId};
use dangjian_domain::op::{Action, RecordStudy};
use dangjian_domain::rows::ItemKind;
use dangjian_domain::study::checks::{CheckTimes, Checked, due};
use dangjian_domain::study::lease::{Lease, TAG_BYTES};
use dangjian_domain::study::timer::{
    Announcement, Event, MOST_MARKS, PauseReason, Start, State, Step, Timer, TimerView, recover,
};
use dangjian_domain::time::{BootId, Timestamp};

const AT: i64 = 1_000_000;
const SESSION: RowId = RowId([1; 16]);
const TIMES: CheckTimes = CheckTimes { min_ms: 240_000, max_ms: 420_000 };

fn start() -> Start {
    Start {
        session: SESSION,
        item: RowId([2; 16]),
        kind: ItemKind::Article,
        length_ms: 900_000,
        credited_before_ms: 0,
        checks: 0,
        seed: SESSION,
        checked: Checked::default(),
        lease: None,
        boot: BootId([3; 16]),
        heartbeat_ms: 30_000,
        segment_ms: 300_000,
        max_gap_ms: 45_000,
        check_times: TIMES,
    }
}

/// A timer that runs since [`AT`].
fn running(start: Start) -> Timer {
    let mut timer = Timer::start(start, AT);
    timer.step(AT, Event::Foreground(true));
    timer.step(AT, Event::Visible(true));
    timer.step(AT, Event::Playing(true));
    assert_eq!(timer.step(AT, Event::Screen(true)).announce, Some(Announcement::Started));
    timer
}

/// Ticks as the view asks for them, until `to`.
fn tick_until(timer: &mut Timer, from: i64, to: i64) -> Step {
    let mut all = Step::default();
    let mut at = from;
    while let Some(wake) = timer.view(at).next_wake_ms.filter(|wake| *wake <= to) {
        at = wake;
        let step = timer.step(at, Event::Tick);
        all.done.extend(step.done);
        all.save = step.save.or(all.save);
        all.announce = step.announce.or(all.announce);
    }
    all
}

fn spans(record: &RecordStudy) -> Vec<(i64, i64)> {
    let from = record.from_ms as i64;
    record.spans.iter().map(|span| (from + i64::from(span.from_ms), from + i64::from(span.to_ms))).collect()
}

#[test]
fn nothing_counts_before_it_was_observed() {
    let mut timer = Timer::start(start(), AT);
    assert_eq!(timer.view(AT + 60_000).counted_ms, 0);
    assert_eq!(timer.view(AT).state, State::Paused(PauseReason::ScreenOff));
    timer.step(AT, Event::Screen(true));
    assert_eq!(timer.view(AT).state, State::Paused(PauseReason::Background));
    timer.step(AT, Event::Foreground(true));
    assert_eq!(timer.view(AT).state, State::Paused(PauseReason::NotVisible));
    let step = timer.step(AT + 500, Event::Visible(true));
    assert_eq!(step.announce, Some(Announcement::Started));
    assert_eq!(timer.view(AT + 1_500).counted_ms, 1_000);
}

#[test]
fn every_pause_has_its_words() {
    let cases = [
        (Event::Screen(false), PauseReason::ScreenOff, "已暂停：屏幕已关闭"),
        (Event::Foreground(false), PauseReason::Background, "已暂停：已离开本应用"),
        (Event::Visible(false), PauseReason::NotVisible, "已暂停：正文不在屏幕上"),
        (Event::Playing(false), PauseReason::NotPlaying, "已暂停：播放已停止"),
    ];
    for (event, reason, words) in cases {
        let mut timer = running(Start { kind: ItemKind::Audio, ..start() });
        let step = timer.step(AT + 10_000, event);
        assert_eq!(step.announce, Some(Announcement::Paused(reason)));
        assert_eq!(step.announce.map(Announcement::words), Some(words));
        assert_eq!(timer.view(AT + 20_000).state.words(), words);
        assert_eq!(spans(&step.save.unwrap()), [(AT, AT + 10_000)]);
        assert_eq!(timer.view(AT + 20_000).counted_ms, 10_000);
    }
    let view = running(start()).view(AT + 45_001);
    assert_eq!((view.state.words(), view.counted_ms), ("已暂停：应用被系统暂停", 45_000));
}

#[test]
fn an_article_counts_without_playing() {
    let mut timer = running(start());
    timer.step(AT + 1_000, Event::Playing(false));
    assert_eq!(timer.view(AT + 5_000).counted_ms, 5_000);
}

#[test]
fn a_heartbeat_is_saved_every_half_minute_and_the_segment_closed_after_five() {
    let mut timer = running(start());
    let mut beats = 0;
    for n in 1..10 {
        let at = AT + n * 30_000;
        assert_eq!(timer.view(at - 1).next_wake_ms, Some(at));
        assert_eq!(timer.step(at - 1, Event::Input).save, None);
        let saved = timer.step(at, Event::Tick).save.unwrap();
        assert_eq!(spans(&saved), [(AT, at)]);
        assert_eq!(saved.inputs.len(), n as usize);
        beats += 1;
        assert_eq!(saved.beats.len(), beats + 1);
    }
    // The tick comes late: the segment still ends after exactly five minutes, and the next begins there.
    let step = timer.step(AT + 310_000, Event::Tick);
    assert_eq!(step.done.len(), 1);
    assert_eq!(spans(&step.done[0]), [(AT, AT + 300_000)]);
    assert_eq!(step.done[0].beats.last(), Some(&300_000));
    assert_eq!(spans(&step.save.unwrap()), [(AT + 300_000, AT + 310_000)]);
    assert_eq!(step.announce, None);
    assert_eq!(timer.view(AT + 310_000).counted_ms, 310_000);
}

#[test]
fn a_short_pause_stays_in_the_segment_and_a_long_one_closes_it() {
    let mut timer = running(start());
    timer.step(AT + 10_000, Event::Screen(false));
    assert_eq!(timer.view(AT + 10_000).next_wake_ms, Some(AT + 40_000));
    let step = timer.step(AT + 39_999, Event::Screen(true));
    assert_eq!((step.done.len(), step.announce), (0, Some(Announcement::Resumed)));
    timer.step(AT + 50_000, Event::Screen(false));
    let step = timer.step(AT + 80_000, Event::Tick);
    assert_eq!(spans(&step.done[0]), [(AT, AT + 10_000), (AT + 39_999, AT + 50_000)]);
    assert_eq!(step.save, None);
    assert_eq!(timer.view(AT + 80_000).next_wake_ms, None);
    let step = timer.step(AT + 500_000, Event::Screen(true));
    assert_eq!((step.done.len(), step.announce), (0, Some(Announcement::Resumed)));
    assert_eq!(timer.step(AT + 501_000, Event::Stop).done[0].from_ms, (AT + 500_000) as u64);
}

#[test]
fn a_late_tick_closes_a_pause_that_was_long_enough() {
    let mut timer = running(start());
    timer.step(AT + 10_000, Event::Screen(false));
    let step = timer.step(AT + 600_000, Event::Screen(true));
    assert_eq!(spans(&step.done[0]), [(AT, AT + 10_000)]);
    assert_eq!(timer.view(AT + 600_000).counted_ms, 10_000);
}

#[test]
fn the_clock_stops_at_the_moment_a_check_is_due_and_goes_on_with_the_answer() {
    let mut timer = running(Start { checks: 3, length_ms: 3_600_000, ..start() });
    let first = due(SESSION, TIMES, 3, 0).unwrap();
    let shown_at = AT + first.at_ms;
    let mut done = tick_until(&mut timer, AT, shown_at - 1).done;
    // The tick is ten seconds late; an answer before the question is none.
    assert_eq!(timer.step(shown_at - 1, Event::Answer { choice: 1 }).announce, None);
    assert_eq!(timer.view(shown_at + 10_000).state, State::Check(first.check));
    let step = timer.step(shown_at + 10_000, Event::Tick);
    assert_eq!(step.announce, Some(Announcement::CheckShown(first.check)));
    done.extend(step.done);
    // Ninety seconds for the answer: the segment is closed meanwhile, the answer goes with the time that it opens.
    done.extend(timer.step(shown_at + 30_000, Event::Tick).done);
    let step = timer.step(shown_at + 90_000, Event::Answer { choice: 2 });
    assert_eq!(step.announce, Some(Announcement::Resumed));
    assert_eq!(timer.view(shown_at + 90_000).counted_ms, first.at_ms);
    assert_eq!(timer.step(shown_at + 91_000, Event::Answer { choice: 2 }).announce, None);
    assert!(done.iter().all(|record| record.checks.is_empty()));
    let all: Vec<_> = done.iter().flat_map(spans).collect();
    assert_eq!(all.iter().map(|(from, to)| to - from).sum::<i64>(), first.at_ms);
    assert_eq!(all.last().unwrap().1, shown_at);
    let last = &timer.step(shown_at + 100_000, Event::Stop).done[0];
    assert_eq!(last.from_ms as i64, shown_at + 90_000);
    assert_eq!(last.checks.len(), 1);
    assert_eq!((last.checks[0].at_ms, last.checks[0].check, last.checks[0].choice), (0, first.check, 2));
}

#[test]
fn an_unanswered_check_keeps_the_clock_standing_whatever_else_happens() {
    let mut timer = running(Start { checks: 1, length_ms: 3_600_000, ..start() });
    let at_ms = due(SESSION, TIMES, 1, 0).unwrap().at_ms;
    tick_until(&mut timer, AT, AT + at_ms);
    for (n, event) in [
        Event::Tick,
        Event::Input,
        Event::Screen(false),
        Event::Screen(true),
        Event::Playing(false),
        Event::Playing(true),
        Event::DayEnds,
        Event::Foreground(false),
        Event::Foreground(true),
    ]
    .into_iter()
    .enumerate()
    {
        timer.step(AT + at_ms + 1_000 * n as i64, event);
        let view = timer.view(AT + at_ms + 3_600_000);
        assert_eq!((view.counted_ms, view.state), (at_ms, State::Check(0)));
    }
}

#[test]
fn a_frozen_app_counts_no_further_than_the_longest_gap() {
    let mut timer = running(start());
    timer.step(AT + 29_000, Event::Input);
    // Doze for ten minutes.
    let step = timer.step(AT + 629_000, Event::Tick);
    assert_eq!(step.announce, Some(Announcement::Resumed));
    assert_eq!(spans(&step.done[0]), [(AT, AT + 74_000)]);
    // Nobody may credit more than 45 s after a heartbeat, so the last sign of life is one.
    assert_eq!(step.done[0].beats, [0, 29_000, 74_000]);
    assert_eq!(timer.view(AT + 629_000).counted_ms, 74_000);
    assert_eq!(timer.view(AT + 630_000).state, State::Running);
}

#[test]
fn a_session_left_open_for_thirty_days_counts_forty_five_seconds() {
    let timer = running(start());
    let at = AT + 30 * 86_400_000;
    let view = timer.view(at);
    assert_eq!((view.counted_ms, view.state), (45_000, State::Paused(PauseReason::AppFrozen)));
    assert_eq!(view.next_wake_ms, Some(at));
}

#[test]
fn the_end_of_the_day_closes_the_segment_and_the_clock_runs_on() {
    let mut timer = running(start());
    let step = timer.step(AT + 20_000, Event::DayEnds);
    assert_eq!((spans(&step.done[0]), step.announce), (vec![(AT, AT + 20_000)], None));
    assert_eq!(spans(&timer.step(AT + 30_000, Event::Stop).done[0]), [(AT + 20_000, AT + 30_000)]);
    assert_eq!(timer.view(AT + 99_000).counted_ms, 30_000);
}

#[test]
fn another_boot_or_a_clock_that_goes_back_ends_the_session_with_what_is_certain() {
    for (at, event) in [(500, Event::Tick), (AT + 49_000, Event::Boot(BootId([4; 16]))), (i64::MIN, Event::Stop)] {
        let mut timer = running(start());
        timer.step(AT + 30_000, Event::Tick);
        timer.step(AT + 49_000, Event::Input);
        let step = timer.step(at, event);
        assert_eq!(spans(&step.done[0]), [(AT, AT + 30_000)]);
        assert_eq!(timer.view(AT).state, State::Ended);
        assert_eq!(timer.view(AT).counted_ms, 30_000);
        assert_eq!(timer.view(AT).next_wake_ms, None);
        assert_eq!(timer.step(AT + 60_000, Event::Tick), Step::default());
    }
    let mut timer = running(start());
    timer.step(AT + 1_000, Event::Boot(BootId([3; 16])));
    // Two threads read the clock and arrive in the other order.
    timer.step(AT + 900, Event::Input);
    assert_eq!(timer.view(AT + 1_000).state, State::Running);
}

#[test]
fn the_item_is_full_once() {
    let mut timer = running(Start { length_ms: 60_000, credited_before_ms: 50_000, ..start() });
    let view = timer.view(AT + 4_000);
    assert_eq!((view.credited_estimate_ms, view.remaining_of_item_ms), (54_000, 6_000));
    assert_eq!(view.next_wake_ms, Some(AT + 10_000));
    assert_eq!(timer.step(AT + 10_000, Event::Tick).announce, Some(Announcement::ItemFull));
    assert_eq!(timer.step(AT + 11_000, Event::Tick).announce, None);
    let view = timer.view(AT + 20_000);
    assert_eq!((view.state, view.remaining_of_item_ms, view.counted_ms), (State::ItemFull, 0, 20_000));
    assert_eq!(view.next_wake_ms, Some(AT + 30_000));
}

#[test]
fn what_follows_a_lease_is_made_under_it() {
    let seed = RowId([9; 16]);
    let (issued_at, expires_at) = (Timestamp(0), Timestamp(1));
    let (member, device) = (MemberId(seed), DeviceId(seed));
    let lease = Lease { id: seed, member, device, item: start().item, issued_at, expires_at };
    let token = [vec![0; TAG_BYTES], lease.encode()].concat();
    let other = [vec![0; TAG_BYTES], Lease { item: seed, ..lease }.encode()].concat();
    let mut timer = running(Start { checks: 2, ..start() });
    assert!(timer.step(AT + 5_000, Event::Lease(other)).done.is_empty());
    assert!(timer.step(AT + 5_000, Event::Lease(vec![7; 9_000])).done.is_empty());
    let step = timer.step(AT + 10_000, Event::Lease(token.clone()));
    assert_eq!((step.announce, step.done[0].lease.clone()), (None, None));
    let last = timer.step(AT + 20_000, Event::Stop).done;
    assert_eq!((spans(&last[0]), last[0].lease.clone()), (vec![(AT + 10_000, AT + 20_000)], Some(token)));
}

#[test]
fn leaving_and_coming_back_does_not_put_a_check_off() {
    let first = due(SESSION, TIMES, 2, 0).unwrap();
    let checked = Checked { observed_ms: first.at_ms - 5_000, answered: 0 };
    let mut timer = running(Start { checks: 2, checked, ..start() });
    assert_eq!(timer.view(AT).next_wake_ms, Some(AT + 5_000));
    let step = timer.step(AT + 6_000, Event::Tick);
    assert_eq!(step.announce, Some(Announcement::CheckShown(first.check)));
    // Opened again while it waits, it is asked as soon as the item is in view.
    let mut timer =
        Timer::start(Start { checks: 2, checked: Checked { observed_ms: first.at_ms, answered: 0 }, ..start() }, AT);
    timer.step(AT, Event::Foreground(true));
    timer.step(AT, Event::Visible(true));
    assert_eq!(timer.step(AT, Event::Screen(true)).announce, Some(Announcement::CheckShown(first.check)));
    assert_eq!(timer.view(AT + 60_000).counted_ms, 0);
    assert_eq!(timer.step(AT + 9_000, Event::Answer { choice: 0 }).announce, Some(Announcement::Started));
    let next = due(SESSION, TIMES, 2, 1).unwrap();
    tick_until(&mut timer, AT + 9_000, AT + 900_000);
    assert_eq!(timer.view(AT + 900_000).counted_ms, next.at_ms - first.at_ms);
}

#[test]
fn a_segment_has_no_more_marks_than_fit() {
    let mut timer = running(Start { heartbeat_ms: 1, segment_ms: i64::MAX, ..start() });
    let mut done = vec![];
    for n in 0..3_000 {
        let at = AT + n * 1_000;
        done.extend(timer.step(at, Event::Input).done);
        done.extend(timer.step(at + 300, Event::Screen(n % 3 == 0)).done);
        done.extend(timer.step(at + 600, Event::Screen(true)).done);
    }
    done.extend(timer.step(AT + 3_000_000, Event::Stop).done);
    for record in &done {
        let counts = [record.spans.len(), record.beats.len(), record.inputs.len(), record.checks.len()];
        assert!(counts.iter().all(|count| *count <= MOST_MARKS), "{counts:?}");
        assert!(Action::RecordStudy(record.clone()).encode().len() < 8_192);
    }
    let counted: i64 = done.iter().flat_map(spans).map(|(from, to)| to - from).sum();
    assert_eq!(counted, 3_000_000 - 2_000 * 300);
}

#[test]
fn what_was_saved_is_recovered_up_to_its_last_heartbeat() {
    let mut timer = running(start());
    let saved = timer.step(AT + 30_000, Event::Tick).save.unwrap();
    assert_eq!(recover(saved.clone()), Some(saved.clone()));
    assert_eq!(recover(RecordStudy { beats: vec![], ..saved.clone() }), None);
    assert_eq!(recover(RecordStudy { beats: vec![0], ..saved.clone() }), None);
    let cut = recover(RecordStudy { beats: vec![0, 12_000], inputs: vec![11_000, 13_000], ..saved }).unwrap();
    assert_eq!((spans(&cut), cut.inputs), (vec![(AT, AT + 12_000)], vec![11_000]));
}

#[test]
fn nothing_that_comes_in_makes_it_panic() {
    let wild = [i64::MIN, -1, 0, 1, AT, i64::MAX - 1, i64::MAX];
    for at in wild {
        for number in wild {
            let odd = Start {
                length_ms: number,
                credited_before_ms: number,
                checks: 255,
                heartbeat_ms: number,
                segment_ms: number,
                max_gap_ms: number,
                check_times: CheckTimes { min_ms: number, max_ms: i64::MAX },
                lease: Some(vec![0; 100_000]),
                kind: ItemKind::Quiz,
                ..start()
            };
            let mut timer = Timer::start(odd, at);
            for event in [Event::Foreground(true), Event::Visible(true), Event::Screen(true), Event::Tick, Event::Stop]
            {
                for later in wild {
                    let _: TimerView = timer.view(later);
                }
                for record in timer.clone().step(i64::MAX, event.clone()).done {
                    assert!(Action::RecordStudy(record).encode().len() < 8_192);
                }
                timer.step(at.saturating_add(number), event);
            }
        }
    }
}
