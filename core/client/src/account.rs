//! Signing in and out, and helping others who can't.

use dangjian_domain::id::{DeviceId, MemberId};
use dangjian_engine::{AppError, Command, Done};
use dangjian_protocol::error::ErrorCode;
use dangjian_protocol::message::DeviceEntry;

use crate::client::Client;

/// Who signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// Who.
    pub member: MemberId,
    /// The member's name.
    pub name: String,
    /// Whether without the server, with what the phone has.
    pub offline: bool,
}

/// Accounts and devices.
pub struct AccountService<'c>(&'c Client);

impl Client {
    /// Accounts and devices.
    pub fn account(&self) -> AccountService<'_> {
        AccountService(self)
    }
}

/// The engine answered a command with another command's result, which is a defect.
fn misplaced() -> AppError {
    AppError::Server(ErrorCode::Internal)
}

impl AccountService<'_> {
    /// Signs in with member number or phone; without the server if it can't be reached and this member signed in here
    /// before.
    pub async fn sign_in(&self, login: &str, password: &str) -> Result<SignedIn, AppError> {
        let command = Command::SignIn { login: login.trim().to_owned(), password: password.to_owned() };
        signed_in(self.0.command(command).await?)
    }

    /// Sets the first password with the one-time code from the branch, and signs in.
    pub async fn activate(&self, login: &str, code: &str, password: &str) -> Result<SignedIn, AppError> {
        let command = Command::Activate {
            login: login.trim().to_owned(),
            code: code.trim().to_owned(),
            password: password.to_owned(),
        };
        match self.0.command(command).await {
            // The code may be used up because an earlier reply was lost: then the password it set is the one given now.
            Err(AppError::WrongCredentials) => match self.sign_in(login, password).await {
                Ok(signed_in) if !signed_in.offline => Ok(signed_in),
                _ => Err(AppError::WrongCredentials),
            },
            other => signed_in(other?),
        }
    }

    /// Locks the app until somebody signs in again, however often it is started. Nothing is deleted; what is queued is still
    /// delivered.
    pub async fn sign_out(&self) -> Result<(), AppError> {
        self.0.command(Command::SignOut).await.map(|_| ())
    }

    /// A new one-time code for a member who lost their password, to be told in person. For the leaders of the member's
    /// branch and the officers above.
    pub async fn reset(&self, member: MemberId) -> Result<String, AppError> {
        match self.0.command(Command::ResetAccount(member)).await? {
            Done::ActivationCode(code) => Ok(code),
            _ => Err(misplaced()),
        }
    }

    /// A member's phones, oldest first.
    pub async fn devices(&self, member: MemberId) -> Result<Vec<DeviceEntry>, AppError> {
        match self.0.command(Command::ListDevices(member)).await? {
            Done::Devices(devices) => Ok(devices),
            _ => Err(misplaced()),
        }
    }

    /// Takes a phone's access away: at its next contact it deletes what it has.
    pub async fn revoke(&self, device: DeviceId) -> Result<(), AppError> {
        self.0.command(Command::RevokeDevice(device)).await.map(|_| ())
    }
}

fn signed_in(done: Done) -> Result<SignedIn, AppError> {
    match done {
        Done::SignedIn { member, name, offline } => Ok(SignedIn { member, name, offline }),
        _ => Err(misplaced()),
    }
}
