//! From an HTTP request to the county's plain value: every cap is checked before anything is built from what came.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderMap, StatusCode, header, request};
use dangjian_protocol::error::ErrorCode;
use dangjian_protocol::http::{Encoding, Method, Proof, Request};
use dangjian_protocol::limits;
use hyper::body::Body as _;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Why a request is not passed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Unfit {
    /// The error in the body.
    pub(crate) code: ErrorCode,
    /// The status, where it is not the code's own.
    pub(crate) status: Option<StatusCode>,
    /// Seconds to wait before trying again, where waiting helps.
    pub(crate) retry_after_s: Option<u32>,
    /// Whether the connection can't be used any more.
    pub(crate) close: bool,
}

impl Unfit {
    /// The error alone.
    pub(crate) const fn new(code: ErrorCode) -> Self {
        Self { code, status: None, retry_after_s: None, close: false }
    }

    /// Too much to do.
    pub(crate) const fn busy(retry_after_s: u32) -> Self {
        Self { retry_after_s: Some(retry_after_s), ..Self::new(ErrorCode::Busy) }
    }

    const fn closing(code: ErrorCode) -> Self {
        Self { close: true, ..Self::new(code) }
    }
}

/// What the headers of a request say; the body is still to come.
pub(crate) struct Head {
    pub(crate) content_type: Encoding,
    pub(crate) accept: Encoding,
    pub(crate) proof: Option<Proof>,
}

impl Head {
    /// Checks the headers.
    pub(crate) fn read(parts: &request::Parts) -> Result<Self, Unfit> {
        let headers = &parts.headers;
        if headers.values().any(|value| value.len() > limits::HEADER) {
            return Err(Unfit::closing(ErrorCode::TooLarge));
        }
        // The proof covers the path only: a query would travel unsigned.
        if parts.uri.query().is_some() {
            return Err(Unfit::new(ErrorCode::BadRequest));
        }
        // Nothing is unpacked here, so nothing can swell.
        if single(headers, "content-encoding")?.is_some_and(|encoding| !encoding.eq_ignore_ascii_case("identity")) {
            return Err(Unfit {
                status: Some(StatusCode::UNSUPPORTED_MEDIA_TYPE),
                ..Unfit::new(ErrorCode::BadRequest)
            });
        }
        Ok(Self {
            content_type: encoding(headers, "content-type")?,
            accept: encoding(headers, "accept")?,
            proof: proof(headers)?,
        })
    }

    /// The encoding for a reply to a request that may not be readable otherwise.
    pub(crate) fn accepted(headers: &HeaderMap) -> Encoding {
        headers
            .get(header::ACCEPT)
            .and_then(|value| value.to_str().ok())
            .map_or_else(Encoding::default, Encoding::from_header)
    }

    /// The whole request.
    pub(crate) fn with_body(self, method: Method, path: &str, body: Vec<u8>) -> Request {
        let Self { content_type, accept, proof } = self;
        Request { method, path: path.to_owned(), content_type, accept, proof, body }
    }
}

fn single<'a>(headers: &'a HeaderMap, name: &str) -> Result<Option<&'a str>, Unfit> {
    let mut values = headers.get_all(name).iter();
    let Some(value) = values.next() else { return Ok(None) };
    match (value.to_str(), values.next()) {
        (Ok(value), None) => Ok(Some(value)),
        _ => Err(Unfit::new(ErrorCode::BadRequest)),
    }
}

fn encoding(headers: &HeaderMap, name: &str) -> Result<Encoding, Unfit> {
    Ok(single(headers, name)?.map_or_else(Encoding::default, Encoding::from_header))
}

fn proof(headers: &HeaderMap) -> Result<Option<Proof>, Unfit> {
    let digest = single(headers, "content-digest")?;
    let input = single(headers, "signature-input")?;
    let signature = single(headers, "signature")?;
    match (digest, input, signature) {
        (Some(digest), Some(input), Some(signature)) => Ok(Some(Proof {
            content_digest: digest.to_owned(),
            signature_input: input.to_owned(),
            signature: signature.to_owned(),
        })),
        // A digest alone proves nothing and harms nothing.
        (_, None, None) => Ok(None),
        _ => Err(Unfit::new(ErrorCode::BadRequest)),
    }
}

/// Counts the bytes of all bodies held at a time, so that many large requests together can't fill the memory.
#[derive(Clone)]
pub(crate) struct Budget(Arc<Semaphore>);

