package org.dangjian.ui.bridge

import androidx.lifecycle.ViewModel
import androidx.lifecycle.viewModelScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch
import org.dangjian.core.AppException
import org.dangjian.core.Dangjian
import org.dangjian.core.StorageTrouble
import org.dangjian.ui.signin.SignInProblem
import org.dangjian.ui.signin.SignInState
import org.dangjian.ui.signin.SignInStep
import org.dangjian.core.SignInProblem as CoreProblem

private const val MINUTE_S = 60u

/**
 * Signing in, up to the first copy of what concerns this member.
 *
 * @param access whoever is shown around signs in without typing.
 * @param problem why it has to be done again.
 * @param onDone somebody is signed in and has the county's data.
 */
class SignInModel(
    private val phone: Phone,
    private val access: Access?,
    private val fromPeople: Boolean,
    problem: SignInProblem? = null,
    private val onDone: () -> Unit,
) : ViewModel() {
    private val current =
        MutableStateFlow(
            SignInState(
                SignInStep.Password(fromPeople = fromPeople),
                busy = access != null,
                problem = problem,
            ),
        )
    private var syncing: Job? = null

    val state: StateFlow<SignInState> = current.asStateFlow()

    init {
        viewModelScope.launch {
            try {
                val signedIn = phone.call { core.signedIn() }
                when {
                    signedIn -> begin(phone.call { account.me() }?.name.orEmpty())
                    access != null -> signIn { enter(access) }
                }
            } catch (problem: AppException) {
                current.update { it.copy(busy = false, problem = problem.asProblem(activating = false)) }
            }
        }
    }

    fun onLogin(text: String) = step(password = { copy(login = text) }, activation = { copy(login = text) })

    fun onPassword(text: String) = step(password = { copy(password = text) }, activation = { copy(password = text) })

    fun onCode(text: String) = step(activation = { copy(code = text) })

    fun onAgain(text: String) = step(activation = { copy(again = text) })

    fun onActivation() =
        current.update {
            SignInState(SignInStep.Activation(login = (it.step as? SignInStep.Password)?.login.orEmpty()))
        }

    fun onBack() =
        current.update {
            SignInState(
                SignInStep.Password(
                    login = (it.step as? SignInStep.Activation)?.login.orEmpty(),
                    fromPeople = fromPeople,
                ),
            )
        }

    fun onSubmit() {
        when (val step = current.value.step) {
            is SignInStep.Password -> {
                if (step.complete) signIn { account.signIn(step.login, step.password).name }
            }

            is SignInStep.Activation -> {
                if (step.complete) signIn { account.activate(step.login, step.code, step.password).name }
            }

            else -> {}
        }
    }

    /** Goes on with the first copy. */
    fun onResume() {
        val step = current.value.step as? SignInStep.FirstSync ?: return
        current.value = SignInState(step.copy(stopped = false))
        syncing?.cancel()
        syncing = viewModelScope.launch { fetch() }
    }

    private fun signIn(call: suspend Dangjian.() -> String) {
        if (current.value.busy && access == null) return
        current.update { it.copy(busy = true, problem = null) }
        viewModelScope.launch {
            try {
                val name = phone.call(call)
                begin(name)
            } catch (problem: AppException) {
                val activating = current.value.step is SignInStep.Activation
                current.update { it.copy(busy = false, problem = problem.asProblem(activating)) }
            }
        }
    }

    private suspend fun begin(name: String) {
        if (phone.call { account.me() }?.org != null) return onDone()
        current.value = SignInState(SignInStep.FirstSync(BridgeStrings.hello(name), rows = 0))
        syncing?.cancel()
        syncing = viewModelScope.launch { fetch() }
    }

    private suspend fun fetch() {
        val told =
            viewModelScope.launch {
                phone.core.status().collect { status -> status.buildingRows?.let { rows(it.toInt()) } }
            }
        try {
            phone.call { core.sync() }
            onDone()
        } catch (problem: AppException) {
            current.update { state ->
                val step = state.step as? SignInStep.FirstSync ?: return@update state
                // That the network went away is said by the step itself.
                val other = problem.takeIf { it !is AppException.Offline }?.asProblem(activating = false)
                SignInState(step.copy(stopped = true), other)
            }
        } finally {
            told.cancel()
        }
    }

    private fun rows(rows: Int) =
        current.update { state ->
            val step = state.step as? SignInStep.FirstSync ?: return@update state
            state.copy(step = step.copy(rows = maxOf(rows, step.rows)))
        }

    private fun step(
        password: SignInStep.Password.() -> SignInStep.Password = { this },
        activation: SignInStep.Activation.() -> SignInStep.Activation = { this },
    ) = current.update { state ->
        val step =
            when (val step = state.step) {
                is SignInStep.Password -> step.password()
                is SignInStep.Activation -> step.activation()
                else -> step
            }
        state.copy(step = step, problem = null)
    }
}

/** Whoever is shown around: signs in, and activates the account the first time. */
private suspend fun Dangjian.enter(access: Access): String =
    try {
        account.signIn(access.login, access.password).name
    } catch (problem: AppException.SignIn) {
        account.activate(access.login, access.code, access.password).name
    }

private fun AppException.asProblem(activating: Boolean): SignInProblem =
    when (this) {
        is AppException.Offline -> {
            SignInProblem.Offline
        }

        is AppException.LockedOut -> {
            SignInProblem.LockedOut(((retryAfterS + MINUTE_S - 1u) / MINUTE_S).toInt())
        }

        is AppException.DeviceRevoked -> {
            SignInProblem.DeviceRevoked
        }

        is AppException.Storage -> {
            if (trouble == StorageTrouble.FULL) SignInProblem.StorageFull else SignInProblem.Other(code())
        }

        is AppException.SignIn -> {
            when (problem) {
                CoreProblem.WRONG_CREDENTIALS -> {
                    if (activating) SignInProblem.WrongCode else SignInProblem.WrongPassword
                }

                CoreProblem.NOT_ACTIVATED -> {
                    SignInProblem.NotActivated
                }

                CoreProblem.WEAK_PASSWORD -> {
                    SignInProblem.WeakPassword
                }

                CoreProblem.TOO_MANY_DEVICES -> {
                    SignInProblem.TooManyDevices
                }
            }
        }

        else -> {
            SignInProblem.Other(code())
        }
    }
