package org.dangjian.ui

import org.dangjian.ui.components.BottomBarState
import org.dangjian.ui.components.EmptyState
import org.dangjian.ui.components.ErrorState
import org.dangjian.ui.components.FilterState
import org.dangjian.ui.components.Icons
import org.dangjian.ui.components.RefusedState
import org.dangjian.ui.components.RingState
import org.dangjian.ui.components.SyncState
import org.dangjian.ui.components.Tab
import org.dangjian.ui.quiz.QuizAnswer
import org.dangjian.ui.quiz.QuizStage
import org.dangjian.ui.quiz.QuizState
import org.dangjian.ui.reader.CheckState
import org.dangjian.ui.reader.ReaderState
import org.dangjian.ui.reader.TimerMode
import org.dangjian.ui.reader.TimerState
import org.dangjian.ui.reader.readerBlocks
import org.dangjian.ui.study.Availability
import org.dangjian.ui.study.StudyItemState
import org.dangjian.ui.study.StudyKind
import org.dangjian.ui.study.StudyPointsState
import org.dangjian.ui.study.StudyState
import org.dangjian.ui.today.ElderNoticeState
import org.dangjian.ui.today.ElderStudyState
import org.dangjian.ui.today.ElderTodayState
import org.dangjian.ui.today.Entry
import org.dangjian.ui.today.EntryState
import org.dangjian.ui.today.Movement
import org.dangjian.ui.today.NewestNoticeState
import org.dangjian.ui.today.NextActivityState
import org.dangjian.ui.today.ParticipationState
import org.dangjian.ui.today.RankState
import org.dangjian.ui.today.ResumeState
import org.dangjian.ui.today.TodayState
import org.dangjian.ui.today.TodayStudyState

/** States to draw. The people and the branches are made up. */
object Samples {
    const val LONGEST_PERSON = "欧阳阿依古丽·买买提江"
    const val LONGEST_ORG = "中国共产党新田县金陵镇千马坪瑶族村党支部委员会油茶产业合作社与外出务工流动党员联合第三党小组"
    const val LONGEST_ORG_LAST = "第三党小组"

    val refused =
        RefusedState(
            id = "op",
            title = "一条签到没有被认可",
            reason = "原因：签名时距会场 3.2 公里，超出 200 米。",
            about = "11月24日 15:02 · 主题党日：油茶林抚育",
            wayOn = "申请补签",
        )

    val problem =
        ErrorState(
            title = "暂时连不上平台",
            sentence = "下面是 11月23日 22:10 的内容。您的操作已存本机，不会丢失。",
            code = "N-103",
        )

    val ring =
        RingState(
            confirmed = 9,
            unconfirmed = 4,
            cap = 30,
            of = "/30 分",
            label = "今日积分",
            sentence = "今日积分 13 分，上限 30 分，其中 4 分待确认",
        )

    val today =
        TodayState(
            date = "11月24日 星期二",
            greeting = "早上好，刘秋云同志",
            study = TodayStudyState(ring, "18 分 00 秒", ResumeState("支部工作条例辅导", 83)),
            streak = "37 天",
            rank = RankState("支部第 4 名", "较昨日下降 1 位", Movement.Down, "支部第 4 名，较昨日下降 1 位"),
            entries =
                listOf(
                    EntryState(Entry.Study),
                    EntryState(Entry.CheckIn),
                    EntryState(Entry.Dues, "待缴"),
                    EntryState(Entry.Notices, "2", "2 条未读"),
                ),
            activity = NextActivityState("15:00", "今天", "主题党日：油茶林抚育", "三占塘村党群服务中心集合"),
            notice =
                NewestNoticeState(
                    "notice",
                    "11月党员大会定于 28 日 9:00 召开，请提前安排好时间",
                    "三占塘村党支部",
                    about = "昨天 19:40 · 未读",
                ),
            bar = BottomBarState(Tab.Today, unread = 2),
        )

    val todayOffline = today.copy(sync = SyncState.Offline(3))

    val todayRefused = today.copy(sync = SyncState.Syncing(1, 3), refused = listOf(refused), problem = problem)

    val todayBurdenReduction =
        todayOffline.copy(
            study = TodayStudyState(resume = ResumeState("支部工作条例学习辅导（二）：党支部担负哪些职责", 83)),
            streak = null,
            rank = null,
            participation = ParticipationState("本月组织生活已参加 3 次", "主题党日 1 · 党小组会 1 · 党课 1"),
        )

