package org.dangjian.ui.app

import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.lifecycle.viewmodel.compose.viewModel
import androidx.navigation.NavGraphBuilder
import androidx.navigation.compose.composable
import org.dangjian.ui.bridge.NoticeModel
import org.dangjian.ui.bridge.NoticesModel
import org.dangjian.ui.bridge.OutboxModel
import org.dangjian.ui.bridge.PublishModel
import org.dangjian.ui.bridge.ReceiptsModel
import org.dangjian.ui.notices.NoticeCallbacks
import org.dangjian.ui.notices.NoticeScreen
import org.dangjian.ui.notices.NoticesCallbacks
import org.dangjian.ui.notices.NoticesScreen
import org.dangjian.ui.notices.PublishCallbacks
import org.dangjian.ui.notices.PublishScreen
import org.dangjian.ui.notices.ReceiptsCallbacks
import org.dangjian.ui.notices.ReceiptsScreen
import org.dangjian.ui.outbox.OutboxCallbacks
import org.dangjian.ui.outbox.OutboxScreen

/** Notices: the list, one of them, writing one, who has read it; and what has not been sent yet. */
internal fun NavGraphBuilder.noticeRoutes(scope: Scope) {
    listScreen(scope, Routes.NOTICES) { Notices(scope) }
    composable(Routes.NOTICE) { Notice(scope, it.id("notice")) }
    composable(Routes.PUBLISH) { Publish(scope, notice = null) }
    composable(Routes.EDIT) { Publish(scope, it.id("notice")) }
    composable(Routes.RECEIPTS) { Receipts(scope, it.id("notice")) }
    composable(Routes.OUTBOX) { Outbox(scope) }
}

@Composable
private fun Notices(scope: Scope) {
    val navigator = scope.navigator
    val model = viewModel { NoticesModel(scope.phone) }
    val state by model.state.collectAsState()
    NoticesScreen(
        state,
        NoticesCallbacks(
            onOutbox = { navigator.open(Routes.OUTBOX) },
            onRetry = model::retry,
            onNotice = { navigator.open(Routes.notice(it)) },
            onEnd = model::end,
            onPublish = { navigator.open(Routes.PUBLISH) },
            onTab = navigator::tab,
        ),
    )
}

@Composable
private fun Notice(
    scope: Scope,
    notice: String,
) {
    val navigator = scope.navigator
    val model = viewModel { NoticeModel(scope.phone, notice) }
    val state by model.state.collectAsState()
    val written by model.written.collectAsState()
    // The core leaves one receipt, however often it is asked to.
    LaunchedEffect(state.there) { if (state.there) model.seen() }
    LaunchedEffect(state.missing) { if (state.missing) model.fetch() }
    WhenLeft(model::leave)
    NoticeScreen(
        state,
        NoticeCallbacks(
            onBack = navigator::back,
            onRetry = model::retry,
            onReceipts = { navigator.open(Routes.receipts(notice)) },
            onEdit = { navigator.open(Routes.edit(notice)) },
            onWithdrawOpen = model::withdrawing,
            onReason = model::onReason,
            onWithdraw = model::withdraw,
        ),
        written = written,
    )
}

@Composable
private fun Publish(
    scope: Scope,
    notice: String?,
) {
    val navigator = scope.navigator
    val model = viewModel { PublishModel(scope.phone, notice) }
    val state by model.state.collectAsState()
    WhenLeft(model::leave)
    PublishScreen(
        state.copy(title = model.written.title, body = model.written.body),
        PublishCallbacks(
            onClose = navigator::back,
            onScope = model::onScope,
            onTitle = model::onTitle,
            onBody = model::onBody,
            onPublish = { model.publish(navigator::back) },
        ),
    )
}

@Composable
private fun Receipts(
    scope: Scope,
    notice: String,
) {
    val model = viewModel { ReceiptsModel(scope.phone, notice) }
    val state by model.state.collectAsState()
    ReceiptsScreen(state, ReceiptsCallbacks(scope.navigator::back, model::retry, model::onShowUnread, model::end))
}

@Composable
private fun Outbox(scope: Scope) {
    val navigator = scope.navigator
    val model = viewModel { OutboxModel(scope.phone) }
    val state by model.state.collectAsState()
    OutboxScreen(
        state,
        OutboxCallbacks(
            onBack = navigator::back,
            onRefusedWayOn = { model.goOn(it, navigator::goOn) },
            onRefusedKnown = model::known,
            onSync = model::sync,
            onEnd = model::end,
        ),
    )
}
