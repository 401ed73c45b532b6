package org.dangjian.core

import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeout
import org.junit.jupiter.api.Test
import java.io.File
import java.lang.reflect.InvocationTargetException
import java.util.concurrent.CopyOnWriteArrayList
import java.util.concurrent.CountDownLatch
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicInteger
import kotlin.concurrent.thread
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertIs
import kotlin.test.assertNull
import kotlin.test.assertTrue

/** What the boundary must survive: threads, callbacks, handles and texts of all kinds. */
class BoundaryTest {
    private fun on(
        who: String,
        test: suspend CoroutineScope.(Dangjian) -> Unit,
    ) = runBlocking {
        val phone = County.signedIn("boundary-$who-${System.nanoTime()}", who)
        try {
            withTimeout(90_000) { test(phone) }
        } finally {
            phone.close()
        }
    }

    @Test
    fun `observers give the present value first, then each change, then nothing`() =
        on("village18.secretary") { phone ->
            val before = phone.noticePage(1u).first()
            val pages = async(Dispatchers.Default) { phone.noticePage(5u).take(2).toList() }
            delay(300)
            phone.core.networkChanged(false)
            phone.notices.publish(OrgId(County.named("@village18")), NoticeScope.BRANCH, "新的", "通知")
            val (first, second) = pages.await()
            assertEquals(before.rows.first().id, first.rows.first().id)
            assertEquals("新的", second.rows.first().title)
            assertEquals(1uL, phone.status().first { it.queued == 1uL }.queued)
            assertEquals(
                1,
                phone
                    .outboxPage(5u)
                    .first()
                    .rows.size,
            )
            assertEquals(Topic.entries.toSet(), phone.changes().first().toSet())
            assertNull(phone.session().first())
            assertTrue(
                phone
                    .today()
                    .first()!!
                    .shown.points,
            )
            waitUntil("observations end") { alive().observations == 0L }
        }

    @Test
    fun `a listener that throws, blocks or calls back harms nobody`() =
        on("village18.member1") { phone ->
            val calls = AtomicInteger()
            val throwing =
                phone.core.observeStatus(
                    object : StatusListener {
                        override fun onStatus(status: Status) {
                            calls.incrementAndGet()
                            throw IllegalArgumentException("as tested")
                        }
                    },
                )
            val entered = CountDownLatch(1)
            val release = CountDownLatch(1)
            val blocking =
                phone.core.observeChanges(
                    object : ChangeListener {
                        override fun onChanges(topics: List<Topic>) {
                            entered.countDown()
                            release.await(60, TimeUnit.SECONDS)
                        }
                    },
                )
            val reentered = CompletableDeferred<ULong>()
            var own: TaskHandle? = null
            own =
                phone.core.observeStatus(
                    object : StatusListener {
                        override fun onStatus(status: Status) {
                            val read =
                                runBlocking {
                                    phone.notices
                                        .list(1u, 0u)
                                        .rows.size
                                        .toULong()
                                }
                            own?.cancel()
                            reentered.complete(read)
                        }
                    },
                )
            assertTrue(entered.await(10, TimeUnit.SECONDS))
            assertEquals(1uL, reentered.await())
            phone.core.networkChanged(false)
            phone.core.networkChanged(true)
            phone.core.sync()
            waitUntil("the one that throws is called again") { calls.get() >= 2 }
            blocking.cancel()
            release.countDown()
            listOf(throwing, blocking, own).forEach { it.close() }
            waitUntil("observations end") { alive().observations == 0L }
        }

    @Test
    fun `handles may be dropped on other threads while a call is under way`() =
        on("village18.member2") { phone ->
            repeat(50) { nth ->
                val handle =
                    phone.core.observeNotices(
                        5u,
                        0u,
                        object : NoticesListener {
                            override fun onNotices(page: NoticePage) = Unit
                        },
                    )
                thread {
                    if (nth % 2 == 0) handle.cancel()
                    handle.close()
                }.join()
            }
            val notices = phone.core.notices()
            val calls = List(50) { async(Dispatchers.Default) { runCatching { notices.list(5u, 0u) } } }
            thread { notices.close() }.join()
            calls.awaitAll()
            assertFailsWith<AppException.Closed> { attempt { notices.list(1u, 0u) } }
            waitUntil("observations end") { alive().observations == 0L }
        }

    @Test
    fun `a call before the first sign-in and after the end is a typed error`() =
        runBlocking {
            val phone = County.phone("boundary-new")
            assertNull(phone.core.member())
            assertFailsWith<AppException.NotSignedIn> { phone.core.sync() }
            val during =
                List(20) { async(Dispatchers.Default) { runCatching { attempt { phone.notices.list(5u, 0u) } } } }
            phone.close()
            phone.close()
            during.forEach { call -> call.await().onFailure { assertIs<AppException.Closed>(it) } }
            val closed = assertFailsWith<AppException> { phone.core.status() }
            assertEquals("closed", closed.code())
            assertFailsWith<AppException.Closed> { phone.notices.list(5u, 0u) }
            assertFailsWith<AppException.Closed> { phone.status().first() }
            phone.core.close()
            assertFailsWith<AppException.Closed> { attempt { phone.core.sync() } }
            Unit
        }

