package org.dangjian.ui.office

object FeaturesStrings {
    const val REDUCTION = "减负"
    const val REDUCTION_SENTENCE = "按国办函〔2026〕12号，下面各项全部关闭"
    const val EACH = "逐项设置"
    const val UNCONFIRMED = "更改已存本机，平台确认后全县生效"
    const val READ_ONLY = "只有县级管理员可以更改"
    const val ON = "开"
    const val OFF = "关"

    const val RANKING = "公开排行榜"
    const val RANKING_SENTENCE = "党员能看到排名和榜单"
    const val NAMES = "黄榜、黑榜姓名给上级看"
    const val NAMES_SENTENCE = "关闭后只有本人知道自己在榜上"
    const val APPRAISAL = "学习计入考核得分"
    const val APPRAISAL_SENTENCE = "关闭后得分只看组织生活和建议"
    const val SIGN_IN = "每日登录计分"
    const val SIGN_IN_SENTENCE = "打开应用就得分"
    const val PHOTO = "活动必须有照片"
    const val PHOTO_SENTENCE = "没有照片的活动不能提交"
    const val REPORTS = "生成学习时长报表"
    const val REPORTS_SENTENCE = "上级能看到使用和学习时长"
    const val CHECK_IN = "活动必须签到"
    const val CHECK_IN_SENTENCE = "没有签到不计出席"

    const val REDUCE_TITLE = "全部关闭吗"
    const val REDUCE_ASK = "全县党员将不再看到积分、排名和学习时长。已有的记录都保留，以后可以再打开。"
    const val REDUCE = "全部关闭"
    const val RESTORE_TITLE = "全部打开吗"
    const val RESTORE_ASK = "七项功能将对全县党员全部打开。只需要其中几项时，请逐项设置。"
    const val RESTORE = "全部打开"
}
