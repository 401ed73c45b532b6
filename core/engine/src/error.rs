//! The public errors: few, each with a stable code, whether trying again helps, and a sentence for the person.

use dangjian_domain::rule::Refusal;
use dangjian_protocol::error::{ApiError, ErrorCode};
use dangjian_store::StoreError;

/// What can go wrong for somebody who uses the app.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AppError {
    /// There is no connection to the server.
    #[error("offline")]
    Offline,
    /// Login and password do not belong together.
    #[error("wrong login or password")]
    WrongCredentials,
    /// Too many tries.
    #[error("locked out for {retry_after_s} s")]
    LockedOut {
        /// Seconds to wait.
        retry_after_s: u32,
    },
    /// The account was not activated yet.
    #[error("not activated")]
    NotActivated,
    /// The password is too short or too common.
    #[error("weak password")]
    WeakPassword,
    /// A rule says no.
    #[error("refused: {0:?}")]
    Refused(Refusal),
    /// Nobody is signed in on this phone.
    #[error("not signed in")]
    NotSignedIn,
    /// This phone's access was taken away.
    #[error("device revoked")]
    DeviceRevoked,
    /// The member has three phones already.
    #[error("too many devices")]
    TooManyDevices,
    /// The phone's storage failed.
    #[error("storage: {0:?}")]
    Storage(StorageTrouble),
    /// The server failed or said something that can't be understood.
    #[error("server: {0:?}")]
    Server(ErrorCode),
    /// The phone's key store failed, or the person cancelled.
    #[error("key store")]
    KeyStore,
}

/// What is wrong with the storage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StorageTrouble {
    /// No space left.
    Full,
    /// The files can't be read with the key at hand.
    WrongKey,
    /// Anything else.
    Damaged,
}

impl AppError {
    /// The permanent code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Offline => "offline",
            Self::WrongCredentials => "wrong_credentials",
            Self::LockedOut { .. } => "locked_out",
            Self::NotActivated => "not_activated",
            Self::WeakPassword => "weak_password",
            Self::Refused(_) => "refused",
            Self::NotSignedIn => "not_signed_in",
            Self::DeviceRevoked => "device_revoked",
            Self::TooManyDevices => "too_many_devices",
            Self::Storage(_) => "storage",
            Self::Server(_) => "server",
            Self::KeyStore => "key_store",
        }
    }

    /// Whether the same may succeed later without anything being changed.
    pub fn retryable(&self) -> bool {
        matches!(self, Self::Offline | Self::LockedOut { .. } | Self::Server(_) | Self::KeyStore)
    }

    /// A sentence for the person: what is so, and the way on.
    pub fn sentence(&self) -> String {
        match self {
            Self::Offline => "目前没有网络。您的操作已存本机，有网后自动上传。".into(),
            Self::WrongCredentials => "党员编号（或手机号）与密码不符，请核对后再试。".into(),
            Self::LockedOut { retry_after_s } => {
                format!(
                    "尝试次数过多，请在 {} 分钟后再试，或请支部书记协助重置密码。",
                    retry_after_s.div_ceil(60).max(1)
                )
            }
            Self::NotActivated => "账号尚未激活，请使用支部发放的激活码。".into(),
            Self::WeakPassword => "密码过于简单。请使用至少 8 位、不易猜到的密码。".into(),
            Self::Refused(refusal) => refusal.sentence().into(),
            Self::NotSignedIn => "请先登录。".into(),
            Self::DeviceRevoked => "这部手机的使用权限已被取消。如有疑问，请联系支部书记。".into(),
            Self::TooManyDevices => "您已在三部手机上登录。请先停用其中一部。".into(),
            Self::Storage(StorageTrouble::Full) => "手机存储空间不足，请清理后再试。已保存的内容没有丢失。".into(),
            Self::Storage(StorageTrouble::WrongKey) => "本机数据无法解锁，请重新登录。".into(),
            Self::Storage(StorageTrouble::Damaged) => "本机数据读写出错，请稍后再试。".into(),
            Self::Server(_) => "平台暂时没有响应，请稍后再试。您的操作已存本机。".into(),
            Self::KeyStore => "没有完成验证，请再试一次。".into(),
        }
    }
}

impl From<StoreError> for AppError {
    fn from(error: StoreError) -> Self {
        log::warn!("storage: {error}");
        Self::Storage(match error {
            StoreError::Full => StorageTrouble::Full,
            StoreError::WrongKey => StorageTrouble::WrongKey,
            _ => StorageTrouble::Damaged,
        })
    }
}

impl From<&ApiError> for AppError {
    fn from(error: &ApiError) -> Self {
        match error.code {
            ErrorCode::WrongCredentials => Self::WrongCredentials,
            ErrorCode::LockedOut => Self::LockedOut { retry_after_s: error.retry_after_s.unwrap_or(60) },
            ErrorCode::NotActivated => Self::NotActivated,
            ErrorCode::WeakPassword => Self::WeakPassword,
            ErrorCode::DeviceRevoked => Self::DeviceRevoked,
            ErrorCode::TooManyDevices => Self::TooManyDevices,
            ErrorCode::Forbidden => Self::Refused(Refusal::NotAllowed),
            other => Self::Server(other),
        }
    }
}
