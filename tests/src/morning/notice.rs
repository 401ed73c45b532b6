//! A notice from Dongguan: published once, on every phone of the branch, read, edited, and waiting for who was offline.

use std::time::Instant;

use dangjian_client::HostEvent;
use dangjian_client::notices::NoticeView;
use dangjian_domain::id::NoticeId;
use dangjian_domain::rows::NoticeScope;
use futures_util::future::join_all;
use serde_json::json;

use super::{Morning, PATIENCE, Trouble, round, trouble};
use crate::phones::{RealPhone, percentile};

const TITLE: &str = "向金陵中学捐赠课桌椅";
const BODY: &str = "10月份三支部计划开展向金陵中学捐赠260套课桌椅活动，请各位党员同志结合自身情况自愿参与，\
并于本周日前把意愿告诉支部。";

impl Morning {
    fn secretary(&self) -> Result<&RealPhone, Trouble> {
        self.dongguan.first().ok_or_else(|| "no secretary".to_owned())
    }

    /// The phone that is out of reach this morning: the last of the branch.
    pub(super) fn offline_phone(&self) -> Result<&RealPhone, Trouble> {
        self.dongguan.last().ok_or_else(|| "nobody in the branch".to_owned())
    }

    fn reachable(&self) -> &[RealPhone] {
        self.dongguan.get(1..self.dongguan.len().saturating_sub(1)).unwrap_or_default()
    }

    pub(super) async fn a_notice_from_dongguan(&mut self) -> Result<(), Trouble> {
        self.offline_phone()?.client.host(HostEvent::Offline).await;
        self.tell("one of them enters a workshop without signal");
        let org = self.landmarks.dongguan_third;
        let secretary = self.secretary()?;
        let began = Instant::now();
        let published = secretary.client.notices().publish(org, NoticeScope::Branch, TITLE, BODY).await;
        let notice = published.map_err(trouble("publishing"))?;
        let arrivals = join_all(self.reachable().iter().map(|phone| phone.has_notice(notice, PATIENCE))).await;
        let mut waits = vec![];
        for (phone, arrival) in self.reachable().iter().zip(arrivals) {
            let at = arrival.ok_or("a phone did not get the notice")?;
            let ms = at.duration_since(began).as_secs_f64() * 1_000.0;
            self.log.add(json!({"event": "arrived", "notice": notice, "member": phone.member, "ms": ms}));
            waits.push(ms);
        }
        let (p50, p99) = (percentile(&waits, 50.0), percentile(&waits, 99.0));
        self.tell(&format!(
            "the secretary publishes 「{TITLE}」; {} phones have it, half within {p50:.0} ms, all but 1 % within {p99:.0} ms",
            waits.len()
        ));
        self.figure("notice_phones", json!(waits.len()));
        self.figure("notice_p50_ms", json!(round(p50)));
        self.figure("notice_p99_ms", json!(round(p99)));
        self.members_read(notice).await
    }

    /// Every third leaves it unread, so that the secretary's list has names on both sides.
    async fn members_read(&mut self, notice: NoticeId) -> Result<(), Trouble> {
        let readers: Vec<&RealPhone> =
            self.reachable().iter().enumerate().filter(|(at, _)| at % 3 != 0).map(|(_, phone)| phone).collect();
        for phone in &readers {
            phone.client.notices().mark_read(notice).await.map_err(trouble("reading"))?;
        }
        let expected = readers.len() as u32;
        let secretary = self.secretary()?;
        let receipts = secretary
            .wait_for(PATIENCE, |client| {
                let receipts = client.notices().receipts(notice, 100).ok()??;
                (receipts.read >= expected).then_some(receipts)
            })
            .await
            .ok_or("the receipts did not come back")?;
        let names: Vec<&str> = receipts.unread.iter().take(3).map(|unread| unread.name.as_str()).collect();
        self.tell(&format!(
            "{} of {} have read it; still unread by {} people: {} …",
            receipts.read,
            receipts.addressed,
            receipts.unread.len(),
            names.join("、")
        ));
        self.log.add(json!({"event": "receipts", "notice": notice, "read": receipts.read}));
        self.figure("read_receipts", json!(receipts.read));
        Ok(())
    }

    pub(super) async fn the_offline_phone_returns(&mut self) -> Result<(), Trouble> {
        let phone = self.offline_phone()?;
        let before = find(phone, TITLE, 1)?;
        if before.is_some() {
            return Err("the phone without signal has the notice".to_owned());
        }
        // What is done without signal is kept: here the reading of an older notice.
        let older = phone.client.notices().list(50, 0).map_err(trouble("listing"))?;
        if let Some(older) = older.iter().find(|notice| notice.org == self.landmarks.dongguan_third && !notice.read) {
            phone.client.notices().mark_read(older.id).await.map_err(trouble("reading offline"))?;
        }
        phone.client.host(HostEvent::Online).await;
        let notice = phone
            .wait_for(PATIENCE, |client| newest(client, TITLE, 1))
            .await
            .ok_or("the phone that came back did not get the notice")?;
        phone.client.sync().await.map_err(trouble("catching up"))?;
        self.log.add(json!({"event": "returned", "notice": notice.id, "member": phone.member}));
        self.tell(
            "the phone from the workshop is back in reach: it has the notice, and what was read offline is delivered",
        );
        self.figure("offline_phone_got_notice", json!(true));
        Ok(())
    }

    pub(super) async fn the_secretary_edits_offline(&mut self) -> Result<(), Trouble> {
        let secretary = self.secretary()?;
        let notice = find(secretary, TITLE, 1)?.ok_or("the secretary's notice is gone")?;
        secretary.client.host(HostEvent::Offline).await;
        let longer = format!("{BODY}捐赠时间改为10月20日。");
        secretary.client.notices().edit(&notice, TITLE, &longer).await.map_err(trouble("editing"))?;
        let shown = find(secretary, TITLE, 1)?.ok_or("the secretary's notice is gone")?;
        if shown.body != longer || !shown.unconfirmed {
            return Err("the secretary does not see her own edit".to_owned());
        }
        secretary.client.host(HostEvent::Online).await;
        let version = notice.version + 1;
        for phone in self.reachable() {
            let edited = phone.wait_for(PATIENCE, |client| newest(client, TITLE, version)).await;
            edited.ok_or("an edit did not arrive")?;
        }
        self.log.add(json!({"event": "edited", "notice": notice.id, "version": version}));
        self.tell("the secretary corrects the date on the train, without signal; a tunnel later everybody has it");
        Ok(())
    }
}

fn find(phone: &RealPhone, title: &str, version: u64) -> Result<Option<NoticeView>, Trouble> {
    Ok(newest(&phone.client, title, version))
}

fn newest(client: &dangjian_client::Client, title: &str, version: u64) -> Option<NoticeView> {
    let notices = client.notices().list(5, 0).ok()?;
    notices.into_iter().find(|notice| notice.title == title && notice.version >= version)
}
