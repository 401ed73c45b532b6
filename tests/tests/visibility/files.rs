//! Real phone files without a key: what may be seen stands in them, and nothing else does once the phone heard of it.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::Path;

use dangjian_domain::id::MemberId;
use dangjian_domain::op::Action;
use dangjian_domain::time::Timestamp;
use dangjian_engine::{AppError, CmdId, Command, Done, Effect, Input};
use dangjian_protocol::random::{Random, SplitMix};
use dangjian_tests::oracle;
use dangjian_tests::people::{below, number, one_in};
use dangjian_tests::sim::{Phone, Server};
use rusqlite::Connection;
use rusqlite::types::Value;

use crate::changes::{Past, happen, idea, loss};
use crate::county::{Size, county, marks_in};

const SMALL: Size = Size { orgs: 9, members: 6, some: 7, many: 20, long: 300 };
/// Enough for trees of pages that are split and joined, and texts over several of them.
const LARGE: Size = Size { orgs: 14, members: 60, some: 50, many: 500, long: 3_900 };

type Mark = [u8; 16];

/// What was done, for the last line of the test.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Counts {
    pub(crate) cases: u64,
    pub(crate) phones: u64,
    pub(crate) large: u64,
    /// Marks that were looked for and found.
    pub(crate) found: u64,
    /// Times that a phone lost something, and how many marks stood in its files before and not after.
    pub(crate) losses: u64,
    pub(crate) lost: u64,
    /// Of these times, how often the store itself had emptied the log.
    pub(crate) emptied: u64,
    pub(crate) locked_out: u64,
    pub(crate) bytes: u64,
}

impl std::ops::AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.cases += other.cases;
        self.phones += other.phones;
        self.large += other.large;
        self.found += other.found;
        self.losses += other.losses;
        self.lost += other.lost;
        self.emptied += other.emptied;
        self.locked_out += other.locked_out;
        self.bytes += other.bytes;
    }
}

struct Handset {
    phone: Phone,
    /// Marks of what the person typed, and of the name they signed in with.
    typed: BTreeSet<Mark>,
    /// What stood in its mirror after its last exchange.
    before: BTreeSet<Mark>,
    wake: Option<i64>,
    /// Whether it may have exchanged since.
    acted: bool,
    locked: bool,
}

struct Case {
    random: SplitMix,
    server: Server,
    at: i64,
    commands: u64,
    long: usize,
    counts: Counts,
}

/// Runs the case of `seed`.
pub(crate) fn run(seed: u64) -> Counts {
    let mut random = SplitMix(seed);
    let large = one_in(&mut random, 8);
    let size = if large { LARGE } else { SMALL };
    let people = county(&mut random, size);
    let at = 1_790_000_000_000;
    let server = Server::new(random.next_u64(), &people, Timestamp(at));
    let mut case = Case { random, server, at, commands: 0, long: size.long, counts: Counts::default() };
    case.counts.cases = 1;
    case.counts.large = u64::from(large);
    let memory = Path::new("/dev/shm");
    let dir = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }.unwrap();

    // The officer's phone, and somebody's.
    let mut handsets: Vec<Handset> = vec![];
    for at in 0..people.members.len().min(6) {
        let member = people.members[at].0;
        let phone = Phone::new(&mut case.random, member, number(at), dir.path().join(format!("phone-{at}")));
        let mut handset =
            Handset { phone, typed: BTreeSet::new(), before: BTreeSet::new(), wake: None, acted: true, locked: false };
        handset.phone.start();
        if case.sign_in(&mut handset) {
            case.counts.phones += 1;
            handsets.push(handset);
        }
        if handsets.len() == 2 {
            break;
        }
    }
    for handset in &mut handsets {
        case.look(handset);
    }
    let mut past = Past::default();
    for _ in 0..2 + below(&mut case.random, 3) {
        let one = below(&mut case.random, handsets.len());
        case.change(&mut handsets, one, &mut past);
        for handset in &mut handsets {
            case.look(handset);
        }
    }
    case.counts
}

