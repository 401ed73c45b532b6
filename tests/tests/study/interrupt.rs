//! What an honest interruption costs: the same session with and without a call, a dark screen, a killed app or a restarted
//! phone in the middle of it.

use std::ops::AddAssign;

use dangjian_domain::study::timer::{Event, State};
use dangjian_protocol::random::SplitMix;
use dangjian_tests::budget;
use dangjian_tests::people::{below, one_in};

use crate::keeper::Keeper;
use crate::world::{Phone, World, pick};

/// What comes between.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Kind {
    Call,
    DarkScreen,
    Killed,
    Restarted,
}

#[derive(Debug, Clone, Copy)]
struct Interruption {
    kind: Kind,
    /// From when until before when, seconds after the session's start.
    from: i64,
    until: i64,
}

/// What was compared.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Counts {
    killed: u64,
    restarted: u64,
    lost_s: i64,
    most_lost_s: i64,
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.killed += other.killed;
        self.restarted += other.restarted;
        self.lost_s += other.lost_s;
        self.most_lost_s = self.most_lost_s.max(other.most_lost_s);
    }
}

#[test]
fn an_honest_interruption_costs_at_most_the_time_since_the_last_heartbeat() {
    let total = budget::run_all("interruption", budget::cases(1_000_000), compare);
    assert!(budget::replaying() || (total.killed > 0 && total.restarted > 0 && total.most_lost_s <= 30));
}

/// What happens on the phone, at seconds after the start; the phone is in hand and lit meanwhile.
fn script(random: &mut SplitMix, length: i64) -> Vec<(i64, Event)> {
    let mut events: Vec<(i64, Event)> = (0..below(random, 12))
        .map(|_| {
            let event = match below(random, 4) {
                0 => Event::Visible(!one_in(random, 3)),
                1 => Event::Playing(!one_in(random, 3)),
                _ => Event::Input,
            };
            (below(random, length as usize) as i64, event)
        })
        .collect();
    events.sort_by_key(|event| event.0);
    events
}

fn compare(seed: u64) -> Counts {
    let random = &mut SplitMix(seed);
    let mut world = World::empty(random, 1_000);
    world.rules.offline_daily_ms = 86_400_000;
    world.items.truncate(1);
    world.items[0].length_ms = 10_000_000;
    let began = 1_795_000_000 + below(random, 86_400) as i64;
    world.enrolled.push(began * 1_000);
    let length = 20 + below(random, 12 * world.rules.heartbeat_ms as usize / 1_000) as i64;
    let events = script(random, length);
    let from = 1 + below(random, length as usize - 2) as i64;
    let interruption = Interruption {
        kind: pick(random, &[Kind::Call, Kind::DarkScreen, Kind::Killed, Kind::Killed, Kind::Restarted]),
        from,
        until: (from + below(random, 60) as i64).min(length),
    };
    let plain = play(&world, began, length, &events, None, random);
    let broken = play(&world, began, length, &events, Some(interruption), random);
    let (begins, ends) = ((began + interruption.from) * 1_000, (began + interruption.until) * 1_000);
    let outside = |(from, to): &(i64, i64)| (to - from) - ((*to).min(ends) - (*from).max(begins)).max(0);
    let kept_ms: i64 = plain.iter().map(outside).sum();
    let broken_ms: i64 = broken.iter().map(|(from, to)| to - from).sum();
    let lost_ms = kept_ms - broken_ms;
    let sudden = matches!(interruption.kind, Kind::Killed | Kind::Restarted);
    let most_ms = if sudden { world.rules.heartbeat_ms } else { 0 };
    assert!(
        (0..=most_ms).contains(&lost_ms),
        "seed {seed}: {interruption:?} costs {lost_ms} ms of {kept_ms}\n{:?}\n{events:?}\n{plain:?}\n{broken:?}",
        world.rules
    );
    Counts {
        killed: u64::from(interruption.kind == Kind::Killed),
        restarted: u64::from(interruption.kind == Kind::Restarted),
        lost_s: lost_ms / 1_000,
        most_lost_s: lost_ms / 1_000,
    }
}

/// Plays a session and gives the moments that are credited for it. Checks are answered as soon as they come.
fn play(
    world: &World,
    began: i64,
    length: i64,
    events: &[(i64, Event)],
    interruption: Option<Interruption>,
    random: &mut SplitMix,
) -> Vec<(i64, i64)> {
    let mut world = world.clone();
    let mut phone = Phone::new(0, began, &world, random);
    phone.answer_at_once = true;
    let (mut visible, mut playing) = (true, true);
    let mut timer = phone.open(0, &world, random);
    for event in [Event::Foreground(true), Event::Screen(true), Event::Visible(true), Event::Playing(true)] {
        phone.step(&mut timer, event);
    }
    let begins = interruption.map_or(i64::MAX, |it| it.from);
    let ends = interruption.map_or(i64::MAX, |it| it.until);
    let kind = interruption.map(|it| it.kind);
    let mut moments: Vec<i64> = events.iter().map(|event| event.0).chain([begins, ends]).collect();
    moments.retain(|at| *at <= length);
    moments.sort_unstable();
    moments.dedup();
    let mut gone = false;
    for at in moments {
        if gone {
            phone.now = began + at;
        } else {
            phone.pass_promptly(&mut timer, began + at);
        }
        if at == begins {
            match kind {
                Some(Kind::Call) => phone.step(&mut timer, Event::Foreground(false)),
                Some(Kind::DarkScreen) => phone.step(&mut timer, Event::Screen(false)),
                _ => gone = true,
            }
        }
        for (_, event) in events.iter().filter(|event| event.0 == at) {
            match event {
                Event::Visible(is) => visible = *is,
                Event::Playing(is) => playing = *is,
                _ => {}
            }
            if !gone {
                phone.step(&mut timer, event.clone());
            }
        }
        if at == ends {
            match kind {
                Some(Kind::Call) => phone.step(&mut timer, Event::Foreground(true)),
                Some(Kind::DarkScreen) => phone.step(&mut timer, Event::Screen(true)),
                _ => {
                    if kind == Some(Kind::Restarted) {
                        phone.restart(began + begins, random);
                    }
                    gone = false;
                    timer = phone.open(0, &world, random);
                    let now = [
                        Event::Foreground(true),
                        Event::Screen(true),
                        Event::Visible(visible),
                        Event::Playing(playing),
                    ];
                    for event in now {
                        phone.step(&mut timer, event);
                    }
                }
            }
        }
    }
    phone.pass_promptly(&mut timer, began + length);
    phone.step(&mut timer, Event::Stop);
    assert_eq!(timer.view(0).state, State::Ended);
    phone.hand_in_everything(&mut world);
    let mut keeper = Keeper::default();
    let mut stretches = vec![];
    for push in &world.pushes {
        for accepted in keeper.take_in(&world, push) {
            stretches.extend(accepted.expect("an honest segment").credit.stretches);
        }
    }
    stretches
}
