//! Study and points: what is shown before the server has said anything is what it says, and everything follows from it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::Duration;

use dangjian_client::office::PublishRulesError;
use dangjian_client::platform::Clock;
use dangjian_client::points::LedgerFilter;
use dangjian_client::software::{SoftwareKeyStore, SystemClock, SystemRandom};
use dangjian_client::study::{ItemFilter, Stopped};
use dangjian_client::{AppError, Client, Config, HostEvent, PasswordCost};
use dangjian_domain::id::{MemberId, RowId};
use dangjian_domain::op::{Action, OpenLedger};
use dangjian_domain::points::rank::Movement;
use dangjian_domain::points::rules::RuleSet;
use dangjian_domain::rows::{
    Board, CaseState, ItemCategory, ItemKind, RuleSetRow, StudyItem, SubjectKind, Synced as _,
};
use dangjian_domain::rule::Refusal;
use dangjian_domain::schema::Row;
use dangjian_domain::study::content::{BankQuestion, Content};
use dangjian_domain::study::habit::ReminderSettings;
use dangjian_domain::study::timer::{Event, State};
use dangjian_domain::time::{CivilDay, Timestamp};
use dangjian_engine::{Command, Now};
use dangjian_tests::phones::PASSWORD;
use dangjian_tests::town::orgs::{COUNTY, EAST, WEST, WILLOW};
use dangjian_tests::town::people::{AN, BO, OFFICER, SECRETARY};
use dangjian_tests::town::{PATIENCE, Town, login};
use sha2::{Digest as _, Sha256};

const ARTICLE: RowId = RowId([51; 16]);
const OLD: RowId = RowId([52; 16]);
const QUIZ: RowId = RowId([53; 16]);
/// Enough to finish an article, and no more than a phone's clock may run ahead of the server's.
const STUDIED_MS: i64 = 110_000;
const LENGTH_MS: i64 = 130_000;
/// What that gives: a minute and an article.
const EARNED: i64 = 2;

/// The computer's clock with a boot clock that can be moved on: study need not take its time.
struct Moved {
    clock: SystemClock,
    ahead: AtomicI64,
}

impl Clock for Moved {
    fn now(&self) -> Now {
        let now = self.clock.now();
        Now { mono: now.mono.plus_ms(self.ahead.load(Ordering::SeqCst)), ..now }
    }
}

struct Phone {
    client: Client,
    clock: Arc<Moved>,
}

impl Phone {
    /// Signed in, and it has everything.
    async fn of(town: &Town, name: &str, member: MemberId) -> Self {
        let dir = town.phone_dir(name);
        let mut config = Config::new(&dir, &town.url());
        config.passwords = PasswordCost::CHEAP;
        config.runtime = Some(tokio::runtime::Handle::current());
        let keys = Arc::new(SoftwareKeyStore::open(&dir, &mut SystemRandom).unwrap());
        let clock = Arc::new(Moved { clock: SystemClock::new(&mut SystemRandom), ahead: AtomicI64::new(0) });
        let client = Client::open(config, keys, clock.clone(), Arc::new(())).unwrap();
        client.account().activate(&login(member), town.code(member), PASSWORD).await.unwrap();
        client.sync().await.unwrap();
        // What a phone did before it was enrolled is not believed, and the study of these minutes lies before now.
        let long_ago = "UPDATE device SET enrolled_at = enrolled_at - 3600000, drained_at = drained_at - 3600000";
        town.database().execute(long_ago, []).unwrap();
        Self { client, clock }
    }

    /// Reads for so long without a network. With one, an exchange in between would see a boot clock that runs faster than
    /// time, and place what was read before and after it over each other.
    async fn read(&self, item: RowId, ms: i64) {
        self.client.host(HostEvent::Offline).await;
        let study = self.client.study();
        study.open(item).await.unwrap();
        study.foreground(true).await.unwrap();
        study.visible(true).await.unwrap();
        study.screen(true).await.unwrap();
        for _ in 0..ms / 10_000 {
            self.clock.ahead.fetch_add(10_000, Ordering::SeqCst);
            study.event(Event::Tick).await.unwrap();
        }
        let status = study.status().borrow().unwrap();
        assert_eq!((status.item, status.view.state), (item, State::Running));
        study.stop().await.unwrap();
        assert_eq!(*study.status().borrow(), None);
    }

