//! What this machine has room for, and what stands open on it.

/// Phones in one process, if it may open enough files.
const EACH: u64 = 750;
/// Files a phone keeps open while it exchanges, rounded up.
const FILES: u64 = 18;
/// Files for everything else.
const OTHER_FILES: u64 = 200;
/// Memory of a phone while it exchanges, rounded up.
const MEMORY_KIB: u64 = 2_500;

/// How many phones one process can hold when it has raised its limit of open files as far as it may.
pub(super) fn phones_each() -> Result<usize, String> {
    let (_, limit) = rlimit::getrlimit(rlimit::Resource::NOFILE).map_err(|error| error.to_string())?;
    let each = limit.saturating_sub(OTHER_FILES) / FILES;
    if each < EACH {
        println!("{limit} open files are allowed: {each} phones a process instead of {EACH}");
    }
    match each.min(EACH) {
        0 => Err("too few open files are allowed: raise ulimit -Hn".to_owned()),
        each => Ok(each as usize),
    }
}

/// As many of `wanted` phones as there is memory for.
pub(super) fn phones(wanted: usize) -> Result<usize, String> {
    let text = std::fs::read_to_string("/proc/meminfo").map_err(|error| error.to_string())?;
    let line = text.lines().find_map(|line| line.strip_prefix("MemAvailable:")).ok_or("no available memory")?;
    let kib: u64 = line.trim().trim_end_matches(" kB").parse().map_err(|_| "not a size")?;
    let room = (kib / MEMORY_KIB) as usize;
    if room < wanted {
        println!("{} MB of memory are available: room for {room} phones instead of {wanted}", kib / 1_024);
    }
    Ok(room.min(wanted))
}

/// Connections that the server at `url`, on this machine, has open.
pub(super) fn connections(url: &str) -> Result<usize, String> {
    let port: u16 = url.rsplit(':').next().and_then(|port| port.parse().ok()).ok_or("no port")?;
    let text = std::fs::read_to_string("/proc/net/tcp").map_err(|error| error.to_string())?;
    let (own, established) = (format!(":{port:04X}"), "01");
    let is_open = |line: &&str| {
        let fields: Vec<&str> = line.split_whitespace().collect();
        matches!(fields.as_slice(), [_, local, _, state, ..] if local.ends_with(&own) && *state == established)
    };
    Ok(text.lines().filter(is_open).count())
}
