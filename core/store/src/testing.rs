//! Rows, pages and operations for tests.

use std::collections::BTreeMap;
use std::path::Path;

use dangjian_domain::id::{OpId, OrgId, RowId};
use dangjian_domain::op::{Action, EditNotice, PublishNotice};
use dangjian_domain::rows::{
    LedgerEntry, Member, MemberStatus, Notice, NoticeScope, NoticeState, Participation, Standing, Synced, TABLES,
};
use dangjian_domain::schema::{FeedKind, Row};
use dangjian_domain::time::{CivilDay, Instant, Timestamp};
use dangjian_protocol::bytes::Bytes;
use dangjian_protocol::message::{GrantList, GrantedFeed, PageBody};
use dangjian_protocol::op::Operation;
use dangjian_protocol::page::{Advance, Block, FeedNo, Gone, Page};
use tempfile::TempDir;

use crate::files::{FileKey, Files, Use};
use crate::mirror::{Applied, Delivery, Mirror, MirrorTask};
use crate::own::OwnStore;
use crate::value::row_from;

pub(crate) const HISTORY: u64 = 77;

pub(crate) fn plain() -> (TempDir, Files) {
    let dir = tempfile::tempdir().unwrap();
    let files = Files { dir: dir.path().to_owned(), key: FileKey::Plain };
    (dir, files)
}

pub(crate) fn encrypted() -> (TempDir, Files) {
    let (dir, mut files) = plain();
    files.key = FileKey::Raw([7; 32]);
    (dir, files)
}

pub(crate) fn id(n: u8) -> RowId {
    RowId([n; 16])
}

pub(crate) fn notice(n: u8, version: u64, org: u8, scope: NoticeScope, title: &str) -> Row {
    Notice {
        id: id(n),
        version,
        org: id(org).into(),
        scope,
        title: title.into(),
        body: format!("{title}: 正文"),
        author: id(90).into(),
        author_name: "王书记".into(),
        published_at: Timestamp(1_000 + i64::from(n)),
        edited_at: None,
        state: NoticeState::Published,
        withdrawn_reason: None,
    }
    .to_row()
}

pub(crate) fn member(n: u8, version: u64, org: u8) -> Row {
    Member {
        id: id(n),
        version,
        org: id(org).into(),
        number: format!("{n:08}"),
        name: format!("党员{n}"),
        standing: Standing::Full,
        status: MemberStatus::Active,
        migrant: false,
    }
    .to_row()
}

pub(crate) fn guest(n: u8, version: u64, org: u8, member: u8) -> Row {
    let (org, member) = (id(org).into(), id(member).into());
    Participation { id: id(n), version, org, member, name: "客".into(), since: CivilDay(1) }.to_row()
}

pub(crate) fn entry(n: u8, version: u64, org: u8, member: u8) -> Row {
    let (org, member) = (id(org).into(), id(member).into());
    let fact = n.is_multiple_of(2).then(|| OpId(id(n)));
    LedgerEntry { version, fact, ..LedgerEntry::imported(id(n), member, org, CivilDay(20_000), "read", 2) }.to_row()
}

pub(crate) fn blocks<'a>(rows: impl IntoIterator<Item = &'a Row>) -> Vec<Block> {
    let mut blocks: BTreeMap<u16, Block> = BTreeMap::new();
    for row in rows {
        blocks.entry(row.table().no).or_insert_with(|| Block::new(row.table())).push_row(row).unwrap();
    }
    blocks.into_values().collect()
}

pub(crate) fn page(advance: &[(FeedNo, u64)], gone: Vec<Gone>, rows: &[Row]) -> Page {
    let advance =
        advance.iter().map(|(feed, seq)| Advance { feed: *feed, generation: 1, seq: *seq, at_head: true }).collect();
    Page { advance, gone, blocks: blocks(rows), unknown: vec![] }
}

pub(crate) fn grant(number: u64, feeds: &[(FeedNo, FeedKind, u8)]) -> GrantList {
    let feed = |(feed, kind, subject): &(FeedNo, FeedKind, u8)| GrantedFeed {
        feed: *feed,
        kind: *kind as u8,
        subject: id(*subject),
    };
    GrantList { number, feeds: feeds.iter().map(feed).collect() }
}

pub(crate) fn delivery(grant: Option<GrantList>, page: Option<Page>) -> Delivery {
    let page = page.map(|page| PageBody::Columnar(Bytes(page.compress())));
    Delivery { history: HISTORY, grant, page, checks: vec![], more: false }
}

pub(crate) fn deliver(mirror: &mut Mirror, delivery: Delivery) -> Applied {
    mirror.run(MirrorTask::Deliver(delivery)).unwrap()
}

/// A mirror with these feeds and rows, named in `own` and adopted.
pub(crate) fn mirror_with(files: &Files, own: &mut OwnStore, feeds: &[(FeedNo, FeedKind, u8)], rows: &[Row]) -> Mirror {
    let mut mirror = Mirror::open(files, None).unwrap();
    let at: Vec<_> = feeds.iter().map(|(no, ..)| (*no, 10)).collect();
    let applied = deliver(&mut mirror, delivery(Some(grant(1, feeds)), Some(page(&at, vec![], rows))));
    adopt(&mut mirror, own, &applied);
    mirror
}

pub(crate) fn adopt(mirror: &mut Mirror, own: &mut OwnStore, applied: &Applied) {
    let name = applied.switched.clone().unwrap();
    own.set_meta(&[(crate::own::meta::MIRROR, Some(name.as_bytes()))]).unwrap();
    mirror.run(MirrorTask::Adopt(name)).unwrap();
}

/// Rows by table and id, each as a short text.
pub(crate) type Rows = BTreeMap<(u16, RowId), String>;

pub(crate) fn short(row: &Row) -> String {
    format!("{:?}", row.values())
}

/// Every synced row in a mirror's file.
pub(crate) fn rows_in(files: &Files, path: &Path) -> Rows {
    let conn = files.connect(path, Use::Read).unwrap();
    let mut found = BTreeMap::new();
    for table in TABLES {
        let sql = format!("SELECT {} FROM {}", crate::ddl::columns_of(table, ""), table.name);
        let mut statement = conn.prepare(&sql).unwrap();
        let mut rows = statement.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            let row = row_from(table, row, 0).unwrap();
            assert!(found.insert((table.no, row.id()), short(&row)).is_none(), "an id twice");
        }
    }
    found
}

pub(crate) const DEPLOYMENT: RowId = RowId([200; 16]);
pub(crate) const DEVICE: RowId = RowId([201; 16]);

pub(crate) fn publish(n: u8, seq: u64) -> Operation {
    let action = Action::PublishNotice(PublishNotice {
        org: OrgId(id(1)),
        scope: NoticeScope::Branch,
        title: format!("通知{n}"),
        body: "内容".into(),
    });
    Operation::new(OpId(id(n)), seq, id(90).into(), Instant::Anchored(Timestamp(5)), &action)
}

pub(crate) fn edit(n: u8, seq: u64, notice: u8) -> Operation {
    let action = Action::EditNotice(EditNotice {
        notice: id(notice).into(),
        base_version: 1,
        title: format!("改{n}"),
        body: "内容".into(),
    });
    Operation::new(OpId(id(n)), seq, id(90).into(), Instant::Anchored(Timestamp(5)), &action)
}

pub(crate) fn append(own: &mut OwnStore, op: &Operation, overlay: &[Row]) {
    own.append(op, DEPLOYMENT.into(), DEVICE.into(), overlay).unwrap();
}
