package org.dangjian.app.phone

import android.content.Context
import android.net.ConnectivityManager
import android.net.Network as AndroidNetwork

/** Tells whether there is a network, now and at each change. */
internal class Network(
    context: Context,
    private val told: (Boolean) -> Unit,
) : ConnectivityManager.NetworkCallback() {
    private val manager = context.getSystemService(Context.CONNECTIVITY_SERVICE) as ConnectivityManager

    /**
     * Any network counts, also one that Android calls unvalidated: it asks a server that many networks here don't
     * reach, and the core finds out by itself whether ours is.
     */
    fun watch() {
        told(manager.activeNetwork != null)
        manager.registerDefaultNetworkCallback(this)
    }

    override fun onAvailable(network: AndroidNetwork) = told(true)

    override fun onLost(network: AndroidNetwork) = told(false)
}