/// A body with its share of the budget, given back when this is dropped.
pub(crate) struct Held(#[expect(dead_code, reason = "held, not read")] Option<OwnedSemaphorePermit>);

const UNIT: usize = 1024;

impl Budget {
    /// At most `bytes` at a time.
    pub(crate) fn new(bytes: usize) -> Self {
        Self(Arc::new(Semaphore::new(bytes.div_ceil(UNIT).min(Semaphore::MAX_PERMITS))))
    }

    fn take(&self, units: usize) -> Result<OwnedSemaphorePermit, Unfit> {
        let units = u32::try_from(units).map_err(|_| Unfit::closing(ErrorCode::TooLarge))?;
        self.0.clone().try_acquire_many_owned(units).map_err(|_| Unfit { close: true, ..Unfit::busy(2) })
    }
}

/// Reads a body of at most [`limits::BODY`] bytes within `time`.
pub(crate) async fn read_body(mut body: Body, time: Duration, budget: &Budget) -> Result<(Vec<u8>, Held), Unfit> {
    let too_large = Unfit::closing(ErrorCode::TooLarge);
    if body.size_hint().lower() > limits::BODY as u64 {
        discard(&mut body).await;
        return Err(too_large);
    }
    let timeout = Unfit { status: Some(StatusCode::REQUEST_TIMEOUT), ..Unfit::closing(ErrorCode::BadRequest) };
    let read = tokio::time::timeout(time, collect(&mut body, budget)).await.map_err(|_| timeout)?;
    if read.as_ref().is_err_and(|unfit| unfit.code == ErrorCode::TooLarge) {
        discard(&mut body).await;
    }
    read
}

async fn collect(body: &mut Body, budget: &Budget) -> Result<(Vec<u8>, Held), Unfit> {
    // Growing by doubling would hold up to three times what the budget counts.
    let announced = usize::try_from(body.size_hint().lower()).unwrap_or(0).min(limits::BODY);
    let (mut bytes, mut held, mut units) = (Vec::with_capacity(announced), None::<OwnedSemaphorePermit>, 0);
    while let Some(frame) = std::future::poll_fn(|cx| Pin::new(&mut *body).poll_frame(cx)).await {
        let frame = frame.map_err(|_| Unfit::closing(ErrorCode::BadRequest))?;
        let Some(data) = frame.data_ref() else { continue };
        let length = bytes.len() + data.len();
        if length > limits::BODY {
            return Err(Unfit::closing(ErrorCode::TooLarge));
        }
        let wanted = length.div_ceil(UNIT);
        if wanted > units {
            let more = budget.take(wanted - units)?;
            units = wanted;
            match &mut held {
                Some(held) => held.merge(more),
                None => held = Some(more),
            }
        }
        bytes.extend_from_slice(data);
    }
    Ok((bytes, Held(held)))
}

/// Reads on for a moment: closing on unread bytes resets the connection, and the sender never sees why.
async fn discard(body: &mut Body) {
    let mut left = 4 * limits::BODY;
    let read = async {
        while let Some(Ok(frame)) = std::future::poll_fn(|cx| Pin::new(&mut *body).poll_frame(cx)).await {
            left = left.saturating_sub(frame.data_ref().map_or(0, |data| data.len()));
            if left == 0 {
                break;
            }
        }
    };
    let _ = tokio::time::timeout(Duration::from_secs(1), read).await;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(headers: &[(&'static str, &str)]) -> Result<Head, Unfit> {
        let mut request = axum::http::Request::new(());
        for (name, value) in headers {
            request.headers_mut().append(*name, value.parse().unwrap());
        }
        Head::read(&request.into_parts().0)
    }

    #[test]
    fn a_proof_is_three_headers_once_each() {
        let whole = [("content-digest", "d"), ("signature-input", "i"), ("signature", "s")];
        assert!(head(&whole).ok().unwrap().proof.is_some());
        assert!(head(&[]).ok().unwrap().proof.is_none());
        for (name, value) in whole {
            let twice: Vec<_> = whole.into_iter().chain([(name, value)]).collect();
            assert_eq!(head(&twice).err(), Some(Unfit::new(ErrorCode::BadRequest)));
        }
        assert_eq!(head(&whole[1..]).err(), Some(Unfit::new(ErrorCode::BadRequest)));
        assert_eq!(head(&whole[..2]).err(), Some(Unfit::new(ErrorCode::BadRequest)));
    }

    #[test]
    fn long_values_and_packed_bodies_are_refused() {
        let long = "x".repeat(limits::HEADER + 1);
        assert_eq!(head(&[("x-any", &long)]).err(), Some(Unfit::closing(ErrorCode::TooLarge)));
        assert_eq!(head(&[("content-encoding", "gzip")]).err().unwrap().code, ErrorCode::BadRequest);
        assert!(head(&[("content-encoding", "identity")]).is_ok());
    }

    #[tokio::test]
    async fn bodies_share_one_budget() {
        let budget = Budget::new(100 * 1024);
        let read = |size: usize| read_body(Body::from(vec![0; size]), Duration::from_secs(1), &budget);
        let (bytes, held) = read(90 * 1024).await.ok().unwrap();
        assert_eq!(bytes.len(), 90 * 1024);
        assert_eq!(read(20 * 1024).await.err().map(|unfit| unfit.code), Some(ErrorCode::Busy));
        drop(held);
        assert!(read(20 * 1024).await.is_ok());
        assert_eq!(read(limits::BODY + 1).await.err().map(|unfit| unfit.code), Some(ErrorCode::TooLarge));
    }
}
