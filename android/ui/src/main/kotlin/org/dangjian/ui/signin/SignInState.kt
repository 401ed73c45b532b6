package org.dangjian.ui.signin

import androidx.compose.runtime.Immutable

/** What is shown before the app is. */
@Immutable
data class SignInState(
    val step: SignInStep,
    val problem: SignInProblem? = null,
    /** Whether an answer is awaited; then nothing can be sent. */
    val busy: Boolean = false,
)

@Immutable
sealed interface SignInStep {
    /** Who sits here: on the desktop, and where the app is shown around. */
    data class People(
        val people: List<PersonState>,
    ) : SignInStep

    /** @param fromPeople whether there is a list to go back to. */
    data class Password(
        val login: String = "",
        val password: String = "",
        val fromPeople: Boolean = false,
    ) : SignInStep {
        val complete get() = login.isNotBlank() && password.isNotEmpty()

        /** Without the password, lest it be logged. */
        override fun toString() = "Password($login)"
    }

    /** The first password, with the one-time code from the branch. */
    data class Activation(
        val login: String = "",
        val code: String = "",
        val password: String = "",
        val again: String = "",
    ) : SignInStep {
        val differ get() = again.isNotEmpty() && again != password
        val complete get() = login.isNotBlank() && code.isNotBlank() && password.isNotEmpty() && again == password

        override fun toString() = "Activation($login)"
    }

    /** The first mirror comes; it goes on where it stopped. */
    data class FirstSync(
        /** 「刘秋云同志，您好」 */
        val greeting: String,
        /** How many rows are there so far. */
        val rows: Int,
        /** How much of all; absent while that is not known. */
        val percent: Int? = null,
        /** Whether the network went away. */
        val stopped: Boolean = false,
    ) : SignInStep
}

@Immutable
data class PersonState(
    val id: String,
    val name: String,
    /** 「支部书记」 */
    val role: String? = null,
    val org: String,
    val orgLast: String = org,
)

/** Why it did not work, as a sentence that says what to do. */
@Immutable
sealed interface SignInProblem {
    data object Offline : SignInProblem

    data object WrongPassword : SignInProblem

    data object WrongCode : SignInProblem

    data class LockedOut(
        val minutes: Int,
    ) : SignInProblem

    data object NotActivated : SignInProblem

    data object WeakPassword : SignInProblem

    data object TooManyDevices : SignInProblem

    data object DeviceRevoked : SignInProblem

    data object StorageFull : SignInProblem

    /** @param code for whoever is asked for help. */
    data class Other(
        val code: String,
    ) : SignInProblem
}

data class SignInCallbacks(
    val onPerson: (String) -> Unit = {},
    val onOther: () -> Unit = {},
    val onPeople: () -> Unit = {},
    val onLogin: (String) -> Unit = {},
    val onPassword: (String) -> Unit = {},
    val onCode: (String) -> Unit = {},
    val onAgain: (String) -> Unit = {},
    val onActivation: () -> Unit = {},
    val onBack: () -> Unit = {},
    val onSubmit: () -> Unit = {},
    val onResume: () -> Unit = {},
)
