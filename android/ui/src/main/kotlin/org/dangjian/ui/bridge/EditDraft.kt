package org.dangjian.ui.bridge

import org.dangjian.core.NoticeView

/** A change to a notice begun and not saved, as the core keeps it. */
internal data class EditDraft(
    /** Of which words, see [wordsOf]. */
    val of: String,
    val title: String,
    val body: String,
) {
    /** What the core is given to keep. */
    fun text() = listOf(of, title.replace('\n', ' '), body).joinToString("\n")

    companion object {
        /** Under which name. */
        fun id(notice: String) = "edit/$notice"

        fun parse(text: String): EditDraft? {
            val parts = text.split("\n", limit = 3)
            return if (parts.size == 3) EditDraft(parts[0], parts[1], parts[2]) else null
        }

        /**
         * Stands for the words of a notice. Its version will not do: that also grows when the server confirms what this
         * phone did, and then nobody else has changed anything.
         */
        fun wordsOf(notice: NoticeView): String = "${notice.title}\n${notice.body}".hashCode().toUInt().toString(16)
    }
}
