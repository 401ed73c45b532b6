//! Plays the morning. `tour --out DIR [--listen ADDRESS] [--seed N] [--leave]`; with `--leave` the server runs on.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program that tells a story")]

use std::process::ExitCode;

use dangjian_tests::morning::{Morning, Stage};

fn main() -> ExitCode {
    env_logger::Builder::from_env(env_logger::Env::default().default_filter_or("error")).init();
    let mut stage = Stage { out: "data".into(), listen: "127.0.0.1:0".to_owned(), seed: 1 };
    let mut leave = false;
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match (argument.as_str(), arguments.next_if_value(&argument)) {
            ("--out", Some(dir)) => stage.out = dir.into(),
            ("--listen", Some(address)) => stage.listen = address,
            ("--seed", Some(seed)) => stage.seed = seed.parse().unwrap_or(1),
            ("--leave", None) => leave = true,
            _ => {
                eprintln!("usage: tour --out DIR [--listen ADDRESS] [--seed N] [--leave]");
                return ExitCode::from(2);
            }
        }
    }
    match play(stage, leave) {
        Ok(()) => ExitCode::SUCCESS,
        Err(trouble) => {
            eprintln!("error: {trouble}");
            ExitCode::FAILURE
        }
    }
}

/// The value of an option that takes one.
trait ValueOf: Iterator<Item = String> {
    fn next_if_value(&mut self, option: &str) -> Option<String> {
        if option == "--leave" { None } else { self.next() }
    }
}

impl<I: Iterator<Item = String>> ValueOf for I {}

fn play(stage: Stage, leave: bool) -> Result<(), String> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| format!("no runtime: {error}"))?;
    let pid_file = stage.out.join("server.pid");
    let log = leave.then(|| stage.out.join("server.log"));
    let mut morning = Morning::begin(stage, log)?;
    runtime.block_on(morning.play())?;
    let (mut server, tour) = morning.write()?;
    println!("figures: {}", tour.display());
    if leave {
        let id = server.id().unwrap_or(0);
        std::fs::write(&pid_file, id.to_string()).map_err(|error| format!("{}: {error}", pid_file.display()))?;
        println!("the server runs on at {} (process {id}); end it with: kill {id}", server.leave());
    } else {
        server.stop();
    }
    Ok(())
}
