package org.dangjian.ui.boards

import androidx.compose.foundation.background
import androidx.compose.foundation.border
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.Spacer
import androidx.compose.foundation.layout.fillMaxHeight
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.height
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.layout.widthIn
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.ui.semantics.clearAndSetSemantics
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.unit.dp
import org.dangjian.ui.components.AppButton
import org.dangjian.ui.components.AppCard
import org.dangjian.ui.components.Avatar
import org.dangjian.ui.components.Banner
import org.dangjian.ui.components.ButtonKind
import org.dangjian.ui.components.ButtonSize
import org.dangjian.ui.components.Cards
import org.dangjian.ui.components.CommonStrings
import org.dangjian.ui.components.EmptyCard
import org.dangjian.ui.components.EmptyState
import org.dangjian.ui.components.ErrorCard
import org.dangjian.ui.components.FactBox
import org.dangjian.ui.components.FilterChips
import org.dangjian.ui.components.Foot
import org.dangjian.ui.components.IconSquare
import org.dangjian.ui.components.Icons
import org.dangjian.ui.components.ListRow
import org.dangjian.ui.components.LoadingCard
import org.dangjian.ui.components.LongName
import org.dangjian.ui.components.RowDivider
import org.dangjian.ui.components.Rows
import org.dangjian.ui.components.ScreenFrame
import org.dangjian.ui.components.SectionHeading
import org.dangjian.ui.components.SheetOver
import org.dangjian.ui.components.Symbol
import org.dangjian.ui.components.TabRow
import org.dangjian.ui.components.TabState
import org.dangjian.ui.components.TextAction
import org.dangjian.ui.components.Tone
import org.dangjian.ui.components.TopBar
import org.dangjian.ui.components.Words
import org.dangjian.ui.components.scaled
import org.dangjian.ui.theme.Dangjian
import org.dangjian.ui.theme.Shapes
import org.dangjian.ui.today.Movement

@Composable
fun BoardsScreen(
    state: BoardsState,
    callbacks: BoardsCallbacks,
    modifier: Modifier = Modifier,
) {
    val score = state.score?.takeIf { it.open }
    SheetOver(
        open = score != null,
        title = score?.title.orEmpty(),
        modifier = modifier,
        onDismiss = { callbacks.onScoreOpen(false) },
        sheet = { score?.let { ScoreSheet(it) { callbacks.onScoreOpen(false) } } },
    ) {
        ScreenFrame(
            top = {
                TopBar(BoardsStrings.TITLE, onBack = callbacks.onBack)
                if (!state.off) {
                    TabRow(
                        BoardKind.entries.map { TabState(it.label, it.icon) },
                        state.board.ordinal,
                        { callbacks.onBoard(BoardKind.entries[it]) },
                    )
                }
            },
            bottom = { state.own?.takeIf { !state.off }?.let { Own(it, callbacks.onPoints) } },
        ) {
            if (state.off) Off(callbacks.onPoints) else Board(state, callbacks)
        }
    }
}

@Composable
private fun Off(onPoints: () -> Unit) {
    val state = EmptyState(BoardsStrings.OFF, BoardsStrings.OFF_SENTENCE, BoardsStrings.OFF_WAY_ON)
    Cards { EmptyCard(state, Icons.LeaderboardFill, onPoints) }
}

@Composable
private fun Board(
    state: BoardsState,
    callbacks: BoardsCallbacks,
) {
    val margin = Modifier.padding(horizontal = Dangjian.space.margin)
    Rows(top = 6.dp) {
        state.problem?.let { item(key = "problem") { ErrorCard(it, callbacks.onRetry, margin) } }
        item(key = "scopes") {
            Column {
                FilterChips(state.scopes, callbacks.onScope)
                if (state.kinds.isNotEmpty()) FilterChips(state.kinds, callbacks.onKind)
            }
        }
        item(key = "rule") {
            val title = BoardsStrings.period(state.board.label, state.period)
            Banner(Icons.Info, state.rule?.let { BoardsStrings.rule(title, it) } ?: title, Tone.Neutral, margin)
        }
        if (state.board.low) item(key = "low") { LowNote(state.lowNote, margin) }
        if (state.loading) item(key = "loading") { LoadingCard(margin) }
        state.empty?.let { item(key = "empty") { EmptyCard(it, state.board.icon, {}, margin) } }
        if (state.lines.isNotEmpty()) item(key = "lines") { Lines(state, callbacks.onMore, margin) }
        state.counted?.let {
            item(key = "counted") {
                Words(
                    it,
                    margin.fillMaxWidth(),
                    Dangjian.type.label,
                    Dangjian.colours.onSurfaceVariant,
                    TextAlign.Center,
                )
            }
        }
        state.score?.let { item(key = "score") { Score(it, margin) { callbacks.onScoreOpen(true) } } }
        if (!state.board.low) item(key = "low") { LowNote(state.lowNote, margin) }
    }
}

