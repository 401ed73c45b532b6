package org.dangjian.ui.office

import androidx.compose.runtime.Immutable
import androidx.compose.ui.graphics.vector.ImageVector
import org.dangjian.ui.components.ErrorState
import org.dangjian.ui.components.Icons

/** What waits for an officer: things noticed, and objections. The longest waiting first. */
@Immutable
data class OfficeState(
    /** Whether objections are seen, not reviews. */
    val showObjections: Boolean = false,
    val reviews: List<MatterState>,
    val objections: List<MatterState>,
    /** Whether more wait than are at hand. */
    val moreReviews: Boolean = false,
    val moreObjections: Boolean = false,
    /** What else this person looks after. */
    val pages: List<OfficePage> = emptyList(),
    val problem: ErrorState? = null,
    val loading: Boolean = false,
    val decision: DecisionState? = null,
)

/** A page that only some offices have. */
enum class OfficePage(
    val label: String,
    val sentence: String,
    val icon: ImageVector,
) {
    Members(OfficeStrings.MEMBERS, OfficeStrings.MEMBERS_SENTENCE, Icons.Groups),
    LowBoards(OfficeStrings.LOW_BOARDS, OfficeStrings.LOW_BOARDS_SENTENCE, Icons.LeaderboardFill),
    Features(OfficeStrings.FEATURES, OfficeStrings.FEATURES_SENTENCE, Icons.Settings),
    Rules(OfficeStrings.RULES, OfficeStrings.RULES_SENTENCE, Icons.EditNote),
}

/** Something to decide. */
@Immutable
data class MatterState(
    val id: String,
    /** Whom it concerns, and their name. */
    val member: String,
    val name: String,
    val org: String,
    val orgLast: String = org,
    /** What was noticed, or what is objected to: 「学习时长需要人工核对」. */
    val about: String,
    /** What was measured, or the member's words. */
    val text: String,
    /** 「已等 2 天」 */
    val waiting: String,
    /** Whether the decision waits for the server. */
    val unconfirmed: Boolean = false,
    /** Whether it is this person's to decide, not only to know of. */
    val mayDecide: Boolean = true,
)

/** A matter being decided. */
@Immutable
data class DecisionState(
    val matter: MatterState,
    /** An objection is granted or not; a review is upheld or not. */
    val objection: Boolean,
    /** Null until it is chosen. */
    val yes: Boolean? = null,
    val problem: String? = null,
    val busy: Boolean = false,
)

data class OfficeCallbacks(
    val onBack: () -> Unit = {},
    val onRetry: () -> Unit = {},
    val onPage: (OfficePage) -> Unit = {},
    val onShowObjections: (Boolean) -> Unit = {},
    val onMatter: (String) -> Unit = {},
    /** Whom the matter concerns. */
    val onMember: (String) -> Unit = {},
    val onChoose: (Boolean) -> Unit = {},
    val onReason: (String) -> Unit = {},
    val onDecide: () -> Unit = {},
    val onCloseDecision: () -> Unit = {},
    /** The end of the list is in sight. */
    val onEnd: () -> Unit = {},
)
