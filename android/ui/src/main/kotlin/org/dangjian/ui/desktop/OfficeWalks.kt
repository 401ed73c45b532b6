package org.dangjian.ui.desktop

import kotlinx.coroutines.runBlocking
import org.dangjian.ui.components.CommonStrings
import org.dangjian.ui.me.MeStrings
import org.dangjian.ui.members.MembersStrings
import org.dangjian.ui.notices.NoticeStrings
import org.dangjian.ui.office.OfficeStrings
import org.dangjian.ui.office.RulesStrings
import org.dangjian.ui.outbox.OutboxStrings

internal fun Walk.publishing() {
    picture("today-secretary")
    taps(CommonStrings.TAB_MESSAGES, substring = true)
    sees(NoticeStrings.MESSAGES)
    settles()
    offline {
        taps(NoticeStrings.PUBLISH)
        writes(NoticeStrings.TITLE, DesktopStrings.NOTICE)
        writes(NoticeStrings.BODY, DesktopStrings.NOTICE_BODY)
        sees(NoticeStrings.OFFLINE)
        settles()
        picture("publish")
        taps(DesktopStrings.PUBLISH_NOW, substring = true, last = true)
        sees(DesktopStrings.NOTICE)
        settles()
        picture("notices-waiting")
        taps(CommonStrings.OFFLINE, substring = true)
        sees(OutboxStrings.TITLE)
        settles()
        picture("outbox")
        taps(CommonStrings.BACK)
    }
    settles()
    taps(DesktopStrings.NOTICE)
    sees(NoticeStrings.WITHDRAW)
    settles()
    picture("notice-leader")
    taps(DesktopStrings.READ_BY, substring = true)
    sees(NoticeStrings.RECEIPTS)
    settles()
    picture("receipts")
    taps(CommonStrings.BACK)
    taps(CommonStrings.BACK)
    taps(CommonStrings.TAB_ME)
    sees(MeStrings.OFFICES)
    settles()
    picture("me-leader")
}

internal fun Walk.deciding() {
    taps(CommonStrings.TAB_ME)
    taps(MeStrings.TO_DECIDE, substring = true)
    sees(OfficeStrings.TITLE)
    settles()
    picture("office")
    taps(DesktopStrings.OBJECTIONS, substring = true)
    settles()
    picture("office-objections")
    taps(DesktopStrings.OBJECTION)
    taps(OfficeStrings.GRANTED)
    writes(OfficeStrings.REASON, DesktopStrings.ANSWER)
    settles()
    picture("office-deciding")
}

internal fun Walk.governing() {
    picture("today-officer")
    taps(CommonStrings.TAB_ME)
    settles()
    picture("me-officer")
    taps(MeStrings.TO_DECIDE, substring = true)
    sees(OfficeStrings.PAGES)
    settles()
    picture("office-county")
    taps(OfficeStrings.MEMBERS)
    sees(MembersStrings.SEARCH)
    settles()
    picture("members")
    val first = runBlocking { phone.call { members.list("", null, 1u, 0u) } }.rows.first()
    val somebody = checkNotNull(runBlocking { phone.call { members.get(first.member) } })
    writes(MembersStrings.SEARCH, somebody.number)
    settles()
    taps(somebody.name, substring = true)
    sees(MembersStrings.NUMBER)
    settles()
    picture("member")
    taps(CommonStrings.BACK)
    taps(CommonStrings.BACK)
    taps(OfficeStrings.FEATURES)
    settles()
    picture("features")
    taps(CommonStrings.BACK)
    taps(OfficeStrings.RULES)
    writes(RulesStrings.TEXT, DesktopStrings.BROKEN_RULES)
    sees(DesktopStrings.TO_MEND, substring = true)
    settles()
    picture("rules")
}

/** 我的 and 设置. */
internal fun Walk.settings() {
    taps(CommonStrings.TAB_ME)
    sees(MeStrings.DATA)
    settles()
    picture("me")
    taps(MeStrings.SETTINGS)
    sees(MeStrings.DISPLAY)
    settles()
    picture("settings")
    taps(MeStrings.SIGN_OUT)
    sees(MeStrings.SIGN_OUT_TITLE)
    picture("settings-sign-out")
}
