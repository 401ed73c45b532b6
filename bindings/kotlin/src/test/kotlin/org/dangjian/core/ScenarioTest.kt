package org.dangjian.core

import kotlinx.coroutines.delay
import kotlinx.coroutines.runBlocking
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.TestFactory
import java.io.File
import kotlin.test.assertTrue

/** The scenarios of `tests/scenarios`, which Rust plays too. */
class ScenarioTest {
    @TestFactory
    fun `every scenario goes as it is written`(): List<DynamicTest> {
        val files = County.scenarios.listFiles { _, name -> name.endsWith(".json") && name != "people.json" }!!.sorted()
        assertTrue(files.size >= 20)
        return files.map { DynamicTest.dynamicTest(it.name) { runBlocking { Scenario(it).play() } } }
    }
}

private class Scenario(
    file: File,
) {
    private val scenario = Json.parseToJsonElement(file.readText()).jsonObject
    private val name = scenario.getValue("name").jsonPrimitive.content
    private val phones = mutableMapOf<String, Dangjian>()
    private val variables = mutableMapOf<String, JsonElement>()

    suspend fun play() {
        for ((phone, cast) in scenario.getValue("phones").jsonObject) {
            val who = cast.jsonPrimitive.content
            val login = County.named(who.removePrefix("new:"))
            phones[phone] = County.phone("$name-$phone")
            if (!who.startsWith("new:")) County.signIn(phones.getValue(phone), login)
            variables["$phone.login"] = JsonPrimitive(login)
            variables["$phone.code"] = JsonPrimitive(County.codeOf(login))
            variables["$phone.member"] = JsonPrimitive(County.memberOf(login))
            variables["$phone.password"] = JsonPrimitive(PASSWORD)
        }
        scenario.getValue("steps").jsonArray.forEachIndexed { nth, step -> step(nth, step.jsonObject) }
        phones.values.forEach { it.close() }
    }

    private suspend fun step(
        nth: Int,
        step: JsonObject,
    ) {
        val phone = step.getValue("phone").jsonPrimitive.content
        val method = step.getValue("call").jsonPrimitive.content
        val with = With(resolved(step["with"] ?: JsonObject(emptyMap())).jsonObject)
        val until = System.nanoTime() + 30_000_000_000
        while (true) {
            val (key, actual) =
                try {
                    "expect" to
                        attempt {
                            if (method ==
                                "restart"
                            ) {
                                restart(phone)
                            } else {
                                call(phones.getValue(phone), method, with)
                            }
                        }
                } catch (error: AppException) {
                    "error" to told(error)
                }
            val expected = step[key]
            val wrong =
                when {
                    expected != null -> mismatch(resolved(expected), actual, key)
                    key == "error" -> "failed: $actual"
                    "error" in step -> "no error but $actual"
                    else -> null
                }
            if (wrong == null) {
                step["save"]?.jsonObject?.forEach { (name, path) ->
                    variables[name] =
                        at(actual, path.jsonPrimitive.content)
                }
                return
            }
            if (step["wait"] == null ||
                System.nanoTime() > until
            ) {
                throw AssertionError("step $nth $phone $method: $wrong")
            }
            delay(50)
        }
    }

    private suspend fun restart(phone: String): JsonElement {
        phones.getValue(phone).close()
        phones[phone] = County.phone("$name-$phone")
        return JsonNull
    }

    private fun resolved(value: JsonElement): JsonElement =
        when (value) {
            is JsonObject -> {
                JsonObject(value.mapValues { resolved(it.value) })
            }

            is JsonArray -> {
                JsonArray(value.map(::resolved))
            }

            is JsonPrimitive -> {
                when {
                    !value.isString -> value
                    value.content.startsWith('@') -> JsonPrimitive(County.named(value.content))
                    value.content.startsWith('$') -> variables.getValue(value.content.drop(1))
                    else -> value
                }
            }
        }
}
