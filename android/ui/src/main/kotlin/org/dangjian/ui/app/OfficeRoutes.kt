package org.dangjian.ui.app

import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.lifecycle.viewmodel.compose.viewModel
import androidx.navigation.NavGraphBuilder
import androidx.navigation.compose.composable
import org.dangjian.ui.bridge.FeaturesModel
import org.dangjian.ui.bridge.LedgerModel
import org.dangjian.ui.bridge.LowBoardsModel
import org.dangjian.ui.bridge.OfficeModel
import org.dangjian.ui.bridge.RulesModel
import org.dangjian.ui.office.FeaturesCallbacks
import org.dangjian.ui.office.FeaturesScreen
import org.dangjian.ui.office.LedgerScreen
import org.dangjian.ui.office.LowBoardsCallbacks
import org.dangjian.ui.office.LowBoardsScreen
import org.dangjian.ui.office.OfficeCallbacks
import org.dangjian.ui.office.OfficePage
import org.dangjian.ui.office.OfficeScreen
import org.dangjian.ui.office.RulesCallbacks
import org.dangjian.ui.office.RulesScreen

/** What those look after who hold an office. */
internal fun NavGraphBuilder.officeRoutes(scope: Scope) {
    matters(scope)
    lowBoards(scope)
    ledger(scope)
    county(scope)
}

private fun NavGraphBuilder.matters(scope: Scope) {
    composable(Routes.OFFICE) {
        val model = viewModel { OfficeModel(scope.phone) }
        val state by model.state.collectAsState()
        val written by model.written.collectAsState()
        WhenLeft(model::leave)
        OfficeScreen(
            state,
            OfficeCallbacks(
                onBack = scope.navigator::back,
                onRetry = model::retry,
                onPage = { scope.navigator.open(routeOf(it)) },
                onShowObjections = model::showObjections,
                onMatter = model::open,
                onMember = { scope.navigator.open(Routes.member(it)) },
                onChoose = model::choose,
                onReason = model::write,
                onDecide = model::decide,
                onCloseDecision = model::close,
                onEnd = model::end,
            ),
            written = written,
        )
    }
}

private fun routeOf(page: OfficePage) =
    when (page) {
        OfficePage.Members -> Routes.MEMBERS
        OfficePage.LowBoards -> Routes.LOW_BOARDS
        OfficePage.Features -> Routes.FEATURES
        OfficePage.Rules -> Routes.RULES
    }

private fun NavGraphBuilder.lowBoards(scope: Scope) {
    composable(Routes.LOW_BOARDS) {
        val model = viewModel { LowBoardsModel(scope.phone) }
        val state by model.state.collectAsState()
        LowBoardsScreen(
            state,
            LowBoardsCallbacks(
                onBack = scope.navigator::back,
                onRetry = model::retry,
                onBlack = model::black,
                onBranch = model::branch,
                onEnd = model::end,
                onMember = { scope.navigator.open(Routes.ledger(it)) },
            ),
        )
    }
}

private fun NavGraphBuilder.ledger(scope: Scope) {
    composable(Routes.LEDGER) { entry ->
        val model = viewModel { LedgerModel(scope.phone, entry.id("member")) }
        val state by model.state.collectAsState()
        val written by model.written.collectAsState()
        WhenLeft(model::leave)
        LedgerScreen(state, model.callbacks(scope.navigator), written = written)
    }
}

/** What holds for the whole county. */
private fun NavGraphBuilder.county(scope: Scope) {
    composable(Routes.FEATURES) {
        val model = viewModel { FeaturesModel(scope.phone) }
        val state by model.state.collectAsState()
        FeaturesScreen(
            state,
            FeaturesCallbacks(
                onBack = scope.navigator::back,
                onRetry = model::retry,
                onFeature = model::set,
                onReduced = model::ask,
                onConfirm = model::confirm,
                onCancel = model::cancel,
            ),
        )
    }
    composable(Routes.RULES) {
        val model = viewModel { RulesModel(scope.phone) }
        val state by model.state.collectAsState()
        val written by model.written.collectAsState()
        WhenLeft(model::leave)
        RulesScreen(
            state.copy(text = written),
            RulesCallbacks(onBack = scope.navigator::back, onText = model::write, onPublish = model::publish),
        )
    }
}