    @Test
    fun `texts that are none are refused and change nothing`() =
        on("village19.secretary") { phone ->
            val org = OrgId(County.named("@village19"))
            val surrogate =
                assertFailsWith<AppException.InvalidInput> {
                    attempt { phone.notices.publish(org, NoticeScope.BRANCH, "\uD800", "文") }
                }
            assertEquals("invalid_input", surrogate.code())
            assertFailsWith<AppException.InvalidInput> { attempt { phone.notices.`get`(NoticeId("\uDC00")) } }
            assertEquals(
                Refusal.TEXT_UNPRINTABLE,
                assertFailsWith<AppException.Refused> {
                    phone.notices.publish(
                        org,
                        NoticeScope.BRANCH,
                        "零\u0000",
                        "文",
                    )
                }.refusal,
            )
            // As Java, or reflection, may pass it.
            val open = Class.forName("org.dangjian.core.DangjianKt").getMethod("softwareKeyStore", String::class.java)
            assertIs<NullPointerException>(assertFailsWith<InvocationTargetException> { open.invoke(null, null) }.cause)
            assertEquals(
                Refusal.TEXT_TOO_LONG,
                assertFailsWith<AppException.Refused> {
                    phone.notices.publish(org, NoticeScope.BRANCH, "题", "长".repeat(1_000_000))
                }.refusal,
            )
            assertEquals(
                0,
                phone.outbox
                    .list(5u, 0u)
                    .rows.size,
            )
            val dir = County.dir("boundary-nul")
            val nul = CoreConfig(dir = "a\u0000b", server = County.url, label = "手机", roots = emptyList())
            assertEquals(
                "dir",
                assertFailsWith<AppException.InvalidInput> { DangjianCore.open(nul, County.platform(dir)) }.field,
            )
        }

    @Test
    fun `a thousand calls at once are all answered`() =
        on("village19.member1") { phone ->
            val pages =
                withContext(Dispatchers.IO.limitedParallelism(64)) {
                    List(1_000) { nth -> async { phone.notices.list(50u, (nth % 3).toUInt()) } }.awaitAll()
                }
            assertTrue(pages.all { it.rows.isNotEmpty() })
            val threads = List(200) { thread { runBlocking { phone.study.today() } } }
            threads.forEach { it.join(60_000) }
            assertFalse(threads.any { it.isAlive })
        }

    @Test
    fun `a caller that goes away loses nothing that was begun`() =
        on("village20.secretary") { phone ->
            phone.core.networkChanged(false)
            val org = OrgId(County.named("@village20"))
            val jobs =
                List(
                    20,
                ) { nth ->
                    launch(
                        Dispatchers.Default,
                    ) { phone.notices.publish(org, NoticeScope.BRANCH, "第 $nth 条", "文") }
                }
            delay(5)
            jobs.forEach { it.cancelAndJoin() }
            phone.notices.publish(org, NoticeScope.BRANCH, "最后一条", "文")
            val titles =
                phone.outbox
                    .list(100u, 0u)
                    .rows
                    .mapNotNull { it.title }
            assertTrue("最后一条" in titles)
            assertEquals(titles.size, titles.toSet().size)
        }

    @Test
    fun `long work tells how far it is and can be cancelled`() =
        on("village20.member1") { phone ->
            val items =
                phone.study
                    .items(ItemFilter(kinds = listOf(ItemKind.ARTICLE)), 6u, 0u)
                    .rows
                    .map { it.id }
            val steps = CopyOnWriteArrayList<DownloadProgress>()
            val cancel = CancelHandle()
            val listener =
                object : DownloadListener {
                    override fun onProgress(progress: DownloadProgress) {
                        steps += progress
                        if (progress.doneItems >= 1u) cancel.cancel()
                    }
                }
            val outcome = phone.study.download(items, listener, cancel)
            assertTrue(steps.isNotEmpty())
            assertTrue(outcome.stopped == null || outcome.stopped is Stopped.Cancelled)
            assertTrue(cancel.isCancelled())
            val whole = phone.study.download(items, listener, CancelHandle())
            assertNull(whole.stopped)
            assertEquals(6u, whole.already + whole.progress.doneItems)
            assertEquals(SyncOutcome.SYNCED, phone.core.sync())
        }

