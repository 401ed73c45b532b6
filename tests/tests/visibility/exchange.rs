//! One random county at work: members sign in, things happen between their pulls and in the middle of them, and whatever
//! the server sends is compared with the oracle.

use std::collections::{BTreeMap, BTreeSet};

use dangjian_domain::id::MemberId;
use dangjian_domain::op::Action;
use dangjian_domain::time::Timestamp;
use dangjian_protocol::error::ErrorCode;
use dangjian_protocol::message::{Decision, SyncReply};
use dangjian_protocol::random::{Random, SplitMix};
use dangjian_protocol::sign::SoftwareKey;
use dangjian_tests::oracle::{self, Cells, FeedName};
use dangjian_tests::people::{SmallCounty, below, number, one_in};
use dangjian_tests::sim::Server;

use crate::changes::{Past, happen, idea};
use crate::county::{Size, county};
use crate::device::Device;
use crate::naive::{Key, NaivePhone, open};

const SIZE: Size = Size { orgs: 11, members: 6, some: 7, many: 16, long: 200 };
const LONG: usize = 200;

/// What was done, for the last line of the test.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Counts {
    pub(crate) cases: u64,
    pub(crate) members: u64,
    pub(crate) exchanges: u64,
    pub(crate) rows_sent: u64,
    pub(crate) settled: u64,
    pub(crate) rows_compared: u64,
    pub(crate) changes: u64,
    pub(crate) accepted: u64,
    pub(crate) moves: u64,
    pub(crate) refused: u64,
    pub(crate) grants_changed: u64,
    pub(crate) locked_out: u64,
}

impl std::ops::AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.cases += other.cases;
        self.members += other.members;
        self.exchanges += other.exchanges;
        self.rows_sent += other.rows_sent;
        self.settled += other.settled;
        self.rows_compared += other.rows_compared;
        self.changes += other.changes;
        self.accepted += other.accepted;
        self.moves += other.moves;
        self.refused += other.refused;
        self.grants_changed += other.grants_changed;
        self.locked_out += other.locked_out;
    }
}

/// The oracle's word.
struct Seen {
    /// As of which change.
    changed: u64,
    feeds: BTreeSet<FeedName>,
    rows: BTreeMap<Key, Cells>,
}

struct Watched {
    device: Device,
    phone: NaivePhone,
    /// What the member may see, once that was asked.
    seen: Option<Seen>,
    page: u32,
}

struct Case {
    random: SplitMix,
    server: Server,
    now: Timestamp,
    changed: u64,
    past: Past,
    counts: Counts,
}

/// Runs the case of `seed`. `keys` are for devices; which key it is does not matter.
pub(crate) fn run(seed: u64, keys: &[SoftwareKey]) -> Counts {
    let mut random = SplitMix(seed);
    let people = county(&mut random, SIZE);
    let now = Timestamp(1_790_000_000_000);
    let server = Server::new(random.next_u64(), &people, now);
    let mut case = Case { random, server, now, changed: 0, past: Past::default(), counts: Counts::default() };
    case.counts.cases = 1;
    let mut watched = case.sign_in(&people, keys);
    for round in 0..3 + below(&mut case.random, 3) {
        if round > 0 {
            for _ in 0..1 + below(&mut case.random, 3) {
                case.something(&mut watched);
            }
        }
        let one = below(&mut case.random, watched.len().max(1));
        if let Some(watched) = watched.get_mut(one) {
            case.pull(watched);
        }
    }
    for watched in &mut watched {
        case.pull(watched);
    }
    case.counts
}

impl Case {
    /// The officer, and one or two others.
    fn sign_in(&mut self, people: &SmallCounty, keys: &[SoftwareKey]) -> Vec<Watched> {
        let mut watched: Vec<Watched> = vec![];
        let wanted = 2 + usize::from(one_in(&mut self.random, 3));
        for (at, key) in keys.iter().enumerate().take(wanted) {
            let place = if at == 0 { 0 } else { below(&mut self.random, people.members.len()) };
            let member = people.members[place].0;
            if watched.iter().any(|other| other.device.member == member) {
                continue;
            }
            let login = number(place);
            match Device::sign_in(&mut self.server, &mut self.random, self.now, member, login, key) {
                Ok(device) => {
                    let page = [5, 12, 40, 20_000][below(&mut self.random, 4)];
                    watched.push(Watched { device, phone: NaivePhone::default(), seen: None, page });
                }
                Err(code) => {
                    assert_eq!(code, ErrorCode::Forbidden, "who may use the system can't sign in");
                    assert!(self.may_see_nothing(member));
                    self.counts.locked_out += 1;
                }
            }
        }
        self.counts.members += watched.len() as u64;
        watched
    }

    fn may_see_nothing(&self, member: MemberId) -> bool {
        oracle::may_see(self.server.conn(), &member.0.0).is_empty()
    }

    fn happen(&mut self) {
        if happen(&mut self.random, self.server.conn(), self.now, LONG, &mut self.past) {
            self.changed += 1;
            self.counts.changes += 1;
        }
    }

