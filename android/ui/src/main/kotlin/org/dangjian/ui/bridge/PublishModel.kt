package org.dangjian.ui.bridge

import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.setValue
import androidx.lifecycle.viewModelScope
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.combine
import kotlinx.coroutines.launch
import org.dangjian.core.AppException
import org.dangjian.core.Dangjian
import org.dangjian.core.NoticeId
import org.dangjian.core.NoticeScope
import org.dangjian.core.NoticeView
import org.dangjian.core.Timestamp
import org.dangjian.core.Topic
import org.dangjian.ui.components.FilterState
import org.dangjian.ui.components.Icons
import org.dangjian.ui.components.SyncState
import org.dangjian.ui.notices.PublishState

/**
 * A notice being written. What is written is kept in the core all the while.
 *
 * @param notice which one is changed; absent for a new one.
 */
class PublishModel(
    phone: Phone,
    private val notice: String? = null,
) : ScreenModel<PublishModel.Input>(phone, Input()) {
    /**
     * @param to which [Address]; absent until the person chose.
     * @param of which words are changed, see [EditDraft.wordsOf].
     */
    data class Input(
        val to: String? = null,
        val of: String? = null,
        val problem: String? = null,
    )

    /** The words of a notice. */
    data class Written(
        val title: String = "",
        val body: String = "",
    )

    internal class Page(
        val name: String,
        val addresses: List<Address>,
        /** To how many people each goes, as far as known. */
        val people: Map<String, Int>,
        /** The one that is changed, as it is now. */
        val notice: NoticeView?,
    )

    private val draftId = notice?.let(EditDraft::id) ?: PublishDraft.ID
    private val keeper = Keeper(phone, draftId, viewModelScope)
    private val page = live(Topic.NOTICES, Topic.PEOPLE) { read() }

    /** Not part of [state]: a field must have its letters at once. */
    var written by mutableStateOf(Written())
        private set

    /** It is on this phone, as it is to be. */
    private var over = false

    private val empty = PublishState(org = "", speaker = "", scopes = emptyList(), editing = notice != null)

    val state: StateFlow<PublishState> =
        combine(page, phone.sync, input, keeper.keptAt, busy) { read, sync, input, keptAt, busy ->
            val known = read.orNull()?.let { publishOf(it, input.to, notice != null) } ?: empty
            known.copy(
                offline = sync is SyncState.Offline,
                busy = busy,
                problem = input.problem ?: read.failure?.sentence(),
                keptAt = keptAt?.let { clockOf(Timestamp(it)) },
            )
        }.shown(empty)

    init {
        viewModelScope.launch {
            val kept = keeper.kept()
            if (notice == null) kept?.let(PublishDraft::parse)?.let(::goOn) else beginEdit(notice, kept)
        }
    }

    private fun goOn(draft: PublishDraft) {
        change { copy(to = to ?: draft.address) }
        if (written == Written()) written = Written(draft.title, draft.body)
    }

    private suspend fun beginEdit(
        notice: String,
        kept: String?,
    ) {
        val present =
            try {
                phone.call { notices.get(NoticeId(notice)) }
            } catch (problem: AppException) {
                return change { copy(problem = problem.sentence()) }
            }
        val draft =
            kept?.let(EditDraft::parse)
                ?: present?.let { EditDraft(EditDraft.wordsOf(it), it.title, it.body) }
                ?: return change { copy(problem = NoticeWordsStrings.GONE) }
        change { copy(of = of ?: draft.of) }
        if (written == Written()) written = Written(draft.title, draft.body)
    }

    private suspend fun Dangjian.read(): Page {
        val addresses = addresses()
        val people = addresses.mapNotNull { address -> audience(address)?.let { address.id to it } }.toMap()
        return Page(account.me()?.name.orEmpty(), addresses, people, notice?.let { notices.get(NoticeId(it)) })
    }

    fun onScope(id: String) {
        change { copy(to = id) }
        keep()
    }

    fun onTitle(text: String) = write(written.copy(title = text))

    fun onBody(text: String) = write(written.copy(body = text))

    private fun write(now: Written) {
        written = now
        change { copy(problem = null) }
        keep()
    }

    private fun keep() {
        val (title, body) = written
        val of = input.value.of
        keeper.write(
            when {
                title.isBlank() && body.isBlank() -> null
                notice == null -> PublishDraft.of(input.value.to, title, body).text()
                of == null -> null
                else -> EditDraft(of, title, body).text()
            },
        )
    }

    /** The screen is left, or the app. */
    fun leave() = keeper.now()

    /** Publishes it, or what was changed; [done] when it is on this phone, which is before it is anywhere else. */
    fun publish(done: () -> Unit) {
        // The screen stays for a moment after that.
        if (over) return
        change { copy(problem = null) }
        once(
            failed = { problem -> change { copy(problem = problem.sentence()) } },
            done = {
                over = it
                if (over) done()
            },
        ) { (if (notice == null) publishNew() else saveEdit(NoticeId(notice))).also { if (it) keeper.forget() } }
    }

    private suspend fun Dangjian.publishNew(): Boolean {
        val address = addresses().chosen(input.value.to) ?: return false
        notices.publish(address.voice.org, address.scope, written.title, written.body)
        return true
    }

    /** Not where somebody else changed the words that are before the person: then it is said first. */
    private suspend fun Dangjian.saveEdit(notice: NoticeId): Boolean {
        val present = notices.get(notice)
        val words = present?.let(EditDraft::wordsOf)
        if (present == null || words != input.value.of) {
            val problem = if (present == null) NoticeWordsStrings.GONE else NoticeWordsStrings.CHANGED
            change { copy(of = words ?: of, problem = problem) }
            return false
        }
        notices.edit(notice, present.version, written.title, written.body)
        return true
    }
}

/** The one that the person chose, or the first. */
private fun List<Address>.chosen(id: String?): Address? = firstOrNull { it.id == id } ?: firstOrNull()

/** To whom, without the words. */
internal fun publishOf(
    page: PublishModel.Page,
    to: String?,
    editing: Boolean,
): PublishState {
    val chosen =
        if (editing) page.addresses.firstOrNull { it.voice.org == page.notice?.org } else page.addresses.chosen(to)
    val several = page.addresses.distinctBy { it.voice.org }.size > 1
    val org = page.notice?.orgName ?: chosen?.voice?.orgName.orEmpty()
    return PublishState(
        org = org,
        orgLast = lastLevelOf(org),
        speaker = chosen?.let { NoticeWordsStrings.speaker(page.name, it.voice.roleWords) } ?: page.name,
        scopes =
            page.addresses.map { address ->
                val selected = address == chosen
                val before = if (several) lastLevelOf(address.voice.orgName) else null
                val branch = address.scope == NoticeScope.BRANCH
                val label = NoticeWordsStrings.scope(branch, before, page.people[address.id])
                FilterState(address.id, label, selected, if (selected) Icons.Check else null)
            },
        people = chosen?.let { page.people[it.id] },
        editing = editing,
    )
}
