package org.dangjian.ui.journeys

import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.isNotEnabled
import kotlinx.coroutines.runBlocking
import org.dangjian.core.OpKind
import org.dangjian.ui.desktop.sees
import org.dangjian.ui.desktop.taps
import org.dangjian.ui.desktop.writes
import org.dangjian.ui.moduleDir
import org.dangjian.ui.office.OfficeStrings
import org.dangjian.ui.office.RulesStrings
import java.io.File
import kotlin.test.Test
import kotlin.test.assertEquals

/** Rule sets: what is wrong with one is named, a sound one is published. */
class RulesJourney {
    private val standard = File(moduleDir, "../../core/domain/rules/default-county.toml").readText()

    /** From a day on that these tests never reach. */
    private fun from(day: String) =
        standard
            .replace("version = \"2026.1\"", "version = \"$day\"")
            .replace("effective_from = 2026-01-01", "effective_from = $day")

    @Test
    fun a_broken_rule_set_is_refused_by_name_and_a_sound_one_published() {
        val officer = TestPhone("legislator", "officer2", "dangjian://office")
        journey(officer) {
            taps(OfficeStrings.RULES)
            finds("nothing to publish", hasText(RulesStrings.PUBLISH) and isNotEnabled())

            val broken =
                from(
                    "2199-01-01",
                ).replace("points = 10\n", "points = -3\n").replace("weight = 40", "weight = 39")
            writes(RulesStrings.TEXT, broken)
            sees(RulesStrings.broken(2))
            sees("「rules.suggestion_accepted.cap.day」：扣分规则不设上限。")
            sees("「appraisal.components.weight」填写的是 99，各项 weight 合计应为 100。")
            finds("nothing to publish", hasText(RulesStrings.PUBLISH) and isNotEnabled())
            assertEquals(emptyList(), officer.published())

            writes(RulesStrings.TEXT, from("2026-01-01"))
            sees(RulesStrings.SOUND)
            taps(RulesStrings.PUBLISH)
            sees("新规则只能从以后的日期起执行。")

            writes(RulesStrings.TEXT, from("2199-01-01"))
            sees("2199年1月1日起执行")
            taps(RulesStrings.PUBLISH)
            sees(RulesStrings.ACCEPTED)
            sees("default-county 2199-01-01")
        }
    }
}

/** Rule sets that were sent, or wait to be. */
private fun TestPhone.published() =
    runBlocking {
        phone.core.outbox
            .list(50u, 0u)
            .rows
            .filter { it.kind == OpKind.PUBLISH_RULES }
    }
