package org.dangjian.app

import android.app.Activity
import android.app.Application
import android.os.Bundle
import androidx.activity.ComponentActivity

/** The activity that a person sees, for what must be asked on a screen. */
internal class CurrentActivity : Application.ActivityLifecycleCallbacks {
    /** Only from resumed to paused, so it is never held longer than it lives. */
    @Volatile
    var seen: ComponentActivity? = null
        private set

    override fun onActivityResumed(activity: Activity) {
        seen = activity as? ComponentActivity
    }

    override fun onActivityPaused(activity: Activity) {
        if (seen === activity) seen = null
    }

    override fun onActivityCreated(
        activity: Activity,
        savedInstanceState: Bundle?,
    ) = Unit

    override fun onActivityStarted(activity: Activity) = Unit

    override fun onActivityStopped(activity: Activity) = Unit

    override fun onActivitySaveInstanceState(
        activity: Activity,
        outState: Bundle,
    ) = Unit

    override fun onActivityDestroyed(activity: Activity) = Unit
}
