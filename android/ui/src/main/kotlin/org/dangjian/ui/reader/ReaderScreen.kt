package org.dangjian.ui.reader

import androidx.compose.foundation.background
import androidx.compose.foundation.border
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.WindowInsets
import androidx.compose.foundation.layout.WindowInsetsSides
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.only
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.safeDrawing
import androidx.compose.foundation.layout.windowInsetsPadding
import androidx.compose.foundation.lazy.LazyColumn
import androidx.compose.foundation.lazy.LazyListState
import androidx.compose.foundation.lazy.itemsIndexed
import androidx.compose.foundation.lazy.rememberLazyListState
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.verticalScroll
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.getValue
import androidx.compose.runtime.rememberUpdatedState
import androidx.compose.runtime.snapshotFlow
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.ui.graphics.RectangleShape
import androidx.compose.ui.graphics.vector.ImageVector
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.clearAndSetSemantics
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.AnnotatedString
import androidx.compose.ui.text.SpanStyle
import androidx.compose.ui.text.buildAnnotatedString
import androidx.compose.ui.text.font.FontWeight
import androidx.compose.ui.text.withStyle
import androidx.compose.ui.unit.dp
import androidx.compose.ui.unit.sp
import kotlinx.coroutines.flow.distinctUntilChanged
import kotlinx.coroutines.flow.filterNotNull
import org.dangjian.ui.components.AppButton
import org.dangjian.ui.components.Banner
import org.dangjian.ui.components.ButtonKind
import org.dangjian.ui.components.ButtonSize
import org.dangjian.ui.components.CommonStrings
import org.dangjian.ui.components.EmptyCard
import org.dangjian.ui.components.ErrorCard
import org.dangjian.ui.components.IconAction
import org.dangjian.ui.components.Icons
import org.dangjian.ui.components.LoadingCard
import org.dangjian.ui.components.ProgressBar
import org.dangjian.ui.components.RowDivider
import org.dangjian.ui.components.ScreenFrame
import org.dangjian.ui.components.SheetOver
import org.dangjian.ui.components.Symbol
import org.dangjian.ui.components.Tone
import org.dangjian.ui.components.Words
import org.dangjian.ui.components.container
import org.dangjian.ui.components.content
import org.dangjian.ui.components.keepUnits
import org.dangjian.ui.theme.Dangjian
import org.dangjian.ui.theme.Shapes

@Composable
fun ReaderScreen(
    state: ReaderState,
    callbacks: ReaderCallbacks,
    modifier: Modifier = Modifier,
) {
    val check = state.check?.takeIf { it.open }
    ScreenFrame(modifier, top = { Top(state, callbacks) }) {
        // Below the bar: that the clock stands is to be seen while one answers.
        SheetOver(
            open = check != null || state.sizeOpen,
            title = if (check != null) ReaderStrings.CHECK else ReaderStrings.TEXT_SIZE,
            dim = check != null,
            onDismiss = if (check == null) ({ callbacks.onSizeOpen(false) }) else null,
            sheet = {
                if (check != null) {
                    CheckSheet(check, state.timer?.clock.orEmpty(), callbacks)
                } else {
                    SizeSheet(state.textSize, callbacks)
                }
            },
        ) {
            Column(Modifier.fillMaxSize().background(Dangjian.colours.surface)) {
                Box(Modifier.weight(1f)) {
                    if (state.blocks.isEmpty()) NotHere(state, callbacks) else Article(state, callbacks)
                }
                state.timer?.let { Foot(state, it, callbacks) }
            }
        }
    }
}

@Composable
private fun Top(
    state: ReaderState,
    callbacks: ReaderCallbacks,
) {
    Row(
        Modifier.fillMaxWidth().heightIn(min = 56.dp).padding(horizontal = 8.dp),
        horizontalArrangement = Arrangement.spacedBy(4.dp),
        verticalAlignment = Alignment.CenterVertically,
    ) {
        IconAction(Icons.ArrowBack, CommonStrings.BACK, callbacks.onBack)
        Box(Modifier.weight(1f), contentAlignment = Alignment.CenterEnd) { state.timer?.let { TimerChip(it) } }
        IconAction(Icons.TextFields, ReaderStrings.TEXT_SIZE, { callbacks.onSizeOpen(!state.sizeOpen) })
    }
    ProgressBar(
        state.placePercent / 100f,
        Modifier.semantics { contentDescription = ReaderStrings.place(state.placePercent) },
        height = 4.dp,
        shape = RectangleShape,
    )
}

