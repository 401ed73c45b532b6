//! The public error: what went wrong, whether the same may succeed later, and a sentence for the person.

use dangjian_client::AppError as ClientError;
use dangjian_engine::error::StorageTrouble as ClientStorageTrouble;
use dangjian_protocol::error::ErrorCode;

use crate::convert::Cross as _;

/// What can go wrong for somebody who uses the app. Carries nothing about anybody.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, uniffi::Error, serde::Serialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum AppError {
    /// There is no connection to the server.
    #[error("offline")]
    Offline,
    /// Signing in is not possible like this.
    #[error("sign-in: {problem:?}")]
    SignIn {
        /// What is wrong.
        problem: SignInProblem,
    },
    /// Too many tries.
    #[error("locked out for {retry_after_s} s")]
    LockedOut {
        /// Seconds to wait.
        retry_after_s: u32,
    },
    /// A rule says no.
    #[error("refused: {refusal:?}")]
    Refused {
        /// Which.
        refusal: Refusal,
    },
    /// Nobody is signed in on this phone.
    #[error("not signed in")]
    NotSignedIn,
    /// This phone's access was taken away.
    #[error("device revoked")]
    DeviceRevoked,
    /// The phone's storage failed.
    #[error("storage: {trouble:?}")]
    Storage {
        /// What is wrong with it.
        trouble: StorageTrouble,
    },
    /// The server failed or said something that can't be understood.
    #[error("server: {server_code}")]
    Server {
        /// The server's permanent code.
        server_code: String,
    },
    /// The phone's key store failed, or the person cancelled.
    #[error("key store")]
    KeyStore,
    /// What was given can't be read; nothing was done.
    #[error("invalid {field}")]
    InvalidInput {
        /// What it was.
        field: String,
        /// What is wrong with it, a Chinese sentence each, where there is more to say.
        problems: Vec<String>,
    },
    /// The core was closed.
    #[error("closed")]
    Closed,
    /// The program has a defect; the log says more.
    #[error("defect")]
    Defect,
}

/// Why somebody could not sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub enum SignInProblem {
    /// Login and password, or the one-time code, do not belong together.
    WrongCredentials,
    /// The account was not activated yet.
    NotActivated,
    /// The new password is too short or too common.
    WeakPassword,
    /// The member has three phones already.
    TooManyDevices,
}

mirror! {
    /// What is wrong with the phone's storage.
    StorageTrouble from ClientStorageTrouble {
        /// No space left.
        Full,
        /// The files can't be read with the key at hand.
        WrongKey,
        /// Anything else.
        Damaged,
    }
}

mirror! {
    /// Why an operation was not accepted.
    Refusal from dangjian_domain::rule::Refusal {
        /// The actor's role does not allow it.
        NotAllowed,
        /// What it is about is not there.
        NotFound,
        /// Somebody else changed it first.
        Stale,
        /// The notice was withdrawn.
        Withdrawn,
        /// A text is empty.
        TextEmpty,
        /// A text is too long.
        TextTooLong,
        /// A text has characters that can't be shown.
        TextUnprintable,
        /// The scope does not fit the organization.
        WrongScope,
        /// The actor is not in good standing.
        MemberInactive,
        /// The member is there already.
        SameBranch,
        /// The member holds an office in the branch they would leave.
        HoldsOffice,
        /// The destination takes no members.
        NotABranch,
        /// The time it claims can't be.
        ImplausibleTime,
        /// The payload is not in its one canonical form.
        Malformed,
        /// The actor is not the member this device belongs to.
        WrongActor,
        /// Something with this id exists already.
        Duplicate,
        /// The study lease is not this session's.
        LeaseInvalid,
        /// Not a record that a timer makes, or not answers to the questions drawn.
        StudyMalformed,
        /// No rule set is in force.
        NoRules,
        /// The text is not a rule set.
        RulesInvalid,
        /// A rule set can only apply from a later day on.
        RulesInPast,
        /// A reversal can't be taken back.
        NotReversible,
        /// Somebody has decided it already.
        AlreadyDecided,
        /// The quiz's day is over.
        QuizClosed,
    }
}

#[uniffi::export]
impl Refusal {
    /// For the person: what is so and, where there is one, the way on.
    pub fn sentence(&self) -> String {
        dangjian_domain::rule::Refusal::sentence((*self).cross()).to_owned()
    }
}

#[uniffi::export]
impl AppError {
    /// The permanent code.
    pub fn code(&self) -> String {
        match self.known() {
            Ok(known) => known.code(),
            Err(Own::InvalidInput) => "invalid_input",
            Err(Own::Closed) => "closed",
            Err(Own::Defect) => "defect",
        }
        .to_owned()
    }

    /// Whether the same may succeed later without anything being changed.
    pub fn retryable(&self) -> bool {
        self.known().is_ok_and(|known| known.retryable())
    }

    /// For the person: what is so, and the way on.
    pub fn sentence(&self) -> String {
        match self.known() {
            Ok(known) => known.sentence(),
            Err(Own::InvalidInput) => "填写的内容无法识别，请检查后再试。".to_owned(),
            Err(Own::Closed) => "应用正在关闭，请重新打开后再试。".to_owned(),
            Err(Own::Defect) => "应用内部出错，您已保存的内容没有丢失。请重新打开应用。".to_owned(),
        }
    }
}

