//! Real phones: the client over real HTTP, with keys in files.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use dangjian_client::platform::{Clock, KeyStore};
use dangjian_client::software::{SoftwareKeyStore, SystemClock, SystemRandom};
use dangjian_client::{AppError, Changes, Client, Config, Observer, PasswordCost, Touched};
use dangjian_domain::id::{MemberId, NoticeId, RowId};
use dangjian_domain::rows::{Notice, Synced};
use tokio::sync::watch;

/// The password everybody in a tour or test sets.
pub const PASSWORD: &str = "枧头河水 2026";

/// When each notice first reached this phone.
type Arrivals = Arc<Mutex<BTreeMap<RowId, Instant>>>;

/// Counts change notifications, so that whoever waits for something looks again at each, and notes when a notice first was
/// among what changed: by then it is committed.
pub struct Bell {
    rung: watch::Sender<u64>,
    revoked: watch::Sender<bool>,
    arrivals: Arrivals,
}

impl Observer for Bell {
    fn changed(&self, changes: &Changes) {
        let now = Instant::now();
        if let Some(Touched::Rows(ids)) = changes.tables.get(&Notice::TABLE.no) {
            let mut arrivals = self.arrivals.lock().unwrap();
            for id in ids {
                arrivals.entry(*id).or_insert(now);
            }
        }
        self.rung.send_modify(|rung| *rung += 1);
    }

    fn revoked(&self) {
        self.revoked.send_replace(true);
    }
}

/// One phone.
pub struct RealPhone {
    /// Whose.
    pub member: MemberId,
    /// The member number.
    pub login: String,
    /// Its files.
    pub dir: PathBuf,
    /// The core.
    pub client: Client,
    /// Whether it was told that its access was taken away.
    pub revoked: watch::Receiver<bool>,
    bell: watch::Receiver<u64>,
    arrivals: Arrivals,
}

/// Logins and activation codes, as the server wrote them for the branches to hand out.
#[derive(Debug, Default)]
pub struct Codes(BTreeMap<MemberId, (String, String)>);

impl Codes {
    /// Reads `activation-codes.csv`: member, login, name, branch, code.
    pub fn read(path: &Path) -> Result<Self, String> {
        let text = std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
        let mut codes = BTreeMap::new();
        for line in text.lines().skip(1) {
            let fields: Vec<&str> = line.split(',').collect();
            let [member, login, .., code] = fields.as_slice() else { return Err(format!("not a code: {line}")) };
            let member: RowId = member.parse().map_err(|_| format!("no member id: {line}"))?;
            codes.insert(member.into(), ((*login).to_owned(), (*code).to_owned()));
        }
        Ok(Self(codes))
    }

    /// Adds a member.
    pub fn add(&mut self, member: MemberId, login: &str, code: &str) {
        self.0.insert(member, (login.to_owned(), code.to_owned()));
    }

    /// Login and code of a member.
    pub fn of(&self, member: MemberId) -> Option<(&str, &str)> {
        self.0.get(&member).map(|(login, code)| (login.as_str(), code.as_str()))
    }

    /// Everybody.
    pub fn members(&self) -> impl Iterator<Item = MemberId> {
        self.0.keys().copied()
    }
}

impl RealPhone {
    /// Opens the phone in `dir`.
    pub fn open(
        dir: &Path,
        member: MemberId,
        login: &str,
        change: impl FnOnce(&mut Config),
        server: &str,
    ) -> Result<Self, AppError> {
        Self::open_with_clock(dir, member, login, change, server, Arc::new(SystemClock::new(&mut SystemRandom)))
    }

    /// The same on a phone with that clock.
    pub fn open_with_clock(
        dir: &Path,
        member: MemberId,
        login: &str,
        change: impl FnOnce(&mut Config),
        server: &str,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, AppError> {
        let mut config = Config::new(dir, server);
        config.passwords = PasswordCost::CHEAP;
        change(&mut config);
        let keys = SoftwareKeyStore::open(dir, &mut SystemRandom).map_err(|_| AppError::KeyStore)?;
        let keys: Arc<dyn KeyStore> = Arc::new(keys);
        let (rung, bell) = watch::channel(0);
        let arrivals = Arrivals::default();
        let (sender, revoked) = watch::channel(false);
        let observer = Arc::new(Bell { rung, revoked: sender, arrivals: arrivals.clone() });
        let client = Client::open(config, keys, clock, observer)?;
        Ok(Self { member, login: login.to_owned(), dir: dir.to_owned(), client, bell, revoked, arrivals })
    }

    /// Signs in, with the activation code if the account is new.
    pub async fn sign_in(&self, code: &str) -> Result<(), AppError> {
        match self.client.account().sign_in(&self.login, PASSWORD).await {
            Err(AppError::NotActivated | AppError::WrongCredentials) => {
                self.client.account().activate(&self.login, code, PASSWORD).await.map(|_| ())
            }
            other => other.map(|_| ()),
        }
    }

    /// Waits until `ready` gives something, looking again at each change. `None` if that takes longer than `most`.
    pub async fn wait_for<T>(&self, most: Duration, mut ready: impl FnMut(&Client) -> Option<T>) -> Option<T> {
        let mut bell = self.bell.clone();
        let end = tokio::time::Instant::now() + most;
        loop {
            bell.borrow_and_update();
            if let Some(found) = ready(&self.client) {
                return Some(found);
            }
            tokio::time::timeout_at(end, bell.changed()).await.ok()?.ok()?;
        }
    }

    /// Waits until the notice is committed in this phone's mirror; returns when that was.
    pub async fn has_notice(&self, notice: NoticeId, most: Duration) -> Option<Instant> {
        self.wait_for(most, |_| self.arrivals.lock().unwrap().get(&notice.0).copied()).await
    }
}

/// The nth percentile of `values`, by nearest rank.
pub fn percentile(values: &[f64], n: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let rank = ((n / 100.0) * sorted.len() as f64).ceil().max(1.0) as usize;
    sorted.get(rank - 1).copied().unwrap_or(f64::NAN)
}

/// Shared by phones that record what happened to them, for others to recount.
#[derive(Clone, Default)]
pub struct Log(Arc<Mutex<Vec<serde_json::Value>>>);

impl Log {
    /// Adds an event.
    pub fn add(&self, event: serde_json::Value) {
        self.0.lock().unwrap().push(event);
    }

    /// All events, one JSON object a line.
    pub fn lines(&self) -> String {
        self.0.lock().unwrap().iter().map(|event| format!("{event}\n")).collect()
    }
}
