package org.dangjian.app.phone

import org.dangjian.core.PushToken

/**
 * A vendor's push service. None is in this tree: their SDKs come with contracts, and a phone has only its own vendor's.
 * A distribution adds a class of its own in `src/<vendor>/` and names it in
 * [DangjianApp.push][org.dangjian.app.DangjianApp].
 *
 * - Huawei `HmsMessaging`, Honor `HonorPushClient`, Xiaomi `MiPushClient`, OPPO `HeytapPushManager`, vivo
 *   `PushClient`: each registers in the background and calls back with a token; keep it and return it from [token].
 * - A message says only that there is something new: the vendor's receiver calls
 *   [SyncWork.once][org.dangjian.app.work.SyncWork.once] and shows nothing itself, so no vendor reads a notice.
 * - Where a vendor insists on showing it, its click opens `dangjian://notices` in the activity.
 */
internal interface PushAdapter {
    /** The token, once the vendor gave one; must not wait for it. */
    fun token(): String?
}

/**
 * Without a vendor: the phone hears of news while the app is seen, and at each
 * [SyncWork][org.dangjian.app.work.SyncWork].
 */
internal object NoPush : PushAdapter {
    override fun token(): String? = null
}

internal class AndroidPush(
    private val adapter: PushAdapter,
) : PushToken {
    override fun token(): String? = adapter.token()?.takeIf(String::isNotBlank)
}
