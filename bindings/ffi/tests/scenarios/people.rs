//! Who plays: people of the made-up county, by what they may do.

use std::path::PathBuf;

use dangjian_domain::id::{MemberId, OrgId};
use dangjian_domain::rows::{Member, MemberStatus, Organization, Role, RoleGrant, Standing, Synced as _};
use serde_json::{Map, Value, json};

pub(crate) const SEED: u64 = 1;
const VILLAGES: usize = 24;

pub(crate) fn folder() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/scenarios"))
}

/// Names of roles and their logins, names of organizations and their ids: `village3.secretary`, `@village3`.
#[derive(Debug, PartialEq)]
pub(crate) struct People(Map<String, Value>);

impl People {
    pub(crate) fn read() -> Self {
        let text = std::fs::read_to_string(folder().join("people.json")).unwrap_or_else(|_| "{}".into());
        Self(serde_json::from_str(&text).unwrap())
    }

    pub(crate) fn write(&self) {
        let text = serde_json::to_string_pretty(&self.0).unwrap() + "\n";
        std::fs::write(folder().join("people.json"), text).unwrap();
    }

    pub(crate) fn get(&self, name: &str) -> String {
        self.0.get(name).and_then(Value::as_str).unwrap_or_else(|| panic!("nobody is {name}")).to_owned()
    }

    pub(crate) fn make() -> Self {
        let county = dangjian_seed::generate(SEED, dangjian_http::now().civil_day(0));
        let rows = &county.rows;
        let members: Vec<Member> = rows.iter().filter_map(|row| Member::from_row(row).ok()).collect();
        let roles: Vec<RoleGrant> = rows.iter().filter_map(|row| RoleGrant::from_row(row).ok()).collect();
        let orgs: Vec<Organization> = rows.iter().filter_map(|row| Organization::from_row(row).ok()).collect();
        let login = |id: MemberId| members.iter().find(|member| member.id == id.0).map(|member| member.number.clone());
        let holders = |org: OrgId, role: Role| {
            roles.iter().filter(move |held| held.org == org && held.role == role).filter_map(|held| login(held.member))
        };
        let (members, roles) = (&members, &roles);
        let plain = |org: OrgId| {
            members.iter().filter(move |member: &&Member| {
                member.org == org
                    && member.status == MemberStatus::Active
                    && member.standing == Standing::Full
                    && !member.migrant
                    && !roles.iter().any(|held| held.member.0 == member.id)
            })
        };
        let mut named = Map::new();
        let mut add = |name: String, what: String| named.insert(name, json!(what));
        let landmarks = &county.people;
        add("@county".into(), county.root.to_string());
        add("@township".into(), landmarks.township.to_string());
        add("@dongguan".into(), landmarks.dongguan_third.to_string());
        for (nth, officer) in holders(county.root, Role::Officer).enumerate() {
            add(format!("officer{}", nth + 1), officer);
        }
        for (nth, reviewer) in holders(landmarks.township, Role::Reviewer).enumerate() {
            add(format!("reviewer{}", nth + 1), reviewer);
        }
        for (nth, member) in landmarks.dongguan_members.iter().enumerate().take(8) {
            add(format!("dongguan{}", nth + 1), login(*member).unwrap());
        }
        let villages = orgs.iter().filter(|org| org.parent == Some(landmarks.township)).filter_map(|org| {
            let secretary = holders(org.id.into(), Role::Secretary).next()?;
            let members: Vec<String> = plain(org.id.into()).map(|member| member.number.clone()).take(3).collect();
            (members.len() == 3).then_some((org.id, secretary, members))
        });
        for (nth, (org, secretary, members)) in villages.take(VILLAGES).enumerate() {
            let village = format!("village{}", nth + 1);
            add(format!("@{village}"), org.to_string());
            add(format!("{village}.secretary"), secretary);
            for (nth, member) in members.into_iter().enumerate() {
                add(format!("{village}.member{}", nth + 1), member);
            }
        }
        Self(named)
    }
}