@Composable
private fun LowNote(
    note: String,
    modifier: Modifier,
) {
    AppCard(modifier, padding = PaddingValues(horizontal = 16.dp, vertical = 14.dp)) {
        Row(horizontalArrangement = Arrangement.spacedBy(12.dp), verticalAlignment = Alignment.CenterVertically) {
            IconSquare(Icons.VisibilityOff, Tone.Neutral)
            Words(note, Modifier.weight(1f), Dangjian.type.label, Dangjian.colours.onSurfaceVariant)
        }
    }
}

@Composable
private fun Lines(
    state: BoardsState,
    onMore: () -> Unit,
    modifier: Modifier,
) {
    AppCard(modifier, padding = PaddingValues(vertical = 4.dp)) {
        state.lines.forEachIndexed { index, line ->
            val between = index > 0 && !line.mine && !state.lines[index - 1].mine
            if (between) RowDivider(Modifier.padding(horizontal = 16.dp))
            Line(line, honoured = state.board == BoardKind.Gold && (line.place ?: 4) <= 3)
        }
        // Not by itself at the end: what stands below must be reached too.
        if (state.more) {
            RowDivider(Modifier.padding(horizontal = 16.dp))
            TextAction(BoardsStrings.MORE, onMore, Modifier.padding(horizontal = 16.dp))
        }
    }
}

@Composable
private fun Line(
    line: BoardLineState,
    honoured: Boolean,
) {
    val colours = Dangjian.colours
    val content = if (line.mine) colours.onPrimaryContainer else colours.onSurface
    val variant = if (line.mine) colours.onPrimaryContainer else colours.onSurfaceVariant
    val name = if (line.mine) BoardsStrings.mine(line.name) else line.name
    val ground =
        when {
            !line.mine -> Modifier
            colours.highContrast -> Modifier.border(2.dp, content, Shapes.banner)
            else -> Modifier.background(colours.primaryContainer)
        }
    ListRow(
        ground
            .clearAndSetSemantics {
                contentDescription =
                    listOfNotNull(BoardsStrings.line(line.place, name, line.score, line.points), line.below)
                        .joinToString(BoardsStrings.COMMA)
            }.padding(horizontal = 16.dp, vertical = 6.dp),
        leading = {
            Row(
                horizontalArrangement = Arrangement.spacedBy(12.dp),
                verticalAlignment = Alignment.CenterVertically,
            ) {
                line.place?.let {
                    Words(
                        it.toString(),
                        Modifier.widthIn(min = scaled(30)),
                        Dangjian.type.title,
                        if (honoured && !line.mine) colours.honour else variant,
                        TextAlign.Center,
                    )
                }
                Avatar(line.name)
            }
        },
        trailing = {
            Column(horizontalAlignment = if (Dangjian.largeText) Alignment.Start else Alignment.End) {
                Words(line.score, style = Dangjian.type.cardTitle, color = content)
                Words(line.points, style = Dangjian.type.small, color = variant)
            }
        },
    ) {
        Words(name, style = Dangjian.type.bodyBold, color = content)
        line.below?.let { LongName(it, line.belowLast ?: it, color = variant) }
    }
}

