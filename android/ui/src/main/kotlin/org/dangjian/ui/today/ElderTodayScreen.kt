package org.dangjian.ui.today

import androidx.compose.foundation.background
import androidx.compose.foundation.border
import androidx.compose.foundation.clickable
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.IntrinsicSize
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.WindowInsets
import androidx.compose.foundation.layout.WindowInsetsSides
import androidx.compose.foundation.layout.fillMaxHeight
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.height
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.only
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.safeDrawing
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.layout.widthIn
import androidx.compose.foundation.layout.windowInsetsPadding
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.shape.RoundedCornerShape
import androidx.compose.foundation.verticalScroll
import androidx.compose.material3.Icon
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.ui.graphics.vector.ImageVector
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import org.dangjian.ui.components.AppButton
import org.dangjian.ui.components.AppCard
import org.dangjian.ui.components.Banner
import org.dangjian.ui.components.ButtonKind
import org.dangjian.ui.components.ButtonPair
import org.dangjian.ui.components.ButtonSize
import org.dangjian.ui.components.ErrorCard
import org.dangjian.ui.components.Icons
import org.dangjian.ui.components.LoadingCard
import org.dangjian.ui.components.RefusedCard
import org.dangjian.ui.components.RowDivider
import org.dangjian.ui.components.ScreenFrame
import org.dangjian.ui.components.Symbol
import org.dangjian.ui.components.Tone
import org.dangjian.ui.components.Words
import org.dangjian.ui.theme.Dangjian
import org.dangjian.ui.theme.Shapes

/** 今日 for elders: a layout of its own, without the bar at the bottom, chips or charts. No text below 18 sp. */
@Composable
fun ElderTodayScreen(
    state: ElderTodayState,
    callbacks: ElderTodayCallbacks,
    modifier: Modifier = Modifier,
) {
    // With large letters the ways out would cover what they lead out of: they follow then instead of staying.
    val follows = Dangjian.largeText
    val scroll = rememberScrollState()
    ScreenFrame(
        modifier,
        top = { Greeting(state, callbacks.onReadAloud) },
        bottom = {
            if (!follows) {
                // Shows that there is more below.
                if (scroll.canScrollForward) RowDivider()
                WaysOut(state, callbacks)
            }
        },
    ) {
        Column(
            Modifier.verticalScroll(scroll).padding(bottom = 12.dp),
            verticalArrangement = Arrangement.spacedBy(Dangjian.space.gap),
        ) {
            Column(
                Modifier.padding(horizontal = Dangjian.space.margin),
                verticalArrangement = Arrangement.spacedBy(Dangjian.space.gap),
            ) {
                state.offline?.let { Banner(Icons.CloudOffFill, it, Tone.Warn, onClick = callbacks.onOutbox) }
                state.problem?.let { ErrorCard(it, callbacks.onRetry) }
                state.refused.forEach { RefusedCard(it, callbacks.onRefusedWayOn, callbacks.onRefusedKnown) }
                if (state.study == null && state.problem == null) LoadingCard()
                state.study?.let { Study(it, callbacks.onContinue) }
                Doings(state, callbacks)
                state.notice?.let { Notice(it, state.speech, callbacks) }
            }
            if (follows) WaysOut(state, callbacks)
        }
    }
}

@Composable
private fun Greeting(
    state: ElderTodayState,
    onReadAloud: () -> Unit,
) {
    val words: @Composable (Modifier) -> Unit = { modifier ->
        Column(modifier) {
            Words(state.date, style = Dangjian.type.label, color = Dangjian.colours.onSurfaceVariant)
            Words(state.greeting, Modifier.semantics { heading() }, style = Dangjian.type.headline)
        }
    }
    val frame =
        Modifier.fillMaxWidth().padding(
            start = Dangjian.space.margin,
            top = 6.dp,
            end = Dangjian.space.margin,
            bottom = 14.dp,
        )
    if (Dangjian.largeText) {
        Column(frame, verticalArrangement = Arrangement.spacedBy(12.dp)) {
            words(Modifier)
            if (state.speech) ReadAloud(onReadAloud)
        }
    } else {
        Row(
            frame,
            horizontalArrangement = Arrangement.spacedBy(12.dp),
            verticalAlignment = Alignment.CenterVertically,
        ) {
            words(Modifier.weight(1f))
            if (state.speech) ReadAloud(onReadAloud)
        }
    }
}

@Composable
private fun ReadAloud(onClick: () -> Unit) {
    val shape = RoundedCornerShape(16.dp)
    Column(
        Modifier
            .clip(shape)
            .background(Dangjian.colours.surface)
            .border(if (Dangjian.colours.highContrast) 2.dp else 1.dp, Dangjian.colours.outline, shape)
            .clickable(role = Role.Button, onClick = onClick)
            .widthIn(min = 72.dp)
            .heightIn(min = 64.dp)
            .padding(horizontal = 8.dp, vertical = 6.dp),
        verticalArrangement = Arrangement.Center,
        horizontalAlignment = Alignment.CenterHorizontally,
    ) {
        Symbol(Icons.VolumeUp, 22)
        Words(TodayStrings.READ_ALOUD, style = Dangjian.type.chip)
    }
}

