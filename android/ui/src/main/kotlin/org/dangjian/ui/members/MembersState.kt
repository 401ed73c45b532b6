package org.dangjian.ui.members

import androidx.compose.runtime.Immutable
import org.dangjian.ui.components.ErrorState
import org.dangjian.ui.components.FactState

/**
 * What 党员 shows: a window of a list that may be long. Of [count] rows those from [offset] on are at hand; the others are
 * fetched when they come into sight, and let go when they are far.
 */
@Immutable
data class MembersState(
    /** For what was looked; what is being written may be further. */
    val query: String = "",
    /** As many as are known of so far. */
    val count: Int = 0,
    /** How many rows stand before the first of [rows]. */
    val offset: Int = 0,
    val rows: List<MemberRowState> = emptyList(),
    val loading: Boolean = false,
    val problem: ErrorState? = null,
) {
    /** The row at [index] of the whole list, if it is at hand. */
    fun row(index: Int): MemberRowState? = rows.getOrNull(index - offset)
}

@Immutable
data class MemberRowState(
    val id: String,
    val name: String,
    val branch: String,
    val branchLast: String = branch,
    /** 「书记」 */
    val role: String? = null,
    val migrant: Boolean = false,
    val suspended: Boolean = false,
)

data class MembersCallbacks(
    val onBack: () -> Unit = {},
    val onRetry: () -> Unit = {},
    val onQuery: (String) -> Unit = {},
    /** The first row in sight. */
    val onSeen: (Int) -> Unit = {},
    val onMember: (String) -> Unit = {},
)

/** One member, for those who lead. Each thing to do is there if this person may do it. */
@Immutable
data class MemberState(
    val name: String = "",
    val branch: String = "",
    val branchLast: String = branch,
    val facts: List<FactState> = emptyList(),
    /** Absent while they are not known; shown to who may make a new code only. */
    val phones: List<PhoneRowState>? = null,
    /** Why they are not known. */
    val phonesProblem: String? = null,
    val mayReset: Boolean = false,
    val mayMove: Boolean = false,
    val moving: Boolean = false,
    val ledger: LedgerStanding = LedgerStanding.Closed,
    val sheet: MemberSheet? = null,
    /** Whether something is being done about this member. */
    val busy: Boolean = false,
    val problem: ErrorState? = null,
    val loading: Boolean = false,
)

/** Whether this phone has the postings of the member's branch. */
enum class LedgerStanding { Open, Opening, MayOpen, Closed }

@Immutable
data class PhoneRowState(
    val id: String,
    val label: String,
    /** 「11月5日 登录」 */
    val about: String,
    val revoked: Boolean,
)

/** What is asked once, or told once. */
@Immutable
sealed interface MemberSheet {
    data object AskCode : MemberSheet

    /** The new code, shown this once. */
    data class Code(
        val code: String,
    ) : MemberSheet {
        /** Without the code, lest it be logged. */
        override fun toString() = "Code"
    }

    data class AskRevoke(
        val phone: PhoneRowState,
    ) : MemberSheet

    /** Looking for a branch to move to. */
    data class Branches(
        val branches: List<BranchRowState>,
    ) : MemberSheet

    data class AskMove(
        val branch: BranchRowState,
    ) : MemberSheet

    /** It did not work. */
    data class Failed(
        val sentence: String,
    ) : MemberSheet
}

@Immutable
data class BranchRowState(
    val id: String,
    val name: String,
    val below: String,
)

data class MemberCallbacks(
    val onBack: () -> Unit = {},
    val onRetry: () -> Unit = {},
    val onLedger: () -> Unit = {},
    val onOpenLedger: () -> Unit = {},
    val onAskCode: () -> Unit = {},
    val onCode: () -> Unit = {},
    val onAskRevoke: (PhoneRowState) -> Unit = {},
    val onRevoke: (String) -> Unit = {},
    val onMove: () -> Unit = {},
    val onBranchQuery: (String) -> Unit = {},
    val onBranch: (BranchRowState) -> Unit = {},
    val onMoveTo: (String) -> Unit = {},
    val onCloseSheet: () -> Unit = {},
)
