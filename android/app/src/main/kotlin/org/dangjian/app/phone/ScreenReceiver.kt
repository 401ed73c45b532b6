package org.dangjian.app.phone

import android.content.BroadcastReceiver
import android.content.Context
import android.content.Intent
import android.content.IntentFilter
import androidx.core.content.ContextCompat

/** Tells when the screen is lit or goes dark: study stands while it is dark. */
internal class ScreenReceiver(
    private val told: (Boolean) -> Unit,
) : BroadcastReceiver() {
    fun register(context: Context) {
        val filter = IntentFilter(Intent.ACTION_SCREEN_ON).apply { addAction(Intent.ACTION_SCREEN_OFF) }
        ContextCompat.registerReceiver(context, this, filter, ContextCompat.RECEIVER_NOT_EXPORTED)
    }

    override fun onReceive(
        context: Context,
        intent: Intent,
    ) {
        when (intent.action) {
            Intent.ACTION_SCREEN_ON -> told(true)
            Intent.ACTION_SCREEN_OFF -> told(false)
        }
    }
}
