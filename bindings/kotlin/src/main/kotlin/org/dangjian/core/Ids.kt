package org.dangjian.core

/** A Party organization: a UUID as text. */
@JvmInline
value class OrgId(
    val text: String,
)

/** A member: a UUID as text. */
@JvmInline
value class MemberId(
    val text: String,
)

/** An installation of the app: a UUID as text. */
@JvmInline
value class DeviceId(
    val text: String,
)

/** A notice: a UUID as text. */
@JvmInline
value class NoticeId(
    val text: String,
)

/** An operation of the outbox: a UUID as text. */
@JvmInline
value class OpId(
    val text: String,
)

/** Anything else that has an id, such as a study item, a posting or a case: a UUID as text. */
@JvmInline
value class RowId(
    val text: String,
)

/** An instant: [ms] since 1970-01-01T00:00:00Z. */
@JvmInline
value class Timestamp(
    val ms: Long,
) : Comparable<Timestamp> {
    override fun compareTo(other: Timestamp): Int = ms.compareTo(other.ms)
}
