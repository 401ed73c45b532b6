package org.dangjian.ui.desktop

import androidx.compose.ui.text.ExperimentalTextApi
import androidx.compose.ui.text.font.FontFamily
import androidx.compose.ui.text.font.FontWeight
import androidx.compose.ui.text.platform.SystemFont
import org.jetbrains.skia.FontMgr

private const val FAMILY = "Noto Sans CJK SC"

/** Simplified Chinese forms if the machine has them (Debian: `fonts-noto-cjk`), else whatever the system falls back to. */
@OptIn(ExperimentalTextApi::class)
fun desktopFont(): FontFamily =
    if (FontMgr.default.matchFamily(FAMILY).count() > 0) {
        FontFamily(SystemFont(FAMILY, FontWeight.Normal), SystemFont(FAMILY, FontWeight.Bold))
    } else {
        FontFamily.Default
    }
