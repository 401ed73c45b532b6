package org.dangjian.ui.bridge

import org.dangjian.core.ItemCategory
import org.dangjian.core.ItemFilter
import org.dangjian.core.ItemKind
import org.dangjian.ui.components.FilterState
import org.dangjian.ui.components.Icons

/** The filters of 学习, by id. */
internal object StudyFilters {
    const val ALL = "all"
    const val DOWNLOADED = "downloaded"
    private const val REQUIRED = "required"
    private const val MEDIA = "media"
    private const val QUIZ = "quiz"

    /** What the core is asked for. */
    fun of(id: String): ItemFilter =
        when (id) {
            DOWNLOADED -> ItemFilter(downloadedOnly = true)
            REQUIRED -> ItemFilter(requiredThisMonth = true)
            MEDIA -> ItemFilter(kinds = listOf(ItemKind.AUDIO, ItemKind.VIDEO))
            QUIZ -> ItemFilter(kinds = listOf(ItemKind.QUIZ))
            else -> ItemFilter(category = ItemCategory.entries.firstOrNull { it.name == id })
        }

    /** @param kept how many contents are on the phone, if that is known. */
    fun all(
        chosen: String,
        kept: UInt?,
    ): List<FilterState> {
        val downloaded = kept?.let(StudyBridgeStrings::downloaded) ?: StudyBridgeStrings.DOWNLOADED
        val first =
            listOf(
                FilterState(ALL, StudyBridgeStrings.ALL),
                FilterState(DOWNLOADED, downloaded, icon = Icons.DownloadDone),
                FilterState(REQUIRED, StudyBridgeStrings.REQUIRED),
                FilterState(MEDIA, StudyBridgeStrings.MEDIA),
                FilterState(QUIZ, StudyBridgeStrings.QUIZ),
            )
        val categories = ItemCategory.entries.map { FilterState(it.name, StudyBridgeStrings.of(it)) }
        return (first + categories).map { it.copy(selected = it.id == chosen) }
    }
}
