//! The engine's requests over HTTP, and the hint stream.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use dangjian_engine::NetFault;
use dangjian_protocol::http::{Encoding, Method, Proof, Request, Response};
use dangjian_protocol::limits;
use futures_util::StreamExt as _;

/// A connection pool to one server.
#[derive(Debug, Clone)]
pub(crate) struct Http {
    client: reqwest::Client,
    server: String,
    counted: Arc<Counted>,
}

#[derive(Debug, Default)]
struct Counted {
    sent: AtomicU64,
    received: AtomicU64,
}

/// What went over the network since the program started: bodies, without headers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Traffic {
    /// Bytes sent.
    pub sent_bytes: u64,
    /// Bytes received.
    pub received_bytes: u64,
}

/// What the hint stream says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hint {
    /// The stream stands.
    Open,
    /// A feed moved.
    Feed(u64, u64),
    /// The member's feeds changed.
    Grant,
}

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
const REQUEST_TIMEOUT: Duration = Duration::from_secs(60);
/// Shorter than servers keep an idle connection, so that no request is sent into one that is just being closed.
const POOL_IDLE: Duration = Duration::from_secs(8);
/// The server sends a comment every 20 s; a stream silent for longer is dead.
const HINT_SILENCE: Duration = Duration::from_secs(50);
const HINT_LINE: usize = 4 * 1024;

/// Whether that can be a server's address: `https://host[:port]`, or `http://` for a loopback address.
pub fn is_server_address(server: &str) -> bool {
    check(server).is_ok()
}

fn check(server: &str) -> Result<(), NetFault> {
    let url = reqwest::Url::parse(server).map_err(|_| NetFault::Nonsense)?;
    let loopback = match url.host_str() {
        Some("localhost") => true,
        Some(host) => {
            let host = host.trim_start_matches('[').trim_end_matches(']');
            host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
        }
        None => false,
    };
    if url.scheme() != "https" && !(url.scheme() == "http" && loopback) {
        return Err(NetFault::Untrusted);
    }
    // Paths are added to it as it is.
    let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
    let nobody = url.username().is_empty() && url.password().is_none();
    if bare && nobody && server.trim() == server { Ok(()) } else { Err(NetFault::Nonsense) }
}

impl Http {
    /// `server` is `https://host[:port]`, or `http://` for a loopback address. `roots` replaces the system's certificates,
    /// each PEM.
    pub(crate) fn new(server: &str, roots: &[Vec<u8>]) -> Result<Self, NetFault> {
        check(server)?;
        // Another crate in the process may have chosen a provider already; ours is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut builder = reqwest::Client::builder()
            .no_proxy()
            .http1_only()
            .tcp_nodelay(true)
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(CONNECT_TIMEOUT)
            .pool_max_idle_per_host(2)
            .pool_idle_timeout(POOL_IDLE)
            .tls_version_min(reqwest::tls::Version::TLS_1_2);
        if !roots.is_empty() {
            let roots: Result<Vec<_>, _> = roots.iter().map(|pem| reqwest::Certificate::from_pem(pem)).collect();
            builder = builder.tls_certs_only(roots.map_err(|_| NetFault::Untrusted)?);
        }
        let client = builder.build().map_err(|_| NetFault::Untrusted)?;
        let server = server.trim_end_matches('/').to_owned();
        Ok(Self { client, server, counted: Arc::default() })
    }

    /// What went over the network so far.
    pub(crate) fn traffic(&self) -> Traffic {
        Traffic {
            sent_bytes: self.counted.sent.load(Ordering::Relaxed),
            received_bytes: self.counted.received.load(Ordering::Relaxed),
        }
    }

    fn build(&self, request: Request) -> reqwest::RequestBuilder {
        let url = format!("{}{}", self.server, request.path);
        let mut builder = match request.method {
            Method::Get => self.client.get(url),
            Method::Post => self.client.post(url).header("content-type", request.content_type.media_type()),
        };
        if let Some(Proof { content_digest, signature_input, signature }) = request.proof {
            builder = builder
                .header("content-digest", content_digest)
                .header("signature-input", signature_input)
                .header("signature", signature);
        }
        self.counted.sent.fetch_add(request.body.len() as u64, Ordering::Relaxed);
        if request.body.is_empty() { builder } else { builder.body(request.body) }
    }

