//! From a configuration to a running server, and back: what is started in which order, and ends in the other.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::JoinHandle;

use dangjian_county::{Config, County, PasswordCost};
use dangjian_protocol::random::Random;
use rusqlite::Connection;
use tokio::runtime::Runtime;
use tokio::sync::oneshot;

use crate::clock::{self, OsRandom};
use crate::config::ServerConfig;
use crate::data::{DataFolder, Prepared};
use crate::error::StartError;
use crate::hub::Hub;
use crate::intake::Budget;
use crate::jobs::Jobs;
use crate::readers::{Desk, Lane};
use crate::routes::{App, router};
use crate::serve::{Serve, listen};
use crate::tls;
use crate::writer::{Work, Writer};

/// Requests that may wait to be read: all phones of a notice to 3,000 come within the same moment. Turned away at 512, they
/// came back two seconds later, and the last had the notice after 4.5 s instead of 1.3 s (`./scripts/bench notice`). What
/// the bodies may take in memory is limited apart.
const WAITING: usize = 4_096;
/// Requests with a password that may wait: at 30 ms each, the last one waits two seconds.
const WAITING_PASSWORDS: usize = 64;
/// Admitted requests that may wait for the writer.
const WAITING_WRITES: usize = 1_024;

/// The county's server.
pub struct Server;

/// A server that runs until it is told to stop, or dropped.
#[derive(Debug)]
pub struct Running {
    address: SocketAddr,
    tls: bool,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Starts a server on threads of its own; what it has to say goes to the log. Returns when it accepts connections,
    /// which after loading a county can take some seconds.
    pub fn start(config: ServerConfig) -> Result<Running, StartError> {
        Self::start_telling(config, &mut |line| log::info!("{line}"))
    }

    /// [`Server::start`], with a line for the person who waits whenever there is news.
    pub fn start_telling(config: ServerConfig, tell: &mut dyn FnMut(&str)) -> Result<Running, StartError> {
        if let Some(file) = config.tour_clock.clone() {
            log::warn!("the clock runs ahead as {} says: for tours only", file.display());
            clock::follow(file);
        }
        let tls = config.tls.as_ref().map(tls::acceptor).transpose()?;
        let listener = listen(config.listen)?;
        let address = listener.local_addr().map_err(|source| StartError::Listen { address: config.listen, source })?;
        let folder = DataFolder::take(&config.data)?;
        let Prepared { secrets, connection } = folder.prepare(&config, tell)?;
        if config.quick_passwords {
            log::warn!("passwords are hashed cheaply: never let real people sign in here");
        }
        let county = Arc::new(County::new(Config {
            deployment: secrets.deployment,
            secret: secrets.secret,
            boot: OsRandom.bytes(),
            key: secrets.key,
            slot_ms: u64::try_from(config.slot.as_millis()).unwrap_or(u64::MAX),
            passwords: if config.quick_passwords { PasswordCost::LEAST } else { PasswordCost::default() },
        }));
        let threads = Threads::start(&config, &folder, county, connection)?;
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .thread_name("http")
            .enable_all()
            .build()
            .map_err(StartError::Thread)?;
        let listener = {
            let _inside = runtime.enter();
            tokio::net::TcpListener::from_std(listener)
                .map_err(|source| StartError::Listen { address: config.listen, source })?
        };
        let (stop, stopped) = oneshot::channel();
        let running_tls = tls.is_some();
        let serve = Serve { router: router(threads.app.clone()), tls, limits: config.limits };
        let thread = std::thread::Builder::new()
            .name("server".to_owned())
            .spawn(move || {
                threads.run(runtime, serve, listener, stopped);
                drop(folder);
            })
            .map_err(StartError::Thread)?;
        Ok(Running { address, tls: running_tls, stop: Some(stop), thread: Some(thread) })
    }
}

impl Running {
    /// Where it listens.
    pub fn addr(&self) -> SocketAddr {
        self.address
    }

    /// Where it listens, as `http://127.0.0.1:8470`.
    pub fn url(&self) -> String {
        format!("{}://{}", if self.tls { "https" } else { "http" }, self.address)
    }

    /// Stops accepting, lets the requests under way end, closes the database. Blocks until all that is done.
    pub fn shutdown(mut self) {
        self.end();
    }

    fn end(&mut self) {
        if let Some(stop) = self.stop.take() {
            // Fails if the thread has ended by itself, and then there is nothing to stop.
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            log::error!("the server ended in a panic");
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.end();
    }
}

/// The county's threads. They end one after the other: each kind when nobody is left who could give it work.
struct Threads {
    app: Arc<App>,
    hub: Arc<Hub>,
    readers: Vec<JoinHandle<()>>,
    writer: JoinHandle<()>,
    jobs: JoinHandle<()>,
    /// Dropped to end the jobs.
    stop_jobs: std::sync::mpsc::Sender<()>,
}

impl Threads {
    fn start(
        config: &ServerConfig,
        folder: &DataFolder,
        county: Arc<County>,
        connection: Connection,
    ) -> Result<Self, StartError> {
        let limits = config.limits;
        let hub = Arc::new(Hub::new());
        let (sender, writes): (SyncSender<Work>, _) = sync_channel(WAITING_WRITES);
        let writer = Writer { connection, county: county.clone(), hub: hub.clone() };
        let writer = std::thread::Builder::new()
            .name("writer".to_owned())
            .spawn(move || writer.run(&writes))
            .map_err(StartError::Thread)?;
        let jobs = Jobs { connection: folder.reader()?, writer: sender.clone(), every: config.boards_every };
        let (stop_jobs, stopped) = std::sync::mpsc::channel();
        let jobs = std::thread::Builder::new()
            .name("jobs".to_owned())
            .spawn(move || jobs.run(&stopped))
            .map_err(StartError::Thread)?;
        let desk = Desk { county, hub: hub.clone(), writer: sender };
        let connections =
            |count: usize| (0..count.max(1)).map(|_| folder.reader()).collect::<Result<Vec<_>, StartError>>();
        let (lane, mut readers) = Lane::start("reader", WAITING, &desk, connections(limits.readers)?)?;
        let (passwords, more) = Lane::start("passwords", WAITING_PASSWORDS, &desk, connections(1)?)?;
        readers.extend(more);
        let app = Arc::new(App {
            readers: lane,
            passwords,
            budget: Budget::new(limits.bodies),
            body_timeout: limits.body_timeout,
            keep_alive: limits.keep_alive,
        });
        Ok(Self { app, hub, readers, writer, jobs, stop_jobs })
    }

    fn run(self, runtime: Runtime, serve: Serve, listener: tokio::net::TcpListener, stop: oneshot::Receiver<()>) {
        let Self { app, hub, readers, writer, jobs, stop_jobs } = self;
        runtime.block_on(serve.run(listener, stop, || hub.stop()));
        // With the runtime go the connections, and with them the last copies of the routes.
        drop(runtime);
        drop(app);
        drop(stop_jobs);
        for thread in readers.into_iter().chain([jobs, writer]) {
            if let Err(panic) = thread.join() {
                drop(panic);
                log::error!("a thread of the server ended in a panic");
            }
        }
    }
}
