package org.dangjian.ui.journeys

import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.size
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.saveable.LocalSaveableStateRegistry
import androidx.compose.runtime.saveable.SaveableStateRegistry
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.dp
import androidx.lifecycle.ViewModelStore
import androidx.lifecycle.ViewModelStoreOwner
import androidx.lifecycle.viewmodel.compose.LocalViewModelStoreOwner
import androidx.navigationevent.DirectNavigationEventInput
import androidx.navigationevent.NavigationEventDispatcher
import androidx.navigationevent.NavigationEventDispatcherOwner
import androidx.navigationevent.compose.LocalNavigationEventDispatcherOwner
import kotlinx.coroutines.runBlocking
import org.dangjian.core.County
import org.dangjian.core.NoticeScope
import org.dangjian.core.OrgId
import org.dangjian.ui.HEIGHT_DP
import org.dangjian.ui.WIDTH_DP
import org.dangjian.ui.app.App
import org.dangjian.ui.app.AppStrings
import org.dangjian.ui.bridge.PublishDraft
import org.dangjian.ui.desktop.Hands
import org.dangjian.ui.desktop.hands
import org.dangjian.ui.desktop.sees
import org.dangjian.ui.desktop.seesNoMore
import org.dangjian.ui.desktop.taps
import org.dangjian.ui.desktop.texts
import org.dangjian.ui.desktop.writes
import org.dangjian.ui.me.MeStrings
import org.dangjian.ui.notices.NoticeStrings
import org.dangjian.ui.today.TodayStrings
import kotlin.test.Test

/** One run of the app's process: what a system gives it, and what ends with it. */
private class Process(
    val phone: TestPhone,
    saved: Map<String, List<Any?>>?,
) : ViewModelStoreOwner,
    NavigationEventDispatcherOwner {
    override val viewModelStore = ViewModelStore()
    override val navigationEventDispatcher = NavigationEventDispatcher()
    val registry = SaveableStateRegistry(saved) { true }
    private val input = DirectNavigationEventInput().also { navigationEventDispatcher.addInput(it) }

    /** The phone's own way back. */
    fun back() = input.backCompleted()
}

/** What happens to an app on a phone: opened from elsewhere, gone back in, ended in the middle of something. */
class LifeJourney {
    private var running by mutableStateOf<Process?>(null)

    private fun TestPhone.kept(draft: String): String? = runBlocking { phone.core.settings.draft(draft) }

    private fun live(
        widthDp: Int = WIDTH_DP,
        walk: Hands.() -> Unit,
    ) = hands {
        var seen: Process? = null
        atTheEnd { seen?.viewModelStore?.clear() }
        atTheEnd { seen?.phone?.kill() }
        shows {
            running?.let { process ->
                seen = process
                CompositionLocalProvider(
                    LocalViewModelStoreOwner provides process,
                    LocalSaveableStateRegistry provides process.registry,
                    LocalNavigationEventDispatcherOwner provides process,
                ) {
                    Box(Modifier.size(widthDp.dp, HEIGHT_DP.dp)) { App(process.phone, process.phone.link) }
                }
            }
        }
        walk()
    }

    @Test
    fun a_notice_being_written_is_on_the_same_screen_with_the_same_words_after_the_process_ended() {
        val before = Process(TestPhone("dies", "village16.secretary", NOTICES), saved = null)
        live {
            running = before
            taps(NoticeStrings.PUBLISH)
            writes(NoticeStrings.TITLE, "写到一半")
            writes(NoticeStrings.BODY, "后半句还没有")
            sees("草稿已存本机", substring = true)
            writes(NoticeStrings.BODY, "后半句还没有写完")
            val saved = runOnIdle { before.registry.performSave() }
            running = null
            waitForIdle()
            before.viewModelStore.clear()
            // Leaving begins to keep it; a system gives an app that left the screen more time than that takes.
            waits("the last words are kept") { before.phone.kept(PublishDraft.ID)?.endsWith("写完") == true }
            before.phone.kill()
            running = Process(TestPhone("dies", "village16.secretary", NOTICES), saved)
            sees(NoticeStrings.DRAFT_KEPT)
            sees("写到一半")
            sees("后半句还没有写完")
            runOnIdle { running?.back() }
            sees(NoticeStrings.CONTINUE_DRAFT)
        }
    }

    @Test
    fun a_link_opens_the_notice_and_back_leads_to_today() {
        val notice =
            runBlocking {
                val secretary = County.signedIn("links", "village16.secretary")
                val org = OrgId(County.named("@village16"))
                secretary.notices.publish(org, NoticeScope.BRANCH, "从提醒打开", "正文在此。").also {
                    secretary.core.sync()
                    secretary.close()
                }
            }
        live {
            val process = Process(TestPhone("linked", "village16.member1", "dangjian://notice/${notice.text}"), null)
            running = process
            sees("正文在此。")
            runOnIdle { process.back() }
            seesNoMore("正文在此。")
            sees(TodayStrings.ELDER_VERSION)
        }
    }

    @Test
    fun back_closes_a_sheet_first_and_leads_from_a_root_screen_to_today() {
        live {
            val process = Process(TestPhone("goes-back", "village16.member2", NOTICES), null)
            running = process
            taps("我的")
            taps(MeStrings.SETTINGS)
            taps(MeStrings.SIGN_OUT)
            sees(MeStrings.SIGN_OUT_TITLE)
            runOnIdle { process.back() }
            seesNoMore(MeStrings.SIGN_OUT_TITLE)
            sees(MeStrings.DISPLAY)
            runOnIdle { process.back() }
            sees(MeStrings.SYNC)
            runOnIdle { process.back() }
            seesNoMore(MeStrings.SYNC)
            sees(TodayStrings.ELDER_VERSION)
        }
    }

    @Test
    fun in_a_wide_window_the_list_stays_and_what_is_opened_next_takes_the_place_of_what_was() {
        live(WIDE_DP) {
            val process = Process(TestPhone("wide", "village16.member2", NOTICES), null)
            running = process
            sees(AppStrings.NOTHING_OPEN)
            val titles = listOf("关于冬季消防安全检查的通知", "关于做好年度党内统计的通知")
            titles.forEach { title ->
                taps(title)
                waits("$title on both sides") { texts().count { it == title } == 2 }
                sees(NoticeStrings.MESSAGES)
            }
            runOnIdle { process.back() }
            sees(AppStrings.NOTHING_OPEN)
        }
    }
}

private const val WIDE_DP = 1000

private const val NOTICES = "dangjian://notices"
