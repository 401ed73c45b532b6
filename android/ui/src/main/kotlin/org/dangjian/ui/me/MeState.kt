package org.dangjian.ui.me

import androidx.compose.runtime.Immutable
import org.dangjian.ui.components.BottomBarState
import org.dangjian.ui.components.ErrorState
import org.dangjian.ui.components.FactState
import org.dangjian.ui.components.SyncState
import org.dangjian.ui.components.Tab

/** What 我的 shows. Only what exists can be tapped. */
@Immutable
data class MeState(
    val name: String = "",
    /** 「党员编号 4311280001」 */
    val number: String = "",
    /** 「正式党员」 */
    val kind: String? = null,
    val org: String = "",
    val orgLast: String = org,
    /** Roles and guest branches, one a line: 「三占塘村党支部 · 书记」. */
    val offices: List<String> = emptyList(),
    val sync: SyncState = SyncState.Settled,
    /** 「上次同步 今天 12:38」 */
    val synced: String? = null,
    /** 「本季 1,046 分」; absent where points are not shown. */
    val points: String? = null,
    /** How many reviews and objections wait for this person; absent for who decides none. */
    val toDecide: Int? = null,
    /** What 我的数据和授权 has to say; empty while there is nothing. */
    val data: List<FactState> = emptyList(),
    val loading: Boolean = false,
    val problem: ErrorState? = null,
    val bar: BottomBarState = BottomBarState(Tab.Me),
)

data class MeCallbacks(
    val onSettings: () -> Unit = {},
    val onRetry: () -> Unit = {},
    val onOutbox: () -> Unit = {},
    val onPoints: () -> Unit = {},
    val onOffice: () -> Unit = {},
    val onTab: (Tab) -> Unit = {},
)

enum class Appearance(
    val label: String,
) {
    System(MeStrings.SYSTEM),
    Light(MeStrings.LIGHT),
    Dark(MeStrings.DARK),
}

/** How large letters may be made, of the system's own size. */
val FONT_STEPS = listOf(0.85f, 1f, 1.15f, 1.3f, 1.5f, 1.75f, 2f)

/** What 设置 shows. */
@Immutable
data class SettingsState(
    val elder: Boolean = false,
    /** Place in [FONT_STEPS]. */
    val fontStep: Int = 1,
    val appearance: Appearance = Appearance.System,
    val highContrast: Boolean = false,
    /** 「本月流量 41 MB」 and the like; empty while nothing is counted. */
    val dataUse: List<FactState> = emptyList(),
    /** 「0.1.0」 */
    val version: String,
    /** How many operations wait while one is asked whether to sign out; absent while nobody is asked. */
    val signOutWaiting: Int? = null,
    /** Absent where nothing can remind. */
    val reminder: ReminderState? = null,
)

data class SettingsCallbacks(
    val onBack: () -> Unit = {},
    val onElder: (Boolean) -> Unit = {},
    val onFontStep: (Int) -> Unit = {},
    val onAppearance: (Appearance) -> Unit = {},
    val onHighContrast: (Boolean) -> Unit = {},
    val onSignOutOpen: (Boolean) -> Unit = {},
    val onSignOut: () -> Unit = {},
    val reminder: ReminderCallbacks = ReminderCallbacks(),
)
