package org.dangjian.app.phone

import android.util.Log
import org.dangjian.core.LogLevel
import org.dangjian.core.LogSink

/** The core's log, which names no person, in Android's. */
internal object AndroidLog : LogSink {
    override fun log(
        level: LogLevel,
        target: String,
        message: String,
    ) {
        Log.println(priorityOf(level), target, message)
    }

    private fun priorityOf(level: LogLevel) =
        when (level) {
            LogLevel.ERROR -> Log.ERROR
            LogLevel.WARN -> Log.WARN
            LogLevel.INFO -> Log.INFO
            LogLevel.DEBUG -> Log.DEBUG
        }
}
