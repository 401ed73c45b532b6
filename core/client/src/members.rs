//! Members, as far as this phone's grant shows them: found, looked at, moved, and their branch's ledger opened.

use dangjian_domain::id::{MemberId, OpId, OrgId};
use dangjian_domain::op::{Action, MoveMember, OpenLedger};
use dangjian_domain::rows::{Member, MemberStatus, Standing};
use dangjian_domain::rule::Refusal;
use dangjian_engine::AppError;

use crate::client::Client;
use crate::me::OfficeView;

mod query;

/// A member as a list shows them: no more than a line of it, since a page of them crosses to the screen at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberLineView {
    /// Who.
    pub member: MemberId,
    /// The member's name.
    pub name: String,
    /// Name of the branch of the affiliation.
    pub branch: String,
    /// Roles in words, as far as they are known here: 「书记」; empty without one.
    pub role_words: String,
    /// Whether the member works away.
    pub migrant: bool,
    /// Whether the membership is suspended.
    pub suspended: bool,
}

/// One member, and what whoever looks may do about them.
///
/// What may be done is answered by the conditions that the server judges by, from what this phone knows: of a member's offices
/// elsewhere it may know nothing, and the server say no after all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberView {
    /// Who.
    pub member: MemberId,
    /// The member's name.
    pub name: String,
    /// The member number.
    pub number: String,
    /// The branch of the affiliation.
    pub org: OrgId,
    /// Its name.
    pub branch: String,
    /// Roles, then guest branches, as far as they are known here.
    pub offices: Vec<OfficeView>,
    /// Whether the member works away.
    pub migrant: bool,
    /// Full or probationary.
    pub standing: Standing,
    /// That in words: 「正式党员」.
    pub standing_words: &'static str,
    /// Where they stand with the Party.
    pub status: MemberStatus,
    /// That in words: 「正常」.
    pub status_words: &'static str,
    /// Whether this phone holds the ledger of their branch.
    pub ledger_open: bool,
    /// Whether it was opened here and the server has not answered yet.
    pub ledger_opening: bool,
    /// Whether a move waits for the server.
    pub unconfirmed: bool,
    /// Whether the reader may make a new activation code for them.
    pub may_reset: bool,
    /// Whether the reader may open the ledger of their branch, which is not open or being opened.
    pub may_open_ledger: bool,
    /// Whether the reader may move them to another branch.
    pub may_move: bool,
}

/// A branch that a member may be moved to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BranchView {
    /// Which.
    pub org: OrgId,
    /// Its name.
    pub name: String,
    /// Name of the organization above it.
    pub of_name: String,
}

/// Members.
pub struct MemberService<'c>(&'c Client);

impl Client {
    /// Members.
    pub fn members(&self) -> MemberService<'_> {
        MemberService(self)
    }
}

impl MemberService<'_> {
    /// Members of `org` and everything below it, or all that this phone knows, by branch and name: those whose name contains
    /// `query` or whose number begins with it. Who has left, died or been transferred out of the county is not listed.
    pub fn list(
        &self,
        query: &str,
        org: Option<OrgId>,
        limit: usize,
        offset: usize,
    ) -> Result<Vec<MemberLineView>, AppError> {
        self.0.read(|snapshot| query::list(snapshot, query.trim(), org, limit, offset))
    }

    /// One member; `None` for somebody this phone does not know.
    pub fn get(&self, member: MemberId) -> Result<Option<MemberView>, AppError> {
        self.0.read(|snapshot| query::get(snapshot, member))
    }

    /// Opens the ledger of the member's branch: its postings come to this phone with the next exchange, for
    /// [`crate::office::OfficeService::ledger`].
    pub async fn open_ledger(&self, member: MemberId) -> Result<OpId, AppError> {
        let org = self.row(member)?.org;
        self.0.act(Action::OpenLedger(OpenLedger { org, open: true })).await
    }

    /// Moves the member to another branch.
    pub async fn move_to(&self, member: MemberId, org: OrgId) -> Result<OpId, AppError> {
        let from = self.row(member)?.org;
        self.0.act(Action::MoveMember(MoveMember { member, from, to: org })).await
    }

    /// Branches to which this phone's member may move somebody, by name: those whose name contains `query`.
    pub fn branches(&self, query: &str, limit: usize, offset: usize) -> Result<Vec<BranchView>, AppError> {
        self.0.read(|snapshot| query::branches(snapshot, query.trim(), limit, offset))
    }

    fn row(&self, member: MemberId) -> Result<Member, AppError> {
        self.0.read(|snapshot| snapshot.find(member.0))?.ok_or(AppError::Refused(Refusal::NotFound))
    }
}
