//! The scenarios of `tests/scenarios`, played through the facade against a real server. Kotlin plays the same files.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod scenarios {
    mod calls;
    mod matching;
    pub(crate) mod people;
    pub(crate) mod play;
}

use std::path::PathBuf;

use scenarios::people::{People, folder};
use scenarios::play::Stage;
use serde_json::Value;

fn files() -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| {
        let name = file.file_name().unwrap().to_string_lossy();
        name.ends_with(".json") && !name.starts_with("people")
    });
    files.sort();
    files
}

#[test]
fn everybody_in_a_scenario_is_in_the_county() {
    let (kept, made) = (People::read(), People::make());
    if std::env::var_os("UPDATE_PEOPLE").is_some() {
        made.write();
        return;
    }
    assert!(kept == made, "the county changed; run with UPDATE_PEOPLE=1");
}

#[test]
fn every_scenario_goes_as_it_is_written() {
    let files = files();
    assert!(files.len() >= 20, "{} scenarios", files.len());
    let only = std::env::var("SCENARIO").unwrap_or_default();
    let stage = Stage::open();
    let mut failed = vec![];
    for file in files {
        let name = file.file_stem().unwrap().to_string_lossy().into_owned();
        if !name.contains(&only) {
            continue;
        }
        let scenario: Value = serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
        let began = std::time::Instant::now();
        match stage.play(&scenario) {
            Ok(()) => println!("{name}: {} ms", began.elapsed().as_millis()),
            Err(error) => {
                println!("{name} FAILED: {error}");
                failed.push(name);
            }
        }
    }
    assert!(failed.is_empty(), "{failed:?}");
}
