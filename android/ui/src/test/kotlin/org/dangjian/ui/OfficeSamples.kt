package org.dangjian.ui

import org.dangjian.ui.boards.BoardLineState
import org.dangjian.ui.components.EmptyState
import org.dangjian.ui.components.ErrorState
import org.dangjian.ui.components.FactState
import org.dangjian.ui.components.FilterState
import org.dangjian.ui.me.ReminderState
import org.dangjian.ui.office.Feature
import org.dangjian.ui.office.FeaturesState
import org.dangjian.ui.office.LedgerState
import org.dangjian.ui.office.LowBoardsState
import org.dangjian.ui.office.OfficePage
import org.dangjian.ui.office.PublishedRulesState
import org.dangjian.ui.office.PublishedStanding
import org.dangjian.ui.office.RulesCheck
import org.dangjian.ui.office.RulesState
import org.dangjian.ui.points.PostingSheet
import org.dangjian.ui.points.PostingStanding
import org.dangjian.ui.points.PostingsState

/** What those see who look after others, and the reminder. The people and the branches are made up. */
object OfficeSamples {
    private const val ORG = "三占塘村党支部"

    val officeOfCounty =
        MeSamples.officeEmpty.copy(pages = listOf(OfficePage.Features, OfficePage.Rules))

    val officeOfBranch =
        MeSamples.officeObjections.copy(
            objections = MeSamples.office.objections.map { it.copy(mayDecide = false) },
            pages = listOf(OfficePage.LowBoards),
        )

    val lowBoards =
        LowBoardsState(
            org = ORG,
            lines =
                listOf(
                    BoardLineState("1", name = "骆正德", score = "71.8", points = "702 分"),
                    BoardLineState("2", name = Samples.LONGEST_PERSON, score = "66.0", points = "655 分"),
                    BoardLineState("3", name = "黄小兰", score = "60.4", points = "588 分"),
                ),
            note = "黄榜、黑榜不公开姓名，只有本人、支部书记和上级党委能看到。",
        )

    val lowBoardsNames =
        lowBoards.copy(
            black = true,
            branches = listOf(FilterState("1", ORG, selected = true), FilterState("2", "第三流动党支部")),
            lines = emptyList(),
            empty = EmptyState("黑榜没有人", "本支部没有党员在这一榜。"),
        )

    val features = FeaturesState(on = Feature.entries.toSet() - Feature.ForcedCheckIn, unconfirmed = true)

    val featuresReduced = FeaturesState(on = emptySet())

    val featuresAsked = FeaturesState(on = Feature.entries.toSet(), asked = true)

    val featuresReadOnly =
        features.copy(
            mayChange = false,
            unconfirmed = false,
            problem = ErrorState("没有完成", "您的职责不包含这项操作。如有疑问，请联系上级党组织。", "refused", canRetry = false),
        )

    private const val RULES = """schema = 1
name = "default-county"
version = "2026.2"
effective_from = 2027-01-01

[study]
day_starts_at_minutes = 0
heartbeat_s = 30
max_credit_per_gap_s = 45
segment_s = 300
offline_daily_minutes = 60
finish_pct = 80"""

    val rulesEmpty =
        RulesState(
            published = PublishedRulesState("default-county 2026.2", "2027年1月1日起执行", PublishedStanding.Accepted),
        )

    val rulesBroken =
        RulesState(
            text = RULES,
            check =
                RulesCheck.Broken(
                    listOf(
                        "「rules.quiz.points」填写的是 0，应为 1 到 1000 的整数。",
                        "「boards.bands」缺少“金榜”一档。",
                        "「effective_from」填写的是 2027-13-01，应为日期，如 2026-01-01。",
                    ),
                ),
        )

    val rulesSound =
        RulesState(
            text = RULES,
            check =
                RulesCheck.Sound(
                    "default-county 2026.2",
                    "2027年1月1日起执行",
                    listOf("每日登录", "有效阅读满 1 分钟计 1 分", "阅读文章每篇 1 分", "每日答题每题 1 分", "建议被采纳"),
                ),
            published =
                PublishedRulesState(
                    "default-county 2026.1b",
                    "2026年12月1日起执行",
                    PublishedStanding.Refused,
                    "新规则只能从以后的日期起执行。",
                ),
        )

    private val postings = PointsSamples.points.postings

    val ledger = LedgerState("骆正德", postings.copy(filters = postings.filters.dropLast(1)))

    private val explanation =
        PostingSheet.Explanation(
            posting = "3",
            title = "这 1 分怎么来的",
            standing = PostingStanding.Confirmed,
            lines =
                listOf(
                    FactState("规则", "每日登录"),
                    FactState("本次", "1 次"),
                    FactState("得分", "1 × 1 = 1 分", strong = true),
                ),
            facts = listOf(FactState("依据", "今天 05:01"), FactState("记录编号", "0193-5f2a-…-c41e")),
        )

    val ledgerExplained = ledger.copy(postings = ledger.postings.copy(sheet = explanation))

    val ledgerReversing = ledger.copy(postings = ledger.postings.copy(sheet = PostingSheet.Reason("每日登录 · +1")))

    val ledgerEmpty =
        LedgerState(
            postings =
                PostingsState(
                    filters = ledger.postings.filters,
                    empty = EmptyState("没有积分记录", "本机没有这位党员这一类的记录。"),
                ),
        )

    val reminder =
        ReminderState(
            enabled = true,
            times =
                listOf("05:00", "06:00", "07:00", "12:30", "19:00", "20:00", "21:00").map {
                    FilterState(it, it, it == "05:00")
                },
            quiet =
                listOf("22:00—05:00", "21:00—06:00", "23:00—07:00", "不设").map {
                    FilterState(it, it, it == "22:00—05:00")
                },
            rank = true,
            next = "下次提醒（今天 05:00）：该起床学习了，您的排名又下滑了 1 位",
        )

    val reminderBlocked = reminder.copy(blocked = true)

    val reminderOff = reminder.copy(enabled = false, problem = "手机存储空间不足，这次更改没有保存。")
}