    val todayFirstDay =
        TodayState(
            date = "11月24日 星期二",
            greeting = "早上好，黄小兰同志",
            study =
                TodayStudyState(
                    RingState(0, 0, 30, "/30 分", "今日积分", "今日积分 0 分，上限 30 分"),
                    "0 分 00 秒",
                ),
            entries =
                listOf(
                    EntryState(Entry.Study),
                    EntryState(Entry.Points),
                    EntryState(Entry.Boards),
                    EntryState(Entry.Notices),
                ),
        )

    val todayLongest =
        todayOffline.copy(
            greeting = "早上好，${LONGEST_PERSON}同志",
            activity = today.activity?.copy(place = "三占塘村党群服务中心二楼会议室集合，再步行去油茶林"),
            refused = listOf(refused),
            study = today.study?.copy(resume = ResumeState("支部工作条例学习辅导（二）：党支部担负哪些职责", 83)),
            rank = RankState("支部第 104 名", "较昨日上升 12 位", Movement.Up, "支部第 104 名，较昨日上升 12 位"),
            notice = today.notice?.copy(org = LONGEST_ORG, orgLast = LONGEST_ORG_LAST),
        )

    val elder =
        ElderTodayState(
            date = "11月24日 星期二",
            greeting = "早上好，骆正德同志",
            study = ElderStudyState("今天学了 8 分钟", "得 9 分，还可得 21 分", begun = true),
            checkIn = true,
            dues = true,
            notice = ElderNoticeState("notice", "28 日上午 9 点\n在村部二楼开党员大会"),
            speech = true,
            phone = true,
        )

    val elderOffline = elder.copy(offline = "现在没有网。您做的都存好了，有网自动上传")

    val elderRefused = elder.copy(refused = listOf(refused), problem = problem)

    val elderBurdenReduction =
        elderOffline.copy(study = ElderStudyState("今天学了 8 分钟", begun = true), speech = false)

    val elderFirstDay =
        ElderTodayState(
            date = "11月24日 星期二",
            greeting = "早上好，黄小兰同志",
            study = ElderStudyState("今天还没有学习", "得 0 分，还可得 30 分", begun = false),
        )

    val elderLongest =
        elderOffline.copy(
            greeting = "早上好，${LONGEST_PERSON}同志",
            refused = listOf(refused),
            checkIn = false,
            dues = false,
            notice = ElderNoticeState("notice", "关于组织开展“党员联系服务群众、助力冬季森林防火和安全饮水”主题党日活动的通知"),
        )

    private val filters =
        listOf(
            FilterState("all", "推荐", selected = true),
            FilterState("downloaded", "已下载 6", icon = Icons.DownloadDone),
            FilterState("rules", "党章党规"),
            FilterState("theory", "理论"),
            FilterState("media", "视听"),
            FilterState("quiz", "答题"),
        )

    private val items =
        listOf(
            StudyItemState(
                id = "1",
                title = "支部工作条例学习辅导（二）：党支部担负哪些职责",
                kind = StudyKind.Text,
                length = "15 分",
                availability = Availability.Downloaded,
                percent = 83,
                studied = "已学 12:30",
                note = "还可得 1 分",
                earns = true,
            ),
            StudyItemState(
                id = "2",
                title = "微党课：老支书讲油茶产业路",
                source = "金陵镇山林岗村",
                kind = StudyKind.Video,
                length = "8 分",
                availability = Availability.Downloaded,
                note = "还可得 5 分",
                earns = true,
            ),
            StudyItemState(
                id = "3",
                title = "流动党员如何参加组织生活：十问十答",
                kind = StudyKind.Text,
                length = "6 分",
                availability = Availability.Finished,
                note = "本篇已计分",
            ),
            StudyItemState(
                id = "4",
                title = "乡村振兴促进法解读：农村宅基地怎么管",
                kind = StudyKind.Video,
                length = "22 分",
                availability = Availability.Remote("48 MB"),
                note = "有网可学",
                canOpen = false,
            ),
        )

    val study =
        StudyState(
            points = StudyPointsState("今天还可得 17 分", "13 / 30", 13 / 30f, "阅读篇数余 3 · 视听余 9 · 答题余 5 · 阅读时长已满"),
            filters = filters,
            items =
                listOf(
                    items[0].copy(required = true, unconfirmed = true),
                    items[1].copy(availability = Availability.Downloading(40)),
                    items[2],
                    items[3].copy(canOpen = true, canDownload = true, note = "还可得 5 分", earns = true),
                ),
            bar = BottomBarState(Tab.Study, unread = 2),
        )

