//! The audit log: who did what to whose access. Each entry contains the hash of the one before, so that nobody with the
//! database before them can change or take out an old entry without all later ones giving it away.

use dangjian_domain::id::{MemberId, RowId};
use dangjian_domain::time::Timestamp;
use sha2::{Digest, Sha256};

use crate::db::{Db, DbError, Param, one};
use crate::error::CountyError;

const CONTEXT: &[u8] = b"dangjian/audit/1\0";

/// What is written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Act {
    /// A member set a password with the one-time code.
    Activated,
    /// A password was taken away and a new code made.
    Reset,
    /// A device was bound to a member; detail: 1 if it was known before.
    Enrolled,
    /// A device lost its access.
    Revoked,
    /// A device's chain has two histories; detail: the sequence where they part.
    Forked,
    /// An operation's id was used before; detail: its sequence.
    Duplicate,
    /// A backup was restored.
    NewHistory,
    /// The county was loaded; detail: rows.
    Loaded,
}

impl Act {
    fn word(self) -> &'static str {
        match self {
            Self::Activated => "activated",
            Self::Reset => "reset",
            Self::Enrolled => "enrolled",
            Self::Revoked => "revoked",
            Self::Forked => "forked",
            Self::Duplicate => "duplicate",
            Self::NewHistory => "new_history",
            Self::Loaded => "loaded",
        }
    }
}

/// An entry before it has its place.
pub(crate) struct Entry {
    pub(crate) at: Timestamp,
    pub(crate) actor: Option<MemberId>,
    pub(crate) act: Act,
    pub(crate) subject: Option<RowId>,
    pub(crate) detail: i64,
}

fn hash(
    n: u64,
    previous: &[u8],
    at: i64,
    actor: Option<&[u8]>,
    action: &str,
    subject: Option<&[u8]>,
    detail: i64,
) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(CONTEXT);
    hash.update(n.to_be_bytes());
    hash.update(at.to_be_bytes());
    hash.update(detail.to_be_bytes());
    // Each part with its length (absent: the largest), so that none can run into the next.
    for part in [Some(previous), actor, Some(action.as_bytes()), subject] {
        hash.update(part.map_or(u64::MAX, |part| part.len() as u64).to_be_bytes());
        hash.update(part.unwrap_or_default());
    }
    hash.finalize().into()
}

/// Appends `entry`.
pub(crate) fn append(db: &mut dyn Db, entry: &Entry) -> Result<(), CountyError> {
    let last = one(db, "SELECT n, hash FROM audit ORDER BY n DESC LIMIT 1", &[], |row| {
        Ok((row.number(0)?, row.blob(1)?.to_vec()))
    })?;
    let (n, previous) = last.map_or((1, vec![0; 32]), |(n, hash)| (n + 1, hash));
    let actor = entry.actor.map(|actor| actor.0.0);
    let subject = entry.subject.map(|subject| subject.0);
    let (actor, subject) = (actor.as_ref().map(|id| &id[..]), subject.as_ref().map(|id| &id[..]));
    let action = entry.act.word();
    let hash = hash(n, &previous, entry.at.0, actor, action, subject, entry.detail);
    db.execute(
        "INSERT INTO audit (n, previous, at, actor, action, subject, detail, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        &[
            Param::number(n),
            Param::Blob(&previous),
            Param::Int(entry.at.0),
            actor.map_or(Param::Null, Param::Blob),
            Param::Text(action),
            subject.map_or(Param::Null, Param::Blob),
            Param::Int(entry.detail),
            Param::Blob(&hash),
        ],
    )?;
    Ok(())
}

/// Goes through the whole log; gives how many entries stand, or the number of the first that does not fit.
pub(crate) fn verify(db: &mut dyn Db) -> Result<Result<u64, u64>, CountyError> {
    let (mut entries, mut previous, mut broken) = (0u64, vec![0u8; 32], None);
    db.query("SELECT n, previous, at, actor, action, subject, detail, hash FROM audit ORDER BY n", &[], &mut |row| {
        if broken.is_some() {
            return Ok(());
        }
        let n = entries + 1;
        let expected = hash(
            n,
            &previous,
            row.int(2)?,
            row.maybe(3, |row, at| row.blob(at))?,
            row.text(4)?,
            row.maybe(5, |row, at| row.blob(at))?,
            row.int(6)?,
        );
        if row.number(0)? != n || row.blob(1)? != previous || row.blob(7)? != expected {
            broken = Some(n);
        }
        entries = n;
        previous = expected.to_vec();
        Ok::<(), DbError>(())
    })?;
    Ok(broken.map_or(Ok(entries), Err))
}
