//! The core's log, handed to the phone's.

use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use crate::platform::ProviderError;

/// Lines that wait for the sink at most; beyond that they are lost, rather than the core waiting for its log.
const WAITING: usize = 1_024;

/// How much is logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, uniffi::Enum)]
pub enum LogLevel {
    /// What should not happen.
    Error,
    /// What can fail and did.
    Warn,
    /// What happens.
    Info,
    /// Everything.
    Debug,
}

impl From<LogLevel> for log::LevelFilter {
    fn from(level: LogLevel) -> Self {
        match level {
            LogLevel::Error => Self::Error,
            LogLevel::Warn => Self::Warn,
            LogLevel::Info => Self::Info,
            LogLevel::Debug => Self::Debug,
        }
    }
}

impl From<log::Level> for LogLevel {
    fn from(level: log::Level) -> Self {
        match level {
            log::Level::Error => Self::Error,
            log::Level::Warn => Self::Warn,
            log::Level::Info => Self::Info,
            log::Level::Debug | log::Level::Trace => Self::Debug,
        }
    }
}

/// Where the core's log goes. Called on a thread of its own, one line at a time; it names no person.
#[uniffi::export(with_foreign)]
pub trait LogSink: Send + Sync {
    /// One line.
    fn log(&self, level: LogLevel, target: String, message: String) -> Result<(), ProviderError>;
}

struct Line(LogLevel, String, String);

struct Logger {
    lines: SyncSender<Line>,
    sink: Arc<Mutex<Option<Arc<dyn LogSink>>>>,
}

impl log::Log for Logger {
    fn enabled(&self, metadata: &log::Metadata<'_>) -> bool {
        metadata.target().starts_with("dangjian")
    }

    fn log(&self, record: &log::Record<'_>) {
        if self.enabled(record.metadata()) {
            let line = Line(record.level().into(), record.target().to_owned(), record.args().to_string());
            let _ = self.lines.try_send(line);
        }
    }

    fn flush(&self) {}
}

static LOGGER: OnceLock<Logger> = OnceLock::new();

/// Hands the log of this process to `sink`, or to nobody.
#[uniffi::export]
pub fn set_log_sink(sink: Option<Arc<dyn LogSink>>, level: LogLevel) {
    let logger = LOGGER.get_or_init(|| {
        let (lines, queue) = sync_channel::<Line>(WAITING);
        let sink: Arc<Mutex<Option<Arc<dyn LogSink>>>> = Arc::default();
        let present = sink.clone();
        let deliver = move || {
            for Line(level, target, message) in queue {
                let sink = present.lock().unwrap_or_else(PoisonError::into_inner).clone();
                // A sink that fails can't be told of in the log.
                let _ = sink.map(|sink| sink.log(level, target, message));
            }
        };
        let _ = std::thread::Builder::new().name("log".to_owned()).spawn(deliver);
        Logger { lines, sink }
    });
    let max = if sink.is_some() { level.into() } else { log::LevelFilter::Off };
    let before = {
        let mut present = logger.sink.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut *present, sink)
    };
    drop(before);
    // Another logger of this process, as in tests, keeps its place.
    if log::set_logger(logger).is_ok() || std::ptr::addr_eq(log::logger(), logger) {
        log::set_max_level(max);
    }
}
