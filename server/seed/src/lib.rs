//! A made-up county on real places, the same for the same seed.
//!
//! Tours, tests and measurements need a county of the real size with a past: 852 organizations, 20,138 members, two years
//! of notices and activities, a year of points. The places are Xintian County's own (`data/README.md`); the people are
//! drawn by chance and exist nowhere. It is no simulation: nothing here follows from operations, and nothing in the
//! program depends on it. Postings alone follow from made-up facts by the domain's own function, so that every point of them
//! can be explained.
//!
//! - [`generate`] gives a [`County`]: rows at version 1, ready for a server's database, its [`Catalogue`] and [`Landmarks`]
//! - `places`, `orgs`, `sizes`: the tree
//! - `offices`, `people`, `profile`, `names`, `migrants`: who is where, and who leads what
//! - `notices`, `activities`, `texts`, `points`: the past
//! - `catalogue`: what there is to study
//! - `rng`, `ids`, `calendar`: what makes it the same everywhere
//!
//! ```
//! use dangjian_domain::time::CivilDay;
//!
//! let county = dangjian_seed::generate(7, CivilDay(20_780));
//! assert_eq!(county.people.dongguan_members.len(), 36);
//! ```

use std::collections::BTreeMap;

use dangjian_domain::id::{DeploymentId, OrgId};
use dangjian_domain::points::rules::RuleSet;
use dangjian_domain::rows::{RuleSetRow, Synced};
use dangjian_domain::schema::Row;
use dangjian_domain::study::content::Catalogue;
use dangjian_domain::time::CivilDay;

mod activities;
mod calendar;
mod catalogue;
mod ids;
mod landmarks;
mod migrants;
mod names;
mod notices;
mod offices;
mod orgs;
mod people;
mod places;
mod points;
mod profile;
mod rng;
mod sizes;
mod texts;

pub use landmarks::Landmarks;

/// A generated county.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct County {
    /// The installation; another for each seed.
    pub deployment: DeploymentId,
    /// The county committee, root of the tree.
    pub root: OrgId,
    /// Every row, at version 1: organizations first, parents before children, then members, then the rest by table.
    pub rows: Vec<Row>,
    /// What there is to study, as far as it is no row: contents, right answers and the quiz bank.
    pub catalogue: Catalogue,
    /// Who and what tours and tests need to know by id.
    pub people: Landmarks,
}

/// The county of `seed` as it stands at the beginning of `today`: nothing in it happened later, only terms end later.
///
/// The same arguments give the same rows on every platform. Organizations and members keep their ids from day to day.
/// A `today` before 2000 or after 2189 is taken for the nearest day within.
pub fn generate(seed: u64, today: CivilDay) -> County {
    let today = calendar::within_range(today);
    let ids = ids::Ids::new(seed);
    let root = orgs::root_id(ids);
    let orgs = orgs::organizations(ids);

    let mut offices = offices::Offices::new(seed, today, &orgs);
    let mut hosted = offices.of_committees();
    let people::Population { mut people, mut holders } =
        people::populate(seed, today, ids, &orgs, &mut offices, &mut hosted);
    let mut migration = migrants::migrate(seed, today, ids, &orgs, &mut offices, &mut hosted, &mut people);
    holders.append(&mut migration.holders);

    let mut turnout: BTreeMap<OrgId, activities::Turnout> = BTreeMap::new();
    for person in people.iter().filter(|person| person.expected_at_home()) {
        turnout.entry(person.org).or_default().members += 1;
    }
    for (branch, guests) in &migration.guests {
        turnout.entry(*branch).or_default().members += guests.len() as i64;
    }
    for holder in holders.iter().filter(|holder| holder.seat.post.is_some()) {
        turnout.entry(holder.seat.org).or_default().seats += 1;
    }

    let landmarks = Landmarks::find(&orgs, &people, &holders, &migration);
    let study = catalogue::study(seed, today, ids, root);
    // A test of the domain says that its own text is sound.
    let set = RuleSet::parse(RuleSet::DEFAULT_TEXT).ok();
    let points = points::points(seed, today, ids, &people, &landmarks, set.as_ref(), &study.items);
    let activities = activities::activities(seed, today, &orgs, &turnout);
    let held = set.as_ref().map(|set| points::held(set, today, &activities)).unwrap_or_default();
    let (leadership, roles): (Vec<_>, Vec<_>) = holders.iter().map(|holder| holder.rows(ids)).unzip();

    let mut rows: Vec<Row> = Vec::with_capacity(280_000);
    rows.extend(orgs.iter().map(|org| org.to_row(root)));
    rows.extend(people.iter().map(people::Person::member_row));
    rows.extend(people.iter().map(|person| person.file_row(ids)));
    rows.extend(people.iter().map(|person| person.pay_row(ids, today)));
    rows.extend(leadership.into_iter().flatten());
    rows.extend(roles.into_iter().flatten());
    rows.extend(migration.participations);
    rows.extend(notices::notices(seed, today, &orgs, &holders));
    rows.extend(activities.iter().map(Synced::to_row));
    rows.extend(points.totals);
    rows.extend(points.entries);
    rows.extend(held.iter().map(Synced::to_row));
    rows.extend(study.items.iter().map(Synced::to_row));
    rows.extend(points.days);
    rows.extend(points.progress);
    let rules = RuleSetRow::of(root, RuleSet::DEFAULT_TEXT).ok();
    rows.extend(rules.map(|rules| RuleSetRow { version: 1, ..rules }.to_row()));
    let deployment = DeploymentId(ids.numbered("deployment", 0));
    County { deployment, root, rows, catalogue: study.catalogue, people: landmarks }
}
