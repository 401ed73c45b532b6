//! Ranks from histograms, boards from what the server publishes.

use dangjian_domain::id::{MemberId, OrgId, RowId};
use dangjian_domain::points::explain;
use dangjian_domain::points::rank::{Counts, Movement, moved, sentence};
use dangjian_domain::rows::{
    Board, BoardLine, Histogram, Listed, MemberStatus, OrgKind, Organization, Participation, Score, SubjectKind,
};
use dangjian_domain::time::{CivilDay, Timestamp};
use dangjian_store::{Snapshot, StoreError};
use rusqlite::params;

use super::{BoardLineView, BoardView, RankView, ScopeView};
use crate::points::query::up_to;
use crate::points::standpoint::Standpoint;
use crate::points::{quarter_words, tenths};
use crate::readers::int;

/// Which page of which board.
pub(super) struct Asked {
    pub(super) org: OrgId,
    pub(super) kind: SubjectKind,
    pub(super) board: Board,
    pub(super) limit: usize,
    pub(super) offset: usize,
}

/// An organization in which somebody stands.
struct Scope {
    row: Organization,
    label: String,
    within: String,
}

impl Scope {
    fn is_branch(&self) -> bool {
        matches!(self.row.kind, OrgKind::Branch | OrgKind::MigrantBranch)
    }
}

fn scope(snapshot: &Snapshot<'_>, org: OrgId, home: Option<OrgId>) -> Result<Option<Scope>, StoreError> {
    let Some(row) = snapshot.find::<Organization>(org.0)? else { return Ok(None) };
    let is_branch = matches!(row.kind, OrgKind::Branch | OrgKind::MigrantBranch);
    let place = place_of(&row);
    let (label, within) = match row.parent {
        None => ("全县".to_owned(), "全县".to_owned()),
        Some(_) if is_branch && Some(org) == home => ("本支部".to_owned(), "支部".to_owned()),
        Some(_) if is_branch => (row.name.clone(), "支部".to_owned()),
        Some(_) => (place.to_owned(), place.to_owned()),
    };
    Ok(Some(Scope { row, label, within }))
}

/// 「新圩镇」 of 「新圩镇党委」: where, without what.
fn place_of(org: &Organization) -> &str {
    let name = org.name.strip_prefix("中共").unwrap_or(&org.name);
    let place = ["委员会", "党工委", "党委", org.kind.label()].iter().find_map(|ending| name.strip_suffix(ending));
    place.filter(|place| !place.is_empty()).unwrap_or(&org.name)
}

/// Home branch, what is above it, then guest branches.
fn orgs(snapshot: &Snapshot<'_>, at: &Standpoint) -> Result<Vec<OrgId>, StoreError> {
    let mut orgs = at.above.clone();
    let guest: Vec<Participation> = snapshot.all("member = ?1 ORDER BY since, id", [at.me.0.0])?;
    for org in guest.into_iter().map(|row| row.org) {
        if !orgs.contains(&org) {
            orgs.push(org);
        }
    }
    Ok(orgs)
}

pub(super) fn scopes(snapshot: &Snapshot<'_>) -> Result<Vec<ScopeView>, StoreError> {
    // Where somebody stands depends on no time.
    let Some(at) = Standpoint::at(snapshot, Timestamp(0))? else { return Ok(vec![]) };
    let mut views = vec![];
    for org in orgs(snapshot, &at)? {
        let Some(scope) = scope(snapshot, org, at.home())? else { continue };
        let kinds = match (scope.is_branch(), scope.row.parent) {
            (true, _) => vec![SubjectKind::Member],
            (false, Some(_)) => vec![SubjectKind::Member, SubjectKind::Branch],
            (false, None) => vec![SubjectKind::Member, SubjectKind::Branch, SubjectKind::Committee],
        };
        views.push(ScopeView { org, label: scope.label, name: scope.row.name, kinds });
    }
    Ok(views)
}