impl Case {
    fn sign_in(&mut self, handset: &mut Handset) -> bool {
        let member = handset.phone.member;
        let code = self.server.codes.iter().find(|code| code.0 == member).unwrap().1.clone();
        let login = handset.phone.login.clone();
        let command = Command::Activate { login, code, password: "枧头河水 2026".to_owned() };
        match self.command(handset, command) {
            Ok(Done::SignedIn { name, .. }) => {
                handset.typed.extend(marks_in(name.as_bytes()));
                true
            }
            other => {
                assert!(oracle::may_see(self.server.conn(), &member.0.0).is_empty(), "{other:?}");
                self.counts.locked_out += 1;
                false
            }
        }
    }

    /// Something by which the phone `one` may lose something.
    fn change(&mut self, handsets: &mut [Handset], one: usize, past: &mut Past) {
        self.at += 1_000;
        let by = below(&mut self.random, 3).min(handsets.len() - 1);
        let actor = handsets[by].phone.member;
        let moved = handsets[one].phone.member;
        let (random, conn, now) = (&mut self.random, self.server.conn(), Timestamp(self.at));
        match below(random, 10) {
            0..=4 => drop(loss(random, conn, now, moved)),
            5 | 6 => drop(happen(random, conn, now, self.long, past)),
            _ => {
                let Some(action) = idea(random, conn, actor, self.long) else { return };
                if handsets[by].locked {
                    return;
                }
                handsets[by].acted = true;
                handsets[by].typed.extend(typed(&action));
                // The phone may refuse it at once.
                let _ = self.command(&mut handsets[by], Command::Act(action));
            }
        }
    }

    /// Has the phone do something, until it has answered and has nothing more to do.
    fn command(&mut self, handset: &mut Handset, command: Command) -> Result<Done, AppError> {
        self.commands += 1;
        let command_id = CmdId(self.commands);
        let mut queue = VecDeque::from([Input::Command(command_id, command)]);
        let mut answer = None;
        for _ in 0..100_000 {
            self.at += 1;
            let input = match (queue.pop_front(), handset.wake) {
                (Some(input), _) => input,
                (None, Some(wake)) if answer.is_none() => {
                    self.at = self.at.max(wake);
                    handset.wake = None;
                    Input::Tick
                }
                (None, _) => break,
            };
            let now = handset.phone.now(self.at);
            let on = handset.phone.on.as_mut().unwrap();
            let mut effects = vec![];
            on.engine.step(now, &mut self.random, input, &mut effects);
            for effect in effects {
                match effect {
                    Effect::Send(id, request) => {
                        let response = self.server.answer(Timestamp(self.at), &request).response;
                        queue.push_back(Input::Net(id, Ok(response)));
                    }
                    Effect::Sign(id, _, bytes) => {
                        queue.push_back(Input::Signed(id, Ok(handset.phone.key.sign(&bytes).unwrap())));
                    }
                    Effect::Mirror(id, task) => queue.push_back(Input::Applied(id, on.mirror.run(task))),
                    Effect::Reply(id, result) if id == command_id => answer = Some(result),
                    Effect::WakeAt(at) => handset.wake = Some(self.at + at.0 - now.mono.0),
                    Effect::Wipe => panic!("nobody revokes a phone here"),
                    _ => {}
                }
            }
        }
        answer.unwrap()
    }

    /// The texts of each row that may be seen, of rows that have any.
    fn may_be_seen(&self, member: MemberId) -> BTreeMap<(String, Vec<u8>), BTreeSet<Mark>> {
        let texts = |cells: oracle::Cells| {
            let text = |value: &Value| match value {
                Value::Text(text) => marks_in(text.as_bytes()),
                _ => BTreeSet::new(),
            };
            cells.values().flat_map(text).collect::<BTreeSet<_>>()
        };
        let visible = oracle::visible(self.server.conn(), &member.0.0);
        visible.into_iter().map(|(key, cells)| (key, texts(cells))).filter(|row| !row.1.is_empty()).collect()
    }

