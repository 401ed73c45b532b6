//! A notice: from publishing to committed in the phone's mirror, for 30 phones of a branch; the same while 3,000 hint streams
//! stand open; and for 3,000 phones, all addressed by one notice.
//!
//! All phones are real ones, with files and keys of their own. They live in several processes, as one may not open enough
//! files for all; the server and the publishers' phones are elsewhere, so what is measured crosses processes and is told as
//! time of day.

use std::path::Path;
use std::time::{Duration, SystemTime};

use dangjian_domain::id::{MemberId, OrgId};
use dangjian_domain::rows::NoticeScope;
use dangjian_domain::time::CivilDay;
use serde_json::json;
use tokio::runtime::Runtime;

use super::measure::{median, round, write};
use crate::phones::{Codes, RealPhone, percentile};
use crate::server_process::{ServerProcess, beside};

mod crowd;
mod phones;
mod room;

use crowd::{Crowd, wait_until_open};
pub use phones::hold;

const BRANCH_PHONES: usize = 30;
const ALL_PHONES: usize = 3_000;
const NOTICES: usize = 20;
const ALL_NOTICES: usize = 5;
/// By then the connections of the first syncs, idle, are closed, and what remains open are the hint streams.
const SETTLE: Duration = Duration::from_secs(12);

struct Bench {
    runtime: Runtime,
    server: ServerProcess,
    county: dangjian_seed::County,
    codes: Codes,
    dir: tempfile::TempDir,
}

/// The whole bench.
pub fn run() -> Result<(), String> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = runtime.map_err(|error| error.to_string())?;
    let dir = tempfile::tempdir_in("target").map_err(|error| error.to_string())?;
    let today = CivilDay::from_ymd(2026, 11, 23).ok_or("no such day")?;
    let data = dir.path().join("server");
    let arguments = ["--seed-county", "1", "--today", "2026-11-23", "--quick-passwords", "--slot-ms", "3600000"];
    println!("loading the county …");
    let server = ServerProcess::start(&beside("dangjian-server"), &data, "127.0.0.1:0", &arguments)?;
    let codes = Codes::read(&data.join("activation-codes.csv"))?;
    let bench = Bench { runtime, server, county: dangjian_seed::generate(1, today), codes, dir };
    write("notice", &bench.measure()?)
}

impl Bench {
    fn measure(self) -> Result<serde_json::Value, String> {
        let people = &self.county.people;
        let branch: Vec<MemberId> = people.dongguan_members.iter().copied().take(BRANCH_PHONES + 1).collect();
        let (secretary, readers) = branch.split_first().ok_or("no branch")?;
        println!("{} phones of a branch sign in …", branch.len());
        let secretary = self.open(*secretary, "secretary")?;
        let mut crowds = vec![self.crowd(readers, "branch")?];
        wait_until_open(&mut crowds)?;
        let quiet = self.publish_many(&secretary, &mut crowds, "安静")?;
        tell(&format!("{} phones", readers.len()), &quiet, 50);

        // Other members of the county: their streams stand open, the notices are not for them.
        let mut others: Vec<MemberId> = self.codes.members().collect();
        others.retain(|member| !people.dongguan_members.contains(member) && *member != people.county_officer);
        others.truncate(room::phones(ALL_PHONES)?.saturating_sub(readers.len()));
        let each = others.len().div_ceil(others.len().div_ceil(room::phones_each()?).max(1)).max(1);
        println!("{} more phones sign in, {each} a process …", others.len());
        let mut crowd = vec![];
        for (at, members) in others.chunks(each).enumerate() {
            crowd.push(self.crowd(members, &format!("others-{at}"))?);
        }
        wait_until_open(&mut crowd)?;
        std::thread::sleep(SETTLE);
        let streams = room::connections(&self.server.url)?;
        println!("{streams} hint streams are open, the secretary's among them");
        let busy = self.publish_many(&secretary, &mut crowds, "热闹")?;
        tell(&format!("{} phones, {streams} streams open", readers.len()), &busy, 250);

        crowds.extend(crowd);
        let officer = self.open(people.county_officer, "officer")?;
        let all = self.publish_to_all(&officer, &mut crowds)?;
        let last: Vec<f64> = all.iter().map(|times| percentile(times, 100.0)).collect();
        let middle: Vec<f64> = all.iter().map(|times| median(times)).collect();
        let phones: usize = crowds.iter().map(Crowd::len).sum();
        Ok(json!({
            "phones": readers.len(),
            "notices": NOTICES,
            "p50_ms": round(percentile(&quiet, 50.0)),
            "p99_ms": round(percentile(&quiet, 99.0)),
            "streams": streams,
            "real_phones": phones,
            "bare_streams": 0,
            "phone_processes": crowds.len(),
            "p50_ms_3000": round(percentile(&busy, 50.0)),
            "p99_ms_3000": round(percentile(&busy, 99.0)),
            "all_phones": phones,
            "all_notices": ALL_NOTICES,
            "all_p50_ms": round(median(&middle)),
            "all_3000_ms": round(median(&last)),
            "all_3000_ms_each": last.iter().copied().map(round).collect::<Vec<_>>(),
        }))
    }

