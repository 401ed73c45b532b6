package org.dangjian.ui.reader

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.material3.Slider
import androidx.compose.material3.SliderDefaults
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.semantics.stateDescription
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.unit.sp
import org.dangjian.ui.components.AppButton
import org.dangjian.ui.components.Banner
import org.dangjian.ui.components.ButtonKind
import org.dangjian.ui.components.Choices
import org.dangjian.ui.components.Icons
import org.dangjian.ui.components.StatusChip
import org.dangjian.ui.components.Tone
import org.dangjian.ui.components.Words
import org.dangjian.ui.theme.Dangjian
import kotlin.math.roundToInt

/** One question while the clock stands. No limit of time; a wrong answer costs nothing. */
@Composable
internal fun CheckSheet(
    check: CheckState,
    clock: String,
    callbacks: ReaderCallbacks,
) {
    FlowRow(
        Modifier.fillMaxWidth(),
        horizontalArrangement = Arrangement.SpaceBetween,
        itemVerticalAlignment = Alignment.CenterVertically,
    ) {
        Words(ReaderStrings.CHECK, Modifier.semantics { heading() }, style = Dangjian.type.title)
        StatusChip(Icons.Quiz, ReaderStrings.questionOf(check.number, check.total), Tone.Neutral)
    }
    Banner(Icons.PauseCircle, ReaderStrings.clockStopped(clock), Tone.Neutral)
    Words(
        check.question,
        style =
            if (Dangjian.elder) {
                Dangjian.type.body
            } else {
                Dangjian.type.body.copy(
                    fontSize = 18.sp,
                    lineHeight = 28.sp,
                )
            },
    )
    Choices(check.choices, check.chosen, callbacks.onChoose)
    AppButton(ReaderStrings.SUBMIT, callbacks.onSubmit, Modifier.fillMaxWidth(), enabled = check.chosen != null)
    AppButton(ReaderStrings.LOOK_BACK, { callbacks.onCheckOpen(false) }, Modifier.fillMaxWidth(), ButtonKind.Outlined)
    Words(
        ReaderStrings.COSTS_NOTHING,
        Modifier.fillMaxWidth(),
        style = Dangjian.type.label,
        color = Dangjian.colours.onSurfaceVariant,
        align = TextAlign.Center,
    )
}

/** Aa: how large the text of the reader is. */
@Composable
internal fun SizeSheet(
    size: Int,
    callbacks: ReaderCallbacks,
) {
    Words(ReaderStrings.TEXT_SIZE, Modifier.semantics { heading() }, style = Dangjian.type.title)
    Row(
        horizontalArrangement = Arrangement.spacedBy(Dangjian.space.gap),
        verticalAlignment = Alignment.CenterVertically,
    ) {
        Words("A", style = Dangjian.type.label)
        Slider(
            value = size.toFloat(),
            onValueChange = { callbacks.onSize(it.roundToInt()) },
            modifier =
                Modifier.weight(1f).heightIn(min = Dangjian.space.touch).semantics {
                    contentDescription = ReaderStrings.TEXT_SIZE
                    stateDescription = size.toString()
                },
            valueRange = TEXT_SIZES.first.toFloat()..TEXT_SIZES.last.toFloat(),
            steps = TEXT_SIZES.last - TEXT_SIZES.first - 1,
            colors =
                SliderDefaults.colors(
                    thumbColor = Dangjian.colours.primary,
                    activeTrackColor = Dangjian.colours.primary,
                    inactiveTrackColor = Dangjian.colours.surfaceContainer,
                    activeTickColor = Color.Transparent,
                    inactiveTickColor = Color.Transparent,
                ),
        )
        Words("A", style = Dangjian.type.headline)
        Words(size.toString(), style = Dangjian.type.bodyBold)
    }
    AppButton(ReaderStrings.DONE, { callbacks.onSizeOpen(false) }, Modifier.fillMaxWidth(), ButtonKind.Outlined)
}
