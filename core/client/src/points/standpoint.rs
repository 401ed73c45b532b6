//! What every question about study and points begins with: whose phone this is, which day it is, and what holds on it.

use std::collections::BTreeMap;
use std::sync::Arc;

use dangjian_domain::grant::Tree as _;
use dangjian_domain::id::{MemberId, OrgId, RowId};
use dangjian_domain::points::memo;
use dangjian_domain::points::rules::{FactKind, RuleSet, Switches};
use dangjian_domain::rows::{Features, Member, RuleSetRow};
use dangjian_domain::rule::StudyFacts as _;
use dangjian_domain::time::{CivilDay, Quarter, Timestamp};
use dangjian_store::{Snapshot, StoreError};

/// Where the phone's member stands.
pub(crate) struct Standpoint {
    pub(crate) me: MemberId,
    /// The member's row; absent until the first mirror is there.
    pub(crate) member: Option<Member>,
    /// The home branch, then everything above it up to the county.
    pub(crate) above: Vec<OrgId>,
    /// The civil day of study.
    pub(crate) day: CivilDay,
    /// The rules in force on it.
    pub(crate) set: Option<Arc<RuleSet>>,
    /// The county's switches.
    pub(crate) switches: Switches,
}

impl Standpoint {
    /// As of `now`; `None` if nobody has signed in on this phone.
    pub(crate) fn at(snapshot: &Snapshot<'_>, now: Timestamp) -> Result<Option<Self>, StoreError> {
        let Some(me) = dangjian_engine::member_of(snapshot)? else { return Ok(None) };
        let set = snapshot.rules_on(now.civil_day(0))?;
        let day = now.civil_day(set.as_ref().map_or(0, |set| set.study.day_starts_at_ms));
        let member = snapshot.find::<Member>(me.0)?;
        let above = match &member {
            Some(member) => snapshot.ancestors(member.org)?,
            None => vec![],
        };
        let switches = match above.last() {
            Some(county) => switches(snapshot, *county)?,
            None => Switches::default(),
        };
        Ok(Some(Self { me, member, above, day, set, switches }))
    }

    pub(crate) fn home(&self) -> Option<OrgId> {
        self.member.as_ref().map(|member| member.org)
    }

    pub(crate) fn county(&self) -> Option<OrgId> {
        self.above.last().copied()
    }

    /// The quarter of today.
    pub(crate) fn quarter(&self) -> Quarter {
        self.day.quarter().unwrap_or(Quarter(0))
    }
}

/// Which features a county uses.
pub(crate) fn switches(snapshot: &Snapshot<'_>, county: OrgId) -> Result<Switches, StoreError> {
    Ok(Switches::of(snapshot.find::<Features>(Features::id_of(county))?.as_ref()))
}

/// All published rule sets, earliest first.
pub(crate) fn sets(snapshot: &Snapshot<'_>) -> Result<Vec<Arc<RuleSet>>, StoreError> {
    let rows: Vec<RuleSetRow> = snapshot.all("1 ORDER BY effective_from, rule_version", [])?;
    Ok(rows.iter().filter_map(|row| memo::rule_set(&row.text)).collect())
}

/// The rule set of that name and version, as a posting or a score names it.
pub(crate) fn set_named(snapshot: &Snapshot<'_>, name: &str) -> Result<Option<Arc<RuleSet>>, StoreError> {
    let Some((name, version)) = name.rsplit_once('/') else { return Ok(None) };
    let row = snapshot.find::<RuleSetRow>(RuleSetRow::id_of(name, version))?;
    Ok(row.and_then(|row| memo::rule_set(&row.text)))
}

/// Rules of the facts that `wanted` picks, joined so that SQL can look one up: `,read_minutes,read_item,`. A rule that was
/// retired still counts for what it posted; of rules with one id the latest has the word.
pub(crate) fn rules_for(sets: &[Arc<RuleSet>], wanted: impl Fn(FactKind) -> bool) -> String {
    let mut kinds: BTreeMap<&str, FactKind> = BTreeMap::new();
    kinds.extend(sets.iter().flat_map(|set| &set.rules).map(|rule| (rule.id.as_str(), rule.fact)));
    kinds.into_iter().filter(|(_, fact)| wanted(*fact)).fold(",".to_owned(), |text, (id, _)| text + id + ",")
}

/// The name of an organization; empty if it is not known here.
pub(crate) fn org_name(snapshot: &Snapshot<'_>, org: OrgId) -> Result<String, StoreError> {
    let row = snapshot.find::<dangjian_domain::rows::Organization>(org.0)?;
    Ok(row.map_or_else(String::new, |org| org.name))
}

/// The title of what a posting is about, if that is at hand.
pub(crate) fn title_of(snapshot: &Snapshot<'_>, about: RowId) -> Result<Option<String>, StoreError> {
    use dangjian_domain::rows::{Activity, StudyItem};
    if let Some(item) = snapshot.find::<StudyItem>(about)? {
        return Ok(Some(item.title));
    }
    Ok(snapshot.find::<Activity>(about)?.map(|activity| activity.title))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_picked_by_what_they_are_for() {
        let set = Arc::new(RuleSet::parse(RuleSet::DEFAULT_TEXT).unwrap());
        assert_eq!(
            rules_for(std::slice::from_ref(&set), |fact| fact == FactKind::SuggestionAccepted),
            ",suggestion_accepted,"
        );
        let study = rules_for(&[set.clone(), set], FactKind::is_study);
        assert_eq!(study, ",av_item,av_minutes,quiz,read_item,read_minutes,sign_in,");
        assert_eq!(rules_for(&[], |_| true), ",");
    }
}
