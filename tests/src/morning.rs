//! The morning: the county's main job played with real phones over real HTTP against a real server process, told in lines
//! that a stranger can read. What it claims it writes down, so that somebody else can recount it.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use dangjian_client::AppError;
use dangjian_domain::id::MemberId;
use dangjian_seed::Landmarks;
use serde_json::{Map, Value, json};

use crate::phones::{Codes, Log, PASSWORD, RealPhone};
use crate::server_process::{ServerProcess, beside};
use crate::tour_clock::{PhoneClock, TourClock};

mod crash;
mod moving;
mod notice;
mod sign_in;
mod study;

/// Where and how to play.
pub struct Stage {
    /// Folder of the server's and the phones' data.
    pub out: PathBuf,
    /// Where the server listens.
    pub listen: String,
    /// Seed of the county.
    pub seed: u64,
}

/// What went wrong, as a sentence.
pub type Trouble = String;

/// A morning under way.
pub struct Morning {
    stage: Stage,
    /// The server.
    pub server: ServerProcess,
    landmarks: Landmarks,
    /// Everybody's time: the server's and the phones'.
    clock: Arc<TourClock>,
    clocks: BTreeMap<MemberId, Arc<PhoneClock>>,
    codes: Codes,
    /// The members of the third Dongguan branch who have come to their phones, the secretary first.
    dongguan: Vec<RealPhone>,
    officer: Option<RealPhone>,
    reviewer: Option<RealPhone>,
    villager: Option<RealPhone>,
    /// Two more of the village, who study.
    villagers: Vec<RealPhone>,
    log: Log,
    figures: Map<String, Value>,
    began: Instant,
}

/// When the morning begins.
const HOUR: i64 = 5;

/// How often the server brings the boards up to date, ms of the machine's clock.
const BOARDS_MS: &str = "1000";

/// How long anything may take before the morning is called off.
const PATIENCE: Duration = Duration::from_secs(60);

fn trouble(what: &str) -> impl Fn(AppError) -> Trouble + '_ {
    move |error| format!("{what}: {error}")
}

impl Morning {
    /// Starts the server, with its words in the file `log` if one is named; it loads the county if it is not there yet.
    pub fn begin(stage: Stage, log: Option<PathBuf>) -> Result<Self, Trouble> {
        let data = stage.out.join("server");
        std::fs::create_dir_all(&data).map_err(|error| format!("{} can't be made: {error}", data.display()))?;
        let clock_file = stage.out.join("clock");
        let clock = TourClock::at_hour(&clock_file, HOUR)?;
        let today = clock.now().civil_day(0);
        let (year, month, day) = today.ymd().ok_or("no such day")?;
        let seed = stage.seed.to_string();
        let date = format!("{year:04}-{month:02}-{day:02}");
        let began = Instant::now();
        let clock_file = clock_file.display().to_string();
        let arguments =
            ["--seed-county", &seed, "--today", &date, "--tour-clock", &clock_file, "--boards-ms", BOARDS_MS];
        let server = ServerProcess::start_logging(&beside("dangjian-server"), &data, &stage.listen, &arguments, log)?;
        let county_load_s = began.elapsed().as_secs_f64();
        let codes = Codes::read(&data.join("activation-codes.csv"))?;
        let mut morning = Self {
            landmarks: dangjian_seed::generate(stage.seed, today).people,
            stage,
            server,
            clock,
            clocks: BTreeMap::new(),
            codes,
            dongguan: vec![],
            officer: None,
            reviewer: None,
            villager: None,
            villagers: vec![],
            log: Log::default(),
            figures: Map::new(),
            began,
        };
        morning.tell(&format!("the server is up at {} after {county_load_s:.1} s", morning.server.url));
        morning.figure("county_load_s", json!(round(county_load_s)));
        Ok(morning)
    }

    /// Plays all of it.
    pub async fn play(&mut self) -> Result<(), Trouble> {
        self.everybody_signs_in().await?;
        self.count_the_county()?;
        self.a_notice_from_dongguan().await?;
        self.the_offline_phone_returns().await?;
        self.the_secretary_edits_offline().await?;
        self.members_study_offline().await?;
        self.a_member_moves().await?;
        self.the_server_dies().await?;
        self.account_for_everything().await
    }

    /// Ends the phones and writes `tour.json` and what it can be recounted from.
    pub fn write(mut self) -> Result<(ServerProcess, PathBuf), Trouble> {
        let people = self.people()?;
        self.dongguan.clear();
        self.villagers.clear();
        (self.officer, self.reviewer, self.villager) = (None, None, None);
        self.figure("seconds", json!(round(self.began.elapsed().as_secs_f64())));
        let put = |name: &str, text: String| {
            let path = self.stage.out.join(name);
            std::fs::write(&path, text).map_err(|error| format!("{} can't be written: {error}", path.display()))
        };
        put("people.csv", people)?;
        put("events.jsonl", self.log.lines())?;
        let tour = serde_json::to_string_pretty(&self.figures).map_err(|error| error.to_string())?;
        put("tour.json", tour + "\n")?;
        Ok((self.server, self.stage.out.join("tour.json")))
    }

    /// Whose phones anybody may pick up afterwards, a line each: folder of the phone, name, role, organization, login, password.
    fn people(&self) -> Result<String, Trouble> {
        let mut lines = "phone,name,role,organization,login,password\n".to_owned();
        let leaders = self.dongguan.iter().take(2);
        let phones =
            self.villagers.iter().chain(&self.villager).chain(leaders).chain(&self.reviewer).chain(&self.officer);
        for phone in phones {
            let me = phone.client.me().map_err(trouble("who is it"))?.ok_or("a phone of nobody")?;
            let folder = phone.dir.file_name().and_then(|name| name.to_str()).ok_or("a phone without a name")?;
            let office = me.offices.first();
            let role = office.map_or("", |office| office.role_words);
            let org = office.map_or(&me.org_name, |office| &office.org_name);
            lines.push_str(&format!("{folder},{},{role},{org},{},{PASSWORD}\n", me.name, phone.login));
        }
        Ok(lines)
    }

    fn tell(&self, line: &str) {
        println!("[{:6.2} s] {line}", self.began.elapsed().as_secs_f64());
    }

    fn figure(&mut self, name: &str, value: Value) {
        self.figures.insert(name.to_owned(), value);
    }

    async fn phone(&mut self, name: &str, member: MemberId) -> Result<RealPhone, Trouble> {
        let phone = self.open(name, member)?;
        let (_, code) = self.codes.of(member).ok_or("somebody has no activation code")?;
        phone.sign_in(code).await.map_err(trouble("signing in"))?;
        phone.client.sync().await.map_err(trouble("first sync"))?;
        self.log.add(json!({"event": "phone", "name": name, "member": member}));
        Ok(phone)
    }

    /// Opens a member's phone, with the clock it had if it was open before.
    fn open(&mut self, name: &str, member: MemberId) -> Result<RealPhone, Trouble> {
        let (login, _) = self.codes.of(member).ok_or("somebody has no activation code")?;
        let clock = self.clocks.entry(member).or_insert_with(|| PhoneClock::new(&self.clock)).clone();
        let dir = self.stage.out.join("phones").join(name);
        RealPhone::open_with_clock(&dir, member, login, |_| {}, &self.server.url, clock)
            .map_err(trouble("opening a phone"))
    }

    fn phones(&self) -> impl Iterator<Item = &RealPhone> {
        self.dongguan.iter().chain(&self.officer).chain(&self.reviewer).chain(&self.villager).chain(&self.villagers)
    }
}

/// To two decimals.
fn round(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}
