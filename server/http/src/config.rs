//! What a server is told when it starts.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use dangjian_domain::time::CivilDay;

/// Where and how a server runs.
#[derive(Debug, Clone)]
pub struct ServerConfig {
    /// Folder of the database, the secrets and the activation codes; made if it does not exist.
    pub data: PathBuf,
    /// Where to listen; port 0 for any free one.
    pub listen: SocketAddr,
    /// The made-up county to load if the database is empty.
    pub seed_county: Option<SeedCounty>,
    /// Certificate chain and key, for HTTPS.
    pub tls: Option<TlsFiles>,
    /// How far apart phones without a hint come by themselves.
    pub slot: Duration,
    /// How often scores, boards and histograms are brought up to date.
    pub boards_every: Duration,
    /// Begin a new history of the database, as after restoring it from a backup: phones build their mirrors anew.
    pub new_history: bool,
    /// Hash passwords cheaply. For tours and tests only.
    pub quick_passwords: bool,
    /// File with the milliseconds by which the clock runs ahead. For tours only; holds for the whole process.
    pub tour_clock: Option<PathBuf>,
    /// The limits of the network side.
    pub limits: NetworkLimits,
}

/// A made-up county.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SeedCounty {
    /// The same seed makes the same county.
    pub seed: u64,
    /// The day its figures end at.
    pub today: CivilDay,
}

/// PEM files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsFiles {
    /// Certificate chain, the server's own first.
    pub certificates: PathBuf,
    /// The private key of the first.
    pub key: PathBuf,
}

/// The limits of the network side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NetworkLimits {
    /// Threads that check requests and read, each with a database connection.
    pub readers: usize,
    /// Time for a request's headers to arrive, and for which an idle connection is kept.
    pub header_timeout: Duration,
    /// Time for a request's body to arrive.
    pub body_timeout: Duration,
    /// How long a reply may make no progress before its connection is cut.
    pub write_timeout: Duration,
    /// Connections open at a time; further ones wait in the system's queue.
    pub connections: usize,
    /// Bytes of request bodies held at a time, over all connections.
    pub bodies: usize,
    /// How often a silent stream of hints says that it is alive.
    pub keep_alive: Duration,
    /// How long requests under way may take to end when the server stops.
    pub drain: Duration,
}

impl Default for NetworkLimits {
    fn default() -> Self {
        Self {
            readers: 3,
            header_timeout: Duration::from_secs(10),
            body_timeout: Duration::from_secs(10),
            write_timeout: Duration::from_secs(30),
            connections: 8_000,
            bodies: 32 << 20,
            keep_alive: Duration::from_secs(20),
            drain: Duration::from_secs(5),
        }
    }
}

impl ServerConfig {
    /// A server on a free port of this machine with its data in `data`.
    pub fn local(data: impl Into<PathBuf>) -> Self {
        Self {
            data: data.into(),
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            seed_county: None,
            tls: None,
            slot: Duration::from_secs(600),
            boards_every: Duration::from_secs(600),
            new_history: false,
            quick_passwords: false,
            tour_clock: None,
            limits: NetworkLimits::default(),
        }
    }
}
