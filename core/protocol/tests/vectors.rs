//! Writes and checks the vectors of `tests/vectors` and the table of tables in `docs/tables.md`, so that the published
//! protocol can't drift from the code.
//!
//! Every vector is made anew from fixed inputs, read back through the code under test, and compared with the file.
//! `UPDATE_VECTORS=1 cargo test -p dangjian-protocol --test vectors` rewrites the files; a change of them is a change of
//! the protocol.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

#[path = "vectors/facts.rs"]
mod facts;
#[path = "vectors/messages.rs"]
mod messages;
#[path = "vectors/operations.rs"]
mod operations;
#[path = "vectors/pages.rs"]
mod pages;
#[path = "vectors/points.rs"]
mod points;
#[path = "vectors/rules.rs"]
mod rules;
#[path = "vectors/sessions.rs"]
mod sessions;
#[path = "vectors/signed.rs"]
mod signed;
#[path = "vectors/small_county.rs"]
mod small_county;
#[path = "vectors/study.rs"]
mod study;
#[path = "vectors/support.rs"]
mod support;
#[path = "vectors/tables.rs"]
mod tables;

use support::{check, check_text};

#[test]
fn operations_have_these_bytes_and_no_others() {
    check("operations", operations::accepted());
    check("operations-refused", operations::refused());
    check("payloads-refused", operations::refused_payloads());
}

#[test]
fn chains_link_as_published() {
    check("chain", operations::chain());
}

#[test]
fn keys_and_signatures_are_as_published() {
    check("keys", signed::keys());
    check("contextual-signatures", signed::contextual_signatures());
}

#[test]
fn signed_messages_have_one_form() {
    check("cose", signed::messages());
    check("cose-refused", signed::refused());
}

#[test]
fn sessions_are_proved_as_published() {
    check("session", sessions::session());
}

#[test]
fn ids_checksums_and_feeds_follow_from_the_rows() {
    check("ids", facts::ids());
    check("checksum", facts::checksums());
    check("feeds", facts::feeds());
}

#[test]
fn operations_are_judged_as_published() {
    check("rules", rules::rules());
}

#[test]
fn study_is_placed_and_credited_as_published() {
    check("study", study::study());
}

#[test]
fn facts_give_the_points_published() {
    check("points", points::points());
}

#[test]
fn pages_have_this_layout() {
    check("pages", pages::accepted());
    check("pages-refused", pages::refused());
}

#[test]
fn every_message_has_two_encodings() {
    check("messages", messages::all());
}

#[test]
fn the_table_of_tables_is_the_schema() {
    check_text("docs/tables.md", &tables::markdown());
}
