//! What must hold after every step, and at rest.

use std::collections::BTreeSet;

use dangjian_domain::feed::feeds_of;
use dangjian_protocol::http::Response;
use dangjian_protocol::message::{self, SyncReply};
use rusqlite::{Connection, OpenFlags};

use super::world::World;
use crate::oracle;

impl World {
    /// Nothing that was acknowledged to the person is lost when the program dies.
    pub(super) fn check_all_recorded(&self, phone: usize) {
        let phone = &self.phones[phone];
        let conn = open(&phone.files.own());
        let mut known = conn.prepare("SELECT 1 FROM op WHERE op_id = ?1").unwrap();
        for op in &phone.recorded {
            assert!(known.exists([op.0.0]).unwrap(), "an acknowledged operation did not survive");
        }
    }

    /// What was acknowledged to the person last stands in the phone's own file.
    pub(super) fn check_phone(&self, phone: usize) {
        let phone = &self.phones[phone];
        let conn = open(&phone.files.own());
        let mut known = conn.prepare("SELECT 1 FROM op WHERE op_id = ?1").unwrap();
        let newest = phone.recorded.last().unwrap();
        assert!(known.exists([newest.0.0]).unwrap(), "an acknowledged operation is gone from the phone");
    }

    /// Nothing outside the grant reaches a phone.
    pub(super) fn check_reply(&self, phone: usize, response: &Response) {
        let Ok(reply) = message::decode::<SyncReply>(&response.body, response.content_type) else { return };
        let Some(page) = reply.page else { return };
        let page = page.open().unwrap();
        let held = oracle::may_see(self.server.conn(), &self.phones[phone].member.0.0);
        for block in &page.blocks {
            for row in 0..block.len() {
                let feeds = feeds_of(&block.row(row).unwrap());
                let covered = feeds.iter().any(|feed| held.contains(&(feed.kind.name(), feed.subject.0.to_vec())));
                assert!(covered, "a row of {} left the server for who may not see it", block.table().name);
            }
        }
    }

    /// Every row of the mirror belongs to a feed that the phone holds.
    pub(super) fn check_mirror(&self, phone: usize) {
        let phone = &self.phones[phone];
        let own = open(&phone.files.own());
        let live: Option<Vec<u8>> = own.query_row("SELECT v FROM meta WHERE k = 'mirror'", [], |row| row.get(0)).ok();
        let Some(name) = live.and_then(|name| String::from_utf8(name).ok()) else { return };
        let path = phone.files.dir.join(format!("mirror-{name}.db"));
        if !path.exists() {
            return;
        }
        let conn = open(&path);
        let kinds = ["", "own", "branch", "duty", "ledger", "down"];
        let mut statement = conn.prepare("SELECT kind, subject FROM feed").unwrap();
        let held: BTreeSet<oracle::FeedName> = statement
            .query_map([], |row| Ok((kinds[row.get::<_, u8>(0)? as usize], row.get(1)?)))
            .unwrap()
            .collect::<Result<_, _>>()
            .unwrap();
        for (table, _) in oracle::TABLES {
            for row in oracle::rows(&conn, table) {
                let covered = oracle::feeds(table, &row).iter().any(|feed| held.contains(feed));
                assert!(covered, "a row of {table} that no held feed covers stayed on the phone");
            }
        }
    }

    /// At rest every phone has exactly the rows its member may see, the server has every operation as it was written, each
    /// applied once, and nothing waits.
    pub(super) fn check_converged(&self) {
        let server = self.server.conn();
        for (at, phone) in self.phones.iter().enumerate() {
            let own = open(&phone.files.own());
            let waiting: i64 = own.query_row("SELECT count(*) FROM op WHERE state = 0", [], |row| row.get(0)).unwrap();
            assert_eq!(waiting, 0, "phone {at} still has something to deliver");
            for op in &phone.recorded {
                let kept: Option<Vec<u8>> =
                    own.query_row("SELECT bytes FROM op WHERE op_id = ?1", [op.0.0], |row| row.get(0)).ok();
                let stored: Option<Vec<u8>> =
                    server.query_row("SELECT bytes FROM op WHERE op_id = ?1", [op.0.0], |row| row.get(0)).ok();
                assert!(kept.is_some(), "an acknowledged operation is gone from phone {at}");
                assert_eq!(kept, stored, "phone {at}: the server does not have what the phone recorded");
            }
            for (table, _) in oracle::TABLES {
                let overlays: i64 = own
                    .query_row(
                        &format!(
                            "SELECT count(*) FROM overlay_{table} o JOIN op ON op.device_seq = o.device_seq
                             WHERE op.state IN (0, 1) AND o.live = 1"
                        ),
                        [],
                        |row| row.get(0),
                    )
                    .unwrap();
                assert_eq!(overlays, 0, "phone {at} still shows its own word for {table}");
            }
            let name: Vec<u8> = own.query_row("SELECT v FROM meta WHERE k = 'mirror'", [], |row| row.get(0)).unwrap();
            let name = String::from_utf8(name).unwrap();
            let mirror = open(&phone.files.dir.join(format!("mirror-{name}.db")));
            let have = oracle::mirrored(&mirror);
            let should = oracle::visible(server, &phone.member.0.0);
            let missing: Vec<_> = should.keys().filter(|key| !have.contains_key(*key)).map(|key| &key.0).collect();
            let extra: Vec<_> = have.keys().filter(|key| !should.contains_key(*key)).map(|key| &key.0).collect();
            assert!(missing.is_empty() && extra.is_empty(), "phone {at}: missing {missing:?}, extra {extra:?}");
            assert!(have == should, "phone {at} has other values than the server");
        }
        // Each notice counted its version up once for each accepted operation on it.
        let mut accepted = server
            .prepare(
                "SELECT substr(wrote, 3, 16), count(*) FROM op WHERE decision = 1 AND length(wrote) = 26 GROUP BY 1",
            )
            .unwrap();
        let counts = accepted.query_map([], |row| Ok((row.get::<_, Vec<u8>>(0)?, row.get::<_, i64>(1)?))).unwrap();
        for count in counts {
            let (id, count) = count.unwrap();
            let version: Option<i64> =
                server.query_row("SELECT version FROM notice WHERE id = ?1", [&id], |row| row.get(0)).ok();
            assert!(version.is_none_or(|version| version == count), "an operation was applied twice or not at all");
        }
    }
}

fn open(path: &std::path::Path) -> Connection {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(path, flags).unwrap();
    conn.busy_timeout(std::time::Duration::from_secs(2)).unwrap();
    conn
}
