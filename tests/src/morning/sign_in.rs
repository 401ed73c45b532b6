//! First light: people come to their phones.

use dangjian_domain::rows::{Member, Organization, Participation, Synced};
use serde_json::json;

use super::{Morning, Trouble, trouble};
use crate::phones::RealPhone;

impl Morning {
    pub(super) async fn everybody_signs_in(&mut self) -> Result<(), Trouble> {
        self.tell("members of the third Dongguan migrant branch wake up and sign in for the first time");
        let members = self.landmarks.dongguan_members.clone();
        for (at, member) in members.into_iter().enumerate() {
            let phone = self.phone(&format!("dongguan-{at:02}"), member).await?;
            self.dongguan.push(phone);
        }
        let villager = self.phone("villager", self.landmarks.village_member).await?;
        let reviewer = self.phone("reviewer", self.landmarks.township_reviewer).await?;
        let officer = self.phone("officer", self.landmarks.county_officer).await?;
        self.tell(&format!(
            "{} phones are in sync; the villager's holds {} rows, the county officer's {}",
            self.dongguan.len() + 3,
            rows(&villager)?,
            rows(&officer)?
        ));
        (self.villager, self.reviewer, self.officer) = (Some(villager), Some(reviewer), Some(officer));
        Ok(())
    }

    /// The county as its officer's phone has it.
    pub(super) fn count_the_county(&mut self) -> Result<(), Trouble> {
        let officer = self.officer.as_ref().ok_or("no officer")?;
        let count = |sql: &str| {
            let counted =
                officer.client.read(|snapshot| Ok(snapshot.conn().query_row(sql, [], |row| row.get::<_, u32>(0))?));
            counted.map_err(trouble("counting"))
        };
        let organizations = count(&format!("SELECT count(*) FROM {}", Organization::TABLE.name))?;
        let members = count(&format!("SELECT count(*) FROM {}", Member::TABLE.name))?;
        let migrants = count(&format!("SELECT count(DISTINCT member) FROM {}", Participation::TABLE.name))?;
        self.tell(&format!(
            "on the county officer's phone: {organizations} organizations, {members} members, {migrants} of them migrant"
        ));
        self.figure("organizations", json!(organizations));
        self.figure("members", json!(members));
        self.figure("migrant_members", json!(migrants));
        Ok(())
    }
}

fn rows(phone: &RealPhone) -> Result<u32, Trouble> {
    phone
        .client
        .read(|snapshot| {
            let mut rows = 0;
            for table in dangjian_domain::rows::TABLES {
                let sql = format!("SELECT count(*) FROM {}", table.name);
                rows += snapshot.conn().query_row(&sql, [], |row| row.get::<_, u32>(0))?;
            }
            Ok(rows)
        })
        .map_err(trouble("counting"))
}
