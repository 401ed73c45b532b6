//! Two years of notices of the county, its townships, its villages and the migrant branches.

use std::collections::BTreeMap;

use dangjian_domain::id::{MemberId, OrgId};
use dangjian_domain::rows::{Notice, NoticeScope, NoticeState, OrgKind, Role, Synced};
use dangjian_domain::schema::Row;
use dangjian_domain::time::CivilDay;
use dangjian_domain::{id::RowId, time::Timestamp};

use crate::calendar::{at, day_of, months_until};
use crate::offices::Holder;
use crate::orgs::Org;
use crate::rng::Rng;
use crate::texts::{NoticeTemplate, NoticeTexts, Speaker};

/// How far back notices go.
const DAYS: i32 = 730;

/// Who speaks for an organization: an officer for the county, the secretary for any other.
type Authors<'a> = BTreeMap<OrgId, Vec<(MemberId, &'a str)>>;

/// The notices published from two years before `today` up to the day before, each with its author of today.
pub(crate) fn notices(seed: u64, today: CivilDay, orgs: &[Org], holders: &[Holder]) -> Vec<Row> {
    let authors = authors(orgs, holders);
    let mut desk = Desk { rng: Rng::new(seed, "notices"), today, authors, rows: vec![] };
    let texts = NoticeTexts::read();
    for (year, month) in months_until(today, 24) {
        for (nth, org) in (0..).zip(orgs) {
            // Each starts elsewhere in what may be said at any time, and goes through it without repeating itself.
            let turn = nth + year.unsigned_abs() as usize * 12 + month as usize;
            match speaker(org) {
                Some(Speaker::County) => {
                    for (nth, template) in (0..).zip(texts.of(Speaker::County, month)) {
                        let first = 2 + nth * 7;
                        desk.publish(org, template, (year, month), (first, first + 4));
                    }
                }
                Some(speaker) if speaker == Speaker::Township || desk.rng.chance(400) => {
                    desk.publish_one(org, &texts, speaker, (year, month), turn);
                }
                _ => {}
            }
        }
    }
    desk.rows
}

fn speaker(org: &Org) -> Option<Speaker> {
    match org.kind {
        OrgKind::CountyCommittee => Some(Speaker::County),
        OrgKind::PartyCommittee => Some(Speaker::Township),
        OrgKind::WorkingCommittee if org.area_code.is_some() => Some(Speaker::Township),
        OrgKind::Branch if org.area_code.is_some() => Some(Speaker::Village),
        OrgKind::MigrantBranch => Some(Speaker::Migrant),
        _ => None,
    }
}

fn authors<'a>(orgs: &[Org], holders: &'a [Holder]) -> Authors<'a> {
    let root = orgs.first().map(|org| org.id);
    let mut authors: Authors<'a> = BTreeMap::new();
    for holder in holders {
        let speaks = if Some(holder.seat.org) == root { Role::Officer } else { Role::Secretary };
        if holder.seat.role == Some(speaks) {
            authors.entry(holder.seat.org).or_default().push((holder.member, &holder.name));
        }
    }
    authors
}

struct Desk<'a> {
    rng: Rng,
    today: CivilDay,
    authors: Authors<'a>,
    rows: Vec<Row>,
}

impl Desk<'_> {
    /// One notice in that month, of the season or of those for any time.
    fn publish_one(&mut self, org: &Org, texts: &NoticeTexts, speaker: Speaker, month: (i32, u32), turn: usize) {
        let season = texts.of(speaker, month.1);
        let from = if !season.is_empty() && self.rng.chance(550) { season } else { texts.of(speaker, 0) };
        if let Some(template) = from.iter().cycle().nth(turn % from.len().max(1)) {
            self.publish(org, template, month, (2, 26));
        }
    }

    /// One notice, on one of those days of the month.
    fn publish(&mut self, org: &Org, template: &NoticeTemplate, (year, month): (i32, u32), days: (i64, i64)) {
        let rng = &mut self.rng;
        let date = u32::try_from(rng.range(days.0, days.1)).unwrap_or(1);
        let day = day_of(year, month, date);
        let published_at: Timestamp = at(day, rng.range(8, 17), rng.range(0, 59)).plus_ms(rng.range(0, 59_999));
        let id = RowId::v7(published_at.0, rng.ten_bytes());
        let (author, author_name) =
            self.authors.get(&org.id).and_then(|authors| authors.get(rng.below(authors.len()))).copied().unzip();
        let (Some(author), Some(author_name)) = (author, author_name) else { return };
        if day >= self.today || day < self.today.plus_days(-DAYS) {
            return;
        }
        let branch = matches!(org.kind, OrgKind::Branch | OrgKind::MigrantBranch);
        let (title, body) = template.filled(&org.short, year, month);
        self.rows.push(
            Notice {
                id,
                version: 1,
                org: org.id,
                scope: if branch { NoticeScope::Branch } else { NoticeScope::Subtree },
                title,
                body,
                author,
                author_name: author_name.into(),
                published_at,
                edited_at: None,
                state: NoticeState::Published,
                withdrawn_reason: None,
            }
            .to_row(),
        );
    }
}
