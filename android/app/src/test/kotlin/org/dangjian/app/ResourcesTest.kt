package org.dangjian.app

import org.dangjian.app.reminder.REARMED_BY
import org.w3c.dom.Element
import java.io.File
import javax.xml.parsers.DocumentBuilderFactory
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertNotNull
import kotlin.test.assertTrue

internal val appDir = File(System.getProperty("app.dir", "."))
internal val sources = File(appDir, "src/main/kotlin").walk().filter { it.extension == "kt" }.toList()

private const val ANDROID = "http://schemas.android.com/apk/res/android"

class ResourcesTest {
    private val res = File(appDir, "src/main/res")
    private val manifest = parse(File(appDir, "src/main/AndroidManifest.xml"))
    private val application = manifest.all("application").single()

    private fun parse(file: File): Element =
        DocumentBuilderFactory
            .newInstance()
            .apply {
                isNamespaceAware = true
                setFeature("http://apache.org/xml/features/disallow-doctype-decl", true)
            }.newDocumentBuilder()
            .parse(file)
            .documentElement

    private fun xml(name: String) = parse(File(res, "xml/$name.xml"))

    private fun Element.all(name: String): List<Element> =
        getElementsByTagName(name).let { found -> List(found.length) { found.item(it) as Element } }

    private fun Element.android(name: String): String? = getAttributeNS(ANDROID, name).ifEmpty { null }

    @Test
    fun every_resource_is_well_formed() {
        val files = res.walk().filter { it.isFile }.toList()
        assertTrue(files.size >= 10)
        files.forEach(::parse)
    }

    @Test
    fun what_the_code_was_checked_with_is_what_the_resources_have() {
        val values =
            res
                .walk()
                .filter { it.isFile && it.parentFile.name == "values" }
                .map(::parse)
                .toList()

        fun named(kind: String) = values.flatMap { it.all(kind) }.map { it.getAttribute("name") }.sorted()

        fun fields(kind: Class<*>) =
            kind.declaredFields
                .map { it.name }
                .filter { it != "INSTANCE" && !it.startsWith("$") }
                .sorted()

        assertEquals(named("string"), fields(R.string::class.java))
        assertEquals(named("plurals"), fields(R.plurals::class.java))
        assertEquals(named("color"), fields(R.color::class.java))
        val drawables = File(res, "drawable").listFiles().orEmpty().map { it.nameWithoutExtension }
        assertEquals(drawables.sorted(), fields(R.drawable::class.java))
    }

    @Test
    fun every_reference_leads_to_a_resource() {
        val values =
            res
                .walk()
                .filter { it.isFile && it.parentFile.name == "values" }
                .map(::parse)
                .toList()
        val there =
            listOf("string", "plurals", "color", "style").flatMap { kind ->
                values.flatMap { it.all(kind) }.map { "$kind/${it.getAttribute("name")}" }
            } +
                res.walk().filter { it.isFile && !it.parentFile.name.startsWith("values") }.map {
                    "${it.parentFile.name.substringBefore('-')}/${it.nameWithoutExtension}"
                }
        val files = res.walk().filter(File::isFile) + File(appDir, "src/main/AndroidManifest.xml")
        val named =
            files
                .flatMap {
                    Regex(
                        "\"@([a-z]+/[A-Za-z_.]+)\"",
                    ).findAll(it.readText())
                }.map { it.groupValues[1] }
        assertEquals(emptyList(), (named.toList() - there.toSet()))
    }

    @Test
    fun chinese_stands_in_the_resources_only() {
        val others = sources.filter { Regex("\\p{IsHan}").containsMatchIn(it.readText()) }
        assertEquals(emptyList(), others.map(File::getName))
    }

    @Test
    fun only_permissions_that_are_used_are_asked_for() {
        val used =
            mapOf(
                "INTERNET" to "CoreConfig",
                "ACCESS_NETWORK_STATE" to "ConnectivityManager",
                "RECEIVE_BOOT_COMPLETED" to "ACTION_BOOT_COMPLETED",
                "POST_NOTIFICATIONS" to "POST_NOTIFICATIONS",
                "USE_BIOMETRIC" to "BiometricPrompt",
            )
        val asked = manifest.all("uses-permission").map { it.android("name") }
        assertEquals(used.keys.map { "android.permission.$it" }, asked)
        val code = sources.joinToString("\n", transform = File::readText)
        used.values.forEach { assertTrue(it in code, it) }
    }

