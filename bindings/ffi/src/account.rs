//! Signing in and out, and helping others who can't.

use std::sync::Arc;

use dangjian_domain::id::{DeviceId, MemberId, OrgId};
use dangjian_domain::time::Timestamp;

use crate::convert::Cross as _;
use crate::error::AppError;
use crate::shared::Shared;

record! {
    /// Who signed in.
    SignedIn from dangjian_client::account::SignedIn {
        /// Who.
        member: MemberId,
        /// The member's name.
        name: String,
        /// Whether without the server, with what the phone has.
        offline: bool,
    }
}

record! {
    /// One of a member's phones.
    DeviceView from dangjian_protocol::message::DeviceEntry {
        /// Which installation.
        device: DeviceId,
        /// What the member calls it.
        label: String,
        /// When it was enrolled.
        enrolled_at: Timestamp,
        /// Whether its access was taken away.
        revoked: bool,
    }
}

mirror! {
    /// What a member may do for an organization.
    Role from dangjian_domain::rows::Role {
        /// Leads it.
        Secretary,
        /// Stands in for the secretary.
        DeputySecretary,
        /// Initial review, moves within the subtree.
        Reviewer,
        /// Final review, moves anywhere.
        Officer,
    }
}

record! {
    /// A role, or a membership as a guest, in an organization.
    OfficeView from dangjian_client::me::OfficeView {
        /// Where.
        org: OrgId,
        /// Its name.
        org_name: String,
        /// Which role; none for a guest.
        role: Option<Role>,
        /// That in words: 「书记」.
        role_words: String,
        /// Whether it is a branch: its notices go to its own members.
        is_branch: bool,
    }
}

record! {
    /// Whose phone this is.
    MeView from dangjian_client::me::MeView {
        /// Who.
        member: MemberId,
        /// The member's name.
        name: String,
        /// The member number.
        number: String,
        /// The home branch; absent until the first sync.
        org: Option<OrgId>,
        /// Its name.
        org_name: String,
        /// Whether the member works away.
        migrant: bool,
        /// What they may do for whom, then where they are a guest.
        offices: Vec<OfficeView>,
    }
}

/// Accounts and devices.
#[derive(uniffi::Object)]
pub struct AccountService(pub(crate) Arc<Shared>);

#[uniffi::export]
impl AccountService {
    /// Signs in with member number or phone; without the server if it can't be reached and this member signed in here
    /// before.
    pub async fn sign_in(&self, login: String, password: String) -> Result<SignedIn, AppError> {
        self.0
            .run(|client| async move { client.account().sign_in(&login, &password).await.map(|done| done.cross()) })
            .await
    }

    /// Sets the first password with the one-time code from the branch, and signs in.
    pub async fn activate(&self, login: String, code: String, password: String) -> Result<SignedIn, AppError> {
        self.0
            .run(|client| async move {
                client.account().activate(&login, &code, &password).await.map(|done| done.cross())
            })
            .await
    }

    /// Locks the app until somebody signs in again, however often it is started. Nothing is deleted; what is queued is still
    /// delivered.
    pub async fn sign_out(&self) -> Result<(), AppError> {
        self.0.run(|client| async move { client.account().sign_out().await }).await
    }

    /// Whose phone this is and what they may do; nothing before the first sign-in.
    pub async fn me(&self) -> Result<Option<MeView>, AppError> {
        self.0.read(|client, _| client.me().map(|me| me.cross())).await
    }

    /// A new one-time code for a member who lost their password, to be told in person.
    pub async fn reset(&self, member: MemberId) -> Result<String, AppError> {
        self.0.run(move |client| async move { client.account().reset(member).await }).await
    }

    /// A member's phones, oldest first.
    pub async fn devices(&self, member: MemberId) -> Result<Vec<DeviceView>, AppError> {
        self.0
            .run(move |client| async move { client.account().devices(member).await.map(|devices| devices.cross()) })
            .await
    }

    /// Takes a phone's access away: at its next contact it deletes what it has.
    pub async fn revoke(&self, device: DeviceId) -> Result<(), AppError> {
        self.0.run(move |client| async move { client.account().revoke(device).await }).await
    }
}
