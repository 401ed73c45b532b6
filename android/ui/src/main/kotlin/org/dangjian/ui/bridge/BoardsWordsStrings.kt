package org.dangjian.ui.bridge

/** Words of boards that view models put together. */
internal object BoardsWordsStrings {
    const val MEMBERS = "党员"
    const val BRANCHES = "支部"
    const val COMMITTEES = "党委"
    const val TOTAL = "合计"
    const val DOT = " · "
    const val COMMA = "，"

    const val LOW_SENTENCE = "这一榜只给本人看自己。"
    const val LOW_SENTENCE_ORG = "这一榜只列出您所在的党组织。"
    const val BEST_ONLY = "这一级只列金榜"
    const val NOT_YET = "本季的榜还没有算出来"
    const val NOT_YET_SENTENCE = "平台算好后会自动出现在这里。"

    fun points(points: String) = "$points 分"

    fun notOn(board: String) = "您不在$board"

    fun orgNotOn(board: String) = "您所在的党组织不在$board"

    fun bestOnlySentence(board: String) = "${board}在各支部内列出。"

    fun nobody(board: String) = "${board}暂时没有人"

    const val NOBODY_SENTENCE = "达到条件的会列在这里。"

    fun counted(
        label: String,
        subjects: Long,
        people: Boolean,
        kind: String,
    ) = "$label $subjects " + (if (people) "名" else "个") + kind

    fun listed(
        board: String,
        count: Long,
        unit: String,
    ) = "$board $count $unit"

    const val PEOPLE = "人"
    const val ORGS = "个"

    fun updated(at: String) = "更新于$at"

    fun score(words: String) = "我的 $words 分由什么组成"

    fun part(
        label: String,
        text: String,
    ) = "$label $text"

    fun mine(
        within: String,
        rank: Long,
    ) = "我：${within}第 $rank 名"

    fun ours(
        whose: String,
        within: String,
        rank: Long,
    ) = "$whose：${within}第 $rank 名"

    const val MY_BRANCH = "本支部"
    const val MY_COMMITTEE = "所在党委"
}
