//! A server's data folder that holds a small county already: faster than loading the big one, and known by heart.

use std::path::Path;

use dangjian_county::{County, Sqlite, sqlite};
use dangjian_domain::rows::{Member, Synced};
use dangjian_domain::schema::Row;
use dangjian_protocol::random::Random;

use crate::phones::Codes;

/// Makes the database in `data`; returns everybody's login and activation code.
pub fn prepare(data: &Path, rows: &[Row], random: &mut dyn Random) -> Codes {
    std::fs::create_dir_all(data).unwrap();
    let conn = sqlite::open(&data.join("county.db"), false).unwrap();
    let numbers: Vec<Member> = rows.iter().filter_map(|row| Member::from_row(row).ok()).collect();
    let mut codes = Codes::default();
    conn.execute_batch("BEGIN").unwrap();
    let mut db = Sqlite(&conn);
    County::create_schema(&mut db).unwrap();
    dangjian_county::load(&mut db, rows, dangjian_http::now(), random, &mut |_, _| {}, &mut |member, code| {
        let row = numbers.iter().find(|row| row.id == member.0).unwrap();
        codes.add(member, &row.number, code);
    })
    .unwrap();
    conn.execute_batch("COMMIT").unwrap();
    codes
}
