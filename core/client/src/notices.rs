//! Notices: read, published, edited, withdrawn, and who has read them.

use dangjian_domain::id::{MemberId, NoticeId, OpId, OrgId};
use dangjian_domain::op::{Action, EditNotice, PublishNotice, ReadNotice, WithdrawNotice};
use dangjian_domain::rows::{NoticeScope, NoticeState};
use dangjian_domain::time::Timestamp;
use dangjian_engine::AppError;

use crate::client::Client;

mod query;
mod readers;
mod voices;

pub use voices::VoiceView;

/// A notice as a list or a page shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoticeView {
    /// Which notice.
    pub id: NoticeId,
    /// Its version; 0 until the server has it.
    pub version: u64,
    /// The organization that speaks.
    pub org: OrgId,
    /// Its name.
    pub org_name: String,
    /// To its members or to its subtree.
    pub scope: NoticeScope,
    /// Headline.
    pub title: String,
    /// Text.
    pub body: String,
    /// Who wrote it.
    pub author_name: String,
    /// When it was published.
    pub published_at: Timestamp,
    /// When it was last edited.
    pub edited_at: Option<Timestamp>,
    /// Whether it stands.
    pub state: NoticeState,
    /// Why it was withdrawn.
    pub withdrawn_reason: Option<String>,
    /// Whether this phone's member has read it, or wrote it.
    pub read: bool,
    /// Whether it, or a change to it, waits for the server.
    pub unconfirmed: bool,
}

/// Who has read a notice, for those who lead the organization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptsView {
    /// How many people it is addressed to, as far as this phone's grant reaches.
    pub addressed: u32,
    /// How many of them have read it.
    pub read: u32,
    /// Names of those who have not, at most as many as asked for.
    pub unread: Vec<UnreadView>,
    /// Those who have, the latest first, at most as many as asked for.
    pub readers: Vec<ReaderView>,
}

/// Somebody who has read a notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReaderView {
    /// Who.
    pub member: MemberId,
    /// The member's name.
    pub name: String,
    /// Name of the branch through which the notice reaches them.
    pub branch: String,
    /// When they read it.
    pub read_at: Timestamp,
}

/// Somebody who has not read a notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnreadView {
    /// Who.
    pub member: MemberId,
    /// The member's name.
    pub name: String,
    /// Name of the branch through which the notice reaches them.
    pub branch: String,
}

/// Notices.
pub struct NoticeService<'c>(&'c Client);

impl Client {
    /// Notices.
    pub fn notices(&self) -> NoticeService<'_> {
        NoticeService(self)
    }
}

impl NoticeService<'_> {
    /// Publishes, at once on this phone and everywhere else as soon as there is a network.
    pub async fn publish(&self, org: OrgId, scope: NoticeScope, title: &str, body: &str) -> Result<NoticeId, AppError> {
        let payload = PublishNotice { org, scope, title: title.to_owned(), body: body.to_owned() };
        self.0.act(Action::PublishNotice(payload)).await.map(|op| op.0.into())
    }

    /// Changes the words. If somebody else changed them first, both texts are kept.
    pub async fn edit(&self, notice: &NoticeView, title: &str, body: &str) -> Result<OpId, AppError> {
        let (title, body) = (title.to_owned(), body.to_owned());
        let payload = EditNotice { notice: notice.id, base_version: notice.version, title, body };
        self.0.act(Action::EditNotice(payload)).await
    }

    /// Takes a notice back; readers see why.
    pub async fn withdraw(&self, notice: &NoticeView, reason: &str) -> Result<OpId, AppError> {
        let payload = WithdrawNotice { notice: notice.id, base_version: notice.version, reason: reason.to_owned() };
        self.0.act(Action::WithdrawNotice(payload)).await
    }

    /// Leaves a receipt, once; reading again changes nothing.
    pub async fn mark_read(&self, notice: NoticeId) -> Result<(), AppError> {
        let left = self.0.read(|snapshot| match dangjian_engine::member_of(snapshot)? {
            Some(me) => query::has_receipt(snapshot, notice, me),
            None => Ok(false),
        })?;
        if left {
            return Ok(());
        }
        self.0.act(Action::ReadNotice(ReadNotice { notice })).await.map(|_| ())
    }

    /// Newest first.
    pub fn list(&self, limit: usize, offset: usize) -> Result<Vec<NoticeView>, AppError> {
        self.0.read(|snapshot| query::list(snapshot, limit, offset))
    }

    /// One notice.
    pub fn get(&self, notice: NoticeId) -> Result<Option<NoticeView>, AppError> {
        self.0.read(|snapshot| query::get(snapshot, notice))
    }

    /// Who has read it: numbers, and the names of at most `names` who have not and as many who have.
    pub fn receipts(&self, notice: NoticeId, names: usize) -> Result<Option<ReceiptsView>, AppError> {
        self.0.read(|snapshot| query::receipts(snapshot, notice, names))
    }
}
