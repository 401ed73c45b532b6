//! Five in the morning: members study where there is no signal, one of them with a clock set ahead. What was earned is
//! confirmed when they are back in reach, somebody's rank slips, and a score says where it came from.

use dangjian_client::HostEvent;
use dangjian_client::points::LedgerFilter;
use dangjian_client::study::{ItemFilter, ItemView};
use dangjian_domain::id::MemberId;
use dangjian_domain::points::rank::Movement;
use dangjian_domain::rows::ItemKind;
use dangjian_domain::study::timer::{Event, State};
use rusqlite::{Connection, OpenFlags};
use serde_json::json;

use super::{Morning, PATIENCE, Trouble, trouble};
use crate::phones::RealPhone;

/// How long the tour's learner studies, ms: twelve minutes and a little, since what a clock counts while an item ends is not
/// credited any more.
const STUDY_MS: i64 = 12 * 60_000 + 5_000;
/// How long the two at Dongguan do: more than a day's points for minutes, so that a second day would pay.
const TWINS_MS: i64 = 8 * 60_000;
/// What passes between two looks at the clock, ms: a heartbeat.
const STEP_MS: i64 = 30_000;

impl Morning {
    pub(super) async fn members_study_offline(&mut self) -> Result<(), Trouble> {
        let (one, other) = (self.landmarks.early_learner, self.landmarks.rival);
        let one = self.phone("early-learner", one).await?;
        let other = self.phone("rival", other).await?;
        // On a second morning with the same data the other one is ahead.
        let (ahead, behind) = if self.rank(&one)? <= self.rank(&other)? { (one, other) } else { (other, one) };
        let before = self.rank(&ahead)?;
        self.tell(&format!(
            "{} by the tour's clock; a village branch: somebody is number {before} of it and sleeps on",
            &self.clock.now().display_shanghai()[11..16]
        ));

        let studied = self.studies_offline(&behind).await?;
        let today = behind.client.study().today(self.clock.now()).map_err(trouble("today"))?.ok_or("no day")?;
        self.tell(&format!(
            "somebody right behind studies {} minutes where there is no signal: {} points, all waiting for the server",
            studied / 60_000,
            today.points_unconfirmed
        ));
        if today.points_unconfirmed == 0 {
            return Err("the phone expects no points".to_owned());
        }
        self.the_cheat_studies_too().await?;

        behind.client.host(HostEvent::Online).await;
        behind.client.sync().await.map_err(trouble("back in reach"))?;
        let now = self.clock.now();
        let confirmed = behind
            .wait_for(PATIENCE, |client| {
                let today = client.study().today(now).ok()??;
                (today.points_unconfirmed == 0).then_some(today.points_confirmed)
            })
            .await
            .ok_or("points stay unconfirmed")?;
        let expected = today.points_unconfirmed + today.points_confirmed;
        self.tell(&format!("back in reach: {confirmed} points are confirmed, as the phone had expected ({expected})"));
        if confirmed != expected {
            return Err(format!("the phone expected {expected} points, the server gave {confirmed}"));
        }
        self.log.add(json!({"event": "studied", "member": behind.member, "day": now.civil_day(0)}));
        self.figure("study_minutes_offline", json!(studied / 60_000));
        self.figure("points_confirmed", json!(confirmed));

        self.a_rank_slips(&ahead, before).await?;
        self.a_score_is_explained(&behind)?;
        self.ledger_equals_sums()?;
        self.villagers.extend([ahead, behind]);
        Ok(())
    }

    fn rank(&self, phone: &RealPhone) -> Result<i64, Trouble> {
        let rank = phone.client.boards().today_rank(self.clock.now()).map_err(trouble("a rank"))?;
        Ok(rank.ok_or("no rank in the branch")?.rank)
    }

    /// Downloads what there is to study, loses the signal, and studies. Gives the time studied, ms.
    async fn studies_offline(&self, phone: &RealPhone) -> Result<i64, Trouble> {
        let items = self.to_study(phone, STUDY_MS).await?;
        phone.client.host(HostEvent::Offline).await;
        self.study(phone, &items, STUDY_MS).await
    }

    /// Articles not yet begun that take that long together, downloaded.
    async fn to_study(&self, phone: &RealPhone, ms: i64) -> Result<Vec<ItemView>, Trouble> {
        let filter = ItemFilter { kinds: vec![ItemKind::Article], ..ItemFilter::default() };
        let all = phone.client.study().items(&filter, self.clock.now(), 100, 0).map_err(trouble("items"))?;
        let mut items = vec![];
        let mut length_ms = 0;
        for item in all.into_iter().filter(|item| item.credited_ms == 0 && !item.required) {
            if length_ms >= ms {
                break;
            }
            length_ms += item.length_ms;
            items.push(item);
        }
        if length_ms < ms {
            return Err("not enough left to study".to_owned());
        }
        let ids: Vec<_> = items.iter().map(|item| item.id).collect();
        let never = std::sync::atomic::AtomicBool::new(false);
        let outcome = phone.client.study().download(&ids, |_| {}, &never).await.map_err(trouble("downloading"))?;
        match outcome.stopped {
            None => Ok(items),
            Some(stopped) => Err(format!("downloading: {stopped:?}")),
        }
    }

