//! Members, as far as this phone's grant shows them: found, looked at, moved, and their branch's ledger opened.

use std::sync::Arc;

use dangjian_domain::id::{MemberId, OpId, OrgId};

use crate::account::OfficeView;
use crate::convert::{Cross as _, page};
use crate::error::AppError;
use crate::shared::Shared;

mirror! {
    /// Where somebody stands in the Party.
    Standing from dangjian_domain::rows::Standing {
        /// Full member.
        Full,
        /// Probationary member: no vote.
        Probationary,
    }
}

mirror! {
    /// Where a member stands with the Party.
    MemberStatus from dangjian_domain::rows::MemberStatus {
        /// In good standing.
        Active,
        /// Membership suspended, as after six months of lost contact.
        Suspended,
        /// The affiliation was transferred out of the county.
        TransferredOut,
        /// Deceased.
        Deceased,
        /// Left or was removed.
        Left,
    }
}

record! {
    /// A member as a list shows them: no more than a line of it, since a page of them crosses to the screen at once.
    MemberLineView from dangjian_client::members::MemberLineView {
        /// Who.
        member: MemberId,
        /// The member's name.
        name: String,
        /// Name of the branch of the affiliation.
        branch: String,
        /// Roles in words, as far as they are known here: 「书记」; empty without one.
        role_words: String,
        /// Whether the member works away.
        migrant: bool,
        /// Whether the membership is suspended.
        suspended: bool,
    }
}

page! {
    /// A page of members.
    MemberPage of MemberLineView
}

record! {
    /// One member, and what whoever looks may do about them, as far as this phone knows: of offices elsewhere it may know
    /// nothing, and the server say no after all.
    MemberView from dangjian_client::members::MemberView {
        /// Who.
        member: MemberId,
        /// The member's name.
        name: String,
        /// The member number.
        number: String,
        /// The branch of the affiliation.
        org: OrgId,
        /// Its name.
        branch: String,
        /// Roles, then guest branches, as far as they are known here.
        offices: Vec<OfficeView>,
        /// Whether the member works away.
        migrant: bool,
        /// Full or probationary.
        standing: Standing,
        /// That in words: 「正式党员」.
        standing_words: String,
        /// Where they stand with the Party.
        status: MemberStatus,
        /// That in words: 「正常」.
        status_words: String,
        /// Whether this phone holds the ledger of their branch.
        ledger_open: bool,
        /// Whether it was opened here and the server has not answered yet.
        ledger_opening: bool,
        /// Whether a move waits for the server.
        unconfirmed: bool,
        /// Whether the reader may make a new activation code for them.
        may_reset: bool,
        /// Whether the reader may open the ledger of their branch, which is not open or being opened.
        may_open_ledger: bool,
        /// Whether the reader may move them to another branch.
        may_move: bool,
    }
}

record! {
    /// A branch that a member may be moved to.
    BranchView from dangjian_client::members::BranchView {
        /// Which.
        org: OrgId,
        /// Its name.
        name: String,
        /// Name of the organization above it.
        of_name: String,
    }
}

page! {
    /// A page of branches.
    BranchPage of BranchView
}

/// Members.
#[derive(uniffi::Object)]
pub struct MemberService(pub(crate) Arc<Shared>);

#[uniffi::export]
impl MemberService {
    /// Members of `org` and everything below it, or all that this phone knows, by branch and name: those whose name contains
    /// `query` or whose number begins with it. Who has left, died or been transferred out of the county is not listed.
    pub async fn list(
        &self,
        query: String,
        org: Option<OrgId>,
        limit: u32,
        offset: u32,
    ) -> Result<MemberPage, AppError> {
        self.0
            .read(move |client, _| {
                page(limit, offset, |limit, offset| client.members().list(&query, org, limit, offset))
            })
            .await
    }

    /// One member; nothing for somebody this phone does not know.
    pub async fn get(&self, member: MemberId) -> Result<Option<MemberView>, AppError> {
        self.0.read(move |client, _| client.members().get(member).map(|view| view.cross())).await
    }

    /// Opens the ledger of the member's branch: its postings come to this phone with the next exchange.
    pub async fn open_ledger(&self, member: MemberId) -> Result<OpId, AppError> {
        self.0.run(move |client| async move { client.members().open_ledger(member).await }).await
    }

    /// Moves the member to another branch.
    pub async fn move_to(&self, member: MemberId, org: OrgId) -> Result<OpId, AppError> {
        self.0.run(move |client| async move { client.members().move_to(member, org).await }).await
    }

    /// Branches to which this phone's member may move somebody, by name: those whose name contains `query`.
    pub async fn branches(&self, query: String, limit: u32, offset: u32) -> Result<BranchPage, AppError> {
        self.0
            .read(move |client, _| {
                page(limit, offset, |limit, offset| client.members().branches(&query, limit, offset))
            })
            .await
    }
}
