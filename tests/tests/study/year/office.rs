//! The year of a few members through the server, and its tables read back.

use std::collections::BTreeMap;

use dangjian_county::{County, Sqlite};
use dangjian_domain::id::{MemberId, OpId, OrgId, RowId};
use dangjian_domain::op::{Action, AnswerQuiz};
use dangjian_domain::points::post::{Given, Period, post};
use dangjian_domain::points::rules::{FactKind, Switches};
use dangjian_domain::rows::{ItemProgress, LedgerEntry, Member, QuizDraw, Score, StudyDay, Synced};
use dangjian_domain::schema::{ColumnType, Row, Value};
use dangjian_domain::study::lease::Lease;
use dangjian_domain::time::{Quarter, Timestamp};
use dangjian_protocol::message::Decision;
use dangjian_protocol::op::Operation;
use dangjian_protocol::random::{Random as _, SplitMix};
use dangjian_tests::study::{BRANCH, ELSEWHERE, OFFICER, Office, Phone, learner};
use rusqlite::Connection;
use rusqlite::types::ValueRef;

use super::Counts;
use super::compare::{Stored, compare};
use super::facts::quarter_code;
use super::recompute::{Done, Recomputed};
use super::without::{action, other_fact, reversal};
use dangjian_tests::study::plan::{Act, Contact, Planner, first_day, items};

/// Somebody with their phones.
struct Somebody {
    member: MemberId,
    phones: Vec<Phone>,
    leases: BTreeMap<(usize, RowId), Vec<u8>>,
    /// When they moved.
    moved: Option<Timestamp>,
    /// What no operation says, with when it came.
    others: Vec<(Timestamp, Done)>,
}

/// The year of `members` members.
pub(crate) fn year(seed: u64, members: usize) -> Counts {
    let mut run = Run::new(seed, members);
    run.days(365);
    run.compare()
}

/// A county in the middle of such a year.
pub(crate) struct Run {
    pub(crate) office: Office,
    officer: Phone,
    random: SplitMix,
    people: Vec<(Planner, Somebody)>,
    counts: Counts,
}

impl Run {
    pub(crate) fn new(seed: u64, members: usize) -> Self {
        let mut office = Office::in_memory(first_day().start(), members, &items(), &super::rules());
        let officer = office.phone(OFFICER);
        let mut random = SplitMix(seed);
        let mut people = vec![];
        for n in 0..members {
            let planner = Planner::new(random.next_u64(), learner(n), 60);
            let phones = (0..planner.devices()).map(|_| office.phone(learner(n))).collect();
            let somebody =
                Somebody { member: learner(n), phones, leases: BTreeMap::new(), moved: None, others: vec![] };
            people.push((planner, somebody));
        }
        Self { office, officer, random, people, counts: Counts::default() }
    }

    /// The first days of the year, and where everybody stands at the end of the last.
    pub(crate) fn days(&mut self, days: i32) {
        // Who studies past midnight hands in on the next day.
        let mut contacts: Vec<(usize, Contact)> = vec![];
        for n in 0..days {
            let day = first_day().plus_days(n);
            for (at, (planner, _)) in self.people.iter_mut().enumerate() {
                contacts.extend(planner.day(day).into_iter().map(|contact| (at, contact)));
            }
            contacts.sort_by_key(|(_, contact)| contact.at);
            let today = contacts.partition_point(|(_, contact)| contact.at < day.plus_days(1).start());
            for (at, contact) in contacts.drain(..today) {
                self.office.now = contact.at;
                let (random, counts) = (&mut self.random, &mut self.counts);
                self.people[at].1.contact(&mut self.office, &mut self.officer, &contact, random, counts);
            }
        }
        self.office.now = first_day().plus_days(days).start().plus_ms(-1);
        let boards = County::boards(self.office.now, &mut Sqlite(&self.office.conn)).unwrap();
        self.office.change(&boards.rows, &boards.removed);
    }

    /// Holds what stands to be what follows from what was accepted.
    pub(crate) fn compare(&self) -> Counts {
        self.people.iter().fold(self.counts, |counts, (_, somebody)| {
            let last = self.office.now.civil_day(0).quarter().unwrap();
            somebody.compare(&self.office.conn, last, counts)
        })
    }
}

/// Sums as [`post`] asks for them, from the server's table.
struct Sums<'c>(&'c Connection);

impl Given for Sums<'_> {
    type Error = rusqlite::Error;

    fn points(&self, subject: RowId, rule: &str, period: Period) -> Result<i64, rusqlite::Error> {
        let (from, to) = match period {
            Period::Day(day) => (day.0.into(), day.0.into()),
            Period::Quarter(quarter) => (quarter_code(quarter), quarter_code(quarter)),
            Period::Year(year) => (quarter_code(Quarter(year * 10 + 1)), quarter_code(Quarter(year * 10 + 4))),
        };
        let sql = "SELECT COALESCE(SUM(posted), 0) FROM rule_sum
                   WHERE subject = ?1 AND rule = ?2 AND period BETWEEN ?3 AND ?4";
        self.0.query_row(sql, (subject.0, rule, from, to), |row| row.get(0))
    }
}

