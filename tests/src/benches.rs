//! Measurements, each a ratio to a baseline in the same run, each figure from processes of their own.

pub mod measure;
pub mod notice;
pub mod points;
pub mod sync;
