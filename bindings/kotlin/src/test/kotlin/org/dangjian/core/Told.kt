package org.dangjian.core

import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import java.lang.reflect.Modifier

/** A record as JSON, in the form in which Rust tells the same. */
fun told(value: Any?): JsonElement =
    when (value) {
        null, Unit -> {
            JsonNull
        }

        is Boolean -> {
            JsonPrimitive(value)
        }

        is Number -> {
            JsonPrimitive(value)
        }

        is UByte -> {
            JsonPrimitive(value.toInt())
        }

        is UShort -> {
            JsonPrimitive(value.toInt())
        }

        is UInt -> {
            JsonPrimitive(value.toLong())
        }

        is ULong -> {
            JsonPrimitive(value.toLong())
        }

        is String -> {
            JsonPrimitive(value)
        }

        is List<*> -> {
            JsonArray(value.map(::told))
        }

        is ByteArray -> {
            JsonArray(value.map { JsonPrimitive(it.toUByte().toInt()) })
        }

        is Enum<*> -> {
            JsonPrimitive(camel(value.name))
        }

        is OrgId -> {
            JsonPrimitive(value.text)
        }

        is MemberId -> {
            JsonPrimitive(value.text)
        }

        is DeviceId -> {
            JsonPrimitive(value.text)
        }

        is NoticeId -> {
            JsonPrimitive(value.text)
        }

        is OpId -> {
            JsonPrimitive(value.text)
        }

        is RowId -> {
            JsonPrimitive(value.text)
        }

        is Timestamp -> {
            JsonPrimitive(value.ms)
        }

        else -> {
            val fields = fields(value)
            val variant = value.javaClass.simpleName.replaceFirstChar(Char::lowercase)
            when {
                !Modifier.isAbstract(value.javaClass.superclass.modifiers) -> JsonObject(fields)
                fields.isEmpty() -> JsonPrimitive(variant)
                else -> JsonObject(mapOf(variant to JsonObject(fields)))
            }
        }
    }

fun told(error: AppException): JsonObject =
    JsonObject(
        fields(error) +
            mapOf(
                "code" to JsonPrimitive(error.code()),
                "retryable" to JsonPrimitive(error.retryable()),
                "sentence" to JsonPrimitive(error.sentence()),
            ),
    )

private fun fields(value: Any): Map<String, JsonElement> =
    value.javaClass.declaredFields.filter { !Modifier.isStatic(it.modifiers) }.associate {
        it.isAccessible = true
        it.name to told(it.get(value))
    }

private fun camel(shouting: String): String =
    shouting
        .lowercase()
        .split('_')
        .mapIndexed { nth, word ->
            if (nth ==
                0
            ) {
                word
            } else {
                word.replaceFirstChar(Char::uppercase)
            }
        }.joinToString("")
