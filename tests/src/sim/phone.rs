//! A phone of a simulated county: the real engine over real files, driven by hand.

use std::path::PathBuf;

use dangjian_domain::id::{MemberId, OpId};
use dangjian_domain::time::Timestamp;
use dangjian_engine::{BootId, Engine, Keys, Mono, Now, PasswordCost, Settings};
use dangjian_protocol::random::{Random, SplitMix};
use dangjian_protocol::sign::SoftwareKey;
use dangjian_store::{FileKey, Files, Mirror, OwnStore, Reader};

/// One phone.
pub struct Phone {
    /// Whose.
    pub member: MemberId,
    /// The login it uses.
    pub login: String,
    /// Where its files are.
    pub files: Files,
    /// Its silent key.
    pub key: SoftwareKey,
    /// Counts crashes, so that what was meant for an earlier run is not delivered to a later one.
    pub run: u64,
    /// Off while crashed.
    pub on: Option<On>,
    /// Whether it has a network.
    pub network: bool,
    /// Operations whose recording was acknowledged to the person.
    pub recorded: Vec<OpId>,
    /// Feeds its hint stream carries; empty if there is none.
    pub hint_feeds: Option<Vec<u64>>,
    /// When it was switched on, for the boot clock.
    pub booted_at: i64,
    /// How far its wall clock is off.
    pub wall_error_ms: i64,
    /// Changes at a reboot.
    pub boot: BootId,
}

/// A running phone.
pub struct On {
    /// The engine.
    pub engine: Engine,
    /// The mirror's writer.
    pub mirror: Mirror,
}

impl Phone {
    /// A phone that was never switched on.
    pub fn new(random: &mut SplitMix, member: MemberId, login: String, dir: PathBuf) -> Self {
        Self {
            member,
            login,
            files: Files { dir, key: FileKey::Plain },
            key: SoftwareKey::generate(random),
            run: 0,
            on: None,
            network: true,
            recorded: vec![],
            hint_feeds: None,
            booted_at: 0,
            wall_error_ms: 0,
            boot: BootId([0; 16]),
        }
    }

    /// Starts the program.
    pub fn start(&mut self) {
        std::fs::create_dir_all(&self.files.dir).unwrap();
        let opened = OwnStore::open(&self.files).unwrap();
        assert!(opened.quarantined.is_none());
        let live = opened.store.meta("mirror").unwrap().map(|name| String::from_utf8(name).unwrap());
        let mirror = Mirror::open(&self.files, live.as_deref()).unwrap();
        let reader = Reader::open(&self.files).unwrap();
        let settings =
            Settings { label: "模拟手机".into(), page_rows: 7, passwords: PasswordCost::CHEAP, hints: true };
        let keys = Keys { silent: self.key.public(), presence: None };
        let engine = Engine::open(opened.store, reader, keys, settings, mirror.cursor()).unwrap();
        self.on = Some(On { engine, mirror });
        self.run += 1;
        self.hint_feeds = None;
    }

    /// Kills the program between two steps; with `reboot` the phone too.
    pub fn crash(&mut self, at: i64, reboot: bool, random: &mut SplitMix) {
        self.on = None;
        self.run += 1;
        self.hint_feeds = None;
        if reboot {
            self.booted_at = at;
            self.boot = BootId(random.bytes());
            self.wall_error_ms = random.next_u64() as i64 % 100_000_000;
        }
    }

    /// What its clocks show at `at` ms of true time.
    pub fn now(&self, at: i64) -> Now {
        Now { wall: Timestamp(at.saturating_add(self.wall_error_ms)), mono: Mono(at - self.booted_at), boot: self.boot }
    }
}
