package org.dangjian.app.phone

import android.Manifest.permission.ACCESS_COARSE_LOCATION
import android.Manifest.permission.ACCESS_FINE_LOCATION
import android.annotation.SuppressLint
import android.content.Context
import android.content.pm.PackageManager
import android.location.LocationManager
import org.dangjian.core.Location
import org.dangjian.core.Place
import org.dangjian.core.ProviderException
import org.dangjian.core.Timestamp
import kotlin.math.ceil
import kotlin.math.roundToInt
import android.location.Location as AndroidLocation

/**
 * The last known place. Never asks for the permission and never turns a sensor on: the screen that needs a place says
 * why and asks. The manifest does not name the permission until there is such a screen; until then there is no place.
 */
internal class AndroidPlace(
    private val context: Context,
) : Location {
    @SuppressLint("MissingPermission") // Looked up just before.
    override fun lastPlace(): Place? {
        if (listOf(ACCESS_FINE_LOCATION, ACCESS_COARSE_LOCATION).none(::granted)) return null
        return try {
            val manager = context.getSystemService(Context.LOCATION_SERVICE) as LocationManager
            manager
                .getProviders(true)
                .mapNotNull(manager::getLastKnownLocation)
                .maxByOrNull(AndroidLocation::getElapsedRealtimeNanos)
                ?.let { placeOf(it.latitude, it.longitude, if (it.hasAccuracy()) it.accuracy else null, it.time) }
        } catch (_: SecurityException) {
            // Taken back in this moment.
            null
        } catch (error: IllegalArgumentException) {
            throw ProviderException.Unavailable().apply { initCause(error) }
        }
    }

    private fun granted(permission: String) =
        context.checkSelfPermission(permission) == PackageManager.PERMISSION_GRANTED
}

private const val E7 = 1e7

/** @param accuracyM nothing if the phone does not know; then the place says nothing either. */
internal fun placeOf(
    latitude: Double,
    longitude: Double,
    accuracyM: Float?,
    atMs: Long,
): Place? {
    if (accuracyM == null || !accuracyM.isFinite() || accuracyM < 0) return null
    if (latitude !in -90.0..90.0 || longitude !in -180.0..180.0) return null
    return Place(
        (latitude * E7).roundToInt(),
        (longitude * E7).roundToInt(),
        ceil(accuracyM).toInt().toUInt(),
        Timestamp(atMs),
    )
}
