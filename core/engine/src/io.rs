//! What goes into the engine and what comes out.

use dangjian_domain::id::{DeviceId, MemberId, OpId};
use dangjian_domain::op::Action;
use dangjian_protocol::http::{Request, Response};
use dangjian_protocol::message::DeviceEntry;
use dangjian_protocol::page::FeedNo;
use dangjian_protocol::sign::Signature;
use dangjian_store::{Applied, Changes, MirrorTask, StoreError};

use crate::clock::Mono;
use crate::error::AppError;
use crate::study::{StudyCommand, StudyStatus};

macro_rules! numbers {
    ($($(#[$meta:meta])* $name:ident;)*) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u64);
    )*};
}

numbers! {
    /// Ties a command to its reply.
    CmdId;
    /// Ties a request to its response.
    ReqId;
    /// Ties bytes to be signed to their signature.
    SignId;
    /// Ties a task for the mirror to its result.
    PageId;
}

/// What somebody asks of the engine. Passwords are wiped once used.
#[derive(Clone)]
pub enum Command {
    /// Sign in; offline with what the phone has.
    SignIn {
        /// Member number or phone.
        login: String,
        /// Password.
        password: String,
    },
    /// Set the first password with the one-time code, and sign in.
    Activate {
        /// Member number or phone.
        login: String,
        /// The one-time code.
        code: String,
        /// The new password.
        password: String,
    },
    /// Lock the app until somebody signs in again, across restarts. Nothing is deleted, and what is queued is still delivered.
    SignOut,
    /// Do something by rule: judged, stored, shown at once, delivered when possible.
    Act(Action),
    /// The person has seen that this operation was refused.
    Acknowledge(OpId),
    /// Exchange with the server now; replied when both sides have everything.
    Sync,
    /// Make a new activation code for a member.
    ResetAccount(MemberId),
    /// Take a phone's access away.
    RevokeDevice(DeviceId),
    /// List a member's phones.
    ListDevices(MemberId),
    /// Open a study item, or say what happens while one is open.
    Study(StudyCommand),
    /// The app was opened: counts once a day.
    SignInToday,
    /// Fetch the content of a study item by its SHA-256, and keep it for offline.
    Fetch([u8; 32]),
    /// Forget a content kept for offline.
    Forget([u8; 32]),
    /// Keep what somebody has begun to write; empty bytes delete it.
    SaveDraft {
        /// Which draft.
        id: String,
        /// Its content.
        content: Vec<u8>,
    },
}

impl std::fmt::Debug for Command {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::SignIn { .. } => "SignIn",
            Self::Activate { .. } => "Activate",
            Self::SignOut => "SignOut",
            Self::Act(_) => "Act",
            Self::Acknowledge(_) => "Acknowledge",
            Self::Sync => "Sync",
            Self::ResetAccount(_) => "ResetAccount",
            Self::RevokeDevice(_) => "RevokeDevice",
            Self::ListDevices(_) => "ListDevices",
            Self::Study(_) => "Study",
            Self::SignInToday => "SignInToday",
            Self::Fetch(_) => "Fetch",
            Self::Forget(_) => "Forget",
            Self::SaveDraft { .. } => "SaveDraft",
        })
    }
}

/// What came of a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Done {
    /// Signed in.
    SignedIn {
        /// Who.
        member: MemberId,
        /// The member's name.
        name: String,
        /// Whether without the server.
        offline: bool,
    },
    /// The operation is stored and will be delivered.
    Recorded(OpId),
    /// Phone and server have told each other everything.
    Synced,
    /// The code to be told to the member in person.
    ActivationCode(String),
    /// A member's phones.
    Devices(Vec<DeviceEntry>),
    /// Done, with nothing more to say.
    Ok,
}

/// Why a request has no response.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NetFault {
    /// No connection could be made, or it broke.
    #[error("no connection")]
    Unreachable,
    /// No answer in time.
    #[error("no answer in time")]
    Timeout,
    /// The other side's certificate is not the server's.
    #[error("the certificate is not the server's")]
    Untrusted,
    /// The answer is longer than any answer is, or not HTTP.
    #[error("not an answer of this protocol")]
    Nonsense,
}

/// Why there is no signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyFault {
    /// The person said no.
    #[error("cancelled")]
    Cancelled,
    /// The key is gone or the key store fails.
    #[error("the key store fails")]
    Unavailable,
}

/// Which of the phone's two keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyUse {
    /// Signs without asking.
    Silent,
    /// Asks for finger or PIN.
    Presence,
}

/// What the phone reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HostEvent {
    /// There is a network again: try at once.
    Online,
    /// There is none: don't try.
    Offline,
    /// The app goes to the background: let go of everything.
    Suspend,
    /// The app is back.
    Resume,
}

/// What goes in.
#[derive(Debug)]
pub enum Input {
    /// Somebody asks for something.
    Command(CmdId, Command),
    /// A request has its response, or none.
    Net(ReqId, Result<Response, NetFault>),
    /// Bytes are signed, or not.
    Signed(SignId, Result<Signature, KeyFault>),
    /// The mirror's task is done, or failed.
    Applied(PageId, Result<Applied, StoreError>),
    /// The hint stream says that a feed moved.
    Hint(FeedNo, u64),
    /// The hint stream says that the member's feeds changed.
    GrantHint,
    /// The hint stream is open.
    HintsOpen,
    /// The hint stream broke.
    HintsClosed,
    /// The phone reports something.
    Host(HostEvent),
    /// The time of a [`Effect::WakeAt`] has come.
    Tick,
}

/// What comes out.
#[derive(Debug)]
pub enum Effect {
    /// Send a request; answer with [`Input::Net`].
    Send(ReqId, Request),
    /// Open the hint stream with this request; answer with hints.
    OpenHints(Request),
    /// Close the hint stream.
    CloseHints,
    /// Sign (SHA-256 inside); answer with [`Input::Signed`].
    Sign(SignId, KeyUse, Vec<u8>),
    /// Have the mirror do something; answer with [`Input::Applied`].
    Mirror(PageId, MirrorTask),
    /// Answer a command.
    Reply(CmdId, Result<Done, AppError>),
    /// Screens that show any of this should read again.
    Notify(Changes),
    /// How it stands with the server, for the offline banner.
    Status(Status),
    /// The open study session; none if it ended.
    Study(Option<StudyStatus>),
    /// Come back at this time with [`Input::Tick`]; replaces an earlier one.
    WakeAt(Mono),
    /// This phone's access was taken away: delete both files and the keys.
    Wipe,
}

/// How it stands with the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Status {
    /// Whether the last try reached the server.
    pub online: bool,
    /// Whether an exchange is going on.
    pub syncing: bool,
    /// Operations not yet delivered.
    pub queued: u64,
    /// Rows received so far while the first mirror is built.
    pub building_rows: Option<u64>,
    /// Whether somebody is signed in; not once the server does not know this installation any more, or took its access away.
    pub signed_in: bool,
}
