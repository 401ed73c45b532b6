package org.dangjian.ui

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.verticalScroll
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.dp
import org.dangjian.ui.components.AppButton
import org.dangjian.ui.components.AppCard
import org.dangjian.ui.components.Avatar
import org.dangjian.ui.components.ButtonKind
import org.dangjian.ui.components.EmptyCard
import org.dangjian.ui.components.EmptyState
import org.dangjian.ui.components.ErrorCard
import org.dangjian.ui.components.EvidenceChip
import org.dangjian.ui.components.EvidenceState
import org.dangjian.ui.components.FilterChips
import org.dangjian.ui.components.FilterState
import org.dangjian.ui.components.IconSquare
import org.dangjian.ui.components.Icons
import org.dangjian.ui.components.ListRow
import org.dangjian.ui.components.LongName
import org.dangjian.ui.components.ProgressBar
import org.dangjian.ui.components.RefusedCard
import org.dangjian.ui.components.RowDivider
import org.dangjian.ui.components.SectionHeading
import org.dangjian.ui.components.Skeleton
import org.dangjian.ui.components.StatusChip
import org.dangjian.ui.components.SwitchRow
import org.dangjian.ui.components.SyncBanner
import org.dangjian.ui.components.SyncState
import org.dangjian.ui.components.Tone
import org.dangjian.ui.components.UnconfirmedMark
import org.dangjian.ui.components.ValueRow
import org.dangjian.ui.components.Words
import org.dangjian.ui.theme.Dangjian

/** Chips, banners, buttons, rows. */
@Composable
fun ComponentSheet() {
    Column(
        Modifier.verticalScroll(rememberScrollState()).padding(16.dp),
        verticalArrangement = Arrangement.spacedBy(10.dp),
    ) {
        SectionHeading("证据", action = "全部")
        FlowRow(
            horizontalArrangement = Arrangement.spacedBy(8.dp),
            verticalArrangement = Arrangement.spacedBy(8.dp),
        ) {
            EvidenceState.entries.forEach { EvidenceChip(it) }
            EvidenceChip(EvidenceState.ToUpload, percent = 62)
            UnconfirmedMark()
            StatusChip(Icons.WorkspacePremiumFill, "金榜", Tone.Honour)
            StatusChip(Icons.FlagFill, "主题党日", Tone.Ours)
            StatusChip(Icons.Check, "已确认", Tone.Neutral)
            StatusChip(Icons.CloudDownload, "未下载", Tone.Outlined)
        }
        SyncBanner(SyncState.Offline(3), {})
        SyncBanner(SyncState.Offline(0), {})
        SyncBanner(SyncState.Syncing(1, 3), {})
        Row(horizontalArrangement = Arrangement.spacedBy(12.dp)) {
            AppButton("主按钮", {}, Modifier.weight(1f))
            AppButton("次按钮", {}, Modifier.weight(1f), ButtonKind.Tonal)
            AppButton("第三", {}, Modifier.weight(1f), ButtonKind.Outlined)
        }
        FilterChips(
            listOf(FilterState("a", "已选", true, Icons.Check), FilterState("b", "未选")),
            {},
            padding = PaddingValues(0.dp),
        )
        AppCard(padding = PaddingValues(horizontal = 16.dp, vertical = 4.dp)) {
            ListRow(
                leading = { IconSquare(Icons.Flag, Tone.Ours) },
                trailing = { StatusChip(Icons.VerifiedFill, "已核验", Tone.Ok) },
                onClick = {},
            ) {
                Words("列表行 高 ≥ 60", style = Dangjian.type.bodyBold)
                Words("辅助说明 · 最多两行", style = Dangjian.type.label, color = Dangjian.colours.onSurfaceVariant)
            }
            RowDivider()
            SwitchRow("长辈版", true, {}, supporting = "大字、大按钮、内容更少")
            RowDivider()
            SwitchRow("高对比度", false, {})
            RowDivider()
            ValueRow("学习提醒", "每天 5:00", {})
            ProgressBar(0.6f, Modifier.padding(vertical = 12.dp))
        }
    }
}

/** Empty, loading, error, refused, long names. */
@Composable
fun StateSheet() {
    Column(
        Modifier.verticalScroll(rememberScrollState()).padding(16.dp).fillMaxWidth(),
        verticalArrangement = Arrangement.spacedBy(10.dp),
    ) {
        EmptyCard(
            EmptyState("本月还没有活动", "支部发布后会通知您，也可以看往期活动。", "看往期活动"),
            Icons.EventAvailable,
            {},
        )
        Skeleton(words = true)
        ErrorCard(Samples.problem, {})
        RefusedCard(Samples.refused, {}, {})
        AppCard(padding = PaddingValues(horizontal = 16.dp, vertical = 12.dp)) {
            ListRow(leading = { Avatar(Samples.LONGEST_PERSON) }, trailing = { UnconfirmedMark() }) {
                Words(Samples.LONGEST_PERSON, style = Dangjian.type.bodyBold)
                LongName(Samples.LONGEST_ORG, Samples.LONGEST_ORG_LAST)
            }
        }
    }
}