    val studyOffline = study.copy(offline = true, items = items)

    val studyEmpty =
        study.copy(
            points = null,
            offline = true,
            items = emptyList(),
            empty =
                EmptyState(
                    "还没有下载的内容",
                    "有网时打开一篇，就会存到本机，以后没有网也能学。",
                    "看全部内容",
                ),
        )

    private const val BODY =
        "先看职责。党支部担负直接教育党员、管理党员、监督党员和组织群众、宣传群众、凝聚群众、服务群众的职责。\n\n" +
            "对村党支部来说，重点是把党员组织起来，把群众动员起来，围绕产业发展、乡村治理、为民服务办实事。\n\n" +
            "想一想：我们支部上月的主题党日，解决了群众的哪一件事？\n\n" +
            "## 流动党员\n\n" +
            "流动党员较多的村，党支部应当经常与外出党员联系，了解其思想、工作和生活情况，及时告知支部的重要事项和活动安排。\n\n" +
            "外出党员也应当主动与党支部保持联系，按时参加组织生活，按月交纳党费；连续六个月以上不能参加的，应当说明原因。"

    val reader =
        ReaderState(
            title = "支部工作条例学习辅导（二）：党支部担负哪些职责",
            source = "县委组织部党员教育中心",
            length = "15 分",
            downloaded = true,
            blocks = readerBlocks(BODY),
            placePercent = 83,
            timer = TimerState(TimerMode.Running, "12:30"),
            remaining = "再学 2 分 30 秒学完本篇",
            capNote = "阅读时长分今日已满 6/6，时间仍计入学习记录",
        )

    val readerPaused =
        reader.copy(timer = TimerState(TimerMode.Paused, "12:30", "已暂停：屏幕已关闭"), capNote = null)

    val readerFull = reader.copy(timer = TimerState(TimerMode.DayFull, "12:30"), textSize = 24)

    val readerScript =
        readerPaused.copy(
            note = "这是节目的文字稿，没有声音和画面。点右下角开始后，对照文字稿学习的时间按视听计时。",
            timer = TimerState(TimerMode.Paused, "00:00"),
            placePercent = 0,
        )

    val readerOffline =
        reader.copy(
            downloaded = false,
            blocks = emptyList(),
            missing =
                EmptyState(
                    "这一篇还没有下载",
                    "现在没有网，有网可学：连上网会自动取来，取来后没有网也能学。",
                ),
            placePercent = 0,
            timer = null,
        )

    val readerSize = reader.copy(sizeOpen = true)

    val readerCheck =
        readerPaused.copy(
            check =
                CheckState(
                    number = 1,
                    total = 1,
                    question = "外出党员较多的村，党支部应当怎样做？",
                    choices = listOf("等外出党员返乡后再通知", "经常联系，及时告知重要事项和活动安排", "要求其把组织关系全部转出"),
                    chosen = 1,
                ),
        )

    val quiz =
        QuizState(
            "每日答题",
            QuizStage.Asking(
                number = 2,
                total = 5,
                question = "党支部党员大会一般多久召开一次？",
                choices = listOf("每月一次", "每季度一次", "每半年一次", "每年一次"),
                chosen = 1,
            ),
        )

    val quizComing =
        QuizState(
            "每日答题",
            QuizStage.Coming(EmptyState("今天的题目还没有取来", "现在没有网，有网可学：连上网会自动取来。")),
        )

    val quizWaiting =
        QuizState("每日答题", QuizStage.Waiting("已记下您的答案", "有网后自动上传，判分后可在这里看结果。"))

    val quizResult =
        QuizState(
            "每日答题",
            QuizStage.Judged(
                title = "答对 4 题，共 5 题",
                points = "得 4 分，答题今日已满",
                answers =
                    listOf(
                        QuizAnswer(
                            "党支部党员大会一般多久召开一次？",
                            yours = "每月一次",
                            right = "每季度一次",
                            why = "支部工作条例规定，党支部党员大会一般每季度召开 1 次。",
                            correct = false,
                        ),
                        QuizAnswer(
                            "预备党员的预备期是多久？",
                            yours = "一年",
                            right = "一年",
                            why = "党章规定，预备党员的预备期为一年。",
                            correct = true,
                        ),
                    ),
            ),
        )
}
