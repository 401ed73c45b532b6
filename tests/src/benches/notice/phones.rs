//! The process that holds phones: `bench phones DIR SERVER`. Its standard input names the members, a line each, then an empty
//! line; then notices, a line each. It prints how many phones are open, and for each notice when each phone committed it.

use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use dangjian_domain::id::{MemberId, NoticeId, RowId};
use futures_util::future::join_all;
use futures_util::stream::{self, StreamExt as _};

use crate::phones::RealPhone;

const PATIENCE: Duration = Duration::from_secs(120);
/// Phones that sign in at the same time.
const AT_ONCE: usize = 4;
/// How often it says how many are open.
const STEP: usize = 100;

/// Who signs in to a phone, and how.
struct Person {
    member: MemberId,
    login: String,
    code: String,
}

/// Holds phones until the input ends.
pub fn hold(arguments: &[String]) -> Result<(), String> {
    let [_, dir, server] = arguments else { return Err("usage: bench phones DIR SERVER".to_owned()) };
    rlimit::increase_nofile_limit(u64::MAX).map_err(|error| error.to_string())?;
    let mut lines = std::io::stdin().lines().map_while(Result::ok);
    let named = lines.by_ref().take_while(|line| !line.is_empty());
    let people = named.map(|line| person(&line)).collect::<Result<Vec<_>, _>>()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = runtime.map_err(|error| error.to_string())?;
    let phones = runtime.block_on(open_all(Path::new(dir), server, &people))?;
    for line in lines {
        let notice: RowId = line.parse().map_err(|_| format!("not a notice: {line}"))?;
        println!("{}", runtime.block_on(arrivals(&phones, notice.into())));
    }
    Ok(())
}

fn person(line: &str) -> Result<Person, String> {
    let words: Vec<&str> = line.split(' ').collect();
    let [member, login, code] = words.as_slice() else { return Err(format!("not a person: {line}")) };
    let member: RowId = member.parse().map_err(|_| format!("not a member: {line}"))?;
    Ok(Person { member: member.into(), login: (*login).to_owned(), code: (*code).to_owned() })
}

async fn open_all(dir: &Path, server: &str, people: &[Person]) -> Result<Vec<RealPhone>, String> {
    let mut opened = stream::iter(people.iter().enumerate().map(|(at, person)| {
        let dir = dir.join(at.to_string());
        async move { open(&dir, person.member, &person.login, &person.code, server).await }
    }))
    .buffered(AT_ONCE);
    let mut phones = vec![];
    while let Some(phone) = opened.next().await {
        phones.push(phone?);
        if phones.len() % STEP == 0 || phones.len() == people.len() {
            println!("{}", phones.len());
        }
    }
    Ok(phones)
}

/// Opens a phone, signs in and syncs. Its network runs in the present runtime.
pub(super) async fn open(
    dir: &Path,
    member: MemberId,
    login: &str,
    code: &str,
    server: &str,
) -> Result<RealPhone, String> {
    let runtime = tokio::runtime::Handle::current();
    let change = |config: &mut dangjian_client::Config| config.runtime = Some(runtime);
    let phone = RealPhone::open(dir, member, login, change, server).map_err(|error| error.to_string())?;
    phone.sign_in(code).await.map_err(|error| format!("signing in: {error}"))?;
    phone.client.sync().await.map_err(|error| format!("first sync: {error}"))?;
    Ok(phone)
}

/// When each phone committed the notice, in microseconds of the Unix epoch; `lost` for one that did not get it.
async fn arrivals(phones: &[RealPhone], notice: NoticeId) -> String {
    let arrivals = phones.iter().map(async |phone| {
        let at = phone.has_notice(notice, PATIENCE).await?;
        (SystemTime::now() - at.elapsed()).duration_since(UNIX_EPOCH).ok()
    });
    let words = join_all(arrivals).await.into_iter();
    let words = words.map(|at| at.map_or_else(|| "lost".to_owned(), |at| at.as_micros().to_string()));
    words.collect::<Vec<_>>().join(" ")
}