    /// Has the phone exchange and looks through its files, before and after.
    fn look(&mut self, handset: &mut Handset) {
        if handset.locked {
            return;
        }
        let member = handset.phone.member;
        let dir = handset.phone.files.dir.clone();
        let stood = scan(&dir, "mirror-").0;
        assert!(handset.acted || stood == handset.before, "a mirror changed without an exchange");
        handset.acted = false;
        if let Err(error) = self.command(handset, Command::Sync) {
            assert!(self.may_be_seen(member).is_empty(), "{error:?}");
            assert!(handset.phone.on.as_ref().unwrap().engine.needs_sign_in());
            handset.locked = true;
            self.counts.locked_out += 1;
            return;
        }
        let may = self.may_be_seen(member);
        let held: BTreeSet<Mark> = may.values().flatten().copied().collect();
        let lost: BTreeSet<Mark> = handset.before.difference(&held).copied().collect();
        if !lost.is_empty() {
            self.counts.losses += 1;
            self.counts.lost += lost.len() as u64;
            self.counts.emptied += u64::from(scan(&dir, "mirror-").0.is_disjoint(&lost));
        }
        for entry in std::fs::read_dir(&dir).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|extension| extension == "db") {
                checkpoint(&path);
            }
        }

        let (found, bytes) = scan(&dir, "mirror-");
        self.counts.bytes += bytes;
        let (at, name) = (self.at, &handset.phone.login);
        for (row, marks) in &may {
            assert!(!marks.is_disjoint(&found), "{at} {name}: a row of {} that may be seen is not in the file", row.0);
        }
        self.counts.found += found.len() as u64;
        assert!(found.is_subset(&held), "{at} {name}: {} texts stayed in the mirror", found.difference(&held).count());
        let rest: BTreeSet<Mark> = scan(&dir, "").0.difference(&held).copied().collect();
        let earlier = earlier_words(&handset.phone.files.own(), &oracle::visible(self.server.conn(), &member.0.0));
        let rest: Vec<&Mark> = rest.difference(&handset.typed).filter(|mark| !earlier.contains(*mark)).collect();
        assert!(rest.is_empty(), "{at} {name}: {} texts stayed in other files: {}", rest.len(), places(&dir, rest[0]));
        handset.before = found;
    }
}

/// What the person typed in an operation.
fn typed(action: &Action) -> BTreeSet<Mark> {
    marks_in(&action.encode())
}

/// The marks in the files whose names begin so, and how many bytes they have.
fn scan(dir: &Path, prefix: &str) -> (BTreeSet<Mark>, u64) {
    let (mut found, mut length) = (BTreeSet::new(), 0);
    for entry in std::fs::read_dir(dir).unwrap() {
        let entry = entry.unwrap();
        if entry.file_name().to_string_lossy().starts_with(prefix) {
            let bytes = std::fs::read(entry.path()).unwrap();
            length += bytes.len() as u64;
            found.extend(marks_in(&bytes));
        }
    }
    (found, length)
}

/// What the phone's operations once made of rows that may still be seen: their texts may have changed since.
fn earlier_words(own: &Path, may: &BTreeMap<(String, Vec<u8>), oracle::Cells>) -> BTreeSet<Mark> {
    let conn = Connection::open(own).unwrap();
    let mut found = BTreeSet::new();
    for (table, _) in oracle::TABLES {
        for row in oracle::rows(&conn, &format!("overlay_{table}")) {
            let Value::Blob(id) = &row["id"] else { panic!("an id") };
            if may.contains_key(&((*table).to_owned(), id.clone())) {
                let texts =
                    row.values().filter_map(|value| if let Value::Text(text) = value { Some(text) } else { None });
                found.extend(texts.flat_map(|text| marks_in(text.as_bytes())));
            }
        }
    }
    found
}

/// In which files a mark is, and what stands before it.
fn places(dir: &Path, mark: &Mark) -> String {
    let mut places = String::new();
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        for (at, _) in bytes.windows(16).enumerate().filter(|(_, window)| window == mark) {
            let around = String::from_utf8_lossy(&bytes[at.saturating_sub(120)..at + 16]).replace('\0', ".");
            places += &format!("\n  {} at {at}: {around:?}", path.display());
        }
    }
    places
}

/// Moves the log into the file and empties it.
fn checkpoint(path: &Path) {
    let conn = Connection::open(path).unwrap();
    let busy: i64 = conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0)).unwrap();
    assert_eq!(busy, 0, "somebody still reads");
}
