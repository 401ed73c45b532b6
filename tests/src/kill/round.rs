//! One server and its phones, from first light to rest, with kills in between.

use std::path::{Path, PathBuf};
use std::time::Duration;

use dangjian_domain::id::{MemberId, OrgId};
use dangjian_domain::rows::OrgKind;
use dangjian_protocol::random::{Random as _, SplitMix};

use super::check;
use super::process::PhoneProcess;
use super::tally::{Moment, Tally};
use crate::people::{SmallCounty, below, one_in};
use crate::prepared::prepare;
use crate::server_process::ServerProcess;

/// The programs under test.
#[derive(Debug, Clone)]
pub struct Programs {
    /// `dangjian-server`.
    pub server: PathBuf,
    /// `phone`.
    pub phone: PathBuf,
}

/// A round. Everything it started is killed when it is dropped.
pub struct Round {
    random: SplitMix,
    people: SmallCounty,
    server: ServerProcess,
    data: PathBuf,
    phones: Vec<PhoneProcess>,
    tally: Tally,
    titles: u64,
    _dir: tempfile::TempDir,
}

const PHONES: usize = 5;
const COMMITTEES: usize = 3;
const MEMBERS: usize = 250;
/// So that a first sync is many exchanges long.
const PAGE_ROWS: u64 = 90;
/// How long coming to rest may take.
const PATIENCE: Duration = Duration::from_secs(60);

impl Round {
    /// A county, its server and its phones, all new; the first sign-ins are on their way.
    pub fn new(programs: &Programs, seed: u64) -> Self {
        let mut random = SplitMix(seed);
        let people = SmallCounty::random(&mut random, COMMITTEES, MEMBERS);
        let dir = tempfile::tempdir().unwrap();
        let data = dir.path().join("server");
        let codes = prepare(&data, &people.rows, &mut random);
        let log = Some(dir.path().join("server.log"));
        let arguments = ["--quick-passwords", "--slot-ms", "1000"];
        let server = ServerProcess::start_logging(&programs.server, &data, "127.0.0.1:0", &arguments, log).unwrap();
        let page_rows = PAGE_ROWS.to_string();
        let phones = chosen(&people).into_iter().enumerate().map(|(at, member)| {
            let (login, code) = codes.of(member).unwrap();
            let arguments = [server.url.as_str(), &member.to_string(), login, code, &page_rows].map(str::to_owned);
            PhoneProcess::new(&programs.phone, dir.path().join(format!("phone-{at}")), member, arguments.into())
        });
        let phones = phones.collect();
        let mut round = Self { random, people, server, data, phones, tally: Tally::default(), titles: 0, _dir: dir };
        round.phones.iter_mut().for_each(PhoneProcess::start);
        round
    }

    /// Lets people come to their phones and work, and kills `kills` processes meanwhile, one after the other: the first third
    /// while phones are new.
    pub fn live(&mut self, kills: u64) {
        while self.tally.killed() < kills / 3 {
            self.people_work(6);
            self.somebody_dies();
        }
        for at in 0..self.phones.len() {
            self.sync(at);
        }
        while self.tally.killed() < kills {
            self.people_work(40);
            self.somebody_dies();
        }
    }

    fn people_work(&mut self, most: usize) {
        for _ in 0..below(&mut self.random, most) {
            self.somebody_does_something();
            if one_in(&mut self.random, 4) {
                self.wait(Duration::from_millis(3));
            }
        }
    }

    fn somebody_dies(&mut self) {
        self.wait(Duration::from_millis(60));
        match below(&mut self.random, 4) {
            0 => self.kill_the_server(),
            _ => self.kill_a_phone(),
        }
    }

    /// Waits a moment, down to microseconds as likely as long: the short ones fall between the steps of one thing.
    fn wait(&mut self, most: Duration) {
        let halvings = (self.random.next_u64() % 14) as u32;
        let most = most.as_micros() as u64 >> halvings.saturating_sub(3);
        std::thread::sleep(Duration::from_micros(self.random.next_u64() % most.max(1)));
    }

    fn kill_a_phone(&mut self) {
        let at = below(&mut self.random, self.phones.len());
        if one_in(&mut self.random, 4) {
            self.aim_at_sign_in(at);
        }
        let phone = &mut self.phones[at];
        *self.tally.kills.entry(phone.moment()).or_default() += 1;
        phone.kill();
        check::all_recorded(phone);
        phone.start();
        // Some die again while they open what the last death left behind; most come so far that they can work.
        if !one_in(&mut self.random, 4) {
            phone.wait(Duration::from_millis(200), |said| said.signed_in);
        } else {
            match below(&mut self.random, 2) {
                0 => self.wait(Duration::from_millis(8)),
                _ => self.aim_at_sign_in(at),
            }
            let phone = &mut self.phones[at];
            *self.tally.kills.entry(phone.moment()).or_default() += 1;
            phone.kill();
            check::all_recorded(phone);
            phone.start();
        }
    }

    /// Sign-in is short: to meet it one has to aim.
    fn aim_at_sign_in(&mut self, at: usize) {
        self.phones[at].wait(Duration::from_millis(200), |said| said.ready);
        self.wait(Duration::from_millis(2));
    }

