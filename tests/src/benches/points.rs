//! Points: a rank on a phone of a county of the real size, postings a second on the server, everybody's year computed again.

use serde_json::json;

use super::measure;

mod post;
mod rank;
mod recompute;

/// Measures and writes `target/bench/points.json`.
pub fn run() -> Result<(), String> {
    let rank = rank::measure();
    let posted = post::measure();
    let recomputed = recompute::measure();
    let all = json!({
        "rank_ms": measure::round(rank.median_ms),
        "rank_p99_ms": measure::round(rank.p99_ms),
        "rank_first_ms": measure::round(rank.first_ms),
        "histogram_steps": rank.steps,
        "phone_entries": rank.entries,
        "post_entries_per_s": posted.entries_per_s.round(),
        "post_operations_per_s": posted.operations_per_s.round(),
        "post_pushes_per_s": posted.pushes_per_s.round(),
        "posted_entries": posted.entries,
        "recompute_year_s": measure::round(recomputed.seconds),
        "recomputed_facts": recomputed.facts,
        "recomputed_entries": recomputed.entries,
        "peak_rss_mb": measure::round(measure::peak_rss_mb()),
    });
    measure::write("points", &all)
}
