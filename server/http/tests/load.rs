//! What 3,000 open streams cost, measured against the program itself: `cargo test -p dangjian-http --test load --
//! --ignored --nocapture`.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "helpers of tests")]

mod support;

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use dangjian_domain::id::{MemberId, NoticeId, OrgId};
use dangjian_domain::op::{Action, PublishNotice, ReadNotice};
use dangjian_domain::rows::{Member, MemberStatus, NoticeScope, Synced};
use dangjian_domain::time::CivilDay;
use dangjian_protocol::http::Encoding;
use dangjian_protocol::message::Decision;
use support::phone::{Phone, code_of};
use tokio::io::AsyncReadExt;

const STREAMS: usize = 3_000;
const TODAY: CivilDay = CivilDay(20_780);

struct Program(Child, std::net::SocketAddr);

impl Program {
    fn start(folder: &std::path::Path) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_dangjian-server"))
            .args(["--listen", "127.0.0.1:0", "--quick-passwords", "--seed-county", "7", "--today", "2026-11-23"])
            .arg("--data")
            .arg(folder)
            .env("RUST_LOG", "warn")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let addr = line.trim().strip_prefix("listening http://").unwrap().parse().unwrap();
        Self(child, addr)
    }

    fn resident_mb(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.0.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() / 1024
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn publish(org: OrgId, scope: NoticeScope) -> Action {
    Action::PublishNotice(PublishNotice {
        org, scope, title: "通知".to_owned(), body: "请及时查看。".to_owned()
    })
}

/// Publishes and gives the times until the reply and until the hints of `expected` streams, sorted.
fn measure(phone: &mut Phone, action: &Action, arrived: &mpsc::Receiver<Instant>, expected: usize) {
    while arrived.recv_timeout(Duration::from_millis(300)).is_ok() {}
    let began = Instant::now();
    let reply = phone.act(action);
    let replied = began.elapsed();
    assert_eq!(reply.verdicts[0].decision, Decision::Accepted, "{:?}", reply.verdicts);
    let mut times: Vec<_> =
        (0..expected).map(|_| arrived.recv_timeout(Duration::from_secs(10)).unwrap().duration_since(began)).collect();
    times.sort();
    println!(
        "reply {replied:?}; {expected} hints: first {:?}, median {:?}, last {:?}",
        times[0],
        times[expected / 2],
        times[expected - 1]
    );
}

#[test]
#[ignore = "a measurement"]
fn three_thousand_streams() {
    rlimit::increase_nofile_limit(16_000).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let began = Instant::now();
    let program = Program::start(folder.path());
    println!("loaded and listening after {:?}, {} MB", began.elapsed(), program.resident_mb());
    let county = dangjian_seed::generate(7, TODAY);
    let mut members: Vec<_> = county
        .rows
        .iter()
        .filter_map(|row| Member::from_row(row).ok())
        .filter(|member| member.status == MemberStatus::Active)
        .map(|member| (MemberId(member.id), member.number))
        .collect();
    let first = |id: &MemberId| {
        let people = &county.people;
        !(people.dongguan_members.contains(id) || *id == people.county_officer)
    };
    members.sort_by_key(|(id, _)| first(id));
    members.truncate(STREAMS);

    let began = Instant::now();
    let addr = program.1;
    let mut phones: Vec<Phone> = std::thread::scope(|scope| {
        let parts = members.chunks(STREAMS / 16 + 1).enumerate();
        let threads: Vec<_> = parts
            .map(|(part, members)| {
                let folder = folder.path();
                scope.spawn(move || {
                    let one = |(at, (id, login)): (usize, &(MemberId, String))| {
                        let code = code_of(folder, *id);
                        let mut phone =
                            Phone::enrolled(addr, Encoding::Cbor, (*id, login, &code), (part * 10_000 + at) as u64);
                        phone.reconnect();
                        phone
                    };
                    members.iter().enumerate().map(one).collect::<Vec<_>>()
                })
            })
            .collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    let took = began.elapsed();
    println!("{STREAMS} phones enrolled in {took:?} (four requests each, three with a commit)");

    let before = program.resident_mb();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let (sender, arrived) = mpsc::channel();
    let began = Instant::now();
    for phone in &phones {
        let stream = phone.hints().into_stream();
        stream.set_nonblocking(true).unwrap();
        let sender = sender.clone();
        runtime.spawn(async move {
            let mut stream = tokio::net::TcpStream::from_std(stream).unwrap();
            let mut bytes = [0; 512];
            while let Ok(length @ 1..) = stream.read(&mut bytes).await {
                if bytes[..length].windows(6).any(|part| part == b"\"feed\"") {
                    sender.send(Instant::now()).unwrap();
                }
            }
        });
    }
    println!(
        "{STREAMS} streams opened in {:?}, {before} MB before, {} MB after",
        began.elapsed(),
        program.resident_mb()
    );

    let people = &county.people;
    let find = |id: MemberId| phones.iter().position(|phone| phone.member == id).unwrap();
    let (secretary, officer) = (find(people.dongguan_secretary), find(people.county_officer));
    phones[secretary].sync_all();
    phones[officer].sync_all();
    for _ in 0..5 {
        let expected = people.dongguan_members.len();
        measure(&mut phones[secretary], &publish(people.dongguan_third, NoticeScope::Branch), &arrived, expected);
    }
    for _ in 0..3 {
        measure(&mut phones[officer], &publish(county.root, NoticeScope::Subtree), &arrived, STREAMS);
    }
    println!("{} MB with all streams", program.resident_mb());

    let notice = NoticeId(phones[officer].last.0);
    let began = Instant::now();
    let mut times: Vec<Duration> = std::thread::scope(|scope| {
        let parts = phones.chunks_mut(STREAMS / 16 + 1);
        let threads: Vec<_> = parts
            .map(|phones| {
                let read = move |phone: &mut Phone| {
                    phone.max_rows = 0;
                    let began = Instant::now();
                    let reply = phone.act(&Action::ReadNotice(ReadNotice { notice }));
                    assert_eq!(reply.verdicts[0].decision, Decision::Accepted, "{:?}", reply.verdicts);
                    phone.reconnect();
                    began.elapsed()
                };
                scope.spawn(move || phones.iter_mut().map(read).collect::<Vec<_>>())
            })
            .collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    times.sort();
    let took = began.elapsed();
    println!(
        "{STREAMS} receipts by 16 at a time in {took:?}, {:.0} a second; median {:?}, 99th of 100 {:?}",
        STREAMS as f64 / took.as_secs_f64(),
        times[STREAMS / 2],
        times[STREAMS * 99 / 100]
    );
}
