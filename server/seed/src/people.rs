//! The 20,138 members: drawn branch by branch, those who hold an office first.

use std::collections::BTreeMap;

use dangjian_domain::id::{MemberId, OrgId};
use dangjian_domain::rows::{Gender, Member, MemberFile, MemberStatus, Pay, Standing, Synced};
use dangjian_domain::schema::Row;
use dangjian_domain::time::CivilDay;

use crate::calendar::{day_of, ymd};
use crate::ids::Ids;
use crate::names::Namer;
use crate::offices::{Holder, Offices, Seat};
use crate::orgs::{Org, Setting};
use crate::profile::{self, Work};
use crate::rng::Rng;
use crate::sizes::sizes;

/// Every leader joined earlier than this many days ago, so that nobody's term began before they were a member.
const LEADER_SENIORITY_DAYS: i32 = 2_000;

/// A made-up member.
pub(crate) struct Person {
    pub(crate) id: MemberId,
    pub(crate) org: OrgId,
    /// The township committee above the branch, if there is one.
    pub(crate) township: Option<OrgId>,
    number: String,
    pub(crate) name: String,
    pub(crate) standing: Standing,
    pub(crate) status: MemberStatus,
    pub(crate) migrant: bool,
    gender: Gender,
    pub(crate) born: CivilDay,
    pub(crate) joined: CivilDay,
    education: &'static str,
    work: Work,
    monthly_fen: i64,
    phone: String,
    /// Points in a whole quarter, about.
    pub(crate) quarterly_points: i64,
    /// Whether they hold an office at home.
    pub(crate) seated: bool,
    /// Whether the home branch is that of a village or community.
    pub(crate) of_place: bool,
}

impl Person {
    /// Takes up other work.
    pub(crate) fn take_work(&mut self, rng: &mut Rng, work: Work) {
        self.monthly_fen = fen(rng, work);
        self.work = work;
    }

    /// Whether they are old enough in the Party to lead.
    pub(crate) fn may_lead(&self, today: CivilDay) -> bool {
        self.standing == Standing::Full && self.joined <= today.plus_days(-LEADER_SENIORITY_DAYS)
    }

    /// Whether meetings of the home branch count on them.
    pub(crate) fn expected_at_home(&self) -> bool {
        self.status == MemberStatus::Active && !self.migrant
    }

    pub(crate) fn member_row(&self) -> Row {
        Member {
            id: self.id.0,
            version: 1,
            org: self.org,
            number: self.number.clone(),
            name: self.name.clone(),
            standing: self.standing,
            status: self.status,
            migrant: self.migrant,
        }
        .to_row()
    }

    pub(crate) fn file_row(&self, ids: Ids) -> Row {
        MemberFile {
            id: ids.of("member-file", &[self.id.0]),
            version: 1,
            member: self.id,
            org: self.org,
            gender: self.gender,
            born: self.born,
            joined: self.joined,
            education: self.education.into(),
            occupation: self.work.occupation.into(),
            phone: self.phone.clone(),
        }
        .to_row()
    }

    /// Dues are assessed at the year's start; for who joined since, from that day.
    pub(crate) fn pay_row(&self, ids: Ids, today: CivilDay) -> Row {
        Pay {
            id: ids.of("pay", &[self.id.0]),
            version: 1,
            member: self.id,
            basis: self.work.basis,
            monthly_fen: self.monthly_fen,
            from_day: self.joined.max(day_of(ymd(today).0, 1, 1)),
        }
        .to_row()
    }
}

fn fen(rng: &mut Rng, work: Work) -> i64 {
    let (low, high) = work.yuan;
    rng.range(low, high) * 100
}

/// Everybody, and who holds which office.
pub(crate) struct Population {
    pub(crate) people: Vec<Person>,
    pub(crate) holders: Vec<Holder>,
}