/// Errors that only the boundary has.
enum Own {
    InvalidInput,
    Closed,
    Defect,
}

impl AppError {
    /// Something given can't be read.
    pub(crate) fn invalid(field: &str) -> Self {
        Self::InvalidInput { field: field.to_owned(), problems: vec![] }
    }

    /// The core's own error that this one stands for.
    fn known(&self) -> Result<ClientError, Own> {
        Ok(match self {
            Self::Offline => ClientError::Offline,
            Self::SignIn { problem } => match problem {
                SignInProblem::WrongCredentials => ClientError::WrongCredentials,
                SignInProblem::NotActivated => ClientError::NotActivated,
                SignInProblem::WeakPassword => ClientError::WeakPassword,
                SignInProblem::TooManyDevices => ClientError::TooManyDevices,
            },
            Self::LockedOut { retry_after_s } => ClientError::LockedOut { retry_after_s: *retry_after_s },
            Self::Refused { refusal } => ClientError::Refused((*refusal).cross()),
            Self::NotSignedIn => ClientError::NotSignedIn,
            Self::DeviceRevoked => ClientError::DeviceRevoked,
            Self::Storage { trouble } => ClientError::Storage((*trouble).cross()),
            // Code, sentence and retryable are the same for all of the server's.
            Self::Server { .. } => ClientError::Server(ErrorCode::Internal),
            Self::KeyStore => ClientError::KeyStore,
            Self::InvalidInput { .. } => return Err(Own::InvalidInput),
            Self::Closed => return Err(Own::Closed),
            Self::Defect => return Err(Own::Defect),
        })
    }
}

impl From<ClientError> for AppError {
    fn from(error: ClientError) -> Self {
        let sign_in = |problem| Self::SignIn { problem };
        match error {
            ClientError::Offline => Self::Offline,
            ClientError::WrongCredentials => sign_in(SignInProblem::WrongCredentials),
            ClientError::NotActivated => sign_in(SignInProblem::NotActivated),
            ClientError::WeakPassword => sign_in(SignInProblem::WeakPassword),
            ClientError::TooManyDevices => sign_in(SignInProblem::TooManyDevices),
            ClientError::LockedOut { retry_after_s } => Self::LockedOut { retry_after_s },
            ClientError::Refused(refusal) => Self::Refused { refusal: refusal.cross() },
            ClientError::NotSignedIn => Self::NotSignedIn,
            ClientError::DeviceRevoked => Self::DeviceRevoked,
            ClientError::Storage(trouble) => Self::Storage { trouble: trouble.cross() },
            ClientError::Server(code) => Self::Server { server_code: name_of(code).to_owned() },
            ClientError::KeyStore => Self::KeyStore,
        }
    }
}

/// The permanent code, as it stands in JSON.
fn name_of(code: ErrorCode) -> &'static str {
    match code {
        ErrorCode::BadRequest => "bad_request",
        ErrorCode::NoSuchPath => "no_such_path",
        ErrorCode::TooLarge => "too_large",
        ErrorCode::BadSignature => "bad_signature",
        ErrorCode::ClockSkew => "clock_skew",
        ErrorCode::SessionExpired => "session_expired",
        ErrorCode::DeviceRevoked => "device_revoked",
        ErrorCode::WrongCredentials => "wrong_credentials",
        ErrorCode::LockedOut => "locked_out",
        ErrorCode::NotActivated => "not_activated",
        ErrorCode::BadNonce => "bad_nonce",
        ErrorCode::TooManyDevices => "too_many_devices",
        ErrorCode::Forbidden => "forbidden",
        ErrorCode::Busy => "busy",
        ErrorCode::Internal => "internal",
        ErrorCode::WeakPassword => "weak_password",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_error_of_the_core_keeps_its_code_its_sentence_and_whether_to_try_again() {
        let mut errors = vec![
            ClientError::Offline,
            ClientError::WrongCredentials,
            ClientError::LockedOut { retry_after_s: 90 },
            ClientError::NotActivated,
            ClientError::WeakPassword,
            ClientError::NotSignedIn,
            ClientError::DeviceRevoked,
            ClientError::TooManyDevices,
            ClientError::Server(ErrorCode::Busy),
            ClientError::KeyStore,
        ];
        errors.extend(dangjian_domain::rule::Refusal::ALL.map(ClientError::Refused));
        let troubles = [ClientStorageTrouble::Full, ClientStorageTrouble::WrongKey, ClientStorageTrouble::Damaged];
        errors.extend(troubles.map(ClientError::Storage));
        for error in errors {
            let public = AppError::from(error.clone());
            assert_eq!(public.code(), error.code());
            assert_eq!(public.sentence(), error.sentence());
            assert_eq!(public.retryable(), error.retryable());
        }
        assert_eq!(AppError::Closed.code(), "closed");
        assert!(!AppError::Defect.retryable());
    }

    #[test]
    fn the_servers_codes_are_named_as_on_the_wire() {
        for code in [ErrorCode::Busy, ErrorCode::ClockSkew, ErrorCode::TooLarge, ErrorCode::WeakPassword] {
            assert_eq!(serde_json::to_value(code).unwrap(), name_of(code));
        }
    }
}
