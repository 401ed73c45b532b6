package org.dangjian.ui.bridge

import androidx.lifecycle.viewModelScope
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.combine
import org.dangjian.core.AppealView
import org.dangjian.core.CaseView
import org.dangjian.core.Dangjian
import org.dangjian.core.RowId
import org.dangjian.core.Topic
import org.dangjian.ui.office.DecisionState
import org.dangjian.ui.office.MatterState
import org.dangjian.ui.office.OfficePage
import org.dangjian.ui.office.OfficeState
import java.time.LocalDate

private const val MATTERS = 200u

/** What waits for whoever looks after others, and what else they look after. */
class OfficeModel(
    phone: Phone,
) : ScreenModel<OfficeModel.Input>(phone, Input()) {
    /**
     * @param pages how far the person has scrolled.
     * @param matter what is being decided; [yes] is absent until it is chosen.
     */
    data class Input(
        val pages: UInt = 1u,
        val showObjections: Boolean? = null,
        val matter: String? = null,
        val yes: Boolean? = null,
        val problem: String? = null,
    )

    private class Page(
        val cases: Rows<CaseView>,
        val appeals: Rows<AppealView>,
        val pages: List<OfficePage>,
    )

    private val page =
        live(Topic.CASES, Topic.PEOPLE, Topic.RULES, Topic.OUTBOX, key = { it.pages }) { pages ->
            val count = pages * MATTERS
            Page(
                rowsOf(count, { it.id }) { limit, offset -> office.cases(limit, offset).run { Rows(rows, more) } },
                rowsOf(count, { it.id }) { limit, offset -> office.appeals(limit, offset).run { Rows(rows, more) } },
                officePages(),
            )
        }

    private val reason = Writing(phone, viewModelScope)

    /** The reason being written. */
    val written: StateFlow<String> = reason.text

    val state: StateFlow<OfficeState> =
        combine(page, input, busy, ::stateOf).shown(
            OfficeState(reviews = emptyList(), objections = emptyList(), loading = true),
        )

    /** The end of the list is in sight. */
    fun end() = change { copy(pages = pages + 1u) }

    fun showObjections(show: Boolean) = change { copy(showObjections = show) }

    fun open(matter: String) {
        reason.open("decision:$matter")
        change { copy(matter = matter, yes = null, problem = null) }
    }

    fun choose(yes: Boolean) = change { copy(yes = yes) }

    fun write(text: String) = reason.write(text)

    /** Closes the sheet; the reason stays for the next time. */
    fun close() {
        reason.close()
        change { copy(matter = null, yes = null, problem = null) }
    }

    /** The screen is left, or the app. */
    fun leave() = reason.leave()

    fun decide() {
        val decision = state.value.decision?.takeIf { it.matter.id == input.value.matter } ?: return
        val (matter, yes) = decision.matter.id to (input.value.yes ?: return)
        val text = reason.text.value.trim()
        once(
            failed = { problem -> change { copy(problem = problem.sentence()) } },
            done = {
                reason.done()
                change { copy(matter = null, yes = null, problem = null) }
            },
        ) {
            if (decision.objection) {
                office.decideAppeal(RowId(matter), yes, text)
            } else {
                office.decideReview(RowId(matter), yes, text)
            }
        }
    }

    private fun stateOf(
        read: Read<Page>,
        input: Input,
        busy: Boolean,
    ): OfficeState {
        val page = read.orNull()
        val reviews =
            page
                ?.cases
                ?.rows
                .orEmpty()
                .map { matterOf(it, phone.nowMs()) }
        val objections =
            page
                ?.appeals
                ?.rows
                .orEmpty()
                .map { matterOf(it, phone.nowMs()) }
        val review = reviews.firstOrNull { it.id == input.matter }
        val matter = review ?: objections.firstOrNull { it.id == input.matter }
        return OfficeState(
            // What there is comes first, until somebody chooses.
            showObjections = input.showObjections ?: (reviews.isEmpty() && objections.isNotEmpty()),
            reviews = reviews,
            objections = objections,
            moreReviews = page?.cases?.more == true,
            moreObjections = page?.appeals?.more == true,
            pages = page?.pages.orEmpty(),
            problem = read.failure?.asError(),
            loading = read is Read.Loading,
            decision =
                matter?.let { DecisionState(it, objection = review == null, input.yes, input.problem, busy) },
        )
    }
}

/** Which other pages of offices somebody has. */
private suspend fun Dangjian.officePages(): List<OfficePage> {
    val offices = account.me()?.offices.orEmpty()
    val sets = office.features()?.maySet == true
    return listOfNotNull(
        OfficePage.Members.takeIf { offices.any { it.role != null } },
        OfficePage.LowBoards.takeIf { branchesLed().isNotEmpty() },
        OfficePage.Features.takeIf { sets },
        OfficePage.Rules.takeIf { sets },
    )
}

internal fun matterOf(
    case: CaseView,
    nowMs: Long,
): MatterState {
    val day = LocalDate.ofEpochDay(case.day.days.toLong())
    return MatterState(
        id = case.id.text,
        member = case.member.text,
        name = case.name,
        org = case.orgName,
        orgLast = lastLevelOf(case.orgName),
        about = OfficeWordsStrings.about(case.kind.words(), dayOf(day, shanghai(nowMs).toLocalDate())),
        text = case.evidence,
        waiting = waitingSince(case.openedAt, nowMs),
        unconfirmed = case.unconfirmed,
        mayDecide = case.mayDecide,
    )
}

internal fun matterOf(
    appeal: AppealView,
    nowMs: Long,
) = MatterState(
    id = appeal.id.text,
    member = appeal.member.text,
    name = appeal.name,
    org = appeal.orgName,
    orgLast = lastLevelOf(appeal.orgName),
    about = appeal.aboutWords ?: OfficeWordsStrings.SOMETHING,
    text = appeal.text,
    waiting = waitingSince(appeal.madeAt, nowMs),
    unconfirmed = appeal.unconfirmed,
    mayDecide = appeal.mayDecide,
)
