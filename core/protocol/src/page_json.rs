//! Pages as JSON, for servers and tools that do not speak the columnar form: the same content, rows as objects.

use dangjian_domain::id::RowId;
use dangjian_domain::rows;
use dangjian_domain::schema::{ColumnType, Table};
use serde_json::{Map, Value as Json, json};

use crate::limits;
use crate::page::{Advance, Block, Cell, Gone, Page, PageError};

/// The page as a JSON object with `advance`, `gone`, and `rows` by table name.
pub fn to_json(page: &Page) -> Json {
    let advance: Vec<Json> = page
        .advance
        .iter()
        .map(|at| json!({"feed": at.feed, "generation": at.generation, "seq": at.seq, "at_head": at.at_head}))
        .collect();
    let gone: Vec<Json> = page
        .gone
        .iter()
        .map(|gone| json!({"feed": gone.feed, "table": gone.table, "id": gone.id, "version": gone.version}))
        .collect();
    let mut tables = Map::new();
    for block in &page.blocks {
        let objects = (0..block.len()).map(|row| object(block, row)).collect();
        tables.insert(block.table().name.to_owned(), Json::Array(objects));
    }
    json!({"advance": advance, "gone": gone, "rows": tables})
}

fn object(block: &Block, row: usize) -> Json {
    let mut object = Map::new();
    for (at, column) in block.table().columns.iter().enumerate() {
        let value = match block.cell(row, at) {
            Cell::Null => continue,
            Cell::Int(n) => json!(n),
            Cell::Id(id) => json!(id),
            Cell::Text(text) => json!(text),
        };
        object.insert(column.name.to_owned(), value);
    }
    Json::Object(object)
}

/// Reads a page from JSON. Tables and columns of other names are skipped and noted with number 0.
pub fn from_json(json: &Json) -> Result<Page, PageError> {
    let mut page = Page::default();
    for at in list(json, "advance")? {
        page.advance.push(Advance {
            feed: number(at, "feed")?,
            generation: u32::try_from(number(at, "generation")?).map_err(|_| PageError::Malformed)?,
            seq: number(at, "seq")?,
            at_head: at.get("at_head").and_then(Json::as_bool).ok_or(PageError::Malformed)?,
        });
    }
    for gone in list(json, "gone")? {
        page.gone.push(Gone {
            feed: number(gone, "feed")?,
            table: u16::try_from(number(gone, "table")?).map_err(|_| PageError::Malformed)?,
            id: gone.get("id").and_then(id).ok_or(PageError::Malformed)?,
            version: number(gone, "version")?,
        });
    }
    let tables = json.get("rows").and_then(Json::as_object).ok_or(PageError::Malformed)?;
    for (name, objects) in tables {
        let Some(table) = rows::TABLES.iter().copied().find(|table| table.name == name) else {
            page.unknown.push((0, 0));
            continue;
        };
        let objects = objects.as_array().ok_or(PageError::Malformed)?;
        if objects.len() > limits::PAGE_ROWS {
            return Err(PageError::TooLarge);
        }
        let mut block = Block::new(table);
        for object in objects {
            push_object(&mut block, table, object, &mut page.unknown)?;
        }
        page.blocks.push(block);
    }
    page.unknown.sort_unstable();
    page.unknown.dedup();
    Ok(page)
}

fn push_object(
    block: &mut Block,
    table: &'static Table,
    object: &Json,
    unknown: &mut Vec<(u16, u16)>,
) -> Result<(), PageError> {
    let object = object.as_object().ok_or(PageError::Malformed)?;
    if object.keys().any(|key| table.position(key).is_none()) {
        unknown.push((table.no, 0));
    }
    let ids: Vec<Option<RowId>> = table.columns.iter().map(|column| object.get(column.name).and_then(id)).collect();
    let mut cells = Vec::with_capacity(table.columns.len());
    for (column, id) in table.columns.iter().zip(&ids) {
        let cell = match (object.get(column.name), column.kind) {
            (None | Some(Json::Null), _) if column.nullable => Cell::Null,
            (Some(_), ColumnType::Id) => Cell::Id(id.as_ref().ok_or(PageError::Malformed)?),
            (Some(value), ColumnType::Int) => Cell::Int(value.as_i64().ok_or(PageError::Malformed)?),
            (Some(value), ColumnType::Text) => Cell::Text(value.as_str().ok_or(PageError::Malformed)?),
            (None, _) => return Err(PageError::Malformed),
        };
        if column.no == 2 && matches!(cell, Cell::Int(version) if version < 0) {
            return Err(PageError::Malformed);
        }
        cells.push(cell);
    }
    block.push(cells.into_iter())
}

fn list<'a>(json: &'a Json, key: &str) -> Result<&'a Vec<Json>, PageError> {
    json.get(key).and_then(Json::as_array).ok_or(PageError::Malformed)
}

fn number(json: &Json, key: &str) -> Result<u64, PageError> {
    json.get(key).and_then(Json::as_u64).ok_or(PageError::Malformed)
}

fn id(json: &Json) -> Option<RowId> {
    json.as_str().and_then(|text| text.parse().ok())
}
