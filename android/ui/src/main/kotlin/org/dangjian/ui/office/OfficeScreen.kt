package org.dangjian.ui.office

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.lazy.items
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import org.dangjian.ui.components.AppCard
import org.dangjian.ui.components.Avatar
import org.dangjian.ui.components.Choices
import org.dangjian.ui.components.EmptyCard
import org.dangjian.ui.components.EmptyState
import org.dangjian.ui.components.ErrorCard
import org.dangjian.ui.components.IconSquare
import org.dangjian.ui.components.Icons
import org.dangjian.ui.components.ListRow
import org.dangjian.ui.components.LoadingCard
import org.dangjian.ui.components.LongName
import org.dangjian.ui.components.ReasonForm
import org.dangjian.ui.components.ReasonWords
import org.dangjian.ui.components.RowDivider
import org.dangjian.ui.components.Rows
import org.dangjian.ui.components.ScreenFrame
import org.dangjian.ui.components.SectionHeading
import org.dangjian.ui.components.SheetOver
import org.dangjian.ui.components.StatusChip
import org.dangjian.ui.components.Symbol
import org.dangjian.ui.components.TabRow
import org.dangjian.ui.components.TabState
import org.dangjian.ui.components.Tone
import org.dangjian.ui.components.TopBar
import org.dangjian.ui.components.Words
import org.dangjian.ui.components.endOfList
import org.dangjian.ui.theme.Dangjian

/** @param written the reason, as far as it is written. */
@Composable
fun OfficeScreen(
    state: OfficeState,
    callbacks: OfficeCallbacks,
    modifier: Modifier = Modifier,
    written: String = "",
) {
    val decision = state.decision
    SheetOver(
        open = decision != null,
        title = if (decision?.objection == true) OfficeStrings.OBJECTION else OfficeStrings.REVIEW,
        modifier = modifier,
        sheet = { decision?.let { Decision(it, written, callbacks) } },
    ) {
        ScreenFrame(
            top = {
                TopBar(OfficeStrings.TITLE, onBack = callbacks.onBack)
                TabRow(
                    listOf(
                        TabState(OfficeStrings.reviews(state.reviews.size, state.moreReviews)),
                        TabState(OfficeStrings.objections(state.objections.size, state.moreObjections)),
                    ),
                    if (state.showObjections) 1 else 0,
                    { callbacks.onShowObjections(it == 1) },
                )
            },
        ) { Matters(state, callbacks) }
    }
}

@Composable
private fun Matters(
    state: OfficeState,
    callbacks: OfficeCallbacks,
) {
    val matters = if (state.showObjections) state.objections else state.reviews
    val margin = Modifier.padding(horizontal = Dangjian.space.margin)
    Rows(top = 12.dp) {
        state.problem?.let { item(key = "problem") { ErrorCard(it, callbacks.onRetry, margin) } }
        if (state.loading) item(key = "loading") { LoadingCard(margin) }
        if (matters.isEmpty() && !state.loading && state.problem == null) {
            item(key = "empty") {
                val empty =
                    if (state.showObjections) {
                        EmptyState(OfficeStrings.NO_OBJECTIONS, OfficeStrings.NO_OBJECTIONS_SENTENCE)
                    } else {
                        EmptyState(OfficeStrings.NO_REVIEWS, OfficeStrings.NO_REVIEWS_SENTENCE)
                    }
                EmptyCard(empty, Icons.TaskAltFill, {}, margin)
            }
        }
        items(matters, key = { it.id }) { Matter(it, margin) { callbacks.onMatter(it.id) } }
        val more = if (state.showObjections) state.moreObjections else state.moreReviews
        endOfList(more, state.showObjections to matters.size, margin, callbacks.onEnd)
        if (state.pages.isNotEmpty()) item(key = "pages") { Pages(state.pages, callbacks.onPage, margin) }
    }
}

