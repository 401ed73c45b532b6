package org.dangjian.ui.points

import androidx.compose.runtime.Immutable
import androidx.compose.ui.graphics.vector.ImageVector
import org.dangjian.ui.components.EmptyState
import org.dangjian.ui.components.ErrorState
import org.dangjian.ui.components.FactState
import org.dangjian.ui.components.FilterState
import org.dangjian.ui.components.Icons
import org.dangjian.ui.components.Tone

/** Somebody's postings, and what is open about one of them. */
@Immutable
data class PostingsState(
    val filters: List<FilterState> = emptyList(),
    val days: List<PointsDayState> = emptyList(),
    /** Whether there are earlier ones. */
    val more: Boolean = false,
    val problem: ErrorState? = null,
    val loading: Boolean = false,
    /** Why there are no postings. */
    val empty: EmptyState? = null,
    val sheet: PostingSheet? = null,
)

@Immutable
data class PointsDayState(
    val id: String,
    /** 「今天 +13」 */
    val title: String,
    val postings: List<PostingState>,
    /** 「今天还有 4 条，共 8 分」; absent if all are shown. */
    val more: String? = null,
)

enum class PostingKind(
    val icon: ImageVector,
    val tone: Tone = Tone.Neutral,
) {
    Text(Icons.Article),
    Media(Icons.Videocam),
    Quiz(Icons.Quiz),
    SignIn(Icons.Login),
    Life(Icons.Flag),
    Suggestion(Icons.Lightbulb, Tone.Honour),
    Reversal(Icons.Undo),
}

enum class PostingStanding { Confirmed, Unconfirmed, TakenBack }

@Immutable
data class PostingState(
    val id: String,
    val kind: PostingKind,
    /** Its rule in words. */
    val rule: String,
    /** 「支部工作条例学习辅导 · 05:26」; empty if nothing is known. */
    val about: String,
    /** 「+3」 */
    val points: String,
    val standing: PostingStanding,
    val objection: ObjectionStanding? = null,
)

/** Where an objection stands. */
enum class ObjectionStanding { Waiting, Open, Granted, Rejected }

@Immutable
sealed interface PostingSheet {
    /** Where a posting comes from. */
    data class Explanation(
        val posting: String,
        /** 「这 3 分怎么来的」 */
        val title: String,
        val standing: PostingStanding,
        /** Rule × fact × cap, and the points last. */
        val lines: List<FactState>,
        /** What it is about, rule set, record number, state. */
        val facts: List<FactState>,
        val note: String? = null,
        /** Whether this person may object to it, or take it back. */
        val mayAct: Boolean = true,
        val objection: ObjectionState? = null,
    ) : PostingSheet

    /** What is written while one objects to a posting, or takes it back. */
    data class Reason(
        /** What it is about: 「有效阅读满 1 分钟计 1 分 · +3」 */
        val about: String,
        val problem: String? = null,
        val busy: Boolean = false,
    ) : PostingSheet
}

/** An objection that was made. */
@Immutable
data class ObjectionState(
    val standing: ObjectionStanding,
    /** 「11月24日 05:40」 */
    val made: String,
    val text: String,
    val answer: String? = null,
)

data class PostingsCallbacks(
    val onBack: () -> Unit = {},
    val onRetry: () -> Unit = {},
    val onFilter: (String) -> Unit = {},
    val onPosting: (String) -> Unit = {},
    val onMore: (String) -> Unit = {},
    /** The end of the list is in sight. */
    val onEnd: () -> Unit = {},
    val onEmptyWayOn: () -> Unit = {},
    val onCloseSheet: () -> Unit = {},
    /** Begins to say why. */
    val onReason: (String) -> Unit = {},
    val onText: (String) -> Unit = {},
    val onSend: () -> Unit = {},
)
