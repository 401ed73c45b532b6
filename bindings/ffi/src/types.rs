//! Ids, instants and days. An id that is no UUID is refused before it reaches anything.

use std::str::FromStr;

use dangjian_domain::id::{DeviceId, MemberId, NoticeId, OpId, OrgId, RowId};
use dangjian_domain::time::Timestamp;

use crate::error::AppError;

fn id<T: FromStr>(text: &str, kind: &str) -> uniffi::Result<T> {
    text.parse().map_err(|_| AppError::invalid(kind).into())
}

uniffi::custom_type!(
    /// A Party organization: a UUID as text.
    OrgId, String, { remote, try_lift: |text| id(&text, "org"), lower: |id| id.to_string() });
uniffi::custom_type!(
    /// A member: a UUID as text.
    MemberId, String, { remote, try_lift: |text| id(&text, "member"), lower: |id| id.to_string() });
uniffi::custom_type!(
    /// An installation of the app: a UUID as text.
    DeviceId, String, { remote, try_lift: |text| id(&text, "device"), lower: |id| id.to_string() });
uniffi::custom_type!(
    /// A notice: a UUID as text.
    NoticeId, String, { remote, try_lift: |text| id(&text, "notice"), lower: |id| id.to_string() });
uniffi::custom_type!(
    /// An operation of the outbox: a UUID as text.
    OpId, String, { remote, try_lift: |text| id(&text, "op"), lower: |id| id.to_string() });
uniffi::custom_type!(
    /// Anything else that has an id, such as a study item, a posting or a case: a UUID as text.
    RowId, String, { remote, try_lift: |text| id(&text, "row"), lower: |id| id.to_string() });
uniffi::custom_type!(
    /// An instant: ms since 1970-01-01T00:00:00Z.
    Timestamp, i64, { remote, try_lift: |ms| Ok(Timestamp(ms)), lower: |at| at.0 });

/// A civil day in Asia/Shanghai.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Day {
    /// Days since 1970-01-01.
    pub days: i32,
    /// `2026-11-23`; empty beyond the calendar's range.
    pub text: String,
}
