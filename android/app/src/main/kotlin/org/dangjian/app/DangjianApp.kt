package org.dangjian.app

import android.app.Application
import android.os.Build
import android.os.PowerManager
import android.util.Log
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import org.dangjian.app.keys.AndroidKeys
import org.dangjian.app.keys.ScreenConfirmation
import org.dangjian.app.phone.AndroidClock
import org.dangjian.app.phone.AndroidLog
import org.dangjian.app.phone.AndroidPlace
import org.dangjian.app.phone.AndroidPush
import org.dangjian.app.phone.Network
import org.dangjian.app.phone.NoPush
import org.dangjian.app.phone.Once
import org.dangjian.app.phone.PushAdapter
import org.dangjian.app.phone.ScreenReceiver
import org.dangjian.app.phone.Surroundings
import org.dangjian.app.phone.ToldPhone
import org.dangjian.app.phone.systemRoots
import org.dangjian.app.reminder.AndroidReminders
import org.dangjian.app.work.SyncWork
import org.dangjian.core.AppException
import org.dangjian.core.CoreConfig
import org.dangjian.core.LogLevel
import org.dangjian.core.Platform
import org.dangjian.core.setLogSink
import org.dangjian.ui.bridge.Phone
import java.io.File

/** The process: one phone, opened once and never closed, whoever of activity, jobs and receivers needs it first. */
class DangjianApp : Application() {
    internal val scope = CoroutineScope(SupervisorJob() + Dispatchers.Default)
    internal val surroundings = Surroundings()
    internal val activities = CurrentActivity()
    internal val notifications by lazy { Notifications(this) }
    internal val shell by lazy { AppShell(this) }
    internal val reminders by lazy {
        AndroidReminders(
            this,
            notifications,
            scope,
            inUse = { surroundings.isSeen },
            mayShow = { (activities.seen as? MainActivity)?.askForNotifications() ?: false },
        )
    }

    /** A distribution for one vendor's phones puts that vendor's here. */
    private val push: PushAdapter = NoPush

    private val opened = Once(scope) { withContext(Dispatchers.IO) { openPhone() } }

    override fun onCreate() {
        super.onCreate()
        registerActivityLifecycleCallbacks(activities)
        notifications.makeChannels()
        surroundings.lit((getSystemService(POWER_SERVICE) as PowerManager).isInteractive)
        ScreenReceiver(surroundings::lit).register(this)
        Network(this, surroundings::online).watch()
        SyncWork.everyHour(this)
        scope.launch {
            try {
                phone()
            } catch (problem: AppException) {
                // Whoever opens the app is told why, and can try again.
                Log.w(TAG, "not opened: ${problem.code()}")
            }
        }
    }

    /** @throws AppException if it can't be opened. */
    internal suspend fun phone(): Phone = opened.get()

    /** Does something with the phone awake, whether or not the app is seen. */
    internal suspend fun <T> behind(work: suspend (Phone) -> T): T {
        val phone = phone()
        return surroundings.behind(ToldPhone(phone)) { work(phone) }
    }

    /** The app is seen, or is not any more. */
    internal fun seen(isSeen: Boolean) {
        surroundings.seen(isSeen)
        if (isSeen) {
            reminders.refresh()
            return
        }
        // What was done offline is handed in once there is a network, even if the app is not opened again.
        SyncWork.once(this)
        scope.launch {
            try {
                behind { reminders.plan(it, left = true) }
            } catch (problem: AppException) {
                Log.w(TAG, "no reminder planned: ${problem.code()}")
            }
        }
    }

    private suspend fun openPhone(): Phone {
        setLogSink(AndroidLog, if (BuildConfig.DEBUG) LogLevel.INFO else LogLevel.WARN)
        val clock = AndroidClock(contentResolver)
        val keys = AndroidKeys(this, File(noBackupFilesDir, FILE_KEY), ScreenConfirmation(activities))
        val config =
            CoreConfig(
                dir = File(noBackupFilesDir, CORE).path,
                server = BuildConfig.SERVER,
                label = Build.MODEL,
                roots = systemRoots(),
            )
        val platform = Platform(keys, clock, AndroidPlace(this), AndroidPush(push))
        val phone = Phone.open(config, platform, clock)
        val told = ToldPhone(phone)
        surroundings.begin(told)
        scope.launch { surroundings.watch(told) }
        return phone
    }

    internal companion object {
        private const val TAG = "app"

        /** In Android's folder for what never goes into a backup; `res/xml/` forbids it once more. */
        const val CORE = "core"
        const val FILE_KEY = "file-key"
    }
}
