package org.dangjian.ui

import org.dangjian.ui.boards.BoardKind
import org.dangjian.ui.boards.BoardLineState
import org.dangjian.ui.boards.BoardsState
import org.dangjian.ui.boards.OwnRankState
import org.dangjian.ui.boards.OwnScoreState
import org.dangjian.ui.boards.ScorePartState
import org.dangjian.ui.components.EmptyState
import org.dangjian.ui.components.FactState
import org.dangjian.ui.components.FilterState
import org.dangjian.ui.components.Icons
import org.dangjian.ui.points.ObjectionStanding
import org.dangjian.ui.points.ObjectionState
import org.dangjian.ui.points.PointsChartState
import org.dangjian.ui.points.PointsDayState
import org.dangjian.ui.points.PointsState
import org.dangjian.ui.points.PostingKind
import org.dangjian.ui.points.PostingSheet
import org.dangjian.ui.points.PostingStanding
import org.dangjian.ui.points.PostingState
import org.dangjian.ui.points.PostingsState
import org.dangjian.ui.today.Movement

/** Points and boards to draw. The people and the branches are made up. */
object PointsSamples {
    private val days =
        listOf(22, 18, 25, 30, 21, 16, 12, 24, 27, 19, 30, 22, 14, 26, 20, 28, 30, 11, 17, 23, 25, 9, 19, 24, 30, 18) +
            listOf(21, 16, 20, 13)

    private val reading =
        PostingState(
            "1",
            PostingKind.Text,
            "有效阅读满 1 分钟计 1 分",
            "支部工作条例学习辅导 · 05:26",
            "+3",
            PostingStanding.Unconfirmed,
        )

    val points =
        PointsState(
            period = "本季积分（10—12月）",
            total = "1,046",
            unconfirmed = 4,
            chart =
                PointsChartState(
                    days,
                    30,
                    "日均 21 分 · 上限 30",
                    listOf("10-26", "11-10", "今天"),
                    "近 30 天每日学习得分：日均 21 分，最高 30 分，最低 9 分，今天 13 分，每日上限 30 分",
                ),
            postings =
                PostingsState(
                    filters =
                        listOf(
                            FilterState("all", "全部", selected = true),
                            FilterState("study", "学习"),
                            FilterState("life", "活动"),
                            FilterState("suggestion", "建议"),
                            FilterState("unconfirmed", "待确认 2"),
                        ),
                    days =
                        listOf(
                            PointsDayState(
                                "11-24",
                                "今天 +13",
                                listOf(
                                    reading,
                                    PostingState(
                                        "2",
                                        PostingKind.Media,
                                        "视听学习每条 1 分",
                                        "微党课：青山坪的共富茶 · 05:04",
                                        "+1",
                                        PostingStanding.Unconfirmed,
                                    ),
                                    PostingState(
                                        "3",
                                        PostingKind.SignIn,
                                        "每日登录",
                                        "05:01 · 今日上限 1 分",
                                        "+1",
                                        PostingStanding.Confirmed,
                                    ),
                                ),
                                "今天还有 4 条，共 8 分",
                            ),
                            PointsDayState(
                                "11-23",
                                "11月23日 星期一 +30",
                                listOf(
                                    PostingState(
                                        "4",
                                        PostingKind.Suggestion,
                                        "建议被采纳",
                                        "村口公交站加装夜灯 · 镇党委采纳",
                                        "+10",
                                        PostingStanding.Confirmed,
                                    ),
                                    PostingState(
                                        "5",
                                        PostingKind.Quiz,
                                        "每日答题",
                                        "5 题对 5 题 · 06:12",
                                        "+5",
                                        PostingStanding.TakenBack,
                                        ObjectionStanding.Open,
                                    ),
                                ),
                            ),
                        ),
                ),
        )

    val pointsFirstDay =
        points.copy(
            total = "0",
            unconfirmed = 0,
            chart = null,
            postings =
                PostingsState(
                    filters = points.postings.filters.dropLast(1),
                    empty = EmptyState("还没有积分", "学完一篇或参加一次活动后，会在这里逐条列出。", "去学习"),
                ),
        )