/// Who is meant by "mine" among members, branches or committees.
fn subject(snapshot: &Snapshot<'_>, at: &Standpoint, kind: SubjectKind) -> Result<Option<RowId>, StoreError> {
    Ok(match kind {
        SubjectKind::Member => Some(at.me.0),
        SubjectKind::Branch => at.home().map(|home| home.0),
        // The highest below the county.
        SubjectKind::Committee => {
            let mut found = None;
            for org in at.above.iter().skip(1) {
                if snapshot.find::<Organization>(org.0)?.is_some_and(|org| org.parent.is_some()) {
                    found = Some(org.0);
                }
            }
            found
        }
    })
}

fn histogram(
    snapshot: &Snapshot<'_>,
    org: OrgId,
    kind: SubjectKind,
    day: CivilDay,
) -> Result<Option<(Histogram, Counts)>, StoreError> {
    let row = snapshot.find::<Histogram>(Histogram::id_of(org, kind, day))?;
    Ok(row.and_then(read))
}

fn newest(snapshot: &Snapshot<'_>, org: OrgId, kind: SubjectKind) -> Result<Option<(Histogram, Counts)>, StoreError> {
    let condition = "org = ?1 AND kind = ?2 ORDER BY day DESC LIMIT 1";
    let rows: Vec<Histogram> = snapshot.all(condition, params![org.0.0, kind.code()])?;
    Ok(rows.into_iter().next().and_then(read))
}

fn read(row: Histogram) -> Option<(Histogram, Counts)> {
    match Counts::parse(&row.counts) {
        Ok(counts) => Some((row, counts)),
        Err(error) => {
            log::warn!("a histogram: {error}");
            None
        }
    }
}

pub(crate) fn home_rank(snapshot: &Snapshot<'_>, now: Timestamp) -> Result<Option<RankView>, StoreError> {
    let Some(at) = Standpoint::at(snapshot, now)? else { return Ok(None) };
    match at.home() {
        Some(home) => rank_at(snapshot, &at, home, SubjectKind::Member),
        None => Ok(None),
    }
}

pub(super) fn rank(
    snapshot: &Snapshot<'_>,
    org: OrgId,
    kind: SubjectKind,
    now: Timestamp,
) -> Result<Option<RankView>, StoreError> {
    match Standpoint::at(snapshot, now)? {
        Some(at) if orgs(snapshot, &at)?.contains(&org) => rank_at(snapshot, &at, org, kind),
        _ => Ok(None),
    }
}

fn rank_at(
    snapshot: &Snapshot<'_>,
    at: &Standpoint,
    org: OrgId,
    kind: SubjectKind,
) -> Result<Option<RankView>, StoreError> {
    let is_counted = at.member.as_ref().is_some_and(|member| member.status == MemberStatus::Active);
    if !at.switches.public_ranking || !is_counted {
        return Ok(None);
    }
    let Some(scope) = scope(snapshot, org, at.home())? else { return Ok(None) };
    let Some((row, counts)) = (match histogram(snapshot, org, kind, at.day)? {
        Some(today) => Some(today),
        None => newest(snapshot, org, kind)?,
    }) else {
        return Ok(None);
    };
    // Points of this quarter say nothing among those of an earlier one.
    let until = if row.quarter == at.quarter() { at.day.max(row.day) } else { row.day };
    let yesterday = at.day.plus_days(-1);
    let (points, before) = match kind {
        SubjectKind::Member => {
            let before = match histogram(snapshot, org, kind, yesterday)? {
                Some((row, counts)) => Some(counts.rank_of(up_to(snapshot, at.me, row.quarter, row.day)?.all())),
                None => None,
            };
            (Some(up_to(snapshot, at.me, row.quarter, until)?.all()), before)
        }
        // What an organization had yesterday is told to nobody.
        SubjectKind::Branch | SubjectKind::Committee => {
            let id = subject(snapshot, at, kind)?.map(|subject| Score::id_of(subject, row.quarter));
            let score = match id {
                Some(id) => snapshot.find::<Score>(id)?,
                None => None,
            };
            (score.map(|score| score.points), None)
        }
    };
    let Some(points) = points else { return Ok(None) };
    let rank = counts.rank_of(points);
    let movement = before.map(|before| moved(Some(before), rank));
    Ok(Some(RankView {
        org,
        org_name: scope.row.name,
        kind,
        rank,
        subjects: counts.subjects(),
        points,
        movement,
        words: movement.map(Movement::words),
        sentence: sentence(&scope.within, rank, movement.unwrap_or(Movement::New)),
        within: scope.within,
        to_next: counts.to_next(points),
        day: row.day,
        quarter: row.quarter,
        as_of: row.as_of,
    }))
}

