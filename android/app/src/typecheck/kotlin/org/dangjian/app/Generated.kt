@file:Suppress("ClassName", "ktlint:standard:class-naming")

package org.dangjian.app

/** Stands in for what Gradle generates; a test compares it with the resources. */
object R {
    object string {
        const val app_name = 0
        const val channel_notices = 0
        const val channel_notices_about = 0
        const val channel_reminders = 0
        const val channel_reminders_about = 0
        const val confirm_title = 0
        const val confirm_subtitle = 0
    }

    object plurals {
        const val notices_new = 0
    }

    object drawable {
        const val ic_notification = 0
        const val ic_launcher_foreground = 0
    }

    object color {
        const val background = 0
        const val brand = 0
        const val icon = 0
    }
}

/** Stands in for what Gradle generates from `build.gradle.kts`. */
object BuildConfig {
    val DEBUG = false
    val VERSION_NAME = "0.1.0"
    val SERVER = "https://localhost"
}
