package org.dangjian.ui.office

import androidx.compose.runtime.Immutable

/** What 积分规则 shows: a rule set being prepared. */
@Immutable
data class RulesState(
    /** The rule set's text; empty until one was pasted. */
    val text: String = "",
    /** What was found in it; absent while it is read, and while there is none. */
    val check: RulesCheck? = null,
    /** Why it was not published. */
    val problem: String? = null,
    /** What was published last. */
    val published: PublishedRulesState? = null,
    val busy: Boolean = false,
) {
    val publishable get() = check is RulesCheck.Sound && !busy
}

@Immutable
sealed interface RulesCheck {
    /** Nothing is wrong with it. */
    data class Sound(
        /** 「default-county 2026.2」 */
        val name: String,
        /** 「2027年1月1日起执行」 */
        val from: String,
        /** Its rules in words. */
        val rules: List<String>,
    ) : RulesCheck

    /** All that is wrong, a sentence each. */
    data class Broken(
        val problems: List<String>,
    ) : RulesCheck
}

@Immutable
data class PublishedRulesState(
    val name: String,
    val from: String,
    val standing: PublishedStanding,
    /** Why the server refused it. */
    val reason: String? = null,
)

enum class PublishedStanding { Waiting, Accepted, Refused }

data class RulesCallbacks(
    val onBack: () -> Unit = {},
    val onText: (String) -> Unit = {},
    val onPublish: () -> Unit = {},
)
