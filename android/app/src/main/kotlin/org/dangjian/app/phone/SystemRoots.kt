package org.dangjian.app.phone

import java.security.KeyStore
import java.util.Base64

private const val LINE = 64

/**
 * The certificates that Android trusts, for the core, which speaks TLS itself: its way to Android's own verifier needs
 * a Java component that is set up before anything else, while a list of roots needs nothing. Those that a person
 * installed are left out, as Android does for every app.
 */
internal fun systemRoots(): List<ByteArray> {
    val store = KeyStore.getInstance("AndroidCAStore").apply { load(null) }
    return store
        .aliases()
        .toList()
        .filter { it.startsWith("system:") }
        .mapNotNull { store.getCertificate(it)?.encoded }
        .map(::pemOf)
}

internal fun pemOf(certificate: ByteArray): ByteArray {
    val lines = Base64.getMimeEncoder(LINE, "\n".toByteArray()).encodeToString(certificate)
    return "-----BEGIN CERTIFICATE-----\n$lines\n-----END CERTIFICATE-----\n".toByteArray()
}
