//! Phones in a process of their own, as whoever started it sees them.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use dangjian_domain::id::{MemberId, NoticeId};

use crate::phones::Codes;

/// A process with phones. Killed when dropped.
pub(super) struct Crowd {
    child: Child,
    stdin: ChildStdin,
    stdout: BufReader<ChildStdout>,
    phones: usize,
    open: usize,
}

impl Crowd {
    /// Starts this program again, with the phones of `members` in the folder `dir`.
    pub(super) fn start(dir: &Path, server: &str, codes: &Codes, members: &[MemberId]) -> Result<Self, String> {
        let mut list = String::new();
        for member in members {
            let (login, code) = codes.of(*member).ok_or("no code")?;
            list.push_str(&format!("{} {login} {code}\n", member.0));
        }
        let program = std::env::current_exe().map_err(|error| error.to_string())?;
        let mut child = Command::new(program)
            .arg("phones")
            .arg(dir)
            .arg(server)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("a process for phones can't be started: {error}"))?;
        let stdin = child.stdin.take().ok_or("no input")?;
        let stdout = BufReader::new(child.stdout.take().ok_or("no output")?);
        let mut crowd = Self { child, stdin, stdout, phones: members.len(), open: 0 };
        crowd.say(&list)?;
        Ok(crowd)
    }

    /// How many phones.
    pub(super) fn len(&self) -> usize {
        self.phones
    }

    /// Asks when the notice arrives; [`Self::arrivals`] reads the answer.
    pub(super) fn ask(&mut self, notice: NoticeId) -> Result<(), String> {
        self.say(&notice.0.to_string())
    }

    /// When each phone committed the notice that was asked for; waits until all have.
    pub(super) fn arrivals(&mut self) -> Result<Vec<SystemTime>, String> {
        let line = self.hear()?;
        let arrivals: Vec<SystemTime> = line
            .split_whitespace()
            .map(|at| at.parse().map(|at| UNIX_EPOCH + Duration::from_micros(at)))
            .collect::<Result<_, _>>()
            .map_err(|_| "a phone did not get the notice")?;
        if arrivals.len() == self.phones { Ok(arrivals) } else { Err("not every phone was told of".to_owned()) }
    }

    fn say(&mut self, line: &str) -> Result<(), String> {
        self.stdin.write_all(format!("{line}\n").as_bytes()).map_err(|error| format!("a process of phones: {error}"))
    }

    fn hear(&mut self) -> Result<String, String> {
        let mut line = String::new();
        self.stdout.read_line(&mut line).map_err(|error| error.to_string())?;
        if line.ends_with('\n') { Ok(line) } else { Err("a process of phones ended".to_owned()) }
    }
}

/// Waits until all phones are open and have synced, telling how it goes.
pub(super) fn wait_until_open(crowds: &mut [Crowd]) -> Result<(), String> {
    let all: usize = crowds.iter().map(Crowd::len).sum();
    let mut open = 0;
    while open < all {
        for crowd in crowds.iter_mut().filter(|crowd| crowd.open < crowd.phones) {
            crowd.open = crowd.hear()?.trim().parse().map_err(|_| "not a number of phones")?;
        }
        open = crowds.iter().map(|crowd| crowd.open).sum();
        println!("{open} of {all} phones are open");
    }
    Ok(())
}

impl Drop for Crowd {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