    /// Something changes: by an operation of somebody with a phone, or otherwise.
    fn something(&mut self, watched: &mut [Watched]) {
        self.now = self.now.plus_ms(1_000);
        if watched.is_empty() || one_in(&mut self.random, 2) {
            return self.happen();
        }
        // Mostly the officer's.
        let by = if one_in(&mut self.random, 3) { below(&mut self.random, watched.len()) } else { 0 };
        let watched = &mut watched[by];
        let mut actions = vec![];
        for _ in 0..1 + below(&mut self.random, 3) {
            actions.extend(idea(&mut self.random, self.server.conn(), watched.device.member, LONG));
        }
        if actions.is_empty() {
            return;
        }
        let page = if one_in(&mut self.random, 2) { 0 } else { watched.page };
        let cursor = watched.phone.cursor();
        // Who may not use the system any more is refused with it.
        let reply = watched.device.sync(&mut self.server, &mut self.random, self.now, cursor, page, &actions);
        self.changed += 1;
        let Some(reply) = self.admitted(watched, reply) else { return };
        assert_eq!(reply.verdicts.len(), actions.len());
        for (verdict, action) in reply.verdicts.iter().zip(&actions) {
            match verdict.decision {
                Decision::Accepted => {
                    self.counts.accepted += 1;
                    self.counts.moves += u64::from(matches!(action, Action::MoveMember(_)));
                }
                Decision::Refused => self.counts.refused += 1,
                Decision::Held => panic!("an operation of a known kind is held"),
            }
        }
        self.take(watched, &reply);
        let mut effects = reply.verdicts.iter().flat_map(|verdict| &verdict.effects);
        assert!(effects.all(|effect| watched.phone.feeds.contains_key(&effect.feed)));
    }

    /// What the oracle says, asked again after each change.
    fn look<'w>(&self, watched: &'w mut Watched) -> &'w Seen {
        let (conn, member) = (self.server.conn(), &watched.device.member.0.0);
        let seen = watched.seen.take().filter(|seen| seen.changed == self.changed);
        watched.seen.insert(seen.unwrap_or_else(|| {
            let feeds = oracle::may_see(conn, member);
            let rows = oracle::seen_by(conn, &feeds);
            Seen { changed: self.changed, feeds, rows }
        }))
    }

    /// The reply, if there is one, which is so exactly if the member holds anything.
    fn admitted(&mut self, watched: &mut Watched, reply: Result<SyncReply, ErrorCode>) -> Option<SyncReply> {
        let nothing = self.look(watched).feeds.is_empty();
        match reply {
            Ok(reply) => {
                assert!(!nothing, "who may see nothing is answered");
                Some(reply)
            }
            Err(code) => {
                assert_eq!(code, ErrorCode::Forbidden);
                assert!(nothing, "who may see something is refused");
                self.counts.locked_out += 1;
                None
            }
        }
    }

    /// Checks all that the reply says against the oracle, and lets the phone have it.
    fn take(&mut self, watched: &mut Watched, reply: &SyncReply) {
        self.counts.exchanges += 1;
        self.look(watched);
        let seen = watched.seen.as_ref().unwrap();
        let visible = &seen.rows;
        let opened = open(reply);
        for (key, row) in opened.iter().flat_map(|opened| &opened.rows) {
            assert_eq!(
                visible.get(key),
                Some(row),
                "a row left the server for who may not see it, or not as it stands"
            );
            self.counts.rows_sent += 1;
        }
        watched.phone.take(reply, opened);
        if reply.grant.is_some() {
            self.counts.grants_changed += 1;
            let held: BTreeSet<FeedName> = watched.phone.feeds.values().cloned().collect();
            assert_eq!(seen.feeds, held, "the grant");
        }
        if reply.more {
            assert!(reply.checks.is_empty());
            return;
        }
        // The phone has everything: exactly what may be seen, nothing older, nothing else.
        assert!(watched.phone.rows == *visible, "{}", difference(&watched.phone.rows, visible));
        watched.phone.compare_checks(reply);
        self.counts.settled += 1;
        self.counts.rows_compared += visible.len() as u64;
    }

    /// Pulls until there is nothing more; things go on meanwhile, sometimes.
    fn pull(&mut self, watched: &mut Watched) {
        for turn in 0..1_000 {
            self.now = self.now.plus_ms(1_000);
            let cursor = watched.phone.cursor();
            let (server, random) = (&mut self.server, &mut self.random);
            let reply = watched.device.sync(server, random, self.now, cursor, watched.page, &[]);
            let Some(reply) = self.admitted(watched, reply) else { return };
            self.take(watched, &reply);
            if !reply.more {
                return;
            }
            if turn < 8 && one_in(&mut self.random, 5) {
                self.happen();
            }
        }
        panic!("the server never comes to an end");
    }
}

fn difference(have: &BTreeMap<Key, Cells>, should: &BTreeMap<Key, Cells>) -> String {
    let mut text = String::from("the phone differs from what may be seen:");
    for (key, row) in should {
        if have.get(key) != Some(row) {
            text += &format!("\n  {} {:02x?}: has {:?}, should be {row:?}", key.0, key.1, have.get(key));
        }
    }
    for key in have.keys().filter(|key| !should.contains_key(*key)) {
        text += &format!("\n  {} {:02x?} should not be there: {:?}", key.0, key.1, have[key]);
    }
    text
}
