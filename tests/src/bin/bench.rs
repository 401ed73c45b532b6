//! The benches: `bench sync`, `bench notice`, `bench points`. Run through `scripts/bench`, which builds what they need.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program that reports")]

use std::process::ExitCode;

use dangjian_tests::benches::{notice, points, sync};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let result = match arguments.first().map(String::as_str) {
        Some("sync") => sync::run(),
        Some("notice") => notice::run(),
        Some("points") => points::run(),
        // A part of it, in a process of its own.
        Some("phones") => notice::hold(&arguments),
        Some(_) => sync::part(&arguments).map(|figures| println!("{figures}")),
        None => Err("which bench? sync, notice, points".to_owned()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(trouble) => {
            eprintln!("error: {trouble}");
            ExitCode::FAILURE
        }
    }
}