/// Draws the members of every home branch. Takes the seats they sit in out of `hosted`, which has those of the committees.
pub(crate) fn populate(
    seed: u64,
    today: CivilDay,
    ids: Ids,
    orgs: &[Org],
    offices: &mut Offices<'_>,
    hosted: &mut BTreeMap<OrgId, Vec<Seat>>,
) -> Population {
    let sizes = sizes(seed, orgs, |org| hosted.get(&org).map_or(0, Vec::len));
    let mut draw = Draw { rng: Rng::new(seed, "people"), ids, today, drawn: 0, offset: Rng::new(seed, "numbers") };
    let mut all = Population { people: vec![], holders: vec![] };
    for org in orgs {
        let (Some(setting), Some(size)) = (org.home_branch(), sizes.get(&org.id).copied()) else { continue };
        let mut seats = offices.of_branch(org, size);
        seats.extend(hosted.remove(&org.id).unwrap_or_default());
        let mut seats = seats.into_iter();
        let mut namer = Namer::new(&mut draw.rng, setting.is_place());
        for _ in 0..size {
            let seat = seats.next();
            let person = draw.person(org, setting, seat.is_some(), &mut namer);
            all.holders.extend(seat.map(|seat| Holder { seat, member: person.id, name: person.name.clone() }));
            all.people.push(person);
        }
    }
    draw.number_everyone(&mut all.people);
    all
}

struct Draw {
    rng: Rng,
    ids: Ids,
    today: CivilDay,
    drawn: usize,
    offset: Rng,
}

impl Draw {
    fn person(&mut self, org: &Org, setting: Setting, leader: bool, namer: &mut Namer) -> Person {
        let rng = &mut self.rng;
        let age = profile::age(rng, setting, leader);
        let female = rng.chance(profile::women_per_mille(setting));
        let born = self.today.plus_days(-years(age) - rng.range32(0, 364));
        let probationary = !leader && age <= 45 && rng.chance(45);
        let joined = if probationary {
            self.today.plus_days(-rng.range32(5, 350))
        } else {
            let latest = if leader { LEADER_SENIORITY_DAYS } else { 400 };
            let latest = born.plus_days(years(46)).min(self.today.plus_days(-latest));
            CivilDay(rng.range32(born.plus_days(years(19)).0, latest.0))
        };
        let work = profile::occupation(rng, setting, age, leader);
        let id = MemberId(self.ids.numbered("member", self.drawn));
        self.drawn += 1;
        let status = if !leader && rng.chance(2) { MemberStatus::Suspended } else { MemberStatus::Active };
        // Most study several times a week; a few reach what the daily caps allow.
        let (least, most) = rng.weighted(&[
            (50, (0, 100)),
            (250, (200, 700)),
            (450, (700, 1_300)),
            (248, (1_300, 2_100)),
            (2, (2_300, 2_700)),
        ]);
        let points = rng.range(least, most);
        Person {
            id,
            org: org.id,
            township: org.township,
            number: String::new(),
            name: namer.name(rng, female, ymd(born).0),
            standing: if probationary { Standing::Probationary } else { Standing::Full },
            status,
            migrant: false,
            gender: if female { Gender::Female } else { Gender::Male },
            born,
            joined,
            education: profile::education(rng, setting, age),
            work,
            monthly_fen: fen(rng, work),
            phone: String::new(),
            quarterly_points: if status == MemberStatus::Suspended { 0 } else { points },
            seated: leader,
            of_place: setting.is_place(),
        }
    }

    /// Gives out member numbers and phones. Multiplying by a number without a common divisor with the range visits each
    /// number once, and not in the order in which a branch's leaders come first.
    fn number_everyone(&mut self, people: &mut [Person]) {
        let (first_number, first_phone) = (self.offset.range(0, 999_999), self.offset.range(0, 99_999));
        for (n, person) in (0_i64..).zip(people) {
            person.number = format!("431128{:06}", (n * 386_641 + first_number) % 1_000_000);
            // All begin alike, so that they are seen to be made up.
            person.phone = format!("199000{:05}", (n * 38_671 + first_phone) % 100_000);
        }
    }
}

fn years(years: i32) -> i32 {
    years * 1_461 / 4
}
