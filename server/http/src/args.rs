//! The command line of `dangjian-server`, read by hand: ten options need no library.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use dangjian_domain::time::CivilDay;

use crate::config::{SeedCounty, ServerConfig, TlsFiles};

/// What `--help` prints.
pub const HELP: &str = "\
dangjian-server: the reference server of a county

  --data DIR                 folder of the database and the secrets (required)
  --listen ADDRESS:PORT      where to listen, port 0 for any (default 127.0.0.1:8470)
  --tls CERTIFICATES KEY     serve HTTPS with these PEM files
  --seed-county SEED         load the made-up county of that number if the database is empty
  --today YYYY-MM-DD         the day the made-up county's figures end at (default: today in Shanghai)
  --slot-ms MS               how far apart phones without a hint come by themselves (default 600000)
  --boards-ms MS             how often scores, boards and ranks are brought up to date (default 600000)
  --new-history              after restoring a backup: phones build their mirrors anew
  --quick-passwords          hash passwords cheaply, for tours and tests only
  --tour-clock FILE          let the clock run ahead by the milliseconds in FILE, for tours only
  --header-timeout-ms MS     time for a request's headers (default 10000)
  --body-timeout-ms MS       time for a request's body (default 10000)
  --help                     this

RUST_LOG=warn leaves out the access log.
";

/// What the command line asks for.
#[derive(Debug)]
pub enum Args {
    /// Run a server.
    Run(Box<ServerConfig>),
    /// Print [`HELP`].
    Help,
}

/// Why a command line can't be followed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ArgsError {
    /// An option nobody knows.
    #[error("unknown option {0}; --help lists them")]
    Unknown(String),
    /// An option without its value.
    #[error("{0} needs a value")]
    Missing(&'static str),
    /// A value that can't be read.
    #[error("{option} {value} is not {wanted}")]
    Value {
        /// Which option.
        option: &'static str,
        /// What was given.
        value: String,
        /// What it should have been.
        wanted: &'static str,
    },
    /// Nowhere to keep anything.
    #[error("say where the data is: --data DIR")]
    NoData,
    /// A day without a county to load.
    #[error("--today means nothing without --seed-county")]
    TodayAlone,
}

/// Reads the arguments after the program's name. `today` is the default of `--today`.
pub fn parse(args: impl IntoIterator<Item = String>, today: CivilDay) -> Result<Args, ArgsError> {
    let mut args = args.into_iter();
    let mut config = ServerConfig::local(PathBuf::new());
    config.listen = SocketAddr::from(([127, 0, 0, 1], 8470));
    let (mut data, mut seed, mut day) = (None, None, None);
    while let Some(arg) = args.next() {
        let mut value = |option| args.next().ok_or(ArgsError::Missing(option));
        match arg.as_str() {
            "--help" | "-h" => return Ok(Args::Help),
            "--data" => data = Some(PathBuf::from(value("--data")?)),
            "--listen" => config.listen = read("--listen", value("--listen")?, "an address like 127.0.0.1:8470")?,
            "--tls" => {
                let (certificates, key) = (value("--tls")?.into(), value("--tls")?.into());
                config.tls = Some(TlsFiles { certificates, key });
            }
            "--seed-county" => seed = Some(read("--seed-county", value("--seed-county")?, "a number")?),
            "--today" => day = Some(civil_day(value("--today")?)?),
            "--slot-ms" => config.slot = ms("--slot-ms", value("--slot-ms")?)?,
            "--boards-ms" => config.boards_every = ms("--boards-ms", value("--boards-ms")?)?,
            "--new-history" => config.new_history = true,
            "--tour-clock" => config.tour_clock = Some(PathBuf::from(value("--tour-clock")?)),
            "--quick-passwords" => config.quick_passwords = true,
            "--header-timeout-ms" => {
                config.limits.header_timeout = ms("--header-timeout-ms", value("--header-timeout-ms")?)?;
            }
            "--body-timeout-ms" => config.limits.body_timeout = ms("--body-timeout-ms", value("--body-timeout-ms")?)?,
            _ => return Err(ArgsError::Unknown(arg)),
        }
    }
    config.data = data.ok_or(ArgsError::NoData)?;
    config.seed_county = seed.map(|seed| SeedCounty { seed, today: day.unwrap_or(today) });
    if day.is_some() && config.seed_county.is_none() {
        return Err(ArgsError::TodayAlone);
    }
    Ok(Args::Run(Box::new(config)))
}