    fn kill_the_server(&mut self) {
        *self.tally.kills.entry(Moment::ServerAtWork).or_default() += 1;
        self.server.kill();
        self.check_answers();
        if one_in(&mut self.random, 3) {
            *self.tally.kills.entry(Moment::ServerStarting).or_default() += 1;
            let after = Duration::from_micros(self.random.next_u64() % 12_000);
            self.server.restart_and_kill(after).unwrap();
            self.check_answers();
        }
        // People go on meanwhile.
        for _ in 0..below(&mut self.random, 4) {
            self.somebody_does_something();
        }
        self.server.restart().unwrap();
    }

    /// The server is dead: what a phone knows of it by now, it said before.
    fn check_answers(&self) {
        let server = check::open(&self.data.join("county.db"));
        for phone in &self.phones {
            check::all_answered(phone, &server);
        }
    }

    fn somebody_does_something(&mut self) {
        let at = below(&mut self.random, self.phones.len());
        let line = self.idea(self.phones[at].member);
        let phone = &mut self.phones[at];
        // The last try may have failed for want of a server.
        phone.sign_in();
        phone.tell(&line);
    }

    fn idea(&mut self, member: MemberId) -> String {
        let random = &mut self.random;
        self.titles += 1;
        let title = format!("通知{}", self.titles);
        let nth = below(random, 30);
        match below(random, 16) {
            0..=4 => {
                let mine: Vec<OrgId> =
                    self.people.roles.iter().filter(|role| role.0 == member).map(|role| role.1).collect();
                match mine.get(below(random, mine.len())) {
                    Some(org) => format!("publish {org} {title}"),
                    None => format!("read {nth}"),
                }
            }
            5 | 6 => format!("read {nth}"),
            7 | 8 => format!("edit {nth} {title}"),
            9 => format!("withdraw {nth}"),
            10 => {
                let moved = self.people.members[below(random, self.people.members.len())].0;
                let branches: Vec<OrgId> =
                    self.people.orgs.iter().filter(|org| org.2 == OrgKind::Branch).map(|org| org.0).collect();
                format!("move {moved} {}", branches[below(random, branches.len())])
            }
            11 => {
                let org = self.people.orgs[below(random, self.people.orgs.len())].0;
                format!("ledger {org} {}", if one_in(random, 2) { "open" } else { "close" })
            }
            12 => "offline".to_owned(),
            13 => "online".to_owned(),
            14 if one_in(random, 2) => "suspend".to_owned(),
            14 => "resume".to_owned(),
            _ => "sync".to_owned(),
        }
    }

    /// Ends the killing, lets everybody come to rest, and compares.
    pub fn settle(mut self) -> Tally {
        // What the first push in the first time, the others pull in the second.
        for _ in 0..2 {
            for at in 0..self.phones.len() {
                self.sync(at);
            }
        }
        let server = check::open(&self.data.join("county.db"));
        let mut written = 0;
        for phone in &mut self.phones {
            phone.kill();
            check::all_recorded(phone);
            let (operations, rows) = check::converged(phone, &server);
            let said = phone.said();
            written += operations;
            self.tally.operations += operations;
            self.tally.rows += rows;
            self.tally.recorded += said.recorded.len() as u64;
            for (error, count) in said.errors {
                *self.tally.errors.entry(error).or_default() += count;
            }
        }
        check::counted_once(&server, written);
        self.tally
    }

    fn sync(&mut self, at: usize) {
        let phone = &mut self.phones[at];
        let end = std::time::Instant::now() + PATIENCE;
        loop {
            let before = phone.said();
            for line in ["resume", "online"] {
                phone.tell(line);
            }
            phone.sign_in();
            phone.wait(PATIENCE, |said| !said.signing_in);
            phone.tell("sync");
            let failed = |said: &super::process::Said| said.errors.values().sum::<u64>() > before.errors.values().sum();
            let heard = phone.wait(PATIENCE, |said| (said.signed_in && said.synced > before.synced) || failed(said));
            let said = phone.said();
            if said.signed_in && said.synced > before.synced {
                return;
            }
            assert!(
                heard && std::time::Instant::now() < end,
                "phone {at} does not come to rest; it said {said:?} and logged\n{}\nthe server logged\n{}",
                phone.log(),
                tail(&self.data.with_extension("log"))
            );
            // Not at once: what was refused on the spot would be again.
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

/// Those with roles first: they have the most to do, and the officer has the most rows.
fn chosen(people: &SmallCounty) -> Vec<MemberId> {
    let mut chosen: Vec<MemberId> = vec![];
    let members = people.guests.iter().map(|guest| guest.0).chain(people.members.iter().map(|member| member.0));
    for member in people.roles.iter().map(|role| role.0).take(PHONES - 1).chain(members) {
        if !chosen.contains(&member) && chosen.len() < PHONES {
            chosen.push(member);
        }
    }
    chosen
}

fn tail(log: &Path) -> String {
    let log = std::fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<&str> = log.lines().rev().take(15).collect();
    lines.into_iter().rev().collect::<Vec<_>>().join("\n")
}
