package org.dangjian.ui.app

import androidx.navigation.NavBackStackEntry
import androidx.navigation.NavController
import androidx.navigation.NavOptions
import org.dangjian.ui.bridge.WayOn
import org.dangjian.ui.components.Tab

/** Where one can be in the app. What stands in braces is an id. */
object Routes {
    const val TODAY = "today"
    const val STUDY = "study"
    const val READER = "reader/{item}"
    const val QUIZ = "quiz/{item}"
    const val POINTS = "points"
    const val BOARDS = "boards"
    const val NOTICES = "notices"
    const val NOTICE = "notice/{notice}"
    const val PUBLISH = "publish"
    const val EDIT = "edit/{notice}"
    const val RECEIPTS = "receipts/{notice}"
    const val OUTBOX = "outbox"
    const val ME = "me"
    const val SETTINGS = "settings"
    const val OFFICE = "office"
    const val MEMBERS = "members"
    const val MEMBER = "member/{member}"
    const val LEDGER = "ledger/{member}"
    const val LOW_BOARDS = "low-boards"
    const val FEATURES = "features"
    const val RULES = "rules"

    fun reader(item: String) = "reader/$item"

    fun quiz(item: String) = "quiz/$item"

    fun notice(notice: String) = "notice/$notice"

    fun edit(notice: String) = "edit/$notice"

    fun receipts(notice: String) = "receipts/$notice"

    fun member(member: String) = "member/$member"

    fun ledger(member: String) = "ledger/$member"

    /** What a link from a reminder or a push opens: `dangjian://notice/…`. */
    fun ofLink(link: String): String? {
        val route = link.removePrefix(SCHEME).takeIf { it != link } ?: return null
        return route.takeIf { LINKED.any { linked -> linked.matches(route) } }
    }

    /** Which list what is open belongs to. */
    internal val LIST_OF =
        listOf(NOTICES, NOTICE, PUBLISH, EDIT, RECEIPTS).associateWith { NOTICES } +
            listOf(STUDY, READER, QUIZ).associateWith { STUDY }

    /** What is opened from a list itself. */
    internal val FROM_LIST = setOf(NOTICE, PUBLISH, READER, QUIZ)

    internal fun patternOf(route: String): String =
        LIST_OF.keys.firstOrNull { it.substringBefore('/') == route.substringBefore('/') } ?: route

    /** The root screen of a tab. */
    internal fun of(tab: Tab): String? =
        when (tab) {
            Tab.Today -> TODAY
            Tab.Study -> STUDY
            Tab.Messages -> NOTICES
            Tab.Me -> ME
            Tab.Activities -> null
        }

    /** Under which tab a screen is found. */
    internal fun tabOf(pattern: String?): Tab =
        when (LIST_OF[pattern] ?: pattern) {
            STUDY -> Tab.Study
            NOTICES -> Tab.Messages
            ME, SETTINGS, OFFICE, MEMBERS, MEMBER -> Tab.Me
            else -> Tab.Today
        }

    private const val SCHEME = "dangjian://"
    private const val ID = "[0-9a-f-]{36}"
    private val LINKED =
        listOf(
            "today",
            "study",
            "points",
            "boards",
            "notices",
            "outbox",
            "office",
            "reader/$ID",
            "notice/$ID",
        ).map(::Regex)
}

/** Goes from screen to screen. */
class Navigator(
    private val controller: NavController,
) {
    /** Whether a list stays beside what is opened from it. */
    internal var wide = false

    /** Opens a screen above this one. Tapping twice opens it once. */
    fun open(route: String) {
        // Not launchSingleTop: it would put another notice's id under the model of the one that is open.
        if (controller.currentBackStackEntry?.filled() == route) return
        if (wide) leaveDetailsOf(route)
        controller.navigate(route)
    }

    /** Beside a list, what is chosen next takes the place of what was open. */
    private fun leaveDetailsOf(route: String) {
        val opened = Routes.patternOf(route).takeIf { it in Routes.FROM_LIST } ?: return
        val list = Routes.LIST_OF[opened]
        while (true) {
            val present = controller.currentDestination?.route
            if (present == list || Routes.LIST_OF[present] != list || !controller.popBackStack()) return
        }
    }

    /** From what was refused to what can be done about it. */
    fun goOn(way: WayOn) =
        when (way) {
            WayOn.Points -> open(Routes.POINTS)
            is WayOn.Write -> open(way.notice?.let(Routes::edit) ?: Routes.PUBLISH)
        }

    fun back() {
        controller.popBackStack()
    }

    /** Changes to a root screen; what was open in it is as it was left. Back leads to 今日. */
    fun tab(tab: Tab) {
        val route = Routes.of(tab) ?: return
        val options =
            NavOptions
                .Builder()
                .setPopUpTo(Routes.TODAY, inclusive = false, saveState = true)
                .setLaunchSingleTop(true)
                .setRestoreState(true)
                .build()
        controller.navigate(route, options)
    }
}

private val BRACED = Regex("""\{(\w+)}""")

/** The route with its ids. */
private fun NavBackStackEntry.filled(): String? =
    destination.route?.let { pattern -> BRACED.replace(pattern) { id(it.groupValues[1]) } }
