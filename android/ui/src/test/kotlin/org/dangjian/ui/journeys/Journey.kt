@file:OptIn(ExperimentalTestApi::class)

package org.dangjian.ui.journeys

import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.size
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.test.ComposeUiTest
import androidx.compose.ui.test.ExperimentalTestApi
import androidx.compose.ui.test.runComposeUiTest
import androidx.compose.ui.text.font.FontFamily
import androidx.compose.ui.unit.dp
import androidx.lifecycle.ViewModelStore
import androidx.lifecycle.ViewModelStoreOwner
import androidx.lifecycle.viewmodel.compose.LocalViewModelStoreOwner
import kotlinx.coroutines.runBlocking
import org.dangjian.core.County
import org.dangjian.ui.HEIGHT_DP
import org.dangjian.ui.WIDTH_DP
import org.dangjian.ui.app.App
import org.dangjian.ui.app.Shell
import org.dangjian.ui.bridge.Access
import org.dangjian.ui.bridge.Phone
import org.dangjian.ui.desktop.Handset
import org.dangjian.ui.desktop.desktopFont
import java.io.File
import javax.swing.SwingUtilities

/**
 * Somebody's phone with the whole app on it: real files, the real core, a real server.
 *
 * @param who has signed in here before the app is seen; nobody if absent.
 * @param link what the app was opened with.
 */
class TestPhone(
    override val name: String,
    private val who: String? = null,
    var link: String? = null,
    private val server: TestServer = SharedCounty,
) : Shell,
    Handset {
    val dir: File = County.dir("ui-$name")
    private var opened: Phone? = null
    private var preferences: String? = null

    override val version = "0.1.0"
    override val fontFamily: FontFamily = desktopFont()
    override val people: List<Access> = emptyList()

    override suspend fun open(person: Access?): Phone =
        opened ?: Phone.open(server.config(dir), County.platform(dir, server.clock), server.clock).also { phone ->
            who?.let { if (!phone.core.core.signedIn()) server.signIn(phone.core, County.named(it)) }
            opened = phone
        }

    /** The core below the app, for what cannot be seen. */
    internal val phone: Phone get() = checkNotNull(opened)

    /** There is a network again, or none. */
    fun network(online: Boolean) = runBlocking { phone.network(online) }

    override fun kept(): String? = preferences

    override fun keep(preferences: String) {
        this.preferences = preferences
    }

    /** As if the system had ended the process: what is not in files is gone. */
    fun kill() =
        runBlocking {
            opened?.close()
            opened = null
        }
}

/** Phones side by side on one screen, which a test uses as a person would. */
fun journey(
    vararg phones: TestPhone,
    walk: ComposeUiTest.() -> Unit,
) {
    val owners = phones.associateWith { Owner() }
    try {
        runComposeUiTest {
            setContent {
                androidx.compose.foundation.layout.Row {
                    phones.forEach { phone ->
                        CompositionLocalProvider(LocalViewModelStoreOwner provides owners.getValue(phone)) {
                            Box(Modifier.size(WIDTH_DP.dp, HEIGHT_DP.dp).testTag(phone.name)) { App(phone, phone.link) }
                        }
                    }
                }
            }
            walk()
        }
    } finally {
        // The app ends before its phone does.
        SwingUtilities.invokeAndWait { owners.values.forEach { it.viewModelStore.clear() } }
        phones.forEach(TestPhone::kill)
    }
}

private class Owner : ViewModelStoreOwner {
    override val viewModelStore = ViewModelStore()
}
