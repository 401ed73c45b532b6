package org.dangjian.core

import java.io.File
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.TimeUnit

/** The password everybody in a test sets. */
const val PASSWORD = "枧头河水 2026"

/**
 * A real server process with a made-up county; it ends with the program.
 *
 * @param folder where its data and its log are.
 */
class CountyServer(
    private val folder: File,
    vararg more: String,
) {
    private val data = File(folder, "server")
    private val activated = ConcurrentHashMap.newKeySet<String>()
    private val codes: Map<String, Pair<String, String>>
    val url: String

    init {
        folder.mkdirs()
        val server =
            ProcessBuilder(
                File(System.getProperty("dangjian.native"), "dangjian-server").path,
                "--data",
                data.path,
                "--listen",
                "127.0.0.1:0",
                "--seed-county",
                "1",
                "--quick-passwords",
                "--boards-ms",
                "1000",
                *more,
            ).redirectError(File(folder, "server.log")).also { it.environment()["RUST_LOG"] = "warn" }.start()
        Runtime.getRuntime().addShutdownHook(
            Thread {
                server.destroy()
                server.waitFor(10, TimeUnit.SECONDS)
                server.destroyForcibly()
                folder.deleteRecursively()
            },
        )
        val line =
            server.inputStream
                .bufferedReader()
                .lineSequence()
                .firstOrNull { it.startsWith("listening ") }
        url = checkNotNull(line) { File(folder, "server.log").readText() }.removePrefix("listening ")
        // They follow from the server's secret: each server has its own.
        codes =
            File(data, "activation-codes.csv").readLines().drop(1).associate {
                val fields = it.split(',')
                fields[1] to (fields[0] to fields[4])
            }
    }

    fun memberOf(login: String): String = codes.getValue(login).first

    fun codeOf(login: String): String = codes.getValue(login).second

    fun config(dir: File) = CoreConfig(dir = dir.path, server = url, label = "手机", roots = emptyList())

    /** Signs in, with the activation code if nobody did so here before, and syncs. */
    suspend fun signIn(
        phone: Dangjian,
        login: String,
    ) {
        if (activated.add(login)) {
            phone.account.activate(login, codeOf(login), PASSWORD)
        } else {
            phone.account.signIn(login, PASSWORD)
        }
        phone.core.sync()
    }
}
