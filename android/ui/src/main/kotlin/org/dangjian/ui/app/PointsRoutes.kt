package org.dangjian.ui.app

import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.lifecycle.viewmodel.compose.viewModel
import androidx.navigation.NavGraphBuilder
import androidx.navigation.compose.composable
import org.dangjian.ui.boards.BoardsCallbacks
import org.dangjian.ui.boards.BoardsScreen
import org.dangjian.ui.bridge.BoardsModel
import org.dangjian.ui.bridge.PointsModel
import org.dangjian.ui.bridge.PostingsModel
import org.dangjian.ui.components.Tab
import org.dangjian.ui.points.PointsScreen
import org.dangjian.ui.points.PostingsCallbacks

/** 积分 and 排行榜. */
internal fun NavGraphBuilder.pointsRoutes(scope: Scope) {
    val (phone, navigator) = scope.phone to scope.navigator
    composable(Routes.POINTS) {
        val model = viewModel { PointsModel(phone) }
        val state by model.state.collectAsState()
        val written by model.written.collectAsState()
        WhenLeft(model::leave)
        PointsScreen(
            state,
            model.callbacks(navigator).copy(onEmptyWayOn = { navigator.tab(Tab.Study) }),
            written = written,
        )
    }
    composable(Routes.BOARDS) {
        val model = viewModel { BoardsModel(phone) }
        val state by model.state.collectAsState()
        BoardsScreen(
            state,
            BoardsCallbacks(
                onBack = navigator::back,
                onRetry = model::retry,
                onBoard = model::board,
                onScope = model::scope,
                onKind = model::kind,
                onScoreOpen = model::score,
                onMore = model::more,
                onPoints = { navigator.open(Routes.POINTS) },
            ),
        )
    }
}

/** What both lists of postings do. */
internal fun PostingsModel<*>.callbacks(navigator: Navigator) =
    PostingsCallbacks(
        onBack = navigator::back,
        onRetry = ::retry,
        onFilter = ::filter,
        onPosting = ::explain,
        onMore = ::more,
        onEnd = ::end,
        onCloseSheet = ::close,
        onReason = ::begin,
        onText = ::write,
        onSend = ::send,
    )
