//! Identifiers that depend on the seed and on what they name, never on the order of drawing.

use dangjian_domain::id::RowId;

/// Makes the identifiers of one county.
#[derive(Clone, Copy)]
pub(crate) struct Ids {
    county: RowId,
}

impl Ids {
    pub(crate) fn new(seed: u64) -> Self {
        Self { county: RowId::derived("dangjian-seed", &[number(seed)]) }
    }

    /// The id of the `what` made of these parts.
    pub(crate) fn of(&self, what: &str, parts: &[RowId]) -> RowId {
        let joined: Vec<RowId> = std::iter::once(self.county).chain(parts.iter().copied()).collect();
        RowId::derived(what, &joined)
    }

    /// The id of the `n`th `what`.
    pub(crate) fn numbered(&self, what: &str, n: usize) -> RowId {
        self.of(what, &[number(n as u64)])
    }
}

/// A number where the derivation wants sixteen bytes; not an id of anything.
pub(crate) fn number(n: u64) -> RowId {
    RowId(u128::from(n).to_be_bytes())
}
