package org.dangjian.ui.bridge

import androidx.lifecycle.viewModelScope
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.combine
import kotlinx.coroutines.flow.mapLatest
import org.dangjian.core.AppException
import org.dangjian.core.OutboxState
import org.dangjian.core.OutboxView
import org.dangjian.core.RulesView
import org.dangjian.core.Topic
import org.dangjian.ui.office.PublishedRulesState
import org.dangjian.ui.office.PublishedStanding
import org.dangjian.ui.office.RulesCheck
import org.dangjian.ui.office.RulesState
import java.time.LocalDate

/** A rule set is pasted, checked as it stands, and published from a later day on. */
class RulesModel(
    phone: Phone,
) : ScreenModel<RulesModel.Input>(phone, Input()) {
    data class Input(
        val problem: String? = null,
        val published: Published? = null,
    )

    /** What was sent, and by which operation. */
    data class Published(
        val op: String,
        val name: String,
        val from: String,
    )

    private val text = Writing(phone, viewModelScope).apply { open(DRAFT) }

    /** The text as it stands. */
    val written: StateFlow<String> = text.text

    @OptIn(ExperimentalCoroutinesApi::class)
    private val check: Flow<RulesCheck?> = text.text.mapLatest { if (it.isBlank()) null else checked(it) }

    private val sent =
        live(Topic.OUTBOX, key = { it.published?.op }) { op ->
            op?.let { it to wholeOutbox().firstOrNull { row -> row.op.text == it } }
        }

    val state: StateFlow<RulesState> =
        combine(check, sent, input, busy) { check, sent, input, busy ->
            RulesState(
                check = check,
                problem = input.problem,
                published = input.published?.let { publishedOf(it, sent.orNull()) },
                busy = busy,
            )
        }.shown(RulesState())

    fun write(rules: String) {
        text.write(rules)
        change { copy(problem = null) }
    }

    /** The screen is left, or the app. */
    fun leave() = text.leave()

    fun publish() {
        val rules = text.text.value
        if (rules.isBlank()) return
        change { copy(problem = null) }
        once(
            failed = { problem -> change { copy(problem = problem.sentence()) } },
            done = { published ->
                text.write("")
                change { copy(published = published) }
            },
        ) {
            val set = office.checkRules(rules)
            Published(office.publishRules(rules).text, nameOf(set), fromOf(set))
        }
    }

    private suspend fun checked(rules: String): RulesCheck? =
        try {
            val set = phone.call { office.checkRules(rules) }
            RulesCheck.Sound(nameOf(set), fromOf(set), set.labels)
        } catch (problem: AppException.InvalidInput) {
            RulesCheck.Broken(problem.problems.ifEmpty { listOf(problem.sentence()) })
        } catch (problem: AppException) {
            RulesCheck.Broken(listOf(problem.sentence()))
        }

    private companion object {
        const val DRAFT = "rules"
    }
}

private fun nameOf(set: RulesView) = OfficeWordsStrings.version(set.name, set.version)

private fun fromOf(set: RulesView): String {
    val day = LocalDate.ofEpochDay(set.effectiveFrom.days.toLong())
    return OfficeWordsStrings.from(BridgeStrings.yearMonthDay(day.year, day.monthValue, day.dayOfMonth))
}

/** @param sent the operation and where it stands; it leaves the outbox when the server has taken it. */
internal fun publishedOf(
    published: RulesModel.Published,
    sent: Pair<String, OutboxView?>?,
): PublishedRulesState {
    val row = sent?.second
    val refused = row?.state as? OutboxState.Refused
    val standing =
        when {
            refused != null -> PublishedStanding.Refused
            sent?.first == published.op && row == null -> PublishedStanding.Accepted
            else -> PublishedStanding.Waiting
        }
    return PublishedRulesState(published.name, published.from, standing, refused?.refusal?.sentence())
}
