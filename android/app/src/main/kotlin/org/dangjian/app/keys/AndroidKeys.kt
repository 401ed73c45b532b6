package org.dangjian.app.keys

import android.app.KeyguardManager
import android.content.Context
import android.content.pm.PackageManager
import android.os.Build
import android.security.keystore.KeyGenParameterSpec
import android.security.keystore.KeyProperties
import android.util.AtomicFile
import android.util.Log
import org.dangjian.core.KeyStore
import org.dangjian.core.KeyUse
import org.dangjian.core.ProviderException
import java.io.File
import java.io.IOException
import java.security.KeyPairGenerator
import java.security.PrivateKey
import java.security.SecureRandom
import java.security.Signature
import java.security.spec.ECGenParameterSpec
import javax.crypto.Cipher
import javax.crypto.KeyGenerator
import javax.crypto.SecretKey
import javax.crypto.spec.GCMParameterSpec
import java.security.KeyStore as SystemKeyStore

/**
 * The phone's keys in Android's key store; no private key ever leaves it.
 *
 * Calls come on the core's threads, and several may come at once. What only reads or makes keys takes its turn; waiting
 * for a person does not keep the others waiting.
 *
 * @param fileKeyFile where the wrapped file key lies, outside backups: on another phone nobody could unwrap it.
 */
