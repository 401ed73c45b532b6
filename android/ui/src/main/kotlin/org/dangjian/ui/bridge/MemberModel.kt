package org.dangjian.ui.bridge

import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.combine
import org.dangjian.core.AppException
import org.dangjian.core.Dangjian
import org.dangjian.core.DeviceId
import org.dangjian.core.DeviceView
import org.dangjian.core.MemberId
import org.dangjian.core.MemberView
import org.dangjian.core.OrgId
import org.dangjian.core.Topic
import org.dangjian.ui.components.FactState
import org.dangjian.ui.members.BranchRowState
import org.dangjian.ui.members.LedgerStanding
import org.dangjian.ui.members.MemberSheet
import org.dangjian.ui.members.MemberState
import org.dangjian.ui.members.MembersStrings
import org.dangjian.ui.members.PhoneRowState

private const val BRANCHES = 8u

/** One member, and what whoever leads may do about them. */
class MemberModel(
    phone: Phone,
    id: String,
) : ScreenModel<MemberModel.Input>(phone, Input()) {
    data class Input(
        val sheet: MemberSheet? = null,
        /** Looked for among the branches. */
        val query: String? = null,
        /** Grows when the member's phones must be asked for again. */
        val phones: Int = 0,
    )

    private val member = MemberId(id)
    private val typed = MutableStateFlow("")

    /** Which branch is looked for, as far as it is written. */
    val written: StateFlow<String> = typed.asStateFlow()

    private val view = live(Topic.PEOPLE, Topic.POINTS, Topic.OUTBOX) { members.get(member) }

    /** From the server: there is no copy here. */
    private val phones =
        live(Topic.PEOPLE, key = { it.phones }) {
            if (members.get(member)?.mayReset == true) account.devices(member) else null
        }

    private val branches =
        live(Topic.PEOPLE, key = { it.query }) { query ->
            query?.let { members.branches(it.trim(), BRANCHES, 0u).rows }.orEmpty()
        }

    val state: StateFlow<MemberState> =
        combine(view, phones, branches, input, busy) { view, phones, branches, input, busy ->
            val sheet =
                if (input.query == null || input.sheet != null) {
                    input.sheet
                } else {
                    val rows = branches.orNull().orEmpty().map { BranchRowState(it.org.text, it.name, it.ofName) }
                    MemberSheet.Branches(rows)
                }
            stateOf(view, phones, sheet).copy(busy = busy)
        }.shown(MemberState(loading = true))

    fun onOpenLedger() =
        once(::failed) {
            // The button stays for a moment after it was tapped.
            if (members.get(member)?.mayOpenLedger == true) members.openLedger(member)
        }

    fun onAskCode() = sheet(MemberSheet.AskCode)

    fun onCode() = answer({ sheet(MemberSheet.Code(it)) }) { account.reset(member) }

    fun onAskRevoke(phone: PhoneRowState) = sheet(MemberSheet.AskRevoke(phone))

    fun onRevoke(device: String) = answer({ change { copy(phones = phones + 1) } }) { account.revoke(DeviceId(device)) }

    fun onMove() = onBranchQuery("")

    fun onBranchQuery(text: String) {
        typed.value = text
        change { copy(query = text) }
    }

    fun onBranch(branch: BranchRowState) = sheet(MemberSheet.AskMove(branch))

    fun onMoveTo(branch: String) = answer { members.moveTo(member, OrgId(branch)) }

    /** Does what the sheet asked, once. */
    private fun <T> answer(
        done: (T) -> Unit = {},
        call: suspend Dangjian.() -> T,
    ) {
        if (input.value.sheet == null || busy.value) return
        onCloseSheet()
        once(::failed, done, call)
    }

    fun onCloseSheet() = change { copy(sheet = null, query = null) }

    private fun sheet(sheet: MemberSheet) = change { copy(sheet = sheet) }

    private fun failed(problem: AppException) = sheet(MemberSheet.Failed(problem.sentence()))

    private fun stateOf(
        read: Read<MemberView?>,
        phones: Read<List<DeviceView>?>,
        sheet: MemberSheet?,
    ): MemberState {
        val view =
            read.orNull() ?: return MemberState(loading = read is Read.Loading, problem = read.failure?.asError())
        return MemberState(
            name = view.name,
            branch = view.branch,
            branchLast = lastLevelOf(view.branch),
            facts = factsOf(view),
            phones = phones.orNull()?.map { phoneOf(it) },
            phonesProblem =
                phones.failure?.let {
                    if (it is AppException.Offline) MembersStrings.PHONES_OFFLINE else it.sentence()
                },
            mayReset = view.mayReset,
            mayMove = view.mayMove,
            moving = view.unconfirmed,
            ledger =
                when {
                    view.ledgerOpen -> LedgerStanding.Open
                    view.ledgerOpening -> LedgerStanding.Opening
                    view.mayOpenLedger -> LedgerStanding.MayOpen
                    else -> LedgerStanding.Closed
                },
            sheet = sheet,
        )
    }

    private fun phoneOf(device: DeviceView) =
        PhoneRowState(
            device.device.text,
            device.label,
            MembersStrings.enrolled(timeOf(device.enrolledAt, phone.nowMs())),
            device.revoked,
        )
}

private fun factsOf(view: MemberView): List<FactState> =
    buildList {
        add(FactState(MembersStrings.NUMBER, view.number))
        add(FactState(MembersStrings.STANDING, view.standingWords))
        add(FactState(MembersStrings.STATUS, view.statusWords))
        val offices = view.offices.joinToString("\n") { "${it.orgName} · ${it.roleWords}" }
        if (offices.isNotEmpty()) add(FactState(MembersStrings.ROLES, offices))
    }
