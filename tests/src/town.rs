//! A small county whose people are known by name, a server for it in this process, and real phones.

use std::path::PathBuf;
use std::time::Duration;

use dangjian_client::{AppError, Config};
use dangjian_county::{County, Sqlite, sqlite};
use dangjian_domain::id::{MemberId, OrgId, RowId};
use dangjian_domain::rows::{
    Gender, LedgerEntry, Member, MemberFile, MemberStatus, OrgKind, Organization, Participation, Pay, PayBasis, Role,
    RoleGrant, Standing, Synced as _,
};
use dangjian_domain::schema::{Row, Table};
use dangjian_domain::time::CivilDay;
use dangjian_http::{Running, Server, ServerConfig};
use dangjian_protocol::random::SplitMix;
use rusqlite::Connection;

use crate::phones::{Codes, RealPhone};
use crate::prepared::prepare;

/// How long anything may take.
pub const PATIENCE: Duration = Duration::from_secs(30);
/// Phones without a hint come so rarely that no test sees it: what arrives was called.
const SLOT: Duration = Duration::from_secs(12 * 3_600);

/// The organizations.
pub mod orgs {
    use super::{OrgId, RowId};

    const fn org(n: u8) -> OrgId {
        OrgId(RowId([n; 16]))
    }
    /// The county committee.
    pub const COUNTY: OrgId = org(1);
    /// A township's committee.
    pub const EAST: OrgId = org(2);
    /// Another's.
    pub const WEST: OrgId = org(3);
    /// A village branch of the east.
    pub const WILLOW: OrgId = org(4);
    /// Another village branch of the east.
    pub const PINE: OrgId = org(5);
    /// A village branch of the west.
    pub const REED: OrgId = org(6);
    /// The committee of those who work away.
    pub const MIGRANTS: OrgId = org(7);
    /// Its branch in Dongguan.
    pub const DONGGUAN: OrgId = org(8);
}

/// The people. Their number is [`login`].
pub mod people {
    use super::{MemberId, RowId};

    const fn member(n: u8) -> MemberId {
        MemberId(RowId([n; 16]))
    }
    /// Officer of the county, a member in the reed village.
    pub const OFFICER: MemberId = member(101);
    /// Secretary of the east, a member in the pine village.
    pub const EAST_SECRETARY: MemberId = member(102);
    /// Reviewer of the east, a member in the pine village.
    pub const EAST_REVIEWER: MemberId = member(103);
    /// Secretary of the willow village.
    pub const SECRETARY: MemberId = member(104);
    /// Deputy secretary of the willow village.
    pub const DEPUTY: MemberId = member(105);
    /// Members of the willow village.
    pub const AN: MemberId = member(106);
    /// Another.
    pub const BO: MemberId = member(107);
    /// Another.
    pub const CHEN: MemberId = member(108);
    /// Secretary of the pine village.
    pub const PINE_SECRETARY: MemberId = member(109);
    /// A member there.
    pub const DONG: MemberId = member(110);
    /// Secretary of the reed village.
    pub const REED_SECRETARY: MemberId = member(111);
    /// A member there who works in Dongguan.
    pub const E: MemberId = member(112);
    /// Secretary of the Dongguan branch, a member in the reed village.
    pub const DONGGUAN_SECRETARY: MemberId = member(113);
}

/// A county, its server and where their files are.
pub struct Town {
    /// Everybody's login and code.
    pub codes: Codes,
    /// The server's configuration.
    pub config: ServerConfig,
    server: Option<Running>,
    dir: tempfile::TempDir,
}

impl Town {
    /// The county with a running server.
    pub fn new() -> Self {
        Self::with(&[])
    }

    /// With more rows.
    pub fn with(more: &[Row]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let mut config = ServerConfig::local(dir.path().join("server"));
        config.quick_passwords = true;
        config.slot = SLOT;
        let rows: Vec<Row> = rows().into_iter().chain(more.iter().cloned()).collect();
        let codes = prepare(&config.data, &rows, &mut SplitMix(1));
        let mut town = Self { codes, config, server: None, dir };
        town.start();
        town
    }

    /// Starts the server, where it was before if it ran already.
    pub fn start(&mut self) {
        let server = Server::start(self.config.clone()).unwrap();
        self.config.listen = server.addr();
        self.server = Some(server);
    }

