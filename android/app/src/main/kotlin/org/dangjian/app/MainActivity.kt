package org.dangjian.app

import android.Manifest.permission.POST_NOTIFICATIONS
import android.content.Intent
import android.os.Build
import android.os.Bundle
import androidx.activity.ComponentActivity
import androidx.activity.compose.setContent
import androidx.activity.enableEdgeToEdge
import androidx.activity.result.contract.ActivityResultContracts.RequestPermission
import androidx.annotation.RequiresApi
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.setValue
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext
import org.dangjian.ui.app.App

/** The window. What is open in it and what was typed outlives the process: Compose keeps it in the saved state. */
class MainActivity : ComponentActivity() {
    private val app get() = application as DangjianApp
    private var link by mutableStateOf<String?>(null)
    private var asked: CompletableDeferred<Boolean>? = null
    private val permission =
        registerForActivityResult(RequestPermission()) { granted ->
            asked?.complete(granted)
            asked = null
            app.reminders.refresh()
        }

    override fun onCreate(savedInstanceState: Bundle?) {
        enableEdgeToEdge()
        super.onCreate(savedInstanceState)
        link = intent.link()
        setContent { App(app.shell, link) }
    }

    override fun onNewIntent(intent: Intent) {
        super.onNewIntent(intent)
        setIntent(intent)
        intent.link()?.let { link = it }
    }

    override fun onStart() {
        super.onStart()
        app.seen(true)
    }

    override fun onStop() {
        super.onStop()
        // Turning the phone makes a new activity of it; nobody looked away.
        if (!isChangingConfigurations) app.seen(false)
    }

    override fun onDestroy() {
        asked?.complete(false)
        super.onDestroy()
    }

    /** Asks whether the app may show notifications, where that is asked; true if it may. */
    internal suspend fun askForNotifications(): Boolean =
        when {
            app.notifications.allowed -> true
            Build.VERSION.SDK_INT < Build.VERSION_CODES.TIRAMISU -> false
            else -> withContext(Dispatchers.Main) { ask() }
        }

    @RequiresApi(Build.VERSION_CODES.TIRAMISU)
    private suspend fun ask(): Boolean {
        val answer = asked ?: CompletableDeferred<Boolean>().also { asked = it }
        permission.launch(POST_NOTIFICATIONS)
        return answer.await()
    }
}
