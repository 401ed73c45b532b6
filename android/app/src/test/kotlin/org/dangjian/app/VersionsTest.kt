package org.dangjian.app

import java.io.File
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertNotNull

/** What Gradle packages is what Maven checked. */
class VersionsTest {
    private val android = appDir.absoluteFile.parentFile
    private val toml = File(android, "gradle/libs.versions.toml").readText()
    private val gradle = File(appDir, "build.gradle.kts").readText()
    private val poms =
        listOf("pom.xml", "android/app/aars/pom.xml", "bindings/kotlin/pom.xml").joinToString("\n") {
            File(android.parentFile, it).readText()
        }

    private fun ofGradle(name: String) =
        assertNotNull(Regex("(?m)^$name = \"([^\"]+)\"").find(toml)?.groupValues?.get(1), name)

    private fun ofMaven(name: String) =
        assertNotNull(Regex("<${Regex.escape(name)}>([^<]+)</").find(poms)?.groupValues?.get(1), name)

    @Test
    fun both_use_the_same_libraries() {
        val same =
            mapOf(
                "kotlin" to "kotlin.version",
                "compose" to "compose.version",
                "material3" to "material3.version",
                "lifecycle" to "lifecycle.version",
                "navigation" to "navigation.version",
                "coroutines" to "coroutines.version",
                "jna" to "jna.version",
                "activity" to "androidx.activity.version",
                "core" to "androidx.core.version",
                "work" to "androidx.work.version",
            )
        assertEquals(same.mapValues { ofMaven(it.value) }, same.mapValues { ofGradle(it.key) })
    }

    @Test
    fun both_make_the_same_version_of_the_app() {
        val version = assertNotNull(Regex("versionName = \"([^\"]+)\"").find(gradle)).groupValues[1]
        assertEquals(ofMaven("version"), version)
        assertEquals(version, BuildConfig.VERSION_NAME)
    }

    @Test
    fun what_gradle_takes_from_elsewhere_is_there() {
        val repository = android.parentFile
        val taken = listOf("android/ui/src/main/kotlin/org/dangjian/ui/desktop", "bindings/kotlin/src/main/kotlin")
        assertEquals(emptyList(), taken.filterNot { File(repository, it).isDirectory })
        val rules = File(appDir, "proguard-rules.pro").readText()
        assertEquals(true, "org.dangjian.core.**" in rules && "com.sun.jna.**" in rules)
    }
}
