//! What a cheat gained beside an honest member, and the table of all of them.

use super::phone::Phone;
use super::world::{ME, World, flags, sum_of_credit, sum_of_points};
use super::{attention, forgery, identity, items, quiz, relay};
use dangjian_domain::id::MemberId;

/// What became of a cheat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    /// It gives nothing.
    Prevented,
    /// It gives no more than the same seconds in view, and a person is told.
    Detected,
    /// It gives no more than the same seconds in view, and nobody is told: what cannot be told apart here.
    Residue,
}

/// What a member has.
#[derive(Clone, Debug)]
pub(crate) struct Sum {
    pub(crate) points: i64,
    pub(crate) credited_ms: i64,
    pub(crate) flagged: Vec<&'static str>,
}

impl Sum {
    pub(crate) fn of(world: &World, member: MemberId) -> Self {
        Self::read(&world.conn, member)
    }

    pub(crate) fn read(conn: &rusqlite::Connection, member: MemberId) -> Self {
        let (points, credited_ms) = (sum_of_points(conn, member), sum_of_credit(conn, member));
        Self { points, credited_ms, flagged: flags(conn, member) }
    }
}

/// What a member has in the end who does `this` with a new phone in a county of its own. Cheat and honest member are the
/// same person in two counties, so that their checks come at the same moments.
pub(crate) fn run(this: impl FnOnce(&mut World, &mut Phone)) -> Sum {
    let mut world = World::new();
    let mut phone = Phone::new(&mut world, ME, 1);
    this(&mut world, &mut phone);
    Sum::of(&world, ME)
}

/// A line of the table.
pub(crate) struct Line {
    pub(crate) cheat: &'static str,
    pub(crate) honest: Sum,
    pub(crate) cheating: Sum,
    pub(crate) class: Class,
}

impl Line {
    /// The cheat and what it gained; fails if it paid, or if the class is not what the figures say.
    pub(crate) fn new(cheat: &'static str, honest: Sum, cheating: Sum, class: Class) -> Self {
        assert!(honest.flagged.is_empty(), "{cheat}: the honest member was flagged: {honest:?}");
        assert!(cheating.points <= honest.points, "{cheat} pays: {cheating:?} beside {honest:?}");
        assert!(cheating.credited_ms <= honest.credited_ms, "{cheat} gives time: {cheating:?} beside {honest:?}");
        match class {
            Class::Prevented => {}
            Class::Detected => assert!(!cheating.flagged.is_empty(), "{cheat}: nobody was told"),
            Class::Residue => assert!(cheating.flagged.is_empty(), "{cheat}: {:?}", cheating.flagged),
        }
        Self { cheat, honest, cheating, class }
    }
}

type Script = fn() -> Vec<Line>;

/// The attacks seen in public scripts.
const SCRIPTS: &[Script] = &[
    attention::page_left_open,
    attention::hidden_player,
    attention::accessibility_tapping,
    items::two_items_at_once,
    items::seeking_to_the_end,
    items::stopping_at_the_cap,
    relay::session_relay,
    identity::many_accounts_on_one_machine,
    identity::emulators,
    identity::old_app_versions,
    quiz::quiz_banks,
    items::reopening_the_same_item,
    items::only_short_videos,
    attention::background_audio,
    forgery::clock_changes,
    forgery::offline_forgery,
    forgery::replay,
];

#[test]
fn no_published_cheat_gains_over_an_honest_member() {
    let mut table = format!(
        "{:<58} {:>6} {:>6} {:>9} {:>9}  {:<32} class\n",
        "cheat", "honest", "cheat", "honest s", "cheat s", "flagged"
    );
    for line in SCRIPTS.iter().flat_map(|script| script()) {
        table += &format!(
            "{:<58} {:>6} {:>6} {:>9} {:>9}  {:<32} {}\n",
            line.cheat,
            line.honest.points,
            line.cheating.points,
            line.honest.credited_ms / 1_000,
            line.cheating.credited_ms / 1_000,
            line.cheating.flagged.join(", "),
            format!("{:?}", line.class).to_lowercase()
        );
    }
    println!("points and credited seconds of an honest member and of the cheat\n{table}");
}
