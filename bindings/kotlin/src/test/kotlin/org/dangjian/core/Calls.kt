package org.dangjian.core

import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.boolean
import kotlinx.serialization.json.contentOrNull
import kotlinx.serialization.json.int
import kotlinx.serialization.json.intOrNull
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import kotlinx.serialization.json.long

/** The arguments of a call, as scenarios write them. */
class With(
    private val fields: JsonObject,
) {
    private fun value(name: String): JsonPrimitive = fields.getValue(name).jsonPrimitive

    fun text(name: String): String = value(name).content

    fun textOrNull(name: String): String? = fields[name]?.jsonPrimitive?.contentOrNull

    fun flag(name: String): Boolean = value(name).boolean

    fun number(
        name: String,
        or: Int? = null,
    ): UInt = (fields[name]?.jsonPrimitive?.int ?: or ?: error(name)).toUInt()

    fun long(name: String): ULong = value(name).long.toULong()

    fun intOrNull(name: String): Int? = value(name).intOrNull

    fun bytes(name: String): ByteArray =
        fields
            .getValue(name)
            .jsonArray
            .map { it.jsonPrimitive.int.toByte() }
            .toByteArray()

    fun part(name: String): With = With(fields.getValue(name).jsonObject)

    inline fun <reified T : Enum<T>> choice(name: String): T = choose(text(name))

    fun flagOr(name: String): Boolean = fields[name]?.jsonPrimitive?.boolean ?: false

    fun list(name: String): JsonArray = fields[name]?.jsonArray ?: JsonArray(emptyList())

    fun filter() =
        ItemFilter(
            downloadedOnly = flagOr("downloadedOnly"),
            kinds = list("kinds").map { choose<ItemKind>(it.jsonPrimitive.content) },
            category = null,
            requiredThisMonth = flagOr("requiredThisMonth"),
            offline = flagOr("offline"),
        )
}

inline fun <reified T : Enum<T>> choose(camel: String): T =
    enumValueOf(camel.replace(Regex("([A-Z])"), "_$1").uppercase())

