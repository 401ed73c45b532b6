//! The program itself: its one line, its exit codes, its signals.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "helpers of tests")]

mod support;

use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Output, Stdio};

use support::json;

fn program() -> Command {
    Command::new(env!("CARGO_BIN_EXE_dangjian-server"))
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn it_says_where_it_listens_and_ends_cleanly_on_a_signal() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("new").join("data");
    for signal in ["-TERM", "-INT"] {
        let mut child = program()
            .args(["--listen", "127.0.0.1:0", "--data"])
            .arg(&data)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        let addr = line.trim_end().strip_prefix("listening http://").unwrap().parse().unwrap();
        assert_eq!(json(addr, "GET", "/v1/capabilities", "").0, 200);
        assert_eq!(json(addr, "POST", "/v1/secret-of-a-person", "").0, 404);
        let id = child.id().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
        assert!(child.wait().unwrap().success());
        let mut log = String::new();
        child.stderr.take().unwrap().read_to_string(&mut log).unwrap();
        assert!(log.contains("GET /v1/capabilities 200"), "{log}");
        assert!(!log.contains("secret-of-a-person"), "{log}");
        assert!(!data.join("county.db-wal").exists(), "the log was folded into the database");
    }
}

#[test]
fn what_is_wrong_is_one_sentence_and_an_exit_code() {
    let nothing = program().output().unwrap();
    assert_eq!(nothing.status.code(), Some(2));
    assert_eq!(said(&nothing), "dangjian-server: say where the data is: --data DIR\n");

    let help = program().arg("--help").output().unwrap();
    assert!(help.status.success() && String::from_utf8_lossy(&help.stdout).contains("--seed-county"));

    let folder = tempfile::tempdir().unwrap();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let addr = taken.local_addr().unwrap().to_string();
    let refused = program().args(["--listen", &addr, "--data"]).arg(folder.path()).output().unwrap();
    assert_eq!(refused.status.code(), Some(1));
    assert!(said(&refused).ends_with(&format!(
        "dangjian-server: {addr} is already in use: stop the other server or choose another address with --listen\n"
    )));
}
