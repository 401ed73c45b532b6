//! A phone as a process of its own, to be killed: `phone DIR SERVER MEMBER LOGIN CODE PAGE-ROWS`. Does what the lines of its
//! standard input say and prints a line for everything it promises; ends with its input.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program that is talked to in lines")]

use std::io::{BufRead as _, Write as _};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use dangjian_client::notices::NoticeView;
use dangjian_client::{AppError, Done, HostEvent};
use dangjian_domain::id::{OrgId, RowId};
use dangjian_domain::op::{Action, EditNotice, MoveMember, OpenLedger, PublishNotice, ReadNotice, WithdrawNotice};
use dangjian_domain::rows::{Member, NoticeScope, OrgKind, Organization};
use dangjian_engine::Command;
use dangjian_tests::phones::RealPhone;
use tokio::sync::mpsc;

fn main() -> ExitCode {
    env_logger::Builder::from_env(env_logger::Env::default().default_filter_or("error")).init();
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [dir, server, member, login, code, page_rows] = arguments.as_slice() else {
        eprintln!("usage: phone DIR SERVER MEMBER LOGIN CODE PAGE-ROWS");
        return ExitCode::from(2);
    };
    let (Ok(member), Ok(page_rows)) = (member.parse::<RowId>(), page_rows.parse()) else {
        eprintln!("not a member or not a number");
        return ExitCode::from(2);
    };
    let change = |config: &mut dangjian_client::Config| {
        // So that the test can look into the files.
        config.encrypted = false;
        config.page_rows = page_rows;
    };
    let phone = match RealPhone::open(Path::new(dir), member.into(), login, change, server) {
        Ok(phone) => Arc::new(phone),
        Err(error) => {
            eprintln!("can't be opened: {error}");
            return ExitCode::FAILURE;
        }
    };
    if let Some(path) = phone.client.quarantined() {
        say(&format!("quarantined {}", path.display()));
    }
    say("ready");
    let Ok(runtime) = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build() else {
        return ExitCode::FAILURE;
    };
    let (sender, lines) = mpsc::unbounded_channel();
    std::thread::spawn(move || {
        for line in std::io::stdin().lock().lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                break;
            }
        }
    });
    runtime.block_on(obey(&phone, code, lines));
    ExitCode::SUCCESS
}

/// One write per line: whoever reads gets all of it or nothing.
fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(format!("{line}\n").as_bytes());
    let _ = out.flush();
}

/// What takes time is done beside the next commands, as fingers are faster than networks.
async fn obey(phone: &Arc<RealPhone>, code: &str, mut lines: mpsc::UnboundedReceiver<String>) {
    while let Some(line) = lines.recv().await {
        let host = match line.as_str() {
            "online" => Some(HostEvent::Online),
            "offline" => Some(HostEvent::Offline),
            "suspend" => Some(HostEvent::Suspend),
            "resume" => Some(HostEvent::Resume),
            _ => None,
        };
        if let Some(event) = host {
            phone.client.host(event).await;
            continue;
        }
        let (phone, code) = (phone.clone(), code.to_owned());
        tokio::spawn(async move {
            let word = line.split(' ').next().unwrap_or_default().to_owned();
            match one(&phone, &code, &line).await {
                Ok(answer) => say(&answer),
                Err(error) => say(&format!("error {word} {error}")),
            }
        });
    }
}

async fn one(phone: &RealPhone, code: &str, line: &str) -> Result<String, AppError> {
    let words: Vec<&str> = line.split(' ').collect();
    let action = match words.as_slice() {
        ["sign-in"] => return phone.sign_in(code).await.map(|()| "signed-in".to_owned()),
        ["sync"] => return phone.client.sync().await.map(|()| "synced".to_owned()),
        ["publish", org, title] => {
            let org: OrgId = id(org)?.into();
            let speaker: Option<Organization> = phone.client.read(|snapshot| snapshot.find(org.0))?;
            let branch = [OrgKind::Branch, OrgKind::MigrantBranch];
            let scope = match speaker {
                Some(speaker) if !branch.contains(&speaker.kind) => NoticeScope::Subtree,
                _ => NoticeScope::Branch,
            };
            let body = "请各位同志按时参加。".repeat(40);
            Action::PublishNotice(PublishNotice { org, scope, title: (*title).to_owned(), body })
        }
        ["edit", nth, title] => {
            let notice = shown(phone, nth)?;
            Action::EditNotice(EditNotice {
                notice: notice.id,
                base_version: notice.version,
                title: (*title).to_owned(),
                body: "时间有变。".to_owned(),
            })
        }
        ["withdraw", nth] => {
            let notice = shown(phone, nth)?;
            let (notice, base_version) = (notice.id, notice.version);
            Action::WithdrawNotice(WithdrawNotice { notice, base_version, reason: "重复发布".to_owned() })
        }
        ["read", nth] => Action::ReadNotice(ReadNotice { notice: shown(phone, nth)?.id }),
        ["move", member, to] => {
            let (member, to) = (id(member)?, id(to)?.into());
            let row: Option<Member> = phone.client.read(|snapshot| snapshot.find(member))?;
            let from = row.ok_or(AppError::Refused(dangjian_domain::rule::Refusal::NotFound))?.org;
            Action::MoveMember(MoveMember { member: member.into(), from, to })
        }
        ["ledger", org, open] => Action::OpenLedger(OpenLedger { org: id(org)?.into(), open: *open == "open" }),
        _ => return Ok(format!("error {line} is no command")),
    };
    match phone.client.command(Command::Act(action)).await? {
        Done::Recorded(op) => Ok(format!("recorded {op}")),
        other => Ok(format!("error act {other:?}")),
    }
}

fn id(text: &str) -> Result<RowId, AppError> {
    text.parse().map_err(|_| AppError::Refused(dangjian_domain::rule::Refusal::Malformed))
}

/// The nth of the notices that the person sees, counted round and round.
fn shown(phone: &RealPhone, nth: &str) -> Result<NoticeView, AppError> {
    let mut notices = phone.client.notices().list(30, 0)?;
    if notices.is_empty() {
        return Err(AppError::Refused(dangjian_domain::rule::Refusal::NotFound));
    }
    let at = nth.parse::<usize>().unwrap_or(0) % notices.len();
    Ok(notices.swap_remove(at))
}
