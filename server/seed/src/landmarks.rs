//! The people and organizations that tours and tests go to.

use dangjian_domain::id::{MemberId, OrgId, RowId};
use dangjian_domain::rows::{MemberStatus, Role, Standing};

use crate::migrants::Migration;
use crate::offices::{DONGGUAN_THIRD, Holder};
use crate::orgs::{Org, named};
use crate::people::Person;

/// The township with the most villages.
const TOWNSHIP: &str = "枧头镇党委";
const VILLAGE: &str = "枧头镇豪山村党支部";
const OTHER_VILLAGE: &str = "枧头镇彭梓城村党支部";

/// Who and what tours and tests need to know by id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Landmarks {
    /// One of the county's four officers.
    pub county_officer: MemberId,
    /// One of the two reviewers of [`Self::township`].
    pub township_reviewer: MemberId,
    /// The township (枧头镇) in which the villages below stand.
    pub township: OrgId,
    /// The third Dongguan migrant branch.
    pub dongguan_third: OrgId,
    /// Its secretary.
    pub dongguan_secretary: MemberId,
    /// Its deputy secretary.
    pub dongguan_deputy: MemberId,
    /// All 36 who take part there, secretary and deputy first.
    pub dongguan_members: Vec<MemberId>,
    /// A village branch (豪山村).
    pub village_branch: OrgId,
    /// Its secretary.
    pub village_secretary: MemberId,
    /// A full member of it in good standing who lives there and holds no office.
    pub village_member: MemberId,
    /// Another such member of it, who studies every day at five in the morning: by the points of the current quarter the first
    /// of its members without an office.
    pub early_learner: MemberId,
    /// Another such member of it, who studies every evening and is second: two or three points behind the early learner, so
    /// that twelve minutes of study change places. On the first day of a quarter nobody has points yet and both are level.
    pub rival: MemberId,
    /// Another village branch of the same township, to move to (彭梓城村).
    pub second_village_branch: OrgId,
    /// The township whose members have ledger entries for the last thirty days; the same as [`Self::township`].
    pub points_township: OrgId,
}

impl Landmarks {
    pub(crate) fn find(orgs: &[Org], people: &[Person], holders: &[Holder], migration: &Migration) -> Self {
        // The names are those of the official lists and of organizations.csv, so all of this is there; a test looks.
        let nowhere = OrgId(RowId([0; 16]));
        let nobody = MemberId(RowId([0; 16]));
        let org = |name| named(orgs, name).unwrap_or(nowhere);
        let holder = |org, role| {
            let held = |holder: &&Holder| holder.seat.org == org && holder.seat.role == Some(role);
            holders.iter().find(held).map_or(nobody, |holder| holder.member)
        };
        let root = orgs.first().map_or(nowhere, |org| org.id);
        let (township, village_branch, dongguan_third) = (org(TOWNSHIP), org(VILLAGE), org(DONGGUAN_THIRD));
        let plain = |person: &&Person| {
            person.org == village_branch
                && !person.seated
                && !person.migrant
                && person.standing == Standing::Full
                && person.status == MemberStatus::Active
        };
        let mut plain = people.iter().filter(plain).map(|person| person.id);
        let mut next_plain = || plain.next().unwrap_or(nobody);
        Self {
            county_officer: holder(root, Role::Officer),
            township_reviewer: holder(township, Role::Reviewer),
            township,
            dongguan_third,
            dongguan_secretary: holder(dongguan_third, Role::Secretary),
            dongguan_deputy: holder(dongguan_third, Role::DeputySecretary),
            dongguan_members: migration.guests.get(&dongguan_third).cloned().unwrap_or_default(),
            village_branch,
            village_secretary: holder(village_branch, Role::Secretary),
            village_member: next_plain(),
            // The early learner comes before the rival here and in `points`.
            early_learner: next_plain(),
            rival: next_plain(),
            second_village_branch: org(OTHER_VILLAGE),
            points_township: township,
        }
    }
}
