package org.dangjian.ui.bridge

import org.dangjian.ui.signin.PersonState

/** Who may be shown around without typing anything: made-up people, whose passwords are no secret. */
class Access(
    val person: PersonState,
    val login: String,
    val code: String,
    val password: String,
)
