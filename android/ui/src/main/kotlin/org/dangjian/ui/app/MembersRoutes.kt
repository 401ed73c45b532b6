package org.dangjian.ui.app

import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.lifecycle.viewmodel.compose.viewModel
import androidx.navigation.NavGraphBuilder
import androidx.navigation.compose.composable
import org.dangjian.ui.bridge.MemberModel
import org.dangjian.ui.bridge.MembersModel
import org.dangjian.ui.members.MemberCallbacks
import org.dangjian.ui.members.MemberScreen
import org.dangjian.ui.members.MembersCallbacks
import org.dangjian.ui.members.MembersScreen

/** The members whom somebody leads or looks after. */
internal fun NavGraphBuilder.membersRoutes(scope: Scope) {
    composable(Routes.MEMBERS) {
        val model = viewModel { MembersModel(scope.phone) }
        val state by model.state.collectAsState()
        val query by model.written.collectAsState()
        MembersScreen(
            state,
            query,
            MembersCallbacks(
                onBack = scope.navigator::back,
                onRetry = model::retry,
                onQuery = model::onQuery,
                onSeen = model::onSeen,
                onMember = { scope.navigator.open(Routes.member(it)) },
            ),
        )
    }
    composable(Routes.MEMBER) { entry ->
        val member = entry.id("member")
        val model = viewModel { MemberModel(scope.phone, member) }
        val state by model.state.collectAsState()
        val query by model.written.collectAsState()
        MemberScreen(
            state,
            MemberCallbacks(
                onBack = scope.navigator::back,
                onRetry = model::retry,
                onLedger = { scope.navigator.open(Routes.ledger(member)) },
                onOpenLedger = model::onOpenLedger,
                onAskCode = model::onAskCode,
                onCode = model::onCode,
                onAskRevoke = model::onAskRevoke,
                onRevoke = model::onRevoke,
                onMove = model::onMove,
                onBranchQuery = model::onBranchQuery,
                onBranch = model::onBranch,
                onMoveTo = model::onMoveTo,
                onCloseSheet = model::onCloseSheet,
            ),
            written = query,
        )
    }
}
