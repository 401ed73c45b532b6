package org.dangjian.ui.desktop

import androidx.compose.foundation.clickable
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.text.BasicText
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.ui.Modifier
import androidx.lifecycle.ViewModel
import androidx.lifecycle.ViewModelProvider
import androidx.lifecycle.viewModelScope
import androidx.lifecycle.viewmodel.initializer
import androidx.lifecycle.viewmodel.viewModelFactory
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.flowOn
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertSame
import kotlin.test.assertTrue

/** One thread for an app and for who uses it. */
class HandsTest {
    private class Model : ViewModel() {
        val words = MutableStateFlow("before")
        val threads = mutableSetOf<Thread>()

        fun works(then: () -> Unit = {}) {
            viewModelScope.launch {
                threads += Thread.currentThread()
                val read = withContext(Dispatchers.Default) { "after" }
                threads += Thread.currentThread()
                words.value = read
                then()
            }
        }
    }

    private fun Hands.model(): Model {
        val owner = Owner()
        atTheEnd { owner.viewModelStore.clear() }
        return ViewModelProvider.create(owner, viewModelFactory { initializer { Model() } })[Model::class]
    }

    @Test
    fun view_models_composition_and_hands_share_a_thread_whatever_thread_brings_news() =
        hands {
            val here = Thread.currentThread()
            val model = model()
            val composing = mutableSetOf<Thread>()
            // Collected in the composition itself, and told by another thread.
            val news = flow { repeat(1_000) { emit(it) } }.flowOn(Dispatchers.Default)
            shows {
                composing += Thread.currentThread()
                val words by model.words.collectAsState()
                val count by news.collectAsState(0)
                LaunchedEffect(count) { composing += Thread.currentThread() }
                Column {
                    BasicText(words, Modifier.clickable { model.works() })
                    BasicText("$count")
                }
            }
            taps("before")
            sees("after")
            sees("999")
            assertEquals(setOf(here), model.threads)
            assertEquals(setOf(here), composing)
        }

    @Test
    fun what_is_immediate_is_done_in_place_and_the_rest_when_the_hands_wait() =
        hands {
            val done = mutableListOf<String>()
            val model = model()
            model.viewModelScope.launch {
                done += "immediate"
                launch(Dispatchers.Main) { done += "posted" }
            }
            done += "here"
            assertEquals(listOf("immediate", "here"), done)
            waitForIdle()
            assertEquals(listOf("immediate", "here", "posted"), done)
        }

    @Test
    fun what_a_view_model_lets_out_fails_the_use_in_which_it_happened() {
        val bug = IllegalStateException("a bug")
        val told =
            assertFailsWith<IllegalStateException> {
                hands {
                    val model = model()
                    model.works { throw bug }
                    waits("news") { model.words.value == "after" }
                }
            }
        // Coroutines may rethrow a copy of it.
        assertTrue(generateSequence<Throwable>(told) { it.cause }.any { it === bug }, "$told")
        hands { assertEquals("before", model().words.value) }
    }

    @Test
    fun a_failure_comes_with_what_was_seen_and_what_ends_the_app_is_done_all_the_same() {
        val ended = mutableListOf<String>()
        val wrong = AssertionError("wrong")
        val told =
            assertFailsWith<AssertionError> {
                hands {
                    atTheEnd { ended += "models" }
                    atTheEnd { ended += "phones" }
                    shows { BasicText("on screen") }
                    throw wrong
                }
            }
        assertSame(wrong, told)
        assertTrue(told.suppressed.any { "on screen" in it.message.orEmpty() })
        assertEquals(listOf("models", "phones"), ended)
    }
}