pub(super) fn board(snapshot: &Snapshot<'_>, asked: &Asked, now: Timestamp) -> Result<Option<BoardView>, StoreError> {
    let Some(at) = Standpoint::at(snapshot, now)? else { return Ok(None) };
    if !at.switches.public_ranking || !orgs(snapshot, &at)?.contains(&asked.org) {
        return Ok(None);
    }
    let Some(scope) = scope(snapshot, asked.org, at.home())? else { return Ok(None) };
    let subject = subject(snapshot, &at, asked.kind)?;
    let own = match subject {
        Some(subject) => snapshot.find::<Score>(Score::id_of(subject, at.quarter()))?,
        None => None,
    };
    let own = own.filter(|own| own.board == asked.board);
    let is_branch = scope.is_branch() && asked.kind == SubjectKind::Member;
    let low = matches!(asked.board, Board::Yellow | Board::Black);
    // A guest's score belongs to the home branch's boards.
    let own = own.filter(|own| !is_branch || own.org == asked.org);
    let (lines, listed) = match (is_branch, asked.board) {
        (true, _) => in_branch(snapshot, &at, asked)?,
        (false, Board::Gold) => list_of_the_best(snapshot, &at, asked, subject)?,
        (false, _) => (vec![], 0),
    };
    let mine = match own {
        Some(own) => {
            let place = if low { None } else { place_of_mine(snapshot, &at, asked, is_branch, &own)? };
            Some(BoardLineView { mine: true, ..scored(own, place, at.me) })
        }
        None => None,
    };
    let counted = match histogram(snapshot, asked.org, asked.kind, at.day)? {
        Some(today) => Some(today),
        None => newest(snapshot, asked.org, asked.kind)?,
    };
    Ok(Some(BoardView {
        org: asked.org,
        label: scope.label,
        kind: asked.kind,
        board: asked.board,
        quarter: at.quarter(),
        quarter_words: quarter_words(at.quarter()),
        rule: at.set.as_ref().map(|set| explain::board(set, asked.board)),
        lines,
        listed: (!low).then_some(listed),
        subjects: counted.as_ref().map(|(_, counts)| counts.subjects()),
        mine,
        low_note: explain::low_boards(&at.switches),
        as_of: counted.map(|(row, _)| row.as_of),
    }))
}

/// Somebody's score as a line of their own board, as `me` sees it.
pub(crate) fn scored(row: Score, place: Option<i64>, me: MemberId) -> BoardLineView {
    BoardLineView {
        place,
        subject: row.subject,
        of_name: None,
        points: row.points,
        score: row.score,
        score_words: tenths(row.score),
        mine: row.subject == me.0,
        name: row.name,
    }
}

/// Those whose scores the branch may see by name, and oneself.
fn in_branch(snapshot: &Snapshot<'_>, at: &Standpoint, asked: &Asked) -> Result<(Vec<BoardLineView>, i64), StoreError> {
    let (named, low) = (Listed::Named.code(), matches!(asked.board, Board::Yellow | Board::Black));
    let whose = params![asked.org.0.0, asked.kind.code(), at.quarter().0, asked.board.code(), named, at.me.0.0];
    let sql = "SELECT count(*) FROM score WHERE org = ?1 AND kind = ?2 AND quarter = ?3 AND board = ?4
               AND (listed = ?5 OR subject = ?6)";
    let listed: i64 = snapshot.conn().prepare_cached(sql)?.query_row(whose, |row| row.get(0))?;
    let rows: Vec<Score> = snapshot.all(
        "org = ?1 AND kind = ?2 AND quarter = ?3 AND board = ?4 AND (listed = ?5 OR subject = ?6)
         ORDER BY points DESC, score DESC, subject LIMIT ?7 OFFSET ?8",
        params![
            asked.org.0.0,
            asked.kind.code(),
            at.quarter().0,
            asked.board.code(),
            named,
            at.me.0.0,
            int(asked.limit),
            int(asked.offset)
        ],
    )?;
    let mut place = match rows.first() {
        Some(first) => better(snapshot, at, asked, first.points)? + 1,
        None => 1,
    };
    let mut last = rows.first().map_or(0, |first| first.points);
    let mut lines = vec![];
    for (nth, row) in (int(asked.offset).saturating_add(1)..).zip(rows) {
        if row.points != last {
            (place, last) = (nth, row.points);
        }
        lines.push(scored(row, (!low).then_some(place), at.me));
    }
    Ok((lines, listed))
}

