//! Rule sets read once: parsing costs more than what is computed with them, and a published set never changes.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::rules::RuleSet;

/// Sets kept at most; a county has one a year.
const MOST: usize = 16;

static SETS: Mutex<BTreeMap<String, Arc<RuleSet>>> = Mutex::new(BTreeMap::new());

/// The rule set of that text, or `None` if it is none. Who publishes one gets the errors from [`RuleSet::parse`].
pub fn rule_set(text: &str) -> Option<Arc<RuleSet>> {
    let mut sets = SETS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(set) = sets.get(text) {
        return Some(set.clone());
    }
    let set = Arc::new(RuleSet::parse(text).ok()?);
    if sets.len() >= MOST {
        sets.clear();
    }
    sets.insert(text.to_owned(), set.clone());
    Some(set)
}
