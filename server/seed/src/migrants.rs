//! Members who work in the Pearl River Delta: affiliated at home in the village, taking part as guests in a migrant branch.

use std::collections::BTreeMap;

use dangjian_domain::id::{MemberId, OrgId};
use dangjian_domain::rows::{MemberStatus, OrgKind, Participation, Synced};
use dangjian_domain::schema::Row;
use dangjian_domain::time::CivilDay;

use crate::ids::Ids;
use crate::offices::{DONGGUAN_THIRD, Holder, Offices, Seat};
use crate::orgs::Org;
use crate::people::Person;
use crate::profile::MIGRANT_WORK;
use crate::rng::Rng;

/// Participations in all migrant branches, about.
const GUESTS: i64 = 2_900;
/// Participations in the third Dongguan branch, exactly.
const THIRD_GUESTS: usize = 36;

/// Who takes part where.
pub(crate) struct Migration {
    pub(crate) participations: Vec<Row>,
    /// By migrant branch, the secretary first.
    pub(crate) guests: BTreeMap<OrgId, Vec<MemberId>>,
    pub(crate) holders: Vec<Holder>,
}

/// Sends village members without an office to the migrant branches. Of `hosted`, takes the seats of the migrant committees.
pub(crate) fn migrate(
    seed: u64,
    today: CivilDay,
    ids: Ids,
    orgs: &[Org],
    offices: &mut Offices<'_>,
    hosted: &mut BTreeMap<OrgId, Vec<Seat>>,
    people: &mut [Person],
) -> Migration {
    let mut rng = Rng::new(seed, "migrants");
    let youngest = today.plus_days(-58 * 365);
    let mut leaving: Vec<&mut Person> = people
        .iter_mut()
        .filter(|person| person.of_place && !person.seated && person.status == MemberStatus::Active)
        .filter(|person| person.born >= youngest)
        .collect();
    rng.shuffle(&mut leaving);
    let mut leaving = leaving.into_iter();

    let mut all = Migration { participations: vec![], guests: BTreeMap::new(), holders: vec![] };
    let branches: Vec<&Org> = orgs.iter().filter(|org| org.kind == OrgKind::MigrantBranch).collect();
    for (branch, size) in branches.iter().zip(branch_sizes(&mut rng, &branches)) {
        let mut guests: Vec<&mut Person> = leaving.by_ref().take(size).collect();
        guests.sort_by_key(|person| !person.may_lead(today));
        let mut seats = offices.of_branch(branch, size);
        seats.extend(hosted.remove(&branch.id).unwrap_or_default());
        let mut seats = seats.into_iter();
        for person in guests {
            let seat = seats.next();
            person.migrant = true;
            let work = rng.weighted(MIGRANT_WORK);
            person.take_work(&mut rng, work);
            let arrived = match &seat {
                Some(seat) => seat.from,
                None => today.plus_days(-rng.range32(190, 2_600)).max(person.joined),
            };
            all.participations.push(
                Participation {
                    id: ids.of("participation", &[branch.id.0, person.id.0]),
                    version: 1,
                    org: branch.id,
                    member: person.id,
                    name: person.name.clone(),
                    since: arrived,
                }
                .to_row(),
            );
            all.holders.extend(seat.map(|seat| Holder { seat, member: person.id, name: person.name.clone() }));
            all.guests.entry(branch.id).or_default().push(person.id);
        }
    }
    all
}

/// 36 in the third Dongguan branch, the others by chance.
fn branch_sizes(rng: &mut Rng, branches: &[&Org]) -> Vec<usize> {
    let weights: Vec<i64> =
        branches.iter().map(|branch| if branch.name == DONGGUAN_THIRD { 0 } else { rng.range(60, 140) }).collect();
    let total: i64 = weights.iter().sum::<i64>().max(1);
    weights
        .iter()
        .map(|weight| match weight {
            0 => THIRD_GUESTS,
            weight => usize::try_from((GUESTS - THIRD_GUESTS as i64) * weight / total).unwrap_or(0),
        })
        .collect()
}
