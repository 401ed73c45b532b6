package org.dangjian.core

import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.int
import kotlinx.serialization.json.long
import kotlinx.serialization.json.longOrNull

/** What was expected against what came; the same rules as `bindings/ffi/tests/scenarios/matching.rs`. */
fun mismatch(
    expected: JsonElement,
    actual: JsonElement,
    at: String,
): String? {
    val differs = "at $at: expected $expected, got ${actual.toString().take(400)}"
    return when {
        expected is JsonObject && expected.keys.any { it.startsWith('$') } -> {
            if (expected.all { (operator, operand) -> holds(operator, operand, actual) }) null else differs
        }

        expected is JsonObject && actual is JsonObject -> {
            expected.firstNotNullOfOrNull { (key, value) -> mismatch(value, actual[key] ?: JsonNull, "$at.$key") }
        }

        expected is JsonArray && actual is JsonArray && expected.size == actual.size -> {
            expected.indices.firstNotNullOfOrNull { mismatch(expected[it], actual[it], "$at.$it") }
        }

        expected == actual -> {
            null
        }

        expected is JsonPrimitive && actual is JsonPrimitive && !expected.isString && !actual.isString &&
            expected.longOrNull != null && expected.longOrNull == actual.longOrNull -> {
            null
        }

        else -> {
            differs
        }
    }
}

private fun holds(
    operator: String,
    operand: JsonElement,
    actual: JsonElement,
): Boolean =
    when (operator) {
        "\$any" -> actual !is JsonNull
        "\$count" -> actual is JsonArray && actual.size == (operand as JsonPrimitive).int
        "\$some" -> actual is JsonArray && actual.any { mismatch(operand, it, "") == null }
        "\$none" -> actual is JsonArray && actual.none { mismatch(operand, it, "") == null }
        "\$in" -> operand is JsonArray && actual in operand
        "\$min" -> actual is JsonPrimitive && (actual.longOrNull ?: Long.MIN_VALUE) >= (operand as JsonPrimitive).long
        "\$has" -> actual is JsonPrimitive && actual.isString && (operand as JsonPrimitive).content in actual.content
        else -> error("no operator $operator")
    }

/** `rows.0.id` of a value. */
fun at(
    value: JsonElement,
    path: String,
): JsonElement =
    path.split('.').filter { it.isNotEmpty() }.fold(value) { here, step ->
        when (here) {
            is JsonArray -> here[step.toInt()]
            is JsonObject -> here[step] ?: JsonNull
            else -> JsonNull
        }
    }
