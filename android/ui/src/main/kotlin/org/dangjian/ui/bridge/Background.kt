package org.dangjian.ui.bridge

import org.dangjian.core.AppException
import org.dangjian.core.NoticeState
import org.dangjian.core.NoticeView

private const val SLEEP_MS = 5_000u

/** How many notices are looked at for new ones. */
private const val NOTICES_LOOKED_AT = 20u

/** How an exchange with the server ended that nobody watched. */
enum class Exchanged {
    /** Both sides have everything. */
    Done,

    /** Nobody is signed in. */
    Nobody,

    /** Trying later may help. */
    Later,

    /** Trying again does not help. */
    Failed,
}

/** Lets the phone work although the app is not seen; [sleep] ends that. */
suspend fun Phone.wake() = call { core.resume() }

/** Nothing more is to be done behind the scenes: no file stays locked. */
suspend fun Phone.sleep() {
    call { core.suspend(SLEEP_MS) }
}

/** Exchanges with the server until both sides have everything; the phone must be awake. */
suspend fun Phone.exchange(): Exchanged =
    try {
        call { core.sync() }
        Exchanged.Done
    } catch (_: AppException.NotSignedIn) {
        Exchanged.Nobody
    } catch (_: AppException.DeviceRevoked) {
        Exchanged.Nobody
    } catch (problem: AppException) {
        if (problem.retryable()) Exchanged.Later else Exchanged.Failed
    }

/** Notices that nobody has read yet, newest first. */
suspend fun Phone.unreadNotices(): List<NoticeView> =
    call {
        if (core.member() == null) return@call emptyList()
        notices.list(NOTICES_LOOKED_AT, 0u).rows.filter { !it.read && it.state == NoticeState.PUBLISHED }
    }
