package org.dangjian.ui.journeys

import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.size
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.test.hasAnyAncestor
import androidx.compose.ui.test.hasClickAction
import androidx.compose.ui.test.hasScrollToIndexAction
import androidx.compose.ui.test.hasTestTag
import androidx.compose.ui.unit.dp
import androidx.lifecycle.ViewModelProvider
import androidx.lifecycle.viewmodel.initializer
import androidx.lifecycle.viewmodel.viewModelFactory
import kotlinx.coroutines.runBlocking
import org.dangjian.core.County
import org.dangjian.core.MemberId
import org.dangjian.core.MemberView
import org.dangjian.core.PASSWORD
import org.dangjian.ui.HEIGHT_DP
import org.dangjian.ui.Mode
import org.dangjian.ui.Themed
import org.dangjian.ui.WIDTH_DP
import org.dangjian.ui.bridge.MembersModel
import org.dangjian.ui.bridge.lastLevelOf
import org.dangjian.ui.desktop.Hands
import org.dangjian.ui.desktop.Owner
import org.dangjian.ui.desktop.fills
import org.dangjian.ui.desktop.hands
import org.dangjian.ui.desktop.scrollsTo
import org.dangjian.ui.desktop.sees
import org.dangjian.ui.desktop.seesNoMore
import org.dangjian.ui.desktop.taps
import org.dangjian.ui.desktop.texts
import org.dangjian.ui.desktop.writes
import org.dangjian.ui.me.MeStrings
import org.dangjian.ui.members.MembersCallbacks
import org.dangjian.ui.members.MembersScreen
import org.dangjian.ui.members.MembersStrings
import org.dangjian.ui.office.LedgerStrings
import org.dangjian.ui.office.OfficeStrings
import org.dangjian.ui.points.PointsStrings
import org.dangjian.ui.signin.SignInProblem
import org.dangjian.ui.signin.SignInStrings
import org.dangjian.ui.today.TodayStrings
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertTrue

/** Members, for those who lead or look after them. */
class MembersJourney {
    @Test
    fun all_of_the_county_can_be_scrolled_through_and_only_some_are_at_hand() {
        val officer = TestPhone("scrolls", "officer3")
        hands {
            val owner = Owner()
            atTheEnd { owner.viewModelStore.clear() }
            atTheEnd { officer.kill() }
            val phone = runBlocking { officer.open(null) }
            val factory = viewModelFactory { initializer { MembersModel(phone) } }
            val model = ViewModelProvider.create(owner, factory)[MembersModel::class]
            shows {
                val state by model.state.collectAsState()
                val query by model.written.collectAsState()
                Themed(Mode.Light) {
                    Box(Modifier.size(WIDTH_DP.dp, HEIGHT_DP.dp)) {
                        MembersScreen(
                            state,
                            query,
                            MembersCallbacks(onQuery = model::onQuery, onSeen = model::onSeen),
                        )
                    }
                }
            }
            waits("the first members") { model.state.value.row(0) != null }
            val first = model.state.value.row(0)
            val before = heldMb()
            scrollsToEnd(model)
            val (count, last) = model.state.value.run { count to row(count - 1) }
            val after = heldMb()
            println("members: $count; heap held $before MB at the beginning, $after MB at the end")
            assertEquals(COUNTY, count)
            assertTrue(after - before < MOST_MORE_MB, "$before MB, then $after MB")
            sees(checkNotNull(last).name, substring = true)
            scrollsTo(0)
            waits("the first again") { model.state.value.row(0) == first }

            val somebody = officer.memberAt(COUNTY / 2)
            writes(MembersStrings.SEARCH, somebody.name)
            waits("that name") { model.state.value.run { query == somebody.name && rows.isNotEmpty() } }
            assertTrue(
                model.state.value.rows
                    .all { somebody.name in it.name },
            )
            assertTrue(model.state.value.count < COUNTY)
            writes(MembersStrings.SEARCH, somebody.number)
            waits("that number") { model.state.value.count == 1 }
            assertEquals(
                somebody.member.text,
                model.state.value
                    .row(0)
                    ?.id,
            )
            sees(somebody.name, substring = true)
            writes(MembersStrings.SEARCH, "没有这个人")
            sees(MembersStrings.EMPTY)
        }
    }

    private fun Hands.scrollsToEnd(model: MembersModel) {
        while (true) {
            val count = model.state.value.count
            scrollsTo(count - 1)
            waits("row $count") { model.state.value.run { this.count > count || row(count - 1) != null } }
            val state = model.state.value
            assertTrue(state.rows.size <= MOST_AT_HAND, "${state.rows.size} rows")
            if (state.count == count && state.row(count - 1) != null) return
        }
    }

    @Test
    fun a_secretary_makes_a_new_code_and_the_member_activates_with_it() {
        val login = County.named("village17.member1")
        val secretary = TestPhone("makes-codes", "village17.secretary", OFFICE)
        val member = TestPhone("new-phone")
        journey(secretary, member) {
            taps(SignInStrings.ACTIVATE, on = member)
            sees(SignInStrings.ACTIVATION, on = member)
            opensMember(secretary, login)
            sees(MembersStrings.NO_PHONES, on = secretary)
            taps(MembersStrings.NEW_CODE, on = secretary)
            sees(MembersStrings.ASK_CODE, on = secretary)
            taps(MembersStrings.NEW_CODE, on = secretary, last = true)
            sees(MembersStrings.CODE_SENTENCE, on = secretary)
            val all = texts()
            val code = all[all.indexOf(MembersStrings.CODE) + 1]
            fills(login, code, PASSWORD, PASSWORD, on = member)
            taps(SignInStrings.ACTIVATE_AND_SIGN_IN, on = member)
            sees(TodayStrings.ELDER_VERSION, on = member)
        }
    }