internal class AndroidKeys(
    private val context: Context,
    private val fileKeyFile: File,
    private val confirmation: Confirmation,
) : KeyStore {
    private val store: SystemKeyStore by lazy { SystemKeyStore.getInstance(PROVIDER).apply { load(null) } }

    @Synchronized
    override fun silentKey(): ByteArray =
        provided {
            if (!store.containsAlias(SILENT)) make(SILENT)
            publicKey(SILENT)
        }

    /** Made where the phone has a lock screen: without one there is nothing to ask for. */
    @Synchronized
    override fun presenceKey(): ByteArray? =
        provided {
            if (!store.containsAlias(PRESENCE)) {
                val keyguard = context.getSystemService(Context.KEYGUARD_SERVICE) as KeyguardManager
                if (!keyguard.isDeviceSecure) return@provided null
                make(PRESENCE)
            }
            publicKey(PRESENCE)
        }

    override fun sign(
        key: KeyUse,
        message: ByteArray,
    ): ByteArray =
        provided {
            when (key) {
                KeyUse.SILENT -> signature(SILENT)
                KeyUse.PRESENCE -> confirmed()
            }.run {
                update(message)
                sign()
            }
        }

    @Synchronized
    override fun fileKey(): ByteArray =
        provided {
            val file = AtomicFile(fileKeyFile)
            if (fileKeyFile.exists()) unwrap(file.readFully()) else newFileKey(file)
        }

    @Synchronized
    override fun forgetSigningKeys() =
        provided {
            listOf(SILENT, PRESENCE).filter(store::containsAlias).forEach(store::deleteEntry)
        }

    @Synchronized
    override fun wipe() =
        provided {
            // The wrapping key first: without it the file is worth nothing, even if it can't be deleted.
            listOf(FILES, SILENT, PRESENCE).filter(store::containsAlias).forEach(store::deleteEntry)
            AtomicFile(fileKeyFile).delete()
        }

    private fun signature(alias: String): Signature {
        val key = store.getKey(alias, null) as? PrivateKey ?: throw ProviderException.Unavailable()
        return Signature.getInstance(ECDSA).apply { initSign(key) }
    }

    private fun confirmed(): Signature {
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.R) return signature(PRESENCE).also(confirmation::confirm)
        confirmation.confirm(null)
        return signature(PRESENCE)
    }

    private fun publicKey(alias: String): ByteArray =
        store.getCertificate(alias)?.publicKey?.uncompressed() ?: throw ProviderException.Unavailable()

    private fun make(alias: String) {
        if (strongBoxIsFast) {
            try {
                return generate(alias, inStrongBox = true)
            } catch (error: java.security.ProviderException) {
                // It is full or busy; the phone's other key store is good enough to work with.
                Log.w(TAG, "no key in StrongBox: ${error.javaClass.simpleName}")
            }
        }
        generate(alias, inStrongBox = false)
    }

    private fun generate(
        alias: String,
        inStrongBox: Boolean,
    ) {
        val spec =
            KeyGenParameterSpec
                .Builder(alias, KeyProperties.PURPOSE_SIGN)
                .setAlgorithmParameterSpec(ECGenParameterSpec(CURVE))
                .setDigests(KeyProperties.DIGEST_SHA256)
        if (alias == PRESENCE) spec.askEachTime()
        if (inStrongBox && Build.VERSION.SDK_INT >= Build.VERSION_CODES.P) spec.setIsStrongBoxBacked(true)
        KeyPairGenerator.getInstance(KeyProperties.KEY_ALGORITHM_EC, PROVIDER).run {
            initialize(spec.build())
            generateKeyPair()
        }
    }

    private fun KeyGenParameterSpec.Builder.askEachTime() {
        setUserAuthenticationRequired(true)
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.R) {
            setUserAuthenticationParameters(
                0,
                KeyProperties.AUTH_BIOMETRIC_STRONG or KeyProperties.AUTH_DEVICE_CREDENTIAL,
            )
        } else {
            @Suppress("DEPRECATION") // Its successor is the call above.
            setUserAuthenticationValidityDurationSeconds(WINDOW_S)
        }
    }

    /**
     * Whether there is a secure element that signs fast enough, measured once with a key thrown away again. Elements
     * differ widely; with a slow one every push and every new session would stand still, and the ordinary key store of
     * such a phone is still hardware. A presence key can't be measured itself: it would have to ask the person.
     */
    private val strongBoxIsFast: Boolean by lazy {
        Build.VERSION.SDK_INT >= Build.VERSION_CODES.P &&
            context.packageManager.hasSystemFeature(PackageManager.FEATURE_STRONGBOX_KEYSTORE) &&
            try {
                generate(PROBE, inStrongBox = true)
                fastEnough(List(PROBES) { timeSigning() })
            } catch (error: Exception) {
                // Whatever goes wrong with it: there is another.
                Log.w(TAG, "StrongBox does not work: ${error.javaClass.simpleName}")
                false
            } finally {
                store.deleteEntry(PROBE)
            }
    }

    private fun timeSigning(): Long {
        val start = System.nanoTime()
        signature(PROBE).run {
            update(ByteArray(WrappedKey.KEY))
            sign()
        }
        return System.nanoTime() - start
    }

    private fun newFileKey(file: AtomicFile): ByteArray {
        val key = ByteArray(WrappedKey.KEY).also(SecureRandom()::nextBytes)
        val cipher = Cipher.getInstance(AES_GCM).apply { init(Cipher.ENCRYPT_MODE, wrappingKey() ?: newWrappingKey()) }
        val wrapped = WrappedKey(cipher.iv, cipher.doFinal(key))
        fileKeyFile.parentFile?.mkdirs()
        val out = file.startWrite()
        try {
            out.write(wrapped.bytes())
            file.finishWrite(out)
        } catch (error: IOException) {
            file.failWrite(out)
            throw error
        }
        return key
    }

    private fun unwrap(bytes: ByteArray): ByteArray {
        val wrapped = WrappedKey.parse(bytes) ?: throw ProviderException.Unavailable()
        val key = wrappingKey() ?: throw ProviderException.Unavailable()
        val cipher = Cipher.getInstance(AES_GCM)
        cipher.init(Cipher.DECRYPT_MODE, key, GCMParameterSpec(WrappedKey.TAG * Byte.SIZE_BITS, wrapped.nonce))
        return cipher.doFinal(wrapped.sealed)
    }

    private fun wrappingKey(): SecretKey? = store.getKey(FILES, null) as? SecretKey

    /** Never in StrongBox: it is waited for at every start. */
    private fun newWrappingKey(): SecretKey =
        KeyGenerator.getInstance(KeyProperties.KEY_ALGORITHM_AES, PROVIDER).run {
            init(
                KeyGenParameterSpec
                    .Builder(FILES, KeyProperties.PURPOSE_ENCRYPT or KeyProperties.PURPOSE_DECRYPT)
                    .setBlockModes(KeyProperties.BLOCK_MODE_GCM)
                    .setEncryptionPaddings(KeyProperties.ENCRYPTION_PADDING_NONE)
                    .setKeySize(WrappedKey.KEY * Byte.SIZE_BITS)
                    .build(),
            )
            generateKey()
        }

    internal companion object {
        /** Before Android 11: how long the presence key may be used after the person was asked, s. */
        const val WINDOW_S = 5

        private const val TAG = "keys"
        private const val PROVIDER = "AndroidKeyStore"
        private const val SILENT = "silent"
        private const val PRESENCE = "presence"
        private const val FILES = "files"
        private const val PROBE = "probe"
        private const val PROBES = 3
        private const val CURVE = "secp256r1"
        private const val ECDSA = "SHA256withECDSA"
        private const val AES_GCM = "AES/GCM/NoPadding"
    }
}

/** The core is told of two kinds of failure; the log gets the kind of error and nothing that it says. */
internal inline fun <T> provided(call: () -> T): T =
    try {
        call()
    } catch (known: ProviderException) {
        throw known
    } catch (error: Exception) {
        Log.w("keys", "not available: ${error.javaClass.name}")
        throw ProviderException.Unavailable().apply { initCause(error) }
    }