impl Somebody {
    fn contact(
        &mut self,
        office: &mut Office,
        officer: &mut Phone,
        contact: &Contact,
        random: &mut SplitMix,
        counts: &mut Counts,
    ) {
        let phone = &mut self.phones[contact.device];
        (phone.boot, phone.zero) = contact.boot;
        let mut actions = vec![];
        for act in &contact.acts {
            match act {
                Act::Lease(item) => {
                    let token = phone.lease(office, *item).unwrap();
                    self.leases.insert((contact.device, *item), token);
                }
                Act::Moved => {
                    let member: Member = all(&office.conn, "id", self.member.0).remove(0);
                    office.change(&[Member { org: ELSEWHERE, ..member }.to_row()], &[]);
                    self.moved = Some(contact.at);
                }
                Act::Attended | Act::Suggested | Act::Reversed(_) => {}
                act => actions.push(action(act, contact.device, &self.leases)),
            }
        }
        if !actions.is_empty() {
            let verdicts = phone.push(office, &actions);
            counts.operations += verdicts.len() as u64;
            counts.refused += verdicts.iter().filter(|verdict| verdict.decision != Decision::Accepted).count() as u64;
        }
        for act in &contact.acts {
            match act {
                Act::Attended => self.other(office, FactKind::Attendance, contact.at, random),
                Act::Suggested => self.other(office, FactKind::SuggestionAccepted, contact.at, random),
                Act::Reversed(nth) => {
                    let mut entries: Vec<LedgerEntry> = all(&office.conn, "member", self.member.0);
                    entries.sort_by_key(|entry| (entry.day, entry.id));
                    if let Some(entry) = entries.iter().rev().nth(*nth) {
                        let verdict = officer.act(office, &reversal(entry.id));
                        counts.reversed += u64::from(verdict.decision == Decision::Accepted);
                    }
                }
                _ => {}
            }
        }
    }

    fn org(&self, at: Timestamp) -> OrgId {
        if self.moved.is_some_and(|moved| moved <= at) { ELSEWHERE } else { BRANCH }
    }

    fn other(&mut self, office: &mut Office, kind: FactKind, at: Timestamp, random: &mut SplitMix) {
        let (cause, day, org) = (RowId(random.bytes()), at.civil_day(0), self.org(at));
        let fact = other_fact(self.member, cause, kind, org, day);
        let set = super::sets_on(&super::sets(), day);
        let entries = post(&set, &Switches::STANDARD, &fact, &Sums(&office.conn)).unwrap();
        let rows: Vec<Row> = entries.iter().map(Synced::to_row).collect();
        office.change(&rows, &[]);
        self.others.push((at, Done::Other { cause, org, kind, day }));
    }