    @Test
    fun a_reviewer_opens_a_ledger_and_takes_points_back_which_the_member_sees() {
        val login = County.named("village18.member1")
        val theirs = TestPhone("loses-points", "village18.member1", "dangjian://points")
        val reviewer = TestPhone("takes-back", "reviewer1", OFFICE)
        journey(reviewer, theirs) {
            sees(SIGNED_IN, on = theirs)
            val member = opensMember(reviewer, login)
            taps(MembersStrings.OPEN_LEDGER, on = reviewer)
            taps(MembersStrings.LEDGER, on = reviewer)
            sees(LedgerStrings.titleOf(member.name), on = reviewer)
            taps(SIGNED_IN, on = reviewer)
            taps(LedgerStrings.REVERSE, on = reviewer)
            writes(LedgerStrings.REASON, "由他人代为登录。", on = reviewer)
            taps(LedgerStrings.CONFIRM, on = reviewer)
            sees(PointsStrings.TAKEN_BACK, on = reviewer)
            sees(PointsStrings.TAKEN_BACK, on = theirs)
            taps("收回：$SIGNED_IN", on = theirs)
            sees("由他人代为登录。", substring = true, on = theirs)
        }
    }

    @Test
    fun who_is_moved_to_another_branch_is_told_so_and_so_is_who_moved_them() {
        val login = County.named("village19.member1")
        val officer = TestPhone("moves", "officer3", OFFICE)
        val member = TestPhone("is-moved", "village19.member1")
        journey(officer, member) {
            taps("我的", on = member)
            val before = opensMember(officer, login)
            val branch =
                runBlocking {
                    officer.phone.core.members
                        .branches("", BRANCHES, 0u)
                        .rows
                        .first { it.org != before.org }
                        .name
                }
            val last = lastLevelOf(branch)
            sees(lastLevelOf(before.branch), substring = true, on = member)
            taps(MembersStrings.MOVE, on = officer)
            writes(MembersStrings.BRANCH, last.dropLast(1), on = officer)
            taps(branch, on = officer)
            sees(MembersStrings.askMove(before.name, branch), on = officer)
            taps(MembersStrings.CONFIRM_MOVE, on = officer)
            sees(last, substring = true, on = member)
            seesNoMore(MembersStrings.MOVING, on = officer)
            sees(last, substring = true, on = officer)
        }
    }

    @Test
    fun a_phone_that_is_revoked_says_so_and_can_be_signed_in_anew() {
        val login = County.named("village21.member1")
        val secretary = TestPhone("revokes", "village21.secretary", OFFICE)
        val member = TestPhone("is-revoked", "village21.member1")
        journey(secretary, member) {
            sees(TodayStrings.ELDER_VERSION, on = member)
            opensMember(secretary, login)
            taps(MembersStrings.REVOKE, on = secretary)
            sees(MembersStrings.ASK_REVOKE, on = secretary)
            taps(MembersStrings.REVOKE, on = secretary, last = true)
            sees(MembersStrings.REVOKED, on = secretary)
            sees(SignInStrings.problem(SignInProblem.DeviceRevoked), on = member)
            writes(SignInStrings.LOGIN, login, on = member)
            writes(SignInStrings.PASSWORD, PASSWORD, on = member)
            taps(SignInStrings.SIGN_IN, on = member)
            sees(TodayStrings.ELDER_VERSION, on = member)
            taps("我的", on = member)
            sees(MeStrings.SYNC, on = member)
        }
    }

    /** From the office to the page of who signs in as [login], found by number. */
    private fun Hands.opensMember(
        on: TestPhone,
        login: String,
    ): MemberView {
        taps(OfficeStrings.MEMBERS, on = on)
        val member =
            runBlocking {
                checkNotNull(
                    on.phone.core.members
                        .get(MemberId(County.memberOf(login))),
                )
            }
        writes(MembersStrings.SEARCH, member.number, on = on)
        val row = hasClickAction() and hasAnyAncestor(hasScrollToIndexAction()) and hasAnyAncestor(hasTestTag(on.name))
        waits("one is found") { onAllNodes(row).fetchSemanticsNodes().size == 1 }
        taps(member.name, substring = true, on = on)
        sees(MembersStrings.MEMBER, on = on)
        return member
    }

    private fun TestPhone.memberAt(at: Int): MemberView =
        runBlocking {
            val members = phone.core.members
            val line = members.list("", null, 1u, at.toUInt()).rows.first()
            checkNotNull(members.get(line.member))
        }

    /** What is still held of the heap, MB. */
    private fun heldMb(): Long {
        repeat(3) { System.gc() }
        return Runtime.getRuntime().run { totalMemory() - freeMemory() } shr 20
    }
}

private const val OFFICE = "dangjian://office"
private const val SIGNED_IN = "每日登录"
private const val COUNTY = 20_138
private const val MOST_AT_HAND = 250
private const val MOST_MORE_MB = 32
private const val BRANCHES = 8u
