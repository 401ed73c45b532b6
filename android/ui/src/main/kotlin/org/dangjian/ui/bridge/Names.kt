package org.dangjian.ui.bridge

private val LEVEL_ENDS = charArrayOf('县', '市', '区', '镇', '乡', '驻', '道', '会')
private const val LAST_LEVEL_MOST = 14
private const val LAST_LEVEL = 8

/** The last level of an organization's name, which is shown however little room there is: 「三占塘村党支部」. */
internal fun lastLevelOf(org: String): String {
    val ends = org.dropLast(1).indexOfLast { it in LEVEL_ENDS }
    val last = org.substring(ends + 1)
    return if (last.length in 3..LAST_LEVEL_MOST) last else org.takeLast(LAST_LEVEL)
}
