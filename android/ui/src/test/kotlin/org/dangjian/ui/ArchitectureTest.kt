package org.dangjian.ui

import java.io.File
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertTrue

class ArchitectureTest {
    private val root = File(moduleDir, "src/main/kotlin")
    private val files = root.walk().filter { it.extension == "kt" }.toList()
    private val anywhere = listOf("androidx.", "kotlin.", "kotlinx.coroutines.", "java.time.", "org.dangjian.")

    private fun File.inPackage(name: String) = path.contains("/org/dangjian/ui/$name/")

    private fun File.imports() =
        readLines().mapNotNull { line ->
            line.takeIf { it.startsWith("import ") }?.removePrefix("import ")?.substringBefore(" as ")
        }

    @Test
    fun there_is_something_to_look_at() = assertTrue(files.size > 20)

    @Test
    fun screens_import_what_android_has_too() {
        val others =
            files.filterNot { it.inPackage("desktop") }.flatMap { file ->
                file.imports().filter { import -> anywhere.none(import::startsWith) }.map { "${file.name}: $it" }
            }
        assertEquals(emptyList(), others)
    }

    @Test
    fun only_the_bridge_knows_the_generated_code() {
        val others =
            files
                .filterNot { it.inPackage("bridge") || it.inPackage("desktop") }
                .filter { "org.dangjian.core" in it.readText() }
                .map(File::getName)
        assertEquals(emptyList(), others)
    }

    @Test
    fun chinese_stands_in_the_strings_files_only() {
        val literal = Regex(""""[^"]*\p{IsHan}[^"]*"""")
        val others =
            files.filterNot { it.name.endsWith("Strings.kt") }.flatMap { file ->
                file.readLines().filterNot { it.trim().startsWith("*") || it.trim().startsWith("/") }.flatMap { line ->
                    literal.findAll(line).map { "${file.name}: ${it.value}" }.toList()
                }
            }
        assertEquals(emptyList(), others)
    }
}
