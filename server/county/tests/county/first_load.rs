//! Loading a county: what is refused, and that a loaded county is one that was written row by row.

use dangjian_county::load::LoadError;
use dangjian_county::{County, Sqlite, load, sqlite};
use dangjian_domain::rows::OrgKind;
use dangjian_domain::schema::Row;
use dangjian_protocol::random::SplitMix;

use crate::fixture::*;
use crate::world::World;

fn try_load(rows: &[Row]) -> Result<rusqlite::Connection, LoadError> {
    let connection = sqlite::open_in_memory().unwrap();
    County::create_schema(&mut Sqlite(&connection)).unwrap();
    load(&mut Sqlite(&connection), rows, START, &mut SplitMix(1), &mut |_, _| {}, &mut |_, _| {})?;
    Ok(connection)
}

fn dump(connection: &rusqlite::Connection, sql: &str) -> Vec<String> {
    let mut statement = connection.prepare(sql).unwrap();
    let columns = statement.column_count();
    let rows = statement
        .query_map([], |row| Ok((0..columns).map(|at| format!("{:?}|", row.get_ref(at).unwrap())).collect::<String>()));
    rows.unwrap().map(Result::unwrap).collect()
}

#[test]
fn a_loaded_county_equals_one_written_row_by_row() {
    let loaded = try_load(&rows()).unwrap();
    let written = sqlite::open_in_memory().unwrap();
    County::create_schema(&mut Sqlite(&written)).unwrap();
    County::change(START, &rows(), &[], &mut Sqlite(&written)).unwrap();
    for sql in [
        "SELECT kind, subject, generation, floor, rows, sum FROM feed ORDER BY 1, 2",
        "SELECT f.kind, f.subject, e.table_no, e.row_id, e.gone, e.version
         FROM entry e JOIN feed f ON f.feed_no = e.feed_no ORDER BY 1, 2, 3, 4",
        "SELECT * FROM org_closure ORDER BY 1, 2",
        "SELECT * FROM member ORDER BY 1",
        "SELECT name, sql FROM sqlite_master ORDER BY 1",
    ] {
        assert_eq!(dump(&loaded, sql), dump(&written, sql), "{sql}");
    }
}

#[test]
fn a_county_is_loaded_once() {
    let mut world = World::new();
    let again = load(&mut Sqlite(&world.connection), &rows(), START, &mut world.random, &mut |_, _| {}, &mut |_, _| {});
    assert!(matches!(again, Err(LoadError::NotEmpty)));
}

#[test]
fn orphans_cycles_bottomless_trees_and_twins_are_refused() {
    let with = |more: Vec<Row>| try_load(&[rows(), more].concat()).err();
    let branch = |id, parent| organization(org(id), Some(org(parent)), OrgKind::Branch);
    assert!(matches!(with(vec![branch(50, 51)]), Some(LoadError::Tree(_))));
    assert!(matches!(with(vec![branch(50, 50)]), Some(LoadError::Tree(_))));
    assert!(matches!(with(vec![branch(50, 51), branch(51, 50)]), Some(LoadError::Tree(_))));
    assert!(matches!(with(vec![branch(50, 51), branch(51, 52), branch(52, 51)]), Some(LoadError::Tree(_))));
    let deep = (60..124).map(|n| branch(n, if n == 60 { 1 } else { n - 1 })).collect();
    assert!(matches!(with(deep), Some(LoadError::Tree(_))));
    assert!(matches!(with(person(LI, A)), Some(LoadError::Twice { .. })));
    let wide = (60..200).map(|n| branch(n, 1)).collect();
    assert!(with(wide).is_none());
}

#[test]
fn progress_ends_at_the_whole_and_every_member_has_a_code() {
    let connection = sqlite::open_in_memory().unwrap();
    County::create_schema(&mut Sqlite(&connection)).unwrap();
    let (mut last, mut codes) = ((0, 0), 0);
    load(
        &mut Sqlite(&connection),
        &rows(),
        START,
        &mut SplitMix(1),
        &mut |done, total| last = (done, total),
        &mut |_, _| codes += 1,
    )
    .unwrap();
    assert_eq!(codes, 9);
    assert!(last.0 == last.1 && last.0 > 0);
}
