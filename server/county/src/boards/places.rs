//! Who is where, and what follows from everybody's points.

use std::collections::{BTreeMap, BTreeSet};

use dangjian_domain::id::{MemberId, OrgId, RowId};
use dangjian_domain::points::rank::Counts;
use dangjian_domain::points::rules::{RuleSet, Switches};
use dangjian_domain::points::score::{Scored, appraisal, boards, organization_appraisal, organization_points};
use dangjian_domain::rows::{Board, BoardLine, Listed, OrgKind, Score, SubjectKind};
use dangjian_domain::time::{Quarter, Timestamp};

use super::sums::Sums;
use crate::db::{Db, all};
use crate::error::CountyError;

/// Lines of a list of the best.
const LINES: usize = 20;

pub(crate) struct Org {
    parent: Option<OrgId>,
    kind: SubjectKind,
    name: String,
}

/// The tree and its members.
pub(crate) struct Places {
    pub(crate) root: Option<OrgId>,
    orgs: BTreeMap<OrgId, Org>,
    /// Name and home of everybody in good standing.
    members: BTreeMap<MemberId, (String, OrgId)>,
    /// At home or guests.
    of_branch: BTreeMap<OrgId, BTreeSet<MemberId>>,
    /// Branches in each organization's subtree.
    branches: BTreeMap<OrgId, BTreeSet<OrgId>>,
}

impl Places {
    pub(crate) fn read(db: &mut dyn Db) -> Result<Self, CountyError> {
        let mut orgs = BTreeMap::new();
        for (id, parent, kind, name) in all(db, "SELECT id, parent, kind, name FROM organization", &[], |row| {
            let parent = row.maybe(1, |row, at| row.id(at))?.map(OrgId);
            Ok((OrgId(row.id(0)?), parent, row.int(2)?, row.text(3)?.to_owned()))
        })? {
            let kind = match OrgKind::from_code(kind) {
                Some(OrgKind::Branch | OrgKind::MigrantBranch) => SubjectKind::Branch,
                _ => SubjectKind::Committee,
            };
            orgs.insert(id, Org { parent, kind, name });
        }
        let root = orgs.iter().find(|(_, org)| org.parent.is_none()).map(|(id, _)| *id);
        let mut members = BTreeMap::new();
        let mut of_branch: BTreeMap<OrgId, BTreeSet<MemberId>> = BTreeMap::new();
        for (id, org, name) in all(db, "SELECT id, org, name FROM member WHERE status = 1", &[], |row| {
            Ok((MemberId(row.id(0)?), OrgId(row.id(1)?), row.text(2)?.to_owned()))
        })? {
            members.insert(id, (name, org));
            of_branch.entry(org).or_default().insert(id);
        }
        for (member, org) in
            all(db, "SELECT member, org FROM participation", &[], |row| Ok((MemberId(row.id(0)?), OrgId(row.id(1)?))))?
        {
            if members.contains_key(&member) {
                of_branch.entry(org).or_default().insert(member);
            }
        }
        let mut branches: BTreeMap<OrgId, BTreeSet<OrgId>> = BTreeMap::new();
        for (above, below) in all(db, "SELECT ancestor, descendant FROM org_closure", &[], |row| {
            Ok((OrgId(row.id(0)?), OrgId(row.id(1)?)))
        })? {
            if orgs.get(&below).is_some_and(|org| org.kind == SubjectKind::Branch) {
                branches.entry(above).or_default().insert(below);
            }
        }
        Ok(Self { root, orgs, members, of_branch, branches })
    }

    /// The members in the subtree of `org`. Of the whole county everybody is counted once, at home; elsewhere guests count
    /// where they take part.
    fn members_below(&self, org: OrgId) -> BTreeSet<MemberId> {
        if Some(org) == self.root {
            return self.members.keys().copied().collect();
        }
        let branches = self.branches.get(&org).into_iter().flatten();
        branches.filter_map(|branch| self.of_branch.get(branch)).flatten().copied().collect()
    }

    /// Everybody's score and board.
    pub(crate) fn scores(&self, set: &RuleSet, switches: &Switches, sums: &Sums) -> Scores {
        let mut scores = Scores { by_subject: BTreeMap::new() };
        for (member, (name, org)) in &self.members {
            let sum = sums.of(member.0);
            let appraised = appraisal(set, switches, &sum.by_component);
            scores.put(member.0, SubjectKind::Member, *org, name, sum.points, appraised.score, appraised.encode());
        }
        // Branches before what is above them: a committee's score is made of theirs.
        for wanted in [SubjectKind::Branch, SubjectKind::Committee] {
            for (id, org) in self.orgs.iter().filter(|(id, org)| org.kind == wanted && Some(**id) != self.root) {
                let below: Vec<(i64, i64)> = match wanted {
                    SubjectKind::Branch => {
                        let members = self.of_branch.get(id).into_iter().flatten();
                        members.filter_map(|member| scores.of(member.0)).collect()
                    }
                    _ => {
                        let branches = self.branches.get(id).into_iter().flatten();
                        branches.filter_map(|branch| scores.of(branch.0)).collect()
                    }
                };
                let (points_below, scores_below): (Vec<i64>, Vec<i64>) = below.into_iter().unzip();
                let own = sums.of(id.0).points;
                let points = organization_points(set, wanted, own, &points_below);
                let appraised = organization_appraisal(set, wanted, own, &scores_below);
                scores.put(id.0, wanted, *id, &org.name, points, appraised.score, appraised.encode());
            }
        }
        scores.place(self, set);
        scores
    }
}