    @Test
    fun only_the_window_is_open_to_other_apps() {
        val parts = listOf("activity", "receiver", "service", "provider").flatMap { application.all(it) }
        assertEquals(3, parts.size)
        parts.forEach { assertNotNull(it.android("exported"), it.android("name")) }
        val open = parts.filter { it.android("exported") == "true" }.map { it.android("name") }
        assertEquals(listOf("org.dangjian.app.MainActivity"), open)
    }

    @Test
    fun browsers_do_not_open_the_app() =
        assertTrue(manifest.all("category").none { it.android("name") == "android.intent.category.BROWSABLE" })

    @Test
    fun every_class_that_the_manifest_names_is_there() {
        val parts = listOf(application) + listOf("activity", "receiver").flatMap { application.all(it) }
        // Looked for, not loaded: the framework's classes are made for a newer Java.
        val missing =
            parts.map { it.android("name") }.filter {
                javaClass.getResource("/${it?.replace('.', '/')}.class") ==
                    null
            }
        assertEquals(emptyList(), missing)
    }

    @Test
    fun the_reminder_is_set_anew_after_all_that_undoes_it() {
        val rearm = application.all("receiver").single { it.android("name")!!.endsWith("RearmReceiver") }
        assertEquals(REARMED_BY, rearm.all("action").map { it.android("name")!! }.toSet())
    }

    @Test
    fun nothing_goes_out_in_the_clear() {
        assertEquals("false", application.android("usesCleartextTraffic"))
        assertEquals("@xml/network_security_config", application.android("networkSecurityConfig"))
        val config = xml("network_security_config")
        val all = config.all("base-config") + config.all("domain-config")
        assertEquals(listOf("false"), all.map { it.getAttribute("cleartextTrafficPermitted") })
        assertEquals(listOf("system"), config.all("certificates").map { it.getAttribute("src") })
        assertTrue(config.all("debug-overrides").isEmpty())
    }

    /** As Android reads the rules: with an include, only that; an exclude wins. */
    private fun backedUp(
        rules: Element,
        domain: String,
        path: String,
    ): Boolean {
        fun covers(rule: Element): Boolean {
            val covered = rule.getAttribute("path").removeSuffix("/")
            val same = rule.getAttribute("domain") == domain
            return same && (covered == "." || path == covered || path.startsWith("$covered/"))
        }
        val (includes, excludes) = rules.all("include") to rules.all("exclude")
        return (includes.isEmpty() || includes.any(::covers)) && excludes.none(::covers)
    }

    @Test
    fun backups_hold_how_the_app_looks_and_nothing_of_the_core() {
        assertEquals("@xml/backup_rules", application.android("fullBackupContent"))
        assertEquals("@xml/data_extraction_rules", application.android("dataExtractionRules"))
        val extraction = xml("data_extraction_rules")
        val all =
            listOf(
                xml("backup_rules"),
                extraction.all("cloud-backup").single(),
                extraction.all("device-transfer").single(),
            )
        for (rules in all) {
            assertTrue(backedUp(rules, "sharedpref", "${AppShell.LOOK}.xml"))
            for (name in listOf(DangjianApp.CORE, DangjianApp.FILE_KEY)) {
                assertFalse(backedUp(rules, "root", "no_backup/$name"))
                assertFalse(backedUp(rules, "file", name))
            }
            assertFalse(backedUp(rules, "sharedpref", "reminder.xml"))
            assertFalse(backedUp(rules, "database", "any.db"))
        }
    }

    @Test
    fun the_cores_folder_is_androids_own_for_what_is_never_backed_up() {
        val app = sources.first { it.name == "DangjianApp.kt" }.readText()
        assertEquals(
            2,
            Regex("File\\((\\w+), (CORE|FILE_KEY)\\)").findAll(app).count {
                it.groupValues[1] ==
                    "noBackupFilesDir"
            },
        )
        assertFalse(sources.any { "filesDir" in it.readText().replace("noBackupFilesDir", "") })
    }
}