    private val explanation =
        PostingSheet.Explanation(
            posting = "1",
            title = "这 3 分怎么来的",
            standing = PostingStanding.Unconfirmed,
            lines =
                listOf(
                    FactState("规则", "有效阅读满 1 分钟计 1 分"),
                    FactState("本次时长", "3 分 40 秒 → 取整 3 分钟"),
                    FactState("每日上限", "6 分，今日此前已得 3 分"),
                    FactState("得分", "3 × 1 = 3 分", strong = true),
                ),
            facts =
                listOf(
                    FactState("依据", "学习辅导（二）· 05:22—05:26"),
                    FactState("规则集", "规则集 2026.1（1月1日起执行）"),
                    FactState("记录编号", "0193-5f2a-…-c41e"),
                    FactState("状态", "离线已签名，待县级平台核对"),
                ),
            note = "如核对后分值有变，会写明原因并通知您，您可以申诉。",
        )

    val pointsExplained = points.with(explanation)

    val pointsObjected =
        points.with(
            explanation.copy(
                standing = PostingStanding.Confirmed,
                note = null,
                objection =
                    ObjectionState(
                        ObjectionStanding.Rejected,
                        "11月24日 05:40",
                        "那天我读了 6 分钟，只计了 3 分钟。",
                        "中间锁屏 2 分 20 秒，按规则不计时。",
                    ),
            ),
        )

    val pointsObjecting = points.with(PostingSheet.Reason("有效阅读满 1 分钟计 1 分 · +3"))

    private fun PointsState.with(sheet: PostingSheet) = copy(postings = postings.copy(sheet = sheet))

    private val score =
        OwnScoreState(
            "我的 92.4 分由什么组成",
            listOf(
                ScorePartState("学习 41.2", 0.412f),
                ScorePartState("组织生活 40.0", 0.4f),
                ScorePartState("建议 11.2", 0.112f),
            ),
            listOf(
                FactState("学习", "824 分，按 1,000 分折算 50 → 41.2"),
                FactState("组织生活", "应到 12 次，实到 12 次 → 40.0"),
                FactState("建议", "采纳 2 条 → 11.2"),
                FactState("合计", "92.4", strong = true),
            ),
        )

    val boards =
        BoardsState(
            board = BoardKind.Gold,
            scopes =
                listOf(
                    FilterState("branch", "本支部", selected = true, icon = Icons.Check),
                    FilterState("town", "新圩镇"),
                    FilterState("county", "全县"),
                ),
            period = "四季度",
            rule = "90 分以上，名额不超过 20%（规则集 2026.1）",
            lines =
                listOf(
                    BoardLineState("1", 1, "乐建平", null, "97.6", "1,218 分"),
                    BoardLineState("2", 2, "谢美凤", null, "95.1", "1,160 分"),
                    BoardLineState("3", 3, "郑小松", null, "93.8", "1,092 分"),
                    BoardLineState("4", 4, "刘秋云", null, "92.4", "1,046 分", mine = true),
                    BoardLineState("5", 5, "胡志英", null, "90.3", "988 分"),
                ),
            counted = "本支部 28 名党员，金榜 5 人 · 更新于今天 12:00",
            score = score,
            lowNote = "黄榜、黑榜不公开姓名，只有本人、支部书记和上级党委能看到。",
            own =
                OwnRankState(
                    "4",
                    "我：支部第 4 名",
                    Movement.Down,
                    "较昨日下降 1 位",
                    "距第 3 名还差 46 分",
                    "支部第 4 名，较昨日下降 1 位，距第 3 名还差 46 分",
                ),
        )

    val boardsCounty =
        boards.copy(
            board = BoardKind.Silver,
            kinds = listOf(FilterState("members", "党员", selected = true), FilterState("branches", "支部")),
            lines =
                boards.lines.map {
                    it.copy(below = Samples.LONGEST_ORG, belowLast = Samples.LONGEST_ORG_LAST)
                },
            counted = null,
        )

    val boardsLow =
        boards.copy(
            board = BoardKind.Black,
            rule = "40 分以下（规则集 2026.1）",
            lines = emptyList(),
            counted = null,
            score = null,
            empty = EmptyState("您不在黑榜", "这一榜只给本人看自己。"),
        )

    val boardsExplained = boards.copy(score = score.copy(open = true))

    val boardsOff = boards.copy(off = true)
}
