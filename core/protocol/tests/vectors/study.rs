//! Study: when checks are due, where a segment is placed, what of it is credited, and what a lease and a content look like.

use dangjian_domain::id::{MemberId, RowId};
use dangjian_domain::op::{CheckAnswer, RecordStudy, Span};
use dangjian_domain::points::rules::{RuleSet, StudyRules};
use dangjian_domain::study::checks::{self, Checked, due};
use dangjian_domain::study::content::{Content, Question};
use dangjian_domain::study::credit::{Before, Credit, Segment, credit, finish_ms};
use dangjian_domain::study::lease::{HOLDS_MS, Lease};
use dangjian_domain::study::place::{ALLOWANCE_MS, BootClock, Reading, UNDER_WAY_MS, clocks};
use dangjian_domain::time::{BootId, Timestamp};
use serde_json::{Value, json};

use crate::operations::{BOOT, record};
use crate::support::{NOW, device, hex, id, member};

const S: i64 = 1_000;
const MIN: i64 = 60 * S;
const HOUR: i64 = 60 * MIN;
/// Midnight in Shanghai before [`NOW`], which is five in the morning.
const MIDNIGHT: i64 = NOW.0 - 5 * HOUR;
/// Server time at the zero of the boot clock.
const OFFSET: i64 = NOW.0 - 48 * HOUR;

pub(crate) fn rules() -> StudyRules {
    RuleSet::parse(RuleSet::DEFAULT_TEXT).unwrap().study
}

pub(crate) fn lease() -> Lease {
    Lease {
        id: id(0x1e),
        member: member(),
        device: device(),
        item: id(0x91),
        issued_at: NOW,
        expires_at: NOW.plus_ms(HOLDS_MS),
    }
}

/// A lease under a tag that no server made.
pub(crate) fn token() -> Vec<u8> {
    [&[0x7a; 32][..], &lease().encode()].concat()
}

/// A content as it travels.
pub(crate) fn content() -> Vec<u8> {
    let content = Content {
        body: "## 第一章\n\n党员八项义务。".into(),
        checks: vec![Question {
            text: "党员义务有几项？".into(),
            choices: vec!["六".into(), "七".into(), "八".into()],
        }],
    };
    serde_json::to_vec(&content).unwrap()
}

pub(crate) fn segment(from: i64, spans: &[(u32, u32)], beats: &[u32]) -> RecordStudy {
    RecordStudy {
        session: id(0x5e),
        item: id(0x91),
        lease: None,
        boot: BOOT,
        from_ms: u64::try_from(from - OFFSET).unwrap(),
        spans: spans.iter().map(|(from_ms, to_ms)| Span { from_ms: *from_ms, to_ms: *to_ms }).collect(),
        beats: beats.to_vec(),
        inputs: vec![],
        checks: vec![],
    }
}

pub(crate) fn every_half_minute(until: u32) -> Vec<u32> {
    (1..).map(|n| n * 30_000).take_while(|beat| *beat < until).collect()
}

/// A segment of a case: its record and what is not as in most.
struct Case {
    name: &'static str,
    record: RecordStudy,
    window: (i64, i64),
    length_ms: i64,
    checks: u8,
    audio_video: bool,
    lease: Option<(i64, i64)>,
    before: Before,
}

fn case(name: &'static str, from: i64, spans: &[(u32, u32)], beats: &[u32]) -> Case {
    Case {
        name,
        record: segment(from, spans, beats),
        window: (NOW.0 - 24 * HOUR, NOW.0 + MIN),
        length_ms: 15 * MIN,
        checks: 0,
        audio_video: false,
        lease: None,
        before: Before::default(),
    }
}

fn with(mut case: Case, change: impl FnOnce(&mut Case)) -> Case {
    change(&mut case);
    case
}

fn seed() -> RowId {
    checks::seed(member(), id(0x91))
}

