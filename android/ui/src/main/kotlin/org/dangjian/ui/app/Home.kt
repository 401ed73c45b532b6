package org.dangjian.ui.app

import androidx.compose.animation.EnterTransition
import androidx.compose.animation.ExitTransition
import androidx.compose.foundation.layout.BoxWithConstraints
import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.runtime.DisposableEffect
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.SideEffect
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateMapOf
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.lifecycle.ViewModelStore
import androidx.lifecycle.ViewModelStoreOwner
import androidx.lifecycle.viewmodel.compose.LocalViewModelStoreOwner
import androidx.navigation.NavBackStackEntry
import androidx.navigation.NavGraphBuilder
import androidx.navigation.NavHostController
import androidx.navigation.compose.NavHost
import androidx.navigation.compose.composable
import androidx.navigation.compose.currentBackStackEntryAsState
import androidx.navigation.compose.rememberNavController
import androidx.savedstate.read
import org.dangjian.ui.bridge.Phone
import org.dangjian.ui.components.BottomBarState
import org.dangjian.ui.components.LocalRail

/** What every screen of a signed-in member is made with. */
class Scope(
    val phone: Phone,
    val shell: Shell,
    val preferences: PreferencesModel,
    val navigator: Navigator,
) {
    /** The lists that stay beside what is opened from them, by their routes. */
    internal val lists = mutableStateMapOf<String, @Composable () -> Unit>()
}

/** The app of somebody who is signed in. Which screens are open, and what was typed into them, outlives the process. */
@Composable
fun Home(
    phone: Phone,
    shell: Shell,
    preferences: PreferencesModel,
    link: String?,
    controller: NavHostController = rememberNavController(),
) {
    val scope = remember(phone, controller) { Scope(phone, shell, preferences, Navigator(controller)) }
    BoxWithConstraints {
        val wide = maxWidth >= WIDE
        SideEffect { scope.navigator.wide = wide }
        val at by controller.currentBackStackEntryAsState()
        val route = at?.destination?.route
        val unread by phone.unread.collectAsState(0)
        WideFrame(
            rail = if (wide) BottomBarState(Routes.tabOf(route), unread) else null,
            onTab = scope.navigator::tab,
            list = Routes.LIST_OF[route]?.let(scope.lists::get)?.let { list -> { Beside(phone) { list() } } },
        ) {
            Screens(scope, controller, link)
        }
    }
}

@Composable
private fun Screens(
    scope: Scope,
    controller: NavHostController,
    link: String?,
) {
    // Without motion: it would cost frames on old phones, and nobody waits for it.
    NavHost(
        controller,
        startDestination = Routes.TODAY,
        enterTransition = { EnterTransition.None },
        exitTransition = { ExitTransition.None },
    ) {
        todayRoutes(scope)
        studyRoutes(scope)
        pointsRoutes(scope)
        noticeRoutes(scope)
        meRoutes(scope)
        officeRoutes(scope)
        membersRoutes(scope)
    }
    // A link is followed once, not again after the process was restored.
    var followed by rememberSaveable { mutableStateOf<String?>(null) }
    LaunchedEffect(link) {
        if (link != followed) link?.let(Routes::ofLink)?.let(scope.navigator::open)
        followed = link
    }
}

/** A root screen whose list stays to the left of what is opened from it where there is room; see [Routes.LIST_OF]. */
internal fun NavGraphBuilder.listScreen(
    scope: Scope,
    route: String,
    content: @Composable () -> Unit,
) {
    scope.lists[route] = content
    composable(route) { if (LocalRail.current) NothingOpen() else content() }
}

/** A list beside what is open does not go with it: it has its own models. */
@Composable
private fun Beside(
    phone: Phone,
    list: @Composable () -> Unit,
) {
    val owner = remember(phone) { ListOwner() }
    DisposableEffect(owner) { onDispose(owner.viewModelStore::clear) }
    CompositionLocalProvider(LocalViewModelStoreOwner provides owner, content = list)
}

private class ListOwner : ViewModelStoreOwner {
    override val viewModelStore = ViewModelStore()
}

/** What stands in the route for `{name}`. */
internal fun NavBackStackEntry.id(name: String): String = checkNotNull(arguments).read { getString(name) }