    /// Studies one item after the other for that long, answering what is asked; the clock of the tour runs meanwhile.
    async fn study(&self, phone: &RealPhone, items: &[ItemView], ms: i64) -> Result<i64, Trouble> {
        let study = phone.client.study();
        let failed = trouble("studying");
        let mut studied = 0;
        for item in items {
            study.open(item.id).await.map_err(&failed)?;
            study.foreground(true).await.map_err(&failed)?;
            study.visible(true).await.map_err(&failed)?;
            study.screen(true).await.map_err(&failed)?;
            let mut left = item.length_ms.min(ms - studied);
            while left > 0 {
                let step = left.min(STEP_MS);
                let before = counted(phone);
                self.clock.pass(step)?;
                study.event(Event::Tick).await.map_err(&failed)?;
                if matches!(state(phone), Some(State::Check(_))) {
                    study.answer(0).await.map_err(&failed)?;
                }
                let passed = counted(phone) - before;
                studied += passed;
                left -= passed;
            }
            study.stop().await.map_err(&failed)?;
            if studied >= ms {
                break;
            }
        }
        Ok(studied)
    }

    /// Two at Dongguan study the same, offline. One sets the clock of the phone to tomorrow halfway and restarts it, for a
    /// second day's points.
    async fn the_cheat_studies_too(&mut self) -> Result<(), Trouble> {
        let tomorrow = self.clock.now().civil_day(0).plus_days(1);
        let (honest, cheat) = (3, 4);
        let items = {
            let phone = self.dongguan.get(honest).ok_or("nobody")?;
            let items = self.to_study(phone, TWINS_MS).await?;
            phone.client.host(HostEvent::Offline).await;
            self.study(phone, &items, TWINS_MS).await?;
            items
        };
        let phone = self.dongguan.get(cheat).ok_or("nobody")?;
        self.to_study(phone, TWINS_MS).await?;
        phone.client.host(HostEvent::Offline).await;
        let before = self.study(phone, &items, TWINS_MS / 2).await?;
        self.restart_with_clock_ahead(cheat).await?;
        let phone = self.dongguan.get(cheat).ok_or("nobody")?;
        let begun = items.iter().scan(before, |left, item| {
            let rest = item.length_ms - (*left).min(item.length_ms);
            *left -= item.length_ms - rest;
            Some((rest, item))
        });
        let rest: Vec<ItemView> = begun
            .filter(|(rest, _)| *rest > 0)
            .map(|(rest, item)| ItemView { length_ms: rest, ..item.clone() })
            .collect();
        self.study(phone, &rest, TWINS_MS - before).await?;

        let mut points = vec![];
        for at in [honest, cheat] {
            let phone = self.dongguan.get(at).ok_or("nobody")?;
            phone.client.host(HostEvent::Online).await;
            phone.client.sync().await.map_err(trouble("back in reach"))?;
            points.push(self.points_from(phone, self.clock.now().civil_day(0))?);
        }
        let (honest_points, cheat_points) = (points.first().copied().unwrap_or(0), points.get(1).copied().unwrap_or(0));
        let (honest, cheat) = (self.member_at(honest)?, self.member_at(cheat)?);
        self.log.add(json!({"event": "cheat", "member": cheat, "honest": honest}));
        self.tell(&format!(
            "two at Dongguan study {} minutes each, one sets the clock to {} and restarts the phone: {honest_points} \
             points for the one, {cheat_points} for the other",
            TWINS_MS / 60_000,
            tomorrow.start().display_shanghai().get(..10).unwrap_or("tomorrow"),
        ));
        self.figure("cheat_points", json!(cheat_points - honest_points));
        Ok(())
    }

    fn member_at(&self, at: usize) -> Result<MemberId, Trouble> {
        self.dongguan.get(at).map(|phone| phone.member).ok_or_else(|| "nobody".to_owned())
    }

    async fn restart_with_clock_ahead(&mut self, at: usize) -> Result<(), Trouble> {
        let phone = self.dongguan.remove(at);
        let (member, name) = (phone.member, phone.dir.file_name().and_then(|name| name.to_str()).map(str::to_owned));
        drop(phone);
        let clock = self.clocks.get(&member).ok_or("a phone without a clock")?;
        clock.set_wall_ahead(86_400_000);
        clock.restart();
        let phone = self.open(&name.ok_or("a phone without a name")?, member)?;
        phone.client.host(HostEvent::Offline).await;
        phone.sign_in("").await.map_err(trouble("signing in offline"))?;
        self.dongguan.insert(at, phone);
        Ok(())
    }