    @Test
    fun `key stores and clocks that fail are errors, not crashes`() =
        runBlocking {
            val dir = County.dir("boundary-keys").also { it.mkdirs() }
            val good = softwareKeyStore(dir.path)
            for (bad in listOf<Bad>(Bad.Throws, Bad.Empty, Bad.Short, Bad.Cancels)) {
                val platform = Platform(BadKeys(good, bad), null, null, null)
                assertFailsWith<AppException.KeyStore>("$bad") { DangjianCore.open(County.config(dir), platform) }
            }
            val login = County.named("village21.member1")
            for (bad in SignBad.entries) {
                val folder = County.dir("boundary-sign-$bad").also { it.mkdirs() }
                val keys = BadSigner(softwareKeyStore(folder.path), bad, good)
                val phone = Dangjian.open(County.config(folder), Platform(keys, null, null, null))
                val failed = assertFailsWith<AppException>("$bad") { County.signIn(phone, login) }
                // Only the server can know that a signature is another key's.
                assertEquals(if (bad == SignBad.WrongKey) "server" else "key_store", failed.code(), "$bad")
                assertTrue(failed.retryable())
                phone.close()
            }
            val broken =
                object : Clock {
                    override fun read(): ClockReading = throw IllegalStateException("as tested")
                }
            assertEquals(
                "clock",
                assertFailsWith<AppException.InvalidInput> {
                    DangjianCore.open(County.config(dir), Platform(good, broken, null, null))
                }.field,
            )
        }

    @Test
    fun `a clock that throws, blocks or calls back stops nothing`() =
        runBlocking {
            val dir = County.dir("boundary-clock").also { it.mkdirs() }
            val clock = MoodyClock()
            val platform = Platform(softwareKeyStore(dir.path), clock, Hanging, NoPush)
            val phone = Dangjian.open(County.config(dir), platform)
            County.signIn(phone, County.named("village21.member2"))
            clock.mood = { throw RuntimeException("as tested") }
            assertTrue(
                phone.notices
                    .list(1u, 0u)
                    .rows
                    .isNotEmpty(),
            )
            clock.mood = { runBlocking { phone.study.signInToday() } }
            withTimeout(20_000) { phone.study.today() }
            val release = CountDownLatch(1)
            clock.mood = { release.await(60, TimeUnit.SECONDS) }
            withTimeout(20_000) {
                phone.core.sync()
                phone.study.signInToday()
                phone.points.summary()
            }
            clock.mood = {}
            release.countDown()
            val report = withTimeout(20_000) { phone.settings.checkPlatform() }
            assertEquals(ProviderState.WORKS, report.silentKey)
            assertEquals(ProviderState.HANGS, report.location)
            assertEquals(ProviderState.FAILS, report.pushToken)
            assertNull(withTimeout(20_000) { phone.settings.lastPlace() })
            Hanging.release.countDown()
            phone.close()
        }

    @Test
    fun `the log reaches its sink, and a sink that throws is no harm`() =
        runBlocking {
            val lines = CopyOnWriteArrayList<String>()
            setLogSink(
                object : LogSink {
                    override fun log(
                        level: LogLevel,
                        target: String,
                        message: String,
                    ) {
                        lines += "$level $target $message"
                        throw IllegalStateException("as tested")
                    }
                },
                LogLevel.INFO,
            )
            val dir = County.dir("boundary-log").also { it.mkdirs() }
            val roots = listOf("-----BEGIN CERTIFICATE-----\nno\n-----END CERTIFICATE-----\n".toByteArray())
            val nobody = CoreConfig(dir = dir.path, server = "https://nowhere", label = "手机", roots = roots)
            assertFailsWith<AppException> { DangjianCore.open(nobody, County.platform(dir)) }
            waitUntil("the log says why") { lines.any { "server address" in it } }
            setLogSink(null, LogLevel.ERROR)
        }

    @Test
    fun `nothing is left of what was opened and closed many times`() =
        runBlocking {
            val login = County.named("village22.member1")
            val dir = County.dir("boundary-soak").also { it.mkdirs() }
            var afterWarmUp = 0L
            repeat(ROUNDS) { round ->
                val phone = Dangjian.open(County.config(dir), County.platform(dir))
                if (round == 0) County.signIn(phone, login)
                phone.status().first()
                phone.noticePage(50u).first()
                repeat(20) { phone.notices.list(50u, 0u) }
                phone.close()
                if (round == ROUNDS / 3) afterWarmUp = rss()
            }
            val grown = rss() - afterWarmUp
            println("soak: resident memory grew by ${grown / 1024} KiB in ${ROUNDS - ROUNDS / 3} rounds")
            assertTrue(grown < 64L * 1024 * 1024, "$grown bytes")
            System.gc()
            waitUntil("all cores are gone") {
                System.gc()
                alive().observations == 0L
            }
        }

    private companion object {
        const val ROUNDS = 60

        fun rss(): Long {
            System.gc()
            val status = File("/proc/self/status").readLines().first { it.startsWith("VmRSS") }
            return status.filter(Char::isDigit).toLong() * 1024
        }
    }
}

suspend fun waitUntil(
    what: String,
    holds: () -> Boolean,
) {
    val until = System.nanoTime() + 20_000_000_000
    while (!holds()) {
        check(System.nanoTime() < until) { what }
        delay(20)
    }
}