/// What became of everybody's points.
pub(crate) struct Scores {
    by_subject: BTreeMap<RowId, Score>,
}

impl Scores {
    #[allow(clippy::too_many_arguments, reason = "the columns of one row")]
    fn put(
        &mut self,
        subject: RowId,
        kind: SubjectKind,
        org: OrgId,
        name: &str,
        points: i64,
        score: i64,
        components: String,
    ) {
        let row = Score {
            id: subject,
            version: 0,
            subject,
            kind,
            org,
            name: name.to_owned(),
            quarter: Quarter(0),
            points,
            score,
            board: Board::Black,
            listed: Listed::Withheld,
            components,
            rule_set: String::new(),
            as_of: Timestamp(0),
        };
        self.by_subject.insert(subject, row);
    }

    fn of(&self, subject: RowId) -> Option<(i64, i64)> {
        self.by_subject.get(&subject).map(|row| (row.points, row.score))
    }

    /// Puts everybody on a board among their like: members in their branch, branches under their committee, committees in
    /// the county.
    fn place(&mut self, places: &Places, set: &RuleSet) {
        let mut groups: BTreeMap<(SubjectKind, Option<OrgId>), Vec<Scored>> = BTreeMap::new();
        for row in self.by_subject.values() {
            let among = match row.kind {
                SubjectKind::Member => Some(row.org),
                SubjectKind::Branch => places.orgs.get(&row.org).and_then(|org| org.parent),
                SubjectKind::Committee => places.root,
            };
            let scored = Scored { subject: row.subject, points: row.points, score: row.score };
            groups.entry((row.kind, among)).or_default().push(scored);
        }
        for group in groups.into_values() {
            for (subject, board) in boards(set, &group, &BTreeSet::new()) {
                if let Some(row) = self.by_subject.get_mut(&subject) {
                    row.board = board;
                }
            }
        }
    }

    pub(crate) fn rows(&self, switches: &Switches) -> impl Iterator<Item = Score> {
        self.by_subject.values().map(|row| {
            let listed = match switches.listed(row.board) {
                // An organization is nobody's name.
                Listed::Withheld if row.kind == SubjectKind::Member && !switches.named_above(row.board) => {
                    Listed::Hidden
                }
                listed => listed,
            };
            Score { listed, ..row.clone() }
        })
    }

    /// The best of each organization that has others below it: those on the gold boards, by points.
    pub(crate) fn lines(&self, places: &Places, quarter: Quarter) -> Vec<BoardLine> {
        let mut lines = vec![];
        for (org, _) in places.orgs.iter().filter(|(_, org)| org.kind == SubjectKind::Committee) {
            let members = places.members_below(*org).into_iter().map(|member| member.0);
            let branches = places.branches.get(org).into_iter().flatten().map(|branch| branch.0);
            self.list(places, *org, SubjectKind::Member, quarter, members, &mut lines);
            self.list(places, *org, SubjectKind::Branch, quarter, branches, &mut lines);
            if Some(*org) == places.root {
                let committees = self.by_subject.values().filter(|row| row.kind == SubjectKind::Committee);
                let committees: Vec<RowId> = committees.map(|row| row.subject).collect();
                self.list(places, *org, SubjectKind::Committee, quarter, committees.into_iter(), &mut lines);
            }
        }
        lines
    }

    fn list(
        &self,
        places: &Places,
        org: OrgId,
        kind: SubjectKind,
        quarter: Quarter,
        subjects: impl Iterator<Item = RowId>,
        lines: &mut Vec<BoardLine>,
    ) {
        let rows = subjects.filter_map(|subject| self.by_subject.get(&subject));
        let mut best: Vec<&Score> = rows.filter(|row| row.board == Board::Gold).collect();
        best.sort_by(|a, b| (b.points, b.score).cmp(&(a.points, a.score)).then(a.subject.cmp(&b.subject)));
        let mut place = (0, i64::MAX);
        for (at, row) in (1..).zip(best.into_iter().take(LINES)) {
            if row.points != place.1 {
                place = (at, row.points);
            }
            let above = match kind {
                SubjectKind::Member => Some(row.org),
                _ => places.orgs.get(&row.org).and_then(|org| org.parent),
            };
            let of_name = above.and_then(|above| places.orgs.get(&above)).map_or("", |org| &org.name);
            lines.push(BoardLine {
                id: BoardLine::id_of(org, kind, quarter, at),
                version: 0,
                org,
                kind,
                quarter,
                place: place.0,
                subject: row.subject,
                name: row.name.clone(),
                of_name: of_name.to_owned(),
                points: row.points,
                score: row.score,
            });
        }
    }

    /// Counts of points: of the members of each organization, of the branches and committees below each committee.
    pub(crate) fn counts(&self, places: &Places) -> Vec<(OrgId, SubjectKind, Counts)> {
        let points = |subject: RowId| self.by_subject.get(&subject).map(|row| row.points);
        let mut counts = vec![];
        for (id, org) in &places.orgs {
            let members = places.members_below(*id).into_iter().filter_map(|member| points(member.0));
            counts.push((*id, SubjectKind::Member, Counts::from_points(members)));
            if org.kind == SubjectKind::Committee {
                let branches = places.branches.get(id).into_iter().flatten().filter_map(|branch| points(branch.0));
                counts.push((*id, SubjectKind::Branch, Counts::from_points(branches)));
            }
            if Some(*id) == places.root {
                let committees = self.by_subject.values().filter(|row| row.kind == SubjectKind::Committee);
                counts.push((*id, SubjectKind::Committee, Counts::from_points(committees.map(|row| row.points))));
            }
        }
        counts
    }
}
