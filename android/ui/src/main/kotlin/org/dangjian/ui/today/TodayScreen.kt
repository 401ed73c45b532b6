package org.dangjian.ui.today

import androidx.compose.foundation.background
import androidx.compose.foundation.border
import androidx.compose.foundation.clickable
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.IntrinsicSize
import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxHeight
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.height
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.offset
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.layout.width
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.verticalScroll
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.clearAndSetSemantics
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import org.dangjian.ui.components.AppButton
import org.dangjian.ui.components.AppCard
import org.dangjian.ui.components.Badge
import org.dangjian.ui.components.BottomBar
import org.dangjian.ui.components.CommonStrings
import org.dangjian.ui.components.EmptyCard
import org.dangjian.ui.components.EmptyState
import org.dangjian.ui.components.ErrorCard
import org.dangjian.ui.components.IconSquare
import org.dangjian.ui.components.Icons
import org.dangjian.ui.components.LoadingCard
import org.dangjian.ui.components.LongName
import org.dangjian.ui.components.PointsRing
import org.dangjian.ui.components.ProgressBar
import org.dangjian.ui.components.RefusedCard
import org.dangjian.ui.components.RingLegend
import org.dangjian.ui.components.RingState
import org.dangjian.ui.components.ScreenFrame
import org.dangjian.ui.components.SectionHeading
import org.dangjian.ui.components.Symbol
import org.dangjian.ui.components.SyncBanner
import org.dangjian.ui.components.Tone
import org.dangjian.ui.components.Words
import org.dangjian.ui.theme.Dangjian
import org.dangjian.ui.theme.Shapes

@Composable
fun TodayScreen(
    state: TodayState,
    callbacks: TodayCallbacks,
    modifier: Modifier = Modifier,
) {
    ScreenFrame(
        modifier,
        top = { Greeting(state, callbacks.onElderVersion) },
        bottom = { BottomBar(state.bar, callbacks.onTab) },
    ) {
        Column(
            Modifier
                .verticalScroll(rememberScrollState())
                .padding(start = Dangjian.space.margin, end = Dangjian.space.margin, bottom = 16.dp),
            verticalArrangement = Arrangement.spacedBy(Dangjian.space.gap),
        ) {
            SyncBanner(state.sync, callbacks.onOutbox)
            state.problem?.let { ErrorCard(it, callbacks.onRetry) }
            state.refused.forEach { RefusedCard(it, callbacks.onRefusedWayOn, callbacks.onRefusedKnown) }
            if (state.study == null && state.problem == null) LoadingCard()
            state.study?.let { StudyCard(it, callbacks) }
            Figures(state, callbacks)
            state.participation?.let { Participation(it, callbacks.onParticipation) }
            Entries(state.entries, callbacks.onEntry)
            state.activity?.let { NextActivity(it, callbacks.onActivity) }
            if (state.study != null) NewestNotice(state.notice, callbacks)
        }
    }
}

@Composable
private fun Greeting(
    state: TodayState,
    onElderVersion: () -> Unit,
) {
    val words: @Composable (Modifier) -> Unit = { modifier ->
        Column(modifier) {
            Words(state.date, style = Dangjian.type.label, color = Dangjian.colours.onSurfaceVariant)
            Words(state.greeting, Modifier.semantics { heading() }, style = Dangjian.type.headline)
        }
    }
    val frame = Modifier.fillMaxWidth().padding(start = 16.dp, top = 8.dp, end = 16.dp, bottom = 10.dp)
    if (Dangjian.largeText) {
        Column(frame, verticalArrangement = Arrangement.spacedBy(8.dp)) {
            words(Modifier)
            ElderVersion(onElderVersion)
        }
    } else {
        Row(frame, horizontalArrangement = Arrangement.spacedBy(8.dp), verticalAlignment = Alignment.CenterVertically) {
            words(Modifier.weight(1f))
            ElderVersion(onElderVersion)
        }
    }
}

@Composable
private fun ElderVersion(onClick: () -> Unit) {
    val colours = Dangjian.colours
    Row(
        Modifier
            .clip(Shapes.round)
            .background(colours.surface)
            .border(
                if (colours.highContrast) 2.dp else 1.dp,
                if (colours.highContrast) colours.onSurfaceVariant else colours.outlineVariant,
                Shapes.round,
            ).clickable(role = Role.Button, onClick = onClick)
            .heightIn(min = Dangjian.space.touch)
            .padding(horizontal = 14.dp),
        horizontalArrangement = Arrangement.spacedBy(6.dp),
        verticalAlignment = Alignment.CenterVertically,
    ) {
        Symbol(Icons.TextIncrease, 22, tint = colours.onSurfaceVariant)
        Words(TodayStrings.ELDER_VERSION, style = Dangjian.type.banner, color = colours.onSurfaceVariant)
    }
}

