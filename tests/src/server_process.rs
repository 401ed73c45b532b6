//! A server as a process of its own, to be killed and to come back.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// A running server process. Killed when dropped, unless left to itself.
pub struct ServerProcess {
    child: Option<Child>,
    /// `http://127.0.0.1:PORT`.
    pub url: String,
    data: PathBuf,
    arguments: Vec<String>,
    log: Option<PathBuf>,
}

impl ServerProcess {
    /// Starts `program` on `data`, waiting until it listens. `listen` may name port 0 for any free one; after a restart the
    /// server listens where it did before.
    pub fn start(program: &Path, data: &Path, listen: &str, arguments: &[&str]) -> Result<Self, String> {
        Self::start_logging(program, data, listen, arguments, None)
    }

    /// The same; what it has to say goes to the file `log`, if one is named.
    pub fn start_logging(
        program: &Path,
        data: &Path,
        listen: &str,
        given: &[&str],
        log: Option<PathBuf>,
    ) -> Result<Self, String> {
        let arguments = std::iter::once(program.display().to_string());
        let arguments = arguments.chain(given.iter().map(|argument| (*argument).to_owned())).collect();
        let url = format!("http://{listen}");
        let mut server = Self { child: None, url, data: data.to_owned(), arguments, log };
        server.restart()?;
        Ok(server)
    }

    /// As a power cut would have it: SIGKILL, no word of warning.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    /// Starts it again on the same data and address.
    pub fn restart(&mut self) -> Result<(), String> {
        let mut child = self.launch()?;
        let stdout = child.stdout.take().ok_or("no output")?;
        // From here on it is killed with this value, whatever happens.
        let child = self.child.insert(child);
        let mut lines = BufReader::new(stdout).lines();
        match lines.find_map(|line| line.ok().and_then(|line| line.strip_prefix("listening ").map(str::to_owned))) {
            Some(url) => {
                self.url = url;
                Ok(())
            }
            None => {
                let _ = child.wait();
                Err("the server did not start; its reason stands in its log".to_owned())
            }
        }
    }

    /// Starts it, and kills it after that time, listening or not.
    pub fn restart_and_kill(&mut self, after: Duration) -> Result<(), String> {
        self.child = Some(self.launch()?);
        std::thread::sleep(after);
        self.kill();
        Ok(())
    }

    fn launch(&self) -> Result<Child, String> {
        let (program, arguments) = self.arguments.split_first().ok_or("no program")?;
        let mut command = Command::new(program);
        // Its access log would drown what is told here.
        if std::env::var_os("RUST_LOG").is_none() {
            command.env("RUST_LOG", "warn");
        }
        if let Some(log) = &self.log {
            let log = std::fs::OpenOptions::new().create(true).append(true).open(log);
            command.stderr(log.map_err(|error| format!("the log can't be opened: {error}"))?).env("RUST_LOG", "warn");
        }
        command
            .arg("--data")
            .arg(&self.data)
            .args(["--listen", self.url.trim_start_matches("http://")])
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("{program} can't be started: {error}"))
    }

    /// Asks it to end and waits: what it has in memory is written out.
    pub fn stop(&mut self) {
        let Some(mut child) = self.child.take() else { return };
        let _ = Command::new("kill").arg("-TERM").arg(child.id().to_string()).status();
        for _ in 0..300 {
            if let Ok(Some(_)) = child.try_wait() {
                return;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        let _ = child.kill();
        let _ = child.wait();
    }

    /// Its process id.
    pub fn id(&self) -> Option<u32> {
        self.child.as_ref().map(Child::id)
    }

    /// Lets it run on after this program.
    pub fn leave(mut self) -> String {
        self.child = None;
        self.url.clone()
    }
}

impl Drop for ServerProcess {
    fn drop(&mut self) {
        self.kill();
    }
}

/// The program that lies beside this one.
pub fn beside(name: &str) -> PathBuf {
    let mut path = std::env::current_exe().unwrap_or_default();
    path.pop();
    // Test programs lie one folder deeper.
    if path.ends_with("deps") {
        path.pop();
    }
    path.join(name)
}