@Composable
private fun Score(
    score: OwnScoreState,
    modifier: Modifier,
    onExplain: () -> Unit,
) {
    AppCard(modifier, padding = PaddingValues(start = 16.dp, end = 16.dp, top = 4.dp, bottom = 14.dp), gap = 8.dp) {
        if (score.explanation.isEmpty()) {
            SectionHeading(score.title, Modifier.padding(top = 8.dp))
        } else {
            SectionHeading(score.title, action = BoardsStrings.EXPLAIN, onAction = onExplain)
        }
        ScoreBar(score.parts)
    }
}

@Composable
private fun ScoreBar(parts: List<ScorePartState>) {
    val colours = Dangjian.colours
    val tints = listOf(colours.primary, colours.info, colours.honour, colours.ok)
    Row(
        Modifier
            .fillMaxWidth()
            .height(10.dp)
            .clip(Shapes.round)
            .background(colours.surfaceContainer),
        horizontalArrangement = Arrangement.spacedBy(3.dp),
    ) {
        parts.filter { it.fraction > 0f }.forEachIndexed { index, part ->
            Box(Modifier.weight(part.fraction).fillMaxHeight().background(tints[index % tints.size]))
        }
        val rest = 1f - parts.sumOf { it.fraction.toDouble() }.toFloat()
        if (rest > 0.001f) Spacer(Modifier.weight(rest))
    }
    FlowRow(
        Modifier.fillMaxWidth(),
        // Elders' letters leave no room between them: they wrap instead of running into one another.
        horizontalArrangement = if (Dangjian.elder) Arrangement.spacedBy(20.dp) else Arrangement.SpaceBetween,
        verticalArrangement = Arrangement.spacedBy(4.dp),
    ) {
        parts.forEachIndexed { index, part ->
            Row(
                horizontalArrangement = Arrangement.spacedBy(6.dp),
                verticalAlignment = Alignment.CenterVertically,
            ) {
                Box(Modifier.size(scaled(10)).clip(Shapes.round).background(tints[index % tints.size]))
                Words(part.label, style = Dangjian.type.label, color = colours.onSurfaceVariant)
            }
        }
    }
}

@Composable
private fun ScoreSheet(
    score: OwnScoreState,
    onClose: () -> Unit,
) {
    Words(score.title, Modifier.semantics { heading() }, Dangjian.type.title)
    ScoreBar(score.parts)
    FactBox(score.explanation)
    AppButton(CommonStrings.KNOWN, onClose, Modifier.fillMaxWidth(), ButtonKind.Outlined)
}

@Composable
private fun Own(
    own: OwnRankState,
    onPoints: () -> Unit,
) {
    val colours = Dangjian.colours
    val variant = colours.onSurfaceVariant
    val moved = if (own.movement == Movement.Up) colours.ok else variant
    val words: @Composable (Modifier) -> Unit = { modifier ->
        Row(
            modifier.clearAndSetSemantics { contentDescription = own.sentence },
            horizontalArrangement = Arrangement.spacedBy(14.dp),
            verticalAlignment = Alignment.CenterVertically,
        ) {
            Words(own.place, style = Dangjian.type.headline, color = colours.primary)
            Column {
                Words(own.title, style = Dangjian.type.bodyBold)
                own.change?.let {
                    Row(
                        horizontalArrangement = Arrangement.spacedBy(2.dp),
                        verticalAlignment = Alignment.CenterVertically,
                    ) {
                        when (own.movement) {
                            Movement.Up -> Symbol(Icons.ArrowUpward, 16, tint = moved)
                            Movement.Down -> Symbol(Icons.ArrowDownward, 16, tint = moved)
                            Movement.Same, null -> Unit
                        }
                        Words(it, style = Dangjian.type.label, color = moved)
                    }
                }
                own.toNext?.let { Words(it, style = Dangjian.type.label, color = variant) }
            }
        }
    }
    val details: @Composable (Modifier) -> Unit = {
        AppButton(BoardsStrings.DETAILS, onPoints, it, ButtonKind.Tonal, ButtonSize.Small)
    }
    Foot {
        if (Dangjian.largeText || Dangjian.elder) {
            words(Modifier.fillMaxWidth())
            details(Modifier.fillMaxWidth())
        } else {
            Row(horizontalArrangement = Arrangement.spacedBy(12.dp), verticalAlignment = Alignment.CenterVertically) {
                words(Modifier.weight(1f))
                details(Modifier)
            }
        }
    }
}
