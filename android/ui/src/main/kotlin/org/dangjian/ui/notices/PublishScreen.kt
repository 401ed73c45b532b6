package org.dangjian.ui.notices

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.imePadding
import androidx.compose.foundation.selection.selectableGroup
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import org.dangjian.ui.components.AppButton
import org.dangjian.ui.components.AppCard
import org.dangjian.ui.components.Banner
import org.dangjian.ui.components.Cards
import org.dangjian.ui.components.FilterChip
import org.dangjian.ui.components.Foot
import org.dangjian.ui.components.Icons
import org.dangjian.ui.components.LongName
import org.dangjian.ui.components.NoteLine
import org.dangjian.ui.components.ScreenFrame
import org.dangjian.ui.components.Symbol
import org.dangjian.ui.components.Tone
import org.dangjian.ui.components.TopBar
import org.dangjian.ui.components.Words
import org.dangjian.ui.components.WritingField
import org.dangjian.ui.theme.Dangjian

private const val MOST_TITLE = 60

/** The core takes 4096 bytes, and a character has at most three. */
private const val MOST_BODY = 1_365

/** To whom, and what. Nothing written is lost by leaving. */
@Composable
fun PublishScreen(
    state: PublishState,
    callbacks: PublishCallbacks,
    modifier: Modifier = Modifier,
) {
    ScreenFrame(
        modifier,
        top = {
            TopBar(
                if (state.editing) NoticeStrings.EDIT else NoticeStrings.PUBLISH,
                onBack = callbacks.onClose,
            )
        },
        bottom = {
            Foot {
                AppButton(
                    when {
                        state.busy -> NoticeStrings.BUSY
                        state.editing -> NoticeStrings.SAVE
                        else -> NoticeStrings.publishTo(state.people)
                    },
                    callbacks.onPublish,
                    Modifier.fillMaxWidth(),
                    icon = if (state.editing) Icons.Check else Icons.SendFill,
                    enabled = state.complete && !state.busy,
                )
            }
        },
    ) {
        Cards(Modifier.imePadding()) {
            state.problem?.let { Banner(Icons.ErrorFill, it, Tone.Error) }
            if (state.offline) Banner(Icons.CloudOffFill, NoticeStrings.OFFLINE, Tone.Warn)
            ToWhom(state, callbacks.onScope)
            AppCard(gap = 14.dp) {
                WritingField(
                    NoticeStrings.TITLE,
                    state.title,
                    { callbacks.onTitle(it.replace("\n", "")) },
                    hint = NoticeStrings.TITLE_HINT,
                    most = MOST_TITLE,
                    wraps = true,
                    style = Dangjian.type.cardTitle,
                )
                WritingField(
                    NoticeStrings.BODY,
                    state.body,
                    callbacks.onBody,
                    hint = NoticeStrings.BODY_HINT,
                    supporting = state.keptAt?.let(NoticeStrings::kept) ?: NoticeStrings.DRAFT_KEPT,
                    most = MOST_BODY,
                    lines = 6,
                )
            }
            NoteLine(Icons.Info, NoticeStrings.CAN_WITHDRAW)
        }
    }
}

@Composable
private fun ToWhom(
    state: PublishState,
    onScope: (String) -> Unit,
) {
    val variant = Dangjian.colours.onSurfaceVariant
    AppCard(padding = PaddingValues(horizontal = 16.dp, vertical = 14.dp), gap = 6.dp) {
        FlowRow(
            Modifier.fillMaxWidth(),
            horizontalArrangement = Arrangement.SpaceBetween,
            itemVerticalAlignment = Alignment.CenterVertically,
        ) {
            Words(NoticeStrings.TO_WHOM, Modifier.semantics { heading() }, Dangjian.type.bodyBold)
            state.people?.let { Words(NoticeStrings.people(it), style = Dangjian.type.label, color = variant) }
        }
        if (!state.editing) {
            FlowRow(
                Modifier.selectableGroup(),
                horizontalArrangement = Arrangement.spacedBy(if (Dangjian.elder) 12.dp else 8.dp),
            ) {
                state.scopes.forEach { scope -> FilterChip(scope) { onScope(scope.id) } }
            }
        }
        Row(horizontalArrangement = Arrangement.spacedBy(8.dp), verticalAlignment = Alignment.CenterVertically) {
            Symbol(Icons.Groups, 20, tint = variant)
            Column(Modifier.weight(1f)) {
                LongName(state.org, state.orgLast)
                Words(state.speaker, style = Dangjian.type.label, color = variant)
            }
        }
    }
}
