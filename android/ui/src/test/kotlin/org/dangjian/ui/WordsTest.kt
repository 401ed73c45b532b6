package org.dangjian.ui

import org.dangjian.ui.components.CommonStrings
import org.dangjian.ui.components.keepUnits
import org.dangjian.ui.components.shortened
import org.dangjian.ui.reader.ReaderBlock
import org.dangjian.ui.reader.leadIn
import org.dangjian.ui.reader.readerBlocks
import kotlin.test.Test
import kotlin.test.assertEquals

class WordsTest {
    private fun breaks(text: String) = text.keepUnits().split(' ')

    @Test
    fun a_number_stays_with_its_unit() {
        assertEquals(listOf("18\u00A0分", "00\u00A0秒"), breaks("18 分 00 秒"))
        assertEquals(listOf("支部第\u00A04\u00A0名"), breaks("支部第 4 名"))
    }

    @Test
    fun a_number_stays_with_what_it_counts() {
        assertEquals(listOf("阅读篇数余\u00A03\u00A0·", "视听余\u00A09"), breaks("阅读篇数余 3 · 视听余 9"))
    }

    @Test
    fun from_when_to_when_stays_on_a_line() = assertEquals("05:05\u2060—\u206005:09", "05:05—05:09".keepUnits())

    @Test
    fun a_badge_counts_no_further_than_was_looked() {
        assertEquals(listOf("1", "99", "99+"), listOf(1, 99, 100).map(CommonStrings::badge))
        assertEquals(listOf("99 条未读", "99 条以上未读"), listOf(99, 100).map { CommonStrings.unread(it) })
    }

    @Test
    fun a_text_is_read_as_it_travels() {
        val blocks = readerBlocks("## 一、职责\n\n第一段。\n\n  \n\n想一想：为什么？\r\n\r\n第二段")
        assertEquals(
            listOf(
                ReaderBlock.Heading("一、职责"),
                ReaderBlock.Paragraph("第一段。"),
                ReaderBlock.Think("想一想：为什么？"),
                ReaderBlock.Paragraph("第二段"),
            ),
            blocks,
        )
    }

    @Test
    fun an_empty_text_has_no_blocks() = assertEquals(emptyList(), readerBlocks(" \n\n "))

    @Test
    fun a_short_first_sentence_stands_out() {
        assertEquals(1, leadIn("先看职责。党支部担负").spanStyles.count { it.end == 5 })
        assertEquals(0, leadIn("对村党支部来说，重点是把党员组织起来。").spanStyles.count { it.end > 0 })
    }

    @Test
    fun a_long_name_keeps_its_last_level() {
        assertEquals("新田县金陵镇千…第三党小组", shortened("新田县金陵镇千马坪瑶族村党支部第三党小组", "第三党小组") { it.length <= 13 })
        assertEquals("三占塘村党支部", shortened("三占塘村党支部", "党支部") { it.length <= 13 })
    }

    @Test
    fun a_name_for_which_nothing_fits_shows_its_last_level() {
        assertEquals("…第三党小组", shortened("新田县金陵镇千马坪瑶族村党支部第三党小组", "第三党小组") { false })
    }
}
