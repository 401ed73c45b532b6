//! The body of `GET /v1/hints`: server-sent events from a mailbox. No timer stands between a commit and the bytes; the only
//! timers are the sign of life and the end of the session.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::fmt::Write as _;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderValue, Response, header};
use dangjian_protocol::page::FeedNo;
use hyper::body::{Bytes, Frame};
use tokio::time::{Instant, Sleep};

use crate::clock;
use crate::hub::Subscription;

/// A reply that stays open and says what changed.
pub(crate) fn stream(subscription: Subscription, keep_alive: Duration) -> Response<Body> {
    let left = subscription.expires_at.ms_since(clock::now());
    let left = Duration::from_millis(u64::try_from(left).unwrap_or(0));
    let events = Events {
        subscription,
        keep_alive,
        silent: Box::pin(tokio::time::sleep(keep_alive)),
        expired: Box::pin(tokio::time::sleep(left)),
        opened: false,
    };
    let mut response = Response::new(Body::new(events));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // A stream that ends takes its connection along: nothing else was ever asked on it.
    headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
    // Proxies that gather replies would gather hints.
    headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
    response
}

struct Events {
    subscription: Subscription,
    keep_alive: Duration,
    silent: Pin<Box<Sleep>>,
    expired: Pin<Box<Sleep>>,
    opened: bool,
}

impl hyper::body::Body for Events {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if !self.opened {
            self.opened = true;
            return Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(b": open\n\n")))));
        }
        let event = match self.subscription.poll(cx) {
            Poll::Ready(None) => return Poll::Ready(None),
            Poll::Ready(Some(waiting)) => Bytes::from(text(waiting.grant, &waiting.hints)),
            Poll::Pending => {
                if self.expired.as_mut().poll(cx).is_ready() {
                    return Poll::Ready(None);
                }
                if self.silent.as_mut().poll(cx).is_pending() {
                    return Poll::Pending;
                }
                Bytes::from_static(b": alive\n\n")
            }
        };
        let next = Instant::now() + self.keep_alive;
        self.silent.as_mut().reset(next);
        Poll::Ready(Some(Ok(Frame::data(event))))
    }
}

fn text(grant: bool, hints: &BTreeMap<FeedNo, u64>) -> String {
    let mut text = String::new();
    if grant {
        text.push_str("event: grant\ndata: {}\n\n");
    }
    for (feed, seq) in hints {
        // Writing to a String can't fail.
        let _ = write!(text, "data: {{\"feed\":{feed},\"seq\":{seq}}}\n\n");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hub::{Hub, Opener};
    use dangjian_domain::id::RowId;
    use hyper::body::Body as _;
    use std::sync::Arc;

    #[tokio::test]
    async fn a_stream_gives_signs_of_life_and_ends_with_its_session() {
        let hub = Arc::new(Hub::new());
        let (device, member) = (RowId([1; 16]).into(), RowId([2; 16]).into());
        let expires_at = clock::now().plus_ms(400);
        let opened = hub.subscribe(Opener { device, member, expires_at }, vec![1], hub.mark()).unwrap();
        let mut body = stream(opened, Duration::from_millis(100)).into_body();
        let mut text = Vec::new();
        while let Some(frame) = std::future::poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await {
            text.extend_from_slice(frame.unwrap().data_ref().unwrap());
        }
        let text = String::from_utf8(text).unwrap();
        assert!(text.starts_with(": open\n\n: alive\n\n"), "{text}");
        assert!(clock::now() >= expires_at);
        drop(body);
        assert!(!hub.listens(member));
    }

    #[test]
    fn events_are_written_as_the_protocol_says() {
        assert_eq!(
            text(true, &BTreeMap::from([(3, 9), (4, 1)])),
            "event: grant\ndata: {}\n\ndata: {\"feed\":3,\"seq\":9}\n\ndata: {\"feed\":4,\"seq\":1}\n\n"
        );
    }
}
