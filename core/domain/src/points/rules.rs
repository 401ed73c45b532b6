//! Rule sets: what facts are worth, how points become scores and scores boards.
//!
//! A set is a text in TOML, published as an operation, checked once by [`RuleSet::parse`] and immutable from then on: whoever
//! reads a set has one that is sound, or a list of everything that is wrong with it. A text is data; no value in it can make
//! the functions of [`crate::points`] fail, loop or overflow. The defaults and where each value comes from stand in
//! `rules/default-county.toml`.

mod problem;
mod read;
mod reader;
mod switches;

pub use problem::{Problem, RulesError};
pub use switches::Switches;

use std::collections::BTreeMap;

use crate::rows::{Board, SubjectKind};
use crate::study::checks::CheckTimes;
use crate::time::{CivilDay, Quarter};

/// The longest text of a rule set, bytes.
pub const MAX_TEXT_BYTES: usize = 12 * 1024;

/// Declares the kinds of facts with their permanent names.
macro_rules! fact_kinds {
    ($($(#[$meta:meta])* $kind:ident $name:literal $unit:literal,)*) => {
        /// What was done, as far as rules can give points for it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum FactKind {
            $($(#[$meta])* $kind,)*
        }

        impl FactKind {
            /// All kinds.
            pub const ALL: &'static [Self] = &[$(Self::$kind),*];

            /// The permanent name, as in rule sets and in ids of facts.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$kind => $name,)*
                }
            }

            /// What its amounts count, in Chinese; milliseconds are told as times instead.
            pub fn unit(self) -> &'static str {
                match self {
                    $(Self::$kind => $unit,)*
                }
            }
        }
    };
}

fact_kinds! {
    /// The app was opened on that day; amount 1.
    SignIn "sign_in" "次",
    /// Credited reading, ms.
    ReadMs "read_ms" "毫秒",
    /// Articles finished.
    ReadItem "read_item" "篇",
    /// Credited audio and video, ms.
    AvMs "av_ms" "毫秒",
    /// Recordings finished.
    AvItem "av_item" "条",
    /// Right answers in a quiz.
    QuizRight "quiz_right" "题",
    /// Suggestions accepted.
    SuggestionAccepted "suggestion_accepted" "条",
    /// Activities attended.
    Attendance "attendance" "次",
    /// Activities an organization held.
    ActivityHeld "activity_held" "次",
}

/// Whose points a fact gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Whose {
    /// A member's.
    Member,
    /// An organization's.
    Organization,
}

impl FactKind {
    /// The kind of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.name() == name)
    }

    /// Whose points it gives.
    pub fn whose(self) -> Whose {
        match self {
            Self::ActivityHeld => Whose::Organization,
            _ => Whose::Member,
        }
    }

    /// Whether its amounts are milliseconds.
    pub fn is_time(self) -> bool {
        matches!(self, Self::ReadMs | Self::AvMs)
    }

    /// Whether it is study, which 国办函〔2026〕12号 wants kept out of appraisals ([`Switches::study_in_appraisal`]).
    pub fn is_study(self) -> bool {
        match self {
            Self::SignIn | Self::ReadMs | Self::ReadItem | Self::AvMs | Self::AvItem | Self::QuizRight => true,
            Self::SuggestionAccepted | Self::Attendance | Self::ActivityHeld => false,
        }
    }
}

/// A published rule set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleSet {
    /// Name, as in `default-county`.
    pub name: String,
    /// Version, as in `2026.1`.
    pub version: String,
    /// First civil day it applies to.
    pub effective_from: CivilDay,
    /// How study is timed and credited.
    pub study: StudyRules,
    /// What facts are worth, in the order of the text.
    pub rules: Vec<Rule>,
    /// What a member's score is composed of, in the order of the text; weights sum to 100.
    pub components: Vec<Component>,
    /// The four bands, gold first.
    pub bands: Vec<Band>,
    /// What puts a subject on the black board whatever the score.
    pub vetoes: Vec<Veto>,
    /// How branches are scored.
    pub branch: Shares,
    /// How committees are scored.
    pub committee: Shares,
}

/// How study is timed and credited. Times in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StudyRules {
    /// When a day of study begins, after midnight in Asia/Shanghai.
    pub day_starts_at_ms: i64,
    /// Time between two heartbeats of the timer.
    pub heartbeat_ms: i64,
    /// Longest time credited after a heartbeat.
    pub max_gap_ms: i64,
    /// Longest segment.
    pub segment_ms: i64,
    /// Most credit a day without the server's lease.
    pub offline_daily_ms: i64,
    /// How much of an item's length finishes it, percent.
    pub finish_pct: i64,
    /// Times between comprehension checks.
    pub checks: CheckTimes,
}

/// What one kind of fact is worth.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Id, unique in the set. Caps of a quarter or year count on under the same id when the set changes.
    pub id: String,
    /// For which facts.
    pub fact: FactKind,
    /// What members read.
    pub label: String,
    /// So much of the fact's own unit gives [`Self::points`] once.
    pub every: i64,
    /// Points; negative for a deduction.
    pub points: i64,
    /// Up to how many points.
    pub cap: Caps,
    /// The component of the score they count for.
    pub component: String,
}