    /// Stops the server.
    pub fn stop(&mut self) {
        if let Some(server) = self.server.take() {
            server.shutdown();
        }
    }

    /// Where the server listens, or would.
    pub fn url(&self) -> String {
        format!("http://{}", self.config.listen)
    }

    /// The folder of the phone called `name`.
    pub fn phone_dir(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// Opens the phone called `name`; nobody is signed in.
    pub fn open(&self, name: &str, member: MemberId) -> RealPhone {
        self.open_with(name, member, |_| {})
    }

    /// The same with another configuration.
    pub fn open_with(&self, name: &str, member: MemberId, change: impl FnOnce(&mut Config)) -> RealPhone {
        let runtime = tokio::runtime::Handle::current();
        let change = |config: &mut Config| {
            config.runtime = Some(runtime);
            config.label = name.to_owned();
            change(config);
        };
        RealPhone::open(&self.phone_dir(name), member, &login(member), change, &self.url()).unwrap()
    }

    /// A phone whose person has signed in and that has everything.
    pub async fn phone(&self, name: &str, member: MemberId) -> RealPhone {
        let phone = self.open(name, member);
        self.sign_in(&phone).await.unwrap();
        phone.client.sync().await.unwrap();
        phone
    }

    /// The code that was handed out to `member`.
    pub fn code(&self, member: MemberId) -> &str {
        self.codes.of(member).unwrap().1
    }

    /// Signs in on `phone`, with the code if the account is new.
    pub async fn sign_in(&self, phone: &RealPhone) -> Result<(), AppError> {
        phone.sign_in(self.code(phone.member)).await
    }

    /// Looks into the server's database.
    pub fn database(&self) -> Connection {
        sqlite::open(&self.config.data.join("county.db"), false).unwrap()
    }

    /// Changes rows as an administrator's tool would. Nobody is hinted.
    pub fn change(&self, rows: &[Row], removed: &[(&'static Table, RowId)]) {
        let conn = self.database();
        conn.execute_batch("BEGIN IMMEDIATE").unwrap();
        County::change(dangjian_http::now(), rows, removed, &mut Sqlite(&conn)).unwrap();
        conn.execute_batch("COMMIT").unwrap();
    }

    /// Copies the server's data folder, as a backup would. The server must be stopped.
    pub fn copy_data(&self, name: &str) -> PathBuf {
        assert!(self.server.is_none(), "a running server's files are not a backup");
        let to = self.dir.path().join(name);
        copy_folder(&self.config.data, &to);
        to
    }

    /// Puts a copy of the data folder in its place.
    pub fn restore_data(&self, copy: &std::path::Path) {
        assert!(self.server.is_none(), "a running server's files can't be replaced");
        std::fs::remove_dir_all(&self.config.data).unwrap();
        copy_folder(copy, &self.config.data);
    }
}

impl Default for Town {
    fn default() -> Self {
        Self::new()
    }
}

fn copy_folder(from: &std::path::Path, to: &std::path::Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
}

/// The number of a member.
pub fn login(member: MemberId) -> String {
    format!("431128{:06}", member.0.0[0])
}

/// The phone number in a member's file.
pub fn phone_number(member: MemberId) -> String {
    format!("199{:08}", member.0.0[0])
}

/// The id of the row that gives `member` a role.
pub fn role_id(member: MemberId) -> RowId {
    RowId::derived("role", &[member.0])
}

/// Ledger entries of a branch, many of them: for a first sync that takes its time.
pub fn ledger(org: OrgId, member: MemberId, count: u64) -> Vec<Row> {
    let entry = |n: u64| {
        let mut bytes = [9; 16];
        bytes[..8].copy_from_slice(&n.to_be_bytes());
        let rule = "read_item".to_owned();
        let day = CivilDay(20_000 + (n % 300) as i32);
        LedgerEntry { version: 1, ..LedgerEntry::imported(RowId(bytes), member, org, day, &rule, 1) }.to_row()
    };
    (1..=count).map(entry).collect()
}

fn rows() -> Vec<Row> {
    use orgs::{COUNTY, DONGGUAN, EAST, MIGRANTS, PINE, REED, WEST, WILLOW};
    let mut rows = vec![];
    for (org, parent, kind, name) in [
        (COUNTY, None, OrgKind::CountyCommittee, "县委"),
        (EAST, Some(COUNTY), OrgKind::PartyCommittee, "东乡党委"),
        (WEST, Some(COUNTY), OrgKind::PartyCommittee, "西乡党委"),
        (WILLOW, Some(EAST), OrgKind::Branch, "柳村党支部"),
        (PINE, Some(EAST), OrgKind::Branch, "松村党支部"),
        (REED, Some(WEST), OrgKind::Branch, "芦村党支部"),
        (MIGRANTS, Some(COUNTY), OrgKind::MigrantCommittee, "流动党委"),
        (DONGGUAN, Some(MIGRANTS), OrgKind::MigrantBranch, "东莞流动党支部"),
    ] {
        let name = name.to_owned();
        let row =
            Organization { id: org.0, version: 1, county: COUNTY, parent, kind, name, area_code: None, city: None };
        rows.push(row.to_row());
    }
    for (member, org, name) in [
        (people::OFFICER, REED, "县干部"),
        (people::EAST_SECRETARY, PINE, "东乡书记"),
        (people::EAST_REVIEWER, PINE, "东乡初审员"),
        (people::SECRETARY, WILLOW, "柳村书记"),
        (people::DEPUTY, WILLOW, "柳村副书记"),
        (people::AN, WILLOW, "安"),
        (people::BO, WILLOW, "柏"),
        (people::CHEN, WILLOW, "陈"),
        (people::PINE_SECRETARY, PINE, "松村书记"),
        (people::DONG, PINE, "董"),
        (people::REED_SECRETARY, REED, "芦村书记"),
        (people::E, REED, "鄂"),
        (people::DONGGUAN_SECRETARY, REED, "东莞书记"),
    ] {
        rows.extend(person(member, org, name));
    }
    for (member, org, role) in [
        (people::OFFICER, COUNTY, Role::Officer),
        (people::EAST_SECRETARY, EAST, Role::Secretary),
        (people::EAST_REVIEWER, EAST, Role::Reviewer),
        (people::SECRETARY, WILLOW, Role::Secretary),
        (people::DEPUTY, WILLOW, Role::DeputySecretary),
        (people::PINE_SECRETARY, PINE, Role::Secretary),
        (people::REED_SECRETARY, REED, Role::Secretary),
        (people::DONGGUAN_SECRETARY, DONGGUAN, Role::Secretary),
    ] {
        let since = CivilDay(20_000);
        rows.push(RoleGrant { id: role_id(member), version: 1, member, org, role, since }.to_row());
    }
    for (member, name) in [(people::E, "鄂"), (people::DONGGUAN_SECRETARY, "东莞书记")] {
        let id = RowId::derived("guest", &[member.0]);
        let (name, since) = (name.to_owned(), CivilDay(20_000));
        rows.push(Participation { id, version: 1, org: DONGGUAN, member, name, since }.to_row());
    }
    for (org, member) in [(WILLOW, people::AN), (PINE, people::DONG)] {
        rows.extend(ledger(org, member, 3).into_iter().map(|row| {
            let entry = LedgerEntry::from_row(&row).unwrap();
            LedgerEntry { id: RowId::derived("entry", &[entry.id, org.0]), ..entry }.to_row()
        }));
    }
    rows
}

fn person(member: MemberId, org: OrgId, name: &str) -> Vec<Row> {
    let day = CivilDay(10_000);
    let row = Member {
        id: member.0,
        version: 1,
        org,
        number: login(member),
        name: name.to_owned(),
        standing: Standing::Full,
        status: MemberStatus::Active,
        migrant: false,
    };
    let file = MemberFile {
        id: RowId::derived("file", &[member.0]),
        version: 1,
        member,
        org,
        gender: Gender::Female,
        born: day,
        joined: day,
        education: "高中".to_owned(),
        occupation: "务农".to_owned(),
        phone: phone_number(member),
    };
    let (id, basis) = (RowId::derived("pay", &[member.0]), PayBasis::Farmer);
    let pay = Pay { id, version: 1, member, basis, monthly_fen: 0, from_day: day };
    vec![row.to_row(), file.to_row(), pay.to_row()]
}