/** Announces start, pause and cap; never a second. */
@Composable
private fun TimerChip(timer: TimerState) {
    val tone: Tone
    val words: String
    val announced: String
    when (timer.mode) {
        TimerMode.Running -> {
            tone = Tone.Ok
            words = ReaderStrings.COUNTED
            announced = ReaderStrings.ANNOUNCE_RUNNING
        }

        TimerMode.Paused -> {
            tone = Tone.Warn
            words = ReaderStrings.PAUSED
            announced = timer.reason ?: ReaderStrings.ANNOUNCE_PAUSED
        }

        TimerMode.DayFull -> {
            tone = Tone.Info
            words = ReaderStrings.DAY_FULL
            announced = ReaderStrings.ANNOUNCE_DAY_FULL
        }
    }
    val content = tone.content
    Row(
        Modifier
            .clearAndSetSemantics {
                contentDescription = announced
                liveRegion = LiveRegionMode.Polite
            }.clip(Shapes.round)
            .background(tone.container)
            .then(if (Dangjian.colours.highContrast) Modifier.border(2.dp, content, Shapes.round) else Modifier)
            .heightIn(min = 36.dp)
            .padding(horizontal = 14.dp),
        horizontalArrangement = Arrangement.spacedBy(4.dp),
        verticalAlignment = Alignment.CenterVertically,
    ) {
        Symbol(if (timer.mode == TimerMode.Paused) Icons.PauseCircleFill else Icons.TimerFill, 18, tint = content)
        Words("$words ${timer.clock}", style = Dangjian.type.banner.copy(fontWeight = FontWeight.Bold), color = content)
    }
}

/** The text is not on the phone, or not yet. */
@Composable
private fun NotHere(
    state: ReaderState,
    callbacks: ReaderCallbacks,
) {
    Column(
        Modifier.verticalScroll(rememberScrollState()).padding(20.dp),
        verticalArrangement = Arrangement.spacedBy(Dangjian.space.gap),
    ) {
        if (state.title.isNotEmpty()) Head(state)
        state.problem?.let { ErrorCard(it, callbacks.onRetry) }
        val missing = state.missing
        when {
            missing != null -> EmptyCard(missing, Icons.CloudDownload, callbacks.onRetry)
            state.problem == null -> LoadingCard()
        }
    }
}

@Composable
private fun Article(
    state: ReaderState,
    callbacks: ReaderCallbacks,
) {
    val onPlace by rememberUpdatedState(callbacks.onPlace)
    val list = rememberLazyListState(if (state.firstBlock == 0) 0 else state.firstBlock + 1)
    LaunchedEffect(list) {
        snapshotFlow { list.place(state.blocks.size) }
            .distinctUntilChanged()
            .filterNotNull()
            .collect { (block, percent) -> onPlace(block, percent) }
    }
    LazyColumn(
        Modifier.fillMaxSize(),
        list,
        contentPadding = PaddingValues(horizontal = 20.dp, vertical = 20.dp),
        verticalArrangement = Arrangement.spacedBy(16.dp),
    ) {
        item(key = "head") {
            Column(verticalArrangement = Arrangement.spacedBy(14.dp)) {
                Head(state)
                state.problem?.let { ErrorCard(it, callbacks.onRetry) }
                state.note?.let { Banner(Icons.Info, it, Tone.Neutral) }
            }
        }
        itemsIndexed(state.blocks, key = { index, _ -> index }) { _, block -> Block(block, state.textSize) }
    }
}

/** The first block in sight, and how far the last one is, percent; nothing before the first layout. */
private fun LazyListState.place(blocks: Int): Pair<Int, Int>? {
    val last = layoutInfo.visibleItemsInfo.lastOrNull()?.index ?: return null
    val first = (firstVisibleItemIndex - 1).coerceAtLeast(0)
    return first to if (blocks == 0) 100 else (100 * last / blocks).coerceIn(0, 100)
}

@Composable
private fun Head(state: ReaderState) {
    val colours = Dangjian.colours
    Column(verticalArrangement = Arrangement.spacedBy(14.dp)) {
        Words(state.title, Modifier.semantics { heading() }, style = Dangjian.type.article)
        Row(
            Modifier.semantics(mergeDescendants = true) { },
            horizontalArrangement = Arrangement.spacedBy(8.dp),
        ) {
            Symbol(Icons.Article, 18, tint = colours.onSurfaceVariant)
            FlowRow(
                horizontalArrangement = Arrangement.spacedBy(8.dp),
                itemVerticalAlignment = Alignment.CenterVertically,
            ) {
                Words(
                    listOf(state.source, state.length).filter(String::isNotEmpty).joinToString(" · "),
                    style = Dangjian.type.label,
                    color = colours.onSurfaceVariant,
                )
                if (state.downloaded) Downloaded()
            }
        }
        RowDivider()
    }
}