/// Most points of a rule in a day, quarter and year; deductions have none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Caps {
    /// A civil day.
    pub day: Option<i64>,
    /// A quarter of the calendar year.
    pub quarter: Option<i64>,
    /// A calendar year.
    pub year: Option<i64>,
}

/// A component of the appraisal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Component {
    /// Id, unique in the set.
    pub id: String,
    /// What members read.
    pub label: String,
    /// Its part of 100.
    pub weight: i64,
    /// Points of a quarter from which on it is worth its whole weight.
    pub full_points: i64,
}

/// A band of scores.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Band {
    /// The board.
    pub board: Board,
    /// The least score, in whole points of 100.
    pub ge: i64,
    /// At most this part of the subjects, percent; the others fall to the next band.
    pub quota_pct: Option<i64>,
}

/// A reason for the black board that no score outweighs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Veto {
    /// Id, unique in the set.
    pub id: String,
    /// What people read.
    pub label: String,
}

/// How an organization's figure is made of its own and of those below, percent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shares {
    /// Its own.
    pub own: i64,
    /// The mean of those below.
    pub mean: i64,
    /// Points of a quarter from which on its own work has full marks.
    pub own_full_points: i64,
}

impl RuleSet {
    /// The set a county starts with.
    pub const DEFAULT_TEXT: &'static str = include_str!("../../rules/default-county.toml");

    /// Reads and checks a set: all of it is sound, or everything that is wrong is told.
    pub fn parse(text: &str) -> Result<Self, RulesError> {
        read::read(text)
    }

    /// Name and version as postings and scores carry them: `default-county/2026.1`.
    pub fn id(&self) -> String {
        format!("{}/{}", self.name, self.version)
    }

    /// The set as scores of `quarter` are measured by on `day`: the weeks begun so far need only their part of the points for
    /// full marks. Weeks, so that a score that nothing happened to changes once a week.
    #[must_use]
    pub fn so_far_on(&self, quarter: Quarter, day: CivilDay) -> Self {
        let (Some(first), Some(last)) = (quarter.first_day(), quarter.last_day()) else { return self.clone() };
        let passed = i64::from(day.0) - i64::from(first.0);
        self.so_far((passed.div_euclid(7) + 1).saturating_mul(7), i64::from(last.0 - first.0 + 1))
    }

    /// The set as scores of a period under way are measured by: after `elapsed` of `days` days full marks need only that part
    /// of the points, rounded up. Else everybody would stand on the black board until a quarter's last weeks.
    #[must_use]
    pub fn so_far(&self, elapsed: i64, days: i64) -> Self {
        let part = |full: i64| {
            let (full, elapsed, days) = (i128::from(full), i128::from(elapsed.max(0)), i128::from(days.max(1)));
            i64::try_from((full * elapsed.min(days) + days - 1) / days).unwrap_or(i64::MAX).max(1)
        };
        let mut set = self.clone();
        for component in &mut set.components {
            component.full_points = part(component.full_points);
        }
        set.branch.own_full_points = part(set.branch.own_full_points);
        set.committee.own_full_points = part(set.committee.own_full_points);
        set
    }

    /// The rule of that id, if this set still has it.
    pub fn rule(&self, id: &str) -> Option<&Rule> {
        self.rules.iter().find(|rule| rule.id == id)
    }

    /// The component of that id.
    pub fn component(&self, id: &str) -> Option<&Component> {
        self.components.iter().find(|component| component.id == id)
    }

    /// Whether postings of study count for `component`.
    pub fn is_study(&self, component: &str) -> bool {
        self.rules.iter().any(|rule| rule.component == component && rule.fact.is_study())
    }

    /// Most points that study can give a member in a day, which is what a ring is drawn against; `None` if some rule has no
    /// daily cap.
    pub fn study_points_a_day(&self, switches: &Switches) -> Option<i64> {
        self.rules
            .iter()
            .filter(|rule| rule.fact.is_study() && rule.points > 0 && switches.gives_points(rule.fact))
            .try_fold(0i64, |sum, rule| Some(sum.saturating_add(rule.cap.day?)))
    }

    /// How organizations of `kind` are scored; `None` for members.
    pub fn shares(&self, kind: SubjectKind) -> Option<Shares> {
        match kind {
            SubjectKind::Member => None,
            SubjectKind::Branch => Some(self.branch),
            SubjectKind::Committee => Some(self.committee),
        }
    }
}

/// Which component each rule of `sets` counts for, the latest set having the last word: a rule that was retired still counts
/// for what it posted.
pub fn components<'a>(sets: impl IntoIterator<Item = &'a RuleSet>) -> BTreeMap<String, String> {
    let rules = sets.into_iter().flat_map(|set| &set.rules);
    rules.map(|rule| (rule.id.clone(), rule.component.clone())).collect()
}
