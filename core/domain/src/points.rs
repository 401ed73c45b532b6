//! Points: what was done is a fact, rules give points for facts, a score is a sum of postings.
//!
//! A fact never says how many points it is worth. A rule set does, and it is immutable once published: every posting names
//! the set and version that made it, so that a score can be computed again years later and explained today.
//!
//! - [`rules`]: rule sets as configuration, read and checked
//! - [`memo`]: sets read before
//! - [`post`]: the postings that follow from a fact
//! - [`score`]: appraisal scores, and the boards they lead to
//! - [`rank`]: exact ranks from nameless histograms
//! - [`explain`]: any posting or score in words

pub mod explain;
pub mod memo;
pub mod post;
pub mod rank;
pub mod rules;
pub mod score;