@Composable
private fun Study(
    study: ElderStudyState,
    onContinue: () -> Unit,
) {
    AppCard(gap = 16.dp) {
        Row(
            Modifier.semantics(mergeDescendants = true) { },
            horizontalArrangement = Arrangement.spacedBy(16.dp),
            verticalAlignment = Alignment.CenterVertically,
        ) {
            Icon(Icons.MenuBookFill, null, Modifier.size(44.dp), tint = Dangjian.colours.primary)
            Column {
                Words(study.title, style = Dangjian.type.cardTitle)
                study.detail?.let { Words(it, style = Dangjian.type.label, color = Dangjian.colours.onSurfaceVariant) }
            }
        }
        AppButton(
            if (study.begun) TodayStrings.CONTINUE else TodayStrings.START,
            onContinue,
            Modifier.fillMaxWidth(),
            size = ButtonSize.Big,
            icon = Icons.PlayArrowFill,
        )
    }
}

/** Check-in and dues: side by side, or what there is of them. */
@Composable
private fun Doings(
    state: ElderTodayState,
    callbacks: ElderTodayCallbacks,
) {
    val doings =
        buildList<@Composable (Modifier) -> Unit> {
            if (state.checkIn) add { Doing(Icons.QrCodeScanner, TodayStrings.SCAN, it, callbacks.onCheckIn) }
            if (state.dues) add { Doing(Icons.Payments, TodayStrings.PAY_DUES, it, callbacks.onDues) }
        }
    when {
        doings.isEmpty() -> {}

        Dangjian.largeText -> {
            Column(verticalArrangement = Arrangement.spacedBy(Dangjian.space.gap)) { doings.forEach { it(Modifier) } }
        }

        else -> {
            Row(
                Modifier.height(IntrinsicSize.Min),
                horizontalArrangement = Arrangement.spacedBy(Dangjian.space.gap),
            ) { doings.forEach { it(Modifier.weight(1f).fillMaxHeight()) } }
        }
    }
}

@Composable
private fun Doing(
    icon: ImageVector,
    label: String,
    modifier: Modifier,
    onClick: () -> Unit,
) {
    AppCard(modifier, onClick = onClick) {
        Column(
            Modifier.fillMaxWidth().heightIn(min = 92.dp),
            verticalArrangement = Arrangement.spacedBy(8.dp, Alignment.CenterVertically),
            horizontalAlignment = Alignment.CenterHorizontally,
        ) {
            Icon(icon, null, Modifier.size(48.dp), tint = Dangjian.colours.primary)
            Words(label, style = Dangjian.type.cardTitle)
        }
    }
}

@Composable
private fun Notice(
    notice: ElderNoticeState,
    speech: Boolean,
    callbacks: ElderTodayCallbacks,
) {
    AppCard(gap = 10.dp) {
        Row(horizontalArrangement = Arrangement.spacedBy(8.dp), verticalAlignment = Alignment.CenterVertically) {
            Symbol(Icons.CampaignFill, 24, tint = Dangjian.colours.primary)
            Words(
                TodayStrings.NEW_NOTICE,
                Modifier.semantics { heading() },
                style = Dangjian.type.labelBold,
                color = Dangjian.colours.primary,
            )
        }
        Words(notice.text, style = Dangjian.type.cardTitle)
        val whole: @Composable (Modifier) -> Unit = {
            AppButton(TodayStrings.WHOLE_TEXT, { callbacks.onNotice(notice.id) }, it, ButtonKind.Outlined)
        }
        if (speech) {
            ButtonPair(
                first = {
                    AppButton(
                        TodayStrings.READ_TO_ME,
                        { callbacks.onReadNotice(notice.id) },
                        it,
                        ButtonKind.Tonal,
                        icon = Icons.VolumeUp,
                    )
                },
                second = whole,
            )
        } else {
            whole(Modifier.fillMaxWidth())
        }
    }
}

@Composable
private fun WaysOut(
    state: ElderTodayState,
    callbacks: ElderTodayCallbacks,
) {
    val sides = WindowInsets.safeDrawing.only(WindowInsetsSides.Bottom + WindowInsetsSides.Horizontal)
    Column(
        Modifier
            .windowInsetsPadding(sides)
            .padding(start = Dangjian.space.margin, top = 12.dp, end = Dangjian.space.margin, bottom = 24.dp),
        verticalArrangement = Arrangement.spacedBy(12.dp),
    ) {
        if (state.phone) {
            AppButton(
                TodayStrings.CALL_BRANCH,
                callbacks.onCall,
                Modifier.fillMaxWidth().surfaceGround(),
                ButtonKind.Outlined,
                icon = Icons.Call,
            )
        }
        ButtonPair(
            first = { AppButton(TodayStrings.MORE, callbacks.onMore, it.surfaceGround(), ButtonKind.Outlined) },
            second = {
                AppButton(
                    TodayStrings.STANDARD_VERSION,
                    callbacks.onStandardVersion,
                    it.surfaceGround(),
                    ButtonKind.Outlined,
                )
            },
        )
    }
}

@Composable
private fun Modifier.surfaceGround(): Modifier = background(Dangjian.colours.surface, Shapes.elderButton)
