package org.dangjian.ui.office

import androidx.compose.runtime.Immutable
import org.dangjian.ui.components.ErrorState

/** What a county uses or does not use. */
enum class Feature(
    val label: String,
    val sentence: String,
) {
    PublicRanking(FeaturesStrings.RANKING, FeaturesStrings.RANKING_SENTENCE),
    NamesOnLowBoards(FeaturesStrings.NAMES, FeaturesStrings.NAMES_SENTENCE),
    StudyInAppraisal(FeaturesStrings.APPRAISAL, FeaturesStrings.APPRAISAL_SENTENCE),
    SignInPoints(FeaturesStrings.SIGN_IN, FeaturesStrings.SIGN_IN_SENTENCE),
    MandatoryPhoto(FeaturesStrings.PHOTO, FeaturesStrings.PHOTO_SENTENCE),
    UsageReports(FeaturesStrings.REPORTS, FeaturesStrings.REPORTS_SENTENCE),
    ForcedCheckIn(FeaturesStrings.CHECK_IN, FeaturesStrings.CHECK_IN_SENTENCE),
}

/** What 功能开关 shows. */
@Immutable
data class FeaturesState(
    /** Those that are on. */
    val on: Set<Feature>,
    val mayChange: Boolean = true,
    /** Whether a change waits for the server. */
    val unconfirmed: Boolean = false,
    val problem: ErrorState? = null,
    val loading: Boolean = false,
    /** What is asked before it is done: all off, or all on again. */
    val asked: Boolean? = null,
) {
    /** Burden reduction: nothing of all this. */
    val reduced get() = on.isEmpty()
}

data class FeaturesCallbacks(
    val onBack: () -> Unit = {},
    val onRetry: () -> Unit = {},
    val onFeature: (Feature, Boolean) -> Unit = { _, _ -> },
    /** Whether everything shall be off; asks first. */
    val onReduced: (Boolean) -> Unit = {},
    val onConfirm: () -> Unit = {},
    val onCancel: () -> Unit = {},
)
