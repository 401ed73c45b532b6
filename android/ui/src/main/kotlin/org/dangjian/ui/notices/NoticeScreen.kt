package org.dangjian.ui.notices

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import org.dangjian.ui.components.AppButton
import org.dangjian.ui.components.AppCard
import org.dangjian.ui.components.Avatar
import org.dangjian.ui.components.Banner
import org.dangjian.ui.components.ButtonKind
import org.dangjian.ui.components.ButtonPair
import org.dangjian.ui.components.Cards
import org.dangjian.ui.components.CommonStrings
import org.dangjian.ui.components.EmptyCard
import org.dangjian.ui.components.EmptyState
import org.dangjian.ui.components.ErrorCard
import org.dangjian.ui.components.Icons
import org.dangjian.ui.components.LoadingCard
import org.dangjian.ui.components.LongName
import org.dangjian.ui.components.NoteLine
import org.dangjian.ui.components.ReasonForm
import org.dangjian.ui.components.ReasonWords
import org.dangjian.ui.components.ScreenFrame
import org.dangjian.ui.components.SheetOver
import org.dangjian.ui.components.StatusChip
import org.dangjian.ui.components.Tone
import org.dangjian.ui.components.TopBar
import org.dangjian.ui.components.ValueRow
import org.dangjian.ui.components.Words
import org.dangjian.ui.theme.Dangjian

private val WITHDRAWAL =
    ReasonWords(
        NoticeStrings.WITHDRAW_SENTENCE,
        NoticeStrings.REASON,
        NoticeStrings.REASON_HINT,
        NoticeStrings.WITHDRAW_NOW,
    )

/** @param written why it is withdrawn, as far as it is written. */
@Composable
fun NoticeScreen(
    state: NoticeState,
    callbacks: NoticeCallbacks,
    modifier: Modifier = Modifier,
    written: String = "",
) {
    SheetOver(
        open = state.withdrawing,
        title = NoticeStrings.WITHDRAW_TITLE,
        modifier = modifier,
        onBack = { callbacks.onWithdrawOpen(false) },
        sheet = {
            Words(NoticeStrings.WITHDRAW_TITLE, Modifier.semantics { heading() }, Dangjian.type.title)
            ReasonForm(
                WITHDRAWAL,
                written,
                state.withdrawalProblem,
                state.busy,
                callbacks.onReason,
                callbacks.onWithdraw,
                { callbacks.onWithdrawOpen(false) },
            )
        },
    ) {
        ScreenFrame(top = { TopBar(NoticeStrings.NOTICE, onBack = callbacks.onBack) }) {
            Cards {
                state.problem?.let { ErrorCard(it, callbacks.onRetry) }
                if (state.loading) LoadingCard()
                if (state.missing) {
                    EmptyCard(EmptyState(NoticeStrings.MISSING, NoticeStrings.MISSING_SENTENCE), Icons.Campaign, {})
                }
                if (state.there) {
                    state.withdrawn?.let { Banner(Icons.Undo, NoticeStrings.withdrawn(it), Tone.Warn) }
                    Notice(state)
                    if (state.receipts != null) Leading(state, state.receipts, callbacks)
                    if (state.told) NoteLine(Icons.Check, NoticeStrings.told(state.toldAt))
                }
            }
        }
    }
}

@Composable
private fun Notice(state: NoticeState) {
    val variant = Dangjian.colours.onSurfaceVariant
    AppCard(padding = PaddingValues(20.dp), gap = 14.dp) {
        Words(state.title, Modifier.semantics { heading() }, Dangjian.type.headline)
        Row(horizontalArrangement = Arrangement.spacedBy(12.dp), verticalAlignment = Alignment.CenterVertically) {
            Avatar(state.author)
            Column(Modifier.weight(1f)) {
                Words(state.author, style = Dangjian.type.bodyBold)
                LongName(state.org, state.orgLast, expandable = true)
                Words(state.published, style = Dangjian.type.label, color = variant)
            }
        }
        if (state.edited != null || state.unconfirmed) {
            FlowRow(
                horizontalArrangement = Arrangement.spacedBy(8.dp),
                verticalArrangement = Arrangement.spacedBy(8.dp),
            ) {
                state.edited?.let { StatusChip(Icons.EditNote, NoticeStrings.edited(it), Tone.Info) }
                if (state.unconfirmed) StatusChip(Icons.CloudUpload, CommonStrings.TO_UPLOAD, Tone.Warn)
            }
        }
        val style = Dangjian.type.reader.copy(lineHeight = Dangjian.type.reader.fontSize * 1.7f)
        val colour = if (state.withdrawn == null) Dangjian.colours.onSurface else variant
        state.body.split("\n").filter { it.isNotBlank() }.forEach { paragraph ->
            Words(paragraph, style = style, color = colour)
        }
    }
}

@Composable
private fun Leading(
    state: NoticeState,
    receipts: String,
    callbacks: NoticeCallbacks,
) {
    AppCard(padding = PaddingValues(horizontal = 16.dp, vertical = 4.dp)) {
        ValueRow(NoticeStrings.RECEIPTS, receipts, callbacks.onReceipts)
    }
    if (state.withdrawn != null) return
    val edit: @Composable (Modifier) -> Unit = {
        AppButton(NoticeStrings.EDIT, callbacks.onEdit, it, ButtonKind.Outlined, icon = Icons.EditNote)
    }
    val withdraw: @Composable (Modifier) -> Unit = {
        AppButton(
            NoticeStrings.WITHDRAW,
            { callbacks.onWithdrawOpen(true) },
            it,
            ButtonKind.Outlined,
            icon = Icons.Undo,
        )
    }
    when {
        state.canEdit && state.canWithdraw -> ButtonPair(edit, withdraw)
        state.canEdit -> edit(Modifier.fillMaxWidth())
        state.canWithdraw -> withdraw(Modifier.fillMaxWidth())
    }
}
