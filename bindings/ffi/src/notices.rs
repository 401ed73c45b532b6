//! Notices: read, published, edited, withdrawn, and who has read them.

use std::sync::Arc;

use dangjian_client::{AppError as ClientError, Client};
use dangjian_domain::id::{MemberId, NoticeId, OpId, OrgId};
use dangjian_domain::time::Timestamp;

use crate::convert::{Cross as _, page};
use crate::error::AppError;
use crate::shared::Shared;

mirror! {
    /// To whom a notice is addressed.
    NoticeScope from dangjian_domain::rows::NoticeScope {
        /// The members of one organization.
        Branch,
        /// Everyone in the organization's subtree.
        Subtree,
    }
}

mirror! {
    /// Whether a notice stands.
    NoticeState from dangjian_domain::rows::NoticeState {
        /// It stands.
        Published,
        /// Its publisher took it back.
        Withdrawn,
    }
}

record! {
    /// A notice as a list or a page shows it.
    NoticeView from dangjian_client::notices::NoticeView {
        /// Which notice.
        id: NoticeId,
        /// Its version; 0 until the server has it.
        version: u64,
        /// The organization that speaks.
        org: OrgId,
        /// Its name.
        org_name: String,
        /// To its members or to its subtree.
        scope: NoticeScope,
        /// Headline.
        title: String,
        /// Text.
        body: String,
        /// Who wrote it.
        author_name: String,
        /// When it was published.
        published_at: Timestamp,
        /// When it was last edited.
        edited_at: Option<Timestamp>,
        /// Whether it stands.
        state: NoticeState,
        /// Why it was withdrawn.
        withdrawn_reason: Option<String>,
        /// Whether this phone's member has read it, or wrote it.
        read: bool,
        /// Whether it, or a change to it, waits for the server.
        unconfirmed: bool,
    }
}

page! {
    /// A page of notices.
    NoticePage of NoticeView
}

record! {
    /// Who has read a notice, for those who lead the organization.
    ReceiptsView from dangjian_client::notices::ReceiptsView {
        /// How many people it is addressed to, as far as this phone's grant reaches.
        addressed: u32,
        /// How many of them have read it.
        read: u32,
        /// Names of those who have not, at most as many as asked for.
        unread: Vec<UnreadView>,
        /// Those who have, the latest first, at most as many as asked for.
        readers: Vec<ReaderView>,
    }
}

record! {
    /// Somebody who has read a notice.
    ReaderView from dangjian_client::notices::ReaderView {
        /// Who.
        member: MemberId,
        /// The member's name.
        name: String,
        /// Name of the branch through which the notice reaches them.
        branch: String,
        /// When they read it.
        read_at: Timestamp,
    }
}

record! {
    /// Somebody who has not read a notice.
    UnreadView from dangjian_client::notices::UnreadView {
        /// Who.
        member: MemberId,
        /// The member's name.
        name: String,
        /// Name of the branch through which the notice reaches them.
        branch: String,
    }
}

record! {
    /// An organization for which this phone's member may publish notices.
    VoiceView from dangjian_client::notices::VoiceView {
        /// Which.
        org: OrgId,
        /// Its name.
        org_name: String,
        /// By which roles, in words: 「书记」.
        role_words: String,
        /// To whom; at least one.
        scopes: Vec<NoticeScope>,
    }
}

pub(crate) fn list(client: &Client, limit: u32, offset: u32) -> Result<NoticePage, ClientError> {
    page(limit, offset, |limit, offset| client.notices().list(limit, offset))
}

/// Notices.
#[derive(uniffi::Object)]
pub struct NoticeService(pub(crate) Arc<Shared>);

#[uniffi::export]
impl NoticeService {
    /// Publishes, at once on this phone and everywhere else as soon as there is a network.
    pub async fn publish(
        &self,
        org: OrgId,
        scope: NoticeScope,
        title: String,
        body: String,
    ) -> Result<NoticeId, AppError> {
        self.0.run(move |client| async move { client.notices().publish(org, scope.cross(), &title, &body).await }).await
    }

    /// Changes the words. `base_version` is the version the editor saw: if somebody else changed them since, both texts
    /// are kept.
    pub async fn edit(
        &self,
        notice: NoticeId,
        base_version: u64,
        title: String,
        body: String,
    ) -> Result<OpId, AppError> {
        self.0
            .run(move |client| async move {
                let seen = seen(&client, notice, base_version)?;
                client.notices().edit(&seen, &title, &body).await
            })
            .await
    }

    /// Takes a notice back; readers see why.
    pub async fn withdraw(&self, notice: NoticeId, base_version: u64, reason: String) -> Result<OpId, AppError> {
        self.0
            .run(move |client| async move {
                let seen = seen(&client, notice, base_version)?;
                client.notices().withdraw(&seen, &reason).await
            })
            .await
    }

    /// Leaves a receipt, once; reading again changes nothing.
    pub async fn mark_read(&self, notice: NoticeId) -> Result<(), AppError> {
        self.0.run(move |client| async move { client.notices().mark_read(notice).await }).await
    }

    /// Newest first.
    pub async fn list(&self, limit: u32, offset: u32) -> Result<NoticePage, AppError> {
        self.0.read(move |client, _| list(client, limit, offset)).await
    }

    /// One notice.
    pub async fn get(&self, notice: NoticeId) -> Result<Option<NoticeView>, AppError> {
        self.0.read(move |client, _| client.notices().get(notice).map(|view| view.cross())).await
    }

    /// Who has read it: numbers, and the names of at most `names` who have not and as many who have.
    pub async fn receipts(&self, notice: NoticeId, names: u32) -> Result<Option<ReceiptsView>, AppError> {
        self.0
            .read(move |client, _| client.notices().receipts(notice, names as usize).map(|receipts| receipts.cross()))
            .await
    }

    /// The organizations for which this phone's member may publish, the widest first; none for whoever leads nothing.
    pub async fn voices(&self) -> Result<Vec<VoiceView>, AppError> {
        self.0.read(|client, _| client.notices().voices().map(|voices| voices.cross())).await
    }

    /// How many people a notice of `org` would be addressed to, as far as this phone's grant reaches: what its receipts
    /// would count. Nothing for an organization that is not known here.
    pub async fn audience(&self, org: OrgId, scope: NoticeScope) -> Result<Option<u32>, AppError> {
        self.0.read(move |client, _| client.notices().audience(org, scope.cross())).await
    }
}

/// The notice as the editor saw it.
fn seen(client: &Client, notice: NoticeId, version: u64) -> Result<dangjian_client::notices::NoticeView, ClientError> {
    let present = client.notices().get(notice)?;
    let view = present.ok_or(ClientError::Refused(dangjian_domain::rule::Refusal::NotFound))?;
    Ok(dangjian_client::notices::NoticeView { version, ..view })
}
