package org.dangjian.ui.bridge

import androidx.lifecycle.ViewModel
import androidx.lifecycle.viewModelScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.filter
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.launch
import org.dangjian.core.AppException
import org.dangjian.ui.components.ErrorState
import org.dangjian.ui.signin.PersonState
import org.dangjian.ui.signin.SignInProblem

/** Which part of the app is seen. */
sealed interface Stage {
    data object Opening : Stage

    /** The phone's files can't be opened. */
    data class Failed(
        val problem: ErrorState,
    ) : Stage

    /** Who is it? */
    data class People(
        val people: List<PersonState>,
    ) : Stage

    class SignIn(
        val model: SignInModel,
    ) : Stage

    /** @param member whose; what was open and written is put back for the same member only. */
    class Home(
        val phone: Phone,
        val member: String,
    ) : Stage
}

/**
 * Opens the phone and leads to where its member can use it: over signing in and the first copy of the county's data, and
 * back to signing in when that is over.
 */
class StartModel(
    private val people: List<Access>,
    private val open: suspend (Access?) -> Phone,
) : ViewModel() {
    private val current = MutableStateFlow<Stage>(Stage.Opening)
    private var chosen: Access? = null
    private var watching: Job? = null

    val stage: StateFlow<Stage> = current.asStateFlow()

    init {
        people()
    }

    /** Back to the choice of people, or to the phone's own member. */
    fun people() {
        watching?.cancel()
        if (people.isEmpty()) choose(null) else current.value = Stage.People(people.map { it.person })
    }

    /** @param id of a person; nobody of the list if it is absent. */
    fun choose(id: String?) {
        chosen = people.firstOrNull { it.person.id == id }
        retry()
    }

    /** Opens the phone. */
    fun retry() {
        current.value = Stage.Opening
        attempt { enter(open(chosen), chosen) }
    }

    private suspend fun enter(
        phone: Phone,
        access: Access?,
    ) {
        watch(phone)
        val here = phone.call { core.signedIn() } && phone.call { account.me()?.org } != null
        if (here) home(phone) else signIn(phone, access)
    }

    /** @param problem why somebody who was signed in has to do that again. */
    private fun signIn(
        phone: Phone,
        access: Access?,
        problem: SignInProblem? = null,
    ) {
        current.value =
            Stage.SignIn(SignInModel(phone, access, people.isNotEmpty(), problem) { attempt { home(phone) } })
    }

    private suspend fun home(phone: Phone) {
        current.value = Stage.Home(phone, phone.call { core.member() }?.text.orEmpty())
    }

    private fun watch(phone: Phone) {
        watching?.cancel()
        watching =
            viewModelScope.launch {
                launch {
                    phone.signedIn.filter { !it }.collect {
                        // Nobody is signed in unasked after having signed out.
                        if (current.value is Stage.Home && signedOut(phone)) signIn(phone, access = null)
                    }
                }
                phone.revoked.first()
                attempt { renew(phone) }
            }
    }

    /** What was told may have been overtaken. */
    private suspend fun signedOut(phone: Phone): Boolean =
        try {
            !phone.call { core.signedIn() }
        } catch (_: AppException) {
            // Closed, or revoked: that is told in another way.
            false
        }

    /** The phone's access was taken away, and with it all it had: it begins as a new one. */
    private suspend fun renew(phone: Phone) {
        current.value = Stage.Opening
        phone.reopen()
        signIn(phone, access = null, SignInProblem.DeviceRevoked)
        watch(phone)
    }

    private fun attempt(call: suspend () -> Unit) {
        viewModelScope.launch {
            try {
                call()
            } catch (_: AppException.Closed) {
                // The phone ended first, and the app is about to.
            } catch (_: AppException.DeviceRevoked) {
                // Whoever watches for that opens it anew.
            } catch (problem: AppException) {
                current.value = Stage.Failed(problem.asError())
            }
        }
    }
}
