//! The tree of 852 organizations: the county committee, its townships, departments and migrant committees, and what is
//! below them.

use std::collections::BTreeMap;

use dangjian_domain::id::OrgId;
use dangjian_domain::rows::{OrgKind, Organization, Synced};
use dangjian_domain::schema::Row;

use crate::ids::Ids;
use crate::places::{lines, townships, villages};

/// What a branch's members do, from which their age, pay and meetings follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Setting {
    Village,
    Community,
    Office,
    Bureau,
    School,
    Hospital,
    Police,
    Company,
    Cooperative,
    Retired,
    Migrant,
}

impl Setting {
    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "office" => Self::Office,
            "bureau" => Self::Bureau,
            "school" => Self::School,
            "hospital" => Self::Hospital,
            "police" => Self::Police,
            "company" => Self::Company,
            "cooperative" => Self::Cooperative,
            "retired" => Self::Retired,
            "migrant" => Self::Migrant,
            _ => return None,
        })
    }

    /// Whether it is the branch of one of the 239 villages and communities.
    pub(crate) fn is_place(self) -> bool {
        matches!(self, Self::Village | Self::Community)
    }
}

/// An organization with what the rows below it are made from.
pub(crate) struct Org {
    pub(crate) id: OrgId,
    pub(crate) parent: Option<OrgId>,
    pub(crate) kind: OrgKind,
    pub(crate) name: String,
    /// As notices call it: 枧头镇, 豪山村.
    pub(crate) short: String,
    pub(crate) area_code: Option<i64>,
    pub(crate) city: Option<String>,
    /// For branches, home and migrant.
    pub(crate) setting: Option<Setting>,
    /// The township committee it is or stands under.
    pub(crate) township: Option<OrgId>,
}

impl Org {
    /// The setting of a home branch.
    pub(crate) fn home_branch(&self) -> Option<Setting> {
        self.setting.filter(|_| self.kind == OrgKind::Branch)
    }

    pub(crate) fn to_row(&self, root: OrgId) -> Row {
        Organization {
            id: self.id.0,
            version: 1,
            county: root,
            parent: self.parent,
            kind: self.kind,
            name: self.name.clone(),
            area_code: self.area_code,
            city: self.city.clone(),
        }
        .to_row()
    }
}

fn kind_named(name: &str) -> Option<OrgKind> {
    Some(match name {
        "working_committee" => OrgKind::WorkingCommittee,
        "general_branch" => OrgKind::GeneralBranch,
        "branch" => OrgKind::Branch,
        "migrant_committee" => OrgKind::MigrantCommittee,
        "migrant_branch" => OrgKind::MigrantBranch,
        _ => return None,
    })
}

/// The id of the county committee.
pub(crate) fn root_id(ids: Ids) -> OrgId {
    OrgId(ids.numbered("organization", 0))
}

/// All organizations, parents before their children, the root first.
pub(crate) fn organizations(ids: Ids) -> Vec<Org> {
    let root = root_id(ids);
    let mut all = vec![Org {
        id: root,
        parent: None,
        kind: OrgKind::CountyCommittee,
        name: "中共新田县委员会".into(),
        short: "县委".into(),
        area_code: None,
        city: None,
        setting: None,
        township: None,
    }];
    let next_id = |all: &Vec<Org>| OrgId(ids.numbered("organization", all.len()));

    let mut by_code = BTreeMap::new();
    for place in townships() {
        let id = next_id(&all);
        let (kind, title) = if place.name.ends_with("街道") {
            (OrgKind::WorkingCommittee, "党工委")
        } else {
            (OrgKind::PartyCommittee, "党委")
        };
        by_code.insert(place.code, (id, place.name));
        all.push(Org {
            id,
            parent: Some(root),
            kind,
            name: format!("{}{title}", place.name),
            short: place.name.into(),
            area_code: Some(place.code),
            city: None,
            setting: None,
            township: Some(id),
        });
    }
    for place in villages() {
        let Some((township, township_name)) = by_code.get(&place.township_code).copied() else { continue };
        all.push(Org {
            id: next_id(&all),
            parent: Some(township),
            kind: OrgKind::Branch,
            name: format!("{township_name}{}党支部", place.name),
            short: place.name,
            area_code: Some(place.code),
            city: None,
            setting: Some(if place.community { Setting::Community } else { Setting::Village }),
            township: Some(township),
        });
    }
    // Names are unique in the county, so a parent is found by its name.
    let mut by_name: BTreeMap<String, (OrgId, Option<OrgId>)> =
        all.iter().map(|org| (org.name.clone(), (org.id, org.township))).collect();
    by_name.insert(String::new(), (root, None));
    for line in lines(include_str!("../data/organizations.csv")) {
        let mut cells = line.split(',');
        let (Some(parent), Some(name)) = (cells.next(), cells.next()) else { continue };
        let (Some(kind), Some(setting)) = (cells.next().and_then(kind_named), cells.next()) else { continue };
        let Some((parent, township)) = by_name.get(parent).copied() else { continue };
        let id = next_id(&all);
        by_name.insert(name.into(), (id, township));
        all.push(Org {
            id,
            parent: Some(parent),
            kind,
            name: name.into(),
            short: name.trim_end_matches("党支部").into(),
            area_code: None,
            city: cells.next().filter(|city| !city.is_empty()).map(str::to_owned),
            setting: Setting::named(setting),
            township,
        });
    }
    all
}

/// Ids by name.
pub(crate) fn named(orgs: &[Org], name: &str) -> Option<OrgId> {
    orgs.iter().find(|org| org.name == name).map(|org| org.id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_list_of_organizations_becomes_one() {
        let listed = lines(include_str!("../data/organizations.csv")).count();
        assert_eq!(listed, 599);
        let all = organizations(Ids::new(1));
        assert_eq!(all.len(), 1 + 13 + 239 + listed);
        for org in &all {
            let is_branch = matches!(org.kind, OrgKind::Branch | OrgKind::MigrantBranch);
            assert_eq!(org.setting.is_some(), is_branch, "{}", org.name);
            assert_eq!(org.city.is_some(), org.kind == OrgKind::MigrantBranch, "{}", org.name);
        }
    }

    #[test]
    fn no_two_organizations_have_the_same_name() {
        let all = organizations(Ids::new(1));
        let names: std::collections::BTreeSet<_> = all.iter().map(|org| &org.name).collect();
        assert_eq!(names.len(), all.len());
    }
}
