package org.dangjian.ui.bridge

private const val GROUP = 3

/** 「1,046」 */
internal fun grouped(number: Long): String {
    val digits = number.toString().removePrefix("-")
    val groups =
        digits
            .reversed()
            .chunked(GROUP)
            .joinToString(",")
            .reversed()
    return if (number < 0) "-$groups" else groups
}

/** 「+3」「-3」 */
internal fun signed(number: Long): String = if (number > 0) "+$number" else number.toString()
