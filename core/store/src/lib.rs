//! The phone's two SQLite files: `own`, what its person did, which exists nowhere else until it is delivered; and the mirror,
//! what the server said, which can always be fetched again. They are written by different threads with different care, and
//! no transaction spans both.
//!
//! Not here: when to sync (`engine`), what follows from an operation (`dangjian_domain::rule`).
//!
//! - [`own`]: the chain of operations, their overlays, verdicts, drafts
//! - [`mirror`]: pages applied to the live mirror, or gathered for a new one that is built beside it
//! - [`reader`]: both as one, for screens and rules
//! - [`files`], [`error`], [`changes`]: where things lie, what can go wrong, what changed
//!
//! ```
//! use dangjian_domain::id::RowId;
//! use dangjian_domain::op::{Action, ReadNotice};
//! use dangjian_domain::time::{Instant, Timestamp};
//! use dangjian_protocol::op::Operation;
//! use dangjian_store::{FileKey, Files, OwnStore};
//!
//! # let dir = tempfile::tempdir()?;
//! let files = Files { dir: dir.path().to_owned(), key: FileKey::Raw([7; 32]) };
//! let mut own = OwnStore::open(&files)?.store;
//! let (seq, _) = own.chain_tip()?;
//! let action = Action::ReadNotice(ReadNotice { notice: RowId([1; 16]).into() });
//! let at = Instant::Anchored(Timestamp(1_800_000_000_000));
//! let op = Operation::new(RowId([2; 16]).into(), seq, RowId([3; 16]).into(), at, &action);
//! own.append(&op, RowId([4; 16]).into(), RowId([5; 16]).into(), &[])?;
//! assert_eq!(own.queued_count()?, 1);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod changes;
pub mod error;
pub mod files;
pub mod mirror;
pub mod own;
pub mod reader;

mod ddl;
#[cfg(test)]
mod testing;
mod value;

pub use changes::{Changes, Touched};
pub use error::StoreError;
pub use files::{FileKey, Files};
pub use mirror::{Applied, Delivery, Mirror, MirrorTask, Progress};
pub use own::{OpState, Opened, OutboxEntry, Outgoing, OwnStore};
pub use reader::{Reader, Snapshot};
