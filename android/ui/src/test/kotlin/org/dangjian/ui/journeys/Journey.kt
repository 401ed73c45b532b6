package org.dangjian.ui.journeys

import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.size
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.text.font.FontFamily
import androidx.compose.ui.unit.dp
import androidx.lifecycle.viewmodel.compose.LocalViewModelStoreOwner
import kotlinx.coroutines.runBlocking
import org.dangjian.core.County
import org.dangjian.ui.HEIGHT_DP
import org.dangjian.ui.WIDTH_DP
import org.dangjian.ui.app.App
import org.dangjian.ui.app.Shell
import org.dangjian.ui.bridge.Access
import org.dangjian.ui.bridge.Phone
import org.dangjian.ui.desktop.Hands
import org.dangjian.ui.desktop.Handset
import org.dangjian.ui.desktop.Owner
import org.dangjian.ui.desktop.desktopFont
import org.dangjian.ui.desktop.hands
import java.io.File

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

/** Takes the network from [phone] once nothing is under way: an answer that still came would pass for a network. */
fun Hands.goesOffline(phone: TestPhone) {
    waits("nothing is under way") {
        phone.phone.core.core
            .status()
            .run { online && !syncing && queued == 0uL }
    }
    phone.network(false)
}

/** Phones side by side on one screen, which a test uses as a person would. */
fun journey(
    vararg phones: TestPhone,
    walk: Hands.() -> Unit,
) = hands {
    val owners = phones.associateWith { Owner() }
    atTheEnd { owners.values.forEach { it.viewModelStore.clear() } }
    // The app ends before its phone does.
    atTheEnd { phones.forEach(TestPhone::kill) }
    shows {
        Row {
            phones.forEach { phone ->
                CompositionLocalProvider(LocalViewModelStoreOwner provides owners.getValue(phone)) {
                    Box(Modifier.size(WIDTH_DP.dp, HEIGHT_DP.dp).testTag(phone.name)) { App(phone, phone.link) }
                }
            }
        }
    }
    walk()
}
