package org.dangjian.ui.bridge

import org.dangjian.core.AppException
import org.dangjian.ui.components.ErrorState

/** What went wrong, as a card says it: a sentence for the person, a code for whoever helps. */
internal fun AppException.asError(): ErrorState =
    ErrorState(
        title = if (this is AppException.Offline) BridgeStrings.OFFLINE_TITLE else BridgeStrings.PROBLEM_TITLE,
        sentence = sentence(),
        code = code(),
        canRetry = retryable(),
    )

/** What [error] is, if it is the core's; anything else is a defect of the app and goes on up. */
internal fun problemOf(error: Throwable): AppException = error as? AppException ?: throw error
