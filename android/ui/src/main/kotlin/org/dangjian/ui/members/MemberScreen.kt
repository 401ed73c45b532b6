package org.dangjian.ui.members

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import org.dangjian.ui.components.Answers
import org.dangjian.ui.components.AppButton
import org.dangjian.ui.components.AppCard
import org.dangjian.ui.components.Avatar
import org.dangjian.ui.components.ButtonKind
import org.dangjian.ui.components.ButtonSize
import org.dangjian.ui.components.Cards
import org.dangjian.ui.components.CommonStrings
import org.dangjian.ui.components.ErrorCard
import org.dangjian.ui.components.FactBox
import org.dangjian.ui.components.Icons
import org.dangjian.ui.components.ListRow
import org.dangjian.ui.components.LoadingCard
import org.dangjian.ui.components.LongName
import org.dangjian.ui.components.RowDivider
import org.dangjian.ui.components.ScreenFrame
import org.dangjian.ui.components.SectionHeading
import org.dangjian.ui.components.SheetOver
import org.dangjian.ui.components.StatusChip
import org.dangjian.ui.components.TextAction
import org.dangjian.ui.components.Tone
import org.dangjian.ui.components.TopBar
import org.dangjian.ui.components.Words
import org.dangjian.ui.components.WritingField
import org.dangjian.ui.theme.Dangjian

/** @param written which branch is looked for, as far as it is written. */
@Composable
fun MemberScreen(
    state: MemberState,
    callbacks: MemberCallbacks,
    modifier: Modifier = Modifier,
    written: String = "",
) {
    SheetOver(
        open = state.sheet != null,
        title = MembersStrings.MEMBER,
        modifier = modifier,
        onDismiss = callbacks.onCloseSheet,
        sheet = { state.sheet?.let { Ask(state, it, written, callbacks) } },
    ) {
        ScreenFrame(top = { TopBar(MembersStrings.MEMBER, onBack = callbacks.onBack) }) {
            Cards {
                state.problem?.let { ErrorCard(it, callbacks.onRetry) }
                if (state.loading) {
                    LoadingCard()
                } else if (state.name.isNotEmpty()) {
                    Who(state)
                    Doings(state, callbacks)
                    if (state.mayReset) Phones(state.phones, state.phonesProblem, callbacks.onAskRevoke)
                }
            }
        }
    }
}

@Composable
private fun Who(state: MemberState) {
    AppCard(gap = 14.dp) {
        Row(horizontalArrangement = Arrangement.spacedBy(12.dp), verticalAlignment = Alignment.CenterVertically) {
            Avatar(state.name)
            Column(Modifier.weight(1f)) {
                Words(state.name, Modifier.semantics { heading() }, Dangjian.type.title)
                LongName(state.branch, state.branchLast, expandable = true)
            }
        }
        FactBox(state.facts)
        if (state.moving) StatusChip(Icons.CloudUpload, MembersStrings.MOVING, Tone.Warn)
    }
}

@Composable
private fun Doings(
    state: MemberState,
    callbacks: MemberCallbacks,
) {
    val wide = Modifier.fillMaxWidth()
    val doing: @Composable (String, () -> Unit) -> Unit = { label, onClick ->
        AppButton(label, onClick, wide, ButtonKind.Outlined, enabled = !state.busy)
    }
    when (state.ledger) {
        LedgerStanding.Open -> {
            AppButton(MembersStrings.LEDGER, callbacks.onLedger, wide, ButtonKind.Tonal, icon = Icons.Article)
        }

        LedgerStanding.MayOpen -> {
            doing(MembersStrings.OPEN_LEDGER, callbacks.onOpenLedger)
        }

        LedgerStanding.Opening -> {
            StatusChip(Icons.CloudUpload, MembersStrings.OPENING_LEDGER, Tone.Warn)
        }

        LedgerStanding.Closed -> {}
    }
    if (state.mayReset) doing(MembersStrings.NEW_CODE, callbacks.onAskCode)
    if (state.mayMove && !state.moving) doing(MembersStrings.MOVE, callbacks.onMove)
}

