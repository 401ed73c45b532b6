package org.dangjian.ui.office

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import org.dangjian.ui.components.AppButton
import org.dangjian.ui.components.AppCard
import org.dangjian.ui.components.Banner
import org.dangjian.ui.components.Cards
import org.dangjian.ui.components.Foot
import org.dangjian.ui.components.Icons
import org.dangjian.ui.components.NoteLine
import org.dangjian.ui.components.RowDivider
import org.dangjian.ui.components.ScreenFrame
import org.dangjian.ui.components.StatusChip
import org.dangjian.ui.components.Symbol
import org.dangjian.ui.components.Tone
import org.dangjian.ui.components.TopBar
import org.dangjian.ui.components.Words
import org.dangjian.ui.components.WritingField
import org.dangjian.ui.theme.Dangjian

/** A rule set is pasted, checked and published. */
@Composable
fun RulesScreen(
    state: RulesState,
    callbacks: RulesCallbacks,
    modifier: Modifier = Modifier,
) {
    ScreenFrame(
        modifier,
        top = { TopBar(OfficeStrings.RULES, onBack = callbacks.onBack) },
        bottom = {
            Foot {
                AppButton(
                    if (state.busy) RulesStrings.PUBLISHING else RulesStrings.PUBLISH,
                    callbacks.onPublish,
                    Modifier.fillMaxWidth(),
                    enabled = state.publishable,
                )
            }
        },
    ) {
        Cards {
            state.published?.let { Published(it) }
            NoteLine(Icons.Info, RulesStrings.INTRO)
            state.problem?.let { Banner(Icons.ErrorFill, it, Tone.Error) }
            // What was found stands above the text, which may be long.
            when (val check = state.check) {
                is RulesCheck.Sound -> {
                    Sound(check)
                }

                is RulesCheck.Broken -> {
                    Broken(check)
                }

                null -> {}
            }
            WritingField(
                RulesStrings.TEXT,
                state.text,
                callbacks.onText,
                hint = RulesStrings.HINT,
                lines = 10,
                enabled = !state.busy,
                style = Dangjian.type.label,
            )
        }
    }
}

@Composable
private fun Published(state: PublishedRulesState) {
    AppCard(gap = 6.dp) {
        FlowRow(
            Modifier.fillMaxWidth(),
            horizontalArrangement = Arrangement.SpaceBetween,
            verticalArrangement = Arrangement.spacedBy(4.dp),
            itemVerticalAlignment = Alignment.CenterVertically,
        ) {
            Words(state.name, style = Dangjian.type.bodyBold)
            when (state.standing) {
                PublishedStanding.Waiting -> StatusChip(Icons.CloudUpload, RulesStrings.WAITING, Tone.Warn)
                PublishedStanding.Accepted -> StatusChip(Icons.VerifiedFill, RulesStrings.ACCEPTED, Tone.Ok)
                PublishedStanding.Refused -> StatusChip(Icons.ReportFill, RulesStrings.REFUSED, Tone.Error)
            }
        }
        Words(state.from, style = Dangjian.type.label, color = Dangjian.colours.onSurfaceVariant)
        state.reason?.let { Words(it, style = Dangjian.type.label) }
    }
}

@Composable
private fun Sound(check: RulesCheck.Sound) {
    AppCard(gap = 8.dp) {
        Row(
            Modifier.semantics(mergeDescendants = true) { liveRegion = LiveRegionMode.Polite },
            horizontalArrangement = Arrangement.spacedBy(8.dp),
            verticalAlignment = Alignment.CenterVertically,
        ) {
            Symbol(Icons.CheckCircleFill, 24, tint = Dangjian.colours.ok)
            Words(RulesStrings.SOUND, Modifier.semantics { heading() }, Dangjian.type.bodyBold)
        }
        Words(check.name, style = Dangjian.type.bodyBold)
        Words(check.from, style = Dangjian.type.banner)
        RowDivider()
        Words(
            RulesStrings.rules(check.rules.size),
            style = Dangjian.type.label,
            color = Dangjian.colours.onSurfaceVariant,
        )
        check.rules.forEach { Words(it, style = Dangjian.type.banner) }
    }
}

@Composable
private fun Broken(check: RulesCheck.Broken) {
    AppCard(gap = 10.dp, border = Dangjian.colours.error) {
        Row(
            Modifier.semantics(mergeDescendants = true) { liveRegion = LiveRegionMode.Polite },
            horizontalArrangement = Arrangement.spacedBy(8.dp),
            verticalAlignment = Alignment.CenterVertically,
        ) {
            Symbol(Icons.ErrorFill, 24, tint = Dangjian.colours.error)
            Words(
                RulesStrings.broken(check.problems.size),
                Modifier.weight(1f).semantics { heading() },
                Dangjian.type.bodyBold,
            )
        }
        Column(verticalArrangement = Arrangement.spacedBy(8.dp)) {
            check.problems.forEachIndexed { index, problem ->
                if (index > 0) RowDivider()
                Words(problem, style = Dangjian.type.banner)
            }
        }
    }
}
