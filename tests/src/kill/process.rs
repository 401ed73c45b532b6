//! A phone process and what it said.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Arc, Condvar, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use dangjian_domain::id::{MemberId, RowId};

use super::tally::Moment;

/// A phone whose process comes and goes; what was heard from it stays. Killed when dropped.
pub struct PhoneProcess {
    /// Whose.
    pub member: MemberId,
    /// Its files.
    pub dir: PathBuf,
    arguments: Vec<String>,
    program: PathBuf,
    log: PathBuf,
    running: Option<Run>,
    heard: Arc<Heard>,
}

struct Run {
    child: Child,
    stdin: ChildStdin,
    listener: JoinHandle<()>,
}

#[derive(Default)]
struct Heard {
    said: Mutex<Said>,
    bell: Condvar,
}

/// What a phone said so far.
#[derive(Debug, Clone, Default)]
pub struct Said {
    /// Operations it said it had recorded, by all its processes.
    pub recorded: Vec<RowId>,
    /// How often it said that it had exchanged everything, all its processes together.
    pub synced: u64,
    /// Whether the present process has opened its files.
    pub ready: bool,
    /// Whether somebody has signed in to the present process.
    pub signed_in: bool,
    /// Whether somebody tries to.
    pub signing_in: bool,
    /// Errors by kind.
    pub errors: BTreeMap<String, u64>,
    /// What must not be said.
    pub alarms: Vec<String>,
}

impl PhoneProcess {
    /// A phone that was never switched on. `arguments` follow the folder on the command line of `program`.
    pub fn new(program: &Path, dir: PathBuf, member: MemberId, arguments: Vec<String>) -> Self {
        std::fs::create_dir_all(&dir).unwrap();
        let log = dir.with_extension("log");
        Self { member, dir, arguments, program: program.to_owned(), log, running: None, heard: Arc::default() }
    }

    /// Starts its process and has its person sign in.
    pub fn start(&mut self) {
        let log = std::fs::OpenOptions::new().create(true).append(true).open(&self.log).unwrap();
        let mut child = Command::new(&self.program)
            .arg(&self.dir)
            .args(&self.arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .unwrap_or_else(|error| panic!("{} can't be started: {error}", self.program.display()));
        let stdin = child.stdin.take().unwrap();
        let stdout = child.stdout.take().unwrap();
        {
            let mut said = self.heard.said.lock().unwrap();
            (said.ready, said.signed_in, said.signing_in) = (false, false, false);
        }
        let heard = self.heard.clone();
        let listener = std::thread::spawn(move || listen(stdout, &heard));
        self.running = Some(Run { child, stdin, listener });
        self.sign_in();
    }

    /// Has its person sign in, unless that is done or under way.
    pub fn sign_in(&mut self) {
        let new = {
            let mut said = self.heard.said.lock().unwrap();
            !said.signed_in && !std::mem::replace(&mut said.signing_in, true)
        };
        if new {
            self.tell("sign-in");
        }
    }

    /// Gives it a line. Fails silently if it is dead.
    pub fn tell(&mut self, line: &str) {
        if let Some(run) = &mut self.running {
            let _ = run.stdin.write_all(format!("{line}\n").as_bytes());
        }
    }

    /// SIGKILL, and everything it had said by then is heard.
    pub fn kill(&mut self) {
        let Some(mut run) = self.running.take() else { return };
        let _ = run.child.kill();
        let _ = run.child.wait();
        let _ = run.listener.join();
    }

    /// What it said so far.
    pub fn said(&self) -> Said {
        self.heard.said.lock().unwrap().clone()
    }

    /// What it seems to be doing.
    pub fn moment(&self) -> Moment {
        let said = self.heard.said.lock().unwrap();
        match (said.ready, said.signed_in, said.synced) {
            (false, ..) => Moment::PhoneOpening,
            (true, false, _) => Moment::PhoneSigningIn,
            (true, true, 0) => Moment::PhoneFirstSync,
            _ => Moment::PhoneAtWork,
        }
    }

    /// Waits until what it said is as wanted; false if that takes longer than `most` or its process has ended.
    pub fn wait(&self, most: Duration, mut wanted: impl FnMut(&Said) -> bool) -> bool {
        let end = Instant::now() + most;
        let mut said = self.heard.said.lock().unwrap();
        loop {
            if wanted(&said) {
                return true;
            }
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() || self.running.as_ref().is_none_or(|run| run.listener.is_finished()) {
                return false;
            }
            said = self.heard.bell.wait_timeout(said, left.min(Duration::from_millis(200))).unwrap().0;
        }
    }

    /// The end of what it logged.
    pub fn log(&self) -> String {
        let log = std::fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<&str> = log.lines().rev().take(15).collect();
        lines.into_iter().rev().collect::<Vec<_>>().join("\n")
    }
}

impl Drop for PhoneProcess {
    fn drop(&mut self) {
        self.kill();
    }
}

fn listen(stdout: ChildStdout, heard: &Heard) {
    let mut lines = BufReader::new(stdout);
    let mut line = String::new();
    loop {
        line.clear();
        // The last line may be cut off by the kill: then nothing was promised.
        if lines.read_line(&mut line).is_err() || !line.ends_with('\n') {
            break;
        }
        let mut said = heard.said.lock().unwrap();
        match line.trim_end().split_once(' ').unwrap_or((line.trim_end(), "")) {
            ("ready", _) => said.ready = true,
            ("signed-in", _) => (said.signed_in, said.signing_in) = (true, false),
            ("synced", _) => said.synced += 1,
            ("recorded", op) => match op.parse() {
                Ok(op) => said.recorded.push(op),
                Err(_) => said.alarms.push(line.clone()),
            },
            ("error", what) => {
                said.signing_in &= !what.starts_with("sign-in");
                *said.errors.entry(what.to_owned()).or_default() += 1;
            }
            _ => said.alarms.push(line.clone()),
        }
        heard.bell.notify_all();
    }
    heard.bell.notify_all();
}
