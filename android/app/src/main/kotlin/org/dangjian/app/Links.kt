package org.dangjian.app

import android.content.Intent

private const val SCHEME = "dangjian://"

/**
 * The link that an intent opens, if it is one of ours; where it leads is for the app to check. An app brought back from
 * the list of recent ones is given the intent that once started it: that link was followed long ago.
 */
internal fun linkOf(
    action: String?,
    data: String?,
    flags: Int,
): String? =
    data?.takeIf {
        action == Intent.ACTION_VIEW &&
            it.startsWith(SCHEME) &&
            flags and Intent.FLAG_ACTIVITY_LAUNCHED_FROM_HISTORY == 0
    }

internal fun Intent.link(): String? = linkOf(action, dataString, flags)
