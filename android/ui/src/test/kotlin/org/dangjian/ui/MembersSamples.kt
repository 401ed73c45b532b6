package org.dangjian.ui

import org.dangjian.ui.components.FactState
import org.dangjian.ui.members.BranchRowState
import org.dangjian.ui.members.LedgerStanding
import org.dangjian.ui.members.MemberRowState
import org.dangjian.ui.members.MemberSheet
import org.dangjian.ui.members.MemberState
import org.dangjian.ui.members.MembersState
import org.dangjian.ui.members.PhoneRowState

/** Members to draw. The people and the branches are made up. */
object MembersSamples {
    private const val ORG = "新田县枧头镇龙秀村党支部"
    private const val LAST = "龙秀村党支部"

    val members =
        MembersState(
            count = 20_138,
            rows =
                listOf(
                    MemberRowState("1", "何志远", ORG, LAST, role = "书记"),
                    MemberRowState("2", "黄小兰", ORG, LAST, migrant = true),
                    MemberRowState("3", Samples.LONGEST_PERSON, Samples.LONGEST_ORG, Samples.LONGEST_ORG_LAST),
                    MemberRowState(
                        "4",
                        Samples.LONGEST_PERSON,
                        Samples.LONGEST_ORG,
                        Samples.LONGEST_ORG_LAST,
                        role = "组织委员、宣传委员",
                        suspended = true,
                    ),
                    MemberRowState("5", "刘秋云", ORG, LAST),
                ),
        )

    val membersNone = MembersState(query = "欧阳")

    val member =
        MemberState(
            name = "黄小兰",
            branch = ORG,
            branchLast = LAST,
            facts =
                listOf(
                    FactState("党员编号", "4311280012"),
                    FactState("党员类别", "正式党员"),
                    FactState("党籍状态", "正常"),
                    FactState("职务和流动党支部", "新田县驻东莞第三流动党支部 · 流动党员"),
                ),
            phones =
                listOf(
                    PhoneRowState("a", "HUAWEI nova 9", "11月5日 登录", revoked = false),
                    PhoneRowState("b", "Redmi Note 8", "2025年3月2日 登录", revoked = true),
                ),
            mayReset = true,
            mayMove = true,
            ledger = LedgerStanding.MayOpen,
        )

    val memberLongest =
        member.copy(
            name = Samples.LONGEST_PERSON,
            branch = Samples.LONGEST_ORG,
            branchLast = Samples.LONGEST_ORG_LAST,
            facts = member.facts.dropLast(1) + FactState("职务和流动党支部", "${Samples.LONGEST_ORG} · 组织委员、宣传委员"),
            ledger = LedgerStanding.Opening,
            moving = true,
            phones = null,
            phonesProblem = "连上网才能查看登录的手机",
        )

    val memberOpen = member.copy(ledger = LedgerStanding.Open, mayReset = false, mayMove = false)

    val memberAsked = member.copy(sheet = MemberSheet.AskCode)

    val memberCode = member.copy(sheet = MemberSheet.Code("7K4M-29XP"))

    val memberRevoking = member.copy(sheet = MemberSheet.AskRevoke(checkNotNull(member.phones).first()))

    private val branches =
        listOf(
            BranchRowState("x", "新田县枧头镇彭梓城村党支部", "中共新田县枧头镇委员会"),
            BranchRowState("y", Samples.LONGEST_ORG, "中共新田县委驻珠三角流动党员工作委员会"),
        )

    val memberMoving = member.copy(sheet = MemberSheet.Branches(branches))

    val memberMoveAsked = member.copy(sheet = MemberSheet.AskMove(branches.first()))
}