/** A call by its name. */
suspend fun call(
    phone: Dangjian,
    method: String,
    with: With,
): JsonElement {
    val (limit, offset) = with.number("limit", 50) to with.number("offset", 0)
    val core = phone.core
    return told(
        when (method) {
            "sync" -> {
                core.sync()
            }

            "syncCancelled" -> {
                CancelHandle().use {
                    it.cancel()
                    core.sync(null, it)
                }
            }

            "networkChanged" -> {
                core.networkChanged(with.flag("online"))
            }

            "suspend" -> {
                core.suspend(with.number("deadlineMs"))
            }

            "resume" -> {
                core.resume()
            }

            "shutdown" -> {
                core.shutdown()
            }

            "status" -> {
                core.status()
            }

            "member" -> {
                core.member()
            }

            "signedIn" -> {
                core.signedIn()
            }

            "account.signIn" -> {
                phone.account.signIn(with.text("login"), with.text("password"))
            }

            "account.activate" -> {
                phone.account.activate(with.text("login"), with.text("code"), with.text("password"))
            }

            "account.signOut" -> {
                phone.account.signOut()
            }

            "account.me" -> {
                phone.account.me()
            }

            "account.reset" -> {
                phone.account.reset(MemberId(with.text("member")))
            }

            "account.devices" -> {
                phone.account.devices(MemberId(with.text("member")))
            }

            "account.revoke" -> {
                phone.account.revoke(DeviceId(with.text("device")))
            }

            "notices.publish" -> {
                phone.notices.publish(
                    OrgId(with.text("org")),
                    with.choice("scope"),
                    with.text("title"),
                    with.text("body"),
                )
            }

            "notices.edit" -> {
                phone.notices.edit(
                    NoticeId(with.text("notice")),
                    with.long("baseVersion"),
                    with.text("title"),
                    with.text("body"),
                )
            }

            "notices.withdraw" -> {
                phone.notices.withdraw(NoticeId(with.text("notice")), with.long("baseVersion"), with.text("reason"))
            }

            "notices.markRead" -> {
                phone.notices.markRead(NoticeId(with.text("notice")))
            }

            "notices.list" -> {
                phone.notices.list(limit, offset)
            }

            "notices.get" -> {
                phone.notices.get(NoticeId(with.text("notice")))
            }

            "notices.receipts" -> {
                phone.notices.receipts(NoticeId(with.text("notice")), with.number("names"))
            }

            "notices.voices" -> {
                phone.notices.voices()
            }

            "notices.audience" -> {
                phone.notices.audience(OrgId(with.text("org")), with.choice("scope"))
            }

            "study.items" -> {
                phone.study.items(with.part("filter").filter(), limit, offset)
            }

            "study.item" -> {
                phone.study.item(RowId(with.text("item")))
            }

            "study.content" -> {
                phone.study.content(RowId(with.text("item")))
            }

            "study.capNote" -> {
                phone.study.capNote(RowId(with.text("item")))
            }

            "study.download" -> {
                phone.study.download(listOf(RowId(with.text("item"))))
            }

            "study.downloadCancelled" -> {
                CancelHandle().use {
                    it.cancel()
                    phone.study.download(listOf(RowId(with.text("item"))), null, it)
                }
            }

            "study.forget" -> {
                phone.study.forget(RowId(with.text("item")))
            }

            "study.kept" -> {
                phone.study.kept()
            }

            "study.open" -> {
                phone.study.`open`(RowId(with.text("item")))
            }

            "study.foreground" -> {
                phone.study.foreground(with.flag("is"))
            }

            "study.visible" -> {
                phone.study.visible(with.flag("is"))
            }

            "study.screen" -> {
                phone.study.screen(with.flag("lit"))
            }

            "study.playing" -> {
                phone.study.playing(with.flag("is"))
            }

            "study.input" -> {
                phone.study.input()
            }

            "study.answer" -> {
                phone.study.answer(with.number("choice").toUByte())
            }

            "study.stop" -> {
                phone.study.stop()
            }

            "study.session" -> {
                phone.study.session()
            }

            "study.today" -> {
                phone.study.today()
            }

            "study.signInToday" -> {
                phone.study.signInToday()
            }

            "study.quiz" -> {
                phone.study.quiz()
            }

            "study.drawQuiz" -> {
                phone.study.drawQuiz(RowId(with.text("item")))
            }

            "study.answerQuiz" -> {
                phone.study.answerQuiz(RowId(with.text("draw")), with.bytes("answers"))
            }

            "points.summary" -> {
                phone.points.summary()
            }

            "points.ledger" -> {
                phone.points.ledger(with.choice("filter"), limit, offset)
            }

            "points.explain" -> {
                phone.points.explain(RowId(with.text("entry")))
            }

            "points.myScore" -> {
                phone.points.myScore()
            }

            "points.appeal" -> {
                phone.points.appeal(RowId(with.text("about")), with.text("text"))
            }

            "points.appeals" -> {
                phone.points.appeals(limit, offset)
            }

            "points.cases" -> {
                phone.points.cases(limit, offset)
            }

            "boards.scopes" -> {
                phone.boards.scopes()
            }

            "boards.rank" -> {
                phone.boards.rank(OrgId(with.text("org")), with.choice("kind"))
            }

            "boards.todayRank" -> {
                phone.boards.todayRank()
            }

            "boards.board" -> {
                phone.boards.board(OrgId(with.text("org")), with.choice("kind"), with.choice("board"), limit, offset)
            }

            "members.list" -> {
                phone.members.list(with.text("query"), with.textOrNull("org")?.let(::OrgId), limit, offset)
            }

            "members.get" -> {
                phone.members.get(MemberId(with.text("member")))
            }

            "members.openLedger" -> {
                phone.members.openLedger(MemberId(with.text("member")))
            }

            "members.moveTo" -> {
                phone.members.moveTo(MemberId(with.text("member")), OrgId(with.text("org")))
            }

            "members.branches" -> {
                phone.members.branches(with.text("query"), limit, offset)
            }

            "office.cases" -> {
                phone.office.cases(limit, offset)
            }

            "office.appeals" -> {
                phone.office.appeals(limit, offset)
            }

            "office.decideReview" -> {
                phone.office.decideReview(RowId(with.text("case")), with.flag("upheld"), with.text("reason"))
            }

            "office.decideAppeal" -> {
                phone.office.decideAppeal(RowId(with.text("appeal")), with.flag("granted"), with.text("answer"))
            }

            "office.reverse" -> {
                phone.office.reverse(RowId(with.text("entry")), with.text("reason"))
            }

            "office.ledger" -> {
                phone.office.ledger(MemberId(with.text("member")), with.choice("filter"), limit, offset)
            }

            "office.lowBoard" -> {
                phone.office.lowBoard(OrgId(with.text("branch")), with.choice("board"), limit, offset)
            }

            "office.checkRules" -> {
                phone.office.checkRules(with.text("text"))
            }

            "office.publishRules" -> {
                phone.office.publishRules(with.text("text"))
            }

            "office.features" -> {
                phone.office.features()
            }

            "office.setFeatures" -> {
                phone.office.setFeatures(switches(with.part("switches")))
            }

            "office.setBurdenReduction" -> {
                phone.office.setBurdenReduction(with.flag("on"))
            }

            "outbox.list" -> {
                phone.outbox.list(limit, offset)
            }

            "outbox.acknowledge" -> {
                phone.outbox.acknowledge(OpId(with.text("op")))
            }

            "settings.saveDraft" -> {
                phone.settings.saveDraft(with.text("id"), with.textOrNull("text"))
            }

            "settings.draft" -> {
                phone.settings.draft(with.text("id"))
            }

            "settings.traffic" -> {
                phone.settings.traffic()
            }

            "settings.reminder" -> {
                phone.settings.reminder(reminders(with.part("settings")), with.intOrNull("lastSent"))
            }

            "settings.lastPlace" -> {
                phone.settings.lastPlace()
            }

            "settings.checkPlatform" -> {
                phone.settings.checkPlatform()
            }

            else -> {
                error("no call $method")
            }
        },
    )
}

private fun switches(with: With) =
    Switches(
        publicRanking = with.flag("publicRanking"),
        namesOnLowBoards = with.flag("namesOnLowBoards"),
        studyInAppraisal = with.flag("studyInAppraisal"),
        signInPoints = with.flag("signInPoints"),
        mandatoryPhoto = with.flag("mandatoryPhoto"),
        usageReports = with.flag("usageReports"),
        forcedCheckIn = with.flag("forcedCheckIn"),
    )

private fun reminders(with: With) =
    ReminderSettings(
        enabled = with.flag("enabled"),
        atMin = with.number("atMin").toUShort(),
        quietFromMin = with.number("quietFromMin").toUShort(),
        quietToMin = with.number("quietToMin").toUShort(),
        rankReminder = with.flag("rankReminder"),
        requiredReminder = with.flag("requiredReminder"),
    )
