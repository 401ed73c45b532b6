//! Columnar pages, their JSON twins, and what is refused.
//!
//! The compressed bytes depend on the version of zstd: those in the file stand as long as they unpack to the page.

use dangjian_domain::id::RowId;
use dangjian_domain::rows::{LedgerEntry, Member, MemberStatus, Notice, NoticeScope, NoticeState, Standing, Synced};
use dangjian_domain::schema::Row;
use dangjian_domain::time::CivilDay;
use dangjian_protocol::page::{Advance, Block, Gone, Page, PageError};
use dangjian_protocol::{limits, page_json};
use serde_json::{Value, json};

use crate::support::{NOW, branch, county, hex, id, member, stored, unhex};

fn varint(mut n: u64) -> Vec<u8> {
    let mut out = vec![];
    while n >= 0x80 {
        out.push(n as u8 | 0x80);
        n >>= 7;
    }
    out.push(n as u8);
    out
}

fn advance(feed: u64, generation: u32, seq: u64, at_head: bool) -> Advance {
    Advance { feed, generation, seq, at_head }
}

fn block(rows: &[Row]) -> Block {
    let mut block = Block::new(rows[0].table());
    for row in rows {
        block.push_row(row).unwrap();
    }
    block
}

fn notice(n: u8, scope: NoticeScope, withdrawn: bool) -> Notice {
    Notice {
        id: id(n),
        version: u64::from(n),
        org: if scope == NoticeScope::Branch { branch() } else { county() },
        scope,
        title: "主题党日".into(),
        body: format!("第{n}次"),
        author: member(),
        author_name: "黄承平".into(),
        published_at: NOW.plus_ms(i64::from(n) * 60_000),
        edited_at: withdrawn.then_some(NOW.plus_ms(3_600_000)),
        state: if withdrawn { NoticeState::Withdrawn } else { NoticeState::Published },
        withdrawn_reason: withdrawn.then(|| "日期有误".into()),
    }
}

fn members() -> Block {
    let rows: Vec<Row> = (1u8..=4)
        .map(|n| {
            Member {
                id: id(0x30 + n),
                version: 3,
                org: branch(),
                number: format!("XT{n:06}"),
                name: ["王芳", "李强", "王芳", "赵敏"][usize::from(n) - 1].into(),
                standing: Standing::Full,
                status: MemberStatus::Active,
                migrant: n == 2,
            }
            .to_row()
        })
        .collect();
    block(&rows)
}

fn entry(n: u8, points: i64, rule: &str, fact: Option<RowId>) -> Row {
    let fact = fact.map(Into::into);
    LedgerEntry {
        version: 1,
        fact,
        ..LedgerEntry::imported(id(0x50 + n), member(), branch(), CivilDay(20_780), rule, points)
    }
    .to_row()
}

pub(crate) fn notices_page() -> Page {
    Page {
        advance: vec![advance(3, 1, 17, true), advance(9, 2, 300, false)],
        gone: vec![Gone { feed: 3, table: Notice::TABLE.no, id: id(0x77), version: 4 }],
        blocks: vec![block(&[
            notice(1, NoticeScope::Branch, false).to_row(),
            notice(2, NoticeScope::Branch, true).to_row(),
            notice(3, NoticeScope::Subtree, false).to_row(),
        ])],
        unknown: vec![],
    }
}

fn made() -> Vec<(&'static str, Page)> {
    let one = |blocks| Page { advance: vec![advance(1, 1, 5, true)], blocks, ..Page::default() };
    vec![
        ("nothing new", Page { advance: vec![advance(7, 1, 0, true)], ..Page::default() }),
        ("notices, with absent cells, dictionaries and a row that left a feed", notices_page()),
        ("members", one(vec![members()])),
        (
            "extreme numbers and texts",
            one(vec![block(&[
                entry(1, i64::MAX, "", None),
                entry(2, i64::MIN, "é党\u{1f6a9}", None),
                entry(3, -1, "read_item", Some(id(9))),
            ])]),
        ),
        ("two tables", one(vec![members(), block(&[notice(1, NoticeScope::Branch, false).to_row()])])),
    ]
}

