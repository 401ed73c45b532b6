package org.dangjian.ui.desktop

import java.io.File

/** Every screen of the app with what a tour left on its phones, through the real core and a real server. */
class Screens(
    private val town: Town,
    private val out: File,
) {
    private var pictures = 0

    /** Writes the pictures. */
    fun take() {
        out.mkdirs()
        go("signing in") { signingIn() }
        go("somebody's rank slipped") { holding(SLEEPER) { picture("today-slipped") } }
        go("a member studies") { holding(LEARNER) { studying() } }
        go("points and boards") { holding(LEARNER) { points() } }
        go("a branch secretary publishes") { holding(SECRETARY) { publishing() } }
        go("a member reads, and what is settings") { holding(READER) { reading() } }
        go("a township reviewer decides") { holding(REVIEWER) { deciding() } }
        go("the county officer") { holding(OFFICER) { governing() } }
        println("$pictures pictures in $out")
    }

    private fun go(
        what: String,
        steps: Walk.() -> Unit,
    ) {
        println("taking pictures: $what")
        pictures += walk(town, out, steps)
    }

    /** Takes up the phone of somebody. */
    private fun Walk.holding(
        phone: String,
        steps: Walk.() -> Unit,
    ) {
        val person = town.people.firstOrNull { it.person.id == phone } ?: error("nobody has the phone $phone")
        arrives(person.person.name)
        steps()
    }

    private companion object {
        // Folders of the tour's phones.
        const val SLEEPER = "early-learner"
        const val LEARNER = "rival"
        const val SECRETARY = "dongguan-00"
        const val READER = "dongguan-01"
        const val REVIEWER = "reviewer"
        const val OFFICER = "officer"
    }
}
