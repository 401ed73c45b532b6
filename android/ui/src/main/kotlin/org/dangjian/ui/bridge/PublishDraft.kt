package org.dangjian.ui.bridge

/** A notice begun and not published, as the core keeps it: the organization, the scope, the title and the rest the body. */
internal data class PublishDraft(
    val org: String,
    val scope: String,
    val title: String,
    val body: String,
) {
    /** What the core is given to keep. */
    fun text() = listOf(org, scope, title.replace('\n', ' '), body).joinToString("\n")

    /** As [Address.id]. */
    val address get() = "$org/$scope"

    /** What the list of notices calls it. */
    val heading get() = title.ifBlank { body.lineSequence().firstOrNull(String::isNotBlank).orEmpty() }

    companion object {
        /** Under which name. */
        const val ID = "publish"

        /** @param address an [Address.id]; absent if none was chosen. */
        fun of(
            address: String?,
            title: String,
            body: String,
        ) = PublishDraft(address?.substringBefore('/').orEmpty(), address?.substringAfter('/').orEmpty(), title, body)

        fun parse(text: String): PublishDraft? {
            val parts = text.split("\n", limit = 4)
            return if (parts.size == 4) PublishDraft(parts[0], parts[1], parts[2], parts[3]) else null
        }
    }
}