fn cases() -> Vec<Case> {
    let from = NOW.0 - 30 * MIN;
    let whole = &[(0, 300_000)];
    let beats = every_half_minute(300_000);
    let first = due(seed(), rules().checks, 2, 0).unwrap();
    let second = due(seed(), rules().checks, 2, 1).unwrap();
    let answer = |at_ms, check| CheckAnswer { at_ms, check, choice: 0 };
    // A minute before the first check is due.
    let near = Before { checked: Checked { observed_ms: first.at_ms - MIN, answered: 0 }, ..Before::default() };
    let today = NOW.civil_day(0);
    vec![
        case("five minutes", from, whole, &beats),
        case("two stretches", from, &[(0, 61_500), (70_000, 299_999)], &beats),
        case("no heartbeat: the longest gap from the start of the stretch", from, whole, &[]),
        case("a gap without heartbeats", from, &[(0, 200_000)], &[30_000, 150_000]),
        case("a heartbeat before a stretch does not reach into it", from, &[(60_000, 180_000)], &[59_000, 100_000]),
        case("a heartbeat at the very end of a stretch", from, &[(0, 60_000)], &[60_000]),
        case("two stretches that touch", from, &[(0, 40_000), (40_000, 80_000)], &[]),
        case("nothing seen", from, &[], &beats),
        case("across midnight", MIDNIGHT - 2 * MIN, whole, &beats),
        case("the window begins in it", NOW.0 - 24 * HOUR - 2 * MIN, whole, &beats),
        case("the window ends in it", NOW.0 - 2 * MIN, whole, &beats),
        case("before the window", NOW.0 - 25 * HOUR, whole, &beats),
        with(case("credited before in its midst, on another phone", from, whole, &beats), |case| {
            case.before.covered =
                vec![(from - HOUR, from), (from + MIN, from + 2 * MIN), (from + 4 * MIN, from + HOUR)];
        }),
        with(case("beyond the item's length", from, whole, &beats), |case| {
            (case.length_ms, case.before.item_ms) = (4 * MIN, 3 * MIN);
        }),
        with(case("an item finished before is not finished again", from, whole, &beats), |case| {
            case.before.item_ms = 13 * MIN;
            case.before.finished = true;
        }),
        with(case("the rest of the day's allowance", from, whole, &beats), |case| {
            case.before.offline_ms.insert(today, 59 * MIN);
        }),
        with(case("the allowance is no matter under a lease", from, whole, &beats), |case| {
            case.before.offline_ms.insert(today, 60 * MIN);
            case.lease = Some((from - MIN, from + HOUR));
        }),
        with(case("a lease that begins and ends in it", from, whole, &beats), |case| {
            case.before.offline_ms.insert(today, 59 * MIN);
            case.lease = Some((from + 2 * MIN, from + 3 * MIN));
        }),
        with(case("audio", from, whole, &beats), |case| case.audio_video = true),
        with(case("a check that is not answered", from, whole, &beats), |case| {
            (case.checks, case.before) = (2, near.clone());
        }),
        with(case("a check answered after ten seconds", from, whole, &beats), |case| {
            (case.checks, case.before) = (2, near.clone());
            case.record.checks = vec![answer(70_000, first.check)];
        }),
        with(case("an answer before the check was due answers nothing", from, whole, &beats), |case| {
            (case.checks, case.before) = (2, near.clone());
            case.record.checks = vec![answer(30_000, first.check)];
        }),
        with(case("an answer to another check", from, whole, &beats), |case| {
            (case.checks, case.before) = (2, near.clone());
            case.record.checks = vec![answer(70_000, 1 - first.check)];
        }),
        with(case("a check left over from before, answered at the start", from, whole, &beats), |case| {
            case.checks = 2;
            case.before.checked = Checked { observed_ms: first.at_ms, answered: 0 };
            case.record.checks = vec![answer(0, first.check)];
        }),
        with(case("two checks due at once, as after a change of the rules", from, whole, &beats), |case| {
            case.checks = 2;
            case.before.checked = Checked { observed_ms: second.at_ms, answered: 0 };
            case.record.checks = vec![answer(0, first.check), answer(20_000, second.check)];
            case.record.checks.dedup_by_key(|answer| answer.at_ms);
        }),
        with(case("the clock of the checks runs where nothing is credited", from, whole, &beats), |case| {
            (case.checks, case.before) = (2, near.clone());
            case.before.covered = vec![(from, from + 2 * MIN)];
            case.record.checks = vec![answer(200_000, first.check)];
        }),
    ]
}

fn days(credit: &Credit) -> Vec<Value> {
    credit
        .days
        .iter()
        .map(|(day, added)| {
            json!({"day": day, "ms": added.ms, "offline_ms": added.offline_ms, "from": added.from, "to": added.to})
        })
        .collect()
}

