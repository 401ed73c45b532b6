//! A notice: from publishing to committed in the phone's mirror, for 30 phones of a branch; the same while 3,000 hint streams
//! stand open; and for 3,000 phones, all addressed.

use std::path::Path;
use std::time::{Duration, Instant};

use dangjian_domain::id::MemberId;
use dangjian_domain::rows::NoticeScope;
use dangjian_domain::time::CivilDay;
use futures_util::future::join_all;
use futures_util::stream::{self, StreamExt as _};
use serde_json::json;

use super::measure::{round, write};
use crate::phones::{Codes, RealPhone, percentile};
use crate::server_process::{ServerProcess, beside};

const BRANCH_PHONES: usize = 30;
const ALL_PHONES: usize = 3_000;
const NOTICES: usize = 20;
const PATIENCE: Duration = Duration::from_secs(120);

struct Bench {
    server: ServerProcess,
    county: dangjian_seed::County,
    codes: Codes,
    dir: tempfile::TempDir,
}

/// The whole bench.
pub fn run() -> Result<(), String> {
    // Each phone keeps some sixteen files open. Only root may go beyond the hard limit.
    let wanted = ALL_PHONES as u64 * 18 + 2_000;
    let _ = rlimit::setrlimit(rlimit::Resource::NOFILE, wanted, wanted);
    let limit = rlimit::increase_nofile_limit(wanted).map_err(|error| error.to_string())?;
    let phones = ALL_PHONES.min((limit as usize).saturating_sub(1_000) / 16);
    if phones < ALL_PHONES {
        println!("the limit of {limit} open files allows {phones} phones instead of {ALL_PHONES}");
    }
    let dir = tempfile::tempdir_in("target").map_err(|error| error.to_string())?;
    let today = CivilDay::from_ymd(2026, 11, 23).ok_or("no such day")?;
    let data = dir.path().join("server");
    let arguments = ["--seed-county", "1", "--today", "2026-11-23", "--quick-passwords", "--slot-ms", "3600000"];
    println!("loading the county …");
    let server = ServerProcess::start(&beside("dangjian-server"), &data, "127.0.0.1:0", &arguments)?;
    let codes = Codes::read(&data.join("activation-codes.csv"))?;
    let bench = Bench { server, county: dangjian_seed::generate(1, today), codes, dir };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let value = runtime.map_err(|error| error.to_string())?.block_on(bench.measure(phones))?;
    write("notice", &value)
}

impl Bench {
    async fn measure(self, phones: usize) -> Result<serde_json::Value, String> {
        let people = &self.county.people;
        let branch: Vec<MemberId> = people.dongguan_members.iter().copied().take(BRANCH_PHONES + 1).collect();
        let branch = self.open(&branch, "branch").await?;
        let (secretary, readers) = branch.split_first().ok_or("no branch")?;
        let quiet = self.publish_many(secretary, readers, "安静").await?;

        // Other members of the county: their streams stand open, the notices are not for them.
        let mut others: Vec<MemberId> = self.codes.members().collect();
        others.retain(|member| !people.dongguan_members.contains(member) && *member != people.county_officer);
        others.truncate(phones.saturating_sub(BRANCH_PHONES));
        println!("{} more phones sign in and open their hint streams (some minutes) …", others.len());
        let others = self.open(&others, "other").await?;
        let busy = self.publish_many(secretary, readers, "热闹").await?;

        println!("the county publishes to all of them …");
        let officer = self.open(&[people.county_officer], "officer").await?;
        let officer = officer.first().ok_or("no officer")?;
        let everybody: Vec<&RealPhone> = others.iter().chain(readers).collect();
        let all = self.publish(officer, &everybody, self.county.root, NoticeScope::Subtree, "全县通知").await?;
        Ok(json!({
            "phones": readers.len(),
            "notices": NOTICES,
            "p50_ms": round(percentile(&quiet, 50.0)),
            "p99_ms": round(percentile(&quiet, 99.0)),
            "streams": others.len() + branch.len(),
            "p50_ms_3000": round(percentile(&busy, 50.0)),
            "p99_ms_3000": round(percentile(&busy, 99.0)),
            "all_phones": everybody.len(),
            "all_p50_ms": round(percentile(&all, 50.0)),
            "all_3000_ms": round(percentile(&all, 100.0)),
        }))
    }

    /// Opens, signs in and syncs phones, a few at a time.
    async fn open(&self, members: &[MemberId], kind: &str) -> Result<Vec<RealPhone>, String> {
        let opened = stream::iter(members.iter().enumerate().map(|(at, member)| {
            let dir = self.dir.path().join(format!("{kind}-{at}"));
            async move { self.one(&dir, *member).await }
        }))
        .buffered(16)
        .collect::<Vec<_>>()
        .await;
        opened.into_iter().collect()
    }

    async fn one(&self, dir: &Path, member: MemberId) -> Result<RealPhone, String> {
        let runtime = tokio::runtime::Handle::current();
        let change = |config: &mut dangjian_client::Config| config.runtime = Some(runtime);
        let (login, code) = self.codes.of(member).ok_or("no code")?;
        let phone = RealPhone::open(dir, member, login, change, &self.server.url).map_err(|error| error.to_string())?;
        phone.sign_in(code).await.map_err(|error| format!("signing in: {error}"))?;
        phone.client.sync().await.map_err(|error| format!("first sync: {error}"))?;
        Ok(phone)
    }

    async fn publish_many(&self, who: &RealPhone, readers: &[RealPhone], word: &str) -> Result<Vec<f64>, String> {
        let readers: Vec<&RealPhone> = readers.iter().collect();
        let org = self.county.people.dongguan_third;
        let mut times = vec![];
        for n in 0..NOTICES {
            let title = format!("{word} {n}");
            times.extend(self.publish(who, &readers, org, NoticeScope::Branch, &title).await?);
        }
        Ok(times)
    }

    /// Publishes one notice; for each reader, how long until it was committed in the mirror, in ms.
    async fn publish(
        &self,
        who: &RealPhone,
        readers: &[&RealPhone],
        org: dangjian_domain::id::OrgId,
        scope: NoticeScope,
        title: &str,
    ) -> Result<Vec<f64>, String> {
        let began = Instant::now();
        let notice = who
            .client
            .notices()
            .publish(org, scope, title, "请相互转告。")
            .await
            .map_err(|error| format!("publishing: {error}"))?;
        let arrivals = join_all(readers.iter().map(|phone| phone.has_notice(notice, PATIENCE))).await;
        arrivals
            .into_iter()
            .map(|at| at.map(|at| at.duration_since(began).as_secs_f64() * 1_000.0).ok_or_else(|| "lost".to_owned()))
            .collect()
    }
}
