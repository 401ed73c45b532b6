//! The server dies in the middle of it, comes back, and everything is accounted for.

use std::collections::BTreeSet;

use dangjian_client::outbox::OutboxState;
use dangjian_domain::rows::NoticeScope;
use rusqlite::{Connection, OpenFlags};
use serde_json::json;

use super::{Morning, PATIENCE, Trouble, trouble};
use crate::phones::RealPhone;

impl Morning {
    pub(super) async fn the_server_dies(&mut self) -> Result<(), Trouble> {
        let org = self.landmarks.dongguan_third;
        let secretary = self.dongguan.first().ok_or("no secretary")?;
        for n in 1..=5 {
            let title = format!("捐赠登记第 {n} 批");
            secretary
                .client
                .notices()
                .publish(org, NoticeScope::Branch, &title, "请已登记的同志核对名单。")
                .await
                .map_err(trouble("publishing"))?;
            if n == 3 {
                self.server.kill();
            }
        }
        self.tell("five notices in a row; after the third the server is killed (SIGKILL). Nobody has to wait or repeat anything");
        self.server.restart()?;
        self.tell("the server is back");
        self.boards_are_up_to_date().await?;
        for phone in self.phones() {
            phone
                .wait_for(PATIENCE, |client| (client.outbox().list(1, 0).ok()?.is_empty()).then_some(()))
                .await
                .ok_or("an outbox did not empty after the server came back")?;
            phone.client.sync().await.map_err(trouble("catching up"))?;
        }
        Ok(())
    }

    /// Every operation that was recorded on a phone stands in the server's database, and no outbox holds anything.
    pub(super) async fn account_for_everything(&mut self) -> Result<(), Trouble> {
        let mut recorded: BTreeSet<Vec<u8>> = BTreeSet::new();
        let mut left = 0;
        for phone in self.phones() {
            recorded.extend(operations(phone)?);
            let outbox = phone.client.outbox().list(1_000, 0).map_err(trouble("listing"))?;
            left += outbox.iter().filter(|entry| entry.state == OutboxState::Queued).count();
        }
        let path = self.stage.out.join("server").join("county.db");
        let stored = stored_operations(&path).map_err(|error| format!("reading the server's database: {error}"))?;
        let lost = recorded.difference(&stored).count();
        self.tell(&format!(
            "{} operations were recorded on {} phones: {lost} lost, {left} waiting",
            recorded.len(),
            self.phones().count()
        ));
        self.figure("operations", json!(recorded.len()));
        self.figure("acknowledged_lost", json!(lost));
        self.figure("outbox_left", json!(left));
        Ok(())
    }
}

fn operations(phone: &RealPhone) -> Result<Vec<Vec<u8>>, Trouble> {
    phone
        .client
        .read(|snapshot| {
            let mut statement = snapshot.conn().prepare("SELECT op_id FROM op")?;
            let ids = statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
            Ok(ids)
        })
        .map_err(trouble("listing operations"))
}

fn stored_operations(path: &std::path::Path) -> rusqlite::Result<BTreeSet<Vec<u8>>> {
    let conn = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let mut statement = conn.prepare("SELECT op_id FROM op WHERE op_id IS NOT NULL")?;
    statement.query_map([], |row| row.get(0))?.collect()
}
