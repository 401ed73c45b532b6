package org.dangjian.ui.journeys

import org.dangjian.core.Clock
import org.dangjian.core.CoreConfig
import org.dangjian.core.County
import org.dangjian.core.CountyServer
import org.dangjian.core.Dangjian
import org.dangjian.core.systemClock
import org.dangjian.ui.desktop.LocalClock
import java.io.File

/** Where a phone gets its data, and what time it is there. */
interface TestServer {
    val clock: Clock

    fun config(dir: File): CoreConfig

    suspend fun signIn(
        phone: Dangjian,
        login: String,
    )
}

/** The county of all tests. */
object SharedCounty : TestServer {
    override val clock: Clock = systemClock()

    override fun config(dir: File) = County.config(dir)

    override suspend fun signIn(
        phone: Dangjian,
        login: String,
    ) = County.signIn(phone, login)
}

/** The same people on a server of its own, whose time passes as the tests want and whose switches are theirs to set. */
object TourCounty : TestServer {
    private val folder = File(County.folder, "tour").apply { mkdirs() }
    private val ahead = File(folder, "ahead").apply { writeText("0\n") }
    private val server = CountyServer(folder, "--tour-clock", ahead.path)

    override val clock = LocalClock(ahead)

    override fun config(dir: File) = server.config(dir)

    override suspend fun signIn(
        phone: Dangjian,
        login: String,
    ) = server.signIn(phone, login)
}
