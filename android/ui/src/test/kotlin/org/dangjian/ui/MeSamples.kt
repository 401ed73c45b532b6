package org.dangjian.ui

import org.dangjian.ui.components.BottomBarState
import org.dangjian.ui.components.FactState
import org.dangjian.ui.components.SyncState
import org.dangjian.ui.components.Tab
import org.dangjian.ui.me.Appearance
import org.dangjian.ui.me.MeState
import org.dangjian.ui.me.SettingsState
import org.dangjian.ui.office.DecisionState
import org.dangjian.ui.office.MatterState
import org.dangjian.ui.office.OfficeState
import org.dangjian.ui.signin.PersonState
import org.dangjian.ui.signin.SignInProblem
import org.dangjian.ui.signin.SignInState
import org.dangjian.ui.signin.SignInStep

/** Signing in, oneself and what officers decide, to draw. The people and the branches are made up. */
object MeSamples {
    private const val ORG = "三占塘村党支部"

    val people =
        SignInState(
            SignInStep.People(
                listOf(
                    PersonState("1", "刘秋云", org = ORG),
                    PersonState("2", "乐建平", "支部书记", ORG),
                    PersonState("3", Samples.LONGEST_PERSON, "党小组长", Samples.LONGEST_ORG, Samples.LONGEST_ORG_LAST),
                ),
            ),
        )

    val signIn = SignInState(SignInStep.Password("4311280001", "ab12cd34"))

    val signInEmpty = SignInState(SignInStep.Password(fromPeople = true))

    val signInWrong = signIn.copy(problem = SignInProblem.WrongPassword)

    val signInBusy = signIn.copy(busy = true)

    val activation = SignInState(SignInStep.Activation("4311280001", "482906", "ab12cd34", "ab12cd34"))

    val activationDiffers =
        SignInState(SignInStep.Activation("4311280001", "482906", "ab12cd34", "ab12cd3"), SignInProblem.WrongCode)

    val firstSync = SignInState(SignInStep.FirstSync("刘秋云同志，您好", 12_480, 62))

    val firstSyncStopped = SignInState(SignInStep.FirstSync("刘秋云同志，您好", 12_480, 62, stopped = true))

    val me =
        MeState(
            name = "刘秋云",
            number = "党员编号 4311280001",
            kind = "正式党员",
            org = ORG,
            synced = "今天 12:38 已同步",
            points = "本季 1,046 分",
            bar = BottomBarState(Tab.Me, unread = 2),
        )

    val meLeader =
        me.copy(
            name = Samples.LONGEST_PERSON,
            org = Samples.LONGEST_ORG,
            orgLast = Samples.LONGEST_ORG_LAST,
            offices = listOf("三占塘村党支部 · 书记", "新田县驻东莞第三流动党支部 · 流动党员"),
            sync = SyncState.Offline(3),
            toDecide = 2,
            data = listOf(FactState("本机存有", "本支部 28 人的名册和通知"), FactState("可以看到您积分的", "本人、支部书记、上级党委")),
        )

    val settings =
        SettingsState(
            dataUse = listOf(FactState("本月流量", "41 MB"), FactState("离线内容", "218 MB")),
            version = "0.1.0",
        )

    val settingsChanged =
        settings.copy(elder = true, fontStep = 4, appearance = Appearance.Dark, highContrast = true)

    val settingsSignOut = settings.copy(signOutWaiting = 3)

    val office =
        OfficeState(
            reviews =
                listOf(
                    MatterState(
                        "1",
                        "m1",
                        "黄小兰",
                        ORG,
                        about = "学习时长需要人工核对",
                        text = "11月23日两部手机同时计时 12 分钟",
                        waiting = "已等 2 天",
                    ),
                    MatterState(
                        "2",
                        "m2",
                        Samples.LONGEST_PERSON,
                        Samples.LONGEST_ORG,
                        Samples.LONGEST_ORG_LAST,
                        "照片需要人工核对",
                        "与 11月5日的照片相似",
                        "今天收到",
                        unconfirmed = true,
                    ),
                ),
            objections =
                listOf(
                    MatterState(
                        "3",
                        "m3",
                        "骆正德",
                        ORG,
                        about = "有效阅读满 1 分钟计 1 分 · +3",
                        text = "那天我读了 6 分钟，只计了 3 分钟。",
                        waiting = "已等 5 小时",
                    ),
                ),
        )

    val officeObjections = office.copy(showObjections = true)

    val officeEmpty = OfficeState(reviews = emptyList(), objections = emptyList())

    val officeDeciding = office.copy(decision = DecisionState(office.reviews[0], objection = false, yes = false))

    val officeAnswering =
        officeObjections.copy(decision = DecisionState(office.objections[0], objection = true, yes = true))
}
