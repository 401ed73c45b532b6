package org.dangjian.ui

import androidx.compose.runtime.Composable
import org.dangjian.ui.boards.BoardsCallbacks
import org.dangjian.ui.boards.BoardsScreen
import org.dangjian.ui.components.Cards
import org.dangjian.ui.me.MeCallbacks
import org.dangjian.ui.me.MeScreen
import org.dangjian.ui.me.ReminderCallbacks
import org.dangjian.ui.me.ReminderSettingsCard
import org.dangjian.ui.me.SettingsCallbacks
import org.dangjian.ui.me.SettingsScreen
import org.dangjian.ui.members.MemberCallbacks
import org.dangjian.ui.members.MemberScreen
import org.dangjian.ui.members.MembersCallbacks
import org.dangjian.ui.members.MembersScreen
import org.dangjian.ui.notices.NoticeCallbacks
import org.dangjian.ui.notices.NoticeScreen
import org.dangjian.ui.notices.NoticesCallbacks
import org.dangjian.ui.notices.NoticesScreen
import org.dangjian.ui.notices.PublishCallbacks
import org.dangjian.ui.notices.PublishScreen
import org.dangjian.ui.notices.ReceiptsCallbacks
import org.dangjian.ui.notices.ReceiptsScreen
import org.dangjian.ui.office.FeaturesCallbacks
import org.dangjian.ui.office.FeaturesScreen
import org.dangjian.ui.office.LedgerScreen
import org.dangjian.ui.office.LowBoardsCallbacks
import org.dangjian.ui.office.LowBoardsScreen
import org.dangjian.ui.office.OfficeCallbacks
import org.dangjian.ui.office.OfficeScreen
import org.dangjian.ui.office.RulesCallbacks
import org.dangjian.ui.office.RulesScreen
import org.dangjian.ui.outbox.OutboxCallbacks
import org.dangjian.ui.outbox.OutboxScreen
import org.dangjian.ui.points.PointsScreen
import org.dangjian.ui.points.PostingsCallbacks
import org.dangjian.ui.signin.SignInCallbacks
import org.dangjian.ui.signin.SignInScreen
import org.dangjian.ui.theme.Dangjian

