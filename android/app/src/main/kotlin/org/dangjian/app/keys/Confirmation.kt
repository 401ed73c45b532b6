package org.dangjian.app.keys

import android.app.Activity
import android.app.KeyguardManager
import android.content.Context
import android.content.Intent
import android.hardware.biometrics.BiometricManager.Authenticators
import android.hardware.biometrics.BiometricPrompt
import android.os.Build
import android.os.CancellationSignal
import android.os.Handler
import android.os.Looper
import androidx.activity.ComponentActivity
import androidx.activity.result.ActivityResultLauncher
import androidx.activity.result.contract.ActivityResultContracts.StartActivityForResult
import androidx.annotation.RequiresApi
import org.dangjian.app.CurrentActivity
import org.dangjian.app.R
import org.dangjian.core.ProviderException
import java.security.Signature
import java.util.concurrent.CompletableFuture
import java.util.concurrent.ExecutionException
import java.util.concurrent.TimeUnit
import java.util.concurrent.TimeoutException

/** Asks whoever holds the phone for finger, face, or the phone's PIN. */
internal interface Confirmation {
    /**
     * Returns once they gave it; blocks until then.
     *
     * @param signature what is unlocked by it, where the phone can bind one signature to one asking.
     * @throws ProviderException.Cancelled if they said no.
     */
    fun confirm(signature: Signature?)
}

/**
 * Asks on the screen that is seen. From Android 11 on in the system's own prompt, which unlocks one signature; before,
 * PIN and finger can't unlock the same signature, so the lock screen's question unlocks the key for
 * [AndroidKeys.WINDOW_S].
 */
internal class ScreenConfirmation(
    private val activities: CurrentActivity,
) : Confirmation {
    private val main = Handler(Looper.getMainLooper())

    override fun confirm(signature: Signature?) {
        check(Looper.myLooper() != Looper.getMainLooper()) { "asking blocks" }
        val activity = activities.seen ?: throw ProviderException.Unavailable()
        val answer = CompletableFuture<Unit>()
        val stop = CancellationSignal()
        main.post {
            try {
                if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.R) {
                    prompt(activity, signature, answer, stop)
                } else {
                    lockScreen(activity, answer, stop)
                }
            } catch (error: RuntimeException) {
                answer.completeExceptionally(error)
            }
        }
        try {
            answer.get(PATIENCE_S, TimeUnit.SECONDS)
        } catch (error: ExecutionException) {
            throw error.cause ?: error
        } catch (_: TimeoutException) {
            throw ProviderException.Unavailable()
        } finally {
            if (!answer.isDone) main.post { stop.cancel() }
        }
    }

    @RequiresApi(Build.VERSION_CODES.R)
    private fun prompt(
        activity: ComponentActivity,
        signature: Signature?,
        answer: CompletableFuture<Unit>,
        stop: CancellationSignal,
    ) {
        val told =
            object : BiometricPrompt.AuthenticationCallback() {
                override fun onAuthenticationSucceeded(result: BiometricPrompt.AuthenticationResult) {
                    answer.complete(Unit)
                }

                override fun onAuthenticationError(
                    errorCode: Int,
                    errString: CharSequence,
                ) {
                    val no = if (saidNo(errorCode)) ProviderException.Cancelled() else ProviderException.Unavailable()
                    answer.completeExceptionally(no)
                }
            }
        val prompt =
            BiometricPrompt
                .Builder(activity)
                .setTitle(activity.getString(R.string.confirm_title))
                .setSubtitle(activity.getString(R.string.confirm_subtitle))
                .setAllowedAuthenticators(Authenticators.BIOMETRIC_STRONG or Authenticators.DEVICE_CREDENTIAL)
                .build()
        if (signature == null) {
            prompt.authenticate(stop, activity.mainExecutor, told)
        } else {
            prompt.authenticate(BiometricPrompt.CryptoObject(signature), stop, activity.mainExecutor, told)
        }
    }

    private fun lockScreen(
        activity: ComponentActivity,
        answer: CompletableFuture<Unit>,
        stop: CancellationSignal,
    ) {
        val keyguard = activity.getSystemService(Context.KEYGUARD_SERVICE) as KeyguardManager

        @Suppress("DEPRECATION") // Its successor is the prompt, which these versions lack.
        val question =
            keyguard.createConfirmDeviceCredentialIntent(
                activity.getString(R.string.confirm_title),
                activity.getString(R.string.confirm_subtitle),
            ) ?: throw ProviderException.Unavailable()
        var launcher: ActivityResultLauncher<Intent>? = null
        launcher =
            activity.activityResultRegistry.register(LOCK_SCREEN, StartActivityForResult()) { result ->
                launcher?.unregister()
                if (result.resultCode == Activity.RESULT_OK) {
                    answer.complete(Unit)
                } else {
                    answer.completeExceptionally(ProviderException.Cancelled())
                }
            }
        stop.setOnCancelListener { launcher.unregister() }
        launcher.launch(question)
    }

    private companion object {
        /** Somebody looks for their glasses. */
        const val PATIENCE_S = 120L
        const val LOCK_SCREEN = "confirm"
    }
}
