//! The reference server of a county.

use std::io::Write as _;
use std::process::ExitCode;

use dangjian_http::args::{self, Args};
use dangjian_http::{Server, ServerConfig};
use tokio::signal::unix::{SignalKind, signal};

/// Below this, open files run out before the connections do.
const FILES: u64 = 8_192;

fn main() -> ExitCode {
    env_logger::Builder::from_env(env_logger::Env::default().default_filter_or("info")).init();
    let config = match args::parse(std::env::args().skip(1), dangjian_http::now().civil_day(0)) {
        Ok(Args::Run(config)) => *config,
        Ok(Args::Help) => {
            print!("{}", args::HELP);
            return ExitCode::SUCCESS;
        }
        Err(error) => {
            eprintln!("dangjian-server: {error}");
            return ExitCode::from(2);
        }
    };
    match run(config) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("dangjian-server: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(mut config: ServerConfig) -> Result<(), Box<dyn std::error::Error>> {
    config.limits.connections = config.limits.connections.min(connections());
    // Before anything is started, so that a signal during a long load is not lost.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let (mut terminate, mut interrupt) = {
        let _inside = runtime.enter();
        (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?)
    };
    let server = Server::start_telling(config, &mut |line| eprintln!("{line}"))?;
    println!("listening {}", server.url());
    std::io::stdout().flush()?;
    runtime.block_on(async {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    });
    eprintln!("stopping");
    server.shutdown();
    Ok(())
}

/// How many connections the system's limit of open files leaves room for.
fn connections() -> usize {
    let files = rlimit::increase_nofile_limit(4 * FILES).unwrap_or(256);
    if files < FILES {
        eprintln!("only {files} open files are allowed, fewer than {FILES}: raise ulimit -n, or some phones must wait");
    }
    usize::try_from(files.saturating_sub(128)).unwrap_or(usize::MAX).max(16)
}
