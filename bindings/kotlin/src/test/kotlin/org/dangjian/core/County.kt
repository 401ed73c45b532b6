package org.dangjian.core

import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import java.io.File
import java.nio.file.Files

/** The county that all tests of a run share. */
object County {
    val folder: File = Files.createTempDirectory("dangjian-kotlin").toFile()
    val scenarios = File(System.getProperty("dangjian.scenarios"))
    val people: JsonObject = Json.parseToJsonElement(File(scenarios, "people.json").readText()).jsonObject
    private val server = CountyServer(folder)
    val url: String get() = server.url

    fun named(name: String): String = people.getValue(name).jsonPrimitive.content

    fun memberOf(login: String): String = server.memberOf(login)

    fun codeOf(login: String): String = server.codeOf(login)

    fun config(dir: File) = server.config(dir)

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
    ) = server.signIn(phone, login)
}