@Composable
private fun StudyCard(
    study: TodayStudyState,
    callbacks: TodayCallbacks,
) {
    AppCard(gap = 16.dp) {
        if (study.ring != null) {
            RingAndMinutes(study.ring, study.minutes, callbacks.onPoints)
            AppButton(
                study.resume?.let { TodayStrings.continueWith(it.title) } ?: TodayStrings.START,
                callbacks.onContinue,
                Modifier.fillMaxWidth(),
                icon = Icons.PlayArrowFill,
            )
        } else {
            study.minutes?.let { Minutes(it) }
            study.resume?.let {
                Column(
                    Modifier.semantics(mergeDescendants = true) { },
                    verticalArrangement = Arrangement.spacedBy(2.dp),
                ) {
                    Words(
                        TodayStrings.lastAt(it.percent),
                        style = Dangjian.type.label,
                        color = Dangjian.colours.onSurfaceVariant,
                    )
                    Words(it.title, style = Dangjian.type.cardTitle)
                }
                ProgressBar(it.percent / 100f)
            }
            AppButton(
                if (study.resume == null) TodayStrings.START else TodayStrings.CONTINUE,
                callbacks.onContinue,
                Modifier.fillMaxWidth(),
                icon = Icons.PlayArrowFill,
            )
        }
    }
}

@Composable
private fun RingAndMinutes(
    ring: RingState,
    minutes: String?,
    onPoints: () -> Unit,
) {
    val legend: @Composable () -> Unit = {
        Column(verticalArrangement = Arrangement.spacedBy(8.dp)) {
            minutes?.let { Minutes(it) }
            // The ring's sentence has said it.
            Column(Modifier.clearAndSetSemantics { }, verticalArrangement = Arrangement.spacedBy(8.dp)) {
                RingLegend(TodayStrings.confirmed(ring.confirmed), striped = false)
                if (ring.unconfirmed > 0) RingLegend(TodayStrings.unconfirmed(ring.unconfirmed), striped = true)
            }
        }
    }
    val tap = Modifier.clip(Shapes.card).clickable(role = Role.Button, onClick = onPoints)
    if (Dangjian.largeText) {
        Column(verticalArrangement = Arrangement.spacedBy(16.dp)) {
            PointsRing(ring, tap.align(Alignment.CenterHorizontally))
            legend()
        }
    } else {
        Row(horizontalArrangement = Arrangement.spacedBy(20.dp), verticalAlignment = Alignment.CenterVertically) {
            PointsRing(ring, tap)
            legend()
        }
    }
}

@Composable
private fun Minutes(minutes: String) {
    Column(Modifier.semantics(mergeDescendants = true) { }) {
        Words(TodayStrings.MINUTES, style = Dangjian.type.label, color = Dangjian.colours.onSurfaceVariant)
        Words(minutes, style = Dangjian.type.headline)
    }
}

/** The streak and the rank: side by side, one of them alone, or neither. */
@Composable
private fun Figures(
    state: TodayState,
    callbacks: TodayCallbacks,
) {
    val streak = state.streak
    val rank = state.rank
    when {
        streak == null && rank == null -> {}

        streak == null || rank == null || Dangjian.largeText -> {
            Column(verticalArrangement = Arrangement.spacedBy(Dangjian.space.gap)) {
                streak?.let { StreakCard(it, Modifier, callbacks.onStreak) }
                rank?.let { RankCard(it, Modifier, callbacks.onRank) }
            }
        }

        else -> {
            Row(Modifier.height(IntrinsicSize.Min), horizontalArrangement = Arrangement.spacedBy(12.dp)) {
                StreakCard(streak, Modifier.width(150.dp).fillMaxHeight(), callbacks.onStreak)
                RankCard(rank, Modifier.weight(1f).fillMaxHeight(), callbacks.onRank)
            }
        }
    }
}

@Composable
private fun StreakCard(
    streak: String,
    modifier: Modifier,
    onClick: () -> Unit,
) {
    AppCard(modifier, PaddingValues(14.dp), onClick = onClick) {
        Row(horizontalArrangement = Arrangement.spacedBy(12.dp), verticalAlignment = Alignment.CenterVertically) {
            IconSquare(Icons.LocalFireDepartmentFill, Tone.Honour)
            Column {
                Words(TodayStrings.STREAK, style = Dangjian.type.label, color = Dangjian.colours.onSurfaceVariant)
                Words(streak, style = Dangjian.type.cardTitle)
            }
        }
    }
}

@Composable
private fun RankCard(
    rank: RankState,
    modifier: Modifier,
    onClick: () -> Unit,
) {
    val colour = if (rank.movement == Movement.Up) Dangjian.colours.ok else Dangjian.colours.onSurfaceVariant
    AppCard(
        modifier.semantics { contentDescription = rank.sentence },
        PaddingValues(horizontal = 12.dp, vertical = 14.dp),
        onClick = onClick,
    ) {
        Row(
            Modifier.clearAndSetSemantics { },
            horizontalArrangement = Arrangement.spacedBy(12.dp),
            verticalAlignment = Alignment.CenterVertically,
        ) {
            IconSquare(Icons.LeaderboardFill, Tone.Neutral)
            Column {
                Words(rank.title, style = Dangjian.type.cardTitle)
                rank.change?.let {
                    Row(
                        horizontalArrangement = Arrangement.spacedBy(2.dp),
                        verticalAlignment = Alignment.CenterVertically,
                    ) {
                        when (rank.movement) {
                            Movement.Up -> Symbol(Icons.ArrowUpward, 16, tint = colour)
                            Movement.Down -> Symbol(Icons.ArrowDownward, 16, tint = colour)
                            Movement.Same, null -> Unit
                        }
                        Words(it, style = Dangjian.type.label, color = colour)
                    }
                }
            }
        }
    }
}