/// The compressed form of the file, if it still unpacks to `page`.
pub(crate) fn compressed(name: &str, page: &Page) -> Vec<u8> {
    let raw = page.encode();
    let kept = stored("pages").and_then(|file| {
        let pages = file["pages"].as_array()?.clone();
        let of_name = pages.iter().find(|page| page["name"] == name)?.clone();
        Some(unhex(of_name["zstd"].as_str()?))
    });
    kept.filter(|bytes| Page::decompress(bytes).is_ok_and(|read| read.encode() == raw))
        .unwrap_or_else(|| page.compress())
}

pub(crate) const NOTICES: &str = "notices, with absent cells, dictionaries and a row that left a feed";

pub(crate) fn accepted() -> Value {
    let mut pages: Vec<Value> = made()
        .into_iter()
        .map(|(name, page)| {
            let raw = page.encode();
            assert_eq!(Page::decode(&raw).as_ref(), Ok(&page), "{name}");
            let json = page_json::to_json(&page);
            assert_eq!(page_json::from_json(&json).unwrap().len(), page.len(), "{name}");
            let packed = compressed(name, &page);
            assert_eq!(zstd::bulk::decompress(&packed, limits::PAGE_BYTES).unwrap(), raw);
            json!({"name": name, "columnar": hex(raw), "zstd": hex(packed), "json": json, "unknown": []})
        })
        .collect();
    pages.extend(unknown());
    json!({"pages": pages})
}

/// A ledger entry's block body, column by column: number, form, bytes.
fn columns(body: &[u8]) -> Vec<(u64, u8, Vec<u8>)> {
    let read = |at: &mut usize| {
        let (mut n, mut shift) = (0u64, 0);
        loop {
            let byte = body[*at];
            *at += 1;
            n |= u64::from(byte & 0x7f) << shift;
            shift += 7;
            if byte < 0x80 {
                return n;
            }
        }
    };
    let mut at = 0;
    let (_rows, count) = (read(&mut at), read(&mut at));
    (0..count)
        .map(|_| {
            let no = read(&mut at);
            let form = body[at];
            at += 1;
            let length = read(&mut at) as usize;
            at += length;
            (no, form, body[at - length..at].to_vec())
        })
        .collect()
}

/// A page without feeds whose one block is of `table` and has these columns.
fn by_hand(table: u16, rows: u64, columns: &[(u64, u8, Vec<u8>)]) -> Vec<u8> {
    let mut body = varint(rows);
    body.extend(varint(columns.len() as u64));
    for (no, form, bytes) in columns {
        body.extend(varint(*no));
        body.push(*form);
        body.extend(varint(bytes.len() as u64));
        body.extend(bytes);
    }
    [vec![1, 0, 0, 1], varint(u64::from(table)), varint(body.len() as u64), body].concat()
}

fn ledger_columns() -> Vec<(u64, u8, Vec<u8>)> {
    let page = Page { blocks: vec![block(&[entry(1, 6, "read_item", None)])], ..Page::default() };
    let raw = page.encode();
    // Four counts, the table, and a length of two bytes.
    let columns = columns(&raw[7..]);
    assert_eq!(by_hand(12, 1, &columns), raw, "the layout is as this test writes it by hand");
    columns
}

