use dangjian_domain::id::OrgId;
use dangjian_domain::rows::{LedgerEntry, Notice, TABLES};
use dangjian_domain::time::CivilDay;
use proptest::prelude::*;

use super::*;
use crate::page_json;
use dangjian_domain::rows::Synced;

fn value(column: &'static Column) -> BoxedStrategy<Value> {
    let present = match column.kind {
        ColumnType::Id => prop_oneof![
            any::<[u8; 16]>().prop_map(|id| Value::Id(RowId(id))),
            (0u8..3).prop_map(|n| Value::Id(RowId([n; 16])))
        ]
        .boxed(),
        ColumnType::Int if column.no == 2 => (0..i64::MAX).prop_map(Value::Int).boxed(),
        ColumnType::Int => prop_oneof![any::<i64>(), 0i64..9].prop_map(Value::Int).boxed(),
        ColumnType::Text => prop_oneof!["[^\u{0}]{0,9}", Just("党支部".to_owned())].prop_map(Value::Text).boxed(),
    };
    if column.nullable { prop_oneof![present, Just(Value::Null)].boxed() } else { present }
}

fn row(table: &'static Table) -> impl Strategy<Value = Row> {
    table.columns.iter().map(value).collect::<Vec<_>>().prop_map(move |values| Row::new(table, values).unwrap())
}

fn block() -> impl Strategy<Value = Block> {
    proptest::sample::select(TABLES).prop_flat_map(|table| {
        proptest::collection::vec(row(table), 0..40).prop_map(move |rows| {
            let mut block = Block::new(table);
            for row in &rows {
                block.push_row(row).unwrap();
            }
            for (at, row) in rows.iter().enumerate() {
                assert_eq!(block.row(at).as_ref(), Ok(row));
            }
            block
        })
    })
}

fn page() -> impl Strategy<Value = Page> {
    let advance = (any::<u64>(), any::<u32>(), any::<u64>(), any::<bool>())
        .prop_map(|(feed, generation, seq, at_head)| Advance { feed, generation, seq, at_head });
    let gone = (any::<u64>(), any::<u16>(), any::<[u8; 16]>(), any::<u64>())
        .prop_map(|(feed, table, id, version)| Gone { feed, table, id: RowId(id), version });
    (
        proptest::collection::vec(advance, 0..4),
        proptest::collection::vec(gone, 0..4),
        proptest::collection::vec(block(), 0..4),
    )
        .prop_map(|(advance, gone, blocks)| Page { advance, gone, blocks, unknown: vec![] })
}

proptest! {
    #[test]
    fn a_page_is_read_back_as_it_was_written(page in page()) {
        prop_assert_eq!(Page::decompress(&page.compress()), Ok(page));
    }

    #[test]
    fn the_json_form_says_the_same(page in page()) {
        let mut page = page;
        page.blocks.sort_by_key(|block| block.table.no);
        page.blocks.dedup_by_key(|block| block.table.no);
        let mut read = page_json::from_json(&page_json::to_json(&page)).unwrap();
        read.blocks.sort_by_key(|block| block.table.no);
        prop_assert_eq!(read, page);
    }

    #[test]
    fn a_damaged_page_is_an_error_or_another_page_but_never_a_panic(
        page in page(), cut in any::<prop::sample::Index>(), flip in any::<u8>()
    ) {
        let mut bytes = page.encode();
        let at = cut.index(bytes.len());
        prop_assert!(Page::decode(&bytes[..at]).is_err());
        bytes[at] ^= flip;
        let _ = Page::decode(&bytes);
        let _ = Page::decompress(&bytes);
    }
}

#[test]
fn unknown_tables_and_columns_are_skipped_and_noted() {
    let mut page = Page::default();
    let mut block = Block::new(LedgerEntry::TABLE);
    let (member, org) = (RowId([2; 16]).into(), OrgId(RowId([3; 16])));
    let entry = LedgerEntry::imported(RowId([1; 16]), member, org, CivilDay(20_000), "read_item", 6);
    block.push_row(&entry.to_row().with_version(1)).unwrap();
    page.blocks.push(block.clone());

    let mut bytes = vec![1, 0, 0, 2];
    put_varint(&mut bytes, 999);
    bytes.extend([3, 7, 7, 7]);
    block.encode(&mut bytes);
    let read = Page::decode(&bytes).unwrap();
    assert_eq!(read.blocks, vec![block.clone()]);
    assert_eq!(read.unknown, vec![(999, 0)]);

    // One row; every column, and one more that nobody knows.
    let mut body = vec![1, LedgerEntry::TABLE.columns.len() as u8 + 1];
    for (column, data) in block.table.columns.iter().zip(&block.columns) {
        body.push(column.no as u8);
        let (form, bytes) = data.encode(1);
        body.push(form);
        put_varint(&mut body, bytes.len() as u64);
        body.extend(bytes);
    }
    body.extend([77, 1, 1, 8]);
    let mut bytes = vec![1, 0, 0, 1, 12];
    put_varint(&mut bytes, body.len() as u64);
    bytes.extend(&body);
    let read = Page::decode(&bytes).unwrap();
    assert_eq!(read.blocks, vec![block]);
    assert_eq!(read.unknown, vec![(12, 77)]);
}

#[test]
fn absurd_lengths_are_refused_before_memory_is_taken() {
    // 2^60 rows of nothing, a column of 2^40 values, a block longer than the page.
    for bytes in [
        vec![1, 0, 0, 1, 8, 12, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x10, 0, 0, 0],
        vec![1, 0xff, 0xff, 0xff, 0xff, 0xff, 0x1f],
        vec![1, 0, 0, 1, 8, 0xff, 0xff, 0xff, 0xff, 0x0f],
    ] {
        assert!(Page::decode(&bytes).is_err());
    }
    let bomb = zstd::bulk::compress(&vec![0; limits::PAGE_BYTES + 1], 19).unwrap();
    assert!(bomb.len() < 10_000);
    assert_eq!(Page::decompress(&bomb), Err(PageError::TooLarge));
    assert_eq!(Page::decode(&[2]), Err(PageError::Format));
    assert_eq!(Notice::TABLE.no, 8);
}