/** The screens beyond today and study, each in a state, by the name of its pictures. */
internal val moreScreens: Map<String, @Composable () -> Unit> =
    with(MeSamples) {
        mapOf<String, @Composable () -> Unit>(
            "signin-people" to { SignInScreen(people, SignInCallbacks()) },
            "signin" to { SignInScreen(signInWrong, SignInCallbacks()) },
            "signin-empty" to { SignInScreen(signInEmpty, SignInCallbacks()) },
            "signin-activation" to { SignInScreen(activationDiffers, SignInCallbacks()) },
            "first-sync" to { SignInScreen(firstSync, SignInCallbacks()) },
            "first-sync-stopped" to { SignInScreen(firstSyncStopped, SignInCallbacks()) },
            "me" to { MeScreen(me, MeCallbacks()) },
            "me-leader" to { MeScreen(meLeader, MeCallbacks()) },
            "settings" to { SettingsScreen(settings.copy(elder = Dangjian.elder), SettingsCallbacks()) },
            "settings-sign-out" to {
                SettingsScreen(
                    settingsSignOut.copy(elder = Dangjian.elder),
                    SettingsCallbacks(),
                )
            },
            "office" to { OfficeScreen(office, OfficeCallbacks()) },
            "office-objections" to { OfficeScreen(officeObjections, OfficeCallbacks()) },
            "office-empty" to { OfficeScreen(officeEmpty, OfficeCallbacks()) },
            "office-deciding" to { OfficeScreen(officeDeciding, OfficeCallbacks()) },
            "office-answering" to { OfficeScreen(officeAnswering, OfficeCallbacks(), written = "计时记录完整。") },
        )
    } +
        with(PointsSamples) {
            mapOf<String, @Composable () -> Unit>(
                "points" to { PointsScreen(points, PostingsCallbacks()) },
                "points-first-day" to { PointsScreen(pointsFirstDay, PostingsCallbacks()) },
                "points-explained" to { PointsScreen(pointsExplained, PostingsCallbacks()) },
                "points-objecting" to
                    { PointsScreen(pointsObjecting, PostingsCallbacks(), written = "那天我读了 6 分钟，只计了 3 分钟。") },
                "points-objected" to { PointsScreen(pointsObjected, PostingsCallbacks()) },
                "boards" to { BoardsScreen(boards, BoardsCallbacks()) },
                "boards-county" to { BoardsScreen(boardsCounty, BoardsCallbacks()) },
                "boards-low" to { BoardsScreen(boardsLow, BoardsCallbacks()) },
                "boards-explained" to { BoardsScreen(boardsExplained, BoardsCallbacks()) },
                "boards-off" to { BoardsScreen(boardsOff, BoardsCallbacks()) },
            )
        } +
        with(NoticeSamples) {
            mapOf<String, @Composable () -> Unit>(
                "notices" to { NoticesScreen(notices, NoticesCallbacks()) },
                "notices-empty" to { NoticesScreen(noticesEmpty, NoticesCallbacks()) },
                "notices-draft" to { NoticesScreen(noticesDraft, NoticesCallbacks()) },
                "notice" to { NoticeScreen(notice, NoticeCallbacks()) },
                "notice-edited" to { NoticeScreen(noticeEdited, NoticeCallbacks()) },
                "notice-withdrawn" to { NoticeScreen(noticeWithdrawn, NoticeCallbacks()) },
                "notice-withdrawing" to
                    { NoticeScreen(noticeWithdrawing, NoticeCallbacks(), written = "集合地点有变，另行通知") },
                "publish" to { PublishScreen(publish, PublishCallbacks()) },
                "publish-empty" to { PublishScreen(publishEmpty, PublishCallbacks()) },
                "receipts" to { ReceiptsScreen(receipts, ReceiptsCallbacks()) },
                "receipts-all-read" to { ReceiptsScreen(receiptsAllRead, ReceiptsCallbacks()) },
                "outbox" to { OutboxScreen(outbox, OutboxCallbacks()) },
                "outbox-empty" to { OutboxScreen(outboxEmpty, OutboxCallbacks()) },
            )
        } +
        with(OfficeSamples) {
            mapOf<String, @Composable () -> Unit>(
                "office-of-county" to { OfficeScreen(officeOfCounty, OfficeCallbacks()) },
                "office-of-branch" to { OfficeScreen(officeOfBranch, OfficeCallbacks()) },
                "low-boards" to { LowBoardsScreen(lowBoards, LowBoardsCallbacks()) },
                "low-boards-several" to { LowBoardsScreen(lowBoardsNames, LowBoardsCallbacks()) },
                "features" to { FeaturesScreen(features, FeaturesCallbacks()) },
                "features-reduced" to { FeaturesScreen(featuresReduced, FeaturesCallbacks()) },
                "features-asked" to { FeaturesScreen(featuresAsked, FeaturesCallbacks()) },
                "features-read-only" to { FeaturesScreen(featuresReadOnly, FeaturesCallbacks()) },
                "rules-empty" to { RulesScreen(rulesEmpty, RulesCallbacks()) },
                "rules-broken" to { RulesScreen(rulesBroken, RulesCallbacks()) },
                "rules-sound" to { RulesScreen(rulesSound, RulesCallbacks()) },
                "ledger" to { LedgerScreen(ledger, PostingsCallbacks()) },
                "ledger-explained" to { LedgerScreen(ledgerExplained, PostingsCallbacks()) },
                "ledger-reversing" to
                    { LedgerScreen(ledgerReversing, PostingsCallbacks(), written = "核对发现当天由他人代为登录。") },
                "ledger-empty" to { LedgerScreen(ledgerEmpty, PostingsCallbacks()) },
                "reminder" to { Cards { ReminderSettingsCard(reminder, ReminderCallbacks()) } },
                "reminder-blocked" to { Cards { ReminderSettingsCard(reminderBlocked, ReminderCallbacks()) } },
                "reminder-off" to { Cards { ReminderSettingsCard(reminderOff, ReminderCallbacks()) } },
            )
        } +
        with(MembersSamples) {
            mapOf<String, @Composable () -> Unit>(
                "members" to { MembersScreen(members, "", MembersCallbacks()) },
                "members-none" to { MembersScreen(membersNone, "欧阳", MembersCallbacks()) },
                "member" to { MemberScreen(member, MemberCallbacks()) },
                "member-longest" to { MemberScreen(memberLongest, MemberCallbacks()) },
                "member-open" to { MemberScreen(memberOpen, MemberCallbacks()) },
                "member-asked" to { MemberScreen(memberAsked, MemberCallbacks()) },
                "member-code" to { MemberScreen(memberCode, MemberCallbacks()) },
                "member-revoking" to { MemberScreen(memberRevoking, MemberCallbacks()) },
                "member-moving" to { MemberScreen(memberMoving, MemberCallbacks(), written = "村") },
                "member-move-asked" to { MemberScreen(memberMoveAsked, MemberCallbacks()) },
            )
        }