/// How many on a branch's board have more points.
fn better(snapshot: &Snapshot<'_>, at: &Standpoint, asked: &Asked, points: i64) -> Result<i64, StoreError> {
    let sql = "SELECT count(*) FROM score WHERE org = ?1 AND kind = ?2 AND quarter = ?3 AND board = ?4
               AND (listed = ?5 OR subject = ?6) AND points > ?7";
    let named = Listed::Named.code();
    Ok(snapshot.conn().prepare_cached(sql)?.query_row(
        params![asked.org.0.0, asked.kind.code(), at.quarter().0, asked.board.code(), named, at.me.0.0, points],
        |row| row.get(0),
    )?)
}

fn list_of_the_best(
    snapshot: &Snapshot<'_>,
    at: &Standpoint,
    asked: &Asked,
    subject: Option<RowId>,
) -> Result<(Vec<BoardLineView>, i64), StoreError> {
    let sql = "SELECT count(*) FROM board_line WHERE org = ?1 AND kind = ?2 AND quarter = ?3";
    let listed: i64 = snapshot
        .conn()
        .prepare_cached(sql)?
        .query_row(params![asked.org.0.0, asked.kind.code(), at.quarter().0], |row| row.get(0))?;
    let rows: Vec<BoardLine> = snapshot.all(
        "org = ?1 AND kind = ?2 AND quarter = ?3 ORDER BY place, score DESC, subject LIMIT ?4 OFFSET ?5",
        params![asked.org.0.0, asked.kind.code(), at.quarter().0, int(asked.limit), int(asked.offset)],
    )?;
    let line = |row: BoardLine| BoardLineView {
        place: Some(row.place),
        subject: row.subject,
        of_name: Some(row.of_name).filter(|name| !name.is_empty()),
        points: row.points,
        score: row.score,
        score_words: tenths(row.score),
        mine: Some(row.subject) == subject,
        name: row.name,
    };
    Ok((rows.into_iter().map(line).collect(), listed))
}

fn place_of_mine(
    snapshot: &Snapshot<'_>,
    at: &Standpoint,
    asked: &Asked,
    is_branch: bool,
    own: &Score,
) -> Result<Option<i64>, StoreError> {
    if is_branch {
        return Ok(Some(better(snapshot, at, asked, own.points)? + 1));
    }
    let rows: Vec<BoardLine> = snapshot.all(
        "org = ?1 AND kind = ?2 AND quarter = ?3 AND subject = ?4 LIMIT 1",
        params![asked.org.0.0, asked.kind.code(), at.quarter().0, own.subject.0],
    )?;
    Ok(rows.first().map(|row| row.place))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_township_is_called_by_its_place() {
        let org = |name: &str, kind| Organization {
            id: RowId([1; 16]),
            version: 1,
            county: OrgId(RowId([1; 16])),
            parent: None,
            kind,
            name: name.to_owned(),
            area_code: None,
            city: None,
        };
        for (name, kind, place) in [
            ("新圩镇党委", OrgKind::PartyCommittee, "新圩镇"),
            ("中共新田县新圩镇委员会", OrgKind::PartyCommittee, "新田县新圩镇"),
            ("龙泉街道党工委", OrgKind::WorkingCommittee, "龙泉街道"),
            ("县直机关党总支", OrgKind::GeneralBranch, "县直机关"),
            ("党委", OrgKind::PartyCommittee, "党委"),
            ("驻深办", OrgKind::PartyCommittee, "驻深办"),
        ] {
            assert_eq!(place_of(&org(name, kind)), place);
        }
    }
}