    /// All points of study that the phone's member has for `day` and later.
    fn points_from(&self, phone: &RealPhone, day: dangjian_domain::time::CivilDay) -> Result<i64, Trouble> {
        let entries = phone.client.points().ledger(LedgerFilter::Study, 1_000, 0).map_err(trouble("the ledger"))?;
        Ok(entries.iter().filter(|entry| entry.confirmed && entry.day >= day).map(|entry| entry.points).sum())
    }

    async fn a_rank_slips(&mut self, ahead: &RealPhone, before: i64) -> Result<(), Trouble> {
        let now = self.clock.now();
        let slipped = ahead
            .wait_for(PATIENCE, |client| {
                let rank = client.boards().today_rank(now).ok()??;
                (rank.rank > before).then_some(rank)
            })
            .await
            .ok_or("the rank did not slip")?;
        let reminder =
            slipped.movement.and_then(Movement::reminder).ok_or("a rank slipped and the phone says nothing")?;
        self.tell(&format!("the sleeper's phone computes the new rank: 「{}」 — 「{reminder}」", slipped.sentence));
        self.log.add(json!({"event": "rank", "member": ahead.member, "day": now.civil_day(0)}));
        self.figure("rank_before", json!(before));
        self.figure("rank_after", json!(slipped.rank));
        Ok(())
    }

    /// The posting for the most minutes of the day, in the words a member reads.
    fn a_score_is_explained(&mut self, phone: &RealPhone) -> Result<(), Trouble> {
        let now = self.clock.now();
        let day = now.civil_day(0);
        let entries = phone.client.points().ledger(LedgerFilter::Study, 100, 0).map_err(trouble("the ledger"))?;
        let best = entries.into_iter().filter(|entry| entry.day == day).max_by_key(|entry| entry.points);
        let entry = best.ok_or("no posting to explain")?;
        let told = phone.client.points().explain(entry.id, now).map_err(trouble("explaining"))?;
        let sentence = told.ok_or("a posting that can't be explained")?.explanation.sentence;
        self.tell(&format!("and where points came from: {sentence}"));
        self.log.add(json!({"event": "explained", "entry": entry.id, "points": entry.points}));
        self.figure("explained", json!(sentence));
        Ok(())
    }

    /// Waits until the server has computed everybody's standing as it is now, so that nothing changes behind the phones.
    pub(super) async fn boards_are_up_to_date(&self) -> Result<(), Trouble> {
        let (now, path) = (self.clock.now(), self.stage.out.join("server").join("county.db"));
        let end = tokio::time::Instant::now() + PATIENCE;
        while boards_as_of(&path).map_err(|error| format!("reading the server's database: {error}"))? < now.0 {
            if tokio::time::Instant::now() > end {
                return Err("the server's boards stay as they are".to_owned());
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        Ok(())
    }

    /// The sums that caps and ranks are read from are those of the postings, for everybody.
    fn ledger_equals_sums(&mut self) -> Result<(), Trouble> {
        let path = self.stage.out.join("server").join("county.db");
        let equal = sums_differ(&path).map_err(|error| format!("reading the server's database: {error}"))? == 0;
        self.figure("ledger_equals_sum", json!(equal));
        Ok(())
    }
}

fn state(phone: &RealPhone) -> Option<State> {
    phone.client.study().status().borrow().map(|status| status.view.state)
}

fn counted(phone: &RealPhone) -> i64 {
    phone.client.study().status().borrow().map_or(0, |status| status.view.counted_ms)
}

/// How many sums of a day are not what the postings of that day come to.
fn sums_differ(path: &std::path::Path) -> rusqlite::Result<i64> {
    let conn = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    conn.query_row(
        "WITH posted AS (SELECT member, day, rule, sum(points) AS points FROM ledger_entry GROUP BY member, day, rule),
         kept AS (SELECT subject, period, rule, posted + reversed AS points FROM rule_sum WHERE period < 10000000)
         SELECT (SELECT count(*) FROM (SELECT * FROM posted EXCEPT SELECT * FROM kept))
              + (SELECT count(*) FROM (SELECT * FROM kept EXCEPT SELECT * FROM posted))",
        [],
        |row| row.get(0),
    )
}

/// As of when the server's boards stand.
fn boards_as_of(path: &std::path::Path) -> rusqlite::Result<i64> {
    let conn = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    conn.query_row("SELECT COALESCE(MAX(at), 0) FROM job WHERE name = 'boards'", [], |row| row.get(0))
}