    /// A publisher's phone, in this process.
    fn open(&self, member: MemberId, name: &str) -> Result<RealPhone, String> {
        let (login, code) = self.codes.of(member).ok_or("no code")?;
        self.runtime.block_on(phones::open(&self.path(name), member, login, code, &self.server.url))
    }

    /// Readers' phones, in a process of their own.
    fn crowd(&self, members: &[MemberId], name: &str) -> Result<Crowd, String> {
        Crowd::start(&self.path(name), &self.server.url, &self.codes, members)
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        Path::join(self.dir.path(), name)
    }

    fn publish_many(&self, who: &RealPhone, readers: &mut [Crowd], word: &str) -> Result<Vec<f64>, String> {
        let org = self.county.people.dongguan_third;
        let mut times = vec![];
        for n in 0..NOTICES {
            times.extend(self.publish(who, readers, org, NoticeScope::Branch, &format!("{word} {n}"))?);
        }
        Ok(times)
    }

    /// The times of each notice.
    fn publish_to_all(&self, who: &RealPhone, everybody: &mut [Crowd]) -> Result<Vec<Vec<f64>>, String> {
        let mut all = vec![];
        for n in 1..=ALL_NOTICES {
            let title = format!("全县通知 {n}");
            let times = self.publish(who, everybody, self.county.root, NoticeScope::Subtree, &title)?;
            let (half, last) = (median(&times), percentile(&times, 100.0));
            println!("a notice to all {}: half within {half:.0} ms, the last within {last:.0} ms", times.len());
            all.push(times);
        }
        Ok(all)
    }

    /// Publishes one notice; for each reader, how long until it was committed in the mirror, in ms.
    fn publish(
        &self,
        who: &RealPhone,
        readers: &mut [Crowd],
        org: OrgId,
        scope: NoticeScope,
        title: &str,
    ) -> Result<Vec<f64>, String> {
        let began = SystemTime::now();
        let published = self.runtime.block_on(who.client.notices().publish(org, scope, title, "请相互转告。"));
        let notice = published.map_err(|error| format!("publishing: {error}"))?;
        for crowd in readers.iter_mut() {
            crowd.ask(notice)?;
        }
        let mut times = vec![];
        for crowd in readers {
            for arrival in crowd.arrivals()? {
                let took = arrival.duration_since(began).map_err(|_| "the clock was set back")?;
                times.push(took.as_secs_f64() * 1_000.0);
            }
        }
        Ok(times)
    }
}

fn tell(what: &str, times: &[f64], goal: u32) {
    let (p50, p99) = (percentile(times, 50.0), percentile(times, 99.0));
    println!("{what}, {NOTICES} notices: p50 {p50:.1} ms, p99 {p99:.1} ms (goal: at most {goal})");
}