    /// What the server's tables say was accepted, in that order.
    fn done(&self, conn: &Connection) -> Vec<Done> {
        // When it was received, and what it was: operations before what came after them at the same moment.
        let mut done: Vec<((Timestamp, i64, i64), Done)> = vec![];
        let mut statement = conn
            .prepare(
                "SELECT o.bytes, o.received_at, f.n, f.org, f.offset_ms, f.window_from, f.window_until
                 FROM study_fact f JOIN op o ON o.op_id = f.op_id WHERE f.member = ?1 ORDER BY f.n",
            )
            .unwrap();
        let mut rows = statement.query([self.member.0.0]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            let op = Operation::decode(&row.get::<_, Vec<u8>>(0).unwrap()).unwrap();
            let Ok(Action::RecordStudy(record)) = op.action() else { panic!("no segment") };
            let lease = record.lease.as_ref().map(|token| Lease::split(token).unwrap().0);
            let received = Timestamp(row.get(1).unwrap());
            let (org, window) = (OrgId(RowId(row.get(3).unwrap())), (row.get(5).unwrap(), row.get(6).unwrap()));
            let study = Done::Study { op: op.id, org, record, lease, offset_ms: row.get(4).unwrap(), window };
            done.push(((received, 0, row.get(2).unwrap()), study));
        }
        let sql = "SELECT bytes, received_at, seq, device FROM op WHERE decision = 1 ORDER BY received_at, device, seq";
        let mut statement = conn.prepare(sql).unwrap();
        let mut rows = statement.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            let op = Operation::decode(&row.get::<_, Vec<u8>>(0).unwrap()).unwrap();
            let received = Timestamp(row.get(1).unwrap());
            let (seq, org): (i64, OrgId) = (row.get(2).unwrap(), self.org(received));
            match op.action().unwrap() {
                Action::SignInToday(sign_in) if op.actor == self.member => {
                    let sql = "SELECT offset_ms FROM boot_clock WHERE device = ?1 AND boot = ?2";
                    let device: [u8; 16] = row.get(3).unwrap();
                    let zero: i64 = conn.query_row(sql, (device, sign_in.boot.0), |row| row.get(0)).unwrap();
                    let at = Timestamp(zero + sign_in.at_ms as i64);
                    done.push(((received, 1, seq), Done::SignIn { op: op.id, org, at }));
                }
                Action::AnswerQuiz(answer) if op.actor == self.member => {
                    done.push(((received, 1, seq), self.answered(conn, op.id, &answer, received)));
                }
                Action::ReverseEntry(payload) => {
                    let entry: Option<LedgerEntry> = all(conn, "id", payload.entry).pop();
                    if entry.is_some_and(|entry| entry.member == self.member) {
                        let (entry, reason) = (payload.entry, payload.reason);
                        done.push(((received, 3, seq), Done::Reversed { op: op.id, entry, reason }));
                    }
                }
                _ => {}
            }
        }
        done.extend(self.others.iter().map(|(at, other)| ((*at, 2, 0), other.clone())));
        done.sort_by_key(|(key, _)| *key);
        done.into_iter().map(|(_, done)| done).collect()
    }

    fn answered(&self, conn: &Connection, op: OpId, answer: &AnswerQuiz, at: Timestamp) -> Done {
        let draw: QuizDraw = all(conn, "id", answer.draw).remove(0);
        Done::Answer { op, org: self.org(at), quiz: draw.item, day: draw.day, right: draw.right.unwrap(), at }
    }

    /// Holds the tables to say what follows from what was accepted.
    fn compare(&self, conn: &Connection, last: Quarter, mut counts: Counts) -> Counts {
        let done = self.done(conn);
        counts.segments += done.iter().filter(|done| matches!(done, Done::Study { .. })).count() as u64;
        let sets = super::sets();
        let again = Recomputed::of(&mut super::world_of(self.member), &sets, &done);
        let mut statement =
            conn.prepare("SELECT rule, period, posted, reversed FROM rule_sum WHERE subject = ?1").unwrap();
        let sum = |row: &rusqlite::Row<'_>| Ok(((row.get(0)?, row.get(1)?), (row.get(2)?, row.get(3)?)));
        let sums = statement.query_map([self.member.0.0], sum).unwrap().map(Result::unwrap).collect();
        let mut statement = conn.prepare("SELECT stretches FROM study_cover WHERE member = ?1 ORDER BY day").unwrap();
        let cover = statement.query_map([self.member.0.0], |row| row.get::<_, Vec<u8>>(0)).unwrap();
        let stored = Stored {
            entries: all(conn, "member", self.member.0),
            days: all::<StudyDay>(conn, "member", self.member.0),
            progress: all::<ItemProgress>(conn, "member", self.member.0),
            cover: cover.flat_map(|bytes| unpacked(&bytes.unwrap())).collect(),
            sums,
        };
        let scores: Vec<Score> = all(conn, "subject", self.member.0);
        let score = scores.into_iter().find(|score| score.quarter == last).unwrap();
        let (of, set) = (i64::from(last.0), super::sets_on(&sets, last.last_day().unwrap()));
        assert_eq!((score.score, score.points), (again.score(of, &set), again.by_component(of, &set).values().sum()));
        compare(&stored, &again, &sets, counts)
    }
}

fn unpacked(bytes: &[u8]) -> Vec<(i64, i64)> {
    let number = |at: usize| i64::from_be_bytes(bytes[at..at + 8].try_into().unwrap());
    (0..bytes.len() / 16).map(|n| (number(n * 16), number(n * 16 + 8))).collect()
}

/// The rows of a table whose column is that id.
pub(crate) fn all<T: Synced>(conn: &Connection, column: &str, id: RowId) -> Vec<T> {
    let names: Vec<&str> = T::TABLE.columns.iter().map(|column| column.name).collect();
    let sql = format!("SELECT {} FROM {} WHERE {column} = ?1 ORDER BY id", names.join(", "), T::TABLE.name);
    let mut statement = conn.prepare_cached(&sql).unwrap();
    let rows = statement.query_map([id.0], |cells| {
        let value = |at: usize, kind| match (cells.get_ref(at).unwrap(), kind) {
            (ValueRef::Null, _) => Value::Null,
            (ValueRef::Blob(bytes), ColumnType::Id) => Value::Id(RowId(bytes.try_into().unwrap())),
            (ValueRef::Integer(n), _) => Value::Int(n),
            (text, _) => Value::Text(text.as_str().unwrap().to_owned()),
        };
        let values = T::TABLE.columns.iter().enumerate().map(|(at, column)| value(at, column.kind)).collect();
        Ok(T::from_row(&Row::new(T::TABLE, values).unwrap()).unwrap())
    });
    rows.unwrap().map(Result::unwrap).collect()
}
