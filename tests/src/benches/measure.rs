//! What a process used, and how it tells.

use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

/// CPU time of this process so far, user and system of all threads, in seconds.
pub fn cpu_s() -> f64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}

/// The most memory this process ever had resident, in MB.
pub fn peak_rss_mb() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or("0");
    let kib: f64 = line.trim().trim_end_matches(" kB").parse().unwrap_or(0.0);
    kib / 1024.0
}

/// Runs this program again with `arguments`, as a process of its own, and reads the JSON it prints last.
pub fn in_own_process(arguments: &[&str]) -> Result<Value, String> {
    let program = std::env::current_exe().map_err(|error| error.to_string())?;
    let output = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| error.to_string())?;
    if !output.status.success() {
        return Err(format!("{arguments:?} failed"));
    }
    let text = String::from_utf8_lossy(&output.stdout);
    let last = text.lines().last().unwrap_or_default();
    serde_json::from_str(last).map_err(|error| format!("{arguments:?}: {error}: {last}"))
}

/// The middle of `values`.
pub fn median(values: &[f64]) -> f64 {
    crate::phones::percentile(values, 50.0)
}

/// The figure of that name, from a process.
pub fn figure(value: &Value, name: &str) -> Result<f64, String> {
    value.get(name).and_then(Value::as_f64).ok_or_else(|| format!("no figure {name} in {value}"))
}

/// To four significant places after the point.
pub fn round(value: f64) -> f64 {
    (value * 10_000.0).round() / 10_000.0
}

/// Writes `target/bench/NAME.json`.
pub fn write(name: &str, value: &Value) -> Result<(), String> {
    let dir = Path::new("target/bench");
    std::fs::create_dir_all(dir).map_err(|error| error.to_string())?;
    let path = dir.join(format!("{name}.json"));
    let text = serde_json::to_string_pretty(value).map_err(|error| error.to_string())?;
    std::fs::write(&path, text + "\n").map_err(|error| error.to_string())?;
    println!("wrote {}", path.display());
    Ok(())
}
