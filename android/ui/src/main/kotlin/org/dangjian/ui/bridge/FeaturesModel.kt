package org.dangjian.ui.bridge

import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.combine
import kotlinx.coroutines.flow.update
import org.dangjian.core.AppException
import org.dangjian.core.Dangjian
import org.dangjian.core.FeaturesView
import org.dangjian.core.Switches
import org.dangjian.core.Topic
import org.dangjian.ui.components.ErrorState
import org.dangjian.ui.office.Feature
import org.dangjian.ui.office.FeaturesState

/** What the county uses, and changing it. */
class FeaturesModel(
    phone: Phone,
) : ScreenModel<FeaturesModel.Input>(phone, Input()) {
    /** @param asked what the person is asked whether to do: all off, or all on again. */
    data class Input(
        val asked: Boolean? = null,
        val problem: ErrorState? = null,
    )

    private val features = live(Topic.RULES, Topic.PEOPLE, Topic.OUTBOX) { office.features() }

    val state: StateFlow<FeaturesState> =
        combine(features, input, ::featuresStateOf).shown(FeaturesState(emptySet(), loading = true))

    fun set(
        feature: Feature,
        on: Boolean,
    ) = decide {
        // From what holds now, not from what was drawn: two taps in a row are two changes.
        office.features()?.let { office.setFeatures(it.switches.with(feature, on)) }
    }

    fun ask(reduce: Boolean) = change { copy(asked = reduce) }

    fun cancel() = change { copy(asked = null) }

    fun confirm() {
        val reduce = input.value.asked ?: return
        change { copy(asked = null) }
        decide { office.setBurdenReduction(reduce) }
    }

    private fun decide(call: suspend Dangjian.() -> Unit) {
        change { copy(problem = null) }
        act(failed = { problem: AppException -> input.update { it.copy(problem = problem.asError()) } }, call = call)
    }
}

internal fun featuresStateOf(
    read: Read<FeaturesView?>,
    input: FeaturesModel.Input,
): FeaturesState {
    val features = read.orNull()
    return FeaturesState(
        on = features?.switches?.let { switches -> Feature.entries.filterTo(mutableSetOf(), switches::has) }.orEmpty(),
        mayChange = features?.maySet == true,
        unconfirmed = features?.unconfirmed == true,
        problem = input.problem ?: read.failure?.asError(),
        loading = features == null,
        asked = input.asked,
    )
}

private fun Switches.has(feature: Feature): Boolean =
    when (feature) {
        Feature.PublicRanking -> publicRanking
        Feature.NamesOnLowBoards -> namesOnLowBoards
        Feature.StudyInAppraisal -> studyInAppraisal
        Feature.SignInPoints -> signInPoints
        Feature.MandatoryPhoto -> mandatoryPhoto
        Feature.UsageReports -> usageReports
        Feature.ForcedCheckIn -> forcedCheckIn
    }

private fun Switches.with(
    feature: Feature,
    on: Boolean,
): Switches =
    when (feature) {
        Feature.PublicRanking -> copy(publicRanking = on)
        Feature.NamesOnLowBoards -> copy(namesOnLowBoards = on)
        Feature.StudyInAppraisal -> copy(studyInAppraisal = on)
        Feature.SignInPoints -> copy(signInPoints = on)
        Feature.MandatoryPhoto -> copy(mandatoryPhoto = on)
        Feature.UsageReports -> copy(usageReports = on)
        Feature.ForcedCheckIn -> copy(forcedCheckIn = on)
    }