@Composable
private fun Phones(
    phones: List<PhoneRowState>?,
    problem: String?,
    onAskRevoke: (PhoneRowState) -> Unit,
) {
    val variant = Dangjian.colours.onSurfaceVariant
    SectionHeading(MembersStrings.PHONES)
    AppCard {
        if (phones == null) Words(problem ?: CommonStrings.LOADING, color = variant)
        if (phones?.isEmpty() == true) Words(MembersStrings.NO_PHONES, color = variant)
        phones.orEmpty().forEachIndexed { index, phone ->
            if (index > 0) RowDivider()
            ListRow(
                Modifier.padding(vertical = 4.dp),
                trailing = {
                    if (phone.revoked) {
                        StatusChip(Icons.Block, MembersStrings.REVOKED, Tone.Neutral)
                    } else {
                        TextAction(MembersStrings.REVOKE, { onAskRevoke(phone) })
                    }
                },
            ) {
                Words(phone.label, style = Dangjian.type.bodyBold)
                Words(phone.about, style = Dangjian.type.label, color = variant)
            }
        }
    }
}

@Composable
private fun Ask(
    state: MemberState,
    sheet: MemberSheet,
    written: String,
    callbacks: MemberCallbacks,
) {
    when (sheet) {
        MemberSheet.AskCode -> {
            Question(
                MembersStrings.ASK_CODE,
                MembersStrings.ASK_CODE_SENTENCE,
                MembersStrings.NEW_CODE,
                callbacks.onCode,
                callbacks.onCloseSheet,
                enabled = !state.busy,
            )
        }

        is MemberSheet.Code -> {
            Words(MembersStrings.CODE, Modifier.semantics { heading() }, Dangjian.type.title)
            Words(sheet.code, style = Dangjian.type.displayNumber)
            Words(MembersStrings.CODE_SENTENCE)
            AppButton(CommonStrings.KNOWN, callbacks.onCloseSheet, Modifier.fillMaxWidth())
        }

        is MemberSheet.AskRevoke -> {
            Question(
                MembersStrings.ASK_REVOKE,
                MembersStrings.ASK_REVOKE_SENTENCE,
                MembersStrings.REVOKE,
                { callbacks.onRevoke(sheet.phone.id) },
                callbacks.onCloseSheet,
                enabled = !state.busy,
            )
        }

        is MemberSheet.Branches -> {
            Branches(sheet, written, callbacks)
        }

        is MemberSheet.AskMove -> {
            Question(
                MembersStrings.askMove(state.name, sheet.branch.name),
                MembersStrings.ASK_MOVE_SENTENCE,
                MembersStrings.CONFIRM_MOVE,
                { callbacks.onMoveTo(sheet.branch.id) },
                callbacks.onCloseSheet,
                enabled = !state.busy,
            )
        }

        is MemberSheet.Failed -> {
            Words(sheet.sentence, style = Dangjian.type.bodyBold)
            AppButton(CommonStrings.KNOWN, callbacks.onCloseSheet, Modifier.fillMaxWidth())
        }
    }
}

@Composable
private fun Question(
    question: String,
    sentence: String,
    yes: String,
    onYes: () -> Unit,
    onNo: () -> Unit,
    enabled: Boolean,
) {
    Words(question, Modifier.semantics { heading() }, Dangjian.type.title)
    Words(sentence, color = Dangjian.colours.onSurfaceVariant)
    Answers(yes, onYes, onNo, enabled)
}

@Composable
private fun Branches(
    sheet: MemberSheet.Branches,
    written: String,
    callbacks: MemberCallbacks,
) {
    Words(MembersStrings.MOVE_TITLE, Modifier.semantics { heading() }, Dangjian.type.title)
    WritingField(MembersStrings.BRANCH, written, callbacks.onBranchQuery)
    sheet.branches.forEach { branch ->
        ListRow(onClick = { callbacks.onBranch(branch) }) {
            Words(branch.name, style = Dangjian.type.bodyBold)
            Words(branch.below, style = Dangjian.type.label, color = Dangjian.colours.onSurfaceVariant)
        }
    }
    AppButton(
        CommonStrings.CANCEL,
        callbacks.onCloseSheet,
        Modifier.fillMaxWidth(),
        ButtonKind.Outlined,
        ButtonSize.Small,
    )
}
