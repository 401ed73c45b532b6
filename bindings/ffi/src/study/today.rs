//! Points, time and streak of a day.

use dangjian_client::study as client_study;
use dangjian_domain::id::RowId;

use crate::convert::Cross;
use crate::types::Day;

mirror! {
    /// What points are given for.
    FactKind from dangjian_domain::points::rules::FactKind {
        /// The app was opened on that day.
        SignIn,
        /// Time of reading.
        ReadMs,
        /// Articles finished.
        ReadItem,
        /// Time of audio and video.
        AvMs,
        /// Recordings finished.
        AvItem,
        /// Right answers in a quiz.
        QuizRight,
        /// Suggestions accepted.
        SuggestionAccepted,
        /// Activities attended.
        Attendance,
        /// Activities an organization held.
        ActivityHeld,
    }
}

record! {
    /// What a rule of study gives today.
    RuleToday from client_study::RuleToday {
        /// Its id.
        rule: String,
        /// For which facts.
        fact: FactKind,
        /// The rule in words.
        label: String,
        /// It in short: 「阅读时长」.
        short: String,
        /// Points given today.
        given: i64,
        /// How many of them the server does not know of yet.
        unconfirmed: i64,
        /// Most points a day.
        cap: Option<i64>,
        /// What the caps of day, quarter and year still leave.
        left: Option<i64>,
    }
}

record! {
    /// Which parts of the screens a county shows: each switch hides its part.
    Shown from client_study::Shown {
        /// Points and the streak.
        points: bool,
        /// Minutes of study.
        minutes: bool,
        /// Ranks and boards.
        rank: bool,
    }
}

record! {
    /// Days in a row on which something was credited.
    Streak from dangjian_domain::study::habit::Streak {
        /// How many, today included if it is done.
        days: u32,
        /// Whether today is one of them.
        today_done: bool,
    }
}

record! {
    /// What was begun and can be gone on with.
    ContinueView from client_study::ContinueView {
        /// Which item.
        item: RowId,
        /// Its title.
        title: String,
        /// Time credited so far, ms.
        credited_ms: i64,
        /// Its length, ms.
        length_ms: i64,
        /// How far, percent, rounded down.
        percent: u8,
        /// Whether the content is on the phone.
        downloaded: bool,
    }
}

record! {
    /// Today.
    TodayView from client_study::TodayView {
        /// The civil day.
        day: Day,
        /// Points of study today that the server knows of.
        points_confirmed: i64,
        /// Points of study today that this phone's operations will give.
        points_unconfirmed: i64,
        /// Most points that study can give today; nothing without a daily cap or without rules.
        cap: Option<i64>,
        /// Both read out as one: 「今日积分 13 分，上限 30 分，其中 4 分待确认」.
        sentence: String,
        /// Time credited today, ms, what is not confirmed included.
        credited_ms: i64,
        /// Rule by rule, in the order of the rule set.
        rules: Vec<RuleToday>,
        /// Points that study can still give today.
        left_today: i64,
        /// 「阅读篇数余 3 · 答题余 5 · 阅读时长已满」.
        left_words: String,
        /// Days in a row.
        streak: Streak,
        /// 「继续学习：……」.
        next_item: Option<ContinueView>,
        /// What the county shows.
        shown: Shown,
    }
}

impl From<client_study::TodayView> for TodayView {
    fn from(today: client_study::TodayView) -> Self {
        today.cross()
    }
}
