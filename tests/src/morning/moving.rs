//! A member moves to another branch: the new branch's rows come, the old one's leave the phone.

use dangjian_domain::feed::{Feed, feeds_of};
use dangjian_domain::op::{Action, MoveMember};
use dangjian_domain::rows::{Member, Synced, TABLES};
use dangjian_engine::Command;
use serde_json::json;

use super::{Morning, PATIENCE, Trouble, trouble};
use crate::phones::RealPhone;

impl Morning {
    pub(super) async fn a_member_moves(&mut self) -> Result<(), Trouble> {
        let villager = self.villager.as_ref().ok_or("no villager")?;
        let reviewer = self.reviewer.as_ref().ok_or("no reviewer")?;
        let member = villager.member;
        let row = reviewer
            .client
            .read(|snapshot| snapshot.row(Member::TABLE, member.0))
            .map_err(trouble("looking up the member"))?
            .ok_or("the reviewer does not see the member")?;
        let from = Member::from_row(&row).map_err(|error| error.to_string())?.org;
        // On a second morning with the same data the member moves back.
        let (here, there) = (self.landmarks.village_branch, self.landmarks.second_village_branch);
        let to = if from == here { there } else { here };
        let before = outside(villager, |feed| *feed == Feed::branch(from))?;
        let action = Action::MoveMember(MoveMember { member, from, to });
        reviewer.client.command(Command::Act(action)).await.map_err(trouble("moving"))?;
        villager
            .wait_for(PATIENCE, |client| {
                let row = client.read(|snapshot| snapshot.row(Member::TABLE, member.0)).ok()??;
                (Member::from_row(&row).ok()?.org == to).then_some(())
            })
            .await
            .ok_or("the move did not reach the member")?;
        villager.client.sync().await.map_err(trouble("catching up"))?;
        let left = outside(villager, |feed| *feed == Feed::branch(from) || *feed == Feed::duty(from))?;
        self.log.add(json!({"event": "moved", "member": member, "from": from, "to": to}));
        self.tell(&format!(
            "a villager's affiliation moves to the next village: {before} rows of the old branch were on the phone, {left} are left"
        ));
        self.figure("rows_after_move_outside_grant", json!(left));
        Ok(())
    }
}

/// How many rows of the phone's mirror belong to a feed like that and to none that the phone holds.
fn outside(phone: &RealPhone, like: impl Fn(&Feed) -> bool) -> Result<u64, Trouble> {
    phone
        .client
        .read(|snapshot| {
            let mut held = vec![];
            let mut statement = snapshot.conn().prepare("SELECT kind, subject FROM mirror.feed")?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                held.push((row.get::<_, u8>(0)?, row.get::<_, Vec<u8>>(1)?));
            }
            let mut count = 0;
            for table in TABLES {
                for row in snapshot.rows(table, "1", [])? {
                    let feeds = feeds_of(&row);
                    let covered =
                        |feed: &Feed| !like(feed) && held.contains(&(feed.kind as u8, feed.subject.0.to_vec()));
                    count += u64::from(feeds.iter().any(&like) && !feeds.iter().any(covered));
                }
            }
            Ok(count)
        })
        .map_err(trouble("counting"))
}
