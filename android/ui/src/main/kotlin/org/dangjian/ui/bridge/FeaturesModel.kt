package org.dangjian.ui.bridge

import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.combine
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
        // From what holds now, not from what was drawn; a second tap on it changes nothing.
        office.features()?.switches?.let { present ->
            present.with(feature, on).takeIf { it != present }?.let { office.setFeatures(it) }
        }
    }

    fun ask(reduce: Boolean) = change { copy(asked = reduce) }

    fun cancel() = change { copy(asked = null) }

    fun confirm() {
        val reduce = input.value.asked ?: return
        if (busy.value) return
        change { copy(asked = null) }
        decide { office.setBurdenReduction(reduce) }
    }

    private fun <T> decide(call: suspend Dangjian.() -> T) {
        change { copy(problem = null) }
        once(failed = { problem -> change { copy(problem = problem.asError()) } }, call = call)
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