@Composable
private fun Participation(
    state: ParticipationState,
    onClick: () -> Unit,
) {
    AppCard(padding = PaddingValues(horizontal = 16.dp, vertical = 14.dp), onClick = onClick) {
        Row(horizontalArrangement = Arrangement.spacedBy(12.dp), verticalAlignment = Alignment.CenterVertically) {
            IconSquare(Icons.TaskAltFill, Tone.Ok)
            Column(Modifier.weight(1f)) {
                Words(state.title, style = Dangjian.type.bodyBold)
                Words(state.detail, style = Dangjian.type.label, color = Dangjian.colours.onSurfaceVariant)
            }
            Symbol(Icons.ChevronRight, 20)
        }
    }
}

@Composable
private fun Entries(
    entries: List<EntryState>,
    onEntry: (Entry) -> Unit,
) {
    if (entries.isEmpty()) return
    AppCard(padding = PaddingValues(horizontal = 4.dp, vertical = 12.dp), gap = 12.dp) {
        entries.chunked(if (Dangjian.largeText) 2 else 4).forEach { row ->
            Row {
                row.forEach { entry -> EntryItem(entry, Modifier.weight(1f)) { onEntry(entry.entry) } }
            }
        }
    }
}

@Composable
private fun EntryItem(
    state: EntryState,
    modifier: Modifier,
    onClick: () -> Unit,
) {
    val label = state.entry.label
    Column(
        modifier
            .clickable(role = Role.Button, onClick = onClick)
            .semantics { contentDescription = state.due?.let { TodayStrings.due(label, it) } ?: label },
        verticalArrangement = Arrangement.spacedBy(4.dp),
        horizontalAlignment = Alignment.CenterHorizontally,
    ) {
        Box {
            val grown = LocalDensity.current.fontScale.coerceIn(1f, 1.5f)
            IconSquare(state.entry.icon, Tone.Ours, size = 48.dp * grown, iconSize = 24.dp * grown)
            state.badge?.let {
                val left = if (it.length > 1) 32.dp else 38.dp
                Badge(it, Modifier.align(Alignment.TopStart).offset(left * grown, (-6).dp * grown))
            }
        }
        Words(label, Modifier.clearAndSetSemantics { }, style = Dangjian.type.banner)
    }
}

@Composable
private fun NextActivity(
    state: NextActivityState,
    onClick: () -> Unit,
) {
    val colours = Dangjian.colours
    AppCard(padding = PaddingValues(horizontal = 16.dp, vertical = 12.dp), onClick = onClick) {
        val time: @Composable () -> Unit = {
            Column {
                Words(state.time, style = Dangjian.type.cardTitle)
                Words(state.day, style = Dangjian.type.small, color = colours.onSurfaceVariant)
            }
        }
        val what: @Composable (Modifier) -> Unit = { modifier ->
            Column(modifier) {
                Words(state.title, style = Dangjian.type.bodyBold)
                Words(state.place, style = Dangjian.type.label, color = colours.onSurfaceVariant)
            }
        }
        if (Dangjian.largeText) {
            time()
            what(Modifier)
        } else {
            Row(horizontalArrangement = Arrangement.spacedBy(12.dp), verticalAlignment = Alignment.CenterVertically) {
                Box(Modifier.width(52.dp)) { time() }
                Box(Modifier.size(1.dp, 36.dp).background(colours.outlineVariant))
                what(Modifier.weight(1f))
                Symbol(Icons.ChevronRight, 20)
            }
        }
    }
}

@Composable
private fun NewestNotice(
    notice: NewestNoticeState?,
    callbacks: TodayCallbacks,
) {
    if (notice == null) {
        EmptyCard(EmptyState(TodayStrings.NO_NOTICE, TodayStrings.NO_NOTICE_SENTENCE), Icons.Campaign, onWayOn = {})
        return
    }
    AppCard(padding = PaddingValues(start = 16.dp, end = 16.dp, bottom = 12.dp)) {
        SectionHeading(TodayStrings.NEWEST_NOTICE, action = CommonStrings.ALL, onAction = callbacks.onNotices)
        Row(
            Modifier
                .clip(Shapes.square)
                .clickable(role = Role.Button) { callbacks.onNotice(notice.id) }
                .heightIn(min = Dangjian.space.touch),
            horizontalArrangement = Arrangement.spacedBy(12.dp),
        ) {
            IconSquare(Icons.CampaignFill, Tone.Ours)
            Column(verticalArrangement = Arrangement.spacedBy(2.dp)) {
                Words(notice.title, style = Dangjian.type.bodyBold)
                LongName("${notice.org} · ${notice.about}", "${notice.orgLast} · ${notice.about}")
            }
        }
    }
}
