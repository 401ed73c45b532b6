package org.dangjian.ui.theme

import androidx.compose.runtime.Immutable
import androidx.compose.runtime.staticCompositionLocalOf
import androidx.compose.ui.text.TextStyle
import androidx.compose.ui.text.font.FontFamily
import androidx.compose.ui.text.font.FontWeight
import androidx.compose.ui.text.intl.LocaleList
import androidx.compose.ui.text.style.LineBreak
import androidx.compose.ui.text.style.LineHeightStyle
import androidx.compose.ui.unit.em
import androidx.compose.ui.unit.sp

/** Sizes of text. Two weights, 400 and 700; figures are tabular, so that a running number does not jump. */
@Immutable
data class Type(
    /** Points, yuan. */
    val displayNumber: TextStyle,
    /** Greeting, result. */
    val headline: TextStyle,
    /** What a text in the reader is called. */
    val article: TextStyle,
    /** A screen's title. */
    val title: TextStyle,
    /** A card's title. */
    val cardTitle: TextStyle,
    val body: TextStyle,
    val bodyBold: TextStyle,
    /** Banners, filter chips, entries. */
    val banner: TextStyle,
    val label: TextStyle,
    val labelBold: TextStyle,
    /** The smallest there is beside [tab]. */
    val small: TextStyle,
    val chip: TextStyle,
    val tab: TextStyle,
    val badge: TextStyle,
    val button: TextStyle,
    /** The one button of a page for elders. */
    val bigButton: TextStyle,
    /** The default text of the reader, which its own control makes smaller or larger. */
    val reader: TextStyle,
)

internal fun typeOf(
    elder: Boolean,
    family: FontFamily,
): Type {
    fun style(
        size: Int,
        line: Int,
        bold: Boolean = false,
    ) = TextStyle(
        fontFamily = family,
        fontSize = size.sp,
        lineHeight = line.sp,
        fontWeight = if (bold) FontWeight.Bold else FontWeight.Normal,
        fontFeatureSettings = "tnum",
        lineHeightStyle = LineHeightStyle(LineHeightStyle.Alignment.Center, LineHeightStyle.Trim.None),
        lineBreak = LineBreak.Paragraph,
        localeList = LocaleList("zh-Hans-CN"),
    )
    return if (elder) {
        Type(
            displayNumber = style(44, 54, bold = true).copy(letterSpacing = (-0.02).em),
            headline = style(30, 40, bold = true),
            article = style(30, 42, bold = true),
            title = style(24, 34, bold = true),
            cardTitle = style(24, 34, bold = true),
            body = style(22, 32),
            bodyBold = style(22, 32, bold = true),
            banner = style(20, 28),
            label = style(20, 28),
            labelBold = style(20, 28, bold = true),
            small = style(18, 26),
            chip = style(18, 26, bold = true),
            tab = style(18, 24),
            badge = style(18, 24, bold = true),
            button = style(22, 30, bold = true),
            bigButton = style(26, 34, bold = true),
            reader = style(26, 42),
        )
    } else {
        Type(
            displayNumber = style(40, 48, bold = true).copy(letterSpacing = (-0.02).em),
            headline = style(24, 32, bold = true),
            article = style(26, 36, bold = true),
            title = style(20, 28, bold = true),
            cardTitle = style(18, 26, bold = true),
            body = style(16, 24),
            bodyBold = style(16, 24, bold = true),
            banner = style(15, 22),
            label = style(14, 20),
            labelBold = style(14, 20, bold = true),
            small = style(13, 18),
            chip = style(13, 18, bold = true),
            tab = style(12, 16),
            badge = style(11, 16, bold = true),
            button = style(17, 24, bold = true),
            bigButton = style(17, 24, bold = true),
            reader = style(19, 34),
        )
    }
}

internal val LocalType = staticCompositionLocalOf { typeOf(elder = false, family = FontFamily.Default) }