fn read<T: std::str::FromStr>(option: &'static str, value: String, wanted: &'static str) -> Result<T, ArgsError> {
    value.parse().map_err(|_| ArgsError::Value { option, value, wanted })
}

fn ms(option: &'static str, value: String) -> Result<Duration, ArgsError> {
    let wanted = "a number of milliseconds from 1 to 86400000";
    let ms: u64 = read(option, value.clone(), wanted)?;
    if (1..=86_400_000).contains(&ms) {
        Ok(Duration::from_millis(ms))
    } else {
        Err(ArgsError::Value { option, value, wanted })
    }
}

fn civil_day(value: String) -> Result<CivilDay, ArgsError> {
    let day = || {
        let mut parts = value.splitn(3, '-');
        let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
        if (year.len(), month.len(), day.len()) != (4, 2, 2) {
            return None;
        }
        CivilDay::from_ymd(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
    };
    day().ok_or(ArgsError::Value { option: "--today", value: value.clone(), wanted: "a day like 2026-11-23" })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(args: &[&str]) -> Result<Args, ArgsError> {
        parse(args.iter().map(|arg| (*arg).to_owned()), CivilDay(20_000))
    }

    #[test]
    fn every_option_is_understood() {
        let line = "--data d --listen [::1]:0 --tls c.pem k.pem --seed-county 7 --today 2026-11-23 --slot-ms 500 \
                    --boards-ms 700 --new-history --quick-passwords --tour-clock c --header-timeout-ms 100 --body-timeout-ms 200";
        let Ok(Args::Run(config)) = parsed(&line.split(' ').filter(|arg| !arg.is_empty()).collect::<Vec<_>>()) else {
            panic!("not understood");
        };
        assert_eq!(config.data, PathBuf::from("d"));
        assert_eq!(config.listen.to_string(), "[::1]:0");
        assert_eq!(config.tls, Some(TlsFiles { certificates: "c.pem".into(), key: "k.pem".into() }));
        let today = CivilDay::from_ymd(2026, 11, 23).unwrap();
        assert_eq!(config.seed_county, Some(SeedCounty { seed: 7, today }));
        assert!(config.new_history && config.quick_passwords);
        assert_eq!(config.tour_clock, Some(PathBuf::from("c")));
        assert_eq!(config.slot, Duration::from_millis(500));
        assert_eq!(config.boards_every, Duration::from_millis(700));
        assert_eq!(config.limits.header_timeout, Duration::from_millis(100));
        assert_eq!(config.limits.body_timeout, Duration::from_millis(200));
        assert!(matches!(parsed(&["--data", "d", "--help"]), Ok(Args::Help)));
    }

    #[test]
    fn what_is_wrong_is_said_in_a_sentence() {
        for (args, sentence) in [
            (&["--data"][..], "--data needs a value"),
            (&[], "say where the data is: --data DIR"),
            (&["--port", "1"], "unknown option --port; --help lists them"),
            (&["--data", "d", "--listen", "8470"], "--listen 8470 is not an address like 127.0.0.1:8470"),
            (&["--data", "d", "--today", "2026-02-30"], "--today 2026-02-30 is not a day like 2026-11-23"),
            (&["--data", "d", "--today", "2026-11-23"], "--today means nothing without --seed-county"),
            (&["--data", "d", "--slot-ms", "0"], "--slot-ms 0 is not a number of milliseconds from 1 to 86400000"),
        ] {
            assert_eq!(parsed(args).unwrap_err().to_string(), sentence);
        }
    }
}