    /// Sends a request and reads its response, never more than a response may have.
    pub(crate) async fn send(&self, request: Request) -> Result<Response, NetFault> {
        let accept = request.accept.media_type();
        let response =
            self.build(request).header("accept", accept).timeout(REQUEST_TIMEOUT).send().await.map_err(fault)?;
        let status = response.status().as_u16();
        let content_type = response
            .headers()
            .get("content-type")
            .and_then(|value| value.to_str().ok())
            .map_or(Encoding::Cbor, Encoding::from_header);
        let mut body = Vec::new();
        let mut chunks = response.bytes_stream();
        while let Some(chunk) = chunks.next().await {
            let chunk = chunk.map_err(fault)?;
            if body.len() + chunk.len() > limits::REPLY {
                return Err(NetFault::Nonsense);
            }
            self.counted.received.fetch_add(chunk.len() as u64, Ordering::Relaxed);
            body.extend_from_slice(&chunk);
        }
        Ok(Response { status, content_type, body })
    }

    /// Reads the hint stream until it ends, giving each hint to `each`.
    pub(crate) async fn hints(&self, request: Request, mut each: impl FnMut(Hint)) -> Result<(), NetFault> {
        let response = self.build(request).header("accept", "text/event-stream").send().await.map_err(fault)?;
        if !response.status().is_success() {
            return Err(NetFault::Nonsense);
        }
        each(Hint::Open);
        let mut chunks = response.bytes_stream();
        let mut line = Vec::new();
        loop {
            let chunk = match tokio::time::timeout(HINT_SILENCE, chunks.next()).await {
                Ok(Some(Ok(chunk))) => chunk,
                Ok(Some(Err(error))) => return Err(fault(error)),
                Ok(None) => return Ok(()),
                Err(_) => return Err(NetFault::Timeout),
            };
            for byte in chunk {
                if byte != b'\n' {
                    line.push(byte);
                    if line.len() > HINT_LINE {
                        return Err(NetFault::Nonsense);
                    }
                    continue;
                }
                if let Some(hint) = read_hint(&line) {
                    each(hint);
                }
                line.clear();
            }
        }
    }
}

/// One line of the stream. Comments and what is not understood say nothing: a lost hint is harmless.
fn read_hint(line: &[u8]) -> Option<Hint> {
    let line = std::str::from_utf8(line).ok()?.trim_end();
    if line == "event: grant" {
        return Some(Hint::Grant);
    }
    let data = line.strip_prefix("data: {\"feed\":")?;
    let (feed, rest) = data.split_once(",\"seq\":")?;
    Some(Hint::Feed(feed.parse().ok()?, rest.strip_suffix('}')?.parse().ok()?))
}

fn fault(error: reqwest::Error) -> NetFault {
    use std::error::Error as _;
    if error.is_timeout() {
        return NetFault::Timeout;
    }
    let mut source = error.source();
    while let Some(cause) = source {
        if let Some(tls) = cause.downcast_ref::<rustls::Error>() {
            log::warn!("tls: {tls}");
            return NetFault::Untrusted;
        }
        // An io::Error's own error is not its source but inside it.
        if let Some(inner) = cause.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref)
            && let Some(tls) = inner.downcast_ref::<rustls::Error>()
        {
            log::warn!("tls: {tls}");
            return NetFault::Untrusted;
        }
        source = cause.source();
    }
    if error.is_connect() || error.is_request() { NetFault::Unreachable } else { NetFault::Nonsense }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hints_are_read_and_the_rest_of_a_stream_is_passed_over() {
        assert_eq!(read_hint(b"data: {\"feed\":12,\"seq\":345}\r"), Some(Hint::Feed(12, 345)));
        assert_eq!(read_hint(b"event: grant"), Some(Hint::Grant));
        for line in [&b": keep-alive"[..], b"", b"data: {}", b"data: {\"feed\":-1,\"seq\":1}", b"\xff"] {
            assert_eq!(read_hint(line), None);
        }
    }

    #[test]
    fn plain_http_is_for_loopback_only() {
        assert!(Http::new("http://127.0.0.1:8470", &[]).is_ok());
        assert!(Http::new("http://[::1]:8470", &[]).is_ok());
        assert_eq!(Http::new("http://192.0.2.1", &[]).err(), Some(NetFault::Untrusted));
        assert_eq!(Http::new("ftp://127.0.0.1", &[]).err(), Some(NetFault::Untrusted));
    }

    #[test]
    fn a_servers_address_is_scheme_host_and_port() {
        for good in
            ["https://dj.example.cn", "https://dj.example.cn:8443", "https://[2001:db8::1]/", "http://localhost:1"]
        {
            assert!(is_server_address(good), "{good}");
        }
        for bad in [
            "",
            "dj.example.cn",
            "https://",
            "https://dj.example.cn/v1",
            "https://dj.example.cn?x",
            "https://dj.example.cn#x",
            "https://me:secret@dj.example.cn",
            " https://dj.example.cn",
            "https://dj.example.cn:99999",
            "http://dj.example.cn",
        ] {
            assert!(!is_server_address(bad), "{bad}");
        }
    }
}
