//! Computing everything again finds what somebody changed in the database.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::year::office::Run;

#[test]
fn computing_again_finds_a_posting_a_sum_a_day_or_a_fact_that_was_tampered_with() {
    let mut run = Run::new(11, 2);
    // To the end of a quarter, when full marks are those of the whole of it.
    run.days(90);
    assert!(run.compare().entries > 0);
    let changes = [
        "UPDATE ledger_entry SET points = points + 5 WHERE id = (SELECT MIN(id) FROM ledger_entry)",
        "DELETE FROM ledger_entry WHERE id = (SELECT MAX(id) FROM ledger_entry)",
        "UPDATE rule_sum SET posted = posted + 1 WHERE period > 10000000",
        "UPDATE study_day SET read_ms = read_ms + 1000, version = version WHERE id = (SELECT MIN(id) FROM study_day)",
        "UPDATE item_progress SET credited_ms = credited_ms + 1000 WHERE id = (SELECT MIN(id) FROM item_progress)",
        "DELETE FROM study_fact WHERE n = 2",
        "UPDATE score SET score = score + 1 WHERE kind = 1",
    ];
    for change in changes {
        run.office.conn.execute_batch("SAVEPOINT tampered").unwrap();
        assert!(run.office.conn.execute(change, []).unwrap() > 0, "{change}");
        assert!(catch_unwind(AssertUnwindSafe(|| run.compare())).is_err(), "not found: {change}");
        run.office.conn.execute_batch("ROLLBACK TO tampered; RELEASE tampered").unwrap();
    }
    run.compare();
}