@Composable
private fun Pages(
    pages: List<OfficePage>,
    onPage: (OfficePage) -> Unit,
    modifier: Modifier,
) {
    Column(modifier, verticalArrangement = Arrangement.spacedBy(8.dp)) {
        SectionHeading(OfficeStrings.PAGES, Modifier.padding(horizontal = 4.dp))
        AppCard(padding = PaddingValues(horizontal = 16.dp, vertical = 4.dp)) {
            pages.forEachIndexed { index, page ->
                if (index > 0) RowDivider()
                ListRow(
                    Modifier.padding(vertical = 4.dp),
                    leading = { IconSquare(page.icon, Tone.Neutral) },
                    trailing = { Symbol(Icons.ChevronRight, 20, tint = Dangjian.colours.onSurfaceVariant) },
                    onClick = { onPage(page) },
                ) {
                    Words(page.label, style = Dangjian.type.bodyBold)
                    Words(page.sentence, style = Dangjian.type.label, color = Dangjian.colours.onSurfaceVariant)
                }
            }
        }
    }
}

@Composable
private fun Matter(
    matter: MatterState,
    modifier: Modifier,
    onClick: () -> Unit,
) {
    AppCard(modifier, gap = 10.dp, onClick = onClick.takeIf { matter.mayDecide && !matter.unconfirmed }) {
        Who(matter)
        Words(matter.about, style = Dangjian.type.bodyBold)
        Words(matter.text, style = Dangjian.type.banner)
        Box {
            when {
                matter.unconfirmed -> {
                    StatusChip(Icons.CloudUpload, OfficeStrings.DECIDED, Tone.Warn)
                }

                matter.mayDecide -> {
                    StatusChip(Icons.HourglassTop, matter.waiting, Tone.Info)
                }

                else -> {
                    FlowRow(
                        horizontalArrangement = Arrangement.spacedBy(8.dp),
                        verticalArrangement = Arrangement.spacedBy(4.dp),
                    ) {
                        StatusChip(Icons.HourglassTop, matter.waiting, Tone.Info)
                        StatusChip(Icons.Person, OfficeStrings.OTHERS_DECIDE, Tone.Neutral)
                    }
                }
            }
        }
    }
}

@Composable
private fun Who(matter: MatterState) {
    Row(horizontalArrangement = Arrangement.spacedBy(12.dp), verticalAlignment = Alignment.CenterVertically) {
        Avatar(matter.name)
        Column(Modifier.weight(1f)) { WhoIs(matter) }
    }
}

@Composable
private fun WhoIs(matter: MatterState) {
    Words(matter.name, style = Dangjian.type.bodyBold)
    LongName(matter.org, matter.orgLast)
}

@Composable
private fun Decision(
    state: DecisionState,
    written: String,
    callbacks: OfficeCallbacks,
) {
    val answers =
        if (state.objection) {
            listOf(OfficeStrings.GRANTED, OfficeStrings.REJECTED)
        } else {
            listOf(OfficeStrings.UPHELD, OfficeStrings.NOT_UPHELD)
        }
    Words(
        if (state.objection) OfficeStrings.OBJECTION else OfficeStrings.REVIEW,
        Modifier.semantics { heading() },
        Dangjian.type.title,
    )
    ListRow(
        leading = { Avatar(state.matter.name) },
        trailing = { Symbol(Icons.ChevronRight, 20, tint = Dangjian.colours.onSurfaceVariant) },
        onClick = { callbacks.onMember(state.matter.member) },
    ) { WhoIs(state.matter) }
    Words(state.matter.about, style = Dangjian.type.bodyBold)
    Words(state.matter.text, style = Dangjian.type.banner)
    Choices(answers, state.yes?.let { if (it) 0 else 1 }, { callbacks.onChoose(it == 0) })
    ReasonForm(
        ReasonWords(
            if (state.objection) OfficeStrings.GRANTED_NOTE else OfficeStrings.REVIEW_NOTE,
            OfficeStrings.REASON,
            OfficeStrings.REASON_HINT,
            OfficeStrings.DECIDE,
        ),
        written,
        state.problem,
        state.busy,
        callbacks.onReason,
        callbacks.onDecide,
        callbacks.onCloseDecision,
        enabled = state.yes != null,
    )
}