@Composable
private fun Downloaded() {
    Row(horizontalArrangement = Arrangement.spacedBy(4.dp), verticalAlignment = Alignment.CenterVertically) {
        Symbol(Icons.DownloadDone, 16, tint = Dangjian.colours.ok)
        Words(CommonStrings.DOWNLOADED, style = Dangjian.type.label, color = Dangjian.colours.ok)
    }
}

@Composable
private fun Block(
    block: ReaderBlock,
    size: Int,
) {
    val reader = Dangjian.type.reader
    val style = reader.copy(fontSize = size.sp, lineHeight = reader.lineHeight * (size / reader.fontSize.value))
    when (block) {
        is ReaderBlock.Heading -> {
            Words(
                block.text,
                Modifier.semantics { heading() },
                style = style.copy(fontSize = (size + 2).sp, fontWeight = FontWeight.Bold),
            )
        }

        is ReaderBlock.Paragraph -> {
            Text(leadIn(block.text), style = style)
        }

        is ReaderBlock.Think -> {
            val colours = Dangjian.colours
            Text(
                leadIn(block.text),
                Modifier
                    .fillMaxWidth()
                    .clip(Shapes.banner)
                    .background(colours.primaryContainer)
                    .then(
                        if (colours.highContrast) {
                            Modifier.border(2.dp, colours.onPrimaryContainer, Shapes.banner)
                        } else {
                            Modifier
                        },
                    ).padding(horizontal = 16.dp, vertical = 12.dp),
                color = colours.onPrimaryContainer,
                style = style.copy(fontSize = style.fontSize * 0.9f, lineHeight = style.lineHeight * 0.83f),
            )
        }
    }
}

private const val LONGEST_LEAD_IN = 8
private val LEAD_IN = Regex("^[^，。：；？]{2,$LONGEST_LEAD_IN}[。：]")

/** A paragraph's first few words stand out if they are a sentence of their own. */
internal fun leadIn(text: String): AnnotatedString =
    buildAnnotatedString {
        val words = text.keepUnits()
        val lead = LEAD_IN.find(words)?.value.orEmpty()
        withStyle(SpanStyle(fontWeight = FontWeight.Bold)) { append(lead) }
        append(words.removePrefix(lead))
    }

@Composable
private fun Foot(
    state: ReaderState,
    timer: TimerState,
    callbacks: ReaderCallbacks,
) {
    val sides = WindowInsets.safeDrawing.only(WindowInsetsSides.Bottom + WindowInsetsSides.Horizontal)
    Column(Modifier.background(Dangjian.colours.surface)) {
        RowDivider()
        Row(
            Modifier
                .windowInsetsPadding(sides)
                .padding(start = 16.dp, top = 12.dp, end = 16.dp, bottom = 20.dp),
            horizontalArrangement = Arrangement.spacedBy(12.dp),
            verticalAlignment = Alignment.CenterVertically,
        ) {
            val waiting = state.check != null
            Column(Modifier.weight(1f), verticalArrangement = Arrangement.spacedBy(4.dp)) {
                Words(
                    if (waiting) ReaderStrings.WAITING else state.remaining,
                    style = Dangjian.type.banner.copy(fontWeight = FontWeight.Bold),
                )
                (timer.reason.takeUnless { waiting } ?: state.capNote)?.let {
                    Words(it, style = Dangjian.type.label, color = Dangjian.colours.onSurfaceVariant)
                }
            }
            when {
                waiting -> {
                    AppButton(
                        ReaderStrings.ANSWER,
                        { callbacks.onCheckOpen(true) },
                        kind = ButtonKind.Tonal,
                        size = ButtonSize.Small,
                    )
                }

                timer.mode == TimerMode.Paused -> {
                    RoundAction(Icons.PlayArrowFill, ReaderStrings.GO_ON, callbacks.onGoOn)
                }

                else -> {
                    RoundAction(Icons.PauseFill, ReaderStrings.PAUSE, callbacks.onPause)
                }
            }
        }
    }
}

@Composable
private fun RoundAction(
    icon: ImageVector,
    label: String,
    onClick: () -> Unit,
) {
    IconAction(
        icon,
        label,
        onClick,
        Modifier
            .clip(Shapes.round)
            .background(Dangjian.colours.surfaceContainer)
            .then(
                if (Dangjian.colours.highContrast) {
                    Modifier.border(2.dp, Dangjian.colours.onSurfaceVariant, Shapes.round)
                } else {
                    Modifier
                },
            ),
        Dangjian.colours.onSurfaceVariant,
    )
}
