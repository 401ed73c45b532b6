//! How many members each branch has, so that the county has exactly 20,138.

use std::collections::BTreeMap;

use dangjian_domain::id::OrgId;

use crate::orgs::{Org, Setting};
use crate::rng::Rng;

/// Members of the county.
pub(crate) const MEMBERS: usize = 20_138;
/// A branch has at least three members.
const LEAST: usize = 3;
/// A village branch may have somewhat more than the fifty that call for a general branch.
const MOST: usize = 60;

fn usual(setting: Setting) -> (i64, i64) {
    match setting {
        Setting::Village => (25, 56),
        Setting::Community => (30, 58),
        Setting::Office => (26, 44),
        Setting::Bureau => (9, 36),
        Setting::School | Setting::Hospital | Setting::Police => (11, 42),
        Setting::Company => (3, 20),
        Setting::Cooperative => (3, 22),
        Setting::Retired => (15, 55),
        Setting::Migrant => (0, 0),
    }
}

/// The size of every home branch. `seats` says how many of its members sit in committees; those have a branch around them.
pub(crate) fn sizes(seed: u64, orgs: &[Org], seats: impl Fn(OrgId) -> usize) -> BTreeMap<OrgId, usize> {
    let mut rng = Rng::new(seed, "sizes");
    let mut drawn: Vec<(OrgId, usize, usize)> = vec![];
    for org in orgs {
        let Some(setting) = org.home_branch() else { continue };
        let (low, high) = usual(setting);
        let least = match seats(org.id) {
            0 => LEAST,
            // Its own leadership of five, and two who hold no office.
            taken => taken + 7,
        };
        let size = usize::try_from(rng.range(low, high)).unwrap_or(least);
        drawn.push((org.id, size.max(least), least));
    }
    let mut total: usize = drawn.iter().map(|(_, size, _)| size).sum();
    // The difference is spread over the branches one by one. A round changes nothing only when every branch stands at its
    // limit, which the lists of places are far from.
    let mut before = usize::MAX;
    while total != MEMBERS && total != before {
        before = total;
        for (_, size, least) in &mut drawn {
            if total < MEMBERS && *size < MOST {
                *size += 1;
                total += 1;
            } else if total > MEMBERS && *size > *least {
                *size -= 1;
                total -= 1;
            }
        }
    }
    drawn.into_iter().map(|(org, size, _)| (org, size)).collect()
}
