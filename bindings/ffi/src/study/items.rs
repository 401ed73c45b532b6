//! What there is to study.

use dangjian_client::study as client_study;
use dangjian_domain::id::RowId;

use crate::convert::Cross;
use crate::types::Day;

mirror! {
    /// Kinds of study items.
    ItemKind from dangjian_domain::rows::ItemKind {
        /// An article to read.
        Article,
        /// Something to listen to.
        Audio,
        /// Something to watch.
        Video,
        /// A quiz.
        Quiz,
    }
}

mirror! {
    /// What a study item is about.
    ItemCategory from dangjian_domain::rows::ItemCategory {
        /// Constitution and rules of the Party.
        Rules,
        /// Theory.
        Theory,
        /// Organization life.
        Life,
        /// Revitalization of the countryside.
        Countryside,
        /// Members who work away.
        Migrant,
        /// History.
        History,
        /// Integrity.
        Integrity,
        /// Law.
        Law,
    }
}

/// Which items.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[derive(Default)]
pub struct ItemFilter {
    /// Only those whose content is on the phone.
    #[uniffi(default = false)]
    pub downloaded_only: bool,
    /// Only these kinds; all if empty.
    #[uniffi(default = [])]
    pub kinds: Vec<ItemKind>,
    /// Only this category.
    #[uniffi(default = None)]
    pub category: Option<ItemCategory>,
    /// Only what everybody is to study this month.
    #[uniffi(default = false)]
    pub required_this_month: bool,
    /// There is no network: what can't be opened without one comes last.
    #[uniffi(default = false)]
    pub offline: bool,
}

impl From<ItemFilter> for client_study::ItemFilter {
    fn from(filter: ItemFilter) -> Self {
        Self {
            downloaded_only: filter.downloaded_only,
            kinds: filter.kinds.cross(),
            category: filter.category.cross(),
            required_this_month: filter.required_this_month,
            offline: filter.offline,
        }
    }
}

record! {
    /// Something to study, in a list.
    ItemView from client_study::ItemView {
        /// Which item.
        id: RowId,
        /// Title.
        title: String,
        /// Kind.
        kind: ItemKind,
        /// Category.
        category: ItemCategory,
        /// Who made it.
        source: String,
        /// Day of publication.
        published_on: Day,
        /// How long it takes at most, ms; 0 for a quiz.
        length_ms: i64,
        /// Size of the content in bytes.
        content_bytes: i64,
        /// Whether the content is on the phone.
        downloaded: bool,
        /// Whether it can be opened without a network.
        available_offline: bool,
        /// Time credited so far, ms.
        credited_ms: i64,
        /// That as a part of the length, percent, rounded down.
        percent: u8,
        /// Whether it is finished.
        finished: bool,
        /// Whether everybody is to study it this month.
        required: bool,
        /// Whether the progress shown is not all known to the server yet.
        unconfirmed: bool,
        /// Points that studying it can still give today.
        can_earn_today: i64,
        /// Where it stands: 「有网可学」「已学完」; nothing if there is nothing to say.
        words: Option<String>,
    }
}

page! {
    /// A page of study items.
    ItemPage of ItemView
}

record! {
    /// Contents on the phone.
    KeptView from client_study::KeptView {
        /// How many.
        contents: u32,
        /// Their size in bytes.
        bytes: i64,
    }
}
