package org.dangjian.core

import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import java.io.File
import java.nio.file.Files
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.TimeUnit

/** A real server with a made-up county, one for all tests of a run; it ends with the program. */
object County {
    const val PASSWORD = "枧头河水 2026"
    private val native = File(System.getProperty("dangjian.native"))
    val folder: File = Files.createTempDirectory("dangjian-kotlin").toFile()
    val scenarios = File(System.getProperty("dangjian.scenarios"))
    val people: JsonObject = Json.parseToJsonElement(File(scenarios, "people.json").readText()).jsonObject
    private val codes: Map<String, Pair<String, String>>
    private val activated = ConcurrentHashMap.newKeySet<String>()
    val url: String

    init {
        val data = File(folder, "server")
        val server =
            ProcessBuilder(
                File(native, "dangjian-server").path,
                "--data",
                data.path,
                "--listen",
                "127.0.0.1:0",
                "--seed-county",
                "1",
                "--quick-passwords",
                "--boards-ms",
                "1000",
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
        codes =
            File(data, "activation-codes.csv").readLines().drop(1).associate {
                val fields = it.split(',')
                fields[1] to (fields[0] to fields[4])
            }
    }

    fun named(name: String): String = people.getValue(name).jsonPrimitive.content

    fun memberOf(login: String): String = codes.getValue(login).first

    fun codeOf(login: String): String = codes.getValue(login).second

    fun config(dir: File) = CoreConfig(dir = dir.path, server = url, label = "手机", roots = emptyList())

    fun platform(
        dir: File,
        clock: Clock? = null,
    ) = Platform(keyStore = softwareKeyStore(dir.path), clock = clock, location = null, pushToken = null)

    fun dir(name: String) = File(folder, name)

    /** A phone on which nobody signed in. */
    suspend fun phone(name: String): Dangjian = Dangjian.open(config(dir(name)), platform(dir(name)))

    /** A phone of somebody, synced. */
    suspend fun signedIn(
        name: String,
        who: String,
    ): Dangjian = phone(name).also { signIn(it, named(who)) }

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
