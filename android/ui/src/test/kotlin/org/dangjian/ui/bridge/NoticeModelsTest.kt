package org.dangjian.ui.bridge

import org.dangjian.core.NoticeScope
import org.dangjian.core.OpId
import org.dangjian.core.OpKind
import org.dangjian.core.OrgId
import org.dangjian.core.OutboxState
import org.dangjian.core.OutboxView
import org.dangjian.core.Refusal
import org.dangjian.core.VoiceView
import org.dangjian.ui.components.SyncState
import org.dangjian.ui.outbox.OutboxStanding
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertNull

class NoticeModelsTest {
    private fun voice(
        org: String,
        vararg scopes: NoticeScope,
    ) = VoiceView(OrgId(org), "东莞第${org}流动党支部", "书记", scopes.toList())

    @Test
    fun the_first_voice_is_chosen_until_another_is_and_several_are_told_apart() {
        val addresses = listOf(voice("一", NoticeScope.BRANCH), voice("二", NoticeScope.BRANCH)).addresses
        val page = PublishModel.Page("刘伟文", addresses, mapOf(addresses[1].id to 32), notice = null)
        val first = publishOf(page, to = null, editing = false)
        assertEquals("东莞第一流动党支部", first.org)
        assertNull(first.people)
        val second = publishOf(page, addresses[1].id, editing = false)
        assertEquals(32, second.people)
        assertEquals("东莞第二流动党支部：本支部党员 32", second.scopes[1].label)
    }

    @Test
    fun a_draft_comes_back_as_it_was() {
        val draft = PublishDraft.of("org/BRANCH", "标题", "一\n\n二\n")
        assertEquals(draft, PublishDraft.parse(draft.text()))
        assertEquals("org/BRANCH", draft.address)
        assertEquals("二行", PublishDraft.of(null, " ", "\n二行").heading)
        val edit = EditDraft("ab", "标题", "一\n二")
        assertEquals(edit, EditDraft.parse(edit.text()))
        assertNull(PublishDraft.parse(""))
    }

    @Test
    fun the_outbox_shows_what_waits_in_the_order_it_goes_and_what_was_refused_apart() {
        fun row(
            id: String,
            state: OutboxState,
        ) = OutboxView(OpId(id), OpKind.PUBLISH_NOTICE, null, "题", "文", state) to "题"
        val state =
            outboxOf(
                listOf(
                    row("3", OutboxState.Queued),
                    row("2", OutboxState.Refused(Refusal.STALE)),
                    row("1", OutboxState.Held),
                ),
                SyncState.Settled,
            )
        assertEquals(listOf("1", "3"), state.waiting.map { it.id })
        assertEquals(listOf(OutboxStanding.Held, OutboxStanding.Queued), state.waiting.map { it.standing })
        assertEquals("2", state.refused.single().id)
    }

    @Test
    fun sizes_are_said_in_the_unit_that_fits() {
        assertEquals("1 KB", MeWordsStrings.size(1_234))
        assertEquals("3.4 MB", MeWordsStrings.size(3_400_000))
        assertEquals("218 MB", MeWordsStrings.size(218_000_000))
    }
}