fn checked(at: Checked) -> Value {
    json!({"observed_ms": at.observed_ms, "answered": at.answered})
}

fn credited(case: &Case) -> Value {
    let lease = case.lease.map(|(from, to)| Lease { issued_at: Timestamp(from), expires_at: Timestamp(to), ..lease() });
    let segment = Segment {
        record: &case.record,
        offset_ms: OFFSET,
        window: (Timestamp(case.window.0), Timestamp(case.window.1)),
        length_ms: case.length_ms,
        checks: case.checks,
        seed: seed(),
        lease: lease.as_ref(),
    };
    let given = credit(&segment, &case.before, &rules()).unwrap();
    let before_days: Vec<Value> = case
        .before
        .offline_ms
        .iter()
        .map(|(day, ms)| json!({"day": day, "read_ms": ms, "av_ms": 0, "offline_ms": ms}))
        .collect();
    json!({
        "name": case.name,
        "record": record(&case.record),
        "offset_ms": OFFSET,
        "window": [case.window.0, case.window.1],
        "item": {"length_ms": case.length_ms, "checks": case.checks, "audio_video": case.audio_video},
        "lease": case.lease.map(|(from, to)| json!({"issued_at": from, "expires_at": to})),
        "before": {
            "covered": case.before.covered, "item_ms": case.before.item_ms, "finished": case.before.finished,
            "checked": checked(case.before.checked), "days": before_days,
        },
        "credit": {
            "stretches": given.stretches, "days": days(&given), "total_ms": given.total_ms,
            "finished": given.finished, "checked": checked(given.checked),
        },
    })
}

/// Records that no timer makes.
pub(crate) fn malformed() -> Vec<(&'static str, RecordStudy)> {
    let good = segment(NOW.0 - 30 * MIN, &[(0, 300_000)], &every_half_minute(300_000));
    let changed = |change: fn(&mut RecordStudy)| {
        let mut record = good.clone();
        change(&mut record);
        record
    };
    vec![
        ("sixty-five heartbeats", changed(|r| r.beats = (1..=65).collect())),
        ("sixty-five touches", changed(|r| r.inputs = (1..=65).collect())),
        ("a stretch that is empty", changed(|r| r.spans = vec![Span { from_ms: 5, to_ms: 5 }])),
        (
            "stretches that overlap",
            changed(|r| r.spans = vec![Span { from_ms: 0, to_ms: 50 }, Span { from_ms: 49, to_ms: 90 }]),
        ),
        ("heartbeats out of order", changed(|r| r.beats = vec![30_000, 29_999])),
        (
            "answers out of order",
            changed(|r| r.checks = [9, 8].map(|at_ms| CheckAnswer { at_ms, check: 0, choice: 0 }).to_vec()),
        ),
        (
            "longer than the longest segment and a minute",
            changed(|r| r.spans = vec![Span { from_ms: 0, to_ms: 360_001 }]),
        ),
        ("a touch after that", changed(|r| r.inputs = vec![360_001])),
        ("a phone switched on for more than a hundred years", changed(|r| r.from_ms = 3_155_760_000_001)),
    ]
}

fn check_times() -> Vec<Value> {
    let times = rules().checks;
    [(member(), id(0x91), 3u8), (member(), id(0x92), 1), (MemberId(id(0x31)), id(0x91), 3), (member(), id(0x91), 0)]
        .into_iter()
        .map(|(member, item, checks)| {
            let seed = checks::seed(member, item);
            let moments: Vec<Value> = (0..6)
                .filter_map(|n| due(seed, times, checks, n))
                .map(|due| json!({"at_ms": due.at_ms, "check": due.check}))
                .collect();
            json!({"member": member, "item": item, "checks": checks, "seed": seed, "due": moments})
        })
        .collect()
}

