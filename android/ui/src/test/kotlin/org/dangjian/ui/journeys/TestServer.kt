package org.dangjian.ui.journeys

import org.dangjian.core.Clock
import org.dangjian.core.ClockReading
import org.dangjian.core.CoreConfig
import org.dangjian.core.County
import org.dangjian.core.Dangjian
import org.dangjian.core.systemClock
import java.io.File
import java.nio.file.Files
import java.nio.file.StandardCopyOption
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.TimeUnit

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

/** The machine's clock, which a test can let run ahead for the server and all phones: minutes of study need not take minutes. */
class TourClock(
    private val file: File,
) : Clock {
    private val machine = systemClock()

    @Volatile
    private var aheadMs = 0L

    override fun read(): ClockReading =
        machine.read().let {
            it.copy(
                wall = org.dangjian.core.Timestamp(it.wall.ms + aheadMs),
                bootMs =
                    it.bootMs + aheadMs,
            )
        }

    fun pass(ms: Long) {
        aheadMs += ms
        val new = File("$file.new").apply { writeText("$aheadMs\n") }
        // Renamed into place: the server may be reading.
        Files.move(new.toPath(), file.toPath(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING)
    }
}

/** The same people on a server of its own, whose time passes as the tests want and whose switches are theirs to set. */
object TourCounty : TestServer {
    private val folder = File(County.folder, "tour").apply { mkdirs() }
    private val activated = ConcurrentHashMap.newKeySet<String>()
    private val url: String

    override val clock = TourClock(File(folder, "ahead").apply { writeText("0\n") })

    init {
        val program = File(System.getProperty("dangjian.native"), "dangjian-server").path
        val data = File(folder, "server").path
        val server =
            ProcessBuilder(
                program,
                "--data",
                data,
                "--listen",
                "127.0.0.1:0",
                "--seed-county",
                "1",
                "--quick-passwords",
                "--boards-ms",
                "1000",
                "--tour-clock",
                File(folder, "ahead").path,
            ).redirectError(File(folder, "server.log")).also { it.environment()["RUST_LOG"] = "warn" }.start()
        Runtime.getRuntime().addShutdownHook(
            Thread {
                server.destroy()
                server.waitFor(10, TimeUnit.SECONDS)
                server.destroyForcibly()
            },
        )
        val line =
            server.inputStream
                .bufferedReader()
                .lineSequence()
                .firstOrNull { it.startsWith("listening ") }
        url = checkNotNull(line) { File(folder, "server.log").readText() }.removePrefix("listening ")
    }

    override fun config(dir: File) = County.config(dir).copy(server = url)

    override suspend fun signIn(
        phone: Dangjian,
        login: String,
    ) {
        // The codes follow from the seed's number and the server's secret: each server has its own.
        val codes = File(folder, "server/activation-codes.csv").readLines().map { it.split(',') }
        if (activated.add(login)) {
            phone.account.activate(login, codes.first { it[1] == login }[4], County.PASSWORD)
        } else {
            phone.account.signIn(login, County.PASSWORD)
        }
        phone.core.sync()
    }
}
