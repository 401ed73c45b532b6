package org.dangjian.ui.desktop

import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock
import org.dangjian.core.CoreConfig
import org.dangjian.core.Platform
import org.dangjian.core.softwareKeyStore
import org.dangjian.ui.bridge.Access
import org.dangjian.ui.bridge.Phone
import org.dangjian.ui.signin.PersonState
import java.io.File

/**
 * The phones of made-up people on this machine, as a tour left them.
 *
 * @param data the tour's folder: `people.csv`, `phones/`, `clock`.
 */
class Town(
    private val data: File,
    private val server: String,
) {
    val clock = LocalClock(File(data, "clock"))

    /** Who can be chosen. A person's id is the folder of the phone. */
    val people: List<Access> =
        File(data, "people.csv").takeIf(File::exists)?.readLines().orEmpty().drop(1).map { line ->
            val (phone, name, role, org, login) = line.split(',')
            val password = line.substringAfterLast(',')
            Access(PersonState(phone, name, role.ifEmpty { null }, org), login, code = "", password)
        }

    private val opened = mutableMapOf<String, Phone>()
    private val opening = Mutex()

    /** The phone of [person]; one for whoever is not in the list. Opened once: two windows may show the same. */
    suspend fun phone(person: Access?): Phone {
        val name = person?.person?.id ?: NEW
        return opening.withLock {
            opened.getOrPut(name) {
                val dir = File(File(data, "phones"), name).apply { mkdirs() }.path
                val config = CoreConfig(dir = dir, server = server, label = LABEL, roots = emptyList())
                val keys = softwareKeyStore(dir)
                Phone.open(config, Platform(keyStore = keys, clock = clock, location = null, pushToken = null), clock)
            }
        }
    }

    /** Closes all phones. */
    suspend fun close() = opening.withLock { opened.values.forEach { it.close() }.also { opened.clear() } }

    private companion object {
        const val NEW = "new"
        const val LABEL = "desktop"
    }
}
