package org.dangjian.ui.reader

import androidx.compose.runtime.Immutable
import org.dangjian.ui.components.EmptyState
import org.dangjian.ui.components.ErrorState

/** What the reader shows. */
@Immutable
data class ReaderState(
    val title: String,
    /** 「县委组织部党员教育中心」 */
    val source: String,
    /** 「15 分」 */
    val length: String,
    val downloaded: Boolean,
    /** What there is if it is not simply a text: a recording of which only the script is here. */
    val note: String? = null,
    /** Empty until the text is here. */
    val blocks: List<ReaderBlock>,
    /** Why the text is not here. */
    val missing: EmptyState? = null,
    val problem: ErrorState? = null,
    /** Where in the text to begin: an index into [blocks]. */
    val firstBlock: Int = 0,
    /** How far one has read, percent. */
    val placePercent: Int = 0,
    /** Absent while nothing is studied. */
    val timer: TimerState?,
    /** 「再学 2 分 30 秒学完本篇」 */
    val remaining: String,
    /** 「阅读时长分今日已满 6/6，时间仍计入学习记录」; absent while time gives points. */
    val capNote: String? = null,
    /** sp, one of [TEXT_SIZES]; 26 for elders unless they chose otherwise. */
    val textSize: Int = 19,
    val sizeOpen: Boolean = false,
    val check: CheckState? = null,
)

/** What the Aa control offers, sp. */
val TEXT_SIZES = 17..30

/** A piece of the text. */
@Immutable
sealed interface ReaderBlock {
    val text: String

    data class Heading(
        override val text: String,
    ) : ReaderBlock

    data class Paragraph(
        override val text: String,
    ) : ReaderBlock

    /** A question to think about, set apart: a paragraph that begins with 「想一想：」. */
    data class Think(
        override val text: String,
    ) : ReaderBlock
}

private const val HEADING = "## "
private val EMPTY_LINES = Regex("""\n[ \t\r]*\n""")

/** A text as it travels: paragraphs are separated by an empty line, one that begins with `## ` is a heading. */
fun readerBlocks(body: String): List<ReaderBlock> =
    body
        .split(EMPTY_LINES)
        .map(String::trim)
        .filter(String::isNotEmpty)
        .map { paragraph ->
            when {
                paragraph.startsWith(HEADING) -> ReaderBlock.Heading(paragraph.removePrefix(HEADING).trim())
                paragraph.startsWith(ReaderStrings.THINK) -> ReaderBlock.Think(paragraph)
                else -> ReaderBlock.Paragraph(paragraph)
            }
        }

enum class TimerMode { Running, Paused, DayFull }

@Immutable
data class TimerState(
    val mode: TimerMode,
    /** 「12:30」 */
    val clock: String,
    /** Why it stands, if that needs saying: 「已暂停：屏幕已关闭」. */
    val reason: String? = null,
)

/** A comprehension check. Its answer is judged by the server; the phone does not know it. */
@Immutable
data class CheckState(
    val number: Int,
    val total: Int,
    val question: String,
    val choices: List<String>,
    val chosen: Int? = null,
    /** False while the person looks back into the text. */
    val open: Boolean = true,
)

data class ReaderCallbacks(
    val onBack: () -> Unit = {},
    val onRetry: () -> Unit = {},
    val onPause: () -> Unit = {},
    val onGoOn: () -> Unit = {},
    /** The first block in sight, and how far the last one in sight is, percent. */
    val onPlace: (Int, Int) -> Unit = { _, _ -> },
    val onSizeOpen: (Boolean) -> Unit = {},
    val onSize: (Int) -> Unit = {},
    val onChoose: (Int) -> Unit = {},
    val onSubmit: () -> Unit = {},
    val onCheckOpen: (Boolean) -> Unit = {},
)