    /// Hands in what was read.
    async fn online(&self) {
        self.client.host(HostEvent::Online).await;
        self.client.sync().await.unwrap();
    }

    /// Exchanges until `ready` gives something: what a job of the server writes comes when it comes.
    async fn until<T>(&self, mut ready: impl FnMut(&Client) -> Option<T>) -> T {
        let all = async {
            loop {
                self.client.sync().await.unwrap();
                if let Some(found) = ready(&self.client) {
                    return found;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(PATIENCE, all).await.expect("it never comes")
    }
}

fn content() -> Vec<u8> {
    let body = "先看职责。\n\n党支部担负直接教育党员、管理党员、监督党员的职责。".to_owned();
    serde_json::to_vec(&Content { body, checks: vec![] }).unwrap()
}

fn items(today: CivilDay) -> Vec<Row> {
    let bytes = content();
    let hash: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    let month = today.ymd().map(|(year, month, _)| i64::from(year) * 100 + i64::from(month));
    let item = |id, kind, title: &str, content: String, required_month| StudyItem {
        id,
        version: 1,
        county: COUNTY,
        kind,
        category: ItemCategory::Life,
        title: title.to_owned(),
        source: "县委组织部党员教育中心".to_owned(),
        length_ms: if kind == ItemKind::Quiz { 0 } else { LENGTH_MS },
        published_on: today.plus_days(-i32::from(id.0[0])),
        required_month,
        content_bytes: if content.is_empty() { 0 } else { bytes.len() as i64 },
        content,
        checks: 0,
    };
    vec![
        item(ARTICLE, ItemKind::Article, "支部工作条例学习辅导", hash, month).to_row(),
        item(OLD, ItemKind::Video, "微党课", "00".repeat(32), None).to_row(),
        item(QUIZ, ItemKind::Quiz, "每日答题", String::new(), None).to_row(),
    ]
}

/// A county with something to study, rules whose day does not end while the test runs, and boards that are always fresh.
fn town(now: Timestamp) -> Town {
    let hour = now.ms_since(now.civil_day(0).start()) / 3_600_000;
    let minutes = if (1..23).contains(&hour) { 0 } else { 180 };
    let text =
        RuleSet::DEFAULT_TEXT.replace("day_starts_at_minutes = 0", &format!("day_starts_at_minutes = {minutes}"));
    let rules = RuleSetRow { version: 1, ..RuleSetRow::of(COUNTY, &text).unwrap() };
    let mut rows = items(now.civil_day(minutes * 60_000));
    rows.push(rules.to_row());
    let mut town = Town::with(&rows);
    town.stop();
    town.config.boards_every = Duration::from_millis(100);
    let bytes = content();
    let (conn, hash) = (town.database(), Sha256::digest(&bytes).to_vec());
    conn.execute("INSERT INTO content (sha256, bytes) VALUES (?1, ?2)", (hash, bytes)).unwrap();
    for n in 0..5 {
        let choices = vec!["甲".to_owned(), "乙".to_owned()];
        let question =
            BankQuestion { text: format!("第{n}题"), choices, right: 0, why: "条例第九条".to_owned() };
        let body = serde_json::to_string(&question).unwrap();
        conn.execute("INSERT INTO quiz_question (id, body) VALUES (?1, ?2)", (format!("q{n}"), body)).unwrap();
    }
    drop(conn);
    town.start();
    town
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_shown_offline_is_what_the_server_confirms() {
    let now = dangjian_http::now();
    let town = town(now);
    let an = Phone::of(&town, "an", AN).await;
    let (study, points) = (an.client.study(), an.client.points());

    let all = study.items(&ItemFilter::default(), now, 50, 0).unwrap();
    assert_eq!(all.iter().map(|item| item.id).collect::<Vec<_>>(), [ARTICLE, OLD, QUIZ]);
    assert!(all[0].required && !all[0].downloaded && !all[1].required);
    assert_eq!(all.iter().map(|item| item.can_earn_today).collect::<Vec<_>>(), [3, 3, 5]);
    let page = study.items(&ItemFilter::default(), now, 1, 1).unwrap();
    assert_eq!(page, all[1..2]);
    assert_eq!(study.content(ARTICLE).unwrap(), None);

    let told = std::sync::Mutex::new(vec![]);
    let tell = |progress| told.lock().unwrap().push(progress);
    let outcome = study.download(&[ARTICLE, OLD, QUIZ], tell, &AtomicBool::new(false)).await.unwrap();
    assert_eq!((outcome.missing, outcome.stopped, outcome.already), (vec![QUIZ, OLD], None, 0));
    let told = told.into_inner().unwrap();
    assert_eq!(told.iter().map(|progress| progress.done_items).collect::<Vec<_>>(), [0, 1, 1]);
    let again = study.download(&[ARTICLE], |_| {}, &AtomicBool::new(true)).await.unwrap();
    assert_eq!((again.already, again.stopped), (1, None));
    let cancelled = study.download(&[OLD], |_| {}, &AtomicBool::new(true)).await.unwrap();
    assert_eq!(cancelled.stopped, Some(Stopped::Cancelled));
    assert_eq!(study.kept().unwrap().contents, 1);
    assert!(study.content(ARTICLE).unwrap().unwrap().body.starts_with("先看职责"));

    an.client.host(HostEvent::Offline).await;
    let failed = study.download(&[OLD], |_| {}, &AtomicBool::new(false)).await.unwrap();
    assert_eq!(failed.stopped, Some(Stopped::Failed(AppError::Offline)));
    let offline = ItemFilter { offline: true, ..ItemFilter::default() };
    let offline = study.items(&offline, now, 50, 0).unwrap();
    assert_eq!(offline.iter().map(|item| item.words).collect::<Vec<_>>(), [None, Some("有网可学"), Some("有网可学")]);
    let downloaded = ItemFilter { downloaded_only: true, kinds: vec![ItemKind::Article], ..ItemFilter::default() };
    assert_eq!(study.items(&downloaded, now, 50, 0).unwrap().len(), 1);

    an.read(ARTICLE, 50_000).await;
    let next = study.today(now).unwrap().unwrap().next_item.unwrap();
    assert_eq!((next.item, next.percent, next.downloaded), (ARTICLE, 38, true));
    an.read(ARTICLE, STUDIED_MS - 50_000).await;

    let shown = study.today(now).unwrap().unwrap();
    assert_eq!((shown.points_confirmed, shown.points_unconfirmed, shown.cap), (0, EARNED, Some(30)));
    assert!((STUDIED_MS..STUDIED_MS + 5_000).contains(&shown.credited_ms), "{}", shown.credited_ms);
    assert_eq!((shown.streak.days, &shown.next_item), (1, &None));
    assert_eq!(shown.sentence, "今日积分 2 分，上限 30 分，其中 2 分待确认");
    let item = study.item(ARTICLE, now).unwrap().unwrap();
    assert!(item.finished && item.unconfirmed);
    let projected = points.ledger(LedgerFilter::Unconfirmed, 50, 0).unwrap();
    assert_eq!(projected.iter().map(|entry| entry.points).sum::<i64>(), EARNED);
    assert!(projected.iter().all(|entry| entry.about_title.as_deref() == Some("支部工作条例学习辅导")));
    let explained = points.explain(projected[0].id, now).unwrap().unwrap();
    assert!(explained.note.is_some());
    assert_eq!(explained.explanation.lines.last().unwrap().text, "已签名，待县级平台核对");

    an.online().await;
    let confirmed = study.today(now).unwrap().unwrap();
    assert_eq!((confirmed.points_confirmed, confirmed.points_unconfirmed), (EARNED, 0));
    assert_eq!((confirmed.credited_ms, confirmed.left_today), (shown.credited_ms, shown.left_today));
    assert!(points.ledger(LedgerFilter::Unconfirmed, 50, 0).unwrap().is_empty());
    let posted = points.ledger(LedgerFilter::Study, projected.len(), 0).unwrap();
    let ids = |entries: &[dangjian_client::points::EntryView]| {
        let mut ids: Vec<_> = entries.iter().map(|entry| (entry.id, entry.points, entry.day)).collect();
        ids.sort_unstable();
        ids
    };
    assert_eq!(ids(&posted), ids(&projected), "the server posts what the phone projected");
    assert!(posted.iter().all(|entry| entry.confirmed && !entry.reversed));
    for entry in &posted {
        let explained = points.explain(entry.id, now).unwrap().unwrap().explanation;
        let result = explained.lines.iter().find(|line| line.label == "得分").unwrap();
        assert!(result.text.ends_with(&format!("= {} 分", entry.points)), "{}", result.text);
        assert!(explained.lines.iter().all(|line| line.label != "核对"), "{explained:?}");
    }
    let summary = points.summary(now).unwrap().unwrap();
    assert_eq!((summary.confirmed, summary.unconfirmed, summary.total_ever), (EARNED, 0, EARNED + 3));
    assert_eq!((summary.thirty_days.len(), summary.thirty_days[29]), (30, (shown.day, EARNED)));
    study.forget(ARTICLE).await.unwrap();
    assert_eq!(study.kept().unwrap().contents, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn ranks_and_boards_follow_from_what_was_confirmed() {
    let now = dangjian_http::now();
    let town = town(now);
    let (an, bo) = (Phone::of(&town, "an", AN).await, Phone::of(&town, "bo", BO).await);
    an.read(ARTICLE, STUDIED_MS).await;
    an.online().await;
    let day = an.client.study().today(now).unwrap().unwrap().day;

    let first = an.until(|client| client.points().my_score(now).unwrap().filter(|score| score.points == EARNED)).await;
    assert_eq!((first.score, first.score_words.as_str(), first.board), (1, "0.1", Board::Black));
    assert_eq!(first.components[0].text, "0.1");
    assert_eq!(first.explanation.unwrap().sentence.matches("0.1").count(), 2);

    let behind = |client: &Client| {
        client.boards().today_rank(now).unwrap().filter(|rank| rank.movement == Some(Movement::Down(1)))
    };
    let second = bo.until(behind).await;
    assert_eq!((second.rank, second.subjects, second.points), (2, 5, 0));
    assert_eq!(second.sentence, "支部第 2 名，较昨日下降 1 位");
    assert_eq!(second.to_next.as_deref(), Some("距第 1 名还差 2 分"));
    let boards = bo.client.boards();
    let scopes = boards.scopes().unwrap();
    let labels: Vec<&str> = scopes.iter().map(|scope| scope.label.as_str()).collect();
    assert_eq!(labels, ["本支部", "东乡", "全县"]);
    for (org, subjects) in [(EAST, 9), (COUNTY, 13)] {
        let rank = boards.rank(org, SubjectKind::Member, now).unwrap().unwrap();
        assert_eq!((rank.rank, rank.subjects), (2, subjects));
    }
    assert_eq!(boards.rank(WEST, SubjectKind::Member, now).unwrap(), None);
    // Of a branch that is on no good board its members are told nothing.
    assert_eq!(boards.rank(EAST, SubjectKind::Branch, now).unwrap(), None);

    let gold = boards.board(WILLOW, SubjectKind::Member, Board::Gold, now, 20, 0).unwrap().unwrap();
    assert!(gold.lines.is_empty() && gold.mine.is_none());
    assert_eq!((gold.listed, gold.subjects), (Some(0), Some(5)));
    assert!(gold.rule.unwrap().starts_with("90 分以上，名额不超过 20%"));
    let black = boards.board(WILLOW, SubjectKind::Member, Board::Black, now, 20, 0).unwrap().unwrap();
    assert_eq!(black.lines.iter().map(|line| line.subject).collect::<Vec<_>>(), [BO.0], "only oneself");
    assert_eq!((black.listed, black.mine.unwrap().subject), (None, BO.0));
    assert_eq!(boards.board(WEST, SubjectKind::Member, Board::Gold, now, 20, 0).unwrap(), None);

    let morning = day.start().plus_ms(4 * 3_600_000 + 1_800_000);
    let settings = ReminderSettings { rank_reminder: true, ..ReminderSettings::default() };
    let reminder = bo.client.study().reminder(&settings, None, morning).unwrap().unwrap();
    assert_eq!(reminder.body, "该起床学习了，您的排名又下滑了 1 位");
    let morning_an = an.client.study().reminder(&settings, None, morning).unwrap().unwrap();
    assert!(morning_an.at >= day.plus_days(1).start(), "who studied today is left alone");

    let secretary = Phone::of(&town, "secretary", SECRETARY).await;
    let low = secretary.client.office().low_board(WILLOW, Board::Black, now, 50, 0).unwrap();
    assert_eq!((low.len(), low[0].subject, low[0].points), (5, AN.0, EARNED));
    let branch = secretary.client.boards().rank(EAST, SubjectKind::Branch, now).unwrap().unwrap();
    assert_eq!((branch.rank, branch.subjects, branch.movement), (1, 2, None));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_posting_is_taken_back_objected_to_and_given_back() {
    let now = dangjian_http::now();
    let town = town(now);
    let (an, officer) = (Phone::of(&town, "an", AN).await, Phone::of(&town, "officer", OFFICER).await);
    an.read(ARTICLE, STUDIED_MS).await;
    an.online().await;
    let open = Action::OpenLedger(OpenLedger { org: WILLOW, open: true });
    officer.client.command(Command::Act(open)).await.unwrap();
    let minutes = officer
        .until(|client| {
            let entries = client.office().ledger(AN, LedgerFilter::Study, 50, 0).unwrap();
            entries.into_iter().find(|entry| entry.title.starts_with("有效阅读"))
        })
        .await;
    let office = officer.client.office();
    assert_eq!(an.client.office().reverse(minutes.id, "我自己撤").await, Err(AppError::Refused(Refusal::NotAllowed)));
    office.reverse(minutes.id, "与会议时间重叠").await.unwrap();
    officer.client.sync().await.unwrap();
    an.client.sync().await.unwrap();

    let points = an.client.points();
    assert_eq!(points.summary(now).unwrap().unwrap().confirmed, 1);
    let ledger = points.ledger(LedgerFilter::Study, 3, 0).unwrap();
    let reversal = ledger.iter().find(|entry| entry.points == -1).unwrap();
    assert!(ledger.iter().any(|entry| entry.id == minutes.id && entry.reversed));
    assert_eq!(reversal.title, "收回：有效阅读满 1 分钟计 1 分");
    points.appeal(reversal.id, "当时会议已经结束").await.unwrap();
    assert!(points.appeals(10, 0).unwrap()[0].unconfirmed);
    an.client.sync().await.unwrap();
    let appeal = officer.until(|client| client.office().appeals(10, 0).unwrap().into_iter().next()).await;
    assert!(appeal.may_decide && appeal.name == "安");
    assert_eq!(appeal.about_words.as_deref(), Some("收回：有效阅读满 1 分钟计 1 分（-1 分）"));
    office.decide_appeal(appeal.id, true, "会议记录显示已结束").await.unwrap();
    officer.client.sync().await.unwrap();
    assert!(office.appeals(10, 0).unwrap().is_empty());
    an.client.sync().await.unwrap();
    let mine = &points.appeals(10, 0).unwrap()[0];
    assert_eq!((mine.state, mine.state_words), (CaseState::Upheld, "申诉成立"));
    assert_eq!(points.summary(now).unwrap().unwrap().confirmed, EARNED);
    let ledger = points.ledger(LedgerFilter::Study, 4, 0).unwrap();
    assert!(ledger.iter().any(|entry| entry.id == minutes.id && !entry.reversed), "given back");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_quiz_is_drawn_answered_and_judged() {
    let now = dangjian_http::now();
    let town = town(now);
    let an = Phone::of(&town, "an", AN).await;
    let study = an.client.study();
    assert_eq!(study.quiz(now).unwrap(), None);
    study.draw_quiz(QUIZ, now).await.unwrap();
    study.draw_quiz(QUIZ, now).await.unwrap();
    let quiz = an.until(|client| client.study().quiz(now).unwrap()).await;
    assert_eq!((quiz.questions.len(), quiz.right, quiz.title.as_str()), (5, None, "每日答题"));
    let right: Vec<u8> = quiz.questions.iter().map(|question| u8::from(question.choices[0] != "甲")).collect();
    study.answer_quiz(quiz.draw, &right).await.unwrap();
    let judged = an.until(|client| client.study().quiz(now).unwrap().filter(|quiz| quiz.right.is_some())).await;
    assert_eq!((judged.right, judged.solution.len(), judged.unconfirmed), (Some(5), 5, false));
    study.sign_in_today().await.unwrap();
    study.sign_in_today().await.unwrap();
    an.client.sync().await.unwrap();
    let today = study.today(now).unwrap().unwrap();
    assert_eq!((today.points_confirmed, today.points_unconfirmed), (6, 0));
    assert!(study.item(QUIZ, now).unwrap().unwrap().finished);
    assert_eq!(today.left_words, "阅读时长余 6 · 阅读篇数余 6 · 视听时长余 6 · 视听条数余 6 · 登录已满 · 答题已满");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_officer_configures_and_every_switch_hides_its_part() {
    let now = dangjian_http::now();
    let town = town(now);
    let (an, officer) = (Phone::of(&town, "an", AN).await, Phone::of(&town, "officer", OFFICER).await);
    let office = officer.client.office();
    let broken = RuleSet::DEFAULT_TEXT.replace("points = 10", "points = \"ten\"");
    let Err(PublishRulesError::Problems(problems)) = office.publish_rules(&broken).await else {
        panic!("a broken text was published")
    };
    assert!(problems.len() == 1 && problems[0].contains("suggestion_accepted"), "{problems:?}");
    let past = RuleSet::DEFAULT_TEXT.replace("2026.1", "2026.2");
    let refused = office.publish_rules(&past).await;
    assert_eq!(refused, Err(PublishRulesError::App(AppError::Refused(Refusal::RulesInPast))));

    an.until(|client| client.boards().today_rank(now).unwrap()).await;
    assert!(!office.features().unwrap().unwrap().burden_reduction);
    assert_eq!(an.client.office().set_burden_reduction(true).await, Err(AppError::Refused(Refusal::NotAllowed)));
    office.set_burden_reduction(true).await.unwrap();
    officer.client.sync().await.unwrap();
    an.client.sync().await.unwrap();
    let features = an.client.office().features().unwrap().unwrap();
    assert!(features.burden_reduction && !features.may_set && !features.unconfirmed);
    let shown = an.client.study().today(now).unwrap().unwrap().shown;
    assert!(!shown.points && !shown.minutes && !shown.rank);
    assert_eq!(an.client.boards().today_rank(now).unwrap(), None);
    assert_eq!(an.client.boards().board(WILLOW, SubjectKind::Member, Board::Gold, now, 9, 0).unwrap(), None);
}