fn places() -> Vec<Value> {
    let boot = |n: u8| BootId([n; 16]);
    let (a, b, c) = (boot(0xa1), boot(0xb2), boot(0xc3));
    let reading = |boot, ms: i64| Reading { boot, ms: ms.unsigned_abs() };
    let seen = |boot, offset_ms| BootClock { boot, offset_ms, observed: true };
    let put = |boot, offset_ms| BootClock { boot, offset_ms, observed: false };
    let clock = |at: &BootClock| json!({"boot": hex(at.boot.0), "offset_ms": at.offset_ms, "observed": at.observed});
    let read = |at: &Reading| json!({"boot": hex(at.boot.0), "ms": at.ms});
    let (now, day) = (NOW.0, 24 * HOUR);
    type Known = Vec<BootClock>;
    let cases: Vec<(&str, Known, Option<Reading>, Vec<Reading>)> = vec![
        ("a boot seen for the first time", vec![], Some(reading(a, HOUR)), vec![reading(a, 50 * MIN)]),
        ("the least offset stands", vec![seen(a, now - HOUR - 500)], Some(reading(a, HOUR)), vec![reading(a, HOUR)]),
        ("a quicker exchange lessens it", vec![seen(a, now - HOUR + 900)], Some(reading(a, HOUR)), vec![]),
        ("a boot that was placed, and is seen", vec![put(a, now - day)], Some(reading(a, HOUR)), vec![reading(a, MIN)]),
        (
            "two boots before this one, never seen",
            vec![],
            Some(reading(c, 2 * HOUR)),
            vec![reading(a, 30 * HOUR), reading(b, 5 * HOUR), reading(c, HOUR)],
        ),
        (
            "one between two that were seen",
            vec![seen(a, now - 3 * day)],
            Some(reading(c, 2 * HOUR)),
            vec![reading(a, 30 * HOUR), reading(b, 5 * HOUR), reading(c, HOUR)],
        ),
        (
            "one before the present boot, which is not named",
            vec![],
            Some(reading(c, 2 * HOUR)),
            vec![reading(a, 5 * HOUR)],
        ),
        ("a phone without a boot clock of its own", vec![], None, vec![reading(a, 5 * HOUR)]),
    ];
    cases
        .into_iter()
        .map(|(name, known, present, readings)| {
            let placed = clocks(&known, present, NOW, &readings);
            json!({
                "name": name, "received": NOW, "known": known.iter().map(clock).collect::<Vec<_>>(),
                "present": present.as_ref().map(read), "readings": readings.iter().map(read).collect::<Vec<_>>(),
                "clocks": placed.iter().map(clock).collect::<Vec<_>>(),
            })
        })
        .collect()
}

pub(crate) fn study() -> Value {
    let rules = rules();
    let refused: Vec<Value> = malformed()
        .into_iter()
        .map(|(name, broken)| {
            let segment = Segment {
                record: &broken,
                offset_ms: OFFSET,
                window: (Timestamp(0), NOW),
                length_ms: HOUR,
                checks: 0,
                seed: seed(),
                lease: None,
            };
            assert!(credit(&segment, &Before::default(), &rules).is_err(), "{name}");
            json!({"name": name, "record": record(&broken)})
        })
        .collect();
    let finish = [0, 1, 240_001, 900_000];
    let finish = finish.map(|length| json!({"length_ms": length, "finish_ms": finish_ms(length, &rules)}));
    let (held, bytes, tag) = (lease(), token(), &[0x7a; 32][..]);
    assert_eq!(Lease::split(&bytes), Some((held, &bytes[32..], tag)));
    json!({
        "rules": {
            "day_starts_at_ms": rules.day_starts_at_ms, "heartbeat_ms": rules.heartbeat_ms,
            "max_gap_ms": rules.max_gap_ms, "segment_ms": rules.segment_ms,
            "offline_daily_ms": rules.offline_daily_ms, "finish_pct": rules.finish_pct,
            "checks": {"min_ms": rules.checks.min_ms, "max_ms": rules.checks.max_ms},
        },
        "constants": {"under_way_ms": UNDER_WAY_MS, "allowance_ms": ALLOWANCE_MS, "lease_ms": HOLDS_MS},
        "check_times": check_times(),
        "finish": finish,
        "places": places(),
        "seed": seed(),
        "credit": cases().iter().map(credited).collect::<Vec<_>>(),
        "malformed": refused,
        "lease": {
            "token": hex(&bytes), "tag": hex(tag), "lease": hex(held.encode()),
            "fields": {
                "id": held.id, "member": held.member, "device": held.device, "item": held.item,
                "issued_at": held.issued_at, "expires_at": held.expires_at,
            },
        },
    })
}