/// What an older or newer server sends.
fn unknown() -> Vec<Value> {
    let row = entry(1, 6, "read_item", None);
    let known = Page { blocks: vec![block(std::slice::from_ref(&row))], ..Page::default() };
    let with_table = {
        let mut raw = vec![1, 0, 0, 2];
        raw.extend(varint(999));
        raw.extend([3, 7, 7, 7]);
        raw.extend(&known.encode()[4..]);
        raw
    };
    let newer: Vec<_> = ledger_columns().into_iter().chain([(77, 1, vec![8])]).collect();
    let older: Vec<_> = ledger_columns().into_iter().filter(|(no, ..)| *no != 8).collect();
    let json = |change: fn(&mut Value)| {
        let mut json = page_json::to_json(&known);
        change(&mut json);
        json
    };
    [
        (
            "a table nobody knows yet",
            with_table,
            vec![(999u16, 0u16)],
            json(|json| {
                json["rows"]["future_table"] = json!([{"id": "00000000-0000-0000-0000-000000000000", "version": 1}]);
            }),
        ),
        (
            "a column nobody knows yet",
            by_hand(12, 1, &newer),
            vec![(12, 77)],
            json(|json| {
                json["rows"]["ledger_entry"][0]["future_column"] = 4.into();
            }),
        ),
        ("a column that may be absent is not sent by an older server", by_hand(12, 1, &older), vec![], json(|_| {})),
    ]
    .into_iter()
    .map(|(name, raw, unknown, json)| {
        let read = Page::decode(&raw).unwrap();
        assert_eq!((&read.blocks, &read.unknown), (&known.blocks, &unknown), "{name}");
        let from_json = page_json::from_json(&json).unwrap();
        assert_eq!((&from_json.blocks, from_json.unknown.is_empty()), (&known.blocks, unknown.is_empty()), "{name}");
        json!({"name": name, "columnar": hex(raw), "json": json, "unknown": unknown})
    })
    .collect()
}

pub(crate) fn refused() -> Value {
    let good = notices_page().encode();
    let ledger = ledger_columns();
    let change = |no: u64, form: u8, bytes: &[u8]| {
        let changed: Vec<_> = ledger
            .iter()
            .map(|column| if column.0 == no { (no, form, bytes.to_vec()) } else { column.clone() })
            .collect();
        by_hand(12, 1, &changed)
    };
    let twice: Vec<_> = ledger.iter().cloned().chain([ledger[0].clone()]).collect();
    let without_points: Vec<_> = ledger.iter().filter(|(no, ..)| *no != 7).cloned().collect();
    let cases: Vec<(&str, Vec<u8>, PageError)> = vec![
        ("nothing", vec![], PageError::Truncated),
        ("a newer format", vec![2], PageError::Format),
        ("one byte missing", good[..good.len() - 1].to_vec(), PageError::Truncated),
        ("one byte too many", [&good[..], &[0]].concat(), PageError::Malformed),
        ("a flag that is neither 0 nor 1", vec![1, 1, 3, 1, 5, 2, 0, 0], PageError::Malformed),
        ("a varint beyond 64 bits", [vec![1], vec![0xff; 9], vec![0x02]].concat(), PageError::Malformed),
        ("more feeds than bytes", vec![1, 0xff, 0xff, 0xff, 0xff, 0xff, 0x1f], PageError::Truncated),
        ("a block longer than the page", vec![1, 0, 0, 1, 8, 0xff, 0xff, 0xff, 0xff, 0x0f], PageError::Truncated),
        ("more than 20,000 rows", by_hand(12, 20_001, &[]), PageError::TooLarge),
        ("a column twice", by_hand(12, 1, &twice), PageError::Malformed),
        ("a column that may not be absent is missing", by_hand(12, 1, &without_points), PageError::Malformed),
        ("a column of another type", change(7, 2, &[0]), PageError::Malformed),
        ("an unknown bit in the form", change(7, 9, &[12]), PageError::Malformed),
        ("an absent cell in a column that must have one", change(7, 5, &[0, 0]), PageError::Malformed),
        ("a reference beyond the values", change(7, 5, &[1, 12, 2]), PageError::Malformed),
        ("a value too many", change(7, 1, &[12, 0]), PageError::Malformed),
        ("a text that is not UTF-8", change(6, 2, &[1, 0xff]), PageError::Malformed),
        ("a negative version", change(2, 1, &[1]), PageError::Malformed),
    ];
    let cases: Vec<Value> = cases
        .into_iter()
        .map(|(name, bytes, error)| {
            assert_eq!(Page::decode(&bytes), Err(error), "{name}");
            json!({"name": name, "columnar": hex(bytes)})
        })
        .collect();
    json!({"refused": cases})
}
