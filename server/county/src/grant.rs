//! The feeds a member holds, written down under a number: phones name the number, and get the list when it changed.

use std::collections::BTreeSet;

use dangjian_domain::grant::feeds_held;
use dangjian_domain::id::MemberId;
use dangjian_protocol::message::{FeedSeq, GrantList, GrantedFeed};
use dangjian_protocol::page::FeedNo;

use crate::db::{Db, Param, all, one};
use crate::error::CountyError;
use crate::facts::DbFacts;
use crate::writer::feed_no;

/// Whether `member` has a grant; made at the first enrolment of a device.
pub(crate) fn has_one(db: &mut dyn Db, member: MemberId) -> Result<bool, CountyError> {
    Ok(number(db, member)? != 0)
}

/// The number of the member's grant; 0 if there is none.
pub(crate) fn number(db: &mut dyn Db, member: MemberId) -> Result<u64, CountyError> {
    let sql = "SELECT number FROM member_grant WHERE member = ?1";
    Ok(one(db, sql, &[Param::id(&member.0)], |row| row.number(0))?.unwrap_or(0))
}

/// The feeds of the member's grant, in ascending number.
pub(crate) fn feeds(db: &mut dyn Db, member: MemberId) -> Result<Vec<FeedNo>, CountyError> {
    let sql = "SELECT feed_no FROM granted WHERE member = ?1 ORDER BY feed_no";
    Ok(all(db, sql, &[Param::id(&member.0)], |row| row.number(0))?)
}

/// Computes the feeds anew; if they changed, writes them down under the next number and says so.
pub(crate) fn refresh(db: &mut dyn Db, member: MemberId) -> Result<bool, CountyError> {
    let facts = DbFacts::new(db, None);
    let held = match facts.standpoint(member)? {
        Some(at) => feeds_held(&facts, &at)?,
        None => BTreeSet::new(),
    };
    let mut now = BTreeSet::new();
    for feed in held {
        now.insert(feed_no(db, feed)?);
    }
    let before: BTreeSet<FeedNo> = feeds(db, member)?.into_iter().collect();
    let number = number(db, member)?;
    if number != 0 && before == now {
        return Ok(false);
    }
    for feed in before.difference(&now) {
        db.execute(
            "DELETE FROM granted WHERE member = ?1 AND feed_no = ?2",
            &[Param::id(&member.0), Param::number(*feed)],
        )?;
    }
    for feed in now.difference(&before) {
        db.execute(
            "INSERT INTO granted (member, feed_no) VALUES (?1, ?2)",
            &[Param::id(&member.0), Param::number(*feed)],
        )?;
    }
    db.execute(
        "INSERT INTO member_grant (member, number) VALUES (?1, ?2)
         ON CONFLICT (member) DO UPDATE SET number = excluded.number",
        &[Param::id(&member.0), Param::number(number + 1)],
    )?;
    Ok(true)
}

/// The list as it goes to the phone.
pub(crate) fn list(db: &mut dyn Db, member: MemberId, number: u64) -> Result<GrantList, CountyError> {
    let feeds = all(
        db,
        "SELECT f.feed_no, f.kind, f.subject FROM granted g JOIN feed f ON f.feed_no = g.feed_no
         WHERE g.member = ?1 ORDER BY g.feed_no",
        &[Param::id(&member.0)],
        |row| {
            let kind = u8::try_from(row.int(1)?).unwrap_or(0);
            Ok(GrantedFeed { feed: row.number(0)?, kind, subject: row.id(2)? })
        },
    )?;
    Ok(GrantList { number, feeds })
}

/// Those of `effects` that lie in feeds `member` holds: of others not even the number is told.
pub(crate) fn visible(db: &mut dyn Db, member: MemberId, effects: &[FeedSeq]) -> Result<Vec<FeedSeq>, CountyError> {
    let mut visible = Vec::new();
    for effect in effects {
        let sql = "SELECT 1 FROM granted WHERE member = ?1 AND feed_no = ?2";
        if one(db, sql, &[Param::id(&member.0), Param::number(effect.feed)], |_| Ok(()))?.is_some() {
            visible.push(effect.clone());
        }
    }
    Ok(visible)
}
