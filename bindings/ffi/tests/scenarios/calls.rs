//! A call by its name, as scenarios write it.

use dangjian_ffi::study::CancelHandle;
use dangjian_ffi::{AppError, DangjianCore};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

fn arg<T: DeserializeOwned>(with: &Value, name: &str) -> T {
    serde_json::from_value(with[name].clone()).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// An id as it comes over the boundary: what is none is refused there.
fn id<T: std::str::FromStr>(with: &Value, name: &str, kind: &str) -> Result<T, AppError> {
    let text: String = arg(with, name);
    text.parse().map_err(|_| AppError::InvalidInput { field: kind.into(), problems: vec![] })
}

fn page(with: &Value) -> (u32, u32) {
    let number = |name: &str, or| with[name].as_u64().map_or(or, |n| n as u32);
    (number("limit", 50), number("offset", 0))
}

fn told<T: Serialize>(value: T) -> Result<Value, AppError> {
    Ok(serde_json::to_value(value).unwrap())
}

pub(crate) async fn call(core: &DangjianCore, method: &str, with: &Value) -> Result<Value, AppError> {
    let (account, notices, study, points) = (core.account(), core.notices(), core.study(), core.points());
    let (boards, office, outbox, settings) = (core.boards(), core.office(), core.outbox(), core.settings());
    let members = core.members();
    let (limit, offset) = page(with);
    match method {
        "sync" => told(core.sync(None, None).await?),
        "syncCancelled" => {
            let cancel = CancelHandle::new();
            cancel.cancel();
            told(core.sync(None, Some(cancel)).await?)
        }
        "networkChanged" => told(core.network_changed(arg(with, "online")).await?),
        "suspend" => told(core.suspend(arg(with, "deadlineMs")).await?),
        "resume" => told(core.resume().await?),
        "shutdown" => {
            core.shutdown().await;
            told(())
        }
        "status" => told(core.status()?),
        "member" => told(core.member().await?),
        "signedIn" => told(core.signed_in().await?),
        "account.signIn" => told(account.sign_in(arg(with, "login"), arg(with, "password")).await?),
        "account.activate" => {
            told(account.activate(arg(with, "login"), arg(with, "code"), arg(with, "password")).await?)
        }
        "account.signOut" => told(account.sign_out().await?),
        "account.me" => told(account.me().await?),
        "account.reset" => told(account.reset(id(with, "member", "member")?).await?),
        "account.devices" => told(account.devices(id(with, "member", "member")?).await?),
        "account.revoke" => told(account.revoke(id(with, "device", "device")?).await?),
        "notices.publish" => {
            let org = id(with, "org", "org")?;
            told(notices.publish(org, arg(with, "scope"), arg(with, "title"), arg(with, "body")).await?)
        }
        "notices.edit" => {
            let notice = id(with, "notice", "notice")?;
            told(notices.edit(notice, arg(with, "baseVersion"), arg(with, "title"), arg(with, "body")).await?)
        }
        "notices.withdraw" => {
            let notice = id(with, "notice", "notice")?;
            told(notices.withdraw(notice, arg(with, "baseVersion"), arg(with, "reason")).await?)
        }
        "notices.markRead" => told(notices.mark_read(id(with, "notice", "notice")?).await?),
        "notices.list" => told(notices.list(limit, offset).await?),
        "notices.get" => told(notices.get(id(with, "notice", "notice")?).await?),
        "notices.receipts" => told(notices.receipts(id(with, "notice", "notice")?, arg(with, "names")).await?),
        "notices.voices" => told(notices.voices().await?),
        "notices.audience" => told(notices.audience(id(with, "org", "org")?, arg(with, "scope")).await?),
        "study.items" => told(study.items(arg(with, "filter"), limit, offset).await?),
        "study.item" => told(study.item(id(with, "item", "row")?).await?),
        "study.content" => told(study.content(id(with, "item", "row")?).await?),
        "study.capNote" => told(study.cap_note(id(with, "item", "row")?).await?),
        "study.download" => told(study.download(vec![id(with, "item", "row")?], None, None).await?),
        "study.downloadCancelled" => {
            let cancel = CancelHandle::new();
            cancel.cancel();
            told(study.download(vec![id(with, "item", "row")?], None, Some(cancel)).await?)
        }
        "study.forget" => told(study.forget(id(with, "item", "row")?).await?),
        "study.kept" => told(study.kept().await?),
        "study.open" => told(study.open(id(with, "item", "row")?).await?),
        "study.foreground" => told(study.foreground(arg(with, "is")).await?),
        "study.visible" => told(study.visible(arg(with, "is")).await?),
        "study.screen" => told(study.screen(arg(with, "lit")).await?),
        "study.playing" => told(study.playing(arg(with, "is")).await?),
        "study.input" => told(study.input().await?),
        "study.answer" => told(study.answer(arg(with, "choice")).await?),
        "study.stop" => told(study.stop().await?),
        "study.session" => told(study.session()?),
        "study.today" => told(study.today().await?),
        "study.signInToday" => told(study.sign_in_today().await?),
        "study.quiz" => told(study.quiz().await?),
        "study.drawQuiz" => told(study.draw_quiz(id(with, "item", "row")?).await?),
        "study.answerQuiz" => told(study.answer_quiz(id(with, "draw", "row")?, arg(with, "answers")).await?),
        "points.summary" => told(points.summary().await?),
        "points.ledger" => told(points.ledger(arg(with, "filter"), limit, offset).await?),
        "points.explain" => told(points.explain(id(with, "entry", "row")?).await?),
        "points.myScore" => told(points.my_score().await?),
        "points.appeal" => told(points.appeal(id(with, "about", "row")?, arg(with, "text")).await?),
        "points.appeals" => told(points.appeals(limit, offset).await?),
        "points.cases" => told(points.cases(limit, offset).await?),
        "boards.scopes" => told(boards.scopes().await?),
        "boards.rank" => told(boards.rank(id(with, "org", "org")?, arg(with, "kind")).await?),
        "boards.todayRank" => told(boards.today_rank().await?),
        "boards.board" => {
            let org = id(with, "org", "org")?;
            told(boards.board(org, arg(with, "kind"), arg(with, "board"), limit, offset).await?)
        }
        "members.list" => {
            let org = if with["org"].is_null() { None } else { Some(id(with, "org", "org")?) };
            told(members.list(arg(with, "query"), org, limit, offset).await?)
        }
        "members.get" => told(members.get(id(with, "member", "member")?).await?),
        "members.openLedger" => told(members.open_ledger(id(with, "member", "member")?).await?),
        "members.moveTo" => told(members.move_to(id(with, "member", "member")?, id(with, "org", "org")?).await?),
        "members.branches" => told(members.branches(arg(with, "query"), limit, offset).await?),
        "office.cases" => told(office.cases(limit, offset).await?),
        "office.appeals" => told(office.appeals(limit, offset).await?),
        "office.decideReview" => {
            told(office.decide_review(id(with, "case", "row")?, arg(with, "upheld"), arg(with, "reason")).await?)
        }
        "office.decideAppeal" => {
            told(office.decide_appeal(id(with, "appeal", "row")?, arg(with, "granted"), arg(with, "answer")).await?)
        }
        "office.reverse" => told(office.reverse(id(with, "entry", "row")?, arg(with, "reason")).await?),
        "office.ledger" => {
            told(office.ledger(id(with, "member", "member")?, arg(with, "filter"), limit, offset).await?)
        }
        "office.lowBoard" => {
            told(office.low_board(id(with, "branch", "org")?, arg(with, "board"), limit, offset).await?)
        }
        "office.checkRules" => told(office.check_rules(arg(with, "text")).await?),
        "office.publishRules" => told(office.publish_rules(arg(with, "text")).await?),
        "office.features" => told(office.features().await?),
        "office.setFeatures" => told(office.set_features(arg(with, "switches")).await?),
        "office.setBurdenReduction" => told(office.set_burden_reduction(arg(with, "on")).await?),
        "outbox.list" => told(outbox.list(limit, offset).await?),
        "outbox.acknowledge" => told(outbox.acknowledge(id(with, "op", "op")?).await?),
        "settings.saveDraft" => told(settings.save_draft(arg(with, "id"), arg(with, "text")).await?),
        "settings.draft" => told(settings.draft(arg(with, "id")).await?),
        "settings.traffic" => told(settings.traffic()?),
        "settings.reminder" => told(settings.reminder(arg(with, "settings"), arg(with, "lastSent")).await?),
        "settings.lastPlace" => told(settings.last_place().await?),
        "settings.checkPlatform" => told(settings.check_platform().await?),
        other => panic!("no call {other}"),
    }
}
